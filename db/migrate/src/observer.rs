//! Watching a run statement by statement, on the session that runs it.

use std::error::Error;

use connection::Connection;
use revision::{Script, Statement};

/// What an observer fails with.
pub type ObserverError = Box<dyn Error + Send + Sync>;

/// Watches the statements of a run. While there is one, each statement is sent on its own, in the same transactions as without.
pub trait Observer {
    /// A revision begins; its transaction, if it has one, is open. Called again if a transaction is tried again.
    ///
    /// # Errors
    /// The observer gives up; the run stops.
    fn begin(&mut self, connection: &mut Connection, script: &Script) -> Result<(), ObserverError>;

    /// A statement is about to be sent.
    ///
    /// # Errors
    /// As [`Self::begin`].
    fn before(&mut self, connection: &mut Connection, statement: &Statement, text: &str) -> Result<(), ObserverError>;

    /// The statement has run. Its transaction, if it has one, is still open.
    ///
    /// # Errors
    /// As [`Self::begin`].
    fn after(&mut self, connection: &mut Connection, statement: &Statement, text: &str) -> Result<(), ObserverError>;
}

/// The observer, lent for one call: `Option::as_deref_mut` would lend it for as long as the observer lives.
pub(crate) fn lend<'a>(observer: &'a mut Option<&mut dyn Observer>) -> Option<&'a mut dyn Observer> {
    match observer {
        Some(observer) => Some(&mut **observer),
        None => None,
    }
}
