//! Runs the project's own Python to record what the revisions of an Alembic project do. The crate `import` converts the recording.
//!
//! Python gets the scratch database as libpq's variables, and no other database.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use cluster::Needs;
use connection::Settings;

/// Reads its standard input as the program.
const RECORDER: &str = include_str!("recorder.py");

/// Environments that projects usually have, next to their configuration.
const ENVIRONMENTS: [&str; 4] = [".venv", "venv", "env", ".virtualenv"];

/// What env.py of many projects reads. Connections go to the scratch database, whatever it says.
const DATABASE_URL: &str = "postgresql://localhost/import";

/// An Alembic project.
pub(crate) struct Project {
    configuration: PathBuf,
    python: PathBuf,
    /// Variables for env.py.
    variables: Vec<(String, String)>,
}

impl Project {
    /// Finds the configuration, and a Python with Alembic: the given one, the active virtual environment, that of the project,
    /// or `python3`.
    pub(crate) fn find(source: &Path, python: Option<&Path>, variables: Vec<(String, String)>) -> Result<Self> {
        let configuration = configuration(source)?;
        let python = match python {
            Some(python) => python.to_owned(),
            None => find_python(configuration.parent().unwrap_or(Path::new("."))),
        };
        let project = Self { configuration, python, variables };
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
                 the project's Python with `--python`"
            );
        }
        Ok(())
    }

    /// Records the revisions, as JSON. All also run on the scratch database, if there is one.
    pub(crate) fn record(&self, scratch: Option<&Settings>) -> Result<String> {
        let mut command = Needs::Python.command(&self.python);
        command.env("DATABASE_URL", DATABASE_URL).envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(scratch) = scratch {
            command.env("IMPORT_SCRATCH", "1").envs(scratch.to_environment());
        }
        command.arg("-").arg(&self.configuration).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot run `{}`", self.python.display()))?;
        let mut input = child.stdin.take().context("standard input is piped")?;
        // A failed write means that Python has exited, and its output says why.
        let _ = input.write_all(RECORDER.as_bytes());
        drop(input);
        let output = child.wait_with_output().context("cannot read Python's output")?;
        if !output.status.success() || output.stdout.is_empty() {
            let error = String::from_utf8_lossy(&output.stderr);
            bail!("`{}` can't read the Alembic project:\n{}", self.python.display(), error.trim_end());
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
