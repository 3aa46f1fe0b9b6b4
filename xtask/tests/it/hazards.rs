//! `db trace` warns about dangerous statements and about no others. The cases are in `hazards.txt`.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use crate::support::{in_parallel, root, scratch, server_url, write_revision, xtask};

/// The rules raised by a list of scripts; each is a revision after the one that creates the tables.
fn rules(directory: &Path, tables: &str, scripts: &str) -> Vec<String> {
    let _ = fs::remove_dir_all(directory);
    let mut parent = "0000aaaa".to_owned();
    write_revision(directory, &parent, "-- Revises:", &format!("{tables};"), "");
    for (number, script) in scripts.split("//").enumerate() {
        let (script, transaction) = match script.trim().strip_prefix("off:") {
            Some(script) => (script, "\n-- Transaction: off"),
            None => (script, ""),
        };
        let id = format!("{:04}bbbb", number + 1);
        write_revision(directory, &id, &format!("-- Revises: {parent}{transaction}"), &format!("{script};"), "");
        parent = id;
    }
    let url = server_url();
    let mut command = xtask(directory);
    command.args(["db", "--json", "--dir"]).arg(directory).args(["trace", "--postgres", &url]);
    let output = command.output().expect("xtask runs");
    assert!(output.status.success(), "{scripts}: {}", String::from_utf8_lossy(&output.stderr));
    let mut rules = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let value: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
        let hazards = value["hazards"].as_array().expect("it is a list");
        rules.extend(hazards.iter().map(|hazard| hazard["rule"].as_str().expect("it has a name").to_owned()));
    }
    rules
}

#[test]
fn dangerous_statements_raise_their_rule() {
    let text = fs::read_to_string(root().join("xtask/tests/hazards.txt")).expect("can read the cases");
    let cases: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(cases.len() >= 11, "E1 to E11");
    let directories = ["hazards-0", "hazards-1"].map(scratch);
    let wrong = Mutex::new(Vec::new());
    in_parallel(directories.len(), &cases, |worker, case| {
        let parts: Vec<&str> = case.split(" |").map(str::trim).collect();
        let [name, tables, dangerous, safe] = parts[..] else { panic!("{case}") };
        let rule = name.split(' ').next().expect("it has a rule").to_owned();
        let found = rules(&directories[worker], tables, dangerous);
        let mut wrong_here = Vec::new();
        if !found.contains(&rule) {
            wrong_here.push(format!("{name}: {dangerous}: not detected; found {found:?}"));
        }
        if !safe.is_empty() && rules(&directories[worker], tables, safe).contains(&rule) {
            wrong_here.push(format!("{name}: {safe}: false positive"));
        }
        wrong.lock().expect("no thread panics").extend(wrong_here);
    });
    let wrong = wrong.into_inner().expect("no thread panics");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
