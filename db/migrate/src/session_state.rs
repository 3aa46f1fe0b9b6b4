//! Restores the session state that the finished statements of a `Transaction: off` revision had set up, for a run that
//! resumes in another session, or reports what can't be restored.

use connection::{QueryError, quote_identifier, quote_literal};
use revision::{Script, Statement};

use crate::session::Session;

/// What could not be restored.
pub(crate) enum Restored {
    Entirely,
    /// This is missing.
    Without(String),
}

/// Restores the state. `finished` are the statements that have run, as they are in the file.
pub(crate) fn restore(
    session: &mut Session,
    state: &str,
    script: &Script,
    finished: &[&Statement],
) -> Result<Restored, Restoring> {
    let parts =
        session.connection.query(&format!(include_str!("sql/session_parts.sql"), state = quote_literal(state)))?;
    let part = |kind: &str| -> Vec<(String, String)> {
        let text = |column: &Option<String>| column.clone().unwrap_or_default();
        let of_kind = parts.iter().filter(|row| row[0].as_deref() == Some(kind));
        of_kind.map(|row| (text(&row[1]), text(&row[2]))).collect()
    };
    if let Some((what, _)) = part("lost").into_iter().next() {
        return Ok(Restored::Without(what));
    }
    let mut sql = String::new();
    for (name, value) in part("setting") {
        let (name, value) = (quote_literal(&name), quote_literal(&value));
        sql.push_str(&format!("SELECT pg_catalog.set_config({name}, {value}, false);\n"));
    }
    session.connection.send(&sql)?;
    let prepared: Vec<String> = part("prepared").into_iter().map(|(name, _)| name).collect();
    if let Some(name) = prepare(session, script, finished, &prepared)? {
        return Ok(Restored::Without(format!("the prepared statement `{name}`")));
    }
    // Those that a function has listened to.
    for (channel, _) in part("channel") {
        session.connection.send(&format!("LISTEN {}", quote_identifier(&channel)))?;
    }
    for (role, _) in part("authorization") {
        session.connection.send(&format!("SET SESSION AUTHORIZATION {}", quote_identifier(&role)))?;
    }
    for (role, _) in part("role") {
        session.connection.send(&format!("SET ROLE {}", quote_identifier(&role)))?;
    }
    Ok(Restored::Entirely)
}

/// Sends the statements again whose effect on the session is not a setting: LISTEN, which the server does not show
/// before it is committed, LOAD, and PREPARE. Returns a prepared statement that is missing afterwards.
fn prepare(
    session: &mut Session,
    script: &Script,
    finished: &[&Statement],
    prepared: &[String],
) -> Result<Option<String>, Restoring> {
    for statement in finished {
        let text = script.text(statement).map_err(Restoring::File)?;
        let word: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
        let is_one_of = |words: &[&str]| words.iter().any(|wanted| word.eq_ignore_ascii_case(wanted));
        let prepares = !prepared.is_empty() && is_one_of(&["prepare", "deallocate"]);
        if prepares || is_one_of(&["listen", "unlisten", "load"]) {
            match session.connection.send(&text) {
                // It names something that a later statement has dropped. The comparison below shows whether it matters.
                Err(QueryError::Server(_)) if !session.connection.is_closed() => {}
                sent => sent?,
            }
        }
    }
    let names = session.connection.query("SELECT name FROM pg_prepared_statements")?;
    let exists = |name: &String| names.iter().any(|row| row[0].as_ref() == Some(name));
    Ok(prepared.iter().find(|name| !exists(name)).cloned())
}

/// Why the state was not restored.
pub(crate) enum Restoring {
    Query(QueryError),
    File(revision::Error),
}

impl From<QueryError> for Restoring {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

/// The names in a statement that may be those of settings which no extension defines: `app.tenant`.
pub(crate) fn custom_settings(text: &str) -> Vec<String> {
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'));
    let is_setting = |word: &&str| word.split_once('.').is_some_and(|(class, name)| is_name(class) && is_name(name));
    let mut names: Vec<String> = words.filter(is_setting).map(str::to_ascii_lowercase).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A function in a statement that asks which value of a sequence its session used last.
pub(crate) fn sequence_value(text: &str) -> Option<&'static str> {
    let text = text.to_ascii_lowercase();
    let mut words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.find_map(|word| ["currval", "lastval"].into_iter().find(|name| *name == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_custom_settings() {
        let text = "SET app.Tenant = 'x'; SELECT set_config('my.setting', a.b.c, false), 1.5";
        assert_eq!(custom_settings(text), ["app.tenant", "my.setting"]);
    }

    #[test]
    fn finds_functions_of_the_session() {
        assert_eq!(sequence_value("INSERT INTO t SELECT CurrVal('s')"), Some("currval"));
        assert_eq!(sequence_value("SELECT my_currval('s')"), None);
    }
}
