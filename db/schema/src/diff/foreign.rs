//! Changes of foreign-data wrappers, servers and user mappings. Replacing one would also drop the foreign tables and the
//! user mappings that need it, whose passwords are not known here.

use crate::diff::definition::{find, parts};
use crate::diff::script::Statement;
use crate::diff::versions::{Change, Versions};

/// What makes one version the other: its version and its options can be altered.
pub(crate) fn change(versions: &Versions<'_>) -> Change {
    let (old, new) = (versions.old_object.definition(), versions.new_object.definition());
    if old == new {
        return Change::None;
    }
    let ((old_head, old_options), (head, options)) = (split(&old), split(&new));
    let ((old_rest, old_version), (rest, version)) = (without_version(old_head), without_version(head));
    // A version can't be removed.
    if old_rest != rest || old_version.is_some() && version.is_none() {
        return Change::Replace;
    }
    let Some(name) = versions.new_object.target.clone().or_else(|| user_mapping(&new)) else {
        return Change::Replace;
    };
    let version = version.filter(|version| old_version != Some(version));
    let version = version.map(|version| format!(" VERSION {version}")).unwrap_or_default();
    let options = clause(&old_options, &options).map(|clause| format!(" {clause}")).unwrap_or_default();
    Change::of(vec![Statement::new(format!("ALTER {name}{version}{options};"))])
}

/// A user mapping as statements name it.
pub(crate) fn user_mapping(definition: &str) -> Option<String> {
    let (head, _) = split(definition.strip_prefix("CREATE ")?);
    head.starts_with("USER MAPPING ").then(|| head.trim_end_matches(';').to_owned())
}

/// What OPTIONS in an ALTER has to say, if anything differs.
pub(crate) fn clause(old: &[(&str, &str)], new: &[(&str, &str)]) -> Option<String> {
    let value = |options: &[(&str, &str)], name: &str| {
        options.iter().find(|option| option.0 == name).map(|option| option.1.to_owned())
    };
    let dropped = old.iter().filter(|(name, _)| value(new, name).is_none()).map(|(name, _)| format!("DROP {name}"));
    let set = new.iter().filter_map(|(name, text)| match value(old, name) {
        Some(before) if before == *text => None,
        Some(_) => Some(format!("SET {name} {text}")),
        None => Some(format!("ADD {name} {text}")),
    });
    let actions: Vec<String> = dropped.chain(set).collect();
    (!actions.is_empty()).then(|| format!("OPTIONS ({})", actions.join(", ")))
}

/// What is before OPTIONS, and the options: names and literals, as SQL writes them.
pub(crate) fn split(text: &str) -> (&str, Vec<(&str, &str)>) {
    let Some(start) = find(text, " OPTIONS (") else { return (text, Vec::new()) };
    let rest = &text[start + " OPTIONS (".len()..];
    let list = &rest[..find(rest, ")").unwrap_or(rest.len())];
    let option = |text| find(text, " ").map(|space| (&text[..space], &text[space + 1..]));
    (&text[..start], parts(list).filter_map(option).collect())
}

/// The start of a definition without the version of a server, and that.
fn without_version(head: &str) -> (String, Option<&str>) {
    const START: &str = " VERSION ";
    let Some(start) = find(head, START) else { return (head.trim_end_matches(';').to_owned(), None) };
    let rest = &head[start + START.len()..];
    let end = find(rest, " ").unwrap_or(rest.len());
    (format!("{}{}", &head[..start], rest[end..].trim_end_matches(';')), Some(&rest[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_outside_of_quotes() {
        let (head, options) =
            split("CREATE SERVER \"a OPTIONS (\" VERSION '1, ''2' OPTIONS (b 'c, )''', \"d e\" 'f');");
        assert_eq!(head, "CREATE SERVER \"a OPTIONS (\" VERSION '1, ''2'");
        assert_eq!(options, [("b", "'c, )'''"), ("\"d e\"", "'f'")]);
        assert_eq!(without_version(head), ("CREATE SERVER \"a OPTIONS (\"".to_owned(), Some("'1, ''2'")));
    }

    #[test]
    fn options_are_added_set_and_dropped() {
        let clause = clause(&[("a", "'1'"), ("b", "'2'"), ("c", "'3'")], &[("b", "'2'"), ("c", "'4'"), ("d", "'5'")]);
        assert_eq!(clause.as_deref(), Some("OPTIONS (DROP a, SET c '4', ADD d '5')"));
    }
}
