//! One statement of a file in `objects`: what it creates, what it refers to, and whether it can run again.

use std::collections::BTreeSet;

use crate::script_error::Problem;
use crate::transaction::significant;

/// A name, optionally qualified with a schema, as PostgreSQL stores it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectName {
    /// The schema, if the statement names it.
    pub schema: Option<String>,
    /// The name.
    pub name: String,
}

/// What a statement creates or replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreatedObject {
    /// A view.
    View(ObjectName),
    /// A function, procedure or aggregate, which may be overloaded.
    Routine(ObjectName),
    /// A trigger.
    Trigger {
        /// Its name.
        name: String,
        /// Its table or view.
        table: ObjectName,
        /// Whether the statement replaces one that exists.
        replaces: bool,
    },
    /// A row security policy.
    Policy {
        /// Its name.
        name: String,
        /// Its table.
        table: ObjectName,
    },
}

/// The dotted names in a statement, each as its parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// Those that the server resolves when the statement runs.
    pub(crate) early: BTreeSet<Vec<String>>,
    /// Those in strings, such as the body of a PL/pgSQL function, which are resolved when it is called.
    pub(crate) late: BTreeSet<Vec<String>>,
}

impl ObjectName {
    /// Whether a dotted name in another statement may refer to this one.
    pub(crate) fn is_meant_by(&self, parts: &[String]) -> bool {
        parts.iter().enumerate().any(|(index, part)| {
            *part == self.name
                && match (&self.schema, index) {
                    (_, 0) => true,
                    (Some(schema), index) => parts[index - 1] == *schema,
                    (None, index) => index == 1,
                }
        })
    }
}

/// What a statement creates; `None` for GRANT, REVOKE, COMMENT and ALTER.
///
/// # Errors
/// The statement can't run again, or changes more than views, routines, triggers, policies, privileges and comments.
pub(crate) fn created(text: &str) -> Result<Option<CreatedObject>, Problem> {
    let mut rest = Rest { tokens: &significant(text) };
    let refused = || Problem::NotRepeatable { statement: command(text) };
    if rest.take(&["create"]) {
        return create(&mut rest, text)?.map(Some).ok_or_else(refused);
    }
    let is_alter = rest.take(&["alter"])
        && ["view", "function", "procedure", "routine", "aggregate"].iter().any(|kind| rest.take(&[kind]))
        && !rest.has(&["rename"])
        && !rest.has(&["set", "schema"]);
    let is_repeatable = is_alter || ["grant", "revoke", "comment"].iter().any(|word| rest.take(&[word]));
    if is_repeatable { Ok(None) } else { Err(refused()) }
}

fn create(rest: &mut Rest<'_, '_>, text: &str) -> Result<Option<CreatedObject>, Problem> {
    let replaces = rest.take(&["or", "replace"]);
    let replaced = |object| match replaces {
        true => Ok(Some(object)),
        false => Err(Problem::NotReplacing { statement: command(text) }),
    };
    if rest.take(&["view"]) || rest.take(&["recursive", "view"]) {
        return rest.name().map_or(Ok(None), |name| replaced(CreatedObject::View(name)));
    }
    if ["function", "procedure", "aggregate"].iter().any(|kind| rest.take(&[kind])) {
        return rest.name().map_or(Ok(None), |name| replaced(CreatedObject::Routine(name)));
    }
    let is_trigger = rest.take(&["trigger"]) || rest.take(&["constraint", "trigger"]);
    if !is_trigger && !rest.take(&["policy"]) {
        return Ok(None);
    }
    let Some(ObjectName { name, schema: None }) = rest.name() else { return Ok(None) };
    while !rest.tokens.is_empty() && !rest.take(&["on"]) {
        rest.tokens = &rest.tokens[1..];
    }
    let table = rest.name();
    Ok(table.map(|table| match is_trigger {
        true => CreatedObject::Trigger { name, table, replaces },
        false => CreatedObject::Policy { name, table },
    }))
}

/// The first words of a statement, up to the kind of the object, in capitals.
fn command(text: &str) -> String {
    const VERBS: [&str; 8] = ["create", "alter", "drop", "refresh", "start", "prepare", "lock", "set"];
    let mut words = Vec::new();
    for token in significant(text).into_iter().filter(|token| token.starts_with(char::is_alphabetic)) {
        let word = token.to_ascii_uppercase();
        if matches!(word.as_str(), "OR" | "REPLACE" | "UNIQUE" | "TEMP" | "UNLOGGED" | "CONSTRAINT") {
            continue;
        }
        words.push(word);
        let is_whole = !VERBS.iter().any(|verb| words[0].eq_ignore_ascii_case(verb))
            || words.len() == 2 && !matches!(words[1].as_str(), "MATERIALIZED" | "FOREIGN" | "DEFAULT" | "EVENT")
            || words.len() == 3;
        if is_whole {
            break;
        }
    }
    words.join(" ")
}

/// The dotted names in a statement.
pub(crate) fn names(text: &str) -> Names {
    let mut found = Names::default();
    let tokens = significant(text);
    collect(&tokens, &mut found.early);
    let is_early = language(&tokens).is_some_and(|language| language == "sql");
    for body in tokens.iter().filter_map(|token| contents(token)) {
        let names = if is_early { &mut found.early } else { &mut found.late };
        collect(&significant(&body), names);
    }
    found
}

fn collect(tokens: &[&str], names: &mut BTreeSet<Vec<String>>) {
    let mut index = 0;
    while index < tokens.len() {
        let Some(first) = identifier(tokens[index]) else {
            index += 1;
            continue;
        };
        let mut parts = vec![first];
        index += 1;
        while let [".", next, ..] = tokens[index..]
            && let Some(part) = identifier(next)
        {
            parts.push(part);
            index += 2;
        }
        names.insert(parts);
    }
}

/// The language of a function or procedure whose body is a string.
fn language(tokens: &[&str]) -> Option<String> {
    let at = tokens.iter().position(|token| token.eq_ignore_ascii_case("language"))?;
    let name = tokens.get(at + 1)?;
    identifier(name).or_else(|| contents(name)).map(|name| name.to_ascii_lowercase())
}

/// An identifier, as PostgreSQL stores it.
fn identifier(token: &str) -> Option<String> {
    if let Some(quoted) = token.strip_prefix('"') {
        return Some(quoted.trim_end_matches('"').replace("\"\"", "\""));
    }
    let is_identifier = token.starts_with(|c: char| c.is_alphabetic() || c == '_') && !token.contains('\'');
    is_identifier.then(|| token.to_ascii_lowercase())
}

/// The contents of a string.
fn contents(token: &str) -> Option<String> {
    if token.starts_with('$') {
        let tag = token.find('$').and_then(|_| token[1..].find('$')).map(|end| &token[..end + 2])?;
        return Some(token.strip_prefix(tag)?.strip_suffix(tag)?.to_owned());
    }
    let quoted = token.trim_start_matches(['E', 'e']).strip_prefix('\'')?.strip_suffix('\'')?;
    Some(quoted.replace("''", "'"))
}

/// The rest of a statement.
struct Rest<'t, 'a> {
    tokens: &'t [&'a str],
}

impl Rest<'_, '_> {
    /// Removes these keywords, if the rest begins with them.
    fn take(&mut self, keywords: &[&str]) -> bool {
        let begins = starts_with(self.tokens, keywords);
        if begins {
            self.tokens = &self.tokens[keywords.len()..];
        }
        begins
    }

    fn has(&self, keywords: &[&str]) -> bool {
        (0..self.tokens.len()).any(|start| starts_with(&self.tokens[start..], keywords))
    }

    /// Removes a name. A third part would be the database.
    fn name(&mut self) -> Option<ObjectName> {
        let mut parts = vec![identifier(self.tokens.first()?)?];
        self.tokens = &self.tokens[1..];
        while let [".", next, ..] = self.tokens {
            parts.push(identifier(next)?);
            self.tokens = &self.tokens[2..];
        }
        let name = parts.pop()?;
        Some(ObjectName { schema: parts.pop(), name })
    }
}

fn starts_with(tokens: &[&str], keywords: &[&str]) -> bool {
    tokens.len() >= keywords.len()
        && tokens.iter().zip(keywords).all(|(token, keyword)| token.eq_ignore_ascii_case(keyword))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(schema: Option<&str>, name: &str) -> ObjectName {
        ObjectName { schema: schema.map(str::to_owned), name: name.to_owned() }
    }

    #[test]
    fn finds_what_a_statement_creates() {
        use CreatedObject::{Policy, Routine, Trigger, View};
        let trigger = |replaces| Trigger { name: "T g".to_owned(), table: name(Some("app"), "t"), replaces };
        for (sql, expected) in [
            ("CREATE OR REPLACE VIEW App . \"V v\" (a) AS SELECT 1", Some(View(name(Some("app"), "V v")))),
            ("create or replace recursive view v (n) as values (1)", Some(View(name(None, "v")))),
            (
                "create or replace function f(a int) returns int language sql as 'select 1'",
                Some(Routine(name(None, "f"))),
            ),
            ("/* c */ CREATE OR REPLACE PROCEDURE app.p() BEGIN ATOMIC END", Some(Routine(name(Some("app"), "p")))),
            ("create trigger \"T g\" before update of a, b on app.t execute function f()", Some(trigger(false))),
            ("create or replace trigger \"T g\" after insert on app.t execute function f()", Some(trigger(true))),
            ("create constraint trigger \"T g\" after insert on app.t execute function f()", Some(trigger(false))),
            ("CREATE POLICY p ON t USING (true)", Some(Policy { name: "p".to_owned(), table: name(None, "t") })),
            ("GRANT SELECT ON t TO r", None),
            ("comment on view v is 'rename'", None),
            ("ALTER VIEW v OWNER TO r", None),
        ] {
            assert_eq!(created(sql), Ok(expected), "{sql}");
        }
    }

    #[test]
    fn refuses_what_does_not_run_again() {
        for (sql, command) in [
            ("CREATE TABLE t (a int)", "CREATE TABLE"),
            ("create unlogged table t ()", "CREATE TABLE"),
            ("CREATE MATERIALIZED VIEW m AS SELECT 1", "CREATE MATERIALIZED VIEW"),
            ("create unique index concurrently i on t (a)", "CREATE INDEX"),
            ("create temp view v as select 1", "CREATE VIEW"),
            ("INSERT INTO t VALUES (1)", "INSERT"),
            ("alter table t add a int", "ALTER TABLE"),
            ("alter view v rename to w", "ALTER VIEW"),
            ("alter function f() set schema app", "ALTER FUNCTION"),
            ("DROP VIEW v", "DROP VIEW"),
            ("begin", "BEGIN"),
            ("VACUUM t", "VACUUM"),
            ("DO $$ BEGIN END $$", "DO"),
        ] {
            assert_eq!(created(sql), Err(Problem::NotRepeatable { statement: command.to_owned() }), "{sql}");
        }
        for (sql, command) in
            [("create view v as select 1", "CREATE VIEW"), ("create function f() returns int", "CREATE FUNCTION")]
        {
            assert_eq!(created(sql), Err(Problem::NotReplacing { statement: command.to_owned() }), "{sql}");
        }
    }

    #[test]
    fn bodies_of_sql_are_resolved_early() {
        let late = |sql: &str| names(sql).late.into_iter().map(|parts| parts.join(".")).collect::<Vec<_>>();
        assert_eq!(late("create or replace function f() returns int language plpgsql as $b$ app.g $b$"), ["app.g"]);
        assert!(late("create or replace function f() returns int as $$ select g() $$ language SQL").is_empty());
        let early = names("create or replace function f() returns int as $$ select g() $$ language SQL").early;
        assert!(early.contains(&vec!["g".to_owned()]));
    }

    #[test]
    fn a_name_may_be_qualified() {
        let means = |own: ObjectName, parts: &[&str]| {
            own.is_meant_by(&parts.iter().map(|&part| part.to_owned()).collect::<Vec<_>>())
        };
        for parts in [&["v"][..], &["app", "v"], &["v", "a"], &["app", "v", "a"]] {
            assert!(means(name(Some("app"), "v"), parts), "{parts:?}");
        }
        assert!(!means(name(Some("app"), "v"), &["x", "v"]));
        assert!(means(name(None, "v"), &["public", "v"]));
        assert!(!means(name(None, "v"), &["x", "y", "v"]));
    }
}
