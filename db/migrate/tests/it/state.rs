//! States of the version table and the journal that prevent a run.

use migrate::{Contradiction, Error, Hint, StateError, Target};
use revision::Revisions;

use crate::support::{Database, revision, revisions, statement_error, without_transaction};

fn files(second: &str) -> Revisions {
    let upgrade = format!("CREATE TABLE t ();\n{second}");
    revisions([
        revision("a1", "", "", "SELECT;"),
        without_transaction("b1", "a1", &upgrade, "DROP TABLE t;"),
        revision("c1", "b1", "CREATE TABLE c ();", "DROP TABLE c;"),
    ])
}

/// A database with `b1` partially applied.
fn partially_applied() -> Database {
    let database = Database::create();
    database.upgrade(&files("SELECT nowhere;")).expect_err("an unknown column");
    database
}

fn state_error(error: &Error) -> &StateError {
    match error {
        Error::State(error) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_partially_applied_revision_must_be_finished_first() {
    let database = partially_applied();
    let repaired = files("SELECT 1;");
    let targets = ["c1".to_owned()];
    for target in [Target::Downgrade("base"), Target::Upgrade("a1"), Target::Stamp { targets: &targets, purge: false }]
    {
        let error = database.run(&repaired, target).expect_err("`b1` is partially applied");
        let is_partially_applied =
            matches!(state_error(&error), StateError::PartiallyApplied { revision, done: 1, .. } if revision == "b1");
        assert!(is_partially_applied && error.hint() == Some(Hint::Resume), "{target:?}: {error:?}");
    }
    let error = database.migrator(&repaired).check().expect_err("`b1` is partially applied");
    assert!(matches!(state_error(&error), StateError::PartiallyApplied { .. }), "{error:?}");
    let state = database.lock(&repaired).session().state().expect("the state");
    let partial = state.partially_applied().next().expect("there is one");
    assert_eq!((partial.revision, partial.done), ("b1", 1));
    assert_eq!(partial.stopped_at.map(|row| (row.statement, row.line)), Some((2, 9)));
}

#[test]
fn version_rows_that_contradict_the_journal_are_refused() {
    let cases = [
        (Some("b1"), Contradiction::AlreadyApplied),
        (Some("c1"), Contradiction::AlreadyApplied),
        (None, Contradiction::NotNext),
    ];
    let database = partially_applied();
    let repaired = files("SELECT 1;");
    for (row, expected) in cases {
        database.send("DELETE FROM alembic_version");
        if let Some(row) = row {
            database.send(&format!("INSERT INTO alembic_version VALUES ('{row}')"));
        }
        let rows: Vec<String> = row.into_iter().map(str::to_owned).collect();
        let hint = Hint::ReconcileJournal { rows: rows.clone(), rows_before: vec!["a1".to_owned()] };
        let check = database.migrator(&repaired).check().expect_err("a contradiction");
        let resume = database.run(&repaired, Target::Resume).expect_err("a contradiction");
        let upgrade = database.run(&repaired, Target::Upgrade("c1")).expect_err("a contradiction");
        for error in [check, resume, upgrade] {
            let StateError::JournalContradicted { contradiction, done, .. } = state_error(&error) else {
                panic!("{error:?}")
            };
            assert_eq!((*contradiction, *done, error.hint()), (expected, 1, Some(hint.clone())));
        }
        assert_eq!((database.version_rows(), database.journal().len()), (rows, 2), "nothing is changed");
    }

    // To resume, stamp the rows that agree with the journal. Other rows are refused.
    let (elsewhere, before) = (["c1".to_owned()], ["a1".to_owned()]);
    database.run(&repaired, Target::Stamp { targets: &elsewhere, purge: false }).expect_err("another contradiction");
    database.run(&repaired, Target::Stamp { targets: &before, purge: false }).expect("they agree again");
    database.run(&repaired, Target::Resume).expect("the rest runs");
    assert_eq!((database.version_rows(), database.journal().len()), (vec!["b1".to_owned()], 0));
}

#[test]
fn a_partially_applied_revision_without_a_file_is_refused() {
    let database = partially_applied();
    let without = revisions([revision("a1", "", "", "")]);
    let error = database.upgrade(&without).expect_err("no file has `b1`");
    assert!(
        matches!(state_error(&error), StateError::PartiallyAppliedElsewhere { revision } if revision == "b1"),
        "{error:?}"
    );
    assert_eq!(error.hint(), Some(Hint::ResumeElsewhere { revision: "b1".to_owned() }));
}

#[test]
fn check_writes_nothing_and_detects_edits() {
    let database = Database::create();
    let three = files("SELECT 1;");
    let state = database.migrator(&three).check().expect("an empty database");
    assert_eq!((state.rows.len(), database.has_table("alembic_version")), (0, false));
    database.upgrade(&three).expect("an upgrade");
    assert_eq!(database.migrator(&three).check().expect("a state").rows, ["c1"]);
    let error = database.migrator(&files("SELECT 2;")).check().expect_err("an edited file");
    assert!(matches!(error, Error::History(_)), "{error:?}");
}

#[test]
fn a_role_without_privileges_gets_a_hint_with_the_schema() {
    let database = Database::create();
    let role = database.role();
    database.send(&format!("CREATE ROLE {role}"));
    let one = revisions([revision("a1", "", "CREATE TABLE a ();", "")]);
    let mut locked = database.lock(&one);
    locked.session().connection().send(&format!("SET ROLE {role}")).expect("a role");
    let error =
        locked.plan(Target::Upgrade("heads")).expect("a plan").run(&Default::default()).expect_err("no privilege");
    assert_eq!(error.hint(), Some(Hint::GrantOnSchema("public".to_owned())), "{error:?}");
    // The session is usable: with the privilege, the next plan runs.
    locked.session().connection().send("RESET ROLE").expect("no transaction is open");
    locked.plan(Target::Upgrade("heads")).expect("a plan").run(&Default::default()).expect("an upgrade");
    assert_eq!(database.version_rows(), ["a1"]);
}

#[test]
fn a_failed_statement_without_a_transaction_has_a_hint() {
    let database = Database::create();
    let error = database.upgrade(&files("SELECT nowhere;")).expect_err("an unknown column");
    assert_eq!(statement_error(&error).code, "42703");
    assert_eq!(error.hint(), Some(Hint::CorrectAndResume(revision::Direction::Upgrade)));
}
