//! Every command and option, as typed. No behavior.

mod access;
mod db;
mod diff;
#[cfg(test)]
mod hinted;
mod old_tool;
mod preview;
mod rehearse;
mod rewrite;
mod run;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::complete::Shell;
use crate::config::ProjectName;
pub(crate) use access::AccessArguments;
pub(crate) use db::{DbArguments, DbCommand};
pub(crate) use diff::{DiagramArguments, DiagramFormat, DiffArguments, DriftMode, FormArguments, Rename};
pub(crate) use old_tool::{AdoptArguments, ImportArguments};
pub(crate) use preview::{CreateArguments, DbPreviewCommand, PreviewArguments, PreviewCommand, PruneArguments};
pub(crate) use rewrite::{RebaseArguments, SquashArguments};
pub(crate) use run::{ApprovedArguments, RunArguments, Slice};

/// The tasks of this monorepo.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    after_help = "Examples:\n  cargo xtask doctor\n  cargo xtask db upgrade\n  cargo xtask dev"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) task: Task,
}

impl Cli {
    /// Whether standard output contains only a plan or results.
    pub(crate) fn is_result_only(&self) -> bool {
        match &self.task {
            Task::Db(arguments) => matches!(
                arguments.command,
                DbCommand::Plan { .. }
                    | DbCommand::Rehearse(_)
                    | DbCommand::Lint { .. }
                    | DbCommand::Diff(_)
                    | DbCommand::Check { drift: Some(_), .. }
            ),
            Task::Doctor { .. } | Task::Buildspec { .. } | Task::Releases { .. } => true,
            _ => false,
        }
    }

    /// Whether to print JSON.
    pub(crate) fn is_json(&self) -> bool {
        match &self.task {
            Task::Db(arguments) => arguments.json,
            Task::Preview(arguments) => arguments.json,
            Task::Infra { command: InfraCommand::Outputs { json }, .. }
            | Task::Buildspec { json, .. }
            | Task::Releases { json, .. }
            | Task::Doctor { json, .. } => *json,
            _ => false,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// Migrate the database: Alembic's commands, for plain-SQL revisions
    #[command(
        after_help = "Examples:\n  cargo xtask db new -m 'create notes'\n  cargo xtask db upgrade\n  cargo xtask db downgrade -1\n  cargo xtask db status"
    )]
    Db(DbArguments),
    /// Publish the page and the Amplify project, and verify the result
    #[command(after_help = "Example:\n  cargo xtask publish --env staging")]
    Publish(PublishArguments),
    Preview(PreviewArguments),
    /// Start an application of your own in this clone, or add the tool to a repository
    #[command(
        after_help = "Examples:\n  cargo xtask init --empty --name shop\n  cargo xtask init --into ../shop --name shop\n  cargo xtask init --update ../shop --dry-run"
    )]
    Init(InitArguments),
    /// Manage an environment on AWS with the CDK app in infra/
    #[command(
        after_help = "Examples:\n  cargo xtask infra diff --env staging\n  cargo xtask infra deploy --env staging"
    )]
    Infra {
        /// Environment [default: $AMPLIFY_ENV, or the only one in xtask.toml]
        #[arg(long, global = true, value_name = "NAME")]
        env: Option<String>,
        #[command(subcommand)]
        command: InfraCommand,
    },
    /// Pass the artifact of this release on to an environment that is promoted from this one (in the pipeline)
    #[command(after_help = "Example:\n  cargo xtask promote")]
    Promote,
    /// Go back to an earlier release: its page and functions, and with --with-database its schema
    #[command(
        after_help = "Examples:\n  cargo xtask rollback\n  cargo xtask rollback --to 4f0c12e --env prod\n  cargo xtask rollback --with-database"
    )]
    Rollback(RollbackArguments),
    /// Print the last releases of an environment: when, who, which commit, the database's heads, and the result
    #[command(after_help = "Example:\n  cargo xtask releases --env prod")]
    Releases {
        /// Environment [default: $AMPLIFY_ENV, or the only one in xtask.toml]
        #[arg(long, value_name = "NAME")]
        env: Option<String>,
        /// Number of releases
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=100))]
        last: u16,
        /// Print JSON lines to standard output
        #[arg(long)]
        json: bool,
    },
    /// Run all tests, or some parts of them, against a real PostgreSQL
    #[command(after_help = "Example:\n  cargo xtask test engine db")]
    Test(TestArguments),
    /// Check whether this machine has what the tasks need, and print how to install what is missing
    #[command(after_help = "Example:\n  cargo xtask doctor publish")]
    Doctor {
        /// Task to check [default: all]
        #[arg(value_enum)]
        task: Option<DoctorTask>,
        /// Print JSON lines to standard output
        #[arg(long)]
        json: bool,
    },
    /// Check or run the files in buildspec/, which CodeBuild runs
    #[command(after_help = "Examples:\n  cargo xtask buildspec check\n  cargo xtask buildspec run verify")]
    Buildspec {
        /// Print JSON lines to standard output
        #[arg(long, global = true)]
        json: bool,
        #[command(subcommand)]
        command: BuildspecCommand,
    },
    /// Serve the front end and the functions with live reload, on a migrated and seeded embedded database
    #[command(after_help = "Example:\n  cargo xtask dev")]
    Dev,
    /// Compare with psql, dbmate, sqlx-cli, Alembic and others, and write the results to docs/
    #[command(after_help = "Example:\n  cargo xtask bench --quick")]
    Bench(BenchArguments),
    /// Run the checks required before merging: formatting, lints, tests
    #[command(after_help = "Example:\n  cargo xtask ci")]
    Ci,
    /// Print a shell completion script
    #[command(after_help = "Example:\n  cargo xtask completions bash")]
    Completions {
        /// Shell to print the script for
        shell: Shell,
    },
    /// Print what the last word could be; the completion scripts call this
    #[command(hide = true)]
    Complete {
        /// The words after `cargo xtask`
        #[arg(last = true)]
        words: Vec<String>,
    },
}

/// A task with requirements beyond this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DoctorTask {
    /// `cargo xtask db`, with the database that it would use
    Db,
    /// `cargo xtask test`
    Test,
    /// `cargo xtask dev`
    Dev,
    /// `cargo xtask publish`
    Publish,
    /// `cargo xtask infra`, with the account's plan, quotas and services
    Infra,
}

impl DoctorTask {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Db => "db",
            Self::Test => "test",
            Self::Dev => "dev",
            Self::Publish => "publish",
            Self::Infra => "infra",
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum BuildspecCommand {
    /// Check buildspecs against CodeBuild's reference: keys, values, runtime versions, secret references
    #[command(after_help = "Example:\n  cargo xtask buildspec check buildspec/verify.yml")]
    Check {
        /// Files to check [default: buildspec/*.yml]
        files: Vec<PathBuf>,
    },
    /// Run a buildspec locally as CodeBuild's agent does; variables set in the environment take precedence
    #[command(after_help = "Example:\n  cargo xtask buildspec run verify")]
    Run {
        /// Name of a file in buildspec/, such as `verify`, or a path that ends in `.yml`
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct PublishArguments {
    #[command(flatten)]
    pub(crate) target: PublishTarget,
    /// Print the commands without running them
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
    /// Publish the existing `frontend/dist`, which must be built from this commit for this environment
    #[arg(long)]
    pub(crate) skip_build: bool,
    /// Gen 1: invalidate the CloudFront cache and wait for completion (in Gen 2, this is always done)
    #[arg(long)]
    pub(crate) invalidate: bool,
    /// Publish even if the database is behind, or no database is configured
    #[arg(long)]
    pub(crate) skip_database_check: bool,
    #[command(subcommand)]
    pub(crate) command: Option<PublishCommand>,
}

#[derive(Debug, Args)]
pub(crate) struct RollbackArguments {
    /// Commit to go back to [default: that of the last release that succeeded before the newest one]
    #[arg(long, value_name = "COMMIT")]
    pub(crate) to: Option<String>,
    /// Also revert the revisions that came with later releases, after a snapshot of the database
    #[arg(long)]
    pub(crate) with_database: bool,
    /// Environment [default: $AMPLIFY_ENV, or the only one in xtask.toml]
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// Do not ask for confirmation
    #[arg(short, long)]
    pub(crate) yes: bool,
}

/// Where to start.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct InitPlace {
    /// Replace the sample application of this clone with one that has a page, an API and a first revision
    #[arg(long)]
    pub(crate) empty: bool,
    /// Add the tool to the repository in this folder, on a new branch
    #[arg(long, value_name = "DIR")]
    pub(crate) into: Option<PathBuf>,
    /// Update the tool in the repository in this folder to the version of this clone, on a new branch
    #[arg(long, value_name = "DIR")]
    pub(crate) update: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    #[command(flatten)]
    pub(crate) place: InitPlace,
    /// Name of the project: stacks, buckets and the database role of the API start with it [default: asks]
    #[arg(long, conflicts_with = "update")]
    pub(crate) name: Option<ProjectName>,
    /// Folder of the front end in the repository [default: the only one with a package.json that has a script `build`]
    #[arg(long, value_name = "DIR", requires = "into")]
    pub(crate) frontend: Option<PathBuf>,
    /// Branch to create in the repository for the new files
    #[arg(long, default_value = "cargo-xtask", conflicts_with = "empty")]
    pub(crate) branch: String,
    /// Change nothing; with `--into` and `--update`, print a patch
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// An environment of an app.
#[derive(Debug, Args)]
pub(crate) struct PublishTarget {
    /// Environment [default: $AMPLIFY_ENV, or the only one in xtask.toml (Gen 1: in team-provider-info.json)]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// Amplify app id [default: $AMPLIFY_APP_ID, or the one of the `infra` stack (Gen 1: in team-provider-info.json)]
    #[arg(long, global = true, value_name = "ID")]
    pub(crate) app_id: Option<String>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum InfraCommand {
    /// Generate the CloudFormation template and check it with cdk-nag's AwsSolutions pack, without calling AWS
    #[command(after_help = "Example:\n  cargo xtask infra synth")]
    Synth,
    /// Show the difference between the template and the deployed stack
    #[command(after_help = "Example:\n  cargo xtask infra diff --env staging")]
    Diff,
    /// Show the changes and the monthly costs, ask for confirmation, deploy, and verify the result
    #[command(after_help = "Example:\n  cargo xtask infra deploy --env staging")]
    Deploy {
        /// Do not ask for confirmation
        #[arg(short, long)]
        yes: bool,
        /// Do not ask AWS first whether the account can have the environment: its plan, quotas and services
        #[arg(long)]
        no_preflight: bool,
    },
    /// Print the outputs of the stack: app, repository, pipeline, database
    #[command(after_help = "Example:\n  cargo xtask infra outputs --json")]
    Outputs {
        /// Print one line of JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what is kept, ask for confirmation, and delete the environment
    #[command(after_help = "Example:\n  cargo xtask infra destroy --env staging")]
    Destroy {
        /// Do not ask for confirmation (`dev` only; other environments require their name as input)
        #[arg(short, long)]
        yes: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub(crate) enum PublishCommand {
    /// Create the app's branch for the environment (Gen 1: the environment, recorded in team-provider-info.json)
    #[command(after_help = "Example:\n  cargo xtask publish init --env staging")]
    Init,
}

#[derive(Debug, Args)]
pub(crate) struct TestArguments {
    /// Parts to run [default: all]
    #[arg(value_enum)]
    pub(crate) parts: Vec<Part>,
    /// Parts to run, separated by commas
    #[arg(long = "part", value_enum, value_delimiter = ',')]
    pub(crate) more_parts: Vec<Part>,
    /// Server to test on: `docker`, `embedded`, a URL, or `auto` (`docker` if an engine is available, else `embedded`)
    #[arg(long, default_value = "auto")]
    pub(crate) postgres: String,
    /// Also write a JUnit report to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
}

/// The parts of the tests, in the order they run: fast ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The engine's own tests, crate by crate
    Engine,
    /// The linter on the revisions
    Lint,
    /// Every revision applied, reverted and reapplied
    Db,
    /// The buildspecs against CodeBuild's reference
    Buildspec,
    /// The front end: types, tests, build, and the built page in a real browser
    Frontend,
    /// The functions of the backend: types, and tests on a real PostgreSQL
    Functions,
    /// The infrastructure: types, guarantees of the template, cfn-lint
    Infra,
    /// The commands on a real PostgreSQL
    Commands,
    /// Dump, verify and trace on hundreds of schemas and histories
    Schema,
    /// Fault injection: killed clients, backends and servers
    Reliability,
    /// The real Amplify CLI against an AWS emulator
    Publish,
}

#[derive(Debug, Args)]
pub(crate) struct BenchArguments {
    /// Parts to run: `speed`, `sessions`, `latency`, `load`, `faults`, `fleet`, `dump`, `diff`, `build` [default: all]
    pub(crate) parts: Vec<String>,
    /// Only check that the benchmark works: small sizes, one round, no results written
    #[arg(long)]
    pub(crate) quick: bool,
    /// Tools to compare with [default: all]
    #[arg(long, value_name = "NAME,NAME", value_delimiter = ',')]
    pub(crate) peers: Vec<String>,
}
