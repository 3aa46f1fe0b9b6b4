//! Converts the migrations of other tools to revision files.
//!
//! Knows the formats of those tools' files and the names of their tables. Knows no database and prints nothing.

mod adopted;
mod old_table;
mod revision_id;
mod tool;

pub use adopted::{AdoptError, Adopted};
pub use old_table::{Layout, OldTable, Record, Recorded};
pub use revision_id::revision_id;
pub use tool::Tool;
