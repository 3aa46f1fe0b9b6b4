//! A large section is not kept in memory. Its statements are split again when they run, and are the same.

use revision::{RevisionFile, Script, Section, Statement};

/// A file of several megabytes, with each kind of statement in many positions. The mode has three letters, so that
/// everything else has the same place in both.
fn text(mode: &str, line_end: &str) -> String {
    let mut statements = String::new();
    for number in 0..3_000 {
        let pad = "ä".repeat(number % 90);
        statements.push_str(&match number % 9 {
            0 => format!("INSERT INTO t VALUES ({number}, '{pad}');"),
            1 => format!(" INSERT INTO t VALUES ({number},\n  $${pad};\n$$);\n"),
            2 => format!("-- {pad};\n/* {pad}; */ UPDATE t SET a = '{pad}' WHERE b = {number};\n"),
            3 => ";\n".to_owned(),
            4 => format!("/* only {pad} */;\n"),
            5 => format!("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT {number}; END;\n"),
            6 if number % 500 == 6 => format!("COPY t FROM STDIN;\n{number}\t{pad}\n\\.\n"),
            7 if number == 997 => format!("INSERT INTO t VALUES ('{}');", "long ".repeat(250_000)),
            _ => format!("SELECT E'{pad}'\n '{number}\\\\';\n"),
        });
    }
    let header = format!("-- large\n--\n-- Revision ID: a1\n-- Revises:\n-- Transaction: {mode}\n");
    let text =
        format!("{header}\n-- migrate:upgrade\n{statements}SELECT 1 -- last\n\n-- migrate:downgrade\n{statements}");
    text.replace('\n', line_end)
}

fn read(text: &str) -> Script {
    Script::read(&RevisionFile::in_memory("large.sql", text)).unwrap_or_else(|error| panic!("{error}"))
}

fn statements(script: &Script, section: &Section) -> Vec<(Statement, String)> {
    let read = |statement: Result<std::borrow::Cow<'_, Statement>, revision::Error>| {
        let statement = statement.expect("the file is in memory").into_owned();
        let text = script.text(&statement).expect("the file is in memory").into_owned();
        (statement, text)
    };
    script.statements(section).map(read).collect()
}

#[test]
fn statements_that_are_split_again_are_the_same() {
    for line_end in ["\n", "\r\n"] {
        // Without a transaction, all statements are kept.
        let (large, kept) = (read(&text("on ", line_end)), read(&text("off", line_end)));
        assert_eq!(large.checksum(), kept.checksum());
        let sections = |script: &Script| [script.upgrade().clone(), script.downgrade().expect("a section").clone()];
        for (large_section, kept_section) in sections(&large).iter().zip(&sections(&kept)) {
            assert_eq!(large_section.length(), kept_section.length());
            let (large, kept) = (statements(&large, large_section), statements(&kept, kept_section));
            assert_eq!(large.len(), kept.len());
            for ((one, one_text), (other, other_text)) in large.iter().zip(&kept) {
                assert_eq!(one_text, other_text);
                let facts = |statement: &Statement| {
                    (statement.place, statement.digest, statement.is_terminated, statement.is_empty, statement.nature)
                };
                assert_eq!(facts(one), facts(other), "{one_text}");
                assert_eq!(one.copy, other.copy, "{one_text}");
            }
        }
    }
}

#[test]
fn a_statement_that_is_not_allowed_is_found_in_a_large_section() {
    for (mode, statement) in
        [("on ", "VACUUM t;"), ("on ", "COMMIT;"), ("on ", "COPY t TO STDOUT;"), ("off", "SET LOCAL a.b = 1;")]
    {
        let script = read(&text(mode, "\n").replace("SELECT 1 -- last", statement));
        let error = script.check_transactions().expect_err(statement).to_string();
        assert!(error.starts_with("large.sql:"), "{error}");
        assert!(!error.starts_with("large.sql:1:"), "{error}");
    }
}

#[test]
fn columns_are_right_in_a_line_that_is_longer_than_the_window() {
    let header = "-- long\n--\n-- Revision ID: a1\n-- Revises:\n\n-- migrate:upgrade\n";
    let line = "SELECT 'é';".repeat(20_000);
    let script = read(&format!("{header}{line} SELECT 'last';\n"));
    let all = statements(&script, script.upgrade());
    let (last, _) = &all[all.len() - 1];
    assert_eq!((last.place.line, last.place.column), (7, 11 * 20_000 + 2));
}
