//! The schema of a PostgreSQL database: read from the catalog, written as SQL, compared.
//!
//! [`Schema::read`] reads it, [`Schema::to_sql`] writes what a review reads, [`Schema::differences`] compares two. The crate knows
//! no revision.

mod schema;

pub use schema::{Difference, Schema};
