//! Kill points of revisions without a transaction, over all kinds of statements (`tests/off_statements.txt`). After each, the
//! next run has the outcome of an undisturbed one, or is refused with the reason and changes nothing. Run with
//! `cargo xtask test reliability`; `FAULTS=200` makes 500 of them.

#![expect(clippy::print_stderr, reason = "the numbers of injected faults are results, quoted in docs/reliability.md")]

use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use postgres::SimpleQueryMessage;

use crate::support::revisions::Numbers;
use crate::support::{Database, db, in_parallel, root, scratch, succeed, write_revision, xtask};

/// A block of the file.
#[derive(Debug, Default)]
struct Kind {
    name: String,
    setup: String,
    run: Vec<String>,
    ask: String,
    hold: Option<String>,
    refuse: Option<String>,
    clean: Option<String>,
}

fn kinds() -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for line in include_str!("../off_statements.txt").lines().filter(|line| !line.starts_with('#')) {
        let Some((key, value)) = line.split_once(' ') else { continue };
        let value = value.to_owned();
        if key == "kind" {
            kinds.push(Kind { name: value, ..Kind::default() });
            continue;
        }
        let kind = kinds.last_mut().expect("a kind comes first");
        match key {
            "setup" => kind.setup = format!("{value};"),
            "run" => kind.run.push(value),
            "ask" => kind.ask = value,
            "hold" => kind.hold = Some(value),
            "refuse" => kind.refuse = Some(value),
            "clean" => kind.clean = Some(value),
            other => panic!("unknown key `{other}`"),
        }
    }
    kinds
}

/// How a run is stopped.
#[derive(Debug, Clone, Copy)]
enum Stop {
    /// The backend dies while it writes the start of this statement.
    Before(usize),
    /// The backend dies while it writes the end of this statement.
    After(usize),
    /// The backend dies while the first statement waits for a lock.
    Waiting,
    /// The first statement is canceled while it waits for a lock.
    Canceled,
    /// The client is killed after this share of the duration of a run, in thousandths.
    Killed(u64),
}

/// All points of one kind that can be named, then kills at random moments.
fn points(kind: &Kind, seed: u64, count: usize) -> Vec<Stop> {
    let mut points: Vec<Stop> =
        (1..=kind.run.len()).flat_map(|number| [Stop::After(number), Stop::Before(number)]).collect();
    if kind.hold.is_some() {
        points.splice(0..0, [Stop::Waiting, Stop::Canceled]);
    }
    let mut numbers = Numbers(seed * 7919 + 1);
    while points.len() < count {
        points.push(Stop::Killed(numbers.below(1000) as u64));
    }
    points.truncate(count);
    points
}

fn statement(database: &Database, text: &str) -> String {
    text.replace("{database}", &database.name)
}

fn write(kind: &Kind, database: &Database) -> std::path::PathBuf {
    let versions = scratch(&format!("off-{}", database.name));
    let run: String = kind.run.iter().map(|text| format!("{};\n", statement(database, text))).collect();
    write_revision(&versions, "aaaa", "-- Revises:", &kind.setup, "");
    let run = format!("{run}CREATE TABLE after_it ();");
    write_revision(&versions, "bbbb", "-- Revises: aaaa\n-- Transaction: off", &run, "");
    versions
}

/// The effects of the statements, and the engine's records of them.
fn outcome(kind: &Kind, database: &Database) -> Vec<String> {
    // The queried objects may not exist yet.
    let ask = |message| match message {
        SimpleQueryMessage::Row(row) => Some(format!("{:?}", (0..row.len()).map(|at| row.get(at)).collect::<Vec<_>>())),
        _ => None,
    };
    let answer = match database.client().simple_query(&statement(database, &kind.ask)) {
        Ok(messages) => messages.into_iter().filter_map(ask).collect::<Vec<_>>().join("\n"),
        Err(error) => error.to_string(),
    };
    let mut outcome = answer.replace(&database.name, "DATABASE");
    outcome.push_str(&format!(
        "\nversion {:?}, after it {:?}, journal {:?}, invalid {:?}",
        database.rows("SELECT version_num FROM alembic_version"),
        database.rows("SELECT to_regclass('public.after_it') IS NOT NULL OR to_regclass('app.after_it') IS NOT NULL"),
        database.rows("SELECT count(*) FROM migration_journal"),
        database.rows("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"),
    ));
    outcome.lines().map(str::to_owned).collect()
}

fn die(database: &Database, event: &str, condition: &str) {
    database.rows(&format!(
        "CREATE FUNCTION public.fault() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NEW; END';
         CREATE TRIGGER fault BEFORE {event} ON public.migration_journal FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION public.fault()"
    ));
}

/// Runs `upgrade` and stops it. Returns whether it was stopped.
fn stop(kind: &Kind, database: &Database, versions: &std::path::Path, point: Stop, duration: Duration) -> bool {
    let mut command = xtask(&root());
    command.args(["db", "upgrade", "--url", &database.url(), "--dir"]).arg(versions);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match point {
        Stop::Before(number) | Stop::After(number) => {
            match point {
                Stop::After(_) => {
                    die(database, "UPDATE", &format!("NEW.finished_at IS NOT NULL AND NEW.statement = {number}"));
                }
                _ => die(database, "INSERT", &format!("NEW.statement = {number}")),
            }
            let status = command.status().expect("xtask runs");
            assert_eq!(status.code(), Some(5), "{}: {point:?}", kind.name);
            database.rows("DROP FUNCTION public.fault() CASCADE");
            true
        }
        Stop::Waiting | Stop::Canceled => {
            let mut other = database.client();
            let mut holder = other.transaction().expect("can begin a transaction");
            holder.batch_execute(kind.hold.as_deref().expect("it can wait")).expect("can take the lock");
            let mut child = command.spawn().expect("xtask runs");
            let function = if matches!(point, Stop::Waiting) { "pg_terminate_backend" } else { "pg_cancel_backend" };
            let stop = format!(
                "SELECT {function}(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND backend_type = 'client backend'"
            );
            let deadline = Instant::now() + Duration::from_secs(20);
            while database.rows(&stop).is_empty() {
                assert!(Instant::now() < deadline, "{}: no session waits", kind.name);
                assert!(child.try_wait().expect("can poll the process").is_none(), "{}: it does not wait", kind.name);
                sleep(Duration::from_millis(5));
            }
            assert_eq!(child.wait().expect("it exits").code(), Some(5), "{}: {point:?}", kind.name);
            true
        }
        Stop::Killed(share) => {
            let mut child = command.spawn().expect("xtask runs");
            sleep(duration.mul_f64(share as f64 / 1000.0));
            let is_running = child.try_wait().expect("can poll the process").is_none();
            child.kill().expect("can kill the process");
            child.wait().expect("it exits");
            // The backend continues until it detects that its client is gone.
            let others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
            while !database.rows(others).is_empty() {
                sleep(Duration::from_millis(5));
            }
            is_running
        }
    }
}

#[test]
#[ignore = "`cargo xtask test reliability`"]
fn runs_without_a_transaction_stopped_in_any_statement() {
    let faults = std::env::var("FAULTS").ok().and_then(|count| count.parse().ok()).unwrap_or(20usize);
    let only = std::env::var("KIND").ok();
    let mut kinds = kinds();
    kinds.retain(|kind| only.as_ref().is_none_or(|only| *only == kind.name));
    let total = faults * 5 / 2;
    let each = total.div_ceil(kinds.len());
    let (stopped, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let failures = Mutex::new(Vec::new());
    let check = |is_right: bool, what: String| {
        if !is_right {
            failures.lock().expect("no panic").push(what);
        }
    };
    let work: Vec<(usize, &Kind)> = kinds.iter().enumerate().collect();
    in_parallel(2, &work, |_, &(seed, kind)| {
        let reference = Database::create();
        let versions = write(kind, &reference);
        succeed(&db(&reference, &versions, &["upgrade", "aaaa"]));
        let start = Instant::now();
        succeed(&db(&reference, &versions, &["upgrade"]));
        let duration = start.elapsed();
        let undisturbed = outcome(kind, &reference);
        for point in points(kind, seed as u64, each) {
            let place = format!("{}: {point:?}", kind.name);
            let database = Database::create();
            let versions = write(kind, &database);
            succeed(&db(&database, &versions, &["upgrade", "aaaa"]));
            let is_stopped = stop(kind, &database, &versions, point, duration);
            stopped.fetch_add(usize::from(is_stopped), Ordering::Relaxed);
            let before = outcome(kind, &database);
            let resumed = db(&database, &versions, &["upgrade"]);
            let stderr = String::from_utf8_lossy(&resumed.stderr);
            match &kind.refuse {
                Some(reason) if resumed.status.code() == Some(5) => {
                    check(stderr.contains(reason.as_str()), format!("{place}: {stderr}"));
                    check(outcome(kind, &database) == before, format!("{place}: refused, but changes something"));
                    refused.fetch_add(1, Ordering::Relaxed);
                }
                _ => {
                    let outcome = outcome(kind, &database);
                    check(resumed.status.success(), format!("{place}: {stderr}"));
                    check(outcome == undisturbed, format!("{place}: {outcome:#?}, not {undisturbed:#?}"));
                }
            }
            clean(kind, &database);
            database.drop();
        }
        clean(kind, &reference);
        reference.drop();
    });
    let failures = failures.into_inner().expect("no panic");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let (stopped, refused) = (stopped.into_inner(), refused.into_inner());
    let points = each * kinds.len();
    eprintln!("{points} points in {} kinds: {stopped} stopped a run, {refused} were refused afterwards", kinds.len());
    assert!(only.is_some() || stopped * 2 > points, "{stopped} of {points} stopped a run");
}

fn clean(kind: &Kind, database: &Database) {
    if let Some(sql) = &kind.clean {
        database.rows(&statement(database, sql));
    }
}
