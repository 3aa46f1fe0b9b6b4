//! `db import`: converts the migrations of another tool, proves that the revisions create the same database, and writes
//! the revision files.

mod alembic;
mod old_tool;
mod proof;
pub(crate) mod rows;

use std::path::{Path, PathBuf};

use ::import::{
    History, NewFile, Problem, Tool, WriteError, check_objects, compose, compose_objects, read, write, write_objects,
};
use anyhow::{Result, bail};
use revision::TransactionMode;
use serde_json::json;

use crate::at_heads::Place;
use crate::finding::{counted, data, json_line, message};
use crate::fixture::next_to;
use alembic::Recorded;
use old_tool::OldTool;
use proof::Reference;

/// What to import.
pub(crate) struct Request<'r> {
    pub(crate) tool: Tool,
    /// The directory or file with the migrations.
    pub(crate) source: &'r Path,
    /// The directory to write to.
    pub(crate) directory: &'r Path,
    /// The server on which databases are created.
    pub(crate) place: Place<'r>,
    /// Whether to prove that the revisions are equivalent.
    pub(crate) has_proof: bool,
    /// The tool's program, instead of the one on the PATH. For Alembic, the project's Python.
    pub(crate) program: Option<&'r Path>,
    /// Whether migrations that are programs become empty revisions.
    pub(crate) empty_programs: bool,
    /// Whether to print JSON lines.
    pub(crate) json: bool,
}

/// Imports. Returns whether the files were written.
pub(crate) fn run(request: &Request<'_>) -> Result<bool> {
    let recorded = match request.tool {
        Tool::Alembic => Some(Recorded::new(request.source, request.program, &request.place, request.has_proof)?),
        _ => None,
    };
    let recording = recorded.as_ref().map(Recorded::path);
    let history = match read(request.tool, recording.as_deref().unwrap_or(request.source)) {
        Ok(history) => history,
        Err(problems) => return refuse(problems),
    };
    if !history.programs.is_empty() && !request.empty_programs {
        return refuse(history.programs.iter().map(|path| Problem::ProgramCode { path: path.clone() }).collect());
    }
    print(&history, request.json);
    let invalid = |errors: Vec<WriteError>| {
        errors.iter().for_each(|error| message(&format!("error: {error}")));
        anyhow::anyhow!("the revisions would not be valid; nothing was written")
    };
    let files = compose(&history).map_err(invalid)?;
    let objects = compose_objects(&history).map_err(invalid)?;
    if request.has_proof {
        let program: Box<dyn Reference> = match recorded {
            Some(recorded) => Box::new(recorded),
            None => Box::new(OldTool::of(request.tool, request.program)?),
        };
        if !proof::run(&*program, request.source, &files, &objects, &request.place)? {
            message("nothing was written; use `--no-proof` to write the revisions anyway");
            return Ok(false);
        }
    }
    let in_objects = next_to(request.directory, "objects");
    check_objects(&history, &in_objects)?;
    let written = write(&files, request.directory)?;
    let new_objects = write_objects(&history, &in_objects)?;
    for path in &new_objects {
        match request.json {
            true => json_line(&json!({"object": path.file_stem().map(|name| name.to_string_lossy()), "path": path})),
            false => data(&path.display().to_string()),
        }
    }
    report(request, &history, &files, &written);
    Ok(true)
}

/// Prints what can't be converted.
fn refuse(problems: Vec<Problem>) -> Result<bool> {
    problems.iter().for_each(|problem| message(&format!("error: {problem}")));
    let count = problems.len();
    let is_program = |problem: &Problem| matches!(problem, Problem::ProgramCode { .. });
    let next = match problems.iter().all(is_program) {
        true => {
            "\n  next: use `--empty-programs` to write an empty revision in place of each, and write its SQL by hand"
        }
        false => "",
    };
    bail!("{}: nothing was written{next}", counted(count, "problem"));
}

/// Prints what a person must review.
fn print(history: &History, json: bool) {
    if json {
        let note =
            |note: &::import::Note| json!({"note": note.remark.to_string(), "path": note.path, "line": note.line});
        history.notes.iter().for_each(|found| json_line(&note(found)));
        let skipped = |file: &::import::Skipped| json!({"skipped": file.reason.to_string(), "path": file.path});
        history.skipped.iter().for_each(|file| json_line(&skipped(file)));
        return;
    }
    history.notes.iter().for_each(|note| message(&format!("note: {note}")));
    history.skipped.iter().for_each(|file| message(&format!("skipped: {file}")));
}

fn report(request: &Request<'_>, history: &History, files: &[NewFile], written: &[PathBuf]) {
    for (migration, file) in history.migrations.iter().zip(files) {
        let path = request.directory.join(&file.name);
        if !written.contains(&path) {
            continue;
        }
        match request.json {
            true => json_line(&json!({"revision": migration.revision, "version": migration.version, "path": path})),
            false => data(&path.display().to_string()),
        }
    }
    let irreversible = history.migrations.iter().filter(|migration| migration.downgrade.is_none()).count();
    let off = history.migrations.iter().filter(|migration| migration.transaction == TransactionMode::Off).count();
    message(&format!(
        "imported {} from {}: {} written, {} irreversible, {off} with `Transaction: off`, {} to review, {} skipped",
        counted(files.len(), "revision"),
        request.tool,
        written.len(),
        irreversible,
        counted(history.notes.len(), "note"),
        counted(history.skipped.len(), "file"),
    ));
    if !history.objects.is_empty() {
        message(&format!(
            "imported {} of `objects`, which are applied after the revisions whenever their text changes",
            counted(history.objects.len(), "file")
        ));
    }
    message("next steps:");
    message("  1. `cargo xtask db verify` tries every downgrade");
    message("  2. `cargo xtask db adopt` records in a database what the old tool has applied to it");
    let heads: Vec<String> = history.heads().map(|head| format!("\"{head}\"")).collect();
    let until = match &heads[..] {
        // There are only files of `objects`.
        [] => return,
        [head] => head.clone(),
        heads => format!("[{}]", heads.join(", ")),
    };
    message(&format!(
        "  3. in xtask.toml, `until = {until}` in `[adopted]` leaves the imported revisions out of lint and verify"
    ));
}
