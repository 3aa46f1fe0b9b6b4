//! What happens while a connection is opened or used that is neither a result nor an error.

use std::sync::Arc;
use std::time::Duration;

/// A message that the server sends beside its results.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notice {
    /// `NOTICE`, `WARNING`, `INFO`, `LOG` or `DEBUG`.
    pub severity: String,
    /// The message.
    pub message: String,
    /// The detail, if there is one.
    pub detail: Option<String>,
    /// The hint, if there is one.
    pub hint: Option<String>,
}

/// What a [`Listener`] receives.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectEvent {
    /// The server does not accept connections yet; [`connect`](crate::connect) keeps trying.
    Waiting {
        /// What came back instead of a session.
        reason: String,
        /// The time left.
        remaining: Duration,
    },
    /// The server sent a notice, during the connection's whole life.
    Notice(Notice),
}

/// Receives events: from the thread that connects, and from the driver while it waits for the server.
pub type Listener = Arc<dyn Fn(ConnectEvent) + Send + Sync>;
