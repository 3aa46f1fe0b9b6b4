//! Changes of sequences.

use std::ops::RangeInclusive;

use crate::diff::facts::Sequence;
use crate::diff::script::Statement;
use crate::diff::versions::{Change, Versions};

/// What makes one sequence the other. That of an identity column is changed with its column.
pub(crate) fn change(versions: &Versions<'_>, old: u32, new: u32) -> Change {
    let (Some(old), Some(new)) = (versions.old.facts.sequences.get(&old), versions.new.facts.sequences.get(&new))
    else {
        return versions.text();
    };
    if old.is_identity != new.is_identity {
        return Change::Replace;
    }
    if new.is_identity {
        // PostgreSQL changes the type with that of the column, unless it is another one.
        let is_apart = |definition: String| definition.contains(" AS ");
        let is_apart = is_apart(versions.old_object.definition()) || is_apart(versions.new_object.definition());
        let Sequence { name, type_name, minimum, maximum, .. } = new;
        let alter = format!("ALTER SEQUENCE {name} AS {type_name} MINVALUE {minimum} MAXVALUE {maximum};");
        let changes = is_apart && old.type_name != *type_name;
        return Change::of(changes.then(|| Statement::new(alter)).into_iter().collect());
    }
    let mut statements: Vec<Statement> = moved(old, new).into_iter().collect();
    let clauses = clauses(old, new);
    if !clauses.is_empty() {
        statements.push(Statement::new(format!("ALTER SEQUENCE {} {};", new.name, clauses.join(" "))));
    }
    if old.persistence != new.persistence {
        let logged = if new.persistence == "u" { "UNLOGGED" } else { "LOGGED" };
        statements.push(Statement::new(format!("ALTER SEQUENCE {} SET {logged};", new.name)));
    }
    Change::of(statements)
}

/// What moves the value of a sequence to its new limit, beyond which ALTER SEQUENCE refuses it.
pub(crate) fn moved(old: &Sequence, new: &Sequence) -> Option<Statement> {
    let (before, after) = (limits(old)?, limits(new)?);
    let (limit, comparison) = match new.increment.starts_with('-') {
        false if after.start() > before.start() => (after.start(), "<"),
        true if after.end() < before.end() => (after.end(), ">"),
        _ => return None,
    };
    let name = connection::quote_literal(&new.name);
    let sql = format!("SELECT setval({name}, {limit}, false) FROM {} WHERE last_value {comparison} {limit};", new.name);
    (!are_disjoint(&before, &after)).then(|| Statement::new(sql))
}

fn limits(sequence: &Sequence) -> Option<RangeInclusive<i64>> {
    Some(sequence.minimum.parse().ok()?..=sequence.maximum.parse().ok()?)
}

fn are_disjoint(one: &RangeInclusive<i64>, other: &RangeInclusive<i64>) -> bool {
    one.end() < other.start() || other.end() < one.start()
}

/// What differs, as ALTER SEQUENCE writes it. A sequence none of whose values is between the new limits starts again.
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
    if limits(old).zip(limits(new)).is_some_and(|(before, after)| are_disjoint(&before, &after)) {
        clauses.push("RESTART".to_owned());
    }
    if old.cache != new.cache {
        clauses.push(format!("CACHE {}", new.cache));
    }
    if old.cycles != new.cycles {
        clauses.push(if new.cycles { "CYCLE".to_owned() } else { "NO CYCLE".to_owned() });
    }
    clauses
}
