//! The functions of the backend: their package, and the role that they connect as.

use crate::context::Context;
use crate::npm::Package;

const DIRECTORY: &str = "amplify/functions";

/// The role of the API, which a revision creates.
pub(crate) const ROLE: &str = "rooms_api";

/// Their npm package; none in a project without functions.
pub(crate) fn package(context: &Context) -> Option<Package<'_>> {
    Some(Package::new(context, DIRECTORY)).filter(Package::exists)
}
