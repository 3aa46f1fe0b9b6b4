//! Changes of foreign-data wrappers, servers and user mappings. Replacing one would also drop the foreign tables and the
//! user mappings that need it, whose passwords are not known here.

use crate::diff::elements::catalog;
use crate::diff::script::Statement;
use crate::diff::versions::{Change, Versions};
use crate::model::foreign::Options;

/// What makes one version the other: its version and its options can be altered.
pub(crate) fn change(versions: &Versions<'_>, class: u32, old: u32, new: u32) -> Change {
    let (before, after) = (&versions.old.model, &versions.new.model);
    let change = match class {
        catalog::FOREIGN_DATA_WRAPPER => before.wrappers.get(&old).zip(after.wrappers.get(&new)).map(|(old, new)| {
            let is_same = (&old.handler, &old.validator) == (&new.handler, &new.validator);
            is_same.then(|| [None, clause(&old.options, &new.options)])
        }),
        catalog::SERVER => before.servers.get(&old).zip(after.servers.get(&new)).map(|(old, new)| {
            // A version can't be removed.
            let is_same = (&old.type_name, &old.wrapper) == (&new.type_name, &new.wrapper)
                && (old.version.is_none() || new.version.is_some());
            let version = new.version.as_ref().filter(|_| old.version != new.version);
            let version = version.map(|version| format!("VERSION {version}"));
            is_same.then(|| [version, clause(&old.options, &new.options)])
        }),
        _ => {
            let mappings = before.user_mappings.get(&old).zip(after.user_mappings.get(&new));
            mappings.map(|(old, new)| Some([None, clause(&old.options, &new.options)]))
        }
    };
    let (Some(change), Some(target)) = (change, versions.new.target(versions.new_object)) else {
        return versions.text();
    };
    let Some(clauses) = change else { return Change::Replace };
    let clauses: String = clauses.into_iter().flatten().map(|clause| format!(" {clause}")).collect();
    let alter = (!clauses.is_empty()).then(|| Statement::new(format!("ALTER {target}{clauses};")));
    Change::of(alter.into_iter().collect())
}

/// What OPTIONS in an ALTER has to say, if anything differs.
pub(crate) fn clause(old: &Options, new: &Options) -> Option<String> {
    let value =
        |options: &Options, name: &str| options.iter().find(|option| option.0 == name).map(|option| option.1.clone());
    let dropped = old.iter().filter(|(name, _)| value(new, name).is_none()).map(|(name, _)| format!("DROP {name}"));
    let set = new.iter().filter_map(|(name, text)| match value(old, name) {
        Some(before) if before == *text => None,
        Some(_) => Some(format!("SET {name} {text}")),
        None => Some(format!("ADD {name} {text}")),
    });
    let actions: Vec<String> = dropped.chain(set).collect();
    (!actions.is_empty()).then(|| format!("OPTIONS ({})", actions.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_added_set_and_dropped() {
        let options = |options: &[(&str, &str)]| -> Options {
            options.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
        };
        let before = options(&[("a", "'1'"), ("b", "'2'"), ("c", "'3'")]);
        let after = options(&[("b", "'2'"), ("c", "'4'"), ("d", "'5'")]);
        assert_eq!(clause(&before, &after).as_deref(), Some("OPTIONS (DROP a, SET c '4', ADD d '5')"));
    }
}
