//! Runs the cases of a folder: files with an input, a line `===`, and the expected result, which `UPDATE_GOLDEN=1` rewrites.

use std::fs;
use std::path::Path;

/// Compares the results of all cases in `tests/FOLDER`.
pub(crate) fn check(folder: &str, result: impl Fn(&str) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut failures = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a case").path();
        let text = fs::read_to_string(&path).expect("readable");
        let (input, expected) = text.split_once("===\n").expect("an expected result");
        let found = result(input);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, format!("{input}===\n{found}")).expect("writable");
        } else if found != expected {
            failures.push(format!("{}:\n{found}", path.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
