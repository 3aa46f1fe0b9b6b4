//! With whose privileges a view reads its tables and a function runs, and whether a view keeps its rows from functions.

use crate::diff::elements::{Elements, catalog};
use crate::diff::script::Hazard;
use crate::object::{Class, Object};

/// The hazard of an object that its users reach more or less through than before.
pub(crate) fn hazard((old, before): (&Elements, &Object), (new, after): (&Elements, &Object)) -> Option<Hazard> {
    let target = after.target.as_deref().filter(|_| security(old, before) != security(new, after))?;
    Some(Hazard::AuthorizationChange(format!("what {target} uses")))
}

/// The options of a view, or the clause of a function.
fn security<'a>(elements: &'a Elements, object: &'a Object) -> Vec<&'a str> {
    match object.id {
        (Class::Catalog(catalog::PROC), oid) => {
            let is_definer = elements.model.routines.get(&oid).is_some_and(|found| found.is_security_definer());
            is_definer.then_some("SECURITY DEFINER").into_iter().collect()
        }
        (Class::Catalog(catalog::CLASS), _) => {
            let set = |option: &'a String| {
                let (name, value) = option.split_once('=').unwrap_or((option, "true"));
                let is_on = !matches!(value, "false" | "off" | "no" | "0");
                (name.starts_with("security_") && is_on).then_some(name)
            };
            let mut names: Vec<&str> = object.options.iter().filter_map(set).collect();
            names.sort_unstable();
            names
        }
        _ => Vec::new(),
    }
}
