//! The exchanged columns of one table, with their indexes, checks and keys.

use std::collections::BTreeMap;

use super::column::ColumnExchange;
use super::keys::Key;
use super::names::{renamed, suffixed};
use super::partitioned::PartitionedIndex;
use super::sides::{Both, Part, Side};
use super::types::TypeExchange;
use super::waiting::{LOCK_TIMEOUT, NO_LOCK_TIMEOUT, concurrently, with_lock_timeout};
use crate::diff::backfill::{Filled, Remains};
use crate::diff::elements::quoted;
use crate::diff::name::{cut, qualifier};
use crate::diff::script::Hazard;
use crate::model::Relation;
use crate::model::values::unquoted;

/// A check of the table, or of a partition alone.
#[derive(Debug, Clone)]
pub(crate) struct Check {
    /// As SQL names it.
    pub(crate) table: String,
    pub(crate) parts: Both<Part>,
}

/// The exchanged columns of a table.
#[derive(Debug, Clone)]
pub(crate) struct TableExchange {
    /// As SQL names it.
    pub(crate) name: String,
    /// Without the schema and without quotes.
    pub(crate) bare_name: String,
    /// The schema, quoted, with a dot; empty for `public`.
    pub(crate) schema: String,
    is_partitioned: bool,
    /// The partitions, whose columns change with it, and whether each has rows itself.
    partitions: BTreeMap<String, bool>,
    pub(crate) columns: Vec<ColumnExchange>,
    pub(crate) indexes: Vec<Both<Part>>,
    pub(crate) checks: Vec<Check>,
    pub(crate) keys: Vec<Key>,
    /// Indexes and keys of the partitioned table and its partitions.
    pub(crate) partitioned: Vec<PartitionedIndex>,
    /// The types that are exchanged with the columns.
    pub(crate) types: Vec<TypeExchange>,
    /// What else the new columns have, once they have their names.
    pub(crate) properties: Vec<String>,
}

impl TableExchange {
    pub(crate) fn new(relation: &Relation) -> Self {
        Self {
            name: relation.name.clone(),
            bare_name: relation.bare_name.clone(),
            schema: qualifier(&relation.name).to_owned(),
            is_partitioned: relation.kind == "p",
            partitions: BTreeMap::new(),
            columns: Vec::new(),
            indexes: Vec::new(),
            checks: Vec::new(),
            keys: Vec::new(),
            partitioned: Vec::new(),
            types: Vec::new(),
            properties: Vec::new(),
        }
    }

    pub(crate) fn add_partition(&mut self, relation: &Relation) {
        self.partitions.insert(relation.name.clone(), relation.kind == "r");
    }

    /// The table and its partitions.
    pub(crate) fn all_tables(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.name).chain(self.partitions.keys())
    }

    /// The tables that have rows.
    fn filled_tables(&self) -> impl Iterator<Item = &String> {
        let own = Some(&self.name).filter(|_| !self.is_partitioned);
        let parts = self.partitions.iter().filter(|(_, has_rows)| **has_rows);
        own.into_iter().chain(parts.map(|(name, _)| name))
    }

    /// The names that the exchange uses for a time, of columns, indexes and constraints, each with its origin.
    pub(crate) fn temporary_names(&self) -> Vec<(String, &String)> {
        let checks = self.checks.iter().map(|check| &check.parts);
        let parts = self.keys.iter().map(|key| &key.index).chain(&self.indexes).chain(checks);
        let parts = parts.flat_map(|part| [&part.old.name, &part.new.name]);
        let columns = self.columns.iter().map(|column| &column.name);
        let versions = self.columns.iter().flat_map(|column| [&column.versions.old, &column.versions.new]);
        let not_null = versions.filter_map(|version| version.not_null_name.as_ref());
        let sides = [Side::Old, Side::New];
        let checks =
            self.columns.iter().flat_map(|column| sides.map(|side| (column.not_null_check(side), &column.name)));
        let names = parts.chain(columns).chain(not_null);
        let names = names.flat_map(|name| sides.map(|side| (suffixed(name, side.suffix()), name)));
        let partitioned = self.partitioned.iter().flat_map(PartitionedIndex::temporary_names);
        names.chain(checks).chain(partitioned).collect()
    }

    /// What may go wrong when values are converted.
    pub(crate) fn hazards(&self) -> impl Iterator<Item = Hazard> {
        self.columns.iter().flat_map(|column| column.hazards.iter().cloned())
    }

    /// Whether values may not fit the new type, or two of them become one.
    pub(crate) fn is_checked(&self) -> bool {
        self.hazards().next().is_some()
    }

    /// Whether a check or NOT NULL of the new columns may refuse rows that the table has.
    pub(crate) fn refuses_rows(&self) -> bool {
        let is_other = |Check { parts, .. }: &Check| parts.old.definition != parts.new.definition;
        self.is_checked() || self.columns.iter().any(ColumnExchange::refuses_null) || self.checks.iter().any(is_other)
    }

    /// Adds the columns of a side beside those that have the names, and fills them.
    pub(crate) fn added(&self, side: Side) -> Vec<String> {
        let table = &self.name;
        let add = |column: &ColumnExchange| {
            let type_name = &column.versions.of(side).type_name;
            let beside = self.types.iter().find_map(|one| one.column_type(type_name, side));
            format!("ADD COLUMN {} {}", column.beside(side), beside.as_ref().unwrap_or(type_name))
        };
        let columns: Vec<String> = self.columns.iter().map(add).collect();
        let mut statements = vec![
            LOCK_TIMEOUT.to_owned(),
            format!("ALTER TABLE {table} {};", columns.join(", ")),
            self.function("CREATE FUNCTION", side),
            format!(
                "CREATE TRIGGER {} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {}();",
                self.trigger_name(),
                self.function_name()
            ),
            NO_LOCK_TIMEOUT.to_owned(),
        ];
        statements.extend(self.filled_tables().map(|table| self.backfill(table, side)));
        if side == Side::New {
            let filling = |column: &ColumnExchange| Some(self.retyped(column.filling()?, side));
            let early = |column: &ColumnExchange| column.early_default(table, &filling(column)?);
            let defaults = self.columns.iter().filter_map(early);
            statements.splice(2..2, defaults.collect::<Vec<_>>());
            let fill = |column: &ColumnExchange| {
                let assignment = format!("{} = {}", column.beside(side), filling(column)?);
                let empty = column.is_null_beside(side);
                Some(self.filled_tables().map(move |table| self.in_batches(table, &assignment, &empty)))
            };
            statements.extend(self.columns.iter().filter_map(fill).flatten());
        }
        let parts = self.indexes.iter().chain(self.keys.iter().map(|key| &key.index));
        statements.extend(parts.map(|part| {
            let part = part.of(side);
            concurrently(part, &suffixed(&part.name, side.suffix()), |text| self.renamed(text, side))
        }));
        if side == Side::Old {
            let again = |key: &Key| concurrently(&key.index.new, &key.beside(Side::New), str::to_owned);
            statements.extend(self.keys.iter().map(again));
        }
        statements.extend(self.partitioned.iter().flat_map(|index| match side {
            // The key is made of other indexes.
            Side::Old if index.is_key() => {
                let mut statements = index.prepared(side, |text| self.renamed(text, side));
                statements.extend(index.built(Side::New, str::to_owned));
                statements
            }
            _ => index.built(side, |text| self.renamed(text, side)),
        }));
        statements.extend(self.added_checks(side));
        statements
    }

    fn added_checks(&self, side: Side) -> Vec<String> {
        let own = self.checks.iter().map(|check| {
            let Part { name, definition } = check.parts.of(side);
            (&check.table, suffixed(name, side.suffix()), self.renamed(definition, side))
        });
        let required: Vec<(&ColumnExchange, &String)> = self.required_beside(side).collect();
        let not_null = required.iter().map(|&(column, table)| {
            (table, column.not_null_check(side), format!("CHECK ({})", column.is_not_null_beside(side)))
        });
        let mut statements: Vec<String> = own
            .chain(not_null)
            .flat_map(|(table, name, definition)| {
                [
                    format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID;"),
                    format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};"),
                ]
            })
            .collect();
        for (column, table) in required {
            statements.push(format!("ALTER TABLE {table} {};", column.set_not_null(side)));
            statements.push(format!("ALTER TABLE {table} DROP CONSTRAINT {};", column.not_null_check(side)));
        }
        with_lock_timeout(statements)
    }

    /// The columns that do not accept NULL while the others have the names, each with a table that needs a statement for it.
    fn required_beside(&self, side: Side) -> impl Iterator<Item = (&ColumnExchange, &String)> {
        let of_column =
            move |column| ColumnExchange::required_beside(column, &self.name, side).map(move |table| (column, table));
        self.columns.iter().flat_map(of_column)
    }

    /// Drops the columns that do not have the names. Without the trigger, they must accept NULL.
    pub(crate) fn removed(&self, side: Side) -> Vec<String> {
        let table = &self.name;
        let (mut prepared, mut statements) = (Vec::new(), Vec::new());
        if side == Side::Old {
            let keys = self.keys.iter();
            statements.extend(
                keys.flat_map(|key| std::iter::once(key.moved(table, Side::New)).chain(key.properties.iter().cloned())),
            );
            for index in self.partitioned.iter().filter(|index| index.is_key()) {
                prepared.extend(index.prepared(Side::New, str::to_owned));
                statements.extend(index.moved(Side::New, str::to_owned));
                statements.extend(index.properties.iter().cloned());
            }
        }
        let release = |(column, table): (&ColumnExchange, &String)| {
            format!("ALTER TABLE {table} ALTER COLUMN {} DROP NOT NULL;", column.beside(side))
        };
        statements.extend(self.required_beside(side).map(release));
        let drop = |Check { table, parts }: &Check| {
            format!("ALTER TABLE {table} DROP CONSTRAINT {};", suffixed(&parts.of(side).name, side.suffix()))
        };
        statements.extend(self.checks.iter().map(drop));
        let drop = format!("DROP TRIGGER {} ON {table};", self.trigger_name());
        // By itself, it locks the partitions before the table, and so gets into deadlocks with queries.
        statements.push(match self.is_partitioned {
            true => format!("DO $trigger$\nBEGIN\n  LOCK TABLE {table};\n  {drop}\nEND\n$trigger$;"),
            false => drop,
        });
        statements.push(format!("DROP FUNCTION {}();", self.function_name()));
        let columns: Vec<String> =
            self.columns.iter().map(|column| format!("DROP COLUMN {}", column.beside(side))).collect();
        statements.push(format!("ALTER TABLE {table} {};", columns.join(", ")));
        prepared.extend(with_lock_timeout(statements));
        prepared
    }

    /// Gives the keys of partitioned tables back to the old columns, when those are beside the new ones.
    pub(crate) fn restored_keys(&self) -> Vec<String> {
        let moved = |index: &PartitionedIndex| index.moved(Side::Old, |text| self.renamed(text, Side::Old));
        self.partitioned.iter().filter_map(moved).collect()
    }

    /// Gives the columns of a side the names, with what goes with them.
    pub(crate) fn named(&self, side: Side) -> Vec<String> {
        let table = &self.name;
        let mut statements = self.renames(side);
        statements.extend(self.columns.iter().flat_map(|column| column.properties(table, side)));
        statements.push(self.function("CREATE OR REPLACE FUNCTION", side.other()));
        for column in &self.columns {
            let own = |sequence| format!("ALTER SEQUENCE {sequence} OWNED BY {table}.{};", column.name);
            statements.extend(column.sequences.iter().map(own));
        }
        if side == Side::New {
            let of_indexes =
                self.partitioned.iter().filter(|index| !index.is_key()).flat_map(|index| &index.properties);
            statements.extend(of_indexes.chain(&self.properties).cloned());
        }
        statements
    }

    fn renames(&self, side: Side) -> Vec<String> {
        let (table, schema, other) = (&self.name, &self.schema, side.other());
        let (given, taken) = (other.suffix(), side.suffix());
        let mut statements = Vec::new();
        for index in &self.indexes {
            let (leaving, coming) = (&index.of(side.other()).name, &index.of(side).name);
            let (away, from) = (suffixed(leaving, given), suffixed(coming, taken));
            statements.push(format!("ALTER INDEX {schema}{leaving} RENAME TO {away};"));
            statements.push(format!("ALTER INDEX {schema}{from} RENAME TO {coming};"));
        }
        statements.extend(self.partitioned.iter().flat_map(|index| index.renames(side)));
        for Check { table, parts } in &self.checks {
            let (leaving, coming) = (&parts.of(side.other()).name, &parts.of(side).name);
            let (away, from) = (suffixed(leaving, given), suffixed(coming, taken));
            statements.push(format!("ALTER TABLE {table} RENAME CONSTRAINT {leaving} TO {away};"));
            statements.push(format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {coming};"));
        }
        for column in &self.columns {
            if let Some(leaving) = &column.versions.of(other).not_null_name {
                let away = suffixed(leaving, given);
                statements.push(format!("ALTER TABLE {table} RENAME CONSTRAINT {leaving} TO {away};"));
            }
            if let Some(coming) = column.not_null_name(side) {
                let from = suffixed(coming, taken);
                statements.push(format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {coming};"));
            }
            let (name, away, from) = (&column.name, column.beside(other), column.beside(side));
            statements.push(format!("ALTER TABLE {table} RENAME COLUMN {name} TO {away};"));
            statements.push(format!("ALTER TABLE {table} RENAME COLUMN {from} TO {name};"));
        }
        statements
    }

    /// A definition while the other side has the names.
    fn renamed(&self, definition: &str, side: Side) -> String {
        let columns = self.columns.iter();
        let text = self.retyped(definition, side);
        columns.fold(text, |text, column| renamed(&text, &column.name, &column.beside(side)))
    }

    /// An expression with the types of a side while the other side has the names.
    fn retyped(&self, text: &str, side: Side) -> String {
        self.types.iter().fold(text.to_owned(), |text, one| one.retyped(&text, side))
    }

    /// What the function and the trigger are called after.
    fn first_column(&self) -> String {
        self.columns.first().map(|column| unquoted(&column.name)).unwrap_or_default()
    }

    pub(crate) fn function_name(&self) -> String {
        let name = cut(&format!("{}_{}_in_step", self.bare_name, self.first_column()));
        format!("{}{}", self.schema, quoted(&name))
    }

    /// Triggers fire in the order of their names, and this one has to see what the others have changed.
    pub(crate) fn trigger_name(&self) -> String {
        quoted(&cut(&format!("zz_{}_in_step", self.first_column())))
    }

    /// The function of the trigger, while the columns of a side do not have the names.
    fn function(&self, create: &str, side: Side) -> String {
        let retype = |text: &str| self.retyped(text, side);
        let step = |column: &ColumnExchange| match self.is_partitioned {
            true => column.moved(side, retype),
            false => column.step(side, retype),
        };
        let steps: String = self.columns.iter().map(step).collect();
        let start = if self.is_partitioned { "DECLARE\n  given record := NEW;\n" } else { "" };
        format!(
            "{create} {}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$\n\
             {start}BEGIN\n\
             {steps}  \
               RETURN NEW;\n\
             END\n\
             $in_step$;",
            self.function_name()
        )
    }

    /// Fills the columns, 1,000 pages in a transaction. The trigger computes the values. Pages added since the loop has
    /// begun have only rows that the trigger has seen.
    fn backfill(&self, table: &str, side: Side) -> String {
        let first = self.columns.first().map(|column| column.beside(side)).unwrap_or_default();
        let empty: Vec<String> = self.columns.iter().map(|column| column.is_empty(side)).collect();
        let empty = match empty.as_slice() {
            [only] => only.clone(),
            all => format!("({})", all.join(" OR ")),
        };
        self.in_batches(table, &format!("{first} = {first}"), &empty)
    }

    /// The old column is dropped in the end, so a row without a value in the new one would lose it.
    fn in_batches(&self, table: &str, assignment: &str, condition: &str) -> String {
        let filled = Filled { name: table.to_owned(), is_partition: self.is_partitioned };
        filled.in_batches(assignment, condition, Remains::Error)
    }
}
