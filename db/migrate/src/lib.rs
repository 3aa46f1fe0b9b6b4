//! Alembic-like migrations for PostgreSQL in plain SQL.
//!
//! [`RevisionGraph::load`] reads a directory of revision files, `database::Session::connect` opens a session,
//! `Session::lock` makes it the only one that migrates, `RevisionGraph::plan_upgrade` says what would run and
//! `lock::Locked::execute` runs it. The crate knows neither clap nor xshell nor a terminal: it returns errors and reports
//! events, and whoever calls it prints.

pub mod bookkeeping;
mod connect;
mod conninfo;
pub mod database;
pub mod describe;
pub mod directory;
pub mod draw;
pub mod dump;
pub mod error;
pub mod event;
pub mod execute;
pub mod graph;
pub mod header;
pub mod history;
mod journal;
pub mod lock;
pub mod offline;
mod order;
pub mod plan;
mod retry;
pub mod script;
pub mod settings;
pub mod snippet;
mod source;
mod split;
pub mod state;
pub mod target;
mod tls;
mod transaction;
mod version_rows;
mod watch;

pub use error::Error;
pub use graph::{Node, RevisionGraph};
