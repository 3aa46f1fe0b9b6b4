//! Changes of a table itself: not of its columns and constraints, which are elements of their own.

use crate::diff::foreign;
use crate::diff::script::{Hazard, Refusal, Statement};
use crate::diff::versions::{Change, Versions};
use crate::model::{Relation, options};
use crate::object::Object;

/// What makes one table the other. Its place among partitions and parents is changed apart from this; see
/// [`attachments`].
pub(crate) fn change(versions: &Versions<'_>, old: &Relation, new: &Relation) -> Change {
    let refused = |property| Change::Refused(Refusal::Unchangeable { object: format!("TABLE {}", new.name), property });
    if old.kind != new.kind {
        return Change::Replace;
    }
    if old.partition_key != new.partition_key {
        return refused("the partition key");
    }
    if old.server != new.server {
        return Change::Replace;
    }
    if old.persistence != new.persistence && new.kind == "p" {
        return refused("the persistence (LOGGED or UNLOGGED)");
    }
    let kind = if new.kind == "f" { "FOREIGN TABLE" } else { "TABLE" };
    let mut statements = Vec::new();
    let mut alter = |action: String| statements.push(Statement::new(format!("ALTER {kind} {} {action};", new.name)));
    let rewrite = Hazard::TableRewrite(new.name.clone());
    // A table that gets a type does so after its columns have changed; see `joined_type`.
    if old.of_type.is_some() && old.of_type != new.of_type {
        alter(new.of_type.as_ref().map_or("NOT OF".to_owned(), |of_type| format!("OF {of_type}")));
    }
    if let Some(clause) = foreign::clause(&old.server_options, &new.server_options) {
        alter(clause);
    }
    let (reset, set) = options::changed(&versions.old_object.options, &versions.new_object.options);
    let set: Vec<String> = set.into_iter().filter(|option| !is_toast(option)).collect();
    if !reset.is_empty() {
        alter(format!("RESET ({})", reset.join(", ")));
    }
    if !set.is_empty() {
        alter(format!("SET ({})", set.join(", ")));
    }
    if old.persistence != new.persistence {
        let action = if new.persistence == "u" { "SET UNLOGGED" } else { "SET LOGGED" };
        statements.push(Statement::new(format!("ALTER TABLE {} {action};", new.name)).with(rewrite.clone()));
    }
    if let Some(method) = new.access_method.as_ref().filter(|_| old.access_method != new.access_method) {
        let sql = format!("ALTER TABLE {} SET ACCESS METHOD {method};", new.name);
        statements.push(Statement::new(sql).with(rewrite.clone()));
    }
    if old.tablespace != new.tablespace {
        let space = new.tablespace.as_deref().unwrap_or("pg_default");
        statements.push(Statement::new(format!("ALTER TABLE {} SET TABLESPACE {space};", new.name)).with(rewrite));
    }
    Change::of(statements)
}

/// Gives a table a type, which it has to have the columns of.
pub(crate) fn joined_type(old: &Relation, new: &Relation) -> Option<Statement> {
    let of_type = new.of_type.as_ref().filter(|_| old.of_type.is_none())?;
    Some(Statement::new(format!("ALTER TABLE {} OF {of_type};", new.name)))
}

/// Sets the options of the TOAST table, which there may not be before a column has a new type: then PostgreSQL ignores
/// them. A table that is rewritten may be without one for a time, and loses them.
pub(crate) fn toast_options(old: &Object, new: &Object, is_rewritten: bool) -> Option<Statement> {
    let before: &[String] = if is_rewritten { &[] } else { &old.options };
    let (_, set) = options::changed(before, &new.options);
    let set: Vec<String> = set.into_iter().filter(|option| is_toast(option)).collect();
    let target = new.target.as_ref().filter(|_| !set.is_empty())?;
    Some(Statement::new(format!("ALTER {target} SET ({});", set.join(", "))))
}

fn is_toast(option: &str) -> bool {
    option.starts_with("toast.")
}
