//! Flyway: `V1.2__name.sql`, with `U1.2__name.sql` to undo it. Ordered by the numbers of the version. `R__name.sql` is applied
//! again when it changes, and becomes a file of `objects`. A file can have settings in `FILE.conf`, and all have those of
//! `flyway.toml` or `flyway.conf`.
//!
//! Source: Flyway's `ResourceNameParser`, `MigrationVersion` and `PlaceholderReplacingReader`.

mod placeholders;
mod settings;
mod version;

use std::path::{Path, PathBuf};

use crate::date;
use crate::directory::entries;
use crate::history::{History, Migration};
use crate::message;
use crate::migration_file::file_name;
use crate::note::{Note, Reason, Remark, Skipped};
use crate::problem::Problem;
use crate::sections::{Collector, Direction};
use crate::source_file;
use crate::sql::Sql;
use settings::{Script, Settings, script_settings};
use version::Version;

/// The prefixes of the names of callbacks.
const CALLBACKS: [&str; 4] = ["before", "after", "createSchema", "error"];

/// Extensions of migrations that are programs.
const PROGRAMS: [&str; 9] = ["java", "class", "kt", "groovy", "sh", "bash", "py", "ps1", "cmd"];

/// The kinds of versioned files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Baseline,
    Versioned,
    Undo,
}

#[derive(Debug)]
struct File {
    kind: Kind,
    version: Version,
    name: String,
    is_program: bool,
    path: PathBuf,
}

/// Reads the migrations of a project, or of a directory without settings.
pub(crate) fn read(source: &Path) -> Result<History, Vec<Problem>> {
    let settings = Settings::find(source).map_err(|problem| vec![problem])?;
    let mut reader = Reader { settings, collector: Collector::new("flyway_schema_history"), files: Vec::new() };
    for location in reader.settings.locations.clone() {
        reader.list(&location);
    }
    if let Some(schema) = &reader.settings.schema {
        let remark = Remark::DefaultSchema { schema: schema.clone() };
        reader.collector.history.notes.push(Note { path: source.to_owned(), line: None, remark });
    }
    reader.convert();
    reader.collector.finish()
}

struct Reader {
    settings: Settings,
    collector: Collector,
    files: Vec<File>,
}

impl Reader {
    /// Finds the files of a directory and those below it.
    fn list(&mut self, directory: &Path) {
        let entries = match entries(directory) {
            Ok(entries) => entries,
            Err(problem) => return self.collector.problems.push(problem),
        };
        for entry in entries {
            match entry.is_directory {
                true => self.list(&entry.path),
                false => self.file(&entry.name, &entry.path),
            }
        }
    }

    fn file(&mut self, name: &str, path: &Path) {
        let path = path.to_owned();
        let skipped = |path, reason| Skipped { path, reason };
        if is_settings(name) {
            return;
        }
        let stem = self.settings.suffixes.iter().find_map(|suffix| name.strip_suffix(suffix.as_str()));
        let is_program = stem.is_none();
        let Some(stem) = stem.or_else(|| self.program(name)) else {
            return self.collector.history.skipped.push(skipped(path, Reason::NotRead));
        };
        if CALLBACKS.iter().any(|callback| stem.starts_with(callback)) {
            return self.collector.history.skipped.push(skipped(path, Reason::Callback));
        }
        match self.settings.parse(stem) {
            Some(Named::Repeatable(_)) if is_program => {
                let what =
                    "is a repeatable migration that is a program, which can't be converted: write what it does as SQL"
                        .to_owned();
                self.collector.problems.push(Problem::Unsupported { path, line: None, what });
            }
            Some(Named::Repeatable(description)) => match self.text(&path) {
                Ok((text, _)) => self.collector.add_object(description, &file_name(&path), &path, 1, &text),
                Err(problems) => self.collector.problems.extend(problems),
            },
            Some(Named::Versioned(kind, version, name)) => match Version::parse(version) {
                Some(version) => self.files.push(File { kind, version, name: name.to_owned(), is_program, path }),
                None => {
                    let what = format!("has the version `{version}`: Flyway expects digits, dots and underscores");
                    self.collector.problems.push(Problem::Unsupported { path, line: None, what });
                }
            },
            None => self.collector.history.skipped.push(skipped(path, Reason::NotRead)),
        }
    }

    /// The name of a program that is a migration, without its extension.
    fn program<'n>(&self, name: &'n str) -> Option<&'n str> {
        let (stem, extension) = name.rsplit_once('.')?;
        let is_named = match self.settings.parse(stem)? {
            Named::Versioned(_, version, _) => Version::parse(version).is_some(),
            Named::Repeatable(_) => true,
        };
        (PROGRAMS.contains(&extension) && is_named).then_some(stem)
    }

    fn convert(&mut self) {
        let mut files = std::mem::take(&mut self.files);
        files.sort_by(|one, other| (&one.version, one.kind, &one.path).cmp(&(&other.version, other.kind, &other.path)));
        let first = first_version(&files);
        for files in files.chunk_by(|one, other| one.version == other.version) {
            if let Some([one, other]) = files.windows(2).find(|pair| pair[0].kind == pair[1].kind) {
                let paths = [one.path.clone(), other.path.clone()];
                self.collector.problems.push(Problem::SameVersion { version: one.version.text.clone(), files: paths });
                continue;
            }
            let of = |kind| files.iter().find(|file| file.kind == kind);
            let baseline = of(Kind::Baseline).filter(|file| first.as_ref() == Some(&file.version));
            let skip = |file: &File, reason| Skipped { path: file.path.clone(), reason };
            let superseded = of(Kind::Baseline).filter(|_| baseline.is_none());
            self.collector.history.skipped.extend(superseded.map(|file| skip(file, Reason::Baseline)));
            match (baseline.or(of(Kind::Versioned)), of(Kind::Undo)) {
                (Some(file), undo) => self.migration(file, undo),
                (None, Some(undo)) => self.collector.history.skipped.push(skip(undo, Reason::OnlyDown)),
                (None, None) => {}
            }
        }
    }

    fn migration(&mut self, file: &File, undo: Option<&File>) {
        let version = &file.version.text;
        let migration = Migration {
            message: message::of_name(&file.name, version),
            description: format!("Imported from {}", file_name(&file.path)),
            create_date: date::of_version(version),
            source: file.path.clone(),
            ..Migration::of_version(version)
        };
        if file.is_program || undo.is_some_and(|undo| undo.is_program) {
            self.collector.program(&file.path);
            return self.collector.add(migration, &Direction::default(), None);
        }
        let upgrade = self.direction(&file.path);
        let undo = undo.map(|undo| self.direction(&undo.path));
        match (upgrade, undo.transpose()) {
            (Ok(upgrade), Ok(undo)) => self.collector.add(migration, &upgrade, undo.as_ref()),
            (upgrade, undo) => {
                self.collector.problems.extend(upgrade.err().into_iter().chain(undo.err()).flatten());
            }
        }
    }

    fn direction(&self, path: &Path) -> Result<Direction, Vec<Problem>> {
        let (text, script) = self.text(path)?;
        let sql = Sql { path: path.to_owned(), first_line: 1, text };
        Ok(Direction { parts: vec![sql], without_transaction: !script.in_transaction })
    }

    /// The text as Flyway runs it, and the settings of the file.
    fn text(&self, path: &Path) -> Result<(String, Script), Vec<Problem>> {
        let script = script_settings(path, &self.settings).map_err(|problem| vec![problem])?;
        let text = source_file::read(path).map_err(|problem| vec![problem])?;
        let text = match script.replaces_placeholders {
            true => placeholders::replaced(&text, path, &self.settings)?,
            false => text,
        };
        Ok((text, script))
    }
}

/// The baseline that begins the history: the latest, if the versions before it are missing.
fn first_version(files: &[File]) -> Option<Version> {
    let baseline = files.iter().rev().find(|file| file.kind == Kind::Baseline)?;
    let has_earlier = files.iter().any(|file| file.kind == Kind::Versioned && file.version <= baseline.version);
    (!has_earlier).then(|| baseline.version.clone())
}

fn is_settings(name: &str) -> bool {
    name.ends_with(".conf") || name.ends_with(".toml") || name.ends_with(".sql.env")
}

/// A file name without its suffix.
enum Named<'n> {
    Versioned(Kind, &'n str, &'n str),
    /// With its description.
    Repeatable(&'n str),
}

impl Settings {
    fn parse<'n>(&self, stem: &'n str) -> Option<Named<'n>> {
        let mut prefixes = [
            (&self.versioned, Some(Kind::Versioned)),
            (&self.undo, Some(Kind::Undo)),
            (&self.baseline, Some(Kind::Baseline)),
            (&self.repeatable, None),
        ];
        prefixes.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        let (rest, kind) =
            prefixes.iter().find_map(|(prefix, kind)| Some((stem.strip_prefix(prefix.as_str())?, *kind)))?;
        let (version, name) = rest.split_once(self.separator.as_str()).unwrap_or((rest, ""));
        match kind {
            Some(kind) => (!version.is_empty()).then_some(Named::Versioned(kind, version, name)),
            None => version.is_empty().then_some(Named::Repeatable(name)),
        }
    }
}
