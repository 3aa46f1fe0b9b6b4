//! `db rehearse` on a live database: beside other sessions, killed at any moment, and on a restored dump.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use postgres::Client;
use serde_json::Value;

use crate::support::wait::{SLEEPING, wait_for};
use crate::support::{Database, db, root, scratch, succeed, write_revision, xtask};

/// A database with rows, and a revision to rehearse.
fn prepared(name: &str, upgrade: &str) -> (Database, PathBuf) {
    let (database, versions) = (Database::create(), scratch(name));
    let rows = "CREATE TABLE notes (id int PRIMARY KEY, body text);\nINSERT INTO notes SELECT i, 'x' FROM generate_series(1, 2000) AS i;";
    write_revision(&versions, "a1", "-- Revises:", rows, "DROP TABLE notes;");
    succeed(&db(&database, &versions, &["upgrade"]));
    write_revision(&versions, "b1", "-- Revises: a1", upgrade, "");
    (database, versions)
}

fn rehearsal(database: &Database, versions: &Path, arguments: &[&str]) -> Command {
    let mut command = xtask(&root());
    command.args(["db", "rehearse", "--url", &database.url(), "--dir"]).arg(versions).args(arguments);
    // Only a test of the limit may depend on the load.
    if !arguments.contains(&"--max-hold") {
        command.args(["--max-hold", "60"]);
    }
    command
}

/// What a rehearsal must leave as it is.
fn state(database: &Database) -> Vec<String> {
    let mut state = database.catalog();
    state.extend(database.rows("SELECT version_num FROM alembic_version"));
    state.extend(database.rows("SELECT operation, revision FROM migration_log ORDER BY id"));
    state.extend(database.rows("SELECT count(*), md5(string_agg(n::text, ',' ORDER BY id)) FROM notes n"));
    state
}

#[test]
fn locks_waits_and_rows_are_measured() {
    let statements =
        "UPDATE notes SET body = 'y' WHERE id <= 7;\nDELETE FROM notes WHERE id = 9;\nALTER TABLE notes ADD n int;";
    let (database, versions) = prepared("rehearse-measured", statements);
    let before = state(&database);
    let mut reader = database.client();
    reader.batch_execute("BEGIN; LOCK TABLE notes IN ROW SHARE MODE").expect("the table is locked");
    let child = rehearsal(&database, &versions, &["--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    // One request, so that the rehearsal, which waits for half a second, does not depend on how soon this process runs.
    let release = "DO $$ BEGIN
        WHILE NOT EXISTS (
            SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
            WHERE datname = current_database() AND relation = 'notes'::regclass AND NOT granted
        ) LOOP
            PERFORM pg_sleep(0.01);
        END LOOP;
        PERFORM pg_sleep(0.15);
        END $$; COMMIT";
    reader.batch_execute(release).expect("it ends");
    let output = child.and_then(|child| child.wait_with_output()).expect("xtask runs");
    succeed(&output);
    assert_eq!(state(&database), before);
    let lines: Vec<Value> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("it is JSON"))
        .collect();
    let [update, delete, alter, done, ..] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(update["changed"][0]["updated"], 7);
    assert_eq!(delete["changed"][0]["deleted"], 1);
    assert_eq!(alter["locks"][0]["mode"], "AccessExclusiveLock");
    assert_eq!(alter["locks"][0]["blocks"], "reads and writes");
    let waited = alter["waited_ms"].as_f64().expect("a number");
    let held = done["held_ms"].as_f64().expect("a number");
    // It is a sum of samples: how much of the wait they cover depends on how soon the sampling thread runs.
    assert!(0.0 < waited && waited < held, "{waited} ms of {held} ms");
    assert!(update["waited_ms"].as_f64().expect("a number") < waited);
    assert_eq!((&done["event"], &done["revisions"][0]), (&"rehearsed".into(), &"b1".into()));
    let transaction = done["transaction"].as_str().expect("a number");
    assert_eq!(database.rows(&format!("SELECT txid_status({transaction})")), ["aborted"]);
}

#[test]
fn it_gives_way_to_other_sessions() {
    let (database, versions) = prepared("rehearse-beside", "ALTER TABLE notes ADD n int;");
    let before = state(&database);
    let mut reader = database.client();
    reader.batch_execute("BEGIN; SELECT FROM notes LIMIT 1").expect("it reads");
    let output = rehearsal(&database, &versions, &["--max-hold", "30"]).output().expect("xtask runs");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && text.contains("(SQLSTATE 55P03)") && text.contains("was rolled back"),
        "{text}"
    );
    reader.batch_execute("COMMIT").expect("it ends");
    assert_eq!(state(&database), before);
    // A release that is running.
    write_revision(&versions, "b1", "-- Revises: a1", "SELECT pg_sleep(600);", "");
    let mut upgrade = xtask(&root());
    upgrade.args(["db", "upgrade", "--url", &database.url(), "--dir"]).arg(&versions).stderr(Stdio::null());
    let mut upgrade = upgrade.spawn().expect("xtask runs");
    wait_for(&database, SLEEPING);
    let output = rehearsal(&database, &versions, &["--lock-wait", "0"]).output().expect("xtask runs");
    upgrade.kill().and_then(|()| upgrade.wait()).expect("can kill the process");
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
    // One that has ended, whose session holds the lock for a moment longer.
    write_revision(&versions, "b1", "-- Revises: a1", "ALTER TABLE notes ADD n int;", "");
    let child = rehearsal(&database, &versions, &[]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let others =
        SLEEPING.replace("wait_event = 'PgSleep'", "application_name LIKE 'xtask db%' AND wait_event <> 'PgSleep'");
    wait_for(&database, &others);
    let sleeping = SLEEPING.replace("SELECT 1 FROM", "SELECT pg_terminate_backend(pid) FROM");
    assert_eq!(database.rows(&sleeping), ["t"]);
    succeed(&child.and_then(|child| child.wait_with_output()).expect("xtask runs"));
}

/// A moment of a rehearsal at which it is killed. It lasts until then.
struct Moment {
    name: &'static str,
    upgrade: &'static str,
    /// What another session holds meanwhile.
    held: &'static str,
    /// The rehearsal's row of `pg_stat_activity`.
    condition: &'static str,
}

const MOMENTS: [Moment; 5] = [
    Moment {
        name: "before its transaction",
        upgrade: "ALTER TABLE notes ALTER id TYPE bigint;",
        held: "LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE",
        condition: "wait_event_type = 'Lock' AND backend_xid IS NULL",
    },
    Moment {
        name: "after the first statement",
        upgrade: "ALTER TABLE notes ALTER id TYPE bigint;\nSELECT pg_sleep(60);",
        held: "",
        condition: "wait_event = 'PgSleep' AND backend_xid IS NOT NULL",
    },
    Moment {
        name: "in a statement that changes rows",
        upgrade: "ALTER TABLE notes ADD n int;\nUPDATE notes SET body = 'y' WHERE id < 9 OR pg_sleep(60) IS NULL;",
        held: "",
        condition: "wait_event = 'PgSleep' AND query LIKE 'UPDATE%'",
    },
    Moment {
        name: "after the last statement",
        upgrade: "UPDATE notes SET body = 'y';\nCREATE TABLE more AS SELECT * FROM notes;\nSELECT pg_sleep(60);",
        held: "",
        condition: "wait_event = 'PgSleep' AND backend_xid IS NOT NULL",
    },
    Moment {
        name: "while it logs the revision",
        upgrade: "UPDATE notes SET body = 'y';\nCREATE TABLE more AS SELECT * FROM notes;",
        held: "LOCK TABLE migration_log IN SHARE MODE",
        condition: "wait_event_type = 'Lock' AND backend_xid IS NOT NULL",
    },
];

#[test]
fn killed_at_any_moment_it_leaves_nothing() {
    let (database, versions) = prepared("rehearse-killed", "SELECT 1;");
    let before = state(&database);
    let start = || {
        let mut command = rehearsal(&database, &versions, &["--max-hold", "50", "--json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("xtask runs")
    };
    let sessions =
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'xtask db%'";
    let kill = |mut child: Child, other: Client, moment: &str| {
        child.kill().and_then(|()| child.wait()).expect("can kill the process");
        drop(other);
        // The server ends what the client no longer waits for within two seconds.
        wait_for(&database, &format!("SELECT 1 WHERE NOT EXISTS ({sessions})"));
        assert_eq!(state(&database), before, "killed {moment}");
    };
    for Moment { name, upgrade, held, condition } in MOMENTS {
        write_revision(&versions, "b1", "-- Revises: a1", upgrade, "");
        let mut other = database.client();
        other.batch_execute(&format!("BEGIN; {held}")).expect("the table is locked");
        let mut child = start();
        let deadline = Instant::now() + Duration::from_secs(60);
        while database.rows(&format!("{sessions} AND {condition}")).is_empty() {
            assert!(Instant::now() < deadline, "it was never {name}");
            // It gives up waiting for a lock after half a second, perhaps unseen.
            if child.try_wait().expect("can poll the process").is_some() {
                child = start();
            }
        }
        kill(child, other, name);
    }
    write_revision(&versions, "b1", "-- Revises: a1", "CREATE TABLE more AS SELECT * FROM notes;", "");
    let mut child = start();
    let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains("\"rehearsed\"")), "it reports the end");
    kill(child, database.client(), "after its transaction");
    succeed(&rehearsal(&database, &versions, &[]).output().expect("xtask runs"));
    assert_eq!(state(&database), before);
}

#[test]
fn what_only_a_rollback_would_not_undo_does_not_run() {
    let (database, versions) = prepared("rehearse-outside", "INSERT INTO notes VALUES (0, 'z');");
    database
        .client()
        .batch_execute(
            "CREATE SEQUENCE counter; SELECT setval('counter', 5);
         CREATE FUNCTION inner_one() RETURNS void LANGUAGE sql AS 'SELECT setval(''counter'', 9)';
         CREATE FUNCTION outer_one() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM inner_one(); RETURN NEW; END';
         CREATE TRIGGER counts AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION outer_one();",
        )
        .expect("they are created");
    let output = rehearsal(&database, &versions, &[]).output().expect("xtask runs");
    let text = succeed(&output);
    assert!(text.contains("`b1` was not rehearsed") && text.contains("its trigger counts calls outer_one"), "{text}");
    for statement in
        ["SELECT inner_one();", "DO $$ BEGIN PERFORM inner_one(); END $$;", "COPY notes TO PROGRAM 'true';"]
    {
        write_revision(&versions, "b1", "-- Revises: a1", statement, "");
        let text = succeed(&rehearsal(&database, &versions, &[]).output().expect("xtask runs"));
        assert!(text.contains("`b1` was not rehearsed"), "{statement}: {text}");
    }
    assert_eq!(database.rows("SELECT last_value FROM counter"), ["5"]);
}

mod with_psql {
    use std::fs;

    use super::{Command, root, scratch, succeed, write_revision, xtask};
    use crate::support::server_url;

    #[test]
    fn a_dump_is_restored_and_everything_runs() {
        let versions = scratch("rehearse-copy");
        write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE notes (id int, body text);", "");
        write_revision(&versions, "b1", "-- Revises: a1", "ALTER TABLE notes ALTER id TYPE bigint;", "");
        let index = "CREATE INDEX CONCURRENTLY notes_id ON notes (id);";
        write_revision(&versions, "c1", "-- Revises: b1\n-- Transaction: off", index, "");
        let dump = scratch("rehearse-copy-dump").join("shop.sql");
        let role = format!("rehearse_copy_{}", std::process::id());
        let sql = format!(
            "CREATE TABLE public.notes (id integer, body text);\nALTER TABLE public.notes OWNER TO {role};\n\
             CREATE TABLE public.alembic_version (version_num character varying(32) NOT NULL,\n\
             CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));\n\
             COPY public.alembic_version (version_num) FROM stdin;\na1\n\\.\n\
             COPY public.notes (id, body) FROM stdin;\n1\tone\n2\ttwo\n\\.\n"
        );
        fs::write(&dump, sql).expect("can write the dump");
        let rehearse = |postgres: &str| {
            let mut command: Command = xtask(&root());
            command.args(["db", "rehearse", "--postgres", postgres, "--dir"]).arg(&versions).arg("--copy").arg(&dump);
            command.output().expect("xtask runs")
        };
        let output = rehearse("embedded");
        let text = succeed(&output);
        assert!(text.contains("rehearsed 2 revisions on the restored dump"), "{text}");
        let data = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!data.contains("a1 ") && data.contains("rewritten") && data.contains("CONCURRENTLY"), "{data}");
        // A server that others use gets no roles.
        let refused = rehearse(&server_url());
        let text = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && text.contains(&role) && text.contains("create them there"), "{text}");
        fs::write(&dump, "CREATE TABLE t (;\n").expect("can write the dump");
        let refused = rehearse(&server_url());
        let text = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && text.contains("psql can't restore"), "{text}");
    }
}
