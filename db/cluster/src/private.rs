//! Directories for what nobody else may read or get in the way of. `tempfile` does it too, and would be compiled on every release.

use std::fs::{self, DirBuilder, File};
use std::hash::{BuildHasher, RandomState};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::error::ClusterError;

/// A new directory, removed with everything in it when this is dropped.
#[derive(Debug)]
pub struct PrivateDirectory {
    path: PathBuf,
}

impl PrivateDirectory {
    /// Makes one below `parent`, which exists. Its name begins with `prefix` and can't be guessed: whoever may write to `parent`
    /// can't have put anything in its place.
    ///
    /// # Errors
    /// `parent` does not take it.
    pub fn create(parent: &Path, prefix: &str) -> Result<Self, ClusterError> {
        loop {
            // The standard library seeds its hashers with random numbers of the system.
            let random = RandomState::new().hash_one(std::process::id());
            let path = parent.join(format!("{prefix}{random:016x}"));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Self { path }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(ClusterError::io(path)(error)),
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A new file in it, which only its owner can read.
    ///
    /// # Errors
    /// There is one of that name, or it can't be made.
    pub fn create_file(&self, name: &str) -> Result<File, ClusterError> {
        let path = self.path.join(name);
        File::options().write(true).create_new(true).mode(0o600).open(&path).map_err(ClusterError::io(path))
    }
}

impl Drop for PrivateDirectory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::PrivateDirectory;

    #[test]
    fn nobody_else_can_look_inside_and_nothing_is_left() {
        let parent = std::env::temp_dir();
        let [one, other] = [(); 2].map(|()| PrivateDirectory::create(&parent, "private-").expect("a directory"));
        assert_ne!(one.path(), other.path());
        let file = one.create_file("key").expect("a file");
        let mode = |metadata: std::fs::Metadata| metadata.permissions().mode() & 0o777;
        assert_eq!(mode(file.metadata().expect("it is there")), 0o600);
        assert_eq!(mode(one.path().metadata().expect("it is there")), 0o700);
        assert!(one.create_file("key").is_err(), "never one that is there");
        let path = one.path().to_owned();
        drop(one);
        assert!(!path.exists() && other.path().exists());
    }
}
