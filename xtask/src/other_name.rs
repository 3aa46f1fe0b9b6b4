//! Commands under the names that other tools give them: Alembic, Django, Flyway, Liquibase, Prisma, Rails, dbmate, sqlx and
//! the like. The error of the parser names the equivalent command.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use revision::distance;

/// The names of other tools' database commands, and the equivalent here.
const OTHER_NAMES: [(&[&str], &str); 29] = [
    (
        &["migrate", "migrations"],
        "`cargo xtask db upgrade` applies the revisions, `cargo xtask db new -m MESSAGE` creates one",
    ),
    (
        &[
            "up",
            "apply",
            "deploy",
            "update",
            "latest",
            "run",
            "sync",
            "push",
            "migration-run",
            "migrate-up",
            "run-migrations",
            "schema-sync",
            "forward",
        ],
        "`cargo xtask db upgrade` applies the revisions",
    ),
    (
        &["down", "rollback", "revert", "undo", "back", "migration-revert", "migrate-down", "unapply"],
        "`cargo xtask db downgrade -1` reverts the last revision",
    ),
    (
        &[
            "migration",
            "add",
            "make",
            "make-migration",
            "create-migration",
            "migration-create",
            "migrate-create",
            "newmigration",
            "commit",
        ],
        "`cargo xtask db new -m MESSAGE` creates a revision",
    ),
    (
        &["autogenerate", "auto", "makemigrations", "migration-generate", "declarative", "plan-schema", "schema-diff"],
        "`cargo xtask db revision --autogenerate -m MESSAGE` writes the revision that takes the schema to db/schema.sql",
    ),
    (
        &["generate", "gen", "codegen"],
        "`cargo xtask db revision --autogenerate -m MESSAGE` writes a revision from db/schema.sql, `cargo xtask db types` TypeScript types",
    ),
    (
        &["init", "install", "list-templates"],
        "there is nothing to initialize: `cargo xtask db new -m MESSAGE` creates the first revision, and `cargo xtask db upgrade` what the database needs",
    ),
    (
        &["create", "createdb", "database-create"],
        "the embedded database is created when it is first used; `cargo xtask db reset --yes NAME` creates any other",
    ),
    (
        &[
            "drop",
            "dropdb",
            "clean",
            "nuke",
            "wipe",
            "fresh",
            "recreate",
            "drop-all",
            "purge",
            "truncate",
            "truncate-all",
            "flush",
            "schema-drop",
            "migrate-reset",
        ],
        "`cargo xtask db reset` drops the database and creates it again, with all revisions and the seeds",
    ),
    (
        &["setup", "prepare", "database"],
        "`cargo xtask db upgrade` applies the revisions, `cargo xtask db seed` adds the rows of development; `cargo xtask db reset` does both on an empty database",
    ),
    (
        &["refresh", "migrate-refresh", "migrate-redo", "again", "reapply", "rework"],
        "`cargo xtask db redo` reverts the last revision and applies it again; `cargo xtask db redo base` does so with all",
    ),
    (
        &["seeds", "load-fixtures", "fixtures", "loaddata", "populate", "reseed", "seed-run"],
        "`cargo xtask db seed` runs db/seeds.sql",
    ),
    (
        &[
            "info",
            "list",
            "ls",
            "pending",
            "log",
            "showmigrations",
            "migrate-status",
            "list-revisions",
            "migration-show",
        ],
        "`cargo xtask db history -i` lists the revisions and marks where the database is; `cargo xtask db plan heads` lists those to apply",
    ),
    (
        &["version", "where", "current-version", "currentversion"],
        "`cargo xtask db current` shows the revisions the database is at",
    ),
    (
        &["validate", "pending-check", "abort-if-pending-migrations"],
        "`cargo xtask db check` fails if the database is not at the heads, or the file of an applied revision has changed",
    ),
    (
        &["baseline", "mark", "fake", "resolve", "set", "set-version", "goto", "force", "changelog-sync"],
        "`cargo xtask db stamp REV` records revisions without running them",
    ),
    (
        &["repair", "fix", "rehash", "hash", "calculate-checksum", "clear-checksums"],
        "`cargo xtask db accept REV --reason REASON` accepts an edited file; `cargo xtask db resume` finishes a partially applied revision",
    ),
    (
        &[
            "schema",
            "structure",
            "schema-dump",
            "structure-dump",
            "inspect",
            "snapshot",
            "tables",
            "describe",
            "generate-changelog",
        ],
        "`cargo xtask db dump` writes the schema to db/schema.sql",
    ),
    (
        &["erd", "er", "er-diagram", "draw", "graph", "svg", "mermaid", "tbls", "doc", "docs", "visualize"],
        "`cargo xtask db diagram` draws the tables with their keys and references",
    ),
    (
        &["load", "schema-load", "structure-load"],
        "`cargo xtask db upgrade` creates the schema: revisions, not db/schema.sql, are the source",
    ),
    (&["pull", "introspect", "export", "inspectdb"], "`cargo xtask db dump --url URL` prints the schema of a database"),
    (
        &["drift", "compare", "migra"],
        "`cargo xtask db diff` prints the SQL that takes one schema to another, `cargo xtask db check --drift` compares the database with its revisions",
    ),
    (
        &[
            "console",
            "shell",
            "dbconsole",
            "dbshell",
            "connect",
            "cli",
            "studio",
            "query",
            "exec",
            "execute",
            "execute-sql",
            "sql",
            "open",
        ],
        "`cargo xtask db psql` opens the database",
    ),
    (
        &["test", "test-migrations"],
        "`cargo xtask db verify` applies, reverts and reapplies the revisions; `cargo xtask test db` runs it with the tests",
    ),
    (
        &["wait", "ping", "testconnection"],
        "every command waits for the database, up to `--connect-timeout`; `cargo xtask db status` makes one attempt",
    ),
    (
        &["squashmigrations", "squash-migrations", "collapse", "consolidate"],
        "`cargo xtask db squash FROM:TO -m MESSAGE` makes one revision of a range",
    ),
    (
        &["unlock", "release-locks", "list-locks", "force-unlock", "release-lock"],
        "there is nothing to unlock: the server releases the migration lock when the session that holds it ends, and a command that waits for it names the session",
    ),
    (
        &["sqlmigrate", "update-sql", "script", "script-migration"],
        "`cargo xtask db upgrade --sql` prints a script for psql, `cargo xtask db downgrade --sql FROM:TARGET` the one to revert",
    ),
    (
        &["backup", "restore", "dumpdata"],
        "pg_dump and pg_restore copy the rows of a database; `cargo xtask db dump` writes its schema only",
    ),
];

/// The same for other tasks.
const OTHER_TASKS: [(&[&str], &str); 5] = [
    (&["serve", "start", "watch", "run"], "`cargo xtask dev` serves the front end and the functions"),
    (
        &["deploy", "release", "push"],
        "`cargo xtask publish` publishes the app, `cargo xtask infra deploy` deploys an environment's infrastructure",
    ),
    (
        &["check", "verify", "lint", "fmt"],
        "`cargo xtask ci` runs the checks, `cargo xtask db lint` and `cargo xtask db verify` those of the revisions",
    ),
    (
        &["destroy", "cdk", "synth", "diff"],
        "`cargo xtask infra synth`, `diff`, `deploy` and `destroy` manage an environment",
    ),
    (&["migration", "migrations", "database", "revisions"], "`cargo xtask db upgrade` applies the revisions"),
];

/// An error of the parser, with the command that was meant.
pub(crate) fn with_advice(mut error: clap::Error) -> clap::Error {
    let usage = error.get(ContextKind::Usage).map(ToString::to_string).unwrap_or_default();
    let in_group = |group: &str| usage.contains(&format!("cargo xtask {group} "));
    if let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg)
        && in_group("db revision")
        && !argument.starts_with('-')
    {
        let advice = StyledStr::from("the message is an option: `cargo xtask db new -m MESSAGE`");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![advice]));
        return error;
    }
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return error };
    let advice = match in_group("db") {
        true => of_db(word).map(str::to_owned),
        false if error.kind() == ErrorKind::InvalidSubcommand && !["infra", "buildspec"].into_iter().any(in_group) => {
            of_task(word)
        }
        false => None,
    };
    if let Some(advice) = advice {
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(advice)]));
    } else if let Some(ContextValue::Strings(similar)) = error.get(ContextKind::SuggestedSubcommand) {
        let least = similar.iter().map(|name| distance(word, name)).min();
        let closest = similar.iter().filter(|name| Some(distance(word, name)) == least).cloned().collect();
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(closest));
    }
    error
}

fn find(names: &[(&[&str], &'static str)], word: &str) -> Option<&'static str> {
    names.iter().find(|(names, _)| names.contains(&word)).map(|(_, advice)| *advice)
}

/// Advice about a word after `db`.
fn of_db(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase().replace(['_', ':', '.'], "-");
    let parts: Vec<&str> = word.split('-').collect();
    let (first, rest) = parts.split_first()?;
    if *first == "seed" && !rest.is_empty() {
        return find(&OTHER_NAMES, "seeds");
    }
    // Rails writes `db:migrate:status`, TypeORM `migration:run`, Sequelize `db:migrate:undo:all`: what comes later says more.
    let in_parts = || rest.iter().find_map(|part| find(&OTHER_NAMES, part)).or_else(|| find(&OTHER_NAMES, first));
    find(&OTHER_NAMES, &word).or_else(|| if is_own(&word) { None } else { in_parts() })
}

/// Whether it is a command of the group `db`.
fn is_own(word: &str) -> bool {
    let command = <crate::cli::Cli as clap::CommandFactory>::command();
    command.find_subcommand("db").is_some_and(|db| db.find_subcommand(word).is_some())
}

/// Advice about the first word.
fn of_task(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    let (word, is_of_db) = word.strip_prefix("db:").map_or((word.as_str(), false), |word| (word, true));
    match find(&OTHER_TASKS, word).filter(|_| !is_of_db) {
        None if is_own(word) => Some(format!("`{word}` is a command of the group `db`")),
        task => task.or_else(|| of_db(word)).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use clap::{Command, CommandFactory, Parser};

    use super::{OTHER_NAMES, OTHER_TASKS, with_advice};
    use crate::cli::Cli;

    fn words(names: &[(&[&'static str], &str)]) -> Vec<&'static str> {
        names.iter().flat_map(|(names, _)| names.iter().copied()).collect()
    }

    fn error(line: &str) -> String {
        let words = ["cargo xtask"].into_iter().chain(line.split_whitespace());
        with_advice(Cli::try_parse_from(words).expect_err(line)).to_string()
    }

    #[test]
    fn no_name_is_a_command_here_or_there_twice() {
        let cli = Cli::command();
        let db = cli.find_subcommand("db").expect("there is one");
        let check = |names: Vec<&'static str>, command: &Command| {
            let distinct: HashSet<&str> = names.iter().copied().collect();
            assert_eq!(distinct.len(), names.len());
            let taken: Vec<&&str> = names.iter().filter(|name| command.find_subcommand(name).is_some()).collect();
            assert!(taken.is_empty(), "{taken:?}");
        };
        check(words(&OTHER_NAMES), db);
        check(words(&OTHER_TASKS), &cli);
    }

    #[test]
    fn every_name_gets_its_advice_and_no_other() {
        for (names, advice) in OTHER_NAMES {
            for name in names {
                for line in [format!("db {name}"), format!("db --url x {}", name.to_uppercase()), format!("db:{name}")]
                {
                    let text = error(&line);
                    assert!(text.contains(advice) && text.matches("tip:").count() == 1, "{line}: {text}");
                }
            }
        }
        for (names, advice) in OTHER_TASKS {
            assert!(names.iter().all(|name| error(name).contains(advice)), "{advice}");
        }
    }

    #[test]
    fn typing_errors_get_the_closest_command() {
        for (line, expected) in [
            ("db new create_notes", "`cargo xtask db new -m MESSAGE`"),
            ("db upgarde", "a similar subcommand exists: 'upgrade'"),
            ("db revison", "a similar subcommand exists: 'revision'"),
            ("db ensure_version", "a similar subcommand exists: 'ensure-version'"),
            ("infra dif", "a similar subcommand exists: 'diff'"),
            ("infra migrate", "unrecognized subcommand 'migrate'"),
            ("upgrade", "`upgrade` is a command of the group `db`"),
            ("db:upgrade", "`upgrade` is a command of the group `db`"),
            ("db:migrate:status", "marks where the database is"),
            ("db migrate_down", "reverts the last revision"),
            ("db migrate:rollback", "reverts the last revision"),
            ("db:migrate:undo:all", "reverts the last revision"),
            ("db migrate:fresh", "drops the database and creates it again"),
            ("db migrate:reset", "drops the database and creates it again"),
            ("db schema:drop", "drops the database and creates it again"),
            ("db migrate:make", "creates a revision"),
            ("db migrate:list", "lists the revisions"),
            ("db migrate:currentVersion", "shows the revisions the database is at"),
            ("db migrate:unlock", "there is nothing to unlock"),
            ("db:seed:all", "`cargo xtask db seed` runs"),
            ("db seed:undo", "`cargo xtask db seed` runs"),
            ("db print-schema", "writes the schema"),
            ("db future-rollback-sql", "reverts the last revision"),
            ("db rollback-count", "reverts the last revision"),
            ("db update-sql", "prints a script for psql"),
        ] {
            let text = error(line);
            assert!(text.contains(expected) && text.matches("tip:").count() < 2, "{line}: {text}");
        }
    }
}
