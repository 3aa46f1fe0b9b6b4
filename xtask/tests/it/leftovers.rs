//! A PostgreSQL that was started for tests never outlives its run, not even if the run is killed.

#![expect(clippy::print_stderr, reason = "a test that can not run says so")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::root;

/// `verify serve`, built and started without cargo in between: what is killed is the program itself.
fn serve(postgres: &str) -> (Child, String) {
    let mut build = Command::new(env!("CARGO"));
    let built = build.args(["build", "--quiet", "--package", "verify"]).current_dir(root()).status();
    assert!(built.expect("cargo runs").success());
    let programs = Path::new(env!("CARGO_BIN_EXE_xtask")).parent().expect("a directory");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("below the target directory");
    let mut command = Command::new(programs.join("verify"));
    command.args(["serve", "--postgres", postgres, "--target"]).arg(target);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("verify runs");
    let mut url = String::new();
    BufReader::new(child.stdout.as_mut().expect("it is piped")).read_line(&mut url).expect("a URL");
    assert!(url.contains("host="), "{url}");
    (child, url.trim().to_owned())
}

fn answers(url: &str) -> bool {
    let settings = connection::Settings::resolve(url, &|_| None).expect("a URL");
    connection::connect(&settings, Duration::ZERO, &(Arc::new(|_| {}) as _)).is_ok()
}

fn expect_gone(postgres: &str) {
    let (mut child, url) = serve(postgres);
    assert!(answers(&url), "{url}");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    let deadline = Instant::now() + Duration::from_secs(30);
    while answers(&url) {
        assert!(Instant::now() < deadline, "{url} still answers");
        sleep(Duration::from_millis(50));
    }
    // Let go in peace, it goes at once.
    let (mut child, url) = serve(postgres);
    drop(child.stdin.take());
    assert!(child.wait().expect("it ends").success());
    assert!(!answers(&url), "{url}");
}

#[test]
fn a_cluster_goes_with_its_run() {
    expect_gone("embedded");
}

#[test]
fn a_container_goes_with_its_run() {
    let engine = Command::new("docker").arg("version").output();
    if !engine.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no Docker engine answers");
        return;
    }
    expect_gone("docker");
}
