//! Measures query latency while a revision waits for a lock: pgbench queries a table, a long-running reader locks it, and a revision
//! alters it.
//!
//! pgbench runs at a fixed rate, so the latency of a delayed query counts from its scheduled time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, ensure};

use crate::harness::{Harness, program};
use crate::log::log;
use crate::measure::Samples;
use crate::page;
use crate::peers::{self, Action, Peer};
use crate::server::{Address, Server};
use crate::workload::Migration;

/// Transactions per second.
const RATE: usize = 400;

/// The application's transaction.
const TRANSACTION: &str = include_str!("load/transaction.sql");

/// Measurements of a tool and of the application during its run.
#[derive(Default)]
struct Measurements {
    elapsed: Samples,
    median: Samples,
    p99: Samples,
    max: Samples,
}

pub(crate) fn run(harness: &Harness) -> Result<()> {
    let (reader, rounds) = if harness.is_quick { (Duration::from_secs(2), 1) } else { (Duration::from_secs(10), 3) };
    let peers = peers::installed(harness, &peers::named(&["cargo xtask db", "psql", "dbmate", "sqlx-cli", "Alembic"]))?;
    let server = Server::start(harness)?;
    let mut rows = vec![["", "revision", "query: median", "p99", "maximum"].map(str::to_owned).to_vec()];
    for &peer in &peers {
        let mut measurements = Measurements::default();
        for round in 0..rounds {
            log(&format!("{} under load, round {} of {rounds}", peer.name(), round + 1));
            measure(harness, &server, peer, reader, &mut measurements)?;
        }
        let cells = [&measurements.elapsed, &measurements.median, &measurements.p99, &measurements.max]
            .map(|samples| page::seconds(samples.median()));
        rows.push([vec![peer.name().to_owned()], cells.to_vec()].concat());
    }
    let text = format!(
        "A reader locks the table for {} s while pgbench runs {RATE} transactions per second, each a SELECT and an UPDATE. The revision adds a column one second after the reader starts. Medians of {rounds} rounds, over the queries scheduled while the revision ran.\n\n{}",
        reader.as_secs(),
        page::table(&rows)
    );
    page::publish(harness, "docs/reliability.md", "load", &text)
}

fn measure(
    harness: &Harness,
    server: &Server,
    peer: &dyn Peer,
    hold: Duration,
    measurements: &mut Measurements,
) -> Result<()> {
    let folder = harness.fresh("load")?;
    let revisions = harness.fresh("load-revisions")?;
    peer.write(harness, &revisions, &[Migration::inside(&["ALTER TABLE accounts ADD COLUMN note text"])])?;
    let address = server.create("load")?;
    let mut owner = address.connect()?;
    owner.batch_execute(include_str!("load/accounts.sql"))?;
    let mut load = start_load(&folder, &address, hold + Duration::from_secs(12))?;
    sleep(Duration::from_secs(2));
    let mut reader = address.connect()?;
    reader.batch_execute("BEGIN; SELECT count(*) FROM accounts")?;
    let holding = std::thread::spawn(move || {
        sleep(hold);
        reader.batch_execute("COMMIT")
    });
    sleep(Duration::from_secs(1));
    let (begin, start) = (SystemTime::now(), Instant::now());
    let mut command = peer.command(harness, &revisions, &address, Action::Apply).context("every tool applies")?;
    harness.succeed("load", &mut command)?;
    let elapsed = start.elapsed();
    let end = SystemTime::now();
    ensure!(
        address.is_true(
            "SELECT count(*) = 1 FROM pg_attribute WHERE attrelid = 'accounts'::regclass AND attname = 'note'"
        )?
    );
    holding.join().expect("the reader does not panic")?;
    ensure!(load.wait()?.success(), "pgbench failed: {}", fs::read_to_string(folder.join("pgbench.err"))?);
    let latencies = latencies(&folder, begin, end)?;
    ensure!(latencies.len() > 100, "only {} queries were scheduled during the run", latencies.len());
    measurements.elapsed.add(elapsed.as_secs_f64());
    let at = |share: f64| latencies[((latencies.len() - 1) as f64 * share) as usize];
    measurements.median.add(at(0.5));
    measurements.p99.add(at(0.99));
    measurements.max.add(at(1.0));
    server.drop(&address)
}

fn start_load(folder: &Path, address: &Address, length: Duration) -> Result<Child> {
    let queries = folder.join("queries.sql");
    fs::write(&queries, TRANSACTION)?;
    let mut pgbench = Command::new(program("pgbench")?);
    pgbench.args(["--no-vacuum", "--client=64", "--jobs=2", "--log", "--log-prefix=latency"]);
    pgbench.args([format!("--rate={RATE}"), format!("--time={}", length.as_secs())]).arg("--file").arg(queries);
    pgbench.args(["--host", &address.host, "--username=postgres", &address.database]).current_dir(folder);
    pgbench.stdin(Stdio::null()).stdout(Stdio::null()).stderr(fs::File::create(folder.join("pgbench.err"))?);
    pgbench.spawn().context("could not run pgbench")
}

/// The latencies in seconds, sorted, of the transactions scheduled between two moments. Each counts from its scheduled time.
fn latencies(folder: &Path, begin: SystemTime, end: SystemTime) -> Result<Vec<f64>> {
    let moment = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).map(|since| since.as_secs_f64());
    let (begin, end) = (moment(begin)?, moment(end)?);
    let mut latencies = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path: PathBuf = entry?.path();
        if !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("latency.")) {
            continue;
        }
        for line in fs::read_to_string(&path)?.lines() {
            // Fields: client, transaction, microseconds, script, end time in seconds and microseconds, lag.
            let fields: Vec<f64> = line.split(' ').filter_map(|field| field.parse().ok()).collect();
            let [_, _, micros, _, seconds, fraction, ..] = fields[..] else { continue };
            let latency = micros / 1e6;
            let due = seconds + fraction / 1e6 - latency;
            if (begin..end).contains(&due) {
                latencies.push(latency);
            }
        }
    }
    latencies.sort_by(f64::total_cmp);
    Ok(latencies)
}
