//! Runs a program and measures its resource usage, including that of the child processes it waited for.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use wait4::Wait4;

/// The resource usage of a finished process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) wall: Duration,
    /// CPU time in user and kernel mode.
    pub(crate) cpu: Duration,
    /// The maximum resident set size, in bytes.
    pub(crate) memory: u64,
    pub(crate) status: ExitStatus,
}

/// Runs a command to completion with its output redirected to a file.
pub(crate) fn run(command: &mut Command, log: &Path) -> Result<Usage> {
    let out = File::create(log).with_context(|| format!("`{}`", log.display()))?;
    command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out);
    let start = Instant::now();
    let child = command.spawn().with_context(|| format!("`{}`", command.get_program().display()))?;
    let used = child.wait4()?;
    let wall = start.elapsed();
    let cpu = used.rusage.utime + used.rusage.stime;
    Ok(Usage { wall, cpu, memory: used.rusage.maxrss, status: used.status })
}

/// Runs a command that must succeed.
pub(crate) fn succeed(command: &mut Command, log: &Path) -> Result<Usage> {
    let usage = run(command, log)?;
    if !usage.status.success() {
        bail!("{command:?}: {}\n{}", usage.status, tail(log));
    }
    Ok(usage)
}

/// The last lines of a run's output.
pub(crate) fn tail(log: &Path) -> String {
    let text = String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

/// Measurements from several rounds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    pub(crate) fn add(&mut self, value: f64) {
        self.0.push(value);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn sorted(&self) -> Vec<f64> {
        let mut values = self.0.clone();
        values.sort_by(f64::total_cmp);
        values
    }

    pub(crate) fn median(&self) -> f64 {
        let values = self.sorted();
        let middle = values.len() / 2;
        if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
    }

    pub(crate) fn min(&self) -> f64 {
        self.sorted()[0]
    }

    pub(crate) fn max(&self) -> f64 {
        self.sorted()[self.0.len() - 1]
    }

    /// The ratios to other measurements, round by round, so that changes in the machine's speed cancel out.
    pub(crate) fn ratio_to(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a / b).collect())
    }
}
