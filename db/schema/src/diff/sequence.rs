//! Changes of sequences.

use crate::diff::elements::{Elements, catalog};
use crate::diff::name::qualifier;
use crate::diff::script::Statement;
use crate::diff::versions::{Change, Versions};
use crate::model::{Column, Relation, Sequence};

/// Starts a sequence again.
pub(crate) const RESTART: &str = "RESTART";

/// What makes one sequence the other. That of an identity column is changed with its column.
pub(crate) fn change(versions: &Versions<'_>, old: u32, new: u32) -> Change {
    let (Some(old), Some(new)) = (versions.old.model.sequences.get(&old), versions.new.model.sequences.get(&new))
    else {
        return versions.text();
    };
    if old.is_identity != new.is_identity {
        return Change::Replace;
    }
    if new.is_identity {
        if column_name(versions.old, old) != column_name(versions.new, new) {
            return Change::Replace;
        }
        // PostgreSQL changes the type with that of the column, unless it is another one.
        let is_apart = has_other_type(versions.old, old) || has_other_type(versions.new, new);
        let Sequence { name, type_name, minimum, maximum, .. } = new;
        let alter = format!("ALTER SEQUENCE {name} AS {type_name} MINVALUE {minimum} MAXVALUE {maximum};");
        let mut statements = Vec::new();
        if old.name != new.name {
            let bare_name = &name[qualifier(name).len()..];
            statements.push(Statement::new(format!("ALTER SEQUENCE {} RENAME TO {bare_name};", old.name)));
        }
        if is_apart && old.type_name != *type_name {
            statements.push(Statement::new(alter));
        }
        statements.extend(changed_persistence(versions, old, new));
        return Change::of(statements);
    }
    let mut statements = Vec::new();
    let clauses = clauses(old, new);
    if !clauses.is_empty() {
        statements.extend(moved(old, new));
        statements.push(Statement::new(format!("ALTER SEQUENCE {} {};", new.name, clauses.join(" "))));
    }
    statements.extend(changed_persistence(versions, old, new));
    Change::of(statements)
}

/// Makes a sequence logged or unlogged. Its table does so too if that changes.
fn changed_persistence(versions: &Versions<'_>, old: &Sequence, new: &Sequence) -> Option<Statement> {
    let (before, after) = (table(versions.old, old), table(versions.new, new));
    let with_table = before.zip(after).and_then(|(before, after)| {
        (before.name == after.name && before.persistence != after.persistence).then_some(&after.persistence)
    });
    let is_other = !new.persistence.is_empty() && *with_table.unwrap_or(&old.persistence) != new.persistence;
    let logged = if new.persistence == "u" { "UNLOGGED" } else { "LOGGED" };
    is_other.then(|| Statement::new(format!("ALTER SEQUENCE {} SET {logged};", new.name)))
}

/// The table that a sequence belongs to.
fn table<'e>(elements: &'e Elements, sequence: &Sequence) -> Option<&'e Relation> {
    elements.model.relations.get(&sequence.owner?.0)
}

/// The column that a sequence belongs to.
fn column<'e>(elements: &'e Elements, sequence: &Sequence) -> Option<&'e Column> {
    let (table, number) = sequence.owner?;
    elements.model.columns.get(&(catalog::CLASS, table))?.iter().find(|column| column.number == number)
}

/// The table and the name of the identity column that a sequence belongs to, if it does to one.
pub(crate) fn identity_column<'e>(elements: &'e Elements, sequence: &Sequence) -> Option<(&'e str, &'e str)> {
    column_name(elements, sequence).filter(|_| sequence.is_identity)
}

/// Its table and its name.
fn column_name<'e>(elements: &'e Elements, sequence: &Sequence) -> Option<(&'e str, &'e str)> {
    Some((&table(elements, sequence)?.name, &column(elements, sequence)?.name))
}

/// Whether the sequence of an identity column has another type than the column.
fn has_other_type(elements: &Elements, sequence: &Sequence) -> bool {
    column(elements, sequence).is_some_and(|column| column.type_name != sequence.type_name)
}

/// What differs, as ALTER SEQUENCE writes it.
pub(crate) fn clauses(old: &Sequence, new: &Sequence) -> Vec<String> {
    let mut clauses = Vec::new();
    let changes_type = old.type_name != new.type_name;
    if changes_type {
        clauses.push(format!("AS {}", new.type_name));
    }
    if old.increment != new.increment {
        clauses.push(format!("INCREMENT BY {}", new.increment));
    }
    let limit = |keyword: &str, old: &str, new: &str, was_usual: bool, is_usual: bool| {
        // With another type, a usual limit becomes that of the type.
        if changes_type && was_usual && is_usual || old == new && !(changes_type && was_usual) {
            None
        } else if is_usual {
            Some(format!("NO {keyword}"))
        } else {
            Some(format!("{keyword} {new}"))
        }
    };
    clauses.extend(limit("MINVALUE", &old.minimum, &new.minimum, old.has_usual_minimum, new.has_usual_minimum));
    clauses.extend(limit("MAXVALUE", &old.maximum, &new.maximum, old.has_usual_maximum, new.has_usual_maximum));
    if old.start != new.start {
        clauses.push(format!("START WITH {}", new.start));
    }
    if old.cache != new.cache {
        clauses.push(format!("CACHE {}", new.cache));
    }
    if old.cycles != new.cycles {
        clauses.push(if new.cycles { "CYCLE".to_owned() } else { "NO CYCLE".to_owned() });
    }
    if is_apart(old, new) {
        // What it has counted is no value of the new one.
        clauses.push(RESTART.to_owned());
    }
    clauses
}

fn number(text: &str) -> i64 {
    text.parse().unwrap_or_default()
}

/// Whether no value of the one sequence is a value of the other.
fn is_apart(old: &Sequence, new: &Sequence) -> bool {
    number(&old.maximum) < number(&new.minimum) || number(&new.maximum) < number(&old.minimum)
}

/// Moves a sequence that has started outside its new limits, which PostgreSQL refuses if the present value is outside. One
/// that has values beyond them is left for a person, unless none has been used.
pub(crate) fn moved(old: &Sequence, new: &Sequence) -> Option<Statement> {
    let (start, descends) = (number(&old.start), new.increment.starts_with('-'));
    let (condition, is_beyond) = if is_apart(old, new) {
        return None;
    } else if start < number(&new.minimum) {
        (format!("last_value < {}", new.minimum), descends)
    } else if start > number(&new.maximum) {
        (format!("last_value > {}", new.maximum), !descends)
    } else {
        return None;
    };
    let unused = if is_beyond { " AND NOT is_called" } else { "" };
    let (name, literal) = (&old.name, connection::quote_literal(&old.name));
    let sql = format!("SELECT setval({literal}, {}, false) FROM {name} WHERE {condition}{unused};", new.start);
    Some(Statement::new(sql))
}
