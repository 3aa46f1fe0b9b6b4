//! `-- Unanswered: …`: what a generated revision asks the person who reviews it. The line is the comment of a hazard; to delete
//! it is to answer.

use crate::near_miss::skeleton;

/// What a line of a comment asks, if it does.
pub(crate) fn question(line: &str) -> Option<String> {
    let is_frame = |c: char| c.is_whitespace() || matches!(c, '-' | '/' | '*');
    let text = line.trim_matches(is_frame);
    let plain = skeleton(text);
    let rest = plain.strip_prefix("unanswered")?.trim_start();
    if !rest.starts_with(':') {
        return None;
    }
    // The colon may be one that only looks like it.
    let (_, asked) = text.split_once(|c: char| skeleton(&c.to_string()) == ":")?;
    Some(asked.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::question;
    use crate::file::RevisionFile;
    use crate::script::Script;

    /// The lines of the questions in a revision with this upgrade section, whose first line is 5.
    fn lines(upgrade: &str) -> Vec<u32> {
        let text = format!("-- drop a column\n-- Revision ID: a1\n-- Revises:\n-- migrate:upgrade\n{upgrade}");
        let script = Script::read(&RevisionFile::in_memory("a.sql", &text)).expect(upgrade);
        script.unanswered().filter_map(|error| Some(error.place()?.line)).collect()
    }

    #[test]
    fn a_question_can_be_anywhere_between_tokens() {
        assert_eq!(
            lines("-- Unanswered: a\nSELECT 1;\nSELECT\n  -- Unanswered: b\n  2; -- Unanswered: c\n"),
            [5, 8, 9]
        );
        assert_eq!(lines("SELECT 1;\n-- Unanswered: a\n"), [6]);
        assert_eq!(lines("SELECT 1\n-- Unanswered: a"), [6]);
        assert_eq!(lines("/* First\n * Unanswered: a\n */ SELECT 1;"), [6]);
        assert_eq!(lines("SELECT 1;\n-- migrate:downgrade\n-- Unanswered: a\nSELECT 1;\n"), [7]);
        let long = format!("{}-- Unanswered: a\nSELECT 2;\n", "SELECT 1;\n".repeat(20_000));
        assert_eq!(lines(&long), [20_005], "beyond what is kept in memory");
    }

    #[test]
    fn text_and_data_ask_nothing() {
        for upgrade in [
            "SELECT '\n-- Unanswered: a\n';",
            "SELECT $$\n-- Unanswered: a\n$$;",
            "SELECT 1 AS \"\n-- Unanswered: a\n\";",
            "COPY t FROM STDIN;\n-- Unanswered: a\n\\.\n",
        ] {
            assert!(lines(upgrade).is_empty(), "{upgrade}");
        }
    }

    #[test]
    fn a_question_in_the_header_counts() {
        let text =
            "-- drop a column\n--\n-- Unanswered: a\n--\n-- Revision ID: a1\n-- Revises:\n\n-- migrate:upgrade\n";
        let script = Script::read(&RevisionFile::in_memory("a.sql", text)).expect("free text");
        assert_eq!(script.unanswered().count(), 1);
    }

    #[test]
    fn a_question_is_a_line_of_a_comment() {
        for line in [
            "-- Unanswered: is it empty?",
            "--unanswered:is it empty?",
            "--- UNANSWERED : is it empty? ---",
            " * Unanswered: is it empty? */",
            "/* Unanswered: is it empty?",
            "-- Unanswered： is it empty?",
        ] {
            assert_eq!(question(line).as_deref(), Some("is it empty?"), "{line}");
        }
        assert_eq!(question("-- Unanswered:").as_deref(), Some(""));
    }

    #[test]
    fn prose_asks_nothing() {
        for line in ["-- unanswered letters are kept", "-- see Unanswered: below", "-- Answered: it is empty", "--"] {
            assert_eq!(question(line), None, "{line}");
        }
    }
}
