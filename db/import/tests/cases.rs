//! Cases: the files of a tool, and the result of their conversion.
//!
//! A case is a file `cases/TOOL/NAME.txt`. It contains the files of the tool (`--- NAME`, then the text), and after a
//! line `===` the expected result: the revision files, the files of `objects`, the programs, the notes and the skipped
//! files, or the problems. `UPDATE_GOLDEN=1` rewrites the expected result, `CASE=name` runs one case. In a file with
//! `--- NAME escaped`, `\xNN` is a byte, and `\` at the end of the text omits the last line break. A file with
//! `--- NAME source` is imported instead of the folder.

use std::fs;
use std::path::{Path, PathBuf};

use import::{Tool, compose, compose_objects, read, write};

/// A directory that is deleted at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("import-cases-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("can create the folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.strip_suffix("\\\n").unwrap_or(text);
    while let Some((before, after)) = rest.split_once("\\x") {
        bytes.extend(before.as_bytes());
        bytes.push(u8::from_str_radix(&after[..2], 16).expect("two hexadecimal digits"));
        rest = &after[2..];
    }
    bytes.extend(rest.as_bytes());
    bytes
}

/// Writes the files of a case. Returns the source: the folder, or the file marked as such.
fn lay(input: &str, folder: &Path) -> PathBuf {
    let mut source = folder.to_owned();
    for file in format!("\n{input}").split("\n--- ").skip(1) {
        let (name, text) = file.split_once('\n').unwrap_or((file, ""));
        let text = if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
        let (name, bytes) = match name.strip_suffix(" escaped") {
            Some(name) => (name, unescape(&text)),
            None => (name, text.into_bytes()),
        };
        let (name, is_source) = name.strip_suffix(" source").map_or((name, false), |name| (name, true));
        let path = folder.join(name);
        if is_source {
            source.clone_from(&path);
        }
        fs::create_dir_all(path.parent().expect("a folder")).expect("can create the folder");
        match name.ends_with('/') {
            true => fs::create_dir_all(path).expect("can create the folder"),
            false => fs::write(path, bytes).expect("can write the file"),
        }
    }
    source
}

/// The result of the conversion.
fn result(tool: Tool, source: &Path) -> String {
    let history = match read(tool, source) {
        Ok(history) => history,
        Err(problems) => return problems.iter().map(|problem| format!("error: {problem}\n")).collect(),
    };
    let mut text = String::new();
    match compose(&history) {
        Ok(files) => {
            let versions = Folder::new(&format!("{tool}-versions"));
            let written = write(&files, &versions.0).expect("an empty folder");
            assert_eq!(written.len(), files.len());
            for file in files {
                // A carriage return would be invisible.
                text.push_str(&format!("+++ {}\n{}", file.name, file.text.replace('\r', "\\x0d")));
            }
        }
        Err(errors) => text.extend(errors.iter().map(|error| format!("error: {error}\n"))),
    }
    text.extend(history.objects.iter().map(|object| format!("+++ objects/{}.sql\n{}", object.name, object.text)));
    if let Err(errors) = compose_objects(&history) {
        text.extend(errors.iter().map(|error| format!("error: {error}\n")));
    }
    text.extend(history.programs.iter().map(|path| format!("program: {}\n", path.display())));
    text.extend(history.notes.iter().map(|note| format!("note: {note}\n")));
    text.extend(history.skipped.iter().map(|file| format!("skipped: {file}\n")));
    text
}

#[test]
fn cases() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let only = std::env::var("CASE").ok();
    let (mut count, mut failed) = (0, Vec::new());
    for tool in Tool::ALL {
        let Ok(entries) = fs::read_dir(cases.join(tool.name())) else { continue };
        for entry in entries {
            let path = entry.expect("can read the folder").path();
            let name = format!("{tool}-{}", path.file_stem().expect("a name").to_string_lossy());
            if only.as_ref().is_some_and(|only| !name.contains(only)) {
                continue;
            }
            count += 1;
            let text = fs::read_to_string(&path).expect("can read the case");
            let (input, expected) = text.split_once("\n===\n").unwrap_or((text.trim_end(), ""));
            let folder = Folder::new(&name);
            let source = lay(input, &folder.0);
            let found = result(tool, &source).replace(&format!("{}/", folder.0.display()), "");
            let found = found.replace(&folder.0.display().to_string(), ".");
            if found == expected {
                continue;
            } else if std::env::var_os("UPDATE_GOLDEN").is_some() {
                fs::write(&path, format!("{input}\n===\n{found}")).expect("can write the case");
            } else {
                failed.push(format!("{name}: expected\n{expected}\nfound\n{found}"));
            }
        }
    }
    assert!(count > 0, "no case has that name");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
