//! Changes of views and materialized views.

use crate::diff::elements::catalog;
use crate::diff::script::Statement;
use crate::diff::versions::{Change, Versions};
use crate::model::options;
use crate::object::Object;

/// What makes one view the other: CREATE OR REPLACE where its columns are the same, or have more after them.
pub(crate) fn change(versions: &Versions<'_>, old: u32, new: u32) -> Change {
    if versions.old_object.is_created_like(versions.new_object) {
        return Change::None;
    }
    let definition = versions.new_object.definition();
    let columns = |elements: &crate::diff::elements::Elements, oid| {
        elements.model.columns.get(&(catalog::CLASS, oid)).cloned().unwrap_or_default()
    };
    let (before, after) = (columns(versions.old, old), columns(versions.new, new));
    let fits = before.len() <= after.len()
        && before.iter().zip(&after).all(|(old, new)| {
            (&old.name, &old.type_name, &old.collation) == (&new.name, &new.type_name, &new.collation)
        });
    match definition.strip_prefix("CREATE VIEW ") {
        Some(rest) if fits => {
            let replace = Statement::new(format!("CREATE OR REPLACE VIEW {rest}"));
            Change::Alter(vec![versions.security().into_iter().fold(replace, Statement::with)])
        }
        _ => Change::Replace,
    }
}

/// What makes one materialized view the other: its storage parameters are set in place.
pub(crate) fn change_materialized(versions: &Versions<'_>) -> Change {
    let (old, new) = (versions.old_object, versions.new_object);
    let with_new_options = Object { options: new.options.clone(), ..old.clone() };
    let Some(target) = new.target.as_ref().filter(|_| with_new_options.is_created_like(new)) else {
        return Change::Replace;
    };
    let (reset, set) = options::changed(&old.options, &new.options);
    let actions = [("RESET", reset), ("SET", set)].into_iter().filter(|(_, options)| !options.is_empty());
    let alter = |(action, options): (&str, Vec<String>)| format!("ALTER {target} {action} ({});", options.join(", "));
    Change::of(actions.map(alter).map(Statement::new).collect())
}
