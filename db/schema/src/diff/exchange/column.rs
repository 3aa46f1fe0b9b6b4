//! An exchanged column, and how it is kept in step with the other one.

use super::names::suffixed;
use super::sides::{Both, Side};
use crate::diff::column::{VALUE, is_not_null, is_null};
use crate::diff::elements::quoted;
use crate::diff::name::cut;
use crate::diff::script::Hazard;
use crate::model::values::unquoted;

/// A column and the one that takes its place.
#[derive(Debug, Clone)]
pub(crate) struct ColumnExchange {
    /// The name that both have, quoted.
    pub(crate) name: String,
    pub(crate) versions: Both<Version>,
    /// The default of the new column.
    pub(crate) default: Option<String>,
    /// Whether the old column has a default.
    pub(crate) has_old_default: bool,
    pub(crate) identity: Option<Identity>,
    /// The other sequences that belong to the column.
    pub(crate) sequences: Vec<String>,
    /// The columns of partitions that are not like those above them.
    pub(crate) partitions: Vec<PartitionColumn>,
    pub(crate) hazards: Vec<Hazard>,
}

/// The column of a partition and that of the table above it, where they differ.
#[derive(Debug, Clone)]
pub(crate) struct PartitionColumn {
    /// The partition, as SQL names it.
    pub(crate) table: String,
    pub(crate) not_null: Both<bool>,
    pub(crate) not_null_above: Both<bool>,
    /// What follows ALTER COLUMN and the name, if the new column has another default than that above it.
    pub(crate) default: Option<String>,
}

/// The old or the new column.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    /// With the collation.
    pub(crate) type_name: String,
    pub(crate) not_null: bool,
    /// Whether its values have fields.
    pub(crate) is_composite: bool,
    /// The constraint for it, which there is since PostgreSQL 18.
    pub(crate) not_null_name: Option<String>,
    /// Makes a value of this column from one of the other; see [`crate::diff::column::Conversion`].
    pub(crate) conversion: Option<String>,
}

/// What makes a column an identity column.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) sequence: String,
    /// What follows ADD in ALTER COLUMN.
    pub(crate) clauses: Both<String>,
}

impl ColumnExchange {
    /// The name of the column of a side while the other column has the name.
    pub(super) fn beside(&self, side: Side) -> String {
        suffixed(&self.name, side.suffix())
    }

    /// Whether the old and the new column do not accept NULL.
    fn not_null(&self) -> Both<bool> {
        Both { old: self.versions.old.not_null, new: self.versions.new.not_null }
    }

    /// Whether the column of a side does not accept NULL while the other column has the name.
    fn is_required_beside(&self, side: Side) -> bool {
        is_required_beside(&self.not_null(), side)
    }

    /// The tables that need a statement for it: a partition inherits it from the table above it.
    pub(super) fn required_beside<'e>(&'e self, table: &'e String, side: Side) -> impl Iterator<Item = &'e String> {
        self.tables(table, move |not_null| is_required_beside(not_null, side))
    }

    /// The tables in which the old column accepts NULL from the swap on.
    fn released<'e>(&'e self, table: &'e String) -> impl Iterator<Item = &'e String> {
        self.tables(table, |not_null| not_null.old && !not_null.new)
    }

    /// The table and its partitions where a condition holds, but not for the table above.
    fn tables<'e>(
        &'e self,
        table: &'e String,
        holds: impl Fn(&Both<bool>) -> bool,
    ) -> impl Iterator<Item = &'e String> {
        let own = holds(&self.not_null()).then_some(table);
        let parts = self.partitions.iter().filter(move |part| holds(&part.not_null) && !holds(&part.not_null_above));
        own.into_iter().chain(parts.map(|part| &part.table))
    }

    /// Whether the new column refuses NULL where the old one does not.
    pub(super) fn refuses_null(&self) -> bool {
        let is_new = |not_null: &Both<bool>| not_null.new && !not_null.old;
        is_new(&self.not_null()) || self.partitions.iter().any(|part| is_new(&part.not_null))
    }

    /// The default of the new column, if rows without a value get it: those of the old column accept NULL.
    pub(super) fn filling(&self) -> Option<&String> {
        let is_new = self.versions.new.not_null && !self.versions.old.not_null && self.identity.is_none();
        self.default.as_ref().filter(|_| is_new)
    }

    /// Gives the old column a default, if it has none, so that what writes neither column can still insert rows.
    pub(super) fn early_default(&self, table: &str, default: &str) -> Option<String> {
        let conversion = self.versions.old.conversion.as_ref();
        let value = conversion.map_or_else(|| default.to_owned(), |back| back.replace(VALUE, &format!("({default})")));
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {} SET DEFAULT {value};", self.name);
        (!self.has_old_default).then_some(sql)
    }

    /// The tests of the columns of a side, while the others have the names.
    pub(super) fn is_null_beside(&self, side: Side) -> String {
        is_null(&self.beside(side), self.versions.of(side).is_composite)
    }

    pub(super) fn is_not_null_beside(&self, side: Side) -> String {
        is_not_null(&self.beside(side), self.versions.of(side).is_composite)
    }

    /// Whether a row has no value in the column of a side, and one in the other column.
    pub(super) fn is_empty(&self, side: Side) -> String {
        let named = is_not_null(&self.name, self.versions.of(side.other()).is_composite);
        format!("{} AND {named}", self.is_null_beside(side))
    }

    pub(super) fn not_null_check(&self, side: Side) -> String {
        quoted(&cut(&format!("{}_is_not_null", unquoted(&self.beside(side)))))
    }

    /// The name of the constraint for NOT NULL of a side, if the column has it while the other column has the name.
    pub(super) fn not_null_name(&self, side: Side) -> Option<&String> {
        self.versions.of(side).not_null_name.as_ref().filter(|_| self.is_required_beside(side))
    }

    /// What makes the column of a side not accept NULL, if a valid check says the same. That of a partition has no name of its
    /// own.
    pub(super) fn set_not_null(&self, side: Side) -> String {
        let column = self.beside(side);
        match self.not_null_name(side) {
            Some(name) => format!("ADD CONSTRAINT {} NOT NULL {column}", suffixed(name, side.suffix())),
            None => format!("ALTER COLUMN {column} SET NOT NULL"),
        }
    }

    /// A statement that writes only the other column changes the named one; every other statement, the reverse. `retype`
    /// gives an expression the types of the side.
    pub(super) fn step(&self, side: Side, retype: impl Fn(&str) -> String) -> String {
        let (column, other) = (&self.name, &self.beside(side));
        let (to_named, to_other) = self.values(side, retype);
        format!(
            "  IF TG_OP = 'INSERT' AND NEW.{other}::text IS NOT NULL\n    \
               OR TG_OP = 'UPDATE' AND NEW.{other}::text IS DISTINCT FROM OLD.{other}::text\n      \
                 AND NEW.{column}::text IS NOT DISTINCT FROM OLD.{column}::text THEN\n    \
               NEW.{column} := {to_named};\n  \
             ELSE\n    \
               NEW.{other} := {to_other};\n  \
             END IF;\n"
        )
    }

    /// The same in a partitioned table: a row that comes from another partition is inserted with both values, which are in
    /// step and stay as they are. The variable `given` has the row as it was written.
    pub(super) fn moved(&self, side: Side, retype: impl Fn(&str) -> String) -> String {
        let (column, other) = (&self.name, &self.beside(side));
        let (to_named, to_other) = self.values(side, retype);
        format!(
            "  IF TG_OP = 'UPDATE' AND NEW.{other}::text IS DISTINCT FROM OLD.{other}::text\n      \
                 AND NEW.{column}::text IS NOT DISTINCT FROM OLD.{column}::text THEN\n    \
               NEW.{column} := {to_named};\n  \
             ELSE\n    \
               NEW.{other} := {to_other};\n    \
               IF TG_OP = 'INSERT' AND given.{other}::text IS NOT NULL\n        \
                   AND given.{other}::text IS DISTINCT FROM NEW.{other}::text THEN\n      \
                 NEW.{other} := given.{other};\n      \
                 NEW.{column} := {to_named};\n    \
               END IF;\n  \
             END IF;\n"
        )
    }

    /// The values of the named column and of the other one, each made of the other.
    fn values(&self, side: Side, retype: impl Fn(&str) -> String) -> (String, String) {
        let value = |conversion: &Option<String>, from: &str| {
            let from = format!("NEW.{from}");
            conversion.as_ref().map_or_else(|| from.clone(), |expression| expression.replace(VALUE, &from))
        };
        let to_named = value(&self.versions.of(side.other()).conversion, &self.beside(side));
        (to_named, value(&self.versions.of(side).conversion.as_deref().map(retype), &self.name))
    }

    /// What the columns have when one side takes the name.
    pub(super) fn properties(&self, table: &String, side: Side) -> Vec<String> {
        let (column, other) = (&self.name, self.beside(side.other()));
        let mut statements = Vec::new();
        match &self.identity {
            Some(identity) => statements.push(identity.moved(table, &other, column, side)),
            None if side == Side::New => {
                statements.push(format!("ALTER TABLE {table} ALTER COLUMN {other} DROP DEFAULT;"));
                let default = self.default.iter();
                statements.extend(
                    default.map(|default| format!("ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {default};")),
                );
            }
            None => {}
        }
        if side == Side::New {
            let of_partitions = self.partitions.iter().filter_map(|part| Some((&part.table, part.default.as_ref()?)));
            statements.extend(
                of_partitions.map(|(table, default)| format!("ALTER TABLE {table} ALTER COLUMN {column} {default};")),
            );
            let released = self.released(table);
            statements.extend(released.map(|table| format!("ALTER TABLE {table} ALTER COLUMN {other} DROP NOT NULL;")));
        }
        statements
    }
}

fn is_required_beside(not_null: &Both<bool>, side: Side) -> bool {
    not_null.new && (side == Side::New || not_null.old)
}

impl Identity {
    /// Gives the identity of one column to another. The sequence is another one, which continues where the first was.
    pub(super) fn moved(&self, table: &str, from: &str, to: &str, side: Side) -> String {
        let (sequence, clauses) = (&self.sequence, self.clauses.of(side));
        let literal = connection::quote_literal(sequence);
        format!(
            "DO $identity$\n\
             DECLARE\n  \
               reached record;\n\
             BEGIN\n  \
               SELECT last_value, is_called INTO reached FROM {sequence};\n  \
               ALTER TABLE {table} ALTER COLUMN {from} DROP IDENTITY;\n  \
               ALTER TABLE {table} ALTER COLUMN {to} ADD{clauses};\n  \
               PERFORM pg_catalog.setval({literal}, reached.last_value, reached.is_called);\n\
             END\n\
             $identity$;"
        )
    }
}
