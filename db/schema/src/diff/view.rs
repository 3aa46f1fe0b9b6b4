//! Changes of views.

use crate::diff::elements::catalog;
use crate::diff::script::Statement;
use crate::diff::versions::{Change, Versions};

/// What makes one view the other: CREATE OR REPLACE where its columns are the same, or have more after them.
pub(crate) fn change(versions: &Versions<'_>, old: u32, new: u32) -> Change {
    let definition = versions.new_object.definition();
    if versions.old_object.definition() == definition {
        return Change::None;
    }
    let columns = |elements: &crate::diff::elements::Elements, oid| {
        elements.model.columns.get(&(catalog::CLASS, oid)).cloned().unwrap_or_default()
    };
    let (before, after) = (columns(versions.old, old), columns(versions.new, new));
    let fits = before.len() <= after.len()
        && before.iter().zip(&after).all(|(old, new)| {
            (&old.name, &old.type_name, &old.collation) == (&new.name, &new.type_name, &new.collation)
        });
    match definition.strip_prefix("CREATE VIEW ") {
        Some(rest) if fits => Change::Alter(vec![Statement::new(format!("CREATE OR REPLACE VIEW {rest}"))]),
        _ => Change::Replace,
    }
}
