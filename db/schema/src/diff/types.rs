//! Changes of types: enums, composite types, domains and ranges.

use crate::diff::constraint;
use crate::diff::elements::catalog;
use crate::diff::script::{Hazard, Refusal, Statement};
use crate::diff::versions::{Change, Versions};
use crate::model::{Column, Type};

/// What makes one type the other.
pub(crate) fn change(versions: &Versions<'_>, old: u32, new: u32) -> Change {
    let (Some(before), Some(after)) = (versions.old.model.types.get(&old), versions.new.model.types.get(&new)) else {
        return versions.text();
    };
    match (before.kind.as_str(), after.kind.as_str()) {
        ("e", "e") => labels(before, after),
        ("d", "d") => domain(before, after),
        ("c", "c") => attributes(versions, old, new, before, after),
        (one, other) if one != other => Change::Replace,
        _ => versions.text(),
    }
}

/// New labels are added where the old ones keep their order.
fn labels(old: &Type, new: &Type) -> Change {
    let mut kept = new.labels.iter();
    if !old.labels.iter().all(|label| kept.any(|other| other == label)) {
        return Change::Replace;
    }
    let mut statements = Vec::new();
    for (index, label) in new.labels.iter().enumerate() {
        if old.labels.contains(label) {
            continue;
        }
        let before = new.labels[index + 1..].iter().find(|other| old.labels.contains(other));
        let place = match (index.checked_sub(1).map(|previous| &new.labels[previous]), before) {
            (_, None) => String::new(),
            (Some(previous), Some(_)) => format!(" AFTER {previous}"),
            (None, Some(next)) => format!(" BEFORE {next}"),
        };
        statements.push(Statement::new(format!("ALTER TYPE {} ADD VALUE {label}{place};", new.name)));
    }
    Change::of(statements)
}

/// Constraints of a domain are elements of their own.
fn domain(old: &Type, new: &Type) -> Change {
    if (&old.base, &old.collation) != (&new.base, &new.collation) {
        return Change::Replace;
    }
    let mut statements = Vec::new();
    if old.default != new.default {
        let action = match &new.default {
            Some(default) => format!("SET DEFAULT {default}"),
            None => "DROP DEFAULT".to_owned(),
        };
        statements.push(Statement::new(format!("ALTER DOMAIN {} {action};", new.name)));
    }
    let named = |name: &str| format!("ALTER DOMAIN {} ADD CONSTRAINT {name} NOT NULL;", new.name);
    match (old.not_null, new.not_null) {
        (false, true) => {
            let sql = new.named_not_null().map_or_else(|| format!("ALTER DOMAIN {} SET NOT NULL;", new.name), named);
            statements.push(Statement { hazards: constraint::hazards_of_domain(&new.name), ..Statement::new(sql) });
        }
        (true, false) => statements.push(Statement::new(format!("ALTER DOMAIN {} DROP NOT NULL;", new.name))),
        (false, false) => {}
        (true, true) => {
            let names = old.not_null_name().zip(new.not_null_name()).filter(|(one, other)| one != other);
            let rename = |(one, other)| format!("ALTER DOMAIN {} RENAME CONSTRAINT {one} TO {other};", new.name);
            statements.extend(names.map(rename).map(Statement::new));
        }
    }
    Change::of(statements)
}

/// Attributes can be added at the end and dropped; their type can change while no table uses the composite type.
fn attributes(versions: &Versions<'_>, old_oid: u32, new_oid: u32, old: &Type, new: &Type) -> Change {
    let none = Vec::new();
    let before = versions.old.model.columns.get(&(catalog::TYPE, old_oid)).unwrap_or(&none);
    let after = versions.new.model.columns.get(&(catalog::TYPE, new_oid)).unwrap_or(&none);
    let same_type =
        |one: &Column, other: &Column| (&one.type_name, &one.collation) == (&other.type_name, &other.collation);
    let same = before.len() == after.len()
        && before.iter().zip(after).all(|(one, other)| one.name == other.name && same_type(one, other));
    if same {
        return Change::None;
    }
    let kept: Vec<&Column> = before.iter().filter(|one| after.iter().any(|other| other.name == one.name)).collect();
    let in_order = kept.iter().zip(after).all(|(one, other)| one.name == other.name);
    let retyped = kept.iter().zip(after).any(|(one, other)| !same_type(one, other));
    let typed = versions.old.model.relations.values().filter(|table| table.of_type.as_ref() == Some(&old.name));
    let mut typed: Vec<&str> = typed.map(|table| table.name.as_str()).collect();
    typed.sort_unstable();
    if !in_order || (retyped && old.uses > 0) {
        // Values are converted by their text, which has the attributes by place.
        let is_converted = in_order && kept.len() == before.len() && kept.len() == after.len() && typed.is_empty();
        return if old.uses == 0 || is_converted {
            Change::Replace
        } else {
            let object = format!("TYPE {}", new.name);
            Change::Refused(Refusal::Unchangeable { object, property: "the attributes of the columns' type" })
        };
    }
    let is_assigned = |one: &Column, other: &Column| {
        let cast = versions.new.model.casts.get(&(one.base.clone(), other.base.clone()));
        let is_assigned = cast.is_some_and(|cast| matches!(cast.context.as_str(), "i" | "a"));
        one.base == other.base || other.category == "S" || is_assigned
    };
    if !typed.is_empty()
        && kept.iter().zip(after).any(|(one, other)| !same_type(one, other) && !is_assigned(one, other))
    {
        let object = format!("TYPE {}", new.name);
        let reason = "a table has it as its type, and ALTER ATTRIBUTE has no USING for values that no cast assigns";
        return Change::Refused(Refusal::Unsupported { object, reason });
    }
    let type_of = |column: &Column| match &column.collation {
        Some(collation) => format!("{} COLLATE {collation}", column.type_name),
        None => column.type_name.clone(),
    };
    let cascade = if typed.is_empty() { "" } else { " CASCADE" };
    let mut statements = Vec::new();
    let rewrites: Vec<Hazard> = typed.iter().map(|table| Hazard::TableRewrite((*table).to_owned())).collect();
    let mut alter = |action: String, hazards: &[Hazard]| {
        let statement = Statement::new(format!("ALTER TYPE {} {action}{cascade};", new.name));
        statements.push(hazards.iter().cloned().fold(statement, Statement::with));
    };
    let losses: Vec<Hazard> = typed.iter().map(|table| Hazard::DataLoss(format!("columns of {table}"))).collect();
    for column in before.iter().filter(|one| after.iter().all(|other| other.name != one.name)) {
        alter(format!("DROP ATTRIBUTE {}", column.name), &losses);
    }
    for (one, other) in kept.iter().zip(after).filter(|(one, other)| !same_type(one, other)) {
        alter(format!("ALTER ATTRIBUTE {} TYPE {}", one.name, type_of(other)), &rewrites);
    }
    for column in after.iter().skip(kept.len()) {
        let hazards: &[Hazard] = if column.has_checked_type { &rewrites } else { &[] };
        alter(format!("ADD ATTRIBUTE {} {}", column.name, type_of(column)), hazards);
    }
    Change::of(statements)
}
