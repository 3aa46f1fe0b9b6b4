//! Progress on terminals of any width, and none on those that can't erase a line.

use std::path::Path;
use std::process::Command;
use std::thread;

use crate::support::{Database, clean, root, scratch, write_revision};

/// Every line that `upgrade` shows on a terminal, with its width.
fn lines(versions: &Path, columns: usize, term: &str) -> Vec<(usize, String)> {
    let database = Database::create();
    let script = root().join("xtask/tests/it/with_shells/screen.py");
    let mut command: Command = clean(Path::new("python3"), &root());
    command.arg(script).arg(columns.to_string()).arg(term).arg(env!("CARGO_BIN_EXE_xtask"));
    command.args(["db", "upgrade", "--url", &database.url(), "--dir"]).arg(versions);
    let output = command.output().expect("Python runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let line = |line: &str| {
        let (width, line) = line.split_once(' ').expect("a width and a line");
        (width.parse().expect("a width"), line.trim_matches('\'').to_owned())
    };
    text.lines().map(line).collect()
}

#[test]
fn fits_the_terminal_and_shows_what_takes_long() {
    let versions = scratch("progress");
    write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE t (a int);", "");
    write_revision(
        &versions,
        "b1",
        "-- Revises: a1",
        "SELECT pg_sleep(2.4), '日本語 a statement that is longer than most lines are, and then some';",
        "",
    );
    write_revision(&versions, "c1", "-- Revises: b1\n-- Transaction: off", "SELECT pg_sleep(1.9);", "");
    let versions = &versions;
    let terminals = [(40, "xterm"), (80, "xterm"), (200, "xterm"), (40, "dumb")];
    let [first, second, third, dumb] = thread::scope(|scope| {
        let runs = terminals.map(|(columns, term)| scope.spawn(move || lines(versions, columns, term)));
        runs.map(|run| run.join().expect("the run ends"))
    });
    for (columns, lines) in [(40, first), (80, second), (200, third)] {
        // Other messages are not truncated.
        let is_progress = |line: &str| line.starts_with('[') || line.starts_with("Running");
        let fits = |(width, line): &(usize, String)| *width < columns || !is_progress(line);
        assert!(lines.iter().all(fits), "{columns}: {lines:#?}");
        // Which seconds are shown depends on the load of the machine.
        for done in ["] 1/3 ", "] 2/3 "] {
            let is_long = |line: &str| line.contains(done) && line.contains(" s  SELECT pg_sl");
            assert!(lines.iter().any(|(_, line)| is_long(line)), "{columns}: {lines:#?}");
        }
    }
    // Plain lines, as in a file.
    let text: Vec<&str> = dumb.iter().map(|(_, line)| line.as_str()).collect();
    assert!(
        !text.iter().any(|line| line.contains("\\x1b") || line.contains("\\r") || line.contains("[##")),
        "{text:#?}"
    );
    assert!(text.iter().any(|line| line.starts_with("Running upgrade a1 -> b1") && line.contains(" s)")), "{text:#?}");
}
