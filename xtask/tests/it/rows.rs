//! `db trace --rows` runs through any history that runs on empty tables. The cases are in `rows.txt`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use crate::support::{in_parallel, root, scratch, server_url, write_revision, xtask};

/// A possible result of a trace, and the line of the output that shows it.
const REPORTS: [(&str, &str); 7] = [
    ("copied", "note: traced without generated rows, because it fails in a copy"),
    ("unfilled", "cannot fill"),
    ("few", "has only"),
    ("finding", "warning[fails-on-rows]"),
    ("note", "note: fails on generated rows"),
    ("refilled", "note: traced again on generated rows that fit"),
    ("empty", "note: traced again without generated rows"),
];

/// Traces a history, and returns the whole output.
fn trace(directory: &Path, scripts: &str) -> Result<String, String> {
    let _ = fs::remove_dir_all(directory);
    let mut parent = String::new();
    for (number, script) in scripts.split(" // ").enumerate() {
        let (script, transaction) = match script.trim().strip_prefix("off:") {
            Some(script) => (script, "\n-- Transaction: off"),
            None => (script, ""),
        };
        let id = format!("{number:04}aaaa");
        let fields = format!("-- Revises: {parent}").trim_end().to_owned();
        write_revision(directory, &id, &format!("{fields}{transaction}"), &format!("{script};"), "");
        parent = id;
    }
    let url = server_url();
    let mut command = xtask(directory);
    command.args(["db", "--dir"]).arg(directory).args(["trace", "--rows", "40", "--postgres", &url]);
    let output = command.output().expect("xtask runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(text) } else { Err(text) }
}

#[test]
fn a_trace_succeeds_on_its_generated_rows() {
    let text = fs::read_to_string(root().join("xtask/tests/rows.txt")).expect("can read the cases");
    let only = std::env::var("CASE").unwrap_or_default();
    let is_case = |line: &&str| !line.is_empty() && !line.starts_with('#') && line.contains(&only);
    let cases: Vec<&str> = text.lines().filter(is_case).collect();
    assert!(!cases.is_empty(), "no case has that name");
    let directories = ["rows-0", "rows-1"].map(scratch);
    let wrong = Mutex::new(Vec::new());
    in_parallel(directories.len(), &cases, |worker, case| {
        let [expected, name, scripts] = case.splitn(3, " | ").collect::<Vec<_>>()[..] else { panic!("{case}") };
        let expected: BTreeSet<&str> = expected.split(", ").filter(|report| *report != "fits").collect();
        let problem = match trace(&directories[worker], scripts) {
            Ok(output) => {
                let reported = REPORTS.iter().filter(|(_, shown)| output.contains(shown));
                let found: BTreeSet<&str> = reported.map(|(report, _)| *report).collect();
                let repeated =
                    output.matches("cannot fill").count().saturating_sub(output.matches("references").count());
                (found != expected || repeated > 1).then(|| format!("{found:?}\n{output}"))
            }
            Err(output) => Some(output),
        };
        wrong.lock().expect("no thread panics").extend(problem.map(|problem| format!("== {name}: {problem}")));
    });
    let wrong = wrong.into_inner().expect("no thread panics");
    assert!(wrong.is_empty(), "{} of {} cases\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
