//! Classifies statements by how they interact with transactions.
//!
//! Source: `PreventInTransactionBlock` and its callers in PostgreSQL 17 (`src/backend/tcop/utility.c`, `commands/*.c`).

use std::ops::Range;

use squawk_lexer::{TokenKind, tokenize};

/// How a statement interacts with transactions, judged by its first words.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Nature {
    /// Whether the statement begins or ends a transaction, as BEGIN and COMMIT do.
    pub controls_transactions: bool,
    /// Whether PostgreSQL does not allow the statement in a transaction block.
    pub needs_no_transaction: bool,
    /// Whether the statement and its journal row can share a transaction, so that a crash leaves both or neither. Only for
    /// statements known to run in a transaction: CALL and DO can commit, and an unknown statement might not be allowed in one.
    pub journals_atomically: bool,
    /// Whether the statement changes session settings, which a resumed run must reapply.
    pub changes_session: bool,
    /// What lasts only until the end of a transaction, such as SET LOCAL, and has no effect without one.
    pub needs_a_transaction: bool,
    /// `DISCARD ALL`, which would release the migration lock.
    pub discards_session: bool,
    /// `COPY … TO STDOUT`: nothing reads what the server would send.
    pub copies_to_client: bool,
}

impl Nature {
    /// Whether some `Transaction` mode does not allow the statement.
    pub(crate) fn may_be_refused(self) -> bool {
        self.controls_transactions || self.needs_no_transaction || self.needs_a_transaction || self.copies_to_client
    }

    /// Classifies a statement.
    pub(crate) fn of(statement: &str) -> Self {
        let words = Words::first_of(statement);
        let words = words.list();
        let needs_no_transaction = needs_no_transaction(&words).is_some();
        Self {
            controls_transactions: transaction_control(&words).is_some(),
            needs_no_transaction,
            journals_atomically: !needs_no_transaction && runs_in_a_transaction(&words),
            changes_session: matches!(words.first(), Some(&("set" | "reset"))),
            needs_a_transaction: needs_a_transaction(statement, &words).is_some(),
            discards_session: matches!(words[..], ["discard", "all", ..]),
            copies_to_client: copies_to_client(&words),
        }
    }
}

/// The name of a command that controls transactions or that is not allowed in a transaction block.
pub(crate) fn refused_command(statement: &str) -> Option<&'static str> {
    let words = Words::first_of(statement);
    let words = words.list();
    transaction_control(&words).or_else(|| needs_no_transaction(&words))
}

/// The name of a command that has no effect without a transaction.
pub(crate) fn transaction_local_command(statement: &str) -> Option<&'static str> {
    needs_a_transaction(statement, &Words::first_of(statement).list())
}

fn runs_in_a_transaction(words: &[&str]) -> bool {
    match words {
        ["create" | "alter" | "drop", kind, ..] => *kind != "subscription",
        ["comment" | "copy" | "delete" | "grant" | "insert" | "merge" | "refresh" | "revoke", ..] => true,
        ["reset" | "security" | "select" | "set" | "truncate" | "update" | "with", ..] => true,
        _ => false,
    }
}

/// The first words outside parentheses, in lowercase, with quoted names as `_`. Includes the options of REINDEX.
struct Words {
    /// The statement up to the last word, in lowercase.
    text: String,
    places: Vec<Range<usize>>,
}

impl Words {
    fn first_of(text: &str) -> Self {
        const ENOUGH: usize = 24;
        let mut places: Vec<Range<usize>> = Vec::new();
        let (mut depth, mut offset) = (0usize, 0);
        let is_reindex = |places: &[Range<usize>]| {
            places.first().is_some_and(|first| text[first.clone()].eq_ignore_ascii_case("reindex"))
        };
        for token in tokenize(text) {
            let place = offset..offset + token.len as usize;
            offset = place.end;
            match token.kind {
                TokenKind::OpenParen => depth += 1,
                TokenKind::CloseParen => depth = depth.saturating_sub(1),
                TokenKind::Ident | TokenKind::QuotedIdent { .. } if depth == 0 => places.push(place),
                TokenKind::Ident if is_reindex(&places) => places.push(place),
                _ => {}
            }
            if places.len() == ENOUGH {
                break;
            }
        }
        let end = places.last().map_or(0, |last| last.end);
        Self { text: text[..end].to_ascii_lowercase(), places }
    }

    fn list(&self) -> Vec<&str> {
        let word = |place: &Range<usize>| {
            let word = &self.text[place.clone()];
            if word.ends_with('"') { "_" } else { word }
        };
        self.places.iter().map(word).collect()
    }
}

fn transaction_control(words: &[&str]) -> Option<&'static str> {
    Some(match words {
        ["begin", ..] => "BEGIN",
        ["abort", ..] => "ABORT",
        ["end", ..] => "END",
        ["commit", ..] => "COMMIT",
        ["rollback", rest @ ..] if !rest.contains(&"to") => "ROLLBACK",
        ["start", "transaction", ..] => "START TRANSACTION",
        ["prepare", "transaction", ..] => "PREPARE TRANSACTION",
        _ => return None,
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
        ["reindex", "schema", ..] => "REINDEX SCHEMA",
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
        _ => return None,
    })
}

fn needs_a_transaction(statement: &str, words: &[&str]) -> Option<&'static str> {
    let has = |sequence: &[&str]| words.windows(sequence.len()).any(|window| window == sequence);
    let of_transaction = |name: &&str| matches!(*name, "isolation" | "read_only" | "deferrable");
    Some(match words {
        ["set", "local", ..] => "SET LOCAL",
        ["set", "constraints", ..] => "SET CONSTRAINTS",
        ["set", "session", "transaction", ..] | ["set", "transaction", ..] => "SET TRANSACTION",
        ["set", "session", name, ..] | ["set", name, ..]
            if name.strip_prefix("transaction_").is_some_and(|name| of_transaction(&name)) =>
        {
            "SET TRANSACTION"
        }
        ["lock", ..] => "LOCK TABLE",
        ["savepoint", ..] => "SAVEPOINT",
        ["release", ..] => "RELEASE SAVEPOINT",
        ["rollback", rest @ ..] if rest.contains(&"to") => "ROLLBACK TO SAVEPOINT",
        ["declare", ..] if !has(&["with", "hold"]) => "DECLARE without WITH HOLD",
        ["create", ..] if has(&["on", "commit", "drop"]) => "ON COMMIT DROP",
        ["select", ..] => match only_call(statement)? {
            (name, arguments) if name == "set_config" => {
                let is_local = arguments.get(2).map(|argument| argument.trim_matches('\'').to_ascii_lowercase())?;
                ["true", "t", "on", "yes", "y", "1"].contains(&is_local.as_str()).then_some("set_config(…, true)")?
            }
            (name, _) if name.starts_with("pg_") && name.contains("advisory_xact_lock") => "pg_advisory_xact_lock",
            _ => return None,
        },
        _ => return None,
    })
}

fn copies_to_client(words: &[&str]) -> bool {
    // The grammar takes STDIN for STDOUT and the reverse.
    let to_client = |window: &[&str]| matches!(window, ["to", "stdout" | "stdin"]);
    matches!(words, ["copy", ..]) && words.windows(2).any(to_client)
}

/// The function and the arguments of a SELECT that does nothing but call it.
fn only_call(statement: &str) -> Option<(String, Vec<String>)> {
    let tokens = significant(statement);
    let rest = match &tokens[1..] {
        [schema, ".", rest @ ..] if schema.eq_ignore_ascii_case("pg_catalog") => rest,
        rest => rest,
    };
    let [name, "(", rest @ ..] = rest else { return None };
    let rest = rest.strip_suffix(&[";"]).unwrap_or(rest);
    let rest = rest.strip_suffix(&[")"])?;
    let (mut depth, mut arguments) = (0usize, vec![String::new()]);
    for token in rest {
        match *token {
            "(" => depth += 1,
            ")" => depth = depth.checked_sub(1)?,
            "," if depth == 0 => {
                arguments.push(String::new());
                continue;
            }
            _ => {}
        }
        arguments.last_mut()?.push_str(token);
    }
    Some((name.to_ascii_lowercase(), arguments))
}

/// The tokens of a statement without white space and comments.
pub fn significant(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut offset = 0;
    for token in tokenize(text) {
        let part = &text[offset..offset + token.len as usize];
        offset += part.len();
        let is_gap =
            matches!(token.kind, TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. });
        if !is_gap {
            tokens.push(part);
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detects_statements_that_a_transaction_block_does_not_allow() {
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
            assert!(Nature::of(sql).needs_no_transaction, "{sql}");
        }
        for sql in ["BEGIN;", "commit", "start transaction", "rollback", "end;", "commit prepared 'x'"] {
            assert!(Nature::of(sql).controls_transactions, "{sql}");
        }
    }

    #[test]
    fn finds_what_has_no_effect_without_a_transaction() {
        for (sql, command) in [
            ("SET LOCAL lock_timeout = '3s'", "SET LOCAL"),
            ("set /* c */ transaction isolation level serializable", "SET TRANSACTION"),
            ("SET SESSION TRANSACTION READ ONLY", "SET TRANSACTION"),
            ("set transaction_read_only = on", "SET TRANSACTION"),
            ("SET CONSTRAINTS ALL DEFERRED", "SET CONSTRAINTS"),
            ("LOCK TABLE t", "LOCK TABLE"),
            ("lock t in share mode;", "LOCK TABLE"),
            ("SAVEPOINT s", "SAVEPOINT"),
            ("RELEASE s", "RELEASE SAVEPOINT"),
            ("ROLLBACK WORK TO SAVEPOINT s", "ROLLBACK TO SAVEPOINT"),
            ("DECLARE c CURSOR FOR SELECT 1", "DECLARE without WITH HOLD"),
            ("CREATE TEMP TABLE t (i int) ON COMMIT DROP", "ON COMMIT DROP"),
            ("SELECT pg_catalog.set_config('lock_timeout', '3' || 's', true);", "set_config(…, true)"),
            ("select set_config('a.b', f(1, 2), 'on')", "set_config(…, true)"),
            ("SELECT pg_advisory_xact_lock(1)", "pg_advisory_xact_lock"),
            ("SELECT pg_try_advisory_xact_lock_shared(1, 2);", "pg_advisory_xact_lock"),
        ] {
            assert_eq!(transaction_local_command(sql), Some(command), "{sql}");
        }
        for sql in [
            "SET lock_timeout = '3s'",
            "SET SESSION lock_timeout = '3s'",
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
            "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
            "CREATE TEMP TABLE t (i int)",
            "SELECT set_config('lock_timeout', '3s', false)",
            "SELECT set_config('a.b', 'x', true), f()",
            "SELECT pg_advisory_lock(1)",
            "ROLLBACK",
        ] {
            assert_eq!(transaction_local_command(sql), None, "{sql}");
        }
    }

    #[test]
    fn finds_what_discards_the_session() {
        for sql in ["DISCARD ALL", "/* c */ discard -- c\n all;"] {
            assert!(Nature::of(sql).discards_session, "{sql}");
        }
        for sql in ["DISCARD TEMP;", "DISCARD PLANS", "discard sequences", "DEALLOCATE ALL", "SELECT 'discard all'"] {
            assert!(!Nature::of(sql).discards_session, "{sql}");
        }
    }

    #[test]
    fn finds_copies_to_the_client() {
        let is = |sql: &str| Nature::of(sql).copies_to_client;
        for sql in ["COPY t TO STDOUT", "copy (select 1 to_) to stdout (format csv);", "COPY app.t (a) TO STDIN"] {
            assert!(is(sql), "{sql}");
        }
        for sql in ["COPY t FROM STDIN", "COPY t TO '/tmp/stdout'", "COPY t TO PROGRAM 'cat'", "COPY stdout TO 'f'"] {
            assert!(!is(sql), "{sql}");
        }
    }

    #[test]
    fn only_known_transactional_statements_journal_atomically() {
        let takes = |sql: &str| Nature::of(sql).journals_atomically;
        for sql in ["insert into t values (1);", "alter type t add value 'x'", "with a as (select 1) delete from t"] {
            assert!(takes(sql), "{sql}");
        }
        for sql in [
            "vacuum t",
            "create index concurrently i on t (a)",
            "call p()",
            "do $$ begin end $$",
            "drop subscription s",
        ] {
            assert!(!takes(sql), "{sql}");
        }
    }

    #[test]
    fn accepts_all_other_statements() {
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
            let nature = Nature::of(sql);
            assert!(!nature.needs_no_transaction && !nature.controls_transactions, "{sql}");
            assert_eq!(refused_command(sql), None, "{sql}");
        }
    }
}
