//! Changes of subscriptions.

use crate::diff::definition::{self, find, parts};
use crate::diff::script::Statement;
use crate::diff::versions::{Change, Versions};

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

/// The parts of a definition.
struct Definition<'a> {
    connection: &'a str,
    publications: &'a str,
    options: Vec<(&'a str, &'a str)>,
}

/// What makes one subscription the other. To replace one would copy the tables again, and drop the slot.
pub(crate) fn change(versions: &Versions<'_>) -> Change {
    definition::change(versions, |target, old, new| statements(target, &parse(old)?, &parse(new)?))
}

/// Whether a subscription has a replication slot on its publisher.
pub(crate) fn has_slot(definition: &str) -> bool {
    parse(definition).is_some_and(|found| found.value("slot_name").is_some_and(|name| name != "NONE"))
}

/// `None` if an option differs that can't be altered, or not without the publisher.
fn statements(target: &str, before: &Definition<'_>, after: &Definition<'_>) -> Option<Vec<Statement>> {
    let mut names = before.options.iter().chain(&after.options).map(|(name, _)| *name);
    let is_known = |name: &str| OPTIONS.iter().any(|(known, _)| *known == name);
    if names.any(|name| before.value(name) != after.value(name) && !is_known(name)) {
        return None;
    }
    let mut statements = Vec::new();
    let mut alter = |action: String| statements.push(Statement::new(format!("ALTER {target} {action};")));
    if before.connection != after.connection {
        alter(format!("CONNECTION {}", after.connection));
    }
    if before.publications != after.publications {
        // The subscription may have no connection to the publisher.
        alter(format!("SET PUBLICATION {} WITH (refresh = false)", after.publications));
    }
    let differing = OPTIONS.iter().filter_map(|&(name, usual)| {
        let value = after.value(name).unwrap_or(usual);
        (value != before.value(name).unwrap_or(usual)).then(|| format!("{name} = {value}"))
    });
    let differing: Vec<String> = differing.collect();
    if !differing.is_empty() {
        alter(format!("SET ({})", differing.join(", ")));
    }
    Some(statements)
}

impl<'a> Definition<'a> {
    fn value(&self, name: &str) -> Option<&'a str> {
        self.options.iter().find(|option| option.0 == name).map(|option| option.1)
    }
}

fn parse(definition: &str) -> Option<Definition<'_>> {
    let after = |text: &'_ str, part: &str| find(text, part).map(|at| at + part.len());
    let rest = &definition[after(definition, " CONNECTION ")?..];
    let (connection, rest) = rest.split_at(find(rest, " PUBLICATION ")?);
    let rest = &rest[" PUBLICATION ".len()..];
    let (publications, rest) = rest.split_at(find(rest, " WITH (")?);
    let list = rest.strip_prefix(" WITH (")?.strip_suffix(");")?;
    let options = parts(list).filter_map(|option| option.split_once(" = ")).collect();
    Some(Definition { connection, publications, options })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn altered(before: &str, after: &str) -> Option<Vec<String>> {
        let [before, after] = [before, after].map(|text| parse(text).expect("is a definition"));
        let statements = statements("SUBSCRIPTION s", &before, &after)?;
        Some(statements.into_iter().map(|statement| statement.sql).collect())
    }

    #[test]
    fn connection_publications_and_options_are_altered() {
        let before = "CREATE SUBSCRIPTION s CONNECTION 'dbname='' WITH (''' PUBLICATION a \
                      WITH (connect = false, slot_name = NONE, binary = true);";
        let after = "CREATE SUBSCRIPTION s CONNECTION 'dbname=b' PUBLICATION a, \"b WITH (\" \
                     WITH (connect = false, slot_name = 'x, y', origin = none);";
        let expected = [
            "ALTER SUBSCRIPTION s CONNECTION 'dbname=b';",
            "ALTER SUBSCRIPTION s SET PUBLICATION a, \"b WITH (\" WITH (refresh = false);",
            "ALTER SUBSCRIPTION s SET (slot_name = 'x, y', binary = false, origin = none);",
        ];
        assert_eq!(altered(before, after).expect("can be altered"), expected);
    }

    #[test]
    fn what_needs_the_publisher_is_replaced() {
        let with = |option: &str| {
            format!(
                "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION a WITH (connect = false, slot_name = 's'{option});"
            )
        };
        assert_eq!(altered(&with(""), &with(", failover = true")), None);
        assert_eq!(altered(&with(""), &with(", two_phase = on")), None);
    }
}
