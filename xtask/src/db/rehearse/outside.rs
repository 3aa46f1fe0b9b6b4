//! Finds statements whose effects would outlive the rollback of a rehearsal, so that they do not run.
//!
//! Functions that a statement calls without naming them, such as through a cast or a rule, are not found.

use std::collections::HashMap;

use anyhow::Result;
use connection::{Connection, QueryError};
use revision::{Direction, Script};

/// The names that a statement must not mention, in lower case, each with the reason.
pub(super) struct Outside(HashMap<String, String>);

impl Outside {
    pub(super) fn read(connection: &mut Connection) -> Result<Self, QueryError> {
        let rows = connection.query(include_str!("outside.sql"))?;
        let pair = |row: Vec<Option<String>>| {
            let mut columns = row.into_iter();
            Some((columns.next()??, columns.next()??))
        };
        Ok(Self(rows.into_iter().filter_map(pair).collect()))
    }

    /// Why a revision can't be rehearsed, if it can't. Also remembers the functions that it creates and the triggers that call
    /// them, for later revisions.
    pub(super) fn reason(&mut self, script: &Script, direction: Direction) -> Result<Option<String>> {
        if !script.is_transactional() {
            return Ok(Some("`Transaction: off` can't be rolled back".to_owned()));
        }
        if let Some(reason) = self.0.get("*") {
            return Ok(Some(format!("{reason}, which a rollback does not undo")));
        }
        for statement in script.section(direction).into_iter().flat_map(|section| script.effective(section)) {
            let statement = statement?;
            let text = script.text(&statement)?.to_lowercase();
            if let Some(reason) = self.of_statement(&text) {
                return Ok(Some(format!("line {} {reason}", statement.place.line)));
            }
        }
        Ok(None)
    }

    fn of_statement(&mut self, text: &str) -> Option<String> {
        let words: Vec<&str> = words(text).collect();
        let named = words.iter().find_map(|&word| Some((word, self.0.get(word)?)));
        if let Some(created) = created(text, &words) {
            // It is not called yet.
            if let Some((name, _)) = named {
                let reason = format!("it calls {name}");
                self.0.insert(created, reason);
            }
            return None;
        }
        if let Some((name, reason)) = named {
            return Some(format!("has `{name}`: {reason}"));
        }
        let runs_program = words.first() == Some(&"copy") && words.contains(&"program");
        runs_program.then(|| "runs a program: a rollback does not undo it".to_owned())
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// What a statement defines without running it: a function, or for a trigger, its table.
fn created(text: &str, words: &[&str]) -> Option<String> {
    let kind = words.iter().copied().find(|word| ["function", "procedure", "trigger"].contains(word))?;
    let is_definition = matches!(words, ["create", ..]) && words.iter().take(5).any(|word| *word == kind);
    let before = if kind == "trigger" { "on" } else { kind };
    let mut rest = text.split_whitespace().skip_while(|word| *word != before).skip(1);
    let name = rest.next().filter(|_| is_definition)?;
    let name = name.split('(').next()?.rsplit('.').next()?;
    Some(name.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::Outside;

    #[test]
    fn what_outlives_a_rollback_is_found() {
        let mut outside = Outside(HashMap::from([("setval".to_owned(), "a rollback does not undo it".to_owned())]));
        let mut reason = |text: &str| outside.of_statement(&text.to_lowercase());
        assert_eq!(reason("SELECT nextval('s')"), None);
        assert_eq!(reason("CREATE TABLE setvalue (i int)"), None);
        assert!(reason("SELECT pg_catalog.setval('s', 9)").is_some());
        assert!(reason("DO $$ BEGIN PERFORM setval('s', 9); END $$").is_some());
        assert!(reason("COPY t TO PROGRAM 'true'").is_some());
        // A function is defined first, and called later.
        assert_eq!(reason("CREATE OR REPLACE FUNCTION public.moves (i int) RETURNS int AS 'SELECT setval(1)'"), None);
        assert!(reason("SELECT moves(1)").is_some());
        assert_eq!(reason("CREATE TRIGGER g AFTER INSERT ON \"rooms\" EXECUTE FUNCTION moves()"), None);
        assert!(reason("INSERT INTO rooms VALUES (1)").is_some());
        assert_eq!(reason("CREATE FUNCTION plain() RETURNS int RETURN 1"), None);
        assert_eq!(reason("SELECT plain()"), None);
    }
}
