#![doc = include_str!("../README.md")]
//!
//! ## Overview
//!
//! [`Schema::read`] reads a schema on a [`connection::Connection`], [`Schema::to_sql`] writes it as a script, and
//! [`Schema::differences`] compares two, object by object. The crate does not know about revisions.

mod array_cast;
mod catalog;
mod circles;
mod object;
mod order;
mod read_error;
mod schema;

pub use read_error::ReadError;
pub use schema::{Difference, Schema};
