//! What a tool applies again whenever its text changes, as a file of `objects`.

use std::path::Path;

use revision::{ObjectFile, Place, RevisionFile};

use crate::history::ObjectText;
use crate::note::{Note, Remark};
use crate::problem::Problem;
use crate::sections::Collector;
use crate::sql::{change_comment, is_in_a_comment};

/// The lines in front of the text. They end the header of the file, so that no comment of the text is a field of it.
const PREFIX_LINES: u32 = 2;

impl Collector {
    /// Adds a file of `objects` with this text, which begins on a line of the source, from 1. `origin` describes where
    /// it is from.
    pub(crate) fn add_object(&mut self, description: &str, origin: &str, source: &Path, first_line: u32, text: &str) {
        let name = object_name(description);
        let line = |place: Place| place.line.saturating_sub(PREFIX_LINES) + first_line.saturating_sub(1);
        let mut text = format!("-- Imported from {origin}\n\n{}\n", text.trim_end());
        let mut last = None;
        loop {
            let errors = match ObjectFile::read(&name, &RevisionFile::in_memory(source, &text)) {
                Ok(_) => break self.history.objects.push(ObjectText { name, text, source: source.to_owned() }),
                Err(error) => error.into_all(),
            };
            // As in a revision, comments are changed from the first to the last, each once.
            if let [revision::Error::Script(error)] = &errors[..]
                && is_in_a_comment(error)
                && Some(error.place) > last
            {
                last = Some(error.place);
                let start = error.place.byte_in(&text);
                change_comment(&mut text, start);
                let path = source.to_owned();
                self.history.notes.push(Note { path, line: Some(line(error.place)), remark: Remark::Comment });
                continue;
            }
            break self.problems.extend(errors.into_iter().map(|error| problem(source, line, error)));
        }
    }
}

/// The name of a file, from a description.
fn object_name(description: &str) -> String {
    let is_kept = |c: char| c.is_alphanumeric() || ['-', '_'].contains(&c);
    let name: String = description.chars().map(|c| if is_kept(c) { c } else { '_' }).collect();
    if name.is_empty() { "repeatable".to_owned() } else { name }
}

/// The error, in the other tool's file.
fn problem(source: &Path, line: impl Fn(Place) -> u32, error: revision::Error) -> Problem {
    match error {
        revision::Error::Script(error) => {
            let place = Place { line: line(error.place), ..error.place };
            Problem::Repeatable { path: source.to_owned(), place, problem: error.problem }
        }
        error => Problem::Unsupported { path: source.to_owned(), line: None, what: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::object_name;

    #[test]
    fn descriptions_become_names_of_files() {
        assert_eq!(object_name("views of rooms"), "views_of_rooms");
        assert_eq!(object_name("../a.b"), "___a_b");
        assert_eq!(object_name(""), "repeatable");
    }
}
