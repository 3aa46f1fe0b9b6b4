//! `seed`: runs the file with the development data.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use revision::{RevisionFile, Script};
use serde_json::json;

use super::choose::Database;
use super::task::Db;
use crate::interrupt;
use crate::report::{Failure, counted, duration};

impl Db<'_> {
    /// Runs `seeds.sql` in one transaction.
    pub(super) fn seed(&mut self) -> Result<()> {
        let Some(seeds) = self.read_seeds()? else {
            let hint =
                "create it with the INSERT or COPY statements to run; `ON CONFLICT DO NOTHING` lets them run again";
            return Err(Failure::new(format!("there is no `{}`", self.seeds().display())).hint(hint).into());
        };
        self.run_seeds(&seeds)
    }

    /// The `seeds.sql` next to the directory of the revisions.
    pub(super) fn seeds(&self) -> PathBuf {
        self.next_to_revisions("seeds.sql")
    }

    /// Reads and checks `seeds.sql`, if there is one.
    pub(super) fn read_seeds(&self) -> Result<Option<Script>> {
        let path = self.seeds();
        match path.symlink_metadata() {
            Ok(_) => Ok(Some(Script::read_plain(&RevisionFile::on_disk(path))?)),
            Err(_) => Ok(None),
        }
    }

    pub(super) fn run_seeds(&mut self, seeds: &Script) -> Result<()> {
        let database = Database::choose(self)?;
        let mut session = database.connect(self)?;
        let canceller = session.canceller();
        interrupt::on_signal(move || canceller.cancel());
        let start = Instant::now();
        let count = session.run_plain(seeds)?;
        let (report, path, elapsed) = (&self.context.report, seeds.path().display(), start.elapsed());
        if report.is_json() {
            let seconds = elapsed.as_secs_f64();
            report.json(&json!({"event": "seeded", "path": path.to_string(), "statements": count, "seconds": seconds}));
        }
        report.message(format!("ran {path}: {} in {}", counted(count, "statement"), duration(elapsed)));
        Ok(())
    }
}
