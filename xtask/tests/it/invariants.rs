//! The invariants in ARCHITECTURE.md.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::root;
use crate::support::sources::rust_files;

fn dependencies(package: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", package, "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let name = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    String::from_utf8_lossy(&output.stdout).lines().map(name).collect()
}

/// The Rust files of a folder that contain one of these words outside comments and tests.
fn files_containing(folder: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for path in rust_files(&root().join(folder)) {
        let text = fs::read_to_string(&path).expect("can read the file");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let contains =
            |line: &str| !line.trim_start().starts_with("//") && words.iter().any(|word| line.contains(word));
        if code.lines().any(contains) {
            found.push(path.file_name().expect("it has a name").to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

#[test]
fn xtask_links_nothing_heavy() {
    let tree = dependencies("xtask");
    assert!(tree.contains(&"postgres".to_owned()), "the tree is complete: {tree:?}");
    for heavy in ["testcontainers", "bollard", "hyper", "squawk-linter", "verify"] {
        assert!(!tree.contains(&heavy.to_owned()), "{heavy}");
    }
}

#[test]
fn the_engine_is_a_library() {
    assert!(!dependencies("connection").contains(&"migrate".to_owned()));
    let tree = dependencies("migrate");
    for foreign in ["clap", "xshell", "anyhow"] {
        assert!(!tree.contains(&foreign.to_owned()), "{foreign}");
    }
    let effects = ["println!", "print!(", "std::env", "process::Command"];
    for library in ["regular_file", "revision", "connection", "schema", "migrate", "import"] {
        assert_eq!(files_containing(&format!("db/{library}/src"), &effects), [""; 0], "{library}");
    }
}

#[test]
fn the_core_links_no_database() {
    let tree = dependencies("revision");
    assert!(tree.contains(&"squawk-lexer".to_owned()), "the tree is complete: {tree:?}");
    for foreign in ["postgres", "tokio-postgres", "openssl", "native-tls", "tokio", "migrate", "connection"] {
        assert!(!tree.contains(&foreign.to_owned()), "{foreign}");
    }
    assert!(!dependencies("connection").contains(&"revision".to_owned()));
    let tree = dependencies("import");
    assert!(tree.contains(&"revision".to_owned()), "the tree is complete: {tree:?}");
    for foreign in ["migrate", "connection", "postgres", "tokio", "clap"] {
        assert!(!tree.contains(&foreign.to_owned()), "{foreign}");
    }
}

#[test]
fn only_one_file_prints_or_reads_variables() {
    let driver = ["postgres::", "postgres_native_tls", "native_tls"];
    for folder in ["db/migrate/src", "db/schema/src", "db/cluster/src", "db/verify/src", "xtask/src"] {
        assert_eq!(files_containing(folder, &driver), [""; 0], "{folder}");
    }
    assert_eq!(
        files_containing("xtask/src", &["io::stdout", "io::stderr", "println!"]),
        ["report.rs", "standard_output.rs"]
    );
    // `report.rs` reads NO_COLOR before there is a context.
    assert_eq!(files_containing("xtask/src", &["env::var"]), ["context.rs", "report.rs"]);
    assert_eq!(files_containing("db", &["unsafe "]), [""; 0]);
}

/// `cluster::Needs` decides which variables a program gets. Programs that inherit all of them are listed here.
#[test]
fn programs_get_only_what_they_need() {
    let starts = ["Command::new(", ".cmd(", "cmd!("];
    assert_eq!(files_containing("xtask/src", &starts), ["process.rs"]);
    assert_eq!(files_containing("db/cluster/src", &starts), ["environment.rs"]);
    assert_eq!(files_containing("db/verify/src", &starts), [""; 0]);
    // The editor, cargo for the developer's own checks, psql, a buildspec, and this program itself.
    let inheriting = ["author.rs", "ci.rs", "run.rs", "server.rs", "test.rs"];
    assert_eq!(files_containing("xtask/src", &["process::inherit"]), inheriting);
}

/// SQL of more than a line is in a file next to the code, where it can be read, and run.
#[test]
fn long_sql_is_in_files() {
    let is_sql = |line: &str| {
        let verbs = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "];
        verbs.iter().any(|verb| line.contains(verb))
            && [" FROM ", " VALUES ", " SET "].iter().any(|word| line.contains(word))
    };
    let is_long = |line: &&str| line.len() > 160 && is_sql(line);
    let (mut files, mut long) = (0, Vec::new());
    for folder in ["regular_file", "revision", "connection", "import", "schema", "migrate", "cluster", "verify"] {
        for path in rust_files(&root().join("db").join(folder).join("src")) {
            let text = fs::read_to_string(&path).expect("can read the file");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            long.extend(code.lines().filter(is_long).map(|line| format!("{}: {}", path.display(), line.trim())));
            files += 1;
        }
    }
    assert!(files > 100, "{files}");
    assert!(long.is_empty(), "put this SQL into a file\n{}", long.join("\n"));
}

#[test]
fn every_file_in_the_code_map_exists() {
    let (mut folders, mut files) =
        (vec![root().join("xtask"), root().join("db"), root().join("bench/src")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("can read the folder") {
            let path = entry.expect("can read the entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false => files.push(path),
            }
        }
    }
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("can read ARCHITECTURE.md");
    for line in text.lines().filter(|line| line.contains(".rs")) {
        for word in line.split([' ', '`', ',', ':', '(', ')', ';']).filter(|word| word.ends_with(".rs")) {
            assert!(files.iter().any(|file| file.ends_with(Path::new(word))), "{word}");
        }
    }
}
