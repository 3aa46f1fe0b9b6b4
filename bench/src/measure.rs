//! Running a program and what it used, as the kernel counts it: it, and the processes that it waited for.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use wait4::Wait4;

/// What a finished process has used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) wall: Duration,
    /// In user mode and in the kernel.
    pub(crate) cpu: Duration,
    /// The largest resident set of one process, in bytes.
    pub(crate) memory: u64,
    pub(crate) status: ExitStatus,
}

/// Runs a command to its end, its output in a file.
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

/// The same of a command that has to succeed.
pub(crate) fn succeed(command: &mut Command, log: &Path) -> Result<Usage> {
    let usage = run(command, log)?;
    if !usage.status.success() {
        bail!("{command:?}: {}\n{}", usage.status, tail(log));
    }
    Ok(usage)
}

/// The end of what a run has printed.
pub(crate) fn tail(log: &Path) -> String {
    let text = String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

/// Numbers of several rounds.
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

    pub(crate) fn least(&self) -> f64 {
        self.sorted()[0]
    }

    pub(crate) fn most(&self) -> f64 {
        self.sorted()[self.0.len() - 1]
    }

    /// This divided by another, round by round: what drifts in the machine's speed drifts in both.
    pub(crate) fn over(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a / b).collect())
    }
}
