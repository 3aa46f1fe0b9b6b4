//! The functions of the backend: their package.

use crate::context::Context;
use crate::npm::Package;

const DIRECTORY: &str = "amplify/functions";

/// Their npm package; `None` in a project without functions.
pub(crate) fn package(context: &Context) -> Option<Package<'_>> {
    Some(Package::new(context, DIRECTORY)).filter(Package::exists)
}
