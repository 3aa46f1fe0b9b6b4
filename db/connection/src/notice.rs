//! Events while a connection is opened or used: neither results nor errors.

use std::sync::Arc;
use std::time::Duration;

/// A message that the server sends in addition to results.
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
        /// Why the last attempt failed.
        reason: String,
        /// The time left.
        remaining: Duration,
    },
    /// The server sent a notice, at any time while the connection is open.
    Notice(Notice),
}

/// Receives events, on the thread that connects or runs a query.
pub type Listener = Arc<dyn Fn(ConnectEvent) + Send + Sync>;
