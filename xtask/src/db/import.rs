//! `import`: the program `verify` converts the migrations of another tool and compares what both make of an empty database.

use anyhow::{Context as _, Result};

use super::task::Db;
use crate::cli::ImportArguments;

impl Db<'_> {
    pub(super) fn import(&self, arguments: &ImportArguments) -> Result<()> {
        let source = arguments.source.to_str().context("the path of the migrations is not UTF-8")?;
        let mut words = self.on_a_server("import", &arguments.postgres)?;
        if arguments.no_proof {
            words.push("--no-proof".to_owned());
        }
        if let Some(program) = &arguments.program {
            let program = program.to_str().context("the path of the program is not UTF-8")?;
            words.extend(["--program", program].map(str::to_owned));
        }
        if self.context.report.is_json() {
            words.push("--json".to_owned());
        }
        words.extend(["--", &arguments.tool, source].map(str::to_owned));
        self.verify_program(&words, "the migrations were not imported")
    }
}
