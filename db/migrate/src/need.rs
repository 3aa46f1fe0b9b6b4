//! What a statement needs that the server has refused because of what exists.

/// The SQLSTATEs of a statement that creates what exists: a relation, a routine, another object.
const DUPLICATES: [&str; 3] = ["42P07", "42723", "42710"];

/// The SQLSTATEs of a statement that can't drop or change what other objects depend on. Changing the type of a column that a
/// view uses is a feature that the server does not support.
const DEPENDENTS: [&str; 2] = ["2BP01", "0A000"];

/// What has to be dropped before the statement can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// What has the name of the object that it creates.
    Name,
    /// What depends on the object that it drops or changes.
    Dependents,
}

impl Need {
    /// What the SQLSTATE of the refusal says.
    pub(crate) fn of(code: &str) -> Option<Self> {
        match code {
            _ if DUPLICATES.contains(&code) => Some(Self::Name),
            _ if DEPENDENTS.contains(&code) => Some(Self::Dependents),
            _ => None,
        }
    }
}
