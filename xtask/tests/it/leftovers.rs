//! A PostgreSQL that was started for tests does not outlive its run, even if the run is killed.

#![expect(clippy::print_stderr, reason = "a skipped test reports that")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use crate::support::root;
use crate::support::wait::wait_until;

/// Starts `verify serve` without cargo in between, so that killing the child kills the program itself.
fn serve(postgres: &str) -> (Child, String) {
    let mut build = Command::new(env!("CARGO"));
    let built = build.args(["build", "--quiet", "--package", "verify"]).current_dir(root()).status();
    assert!(built.expect("cargo runs").success());
    let programs = Path::new(env!("CARGO_BIN_EXE_xtask")).parent().expect("it has a parent");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is below the target directory");
    let mut command = Command::new(programs.join("verify"));
    command.args(["serve", "--postgres", postgres, "--target"]).arg(target);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("verify runs");
    let mut url = String::new();
    BufReader::new(child.stdout.as_mut().expect("it is piped")).read_line(&mut url).expect("it is a URL");
    assert!(url.contains("host="), "{url}");
    (child, url.trim().to_owned())
}

fn accepts_connections(url: &str) -> bool {
    let settings = connection::Settings::resolve(url, &|_| None).expect("a URL");
    connection::connect(&settings, Duration::ZERO, &(Arc::new(|_| {}) as _)).is_ok()
}

fn expect_gone(postgres: &str) {
    let (mut child, url) = serve(postgres);
    assert!(accepts_connections(&url), "{url}");
    child.kill().expect("can kill the process");
    child.wait().expect("it exits");
    wait_until(&format!("{url} accepts no connections"), || !accepts_connections(&url));
    // At the end of its standard input, it stops the server and exits.
    let (mut child, url) = serve(postgres);
    drop(child.stdin.take());
    assert!(child.wait().expect("it exits").success());
    assert!(!accepts_connections(&url), "{url}");
}

#[test]
fn a_cluster_ends_with_its_run() {
    expect_gone("embedded");
}

#[test]
fn a_container_ends_with_its_run() {
    let engine = Command::new("docker").arg("version").output();
    if !engine.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no Docker engine is available");
        return;
    }
    expect_gone("docker");
}
