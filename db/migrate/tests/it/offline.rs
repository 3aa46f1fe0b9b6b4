//! A script has the same effect as the run.

use std::io::Read;

use connection::{Connection, QueryError};
use migrate::{Error, Rendering, ScriptPart, Target};
use revision::{Plan, RevisionFile, Revisions, Script, without_semicolon};

use crate::support::{Database, options, provenance, revision, revisions, wait_until, without_transaction};

fn render(revisions: &Revisions, plan: &Plan) -> Result<String, Error> {
    let (options, provenance) = (options(), provenance());
    let rendering = Rendering::new(revisions, plan, &options, &provenance);
    let mut text = String::new();
    rendering.write(&mut |part| {
        match part {
            ScriptPart::Sql(sql) => text.push_str(sql),
            ScriptPart::Data(script, copy) => {
                let mut data = script.copy_data(copy)?;
                data.read_to_string(&mut text).expect("the data is text");
            }
            other => panic!("{other:?}"),
        }
        Ok(())
    })?;
    Ok(text)
}

/// Runs a script as psql does: statement by statement, until the first error. `\gset` sets variables, whose names all
/// start with `migrate_`.
fn play(database: &Database, script: &str) -> Result<(), QueryError> {
    let mut connection = database.connect();
    // psql sends statements that are separated by `\;` as one message.
    let mut rest = script.replacen("\\set ON_ERROR_STOP on\n", "", 1).replace("\\;", ";");
    while let Some((part, after)) = rest.split_once("\\gset\n") {
        let (before, query) = part.rsplit_once(";\n").expect("a statement before it");
        play_statements(&mut connection, &format!("{before};\n"))?;
        let names = query.split(" AS migrate_").skip(1).map(|text| text.split([',', '\n']).next().unwrap_or_default());
        let rows = connection.rows(query)?;
        let mut after = after.to_owned();
        for (name, value) in names.zip(rows.first().expect("\\gset needs a row").iter().flatten()) {
            after = after.replace(&format!(":\"migrate_{name}\""), &connection::quote_identifier(value));
            after = after.replace(&format!(":migrate_{name}"), value);
        }
        rest = after;
    }
    play_statements(&mut connection, &rest)
}

fn play_statements(connection: &mut Connection, sql: &str) -> Result<(), QueryError> {
    let header = "-- script\n--\n-- Revision ID: script\n-- Revises:\n-- Transaction: off\n\n-- migrate:upgrade\n";
    let script =
        Script::read(&RevisionFile::in_memory("script.sql", format!("{header}{sql}"))).expect("psql can read it");
    for statement in script.effective(script.upgrade()) {
        let statement = statement.expect("it is in memory");
        let text = script.text(&statement).expect("it is in memory");
        match &statement.copy {
            Some(copy) => {
                connection.copy_in(without_semicolon(&text), script.copy_data(copy).expect("it is in memory"))?;
            }
            None => connection.send(&text)?,
        }
    }
    Ok(())
}

/// The rows of the engine's tables, without times.
fn bookkeeping(database: &Database) -> Vec<String> {
    let log = "SELECT id, operation, revision, parents, message, checksum, is_transactional, upgrade_sql, \
         downgrade_sql, started_at <= finished_at, applied_by, tool_version, commit_id, build_id, reason \
         FROM migration_log ORDER BY id";
    [database.version_rows(), database.rows(log), database.journal()].concat()
}

/// Columns, indexes, enum values and data.
fn catalog(database: &Database) -> Vec<String> {
    [
        "SELECT c.oid::regclass, attname, atttypid::regtype, attnotnull \
         FROM pg_class c JOIN pg_attribute ON attrelid = c.oid WHERE relnamespace = 'public'::regnamespace \
         AND relkind = 'r' AND attnum > 0 ORDER BY c.oid::regclass::text, attnum",
        "SELECT indexrelid::regclass, indisvalid, indisunique FROM pg_index JOIN pg_class c ON c.oid = indrelid AND relnamespace = 'public'::regnamespace ORDER BY indexrelid::regclass::text",
        "SELECT enumtypid::regtype, enumlabel FROM pg_enum ORDER BY enumtypid::regtype::text, enumsortorder",
        "SELECT * FROM parts ORDER BY id",
    ]
    .iter()
    .flat_map(|query| database.rows(query))
    .collect()
}

fn shop() -> Revisions {
    let data =
        "CREATE TABLE parts (id int PRIMARY KEY, name text);\nCOPY parts FROM STDIN;\n1\ta \\\\ b\n2\t\\N\n\\.\n";
    let index = "CREATE INDEX CONCURRENTLY parts_name ON parts (name);\nINSERT INTO parts VALUES (3, 'it''s; $$')";
    revisions([
        revision(
            "a1",
            "",
            "CREATE TYPE mood AS ENUM ('ok'); SET search_path = pg_catalog; SET work_mem = '77MB';",
            "DROP TYPE mood",
        ),
        revision("b1", "a1", "ALTER TYPE mood ADD VALUE 'good';", "SELECT 1; -- it stays"),
        revision(
            "c1",
            "b1",
            "CREATE TABLE moods AS SELECT 'good'::mood AS mood, current_setting('work_mem') AS memory;",
            "DROP TABLE moods;",
        ),
        revision("d1", "a1", data, "DROP TABLE parts;"),
        without_transaction("e1", "d1", index, "DROP INDEX CONCURRENTLY parts_name;\nDELETE FROM parts WHERE id = 3;"),
        revision("f1", "c1, e1", "", "SELECT;"),
    ])
}

#[test]
fn a_script_leaves_the_same_rows_as_the_run() {
    let (online, offline, shop) = (Database::create(), Database::create(), shop());
    let graph = shop.graph();
    let compare = |what: &str| {
        assert_eq!(bookkeeping(&online), bookkeeping(&offline), "{what}");
        assert_eq!(catalog(&online), catalog(&offline), "{what}");
    };
    let up = graph.plan_upgrade(&[], "heads").expect("a plan");
    online.upgrade(&shop).expect("an upgrade");
    play(&offline, &render(&shop, &up).expect("a script")).expect("an upgrade");
    compare("upgrade");
    assert_eq!((online.log().len(), online.version_rows()), (6, vec!["f1".to_owned()]));
    assert_eq!(offline.rows("SELECT * FROM moods"), online.rows("SELECT * FROM moods"));
    assert_eq!(offline.rows("SELECT memory <> '77MB' FROM moods"), ["t"]);
    assert_eq!(offline.rows("SELECT id, name FROM parts ORDER BY id"), ["1|a \\ b", "2|null", "3|it's; $$"]);

    let down = graph.plan_downgrade(&up.heads, "b1").expect("a plan");
    online.run(&shop, Target::Downgrade("b1")).expect("a downgrade");
    play(&offline, &render(&shop, &down).expect("a script")).expect("a downgrade");
    compare("downgrade");

    let targets = ["heads".to_owned()];
    let stamp = graph.plan_stamp(&down.heads, targets.iter().map(String::as_str)).expect("a plan");
    online.run(&shop, Target::Stamp { targets: &targets, purge: false }).expect("a stamp");
    play(&offline, &render(&shop, &stamp).expect("a script")).expect("a stamp");
    compare("stamp");
    assert_eq!(
        (offline.version_rows(), offline.log().last().map(String::as_str)),
        (vec!["f1".to_owned()], Some("stamp f1"))
    );
}

#[test]
fn a_script_refuses_to_run_on_another_state() {
    let (database, shop) = (Database::create(), shop());
    let from_a1 = {
        let heads = shop.graph().rows(["a1"]).expect("a row");
        render(&shop, &shop.graph().plan_upgrade(&heads, "b1").expect("a plan")).expect("a script")
    };
    let refused = |database: &Database, expected: &str| {
        // The previous session may hold the lock for a moment longer.
        wait_until(expected, || play(database, &from_a1).expect_err(expected).to_string().contains(expected));
    };
    refused(&database, "this script starts from a1, but the database is in another state");
    database.run(&shop, Target::Upgrade("a1")).expect("an upgrade");

    let held = database.lock(&shop);
    refused(&database, "another migration is running");
    drop(held);

    database.send("INSERT INTO migration_journal VALUES ('d1', 'upgrade', 1, 'x', 8)");
    refused(&database, "a revision is partially applied");
    database.send("DELETE FROM migration_journal");

    assert_eq!(database.log(), ["upgrade a1"]);
    // The lock of a failed script ends with its session.
    wait_until("the script runs", || play(&database, &from_a1).is_ok());
    assert_eq!(database.log(), ["upgrade a1", "upgrade b1"]);
    refused(&database, "this script starts from a1, but the database is in another state");
}

#[test]
fn a_script_holds_the_lock_while_it_runs() {
    let (database, shop) = (Database::create(), shop());
    let plan = shop.graph().plan_upgrade(&[], "a1").expect("a plan");
    let script = render(&shop, &plan).expect("a script");
    let (before, after) = script.split_once("\n-- upgrade a1").expect("the first revision");
    assert!(before.contains("pg_try_advisory_lock"), "{before}");
    assert!(after.contains("pg_advisory_unlock"), "{after}");
    let probe = script.replacen("CREATE TYPE mood", "CREATE TABLE held AS SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid(); CREATE TYPE mood", 1);
    play(&database, &probe).expect("an upgrade");
    assert_eq!(database.rows("SELECT n FROM held"), ["1"]);
}

#[test]
fn a_script_that_fails_leaves_a_journal_to_resume_from() {
    let database = Database::create();
    let file = |second: &str| {
        let upgrade = format!("CREATE TABLE t ();\n{second}\nCREATE TABLE u ();");
        revisions([revision("a1", "", "", ""), without_transaction("b1", "a1", &upgrade, "")])
    };
    let broken = file("SELECT nowhere;");
    let plan = broken.graph().plan_upgrade(&[], "heads").expect("a plan");
    play(&database, &render(&broken, &plan).expect("a script")).expect_err("an unknown column");
    assert_eq!(database.journal(), ["b1 upgrade 1 finished", "b1 upgrade 2 started"]);
    assert_eq!((database.version_rows(), database.has_table("u")), (vec!["a1".to_owned()], false));
    database.run(&file("SELECT 2;"), Target::Resume).expect("the rest runs");
    assert_eq!((database.version_rows(), database.has_table("u")), (vec!["b1".to_owned()], true));
    assert_eq!(database.log(), ["upgrade a1", "upgrade b1"]);
}

#[test]
fn an_irreversible_plan_is_refused_before_the_first_part() {
    let two = revisions([revision("a1", "", "CREATE TABLE a ();", ""), revision("b1", "a1", "", "SELECT;")]);
    let heads = two.graph().rows(["b1"]).expect("a row");
    let plan = two.graph().plan_downgrade(&heads, "base").expect("a plan");
    let error = render(&two, &plan).expect_err("`a1` is irreversible");
    assert!(matches!(&error, Error::History(_)), "{error:?}");
}
