//! docs/adopt.md: the commands of its three starting points work, and print what the page shows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::init::{clone, repository};
use crate::support::machine::Machine;
use crate::support::tour::{commands, play};
use crate::support::{Database, root, scratch, server_url};

/// The commands below a heading.
fn section(heading: &str) -> Vec<(String, Vec<String>)> {
    let page = fs::read_to_string(root().join("docs/adopt.md")).expect("can read the page");
    let (_, text) = page.split_once(&format!("\n## {heading}\n")).expect("the page has the section");
    let found = commands(text.split("\n## ").next().unwrap_or_default());
    assert!(found.len() >= 4, "{heading}: {found:?}");
    found
}

/// Fills in the sections of a new revision, as an editor would.
fn write_sections(directory: &Path, printed: &str, upgrade: &str, downgrade: &str) {
    let path = directory.join(printed.trim());
    let text = fs::read_to_string(&path).expect("can read the new revision");
    let (head, _) = text.split_once("-- migrate:upgrade").expect("it has sections");
    let text = format!("{head}-- migrate:upgrade\n{upgrade}\n\n-- migrate:downgrade\n{downgrade}\n");
    fs::write(path, text).expect("can write the file");
}

#[test]
fn a_new_application() {
    let machine = Machine::with_binaries("guide-new");
    // `verify` is built already.
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("debug");
    std::os::unix::fs::symlink(built, machine.target.join("debug")).expect("can create the link");
    let checkout = clone("guide");
    let prepare = |run: &mut Command, _: &Path| {
        run.env("CARGO_TARGET_DIR", &machine.target);
    };
    play(&section("A new application"), &checkout, &prepare, |command, printed, directory| {
        if command.contains(" db new ") {
            write_sections(directory, printed, "ALTER TABLE notes ADD title text;", "ALTER TABLE notes DROP title;");
        }
    });
}

#[test]
fn an_existing_repository() {
    let machine = Machine::with_binaries("guide-repository");
    let tool = clone("guide-tool");
    let package = r#"{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "8"}}"#;
    let backend = r#"{"devDependencies": {"@aws-amplify/backend": "1.25.1", "@aws-amplify/backend-cli": "1.10.0"}}"#;
    let lock = r#"{"packages": {"node_modules/@aws-amplify/backend": {"version": "1.25.1"}, "node_modules/@aws-amplify/backend-cli": {"version": "1.10.0"}}}"#;
    // As created by `npm create amplify`: the packages of the backend are those of the root.
    repository(
        "shop",
        &[
            ("web/package.json", package),
            ("web/package-lock.json", "{}"),
            ("package.json", backend),
            ("package-lock.json", lock),
            ("amplify/backend.ts", "import { defineBackend } from '@aws-amplify/backend';\n\ndefineBackend({});\n"),
            ("amplify/tsconfig.json", r#"{"compilerOptions": {"strict": true}}"#),
            (".gitignore", "node_modules\n"),
        ],
    );
    let prepare = |run: &mut Command, _: &Path| {
        run.env("CARGO_TARGET_DIR", &machine.target)
            .env("AWS_REGION", "eu-central-1")
            .env("AMPLIFY_APP_ID", "d2example");
    };
    play(&section("An existing repository"), &tool, &prepare, |command, printed, directory| {
        if command.contains(" db new ") {
            write_sections(directory, printed, "CREATE TABLE notes (body text);", "DROP TABLE notes;");
        }
        if command.contains("publish") {
            assert!(printed.contains("npm --prefix . exec --offline -- ampx pipeline-deploy"), "{printed}");
            assert!(printed.contains("npm --prefix web run --silent build"), "{printed}");
        }
    });
}

#[test]
fn an_existing_history() {
    let checkout: PathBuf = scratch("guide-history");
    fs::create_dir_all(checkout.join("xtask")).expect("can create the folder");
    fs::create_dir_all(checkout.join("db/migrations")).expect("can create the folder");
    let database = Database::create();
    let migrations = [
        ("20260101000000_create_notes.sql", "CREATE TABLE notes (id int PRIMARY KEY);", "DROP TABLE notes;"),
        ("20260102000000_add_bodies.sql", "ALTER TABLE notes ADD body text;", "ALTER TABLE notes DROP body;"),
    ];
    let mut client = database.client();
    client.batch_execute("CREATE TABLE schema_migrations (version varchar PRIMARY KEY)").expect("dbmate's table");
    for (name, up, down) in migrations {
        let text = format!("-- migrate:up\n{up}\n\n-- migrate:down\n{down}\n");
        fs::write(checkout.join("db/migrations").join(name), text).expect("can write the file");
        client.batch_execute(up).expect("what dbmate has applied");
        let version = &name[..14];
        client.batch_execute(&format!("INSERT INTO schema_migrations VALUES ('{version}')")).expect("its row");
    }
    let prepare = |run: &mut Command, _: &Path| {
        run.env("DATABASE_URL", database.url());
        let arguments: Vec<_> = run.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect();
        if arguments[..2] == ["db", "adopt"] {
            run.args(["--postgres", &server_url()]);
        }
    };
    play(&section("An existing history"), &checkout, &prepare, |_, _, _| ());
    assert_eq!(database.rows("SELECT count(*) FROM migration_log"), ["2"]);
}
