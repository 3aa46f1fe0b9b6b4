//! `db reset`: the database is replaced with an empty one with the same attributes, then migrated and seeded. Errors
//! before anything is dropped are in `transcripts/reset.txt`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use revision::Checksum;

use crate::support::machine::Machine;
use crate::support::wait::wait_for;
use crate::support::{Database, db, scratch, succeed, write_revision, xtask};

/// Two revisions and seeds.
fn versions(name: &str) -> PathBuf {
    let versions = scratch(name).join("versions");
    write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE t (i int PRIMARY KEY);", "DROP TABLE t;");
    write_revision(&versions, "b1", "-- Revises: a1", "ALTER TABLE t ADD j int;", "ALTER TABLE t DROP j;");
    fs::write(versions.with_file_name("seeds.sql"), "COPY t FROM STDIN;\n1\t2\n\\.\n").expect("can write the file");
    versions
}

fn reset(database: &Database, versions: &Path) -> Output {
    db(database, versions, &["reset", "--yes", &database.name])
}

fn failed(output: &Output, code: i32) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{text}");
    text
}

/// The attributes of the database itself.
fn attributes(database: &Database) -> Vec<String> {
    database.rows(
        "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datctype, datconnlimit, datacl,
           shobj_description(oid, 'pg_database'), to_jsonb(d) ->> 'datlocprovider', to_jsonb(d) ->> 'datlocale',
           (SELECT array_agg(format('%s %s', setrole::regrole, setconfig) ORDER BY setrole::regrole::text)
             FROM pg_db_role_setting WHERE setdatabase = oid)
         FROM pg_database d WHERE datname = current_database()",
    )
}

#[test]
fn the_new_database_is_like_the_old_one_and_has_the_seeds() {
    let versions = versions("reset");
    for (number, options) in ["", "TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"].iter().enumerate()
    {
        let database = Database::create();
        let (name, owner) = (&database.name, format!("reset \"owner\" {number}"));
        let owner = format!("\"{}\"", owner.replace('"', "\"\""));
        let server = Database { name: "postgres".to_owned() };
        server.rows(&format!("DROP DATABASE {name}"));
        server.rows(&format!("DROP ROLE IF EXISTS {owner}"));
        server.rows(&format!("CREATE ROLE {owner}"));
        server.rows(&format!("CREATE DATABASE {name} OWNER {owner} {options} CONNECTION LIMIT 7"));
        for statement in [
            format!("COMMENT ON DATABASE {name} IS 'it''s a \\ test'"),
            format!("GRANT CREATE ON DATABASE {name} TO {owner} WITH GRANT OPTION"),
            format!("REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC"),
            format!("ALTER DATABASE {name} SET search_path = public, \"$user\""),
            format!("ALTER ROLE {owner} IN DATABASE {name} SET work_mem = '5MB'"),
        ] {
            server.rows(&statement);
        }
        let before = attributes(&database);
        database.rows("CREATE TABLE junk ()");
        let text = succeed(&reset(&database, &versions));
        assert!(text.contains(&format!("created `{name}` again; roles belong to the whole server")), "{text}");
        assert!(text.contains("seeds.sql: 1 statement in "), "{text}");
        assert_eq!(attributes(&database), before);
        assert_eq!(database.rows("SELECT i, j, to_regclass('junk') FROM t"), ["1|2|null"]);
        let left = "SELECT datname FROM pg_database WHERE datname LIKE 'xtask_reset_%'";
        assert_eq!(server.rows(left), [] as [String; 0]);
        database.drop();
        server.rows(&format!("DROP ROLE {owner}"));
    }
}

#[test]
fn sessions_are_named_and_nothing_is_dropped() {
    let (versions, database) = (versions("reset-sessions"), Database::create());
    database.rows("CREATE TABLE kept ()");
    let mut client = database.client();
    let pid: i32 = client.query_one("SELECT pg_backend_pid()", &[]).expect("a row").get(0);
    client.batch_execute("SET application_name = 'an application'").expect("can set it");
    let text = failed(&reset(&database, &versions), 1);
    assert!(
        text.contains(&format!("another session uses `{}`:\n  pid {pid}, an application, postgres", database.name)),
        "{text}"
    );
    assert!(text.contains("pg_terminate_backend"), "{text}");
    assert_eq!(database.rows("SELECT to_regclass('kept') IS NOT NULL"), ["t"]);
}

#[test]
fn without_the_privilege_nothing_is_dropped() {
    let (versions, database) = (versions("reset-privilege"), Database::create());
    let (name, server) = (&database.name, Database { name: "postgres".to_owned() });
    server.rows("DROP ROLE IF EXISTS reset_nobody");
    server.rows("CREATE ROLE reset_nobody LOGIN");
    server.rows(&format!("ALTER DATABASE {name} OWNER TO reset_nobody"));
    let url = database.url().replace("user=postgres", "user=reset_nobody");
    let mut command = xtask(versions.parent().expect("it has a parent"));
    let output = command.args(["db", "reset", "--yes", name, "--url", &url, "--dir", "versions"]).output();
    let text = failed(&output.expect("xtask runs"), 1);
    assert!(text.contains("permission denied to create database (SQLSTATE 42501)"), "{text}");
    assert!(text.contains(&format!("state: `{name}` is unchanged")), "{text}");
    database.drop();
    server.rows("DROP ROLE reset_nobody");
}

/// A run that was stopped after the database was dropped, and one before that.
#[test]
fn leftovers_of_a_stopped_run_are_used_or_dropped() {
    let (versions, database) = (versions("reset-stopped"), Database::create());
    let (name, server) = (&database.name, Database { name: "postgres".to_owned() });
    server.rows(&format!("COMMENT ON DATABASE {name} IS 'the replacement'"));
    let temporary = temporary(name);
    server.rows(&format!("ALTER DATABASE {name} RENAME TO {temporary}"));
    succeed(&reset(&database, &versions));
    assert_eq!(attributes(&database)[0].split('|').nth(6), Some("the replacement"));
    server.rows(&format!("CREATE DATABASE {temporary}"));
    succeed(&reset(&database, &versions));
    server.rows(&format!("DROP DATABASE {name}"));
    succeed(&reset(&database, &versions));
    assert_eq!(database.rows("SELECT count(*) FROM t"), ["1"]);
    assert_eq!(server.rows(&format!("SELECT count(*) FROM pg_database WHERE datname = '{temporary}'")), ["0"]);
}

#[test]
fn stopped_runs_for_databases_with_similar_names_do_not_meet() {
    let versions = versions("reset-similar");
    let server = Database { name: "postgres".to_owned() };
    let start = format!("reset_{}_{}", std::process::id(), "p".repeat(40));
    let databases = ["one", "two"].map(|end| Database { name: format!("{start}_{end}") });
    for Database { name } in &databases {
        server.rows(&format!("CREATE DATABASE {}", temporary(name)));
        server.rows(&format!("COMMENT ON DATABASE {} IS 'for {name}'", temporary(name)));
    }
    for database in databases {
        succeed(&reset(&database, &versions));
        assert_eq!(attributes(&database)[0].split('|').nth(6), Some(format!("for {}", database.name).as_str()));
        database.drop();
    }
}

/// The name of the replacement of a database.
fn temporary(name: &str) -> String {
    let hash = &Checksum::of(name.as_bytes()).to_string()[..16];
    format!("xtask_reset_{}_{hash}", &name[..name.len().min(34)])
}

#[test]
fn a_later_failure_reports_the_state() {
    let (versions, database) = (versions("reset-later"), Database::create());
    let name = &database.name;
    fs::write(versions.with_file_name("seeds.sql"), "INSERT INTO t\n  VALUES (1, 'x');").expect("can write the file");
    let text = failed(&reset(&database, &versions), 1);
    assert!(text.contains("seeds.sql:2:14: invalid input syntax for type integer") && text.contains('^'), "{text}");
    assert!(text.contains(&format!("state: `{name}` was created again and has all revisions, but no seeds")), "{text}");
    assert!(text.contains("next: fix the cause, then run `cargo xtask db seed`\n"), "{text}");
    write_revision(&versions, "b1", "-- Revises: a1", "ALTER TABLE t ADD j nope;", "");
    let text = failed(&reset(&database, &versions), 1);
    assert!(text.contains("b1.sql:7:21: type \"nope\" does not exist"), "{text}");
    assert!(text.contains("`b1` was rolled back; the database is at `a1`"), "{text}");
    assert!(text.contains(&format!("`{name}` was created again, but the upgrade did not finish")), "{text}");
    // Errors in files are detected while the database still exists.
    for (file, sql) in [("seeds.sql", "SELECT 'x"), ("versions/c1.sql", "no header"), ("objects/o.sql", "SELECT 1;")] {
        database.rows("CREATE TABLE IF NOT EXISTS kept ()");
        fs::create_dir_all(versions.with_file_name("objects")).expect("can create the directory");
        fs::write(versions.with_file_name(file), sql).expect("can write the file");
        failed(&reset(&database, &versions), 1);
        assert_eq!(database.rows("SELECT to_regclass('kept') IS NOT NULL"), ["t"]);
        fs::remove_file(versions.with_file_name(file)).expect("can delete the file");
    }
}

#[test]
fn an_interrupted_run_reports_the_state() {
    let (versions, database) = (versions("reset-interrupted"), Database::create());
    let name = &database.name;
    write_revision(&versions, "b1", "-- Revises: a1", "SELECT pg_sleep(60);", "");
    let mut command = xtask(versions.parent().expect("it has a parent"));
    command.args(["db", "reset", "--yes", name, "--url", &database.url(), "--dir", "versions"]);
    let child = command.stderr(Stdio::piped()).spawn().expect("xtask runs");
    let server = Database { name: "postgres".to_owned() };
    let sleeping = format!("SELECT 1 FROM pg_stat_activity WHERE datname = '{name}' AND wait_event = 'PgSleep'");
    wait_for(&server, &sleeping);
    let kill = format!("kill -s INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().expect("sh runs").success());
    let text = failed(&child.wait_with_output().expect("it exits"), 130);
    assert!(text.contains(&format!("could not finish the reset of `{name}`: interrupted")), "{text}");
    assert!(text.contains("but the upgrade did not finish") && text.contains("the database is at `a1`"), "{text}");
}

#[test]
fn the_embedded_database_needs_no_confirmation() {
    let (versions, machine) = (versions("reset-embedded"), Machine::with_binaries("reset-embedded"));
    let run = |arguments: &[&str]| {
        machine.command(&[arguments, &["--dir"]].concat()).arg(&versions).output().expect("xtask runs")
    };
    succeed(&machine.db(&["start"]));
    succeed(&run(&["upgrade"]));
    let text = succeed(&run(&["reset"]));
    assert!(text.contains("created `postgres` again") && text.contains("the database is at b1"), "{text}");
    assert!(text.contains("seeds.sql: 1 statement"), "{text}");
    let text = failed(&run(&["reset", "--yes", "shop"]), 2);
    assert!(text.contains("`--yes shop` does not confirm: the database is called `postgres`"), "{text}");
}
