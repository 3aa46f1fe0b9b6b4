//! `import`: the program `verify` converts the migrations of another tool and compares the databases that both create.

use anyhow::{Context as _, Result};

use super::task::Db;
use crate::cli::ImportArguments;

impl Db<'_> {
    pub(super) fn import(&self, arguments: &ImportArguments) -> Result<()> {
        let source = arguments.source.to_str().context("the path of the migrations is not UTF-8")?;
        let mut words = self.on_a_server("import", &arguments.postgres)?;
        for (is_given, option) in [
            (arguments.no_proof, "--no-proof"),
            (arguments.empty_programs, "--empty-programs"),
            (self.context.report.is_json(), "--json"),
        ] {
            words.extend(is_given.then(|| option.to_owned()));
        }
        if let Some(program) = &arguments.program {
            let program = program.to_str().context("the path of the program is not UTF-8")?;
            words.extend(["--program", program].map(str::to_owned));
        }
        words.extend(["--", &arguments.tool, source].map(str::to_owned));
        self.verify_program(&words, "the migrations were not imported")
    }
}
