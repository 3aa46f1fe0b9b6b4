//! Which statements PostgreSQL refuses in a transaction, and which would end the engine's own.
//!
//! Source: `PreventInTransactionBlock` and its callers in PostgreSQL 17 (`src/backend/tcop/utility.c`, `commands/*.c`).

use squawk_lexer::{TokenKind, tokenize};

use crate::error::{Problem, ScriptError};
use crate::header::TransactionMode;
use crate::script::Statement;

/// Refuses transaction control everywhere, and in a transaction what can't run in one.
pub(crate) fn check(statement: &Statement, mode: TransactionMode) -> Result<(), ScriptError> {
    let words = leading_words(&statement.text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let problem = if let Some(statement) = transaction_control(&words) {
        Problem::TransactionControl { statement }
    } else if let (TransactionMode::On, Some(statement)) = (mode, needs_no_transaction(&words)) {
        Problem::NotInTransaction { statement }
    } else {
        return Ok(());
    };
    Err(statement.error(problem))
}

/// The unquoted words outside parentheses, in lower case; a quoted name is a `_`. The options of REINDEX count too.
fn leading_words(text: &str) -> Vec<String> {
    const ENOUGH: usize = 24;
    let mut words = Vec::new();
    let mut depth = 0usize;
    let mut offset = 0;
    for token in tokenize(text) {
        let start = offset;
        offset += token.len as usize;
        match token.kind {
            TokenKind::OpenParen => depth += 1,
            TokenKind::CloseParen => depth = depth.saturating_sub(1),
            TokenKind::Ident if depth == 0 || words.first().is_some_and(|first| first == "reindex") => {
                words.push(text[start..offset].to_ascii_lowercase())
            }
            TokenKind::QuotedIdent { .. } if depth == 0 => words.push("_".to_owned()),
            _ => {}
        }
        if words.len() == ENOUGH {
            break;
        }
    }
    words
}

fn transaction_control(words: &[&str]) -> Option<String> {
    let ends_or_begins = match words {
        ["begin" | "abort" | "end", ..] | ["start", "transaction", ..] | ["prepare", "transaction", ..] => true,
        ["commit", ..] => true,
        ["rollback", rest @ ..] => !rest.contains(&"to"),
        _ => false,
    };
    ends_or_begins.then(|| {
        let length = if matches!(words, ["start" | "prepare", ..]) { 2 } else { 1 };
        words[..length].join(" ").to_uppercase()
    })
}

fn needs_no_transaction(words: &[&str]) -> Option<&'static str> {
    Some(match words {
        ["create", "index", "concurrently", ..] | ["create", "unique", "index", "concurrently", ..] => {
            "CREATE INDEX CONCURRENTLY"
        }
        ["drop", "index", "concurrently", ..] => "DROP INDEX CONCURRENTLY",
        ["reindex", rest @ ..] if rest.contains(&"concurrently") => "REINDEX CONCURRENTLY",
        ["reindex", "database" | "system", ..] => "REINDEX DATABASE",
        ["alter", "table", rest @ ..] if rest.contains(&"detach") && rest.contains(&"concurrently") => {
            "ALTER TABLE … DETACH PARTITION CONCURRENTLY"
        }
        ["vacuum", ..] => "VACUUM",
        ["cluster"] | ["cluster", "verbose"] => "CLUSTER of every table",
        ["create", "database", ..] => "CREATE DATABASE",
        ["drop", "database", ..] => "DROP DATABASE",
        ["alter", "database", _, "set", "tablespace", ..] => "ALTER DATABASE … SET TABLESPACE",
        ["create", "tablespace", ..] => "CREATE TABLESPACE",
        ["drop", "tablespace", ..] => "DROP TABLESPACE",
        ["alter", "system", ..] => "ALTER SYSTEM",
        ["discard", "all"] => "DISCARD ALL",
        _ => return None,
    })
}

/// The name of the index that a CREATE INDEX CONCURRENTLY makes, as written; `None` for any other statement, and if the
/// server chooses the name.
pub(crate) fn concurrent_index(text: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    let mut offset = 0;
    for token in tokenize(text) {
        let part = &text[offset..offset + token.len as usize];
        offset += part.len();
        let is_gap =
            matches!(token.kind, TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. });
        if !is_gap {
            words.push(part);
        }
        if part == "(" {
            break;
        }
    }
    let is = |word: &&str, keyword: &str| word.eq_ignore_ascii_case(keyword);
    let begins = matches!(words.as_slice(), [create, index, concurrently, ..]
            if is(create, "create") && is(index, "index") && is(concurrently, "concurrently"))
        || matches!(words.as_slice(), [create, unique, index, concurrently, ..]
            if is(create, "create") && is(unique, "unique") && is(index, "index") && is(concurrently, "concurrently"));
    let after = words.iter().position(|word| is(word, "concurrently")).filter(|_| begins)? + 1;
    let mut name = &words[after..];
    if let [first, second, third, rest @ ..] = name
        && is(first, "if")
        && is(second, "not")
        && is(third, "exists")
    {
        name = rest;
    }
    let end = name.iter().position(|word| is(word, "on"))?;
    (end > 0).then(|| name[..end].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(sql: &str) -> Option<String> {
        let statement = Statement {
            text: sql.to_owned(),
            line: 1,
            column: 1,
            copy: None,
            is_terminated: true,
            is_empty: false,
            digest: [0; 32],
        };
        check(&statement, TransactionMode::On).err().map(|error| error.problem.to_string())
    }

    #[test]
    fn refuses_what_postgresql_refuses() {
        for sql in [
            "create index concurrently on t (a)",
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)",
            "/* c */ drop index concurrently i",
            "reindex (verbose) table concurrently t",
            "reindex (concurrently) table t",
            "alter table p detach partition c concurrently",
            "vacuum (analyze) t",
            "alter database d set tablespace s",
        ] {
            assert!(verdict(sql).is_some_and(|text| text.contains("can't run in a transaction")), "{sql}");
        }
        for sql in ["BEGIN;", "commit", "start transaction", "rollback", "end;", "commit prepared 'x'"] {
            assert!(verdict(sql).is_some_and(|text| text.contains("the engine begins")), "{sql}");
        }
    }

    #[test]
    fn finds_the_name_of_a_concurrent_index() {
        let name = |sql| concurrent_index(sql);
        assert_eq!(name("CREATE INDEX CONCURRENTLY i ON t (a)").as_deref(), Some("i"));
        assert_eq!(
            name("create unique index concurrently if not exists -- c\n app . \"My i\" on t (a)").as_deref(),
            Some("app.\"My i\"")
        );
        assert_eq!(name("create index concurrently on t (a)"), None);
        assert_eq!(name("create index i on t (a)"), None);
    }

    #[test]
    fn lets_everything_else_pass() {
        for sql in [
            "create index concurrently_i on t (a)",
            "create index i on concurrently (a)",
            "refresh materialized view concurrently v",
            "rollback to savepoint s",
            "savepoint s",
            "alter type t add value 'x'",
            "cluster t using i",
            "alter database d set work_mem = '1MB'",
            "select 'vacuum'",
        ] {
            assert_eq!(verdict(sql), None, "{sql}");
        }
    }
}
