//! `cargo xtask init --empty`: the result is an application whose checks pass.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::init::{clone, command, init, repository, status, text};
use crate::support::{scratch, server_url};

#[test]
fn the_checks_of_the_empty_application_pass() {
    let directory = clone("empty");
    let output = init(&directory, &["--empty", "--name", "shop-1"]);
    assert!(output.status.success(), "{}", text(&output));
    for line in status(&directory).lines() {
        let path = &line[2..].trim_start();
        let teams =
            ["db/versions/", "db/fixtures/", "db/seeds.sql", "db/schema.sql", "db/schema.svg", "frontend/", "amplify/"];
        let is_teams = teams.iter().any(|team| path.starts_with(team)) || ["xtask.toml", "README.md"].contains(path);
        assert!(is_teams, "it changed only what is the team's: {line}");
    }
    for folder in ["frontend", "amplify/functions/api", "amplify/backend.ts", "db", "xtask.toml", "README.md"] {
        let rest =
            Command::new("grep").args(["-riE", "rooms|booking|\\{\\{[a-z]"]).arg(directory.join(folder)).output();
        let rest = String::from_utf8_lossy(&rest.expect("grep runs").stdout).into_owned();
        assert_eq!(rest, "", "nothing of the sample is left");
    }
    // The packages are those of the sample, which other tests have installed or will install.
    let mut test = command(&directory);
    test.args(["test", "lint", "db", "buildspec", "frontend", "functions", "--postgres", &server_url()]);
    let output = test.output().expect("xtask runs");
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), text(&output));
}

/// Yarn without `node_modules` (Plug'n'Play), which deletes the folder that other package managers fill.
const YARN: &str = r#"#!/bin/sh
echo "$*" >> "$PWD/calls"
case "$*" in
  "install --immutable") rm -rf node_modules; echo > .pnp.cjs;;
  "run build") mkdir -p dist; echo > dist/index.html;;
esac
"#;

#[test]
fn packages_that_yarn_keeps_elsewhere_are_installed_once() {
    let folder = scratch("yarn");
    let program = folder.join("bin/yarn");
    fs::create_dir_all(folder.join("bin")).expect("can create the folder");
    fs::write(&program, YARN).expect("can write the file");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("can set the mode");
    let package = r#"{"scripts": {"build": "vite build"}}"#;
    let directory = repository(
        "yarn",
        &[("frontend/package.json", package), ("frontend/yarn.lock", "__metadata:\n  version: 8\n")],
    );
    let path = format!("{}:{}", folder.join("bin").display(), std::env::var("PATH").expect("PATH is set"));
    let calls = || {
        let mut test = command(&directory);
        test.args(["test", "frontend"]).env("PATH", &path).env("CARGO_TARGET_DIR", folder.join("target"));
        let output = test.output().expect("xtask runs");
        assert!(output.status.success(), "{}", text(&output));
        fs::read_to_string(directory.join("frontend/calls")).expect("can read the calls")
    };
    assert_eq!(calls(), "install --immutable\nrun build\n");
    assert_eq!(calls(), "install --immutable\nrun build\nrun build\n");
    fs::remove_file(directory.join("frontend/.pnp.cjs")).expect("can delete the file");
    assert_eq!(calls().matches("install").count(), 2);
}

#[test]
fn a_lockfile_that_does_not_fit_is_repaired_by_the_hint() {
    let package =
        r#"{"scripts": {"build": "mkdir -p dist && touch dist/index.html"}, "dependencies": {"one": "file:one"}}"#;
    let lockfile = r#"{"lockfileVersion": 3, "packages": {"": {}}}"#;
    let directory = repository(
        "lockfile",
        &[
            ("frontend/package.json", package),
            ("frontend/package-lock.json", lockfile),
            ("frontend/one/package.json", r#"{"name": "one", "version": "1.0.0"}"#),
        ],
    );
    let run = || {
        let mut test = command(&directory);
        test.args(["test", "frontend"]).env("CARGO_TARGET_DIR", directory.join("target")).output().expect("xtask runs")
    };
    let output = run();
    let update = "npm --prefix frontend install --package-lock-only";
    let hint = format!("next: if the lockfile does not fit package.json: run `{update}`, and commit it");
    assert!(!output.status.success() && text(&output).contains(&hint), "{}", text(&output));
    let status = Command::new("sh").args(["-c", update]).current_dir(&directory).status().expect("npm runs");
    assert!(status.success(), "{update}");
    let output = run();
    assert!(output.status.success(), "{}", text(&output));
}
