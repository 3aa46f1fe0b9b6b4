//! Squashing and rebasing, without a database. A case is a file `rewriting/NAME.txt`: `squash LOWER:UPPER MESSAGE` or
//! `rebase BRANCH ONTO`, revision files (`--- NAME`, then the text), and after `===` what becomes of them, or the error.
//! `UPDATE_GOLDEN=1` rewrites the part after `===`. In a case, `CHECKSUM` stands for 64 hexadecimal digits.

mod golden;

use std::fmt::Write;

use revision::{Files, Rebase, RevisionFile, Revisions, Squash};

fn result(input: &str) -> String {
    let mut parts = input.split("--- ");
    let command = parts.next().expect("a command").trim();
    let files: Files = parts
        .map(|part| {
            let (name, text) = part.split_once('\n').expect("a name and a text");
            let text = text.replace("CHECKSUM", &"0".repeat(64));
            RevisionFile::in_memory(format!("{name}.sql"), text)
        })
        .collect();
    let revisions = Revisions::read(&files);
    let text = revisions.map_err(|error| format!("error: {error}\n")).and_then(|revisions| run(command, &revisions));
    text.unwrap_or_else(|error| error)
}

fn run(command: &str, revisions: &Revisions) -> Result<String, String> {
    let graph = revisions.graph();
    let words: Vec<&str> = command.splitn(3, ' ').collect();
    let mut text = String::new();
    match words[..] {
        ["squash", range, message] => {
            let (lower, upper) = range.split_once(':').expect("a range");
            let nodes = graph.walk_revisions(lower, upper).map_err(|error| format!("error: {error}\n"))?;
            let squash = Squash::new(revisions, &nodes, message).map_err(|error| {
                let hint = error.hint().map(|hint| format!("hint: {hint:?}\n")).unwrap_or_default();
                format!("error: {error}\n{hint}")
            })?;
            let ids = |nodes: &[revision::Node]| graph.ids(nodes.iter().copied()).join(", ");
            let _ = writeln!(text, "replaced: {}", ids(&squash.replaced));
            let _ = writeln!(text, "irreversible: {}", ids(&squash.irreversible));
            text.push_str(&squash.text);
        }
        ["rebase", branch, onto] => {
            let node = |id: &str| graph.find(id).expect("a revision");
            let rebase =
                Rebase::new(revisions, node(branch), node(onto)).map_err(|error| format!("error: {error}\n"))?;
            let _ = writeln!(text, "moved: {}", graph.ids(rebase.moved.iter().copied()).join(", "));
            let _ = writeln!(text, "from: {}", graph.ids(rebase.from.iter().copied()).join(", "));
            text.push_str(&rebase.text);
        }
        _ => panic!("unknown command `{command}`"),
    }
    Ok(text)
}

#[test]
fn rewrites_the_revisions() {
    golden::check("rewriting", result);
}
