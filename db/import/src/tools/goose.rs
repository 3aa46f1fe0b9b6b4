//! goose: `VERSION_NAME.sql` with the annotations `-- +goose Up`, `Down`, `StatementBegin`, `StatementEnd`, `NO TRANSACTION` and
//! `ENVSUB`.
//!
//! Source: `internal/sqlparser/parser.go`, `migrate.go`, `migration.go`.

use std::path::Path;

use revision::significant;

use crate::directory::entries;
use crate::history::History;
use crate::migration_file::FileName;
use crate::note::{Reason, Skipped};
use crate::problem::Problem;
use crate::sections::{Collector, Direction};
use crate::source_file;
use crate::sql::Sql;

/// Reads the migrations of a directory.
pub(crate) fn read(directory: &Path) -> Result<History, Vec<Problem>> {
    let mut collector = Collector::new("goose_db_version");
    let mut files = Vec::new();
    for entry in entries(directory).map_err(|problem| vec![problem])? {
        let is_program = entry.name.ends_with(".go") && !entry.name.ends_with("_test.go");
        let file = parse(&entry.name, &entry.path).filter(|_| !entry.is_directory);
        match file {
            Some(file) if is_program || entry.name.ends_with(".sql") => files.push(FileName { is_program, ..file }),
            _ => collector.history.skipped.push(Skipped { path: entry.path, reason: Reason::NotRead }),
        }
    }
    files.sort_by(|one, other| (one.number, &one.path).cmp(&(other.number, &other.path)));
    for file in files {
        if file.is_program {
            collector.program(&file.path);
            collector.add(file.migration(), &Direction::default(), None);
            continue;
        }
        match sections(&file.path) {
            Ok((upgrade, downgrade)) => collector.add(file.migration(), &upgrade, downgrade.as_ref()),
            Err(problem) => collector.problems.push(problem),
        }
    }
    collector.finish()
}

fn parse(name: &str, path: &Path) -> Option<FileName> {
    let (version, rest) = name.split_once('_')?;
    let number = version.parse::<i64>().ok().filter(|number| *number > 0)?;
    let name = rest.rsplit_once('.').map_or(rest, |(name, _)| name).to_owned();
    Some(FileName {
        number: number.into(),
        version: number.to_string(),
        name,
        is_down: false,
        is_program: false,
        path: path.to_owned(),
    })
}

/// Reads the annotations of a file, line by line.
struct Reader<'a> {
    path: &'a Path,
    upgrade: Sql,
    downgrade: Option<Sql>,
    began: bool,
    /// The text of the statement since `StatementBegin`.
    statement: Option<String>,
    replaces_variables: bool,
    without_transaction: bool,
}

/// Both directions. As in a revision, one directive applies to both.
fn sections(path: &Path) -> Result<(Direction, Option<Direction>), Problem> {
    let text = source_file::read(path)?;
    let empty = || Sql { path: path.to_owned(), first_line: 1, text: String::new() };
    let mut reader = Reader {
        path,
        upgrade: empty(),
        downgrade: None,
        began: false,
        statement: None,
        replaces_variables: false,
        without_transaction: false,
    };
    for (number, line) in text.split_inclusive('\n').enumerate() {
        reader.line(number as u32 + 1, line)?;
    }
    let last = text.lines().count() as u32;
    if !reader.began {
        return Err(reader.refuse(last, "no `-- +goose Up`"));
    } else if reader.statement.is_some() {
        return Err(reader.refuse(last, "no `-- +goose StatementEnd`"));
    }
    let without_transaction = reader.without_transaction;
    let direction = |sql: Sql| Direction { without_transaction, ..Direction::of(sql) };
    Ok((direction(reader.upgrade), reader.downgrade.map(direction)))
}

impl Reader<'_> {
    fn line(&mut self, number: u32, line: &str) -> Result<(), Problem> {
        let is_comment = line.trim_start().starts_with("--");
        if is_comment && line.contains("+goose") {
            let annotation = line.replace("--", "").replacen("+goose", "", 1);
            return self.annotation(number, annotation.trim(), line);
        }
        if !self.began && !is_comment && !line.trim().is_empty() {
            return Err(self.refuse(number, "a statement before `-- +goose Up`"));
        }
        if self.replaces_variables && line.contains('$') && !is_comment {
            let what = "goose replaces `$NAME` with environment variables: write the intended text";
            return Err(self.unsupported(number, what.to_owned()));
        }
        if let Some(statement) = &mut self.statement {
            statement.push_str(line);
        }
        self.section().push_str(line);
        Ok(())
    }

    fn annotation(&mut self, number: u32, annotation: &str, line: &str) -> Result<(), Problem> {
        let mut instead = "";
        match annotation.to_ascii_lowercase().as_str() {
            "up" if !self.began => self.began = true,
            "down" if self.began && self.downgrade.is_none() && self.statement.is_none() => {
                let (path, first_line) = (self.path.to_owned(), number);
                self.downgrade = Some(Sql { path, first_line, text: String::new() });
            }
            "statementbegin" if self.began && self.statement.is_none() => self.statement = Some(String::new()),
            "statementend" if self.statement.is_some() => {
                // It ends the statement here; for the splitter, only a semicolon does.
                let statement = self.statement.take().unwrap_or_default();
                let last = significant(&statement).last().copied();
                instead = if last.is_none_or(|last| last == ";") { "" } else { ";" };
            }
            "no transaction" => self.without_transaction = true,
            "envsub on" => self.replaces_variables = true,
            "envsub off" => self.replaces_variables = false,
            _ => return Err(self.refuse(number, &format!("`{}`", line.trim()))),
        }
        // Lines keep their number.
        self.section().push_str(&format!("{instead}\n"));
        Ok(())
    }

    fn section(&mut self) -> &mut String {
        &mut self.downgrade.as_mut().unwrap_or(&mut self.upgrade).text
    }

    fn refuse(&self, line: u32, what: &str) -> Problem {
        self.unsupported(line, format!("{what}: goose refuses it"))
    }

    fn unsupported(&self, line: u32, what: String) -> Problem {
        Problem::Unsupported { path: self.path.to_owned(), line: Some(line), what }
    }
}
