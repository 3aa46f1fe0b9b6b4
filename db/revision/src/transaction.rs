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
}

impl Nature {
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
        }
    }
}

/// The name of a command that controls transactions or that is not allowed in a transaction block.
pub(crate) fn refused_command(statement: &str) -> Option<&'static str> {
    let words = Words::first_of(statement);
    let words = words.list();
    transaction_control(&words).or_else(|| needs_no_transaction(&words))
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

/// An index that is created or dropped concurrently, with its name as written.
#[derive(Debug, PartialEq, Eq)]
pub enum ConcurrentIndex {
    /// CREATE INDEX CONCURRENTLY.
    Create(String),
    /// DROP INDEX CONCURRENTLY.
    Drop(String),
}

/// The index of a CREATE or DROP INDEX CONCURRENTLY. Returns `None` for any other statement, if the server chooses the name, or
/// if several indexes are dropped.
pub fn concurrent_index(text: &str) -> Option<ConcurrentIndex> {
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
    let begins = |keywords: &[&str]| begins_with(&words, keywords);
    let after = words.iter().position(|word| is(word, "concurrently"))? + 1;
    let name = |words: &[&str]| (!words.is_empty()).then(|| words.concat());
    if begins(&["create", "index", "concurrently"]) || begins(&["create", "unique", "index", "concurrently"]) {
        let rest = &words[after..];
        let rest = if begins_with(rest, &["if", "not", "exists"]) { &rest[3..] } else { rest };
        let end = rest.iter().position(|word| is(word, "on"))?;
        return name(&rest[..end]).map(ConcurrentIndex::Create);
    }
    if !begins(&["drop", "index", "concurrently"]) {
        return None;
    }
    let rest = &words[after..];
    let rest = if begins_with(rest, &["if", "exists"]) { &rest[2..] } else { rest };
    let is_end = |word: &&str| [";", "cascade", "restrict"].iter().any(|end| is(word, end));
    let end = rest.iter().position(is_end).unwrap_or(rest.len());
    name(&rest[..end]).filter(|_| !rest[..end].contains(&",")).map(ConcurrentIndex::Drop)
}

fn begins_with(words: &[&str], keywords: &[&str]) -> bool {
    words.len() >= keywords.len()
        && words.iter().zip(keywords).all(|(word, keyword)| word.eq_ignore_ascii_case(keyword))
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
    fn finds_the_name_of_a_concurrent_index() {
        let create = |name: &str| Some(ConcurrentIndex::Create(name.to_owned()));
        let drop = |name: &str| Some(ConcurrentIndex::Drop(name.to_owned()));
        for (sql, expected) in [
            ("CREATE INDEX CONCURRENTLY i ON t (a)", create("i")),
            ("create unique index concurrently if not exists -- c\n app . \"My i\" on t (a)", create("app.\"My i\"")),
            ("create index concurrently on t (a)", None),
            ("create index i on t (a)", None),
            ("drop index concurrently if exists app.i cascade;", drop("app.i")),
            ("DROP INDEX CONCURRENTLY i;", drop("i")),
            ("drop index concurrently i", drop("i")),
            ("drop index concurrently i, j", None),
            ("drop index i", None),
        ] {
            assert_eq!(concurrent_index(sql), expected, "{sql}");
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
