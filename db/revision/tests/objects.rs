//! The order of files in `objects`. A case is a file `objects/NAME.txt`: files (`--- NAME`, then the text), and after `===` the
//! names in the order in which they are applied, or the errors. `UPDATE_GOLDEN=1` rewrites the part after `===`.

use std::fs;
use std::path::Path;

use revision::{Error, ObjectFile, Objects, RevisionFile};

/// The order, or the errors, as lines.
fn result(input: &str) -> String {
    let (mut files, mut errors) = (Vec::new(), Vec::new());
    for part in input.split("--- ").skip(1) {
        let (name, text) = part.split_once('\n').expect("a name and a text");
        match ObjectFile::read(name, &RevisionFile::in_memory(format!("{name}.sql"), text)) {
            Ok(file) => files.push(file),
            Err(error) => errors.extend(error.into_all()),
        }
    }
    let names = |objects: Objects| objects.files().iter().map(|file| file.name().to_owned()).collect::<Vec<_>>();
    let shown = |errors: Vec<Error>| errors.iter().map(|error| format!("error: {error}")).collect();
    let lines = match errors.is_empty() {
        true => Objects::new(files).map_or_else(|error| shown(error.into_all()), names),
        false => shown(errors),
    };
    lines.join("\n") + "\n"
}

#[test]
fn sorts_the_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/objects");
    let mut failures = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a case").path();
        let text = fs::read_to_string(&path).expect("readable");
        let (input, expected) = text.split_once("===\n").expect("an expected order");
        let found = result(input);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, format!("{input}===\n{found}")).expect("writable");
        } else if found != expected {
            failures.push(format!("{}:\n{found}", path.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
