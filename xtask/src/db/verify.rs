//! `lint`, `verify`, `trace`, `dump` and `types`, which the crate `verify` runs as a separate program: it is too slow to compile for
//! every release.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use revision::{ObjectFile, similar};
use xshell::{Cmd, Shell};

use super::task::Db;
use crate::release::DIAGRAM;
use crate::report::{EXIT_USAGE, Failure};
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
        let adopted = self.adopted();
        arguments.extend(adopted.iter().map(String::as_str));
        self.verify_program(&arguments, "the linter found problems")
    }

    /// The arguments with the newest revisions that existed when the history was adopted.
    fn adopted(&self) -> Vec<String> {
        let until = self.context.config.adopted.until().iter().filter(|_| self.has_configured_revisions());
        until.map(|revision| format!("--adopted={revision}")).collect()
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
        if let (Some(role), Some(file)) = (&self.context.config.types.role, self.types_file())
            && self.has_configured_revisions()
        {
            let file = file.to_str().context("the name of the file with the types is not UTF-8")?;
            arguments.extend(["--role", role, "--types", file].map(str::to_owned));
        }
        if let Some(revision) = since {
            arguments.extend(["--since".to_owned(), revision]);
        }
        arguments.extend(self.adopted());
        self.verify_program(&arguments, "the verification failed")
    }

    pub(super) fn trace(&self, revision: Option<String>, objects: &[String], rows: u64, postgres: &str) -> Result<()> {
        let mut arguments = self.on_a_server("trace", postgres)?;
        for name in self.object_names(objects)? {
            arguments.extend(["--object".to_owned(), name]);
        }
        arguments.extend(["--rows".to_owned(), rows.to_string()]);
        if self.context.report.is_json() {
            arguments.push("--json".to_owned());
        }
        arguments.extend(revision);
        self.verify_program(&arguments, "the trace failed")
    }

    /// `rehearse --copy`: traces the revisions on a restored dump.
    pub(super) fn rehearse_copy(&self, dump: &Path, target: &str, postgres: &str) -> Result<()> {
        if self.url.is_some() {
            let hint = "remove `--url`, or name a server for the copy with `--postgres`";
            return Err(Failure::new("`--copy` uses no database but the dump").hint(hint).code(EXIT_USAGE).into());
        }
        let mut arguments = self.on_a_server("rehearse", postgres)?;
        arguments.push("--dump".to_owned());
        arguments.push(dump.to_str().context("the name of the dump is not UTF-8")?.to_owned());
        if self.context.report.is_json() {
            arguments.push("--json".to_owned());
        }
        arguments.push(format!("--target-revision={target}"));
        arguments.push(format!("--version-table={}", self.options.version_table));
        arguments
            .extend(self.options.version_table_schema.iter().map(|schema| format!("--version-table-schema={schema}")));
        self.verify_program(&arguments, "the rehearsal failed")
    }

    /// The names of files in `objects`, each given by its name or its path.
    fn object_names(&self, given: &[String]) -> Result<Vec<String>> {
        if given.is_empty() {
            return Ok(Vec::new());
        }
        let objects = self.read_objects()?;
        let find = |given: &String| {
            let is_meant = |file: &&ObjectFile| file.name() == given || file.path() == Path::new(given);
            objects.files().iter().find(is_meant).map(|file| file.name().to_owned()).ok_or_else(|| {
                let failure = Failure::new(format!("no file `{given}` in `objects`")).code(EXIT_USAGE);
                match similar(given, objects.files().iter().map(ObjectFile::name)) {
                    Some(name) => failure.hint(format!("did you mean `{name}`?")).into(),
                    None => failure.into(),
                }
            })
        };
        given.iter().map(find).collect()
    }

    /// Writes the schema that the revisions create to the `schema.sql` next to their directory, and draws it again if it has
    /// been drawn.
    pub(super) fn write_schema(&self, postgres: &str) -> Result<()> {
        let path = self.next_to_revisions("schema.sql");
        self.write_output(&path, &self.on_a_server("dump", postgres)?, "could not dump the schema")?;
        match self.next_to_revisions(DIAGRAM).symlink_metadata() {
            Ok(_) => self.write_diagram(postgres),
            Err(_) => Ok(()),
        }
    }

    /// Writes the drawing of the schema that the page of the release shows.
    pub(super) fn write_diagram(&self, postgres: &str) -> Result<()> {
        let arguments = [self.on_a_server("diagram", postgres)?, vec!["--release".to_owned()]].concat();
        self.write_output(&self.next_to_revisions(DIAGRAM), &arguments, "could not draw the schema")
    }

    /// Writes the types of the tables that the role can see after the revisions.
    pub(super) fn write_types(&self, role: Option<String>, file: Option<PathBuf>, postgres: &str) -> Result<()> {
        let role = self.types_role(role)?;
        let Some(path) = file.or_else(|| self.types_file()) else {
            return Err(Failure::new("no file for the types is configured")
                .hint("`--file`, or `file` in `[types]` of xtask.toml, names the file to write")
                .code(2)
                .into());
        };
        let arguments = [self.on_a_server("types", postgres)?, vec!["--role".to_owned(), role]].concat();
        self.write_output(&path, &arguments, "could not write the types")
    }

    /// The role of the application: the given one, or else that of the settings.
    pub(super) fn types_role(&self, given: Option<String>) -> Result<String> {
        given.or_else(|| self.context.config.types.role.clone()).ok_or_else(|| {
            Failure::new("no role for the types is configured")
                .hint("`--role`, or `role` in `[types]` of xtask.toml, names the role that the application connects as")
                .code(2)
                .into()
        })
    }

    fn types_file(&self) -> Option<PathBuf> {
        let context = self.context;
        context.config.types.file.as_ref().map(|file| context.shorten(&context.root.join(file)))
    }

    /// Whether the revisions are those of the application, whose types are configured.
    pub(super) fn has_configured_revisions(&self) -> bool {
        let configured = self.context.root.join(self.context.config.versions());
        matches!((configured.canonicalize(), self.directory.canonicalize()), (Ok(one), Ok(other)) if one == other)
    }

    /// Writes the output of the program to a file.
    fn write_output(&self, path: &Path, arguments: &[String], failed: &str) -> Result<()> {
        self.write_text(path, self.output(arguments, "", failed)?)
    }

    /// The output of the program for a standard input.
    pub(super) fn output(&self, arguments: &[String], input: &str, failed: &str) -> Result<String> {
        let shell = process::shell(&std::env::current_dir().context("the current directory")?)?;
        self.command(&shell, arguments)?.stdin(input).read().map_err(|_| Failure::new(failed).into())
    }

    /// Writes what a program has printed to a file.
    pub(super) fn write_text(&self, path: &Path, text: String) -> Result<()> {
        regular_file::write(path, text + "\n").with_context(|| path.display().to_string())?;
        self.context.report.message(format!("wrote {}", path.display()));
        Ok(())
    }

    pub(super) fn on_a_server(&self, task: &str, postgres: &str) -> Result<Vec<String>> {
        Ok([vec![task.to_owned()], workspace::server_arguments(self.context, postgres)?].concat())
    }

    pub(super) fn verify_program(&self, arguments: &[impl AsRef<OsStr>], failed: &str) -> Result<()> {
        let shell = process::shell(&std::env::current_dir().context("the current directory")?)?;
        self.command(&shell, arguments)?.run().map_err(|_| Failure::new(failed).into())
    }

    fn command<'shell>(&self, shell: &'shell Shell, arguments: &[impl AsRef<OsStr>]) -> Result<Cmd<'shell>> {
        Ok(workspace::verify(self.context, shell)?.arg("--dir").arg(&self.directory).args(arguments))
    }
}
