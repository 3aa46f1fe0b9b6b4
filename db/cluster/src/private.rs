//! Directories that other users can neither read nor interfere with. `tempfile` would be compiled for every release.

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
    /// Creates a directory below `parent`, which must exist. Its name starts with `prefix` and cannot be predicted, so that
    /// other users who can write to `parent` cannot create it first.
    ///
    /// # Errors
    /// The directory cannot be created.
    pub fn create(parent: &Path, prefix: &str) -> Result<Self, ClusterError> {
        loop {
            // The standard library seeds its hashers with random numbers from the system.
            let random = RandomState::new().hash_one(std::process::id());
            let path = parent.join(format!("{prefix}{random:016x}"));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Self { path }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(ClusterError::io(path)(error)),
            }
        }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Creates a file in it that only its owner can read.
    ///
    /// # Errors
    /// The file exists or cannot be created.
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
    fn is_private_and_deleted_when_dropped() {
        let parent = std::env::temp_dir();
        let [one, other] = [(); 2].map(|()| PrivateDirectory::create(&parent, "private-").expect("a directory"));
        assert_ne!(one.path(), other.path());
        let file = one.create_file("key").expect("a file");
        let mode = |metadata: std::fs::Metadata| metadata.permissions().mode() & 0o777;
        assert_eq!(mode(file.metadata().expect("it exists")), 0o600);
        assert_eq!(mode(one.path().metadata().expect("it exists")), 0o700);
        assert!(one.create_file("key").is_err(), "the file exists");
        let path = one.path().to_owned();
        drop(one);
        assert!(!path.exists() && other.path().exists());
    }
}
