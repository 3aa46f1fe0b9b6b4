//! Faults: what dies, and when; and that the next run ends where an undisturbed one would. Run by name: `cargo xtask test reliability`;
//! `FAULTS=200` says how often the client is killed, the server a quarter as often. docs/reliability.md tells what it came to.

#![expect(
    clippy::print_stderr,
    reason = "how often what was injected is a result: docs/reliability.md has it from here"
)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::revisions::{Numbers, generate};
use crate::support::{Database, Machine, db, in_parallel, root, scratch, succeed, write_revision, xtask};
use postgres::{Client, NoTls, SimpleQueryMessage};

/// How often the client is killed.
fn faults() -> usize {
    std::env::var("FAULTS").ok().and_then(|count| count.parse().ok()).unwrap_or(20)
}

/// What a run leaves: catalog, version rows, the log without its serial numbers (a transaction that is rolled back takes one, and
/// what goes on later may take branches in another order, but never a revision before its parent), no journal, the data, and no
/// index that is invalid.
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
    assert!(!queries.is_empty(), "there is something to compare");
    all.extend(queries.iter().flat_map(|query| rows(query)));
    all
}

fn same(outcome: &[String], undisturbed: &[String], when: &str) {
    let missing: Vec<&String> = undisturbed.iter().filter(|line| !outcome.contains(line)).collect();
    let more: Vec<&String> = outcome.iter().filter(|line| !undisturbed.contains(line)).collect();
    assert!(outcome == undisturbed, "{when}: missing {missing:#?}, too much {more:#?}");
}

fn quiet(command: &mut Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("xtask runs")
}

fn upgrade(database: &Database, versions: &Path) -> Command {
    let mut command = xtask(&root());
    command.args(["db", "upgrade", "--url", &database.url(), "--dir"]).arg(versions);
    command
}

/// 300 revisions: branches, merges, dependencies, COPY, some without a transaction.
fn three_hundred(name: &str) -> PathBuf {
    let versions = scratch(name);
    generate(&versions, &mut Numbers(300), 300);
    versions
}

#[test]
#[ignore = "`cargo xtask test reliability`"]
fn the_client_is_killed_at_any_moment() {
    let versions = three_hundred("fault-client");
    let calm = Database::create();
    let start = Instant::now();
    succeed(&db(&calm, &versions, &["upgrade"]));
    let whole = start.elapsed();
    let undisturbed = outcome(|query| calm.rows(query));
    let (killed, half_done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let seeds: Vec<u64> = (0..faults() as u64).collect();
    in_parallel(2, &seeds, |_, &seed| {
        let database = Database::create();
        let moment = whole.mul_f64(Numbers(seed * 7919 + 1).below(1000) as f64 / 1000.0);
        let mut child = quiet(&mut upgrade(&database, &versions));
        sleep(moment);
        let is_running = child.try_wait().expect("it can be asked").is_none();
        child.kill().expect("SIGKILL");
        child.wait().expect("it ends");
        killed.fetch_add(usize::from(is_running), Ordering::Relaxed);
        let has_journal = database.rows("SELECT to_regclass('migration_journal') IS NOT NULL") == ["t"];
        if has_journal && !database.rows("SELECT 1 FROM migration_journal").is_empty() {
            half_done.fetch_add(1, Ordering::Relaxed);
        }
        succeed(&db(&database, &versions, &["upgrade"]));
        same(&outcome(|query| database.rows(query)), &undisturbed, &format!("killed after {moment:?}"));
        database.drop();
    });
    let (killed, half_done) = (killed.into_inner(), half_done.into_inner());
    eprintln!("{killed} of {} killed while running, {half_done} within a revision without a transaction", faults());
    assert!(killed * 2 > faults(), "{killed} of {} were still running", faults());
}

/// A server of its own, which a test may crash.
struct Crashing {
    machine: Machine,
    versions: PathBuf,
}

impl Crashing {
    fn start(&self) {
        let output = self.machine.db(&["start"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn connect(&self, database: &str) -> Result<Client, postgres::Error> {
        let socket = self.machine.home().join("socket").display().to_string();
        postgres::Config::new().host(&socket).user("postgres").dbname(database).connect(NoTls)
    }

    fn rows(&self, database: &str, query: &str) -> Vec<String> {
        let mut client = self.connect(database).expect("the server answers");
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
        command.args(["db", "upgrade", "--connect-timeout", "20", "--url", &url, "--dir"]).arg(&self.versions);
        command
    }

    /// As `pg_ctl stop -m immediate`: every process ends at once, and what was only in its memory is lost.
    fn crash(&self) {
        let file = self.machine.home().join("data/postmaster.pid");
        let pid = std::fs::read_to_string(file).expect("it runs").lines().next().expect("a pid").to_owned();
        let kill = Command::new("kill").args(["-QUIT", &pid]).status().expect("kill runs");
        assert!(kill.success());
        self.machine.expect_servers(0);
    }
}

#[test]
#[ignore = "`cargo xtask test reliability`"]
fn the_server_crashes_at_any_moment() {
    let crashing = Crashing { machine: Machine::with_binaries("crash"), versions: three_hundred("fault-server") };
    crashing.start();
    let start = Instant::now();
    crashing.rows("postgres", "CREATE DATABASE calm");
    succeed(&crashing.upgrade("calm").output().expect("xtask runs"));
    let whole = start.elapsed();
    let undisturbed = outcome(|query| crashing.rows("calm", query));
    let count = faults().div_ceil(4);
    let (mut interrupted, mut lost) = (0, 0);
    for number in 0..count {
        let name = format!("crash_{number}");
        crashing.rows("postgres", &format!("CREATE DATABASE {name}"));
        let moment = whole.mul_f64(Numbers(number as u64 * 104_729 + 3).below(1000) as f64 / 1000.0);
        let mut command = crashing.upgrade(&name);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("xtask runs");
        sleep(moment);
        let is_running = child.try_wait().expect("it can be asked").is_none();
        crashing.crash();
        crashing.start();
        let output = child.wait_with_output().expect("it ends");
        let told = String::from_utf8_lossy(&output.stderr);
        // Before it has a session, a server that goes is waited for, and nothing is interrupted.
        if is_running && told.starts_with("waiting for the server") {
            assert!(output.status.success(), "{told}");
        } else if is_running {
            interrupted += 1;
            assert!(!output.status.success() && told.contains("error: "), "{told}");
        }
        // What it had called applied may be a tail that is lost, but never out of its order.
        let has_log = crashing.rows(&name, "SELECT to_regclass('migration_log') IS NOT NULL") == ["t"];
        let logged =
            if has_log { crashing.rows(&name, "SELECT revision FROM migration_log ORDER BY id") } else { Vec::new() };
        let applied = told.lines().filter(|line| line.starts_with("Running upgrade") && line.ends_with(')')).count();
        lost += applied.saturating_sub(logged.len());
        let order: Vec<String> = crashing.rows("calm", "SELECT revision FROM migration_log ORDER BY id");
        assert_eq!(logged, order[..logged.len()], "what is there is what was done first");
        succeed(&crashing.upgrade(&name).output().expect("xtask runs"));
        same(&outcome(|query| crashing.rows(&name, query)), &undisturbed, &format!("crashed after {moment:?}"));
        crashing.rows("postgres", &format!("DROP DATABASE {name}"));
    }
    eprintln!("{interrupted} of {count} crashes during a run; {lost} revisions of a tail applied again");
    assert!(interrupted * 2 > count, "{interrupted} of {count} were during a run");
}

/// A revision without a transaction, whose statements can't be run twice without being noticed.
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
    /// As the note is written that a statement begins.
    Before,
    /// While it waits for somebody else's lock.
    During,
    /// As the note is written that it is done: the statement has been run, perhaps committed.
    After,
}

/// The backend of whoever writes this note dies of it.
fn plant(database: &Database, when: When, statement: usize) {
    let (event, condition) = match when {
        When::After => ("UPDATE", "NEW.finished_at IS NOT NULL AND "),
        _ => ("INSERT", ""),
    };
    database.rows(&format!(
        "CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NEW; END';
         CREATE TRIGGER planted BEFORE {event} ON migration_journal FOR EACH ROW WHEN ({condition}NEW.statement = {statement}) EXECUTE FUNCTION planted()"
    ));
}

fn exit(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
#[ignore = "`cargo xtask test reliability`"]
fn the_backend_dies_at_each_statement() {
    let versions = without_a_transaction("fault-backend");
    let calm = Database::create();
    succeed(&db(&calm, &versions, &["upgrade"]));
    let undisturbed = outcome(|query| calm.rows(query));
    assert!(
        undisturbed.iter().any(|line| line.contains("elsewhere") && line.contains("here_or_there")),
        "the setting held"
    );
    // What waits for a lock of the table.
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
            plant(&database, when, number);
            let (code, said) = exit(&db(&database, &versions, &["upgrade"]));
            assert_eq!(code, Some(5), "{place}: {said}");
            assert!(said.contains("`bbbb`"), "{place}: {said}");
            injected += 1;
            database.rows("DROP FUNCTION planted() CASCADE");
            if matches!(when, When::During) {
                let mut other = database.client();
                let mut holding = other.transaction().expect("a transaction");
                holding.batch_execute("LOCK TABLE notes IN ACCESS EXCLUSIVE MODE").expect("a lock");
                let mut child = quiet(&mut upgrade(&database, &versions));
                let deadline = Instant::now() + Duration::from_secs(20);
                let terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND backend_type = 'client backend'";
                while database.rows(terminate).is_empty() {
                    assert!(Instant::now() < deadline, "{place}: nobody waits");
                    sleep(Duration::from_millis(5));
                }
                assert_eq!(child.wait().expect("it ends").code(), Some(5), "{place}");
                injected += 1;
            }
            let shown = db(&database, &versions, &["current", "--verbose"]);
            let is_begun = !database.rows("SELECT 1 FROM migration_journal").is_empty();
            assert_eq!(String::from_utf8_lossy(&shown.stdout).contains("half done"), is_begun, "{place}: {shown:?}");
            succeed(&db(&database, &versions, &["upgrade"]));
            same(&outcome(|query| database.rows(query)), &undisturbed, &place);
            database.drop();
        }
    }
    eprintln!("{injected} backends died");
}
