//! Compares the splitter with what psql sends for the same file.
//!
//! `psql/record.py` runs the real psql on `psql/cases` to create `psql/sent.jsonl`; set `PSQL_VECTORS=FILE` to use another file.
//! Each line is `{"name","sql","sent":[["q",statement]|["copy",data]…],"error"?}`. With `error`, psql accepts something (mostly
//! an unterminated construct) that is an error here, with that message.

use std::io::Read;
use std::path::{Path, PathBuf};

use revision::{RevisionFile, Script, psql_text};
use serde_json::Value;

const HEADER: &str = "-- a case\n--\n-- Revision ID: a1\n-- Revises:\n-- Transaction: off\n\n-- migrate:upgrade\n";

/// Splits a file into statements and COPY data, in the form of the recordings.
fn split(sql: &str) -> Result<Vec<(String, String)>, String> {
    let file = RevisionFile::in_memory("case.sql", format!("{HEADER}{sql}"));
    let script = Script::read(&file).map_err(|error| error.to_string())?;
    let mut items = Vec::new();
    for statement in script.statements(script.upgrade()) {
        let statement = statement.expect("the file is in memory");
        items.push(("q".to_owned(), psql_text(&script.text(&statement).expect("the file is in memory"))));
        if let Some(copy) = &statement.copy {
            let mut data = String::new();
            script.copy_data(copy).expect("the file is in memory").read_to_string(&mut data).expect("UTF-8");
            items.push(("copy".to_owned(), data));
        }
    }
    Ok(items)
}

fn sent(value: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let data = |kind: &str, text: String| match kind {
        // psql also sends the end marker, which is not part of the data here.
        "copy" => text.strip_suffix("\\.\n").or(text.strip_suffix("\\.\r\n")).map(str::to_owned).unwrap_or(text),
        _ => text,
    };
    let pair = |pair: &Value| (text(&pair[0]), data(&text(&pair[0]), text(&pair[1])));
    value.as_array().expect("a list").iter().map(pair).collect()
}

#[test]
fn splits_as_psql_does() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/psql/sent.jsonl");
    let file = std::env::var_os("PSQL_VECTORS").map_or(own, PathBuf::from);
    let text = std::fs::read_to_string(&file).expect("readable vectors");
    let (mut count, mut failures) = (0, Vec::new());
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).expect("JSON");
        count += 1;
        let difference = match (split(case["sql"].as_str().expect("SQL")), case["error"].as_str()) {
            (Err(message), Some(expected)) if message.contains(expected) => None,
            (Err(message), _) => Some(message),
            (Ok(_), Some(expected)) => Some(format!("no error, but expected: {expected}")),
            (Ok(own), None) => {
                let psql = sent(&case["sent"]);
                let at = own.iter().zip(&psql).position(|(own, psql)| own != psql).unwrap_or(own.len().min(psql.len()));
                (own != psql).then(|| format!("item {at}: {:?} instead of {:?}", own.get(at), psql.get(at)))
            }
        };
        failures.extend(difference.map(|difference| format!("{}: {difference}", case["name"])));
    }
    assert!(count > 20, "only {count} vectors in {}", file.display());
    assert!(failures.is_empty(), "{} of {count} differ:\n{}", failures.len(), failures.join("\n"));
}
