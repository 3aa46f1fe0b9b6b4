//! Observing a run statement by statement, on the session that runs it.

use std::error::Error;

use connection::Connection;
use revision::{Script, Statement};

/// The error of an observer.
pub type ObserverError = Box<dyn Error + Send + Sync>;

/// Called before and after each statement of a run. The statements are then sent one by one, but in the same
/// transactions.
pub trait Observer {
    /// A revision starts. Its transaction, if it has one, is open. Called again for each retry of the transaction.
    ///
    /// # Errors
    /// Any error stops the run.
    fn begin(&mut self, connection: &mut Connection, script: &Script) -> Result<(), ObserverError>;

    /// A statement is about to be sent.
    ///
    /// # Errors
    /// Any error stops the run.
    fn before(&mut self, connection: &mut Connection, statement: &Statement, text: &str) -> Result<(), ObserverError>;

    /// The statement has succeeded. In a revision with a transaction, the transaction is still open.
    ///
    /// # Errors
    /// Any error stops the run.
    fn after(&mut self, connection: &mut Connection, statement: &Statement, text: &str) -> Result<(), ObserverError>;
}

/// Reborrows the observer for one call. `Option::as_deref_mut` would borrow it for its entire lifetime.
pub(crate) fn lend<'a>(observer: &'a mut Option<&mut dyn Observer>) -> Option<&'a mut dyn Observer> {
    match observer {
        Some(observer) => Some(&mut **observer),
        None => None,
    }
}
