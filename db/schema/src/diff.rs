//! The difference of two schemas, as the SQL that takes a database from one to the other.
//!
//! `elements.rs` makes elements of the model and the objects, `pairs.rs` finds the versions of each,
//! `fate.rs` decides what happens to it, and `operations.rs` writes the statements in an order in which they can run.

mod addition;
mod backfill;
mod change;
mod column;
mod constraint;
mod containers;
mod elements;
mod equal_indexes;
mod exchange;
mod exchangeable;
mod fate;
mod foreign;
mod likely;
mod mentions;
mod name;
mod online;
mod operations;
mod outline;
mod pairs;
mod parents;
mod properties;
mod publication;
mod removal;
mod routine;
mod script;
mod security;
mod sequence;
mod sort;
mod subscription;
mod table;
mod types;
mod unsupported;
mod versions;
mod view;

use connection::Connection;

use crate::catalog::Catalog;
use crate::order::Acyclic;
use crate::read_error::ReadError;
use crate::schema::Schema;
use elements::Elements;
use fate::Fates;
pub use likely::LikelyRename;
use operations::Operations;
pub use outline::{Column, Outline, Reference, Table};
pub use script::{Batch, Form, Hazard, Refusal, Script, Statement};

/// A schema as a diff needs it: the objects, what can be changed about them, and what they depend on.
#[derive(Debug)]
pub struct Snapshot {
    schema: Schema,
    elements: Elements,
}

impl Snapshot {
    /// Reads the schema, without the tables in `except`, whose names are quoted and qualified.
    ///
    /// Ends the transaction of the connection, if one is open, and resets its role and its settings.
    ///
    /// # Errors
    /// A query fails, or objects need each other in a way that no script can create.
    pub fn read(connection: &mut Connection, except: &[&str]) -> Result<Self, ReadError> {
        let (catalog, model) = Catalog::read_with_model(connection, except)?;
        let acyclic = Acyclic::new(catalog).map_err(ReadError::Circle)?;
        let schema = Schema::of(acyclic.clone(), connection)?;
        Ok(Self { schema, elements: Elements::new(acyclic.catalog, model) })
    }

    /// The schema as SQL, and for comparing.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The tables with their columns, keys and references.
    pub fn outline(&self) -> Outline {
        Outline::of(&self.elements)
    }
}

/// What takes a database from `old` to `new`. The downgrade is the same with the sides swapped.
///
/// An object with another name is another object. To keep one, rename it in the old database, read that again, and write
/// the statement before the script.
///
/// # Errors
/// What cannot be changed; nothing is written then.
pub fn diff(old: &Snapshot, new: &Snapshot, form: Form) -> Result<Script, Vec<Refusal>> {
    match script(old, new, form, false) {
        // A table may have to go before another one is created, and a view that reads one and then the other before both.
        Err(refusals) if matches!(refusals.as_slice(), [Refusal::Circle(_)]) => {
            script(old, new, form, true).map_err(|_| refusals)
        }
        result => result,
    }
}

fn script(old: &Snapshot, new: &Snapshot, form: Form, replaces_views: bool) -> Result<Script, Vec<Refusal>> {
    let mut fates = Fates::new(&old.elements, &new.elements, form, replaces_views);
    let mut refusals = std::mem::take(&mut fates.refusals);
    refusals.extend(unsupported::partition_keys(&fates));
    refusals.extend(unsupported::masked(&fates));
    refusals.extend(unsupported::local_parts(&fates));
    refusals.extend(unsupported::moved_columns(&fates));
    refusals.extend(unsupported::parent_orders(&fates));
    refusals.extend(unsupported::column_orders(&fates));
    refusals.extend(unsupported::partition_indexes(&fates));
    refusals.extend(unsupported::invalid_indexes(&fates));
    refusals.extend(unsupported::attached_identities(&fates));
    refusals.extend(unsupported::nullable_children(&fates));
    refusals.extend(unsupported::merged_columns(&fates));
    refusals.extend(unsupported::merged_defaults(&fates));
    refusals.extend(unsupported::shared_columns(&fates));
    refusals.extend(unsupported::references_to_newer_keys(&fates));
    refusals.extend(unsupported::attached_with_equal_indexes(&fates));
    refusals.extend(unsupported::attached_with_equal_references(&fates));
    refusals.extend(unsupported::incomplete_references(&fates));
    refusals.extend(unsupported::attributes(&fates));
    refusals.extend(unsupported::slots(&fates));
    refusals.extend(unsupported::recursive_functions(&fates));
    refusals.extend(unsupported::contained_domains(&fates));
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let steps = Operations::steps(&fates, form).map_err(|refusal| vec![refusal])?;
    if let Some(refusal) = unsupported::row_type(&fates, &steps) {
        return Err(vec![refusal]);
    }
    let batches = online::batches(steps);
    Ok(Script { batches })
}

/// What looks renamed from one schema to another. Nothing is renamed because of it: it is a question for whoever knows.
pub fn likely_renames(old: &Snapshot, new: &Snapshot) -> Vec<LikelyRename> {
    likely::renames(&old.elements, &new.elements)
}
