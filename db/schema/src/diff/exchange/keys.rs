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
    /// That of the table comes last, those of partitions before the one of the table above them.
    pub(crate) links: Vec<Link>,
    /// The comments.
    pub(crate) properties: Vec<String>,
}

/// A foreign key of a table, or of a partition because its table has it.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    /// As SQL names it.
    pub(crate) table: String,
    /// Whether it is partitioned: PostgreSQL before 18 has no NOT VALID for that.
    pub(crate) is_partitioned: bool,
    pub(crate) constraint: Both<Part>,
    /// The definitions while the other side has the names.
    pub(crate) beside: Both<String>,
}

impl Link {
    /// The name of the new foreign key while the old one is there.
    fn new_name(&self) -> String {
        suffixed(&self.constraint.new.name, Side::New.suffix())
    }

    fn unchecked(&self, name: &str, definition: &str) -> String {
        format!("ALTER TABLE {} ADD CONSTRAINT {name} {definition} NOT VALID;", self.table)
    }

    /// Checks the rows. That of a partitioned table takes over those of its partitions, and reads no row.
    fn checked(&self, name: &str, definition: &str) -> String {
        match self.is_partitioned {
            true => format!("ALTER TABLE {} ADD CONSTRAINT {name} {definition};", self.table),
            false => format!("ALTER TABLE {} VALIDATE CONSTRAINT {name};", self.table),
        }
    }

    fn dropped(&self, name: &str) -> String {
        format!("ALTER TABLE {} DROP CONSTRAINT {name};", self.table)
    }
}

impl Reference {
    /// The tables that have it.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &String> {
        self.links.iter().map(|link| &link.table)
    }

    /// The names of the new foreign keys while the old ones are there, each with its origin.
    pub(crate) fn temporary_names(&self) -> impl Iterator<Item = (String, &String)> {
        self.links.iter().map(|link| (link.new_name(), &link.constraint.new.name))
    }

    fn top(&self) -> impl Iterator<Item = &Link> {
        self.links.last().into_iter()
    }

    fn leaves(&self) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(|link| !link.is_partitioned)
    }

    /// Adds the new foreign key beside the old one.
    pub(crate) fn added(&self) -> Vec<String> {
        let added = self.links.iter().flat_map(|link| {
            let (name, definition) = (link.new_name(), &link.beside.new);
            let unchecked = (!link.is_partitioned).then(|| link.unchecked(&name, definition));
            unchecked.into_iter().chain([link.checked(&name, definition)])
        });
        added.collect()
    }

    /// Drops the new foreign key while the old one is there.
    pub(crate) fn removed(&self) -> impl Iterator<Item = String> {
        self.top().map(|link| link.dropped(&link.new_name()))
    }

    /// Only the new foreign key stays.
    pub(crate) fn replaced(&self) -> Vec<String> {
        let dropped = self.top().map(|link| link.dropped(&link.constraint.old.name));
        let renamed = self.links.iter().map(|link| {
            let (from, to) = (link.new_name(), &link.constraint.new.name);
            format!("ALTER TABLE {} RENAME CONSTRAINT {from} TO {to};", link.table)
        });
        dropped.chain(renamed).chain(self.properties.iter().cloned()).collect()
    }

    /// Drops the only foreign key, so that the key that it refers to can be moved.
    pub(crate) fn released(&self) -> impl Iterator<Item = String> {
        self.top().map(|link| link.dropped(&link.constraint.new.name))
    }

    /// Adds both foreign keys, when the old columns are beside the new ones.
    pub(crate) fn restored(&self) -> impl Iterator<Item = String> {
        self.leaves().flat_map(|link| {
            let Both { old, new } = &link.constraint;
            [link.unchecked(&link.new_name(), &new.definition), link.unchecked(&old.name, &link.beside.old)]
        })
    }

    /// Checks the rows for both foreign keys.
    pub(crate) fn rechecked(&self) -> impl Iterator<Item = String> {
        self.links.iter().flat_map(|link| {
            let Both { old, new } = &link.constraint;
            [link.checked(&link.new_name(), &new.definition), link.checked(&old.name, &link.beside.old)]
        })
    }
}
