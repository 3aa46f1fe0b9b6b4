//! Runs the Python of an Alembic project to record what its revisions do. The crate `import` converts the recording.
//!
//! Python gets the scratch database as libpq's variables, and no other database.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use cluster::{Needs, PrivateDirectory};
use connection::{Settings, quote_identifier};
use serde_json::Value;

use super::proof::Reference;
use crate::at_heads::Place;
use crate::finding::message;
use crate::scratch::TemporaryDatabase;
use crate::server::Server;

/// The program, which Python reads from its standard input.
const RECORDER: &str = concat!(
    include_str!("alembic/literals.py"),
    include_str!("alembic/recorder.py"),
    include_str!("alembic/runs.py"),
    include_str!("alembic/project.py")
);

/// Environments that projects usually have, next to their configuration.
const ENVIRONMENTS: [&str; 4] = [".venv", "venv", "env", ".virtualenv"];

/// Many projects' env.py reads this variable. Connections go to the scratch database regardless of its value.
const DATABASE_URL: &str = "postgresql://localhost/import";

/// A recorded Alembic project.
pub(super) struct Recorded {
    project: Project,
    /// The version table, quoted and qualified.
    tables: Vec<String>,
    folder: PrivateDirectory,
}

impl Recorded {
    /// Records a project. Without a server, what needs a database is not recorded.
    pub(super) fn new(source: &Path, python: Option<&Path>, place: &Place<'_>, needs_server: bool) -> Result<Self> {
        let project = Project::find(source, python)?;
        let text = match Server::start(place.choice, place.target, place.major) {
            Ok(server) => project.record_on(&server)?,
            Err(error) if needs_server => return Err(error),
            Err(error) => {
                message(&format!("note: nothing runs on a scratch database: {error:#}"));
                project.record(None)?
            }
        };
        let folder = PrivateDirectory::create(&std::env::temp_dir(), "import-")?;
        let recorded = Self { project, tables: version_table(&text)?, folder };
        fs::write(recorded.path(), text).context("the recording")?;
        Ok(recorded)
    }

    /// The recording.
    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("recording.json")
    }
}

impl Reference for Recorded {
    fn name(&self) -> &'static str {
        "alembic"
    }

    fn tables(&self) -> Vec<String> {
        self.tables.clone()
    }

    fn run(&self, _source: &Path, settings: &Settings) -> Result<Duration> {
        let start = Instant::now();
        self.project.python(self.project.command(Some(settings)).arg("upgrade"))?;
        Ok(start.elapsed())
    }
}

fn version_table(recording: &str) -> Result<Vec<String>> {
    let recording: Value = serde_json::from_str(recording).context("the recording is not JSON")?;
    let Some(table) = recording["version_table"].as_str() else { return Ok(Vec::new()) };
    let schema = recording["version_table_schema"].as_str().unwrap_or("public");
    Ok(vec![format!("{}.{}", quote_identifier(schema), quote_identifier(table))])
}

/// An Alembic project, and the Python that runs it.
struct Project {
    configuration: PathBuf,
    python: PathBuf,
}

impl Project {
    /// Finds the configuration, and a Python with Alembic: the given one, the active virtual environment, that of the project,
    /// or `python3`.
    fn find(source: &Path, python: Option<&Path>) -> Result<Self> {
        let configuration = configuration(source)?;
        let python = match python {
            Some(python) => python.to_owned(),
            None => find_python(configuration.parent().unwrap_or(Path::new("."))),
        };
        let project = Self { configuration, python };
        project.check_python()?;
        Ok(project)
    }

    fn check_python(&self) -> Result<()> {
        let python = self.python.display();
        let mut command = Needs::Python.command(&self.python);
        let output = command.args(["-c", "import alembic, sqlalchemy"]).stdin(Stdio::null()).output();
        let output = output.with_context(|| format!("cannot run `{python}`"))?;
        if !output.status.success() {
            let error = String::from_utf8_lossy(&output.stderr);
            let last = error.lines().last().unwrap_or("it exits without a message");
            bail!(
                "`{python}` can't import Alembic: {last}\n  next: run `{python} -m pip install alembic psycopg2-binary`, or name \
                 the project's Python with `--program`"
            );
        }
        Ok(())
    }

    /// Records the revisions in a database of a server, and drops the roles that they have created.
    fn record_on(&self, server: &Server) -> Result<String> {
        const ROLES: &str = "SELECT rolname FROM pg_catalog.pg_roles ORDER BY 1";
        let before = server.session()?.query(ROLES)?;
        let text = self.record(Some(TemporaryDatabase::create(server)?.settings()))?;
        let mut session = server.session()?;
        for row in session.query(ROLES)?.into_iter().filter(|row| !before.contains(row)) {
            let Some(name) = row.into_iter().flatten().next() else { continue };
            // Other users of the server also create roles.
            if text.contains(&name) {
                session.send(&format!("DROP ROLE {}", quote_identifier(&name)))?;
            }
        }
        Ok(text)
    }

    /// Records the revisions, as JSON. They also run on the scratch database, if there is one.
    fn record(&self, scratch: Option<&Settings>) -> Result<String> {
        self.python(&mut self.command(scratch))
    }

    /// Python with the recorder on the project.
    fn command(&self, scratch: Option<&Settings>) -> Command {
        let mut command = Needs::Python.command(&self.python);
        command.env("DATABASE_URL", DATABASE_URL);
        if let Some(scratch) = scratch {
            command.env("IMPORT_SCRATCH", "1").envs(scratch.to_environment());
        }
        command.arg("-").arg(&self.configuration);
        command
    }

    /// Runs the recorder, and returns its standard output.
    fn python(&self, command: &mut Command) -> Result<String> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot run `{}`", self.python.display()))?;
        let mut input = child.stdin.take().context("standard input is piped")?;
        // A failed write means that Python has exited, and its output says why.
        let _ = input.write_all(RECORDER.as_bytes());
        drop(input);
        let output = child.wait_with_output().context("cannot read Python's output")?;
        if !output.status.success() {
            let error = String::from_utf8_lossy(&output.stderr);
            bail!("`{}` can't run the Alembic project:\n{}", self.python.display(), error.trim_end());
        }
        String::from_utf8(output.stdout).context("the recording is not UTF-8")
    }
}

/// The configuration of a project: the file itself, or the one in a folder.
fn configuration(source: &Path) -> Result<PathBuf> {
    if source.is_file() {
        return Ok(std::path::absolute(source)?);
    }
    let names = ["alembic.ini", "migrations/alembic.ini"].map(|name| source.join(name));
    let toml = source.join("pyproject.toml");
    let is_alembic = |path: &Path| regular_file::read_to_string(path).is_ok_and(|text| text.contains("[tool.alembic]"));
    let found = names.into_iter().find(|path| path.is_file()).or_else(|| is_alembic(&toml).then_some(toml));
    match found {
        Some(found) => Ok(std::path::absolute(found)?),
        None => bail!(
            "`{}` has no `alembic.ini`, and no `pyproject.toml` with `[tool.alembic]`: name the folder or the file of an Alembic \
             project",
            source.display()
        ),
    }
}

fn find_python(project: &Path) -> PathBuf {
    let active = Needs::Python.variables().into_iter().find(|(name, _)| name == "VIRTUAL_ENV");
    let environments = active.map(|(_, path)| PathBuf::from(path)).into_iter();
    let of_project = ENVIRONMENTS.iter().map(|name| project.join(name));
    let programs = environments.chain(of_project).map(|environment| environment.join("bin/python"));
    programs.into_iter().find(|python| python.is_file()).unwrap_or("python3".into())
}
