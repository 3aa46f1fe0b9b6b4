//! Which revisions another tool has applied: its versions, found among the revisions.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};

use revision::{Follow, Node, RevisionGraph};

use crate::old_table::{Layout, OldTable, Record};
use crate::revision_id::revision_id;

/// The revisions that another tool has applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adopted {
    /// The last of them; their ancestors are applied, too.
    pub heads: Vec<Node>,
    /// When each was applied, in UTC, where it is known.
    pub applied_at: HashMap<Node, String>,
}

/// Why the applied revisions can't be determined from the table of another tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdoptError {
    /// Versions failed, so their effect is unknown.
    Failed {
        /// The table.
        table: OldTable,
        /// The versions, and the tool's name for the state.
        versions: Vec<(String, String)>,
    },
    /// Versions have no revision.
    Unknown {
        /// The table.
        table: OldTable,
        /// The versions.
        versions: Vec<String>,
    },
    /// Revisions are missing from the table, although later ones are in it.
    Missing {
        /// The table.
        table: OldTable,
        /// Each revision with a later one.
        revisions: Vec<(String, String)>,
    },
    /// The table has no applied version.
    Empty {
        /// The table.
        table: OldTable,
    },
}

impl Adopted {
    /// The revisions that a table records. `is_object` tells which names are files of `objects`: Liquibase's table also
    /// has what is applied again whenever it changes.
    ///
    /// # Errors
    /// See [`AdoptError`].
    pub fn find(
        table: &OldTable,
        record: &Record,
        graph: &RevisionGraph,
        is_object: impl Fn(&str) -> bool,
    ) -> Result<Self, AdoptError> {
        let table = || table.clone();
        if !record.failed.is_empty() {
            return Err(AdoptError::Failed { table: table(), versions: record.failed.clone() });
        }
        let mut applied = graph.empty_set();
        let mut adopted = Self::default();
        let mut unknown = Vec::new();
        for recorded in &record.versions {
            let id = revision_id(&recorded.version);
            match graph.find(&id) {
                Some(node) => {
                    applied.insert(node);
                    if recorded.is_baseline {
                        applied.extend(graph.ancestors([node], Follow::Dependencies).iter());
                    }
                    adopted.applied_at.extend(recorded.applied_at.clone().map(|at| (node, at)));
                }
                // The files may start later.
                None if recorded.is_baseline => {}
                None if table().layout == Layout::Liquibase && is_object(&id) => {}
                None => unknown.push(recorded.version.clone()),
            }
        }
        if !unknown.is_empty() {
            return Err(AdoptError::Unknown { table: table(), versions: unknown });
        }
        if applied.iter().next().is_none() {
            return Err(AdoptError::Empty { table: table() });
        }
        if table().layout.has_heads_only() {
            adopted.heads = applied.iter().collect();
            return Ok(adopted);
        }
        let needs = |node: Node| graph.normalized_down(node).iter().map(move |&down| (down, node));
        let missing: Vec<(String, String)> = (applied.iter().flat_map(needs))
            .filter(|&(down, _)| !applied.contains(down))
            .map(|(down, node)| (graph.id(down).to_owned(), graph.id(node).to_owned()))
            .collect();
        if !missing.is_empty() {
            return Err(AdoptError::Missing { table: table(), revisions: missing });
        }
        let mut covered = graph.empty_set();
        covered.extend(applied.iter().flat_map(|node| graph.normalized_down(node).iter().copied()));
        adopted.heads = applied.iter().filter(|&node| !covered.contains(node)).collect();
        Ok(adopted)
    }
}

impl Display for AdoptError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { table, versions } => {
                let texts = versions.iter().map(|(version, state)| format!("`{version}` is marked {state}"));
                write!(f, "{table}: {}", list(texts))
            }
            Self::Unknown { table, versions } => {
                let names = versions.iter().map(|version| named(version));
                write!(f, "{table} has versions without a revision: {}", list(names))
            }
            Self::Missing { table, revisions } => {
                let texts = revisions.iter().map(|(id, later)| format!("`{id}`, which `{later}` follows"));
                write!(f, "{table} lacks earlier revisions: {}", list(texts))
            }
            Self::Empty { table } => write!(f, "{table} has no applied version"),
        }
    }
}

impl std::error::Error for AdoptError {}

/// A version, with its revision id if that differs.
fn named(version: &str) -> String {
    match revision_id(version) {
        id if id == version => format!("`{version}`"),
        id => format!("`{version}` (revision `{id}`)"),
    }
}

/// The first ten.
fn list(texts: impl ExactSizeIterator<Item = String>) -> String {
    const SHOWN: usize = 10;
    let more = texts.len().saturating_sub(SHOWN);
    let shown = texts.take(SHOWN).collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

#[cfg(test)]
mod tests {
    use revision::{Files, RevisionFile, RevisionGraph};

    use super::{AdoptError, Adopted};
    use crate::old_table::{OldTable, Record};

    fn graph() -> RevisionGraph {
        let file = |id: &str, revises: &str| {
            let text = format!("-- m\n--\n-- Revision ID: {id}\n-- Revises: {revises}\n\n-- migrate:upgrade\n");
            RevisionFile::in_memory(format!("{id}.sql"), text)
        };
        let files = [file("1", ""), file("2", "1"), file("3", "2"), file("4", "3"), file("2_1", "1")];
        let files: Files = files.into_iter().collect();
        RevisionGraph::read(&files).expect("a graph")
    }

    fn find(columns: &str, rows: &[(&str, &str)]) -> Result<Vec<String>, AdoptError> {
        let text = |text: &str| Some(text.to_owned());
        let table = [text("public.t"), text("public"), text("public"), text(columns)].to_vec();
        let table = OldTable::of_row(&table).expect("a known layout");
        let rows: Vec<_> = rows.iter().map(|&(version, state)| vec![text(version), None, text(state)]).collect();
        let graph = graph();
        Adopted::find(&table, &Record::of_rows(&rows), &graph, |id| id == "object")
            .map(|adopted| graph.ids(adopted.heads))
    }

    const LIST: &str = "version\ntext";
    const HEADS: &str = "version\nbigint\ndirty\nboolean";
    const APPLIED: &str = "applied";

    #[test]
    fn the_last_revisions_are_heads() {
        let list = |versions: &[&str]| find(LIST, &versions.iter().map(|&v| (v, APPLIED)).collect::<Vec<_>>());
        assert_eq!(list(&["1", "2"]).as_deref(), Ok(&["2".to_owned()][..]));
        assert_eq!(list(&["2.1", "2", "1"]).as_deref(), Ok(&["2".to_owned(), "2_1".to_owned()][..]));
        assert_eq!(find(HEADS, &[("3", APPLIED)]).as_deref(), Ok(&["3".to_owned()][..]));
    }

    fn message(columns: &str, rows: &[(&str, &str)]) -> String {
        find(columns, rows).expect_err("a refusal").to_string()
    }

    #[test]
    fn a_table_must_agree_with_the_files() {
        assert_eq!(
            message(LIST, &[("1", APPLIED), ("3", APPLIED)]),
            "public.t (dbmate, Rails or similar) lacks earlier revisions: `2`, which `3` follows"
        );
        assert_eq!(
            message(LIST, &[("1", APPLIED), ("0.9", APPLIED), ("5", APPLIED)]),
            "public.t (dbmate, Rails or similar) has versions without a revision: `0.9` (revision `0_9`), `5`"
        );
        assert_eq!(message(HEADS, &[("3", "dirty")]), "public.t (golang-migrate): `3` is marked dirty");
        assert_eq!(message(HEADS, &[]), "public.t (golang-migrate) has no applied version");
    }

    #[test]
    fn a_baseline_includes_earlier_versions() {
        let flyway = "installed_rank\nx\nversion\nx\ntype\nx\nscript\nx\ninstalled_on\nx\nsuccess\nx";
        let heads = find(flyway, &[("2", "baseline"), ("3", APPLIED)]);
        assert_eq!(heads.as_deref(), Ok(&["3".to_owned()][..]));
        let message = message(flyway, &[("0.5", "baseline"), ("3", APPLIED)]);
        assert_eq!(message, "public.t (flyway) lacks earlier revisions: `2`, which `3` follows");
    }

    #[test]
    fn only_liquibase_records_objects_as_versions() {
        let liquibase = "id\nx\nauthor\nx\nfilename\nx\ndateexecuted\nx\norderexecuted\nx\nexectype\nx";
        let rows = [("1", APPLIED), ("object", APPLIED)];
        assert_eq!(find(liquibase, &rows).as_deref(), Ok(&["1".to_owned()][..]));
        assert!(message(LIST, &rows).contains("without a revision: `object`"));
        assert!(message(liquibase, &[("1", APPLIED), ("other", APPLIED)]).contains("without a revision: `other`"));
    }

    #[test]
    fn long_lists_are_truncated() {
        let versions: Vec<String> = (10..30).map(|number| number.to_string()).collect();
        let rows: Vec<(&str, &str)> = versions.iter().map(|version| (version.as_str(), APPLIED)).collect();
        assert!(message(LIST, &rows).ends_with("`19` and 10 more"));
    }
}
