//! `db types`: the tables that a role can see, as TypeScript.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;
use std::time::Duration;

use connection::{Connection, Listener, Settings};
use schema::{ReadError, VisibleTables};

use crate::support::{Database, clean, db, root, scratch, server_url, succeed, write_revision, xtask};

/// `NAME.sql`, a schema, and `NAME.ts`, what `types_app` sees of it.
const CASES: [&str; 4] = ["columns", "names", "nothing", "privileges"];

pub(crate) fn folder() -> PathBuf {
    root().join("xtask/tests/types")
}

/// A database with the schema of a case, or with another file of SQL.
pub(crate) fn database(case: &str) -> Database {
    let database = Database::create();
    // Roles belong to the server, which other tests also use.
    let roles = ["CREATE ROLE types_app LOGIN", "CREATE ROLE types_group", "GRANT types_group TO types_app"];
    for role in roles {
        let _ = database.client().batch_execute(role);
    }
    let schema = fs::read_to_string(folder().join(case).with_extension("sql")).expect("can read the schema");
    database.client().batch_execute(&schema).unwrap_or_else(|error| panic!("{case}: {error:?}"));
    database
}

fn read(database: &Database, role: &str) -> Result<VisibleTables, ReadError> {
    let settings = Settings::resolve(&database.url(), &|_| None).expect("a URL");
    let listener: Listener = Arc::new(|_| ());
    let mut connection: Connection =
        connection::connect(&settings, Duration::from_secs(60), &listener).expect("can connect");
    VisibleTables::read(&mut connection, role, &["public.engine"])
}

#[test]
fn a_role_sees_what_it_can_read_or_insert_into() {
    for case in CASES {
        let database = database(case);
        let types = read(&database, "types_app").expect("can read the tables").to_typescript(&format!("Case {case}"));
        let path = folder().join(case).with_extension("ts");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &types).expect("can write the file");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(types == expected, "{} differs:\n{types}", path.display());
        database.drop();
    }
}

#[test]
fn a_role_that_does_not_exist_is_an_error() {
    let database = Database::create();
    let error = read(&database, "no \"such\" role").expect_err("there is no such role");
    assert!(matches!(&error, ReadError::NoRole(name) if name == "no \"such\" role"));
    assert_eq!(error.to_string(), "role \"no \"\"such\"\" role\" does not exist");
    database.drop();
}

/// A checkout with a revision whose table `types_app` sees, and with settings.
fn checkout(name: &str, settings: &str) -> PathBuf {
    let checkout = scratch(name);
    database("nothing").drop();
    let tables = "alembic_version, migration_log, migration_journal";
    let upgrade = format!(
        "CREATE TABLE t (a int NOT NULL); GRANT SELECT ON t TO types_app; GRANT SELECT ON {tables} TO types_app;"
    );
    let downgrade = format!("DROP TABLE t; REVOKE SELECT ON {tables} FROM types_app;");
    write_revision(&checkout.join("db/versions"), "a1", "-- Revises:", &upgrade, &downgrade);
    fs::write(checkout.join("xtask.toml"), settings).expect("can write the settings");
    checkout
}

const SETTINGS: &str = "[types]\nrole = \"types_app\"\nfile = \"app/tables.ts\"\n";

const TYPES: &str = "
export interface T {
  readonly a: number;
}
";

/// Runs the program `verify` on the server of the tests.
fn verify(checkout: &Path, task: &str, arguments: &[&str]) -> Output {
    let mut command = clean(Path::new(env!("CARGO")), checkout);
    command.args(["run", "--quiet", "--package", "verify", "--manifest-path"]).arg(root().join("Cargo.toml"));
    command.args(["--", "--dir", "db/versions", task, "--target", "unused", "--postgres", &server_url()]);
    command.args(arguments).output().expect("cargo runs")
}

#[test]
fn the_types_of_the_revisions_are_written_and_compared() {
    let checkout = checkout("types", "");
    let printed = verify(&checkout, "types", &["--role", "types_app"]);
    succeed(&printed);
    let types = String::from_utf8(printed.stdout).expect("it is UTF-8");
    assert!(types.starts_with("// ") && types.ends_with(TYPES) && types.matches("export").count() == 1, "{types}");

    let compare = || verify(&checkout, "round-trip", &["--role", "types_app", "--types", "tables.ts"]);
    let missing = succeed(&compare());
    assert!(missing.contains("no tables.ts; `cargo xtask db types` creates it\n"), "{missing}");
    fs::write(checkout.join("tables.ts"), types.replace('\n', "\r\n")).expect("can write the file");
    succeed(&compare());
    fs::write(checkout.join("tables.ts"), types.replace("number", "string")).expect("can write the file");
    let outdated = compare();
    assert_eq!(outdated.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&outdated.stdout),
        "error: tables.ts does not match the revisions; `cargo xtask db types` updates it\n  \
         -   readonly a: string;\n  +   readonly a: number;\n"
    );

    let refused = verify(&checkout, "types", &["--role", "types_nobody"]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&refused.stderr),
        "error: role \"types_nobody\" does not exist\n  \
         next: a revision must create it; if the application uses a different role, set `role` in `[types]` of xtask.toml\n"
    );
}

/// `xtask` in a checkout where `cargo`, which runs `verify`, prints its arguments.
fn with_cargo(checkout: &Path, arguments: &[&str]) -> Output {
    let programs = checkout.join("bin");
    fs::create_dir_all(&programs).expect("can create the folder");
    let cargo = programs.join("cargo");
    fs::write(&cargo, "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done\necho \"$*\"\n")
        .expect("can write the program");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("can set the permissions");
    let mut command = xtask(checkout);
    command
        .env("CARGO_MANIFEST_DIR", checkout.join("xtask"))
        .env("PATH", format!("{}:/usr/bin:/bin", programs.display()));
    command.arg("db").args(arguments).output().expect("xtask runs")
}

#[test]
fn the_settings_name_the_role_and_the_file() {
    let checkout = checkout("types-settings", SETTINGS);
    fs::create_dir_all(checkout.join("app")).expect("can create the folder");
    let read = |name: &str| fs::read_to_string(checkout.join(name)).expect("can read the file");

    assert_eq!(succeed(&with_cargo(&checkout, &["types"])), "wrote app/tables.ts\n");
    let arguments = read("app/tables.ts");
    assert!(arguments.starts_with("-- --dir db/versions types "), "{arguments}");
    assert!(arguments.ends_with(" --role types_app\n"), "{arguments}");
    assert_eq!(succeed(&with_cargo(&checkout, &["types", "--role", "other", "--file", "b.ts"])), "wrote b.ts\n");
    assert!(read("b.ts").ends_with(" --role other\n"));

    let compared = |arguments: &[&str]| {
        let output = with_cargo(&checkout, &[&["verify"], arguments].concat());
        succeed(&output);
        String::from_utf8_lossy(&output.stdout).contains(" --role types_app --types app/tables.ts")
    };
    assert!(compared(&[]), "the revisions of the settings");
    assert!(compared(&["--dir", "./db/../db/versions"]), "the same ones");
    write_revision(&checkout.join("others"), "a1", "-- Revises:", "SELECT;", "SELECT;");
    assert!(!compared(&["--dir", "others"]), "the types are not those of other revisions");
}

#[test]
fn a_missing_setting_is_named() {
    let checkout = checkout("types-unset", "");
    let message = |arguments: &[&str]| {
        let output = with_cargo(&checkout, arguments);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert_eq!(
        message(&["types"]),
        "error: no role for the types is configured\n  \
         next: `--role`, or `role` in `[types]` of xtask.toml, names the role that the application connects as\n"
    );
    assert_eq!(
        message(&["types", "--role", "a"]),
        "error: no file for the types is configured\n  \
         next: `--file`, or `file` in `[types]` of xtask.toml, names the file to write\n"
    );
}

#[test]
fn the_types_of_a_database_are_printed() {
    let checkout = checkout("types-url", "");
    let database = Database::create();
    let versions = checkout.join("db/versions");
    succeed(&db(&database, &versions, &["upgrade"]));
    let output = db(&database, &versions, &["types", "--role", "types_app"]);
    succeed(&output);
    let types = String::from_utf8(output.stdout).expect("it is UTF-8");
    assert!(types.starts_with("// ") && types.ends_with(TYPES) && types.matches("export").count() == 1, "{types}");
    let refused = db(&database, &versions, &["types", "--role", "types_nobody"]);
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(message.starts_with("error: role \"types_nobody\" does not exist\n  next: "), "{message}");
    succeed(&db(&database, &versions, &["downgrade", "base"]));
    database.drop();
}
