//! `-- renamed from: old` beside an object of a desired schema: on the line before it, or at the end of its line. Nothing else
//! tells a renamed object from a new one.

use std::io::Read;

use crate::error::Error;
use crate::hinted_object::{HintedObject, objects};
use crate::place::{Excerpt, Place};
use crate::script::Script;
use crate::script_error::{Problem, ScriptError};
use crate::sql_name::SqlName;
use crate::token_list::{Comment, SignificantToken, TokenList};

const KEY: &str = "renamed from";

/// A hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameHint {
    /// Where it is.
    pub place: Place,
    /// The old name, which can be the last part only.
    pub old: SqlName,
    /// What has the new name.
    pub new: HintedObject,
}

impl Script {
    /// The lines `-- renamed from: …` of a plain SQL file.
    ///
    /// # Errors
    /// One is beside nothing that can be renamed, or its name is none; or the file can no longer be read.
    pub fn rename_hints(&self) -> Result<Vec<RenameHint>, Error> {
        let mut text = String::new();
        let read = self.file().open().and_then(|mut reader| reader.read_to_string(&mut text));
        read.map_err(Error::io(self.path()))?;
        // Files with much data have few comments.
        if !text.to_ascii_lowercase().contains(KEY) {
            return Ok(Vec::new());
        }
        let tokens = TokenList::of(self, &text)?;
        let hints = tokens.comments.iter().filter_map(|comment| {
            let old = old_name(comment.text)?;
            let at = |problem| {
                let line = text[..comment.start].rfind('\n').map_or(0, |newline| newline + 1);
                let line = text[line..].lines().next().unwrap_or_default().to_owned();
                ScriptError::on(Excerpt { place: comment.place, line }, problem)
            };
            Some(hint(&tokens, comment, old).map_err(at).map_err(Error::script(self.path())))
        });
        hints.collect()
    }
}

/// The text after the key, if the comment is a hint.
fn old_name(comment: &str) -> Option<&str> {
    let text = match comment.strip_prefix("/*") {
        Some(text) => text.strip_suffix("*/").unwrap_or(text),
        None => comment,
    };
    let text = text.trim_start_matches(['-', '*']).trim();
    let key = text.get(..KEY.len()).filter(|key| key.eq_ignore_ascii_case(KEY))?;
    Some(text[key.len()..].trim_start().strip_prefix(':')?.trim())
}

fn hint(tokens: &TokenList<'_>, comment: &Comment<'_>, old: &str) -> Result<RenameHint, Problem> {
    let new = object(tokens, comment).ok_or(Problem::MisplacedRename)?;
    // The name of a label is text.
    let verbatim = || SqlName { parts: vec![label(old)], arguments: None };
    let is_label = new.kind == "label" && !old.is_empty();
    let old = if is_label { Some(verbatim()) } else { SqlName::parse(old) };
    let old = old.ok_or(Problem::InvalidRename)?;
    if old.arguments.is_some() && new.kind != "routine" {
        return Err(Problem::InvalidRename);
    }
    Ok(RenameHint { place: comment.place, old, new })
}

fn label(text: &str) -> String {
    let quoted = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    quoted.map_or_else(|| text.to_owned(), |inner| inner.replace("''", "'"))
}

/// The object that a comment is beside.
fn object(tokens: &TokenList<'_>, comment: &Comment<'_>) -> Option<HintedObject> {
    let last = comment.statements.checked_sub(1).map(|index| &tokens.statements[index]);
    if let (Some(statement), Some(token)) = (last, comment.tokens.checked_sub(1))
        && statement[token].line == comment.place.line
    {
        return at_end(statement, token);
    }
    // In the statement that has begun, or before the next one.
    let (statement, next) = match last {
        Some(statement) if comment.tokens < statement.len() => (statement, comment.tokens),
        _ => (tokens.statements.get(comment.statements)?, 0),
    };
    objects(statement).into_iter().find(|beside| beside.tokens.start == next)?.object
}

/// The innermost object that has a token, if it begins or ends on the line of that token. A comma belongs to what is before it.
fn at_end(statement: &[SignificantToken<'_>], token: usize) -> Option<HintedObject> {
    let line = statement[token].line;
    let token = if statement[token].text == "," { token.checked_sub(1)? } else { token };
    let around = objects(statement).into_iter().filter(|beside| !beside.is_inner && beside.tokens.contains(&token));
    let found = around.min_by_key(|beside| beside.tokens.len())?;
    let begins_here = statement[found.tokens.start].line == line;
    found.object.filter(|_| begins_here || found.tokens.end == token + 1)
}

#[cfg(test)]
mod tests {
    use crate::{RevisionFile, Script};

    fn hints(text: &str) -> Result<Vec<String>, String> {
        let script = Script::read_plain(&RevisionFile::in_memory("schema.sql", text)).expect("valid SQL");
        let hints = script.rename_hints().map_err(|error| error.to_string())?;
        let line = |hint: &crate::RenameHint| {
            let (place, new) = (hint.place, &hint.new);
            format!("{}:{} {} {} <- {}", place.line, place.column, new.kind, new.parts.join("."), hint.old)
        };
        Ok(hints.iter().map(line).collect())
    }

    #[test]
    fn a_hint_means_what_it_is_beside() {
        for (text, expected) in [
            ("-- renamed from: notes\nCREATE TABLE memos (a int);", "1:1 table public.memos <- notes"),
            (
                "\u{feff}-- Renamed From : notes\n-- all of them\n\nCREATE UNLOGGED TABLE IF NOT EXISTS App.memos ();",
                "1:1 table app.memos <- notes",
            ),
            ("CREATE TABLE memos ( -- renamed from: notes\n  a int\n);", "1:22 table public.memos <- notes"),
            ("CREATE TABLE memos (\n  a int\n); -- renamed from: \"No tes\"", "3:4 table public.memos <- No tes"),
            ("CREATE TABLE t (\n  -- renamed from: a\n  \"B\" int,\n  c int\n);", "2:3 column public.t.B <- a"),
            ("CREATE TABLE t (\n  b numeric(1, 2), -- renamed from: a\n  c int\n);", "2:20 column public.t.b <- a"),
            ("CREATE TABLE t (\n  b int CHECK (b > 0) /* renamed from: a */\n);", "2:23 column public.t.b <- a"),
            ("CREATE TABLE t (\n  a int,\n  b int -- renamed from: c\n);", "3:9 column public.t.b <- c"),
            (
                "CREATE TABLE t (\n  a int,\n  CONSTRAINT k CHECK (a > 0) -- renamed from: l\n);",
                "3:30 constraint public.t.k <- l",
            ),
            (
                "CREATE TABLE t (\n  a int\n  -- renamed from: l\n  CONSTRAINT k CHECK (a > 0)\n);",
                "3:3 constraint public.t.k <- l",
            ),
            (
                "CREATE TABLE t (\n  a int CONSTRAINT k CHECK (a > 0) -- renamed from: b\n);",
                "2:36 column public.t.a <- b",
            ),
            (
                "-- renamed from: l\nALTER TABLE ONLY t ADD CONSTRAINT k CHECK (a > 0);",
                "1:1 constraint public.t.k <- l",
            ),
            ("ALTER TABLE t ADD COLUMN a int, -- renamed from: b\nADD c int;", "1:33 column public.t.a <- b"),
            ("-- renamed from: j\nCREATE UNIQUE INDEX i ON app.t (a);", "1:1 index app.i <- j"),
            (
                "CREATE TYPE m AS ENUM (\n  'ok', -- renamed from: Very fine\n  'sad'\n);",
                "2:9 label public.m.ok <- Very fine",
            ),
            ("CREATE TYPE m AS ENUM ('ok'); -- renamed from: n", "1:31 type public.m <- n"),
            (
                "ALTER TYPE m ADD VALUE 'it''s' AFTER 'ok'; -- renamed from: 'it''s not'",
                "1:44 label public.m.it's <- it's not",
            ),
            ("CREATE TYPE c AS (\n  -- renamed from: a\n  b int\n);", "2:3 column public.c.b <- a"),
            (
                "CREATE DOMAIN d AS int\n  -- renamed from: l\n  CONSTRAINT k CHECK (VALUE > 0);",
                "2:3 constraint public.d.k <- l",
            ),
            ("CREATE SEQUENCE s; -- renamed from: r", "1:20 sequence public.s <- r"),
            ("-- renamed from: u\nCREATE OR REPLACE VIEW v AS SELECT 1;", "1:1 view public.v <- u"),
            ("CREATE MATERIALIZED VIEW v AS SELECT 1; -- renamed from: u", "1:41 materialized view public.v <- u"),
            (
                "-- renamed from: f(integer, app.mood)\nCREATE FUNCTION g(a int, m app.mood) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END;",
                "1:1 routine public.g <- f(integer, app.mood)",
            ),
            ("CREATE SCHEMA IF NOT EXISTS app; -- renamed from: old", "1:34 schema app <- old"),
            (
                "-- renamed from: g\nCREATE TRIGGER h BEFORE UPDATE OF a ON app.t EXECUTE FUNCTION f();",
                "1:1 trigger app.t.h <- g",
            ),
            ("-- renamed from: p\nCREATE POLICY q ON t;", "1:1 policy public.t.q <- p"),
            ("-- renamed from: a\nCREATE RULE b AS ON DELETE TO t DO NOTHING;", "1:1 rule public.t.b <- a"),
            (
                "COPY t FROM STDIN;\n-- renamed from: x\n'\n\\.\n-- renamed from: u\nCREATE TABLE v ();",
                "5:1 table public.v <- u",
            ),
        ] {
            assert_eq!(hints(text), Ok(vec![expected.to_owned()]), "{text}");
        }
    }

    #[test]
    fn strings_and_prose_are_no_hints() {
        for text in [
            "COMMENT ON TABLE t IS '\n-- renamed from: a\n';",
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$\n-- renamed from: a\n$$;",
            "-- it was renamed from: a to b\nCREATE TABLE t ();",
            "-- renamed from a\nCREATE TABLE t ();",
            "CREATE TABLE \"\n-- renamed from: a\n\" ();",
        ] {
            assert_eq!(hints(text), Ok(Vec::new()), "{text}");
        }
    }

    #[test]
    fn a_hint_beside_nothing_is_an_error() {
        for (text, place) in [
            ("-- renamed from: a\n", "1:1"),
            ("-- renamed from: a\nINSERT INTO t VALUES (1);", "1:1"),
            ("CREATE TABLE t (\n  a int\n  -- renamed from: b\n);", "3:3"),
            ("CREATE TABLE t (\n  PRIMARY KEY (a) -- renamed from: b\n);\n", "2:19"),
            ("-- renamed from: a\nALTER TABLE t ADD b int, ADD c int;", "1:1"),
            ("CREATE VIEW v AS\n  SELECT a -- renamed from: b\n  FROM t;", "2:12"),
            ("CREATE INDEX ON t (a); -- renamed from: b", "1:24"),
            ("-- renamed from: a b\nCREATE TABLE t ();", "1:1"),
            ("-- renamed from:\nCREATE TABLE t ();", "1:1"),
            ("-- renamed from: a(integer)\nCREATE TABLE t ();", "1:1"),
        ] {
            let error = hints(text).expect_err(text);
            assert!(error.starts_with(&format!("schema.sql:{place}: ")), "{text}: {error}");
        }
    }
}
