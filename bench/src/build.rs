//! Measures a clean build with the crates already fetched, compared with sqlx-cli built for PostgreSQL only, and the overhead of
//! `cargo xtask` over the built binary.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::harness::{Harness, program};
use crate::log::log;
use crate::measure::{self, Samples, Usage};
use crate::page;
use crate::peers::SQLX;

/// How often to repeat a run that takes milliseconds.
const REPEATS: usize = 15;

pub(crate) fn run(harness: &Harness) -> Result<()> {
    let mut rows = vec![["", "wall", "CPU", "crates", "binary"].map(str::to_owned).to_vec()];
    // A clean build takes minutes.
    let (target, binary) = match harness.is_quick {
        true => (harness.target.clone(), "debug/xtask"),
        false => (harness.fresh("build/xtask")?, "debug/xtask"),
    };
    log("build of xtask");
    let ours = build(harness, cargo_build(harness, &target)?)?;
    rows.push(row("`cargo xtask`, as compiled for a release", &ours, &target.join(binary))?);
    let cargo = overhead(harness, &target)?;
    // Takes minutes, and the result does not change.
    if !harness.is_quick {
        log("clean build of sqlx-cli");
        let (target, root) = (harness.fresh("build/sqlx-cli")?, harness.fresh("build/sqlx-cli-root")?);
        let mut install = harness.cargo_install_command(SQLX.0, &SQLX.1, &root)?;
        let theirs = build(harness, install.env("CARGO_TARGET_DIR", target))?;
        rows.push(row(
            "sqlx-cli, `--no-default-features --features postgres,native-tls`",
            &theirs,
            &root.join("bin/sqlx"),
        )?);
        let ratio = |ours: std::time::Duration, theirs: std::time::Duration| ours.as_secs_f64() / theirs.as_secs_f64();
        let (ours, theirs) = (ours.usage, theirs.usage);
        let ratios = [ratio(ours.wall, theirs.wall), ratio(ours.cpu, theirs.cpu)].map(|ratio| format!("{ratio:.2}"));
        rows.push([vec!["ratio".to_owned()], ratios.to_vec(), vec![String::new(); 2]].concat());
    }
    let text = format!("{}\n\n{cargo}", page::table(&rows));
    page::publish(harness, "docs/performance.md", "build", &text)
}

fn cargo_build(harness: &Harness, target: &Path) -> Result<Command> {
    let mut build = Command::new(program("cargo")?);
    build.args(["build", "--locked", "--package", "xtask"]).current_dir(&harness.root);
    build.env("CARGO_TARGET_DIR", target);
    Ok(build)
}

struct Built {
    usage: Usage,
    crates: usize,
}

fn build(harness: &Harness, mut command: impl std::borrow::BorrowMut<Command>) -> Result<Built> {
    let log = harness.log("build");
    let usage = measure::succeed(command.borrow_mut(), &log)?;
    let output = fs::read_to_string(log)?;
    let crates = output.lines().filter(|line| line.trim_start().starts_with("Compiling ")).count();
    Ok(Built { usage, crates })
}

fn row(name: &str, built: &Built, binary: &Path) -> Result<Vec<String>> {
    let size = fs::metadata(binary).with_context(|| format!("`{}`", binary.display()))?.len();
    let Usage { wall, cpu, .. } = built.usage;
    let [wall, cpu] = [wall, cpu].map(|time| page::seconds(time.as_secs_f64()));
    Ok(vec![name.to_owned(), wall, cpu, built.crates.to_string(), format!("{:.1} MB", size as f64 / 1e6)])
}

/// Measures how long cargo takes to find that nothing has changed.
fn overhead(harness: &Harness, target: &Path) -> Result<String> {
    let (mut alone, mut with_cargo) = (Samples::default(), Samples::default());
    let binary: PathBuf = target.join("debug/xtask");
    for _ in 0..REPEATS {
        let mut command = Command::new(&binary);
        alone.add(harness.succeed("version", command.arg("--version"))?.wall.as_secs_f64());
        let mut command = Command::new(program("cargo")?);
        command.args(["xtask", "--version"]).env("CARGO_TARGET_DIR", target).current_dir(&harness.root);
        with_cargo.add(harness.succeed("version", &mut command)?.wall.as_secs_f64());
    }
    Ok(format!(
        "`cargo xtask --version` with nothing to build: {}; running the binary directly: {}.",
        page::seconds(with_cargo.median()),
        page::seconds(alone.median())
    ))
}
