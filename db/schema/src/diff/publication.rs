//! Changes of publications.

use crate::diff::definition::{self, find, parts};
use crate::diff::script::Statement;
use crate::diff::versions::{Change, Versions};

/// What makes one publication the other. To replace one would stop the subscriptions that have it.
pub(crate) fn change(versions: &Versions<'_>) -> Change {
    definition::change(versions, |target, old, new| statements(target, &parse(old)?, &parse(new)?))
}

/// What a publication has, and its options.
type Definition<'a> = (Option<&'a str>, Vec<(&'a str, &'a str)>);

/// `None` if a publication of all tables becomes one of some, or one of some becomes one of none.
fn statements(
    target: &str,
    (content, options): &Definition<'_>,
    (new_content, new_options): &Definition<'_>,
) -> Option<Vec<Statement>> {
    let alter = |action: String| Statement::new(format!("ALTER {target} {action};"));
    let list = if content == new_content {
        None
    } else {
        let some = new_content.filter(|content| *content != "ALL TABLES")?;
        (*content != Some("ALL TABLES")).then_some(())?;
        Some(alter(format!("SET {some}")))
    };
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

fn parse(definition: &str) -> Option<Definition<'_>> {
    let start = find(definition, " WITH (publish = '")?;
    let list = definition[start..].strip_prefix(" WITH (")?.strip_suffix(");")?;
    let options = parts(list).map(|option| option.split_once(" = ").unwrap_or((option, "true"))).collect();
    let head = &definition[..start];
    Some((find(head, " FOR ").map(|at| &head[at + " FOR ".len()..]), options))
}
