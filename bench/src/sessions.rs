//! Measures session overhead: read-only commands on a socket, over TCP and with TLS, compared with `psql -c 'select 1'`.
//!
//! With `sslmode=require`, no tool verifies the certificate, so all of them do the same work.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::certificate::Certificate;
use crate::harness::{Harness, program};
use crate::log::log;
use crate::measure::{self, Samples};
use crate::page::{self, seconds};
use crate::peers::{self, Action, Peer};
use crate::server::{Address, Server};
use crate::workload::Workload;

const REVISIONS: usize = 1000;
const ROUNDS: usize = 21;

/// The baseline.
const SELECT: &str = "psql -c 'select 1'";

/// A command to time: a tool's, or the baseline.
struct Row {
    name: String,
    tool: Option<(&'static dyn Peer, PathBuf, Action)>,
}

impl Row {
    fn command(&self, harness: &Harness, address: &Address) -> Result<Option<Command>> {
        if let Some((peer, folder, action)) = &self.tool {
            return Ok(peer.command(harness, folder, address, *action));
        }
        let mut psql = Command::new(program("psql")?);
        psql.args(["-X", "-q", "-c", "select 1", "-d", &address.conninfo()]);
        Ok(Some(psql))
    }
}

pub(crate) fn run(harness: &Harness) -> Result<()> {
    let (count, rounds) = if harness.is_quick { (20, 1) } else { (REVISIONS, ROUNDS) };
    let peers = peers::installed(harness, &peers::ALL)?;
    // The default port, on addresses that no other server on this machine uses.
    let plain = Server::start_on_tcp(harness, "127.43.0.1", None)?;
    let certificate = Certificate::create(harness, plain.socket())?;
    let encrypted = Server::start_on_tcp(harness, "127.43.0.2", Some(&certificate))?;

    let mut rows = Vec::new();
    for &peer in &peers {
        let folder = harness.fresh(&format!("sessions/{}", peer.name().replace(' ', "-")))?;
        peer.write(harness, &folder, &Workload::Catalog.migrations(count))?;
        rows.extend(prepare(harness, [&plain, &encrypted], peer, &folder)?);
    }
    rows.push(Row { name: SELECT.to_owned(), tool: None });
    // The name, the server, and the `sslmode` of a connection over TCP.
    let ways = [
        ("socket", &plain, None),
        ("TCP, `disable`", &plain, Some("disable")),
        ("TCP, `prefer`", &plain, Some("prefer")),
        ("TLS, `require`", &encrypted, Some("require")),
    ];
    let mut samples = vec![vec![Samples::default(); ways.len()]; rows.len()];
    for round in 0..rounds {
        log(&format!("sessions, round {} of {rounds}", round + 1));
        for (row, samples) in rows.iter().zip(&mut samples) {
            for (&(_, server, sslmode), samples) in ways.iter().zip(samples) {
                let database = row.tool.as_ref().map_or("postgres".to_owned(), |(peer, ..)| database(*peer));
                let address = match sslmode {
                    None => server.address(&database),
                    Some(sslmode) => server.address_on_tcp(&database, sslmode).context("the server listens on TCP")?,
                };
                let Some(mut command) = row.command(harness, &address)? else { continue };
                let usage = measure::run(&mut command, &harness.log("sessions"))?;
                if usage.status.success() {
                    samples.add(usage.wall.as_secs_f64());
                }
            }
        }
    }
    let baseline = samples.last().cloned().unwrap_or_default();
    let cell = |(samples, baseline): (&Samples, &Samples)| match samples.is_empty() {
        true => String::new(),
        false => format!("{}, {:.2}", seconds(samples.median()), samples.ratio_to(baseline).median()),
    };
    let head = [""].into_iter().chain(ways.map(|(name, ..)| name)).map(str::to_owned).collect();
    let line = |(row, samples): (&Row, &Vec<Samples>)| {
        [row.name.clone()].into_iter().chain(samples.iter().zip(&baseline).map(cell)).collect()
    };
    let table: Vec<Vec<String>> = [head].into_iter().chain(rows.iter().zip(&samples).map(line)).collect();
    page::publish(harness, "docs/performance.md", "sessions", &page::table(&table))
}

fn database(peer: &dyn Peer) -> String {
    format!("sessions_{}", peer.name().to_lowercase().replace([' ', '-'], "_"))
}

/// Applies all migrations, and returns the tool's commands that then change nothing.
fn prepare(harness: &Harness, servers: [&Server; 2], peer: &'static dyn Peer, folder: &Path) -> Result<Vec<Row>> {
    for server in servers {
        let address = server.create(&database(peer))?;
        let mut apply = peer.command(harness, folder, &address, Action::Apply).context("every tool applies")?;
        harness.succeed("sessions", &mut apply)?;
    }
    let address = servers[0].address(&database(peer));
    let actions = [(Action::Current, "current"), (Action::Apply, "nothing to do")];
    // psql would apply its file again.
    let is_possible = |action| peer.name() != "psql" && peer.command(harness, folder, &address, action).is_some();
    let row = |(action, name)| Row {
        name: format!("{}, {name}", peer.name()),
        tool: Some((peer, folder.to_owned(), action)),
    };
    Ok(actions.into_iter().filter(|&(action, _)| is_possible(action)).map(row).collect())
}
