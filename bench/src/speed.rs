//! Measures the time and memory of whole processes: applying, no-op runs, display and downgrades. The tools alternate, and ratios
//! compare runs of the same round.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::chart::{Bar, Panel};
use crate::harness::Harness;
use crate::log::log;
use crate::measure::{Samples, Usage};
use crate::page::{self, count, seconds};
use crate::peers::{self, Action, Peer};
use crate::server::{Address, Server};
use crate::workload::Workload;
use crate::{chart, measure};

/// The measured operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Metric {
    Apply,
    Nothing,
    Current,
    History,
    Downgrade,
    ApplyMemory,
    NothingMemory,
}

/// The number of migrations and of rounds. Runs that take a minute are not repeated five times.
const SIZES: [(usize, usize); 4] = [(1, 5), (100, 5), (1000, 5), (10_000, 2)];
const QUICK: [(usize, usize); 2] = [(1, 1), (30, 1)];

/// How often to repeat a run that changes nothing, unless a single one takes seconds.
const REPEATS: usize = 3;
const MAX_REPEATED_SECONDS: f64 = 2.0;

const WORKLOADS: [Workload; 2] = [Workload::Tables, Workload::Catalog];

#[derive(Default)]
struct Results(BTreeMap<(&'static str, usize, Metric, &'static str), Samples>);

pub(crate) fn run(harness: &Harness) -> Result<()> {
    let sizes: &[(usize, usize)] = if harness.is_quick { &QUICK } else { &SIZES };
    let peers = peers::installed(harness, &peers::ALL)?;
    let mut results = Results::default();
    for workload in WORKLOADS {
        for &(size, rounds) in sizes {
            let server = Server::start(harness)?;
            let folders = write(harness, &peers, workload, size)?;
            for round in 0..rounds {
                log(&format!("{}, {} migrations, round {} of {rounds}", workload.name(), count(size), round + 1));
                for offset in 0..peers.len() {
                    let index = (offset + round) % peers.len();
                    let (peer, folder) = (peers[index], &folders[index]);
                    let address = server.create("bench")?;
                    let task = Task { harness, peer, folder, address: &address, workload, size };
                    task.run(&mut results).with_context(|| format!("{} with {size} migrations", peer.name()))?;
                    server.drop(&address)?;
                }
            }
        }
    }
    let sizes: Vec<usize> = sizes.iter().map(|&(size, _)| size).collect();
    publish(harness, &peers, &sizes, &results)
}

fn write(harness: &Harness, peers: &[&'static dyn Peer], workload: Workload, size: usize) -> Result<Vec<PathBuf>> {
    let migrations = workload.migrations(size);
    let folder = |peer: &&'static dyn Peer| {
        let folder = harness.fresh(&format!("{}-{size}/{}", workload.name(), peer.name().replace(' ', "-")))?;
        peer.write(harness, &folder, &migrations)?;
        Ok(folder)
    };
    peers.iter().map(folder).collect()
}

/// One tool's runs in a round.
struct Task<'a> {
    harness: &'a Harness,
    peer: &'static dyn Peer,
    folder: &'a Path,
    address: &'a Address,
    workload: Workload,
    size: usize,
}

impl Task<'_> {
    fn run(&self, results: &mut Results) -> Result<()> {
        let mut add = |metric: Metric, value: f64| {
            results.0.entry((self.workload.name(), self.size, metric, self.peer.name())).or_default().add(value);
        };
        let applied = self.time(Action::Apply)?.context("every tool applies")?;
        ensure!(
            self.address.is_true(&self.workload.proof(self.size))?,
            "the tool exited 0 without applying the migrations"
        );
        add(Metric::Apply, applied.wall.as_secs_f64());
        add(Metric::ApplyMemory, applied.memory as f64);
        // No-op runs take the same time with either workload.
        if self.workload == Workload::Tables {
            for (metric, action) in [
                (Metric::Nothing, Action::Apply),
                (Metric::Current, Action::Current),
                (Metric::History, Action::History),
            ] {
                if metric == Metric::Nothing && self.peer.name() == "psql" {
                    continue;
                }
                for _ in 0..REPEATS {
                    let Some(usage) = self.time(action)? else { break };
                    add(metric, usage.wall.as_secs_f64());
                    if metric == Metric::Nothing {
                        add(Metric::NothingMemory, usage.memory as f64);
                    }
                    if usage.wall.as_secs_f64() > MAX_REPEATED_SECONDS {
                        break;
                    }
                }
            }
            if let Some(usage) = self.time(Action::Downgrade(self.size))? {
                let first = Workload::Tables.proof(1);
                ensure!(!self.address.is_true(&first)?, "the tool exited 0 without reverting the migrations");
                add(Metric::Downgrade, usage.wall.as_secs_f64());
            }
        }
        Ok(())
    }

    fn time(&self, action: Action) -> Result<Option<Usage>> {
        let command = self.peer.command(self.harness, self.folder, self.address, action);
        command.map(|mut command| measure::succeed(&mut command, &self.harness.log("speed"))).transpose()
    }
}

impl Results {
    fn get(&self, workload: Workload, size: usize, metric: Metric, peer: &dyn Peer) -> Option<&Samples> {
        self.0.get(&(workload.name(), size, metric, peer.name())).filter(|samples| !samples.is_empty())
    }
}

fn publish(harness: &Harness, peers: &[&'static dyn Peer], sizes: &[usize], results: &Results) -> Result<()> {
    let mut text = page::environment(harness)?;
    let versions: Vec<String> = peers.iter().map(|peer| format!("{} {}", peer.name(), peer.version())).collect();
    text.push_str(&format!("\n{}.\n", versions.join(", ")));
    for workload in WORKLOADS {
        text.push_str(&format!(
            "\n**Applying, *{}***: median, and its ratio to psql (range over the rounds).\n\n",
            workload.name()
        ));
        text.push_str(&applying(peers, sizes, results, workload));
        text.push('\n');
    }
    for (title, metrics) in [
        ("No-op runs and display", &[Metric::Nothing, Metric::Current, Metric::History][..]),
        ("Downgrade to the base", &[Metric::Downgrade]),
        ("Peak memory: applying and no-op runs", &[Metric::ApplyMemory, Metric::NothingMemory]),
    ] {
        text.push_str(&format!("\n**{title}**: median.\n\n{}\n", metrics_table(peers, sizes, results, metrics)));
    }
    page::publish(harness, "docs/performance.md", "speed", &text)?;
    chart::write(harness, "docs/performance.svg", &panels(peers, sizes, results))
}

fn applying(peers: &[&'static dyn Peer], sizes: &[usize], results: &Results, workload: Workload) -> String {
    let mut rows = vec![vec![String::new()]];
    rows[0].extend(sizes.iter().map(|&size| count(size)));
    let baseline = peers.iter().find(|peer| peer.name() == "psql");
    for &peer in peers {
        let mut row = vec![peer.name().to_owned()];
        for &size in sizes {
            let Some(samples) = results.get(workload, size, Metric::Apply, peer) else { continue };
            let ratio =
                baseline.and_then(|&baseline| results.get(workload, size, Metric::Apply, baseline)).map(|baseline| {
                    let ratio = samples.ratio_to(baseline);
                    format!(", {:.2} ({:.2} to {:.2})", ratio.median(), ratio.min(), ratio.max())
                });
            row.push(format!("{}{}", seconds(samples.median()), ratio.unwrap_or_default()));
        }
        rows.push(row);
    }
    page::table(&rows)
}

fn metrics_table(peers: &[&'static dyn Peer], sizes: &[usize], results: &Results, metrics: &[Metric]) -> String {
    let sizes: Vec<usize> = sizes.iter().copied().filter(|&size| size >= 1000 || sizes.len() < 3).collect();
    let mut rows = vec![vec![String::new()]];
    for metric in metrics {
        rows[0].extend(sizes.iter().map(|&size| format!("{} {}", metric.title(), count(size))));
    }
    for &peer in peers {
        let mut row = vec![peer.name().to_owned()];
        for &metric in metrics {
            row.extend(sizes.iter().map(|&size| {
                let samples = results.get(Workload::Tables, size, metric, peer);
                samples.map_or_else(String::new, |samples| metric.show(samples.median()))
            }));
        }
        if row[1..].iter().any(|cell| !cell.is_empty()) {
            rows.push(row);
        }
    }
    page::table(&rows)
}

impl Metric {
    fn title(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Nothing => "no-op",
            Self::Current => "current",
            Self::History => "history",
            Self::Downgrade => "downgrade",
            Self::ApplyMemory => "apply",
            Self::NothingMemory => "no-op",
        }
    }

    fn show(self, value: f64) -> String {
        match self {
            Self::ApplyMemory | Self::NothingMemory => format!("{:.1} MB", value / 1e6),
            _ => seconds(value),
        }
    }
}

/// The chart: the largest size with enough rounds for a stable median, and the largest size.
fn panels(peers: &[&'static dyn Peer], sizes: &[usize], results: &Results) -> Vec<Panel> {
    let largest = sizes[sizes.len() - 1];
    let usual = sizes[sizes.len().saturating_sub(2)];
    let panel = |title: String, workload: Workload, size: usize, metric: Metric| Panel {
        title,
        bars: peers
            .iter()
            .filter_map(|&peer| {
                let value = results.get(workload, size, metric, peer)?.median();
                Some(Bar { name: peer.name(), value, text: metric.show(value), is_ours: peer.is_ours() })
            })
            .collect(),
    };
    vec![
        panel(format!("apply {} revisions, tables", count(usual)), Workload::Tables, usual, Metric::Apply),
        panel(format!("apply {} revisions, catalog", count(usual)), Workload::Catalog, usual, Metric::Apply),
        panel(format!("no-op run with {} revisions", count(largest)), Workload::Tables, largest, Metric::Nothing),
        panel(
            format!("memory, no-op run with {} revisions", count(largest)),
            Workload::Tables,
            largest,
            Metric::NothingMemory,
        ),
    ]
}
