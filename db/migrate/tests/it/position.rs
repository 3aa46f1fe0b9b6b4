//! The error of a statement has its line and column in the file, however the statement was sent.

use migrate::Outcome;

use crate::support::{Database, revision, revisions, statement_error, without_transaction};

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
    expect(&data.replace("2\n", "two\n"), 8, 1, "COPY t FROM STDIN;", "22P02");
}
