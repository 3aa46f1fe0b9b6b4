//! Reads the migrations of a tool.

use std::collections::HashMap;
use std::path::Path;

use crate::history::History;
use crate::problem::Problem;
use crate::tool::Tool;
use crate::tools;

/// Reads and converts the migrations of a tool: those of a directory, or of a file.
///
/// # Errors
/// Fails if anything can't be converted. All such problems are reported.
pub fn read(tool: Tool, source: &Path) -> Result<History, Vec<Problem>> {
    let history: History = match tool {
        Tool::Alembic => tools::alembic::read(source),
        Tool::Dbmate => tools::dbmate::read(source),
        Tool::Sqlx => tools::sqlx::read(source),
        Tool::Diesel => tools::diesel::read(source),
        Tool::GolangMigrate => tools::golang_migrate::read(source),
        Tool::Goose => tools::goose::read(source),
        Tool::Flyway => tools::flyway::read(source),
        Tool::NodePgMigrate => tools::node_pg_migrate::read(source),
        Tool::Liquibase => tools::liquibase::read(source),
        Tool::PgDump => tools::pg_dump::read(source),
    }?;
    if history.migrations.is_empty() && history.objects.is_empty() {
        return Err(vec![Problem::NoMigrations { tool, source: source.to_owned() }]);
    }
    let problems = collisions(&history);
    if problems.is_empty() { Ok(history) } else { Err(problems) }
}

/// The files whose versions are equal or become equal.
fn collisions(history: &History) -> Vec<Problem> {
    let mut first = HashMap::new();
    let mut problems = Vec::new();
    for migration in &history.migrations {
        let Some(known) = first.insert(&migration.revision, migration) else { continue };
        let files = [known.source.clone(), migration.source.clone()];
        problems.push(match known.version == migration.version {
            true => Problem::SameVersion { version: migration.version.clone(), files },
            false => Problem::SameId { revision: migration.revision.clone(), files },
        });
    }
    problems.extend(history.objects.windows(2).filter(|pair| pair[0].name == pair[1].name).map(|pair| {
        let files = [pair[0].source.clone(), pair[1].source.clone()];
        Problem::SameObjectFile { name: pair[0].name.clone(), files }
    }));
    problems
}
