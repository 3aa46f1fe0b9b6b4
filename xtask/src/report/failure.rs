//! Errors of the tasks themselves.

use std::fmt::{self, Display, Formatter};

/// An error with a hint and an exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    /// The state that the failure leaves.
    pub(super) state: Option<String>,
    cause: Option<anyhow::Error>,
    pub(super) hint: Option<String>,
    pub(super) code: u8,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), state: None, cause: None, hint: None, code: 1 }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    pub(crate) fn state(self, state: impl Into<String>) -> Self {
        Self { state: Some(state.into()), ..self }
    }

    pub(crate) fn caused_by(self, cause: Option<impl Into<anyhow::Error>>) -> Self {
        Self { cause: cause.map(Into::into), ..self }
    }

    pub(crate) fn code(self, code: u8) -> Self {
        Self { code, ..self }
    }

    /// An error and its hint on one line.
    pub(crate) fn one_line(error: &anyhow::Error) -> String {
        let hint = error.chain().find_map(|cause| cause.downcast_ref::<Self>()?.hint.as_deref());
        hint.map_or_else(|| format!("{error:#}"), |hint| format!("{error:#}; {hint}"))
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(AsRef::as_ref)
    }
}
