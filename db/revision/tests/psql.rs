//! What psql sends for a file, against what the splitter makes of it.
//!
//! `psql/sent.jsonl` is made by `psql/record.py`, which runs the real psql on `psql/cases`; `PSQL_VECTORS=FILE` tries another
//! file. A line is `{"name","sql","sent":[["q",statement]|["copy",data]…],"error"?}`: with `error`, psql lets something
//! pass (mostly unterminated) that has to be refused here, with that message.

use std::io::Read;
use std::path::{Path, PathBuf};

use revision::{RevisionFile, Script, psql_text};
use serde_json::Value;

const HEADER: &str = "-- a case\n--\n-- Revision ID: a1\n-- Revises:\n-- Transaction: off\n\n-- migrate:upgrade\n";

/// The statements and COPY data of a file, as pairs like those of the recording.
fn split(sql: &str) -> Result<Vec<(String, String)>, String> {
    let file = RevisionFile::in_memory("case.sql", format!("{HEADER}{sql}"));
    let script = Script::read(&file).map_err(|error| error.to_string())?;
    let mut pieces = Vec::new();
    for statement in &script.upgrade().statements {
        pieces.push(("q".to_owned(), psql_text(&script.text(statement).expect("the text is there"))));
        if let Some(copy) = &statement.copy {
            let mut data = String::new();
            script.copy_data(copy).expect("the data is there").read_to_string(&mut data).expect("it is text");
            pieces.push(("copy".to_owned(), data));
        }
    }
    Ok(pieces)
}

fn sent(value: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let data = |kind: &str, text: String| match kind {
        // psql sends the end marker along; here it is not part of the data.
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
    let text = std::fs::read_to_string(&file).expect("the vectors can be read");
    let (mut count, mut failures) = (0, Vec::new());
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).expect("a vector is JSON");
        count += 1;
        let difference = match (split(case["sql"].as_str().expect("SQL")), case["error"].as_str()) {
            (Err(message), Some(expected)) if message.contains(expected) => None,
            (Err(message), _) => Some(message),
            (Ok(_), Some(expected)) => Some(format!("no error, but expected: {expected}")),
            (Ok(own), None) => {
                let psql = sent(&case["sent"]);
                let at = own.iter().zip(&psql).position(|(own, psql)| own != psql).unwrap_or(own.len().min(psql.len()));
                (own != psql).then(|| format!("piece {at}: {:?} instead of {:?}", own.get(at), psql.get(at)))
            }
        };
        failures.extend(difference.map(|difference| format!("{}: {difference}", case["name"])));
    }
    assert!(count > 20, "only {count} vectors in {}", file.display());
    assert!(failures.is_empty(), "{} of {count} differ:\n{}", failures.len(), failures.join("\n"));
}
