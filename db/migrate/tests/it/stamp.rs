//! A stamp sets the version rows, with a log row for each, in one transaction.

use migrate::{Error, Target};
use revision::Revisions;

use crate::support::{Database, revision, revisions, without_transaction};

fn branches() -> Revisions {
    revisions([
        revision("a1", "", "CREATE TABLE a ();", ""),
        without_transaction("b1", "a1", "SELECT 1;\nSELECT nowhere;", ""),
        revision("c1", "a1", "CREATE TABLE c ();", ""),
        revision("d1", "c1", "CREATE TABLE d ();", ""),
    ])
}

fn stamp(database: &Database, targets: &[&str], purge: bool) -> Result<(), Error> {
    let targets: Vec<String> = targets.iter().map(|&target| target.to_owned()).collect();
    database.run(&branches(), Target::Stamp { targets: &targets, purge }).map(drop)
}

#[test]
fn a_stamp_sets_rows_and_runs_nothing() {
    let database = Database::create();
    stamp(&database, &["b1", "d1"], false).expect("a stamp");
    assert_eq!((database.version_rows(), database.log().len()), (vec!["b1".to_owned(), "d1".to_owned()], 2));
    assert_eq!(["a", "c", "d"].map(|table| database.has_table(table)), [false; 3]);
    assert_eq!(database.rows("SELECT count(DISTINCT xmin::text) FROM (SELECT xmin FROM alembic_version UNION ALL SELECT xmin FROM migration_log) rows"), ["1"]);
    stamp(&database, &["base"], false).expect("a stamp");
    assert_eq!(database.version_rows(), [""; 0]);
    assert_eq!(database.log(), ["stamp b1", "stamp d1", "unstamp b1", "unstamp d1"]);
}

/// A database at `c1`, with `b1` partially applied.
fn partially_applied() -> Database {
    let database = Database::create();
    database.run(&branches(), Target::Upgrade("c1")).expect("an upgrade");
    database.run(&branches(), Target::Upgrade("b1")).expect_err("an unknown column");
    assert_eq!((database.version_rows(), database.journal().len()), (vec!["c1".to_owned()], 2));
    database
}

#[test]
fn a_purge_is_one_transaction() {
    let database = partially_applied();
    // No other plan is possible with a row that is not in the files.
    database.send("INSERT INTO alembic_version VALUES ('unknown')");
    stamp(&database, &["d1"], true).expect("a stamp");
    assert_eq!((database.version_rows(), database.journal().len()), (vec!["d1".to_owned()], 0));
    assert_eq!(database.log(), ["upgrade a1", "upgrade c1", "stamp d1"]);
    let same = "SELECT v.xmin = l.xmin FROM alembic_version v JOIN migration_log l ON l.revision = v.version_num";
    assert_eq!(database.rows(same), ["t"]);
}

#[test]
fn a_failed_purge_changes_nothing() {
    let database = partially_applied();
    let before = (database.version_rows(), database.journal(), database.log());
    for table in ["alembic_version ADD CHECK (version_num <> 'd1')", "migration_log ADD CHECK (operation <> 'stamp')"] {
        database.send(&format!("ALTER TABLE {table}"));
        let error = stamp(&database, &["b1", "d1"], true).expect_err(table);
        assert!(matches!(error, Error::Query(_)), "{table}: {error:?}");
        assert_eq!((database.version_rows(), database.journal(), database.log()), before, "{table}");
        let name = if table.starts_with("alembic") {
            "alembic_version_version_num_check"
        } else {
            "migration_log_operation_check1"
        };
        database.send(&format!("ALTER TABLE {} DROP CONSTRAINT {name}", table.split(' ').next().unwrap_or_default()));
    }
    stamp(&database, &["b1", "d1"], true).expect("no constraint is left");
    assert_eq!((database.version_rows(), database.journal().len()), (vec!["b1".to_owned(), "d1".to_owned()], 0));
}
