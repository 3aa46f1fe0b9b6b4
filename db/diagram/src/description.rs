//! What a diagram shows, in words.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::model::{Change, Entity, Link, Row};
use crate::selection::Selection;
use crate::table_box::changes;
use crate::text::counted;

/// How many tables and references there are, and how many have changed.
pub(crate) fn summary(selection: &Selection<'_>) -> String {
    let (tables, references) = (selection.tables.len(), selection.links.len());
    let mut text = format!("{}, {}", counted(tables, "table"), counted(references, "reference"));
    if selection.is_comparison {
        let changed = |change| selection.tables.iter().filter(|table| table.entity.change == change).count();
        let counts = [Change::Added, Change::Changed, Change::Removed].map(|change| (changed(change), change.word()));
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts.map(|(count, word)| format!("{} {word}", counted(*count, "table"))).collect();
        let counts = if counts.is_empty() { "no table changed".to_owned() } else { counts.join(", ") };
        let _ = write!(text, "; {counts}");
    }
    if selection.hidden > 0 {
        let _ = write!(text, "; {} not shown", counted(selection.hidden, "other table"));
    }
    text
}

/// A line for each table, with the tables that it refers to.
pub(crate) fn description(selection: &Selection<'_>) -> String {
    let mut text = String::new();
    for (index, table) in selection.tables.iter().enumerate() {
        let links = selection.links.iter().filter(|link| link.from == index);
        let targets: BTreeSet<&str> = links.map(|link| link.link.reference.table.as_str()).collect();
        let entity = table.entity;
        text.push_str(&entity.name);
        let _ = write!(text, ": {}", counted(entity.rows.len(), "column"));
        if entity.change != Change::None {
            let _ = write!(text, ", {}", entity.change.word());
        }
        if !targets.is_empty() {
            let _ = write!(text, ", refers to {}", targets.into_iter().collect::<Vec<_>>().join(", "));
        }
        text.push('\n');
    }
    text
}

/// A table.
pub(crate) fn of_table(entity: &Entity) -> String {
    let mut text = entity.name.clone();
    if entity.change != Change::None {
        let _ = write!(text, " ({})", entity.change.word());
    }
    if let Some(comment) = &entity.comment {
        let _ = write!(text, "\n{comment}");
    }
    text
}

/// A column.
pub(crate) fn of_row(row: &Row) -> String {
    let column = &row.column;
    let mut text = format!("{} {}", column.name, column.type_name);
    text.push_str(if column.is_nullable { "" } else { " NOT NULL" });
    if let Some(default) = &column.default {
        let _ = write!(text, " {default}");
    }
    let keys = [(column.is_primary, "primary key"), (row.is_foreign, "foreign key"), (column.is_unique, "unique")];
    for (_, key) in keys.iter().filter(|(is_key, _)| *is_key) {
        let _ = write!(text, ", {key}");
    }
    if row.change != Change::None {
        let _ = write!(text, " ({})", row.change.word());
    }
    if let Some(was) = &row.was {
        let what = changes(was, column);
        let default = was.default.as_ref().map(|default| format!(" {default}")).unwrap_or_default();
        let null = if was.is_nullable { "" } else { " NOT NULL" };
        let _ = write!(text, "\nwas: {}{null}{default}", was.type_name);
        if !what.is_empty() {
            let _ = write!(text, " ({})", what.join(", "));
        }
    }
    if let Some(comment) = &column.comment {
        let _ = write!(text, "\n{comment}");
    }
    text
}

/// A reference.
pub(crate) fn of_link(from: &str, link: &Link) -> String {
    let mut text = format!("{from}: {} {}", link.reference.name, link.reference.definition);
    if link.change != Change::None {
        let _ = write!(text, " ({})", link.change.word());
    }
    if let Some(was) = &link.was {
        let _ = write!(text, "\nwas: {was}");
    }
    text
}
