//! The user that the server runs as. PostgreSQL refuses to run as root, so root runs it as an unprivileged user.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::environment::Needs;
use crate::error::ClusterError;

/// The user that the server runs as; `None` is the current user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner(Option<(u32, u32)>);

impl Owner {
    /// For root, `postgres` or else `nobody`; otherwise, the current user.
    pub(crate) fn choose() -> Result<Self, ClusterError> {
        // The owner of /proc/self is the current user, which needs no unsafe code.
        let is_root = fs::metadata("/proc/self").map_or_else(|_| is_root_by_id(), |own| own.uid() == 0);
        if !is_root {
            return Ok(Self(None));
        }
        let passwd = fs::read_to_string("/etc/passwd").map_err(ClusterError::io("/etc/passwd"))?;
        let find = |user: &str| {
            passwd.lines().find_map(|line| {
                let fields: Vec<&str> = line.split(':').collect();
                let ids = fields.get(2)?.parse().ok().zip(fields.get(3)?.parse().ok());
                ids.filter(|_| fields[0] == user)
            })
        };
        find("postgres").or_else(|| find("nobody")).map(|ids| Self(Some(ids))).ok_or(ClusterError::NoUser)
    }

    /// A command that runs as the owner.
    pub(crate) fn command(self, program: impl AsRef<Path>) -> Command {
        let mut command = Needs::Server.command(program);
        if let Self(Some((user, group))) = self {
            command.uid(user).gid(group);
        }
        // The server must not depend on the current directory, and its log must be in English.
        command.current_dir("/").env("LC_ALL", "C");
        command
    }

    /// Creates a directory that only the owner can access.
    pub(crate) fn create_directory(self, path: &Path) -> Result<(), ClusterError> {
        fs::create_dir_all(path).map_err(ClusterError::io(path))?;
        if let Self(Some((user, group))) = self {
            chown(path, Some(user), Some(group)).map_err(ClusterError::io(path))?;
        }
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(ClusterError::io(path))
    }

    /// Whether the owner can access a directory: another user must be able to traverse every directory above it.
    pub(crate) fn can_access(self, path: &Path) -> bool {
        let open = |path: &Path| fs::metadata(path).map_or(true, |found| found.permissions().mode() & 0o001 != 0);
        self.0.is_none() || path.ancestors().all(open)
    }
}

fn is_root_by_id() -> bool {
    Needs::Server.command("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
