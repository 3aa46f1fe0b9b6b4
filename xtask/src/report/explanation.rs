//! What there is to say about an error: message, place, notes and exit code.

use cluster::ClusterError;
use migrate::RunError;
use revision::Excerpt;

use super::exit_code;
use super::failure::Failure;
use crate::hint;

/// The parts of an error message.
pub(super) struct Explanation {
    pub(super) message: String,
    pub(super) source: Option<Excerpt>,
    pub(super) notes: Vec<(&'static str, String)>,
    pub(super) code: u8,
}

impl Explanation {
    pub(super) fn of(error: &anyhow::Error) -> Self {
        let mut explanation = Self { message: format!("{error:#}"), source: None, notes: Vec::new(), code: 1 };
        for cause in error.chain() {
            if let Some(error) = cause.downcast_ref::<migrate::Error>() {
                explanation.add_migrate(error);
            } else if let Some(error) = cause.downcast_ref::<revision::Error>() {
                explanation.add_revision(error);
            } else if let Some(error) = cause.downcast_ref::<ClusterError>() {
                explanation.note("next", error.hint());
            } else if let Some(failure) = cause.downcast_ref::<Failure>() {
                explanation.note("next", failure.hint.clone());
                explanation.code = failure.code;
            }
            explanation.note("next", hint::of(cause));
        }
        explanation
    }

    fn note(&mut self, name: &'static str, text: Option<String>) {
        self.notes.extend(text.map(|text| (name, text)));
    }

    fn add_migrate(&mut self, error: &migrate::Error) {
        self.code = exit_code::of(error);
        match error {
            migrate::Error::Revision(error) => self.add_revision(error),
            migrate::Error::Run(error) => {
                if let RunError::Statement(error) = &**error {
                    self.source = error.excerpt.clone();
                    self.note("detail", error.detail.clone());
                    self.note("hint", error.hint.clone());
                    self.note("context", error.context.clone());
                }
                self.note("state", error.outcome().map(ToString::to_string));
            }
            _ => {}
        }
    }

    fn add_revision(&mut self, error: &revision::Error) {
        self.note("more", hint::more(error));
        if let revision::Error::Script(error) = error.first() {
            self.source = error.source_line.clone().map(|line| Excerpt { place: error.place, line });
        }
    }
}
