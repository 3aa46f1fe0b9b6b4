//! Migrations with a file for each direction, ordered by number.

use std::path::PathBuf;

use crate::date;
use crate::history::Migration;
use crate::message;
use crate::note::{Note, Reason, Remark, Skipped};
use crate::problem::Problem;
use crate::sections::{Collector, Direction};
use crate::sql::Sql;

/// A file, by its name.
#[derive(Debug)]
pub(crate) struct FileName {
    pub(crate) number: i128,
    /// The version, as the tool's table has it.
    pub(crate) version: String,
    /// The part that describes it.
    pub(crate) name: String,
    pub(crate) is_down: bool,
    /// Whether it is a program, not SQL.
    pub(crate) is_program: bool,
    pub(crate) path: PathBuf,
}

impl FileName {
    /// The migration of this file, without sections.
    pub(crate) fn migration(&self) -> Migration {
        Migration {
            message: message::of_name(&self.name, &self.version),
            description: format!("Imported from {}", file_name(&self.path)),
            create_date: date::of_version(&self.version),
            source: self.path.clone(),
            ..Migration::of_version(&self.version)
        }
    }
}

/// The last component of a path, in one line.
pub(crate) fn file_name(path: &std::path::Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Adds the migrations of these files. A downgrade file without an upgrade file is skipped for that reason, or is a
/// migration that does nothing.
pub(crate) fn pairs(
    mut files: Vec<FileName>,
    only_down: Option<Reason>,
    direction: impl Fn(Sql) -> Direction,
    collector: &mut Collector,
) {
    files.sort_by(|one, other| (one.number, one.is_down, &one.path).cmp(&(other.number, other.is_down, &other.path)));
    for files in files.chunk_by(|one, other| one.number == other.number) {
        let duplicate = files.windows(2).find(|pair| pair[0].is_down == pair[1].is_down);
        if let Some([one, other]) = duplicate {
            let paths = [one.path.clone(), other.path.clone()];
            collector.problems.push(Problem::SameVersion { version: one.version.clone(), files: paths });
            continue;
        }
        let up = files.iter().find(|file| !file.is_down);
        let down = files.iter().find(|file| file.is_down);
        if let (None, Some(down), Some(reason)) = (up, down, &only_down) {
            collector.history.skipped.push(Skipped { path: down.path.clone(), reason: reason.clone() });
            continue;
        }
        let mut read = |file: Option<&FileName>| {
            let file = file?;
            if file.is_program {
                collector.program(&file.path);
                return None;
            }
            Sql::of_file(&file.path).map(&direction).map_err(|problem| collector.problems.push(problem)).ok()
        };
        let (upgrade, downgrade) = (read(up), read(down));
        let Some(file) = up.or(down) else { continue };
        if up.is_none() {
            let note = Note { path: file.path.clone(), line: None, remark: Remark::NoUpgrade };
            collector.history.notes.push(note);
        }
        collector.add(file.migration(), &upgrade.unwrap_or_default(), downgrade.as_ref());
    }
}
