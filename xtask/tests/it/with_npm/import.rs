//! `db import` of histories with every unusual form that dbmate and node-pg-migrate accept, compared with the result of
//! these tools themselves.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use cluster::{ClusterError, Stamp};

use crate::support::{Database, db, root, scratch, server, server_url, succeed, xtask};

/// The tools that the benchmark pins. Installed once.
fn packages() -> PathBuf {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("import-packages");
        fs::create_dir_all(&directory).expect("can create the folder");
        for name in ["package.json", "package-lock.json"] {
            fs::copy(root().join("bench").join(name), directory.join(name)).expect("can copy the file");
        }
        let lock = fs::read_to_string(directory.join("package-lock.json")).expect("can read the file");
        let install = || -> Result<(), ClusterError> {
            let mut npm = Command::new("npm");
            npm.args(["ci", "--prefer-offline", "--no-audit", "--no-fund"]).current_dir(&directory);
            succeed(&npm.output().expect("npm runs"));
            Ok(())
        };
        Stamp::new(directory.join("installed.txt"), lock).install_once(install).expect("can install the packages");
        directory.join("node_modules")
    });
    FOLDER.clone()
}

fn dbmate() -> PathBuf {
    packages().join("@dbmate/linux-x64/bin/dbmate")
}

/// Writes files: `--- NAME`, then the text.
fn lay(text: &str, folder: &Path) {
    fs::create_dir_all(folder).expect("can create the folder");
    for file in format!("\n{text}").split("\n--- ").skip(1) {
        let (name, text) = file.split_once('\n').expect("a name and a text");
        fs::write(folder.join(name), format!("{text}\n")).expect("can write the file");
    }
}

fn import(directory: &Path, program: &Path) -> Output {
    let mut command = xtask(directory);
    command.args(["db", "--dir", "versions", "import", "dbmate", "migrations", "--postgres", &server_url()]);
    command.arg("--program").arg(program).output().expect("xtask runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn written(directory: &Path) -> usize {
    fs::read_dir(directory.join("versions")).map_or(0, Iterator::count)
}

#[test]
fn revisions_create_the_same_database_as_dbmate() {
    let directory = scratch("import-dbmate");
    lay(include_str!("../../import/dbmate.txt"), &directory.join("migrations"));
    let output = import(&directory, &dbmate());
    let text = succeed(&output);
    let paths = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(paths.lines().count(), 36, "{paths}");
    assert_eq!(written(&directory), 36);
    assert!(text.contains("proof: dbmate and the revisions create equal databases: "), "{text}");
    assert!(text.contains("imported 36 revisions from dbmate: 36 written, "), "{text}");
    assert!(text.contains("skipped: migrations/README.md: "), "{text}");
    // Nothing is left to write.
    let output = import(&directory, &dbmate());
    succeed(&output);
    assert!(output.stdout.is_empty());
    assert_eq!(written(&directory), 36);
}

#[test]
fn a_difference_is_shown_and_nothing_is_written() {
    let directory = scratch("import-dbmate-differs");
    let text = "--- 1_names.sql\n-- migrate:up\nCREATE TABLE names (of_tool boolean, n int);
INSERT INTO names VALUES (to_regclass('schema_migrations') IS NOT NULL, 1);
DO $$ BEGIN IF to_regclass('schema_migrations') IS NULL THEN CREATE TABLE extra (i int); END IF; END $$;
-- migrate:down\nDROP TABLE names;\n";
    lay(text, &directory.join("migrations"));
    let output = import(&directory, &dbmate());
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{found}{}", stderr(&output));
    assert!(found.contains("CREATE TABLE extra"), "{found}");
    assert!(found.contains("public.names (1 row): different values in of_tool"), "{found}");
    assert_eq!(written(&directory), 0);
}

#[test]
fn a_history_that_dbmate_refuses_is_refused() {
    let directory = scratch("import-dbmate-refuses");
    lay(
        "--- 1_wrong.sql\n-- migrate:up\nCREATE TABLE a (i int) WITH NOTHING;\n-- migrate:down\n",
        &directory.join("migrations"),
    );
    let output = import(&directory, &dbmate());
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("dbmate itself can't apply the migrations") && text.contains("syntax error"), "{text}");
    assert_eq!(written(&directory), 0);
}

#[test]
fn revisions_create_the_same_database_as_node_pg_migrate() {
    let directory = scratch("import-node-pg-migrate");
    lay(include_str!("../../import/node_pg_migrate.txt"), &directory.join("migrations"));
    let mut command = xtask(&directory);
    command.args(["db", "--dir", "versions", "import", "node-pg-migrate", "migrations", "--postgres", &server_url()]);
    let program = packages().join(".bin/node-pg-migrate");
    let output = command.arg("--program").arg(program).output().expect("xtask runs");
    let text = succeed(&output);
    assert!(text.contains("proof: node-pg-migrate and the revisions create equal databases: "), "{text}");
    assert_eq!(written(&directory), 6);
}

/// A database that node-pg-migrate has migrated is adopted and migrated further, the tool still reads its table, and a new
/// database is equal.
#[test]
fn a_database_of_node_pg_migrate_is_taken_over() {
    let directory = scratch("import-node-pg-migrate-41");
    lay(include_str!("../../import/node_pg_migrate_41.txt"), &directory.join("migrations"));
    let versions = directory.join("versions");
    let program = packages().join(".bin/node-pg-migrate");
    let mut command = xtask(&directory);
    command.args(["db", "--dir", "versions", "import", "node-pg-migrate", "migrations", "--postgres", &server_url()]);
    let text = succeed(&command.arg("--program").arg(&program).output().expect("xtask runs"));
    assert!(text.contains("proof: node-pg-migrate and the revisions create equal databases: "), "{text}");
    assert!(text.contains("imported 41 revisions from node-pg-migrate: 41 written, "), "{text}");

    let (taken_over, new) = (Database::create(), Database::create());
    let old_tool = |option: &str| {
        let mut command = Command::new(&program);
        command.args(["up", option, "--migrations-dir", "migrations"]).current_dir(&directory);
        let server = server();
        command.env("PGHOST", &server.host).env("PGPORT", &server.port).env("PGUSER", "postgres");
        let output = command.env("PGDATABASE", &taken_over.name).output().expect("node-pg-migrate runs");
        succeed(&output) + &String::from_utf8_lossy(&output.stdout)
    };
    old_tool("--no-single-transaction");
    let text = succeed(&db(&taken_over, &versions, &["adopt", "--postgres", &server_url()]));
    assert!(text.contains("recorded 41 revisions as applied"), "{text}");

    succeed(&db(&taken_over, &versions, &["revision", "-m", "one more", "--rev-id", "one_more"]));
    let entries = fs::read_dir(&versions).expect("can read the folder").map(|entry| entry.expect("an entry").path());
    let path = entries.into_iter().find(|path| path.to_string_lossy().contains("one_more")).expect("it was written");
    let text = fs::read_to_string(&path).expect("can read the file");
    let text = text.replace("-- migrate:upgrade\n", "-- migrate:upgrade\nCREATE TABLE one_more (i int);\n");
    fs::write(&path, text.replace("-- migrate:downgrade\n", "-- migrate:downgrade\nDROP TABLE one_more;\n"))
        .expect("can write the file");
    for database in [&taken_over, &new] {
        succeed(&db(database, &versions, &["upgrade"]));
    }
    let text = old_tool("--dry-run");
    assert!(text.contains("No migrations to run!"), "{text}");
    taken_over.client().batch_execute("DROP TABLE pgmigrations").expect("can drop the table");
    let catalog = taken_over.catalog();
    assert!(catalog.iter().any(|line| line.contains("one_more")), "{catalog:?}");
    assert_eq!(catalog, new.catalog());
}
