//! The error of a statement has its line and column in the file, however the statement was sent.

use migrate::{Outcome, Target};
use revision::{Files, RevisionFile, Revisions};

use crate::support::{Database, outcome, revision, revisions, statement_error, without_transaction};

/// The line and column of the error, the text of the line, and the SQLSTATE.
fn place(upgrade: &str, has_transaction: bool) -> (u32, u32, String, String) {
    let database = Database::create();
    let file = if has_transaction { revision } else { without_transaction };
    let error = database.upgrade(&revisions([file("a1", "", upgrade, "")])).expect_err(upgrade);
    let error = statement_error(&error);
    let excerpt = error.excerpt.clone().unwrap_or_else(|| panic!("no place: {error:?}"));
    assert_eq!(error.path.display().to_string(), "a1.sql");
    assert_eq!(matches!(error.outcome, Outcome::RolledBack { .. }), has_transaction);
    (excerpt.place.line, excerpt.place.column, excerpt.line, error.code.clone())
}

/// Expects an error in an upgrade section, with and without a transaction. The section starts in line 7, or in line 8
/// without a transaction.
fn expect(upgrade: &str, line: u32, column: u32, text: &str, code: &str) {
    for has_transaction in [true, false] {
        let line = if has_transaction { line } else { line + 1 };
        let expected = (line, column, text.to_owned(), code.to_owned());
        assert_eq!(place(upgrade, has_transaction), expected, "{upgrade} (transaction: {has_transaction})");
    }
}

#[test]
fn the_position_that_the_server_reports() {
    expect("SELECT nowhere;", 7, 8, "SELECT nowhere;", "42703");
    expect("SELECT 1;\n\n  SELECT 1,\n    nowhere\n  ;", 10, 5, "    nowhere", "42703");
}

#[test]
fn characters_are_counted_not_bytes() {
    expect("/* ä€😀 */ SELECT 'ü';\nSELECT '😀', nowhere;", 8, 13, "SELECT '😀', nowhere;", "42703");
}

#[test]
fn the_start_of_the_statement_if_the_server_reports_no_position() {
    expect("SELECT 1;\nSELECT\n  1 / 0;\nSELECT 2;", 8, 1, "SELECT", "22012");
    expect("SELECT 1 / 0;", 7, 1, "SELECT 1 / 0;", "22012");
}

#[test]
fn statements_before_and_after_copy_data() {
    let data = "CREATE TABLE t (i int);\nCOPY t FROM STDIN;\n1\n2\n\\.\n";
    expect(&format!("{data}SELECT nowhere;"), 12, 8, "SELECT nowhere;", "42703");
    expect(&data.replace("2\n", "two\n"), 10, 1, "two", "22P02");
}

#[test]
fn a_server_that_counts_bytes_reports_the_same_place() {
    let database = Database::create_with("ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'");
    let sql = "CREATE TABLE t (a text DEFAULT $$ääääääääääääääääääää$$);\nINSERT INTO t VALUES ($$ö$$);\nINSERT INTO t (nope) VALUES (1);\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (1);";
    let error = database.upgrade(&revisions([revision("a1", "", sql, "")])).expect_err("an unknown column");
    let place = statement_error(&error).excerpt.as_ref().expect("a place").place;
    assert_eq!((place.line, place.column), (9, 16));
}

#[test]
fn an_error_at_the_commit_has_no_place() {
    let database = Database::create();
    let setup = "CREATE TABLE t (a int, b int);
        CREATE FUNCTION chk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM NEW.a / NEW.b; RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER chk AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chk();";
    let insert = "INSERT INTO t VALUES (1, 0);\nINSERT INTO t VALUES (1, 1);";
    let two = revisions([revision("a1", "", setup, ""), revision("b1", "a1", insert, "")]);
    let error = database.upgrade(&two).expect_err("a division by zero");
    assert_eq!((statement_error(&error).code.as_str(), &statement_error(&error).excerpt), ("22012", &None));
    let text = "b1.sql: division by zero (SQLSTATE 22012), while committing the revision";
    assert_eq!(error.to_string(), text);
}

#[test]
fn a_session_that_the_server_ends_has_no_place() {
    let database = Database::create();
    let sql = "CREATE TABLE t ();\nSELECT pg_terminate_backend(pg_backend_pid());\nSELECT pg_sleep(10);";
    let error = database.upgrade(&revisions([revision("a1", "", sql, "")])).expect_err("the session ends");
    // The driver sometimes reports the end of the connection before it has read the server's message.
    let text = error.to_string();
    assert!(text.starts_with("terminating connection") || text.starts_with("connection lost"), "{text}");
    assert!(matches!(outcome(&error), Some(Outcome::Unknown { .. })), "{error:?}");
}

#[test]
fn characters_that_the_database_lacks_are_no_error_of_the_engine() {
    let database = Database::create_with("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
    let header = "-- rename café → bar\n--\n-- Revision ID: a1\n-- Revises:\n";
    let upgrade = "CREATE TABLE t (a text);\nINSERT INTO t VALUES ($$é$$);";
    for mode in ["", "-- Transaction: off\n"] {
        let text =
            format!("{header}{mode}\n-- migrate:upgrade\n{upgrade}\n\n-- migrate:downgrade\nDROP TABLE t; -- ✓\n");
        let files: Files = [RevisionFile::in_memory("a1.sql", text)].into_iter().collect();
        let one = Revisions::read(&files).expect("a revision");
        database.upgrade(&one).expect("psql would apply it");
        assert_eq!(
            database.rows("SELECT message, upgrade_sql LIKE '%é%' FROM migration_log ORDER BY id DESC LIMIT 1"),
            ["rename café U+2192 bar|t"]
        );
        database.run(&one, Target::Downgrade("base")).expect("a downgrade");
        database.run(&one, Target::Stamp { targets: &["a1".to_owned()], purge: false }).expect("a stamp");
        database.run(&one, Target::Stamp { targets: &["base".to_owned()], purge: false }).expect("a stamp");
    }
}
