//! Fixtures: rows that are loaded once a revision is applied, and queries whose results every later revision must preserve.
//!
//! ```sql
//! -- names of members survive
//! --
//! -- Revision: 8c5e17ab4f60
//! -- Until: 0a1b2c3d4e5f
//!
//! -- fixture:load
//! INSERT INTO members (email, name) VALUES ('ada@example.com', 'Ada Lovelace');
//!
//! -- fixture:survives
//! SELECT email, name FROM members ORDER BY email;
//! ```
//!
//! `Until:` is optional; the check ends at that revision. The result after a downgrade must equal the result before the
//! upgrade. So must the result after an upgrade, unless the query fails because an object no longer exists (such as a renamed
//! column).

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use connection::{Connection, QueryError, Row};
use revision::{
    Directory, Follow, MigrationSource, Node, Place, RevisionFile, RevisionGraph, Script, distance, skeleton,
    without_semicolon,
};

/// The SQLSTATE of a statement that can't run in a transaction.
const IN_TRANSACTION: &str = "25001";

/// A fixture.
#[derive(Debug, Clone)]
pub(crate) struct Fixture {
    pub(crate) path: PathBuf,
    /// The revision after which it is loaded.
    pub(crate) revision: Node,
    /// The revision that ends the check.
    pub(crate) until: Option<Node>,
    load: String,
    survives: String,
}

/// The result of a query, line by line; `None` if an object in it does not exist.
pub(crate) type Answer = Option<Vec<String>>;

/// Whether a comment was probably meant as a section marker: as a comment, it would move the queries into the rows.
fn resembles_section(line: &str) -> bool {
    let text = skeleton(line);
    let is_comment = line.contains("--") || line.contains("/*") || !line.is_ascii();
    let content = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let first = content.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let rest = content[first.len()..].trim_start_matches(|c: char| !c.is_alphanumeric());
    let second = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_fixture = distance(first, "fixture") <= 2 || distance(first, "fixtures") <= 1;
    let is_name = distance(second, "load") <= 1 || distance(second, "survives") <= 2;
    is_comment && is_fixture && (is_name || content.contains("fixture:"))
}

/// Whether a comment in the header was probably meant as one of its keys.
fn resembles_key(line: &str) -> bool {
    let text = skeleton(line.trim_start_matches("--").trim_start());
    let Some((key, _)) = text.split_once(':') else { return false };
    let is_exact = ["Revision", "Until"].iter().any(|key| line.trim_start_matches("--").trim_start().starts_with(key));
    !is_exact && (distance(key.trim(), "revision") <= 2 || distance(key.trim(), "until") <= 1)
}

impl Fixture {
    /// Reads the fixtures next to a directory of revisions, ordered by name.
    pub(crate) fn all(versions: &Path, graph: &RevisionGraph) -> Result<Vec<Self>> {
        let directory = next_to(versions, "fixtures");
        if directory.symlink_metadata().is_err() {
            return Ok(Vec::new());
        }
        // As for revisions, a file that looks like a fixture but would be ignored is an error.
        let files = Directory::new(&directory).files()?;
        files.iter().map(RevisionFile::path).map(|path| Self::read(path, graph)).collect()
    }

    fn read(path: &Path, graph: &RevisionGraph) -> Result<Self> {
        let text = regular_file::read_to_string(path).with_context(|| path.display().to_string())?;
        Self::parse(path, &text, graph)
    }

    fn parse(path: &Path, text: &str, graph: &RevisionGraph) -> Result<Self> {
        let (mut revision, mut until) = (None, None);
        let mut sections: [Option<String>; 2] = [None, None];
        let mut current: Option<usize> = None;
        for (index, line) in text.lines().enumerate() {
            let at = || format!("{}:{}:1", path.display(), index + 1);
            let node = |id: &str| graph.find(id).with_context(|| format!("{}: there is no revision `{id}`", at()));
            match (line.trim_end(), current) {
                // A marker or key with a typo would be a comment.
                ("-- fixture:load", _) => current = Some(0),
                ("-- fixture:survives", _) => current = Some(1),
                (line, _) if resembles_section(line) => {
                    bail!("{}: unknown section; the sections are `-- fixture:load` and `-- fixture:survives`", at())
                }
                (line, None) if resembles_key(line) => {
                    bail!("{}: unknown key; the keys are `Revision` and `Until`", at())
                }
                (line, None) => match line.trim_start_matches("--").trim_start().split_once(':') {
                    Some(("Revision", id)) => revision = Some(node(id.trim())?),
                    Some(("Until", id)) => until = Some(node(id.trim())?),
                    _ => {}
                },
                (line, Some(section)) => {
                    // A section keeps the line numbers of the file.
                    sections[section].get_or_insert_with(|| "\n".repeat(index)).push_str(&format!("{line}\n"));
                }
            }
        }
        let missing = |what: &str| format!("{}: missing {what}", path.display());
        let [load, survives] = sections;
        Ok(Self {
            path: path.to_owned(),
            revision: revision.with_context(|| missing("`-- Revision: ID`"))?,
            until,
            load: load.with_context(|| missing("section `-- fixture:load`"))?,
            survives: survives.unwrap_or_default(),
        })
    }

    /// Loads the rows and runs the queries. Returns `None` only if there are no queries.
    pub(crate) fn load(&self, session: &mut Connection) -> Result<Answer> {
        match self.with_data()? {
            Some(script) => {
                session.send("BEGIN")?;
                self.load_data(session, &script).inspect_err(|_| _ = session.roll_back())?;
                session.send("COMMIT").map_err(|error| self.error(&error, "", Place::START))?;
            }
            None => session.send(&self.load).map_err(|error| self.error(&error, &self.load, Place::START))?,
        }
        self.clean(session)?;
        if self.survives.trim().is_empty() {
            return Ok(None);
        }
        // The objects must exist here; otherwise, a typo would go undetected.
        let rows = session.rows(&self.survives);
        let rows = rows.map_err(|error| self.error(&error, &self.survives, Place::START))?;
        self.clean(session)?;
        let answer: Vec<String> = rows.iter().map(line).collect();
        if answer.is_empty() {
            bail!("{}: `fixture:survives` returns no rows after `fixture:load`", self.path.display());
        }
        Ok(Some(answer))
    }

    /// The statements that load the rows, if any has COPY data. They run in one transaction.
    fn with_data(&self) -> Result<Option<Script>> {
        let script = Script::read_plain(&RevisionFile::in_memory(&self.path, &self.load));
        let has_end_of_data = || self.load.lines().any(|line| line == "\\.");
        match script {
            Ok(script) => {
                let has_data =
                    script.statements(script.upgrade()).any(|statement| statement.is_ok_and(|it| it.copy.is_some()));
                Ok(has_data.then_some(script))
            }
            Err(error) if has_end_of_data() => Err(error.into()),
            // The server reports the error, or the section has transactions of its own.
            Err(_) => Ok(None),
        }
    }

    fn load_data(&self, session: &mut Connection, script: &Script) -> Result<()> {
        for statement in script.effective(script.upgrade()) {
            let statement = statement?;
            let text = script.text(&statement)?;
            let sent = match &statement.copy {
                Some(copy) => session.copy_in(without_semicolon(&text), script.copy_data(copy)?),
                None => session.send(&text),
            };
            sent.map_err(|error| self.error(&error, &text, statement.place))?;
        }
        Ok(())
    }

    /// Runs the queries.
    pub(crate) fn query(&self, session: &mut Connection) -> Result<Answer> {
        let answer = self.answer(session)?;
        self.clean(session)?;
        Ok(answer)
    }

    /// Runs the queries, in a transaction that the caller ends. An error that a revision has caused is a result like
    /// others.
    pub(crate) fn answer(&self, session: &mut Connection) -> Result<Answer> {
        match session.rows(&self.survives) {
            Ok(rows) => Ok(Some(rows.iter().map(line).collect())),
            Err(QueryError::Server(error)) if is_gone(&error.code) => Ok(None),
            Err(error @ QueryError::Server(_)) => Ok(Some(vec![format!("error: {error}")])),
            Err(error) => Err(self.error(&error, "", Place::START)),
        }
    }

    /// Discards what the section has left behind in the session (settings, temporary objects, prepared statements),
    /// which all fixtures share.
    fn clean(&self, session: &mut Connection) -> Result<()> {
        match session.send("DISCARD ALL") {
            Err(QueryError::Server(error)) if error.code == IN_TRANSACTION => {
                bail!("{}: the fixture leaves a transaction open; end it with COMMIT", self.path.display())
            }
            discarded => discarded.map_err(|error| self.error(&error, "", Place::START)),
        }
    }

    /// Whether this later revision must preserve the results: `Until` and its descendants need not.
    pub(crate) fn covers(&self, graph: &RevisionGraph, node: Node) -> bool {
        let is_past = |until: Node| graph.ancestors([node], Follow::Dependencies).contains(until) || node == until;
        node != self.revision && !self.until.is_some_and(is_past)
    }

    /// The error of a text that begins at `start`. Without a position, it is that of the text, if that is a statement.
    fn error(&self, error: &QueryError, text: &str, start: Place) -> anyhow::Error {
        let byte = match error {
            QueryError::Server(server) => server.byte_in(text),
            _ => None,
        };
        let path = self.path.display();
        match byte.or((start != Place::START).then_some(0)) {
            Some(byte) => {
                let Place { line, column } = start.excerpt(text, byte).place;
                anyhow!("{path}:{line}:{column}: {error}")
            }
            None => anyhow!("{path}: {error}"),
        }
    }
}

/// A path next to the directory of the revisions.
pub(crate) fn next_to(versions: &Path, name: &str) -> PathBuf {
    versions.parent().unwrap_or(Path::new("")).join(name)
}

/// Undefined column, table, function or object.
fn is_gone(code: &str) -> bool {
    ["42703", "42P01", "42883", "42704"].contains(&code)
}

fn line(row: &Row) -> String {
    let values = row.iter().map(|value| value.as_deref().unwrap_or("NULL"));
    values.collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use revision::RevisionGraph;

    use super::Fixture;

    #[test]
    fn reports_errors_with_their_position() {
        let graph = RevisionGraph::new(Vec::new()).expect("an empty graph");
        let error = |text: &str| Fixture::parse(Path::new("f.sql"), text, &graph).expect_err("wrong").to_string();
        assert_eq!(error("-- x\n-- Revision: abc\n"), "f.sql:2:1: there is no revision `abc`");
        assert_eq!(
            error("-- fixture:keep\n"),
            "f.sql:1:1: unknown section; the sections are `-- fixture:load` and `-- fixture:survives`"
        );
        for slip in
            ["--- fixture:load", "--fixture:survives", "-- fixture: load", "-- fixtures：load", "-- Fixture:Survive"]
        {
            assert!(error(slip).starts_with("f.sql:1:1: unknown section"), "{slip}");
        }
        assert!(error("-- revision: abc\n").starts_with("f.sql:1:1: unknown key"));
        assert_eq!(error("-- x\n"), "f.sql: missing `-- Revision: ID`");
    }
}
