//! Revisions with a transaction: statements, version row and log row commit together, or not at all.

use migrate::{Error, RunError, Target};
use revision::{Files, RevisionFile, Revisions};

use crate::support::{Database, outcome, revision, revisions, rolled_back, statement_error, without_transaction};

/// Whether the same transaction wrote the table, the log row and the version row (`xmin`).
const TRANSACTIONS: &str = "SELECT log.revision, log.xmin = c.xmin, log.xmin = v.xmin
    FROM migration_log log
    JOIN pg_class c ON c.oid = to_regclass('t_' || log.revision)
    LEFT JOIN alembic_version v ON v.version_num = log.revision
    ORDER BY log.id";

#[test]
fn table_version_row_and_log_row_commit_in_one_transaction() {
    let database = Database::create();
    let copy = "CREATE TABLE t_c1 (i int);\nCOPY t_c1 FROM STDIN;\n1\n2\n\\.\n";
    let both = revisions([
        revision("a1", "", "CREATE TABLE t_a1 (); CREATE TABLE more ();", ""),
        revision("b1", "", "CREATE TABLE t_b1 ();", ""),
        revision("c1", "b1", copy, ""),
    ]);
    database.run(&both, Target::Upgrade("a1")).expect("an upgrade");
    database.run(&both, Target::Upgrade("c1")).expect("an upgrade");
    // `c1` has replaced the version row of `b1`.
    assert_eq!(database.rows(TRANSACTIONS), ["a1|t|t", "b1|t|null", "c1|t|t"]);
    assert_eq!(database.rows("SELECT count(*) FROM t_c1"), ["2"]);
    assert_eq!(database.rows("SELECT count(DISTINCT xmin::text) FROM migration_log"), ["3"], "a transaction for each");
}

#[test]
fn the_log_records_the_sql_and_the_provenance() {
    let database = Database::create();
    let both = revisions([
        revision("a1", "", "CREATE TABLE a ();", "DROP TABLE a;"),
        without_transaction("b1", "a1", "CREATE TABLE b ();", ""),
    ]);
    database.upgrade(&both).expect("an upgrade");
    let log = "SELECT operation, revision, parents, message, is_transactional, trim(E'\\n' FROM upgrade_sql), \
         trim(E'\\n' FROM downgrade_sql), tool_version, commit_id, build_id, applied_by = session_user, \
         started_at <= finished_at FROM migration_log ORDER BY id";
    assert_eq!(
        database.rows(log),
        [
            "upgrade|a1|{}|revision a1|t|CREATE TABLE a ();|DROP TABLE a;|1.2.3|c0ffee|build:7|t|t",
            "upgrade|b1|{a1}|revision b1|f|CREATE TABLE b ();|null|1.2.3|c0ffee|build:7|t|t",
        ]
    );
}

/// What fails after `CREATE TABLE b`, and the SQLSTATE.
const FAILURES: [(&str, &str, &str); 9] = [
    ("a statement, with a position", "SELECT nowhere;", "42703"),
    ("a statement, without a position", "SELECT 1 / 0;", "22012"),
    ("the data of a statement", "COPY b FROM STDIN;\nno number\n\\.\n", "22P02"),
    ("data without a table", "COPY nothing FROM STDIN;\n1\n\\.\n", "42P01"),
    ("data with an invalid option", "COPY b FROM STDIN (FORMAT xml);\n1\n\\.\n", "22023"),
    (
        "the end of the data",
        "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON b FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();\n\
         COPY b FROM STDIN;\n1\n\\.\n",
        "39P01",
    ),
    ("the log row", "ALTER TABLE migration_log ADD CHECK (revision <> 'b1');", "23514"),
    ("the version row", "ALTER TABLE alembic_version ADD CHECK (version_num <> 'b1');", "23514"),
    (
        "the commit",
        "ALTER TABLE b ADD UNIQUE (i) DEFERRABLE INITIALLY DEFERRED; INSERT INTO b VALUES (1), (1);",
        "23505",
    ),
];

fn create_a() -> RevisionFile {
    revision("a1", "", "CREATE TABLE a ();", "DROP TABLE a;")
}

#[test]
fn a_failure_anywhere_rolls_back_the_revision() {
    let database = Database::create();
    for (what, sql, code) in FAILURES {
        let three = revisions([
            create_a(),
            revision("b1", "a1", &format!("CREATE TABLE b (i int);\n{sql}"), "DROP TABLE b;"),
            revision("c1", "b1", "CREATE TABLE c ();", "DROP TABLE c;"),
        ]);
        let error = database.upgrade(&three).expect_err(what);
        assert_eq!(statement_error(&error).code, code, "{what}");
        assert_eq!(outcome(&error), Some(&rolled_back("b1", &["a1"])), "{what}");
        let is_bookkeeping = ["the log row", "the version row", "the commit"].contains(&what);
        assert_eq!(statement_error(&error).excerpt.is_none(), is_bookkeeping, "{what}");
        // The revision before it stays applied, and the one after it does not run.
        let tables = ["a", "b", "c"].map(|table| database.has_table(table));
        assert_eq!(tables, [true, false, false], "{what}");
        assert_eq!(
            (database.version_rows(), database.log()),
            (vec!["a1".to_owned()], vec!["upgrade a1".to_owned()]),
            "{what}"
        );
    }
}

#[test]
fn a_failed_downgrade_leaves_the_revision_applied() {
    let database = Database::create();
    let broken = revisions([create_a(), revision("b1", "a1", "CREATE TABLE b ();", "DROP TABLE b; SELECT 1 / 0;")]);
    database.upgrade(&broken).expect("an upgrade");
    let error = database.run(&broken, Target::Downgrade("base")).expect_err("a division by zero");
    assert_eq!(outcome(&error), Some(&rolled_back("b1", &["b1"])));
    assert!(database.has_table("b"));
    assert_eq!((database.version_rows(), database.log().len()), (vec!["b1".to_owned()], 2));

    let repaired = revisions([create_a(), revision("b1", "a1", "CREATE TABLE b ();", "DROP TABLE b;")]);
    database.run(&repaired, Target::Downgrade("base")).expect("a downgrade");
    assert_eq!((database.has_table("a"), database.has_table("b"), database.version_rows().len()), (false, false, 0));
    assert_eq!(database.log(), ["upgrade a1", "upgrade b1", "downgrade b1", "downgrade a1"]);
}

#[test]
fn a_missing_version_row_stops_the_revision() {
    let database = Database::create();
    let two = revisions([create_a(), revision("b1", "a1", "CREATE TABLE b (); DELETE FROM alembic_version;", "")]);
    let error = database.upgrade(&two).expect_err("there is no row to replace");
    assert!(matches!(&error, Error::Run(run) if matches!(**run, RunError::VersionRowGone { .. })), "{error:?}");
    assert_eq!((database.version_rows(), database.has_table("b")), (vec!["a1".to_owned()], false));
}

/// Enough revisions for the bookkeeping to use prepared statements. Each creates a table.
fn many(sixth: &str) -> Vec<RevisionFile> {
    let file = |number: usize| {
        let parent = if number == 1 { String::new() } else { format!("r{:02}", number - 1) };
        let more = if number == 6 { sixth } else { "" };
        revision(&format!("r{number:02}"), &parent, &format!("CREATE TABLE t_r{number:02} (); {more}"), "")
    };
    (1..=12).map(file).collect()
}

#[test]
fn a_long_run_commits_revision_by_revision() {
    let database = Database::create();
    let files: [RevisionFile; 12] = many("").try_into().expect("twelve");
    database.upgrade(&revisions(files)).expect("an upgrade");
    let rows = database.rows(TRANSACTIONS);
    assert_eq!((rows.len(), rows.iter().filter(|row| row.ends_with("|t|null")).count()), (12, 11), "{rows:?}");
    assert_eq!(rows[11], "r12|t|t");
    assert_eq!(database.rows("SELECT count(DISTINCT xmin::text) FROM migration_log"), ["12"]);
}

#[test]
fn a_revision_may_deallocate_prepared_statements() {
    let database = Database::create();
    let files: [RevisionFile; 12] = many("DEALLOCATE ALL;").try_into().expect("twelve");
    database.upgrade(&revisions(files)).expect("an upgrade");
    assert_eq!(database.rows("SELECT count(*), count(DISTINCT revision) FROM migration_log"), ["12|12"]);
    assert_eq!(database.version_rows(), ["r12"]);
}

#[test]
fn only_the_last_commit_waits_for_its_flush() {
    let database = Database::create();
    let setting = |table| format!("CREATE TABLE {table} AS SELECT current_setting('synchronous_commit') AS value;");
    let three = revisions([
        revision("a1", "", &setting("a"), ""),
        revision("b1", "a1", &setting("b"), ""),
        revision("c1", "b1", &setting("c"), ""),
    ]);
    database.upgrade(&three).expect("an upgrade");
    let values = "SELECT a.value, b.value, c.value FROM a, b, c";
    assert_eq!(database.rows(values), ["off|off|on"]);
}

/// With enough revisions before it, the statements that record a revision are prepared, and the server reports places in their
/// text.
#[test]
fn a_changed_table_of_the_engine_is_named() {
    let changes = [
        "DROP TABLE migration_log;",
        "SELECT 1; DROP TABLE migration_log; SELECT 2; SELECT 3; SELECT 4; SELECT 5; SELECT 6;",
        "SELECT 1; ALTER TABLE alembic_version RENAME version_num TO number;",
        "CREATE TABLE copied (a int);\nCOPY copied FROM STDIN;\n1\n\\.\nALTER TABLE migration_journal DROP COLUMN session;",
        "SELECT 1; DROP TABLE alembic_version; CREATE VIEW alembic_version AS SELECT 'x'::text AS version_num;",
    ];
    for change in changes {
        for (files, failed, head) in
            [(vec![create_a(), revision("b1", "a1", change, "")], "b1", "a1"), (many(change), "r06", "r05")]
        {
            let database = Database::create();
            let error = database
                .upgrade(&Revisions::read(&files.into_iter().collect::<Files>()).expect("valid"))
                .expect_err(change);
            let is_named = |run: &RunError| matches!(run, RunError::TableChanged { line: None, .. });
            assert!(matches!(&error, Error::Run(run) if is_named(run)), "{change}: {error:?}");
            assert_eq!(outcome(&error), Some(&rolled_back(failed, &[head])), "{change}");
            assert_eq!(database.version_rows(), [head], "{change}");
        }
    }
}
