//! Fault injection: after a client, backend or server dies, the next run must have the same outcome as an undisturbed one. Run
//! with `cargo xtask test reliability`. `FAULTS=200` sets the number of killed clients; a quarter as many servers are killed.
//! docs/reliability.md has the results.

#![expect(clippy::print_stderr, reason = "the numbers of injected faults are results, quoted in docs/reliability.md")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::machine::Machine;
use crate::support::revisions::{Numbers, generate};
use crate::support::{Database, db, in_parallel, root, scratch, succeed, write_revision, xtask};
use postgres::{Client, NoTls, SimpleQueryMessage};

/// The number of times the client is killed.
fn faults() -> usize {
    std::env::var("FAULTS").ok().and_then(|count| count.parse().ok()).unwrap_or(20)
}

/// The outcome of a run: catalog, version rows, log, data, and no journal or invalid indexes. The log's ids are
/// omitted: a rolled-back transaction uses one, and a later run may apply branches in another order, though never a
/// revision before its parent.
fn outcome(rows: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let mut all = rows(include_str!("support/catalog.sql"));
    for query in [
        "SELECT version_num FROM alembic_version ORDER BY 1",
        "SELECT operation, revision, parents, message, checksum, is_transactional, upgrade_sql, downgrade_sql, applied_by, tool_version FROM migration_log ORDER BY revision, id",
        "SELECT 'before its parent', l.revision FROM migration_log l, unnest(l.parents) parent JOIN migration_log p ON p.revision = parent WHERE p.id > l.id",
        "SELECT 'journal', revision, direction, statement FROM migration_journal",
        "SELECT 'invalid', indexrelid::regclass FROM pg_index WHERE NOT indisvalid",
    ] {
        all.extend(rows(query));
    }
    let data = "SELECT format('SELECT %L, count(*), md5(string_agg(t::text, E''\\n'' ORDER BY t::text)) FROM %I t', relname, relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname !~ '^(migration|alembic)_' ORDER BY 1";
    let queries = rows(data);
    assert!(!queries.is_empty(), "there are tables to compare");
    all.extend(queries.iter().flat_map(|query| rows(query)));
    all
}

fn assert_same(outcome: &[String], undisturbed: &[String], when: &str) {
    let missing: Vec<&String> = undisturbed.iter().filter(|line| !outcome.contains(line)).collect();
    let unexpected: Vec<&String> = outcome.iter().filter(|line| !undisturbed.contains(line)).collect();
    assert!(outcome == undisturbed, "{when}: missing {missing:#?}, unexpected {unexpected:#?}");
}

fn quiet(command: &mut Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("xtask runs")
}

fn upgrade(database: &Database, versions: &Path) -> Command {
    let mut command = xtask(&root());
    command.args(["db", "upgrade", "--url", &database.url(), "--dir"]).arg(versions);
    command
}

/// 300 revisions with branches, merges, dependencies and COPY, some without a transaction.
fn three_hundred(name: &str) -> PathBuf {
    let versions = scratch(name);
    generate(&versions, &mut Numbers(300), 300);
    versions
}

#[test]
#[ignore = "`cargo xtask test reliability`"]
fn clients_killed_at_any_moment() {
    let versions = three_hundred("fault-client");
    let reference = Database::create();
    let start = Instant::now();
    succeed(&db(&reference, &versions, &["upgrade"]));
    let duration = start.elapsed();
    let undisturbed = outcome(|query| reference.rows(query));
    let (killed, partial) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let seeds: Vec<u64> = (0..faults() as u64).collect();
    in_parallel(2, &seeds, |_, &seed| {
        let database = Database::create();
        let moment = duration.mul_f64(Numbers(seed * 7919 + 1).below(1000) as f64 / 1000.0);
        let mut child = quiet(&mut upgrade(&database, &versions));
        sleep(moment);
        let is_running = child.try_wait().expect("can poll the process").is_none();
        child.kill().expect("can kill the process");
        child.wait().expect("it exits");
        killed.fetch_add(usize::from(is_running), Ordering::Relaxed);
        let has_journal = database.rows("SELECT to_regclass('migration_journal') IS NOT NULL") == ["t"];
        if has_journal && !database.rows("SELECT 1 FROM migration_journal").is_empty() {
            partial.fetch_add(1, Ordering::Relaxed);
        }
        succeed(&db(&database, &versions, &["upgrade"]));
        assert_same(&outcome(|query| database.rows(query)), &undisturbed, &format!("killed after {moment:?}"));
        database.drop();
    });
    let (killed, partial) = (killed.into_inner(), partial.into_inner());
    eprintln!("{killed} of {} killed while running, {partial} within a revision without a transaction", faults());
    assert!(killed * 2 > faults(), "{killed} of {} were still running", faults());
}

/// A separate server, which the test crashes.
struct CrashServer {
    machine: Machine,
    versions: PathBuf,
}

impl CrashServer {
    fn start(&self) {
        let output = self.machine.db(&["start"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn connect(&self, database: &str) -> Result<Client, postgres::Error> {
        let socket = self.machine.home().join("socket").display().to_string();
        postgres::Config::new().host(&socket).user("postgres").dbname(database).connect(NoTls)
    }

    fn rows(&self, database: &str, query: &str) -> Vec<String> {
        let mut client = self.connect(database).expect("can connect to the server");
        let messages = client.simple_query(query).unwrap_or_else(|error| panic!("{query}: {error:?}"));
        let row = |message: SimpleQueryMessage| match message {
            SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|column| row.get(column).unwrap_or("null")).collect::<Vec<_>>().join("|"))
            }
            _ => None,
        };
        messages.into_iter().filter_map(row).collect()
    }

    fn upgrade(&self, database: &str) -> Command {
        let socket = self.machine.home().join("socket");
        let url = format!("host={} dbname={database} user=postgres", socket.display());
        let mut command = xtask(&root());
        command.args(["db", "upgrade", "--connect-timeout", "120", "--url", &url, "--dir"]).arg(&self.versions);
        command
    }

    /// Like `pg_ctl stop -m immediate`: every process exits immediately, and the contents of memory are lost.
    fn crash(&self) {
        let file = self.machine.home().join("data/postmaster.pid");
        let pid = std::fs::read_to_string(file)
            .expect("can kill the process")
            .lines()
            .next()
            .expect("it has a pid")
            .to_owned();
        let kill = Command::new("kill").args(["-QUIT", &pid]).status().expect("kill runs");
        assert!(kill.success());
        self.machine.expect_servers(0);
    }
}

#[test]
#[ignore = "`cargo xtask test reliability`"]
fn servers_crashed_at_any_moment() {
    let server = CrashServer { machine: Machine::with_binaries("crash"), versions: three_hundred("fault-server") };
    server.start();
    let start = Instant::now();
    server.rows("postgres", "CREATE DATABASE reference");
    succeed(&server.upgrade("reference").output().expect("xtask runs"));
    let duration = start.elapsed();
    let undisturbed = outcome(|query| server.rows("reference", query));
    let count = faults().div_ceil(4);
    let (mut interrupted, mut lost) = (0, 0);
    for number in 0..count {
        let name = format!("crash_{number}");
        server.rows("postgres", &format!("CREATE DATABASE {name}"));
        let moment = duration.mul_f64(Numbers(number as u64 * 104_729 + 3).below(1000) as f64 / 1000.0);
        let mut command = server.upgrade(&name);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("xtask runs");
        sleep(moment);
        let is_running = child.try_wait().expect("can poll the process").is_none();
        server.crash();
        server.start();
        let output = child.wait_with_output().expect("it exits");
        let stderr = String::from_utf8_lossy(&output.stderr);
        // Without a session, the run waits until the server is running again, and is not interrupted.
        if is_running && stderr.starts_with("waiting for the server") {
            assert!(output.status.success(), "{stderr}");
        } else if is_running {
            interrupted += 1;
            assert!(!output.status.success() && stderr.contains("error: "), "{stderr}");
        }
        // The last revisions reported as applied may be lost, but the order is always kept.
        let has_log = server.rows(&name, "SELECT to_regclass('migration_log') IS NOT NULL") == ["t"];
        let logged =
            if has_log { server.rows(&name, "SELECT revision FROM migration_log ORDER BY id") } else { Vec::new() };
        let applied = stderr.lines().filter(|line| line.starts_with("Running upgrade") && line.ends_with(')')).count();
        lost += applied.saturating_sub(logged.len());
        let order: Vec<String> = server.rows("reference", "SELECT revision FROM migration_log ORDER BY id");
        assert_eq!(logged, order[..logged.len()], "only the last revisions can be missing");
        succeed(&server.upgrade(&name).output().expect("xtask runs"));
        assert_same(&outcome(|query| server.rows(&name, query)), &undisturbed, &format!("crashed after {moment:?}"));
        server.rows("postgres", &format!("DROP DATABASE {name}"));
    }
    eprintln!("{interrupted} of {count} crashes during a run; {lost} lost revisions applied again");
    assert!(interrupted * 2 > count, "{interrupted} of {count} were during a run");
}

/// A revision without a transaction. Running a statement twice would fail or change the outcome.
const STATEMENTS: [&str; 11] = [
    "CREATE TABLE notes AS SELECT g AS id, 'x' AS body FROM generate_series(1, 1000) g",
    "SET search_path = elsewhere, public",
    "ALTER TABLE notes ADD COLUMN n int",
    "INSERT INTO notes SELECT 1000 + g, 'y', g FROM generate_series(1, 100) g",
    "CREATE INDEX CONCURRENTLY notes_n ON notes (n)",
    "CREATE UNIQUE INDEX CONCURRENTLY notes_id ON notes (id)",
    "UPDATE notes SET n = coalesce(n, 0) + 1",
    "DROP INDEX CONCURRENTLY notes_n",
    "VACUUM notes",
    "ALTER TYPE mood ADD VALUE 'fine'",
    "CREATE TABLE here_or_there ()",
];

fn without_a_transaction(name: &str) -> PathBuf {
    let versions = scratch(name);
    write_revision(
        &versions,
        "aaaa",
        "-- Revises:",
        "CREATE TYPE mood AS ENUM ('good');\nCREATE SCHEMA elsewhere;",
        "DROP TYPE mood;\nDROP SCHEMA elsewhere;",
    );
    let upgrade = STATEMENTS.map(|statement| format!("{statement};")).join("\n");
    write_revision(&versions, "bbbb", "-- Revises: aaaa\n-- Transaction: off", &upgrade, "DROP TABLE notes;");
    versions
}

/// When a backend dies.
#[derive(Debug, Clone, Copy)]
enum When {
    /// While the start of a statement is journaled.
    Before,
    /// While it waits for the lock of another session.
    During,
    /// While the end of a statement is journaled: it has run, and may have committed.
    After,
}

/// Terminates the backend that journals a statement.
fn inject(database: &Database, when: When, statement: usize) {
    let (event, condition) = match when {
        When::After => ("UPDATE", "NEW.finished_at IS NOT NULL AND "),
        _ => ("INSERT", ""),
    };
    database.rows(&format!(
        "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NEW; END';
         CREATE TRIGGER fault BEFORE {event} ON migration_journal FOR EACH ROW WHEN ({condition}NEW.statement = {statement}) EXECUTE FUNCTION fault()"
    ));
}

fn exit(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
#[ignore = "`cargo xtask test reliability`"]
fn backends_terminated_at_each_statement() {
    let versions = without_a_transaction("fault-backend");
    let reference = Database::create();
    succeed(&db(&reference, &versions, &["upgrade"]));
    let undisturbed = outcome(|query| reference.rows(query));
    assert!(
        undisturbed.iter().any(|line| line.contains("elsewhere") && line.contains("here_or_there")),
        "the setting persists"
    );
    // The statements that wait for a lock on the table.
    let waits = |statement: &str| statement.contains("notes") && !statement.starts_with("CREATE TABLE");
    let mut injected = 0;
    for (index, statement) in STATEMENTS.iter().enumerate() {
        let number = index + 1;
        for when in [When::Before, When::During, When::After] {
            if matches!(when, When::During) && !waits(statement) {
                continue;
            }
            let place = format!("{when:?} statement {number}, {statement}");
            let database = Database::create();
            succeed(&db(&database, &versions, &["upgrade", "aaaa"]));
            inject(&database, when, number);
            let (code, stderr) = exit(&db(&database, &versions, &["upgrade"]));
            assert_eq!(code, Some(5), "{place}: {stderr}");
            assert!(stderr.contains("`bbbb`"), "{place}: {stderr}");
            injected += 1;
            database.rows("DROP FUNCTION fault() CASCADE");
            if matches!(when, When::During) {
                let mut other = database.client();
                let mut holder = other.transaction().expect("can begin a transaction");
                holder.batch_execute("LOCK TABLE notes IN ACCESS EXCLUSIVE MODE").expect("can lock the table");
                let mut child = quiet(&mut upgrade(&database, &versions));
                let deadline = Instant::now() + Duration::from_secs(20);
                let terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND backend_type = 'client backend'";
                while database.rows(terminate).is_empty() {
                    assert!(Instant::now() < deadline, "{place}: no session waits");
                    sleep(Duration::from_millis(5));
                }
                assert_eq!(child.wait().expect("it exits").code(), Some(5), "{place}");
                injected += 1;
            }
            let shown = db(&database, &versions, &["current", "--verbose"]);
            let is_partial = !database.rows("SELECT 1 FROM migration_journal").is_empty();
            let reports_partial = String::from_utf8_lossy(&shown.stdout).contains("partially applied");
            assert_eq!(reports_partial, is_partial, "{place}: {shown:?}");
            succeed(&db(&database, &versions, &["upgrade"]));
            assert_same(&outcome(|query| database.rows(query)), &undisturbed, &place);
            database.drop();
        }
    }
    eprintln!("{injected} backends terminated");
}
