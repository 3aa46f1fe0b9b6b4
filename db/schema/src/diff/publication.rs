//! Changes of publications.

use crate::diff::script::Statement;
use crate::diff::versions::{Change, Versions};
use crate::model::publication::{ALL_TABLES, Publication};

/// What makes one publication the other. To replace one would stop the subscriptions that have it.
pub(crate) fn change(versions: &Versions<'_>, old: u32, new: u32) -> Change {
    let before = versions.old.model.publications.get(&old).zip(versions.new_object.target.as_deref());
    let (Some((before, target)), Some(after)) = (before, versions.new.model.publications.get(&new)) else {
        return versions.text();
    };
    statements(target, before, after).map_or(Change::Replace, Change::of)
}

/// `None` if a publication of all tables becomes one of some, or one of some becomes one of none.
fn statements(target: &str, before: &Publication, after: &Publication) -> Option<Vec<Statement>> {
    let alter = |action: String| Statement::new(format!("ALTER {target} {action};"));
    let (content, new_content) = (before.content(), after.content());
    let list = if content == new_content {
        None
    } else {
        let some = new_content.filter(|content| content != ALL_TABLES)?;
        (content.as_deref() != Some(ALL_TABLES)).then_some(())?;
        Some(alter(format!("SET {some}")))
    };
    let (options, new_options) = (before.options(), after.options());
    let removed = options.iter().filter(|(name, _)| new_options.iter().all(|(other, _)| other != name));
    let removed = removed.map(|(name, _)| match *name {
        "publish_generated_columns" => format!("{name} = none"),
        _ => format!("{name} = false"),
    });
    let set = new_options.iter().filter(|option| !options.contains(option));
    let set: Vec<String> = set.map(|(name, value)| format!("{name} = {value}")).chain(removed).collect();
    let set = (!set.is_empty()).then(|| alter(format!("SET ({})", set.join(", "))));
    // A filter or a list of columns of a partitioned table needs this option.
    let is_of_root = new_options.iter().any(|(name, _)| *name == "publish_via_partition_root");
    let both = if is_of_root { [set, list] } else { [list, set] };
    Some(both.into_iter().flatten().collect())
}
