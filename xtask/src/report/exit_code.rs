//! The exit codes, as db/README.md documents them.

use migrate::{Error, HistoryError, LockError, Outcome, RunError, StateError};

use crate::interrupt;

pub(crate) const EXIT_USAGE: u8 = 2;
pub(crate) const EXIT_BEHIND: u8 = 3;
const EXIT_LOCKED: u8 = 4;
const EXIT_PARTIALLY_APPLIED: u8 = 5;
const EXIT_EDITED: u8 = 6;

/// The exit code for an error of the engine.
pub(super) fn of(error: &Error) -> u8 {
    match error {
        Error::Lock(LockError::NotObtained { .. }) => EXIT_LOCKED,
        Error::State(error) => match &**error {
            StateError::PartiallyApplied { .. }
            | StateError::PartiallyAppliedElsewhere { .. }
            | StateError::JournalContradicted { .. }
            | StateError::EditedHalfWay { .. }
            | StateError::EditedWhileUnknown { .. }
            | StateError::ModeChanged { .. }
            | StateError::MayHaveRun { .. }
            | StateError::SessionGone { .. } => EXIT_PARTIALLY_APPLIED,
            _ => 1,
        },
        Error::History(HistoryError::Edited { .. }) => EXIT_EDITED,
        Error::Run(error) => match (&**error, error.outcome()) {
            (RunError::Interrupted { .. }, _) => interrupt::EXIT_CODE,
            (_, Some(Outcome::PartiallyApplied { .. })) => EXIT_PARTIALLY_APPLIED,
            _ => 1,
        },
        _ => 1,
    }
}
