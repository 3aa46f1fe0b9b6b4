//! Writes the header that `header.rs` reads, and names revision files.

use crate::header::{Header, TransactionMode};

/// The maximum length of the message in a file name, in characters.
const SLUG: usize = 40;

/// The comment block of a header, ending with a line break. [`Script::read`](crate::Script::read) reads the same header
/// from it, unless one of the texts reads as part of the file's structure; the caller must check.
pub fn header_text(header: &Header) -> String {
    let mut lines = vec![header.message.clone(), String::new()];
    if !header.description.is_empty() {
        lines.extend(header.description.lines().map(str::to_owned));
        lines.push(String::new());
    }
    lines.push(format!("Revision ID: {}", header.revision));
    lines.push(format!("Revises: {}", header.revises.join(", ")));
    if !header.create_date.is_empty() {
        lines.push(format!("Create Date: {}", header.create_date));
    }
    for (key, values) in [("Depends On", &header.depends_on), ("Branch Labels", &header.branch_labels)] {
        if !values.is_empty() {
            lines.push(format!("{key}: {}", values.join(", ")));
        }
    }
    if header.transaction == TransactionMode::Off {
        lines.push("Transaction: off".to_owned());
    }
    lines.extend(header.lint.iter().map(|lint| format!("Lint: allow {} ({})", lint.rule, lint.reason)));
    lines.iter().map(|line| format!("{}\n", format!("-- {line}").trim_end())).collect()
}

/// `202611221015_4d2f1c9a7b3e_create_notes.sql`: sorts by `prefix`, which is usually a date, and has the id and the message.
pub fn file_name(prefix: &str, header: &Header) -> String {
    let words: Vec<String> = header
        .message
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let mut slug = words.join("_");
    if slug.chars().count() > SLUG {
        let cut: String = slug.chars().take(SLUG).collect();
        slug = cut.rsplit_once('_').map_or(cut.clone(), |(whole, _)| whole.to_owned());
    }
    format!("{prefix}_{}_{slug}.sql", header.revision).replace("_.sql", ".sql")
}

#[cfg(test)]
mod tests {
    use super::{file_name, header_text};
    use crate::file::RevisionFile;
    use crate::header::{Header, LintAllowance, TransactionMode};
    use crate::script::Script;

    #[test]
    fn names_files_after_date_id_and_message() {
        let header =
            |message: &str| Header { message: message.to_owned(), revision: "a1".to_owned(), ..Header::default() };
        let name = |message: &str| file_name("202611221015", &header(message));
        assert_eq!(name("Create notes!"), "202611221015_a1_create_notes.sql");
        assert_eq!(name("…"), "202611221015_a1.sql");
        let long = "a message that is much longer than a file name should ever be";
        assert_eq!(name(long), "202611221015_a1_a_message_that_is_much_longer_than_a.sql");
    }

    #[test]
    fn a_written_header_reads_back_equal() {
        let minimal = Header { message: "create notes".to_owned(), revision: "a1".to_owned(), ..Header::default() };
        let full = Header {
            description: "Why: because.\nTwo lines of it.\n\nA second paragraph.".to_owned(),
            revises: vec!["b2".to_owned(), "c3".to_owned()],
            depends_on: vec!["d4".to_owned(), "billing".to_owned()],
            branch_labels: vec!["notes".to_owned()],
            create_date: "2026-11-22T10:15:00Z".to_owned(),
            transaction: TransactionMode::Off,
            lint: vec![LintAllowance { rule: "ban-drop-table".to_owned(), reason: "it is empty".to_owned() }],
            ..minimal.clone()
        };
        for header in [minimal, full] {
            let text = format!("{}\n-- migrate:upgrade\n", header_text(&header));
            let script = Script::read(&RevisionFile::in_memory("a.sql", &text)).expect(&text);
            assert_eq!(**script.header(), header, "{text}");
        }
    }
}
