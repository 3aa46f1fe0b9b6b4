//! Fixtures: rows that are loaded once a revision is applied, and what has to survive every later one.
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
//! `Until:` is optional: from that revision on nothing is asked. The answer after a downgrade has to be the one from
//! before the upgrade; the answer after an upgrade too, unless what it asks for is gone (a column that was renamed).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use connection::{Connection, QueryError, Row};
use revision::{Follow, Node, RevisionGraph};

/// A fixture.
#[derive(Debug, Clone)]
pub(crate) struct Fixture {
    pub(crate) path: PathBuf,
    /// It is loaded as soon as this revision is applied.
    pub(crate) revision: Node,
    until: Option<Node>,
    load: String,
    survives: String,
}

/// What the server answers, line by line; nothing if what is asked for is not there.
pub(crate) type Answer = Option<Vec<String>>;

impl Fixture {
    /// The fixtures beside a directory of revisions, by name.
    pub(crate) fn all(versions: &Path, graph: &RevisionGraph) -> Result<Vec<Self>> {
        let directory = beside(versions, "fixtures");
        let Ok(entries) = fs::read_dir(&directory) else { return Ok(Vec::new()) };
        let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
        paths.sort();
        paths.into_iter().map(|path| Self::read(&path, graph)).collect()
    }

    fn read(path: &Path, graph: &RevisionGraph) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Self::parse(path, &text, graph)
    }

    fn parse(path: &Path, text: &str, graph: &RevisionGraph) -> Result<Self> {
        let (mut revision, mut until) = (None, None);
        let mut sections = [None, None];
        let mut current: Option<usize> = None;
        for (index, line) in text.lines().enumerate() {
            let at = || format!("{}:{}:1", path.display(), index + 1);
            let node = |id: &str| graph.find(id).with_context(|| format!("{}: there is no revision `{id}`", at()));
            match (line.trim_end(), current) {
                ("-- fixture:load", _) => current = Some(0),
                ("-- fixture:survives", _) => current = Some(1),
                (line, _) if line.starts_with("-- fixture:") => {
                    bail!("{}: a fixture has the sections `fixture:load` and `fixture:survives`", at())
                }
                (line, None) => match line.trim_start_matches("--").trim_start().split_once(':') {
                    Some(("Revision", id)) => revision = Some(node(id.trim())?),
                    Some(("Until", id)) => until = Some(node(id.trim())?),
                    _ => {}
                },
                (line, Some(section)) => {
                    sections[section].get_or_insert_with(String::new).push_str(&format!("{line}\n"));
                }
            }
        }
        let lacks = |what: &str| format!("{}: a fixture has {what}", path.display());
        let [load, survives] = sections;
        Ok(Self {
            path: path.to_owned(),
            revision: revision.with_context(|| lacks("a line `-- Revision: ID`"))?,
            until,
            load: load.with_context(|| lacks("a section `-- fixture:load`"))?,
            survives: survives.unwrap_or_default(),
        })
    }

    /// Loads the rows, and asks what has to survive. The answer is `None` only if nothing is asked.
    pub(crate) fn load(&self, session: &mut Connection) -> Result<Answer> {
        session.send(&self.load).map_err(|error| self.refused(&error))?;
        if self.survives.trim().is_empty() {
            return Ok(None);
        }
        // Here it has to be there: a typing error would never be answered.
        let rows = session.rows(&self.survives).map_err(|error| self.refused(&error))?;
        let answer: Vec<String> = rows.iter().map(line).collect();
        if answer.is_empty() {
            bail!("{}: `fixture:survives` finds no rows after `fixture:load`", self.path.display());
        }
        Ok(Some(answer))
    }

    /// What is there now.
    pub(crate) fn ask(&self, session: &mut Connection) -> Result<Answer> {
        match session.rows(&self.survives) {
            Ok(rows) => Ok(Some(rows.iter().map(line).collect())),
            Err(QueryError::Server(error)) if is_gone(&error.code) => Ok(None),
            Err(error) => Err(self.refused(&error)),
        }
    }

    /// Whether the fixture speaks of this revision: it comes later than its own, and not from `Until` on.
    pub(crate) fn covers(&self, graph: &RevisionGraph, node: Node) -> bool {
        let is_past = |until: Node| graph.ancestors([node], Follow::Dependencies).contains(until) || node == until;
        node != self.revision && !self.until.is_some_and(is_past)
    }

    fn refused(&self, error: &QueryError) -> anyhow::Error {
        anyhow!("{}: {error}", self.path.display())
    }
}

/// What lies beside the directory of the revisions.
pub(crate) fn beside(versions: &Path, name: &str) -> PathBuf {
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
    fn tells_what_is_wrong_and_where() {
        let graph = RevisionGraph::new(Vec::new()).expect("an empty graph");
        let error = |text: &str| Fixture::parse(Path::new("f.sql"), text, &graph).expect_err("wrong").to_string();
        assert_eq!(error("-- x\n-- Revision: abc\n"), "f.sql:2:1: there is no revision `abc`");
        assert_eq!(
            error("-- fixture:keep\n"),
            "f.sql:1:1: a fixture has the sections `fixture:load` and `fixture:survives`"
        );
        assert_eq!(error("-- x\n"), "f.sql: a fixture has a line `-- Revision: ID`");
    }
}
