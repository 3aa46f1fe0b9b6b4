//! Scale: 100,000 revisions with branches and merges, and 200 databases migrated by one command.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::harness::Harness;
use crate::log::log;
use crate::measure::{self, Usage};
use crate::page::{self, count, seconds};
use crate::peers::{self, Peer};
use crate::server::Server;
use crate::workload::Workload;

pub(crate) fn run(harness: &Harness) -> Result<()> {
    let graph = large_graph(harness, if harness.is_quick { 1000 } else { 100_000 })?;
    let fleet = databases(harness, if harness.is_quick { 10 } else { 200 })?;
    page::publish(harness, "docs/performance.md", "fleet", &format!("{graph}\n\n{fleet}"))
}

/// Every ten revisions contain a branch of three and the merge that ends it.
fn large_graph(harness: &Harness, size: usize) -> Result<String> {
    log(&format!("{} revisions", count(size)));
    let folder = harness.fresh("graph")?;
    for number in 0..size {
        let id = |number: usize| format!("{number:012x}");
        let (ten, place) = (number / 10 * 10, number % 10);
        let parents = match place {
            _ if number == 0 => String::new(),
            0 => id(number - 1),
            // The branch starts at 1 with 2, 3 and 4; the main line continues with 5 to 8; 9 merges both.
            1 => id(ten),
            2 => id(ten + 1),
            5 => id(ten + 1),
            9 => format!("{}, {}", id(ten + 8), id(ten + 4)),
            _ => id(number - 1),
        };
        let text = format!(
            "-- step {number}\n--\n\
             -- Revision ID: {}\n\
             -- Revises: {parents}\n\
             -- Create Date: 2026-11-01T00:00:00Z\n\n\
             -- migrate:upgrade\n\
             CREATE TABLE t{number} (id bigint PRIMARY KEY);\n\n\
             -- migrate:downgrade\n\
             DROP TABLE t{number};\n",
            id(number)
        );
        fs::write(folder.join(format!("{number:08}_{}_step.sql", id(number))), text)?;
    }
    let mut rows = vec![["", "time", "memory"].map(str::to_owned).to_vec()];
    for arguments in [&["heads"][..], &["history"], &["plan", "heads", "--from", "base"], &["upgrade", "--sql"]] {
        let mut command = xtask(harness, &folder);
        let log = harness.log("graph");
        let Usage { wall, memory, .. } = measure::succeed(command.args(arguments), &log)?;
        let lines = fs::read_to_string(&log)?.lines().count();
        ensure!(arguments == ["heads"] || lines >= size, "{arguments:?} printed {lines} lines");
        let name = format!("`db {}`", arguments.join(" "));
        rows.push(vec![name, seconds(wall.as_secs_f64()), format!("{:.0} MB", memory as f64 / 1e6)]);
    }
    Ok(format!("**{} revisions**, {} of them merges.\n\n{}", count(size), count(size / 10), page::table(&rows)))
}

fn xtask(harness: &Harness, folder: &Path) -> Command {
    let mut command = harness.xtask_db();
    command.arg("--dir").arg(folder);
    command
}

/// Applies ten revisions to each database, sequentially and in parallel, and then with one of the databases broken.
fn databases(harness: &Harness, number: usize) -> Result<String> {
    const REVISIONS: usize = 10;
    log(&format!("{} databases", count(number)));
    let folder = harness.fresh("fleet")?;
    let ours: &dyn Peer = peers::ALL[0];
    ours.write(harness, &folder, &Workload::Tables.migrations(REVISIONS))?;
    let server = Server::start(harness)?;
    let names: Vec<String> = (0..number).map(|index| format!("tenant_{index}")).collect();
    let list = folder.join("fleet.txt");
    fs::write(&list, names.iter().map(|name| format!("dbname={name}\n")).collect::<String>())?;
    let mut rows = vec![["", "10 revisions each", "nothing to do"].map(str::to_owned).to_vec()];
    for jobs in [1, 8, 16] {
        for name in &names {
            server.create(name)?;
        }
        let mut times = Vec::new();
        for _ in 0..2 {
            let url = server.address("postgres").conninfo();
            let mut command = xtask(harness, &folder);
            command.args(["upgrade", "--url", &url, "--jobs", &jobs.to_string(), "--each"]).arg(&list);
            times.push(harness.succeed("fleet", &mut command)?.wall.as_secs_f64());
        }
        let cell = |time: f64| format!("{}, {} a database", seconds(time), seconds(time / number as f64));
        rows.push(vec![format!("`--jobs {jobs}`"), cell(times[0]), cell(times[1])]);
    }
    // A broken database must not stop the others, and the exit code must be 1.
    for name in &names {
        server.create(name)?;
    }
    server.address(&names[number / 2]).connect()?.batch_execute("CREATE TABLE t00005 ()")?;
    let mut command = xtask(harness, &folder);
    let url = server.address("postgres").conninfo();
    let status =
        measure::run(command.args(["upgrade", "--url", &url, "--each"]).arg(&list), &harness.log("fleet"))?.status;
    ensure!(status.code() == Some(1), "one database is broken, but the run exited with {status}");
    for (index, name) in names.iter().enumerate() {
        let is_done = server.address(name).is_true(&Workload::Tables.proof(REVISIONS))?;
        ensure!(is_done == (index != number / 2), "`{name}`: {is_done}");
    }
    Ok(format!(
        "**{} databases** on one server, migrated by one `db upgrade --each`. If one of them is broken, the other {} are migrated, the broken one is reported, and the exit code is 1.\n\n{}",
        count(number),
        count(number - 1),
        page::table(&rows)
    ))
}
