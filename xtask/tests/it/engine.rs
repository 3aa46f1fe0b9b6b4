//! Guarantees of the engine that a transcript cannot show: concurrent, interrupted and offline runs.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::revisions::{Numbers, bookkeeping, generate};
use crate::support::wait::{SLEEPING, wait_for};
use crate::support::{Database, db, root, sample, scratch, succeed, write_revision, xtask};

/// Require psql, which runs the scripts of `--sql`.
mod with_psql {
    use super::*;

    fn psql(database: &Database, arguments: &[&str], script: &[u8]) {
        let mut child = Command::new("psql")
            .args(["-X", "-q", "-d", &database.url()])
            .args(arguments)
            .args(["-f", "-"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("psql is installed");
        child.stdin.take().expect("it is piped").write_all(script).expect("can write to psql");
        let output = child.wait_with_output().expect("psql exits");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && text.is_empty(), "{text}");
    }

    /// Upgrades to the heads online and offline, then downgrades to the base and stamps the heads, and compares after each.
    fn compare_offline(versions: &Path, arguments: &[&str]) {
        let (online, offline) = (Database::create(), Database::create());
        let script = |command: &[&str]| {
            let output =
                xtask(&root()).arg("db").arg("--dir").arg(versions).args(command).output().expect("xtask runs");
            succeed(&output);
            output.stdout
        };
        succeed(&db(&online, versions, &["upgrade"]));
        psql(&offline, arguments, &script(&["upgrade", "--sql"]));
        assert_eq!(bookkeeping(&online), bookkeeping(&offline));
        assert_eq!(online.catalog(), offline.catalog());
        assert!(online.catalog().iter().any(|line| line.starts_with("column")), "the catalog is not empty");

        let heads = online.rows("SELECT version_num FROM alembic_version").join(",");
        succeed(&db(&online, versions, &["downgrade", "base"]));
        psql(&offline, arguments, &script(&["downgrade", "base", "--sql", "--from", &heads]));
        assert_eq!(bookkeeping(&online), bookkeeping(&offline));
        assert_eq!(online.catalog(), offline.catalog());

        succeed(&db(&online, versions, &["stamp", "heads"]));
        psql(&offline, arguments, &script(&["stamp", "heads", "--sql"]));
        assert_eq!(bookkeeping(&online), bookkeeping(&offline));
    }

    #[test]
    fn scripts_equal_online_runs_for_the_project() {
        let versions = sample().join("db/versions");
        compare_offline(&versions, &["-1"]);
        compare_offline(&versions, &[]);
    }

    #[test]
    fn scripts_equal_online_runs_for_revisions_that_change_the_session() {
        // Roles belong to the server, which other tests also use.
        let _ = Database::create().client().batch_execute("CREATE ROLE session_changer");
        let changes = [
            "SET search_path = app",
            "SELECT pg_catalog.set_config('search_path', 'app', false)",
            "SET ROLE session_changer",
            "SET SESSION AUTHORIZATION session_changer",
            "SET search_path = app; SET ROLE session_changer; RESET ALL; SET search_path = app",
            "SET standard_conforming_strings = off; SET search_path = app",
            "CREATE TEMP TABLE migration_journal (); CREATE TEMP TABLE migration_log (); CREATE TEMP TABLE alembic_version ()",
        ];
        for (number, change) in changes.iter().enumerate() {
            for fields in ["", "\n-- Transaction: off"] {
                let versions = scratch("offline-session");
                let prepare = "CREATE SCHEMA app; GRANT ALL ON SCHEMA app TO session_changer;";
                write_revision(&versions, "a1", "-- Revises:", prepare, "DROP SCHEMA app;");
                let up = format!("{change};\nCREATE TABLE app.one (a int);\nSELECT;\nINSERT INTO app.one VALUES (1);");
                let down = format!("{change};\nDROP TABLE app.one;");
                write_revision(&versions, "b1", &format!("-- Revises: a1{fields}"), &up, &down);
                compare_offline(&versions, if number % 2 == 0 { &["-1"] } else { &[] });
            }
        }
    }

    #[test]
    fn scripts_apply_the_objects_that_have_changed() {
        let directory = scratch("offline-objects");
        let (versions, objects) = (directory.join("versions"), directory.join("objects"));
        for folder in [&versions, &objects] {
            fs::create_dir_all(folder).expect("can create the folder");
        }
        let write = |name: &str, text: &str| fs::write(objects.join(name), text).expect("can write the file");
        write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE rooms (id int, name text);", "DROP TABLE rooms;");
        write("rooms.sql", "CREATE OR REPLACE VIEW rooms_v AS SELECT id, '\\set'::text AS x FROM rooms;");
        write("grant.sql", "GRANT SELECT ON rooms_v TO PUBLIC");
        let triggers = "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
            CREATE TRIGGER touch AFTER INSERT ON rooms EXECUTE FUNCTION touch(); CREATE POLICY own ON rooms USING (true);";
        write("triggers.sql", triggers);
        let (online, offline) = (Database::create(), Database::create());
        let log = |database: &Database| {
            let columns = "operation, name, checksum, sql, cardinality(created), cardinality(relations), commit_id";
            database.rows(&format!("SELECT concat_ws('|', {columns}) FROM migration_objects ORDER BY name, id"))
        };
        let both = |from: &str, arguments: &[&str]| {
            let output = xtask(&directory)
                .args(["db", "--dir", "versions", "upgrade", "--sql", "--from", from])
                .output()
                .expect("xtask runs");
            succeed(&output);
            psql(&offline, arguments, &output.stdout);
            succeed(&db(&online, &versions, &["upgrade"]));
            assert_eq!(log(&online), log(&offline));
            assert_eq!(online.catalog(), offline.catalog());
        };
        both("base", &[]);
        both("a1", &["-1"]);
        assert_eq!(log(&offline).len(), 3);
        write("rooms.sql", "CREATE OR REPLACE VIEW rooms_v AS SELECT id, 'y'::text AS x, name FROM rooms;");
        both("a1", &["-1"]);
        assert_eq!(log(&offline).len(), 4);
        for database in [&online, &offline] {
            database.rows("DROP TABLE rooms CASCADE");
            database.rows("CREATE TABLE rooms (id int, name text)");
        }
        both("a1", &[]);
        assert_eq!(log(&offline).len(), 7);
    }

    /// The output of psql for a script that it runs as a role.
    fn psql_as(database: &Database, role: &str, versions: &Path) -> String {
        let mut script = xtask(&root());
        script.args(["db", "--dir"]).arg(versions).args(["upgrade", "--sql"]);
        let script = script.output().expect("xtask runs");
        succeed(&script);
        fs::write(versions.join("script.txt"), script.stdout).expect("can write the script");
        let url = database.url().replace("user=postgres", &format!("user={role}"));
        let output = Command::new("psql")
            .args(["-X", "-q", "-d", &url, "-f"])
            .arg(versions.join("script.txt"))
            .output()
            .expect("psql is installed");
        assert!(output.status.success() || !output.stderr.is_empty());
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    #[test]
    fn settings_of_the_role_do_not_apply_to_scripts() {
        let versions = scratch("offline-role");
        write_revision(&versions, "a1", "-- Revises:", "SELECT pg_sleep(2.2);\nCREATE TABLE t ();", "DROP TABLE t;");
        let (database, role) = (Database::create(), "offline_limited");
        let _ = database.client().batch_execute(&format!("CREATE ROLE {role} LOGIN"));
        let timeouts = ["statement", "lock", "idle_in_transaction_session", "idle_session", "transaction"];
        for name in timeouts {
            let set = format!("ALTER ROLE {role} IN DATABASE {} SET {name}_timeout = 2000", database.name);
            let _ = database.client().batch_execute(&set);
        }
        database.client().batch_execute(&format!("GRANT ALL ON SCHEMA public TO {role}")).expect("can grant");
        assert_eq!(psql_as(&database, role, &versions), "");
        assert_eq!(database.rows("SELECT version_num FROM alembic_version"), ["a1"]);
        let read_only =
            format!("ALTER ROLE {role} IN DATABASE {} SET default_transaction_read_only = on", database.name);
        database.client().batch_execute(&read_only).expect("can set it");
        let text = psql_as(&database, role, &versions);
        assert!(text.contains("the database is read-only: `default_transaction_read_only` is on"), "{text}");
        database.client().batch_execute(&format!("DROP OWNED BY {role}")).expect("can drop what it owns");
    }

    #[test]
    fn a_script_names_the_version_tables_if_there_are_several() {
        let versions = scratch("offline-several");
        write_revision(&versions, "a1", "-- Revises:", "SELECT 1;", "");
        let database = Database::create();
        let tables = "CREATE SCHEMA one; CREATE TABLE one.alembic_version (version_num text); CREATE SCHEMA two; CREATE TABLE two.alembic_version (version_num text)";
        database.client().batch_execute(tables).expect("can create the tables");
        let text = psql_as(&database, "postgres", &versions);
        assert!(
            text.contains("several schemas have a version table: one.alembic_version, two.alembic_version"),
            "{text}"
        );
        assert!(text.contains("version_table_schema"), "{text}");
        database
            .client()
            .batch_execute("DROP SCHEMA one, two CASCADE; DROP SCHEMA public")
            .expect("can drop the schemas");
        let text = psql_as(&database, "postgres", &versions);
        assert!(text.contains("no schema for the version table"), "{text}");
    }

    #[test]
    fn a_script_equals_an_online_adoption() {
        let (online, offline) = (Database::create(), Database::create());
        for database in [&online, &offline] {
            let table = "CREATE TABLE schema_migrations (version bigint not null primary key, dirty boolean not null); INSERT INTO schema_migrations VALUES (2, false)";
            database.client().batch_execute(table).expect("can create the table");
        }
        let versions = scratch("offline-adopt");
        for (id, revises) in [("1", ""), ("2", "1"), ("3", "2")] {
            let table = format!("CREATE TABLE t{id} ();");
            write_revision(&versions, id, &format!("-- Revises: {revises}"), &table, "SELECT;");
        }
        succeed(&db(&online, &versions, &["adopt", "--no-compare"]));
        let script = db(&offline, &versions, &["adopt", "--no-compare", "--sql"]);
        succeed(&script);
        assert_eq!(offline.rows("SELECT to_regclass('migration_log')"), ["null"], "a script changes nothing by itself");
        psql(&offline, &["-1"], &script.stdout);
        assert_eq!(bookkeeping(&online), bookkeeping(&offline));
        assert_eq!(offline.rows("SELECT version_num FROM alembic_version"), ["2"]);
        succeed(&db(&offline, &versions, &["upgrade"]));
    }

    #[test]
    fn scripts_equal_online_runs_for_generated_graphs() {
        for seed in 1..=6 {
            let versions = scratch(&format!("generated-{seed}"));
            generate(&versions, &mut Numbers(seed), 14);
            compare_offline(&versions, if seed % 2 == 0 { &["-1"] } else { &[] });
        }
    }
}

#[test]
fn twenty_concurrent_runs_apply_each_revision_once() {
    let versions = sample().join("db/versions");
    let database = Database::create();
    let start = || {
        let mut command = xtask(&root());
        command.args(["db", "upgrade", "--url", &database.url(), "--dir"]).arg(&versions);
        command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("xtask runs")
    };
    let children: Vec<Child> = (0..20).map(|_| start()).collect();
    for child in children {
        succeed(&child.wait_with_output().expect("it exits"));
    }
    let count = fs::read_dir(&versions).expect("can read the folder").count();
    assert_eq!(
        database.rows("SELECT count(*), count(DISTINCT revision) FROM migration_log"),
        [format!("{count}|{count}")]
    );
    assert_eq!(database.rows("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), ["0"]);
}

#[test]
fn the_lock_holder_is_reported() {
    let versions = scratch("lock");
    write_revision(&versions, "a1", "-- Revises:", "SELECT pg_sleep(20);", "");
    let database = Database::create();
    let mut holder = xtask(&root());
    holder.args(["db", "upgrade", "--url", &database.url(), "--dir"]).arg(&versions);
    holder.env("CODEBUILD_BUILD_ID", "release:42").stderr(Stdio::null());
    let mut holder = holder.spawn().expect("xtask runs");
    wait_for(
        &database,
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()",
    );
    let output = db(&database, &versions, &["upgrade", "--lock-wait", "1"]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{text}");
    assert!(
        text.contains("waiting for the migration lock, held by pid ") && text.contains("xtask db release:42"),
        "{text}"
    );
    assert!(text.contains("pid "), "{text}");

    // Killing the holder releases the lock: the server detects that its client is gone, and cancels the statement.
    holder.kill().expect("can kill the process");
    holder.wait().expect("it exits");
    write_revision(&versions, "a1", "-- Revises:", "SELECT 1;", "");
    succeed(&db(&database, &versions, &["upgrade", "--lock-wait", "20"]));
}

#[test]
fn a_role_with_a_default_role_runs_and_resumes_revisions_of_every_kind() {
    let versions = scratch("default-role");
    write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE t (a int);", "DROP TABLE t;");
    let fields = "-- Revises: a1\n-- Transaction: off";
    let build = "INSERT INTO t VALUES (1);\nCREATE INDEX CONCURRENTLY t_a ON t (a);";
    write_revision(&versions, "b1", fields, build, "DROP INDEX CONCURRENTLY t_a;\nDELETE FROM t;");
    let database = Database::create();
    let (owner, deployer) = (format!("{}_owner", database.name), format!("{}_deployer", database.name));
    let roles = format!(
        "CREATE ROLE {owner}; CREATE ROLE {deployer} LOGIN NOINHERIT IN ROLE {owner}; ALTER ROLE {deployer} SET role = {owner}; GRANT CREATE ON SCHEMA public TO {owner}"
    );
    database.client().batch_execute(&roles).expect("can create the roles");
    let run = |arguments: &[&str]| {
        let mut command = xtask(&root());
        command.arg("db").args(arguments).arg("--dir").arg(&versions);
        command.args(["--url", &database.url().replace("user=postgres", &format!("user={deployer}"))]);
        succeed(&command.output().expect("xtask runs"));
    };
    run(&["upgrade"]);
    run(&["downgrade", "base"]);
    run(&["upgrade"]);
    assert_eq!(database.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_a'::regclass"), ["t"]);
    assert_eq!(database.rows("SELECT count(*) FROM migration_journal"), ["0"]);
    database
        .client()
        .batch_execute(&format!("DROP OWNED BY {owner}, {deployer}; DROP ROLE {deployer}, {owner}"))
        .expect("can drop the roles");
}

#[test]
fn a_signal_cancels_and_rolls_back() {
    for signal in ["INT", "TERM"] {
        let versions = scratch(&format!("signal-{signal}"));
        write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE a (i int);", "DROP TABLE a;");
        write_revision(
            &versions,
            "b1",
            "-- Revises: a1",
            "CREATE TABLE b (i int);\nSELECT pg_sleep(600);",
            "DROP TABLE b;",
        );
        let database = Database::create();
        let mut command = xtask(&root());
        command.args(["db", "upgrade", "--url", &database.url(), "--dir"]).arg(&versions);
        let child = command.stderr(Stdio::piped()).spawn().expect("xtask runs");
        wait_for(&database, SLEEPING);
        // `kill` may not be installed as a program, but shells have it built in.
        let kill = format!("kill -s {signal} {}", child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("sh runs").success());
        let output = child.wait_with_output().expect("it exits");
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(130), "{text}");
        assert!(text.contains("`b1` was rolled back; the database is at `a1`"), "{text}");
        assert_eq!(database.rows("SELECT to_regclass('a') IS NOT NULL, to_regclass('b') IS NULL"), ["t|t"]);
        assert_eq!(database.rows("SELECT version_num FROM alembic_version"), ["a1"]);
    }
}

#[test]
fn lock_timeouts_are_retried() {
    let versions = scratch("contention");
    write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE t (a int);", "DROP TABLE t;");
    let database = Database::create();
    succeed(&db(&database, &versions, &["upgrade"]));
    write_revision(&versions, "b1", "-- Revises: a1", "ALTER TABLE t ADD COLUMN b int;", "");
    let mut reader = database.client();
    reader.batch_execute("SET application_name = a_long_reader").expect("it has a name");
    reader.batch_execute("BEGIN; SELECT count(*) FROM t;").expect("can start the long reader");
    let mut command = xtask(&root());
    command.args(["db", "upgrade", "--url", &database.url(), "--dir"]).arg(&versions).stderr(Stdio::piped());
    // The holder's query may contain a password: it is shown only on request.
    let mut child = command.spawn().expect("xtask runs");
    let lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let line = lines.map_while(Result::ok).find(|line| line.contains("held by")).expect("a message names the holder");
    assert!(line.contains("a_long_reader") && !line.contains("SELECT"), "{line}");
    child.kill().and_then(|()| child.wait()).expect("it exits");
    let mut child = command.arg("--show-queries").spawn().expect("xtask runs");
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    // Each attempt is rolled back, so that queries behind it continue; waits that are long enough name the holder.
    let mut timeouts = lines.by_ref().map_while(Result::ok).filter(|line| line.contains("lock timeout"));
    let line = timeouts.next().expect("a lock timeout is reported");
    assert!(line.contains("rolled back, attempt 2"), "{line}");
    let line = timeouts.find(|line| line.contains("held by")).expect("a message names the holder");
    assert!(
        line.contains("held by pid ") && line.contains("a_long_reader") && line.contains("SELECT count(*)"),
        "{line}"
    );
    reader.batch_execute("COMMIT").expect("can end the long reader");
    assert!(lines.map_while(Result::ok).any(|line| line.contains("the database is at b1")));
    assert!(child.wait().expect("it exits").success());
}
