//! Every command that cannot write its data fails; a closed pipe is not an error.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Database, db, root, scratch, server_url, succeed, write_revision, xtask};

/// The commands that print data, those of `db` with a database that is up to date. `SERVER` is the URL of the test server.
const COMMANDS: &str = "
--help
--version
help db
db --help
completions bash
doctor
doctor --json
db upgrade --sql
db downgrade base --from b2,c3 --sql
db plan --downgrade base
db plan heads --json
db current
db current --json
db current -v
db current --heads
db history
db history -v
db history --json
db heads
db heads --json
db branches
db show b2
db show b2 --json
db status
db status --json
db lint
db lint --format json
db lint --format sarif
db lint --format junit
db trace --postgres SERVER
db trace --json --postgres SERVER
db revision -m x --head base --splice
";

#[test]
fn a_failed_write_is_an_error_and_a_closed_pipe_is_not() {
    let database = Database::create();
    let versions = scratch("standard-output");
    // `db lint` prints only what it finds.
    write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE t (a char(3));", "DROP TABLE t;");
    write_revision(&versions, "b2", "-- Revises: a1", "ALTER TABLE t ADD b int NOT NULL;", "ALTER TABLE t DROP b;");
    write_revision(&versions, "c3", "-- Revises: a1\n-- Branch Labels: c", "SELECT 1;", "SELECT 1;");
    succeed(&db(&database, &versions, &["upgrade"]));
    for line in COMMANDS.lines().filter(|line| !line.is_empty()) {
        let command = || command(line, &database, &versions);
        let usual = command().output().expect("xtask runs");
        let stderr = String::from_utf8_lossy(&usual.stderr);
        assert!(!usual.stdout.is_empty(), "`{line}` prints nothing: {stderr}");
        let full = File::options().write(true).open("/dev/full").expect("this is Linux");
        let output = command().stdout(full).output().expect("xtask runs");
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{line}: {text}");
        let is_reported = text.contains("could not write to standard output: No space left on device");
        assert!(is_reported || !usual.status.success(), "{line}: {text}");

        let mut child = command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("xtask runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it exits");
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), usual.status.code(), "{line}: {text}");
        assert!(!text.contains("standard output") && !text.contains("panicked"), "{line}: {text}");
    }
    assert!(fs::read_dir(&versions).expect("can read the directory").count() > 4, "`db revision` has written files");
}

fn command(line: &str, database: &Database, versions: &Path) -> Command {
    let mut command = xtask(&root());
    let url = server_url();
    command.args(line.split(' ').map(|word| if word == "SERVER" { &url } else { word }));
    let is_help = line.starts_with("db -") || !line.starts_with("db ");
    if !is_help {
        command.arg("--dir").arg(versions).arg("--url").arg(database.url());
    }
    command
}
