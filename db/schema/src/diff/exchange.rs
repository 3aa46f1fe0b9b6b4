//! The types of columns in tables that are in use: new columns, which triggers keep in step with the old ones and which are
//! filled in batches, take the names of the old ones (expand and contract).
//!
//! There are three parts, each a revision: `expand` adds the new columns, `swap` exchanges the names, and `contract` drops
//! the old columns. Between them, applications may write either column. The first and the last are each other's reverse, and
//! run outside a transaction.

mod column;
mod keys;
mod names;
mod partitioned;
mod sides;
mod table;
mod types;
mod waiting;

use crate::diff::script::{Hazard, Statement};
pub(crate) use column::{ColumnExchange, Identity, PartitionColumn, Version};
pub(crate) use keys::{Key, Link, Reference};
pub(crate) use names::{renamed, suffixed};
pub(crate) use partitioned::{Node, PartitionedIndex};
pub(crate) use sides::{Both, Part, Side};
pub(crate) use table::{Check, TableExchange};
pub(crate) use types::TypeExchange;
pub(crate) use waiting::with_lock_timeout;

/// Columns that are exchanged at the same time: those of tables between which there are foreign keys on such columns, and
/// those that have the same enum, if another one takes its name.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) types: Vec<TypeExchange>,
    pub(crate) tables: Vec<TableExchange>,
    pub(crate) references: Vec<Reference>,
}

impl Exchange {
    /// The names that the exchange uses for a time, of types, columns, indexes and constraints, each with its origin.
    pub(crate) fn temporary_names(&self) -> impl Iterator<Item = (String, &str)> {
        let tables = self.tables.iter().flat_map(TableExchange::temporary_names);
        let references = self.references.iter().flat_map(Reference::temporary_names);
        let rest = tables.chain(references).map(|(name, origin)| (name, origin.as_str()));
        self.types.iter().flat_map(TypeExchange::temporary_names).chain(rest)
    }

    /// The functions that the exchange uses for a time.
    pub(crate) fn temporary_functions(&self) -> impl Iterator<Item = String> {
        self.tables.iter().map(TableExchange::function_name)
    }

    /// The new columns, in step with the old ones.
    pub(crate) fn expand(&self) -> Vec<Statement> {
        let mut statements: Vec<Statement> =
            self.types.iter().map(|one| Statement::replacing(one.added(Side::New))).collect();
        for table in &self.tables {
            let mut added: Vec<Statement> = table.added(Side::New).into_iter().map(Statement::replacing).collect();
            // From the trigger on, a value that can't be converted is refused.
            if let Some(trigger) = added.iter_mut().find(|statement| statement.sql.starts_with("CREATE TRIGGER ")) {
                trigger.hazards.extend(table.hazards());
            }
            let reads_rows = |sql: &str| {
                sql.starts_with("CREATE UNIQUE INDEX CONCURRENTLY ") && table.is_checked()
                    || sql.contains(" VALIDATE CONSTRAINT ") && table.refuses_rows()
            };
            for statement in added.iter_mut().filter(|statement| reads_rows(&statement.sql)) {
                statement.hazards.push(Hazard::DependsOnRows(table.name.clone()));
            }
            statements.append(&mut added);
        }
        let references = self.references.iter().flat_map(Reference::added).collect();
        let mut references: Vec<Statement> =
            with_lock_timeout(references).into_iter().map(Statement::replacing).collect();
        if self.tables.iter().any(TableExchange::is_checked) {
            for statement in references.iter_mut().filter(|one| one.sql.contains(" VALIDATE CONSTRAINT ")) {
                let tables = self.references.iter().flat_map(Reference::tables);
                let mut table = tables.filter(|table| statement.sql.starts_with(&format!("ALTER TABLE {table} ")));
                statement.hazards.extend(table.next().map(|table| Hazard::DependsOnRows(table.clone())));
            }
        }
        statements.append(&mut references);
        let mut undo = with_lock_timeout(self.references.iter().flat_map(Reference::removed).collect());
        undo.extend(self.tables.iter().flat_map(|table| table.removed(Side::New)));
        undo.extend(self.types.iter().map(|one| one.removed(Side::New)));
        with_undo(statements, undo)
    }

    /// The new columns take the names of the old ones, in one transaction without what uses the names.
    pub(crate) fn swap(&self) -> Vec<Statement> {
        let named = |side: Side| {
            let types = self.types.iter().flat_map(move |one| one.named(side));
            types.chain(self.tables.iter().flat_map(move |table| table.named(side)))
        };
        with_undo(named(Side::New).map(Statement::replacing).collect(), named(Side::Old).collect())
    }

    /// The old columns go.
    pub(crate) fn contract(&self) -> Vec<Statement> {
        let mut statements = with_lock_timeout(self.references.iter().flat_map(Reference::replaced).collect());
        statements.extend(self.tables.iter().flat_map(|table| table.removed(Side::Old)));
        statements.extend(self.types.iter().map(|one| one.removed(Side::Old)));
        let mut undo: Vec<String> = self.types.iter().map(|one| one.added(Side::Old)).collect();
        undo.extend(self.tables.iter().flat_map(|table| table.added(Side::Old)));
        undo.extend(self.restored_keys());
        undo.extend(with_lock_timeout(self.tables.iter().flat_map(TableExchange::restored_keys).collect()));
        with_undo(statements.into_iter().map(Statement::replacing).collect(), undo)
    }

    /// Gives the keys back to the old columns. A key that a foreign key refers to can't be moved.
    fn restored_keys(&self) -> Vec<String> {
        let moved = self.tables.iter().flat_map(|table| table.keys.iter().map(|key| key.moved(&table.name, Side::Old)));
        if self.references.is_empty() {
            return with_lock_timeout(moved.collect());
        }
        let released = self.references.iter().flat_map(Reference::released);
        let restored = self.references.iter().flat_map(Reference::restored);
        let together: String = released.chain(moved).chain(restored).map(|sql| format!("  {sql}\n")).collect();
        let mut statements = vec![format!("DO $keys$\nBEGIN\n{together}END\n$keys$;")];
        statements.extend(self.references.iter().flat_map(Reference::rechecked));
        with_lock_timeout(statements)
    }
}

/// Statements with what undoes them.
fn with_undo(mut statements: Vec<Statement>, undo: Vec<String>) -> Vec<Statement> {
    if let Some(first) = statements.first_mut() {
        first.undo = undo;
    }
    statements
}
