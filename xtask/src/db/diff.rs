//! `diff`, `revision --autogenerate` and `check --drift`: what takes one schema to another, and back. The program `verify` makes
//! the schemas on scratch databases, plans and proves; it gets the schema of a database, not the connection.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use connection::Connection;
use revision::{Directory, RevisionGraph};
use schema::Schema;
use serde_json::{Value, json};

use super::author::NewRevision;
use super::choose::Database;
use super::exchange::{Answer, Danger, Part, Purpose, Request, Side, Step, section};
use super::likely::Offered;
use super::task::Db;
use crate::cli::{DiffArguments, DriftMode, FormArguments};
use crate::config::Drift;
use crate::report::{EXIT_BEHIND, EXIT_USAGE, Failure, counted};
use crate::workspace;

/// A side, and the major version of its server if it is a database.
pub(super) type Read = (Side, Option<String>);

impl Db<'_> {
    pub(super) fn diff(&mut self, arguments: DiffArguments) -> Result<()> {
        if self.url.is_some() {
            let hint = "name the database with `--from` or `--to`";
            return Err(Failure::new("`--url` names none of two schemas").hint(hint).code(EXIT_USAGE).into());
        }
        if let Some(message) = arguments.message.filter(|_| arguments.write) {
            let head = if arguments.head.is_empty() { vec!["head".to_owned()] } else { arguments.head };
            let (branch_label, depends_on) = (Vec::new(), Vec::new());
            let new = NewRevision { message, head, splice: false, branch_label, depends_on, rev_id: None };
            return self.autogenerate(new, arguments.to.as_deref(), arguments.form);
        }
        let graph = self.graph_if_any()?;
        let from = match &arguments.from {
            Some(from) => self.side(from, &graph)?,
            None => (at_heads(&graph), None),
        };
        let to = self.desired(arguments.to.as_deref(), &graph)?;
        let answer = self.ask_for_difference(from, to, &arguments.form, Purpose::Show)?;
        self.show_answer(&answer);
        answer.likely.iter().for_each(|(old, new)| self.mention_rename(old, new));
        match answer.steps.iter().map(|step| step.upgrade.len()).sum() {
            0 => {
                self.context.report.message("the schemas are equal");
                Ok(())
            }
            count => Err(Failure::new(format!("the schemas differ by {}", counted(count, "statement")))
                .code(EXIT_BEHIND)
                .into()),
        }
    }

    /// Writes revisions that take the schema of the revisions to the desired one.
    pub(super) fn autogenerate(&mut self, new: NewRevision, to: Option<&str>, mut form: FormArguments) -> Result<()> {
        if !self.directory.exists() {
            fs::create_dir_all(&self.directory).with_context(|| format!("`{}`", self.directory.display()))?;
        }
        let graph = RevisionGraph::read(&self.source())?;
        let parents = self.parents_of(&graph, &new)?;
        let to = self.desired(to, &graph)?;
        let mut offered = Offered::new();
        let answer = loop {
            let purpose = Purpose::Write { parents: parents.clone() };
            let answer = self.ask_for_difference((at_heads(&graph), None), to.clone(), &form, purpose)?;
            // With a table renamed, its columns may look so, too.
            if !self.offer_renames(&answer.likely, &mut form, &mut offered)? {
                break answer;
            }
        };
        if answer.steps.is_empty() {
            self.context.report.message("nothing to write: the revisions make the desired schema");
            return Ok(());
        }
        self.write_steps(new, &answer.steps)?;
        let parts = answer.steps.iter().flat_map(|step| step.upgrade.iter().chain(&step.downgrade));
        let questions: usize = parts.map(|part| part.questions.len()).sum();
        if questions > 0 {
            self.context.report.message(format!(
                "{} to answer before anything runs: `cargo xtask db lint` lists the lines `-- Unanswered:`",
                counted(questions, "question")
            ));
        }
        Ok(())
    }

    /// Prints what would undo what the database has, beside what its revisions make.
    pub(super) fn check_drift(&mut self, mode: DriftMode, postgres: &str) -> Result<()> {
        let wanted = match mode {
            DriftMode::Error => Drift::Error,
            DriftMode::Warn => Drift::Warn,
            DriftMode::Configured => self.context.config.database.drift,
        };
        // After a step of a release that has found a newer one's revisions, whose schema this checkout does not know.
        if mode == DriftMode::Configured && wanted != Drift::Off && self.has_unknown_rows()? {
            self.context
                .report
                .message("drift is not checked: the database is at revisions that are not in this checkout");
            return Ok(());
        }
        match wanted {
            Drift::Off => {
                self.context.report.message("drift is not checked (`drift` in `[database]` of xtask.toml)");
                Ok(())
            }
            Drift::Error => self.drift(postgres),
            Drift::Warn => {
                if let Err(error) = self.drift(postgres) {
                    self.context.report.warn(Failure::one_line(&error));
                }
                Ok(())
            }
        }
    }

    fn has_unknown_rows(&mut self) -> Result<bool> {
        let (graph, state) = (self.read_graph()?, Database::choose(self)?.connect(self)?.state()?);
        Ok(state.rows.iter().any(|row| graph.find(row).is_none() && graph.squash_of(row).is_none()))
    }

    fn drift(&mut self, postgres: &str) -> Result<()> {
        let graph = self.read_graph()?;
        let database = Database::choose(self)?;
        let mut session = database.connect(self)?;
        let state = session.state()?;
        let at = session.heads(&state, &graph)?;
        let heads: Vec<_> = graph.real_heads().collect();
        let to = match at.as_slice() {
            [] => Side::Base,
            at if at.len() == heads.len() && heads.iter().all(|head| at.contains(head)) => at_heads(&graph),
            at => Side::Revisions(at.iter().map(|&node| graph.id(node).to_owned()).collect()),
        };
        let tables = session.tables().clone();
        let from = read_database(session.connection(), &tables.names(), database.settings.describe())?;
        drop(session);
        let form = FormArguments { renames: Vec::new(), offline: false, postgres: postgres.to_owned() };
        let answer = self.ask_for_difference(from, (to, None), &form, Purpose::Drift)?;
        self.show_answer(&answer);
        let count = answer.steps.iter().map(|step| step.upgrade.len()).sum::<usize>();
        let text = match (count, answer.objects.len()) {
            (0, 0) => {
                self.context.report.message("no drift: the database has what its revisions make");
                return Ok(());
            }
            (0, objects) => format!("{} (-: the database, +: the revisions)", counted(objects, "object")),
            (count, _) => format!("undone by {}", counted(count, "statement")),
        };
        let hint = "undo it, or write a revision for it: `cargo xtask db diff --write -m MESSAGE --to URL`";
        let message = format!("the database is not what its revisions make: {text}");
        Err(Failure::new(message).hint(hint).code(EXIT_BEHIND).into())
    }

    /// Asks the program `verify`.
    fn ask_for_difference(&self, from: Read, to: Read, form: &FormArguments, purpose: Purpose) -> Result<Answer> {
        let major = from.1.or(to.1).unwrap_or_else(|| self.context.config.postgres.major.to_string());
        let server = workspace::server_arguments_of(self.context, &form.postgres, &major)?;
        let renames = form.renames.iter().map(|rename| (rename.old.clone(), rename.new.clone())).collect();
        let request = Request { from: from.0, to: to.0, renames, offline: form.offline, purpose };
        let arguments = [vec!["diff".to_owned()], server].concat();
        let failed = match request.purpose {
            Purpose::Write { .. } => "nothing was written",
            Purpose::Show | Purpose::Drift => "the comparison failed",
        };
        let answer = self.output(&arguments, &serde_json::to_string(&request)?, failed)?;
        serde_json::from_str(&answer).context("the answer of the program `verify`")
    }

    fn show_answer(&self, answer: &Answer) {
        let report = &self.context.report;
        if report.is_json() {
            report.json(&answer_json(answer));
            return;
        }
        if !answer.steps.is_empty() {
            report.script(shown(&answer.steps).trim_end());
        }
        answer.objects.iter().flatten().for_each(|line| report.data(line));
    }

    /// The revisions; none if there is no directory for them yet.
    pub(super) fn graph_if_any(&self) -> Result<RevisionGraph> {
        match self.directory.symlink_metadata() {
            Ok(_) => Ok(RevisionGraph::read(&self.source())?),
            Err(_) => Ok(RevisionGraph::new(Vec::new())?),
        }
    }

    /// The desired schema: the one that was named, or the files of the team.
    fn desired(&self, named: Option<&str>, graph: &RevisionGraph) -> Result<Read> {
        if let Some(named) = named {
            return self.side(named, graph);
        }
        let [folder, file] = ["schema", "schema.sql"].map(|name| self.next_to_revisions(name));
        // In the repository of the tool, the folder is that of a crate, with folders of its own.
        let paths = Directory::new(&folder).files_on_top()?;
        if !paths.is_empty() {
            return Ok((Side::Files(paths), None));
        }
        if file.symlink_metadata().is_ok() {
            return Ok((Side::Files(vec![file]), None));
        }
        let (folder, file) = (folder.display(), file.display());
        let message = format!("no desired schema: there is neither `{folder}/*.sql` nor `{file}`");
        let hint = format!("`cargo xtask db dump` writes what the revisions make to {file}: edit that");
        Err(Failure::new(message).hint(hint).into())
    }

    /// What a name on the command line means.
    pub(super) fn side(&self, name: &str, graph: &RevisionGraph) -> Result<Read> {
        if name == "base" {
            return Ok((Side::Base, None));
        }
        if name.contains("://") || name.contains('=') {
            let db = Db {
                context: self.context,
                directory: self.directory.clone(),
                url: Some(name.to_owned()),
                remote: None,
                database: None,
                options: self.options.clone(),
            };
            let database = Database::choose(&db)?;
            let mut session = database.connect(&db)?;
            let tables = session.tables().clone();
            return read_database(session.connection(), &tables.names(), database.settings.describe());
        }
        let resolved = graph.plan_upgrade(&[], name);
        match resolved {
            Ok(_) if !graph.is_empty() => Ok((Side::Revisions(vec![name.to_owned()]), None)),
            _ if Path::new(name).exists() => files(Path::new(name)),
            Ok(_) => Ok((Side::Base, None)),
            Err(_) if name.contains(['/', '.']) => {
                Err(Failure::new(format!("there is no `{name}`: no file, folder or revision")).into())
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The schema that all revisions make.
pub(super) fn at_heads(graph: &RevisionGraph) -> Side {
    if graph.is_empty() { Side::Base } else { Side::Revisions(vec!["heads".to_owned()]) }
}

/// A file, or the files of a folder and the folders below it.
fn files(path: &Path) -> Result<Read> {
    let paths = if path.is_dir() { Directory::new(path).paths_below()? } else { vec![path.to_owned()] };
    if paths.is_empty() {
        return Err(Failure::new(format!("`{}` has no SQL files", path.display())).into());
    }
    Ok((Side::Files(paths), None))
}

/// Reads the schema of a database without the engine's tables.
fn read_database(connection: &mut Connection, except: &[&str], name: String) -> Result<Read> {
    let schema = Schema::read(connection, except)?;
    let major = schema.server_major().to_owned();
    let sql = schema.without_versions().to_sql("");
    let rows = connection.query("SELECT rolname FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_'")?;
    let roles = rows.into_iter().flatten().flatten().filter(|role| sql.contains(role)).collect();
    Ok((Side::Database { name, sql, roles }, Some(major)))
}

/// The steps as a script for a reader: it says where one transaction ends.
fn shown(steps: &[Step]) -> String {
    let mut text = String::new();
    for (index, step) in steps.iter().enumerate() {
        let mode = if step.transaction { "" } else { ", outside a transaction" };
        if steps.len() > 1 || !step.transaction {
            text.push_str(&format!("-- Step {} of {}{mode}\n\n", index + 1, steps.len()));
        }
        text.push_str(&section(&step.upgrade));
        text.push('\n');
    }
    text
}

fn answer_json(answer: &Answer) -> Value {
    let danger = |danger: &Danger| json!({"name": danger.name, "text": danger.text});
    let statement = |part: &Part| json!({"sql": part.sql.trim_end(), "hazards": part.hazards.iter().map(danger).collect::<Vec<_>>()});
    let step = |step: &Step| json!({"transaction": step.transaction, "statements": step.upgrade.iter().map(statement).collect::<Vec<_>>()});
    let is_equal = answer.steps.is_empty() && answer.objects.is_empty();
    let mut value = json!({"equal": is_equal, "steps": answer.steps.iter().map(step).collect::<Vec<_>>()});
    if !answer.objects.is_empty() {
        value["objects"] = json!(answer.objects);
    }
    value
}
