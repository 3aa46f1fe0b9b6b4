//! Observing a run statement by statement, on the session that runs it.

use std::error::Error;

use connection::Connection;
use revision::Place;

/// The error of an observer.
pub type ObserverError = Box<dyn Error + Send + Sync>;

/// Whether the statements that follow share a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All run in one transaction, which is open.
    Transaction,
    /// Each runs by itself: a revision with `Transaction: off`.
    Statement,
}

/// Called before and after each statement of the revisions and of the files of `objects`. The statements are then sent one
/// by one, but in the same transactions.
pub trait Observer {
    /// A revision starts, or the transaction of the files of `objects`. Called again for each retry of the transaction.
    ///
    /// # Errors
    /// Any error stops the run.
    fn begin(&mut self, connection: &mut Connection, scope: Scope) -> Result<(), ObserverError>;

    /// A statement is about to be sent. `place` is where it begins in its file.
    ///
    /// # Errors
    /// Any error stops the run.
    fn before(&mut self, connection: &mut Connection, place: Place, text: &str) -> Result<(), ObserverError>;

    /// The statement has succeeded. If there is a transaction, it is still open.
    ///
    /// # Errors
    /// Any error stops the run.
    fn after(&mut self, connection: &mut Connection, place: Place, text: &str) -> Result<(), ObserverError>;
}

/// Reborrows the observer for one call. `Option::as_deref_mut` would borrow it for its entire lifetime.
pub(crate) fn lend<'a>(observer: &'a mut Option<&mut dyn Observer>) -> Option<&'a mut dyn Observer> {
    match observer {
        Some(observer) => Some(&mut **observer),
        None => None,
    }
}
