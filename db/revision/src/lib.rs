//! Migration files for PostgreSQL, without a database.
//!
//! A revision is a plain SQL file with a header, an upgrade section and a downgrade section. This crate splits it into statements
//! exactly as psql does, builds the graph of all revisions as Alembic does, and plans the way from the rows of a version table to
//! a target. It opens no connection and prints nothing; the only files that it reads are those of a [`MigrationSource`].
//!
//! ```
//! use revision::{Files, Operation, RevisionFile, Revisions};
//!
//! let rooms = "-- create rooms\n--\n-- Revision ID: a1\n-- Revises:\n\n\
//!              -- migrate:upgrade\nCREATE TABLE rooms (id int);\n\n\
//!              -- migrate:downgrade\nDROP TABLE rooms;\n";
//! let files: Files = [RevisionFile::in_memory("rooms.sql", rooms)].into_iter().collect();
//! let revisions = Revisions::read(&files)?;
//! let graph = revisions.graph();
//!
//! let plan = graph.plan_upgrade(&[], "heads")?;
//! assert_eq!(plan.operation, Operation::Upgrade);
//! let node = plan.steps[0].revision.expect("an upgrade runs revisions");
//! assert_eq!(graph.id(node), "a1");
//! let script = revisions.script(node);
//! let statement = script.upgrade().effective().next().expect("there is one");
//! assert_eq!(script.text(statement)?, "CREATE TABLE rooms (id int);");
//! # Ok::<(), revision::Error>(())
//! ```

mod checksum;
mod describe;
mod draw;
mod edges;
mod error;
mod file;
mod graph;
mod graph_error;
mod header;
mod hint;
mod marker;
mod migration_source;
mod near_miss;
mod node;
mod operation;
mod order;
mod place;
mod plan;
mod printable;
mod revisions;
mod script;
mod script_error;
mod similar;
mod snippet;
mod source;
mod split;
mod statement;
mod step;
mod target;
mod target_error;
mod threads;
mod token_hash;
mod transaction;
mod version_rows;

pub use checksum::{Checksum, NotAChecksum};
pub use describe::LineFormat;
pub use error::Error;
pub use file::RevisionFile;
pub use graph::{Follow, Revision, RevisionGraph};
pub use graph_error::GraphError;
pub use header::{Header, LintAllowance, TransactionMode, is_branch_label, is_revision_id};
pub use hint::Hint;
pub use migration_source::{Directory, Files, MigrationSource};
pub use near_miss::{distance, skeleton};
pub use node::{Node, NodeSet};
pub use operation::{Direction, Operation};
pub use place::{Excerpt, Place};
pub use printable::{columns, printable, printable_json, printable_line};
pub use revisions::Revisions;
pub use script::{Script, Section};
pub use script_error::{Problem, ScriptError};
pub use snippet::Snippet;
pub use statement::{CopyData, Statement, psql_text, without_semicolon};
pub use step::{Plan, Step, VersionChange};
pub use target::Position;
pub use target_error::TargetError;
pub use transaction::{ConcurrentIndex, Nature, concurrent_index};
