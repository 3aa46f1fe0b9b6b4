//! The output of `db dump` recreates the database, and matches the expected text.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

use schema::{ReadError, Schema};

use crate::support::{Database, expect_text, in_parallel, major, root, server, session};

fn folder() -> PathBuf {
    root().join("xtask/tests/dump")
}

/// Roles belong to the server, which other tests also use.
fn create_roles(roles: &[&str]) {
    for role in roles {
        let _ = Database::create().client().batch_execute(&format!("CREATE ROLE {role}"));
    }
}

#[test]
fn a_dump_recreates_the_database() {
    create_roles(&["reader", "other_owner"]);
    let schema = fs::read_to_string(folder().join("everything.sql")).expect("can read the schema");
    let dump = recreated("everything", &schema, dump).unwrap_or_else(|error| panic!("{error}"));
    expect_text(&folder().join("everything.dump.sql"), &dump);
}

/// `cases/*.sql` has a schema below each line with `--- ` and a name, and `cases/*.dump.sql` its dump. CASE=name runs
/// one. After the name, `since N`: earlier servers refuse the schema.
#[test]
fn every_kind_of_object_is_recreated() {
    create_roles(&["dump_app", "dump_other"]);
    let only = std::env::var("CASE").ok();
    let mut files: Vec<PathBuf> = fs::read_dir(folder().join("cases"))
        .expect("can read the folder")
        .map(|entry| entry.expect("can read the entry").path())
        .filter(|path| !path.to_string_lossy().ends_with(".dump.sql"))
        .collect();
    files.sort();
    let (mut count, mut failures) = (0, Vec::new());
    for file in &files {
        let text = fs::read_to_string(file).expect("can read the cases");
        let cases = text.split("--- ").filter_map(|case| {
            let (title, schema) = case.split_once('\n')?;
            let (name, since) = title.split_once(" since ").unwrap_or((title, "0"));
            let is_wanted = only.as_ref().is_none_or(|only| only == name);
            let since: u32 = since.parse().expect("a major version");
            (is_wanted && since <= major()).then_some((name, schema))
        });
        let cases: Vec<(&str, &str)> = cases.collect();
        count += cases.len();
        let dumps = Mutex::new(vec![String::new(); cases.len()]);
        let numbers: Vec<usize> = (0..cases.len()).collect();
        in_parallel(3, &numbers, |_, &number| {
            let (name, schema) = cases[number];
            let dumped = recreated(name, schema, |database| {
                read(database).unwrap_or_else(|error| panic!("{name}: {error}")).to_sql("")
            });
            dumps.lock().expect("no thread panics")[number] = match dumped {
                Ok(dump) => format!("--- {name}\n{}\n", dump.trim_end()),
                Err(error) => format!("--- {name}\nFAILED: {error}\n"),
            };
        });
        let dumps = dumps.into_inner().expect("no thread panics");
        failures.extend(dumps.iter().filter(|dump| dump.contains("\nFAILED: ")).cloned());
        if only.is_none() && failures.is_empty() {
            expect_text(&file.with_extension("dump.sql"), &dumps.concat());
        }
    }
    assert!(count > 0, "no case has that name");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_circle_that_no_script_can_create_is_an_error() {
    let database = Database::create();
    let functions = "CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1;
        CREATE FUNCTION g() RETURNS int LANGUAGE sql RETURN f();
        CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql RETURN g();
        CREATE TABLE t (a int DEFAULT f());";
    database.client().batch_execute(functions).expect("can create the functions");
    let error = read(&database).expect_err("there is a circle");
    assert!(matches!(&error, ReadError::Circle(objects) if objects.len() == 2), "{error}");
    assert_eq!(
        error.to_string(),
        "cannot write the schema: each of these objects needs another one of them first: FUNCTION f(), FUNCTION g()"
    );
    database.drop();
}

#[test]
fn the_tables_of_the_engine_are_omitted() {
    let database = Database::create();
    let table = "CREATE TABLE own (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n serial);
        GRANT SELECT ON own TO PUBLIC; GRANT USAGE ON SEQUENCE own_id_seq TO PUBLIC; COMMENT ON COLUMN own.id IS 'id';";
    database.client().batch_execute(table).expect("can create the table");
    let schema = Schema::read(&mut session(&database), &["public.own"]).expect("can read the schema");
    assert_eq!(schema.to_sql(""), "\nSET check_function_bodies = off;\nSET search_path = public;\n");
    database.drop();
}

/// The dump of a schema, or the problem with it: it doesn't recreate the database, or dumping the recreated database
/// gives a different text.
fn recreated(name: &str, schema: &str, dump: impl Fn(&Database) -> String) -> Result<String, String> {
    let (original, copy) = (Database::create(), Database::create());
    original.client().batch_execute(schema).map_err(|error| format!("cannot create the schema: {error:?}"))?;
    let dumped = dump(&original);
    copy.client().batch_execute(&dumped).map_err(|error| format!("{error:?}\n{dumped}"))?;
    let (expected, found) = (original.catalog(), copy.catalog());
    let only = |here: &[String], there: &[String]| {
        here.iter().filter(|line| !there.contains(line)).cloned().collect::<Vec<_>>().join("\n")
    };
    let (more, less) = (only(&found, &expected), only(&expected, &found));
    let again = dump(&copy);
    drop_subscriptions(&original);
    drop_subscriptions(&copy);
    original.drop();
    copy.drop();
    match (more == less, dumped == again) {
        (true, true) => Ok(dumped),
        (false, _) => Err(format!("{name}: the catalog has\n{more}\ninstead of\n{less}\nafter\n{dumped}")),
        (_, false) => Err(format!("{name}: dumped again\n{again}\ninstead of\n{dumped}")),
    }
}

/// A database with subscriptions can't be dropped.
pub(super) fn drop_subscriptions(database: &Database) {
    let mine = "subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())";
    for name in database.rows(&format!("SELECT quote_ident(subname) FROM pg_subscription WHERE {mine}")) {
        for change in [
            format!("ALTER SUBSCRIPTION {name} DISABLE"),
            format!("ALTER SUBSCRIPTION {name} SET (slot_name = NONE)"),
            format!("DROP SUBSCRIPTION {name}"),
        ] {
            database.client().batch_execute(&change).expect("can drop the subscription");
        }
    }
}

fn read(database: &Database) -> Result<Schema, ReadError> {
    Schema::read(&mut session(database), &[])
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
