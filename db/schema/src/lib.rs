#![doc = include_str!("../README.md")]
//!
//! ## Overview
//!
//! [`Schema::read`] reads a schema on a [`connection::Connection`], [`Schema::to_sql`] writes it as a script, and
//! [`Schema::differences`] compares two, object by object. [`Schema::portable`] is what is comparable with another server.
//! [`Fingerprinter::read`] reads every row of the catalog that belongs to objects of users, to notice what the SQL does
//! not show. [`VisibleTables::read`] reads the tables that a role can see, and [`VisibleTables::to_typescript`] writes their
//! types. [`DatabaseDefinition`] is a database without what is in it. The crate does not know about revisions.

mod array_cast;
mod catalog;
mod circles;
mod database;
mod diff;
mod fingerprint;
mod flattened;
mod model;
mod object;
mod order;
mod read_error;
mod schema;
mod typescript;
mod visible;

pub use database::{DatabaseDefinition, database_sessions, database_settings};
pub use diff::{
    Batch, Column, Form, Hazard, LikelyRename, Outline, Reference, Refusal, Script, Snapshot, Statement, Table, diff,
    likely_renames,
};
pub use fingerprint::{CatalogDifference, Digest, Fingerprint, Fingerprinter};
pub use read_error::ReadError;
pub use schema::{Difference, Listing, Schema, differences};
pub use visible::VisibleTables;
