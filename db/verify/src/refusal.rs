//! A statement that the server refuses.

use connection::ServerError;
use migrate::RunError;
use revision::Excerpt;

/// A statement that the server refuses, or another reason why a revision can't be applied or reverted.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The position in the statement, if a statement is the cause.
    pub(crate) excerpt: Option<Excerpt>,
    /// What is wrong, with the SQLSTATE.
    pub(crate) reason: String,
    pub(crate) detail: Option<String>,
    pub(crate) hint: Option<String>,
}

impl Refusal {
    /// The error of a statement.
    pub(crate) fn new(excerpt: Option<Excerpt>, error: &ServerError) -> Self {
        Self { excerpt, reason: error.to_string(), detail: error.detail.clone(), hint: error.hint.clone() }
    }

    /// The error of the engine.
    pub(crate) fn of(error: &migrate::Error) -> Self {
        if let migrate::Error::Run(run) = error
            && let RunError::Statement(error) = &**run
        {
            let end = if error.excerpt.is_none() { ", while committing the revision" } else { "" };
            let reason = format!("{} (SQLSTATE {}){end}", error.message, error.code);
            let (excerpt, detail, hint) = (error.excerpt.clone(), error.detail.clone(), error.hint.clone());
            return Self { excerpt, reason, detail, hint };
        }
        Self { excerpt: None, reason: error.to_string(), detail: None, hint: None }
    }

    /// Whether another temporary database is the reason.
    pub(crate) fn mentions_database(&self) -> bool {
        self.detail.as_deref().is_some_and(|detail| detail.contains("xtask_verify_"))
    }
}
