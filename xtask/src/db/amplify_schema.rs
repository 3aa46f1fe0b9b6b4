//! `db types --amplify`: Amplify Data's schema of the tables that the revisions create. AWS's own command needs a
//! database that is reachable from the internet; here, AWS's generator reads from a temporary database.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use cluster::Needs;

use super::task::Db;
use crate::npm::Package;
use crate::process;
use crate::publish::project_name;
use crate::report::Failure;

/// Runs AWS's generator in two steps; its query is run in between.
const SCRIPT: &str = include_str!("amplify_schema.mjs");

/// The file named in AWS's documentation.
const FILE: &str = "amplify/data/schema.sql.ts";

const FAILED: &str = "could not write Amplify Data's schema";

impl Db<'_> {
    /// Writes the schema to a file.
    pub(super) fn write_amplify_schema(&self, file: Option<PathBuf>, postgres: &str) -> Result<()> {
        let context = self.context;
        let package = Package::new(context, "amplify");
        if !package.directory().join("package.json").exists() {
            return Err(Failure::new("`amplify` has no `package.json`: Amplify Data belongs to Gen 2").into());
        }
        package.install()?;
        let path = file.unwrap_or_else(|| context.shorten(&context.root.join(FILE)));
        let name: String = project_name(context)?.chars().filter(char::is_ascii_alphanumeric).collect();
        let query = generator(&package.directory(), &["query"], "")?;
        let rows = self.output(&self.on_a_server("query", postgres)?, &query, FAILED)?;
        let text = generator(&package.directory(), &["generate", &name], &rows)?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        self.write_text(&path, text)
    }
}

/// What the generator prints.
fn generator(directory: &Path, arguments: &[&str], input: &str) -> Result<String> {
    let shell = process::shell(directory)?;
    let node = process::command(&shell, &process::find("node")?, Needs::Node);
    let node = node.args(["--input-type=module", "--eval", SCRIPT, "--"]).args(arguments);
    node.stdin(input).read().map_err(|_| Failure::new(FAILED).into())
}
