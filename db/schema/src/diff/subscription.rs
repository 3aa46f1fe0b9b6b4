//! Changes of subscriptions.

use crate::diff::script::Statement;
use crate::diff::versions::{Change, Versions};
use crate::model::subscription::Subscription;

/// The options that ALTER SUBSCRIPTION can set without the publisher, with what they are if a definition has none.
const OPTIONS: [(&str, &str); 8] = [
    ("slot_name", "NONE"),
    ("binary", "false"),
    ("streaming", "off"),
    ("synchronous_commit", "off"),
    ("disable_on_error", "false"),
    ("password_required", "true"),
    ("run_as_owner", "false"),
    ("origin", "any"),
];

/// What makes one subscription the other. To replace one would copy the tables again, and drop the slot.
pub(crate) fn change(versions: &Versions<'_>, old: u32, new: u32) -> Change {
    let before = versions.old.model.subscriptions.get(&old).zip(versions.new_object.target.as_deref());
    let (Some((before, target)), Some(after)) = (before, versions.new.model.subscriptions.get(&new)) else {
        return versions.text();
    };
    statements(target, before, after).map_or(Change::Replace, Change::of)
}

/// `None` if an option differs that can't be altered, or not without the publisher.
fn statements(target: &str, before: &Subscription, after: &Subscription) -> Option<Vec<Statement>> {
    let (options, new_options) = (before.options(), after.options());
    let value = |options: &[(&str, &'_ str)], name: &str| {
        options.iter().find(|option| option.0 == name).map(|option| option.1.to_owned())
    };
    let mut names = options.iter().chain(&new_options).map(|(name, _)| *name);
    let is_known = |name: &str| OPTIONS.iter().any(|(known, _)| *known == name);
    if names.any(|name| value(&options, name) != value(&new_options, name) && !is_known(name)) {
        return None;
    }
    let mut statements = Vec::new();
    let mut alter = |action: String| statements.push(Statement::new(format!("ALTER {target} {action};")));
    if before.connection != after.connection {
        alter(format!("CONNECTION {}", after.connection));
    }
    if before.publications != after.publications {
        // The subscription may have no connection to the publisher.
        alter(format!("SET PUBLICATION {} WITH (refresh = false)", after.publications.join(", ")));
    }
    let differing = OPTIONS.iter().filter_map(|&(name, usual)| {
        let now = |options| value(options, name).unwrap_or_else(|| usual.to_owned());
        (now(&options) != now(&new_options)).then(|| format!("{name} = {}", now(&new_options)))
    });
    let differing: Vec<String> = differing.collect();
    if !differing.is_empty() {
        alter(format!("SET ({})", differing.join(", ")));
    }
    Some(statements)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn altered(before: &Subscription, after: &Subscription) -> Option<Vec<String>> {
        let statements = statements("SUBSCRIPTION s", before, after)?;
        Some(statements.into_iter().map(|statement| statement.sql).collect())
    }

    #[test]
    fn connection_publications_and_options_are_altered() {
        let before = Subscription {
            connection: "'dbname='' WITH ('''".to_owned(),
            publications: vec!["a".to_owned()],
            slot_name: "NONE".to_owned(),
            is_binary: true,
            ..Subscription::default()
        };
        let after = Subscription {
            connection: "'dbname=b'".to_owned(),
            publications: vec!["a".to_owned(), "\"b WITH (\"".to_owned()],
            slot_name: "'x, y'".to_owned(),
            origin: Some("none".to_owned()),
            ..Subscription::default()
        };
        let expected = [
            "ALTER SUBSCRIPTION s CONNECTION 'dbname=b';",
            "ALTER SUBSCRIPTION s SET PUBLICATION a, \"b WITH (\" WITH (refresh = false);",
            "ALTER SUBSCRIPTION s SET (slot_name = 'x, y', binary = false, origin = none);",
        ];
        assert_eq!(altered(&before, &after).expect("can be altered"), expected);
    }

    #[test]
    fn what_needs_the_publisher_is_replaced() {
        let before = Subscription { slot_name: "'s'".to_owned(), ..Subscription::default() };
        assert_eq!(altered(&before, &Subscription { has_failover: true, ..before.clone() }), None);
        assert_eq!(altered(&before, &Subscription { has_two_phases: true, ..before.clone() }), None);
    }
}
