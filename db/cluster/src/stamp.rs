//! Installing once: a file beside what was installed holds what was asked for. It is written last and removed first, so that an
//! installation that was interrupted is done again, whatever it left behind.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::ClusterError;

/// What was installed, kept in a file.
#[derive(Debug, Clone)]
pub struct Stamp {
    path: PathBuf,
    wanted: String,
}

impl Stamp {
    /// The stamp of an installation that is known by a text, such as its lockfile.
    pub fn new(path: impl Into<PathBuf>, wanted: impl Into<String>) -> Self {
        Self { path: path.into(), wanted: wanted.into() }
    }

    /// Whether just this is installed.
    pub fn is_current(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|installed| installed == self.wanted)
    }

    /// Runs `install` unless just this is installed. The directory of the stamp exists before.
    ///
    /// # Errors
    /// `install` fails, or the stamp can't be removed or written.
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
        Ok(fs::write(&self.path, &self.wanted).map_err(ClusterError::io(&self.path))?)
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
        let stamp = |wanted: &str| Stamp::new(directory.path().join("below/installed"), wanted);
        let count = Cell::new(0);
        let install = |wanted: &str, result: Result<(), ClusterError>| {
            let work = || {
                count.set(count.get() + 1);
                result
            };
            stamp(wanted).install_once(work).is_ok()
        };
        assert!(install("one", Ok(())));
        assert!(install("one", Ok(())), "it is there");
        assert_eq!(count.get(), 1);
        assert!(!install("two", Err(ClusterError::NoUser)));
        assert!(!stamp("one").is_current(), "the failed installation may have changed anything");
        assert!(install("one", Ok(())));
        assert_eq!((count.get(), stamp("one").is_current()), (3, true));
    }
}
