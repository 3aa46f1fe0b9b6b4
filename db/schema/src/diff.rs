//! The difference of two schemas, as the SQL that takes a database from one to the other.

mod script;

use connection::Connection;

use crate::read_error::ReadError;
pub use script::{Batch, Form, Hazard, Refusal, Script, Statement};

/// A schema as a diff needs it: the objects with what they depend on.
#[derive(Debug)]
pub struct Snapshot {}

impl Snapshot {
    /// Reads the schema.
    ///
    /// # Errors
    /// A query fails.
    pub fn read(_connection: &mut Connection, _except: &[&str]) -> Result<Self, ReadError> {
        Ok(Self {})
    }
}

/// What takes a database from `old` to `new`.
///
/// # Errors
/// What cannot be changed.
pub fn diff(_old: &Snapshot, _new: &Snapshot, _form: Form) -> Result<Script, Vec<Refusal>> {
    Ok(Script::default())
}
