//! Liquibase: changesets in formatted SQL, in the order of the files, which a changelog in XML or YAML can include.
//!
//! The table has three columns for a changeset, which are one version here: `PATH::ID::AUTHOR`, with the path as Liquibase was
//! given it. Source: Liquibase's `FormattedSqlChangeLogParser` and `DatabaseChangeLog`.

mod attributes;
mod comments;
mod formatted;
mod includes;
mod paths;

use std::path::{Path, PathBuf};

use crate::directory::all_entries;
use crate::history::{History, Migration};
use crate::message;
use crate::migration_file::file_name;
use crate::note::{Note, Reason, Remark, Skipped};
use crate::problem::Problem;
use crate::revision_id::revision_id;
use crate::sections::{Collector, Direction};
use crate::source_file;
use crate::sql::Sql;
use attributes::Decision;
use formatted::{Changeset, changesets, formatted};
use includes::{Include, includes};
use paths::normal;

/// The maximum depth of includes; deeper ones are a cycle.
const DEEPEST: usize = 20;

/// Reads a changelog, or the files of a directory by name.
pub(crate) fn read(source: &Path) -> Result<History, Vec<Problem>> {
    // The path is part of the version, and Liquibase receives a relative one.
    let name = match source.is_absolute() {
        true => PathBuf::from(source.file_name().unwrap_or(source.as_os_str())),
        false => source.components().filter(|part| *part != std::path::Component::CurDir).collect(),
    };
    let root = root(source, &name);
    let (root, name) = search_path(source, &root).unwrap_or((root, name));
    let mut reader = Reader { collector: Collector::new("databasechangelog"), root };
    match source.is_dir() {
        true => reader.directory(&name, 0),
        false => reader.changelog(&name, 0),
    }
    reader.collector.finish()
}

/// The folder to which the paths of changelogs are relative.
fn root(source: &Path, name: &Path) -> PathBuf {
    match source.is_absolute() {
        true => source.parent().unwrap_or(Path::new("/")).to_owned(),
        false => source.ancestors().nth(name.components().count()).unwrap_or(Path::new("")).to_owned(),
    }
}

/// The folder above a changelog that contains all files that it names, such as `src/main/resources`, and the
/// changelog's path in it.
fn search_path(source: &Path, root: &Path) -> Option<(PathBuf, PathBuf)> {
    let is_xml = source.extension().is_some_and(|extension| extension == "xml");
    let includes = includes(&source_file::read(source).ok()?, is_xml, source).ok()?;
    let mut named = includes.iter().filter(|include| !include.is_relative).map(Include::name).peekable();
    named.peek()?;
    let named: Vec<&str> = named.collect();
    let has_all = |folder: &&Path| named.iter().all(|name| folder.join(name).exists());
    let found = std::iter::once(root).chain(source.ancestors().skip(1)).find(has_all)?;
    Some((found.to_owned(), source.strip_prefix(found).ok()?.to_owned()))
}

struct Reader {
    collector: Collector,
    root: PathBuf,
}

impl Reader {
    /// `includeAll`: the files of a directory and of those in it, in the order of their whole paths: `a.sql` is before `a/b.sql`.
    fn directory(&mut self, name: &Path, depth: usize) {
        let mut found = Vec::new();
        if let Err(problem) = self.changelogs(name, &mut found) {
            return self.collector.problems.push(problem);
        }
        found.sort_by(|one, other| one.as_os_str().cmp(other.as_os_str()));
        found.iter().for_each(|name| self.changelog(name, depth));
    }

    /// The changelogs in a directory and in those in it. Liquibase reads hidden ones, too.
    fn changelogs(&mut self, name: &Path, found: &mut Vec<PathBuf>) -> Result<(), Problem> {
        for entry in all_entries(&self.root.join(name))? {
            let name = name.join(&entry.name);
            match entry.is_directory {
                true => self.changelogs(&name, found)?,
                false if is_changelog(&name) => found.push(name),
                false if is_hidden(&name) => {}
                false => {
                    let skipped = Skipped { path: entry.path, reason: Reason::NotRead };
                    self.collector.history.skipped.push(skipped);
                }
            }
        }
        Ok(())
    }

    fn changelog(&mut self, name: &Path, depth: usize) {
        let path = self.root.join(name);
        let text = match source_file::read(&path) {
            Ok(text) => text,
            Err(problem) => return self.collector.problems.push(problem),
        };
        let extension = name.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        match extension.as_str() {
            "sql" => match formatted(&text) {
                Some(first) => {
                    let logical = paths::logical(first);
                    self.formatted(logical.as_deref().unwrap_or(name), &path, &text);
                }
                None => self.raw(name, &path, text),
            },
            "xml" | "yaml" | "yml" if depth < DEEPEST => match includes(&text, extension == "xml", &path) {
                Ok(includes) => includes.into_iter().for_each(|include| self.include(name, include, depth + 1)),
                Err(problems) => self.collector.problems.extend(problems),
            },
            _ => {
                let what = "is neither a changelog in SQL, nor one in XML or YAML that includes others".to_owned();
                self.collector.problems.push(Problem::Unsupported { path, line: None, what });
            }
        }
    }

    fn include(&mut self, parent: &Path, include: Include, depth: usize) {
        let folder = parent.parent().filter(|_| include.is_relative).unwrap_or(Path::new(""));
        let name = normal(&folder.join(include.name()));
        match include.is_directory {
            true => self.directory(&name, depth),
            false => self.changelog(&name, depth),
        }
    }

    /// A file without changesets is a single changeset with this id and author.
    fn raw(&mut self, name: &Path, path: &Path, text: String) {
        let sql = Sql { path: path.to_owned(), first_line: 1, text };
        let migration = migration(name, path, "raw", "includeAll", "");
        self.collector.add(migration, &Direction::of(sql), None);
    }

    fn formatted(&mut self, name: &Path, path: &Path, text: &str) {
        let changesets = match changesets(text, path) {
            Ok(changesets) => changesets,
            Err(problems) => return self.collector.problems.extend(problems),
        };
        for changeset in changesets {
            match changeset.attributes.decision(path, changeset.line) {
                Ok(Decision::Take) => self.changeset(name, path, &changeset),
                Ok(Decision::Repeat) => self.object(name, path, &changeset),
                Ok(Decision::Leave { attribute }) => {
                    let (path, line) = (path.to_owned(), Some(changeset.line));
                    let remark = Remark::NotForPostgres { attribute };
                    self.collector.history.notes.push(Note { path, line, remark });
                }
                Err(problems) => self.collector.problems.extend(problems),
            }
        }
    }

    fn changeset(&mut self, name: &Path, path: &Path, changeset: &Changeset) {
        let name = changeset.logical_path.as_deref().unwrap_or(name);
        let migration = migration(name, path, &changeset.id, &changeset.author, &changeset.comment);
        let direction = |(first_line, text): &(u32, String), delimiter| Direction {
            parts: vec![Sql {
                path: path.to_owned(),
                first_line: *first_line,
                text: changeset.attributes.sql(text, delimiter),
            }],
            without_transaction: changeset.attributes.is_off("runInTransaction"),
        };
        let downgrade = changeset.rollback.as_ref().map(|rollback| direction(rollback, "rollbackEndDelimiter"));
        self.collector.add(migration, &direction(&changeset.sql, "endDelimiter"), downgrade.as_ref());
    }

    /// A changeset with `runOnChange`. Its name is the revision id of its version, which identifies its row in the table.
    fn object(&mut self, name: &Path, path: &Path, changeset: &Changeset) {
        let Changeset { id, author, sql: (first_line, text), .. } = changeset;
        let object = revision_id(&version(changeset.logical_path.as_deref().unwrap_or(name), id, author));
        let text = changeset.attributes.sql(text, "endDelimiter");
        self.collector.add_object(&object, &origin(path, id, author), path, *first_line, &text);
    }
}

/// Whether Liquibase takes a file of a folder for a changelog. It ignores others.
fn is_changelog(name: &Path) -> bool {
    let extension = name.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    ["sql", "xml", "yaml", "yml", "json"].contains(&extension.as_str())
}

/// Whether a file, or a directory that it is in, is hidden.
fn is_hidden(name: &Path) -> bool {
    name.iter().any(|part| part.to_string_lossy().starts_with('.'))
}

/// The version of a changeset: the three columns that identify it in the table.
fn version(file: &Path, id: &str, author: &str) -> String {
    format!("{}::{id}::{author}", file.display())
}

fn origin(path: &Path, id: &str, author: &str) -> String {
    format!("{}, changeset {id} by {author}", file_name(path))
}

fn migration(name: &Path, path: &Path, id: &str, author: &str, comment: &str) -> Migration {
    let text = if comment.is_empty() { id } else { comment };
    Migration {
        message: message::of_text(text, id),
        description: format!("Imported from {}", origin(path, id, author)),
        source: path.to_owned(),
        ..Migration::of_version(version(name, id, author))
    }
}
