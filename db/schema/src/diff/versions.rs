//! An object in two schemas, and what can be done about the difference.

use crate::diff::elements::Elements;
use crate::diff::script::{Hazard, Refusal, Statement};
use crate::diff::security;
use crate::object::Object;

/// What it takes to make a new version of an element from the old one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    /// Nothing.
    None,
    /// Statements that leave it in place.
    Alter(Vec<Statement>),
    /// To drop and to create it.
    Replace,
    /// No statement does it.
    Refused(Refusal),
}

impl Change {
    /// The change that these statements make.
    pub(crate) fn of(statements: Vec<Statement>) -> Self {
        if statements.is_empty() { Self::None } else { Self::Alter(statements) }
    }
}

/// An object in two schemas.
pub(crate) struct Versions<'a> {
    pub(crate) old: &'a Elements,
    pub(crate) new: &'a Elements,
    pub(crate) old_object: &'a Object,
    pub(crate) new_object: &'a Object,
}

impl Versions<'_> {
    /// The hazard of the new object, if its users reach more or less through it.
    pub(crate) fn security(&self) -> Option<Hazard> {
        security::hazard((self.old, self.old_object), (self.new, self.new_object))
    }

    /// The text that creates it decides.
    pub(crate) fn text(&self) -> Change {
        if self.old_object.is_created_like(self.new_object) { Change::None } else { Change::Replace }
    }
}
