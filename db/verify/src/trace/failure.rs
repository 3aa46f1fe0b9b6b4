//! A revision that fails on generated rows: the cause, and whether it is a hazard.

use migrate::StatementError;

use super::statement::{Hazard, Statement};

/// The rows on which a revision was traced after it had failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// Different rows, which fit it.
    Fitting,
    None,
}

/// A statement that failed on generated rows.
pub(super) struct Failure {
    /// The position of the statement in the revision; `None` if the commit failed.
    pub(super) index: Option<usize>,
    /// Whether it changes the schema, as opposed to rows.
    pub(super) is_definition: bool,
    pub(super) error: StatementError,
}

impl Failure {
    /// Whether different rows may help. Other errors occur without any rows, too.
    pub(super) fn depends_on_rows(&self) -> bool {
        // Cardinality, data, constraints, views' conditions, raised errors, pending triggers, limits.
        ["21", "22", "23", "44", "P0", "55006", "54"].iter().any(|class| self.error.code.starts_with(class))
    }

    /// Adds the failures of earlier attempts to the statements of a successful one.
    pub(super) fn add_all(failures: Vec<Self>, mut statements: Vec<Statement>, rows: Rows) -> Vec<Statement> {
        let elsewhere = failures.iter().find(|failure| !failure.depends_on_rows()).map(Self::cause);
        let mut seen = Vec::new();
        for failure in failures.into_iter().filter(Self::depends_on_rows) {
            // The next attempt may have failed for the same reason, on other values.
            let reason = (failure.index, failure.error.code.clone(), failure.error.message.clone());
            if seen.contains(&reason) {
                continue;
            }
            seen.push(reason);
            let last = statements.len().checked_sub(1);
            let Some(statement) = failure.index.or(last).and_then(|index| statements.get_mut(index)) else { continue };
            failure.add_to(statement);
        }
        if let Some(first) = statements.first_mut() {
            first.notes.push(match (rows, elsewhere) {
                (Rows::Fitting, _) => "traced again on generated rows that fit the revision".to_owned(),
                (Rows::None, None) => {
                    "traced again without generated rows: durations and scans are those of empty tables".to_owned()
                }
                (Rows::None, Some(cause)) => {
                    format!("traced without generated rows, because it fails in a copy of the database that has them: {cause}")
                }
            });
        }
        statements
    }

    fn add_to(self, statement: &mut Statement) {
        let cause = self.cause();
        match self.consequence().filter(|_| self.is_definition) {
            Some(consequence) => {
                let hazard =
                    Hazard { rule: "fails-on-rows", message: format!("{consequence}; on generated rows: {cause}") };
                statement.hazards.push(hazard);
            }
            None => statement.notes.push(format!("fails on generated rows: {cause}")),
        }
    }

    /// The server's message on one line.
    fn cause(&self) -> String {
        let StatementError { message, detail, code, .. } = &self.error;
        let detail = detail.as_ref().map_or(String::new(), |detail| format!(": {detail}"));
        let place = if self.index.is_none() { ", while committing" } else { "" };
        format!("{message}{detail} (SQLSTATE {code}){place}").replace('\n', " ")
    }

    /// The rows in production on which a change of the schema fails as well.
    fn consequence(&self) -> Option<&'static str> {
        Some(match self.error.code.as_str() {
            "23502" => "fails if a row has NULL in the column, as every row has in a new column without a default",
            "23503" => "fails if a row references one that does not exist",
            "23505" => "fails if two rows have the same values",
            "23514" => "fails if a row violates the constraint",
            "23P01" => "fails if two rows conflict",
            "22001" => "fails if a value is too long",
            "22003" => "fails if a value is out of range",
            "54000" => "fails if a value is too large for an index",
            "55006" => "fails if earlier statements of the revision change rows that deferred constraints check",
            code if code.starts_with("22") => "fails if a value cannot be converted",
            _ => return None,
        })
    }
}
