//! The log: reverting revisions without their files, and detecting edited files.

use migrate::{Error, Hint, HistoryError, Locked, LoggedOperation, Target};
use revision::{RevisionFile, Revisions};

use crate::support::{Database, provenance, revision, revisions, without_transaction};

fn older() -> [RevisionFile; 1] {
    [revision("a1", "", "CREATE TABLE a ();", "DROP TABLE a;")]
}

/// The revisions of another checkout.
fn newer() -> [RevisionFile; 3] {
    let [a1] = older();
    let data = "CREATE TABLE c (i int);\nCOPY c FROM STDIN;\n1\n\\.\n";
    [
        a1,
        without_transaction("b1", "a1", "CREATE TABLE b ();", "DROP TABLE b;\nCREATE TABLE trace_of_b ();"),
        revision("c1", "b1", data, "DROP TABLE c;"),
    ]
}

fn history_error(error: Error) -> HistoryError {
    match error {
        Error::History(error) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_revision_can_be_reverted_without_its_file() {
    let database = Database::create();
    database.upgrade(&revisions(newer())).expect("an upgrade");
    let older = revisions(older());
    let error = database.run(&older, Target::Downgrade("a1")).expect_err("no file has `c1`");
    assert!(matches!(error, Error::Revision(_)), "{error:?}");
    assert_eq!(database.version_rows(), ["c1"]);

    let mut locked: Locked<'_> = database.lock(&older);
    let known = locked.with_logged().expect("the log has both");
    let mut locked = locked.with_revisions(&known);
    let done = locked.plan(Target::Downgrade("a1")).expect("a plan").run(&provenance()).expect("a downgrade");
    assert_eq!(done.plan.steps.len(), 2);
    assert_eq!(["a", "b", "c", "trace_of_b"].map(|table| database.has_table(table)), [true, false, false, true]);
    assert_eq!((database.version_rows(), database.journal().len()), (vec!["a1".to_owned()], 0));
    assert_eq!(database.log(), ["upgrade a1", "upgrade b1", "upgrade c1", "downgrade c1", "downgrade b1"]);
    // The log rows of the downgrade have the checksum and the mode of the files.
    let same = "SELECT count(DISTINCT checksum), count(DISTINCT is_transactional) FROM migration_log GROUP BY revision ORDER BY revision";
    assert_eq!(database.rows(same), ["1|1", "1|1", "1|1"]);
}

#[test]
fn a_revision_that_is_not_in_the_log_is_an_error() {
    let database = Database::create();
    let older = revisions(older());
    database.upgrade(&older).expect("an upgrade");
    database.send("UPDATE alembic_version SET version_num = 'f00d'");
    let error = history_error(database.lock(&older).with_logged().expect_err("the log does not have it"));
    assert!(matches!(&error, HistoryError::NotLogged { revision } if revision == "f00d"), "{error:?}");
    assert_eq!(Error::from(error).hint(), Some(Hint::RevertElsewhere));
}

#[test]
fn the_log_describes_a_revision() {
    let database = Database::create();
    let (older, newer) = (revisions(older()), revisions(newer()));
    database.upgrade(&newer).expect("an upgrade");
    let mut locked = database.lock(&older);
    let state = locked.session().state().expect("the state");
    let logged = locked.session().logged(&state, "c1").expect("the log can be read").expect("it is there");
    let facts = (logged.operation, logged.message.as_str(), logged.commit.as_deref());
    assert_eq!(facts, (LoggedOperation::Upgrade, "revision c1", Some("c0ffee")));
    assert_eq!(locked.session().logged(&state, "d1").expect("the log can be read"), None);
}

fn edited(upgrade: &str) -> Revisions {
    revisions([
        revision("a1", "", upgrade, "DROP TABLE a;"),
        revision("b1", "a1", "CREATE TABLE b ();", "DROP TABLE b;"),
    ])
}

#[test]
fn an_edited_file_of_an_applied_revision_stops_every_run() {
    let database = Database::create();
    database.upgrade(&revisions(older())).expect("an upgrade");
    for target in [Target::Upgrade("heads"), Target::Downgrade("base"), Target::Upgrade("a1")] {
        let error =
            history_error(database.run(&edited("CREATE TABLE a (i int);"), target).expect_err("an edited file"));
        let HistoryError::Edited { revisions, diff } = &error else { panic!("{error:?}") };
        assert_eq!((revisions[0].0.as_str(), diff.as_str()), ("a1", "- CREATE TABLE a ();\n+ CREATE TABLE a (i int);"));
        assert_eq!(Error::from(error).hint(), Some(Hint::RestoreOrAccept("a1".to_owned())));
    }
    assert_eq!((database.has_table("a"), database.has_table("b"), database.log().len()), (true, false, 1));
    // Changes to comments, white space and line endings are not edits.
    database.upgrade(&edited("\n-- the first\r\nCREATE  TABLE\r\n a /* empty */ ();")).expect("the same tokens");
}

#[test]
fn an_accepted_file_counts_as_what_was_applied() {
    let database = Database::create();
    database.upgrade(&revisions(older())).expect("an upgrade");
    let edited = edited("CREATE TABLE a (i int);");
    let mut locked = database.lock(&edited);
    let node = edited.graph().find("a1").expect("it is there");
    assert!(locked.accept(node, "it's the same\nin effect", &provenance()).expect("it can be logged"));
    assert!(!locked.accept(node, "again", &provenance()).expect("it can be logged"), "the file has been accepted");
    locked.plan(Target::Upgrade("heads")).expect("a plan").run(&provenance()).expect("an upgrade");
    drop(locked);
    let again = self::edited("CREATE TABLE a (i bigint);");
    let error = history_error(database.run(&again, Target::Upgrade("heads")).expect_err("another edit"));
    assert!(matches!(error, HistoryError::Edited { .. }), "{error:?}");
    let log = "SELECT operation, revision, reason, upgrade_sql LIKE '%(i int)%' FROM migration_log ORDER BY id";
    assert_eq!(database.rows(log), ["upgrade|a1|null|f", "accept|a1|it's the same\nin effect|t", "upgrade|b1|null|f"]);
}

#[test]
fn an_irreversible_revision_stops_a_downgrade_before_it_runs() {
    let database = Database::create();
    let three = revisions([
        revision("a1", "", "CREATE TABLE a ();", "DROP TABLE a;"),
        revision("b1", "a1", "CREATE TABLE b ();", ""),
        revision("c1", "b1", "CREATE TABLE c ();", "DROP TABLE c;"),
    ]);
    database.upgrade(&three).expect("an upgrade");
    let error = history_error(database.run(&three, Target::Downgrade("base")).expect_err("`b1` is irreversible"));
    assert!(matches!(&error, HistoryError::Irreversible { revision, .. } if revision == "b1"), "{error:?}");
    assert_eq!((database.has_table("c"), database.version_rows()), (true, vec!["c1".to_owned()]));
    database.run(&three, Target::Downgrade("b1")).expect("`c1` is reversible");
}

/// Two branches, one of which depends on the other.
fn dependent() -> [RevisionFile; 2] {
    let header = "-- b\n--\n-- Revision ID: b1\n-- Revises:\n-- Depends On: a1\n";
    let text = format!("{header}\n-- migrate:upgrade\nCREATE TABLE b ();\n\n-- migrate:downgrade\nDROP TABLE b;\n");
    let [a1] = older();
    [a1, RevisionFile::in_memory("b1.sql", text)]
}

#[test]
fn dependencies_are_reverted_too() {
    let database = Database::create();
    database.upgrade(&revisions(dependent())).expect("an upgrade");
    assert_eq!(database.version_rows(), ["b1"]);
    let other = revisions([revision("c1", "", "CREATE TABLE c ();", "DROP TABLE c;")]);
    let known = database.lock(&other).with_logged().expect("the log has both");
    database.lock(&known).plan(Target::Downgrade("base")).expect("a plan").run(&provenance()).expect("a downgrade");
    assert_eq!(["a", "b"].map(|table| database.has_table(table)), [false, false]);
    assert_eq!(database.log(), ["upgrade a1", "upgrade b1", "downgrade b1", "downgrade a1"]);
}

#[test]
fn a_log_without_dependencies_is_refused_only_if_they_matter() {
    let database = Database::create();
    database.upgrade(&revisions(dependent())).expect("an upgrade");
    // As an earlier version left it.
    database.send("ALTER TABLE migration_log DROP COLUMN depends_on");
    let other = revisions([revision("c1", "", "CREATE TABLE c ();", "DROP TABLE c;")]);
    let error = history_error(database.lock(&other).with_logged().expect_err("`b1` may depend on `a1`"));
    assert!(
        matches!(&error, HistoryError::DependenciesNotLogged { revision, other } if revision == "b1" && other == "a1")
    );

    let database = Database::create();
    database.upgrade(&revisions(newer())).expect("an upgrade");
    database.send("ALTER TABLE migration_log DROP COLUMN depends_on");
    let older = revisions(older());
    let known = database.lock(&older).with_logged().expect("every other revision is an ancestor");
    database.lock(&known).plan(Target::Downgrade("base")).expect("a plan").run(&provenance()).expect("a downgrade");
    assert_eq!(database.version_rows().len(), 0);
}
