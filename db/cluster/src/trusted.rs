//! Whether a path can be trusted: another user who could create or replace a part of it could have their programs run,
//! or other files changed, with the privileges of the current user. Every component is checked, as OpenSSH does for
//! `authorized_keys`.

use std::fs::{self, DirBuilder, Metadata};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::environment::Needs;
use crate::error::{ClusterError, Distrust};

/// The maximum number of links to follow, as in the kernel.
const LINKS: u32 = 40;

const STICKY: u32 = 0o1000;

/// The users whose files are trusted, besides root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trust {
    /// The current user.
    pub(crate) own: u32,
    /// The user that the server runs as.
    pub(crate) server: u32,
}

/// What to do about a directory that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missing {
    Create,
    /// Nothing below it exists.
    Accept,
}

impl Trust {
    /// Trusts only what belongs to root or the current user.
    ///
    /// # Errors
    /// The current user cannot be determined.
    pub fn of_current_user() -> Result<Self, ClusterError> {
        // The owner of /proc/self is the current user, which needs no unsafe code.
        let own =
            fs::metadata("/proc/self").map_or_else(|_| own_id(), |own| Some(own.uid())).ok_or(ClusterError::NoUser)?;
        Ok(Self { own, server: own })
    }

    /// Checks the existing part of a path: each component must belong to root or to us, and no one else may be able to
    /// write to it. Other users can write to a sticky directory such as `/tmp`, but can't replace our files in it.
    ///
    /// # Errors
    /// A component is not trusted, or cannot be read.
    pub fn check(self, path: &Path) -> Result<(), ClusterError> {
        self.walk(path, Missing::Accept, LINKS)
    }

    /// Creates the missing directories of a path, and checks it.
    ///
    /// # Errors
    /// As [`Self::check`], or a directory cannot be created.
    pub fn create(self, path: &Path) -> Result<(), ClusterError> {
        self.walk(path, Missing::Create, LINKS)
    }

    /// Checks what is at a path in a checked directory: a directory or file of ours or of the server's user, or nothing.
    pub(crate) fn check_entry(self, path: &Path) -> Result<(), ClusterError> {
        let Some(found) = look(path)? else { return Ok(()) };
        let distrust = |why| Err(ClusterError::NotTrusted { path: path.to_owned(), why });
        if found.is_symlink() {
            return distrust(Distrust::Link);
        }
        if ![0, self.own, self.server].contains(&found.uid()) {
            return distrust(Distrust::Owner(found.uid()));
        }
        // The umask may let others write to a file; the directory protects it from being replaced.
        if found.is_dir() && is_writable_by_others(&found) {
            return distrust(Distrust::Writable);
        }
        Ok(())
    }

    fn walk(self, path: &Path, missing: Missing, links: u32) -> Result<(), ClusterError> {
        let mut part = PathBuf::new();
        let count = path.components().count();
        // A user who can write to a directory above this program can replace the program anyway. This applies to a
        // checkout that belongs to another user, such as a folder mounted into a container.
        let program = std::env::current_exe().unwrap_or_default();
        for (index, component) in path.components().enumerate() {
            part.push(component);
            let is_last = index + 1 == count;
            let found = match look(&part)? {
                Some(found) => found,
                None if missing == Missing::Accept => return Ok(()),
                None => {
                    match DirBuilder::new().mode(0o755).create(&part) {
                        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                            return Err(ClusterError::io(&part)(error));
                        }
                        _ => {}
                    }
                    fs::symlink_metadata(&part).map_err(ClusterError::io(&part))?
                }
            };
            if !program.starts_with(&part) || is_last {
                self.check_component(&part, &found, is_last)?;
            }
            if found.is_symlink() {
                let target = fs::read_link(&part).map_err(ClusterError::io(&part))?;
                if links == 0 {
                    return Err(ClusterError::NotTrusted { path: part, why: Distrust::Link });
                }
                let target = part.parent().unwrap_or(Path::new("/")).join(target);
                self.walk(&target, missing, links - 1)?;
            }
        }
        Ok(())
    }

    fn check_component(self, path: &Path, found: &Metadata, is_last: bool) -> Result<(), ClusterError> {
        let distrust = |why| Err(ClusterError::NotTrusted { path: path.to_owned(), why });
        if found.uid() != 0 && found.uid() != self.own {
            return distrust(if found.is_symlink() { Distrust::Link } else { Distrust::Owner(found.uid()) });
        }
        // The mode of a link has no meaning.
        let is_protected = !is_last && found.mode() & STICKY != 0;
        match !found.is_symlink() && is_writable_by_others(found) && !is_protected {
            true => distrust(Distrust::Writable),
            false => Ok(()),
        }
    }
}

/// The current user, where there is no `/proc`.
fn own_id() -> Option<u32> {
    let output = Needs::Server.command("id").arg("-u").output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// What is at a path, without following a link.
fn look(path: &Path) -> Result<Option<Metadata>, ClusterError> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ClusterError::io(path)(error)),
    }
}

/// A group with the number of the owner has no other members (user private groups, the default of most distributions).
fn is_writable_by_others(found: &Metadata) -> bool {
    let mode = found.permissions().mode();
    mode & 0o002 != 0 || (mode & 0o020 != 0 && found.gid() != found.uid())
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::path::Path;

    use super::Trust;
    use crate::error::{ClusterError, Distrust};
    use crate::private::PrivateDirectory;

    fn why(result: Result<(), ClusterError>) -> Option<(String, Distrust)> {
        match result {
            Ok(()) => None,
            Err(ClusterError::NotTrusted { path, why }) => {
                Some((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), why))
            }
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn every_component_is_checked() {
        let private = PrivateDirectory::create(&std::env::temp_dir(), "trusted-").expect("a directory");
        let own = private.path().metadata().expect("it exists").uid();
        let trust = Trust { own, server: own };
        let at = |name: &str| private.path().join(name);
        let set =
            |name: &str, mode| fs::set_permissions(at(name), Permissions::from_mode(mode)).expect("can set the mode");
        assert_eq!(why(trust.check(&at("a/b/c"))), None, "nothing is there yet");
        assert_eq!(why(trust.create(&at("a/b/c"))), None);
        assert_eq!(at("a/b/c").metadata().expect("it exists").permissions().mode() & 0o777, 0o755);

        for (mode, name, expected) in [
            (0o777, "a", Some(Distrust::Writable)),
            (0o1777, "a", None),
            (0o777, "a/b", Some(Distrust::Writable)),
            (0o777, "a/b/c", Some(Distrust::Writable)),
            // Others could create something in it.
            (0o1777, "a/b/c", Some(Distrust::Writable)),
            (0o755, "a/b/c", None),
        ] {
            set(name, mode);
            let expected = expected.map(|why| (name.rsplit('/').next().unwrap_or_default().to_owned(), why));
            assert_eq!(why(trust.check(&at("a/b/c"))), expected, "{mode:o} {name}");
            assert_eq!(why(trust.create(&at("a/b/c"))), expected, "{mode:o} {name}");
            set(name, 0o755);
        }

        // Our own link is followed, and what it leads to is checked.
        symlink("a/b", at("link")).expect("can create the link");
        assert_eq!(why(trust.check(&at("link/c"))), None);
        set("a", 0o777);
        assert_eq!(why(trust.check(&at("link/c"))), Some(("a".to_owned(), Distrust::Writable)));
        set("a", 0o755);
        symlink("loop", at("loop")).expect("can create the link");
        assert!(trust.check(&at("loop/c")).is_err());
        // An entry must not be a link, not even ours.
        assert_eq!(why(trust.check_entry(&at("link"))), Some(("link".to_owned(), Distrust::Link)));
        assert_eq!(why(trust.check_entry(&at("missing"))), None);
        assert_eq!(why(trust.check_entry(&at("a"))), None);

        // For another user, all of this belongs to someone else.
        if own != 0 {
            let other = Trust { own: own + 1, server: own + 1 };
            assert!(matches!(why(other.check(&at("a"))), Some((_, Distrust::Owner(_)))));
            assert_eq!(why(other.check_entry(&at("a"))), Some(("a".to_owned(), Distrust::Owner(own))));
        }
        assert_eq!(why(trust.check(Path::new("/"))), None);
    }
}
