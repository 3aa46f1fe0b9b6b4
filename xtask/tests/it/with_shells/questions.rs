//! Questions on a terminal: whether what a schema loses and gets is a rename.

use std::fs;
use std::path::Path;

use crate::support::{clean, root, scratch, server_url, write_revision};

/// What a person types.
struct Case {
    keys: &'static str,
    code: i32,
    /// What the new revision has; `None` if there is none.
    upgrade: Option<&'static str>,
}

const RENAMED: &str = "RENAME COLUMN body TO content";
const DROPPED: &str = "DROP COLUMN body";

const CASES: [Case; 7] = [
    Case { keys: "y\\r", code: 0, upgrade: Some(RENAMED) },
    Case { keys: "yes\\r", code: 0, upgrade: Some(RENAMED) },
    Case { keys: "n\\r", code: 0, upgrade: Some(DROPPED) },
    Case { keys: "\\r", code: 0, upgrade: Some(DROPPED) },
    Case { keys: "why\\r", code: 0, upgrade: Some(DROPPED) },
    // Ctrl-D and Ctrl-C.
    Case { keys: "\\x04", code: 0, upgrade: Some(DROPPED) },
    Case { keys: "\\x03", code: 130, upgrade: None },
];

#[test]
fn a_likely_rename_is_offered() {
    for (number, Case { keys, code, upgrade }) in CASES.into_iter().enumerate() {
        let versions = scratch(&format!("rename-question-{number}/versions"));
        write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE notes (id int, body text);", "");
        let desired = versions.with_file_name("schema.sql");
        fs::write(&desired, "CREATE TABLE notes (id int, content text);\n").expect("can write the file");
        let mut command = clean(Path::new("python3"), &root());
        command.arg(root().join("xtask/tests/it/with_shells/answer.py")).args(["[y/N] ", keys]);
        command.arg(env!("CARGO_BIN_EXE_xtask")).args(["db", "revision", "--autogenerate", "--rev-id", "b2"]);
        command.args(["-m", "rename", "--postgres", &server_url(), "--to"]).arg(&desired).arg("--dir").arg(&versions);
        let output = command.output().expect("Python runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(text.matches("Rename notes.body to notes.content? [y/N] ").count(), 1, "{keys}: {text}");
        assert_eq!(text.lines().next_back(), Some(code.to_string().as_str()), "{keys}: {text}");
        let written =
            fs::read_dir(&versions).expect("can read the folder").map(|entry| entry.expect("an entry").path());
        let written: Vec<_> = written.filter(|path| path.to_string_lossy().contains("b2")).collect();
        let written = written.first().map(|path| fs::read_to_string(path).expect("can read the revision"));
        let has = |sql: &str| written.as_ref().is_some_and(|text| text.contains(sql));
        assert_eq!(written.is_some(), upgrade.is_some(), "{keys}: {text}");
        for sql in [RENAMED, DROPPED] {
            assert_eq!(has(sql), upgrade == Some(sql), "{keys}: {written:?}");
        }
    }
}
