//! The attributes of a changeset, which determine whether it is imported, and how its SQL is split.

use std::path::Path;

use super::comments::without_comments_in_bodies;
use crate::problem::Problem;

/// `name:value` pairs, of which a value can be in quotes.
#[derive(Debug, Default)]
pub(super) struct Attributes(Vec<(String, String)>);

/// Whether a changeset runs on PostgreSQL.
pub(super) enum Decision {
    /// Once, as a revision.
    Take,
    /// Whenever its text changes, as a file of `objects`.
    Repeat,
    Leave {
        attribute: String,
    },
}

impl Attributes {
    pub(super) fn parse(text: &str) -> Self {
        let mut attributes = Vec::new();
        let mut rest = text.trim_start();
        while let Some((name, after)) = rest.split_once(':').filter(|(name, _)| !name.contains(char::is_whitespace)) {
            let (value, after) = quoted_or_word(after);
            attributes.push((name.to_owned(), value.to_owned()));
            rest = after.trim_start();
        }
        Self(attributes)
    }

    /// The value of an attribute. Names have no case.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    fn is(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Whether the attribute, which is on by default, is off.
    pub(super) fn is_off(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("false"))
    }

    /// Whether the changeset is imported. A condition that only Liquibase can evaluate at run time is a problem.
    pub(super) fn decision(&self, path: &Path, line: u32) -> Result<Decision, Vec<Problem>> {
        if let Some(dbms) = self.get("dbms").filter(|dbms| !includes_postgres(dbms)) {
            return Ok(Decision::Leave { attribute: format!("dbms:{dbms}") });
        }
        if self.is("ignore") {
            return Ok(Decision::Leave { attribute: "ignore:true".to_owned() });
        }
        let mut found: Vec<String> = Vec::new();
        if self.is("runAlways") {
            found.push(
                "has `runAlways:true`, but nothing here runs at each upgrade: remove the attribute if once is enough, \
                 otherwise move the changeset out of the changelog, and import again"
                    .to_owned(),
            );
        }
        for name in ["context", "contexts", "contextFilter", "labels"] {
            if let Some(value) = self.get(name).filter(|value| !value.is_empty()) {
                found.push(format!(
                    "has `{name}:{value}`, which Liquibase evaluates at run time: remove the attribute if production has the \
                     changeset, otherwise the changeset"
                ));
            }
        }
        if self.is_off("failOnError") {
            found.push("has `failOnError:false`: a revision that fails is not applied".to_owned());
        }
        if let Some(program) = self.get("runWith").filter(|program| *program != "jdbc") {
            found.push(format!("has `runWith:{program}`, which sends it to another program"));
        }
        match found.is_empty() {
            true if self.is("runOnChange") => Ok(Decision::Repeat),
            true => Ok(Decision::Take),
            false => {
                let problem = |what| Problem::Unsupported { path: path.to_owned(), line: Some(line), what };
                Err(found.into_iter().map(problem).collect())
            }
        }
    }

    /// SQL as Liquibase sends it. `delimiter` is the attribute that names the delimiter.
    pub(super) fn sql(&self, text: &str, delimiter: &str) -> String {
        let text = if self.is_off("stripComments") { text.to_owned() } else { without_comments_in_bodies(text) };
        self.split(&text, delimiter)
    }

    /// SQL with semicolons in place of another delimiter, at the end of a line.
    fn split(&self, text: &str, name: &str) -> String {
        let delimiter = self.get(name).unwrap_or(";").replace("\\n", "").replace("\\s", "").replace('\\', "");
        let delimiter = delimiter.trim_end_matches(['$', '*', '+']).trim_start_matches('^');
        let delimiter = if delimiter.is_empty() { self.get(name).unwrap_or(";") } else { delimiter };
        if delimiter == ";" || !self.get("splitStatements").is_none_or(|value| value.eq_ignore_ascii_case("true")) {
            return text.to_owned();
        }
        let line = |line: &str| match ends_with(line.trim_end(), delimiter) {
            Some(before) if before.trim_end().ends_with(';') || before.trim().is_empty() => format!("{before}\n;\n"),
            Some(before) => format!("{before};\n"),
            None => line.to_owned(),
        };
        let text: String = text.split_inclusive('\n').map(line).collect();
        // A body that ends with a semicolon, with a delimiter on the next line.
        text.replace(";\n\n;\n", ";\n\n")
    }
}

fn ends_with<'l>(line: &'l str, delimiter: &str) -> Option<&'l str> {
    let start = line.len().checked_sub(delimiter.len()).filter(|&start| line.is_char_boundary(start))?;
    let is_whole = delimiter != "/" && !delimiter.eq_ignore_ascii_case("go") || line.trim() == &line[start..];
    (line[start..].eq_ignore_ascii_case(delimiter) && is_whole).then_some(&line[..start])
}

fn includes_postgres(dbms: &str) -> bool {
    let names: Vec<&str> = dbms.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let is = |name: &str| ["postgresql", "all"].iter().any(|known| name.eq_ignore_ascii_case(known));
    if names.iter().any(|name| name.strip_prefix('!').is_some_and(is)) {
        return false;
    }
    names.iter().any(|name| is(name)) || names.iter().all(|name| name.starts_with('!'))
}

/// A value in quotes, or up to white space, and the text after it.
pub(super) fn quoted_or_word(text: &str) -> (&str, &str) {
    let text = text.trim_start_matches([' ', '\t']);
    match text.strip_prefix('"').and_then(|inner| inner.split_once('"')) {
        Some(found) => found,
        None => text.split_at(text.find(char::is_whitespace).unwrap_or(text.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Attributes, includes_postgres};

    #[test]
    fn values_can_be_in_quotes() {
        let attributes = Attributes::parse(" splitStatements:false labels:\"a b\" endDelimiter:// dbms:postgresql,h2");
        assert_eq!(attributes.get("SPLITSTATEMENTS"), Some("false"));
        assert_eq!(attributes.get("labels"), Some("a b"));
        assert_eq!(attributes.get("endDelimiter"), Some("//"));
        assert_eq!(attributes.get("dbms"), Some("postgresql,h2"));
    }

    #[test]
    fn databases_can_be_negated() {
        assert!(["postgresql", "h2, PostgreSQL", "all", "!oracle", ""].iter().all(|dbms| includes_postgres(dbms)));
        assert!(["oracle", "!postgresql", "none", "h2,mysql"].iter().all(|dbms| !includes_postgres(dbms)));
    }

    #[test]
    fn another_delimiter_becomes_a_semicolon() {
        let split = |delimiter: &str, text: &str| {
            Attributes::parse(&format!("endDelimiter:{delimiter}")).split(text, "endDelimiter")
        };
        assert_eq!(split("//", "select 1 //\nselect 2\n//\n"), "select 1 ;\nselect 2\n\n;\n");
        assert_eq!(split("\\nGO", "select 1\ngo\nselect logo\n"), "select 1\n\n;\nselect logo\n");
        assert_eq!(split("@@", "do $$ begin end $$;\n@@\n"), "do $$ begin end $$;\n\n");
        assert_eq!(Attributes::default().split("a;\n", "endDelimiter"), "a;\n");
    }
}
