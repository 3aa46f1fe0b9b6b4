//! Events are in order, and a revision is reported as finished only after its commit.

use std::sync::{Arc, Mutex};

use migrate::{Event, Listener, Migrator, Target};
use revision::{Direction, Operation, RevisionFile};

use crate::support::{Database, Recorder, options, provenance, revision, revisions, without_transaction};

fn files() -> [RevisionFile; 3] {
    [
        revision("a1", "", "CREATE TABLE a ();", "DROP TABLE a;"),
        without_transaction(
            "b1",
            "a1",
            "CREATE TABLE b ();\nCREATE INDEX CONCURRENTLY b_i ON b ((1));",
            "DROP TABLE b;",
        ),
        revision("c1", "b1", "COPY a FROM STDIN;\n\\.\n", "SELECT;"),
    ]
}

/// An event as a line.
fn line(event: &Event) -> Option<String> {
    Some(match event {
        Event::Planned { operation, steps } => format!("{operation:?} of {steps}"),
        Event::RevisionStarted { number, revision, from, to, message, direction } => {
            format!("{number} {direction:?} {revision}, {}->{}, {message}", from.join("+"), to.join("+"))
        }
        Event::Statement { number, of, text, done_before } => format!("statement {number}/{of} {done_before}: {text}"),
        Event::RevisionFinished { number, revision, .. } => format!("{number} finished {revision}"),
        Event::Connection(_) => return None,
        other => format!("{other:?}"),
    })
}

#[test]
fn events_are_in_order() {
    let (database, three, recorder) = (Database::create(), revisions(files()), Recorder::default());
    let session = database.session(options(), recorder.listener());
    let mut locked = Migrator::new(&three, session).lock().expect("the lock");
    locked.plan(Target::Upgrade("heads")).expect("a plan").run(&provenance()).expect("an upgrade");
    locked.plan(Target::Downgrade("b1")).expect("a plan").run(&provenance()).expect("a downgrade");
    locked.plan(Target::Upgrade("b1")).expect("a plan").run(&provenance()).expect("nothing to do");
    let lines: Vec<String> = recorder.events().iter().filter_map(line).collect();
    assert_eq!(
        lines,
        [
            "Upgrade of 3",
            "1 Upgrade a1, ->a1, revision a1",
            "1 finished a1",
            "2 Upgrade b1, a1->b1, revision b1",
            "statement 1/2 false: CREATE TABLE b ();",
            "statement 2/2 false: CREATE INDEX CONCURRENTLY b_i ON b ((1));",
            "2 finished b1",
            "3 Upgrade c1, b1->c1, revision c1",
            "3 finished c1",
            "Downgrade of 1",
            "1 Downgrade c1, c1->b1, revision c1",
            "1 finished c1",
            "Upgrade of 0",
        ]
    );
    assert_eq!((Operation::Upgrade.direction(), Operation::Stamp.direction()), (Some(Direction::Upgrade), None));
}

#[test]
fn a_revision_is_finished_only_after_its_commit() {
    let database = Arc::new(Database::create());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let listener: Listener = {
        let (database, seen) = (Arc::clone(&database), Arc::clone(&seen));
        Arc::new(move |event| {
            let what = match event {
                Event::RevisionStarted { revision, .. } => format!("{revision} started"),
                Event::RevisionFinished { revision, .. } => format!("{revision} finished"),
                _ => return,
            };
            // Read in another session, which does not see uncommitted changes.
            let state = (database.version_rows().concat(), database.log().len(), database.journal().len());
            seen.lock().expect("no listener panics").push(format!("{what}: {state:?}"));
        })
    };
    let three = revisions(files());
    let mut locked = Migrator::new(&three, database.session(options(), listener)).lock().expect("the lock");
    locked.plan(Target::Upgrade("heads")).expect("a plan").run(&provenance()).expect("an upgrade");
    drop(locked);
    assert_eq!(
        *seen.lock().expect("no listener panics"),
        [
            r#"a1 started: ("", 0, 0)"#,
            r#"a1 finished: ("a1", 1, 0)"#,
            r#"b1 started: ("a1", 1, 0)"#,
            r#"b1 finished: ("b1", 2, 0)"#,
            r#"c1 started: ("b1", 2, 0)"#,
            r#"c1 finished: ("c1", 3, 0)"#,
        ]
    );
}

#[test]
fn a_failed_revision_is_never_reported_as_finished() {
    let (database, recorder) = (Database::create(), Recorder::default());
    let two = revisions([revision("a1", "", "", ""), without_transaction("b1", "a1", "SELECT 1;\nSELECT 1 / 0;", "")]);
    let run = || {
        let session = database.session(options(), recorder.listener());
        let mut locked = Migrator::new(&two, session).lock().expect("the lock");
        locked.plan(Target::Upgrade("heads")).expect("a plan").run(&provenance()).expect_err("a division by zero");
    };
    run();
    run();
    let lines: Vec<String> = recorder.events().iter().filter_map(line).collect();
    assert_eq!(
        lines,
        [
            "Upgrade of 2",
            "1 Upgrade a1, ->a1, revision a1",
            "1 finished a1",
            "2 Upgrade b1, a1->b1, revision b1",
            "statement 1/2 false: SELECT 1;",
            "statement 2/2 false: SELECT 1 / 0;",
            "Upgrade of 1",
            "1 Upgrade b1, a1->b1, revision b1",
            "statement 1/2 true: SELECT 1;",
            "statement 2/2 false: SELECT 1 / 0;",
        ]
    );
}
