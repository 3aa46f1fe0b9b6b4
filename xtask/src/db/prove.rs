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

    pub(super) fn verify(&self, postgres: &str) -> Result<()> {
        let server = process::server_arguments(self.context, postgres)?;
        let arguments: Vec<&str> = ["round-trip"].into_iter().chain(server.iter().map(String::as_str)).collect();
        self.prove(&arguments, "the revisions are not what they should be")
    }

    fn prove(&self, arguments: &[&str], failed: &str) -> Result<()> {
        let shell = process::shell(&std::env::current_dir().context("the current directory")?)?;
        let command = process::verify(self.context, &shell)?.arg("--dir").arg(&self.directory).args(arguments);
        command.run().map_err(|_| Failure::new(failed).into())
    }
}
