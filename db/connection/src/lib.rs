#![doc = include_str!("../README.md")]

mod check;
mod client;
mod connect;
mod conninfo;
mod driver;
mod error;
mod hint;
mod keyword;
mod notice;
mod number;
mod password_file;
mod quote;
#[cfg(feature = "tls")]
mod rds;
mod secret;
mod service_file;
mod settings;
mod socket_directory;
mod ssl_mode;
#[cfg(feature = "tls")]
mod tls;
#[cfg(not(feature = "tls"))]
#[path = "no_tls.rs"]
mod tls;
#[cfg(feature = "tls")]
mod trust;

pub use client::{Canceller, Connection, Encoding, OWN_PATH, Opener, Row, first, repeat_if_canceled};
pub use connect::{LONGEST_WAIT, Patience, connect, connect_and_query};
pub use error::{ConnectError, QUERY_CANCELED, QueryError, ServerError, SettingsError};
pub use hint::Hint;
pub use notice::{ConnectEvent, Listener, Notice};
pub use quote::{quote_identifier, quote_literal};
pub use secret::{PasswordSource, Secret};
pub use settings::Settings;
