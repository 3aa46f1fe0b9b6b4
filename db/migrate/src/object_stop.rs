//! Why the transaction that applies the files of `objects` stopped, and what can be done about it.

use connection::QueryError;

use crate::revision_run::{Cause, Failure};

/// Where an attempt stopped.
pub(crate) struct Stop {
    /// The file, unless it is the end of the transaction.
    pub(crate) file: Option<usize>,
    pub(crate) cause: StopCause,
}

/// Why it stopped.
pub(crate) enum StopCause {
    Failure(Failure),
    /// Objects that no file creates depend on what must be dropped.
    Foreign {
        objects: Vec<String>,
        dependents: Vec<String>,
    },
}

impl Stop {
    /// A failure outside of a file.
    pub(crate) fn between(error: QueryError) -> Box<Self> {
        Box::new(Self { file: None, cause: StopCause::Failure(Failure::between(error)) })
    }

    pub(crate) fn of(file: usize, failure: Failure) -> Box<Self> {
        Box::new(Self { file: Some(file), cause: StopCause::Failure(failure) })
    }

    fn code(&self) -> &str {
        match &self.cause {
            StopCause::Failure(Failure { cause: Cause::Query(QueryError::Server(error)), .. }) => &error.code,
            _ => "",
        }
    }

    /// The server's message.
    pub(crate) fn message(&self) -> String {
        match &self.cause {
            StopCause::Failure(Failure { cause: Cause::Query(error), .. }) => error.to_string(),
            _ => String::new(),
        }
    }

    /// The server's message, if a retry may resolve it.
    pub(crate) fn contention(&self) -> Option<String> {
        match &self.cause {
            StopCause::Failure(failure) => failure.contention().map(str::to_owned),
            StopCause::Foreign { .. } => None,
        }
    }

    /// Whether the server can't replace an object, or something depends on what the file no longer creates: an invalid
    /// definition of a view or a function, an object of another kind, one that exists, dependents.
    pub(crate) fn needs_drop(&self) -> bool {
        ["42P16", "42P13", "42809", "42710", "2BP01"].contains(&self.code())
    }

    /// Whether something that the file refers to is missing or different.
    pub(crate) fn does_not_load(&self) -> bool {
        self.code().starts_with("42") || self.code() == "3F000"
    }
}
