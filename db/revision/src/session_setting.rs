//! Which statement undoes what a statement has set for the rest of its session.
//!
//! Pure: the text of one statement is read, not the body of a function or of a DO block.

use crate::transaction::significant;

/// The timeouts that the engine sets for a revision in a transaction: a RESET would return to none.
const TIMEOUTS: [&str; 2] = ["lock_timeout", "statement_timeout"];

/// `RESET …` for a SET, or for a SELECT of `set_config`; none for other statements, and for settings that end with their
/// transaction in any case.
pub(crate) fn reset_of(statement: &str, is_transactional: bool) -> Option<String> {
    let tokens = significant(statement);
    let words: Vec<String> = tokens.iter().map(|token| token.to_ascii_lowercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let reset = match &words[..] {
        ["set", rest @ ..] => of_set(rest)?,
        ["select", "set_config", "(", name, ..] | ["select", "pg_catalog", ".", "set_config", "(", name, ..] => {
            of_name(name.strip_prefix('\'')?.strip_suffix('\'')?)?
        }
        _ => return None,
    };
    let is_timeout = TIMEOUTS.iter().any(|name| reset == format!("RESET {name}"));
    (!(is_timeout && is_transactional)).then_some(reset)
}

fn of_set(words: &[&str]) -> Option<String> {
    let words = match words {
        ["session" | "local", "session", rest @ ..] => [&["session"], rest].concat(),
        ["session", "authorization", ..] => words.to_vec(),
        ["session" | "local", rest @ ..] => rest.to_vec(),
        words => words.to_vec(),
    };
    match &words[..] {
        ["constraints" | "transaction" | "characteristics" | "seed", ..] => None,
        ["session", "authorization", ..] => Some("RESET SESSION AUTHORIZATION".to_owned()),
        ["time", "zone", ..] => Some("RESET TIME ZONE".to_owned()),
        ["names", ..] => Some("RESET client_encoding".to_owned()),
        ["schema", ..] => Some("RESET search_path".to_owned()),
        ["xml", "option", ..] => Some("RESET xmloption".to_owned()),
        words => {
            let end = words.iter().position(|word| ["=", "to", "from"].contains(word)).unwrap_or(1);
            of_name(&words[..end.min(words.len())].concat())
        }
    }
}

fn of_name(name: &str) -> Option<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_.\"".contains(c);
    (!name.is_empty() && name.chars().all(is_name)).then(|| format!("RESET {name}"))
}

#[cfg(test)]
mod tests {
    use super::reset_of;

    #[test]
    fn undoes_what_is_set() {
        let of = |statement: &str| reset_of(statement, true);
        for (statement, reset) in [
            ("SET search_path = a, b;", "RESET search_path"),
            ("set local Search_Path to a", "RESET search_path"),
            ("SET SESSION app.tenant TO 'x';", "RESET app.tenant"),
            ("SET ROLE owner", "RESET role"),
            ("SET LOCAL SESSION AUTHORIZATION a", "RESET SESSION AUTHORIZATION"),
            ("SET SESSION AUTHORIZATION a", "RESET SESSION AUTHORIZATION"),
            ("SET TIME ZONE 'UTC'", "RESET TIME ZONE"),
            ("/* first */ SET NAMES 'UTF8'", "RESET client_encoding"),
            ("SET SCHEMA 'a'", "RESET search_path"),
            ("SET XML OPTION DOCUMENT", "RESET xmloption"),
            ("SELECT pg_catalog.set_config('search_path', '', false);", "RESET search_path"),
            ("select set_config('app.x', '1', true)", "RESET app.x"),
        ] {
            assert_eq!(of(statement).as_deref(), Some(reset), "{statement}");
        }
        for statement in [
            "SET CONSTRAINTS ALL DEFERRED",
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
            "SELECT set_config(name, '', false) FROM s",
            "UPDATE t SET a = 1",
            "RESET ALL",
        ] {
            assert_eq!(of(statement), None, "{statement}");
        }
        assert_eq!(of("SET lock_timeout = 0"), None);
        assert_eq!(reset_of("SET lock_timeout = 0", false).as_deref(), Some("RESET lock_timeout"));
    }
}
