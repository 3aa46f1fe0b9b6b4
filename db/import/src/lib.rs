//! Converts the migrations of other tools to revision files.
//!
//! Knows the formats of those tools' files and the names of their tables. Knows no database and prints nothing.

mod revision_id;
mod tool;

pub use revision_id::revision_id;
pub use tool::Tool;
