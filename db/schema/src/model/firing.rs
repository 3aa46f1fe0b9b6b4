//! When triggers, rules and event triggers fire.

use crate::model::values::Values;

/// When one fires, by `session_replication_role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Firing {
    /// In all sessions but those of a replica.
    Origin,
    Replica,
    Always,
    Never,
}

impl Firing {
    /// As in `pg_trigger.tgenabled`; `None` for NULL.
    pub(crate) fn read(row: &mut Values) -> Option<Self> {
        row.optional().map(|letter| match letter.as_str() {
            "R" => Self::Replica,
            "A" => Self::Always,
            "D" => Self::Never,
            _ => Self::Origin,
        })
    }

    /// What ALTER has to say.
    pub(crate) fn action(self) -> &'static str {
        match self {
            Self::Origin => "ENABLE",
            Self::Replica => "ENABLE REPLICA",
            Self::Always => "ENABLE ALWAYS",
            Self::Never => "DISABLE",
        }
    }
}
