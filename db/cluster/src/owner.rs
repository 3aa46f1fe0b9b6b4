//! The user that the server runs as. PostgreSQL refuses to run as root, so root runs it as an unprivileged user.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::environment::Needs;
use crate::error::ClusterError;
use crate::trusted::Trust;

/// The user that the server runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The current user.
    own: u32,
    /// The ids of another user and group, if this is root.
    other: Option<(u32, u32)>,
}

impl Owner {
    /// For root, `postgres` or else `nobody`; otherwise, the current user.
    pub(crate) fn choose() -> Result<Self, ClusterError> {
        let own = Trust::of_current_user()?.own;
        if own != 0 {
            return Ok(Self { own, other: None });
        }
        let passwd = fs::read_to_string("/etc/passwd").map_err(ClusterError::io("/etc/passwd"))?;
        let find = |user: &str| {
            passwd.lines().find_map(|line| {
                let fields: Vec<&str> = line.split(':').collect();
                let ids = fields.get(2)?.parse().ok().zip(fields.get(3)?.parse().ok());
                ids.filter(|_| fields[0] == user)
            })
        };
        find("postgres")
            .or_else(|| find("nobody"))
            .map(|ids| Self { own, other: Some(ids) })
            .ok_or(ClusterError::NoUser)
    }

    /// A command that runs as the owner.
    pub(crate) fn command(self, program: impl AsRef<Path>) -> Command {
        let mut command = Needs::Server.command(program);
        if let Some((user, group)) = self.other {
            command.uid(user).gid(group);
        }
        // The server must not depend on the current directory, and its log must be in English.
        command.current_dir("/").env("LC_ALL", "C");
        command
    }

    /// The users whose files are trusted.
    pub(crate) fn trust(self) -> Trust {
        Trust { own: self.own, server: self.other.map_or(self.own, |(user, _)| user) }
    }

    /// Creates a directory that only the owner can access, in one that is trusted.
    pub(crate) fn create_directory(self, path: &Path) -> Result<(), ClusterError> {
        match DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(ClusterError::io(path)(error)),
            _ => {}
        }
        // A link would redirect the changes below to its target.
        self.trust().check_entry(path)?;
        if let Some((user, group)) = self.other {
            lchown(path, Some(user), Some(group)).map_err(ClusterError::io(path))?;
        }
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(ClusterError::io(path))
    }

    /// Whether the owner can access a directory: another user must be able to traverse every directory above it.
    pub(crate) fn can_access(self, path: &Path) -> bool {
        let open = |path: &Path| fs::metadata(path).map_or(true, |found| found.permissions().mode() & 0o001 != 0);
        self.other.is_none() || path.ancestors().all(open)
    }
}
