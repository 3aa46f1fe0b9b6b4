//! Sequences, also those of identity columns.

use crate::model::column::Column;
use crate::model::relation::Relation;
use crate::model::values::Values;
use crate::object::{Class, Object, Setting, catalog};

/// A sequence.
#[derive(Debug, Clone)]
pub(crate) struct Sequence {
    pub(crate) type_name: String,
    pub(crate) start: String,
    pub(crate) increment: String,
    pub(crate) minimum: String,
    pub(crate) maximum: String,
    pub(crate) cache: String,
    pub(crate) cycles: bool,
    /// Empty before PostgreSQL 15, where a sequence is always logged.
    pub(crate) persistence: String,
    /// The table and the number of the column that it belongs to.
    pub(crate) owner: Option<(u32, u32)>,
    pub(crate) is_identity: bool,
    /// As SQL names it.
    pub(crate) name: String,
    pub(crate) bare_name: String,
    /// `None` if it is the role that migrates.
    pub(crate) owner_role: Option<String>,
    /// Whether it is the limit that its type and direction give it.
    pub(crate) has_usual_minimum: bool,
    pub(crate) has_usual_maximum: bool,
}

impl Sequence {
    /// A value, as SQL, that is past this one and those that a column has.
    pub(crate) fn beyond(&self, column: &str, value: &str) -> String {
        match self.increment.strip_prefix('-') {
            Some(step) => format!("least(min({column}) - {step}, {value})"),
            None => format!("greatest(max({column}) + {}, {value})", self.increment),
        }
    }

    /// The value, as SQL, with which it starts beside those that a column has.
    pub(crate) fn after(&self, column: &str) -> String {
        match (self.increment.as_str(), self.start.as_str()) {
            ("1", "1") => format!("coalesce(max({column}), 0) + 1"),
            (_, start) => self.beyond(column, start),
        }
    }

    pub(crate) fn read(row: &mut Values) -> Self {
        let (type_name, start, increment) = (row.text(), row.text(), row.text());
        let (minimum, maximum) = (row.text(), row.text());
        let (usual_minimum, usual_maximum) = usual_limits(&type_name, increment.starts_with('-'));
        let (cache, cycles, persistence) = (row.text(), row.flag(), row.text());
        let (table, column) = (row.oid(), row.oid());
        Self {
            has_usual_minimum: minimum == usual_minimum,
            has_usual_maximum: maximum == usual_maximum,
            type_name,
            start,
            increment,
            minimum,
            maximum,
            cache,
            cycles,
            persistence,
            owner: table.zip(column),
            is_identity: row.flag(),
            name: row.text(),
            bare_name: row.text(),
            owner_role: row.optional(),
        }
    }

    /// What differs from a new sequence, as CREATE SEQUENCE and GENERATED AS IDENTITY take it.
    pub(crate) fn options(&self) -> Vec<String> {
        let usual_start = if self.increment.starts_with('-') { &self.maximum } else { &self.minimum };
        let increment = (self.increment != "1").then(|| format!("INCREMENT BY {}", self.increment));
        let minimum = (!self.has_usual_minimum).then(|| format!("MINVALUE {}", self.minimum));
        let maximum = (!self.has_usual_maximum).then(|| format!("MAXVALUE {}", self.maximum));
        let start = (self.start != *usual_start).then(|| format!("START WITH {}", self.start));
        let cache = (self.cache != "1").then(|| format!("CACHE {}", self.cache));
        let cycle = self.cycles.then(|| "CYCLE".to_owned());
        [increment, minimum, maximum, start, cache, cycle].into_iter().flatten().collect()
    }

    /// The sequence as an object. One that belongs to a column has the owner of its table. That of an identity column is
    /// part of the table, with comment, privileges and persistence of its own.
    pub(crate) fn object(&self, oid: u32, owner: Option<(&Relation, &Column)>) -> Object {
        let place = if self.is_identity && owner.is_some() { 9 } else { 0 };
        Object {
            id: (Class::Catalog(catalog::CLASS), oid),
            key: match owner {
                Some((table, _)) => (5, table.name.clone(), place, self.name.clone()),
                None => (4, self.name.clone(), place, self.name.clone()),
            },
            target: Some(format!("SEQUENCE {}", self.name)),
            owner: self.owner_role.clone().filter(|_| owner.is_none()),
            head: match owner.filter(|_| self.is_identity) {
                Some((table, column)) => self.changes_of_identity(table, column),
                None => self.creation(),
            },
            ..Object::default()
        }
    }

    fn is_of(&self, column: &Column) -> bool {
        self.owner.is_some_and(|(_, number)| number == column.number)
    }

    /// The statement that creates it.
    pub(crate) fn creation(&self) -> String {
        let mut words = vec!["CREATE".to_owned()];
        words.extend((self.persistence == "u").then(|| "UNLOGGED".to_owned()));
        words.push(format!("SEQUENCE {}", self.name));
        words.extend((self.type_name != "bigint").then(|| format!("AS {}", self.type_name)));
        words.extend(self.options());
        format!("{};", words.join(" "))
    }

    /// What the definition of an identity column can't say.
    fn changes_of_identity(&self, table: &Relation, column: &Column) -> String {
        let Self { name, type_name, minimum, maximum, .. } = self;
        let logged = if self.persistence == "u" { "UNLOGGED" } else { "LOGGED" };
        let changed = (!self.persistence.is_empty() && self.persistence != table.persistence)
            .then(|| format!("ALTER SEQUENCE {name} SET {logged};"));
        // CREATE TABLE … (LIKE … INCLUDING IDENTITY) makes a bigint sequence for each column.
        let retyped = (*type_name != column.type_name)
            .then(|| format!("ALTER SEQUENCE {name} AS {type_name} MINVALUE {minimum} MAXVALUE {maximum};"));
        [changed, retyped].into_iter().flatten().collect::<Vec<_>>().join("\n")
    }

    fn ownership(&self, table: &str, column: &Column) -> Setting {
        let alter = |owner: &str| format!("ALTER SEQUENCE {} OWNED BY {owner};", self.name);
        let statement = alter(&format!("{table}.{}", column.name));
        Setting { place: (6, 0), statement, undo: Some(alter("NONE")), column: column.number }
    }
}

/// The sequence of a column, among those of its table.
pub(crate) fn of_identity<'a>(sequences: &[&'a Sequence], column: &Column) -> Option<&'a Sequence> {
    sequences.iter().copied().find(|sequence| sequence.is_identity && sequence.is_of(column))
}

/// The statements that give the sequences of a table or a view to their columns.
pub(crate) fn ownerships(sequences: &[&Sequence], table: &str, columns: &[Column]) -> Vec<Setting> {
    let given = sequences.iter().filter(|sequence| !sequence.is_identity);
    let column = |sequence: &Sequence| columns.iter().find(|column| sequence.is_of(column));
    given.filter_map(|sequence| Some(sequence.ownership(table, column(sequence)?))).collect()
}

/// The limits of a sequence of a type without any of its own.
fn usual_limits(type_name: &str, is_descending: bool) -> (String, String) {
    let (least, most) = match type_name {
        "smallint" => (i16::MIN.into(), i16::MAX.into()),
        "integer" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    };
    if is_descending { (least.to_string(), "-1".to_owned()) } else { ("1".to_owned(), most.to_string()) }
}
