//! The output of `db dump` recreates the database, and matches the expected text.

use std::fs;
use std::process::Command;

use crate::support::{Database, root, server};

#[test]
fn a_dump_recreates_the_database() {
    let folder = root().join("xtask/tests/dump");
    for role in ["reader", "other_owner"] {
        // Roles belong to the server, which other tests use too.
        let _ = Database::create().client().batch_execute(&format!("CREATE ROLE {role}"));
    }
    let (original, copy) = (Database::create(), Database::create());
    let schema = fs::read_to_string(folder.join("everything.sql")).expect("can read the schema");
    original.client().batch_execute(&schema).expect("can create the schema");

    let dump = dump(&original);
    copy.client().batch_execute(&dump).unwrap_or_else(|error| panic!("{error:?}\n{dump}"));
    let (expected, found) = (original.catalog(), copy.catalog());
    let only = |here: &[String], there: &[String]| {
        here.iter().filter(|line| !there.contains(line)).cloned().collect::<Vec<_>>().join("\n")
    };
    assert_eq!(only(&found, &expected), only(&expected, &found));
    assert_eq!(self::dump(&copy), dump);

    let expected = folder.join("everything.dump.sql");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&expected, &dump).expect("can write the file");
    }
    assert_eq!(dump, fs::read_to_string(expected).expect("can read the expected dump"));
}

/// The output of the command, without the comment that names the database.
fn dump(database: &Database) -> String {
    let _ = server();
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["db", "dump", "--url", &database.url()])
        .current_dir(root())
        .output()
        .expect("xtask runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("it is UTF-8");
    text.lines().skip_while(|line| line.starts_with("-- ")).flat_map(|line| [line, "\n"]).collect()
}
