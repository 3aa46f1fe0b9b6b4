//! The commands and options of `cargo xtask db`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::access::AccessArguments;
use super::diff::{AutogenerateArguments, DiagramArguments, DiffArguments, DriftMode};
use super::old_tool::{AdoptArguments, ImportArguments};
use super::preview::DbPreviewArguments;
use super::rehearse::RehearseArguments;
use super::rewrite::{RebaseArguments, SquashArguments};
use super::run::{ApprovedArguments, FleetArguments, RunArguments, seconds};

#[derive(Debug, Args)]
pub(crate) struct DbArguments {
    /// Directory of the revisions [default: db/versions, or as set in xtask.toml]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Database: a URL or libpq's `host=… dbname=…` [default: $DATABASE_URL, …, or the embedded database]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Print JSON lines to standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// How long to keep trying to connect [default: 60, or as set in xtask.toml; `status` tries once]
    #[arg(long, global = true, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds())]
    pub(crate) connect_timeout: Option<u64>,
    #[command(flatten)]
    pub(crate) access: AccessArguments,
    #[command(subcommand)]
    pub(crate) command: DbCommand,
}

/// The maximum number of rows that `db trace` generates for a table.
const MOST_ROWS: u64 = 1_000_000_000;

#[derive(Debug, Subcommand)]
pub(crate) enum DbCommand {
    /// Apply revisions up to a target
    ///
    /// In a rollback, the pipeline sets RELEASE_ROLLBACK: with `page`, this leaves the database as it is; with `database`, it
    /// reverts the revisions that this checkout does not have (docs/rollback.md).
    #[command(
        after_help = "Examples:\n  cargo xtask db upgrade\n  cargo xtask db upgrade billing@head\n  cargo xtask db upgrade --dry-run +1\n  cargo xtask db upgrade --plan release.json"
    )]
    Upgrade {
        /// `heads`, an id or a prefix of one, a label, `+1`, `label@head`, `rev+2`, …; with --sql also FROM:TARGET
        #[arg(default_value = "heads", allow_negative_numbers = true)]
        target: String,
        #[command(flatten)]
        approved: ApprovedArguments,
        #[command(flatten)]
        run: RunArguments,
        #[command(flatten)]
        fleet: FleetArguments,
    },
    /// Revert revisions down to a target
    #[command(after_help = "Examples:\n  cargo xtask db downgrade -1\n  cargo xtask db downgrade billing@base")]
    Downgrade {
        /// `-1`, `base`, an id or a prefix of one, `label@base`, `label@-1`, …; with --sql also FROM:TARGET
        #[arg(allow_negative_numbers = true, required_unless_present = "plan")]
        target: Option<String>,
        /// Also revert revisions that this checkout does not have, with the SQL in the log
        #[arg(long, conflicts_with_all = ["sql", "plan"])]
        logged: bool,
        #[command(flatten)]
        approved: ApprovedArguments,
        #[command(flatten)]
        run: RunArguments,
    },
    /// Revert the last revision, or those down to a target, and apply them again
    #[command(after_help = "Examples:\n  cargo xtask db redo\n  cargo xtask db redo billing@-1")]
    Redo {
        /// `-1`, `base`, an id or a prefix of one, `label@base`, `label@-1`, …, as for `downgrade`
        #[arg(default_value = "-1", allow_negative_numbers = true)]
        target: String,
        /// How long to wait for another migration to finish [default: 300, or as set in xtask.toml]
        #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds())]
        lock_wait: Option<u64>,
        /// Also show the queries of sessions that hold a lock that a revision waits for; they may contain passwords
        #[arg(long)]
        show_queries: bool,
    },
    /// Drop the database, create it again, apply all revisions and run db/seeds.sql
    ///
    /// The new database has the owner, encoding, settings and privileges of the old one. Roles belong to the whole server
    /// and are not dropped. A database that other sessions use is left as it is.
    #[command(
        after_help = "Examples:\n  cargo xtask db reset\n  cargo xtask db reset --yes shop_test --url postgres://user@host/shop_test"
    )]
    Reset {
        /// Confirm with the name of the database; required unless it is the embedded one
        #[arg(long, value_name = "NAME")]
        yes: Option<String>,
    },
    /// Run db/seeds.sql in one transaction
    ///
    /// The file is the `seeds.sql` next to the directory of the revisions: SQL, with COPY data. Nothing records that it
    /// has run. To be able to run again, it has to skip the rows that exist, for example with `ON CONFLICT DO NOTHING`.
    #[command(after_help = "Example:\n  cargo xtask db seed")]
    Seed,
    /// Finish the partially applied revision, and run no other
    #[command(after_help = "Examples:\n  cargo xtask db resume\n  cargo xtask db resume --done")]
    Resume {
        /// The statement in which the run stopped took effect
        #[arg(long)]
        done: bool,
        /// The statement in which the run stopped did not take effect, or may run again
        #[arg(long, conflicts_with = "done")]
        again: bool,
        /// Also show the queries of sessions that hold a lock that a statement waits for; they may contain passwords
        #[arg(long)]
        show_queries: bool,
    },
    /// Set the version rows without running any revision
    #[command(after_help = "Examples:\n  cargo xtask db stamp heads\n  cargo xtask db stamp --purge 4d2f1c9a7b3e")]
    Stamp {
        /// Revisions to record as the database's heads
        #[arg(required = true, allow_negative_numbers = true)]
        targets: Vec<String>,
        /// Delete every version row and the journal of partially applied revisions first
        #[arg(long)]
        purge: bool,
        #[command(flatten)]
        run: RunArguments,
    },
    /// Show the revisions the database is at
    #[command(after_help = "Example:\n  cargo xtask db current -v")]
    Current {
        /// Show all fields, and what is known about partially applied and unknown revisions
        #[arg(short, long)]
        verbose: bool,
        /// Fail unless the database is at every head
        #[arg(long)]
        check_heads: bool,
        /// Print only the ids, separated by commas, or `base`: the value of DATABASE_HEADS for `publish`
        #[arg(long, conflicts_with = "verbose")]
        heads: bool,
    },
    /// List the revisions, newest first
    #[command(after_help = "Examples:\n  cargo xtask db history -r base:current\n  cargo xtask db history --graph")]
    History {
        /// List only this range; either end can be empty or `current`
        #[arg(short, long, value_name = "FROM:TO", allow_hyphen_values = true)]
        rev_range: Option<String>,
        /// Show all fields
        #[arg(short, long)]
        verbose: bool,
        /// Mark the revisions that the database is at
        #[arg(short, long)]
        indicate_current: bool,
        /// Draw the graph next to the list
        #[arg(long)]
        graph: bool,
    },
    /// List the heads: the revisions without children
    #[command(after_help = "Example:\n  cargo xtask db heads")]
    Heads {
        /// Show all fields
        #[arg(short, long)]
        verbose: bool,
        /// Leave out heads that other revisions depend on
        #[arg(long)]
        resolve_dependencies: bool,
    },
    /// List the branch points: the revisions with several children
    #[command(after_help = "Example:\n  cargo xtask db branches -v")]
    Branches {
        /// Show all fields
        #[arg(short, long)]
        verbose: bool,
    },
    /// Show a revision
    #[command(after_help = "Example:\n  cargo xtask db show 4d2f")]
    Show {
        /// An id or a prefix of one, a label, or `head`
        #[arg(allow_negative_numbers = true)]
        revision: String,
    },
    /// Create a revision file
    #[command(
        visible_alias = "new",
        after_help = "Examples:\n  cargo xtask db new -m 'create notes'\n  cargo xtask db revision -m 'add prices' --head billing@head\n  cargo xtask db revision --autogenerate -m 'add prices'"
    )]
    Revision {
        /// What the revision does, in a few words
        #[arg(short, long)]
        message: String,
        /// Parents, separated by commas; `base` for none
        #[arg(long, default_value = "head", value_delimiter = ',')]
        head: Vec<String>,
        /// Allow a parent that is not a head, which starts a new branch
        #[arg(long)]
        splice: bool,
        /// Labels of the branch that starts here, separated by commas
        #[arg(long, value_delimiter = ',')]
        branch_label: Vec<String>,
        /// Revisions or labels that must be applied first but are not parents, separated by commas
        #[arg(long, value_delimiter = ',')]
        depends_on: Vec<String>,
        /// Revision id [default: random]
        #[arg(long)]
        rev_id: Option<String>,
        #[command(flatten)]
        autogenerate: AutogenerateArguments,
    },
    /// Print the SQL that takes one schema to another
    ///
    /// Both are made on a private PostgreSQL, where the SQL is proven before it is printed. Exits with 0 if the schemas are
    /// equal, 3 if they differ, and 1 if the SQL can't be written.
    #[command(
        after_help = "Examples:\n  cargo xtask db diff\n  cargo xtask db diff --to postgres://user@host/name\n  cargo xtask db diff --from 4d2f --to heads\n  cargo xtask db diff --from base --to schema.sql\n  cargo xtask db diff --write -m 'add prices' --rename notes=memos"
    )]
    Diff(DiffArguments),
    /// Draw the tables with their keys and references, and mark what a revision changes
    ///
    /// The schema is made on a private PostgreSQL. With changes marked, only the tables that have changed and their neighbors
    /// are drawn.
    #[command(
        after_help = "Examples:\n  cargo xtask db diagram --file schema.svg\n  cargo xtask db diagram --diff\n  cargo xtask db diagram --diff 9b1c:4d2f --all\n  cargo xtask db diagram --table 'billing.*' --format mermaid\n  cargo xtask db diagram --url postgres://user@host/name\n  cargo xtask db diagram --write"
    )]
    Diagram(DiagramArguments),
    /// Create a revision that merges branches
    #[command(after_help = "Example:\n  cargo xtask db merge heads -m 'merge billing'")]
    Merge {
        /// Revisions to merge; `heads` for all heads
        #[arg(required = true)]
        revisions: Vec<String>,
        /// What the revision does, in a few words [default: "merge ID and ID"]
        #[arg(short, long)]
        message: Option<String>,
        /// Labels of the branch that starts here, separated by commas
        #[arg(long, value_delimiter = ',')]
        branch_label: Vec<String>,
        /// Revision id [default: random]
        #[arg(long)]
        rev_id: Option<String>,
    },
    /// Make one revision of a range of them, proven to make the same database up and down
    ///
    /// The revision has the id of the last one, so later revisions and databases that have all of the range stay as they are.
    /// A database that has only a part of it is refused until it has the rest, with the files of an earlier commit. The files
    /// that are replaced stay in git.
    #[command(
        after_help = "Examples:\n  cargo xtask db squash base:4d2f -m 'schema of 2026'\n  cargo xtask db squash 9b1c:4d2f -m 'create billing' --dry-run"
    )]
    Squash(SquashArguments),
    /// Put the revisions of a branch after another head, where that is all a merge would do
    ///
    /// The revisions stay as they are, but for `Revises` in the first of them. Only a branch that nobody else has applied can be
    /// moved: join others with `merge`.
    #[command(after_help = "Examples:\n  cargo xtask db rebase\n  cargo xtask db rebase 4d2f --onto 9b1c")]
    Rebase(RebaseArguments),
    /// Open a revision in $VISUAL or $EDITOR
    #[command(after_help = "Example:\n  cargo xtask db edit head")]
    Edit {
        /// An id or a prefix of one, a label, or `head`
        #[arg(allow_negative_numbers = true)]
        revision: String,
    },
    /// Fail with exit code 3 if the database is not at the target, or 6 if an applied file has changed
    #[command(after_help = "Examples:\n  cargo xtask db check\n  cargo xtask db check --drift")]
    Check {
        /// Target that the database must be at, as for `upgrade`
        #[arg(default_value = "heads")]
        target: String,
        /// Instead, print the SQL that would undo what the database has beside what its revisions make [modes: error, warn,
        /// configured; default: error]
        #[arg(long, value_name = "MODE", value_enum, num_args = 0..=1, default_missing_value = "error", hide_possible_values = true, conflicts_with = "target")]
        drift: Option<DriftMode>,
        /// With --drift: server to use: `docker`, `embedded`, a URL, or `auto` (`docker` if an engine is available, else
        /// `embedded`)
        #[arg(long, default_value = "auto", requires = "drift")]
        postgres: String,
    },
    /// Record the edited file of an applied revision as the one that was applied
    #[command(after_help = "Example:\n  cargo xtask db accept 4d2f --reason 'the default was set by hand'")]
    Accept {
        /// An id or a prefix of one, a label, or `head`
        #[arg(allow_negative_numbers = true)]
        revision: String,
        /// Reason for the log
        #[arg(long)]
        reason: String,
    },
    /// Convert the migrations of another tool to revisions, and compare the databases that both create
    #[command(
        after_help = "Examples:\n  cargo xtask db import dbmate db/migrations\n  cargo xtask db import goose migrations --no-proof"
    )]
    Import(ImportArguments),
    /// Take over a database that another tool has migrated: record what it has applied
    #[command(
        after_help = "Examples:\n  cargo xtask db adopt --dry-run\n  cargo xtask db adopt --table tools.schema_migrations\n  cargo xtask db adopt --baseline 4d2f"
    )]
    Adopt(AdoptArguments),
    /// Report unsafe changes, with squawk's rules and the engine's own
    #[command(after_help = "Example:\n  cargo xtask db lint --since main")]
    Lint {
        /// Skip the revisions in this commit [default: none; in CI, main, or as set in xtask.toml]
        #[arg(long, value_name = "COMMIT")]
        since: Option<String>,
        /// Output format: `text`, `json`, `sarif` or `junit`
        #[arg(long, default_value = "text")]
        format: String,
    },
    /// Apply, revert and reapply every revision on a private PostgreSQL, and compare the catalog after each step
    #[command(
        after_help = "Examples:\n  cargo xtask db verify --postgres docker\n  cargo xtask db verify --since 4d2f"
    )]
    Verify {
        /// Verify only the revisions after this target
        #[arg(long, value_name = "REV")]
        since: Option<String>,
        /// Server to use: `docker`, `embedded`, a URL, or `auto` (`docker` if an engine is available, else `embedded`)
        #[arg(long, default_value = "auto")]
        postgres: String,
    },
    /// Run the revisions on a private PostgreSQL and report what each statement locks, rewrites and scans
    #[command(
        after_help = "Examples:\n  cargo xtask db trace head --rows 100000\n  cargo xtask db trace --object free_rooms"
    )]
    Trace {
        /// Report only this revision: an id or a prefix of one, a label, or `head`
        revision: Option<String>,
        /// Report only this file of `objects`, applied again as if its text had changed
        #[arg(long = "object", value_name = "FILE", conflicts_with = "revision")]
        objects: Vec<String>,
        /// Fill each table with this many generated rows first, for realistic times
        #[arg(long, default_value_t = 0, allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(0..=MOST_ROWS))]
        rows: u64,
        /// Server to use: `docker`, `embedded`, a URL, or `auto` (`docker` if an engine is available, else `embedded`)
        #[arg(long, default_value = "auto")]
        postgres: String,
    },
    /// Write the schema that the revisions create to schema.sql; with --url, print the schema of that database
    #[command(after_help = "Examples:\n  cargo xtask db dump\n  cargo xtask db dump --url postgres://user@host/name")]
    Dump {
        /// Server to use: `docker`, `embedded`, a URL, or `auto` (`docker` if an engine is available, else `embedded`)
        #[arg(long, default_value = "auto")]
        postgres: String,
    },
    /// Write TypeScript types of the tables that a role can see; with --url, print those of that database
    #[command(
        after_help = "Examples:\n  cargo xtask db types\n  cargo xtask db types --role rooms_api --file src/tables.ts\n  cargo xtask db types --amplify"
    )]
    Types {
        /// Role of the application [default: as set in xtask.toml]
        #[arg(long)]
        role: Option<String>,
        /// Write the schema for Amplify Data instead, with AWS's generator [default file: amplify/data/schema.sql.ts]
        #[arg(long, conflicts_with = "role")]
        amplify: bool,
        /// File to write [default: as set in xtask.toml]
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Server to use: `docker`, `embedded`, a URL, or `auto` (`docker` if an engine is available, else `embedded`)
        #[arg(long, default_value = "auto")]
        postgres: String,
    },
    /// Create the version table, the log and the journal if they do not exist
    #[command(after_help = "Example:\n  cargo xtask db ensure-version")]
    EnsureVersion,
    /// Show what would run, without running it
    ///
    /// `--out` also writes it to a file for `upgrade --plan` and `downgrade --plan`, which run exactly that: somebody can
    /// approve it in between. The file has no secrets.
    #[command(
        after_help = "Examples:\n  cargo xtask db plan heads --from base\n  cargo xtask db plan --downgrade -1\n  cargo xtask db plan heads --out release.json"
    )]
    Plan {
        /// Target, as for the planned command
        #[arg(required = true, allow_negative_numbers = true)]
        targets: Vec<String>,
        /// Plan a downgrade instead of an upgrade
        #[arg(long, conflicts_with = "stamp")]
        downgrade: bool,
        /// Plan a stamp instead of an upgrade
        #[arg(long)]
        stamp: bool,
        /// Heads to start from, or `base`; no database is needed then [default: the database's heads]
        #[arg(long, value_name = "HEAD,HEAD", value_delimiter = ',')]
        from: Option<Vec<String>>,
        /// Also write the plan to a file, under the migration lock
        #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "stamp"])]
        out: Option<PathBuf>,
    },
    Rehearse(RehearseArguments),
    Preview(DbPreviewArguments),
    /// Run psql on the database
    #[command(after_help = "Example:\n  cargo xtask db psql -c 'SELECT * FROM alembic_version'")]
    Psql {
        /// Arguments for psql
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Start the embedded database and leave it running
    #[command(after_help = "Example:\n  cargo xtask db start")]
    Start,
    /// Stop the embedded database
    #[command(after_help = "Example:\n  cargo xtask db stop")]
    Stop,
    /// Show which database is used, whether it is reachable, and its state
    #[command(after_help = "Example:\n  cargo xtask db status")]
    Status,
}
