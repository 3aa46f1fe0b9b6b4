//! Changes of functions and procedures.

use crate::diff::script::{Hazard, Statement};
use crate::diff::versions::{Change, Versions};

/// What makes one routine the other: CREATE OR REPLACE where PostgreSQL allows it.
pub(crate) fn change(versions: &Versions<'_>, old: u32, new: u32) -> Change {
    let (Some(before), Some(after)) = (versions.old.model.routines.get(&old), versions.new.model.routines.get(&new))
    else {
        return versions.text();
    };
    let creation = after.creation();
    if before.creation() == creation {
        return Change::None;
    }
    let names_fit = before.argument_names.iter().enumerate().all(|(index, name)| {
        name.is_empty() || after.argument_names.get(index).is_some_and(|new_name| new_name == name)
    });
    let fits = before.kind == after.kind
        && after.kind != "a"
        && before.result == after.result
        && before.argument_modes == after.argument_modes
        && before.argument_types == after.argument_types
        && before.defaults <= after.defaults
        && names_fit;
    let Some(creation) = creation.filter(|_| fits) else { return Change::Replace };
    let mut statement = versions.security().into_iter().fold(Statement::new(creation), Statement::with);
    if after.body.is_some() && matches!(after.language.as_str(), "sql" | "plpgsql") {
        statement = statement.with(Hazard::UntrackableDependency(after.signature.clone()));
    }
    Change::Alter(vec![statement])
}
