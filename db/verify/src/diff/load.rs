//! Loads SQL files into a scratch database. Their order is found by trying: a file that needs another fails until that one is loaded.

use std::path::PathBuf;

use anyhow::{Context, Result};
use connection::Connection;
use migrate::{Error, RunError, Session};
use revision::{RevisionFile, Script};

/// SQLSTATEs of statements that refer to what is not there yet: a schema, a table, a column, a function, any other object, and the
/// unique constraint that a foreign key needs.
const MISSING: [&str; 6] = ["3F000", "42P01", "42703", "42883", "42704", "42830"];

/// Reads the files.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Script>> {
    paths.iter().map(|path| Ok(Script::read_plain(&RevisionFile::on_disk(path))?)).collect()
}

/// Runs each file in a transaction, again if it has failed on something missing and others have run since.
pub(super) fn in_any_order(scripts: &[Script], session: &mut Session) -> Result<()> {
    let mut waiting: Vec<&Script> = scripts.iter().collect();
    loop {
        let before = waiting.len();
        let (mut failed, mut first) = (Vec::new(), None);
        for script in waiting {
            match session.run_plain(script) {
                Ok(_) => {}
                Err(error) if is_missing(&error) => {
                    failed.push(script);
                    first.get_or_insert(error);
                }
                Err(error) => return Err(error.into()),
            }
        }
        let Some(error) = first else { return Ok(()) };
        if failed.len() == before {
            return match scripts.len() {
                1 => Err(error.into()),
                _ => Err(error).context(format!(
                    "{} of {} files can't be loaded in any order",
                    failed.len(),
                    scripts.len()
                )),
            };
        }
        waiting = failed;
    }
}

/// How long filling a materialized view may take. Its tables are empty, so one that takes longer reads something else.
const FILLING: &str = "SET statement_timeout = '1s'";

/// Fills the materialized views that a dump creates without data, if a function refreshes one: REFRESH … CONCURRENTLY needs
/// a filled view. One that can't be filled stays as it is.
pub(super) fn fill_views(session: &mut Connection) -> Result<()> {
    let views = session.rows(
        "SELECT oid::pg_catalog.regclass FROM pg_catalog.pg_class WHERE relkind = 'm' AND NOT relispopulated
           AND EXISTS (SELECT FROM pg_catalog.pg_proc WHERE oid >= 16384 AND prosrc ~* 'refresh\\s+materialized\\s+view')
         ORDER BY oid",
    )?;
    if views.is_empty() {
        return Ok(());
    }
    session.send(FILLING)?;
    for name in views.iter().filter_map(|row| row[0].as_deref()) {
        // Errors are ignored: the plan may not need it.
        let _ = session.send(&format!("REFRESH MATERIALIZED VIEW {name}"));
    }
    session.send("RESET statement_timeout")?;
    Ok(())
}

fn is_missing(error: &Error) -> bool {
    matches!(error, Error::Run(error) if matches!(&**error, RunError::Statement(error) if MISSING.contains(&error.code.as_str())))
}
