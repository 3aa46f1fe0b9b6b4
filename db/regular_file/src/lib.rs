//! Opens, reads and writes files that a user has named, or that are in a user's folder. Knows nothing about their
//! contents.
//!
//! Opening a FIFO waits until another process opens its other end, and reading a device may never end. So anything that
//! is not a regular file is an error with its kind.
//!
//! The exception is a file that the caller's shell has opened for this process (`/dev/stdin`, or `/dev/fd/N` from
//! `<(command)`): such a pipe has another end.

use std::fmt::{self, Display, Formatter};
use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Why a path can't be used as a file. The source of an [`io::Error`] of this crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotRegular {
    /// A directory.
    Directory,
    /// A named pipe.
    Fifo,
    /// A Unix socket.
    Socket,
    /// A block or character device.
    Device,
    /// A symbolic link to a path that does not exist.
    DanglingLink(PathBuf),
    /// Any other kind of file.
    Other,
}

impl NotRegular {
    fn of(kind: FileType) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt;
            if kind.is_fifo() {
                return Self::Fifo;
            } else if kind.is_socket() {
                return Self::Socket;
            } else if kind.is_block_device() || kind.is_char_device() {
                return Self::Device;
            }
        }
        if kind.is_dir() { Self::Directory } else { Self::Other }
    }
}

impl Display for NotRegular {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Directory => "is a directory, not a file",
            Self::Fifo => "is a FIFO (named pipe), not a regular file",
            Self::Socket => "is a socket, not a regular file",
            Self::Device => "is a device, not a regular file",
            Self::Other => "is not a regular file",
            Self::DanglingLink(target) => {
                return write!(f, "is a symbolic link to `{}`, which does not exist", target.display());
            }
        })
    }
}

impl std::error::Error for NotRegular {}

/// Opens a file to read it.
///
/// # Errors
/// It is not a regular file, or can't be opened.
pub fn open(path: &Path) -> io::Result<File> {
    check(path)?;
    File::open(path)
}

/// Reads a file of bytes.
///
/// # Errors
/// It is not a regular file, or can't be read.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a file of UTF-8 text.
///
/// # Errors
/// It is not a regular file, can't be read, or is not UTF-8.
pub fn read_to_string(path: &Path) -> io::Result<String> {
    io::read_to_string(open(path)?)
}

/// Creates or overwrites a file.
///
/// # Errors
/// The existing file is not a regular one, or the file can't be written.
pub fn write(path: &Path, contents: impl AsRef<[u8]>) -> io::Result<()> {
    match check(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        checked => checked?,
    }
    fs::write(path, contents)
}

/// Checks that a path leads to a regular file.
///
/// # Errors
/// It does not exist, or is something else.
pub fn check(path: &Path) -> io::Result<()> {
    let kind = fs::metadata(path).map_err(|error| missing(path, error))?.file_type();
    if kind.is_file() || is_own_descriptor(path) {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, NotRegular::of(kind)))
}

/// The error for a path that can't be found, which may be a link to nowhere.
pub fn missing(path: &Path, error: io::Error) -> io::Error {
    match fs::read_link(path) {
        Ok(target) if error.kind() == io::ErrorKind::NotFound => {
            io::Error::new(io::ErrorKind::InvalidInput, NotRegular::DanglingLink(target))
        }
        _ => error,
    }
}

/// Whether the path names a descriptor that this process was started with.
fn is_own_descriptor(path: &Path) -> bool {
    let directory = path.parent().unwrap_or(path);
    ["/dev/stdin", "/dev/stdout"].iter().any(|name| path == Path::new(name))
        || ["/dev/fd", "/proc/self/fd"].iter().any(|name| directory == Path::new(name))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::*;

    #[test]
    fn only_regular_files_are_opened() {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let folder = std::env::temp_dir().join(format!("regular-{}-{elapsed}", std::process::id()));
        fs::create_dir(&folder).expect("can create the folder");
        let at = |name: &str| folder.join(name);
        let made = Command::new("mkfifo").arg(at("fifo")).status().expect("mkfifo runs");
        assert!(made.success());
        let _socket = UnixListener::bind(at("socket")).expect("can create the socket");
        fs::create_dir(at("directory")).expect("can create the directory");
        symlink("nowhere", at("dangling")).expect("can create the link");
        symlink("fifo", at("link")).expect("can create the link");
        symlink("/dev/null", at("null")).expect("can create the link");
        fs::write(at("file"), "text").expect("can write the file");
        symlink("file", at("good")).expect("can create the link");
        for (name, expected) in [
            ("fifo", "is a FIFO (named pipe), not a regular file"),
            ("link", "is a FIFO (named pipe), not a regular file"),
            ("socket", "is a socket, not a regular file"),
            ("directory", "is a directory, not a file"),
            ("null", "is a device, not a regular file"),
            ("dangling", "is a symbolic link to `nowhere`, which does not exist"),
        ] {
            for error in [
                open(&at(name)).map(drop),
                read(&at(name)).map(drop),
                read_to_string(&at(name)).map(drop),
                write(&at(name), ""),
            ] {
                assert_eq!(error.expect_err(name).to_string(), expected, "{name}");
            }
        }
        assert_eq!(open(&at("missing")).expect_err("missing").kind(), io::ErrorKind::NotFound);
        for name in ["file", "good"] {
            assert_eq!(read_to_string(&at(name)).expect("a regular file"), "text");
        }
        write(&at("new"), "new").expect("a new file");
        write(&at("good"), "changed").expect("a regular file");
        assert_eq!(read(&at("file")).expect("a regular file"), b"changed");
        fs::remove_dir_all(&folder).expect("can remove the folder");
    }

    #[test]
    fn what_the_shell_has_opened_is_read() {
        let (reader, mut writer) = io::pipe().expect("can create a pipe");
        std::io::Write::write_all(&mut writer, b"piped").expect("can write");
        drop(writer);
        let path = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&reader));
        assert_eq!(read_to_string(Path::new(&path)).expect("an open pipe"), "piped");
    }
}
