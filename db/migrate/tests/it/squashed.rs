//! Databases whose log has several revisions where the files have a squash of them.

use std::sync::Arc;
use std::thread;

use migrate::{Error, Event, HistoryError, Migrator, Target};
use revision::{Files, RevisionFile, Revisions, Squash, TargetError};

use crate::support::{Database, Recorder, options, provenance, revision, revisions, without_transaction};

fn files() -> [RevisionFile; 4] {
    [
        revision("a1", "", "CREATE TABLE a ();", "DROP TABLE a;"),
        revision("b1", "a1", "CREATE TABLE b ();", "DROP TABLE b;"),
        revision("c1", "b1", "CREATE TABLE c ();", "DROP TABLE c;"),
        revision("d1", "c1", "CREATE TABLE d ();", "DROP TABLE d;"),
    ]
}

fn original() -> Revisions {
    revisions(files())
}

/// The revisions with a range of them as one.
fn squashed(revisions: &Revisions, lower: &str, upper: &str) -> Revisions {
    let graph = revisions.graph();
    let range = graph.walk_revisions(lower, upper).expect("a range");
    let squash = Squash::new(revisions, &range, "squash").expect("a squash");
    let others = graph.nodes().filter(|node| !range.contains(node)).map(|node| graph.revision(node).file().clone());
    let file = RevisionFile::in_memory(format!("{}_squash.sql", squash.header.revision), &squash.text);
    Revisions::read(&others.chain([file]).collect::<Files>()).expect("valid revisions")
}

fn at(target: &str) -> Database {
    let database = Database::create();
    database.run(&original(), Target::Upgrade(target)).expect("an upgrade");
    database
}

const RECORDED: [&str; 3] = ["unstamp a1", "unstamp b1", "accept c1"];

#[test]
fn a_database_at_or_past_the_squash_is_recorded_once_and_keeps_its_rows() {
    let squash = squashed(&original(), "a1", "c1");
    for (target, before) in [("c1", 3), ("d1", 4)] {
        let database = at(target);
        database.migrator(&squash).check().expect("nothing is edited");
        let recorder = Recorder::default();
        let session = database.session(options(), recorder.listener());
        let mut locked = Migrator::new(&squash, session).lock().expect("the lock");
        let plan = locked.plan(Target::Upgrade(target)).expect("a plan");
        assert_eq!(plan.squashes().map(|node| squash.graph().id(node)).collect::<Vec<_>>(), ["c1"]);
        plan.run(&provenance()).expect("nothing to do");
        drop(locked);
        assert!(recorder.has(|event| matches!(event, Event::SquashRecorded { revision, parts } if revision == "c1" && parts == &["a1", "b1"])));
        assert_eq!(
            (database.version_rows(), &database.log()[before..]),
            (vec![target.to_owned()], &RECORDED.map(str::to_owned)[..])
        );
        let one = "SELECT count(DISTINCT xmin::text), count(DISTINCT reason), min(commit_id) FROM migration_log WHERE reason IS NOT NULL";
        assert_eq!(database.rows(one), ["1|1|c0ffee"]);
        database.upgrade(&squash).expect("nothing to do");
        database.run(&squash, Target::Downgrade("base")).expect("the downgrade of the squash");
        assert_eq!(["a", "b", "c", "d"].map(|table| database.has_table(table)), [false; 4]);
        database.upgrade(&squash).expect("the squash itself");
        assert_eq!(database.log().last().map(String::as_str), Some("upgrade d1"));
        assert_eq!(database.version_rows(), ["d1"]);
    }
}

#[test]
fn the_log_can_still_revert_a_recorded_squash_without_its_file() {
    let database = at("d1");
    database.upgrade(&squashed(&original(), "b1", "c1")).expect("nothing to do");
    let [first, ..] = files();
    let older = revisions([first]);
    let mut locked = database.lock(&older);
    let logged = locked.with_logged().expect("the log has the rest");
    let plan = locked.with_revisions(&logged).plan(Target::Downgrade("a1")).expect("a plan").run(&provenance());
    assert_eq!(plan.expect("a downgrade").plan.steps.len(), 2, "d1, and the squash as one");
    assert_eq!((database.version_rows(), database.has_table("b")), (vec!["a1".to_owned()], false));
}

#[test]
fn a_database_inside_the_squash_is_refused_and_can_be_reverted_with_the_log() {
    let database = at("b1");
    let squash = squashed(&original(), "a1", "c1");
    let log = database.log();
    let error = database.upgrade(&squash).expect_err("a part is applied");
    let Error::Revision(revision::Error::Target(TargetError::InsideSquash { row, squash: into, parents })) = &error
    else {
        panic!("{error:?}");
    };
    assert_eq!((row.as_str(), into.as_str(), parents.len()), ("b1", "c1", 0));
    assert_eq!((database.version_rows(), database.log()), (vec!["b1".to_owned()], log));
    let mut locked = database.lock(&squash);
    let logged = locked.with_logged().expect("the log has them");
    locked
        .with_revisions(&logged)
        .plan(Target::Downgrade("base"))
        .expect("a plan")
        .run(&provenance())
        .expect("a downgrade");
    database.upgrade(&squash).expect("the squash");
    assert_eq!((database.version_rows(), database.has_table("b")), (vec!["d1".to_owned()], true));
}

#[test]
fn what_was_applied_must_be_what_was_squashed() {
    let [a, _, c, d] = files();
    let other = revisions([a, revision("b1", "a1", "CREATE TABLE b (x int);", "DROP TABLE b;"), c, d]);
    let database = Database::create();
    database.upgrade(&other).expect("an upgrade");
    let squash = squashed(&original(), "a1", "c1");
    let error = database.upgrade(&squash).expect_err("another `b1` was applied");
    let Error::History(HistoryError::Edited { revisions: edited, .. }) = &error else { panic!("{error:?}") };
    assert_eq!(
        edited.iter().map(|(id, path)| (id.as_str(), path.display().to_string())).collect::<Vec<_>>(),
        [("b1", "c1_squash.sql".to_owned())]
    );
    let node = squash.graph().find("c1").expect("the squash");
    assert!(database.lock(&squash).accept(node, "altered by hand", &provenance()).expect("accepted"));
    assert_eq!(&database.log()[4..], RECORDED);
    database.upgrade(&squash).expect("nothing to do");
}

#[test]
fn an_edited_squash_is_found_wherever_it_is_applied() {
    let squash = squashed(&original(), "a1", "c1");
    let graph = squash.graph();
    let node = graph.find("c1").expect("the squash");
    let script = squash.script(node);
    let text = format!(
        "{}\n-- migrate:upgrade\nSELECT 1;\n{}",
        revision::header_text(script.header()),
        script.file_text(script.upgrade()).expect("a text")
    );
    let [.., d] = files();
    let edited = revisions([RevisionFile::in_memory("c1_squash.sql", text), d]);
    for database in [at("d1"), Database::create()] {
        database.upgrade(&squash).expect("an upgrade");
        let error = database.upgrade(&edited).expect_err("the file was edited");
        assert!(matches!(error, Error::History(HistoryError::Edited { .. })), "{error:?}");
    }
}

#[test]
fn a_squash_of_a_squash_is_recorded_from_either_state() {
    let first = squashed(&original(), "b1", "c1");
    let second = squashed(&first, "a1", "d1");
    for database in [at("d1"), {
        let database = at("c1");
        database.upgrade(&first).expect("an upgrade");
        database
    }] {
        database.upgrade(&second).expect("nothing to do");
        let applied =
            "SELECT DISTINCT ON (revision) revision || ' ' || operation FROM migration_log ORDER BY revision, id DESC";
        assert_eq!(database.rows(applied), ["a1 unstamp", "b1 unstamp", "c1 unstamp", "d1 accept"]);
        database.run(&second, Target::Downgrade("base")).expect("a downgrade");
        assert!(!database.has_table("a"));
    }
}

#[test]
fn version_rows_without_a_log_need_no_record() {
    let database = at("d1");
    // As another tool leaves it.
    database.send("TRUNCATE migration_log");
    database.upgrade(&squashed(&original(), "a1", "c1")).expect("nothing to do");
    assert_eq!((database.version_rows(), database.log().len()), (vec!["d1".to_owned()], 0));
}

#[test]
fn a_record_that_fails_changes_nothing() {
    let (database, squash) = (at("c1"), squashed(&original(), "a1", "c1"));
    let log = database.log();
    for operation in ["unstamp", "accept"] {
        database.send(&format!("ALTER TABLE migration_log ADD CONSTRAINT no CHECK (operation <> '{operation}')"));
        let error = database.upgrade(&squash).expect_err("no row can be written");
        assert!(matches!(error, Error::Query(_)), "{error:?}");
        assert_eq!((database.log(), database.has_table("d")), (log.clone(), false), "no revision has run");
        database.send("ALTER TABLE migration_log DROP CONSTRAINT no");
    }
}

#[test]
fn a_record_that_is_killed_is_made_by_the_next_run() {
    let (database, squash) = (at("c1"), squashed(&original(), "a1", "c1"));
    let log = database.log();
    // Each in turn: before the first row, and after all rows but before the commit.
    database.send(
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$",
    );
    for when in ["BEFORE INSERT", "AFTER UPDATE"] {
        database
            .send(&format!("CREATE TRIGGER wait {when} ON migration_log FOR EACH STATEMENT EXECUTE FUNCTION wait()"));
        thread::scope(|scope| {
            let run = scope.spawn(|| database.upgrade(&squash).expect_err("the session is ended"));
            let session = database.wait_for_session("wait_event = 'PgSleep'");
            database.rows(&format!("SELECT pg_terminate_backend({session})"));
            run.join().expect("no panic");
        });
        database.send("DROP TRIGGER wait ON migration_log");
        assert_eq!((database.version_rows(), database.log()), (vec!["c1".to_owned()], log.clone()), "{when}");
    }
    database.upgrade(&squash).expect("an upgrade");
    assert_eq!(&database.log()[3..], ["unstamp a1", "unstamp b1", "accept c1", "upgrade d1"]);
}

#[test]
fn runs_at_the_same_time_record_it_once() {
    let (database, squash) = (at("c1"), Arc::new(squashed(&original(), "a1", "c1")));
    thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| database.upgrade(&squash).expect("an upgrade"))).collect();
        runs.into_iter().for_each(|run| drop(run.join().expect("no panic")));
    });
    assert_eq!(&database.log()[3..], ["unstamp a1", "unstamp b1", "accept c1", "upgrade d1"]);
}

#[test]
fn a_partially_reverted_revision_is_finished_with_its_own_file() {
    let original = revisions([
        without_transaction("a1", "", "CREATE TABLE a ();", "DROP TABLE a;"),
        without_transaction("b1", "a1", "CREATE TABLE b ();", "DROP TABLE b;\nSELECT nowhere;"),
    ]);
    let database = Database::create();
    database.upgrade(&original).expect("an upgrade");
    database.run(&original, Target::Downgrade("a1")).expect_err("an unknown column");
    let (log, squash) = (database.log(), squashed(&original, "a1", "b1"));
    database.run(&squash, Target::Upgrade("heads")).expect_err("it has to be finished first");
    assert_eq!(database.log(), log, "so that the earlier files can finish it");
}
