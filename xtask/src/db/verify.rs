//! `lint`, `verify`, `trace` and `dump`, which the crate `verify` runs as a separate program: it is too slow to compile for
//! every release.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Context as _, Result};
use xshell::{Cmd, Shell};

use super::task::Db;
use crate::report::Failure;
use crate::{process, workspace};

impl Db<'_> {
    pub(super) fn lint(&self, since: Option<&str>, format: &str) -> Result<()> {
        let format = if self.context.report.is_json() { "json" } else { format };
        let major = self.context.config.postgres.major.to_string();
        let mut arguments = vec!["lint", "--format", format, "--major", &major];
        let since = since.map(str::to_owned).or_else(|| self.reviewed());
        if let Some(commit) = &since {
            arguments.extend(["--since", commit]);
        }
        self.verify_program(&arguments, "the linter found problems")
    }

    /// In CI, the commit whose revisions have been reviewed.
    fn reviewed(&self) -> Option<String> {
        let base = &self.context.config.lint.since;
        if !self.context.is_ci() {
            return None;
        }
        let known = process::git_commit(&self.directory, base);
        self.context.report.message(match known {
            Some(_) => format!("linting the revisions that are not in `{base}`"),
            None => format!("linting every revision: git does not know `{base}`"),
        });
        known.map(|_| base.clone())
    }

    pub(super) fn verify(&self, since: Option<String>, postgres: &str) -> Result<()> {
        let mut arguments = self.on_a_server("round-trip", postgres)?;
        if self.context.report.is_json() {
            arguments.extend(["--format", "json"].map(str::to_owned));
        }
        if let Some(revision) = since {
            arguments.extend(["--since".to_owned(), revision]);
        }
        self.verify_program(&arguments, "the verification failed")
    }

    pub(super) fn trace(&self, revision: Option<String>, rows: u64, postgres: &str) -> Result<()> {
        let mut arguments = self.on_a_server("trace", postgres)?;
        arguments.extend(["--rows".to_owned(), rows.to_string()]);
        if self.context.report.is_json() {
            arguments.push("--json".to_owned());
        }
        arguments.extend(revision);
        self.verify_program(&arguments, "the trace failed")
    }

    /// Writes the schema that the revisions create to the `schema.sql` next to their directory.
    pub(super) fn write_schema(&self, postgres: &str) -> Result<()> {
        let shell = process::shell(&std::env::current_dir().context("the current directory")?)?;
        let dump = self.command(&shell, &self.on_a_server("dump", postgres)?)?;
        let schema = dump.read().map_err(|_| Failure::new("could not dump the schema"))?;
        let path = self.directory.parent().unwrap_or(Path::new("")).join("schema.sql");
        regular_file::write(&path, schema + "\n").with_context(|| path.display().to_string())?;
        self.context.report.message(format!("wrote {}", path.display()));
        Ok(())
    }

    fn on_a_server(&self, task: &str, postgres: &str) -> Result<Vec<String>> {
        Ok([vec![task.to_owned()], workspace::server_arguments(self.context, postgres)?].concat())
    }

    fn verify_program(&self, arguments: &[impl AsRef<OsStr>], failed: &str) -> Result<()> {
        let shell = process::shell(&std::env::current_dir().context("the current directory")?)?;
        self.command(&shell, arguments)?.run().map_err(|_| Failure::new(failed).into())
    }

    fn command<'shell>(&self, shell: &'shell Shell, arguments: &[impl AsRef<OsStr>]) -> Result<Cmd<'shell>> {
        Ok(workspace::verify(self.context, shell)?.arg("--dir").arg(&self.directory).args(arguments))
    }
}
