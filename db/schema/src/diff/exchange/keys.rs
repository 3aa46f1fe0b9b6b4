//! Primary keys, unique constraints and foreign keys of exchanged columns. They stay with the old columns until those
//! are dropped; meanwhile an index and a foreign key beside them do the same for the new columns.

use super::names::suffixed;
use super::sides::{Both, Part, Side};

/// A primary key or a unique constraint.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    /// PRIMARY KEY or UNIQUE.
    pub(crate) kind: &'static str,
    /// Its index, whose name is that of the constraint.
    pub(crate) index: Both<Part>,
    /// What else the constraint and its index have.
    pub(crate) properties: Vec<String>,
}

impl Key {
    /// The name of the index that is beside the constraint.
    pub(crate) fn beside(&self, side: Side) -> String {
        suffixed(&self.index.of(side).name, side.suffix())
    }

    /// Gives the constraint the index of a side, which has been built beside it.
    pub(crate) fn moved(&self, table: &str, side: Side) -> String {
        let (from, to) = (&self.index.of(side.other()).name, &self.index.of(side).name);
        let (kind, index) = (self.kind, self.beside(side));
        format!("ALTER TABLE {table} DROP CONSTRAINT {from}, ADD CONSTRAINT {to} {kind} USING INDEX {index};")
    }
}

/// A foreign key that is on exchanged columns or refers to some.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    /// As SQL names it.
    pub(crate) table: String,
    pub(crate) constraint: Both<Part>,
    /// The definitions while the other side has the names.
    pub(crate) beside: Both<String>,
    /// The comment.
    pub(crate) properties: Vec<String>,
}

impl Reference {
    /// The name of the new foreign key while the old one is there.
    pub(crate) fn new_name(&self) -> String {
        suffixed(&self.constraint.new.name, Side::New.suffix())
    }

    /// Adds the new foreign key beside the old one.
    pub(crate) fn added(&self) -> [String; 2] {
        let name = self.new_name();
        [self.unchecked(&name, &self.beside.new), self.validated(&name)]
    }

    /// Drops the new foreign key while the old one is there.
    pub(crate) fn removed(&self) -> String {
        self.dropped(&self.new_name())
    }

    /// Only the new foreign key stays.
    pub(crate) fn replaced(&self) -> Vec<String> {
        let (table, from, to) = (&self.table, self.new_name(), &self.constraint.new.name);
        let rename = format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {to};");
        let mut statements = vec![self.dropped(&self.constraint.old.name), rename];
        statements.extend(self.properties.iter().cloned());
        statements
    }

    /// Drops the only foreign key, so that the key that it refers to can be moved.
    pub(crate) fn released(&self) -> String {
        self.dropped(&self.constraint.new.name)
    }

    /// Adds both foreign keys, when the old columns are beside the new ones.
    pub(crate) fn restored(&self) -> [String; 2] {
        let (old, new) = (&self.constraint.old.name, self.new_name());
        [self.unchecked(&new, &self.constraint.new.definition), self.unchecked(old, &self.beside.old)]
    }

    /// Checks the rows for both foreign keys.
    pub(crate) fn rechecked(&self) -> [String; 2] {
        [self.validated(&self.new_name()), self.validated(&self.constraint.old.name)]
    }

    fn unchecked(&self, name: &str, definition: &str) -> String {
        format!("ALTER TABLE {} ADD CONSTRAINT {name} {definition} NOT VALID;", self.table)
    }

    fn validated(&self, name: &str) -> String {
        format!("ALTER TABLE {} VALIDATE CONSTRAINT {name};", self.table)
    }

    fn dropped(&self, name: &str) -> String {
        format!("ALTER TABLE {} DROP CONSTRAINT {name};", self.table)
    }
}
