//! `cargo xtask init --empty`: the result is an application whose checks pass.

use std::process::Command;

use crate::init::{clone, command, init, status, text};
use crate::support::server_url;

#[test]
fn the_checks_of_the_empty_application_pass() {
    let directory = clone("empty");
    let output = init(&directory, &["--empty", "--name", "shop-1"]);
    assert!(output.status.success(), "{}", text(&output));
    for line in status(&directory).lines() {
        let path = &line[2..].trim_start();
        let teams = ["db/versions/", "db/fixtures/", "db/seeds.sql", "db/schema.sql", "frontend/", "amplify/"];
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
