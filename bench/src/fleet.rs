//! x
use crate::workshop::Workshop;
use anyhow::Result;
pub(crate) fn run(_: &Workshop) -> Result<()> {
    Ok(())
}
