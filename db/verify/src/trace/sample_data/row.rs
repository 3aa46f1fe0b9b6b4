//! The fields of a row from the catalog.

use std::str::FromStr;

use anyhow::{Context, Result};
use connection::Row;

/// A column of a row as text; empty for NULL.
pub(super) fn text(row: &Row, index: usize) -> String {
    row[index].clone().unwrap_or_default()
}

/// A boolean.
pub(super) fn is(row: &Row, index: usize) -> bool {
    row[index].as_deref() == Some("t")
}

/// An oid or another number.
pub(super) fn number<N: FromStr<Err: std::error::Error + Send + Sync + 'static>>(row: &Row, index: usize) -> Result<N> {
    text(row, index).parse().context("a number from the catalog")
}

/// Numbers with separators.
pub(super) fn numbers(row: &Row, index: usize) -> Result<Vec<i16>> {
    let parts = text(row, index);
    parts.split(',').filter(|part| !part.is_empty()).map(|part| part.parse().context("a column number")).collect()
}
