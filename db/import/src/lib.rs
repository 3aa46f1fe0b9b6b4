//! Converts the migrations of other tools to revision files.
//!
//! Knows the formats of those tools' files and the names of their tables. Knows no database and prints nothing.

mod adopted;
mod control;
mod date;
mod directory;
mod facts;
mod history;
mod message;
mod migration_file;
mod note;
mod object_text;
mod old_table;
mod problem;
mod read;
mod remarks;
mod revision_id;
mod sections;
mod source_file;
mod sql;
mod tool;
mod tools;
mod write;

pub use adopted::{AdoptError, Adopted};
pub use history::{History, Migration, ObjectText};
pub use note::{Note, Reason, Remark, Skipped};
pub use old_table::{Layout, OldTable, Record, Recorded};
pub use problem::Problem;
pub use read::read;
pub use tool::Tool;
pub use write::{NewFile, WriteError, check_objects, compose, compose_objects, write, write_objects};
