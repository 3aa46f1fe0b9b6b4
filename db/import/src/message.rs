//! The message of a revision, from the name of a migration.

use revision::{Header, RevisionFile, Script, header_text};

/// A message from the part of a file name that describes the migration, with spaces for `_` and `-`.
pub(crate) fn of_name(name: &str, version: &str) -> String {
    let words: Vec<&str> = name.split(|c: char| c == '_' || c == '-' || c.is_whitespace() || c.is_control()).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    of_words(&words, version)
}

fn of_words(words: &[&str], version: &str) -> String {
    match words.join(" ") {
        message if message.is_empty() => format!("migration {version}"),
        message if reads_back(&message) => message,
        message => format!("migration {message}"),
    }
}

/// A message from a description, in one line.
pub(crate) fn of_text(text: &str, version: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    of_words(&words, version)
}

/// Whether a header with this message is read back with the same message, and not as a field or a section marker.
fn reads_back(message: &str) -> bool {
    let header = Header { message: message.to_owned(), revision: "a".to_owned(), ..Header::default() };
    let text = format!("{}\n-- migrate:upgrade\n", header_text(&header));
    Script::read(&RevisionFile::in_memory("", &text)).is_ok_and(|script| **script.header() == header)
}

#[cfg(test)]
mod tests {
    use super::of_name;

    #[test]
    fn messages_of_names() {
        for (name, message) in [
            ("create_users-table", "create users table"),
            ("__", "migration 7"),
            ("Revises: a", "migration Revises: a"),
            ("migrate:upgrade", "migration migrate:upgrade"),
        ] {
            assert_eq!(of_name(name, "7"), message);
        }
    }
}
