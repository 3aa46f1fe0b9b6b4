//! What a section of a revision loses, as far as its statements show.

use anyhow::Result;
use revision::{Script, Section, significant, without_semicolon};

/// The longest statement that is shown whole, in characters.
const LONGEST: usize = 100;

/// After `DROP` in `ALTER TABLE`, what is no column.
const NO_COLUMNS: [&str; 5] = ["CONSTRAINT", "DEFAULT", "NOT", "IDENTITY", "EXPRESSION"];

/// The statements of a section that delete or overwrite rows or columns, or run code that may, as they are shown.
pub(super) fn losses(script: &Script, section: &Section) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for statement in script.statements(section) {
        let statement = statement?;
        let text = script.text(&statement)?;
        if may_lose(&text) {
            found.push(shown(&text));
        }
    }
    Ok(found)
}

fn may_lose(statement: &str) -> bool {
    let words: Vec<String> = significant(statement).iter().map(|token| token.to_ascii_uppercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let has = |wanted: &str| words.contains(&wanted);
    match words.as_slice() {
        ["DELETE" | "TRUNCATE" | "UPDATE" | "MERGE" | "DO" | "CALL", ..] => true,
        ["DROP", "TABLE" | "SCHEMA" | "OWNED" | "DATABASE", ..] => true,
        ["DROP", ..] => has("CASCADE"),
        ["WITH", ..] => has("DELETE") || has("UPDATE") || has("MERGE"),
        ["ALTER", "TABLE" | "FOREIGN" | "TYPE", ..] => {
            let drops = |pair: &[&str]| pair[0] == "DROP" && !NO_COLUMNS.contains(&pair[1]);
            words.windows(2).any(drops) || words[2..].contains(&"TYPE")
        }
        _ => false,
    }
}

/// On one line, and cut.
fn shown(statement: &str) -> String {
    let line = without_semicolon(statement).split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::{may_lose, shown};

    #[test]
    fn statements_that_lose_something_are_found() {
        for statement in [
            "DROP TABLE a",
            "drop table if exists a",
            "/* back */ DROP SCHEMA a CASCADE",
            "ALTER TABLE a DROP COLUMN b",
            "alter table only a drop b",
            "ALTER TABLE a ADD c int, DROP IF EXISTS b",
            "ALTER TABLE a ALTER b TYPE int",
            "ALTER TABLE a ALTER b SET DATA TYPE int",
            "ALTER TYPE a DROP ATTRIBUTE b",
            "DELETE FROM a WHERE b",
            "TRUNCATE a",
            "UPDATE a SET b = 1",
            "WITH old AS (DELETE FROM a RETURNING *) SELECT 1",
            "DO $$ BEGIN END $$",
            "DROP TYPE a CASCADE",
        ] {
            assert!(may_lose(statement), "{statement}");
        }
    }

    #[test]
    fn statements_that_lose_nothing_are_not() {
        for statement in [
            "",
            "DROP INDEX a",
            "DROP VIEW a",
            "ALTER TABLE a DROP CONSTRAINT b",
            "ALTER TABLE a ALTER b DROP NOT NULL, ALTER b DROP DEFAULT",
            "ALTER TABLE a RENAME TO b",
            "CREATE TABLE a (b int)",
            "INSERT INTO a VALUES ('DELETE')",
            "SELECT 'DROP TABLE a'",
            "-- DROP TABLE a",
        ] {
            assert!(!may_lose(statement), "{statement}");
        }
    }

    #[test]
    fn long_statements_are_cut() {
        assert_eq!(shown("DROP\n  TABLE a;"), "DROP TABLE a");
        let long = format!("DELETE FROM é{}", "x".repeat(200));
        assert_eq!(shown(&long).chars().count(), 102);
    }
}
