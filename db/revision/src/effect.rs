//! The effect on the catalog of a statement that can't share a transaction with its journal entry. If a run stops
//! during the statement, the catalog shows whether it took effect.
//!
//! Pure: names are kept as written; the server resolves them.

use crate::transaction::significant;

/// What a statement that runs outside a transaction does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// CREATE INDEX CONCURRENTLY. Without a name, the server chooses one.
    CreateIndex {
        /// The table.
        table: String,
        /// The index.
        name: Option<String>,
        /// Whether an existing index of this name is kept.
        if_not_exists: bool,
    },
    /// DROP INDEX CONCURRENTLY of a single index.
    DropIndex {
        /// The index.
        name: String,
        /// Whether it may be missing.
        if_exists: bool,
    },
    /// REINDEX.
    Reindex {
        /// What it covers.
        scope: ReindexScope,
        /// The index, table or schema.
        name: Option<String>,
    },
    /// ALTER TABLE … DETACH PARTITION … CONCURRENTLY.
    Detach {
        /// The partitioned table.
        table: String,
        /// The partition.
        partition: String,
    },
    /// CREATE of an object that belongs to no schema.
    Create(Global, String),
    /// DROP of an object that belongs to no schema.
    Drop(Global, String),
    /// A statement that has the same effect if it runs twice.
    Repeatable,
    /// The catalog does not show whether it has run.
    Unknown,
}

/// What a REINDEX covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReindexScope {
    /// One index.
    Index,
    /// The indexes of a table.
    Table,
    /// The indexes of a schema.
    Schema,
    /// The indexes of the database.
    Database,
}

/// A kind of object that belongs to no schema and can't be created in a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Global {
    /// A database.
    Database,
    /// A tablespace.
    Tablespace,
    /// A subscription.
    Subscription,
}

/// The effect of a statement that runs outside a transaction.
pub fn effect(statement: &str) -> Effect {
    let mut words = Words { tokens: significant(statement) };
    words.effect().unwrap_or(Effect::Unknown)
}

/// The rest of a statement.
struct Words<'a> {
    tokens: Vec<&'a str>,
}

impl Words<'_> {
    /// Removes these keywords, if the rest begins with them.
    fn take(&mut self, keywords: &[&str]) -> bool {
        let begins = self.tokens.len() >= keywords.len()
            && self.tokens.iter().zip(keywords).all(|(token, keyword)| token.eq_ignore_ascii_case(keyword));
        if begins {
            self.tokens.drain(..keywords.len());
        }
        begins
    }

    /// Removes a name, optionally qualified with a schema.
    fn name(&mut self) -> Option<String> {
        let is_part = |token: &str| token.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '"');
        let mut length = usize::from(self.tokens.first().is_some_and(|token| is_part(token)));
        while length > 0 && self.tokens.get(length) == Some(&".") && self.tokens.len() > length + 1 {
            length += 2;
        }
        (length > 0).then(|| self.tokens.drain(..length).collect())
    }

    /// Removes options in parentheses.
    fn options(&mut self) {
        if self.tokens.first() == Some(&"(") {
            let end = self.tokens.iter().position(|&token| token == ")").map_or(self.tokens.len(), |end| end + 1);
            self.tokens.drain(..end);
        }
    }

    fn effect(&mut self) -> Option<Effect> {
        if self.take(&["create", "index", "concurrently"]) || self.take(&["create", "unique", "index", "concurrently"])
        {
            let if_not_exists = self.take(&["if", "not", "exists"]);
            let name = if self.take(&["on"]) { None } else { Some(self.name()?) };
            if name.is_some() && !self.take(&["on"]) {
                return None;
            }
            self.take(&["only"]);
            return Some(Effect::CreateIndex { table: self.name()?, name, if_not_exists });
        }
        if self.take(&["drop", "index", "concurrently"]) {
            let if_exists = self.take(&["if", "exists"]);
            return Some(Effect::DropIndex { name: self.name()?, if_exists });
        }
        if self.take(&["reindex"]) {
            self.options();
            return self.reindex();
        }
        if self.take(&["alter", "table"]) {
            self.take(&["if", "exists"]);
            self.take(&["only"]);
            let table = self.name()?;
            let partition = if self.take(&["detach", "partition"]) { self.name()? } else { return None };
            return Some(Effect::Detach { table, partition });
        }
        for (keyword, kind) in
            [("database", Global::Database), ("tablespace", Global::Tablespace), ("subscription", Global::Subscription)]
        {
            if self.take(&["create", keyword]) {
                return Some(Effect::Create(kind, self.name()?));
            }
            if self.take(&["drop", keyword]) {
                self.take(&["if", "exists"]);
                return Some(Effect::Drop(kind, self.name()?));
            }
        }
        let repeatable: [&[&str]; 4] = [&["vacuum"], &["cluster"], &["alter", "system"], &["alter", "database"]];
        repeatable.iter().any(|keywords| self.take(keywords)).then_some(Effect::Repeatable)
    }

    fn reindex(&mut self) -> Option<Effect> {
        let scopes = [
            ("index", ReindexScope::Index),
            ("table", ReindexScope::Table),
            ("schema", ReindexScope::Schema),
            ("database", ReindexScope::Database),
            ("system", ReindexScope::Database),
        ];
        let (_, scope) = *scopes.iter().find(|(keyword, _)| self.take(&[*keyword]))?;
        self.take(&["concurrently"]);
        Some(Effect::Reindex { scope, name: self.name() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn create(name: Option<&str>, table: &str) -> Effect {
        Effect::CreateIndex { table: table.to_owned(), name: name.map(str::to_owned), if_not_exists: false }
    }

    #[test]
    fn finds_the_object_of_a_statement() {
        let drop = |name: &str, if_exists| Effect::DropIndex { name: name.to_owned(), if_exists };
        let reindex = |scope, name: Option<&str>| Effect::Reindex { scope, name: name.map(str::to_owned) };
        let detach =
            |table: &str, partition: &str| Effect::Detach { table: table.to_owned(), partition: partition.to_owned() };
        for (sql, expected) in [
            ("CREATE INDEX CONCURRENTLY i ON t (a)", create(Some("i"), "t")),
            (
                "create unique index concurrently -- c\n \"My i\" on only app . \"T\" using gin (a)",
                create(Some("\"My i\""), "app.\"T\""),
            ),
            ("create index concurrently on t (a)", create(None, "t")),
            ("drop index concurrently if exists app.i restrict;", drop("app.i", true)),
            ("DROP INDEX CONCURRENTLY i;", drop("i", false)),
            ("reindex (verbose, tablespace x) index concurrently app.i", reindex(ReindexScope::Index, Some("app.i"))),
            ("REINDEX (CONCURRENTLY) TABLE t", reindex(ReindexScope::Table, Some("t"))),
            ("REINDEX SCHEMA CONCURRENTLY s;", reindex(ReindexScope::Schema, Some("s"))),
            ("REINDEX DATABASE", reindex(ReindexScope::Database, None)),
            ("alter table if exists only p detach partition s.p1 concurrently", detach("p", "s.p1")),
            ("CREATE DATABASE d OWNER o", Effect::Create(Global::Database, "d".to_owned())),
            ("DROP DATABASE IF EXISTS \"D d\" WITH (FORCE);", Effect::Drop(Global::Database, "\"D d\"".to_owned())),
            ("drop subscription s", Effect::Drop(Global::Subscription, "s".to_owned())),
            ("VACUUM (FULL) t", Effect::Repeatable),
            ("alter system set work_mem = '1MB'", Effect::Repeatable),
            ("CALL p()", Effect::Unknown),
            ("DO $$ BEGIN COMMIT; END $$", Effect::Unknown),
            ("create index i on t (a)", Effect::Unknown),
        ] {
            assert_eq!(effect(sql), expected, "{sql}");
        }
    }

    #[test]
    fn if_not_exists_keeps_an_index() {
        let expected = Effect::CreateIndex { table: "t".to_owned(), name: Some("i".to_owned()), if_not_exists: true };
        assert_eq!(effect("create index concurrently if not exists i on t (a)"), expected);
    }
}
