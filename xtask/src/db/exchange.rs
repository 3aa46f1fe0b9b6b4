//! What `cargo xtask` asks the program `verify` about a difference, and what it answers, as JSON. Shared by both.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Which two schemas to compare, and what for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) from: Side,
    pub(crate) to: Side,
    /// Old and new names, as the user wrote them.
    pub(crate) renames: Vec<(String, String)>,
    /// Whether the shortest statements are wanted, which may block a site that is running.
    pub(crate) offline: bool,
    pub(crate) purpose: Purpose,
}

/// A schema.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Side {
    /// That of an empty database.
    Base,
    /// What the revisions up to these targets make, with the files of `objects` at the heads.
    Revisions(Vec<String>),
    /// What the revisions before these make: their parents, and those that they depend on.
    Before(Vec<String>),
    /// What SQL files make, in any order in which they load.
    Files(Vec<PathBuf>),
    /// That of a database: no password leaves the process that has read it.
    Database {
        /// In words, for messages.
        name: String,
        sql: String,
        /// The roles that the SQL may name.
        roles: Vec<String>,
    },
}

/// What becomes of the difference.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Purpose {
    /// It is shown, and proven in its own direction.
    Show,
    /// It is shown, even if it can't be planned: then object by object.
    Drift,
    /// It becomes revisions after these, which are proven in both directions and traced.
    Write { parents: Vec<String> },
}

/// What to draw.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Drawing {
    /// What differs from this is marked.
    pub(crate) from: Option<Side>,
    pub(crate) to: Side,
    /// The name of the schema, for readers.
    pub(crate) title: String,
    /// Patterns of names; none for all tables.
    pub(crate) tables: Vec<String>,
    /// Whether tables are drawn that have not changed and have no neighbor that has.
    pub(crate) everything: bool,
    /// Whether it is written for Mermaid, not as SVG.
    pub(crate) is_mermaid: bool,
}

/// The difference.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// Each is a revision. None if the schemas are equal, or if the difference can't be planned.
    pub(crate) steps: Vec<Step>,
    /// Of a drift that can't be planned: the changed lines of each object.
    pub(crate) objects: Vec<Vec<String>>,
    /// What is dropped and looks like what is created: an old and a new name.
    pub(crate) likely: Vec<(String, String)>,
}

/// What is applied together.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) transaction: bool,
    pub(crate) upgrade: Vec<Part>,
    /// What undoes it, if it is written.
    pub(crate) downgrade: Vec<Part>,
    /// The rules of `db lint` whose findings in it are all about parts that only replace something.
    pub(crate) allowed: Vec<String>,
}

/// A statement, and what a reader has to know about it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) sql: String,
    pub(crate) hazards: Vec<Danger>,
    /// The warnings of `db trace`.
    pub(crate) warnings: Vec<String>,
    /// What has to be confirmed before the statement may run.
    pub(crate) questions: Vec<String>,
    /// Whether it only replaces something, which clients find before and after it.
    pub(crate) replaces: bool,
}

/// A hazard.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Danger {
    /// Its kind.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// What is below the header of a revision file.
pub(crate) fn sections(step: &Step) -> String {
    format!("\n-- migrate:upgrade\n{}\n-- migrate:downgrade\n{}", section(&step.upgrade), section(&step.downgrade))
}

/// The text of a section of a revision, with a comment for each hazard, warning and question.
pub(crate) fn section(parts: &[Part]) -> String {
    texts(parts).collect()
}

/// The texts of the parts, each with the empty line that sets it apart from the one before.
pub(crate) fn texts(parts: &[Part]) -> impl Iterator<Item = String> {
    parts.iter().enumerate().map(|(index, part)| {
        let mut text = String::new();
        if index > 0 && (part.is_paragraph() || parts[index - 1].is_paragraph()) {
            text.push('\n');
        }
        let hazards = part.hazards.iter().map(|hazard| format!("Hazard: {}", hazard.text));
        let warnings = part.warnings.iter().map(|warning| format!("Warning: {warning}"));
        let questions = part.questions.iter().map(|question| format!("Unanswered: {question}"));
        for comment in hazards.chain(warnings).chain(questions) {
            let _ = writeln!(text, "-- {}", comment.replace(['\n', '\r'], " "));
        }
        let _ = writeln!(text, "{}", wrapped(part.sql.trim_end()));
        text
    })
}

/// A long statement on two lines, broken where no name or string is. The written text is what is proven.
fn wrapped(sql: &str) -> Cow<'_, str> {
    const LONG: usize = 100;
    let words: &[&str] = match sql.split(' ').next() {
        Some("ALTER") => &[" ADD CONSTRAINT ", " ADD COLUMN ", " ALTER COLUMN ", " ATTACH PARTITION "],
        Some("CREATE") => &[" ON "],
        _ => &[],
    };
    let is_long = sql.chars().count() > LONG && !sql.contains('\n');
    let found = words.iter().filter(|_| is_long).find_map(|word| sql.find(word));
    match found.filter(|&at| !sql[..at].contains(['\'', '"'])) {
        Some(at) => Cow::Owned(format!("{}\n  {}", &sql[..at], &sql[at + 1..])),
        None => Cow::Borrowed(sql),
    }
}

impl Part {
    /// Whether an empty line sets it apart.
    fn is_paragraph(&self) -> bool {
        let has_comments = !(self.hazards.is_empty() && self.warnings.is_empty() && self.questions.is_empty());
        has_comments || self.sql.trim_end().contains('\n')
    }
}
