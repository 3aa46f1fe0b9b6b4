//! The files of `objects`: where they are, and their linter.

use std::path::Path;

use anyhow::Result;
use revision::{Directory, ObjectFile, Objects};

use crate::finding::Finding;
use crate::fixture::next_to;
use crate::linted_text::LintedText;

/// Reads the files of `objects`, next to the directory of the revisions.
pub(crate) fn read(versions: &Path) -> Result<Objects, revision::Error> {
    Objects::read(&Directory::new(next_to(versions, "objects")))
}

/// A finding without rule and message, about the whole file.
pub(crate) fn on_file(file: &ObjectFile) -> Finding {
    let first = file.statements().first().and_then(|statement| statement.text().lines().next());
    Finding::in_file(file.path(), first.unwrap_or_default().to_owned())
}

/// squawk's findings in a file.
pub(crate) fn findings(file: &ObjectFile, major: u32) -> Result<Vec<Finding>> {
    let mut linted = LintedText::default();
    for statement in file.statements() {
        linted.add(statement.text(), "\n;\n", statement.place, false);
    }
    linted.findings(true, major, &on_file(file))
}
