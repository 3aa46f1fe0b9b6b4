//! The tables that a revision creates itself: no other session uses them yet, so locks, rewrites and removed columns
//! are harmless.

use std::collections::BTreeSet;

use revision::significant;

/// A schema and a name, as the catalog stores them.
type Name = (String, String);

/// Where names without a schema are looked up, unless the revision sets another path.
const DEFAULT_SCHEMA: &str = "public";
const TEMPORARY_SCHEMA: &str = "pg_temp";

/// The tables and indexes that earlier statements have created.
pub(crate) struct NewTables {
    names: BTreeSet<Name>,
    /// The first schema of `search_path`.
    schema: String,
}

impl Default for NewTables {
    fn default() -> Self {
        Self { names: BTreeSet::new(), schema: DEFAULT_SCHEMA.to_owned() }
    }
}

impl NewTables {
    /// Reads the next statement. Returns whether everything that it changes was created by earlier ones.
    pub(crate) fn read(&mut self, statement: &str) -> bool {
        let mut words = Words { tokens: significant(statement), position: 0 };
        match words.next_lower().as_str() {
            "create" => self.create(&mut words),
            "alter" => self.alter(&mut words),
            "drop" => self.drop(&mut words),
            "set" => {
                self.set(&mut words);
                false
            }
            "truncate" | "reindex" | "cluster" => {
                words.skip(&["table", "index", "only"]);
                self.is_new(words.name())
            }
            "select" | "with" => {
                self.select_into(&mut words);
                false
            }
            _ => false,
        }
    }

    fn create(&mut self, words: &mut Words<'_>) -> bool {
        let start = words.position;
        words.skip(&["global", "local", "temp", "temporary", "unlogged", "unique", "materialized", "or", "replace"]);
        let is_temporary =
            words.tokens[start..words.position].iter().any(|word| word.to_ascii_lowercase().starts_with("temp"));
        match words.next_lower().as_str() {
            "table" | "view" => {
                words.skip(&["if", "not", "exists"]);
                let name = words.name();
                self.add(name, is_temporary);
                false
            }
            "index" => {
                words.skip(&["concurrently", "if", "not", "exists"]);
                let index = if words.peek() == "on" { None } else { words.name() };
                words.skip(&["on", "only"]);
                let table = words.name().map(|name| self.resolve(name));
                let Some(table) = table.filter(|table| self.names.contains(table)) else { return false };
                // An index is in the schema of its table.
                self.names.extend(index.map(|(_, index)| (table.0, index)));
                true
            }
            "trigger" | "policy" | "rule" => {
                while !matches!(words.next_lower().as_str(), "on" | "to" | "") {}
                self.is_new(words.name())
            }
            _ => false,
        }
    }

    fn alter(&mut self, words: &mut Words<'_>) -> bool {
        words.skip(&["materialized"]);
        if !matches!(words.next_lower().as_str(), "table" | "view" | "index") {
            return false;
        }
        words.skip(&["if", "exists", "only"]);
        let Some(name) = words.name().map(|name| self.resolve(name)).filter(|name| self.names.contains(name)) else {
            return false;
        };
        match (words.next_lower().as_str(), words.next_lower().as_str()) {
            ("rename", "to") => {
                let renamed = words.name().map(|(_, renamed)| (name.0.clone(), renamed));
                self.names.remove(&name);
                self.names.extend(renamed);
            }
            ("set", "schema") => {
                let moved = words.name().map(|(_, schema)| (schema, name.1.clone()));
                self.names.remove(&name);
                self.names.extend(moved);
            }
            _ => {}
        }
        true
    }

    fn drop(&mut self, words: &mut Words<'_>) -> bool {
        words.skip(&["materialized"]);
        match words.next_lower().as_str() {
            "table" | "view" | "index" => {
                words.skip(&["concurrently", "if", "exists"]);
                let mut names = Vec::new();
                while let Some(name) = words.name() {
                    names.push(self.resolve(name));
                    words.skip(&[","]);
                }
                let is_new = names.iter().all(|name| self.names.contains(name));
                names.iter().for_each(|name| _ = self.names.remove(name));
                is_new
            }
            "trigger" | "policy" | "rule" => {
                while !matches!(words.next_lower().as_str(), "on" | "") {}
                self.is_new(words.name())
            }
            _ => false,
        }
    }

    /// `SET search_path`.
    fn set(&mut self, words: &mut Words<'_>) {
        words.skip(&["local", "session"]);
        if words.next_lower() == "search_path" {
            words.skip(&["to", "="]);
            let schema = words.name().map_or(String::new(), |(_, schema)| schema);
            self.schema = if ["", "default"].contains(&schema.as_str()) { DEFAULT_SCHEMA.to_owned() } else { schema };
        }
    }

    /// `SELECT … INTO table`.
    fn select_into(&mut self, words: &mut Words<'_>) {
        let mut before = String::new();
        loop {
            match words.next_lower() {
                word if word.is_empty() => return,
                word if word == "into" && !["insert", "merge"].contains(&before.as_str()) => break,
                word => before = word,
            }
        }
        let is_temporary = words.peek().starts_with("temp");
        words.skip(&["temp", "temporary", "unlogged", "table"]);
        let name = words.name();
        self.add(name, is_temporary);
    }

    fn add(&mut self, name: Option<(Option<String>, String)>, is_temporary: bool) {
        if let Some((schema, name)) = name {
            let schema = if is_temporary { Some(TEMPORARY_SCHEMA.to_owned()) } else { schema };
            self.names.insert((schema.unwrap_or_else(|| self.schema.clone()), name));
        }
    }

    fn is_new(&self, name: Option<(Option<String>, String)>) -> bool {
        name.is_some_and(|name| self.names.contains(&self.resolve(name)))
    }

    /// A temporary table takes precedence over others of the same name.
    fn resolve(&self, (schema, name): (Option<String>, String)) -> Name {
        let temporary = (TEMPORARY_SCHEMA.to_owned(), name);
        match schema {
            Some(schema) => (schema, temporary.1),
            None if self.names.contains(&temporary) => temporary,
            None => (self.schema.clone(), temporary.1),
        }
    }
}

/// The tokens of a statement, read from the first to the last.
struct Words<'a> {
    tokens: Vec<&'a str>,
    position: usize,
}

impl Words<'_> {
    /// The next token in lower case, or empty at the end.
    fn peek(&self) -> String {
        self.tokens.get(self.position).map(|token| token.to_ascii_lowercase()).unwrap_or_default()
    }

    fn next_lower(&mut self) -> String {
        let word = self.peek();
        self.position += 1;
        word
    }

    fn skip(&mut self, words: &[&str]) {
        while words.contains(&self.peek().as_str()) {
            self.position += 1;
        }
    }

    /// A name, and its schema if it has one.
    fn name(&mut self) -> Option<(Option<String>, String)> {
        let first = self.identifier()?;
        if self.peek() != "." {
            return Some((None, first));
        }
        self.position += 1;
        Some((Some(first), self.identifier()?))
    }

    /// The next token as the catalog stores it: lower case, unless it is quoted. A path may be a list of literals.
    fn identifier(&mut self) -> Option<String> {
        let token = *self.tokens.get(self.position)?;
        let quoted = |quote: char| token.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        let name = match (quoted('"'), quoted('\'')) {
            (Some(name), _) => name.replace("\"\"", "\""),
            (None, Some(text)) => text.split(',').next().unwrap_or_default().trim().trim_matches('"').to_owned(),
            (None, None) if token.starts_with(|c: char| c.is_alphabetic() || c == '_') => token.to_lowercase(),
            (None, None) => return None,
        };
        self.position += 1;
        Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::NewTables;

    fn is_new(statements: &str) -> bool {
        let mut tables = NewTables::default();
        statements.split(';').map(|statement| tables.read(statement)).last().unwrap_or_default()
    }

    #[test]
    fn knows_every_way_to_create_a_table() {
        for create in [
            "CREATE TABLE t (a int)",
            "create table if not exists T (a int)",
            "CREATE TABLE public.t AS SELECT 1 AS a",
            "CREATE UNLOGGED TABLE IF NOT EXISTS \"t\" AS TABLE u",
            "SELECT 1 AS a INTO t",
            "WITH x AS (SELECT 1) SELECT * INTO UNLOGGED TABLE t FROM x",
            "CREATE TABLE t PARTITION OF p FOR VALUES IN (1)",
            "CREATE TABLE t (LIKE u INCLUDING ALL)",
            "CREATE TEMP TABLE t (a int)",
            "CREATE MATERIALIZED VIEW t AS SELECT 1 AS a",
            "CREATE TABLE u (a int); ALTER TABLE u RENAME TO t",
            "CREATE TABLE s.t (a int); ALTER TABLE s.t SET SCHEMA public",
            "CREATE TABLE app.t (a int); SET LOCAL search_path TO app, public",
            "SET search_path = 'app'; CREATE TABLE t (a int)",
        ] {
            assert!(is_new(&format!("{create}; ALTER TABLE ONLY t ADD COLUMN b int NOT NULL")), "{create}");
            assert!(is_new(&format!("{create}; CREATE INDEX i ON /* c */ t (a)")), "{create}");
            assert!(is_new(&format!("{create}; CREATE INDEX ON t (a); DROP TABLE t")), "{create}");
        }
        assert!(is_new("CREATE TABLE \"A b\".\"T.t\" (a int); ALTER TABLE \"A b\".\"T.t\" DROP COLUMN a"));
        assert!(is_new("CREATE TABLE t (a int); CREATE INDEX i ON t (a); DROP INDEX public.i"));
    }

    #[test]
    fn knows_other_tables() {
        for other in [
            "ALTER TABLE t DROP COLUMN a",
            "CREATE TABLE s.t (a int); CREATE INDEX ON t (a)",
            "CREATE TABLE \"T\" (a int); CREATE INDEX ON t (a)",
            "CREATE TABLE t (a int); ALTER TABLE t RENAME TO u; DROP TABLE t",
            "CREATE TABLE t (a int); DROP TABLE t, u",
            "INSERT INTO t SELECT 1; ALTER TABLE t DROP COLUMN a",
            "WITH x AS (INSERT INTO t VALUES (1) RETURNING a) SELECT a FROM x; DROP TABLE t",
            "CREATE TABLE t (a int); DROP TABLE t; ALTER TABLE t DROP COLUMN a",
        ] {
            assert!(!is_new(other), "{other}");
        }
    }
}
