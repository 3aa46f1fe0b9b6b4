//! Writes a history as revision files: all of them, or none.

#![expect(missing_docs, reason = "the comment on each variant covers its fields")]

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use revision::{
    Directory, Files, Header, MigrationSource, ObjectFile, Objects, RevisionFile, Revisions, Script, file_name,
    header_text,
};

use crate::history::{History, Migration, ObjectText};

/// The digits of a date in a file name: to the minute.
const MINUTE: usize = 12;

/// A revision file, not yet written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// The name in the directory of the revisions.
    pub name: String,
    /// The contents.
    pub text: String,
}

/// Why nothing was written.
#[non_exhaustive]
#[derive(Debug)]
pub enum WriteError {
    /// A revision would not be read as it was written.
    NotEqual { source: PathBuf, message: String },
    /// The revisions would not be valid.
    Invalid { source: Option<PathBuf>, error: Box<revision::Error> },
    /// The directory has a revision that is not one of these.
    Other { path: PathBuf },
    /// A file of that name has other contents.
    Exists { path: PathBuf },
    /// The directory can't be listed.
    Directory(Box<revision::Error>),
    /// A file can't be written. Earlier files were written.
    Io { path: PathBuf, error: io::Error },
}

impl Display for WriteError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotEqual { source, message } => write!(
                f,
                "{}: the message `{message}` would be read as part of the structure of a revision file",
                source.display()
            ),
            Self::Invalid { source: Some(source), error } => write!(f, "{}, converted: {error}", source.display()),
            Self::Invalid { source: None, error } | Self::Directory(error) => error.fmt(f),
            Self::Other { path } => {
                write!(f, "`{}` is not a revision of this import; nothing was written", path.display())
            }
            Self::Exists { path } => write!(f, "`{}` exists and is different; nothing was written", path.display()),
            Self::Io { path, error } => write!(f, "`{}`: {error}", path.display()),
        }
    }
}

// Displayed with what is wrapped, so the source is that of the wrapped error.
impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Invalid { error, .. } | Self::Directory(error) => error.source(),
            Self::Io { error, .. } => error.source(),
            Self::NotEqual { .. } | Self::Other { .. } | Self::Exists { .. } => None,
        }
    }
}

/// The revision files of a history, each read back and compared, and the graph checked.
///
/// # Errors
/// Fails if a file would not be read back with the same meaning.
pub fn compose(history: &History) -> Result<Vec<NewFile>, Vec<WriteError>> {
    let prefixes = prefixes(&history.migrations);
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for (migration, prefix) in history.migrations.iter().zip(prefixes) {
        let header = migration.header();
        let file = NewFile { name: file_name(&prefix, &header), text: text(migration, &header) };
        match check(&file, migration, &header) {
            Ok(()) => files.push(file),
            Err(problems) => errors.extend(problems),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let source: Files = files.iter().map(|file| RevisionFile::in_memory(&file.name, &file.text)).collect();
    match Revisions::read(&source) {
        Ok(_) => Ok(files),
        Err(error) => Err(error
            .into_all()
            .into_iter()
            .map(|error| WriteError::Invalid { source: None, error: Box::new(error) })
            .collect()),
    }
}

/// The files of `objects` of a history, sorted as the engine would.
///
/// # Errors
/// Fails if they contradict each other.
pub fn compose_objects(history: &History) -> Result<Objects, Vec<WriteError>> {
    let invalid = |error: revision::Error| -> Vec<WriteError> {
        let invalid = |error| WriteError::Invalid { source: None, error: Box::new(error) };
        error.into_all().into_iter().map(invalid).collect()
    };
    let read = |object: &ObjectText| {
        // Messages name the file that it was.
        ObjectFile::read(&object.name, &RevisionFile::in_memory(&object.source, &object.text))
    };
    let files: Vec<ObjectFile> = history.objects.iter().map(read).collect::<Result<_, _>>().map_err(invalid)?;
    Objects::new(files).map_err(invalid)
}

/// Checks that the files of `objects` can be written to a directory, which may have others.
///
/// # Errors
/// Fails if one of the files is there with other contents.
pub fn check_objects(history: &History, directory: &Path) -> Result<(), WriteError> {
    new_objects(history, directory).map(|_| ())
}

/// Writes the files of `objects` to a directory, except those that are there already.
///
/// # Errors
/// See [`check_objects`]; or a file can't be written.
pub fn write_objects(history: &History, directory: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let new = new_objects(history, directory)?;
    if !new.is_empty() {
        fs::create_dir_all(directory).map_err(|error| WriteError::Io { path: directory.to_owned(), error })?;
    }
    new.iter().map(|(path, text)| write_new(path, text)).collect()
}

fn new_objects<'h>(history: &'h History, directory: &Path) -> Result<Vec<(PathBuf, &'h str)>, WriteError> {
    let mut new = Vec::new();
    for object in &history.objects {
        let path = directory.join(format!("{}.sql", object.name));
        match regular_file::read(&path) {
            Ok(text) if text == object.text.as_bytes() => {}
            Ok(_) => return Err(WriteError::Exists { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => new.push((path, object.text.as_str())),
            Err(error) => return Err(WriteError::Io { path, error }),
        }
    }
    Ok(new)
}

/// Writes the files to a directory, which is created. Existing files with the same contents are kept, so an import can
/// be repeated when the other tool has new migrations.
///
/// # Errors
/// Fails if the directory has other revisions, or other contents in one of these files. In that case, nothing is
/// written.
pub fn write(files: &[NewFile], directory: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let existing = match directory.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        _ => Directory::new(directory).files().map_err(|error| WriteError::Directory(Box::new(error)))?,
    };
    let mut new: Vec<&NewFile> = files.iter().collect();
    for file in &existing {
        let path = file.path();
        let Some(index) = new.iter().position(|new| path.file_name().is_some_and(|name| name == new.name.as_str()))
        else {
            return Err(WriteError::Other { path: path.to_owned() });
        };
        let same = new.swap_remove(index);
        let text = regular_file::read(path).map_err(|error| WriteError::Io { path: path.to_owned(), error })?;
        if text != same.text.as_bytes() {
            return Err(WriteError::Exists { path: path.to_owned() });
        }
    }
    fs::create_dir_all(directory).map_err(|error| WriteError::Io { path: directory.to_owned(), error })?;
    let is_new = |file: &&NewFile| new.contains(file);
    files.iter().filter(is_new).map(|file| write_new(&directory.join(&file.name), &file.text)).collect()
}

fn write_new(path: &Path, text: &str) -> Result<PathBuf, WriteError> {
    let written = fs::File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| WriteError::Io { path: path.to_owned(), error })?;
    Ok(path.to_owned())
}

/// The prefixes of the file names: the dates, if all are known and in order; otherwise the position in the history, so
/// that the files sort by it.
fn prefixes(migrations: &[Migration]) -> Vec<String> {
    let date = |migration: &Migration| -> String {
        migration.create_date.chars().filter(char::is_ascii_digit).take(MINUTE).collect()
    };
    let dates: Vec<String> = migrations.iter().map(date).collect();
    if dates.iter().all(|date| date.len() == MINUTE) && dates.is_sorted() {
        return dates;
    }
    let width = migrations.len().to_string().len().max(4);
    (1..=migrations.len()).map(|place| format!("{place:0width$}")).collect()
}

fn text(migration: &Migration, header: &Header) -> String {
    let mut text = format!("{}\n-- migrate:upgrade\n{}", header_text(header), section(&migration.upgrade));
    if let Some(downgrade) = &migration.downgrade {
        text.push_str(&format!("\n-- migrate:downgrade\n{}", section(downgrade)));
    }
    text
}

/// The SQL with one line break at its end, and no empty lines around it.
fn section(sql: &str) -> String {
    let start = sql.len() - sql.trim_start().len();
    let start = sql[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let sql = sql[start..].trim_end();
    if sql.is_empty() { String::new() } else { format!("{sql}\n") }
}

/// Reads the file back.
fn check(file: &NewFile, migration: &Migration, header: &Header) -> Result<(), Vec<WriteError>> {
    let invalid = |errors: Vec<revision::Error>| -> Vec<WriteError> {
        let with_source =
            |error| WriteError::Invalid { source: Some(migration.source.clone()), error: Box::new(error) };
        errors.into_iter().map(with_source).collect()
    };
    let script = Script::read(&RevisionFile::in_memory(&file.name, &file.text));
    let script = script.map_err(|error| invalid(error.into_all()))?;
    if **script.header() != *header || script.downgrade().is_some() != migration.downgrade.is_some() {
        let (source, message) = (migration.source.clone(), migration.message.clone());
        return Err(vec![WriteError::NotEqual { source, message }]);
    }
    match script.transaction_problems().map_err(|error| invalid(error.into_all()))? {
        problems if problems.is_empty() => Ok(()),
        problems => Err(invalid(problems)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{WriteError, compose, write};
    use crate::history::{History, Migration};

    fn migration(version: &str, message: &str, create_date: &str) -> Migration {
        Migration {
            message: message.to_owned(),
            create_date: create_date.to_owned(),
            upgrade: "\n\n  select 1;\n\n".to_owned(),
            source: format!("{version}.sql").into(),
            ..Migration::of_version(version)
        }
    }

    fn history(migrations: Vec<Migration>) -> History {
        let mut history = History { migrations, ..History::default() };
        history.chain();
        history
    }

    fn names(migrations: Vec<Migration>) -> Vec<String> {
        compose(&history(migrations)).expect("valid").into_iter().map(|file| file.name).collect()
    }

    #[test]
    fn files_sort_by_date_or_by_place() {
        let dated = |date| migration("9", "create notes", date);
        assert_eq!(names(vec![dated("2026-11-22T10:15:00Z")]), ["202611221015_9_create_notes.sql"]);
        assert_eq!(names(vec![dated(""), migration("10", "", "")]), ["0001_9_create_notes.sql", "0002_10.sql"]);
        let later = migration("10", "", "2025-01-01T00:00:00Z");
        assert_eq!(names(vec![dated("2026-11-22T10:15:00Z"), later])[1], "0002_10.sql", "dates that are out of order");
    }

    #[test]
    fn a_section_has_no_empty_lines_around_it() {
        let files = compose(&history(vec![migration("1", "create notes", "")])).expect("valid");
        let expected = "-- create notes\n--\n-- Revision ID: 1\n-- Revises:\n\n-- migrate:upgrade\n  select 1;\n";
        assert_eq!(files[0].text, expected);
    }

    #[test]
    fn what_would_not_read_back_is_refused() {
        for message in ["Revises: a", "migrate:upgrade", "two\nlines"] {
            let errors = compose(&history(vec![migration("1", message, "")])).expect_err(message);
            let is_known = matches!(errors[..], [WriteError::NotEqual { .. } | WriteError::Invalid { .. }]);
            assert!(is_known, "{errors:?}");
        }
        let upgrade = |sql: &str| Migration { upgrade: sql.to_owned(), ..migration("1", "m", "") };
        for sql in ["-- migrate:downgrade\n", "commit;", "vacuum t;", "select '"] {
            compose(&history(vec![upgrade(sql)])).expect_err(sql);
        }
    }

    #[test]
    fn an_import_can_be_repeated_but_nothing_is_overwritten() {
        let folder = std::env::temp_dir().join(format!("import-write-{}", std::process::id()));
        let first = compose(&history(vec![migration("1", "a", "")])).expect("valid");
        let both = compose(&history(vec![migration("1", "a", ""), migration("2", "b", "")])).expect("valid");
        assert_eq!(write(&first, &folder).expect("a new folder"), [folder.join("0001_1_a.sql")]);
        assert_eq!(write(&both, &folder).expect("one is new"), [folder.join("0002_2_b.sql")]);
        assert!(matches!(write(&first, &folder), Err(WriteError::Other { .. })));
        fs::write(folder.join("0001_1_a.sql"), "edited").expect("can write");
        assert!(matches!(write(&both, &folder), Err(WriteError::Exists { .. })));
        fs::remove_dir_all(&folder).expect("can remove the folder");
    }
}
