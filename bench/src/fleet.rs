//! x
use anyhow::Result;
use crate::workshop::Workshop;
pub(crate) fn run(_: &Workshop) -> Result<()> { Ok(()) }
