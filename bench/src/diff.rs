//! The time of `db diff` between two databases that differ by one column, compared with other tools, by the number of
//! tables.
//!
//! migra and pg-delta come from package registries. pg-schema-diff is in none: it is measured if it is on `PATH`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::harness::Harness;
use crate::large_schema;
use crate::log::log;
use crate::measure::{self, Samples};
use crate::page::{self, count, seconds};
use crate::server::{Address, Server};

/// The tools, in the order of the rows.
pub(crate) const NAMES: [&str; 4] = [OURS, "pg-schema-diff", "migra", "pg-delta"];
const OURS: &str = "cargo xtask db";

/// A tool that is installed.
struct Tool {
    name: &'static str,
    /// Its name, version and what it does, as the table shows it.
    title: String,
    program: PathBuf,
    /// The exit code if the schemas differ.
    differs: i32,
}

/// Two databases, and the server that they are on.
struct Sides {
    server: Address,
    old: Address,
    new: Address,
}

pub(crate) fn run(harness: &Harness) -> Result<()> {
    let (sizes, rounds): (&[usize], usize) = if harness.is_quick { (&[20], 1) } else { (&[100, 1000], 5) };
    let tools = installed(harness)?;
    let server = Server::start_with(harness, &[large_schema::LOCKS.to_owned()])?;
    let mut table: Vec<Vec<String>> =
        [String::new()].into_iter().chain(tools.iter().map(|tool| tool.title.clone())).map(|cell| vec![cell]).collect();
    for &size in sizes {
        let old = server.create(&format!("diff_{size}_old"))?;
        large_schema::create(&old, size)?;
        let new = server.copy(&old, &format!("diff_{size}_new"))?;
        let changed = size / 2;
        new.connect()?.batch_execute(&format!("ALTER TABLE t{changed} ADD COLUMN note text"))?;
        let sides = Sides { server: server.address("postgres"), old, new };
        // The first run may compile, or read its files from disk.
        for tool in &tools {
            tool.measure(harness, &sides, changed)?;
        }
        let mut samples = vec![Samples::default(); tools.len()];
        for round in 0..rounds {
            log(&format!("difference of {} tables, round {} of {rounds}", count(size), round + 1));
            for (tool, samples) in tools.iter().zip(&mut samples) {
                samples.add(tool.measure(harness, &sides, changed)?);
            }
        }
        table[0].push(format!("{} tables", count(size)));
        for (row, own) in table[1..].iter_mut().zip(&samples) {
            row.push(format!("{}, {:.2}", seconds(own.median()), own.ratio_to(&samples[0]).median()));
        }
    }
    page::publish(harness, "docs/performance.md", "diff", &page::table(&table))
}

/// Installs the tools that were requested, or finds them.
fn installed(harness: &Harness) -> Result<Vec<Tool>> {
    let is_wanted = |name: &str| harness.wanted.is_empty() || harness.wanted.iter().any(|wanted| wanted == name);
    let tool = |name, title: &str, program, differs| Tool { name, title: title.to_owned(), program, differs };
    let mut tools = vec![tool(OURS, "cargo xtask db diff", harness.xtask.clone(), 3)];
    if is_wanted("pg-schema-diff") {
        match which::which("pg-schema-diff") {
            Ok(program) => tools.push(tool("pg-schema-diff", "pg-schema-diff plan", program, 0)),
            Err(_) => log("skipping pg-schema-diff: it is not on PATH"),
        }
    }
    if is_wanted("migra") {
        tools.push(tool("migra", "migra 3.0.1663481299", harness.python()?.join("migra"), 2));
    }
    if is_wanted("pg-delta") {
        let program = harness.npm()?.join(".bin/pgdelta");
        tools.push(tool("pg-delta", "pg-delta 1.0.0-alpha.34 plan", program, 0));
    }
    Ok(tools)
}

impl Tool {
    /// The seconds that a run takes. It must find the difference.
    fn measure(&self, harness: &Harness, sides: &Sides, changed: usize) -> Result<f64> {
        let (log, plan) =
            (harness.log(&format!("diff-{}", self.name.replace(' ', "-"))), harness.folder.join("plan.json"));
        let usage = measure::run(&mut self.command(harness, sides, &plan), &log)?;
        let is_expected = usage.status.code() == Some(self.differs);
        ensure!(is_expected, "{}: {}\n{}", self.name, usage.status, measure::tail(&log));
        let output = fs::read_to_string(if self.name == "pg-delta" { &plan } else { &log })?;
        let plain = output.replace(['"', '\\'], "").replace("public.", "").to_lowercase();
        let expected = format!("alter table t{changed} add column note text");
        ensure!(plain.contains(&expected), "{} did not write `{expected}`:\n{}", self.name, measure::tail(&log));
        Ok(usage.wall.as_secs_f64())
    }

    fn command(&self, harness: &Harness, sides: &Sides, plan: &Path) -> Command {
        let Sides { server, old, new } = sides;
        let mut command = if self.name == OURS { harness.xtask_db() } else { Command::new(&self.program) };
        match self.name {
            OURS => command.args(["diff", "--from", &old.url(), "--to", &new.url(), "--postgres", &server.url()]),
            "pg-schema-diff" => command.args(["plan", "--from-dsn", &old.conninfo(), "--to-dsn", &new.conninfo()]),
            "migra" => command.args([&old, &new].map(|side| side.url().replacen("postgres:", "postgresql:", 1))),
            _ => command.args(["plan", "--source", &old.url(), "--desired", &new.url(), "--out"]).arg(plan),
        };
        command
    }
}
