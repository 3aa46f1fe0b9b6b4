//! Installing something once. A file next to the installation holds its specification. It is deleted first and written last, so
//! that an interrupted installation is repeated.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::ClusterError;

/// A file with the specification of an installation.
#[derive(Debug, Clone)]
pub struct Stamp {
    path: PathBuf,
    specification: String,
}

impl Stamp {
    /// The stamp of an installation with a specification, such as a lockfile.
    pub fn new(path: impl Into<PathBuf>, specification: impl Into<String>) -> Self {
        Self { path: path.into(), specification: specification.into() }
    }

    /// Whether exactly this is installed.
    pub fn is_current(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|installed| installed == self.specification)
    }

    /// Runs `install` unless exactly this is installed. Creates the directory of the stamp first.
    ///
    /// # Errors
    /// `install` fails, or the stamp cannot be deleted or written.
    pub fn install_once<E: From<ClusterError>>(&self, install: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        if self.is_current() {
            return Ok(());
        }
        let directory = self.path.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(directory).map_err(ClusterError::io(directory))?;
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(ClusterError::io(&self.path)(error).into()),
            _ => {}
        }
        install()?;
        Ok(fs::write(&self.path, &self.specification).map_err(ClusterError::io(&self.path))?)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::Stamp;
    use crate::error::ClusterError;
    use crate::private::PrivateDirectory;

    #[test]
    fn installs_once_and_again_after_an_interruption() {
        let directory = PrivateDirectory::create(&std::env::temp_dir(), "stamp-").expect("a directory");
        let stamp = |specification: &str| Stamp::new(directory.path().join("below/installed"), specification);
        let count = Cell::new(0);
        let install = |specification: &str, result: Result<(), ClusterError>| {
            let work = || {
                count.set(count.get() + 1);
                result
            };
            stamp(specification).install_once(work).is_ok()
        };
        assert!(install("one", Ok(())));
        assert!(install("one", Ok(())), "it is installed");
        assert_eq!(count.get(), 1);
        assert!(!install("two", Err(ClusterError::NoUser)));
        assert!(!stamp("one").is_current(), "the failed installation may have changed anything");
        assert!(install("one", Ok(())));
        assert_eq!((count.get(), stamp("one").is_current()), (3, true));
    }
}
