//! `lint` and `verify`: what is too heavy to be compiled on every release runs as a program, the crate `verify`.

use anyhow::{Context as _, Result};

use super::Db;
use crate::process;
use crate::report::Failure;

impl Db<'_> {
    pub(super) fn lint(&self, since: Option<&str>, format: &str) -> Result<()> {
        let format = if self.context.report.is_json() { "json" } else { format };
        let major = self.context.config.postgres.major.to_string();
        let mut arguments = vec!["lint", "--format", format, "--major", &major];
        if let Some(commit) = since {
            arguments.extend(["--since", commit]);
        }
        self.prove(&arguments, "the linter has something to say")
    }

    pub(super) fn verify(&self) -> Result<()> {
        let target = std::path::absolute(self.context.target()).context("the target directory")?;
        let target = target.to_str().context("the target directory is not UTF-8")?;
        let major = self.context.config.postgres.major.to_string();
        self.prove(&["round-trip", "--target", target, "--major", &major], "the revisions are not what they should be")
    }

    fn prove(&self, arguments: &[&str], failed: &str) -> Result<()> {
        let shell = process::shell(&std::env::current_dir().context("the current directory")?)?;
        let cargo = process::find("cargo")?;
        let manifest = self.context.root.join("Cargo.toml");
        let command =
            process::command(&shell, &cargo).args(["run", "--quiet", "--package", "verify", "--manifest-path"]);
        let command = command.arg(manifest).arg("--").arg("--dir").arg(&self.directory).args(arguments);
        command.run().map_err(|_| Failure::new(failed).into())
    }
}
