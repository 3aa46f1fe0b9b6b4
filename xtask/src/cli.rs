//! Every command and option, as typed. No behaviour.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// The tasks of this monorepo.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) task: Task,
}

impl Cli {
    /// Whether the output is for a program.
    pub(crate) fn is_json(&self) -> bool {
        match &self.task {
            Task::Db(arguments) => arguments.json,
            Task::Infra { command: InfraCommand::Outputs { json }, .. }
            | Task::Buildspec { json, .. }
            | Task::Doctor { json, .. } => *json,
            _ => false,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// Migrate the database: Alembic's commands on plain-SQL revisions
    Db(DbArguments),
    /// Publish the page and the Amplify project, and prove that they are there
    Publish(PublishArguments),
    /// What an environment needs on AWS: the CDK app of infra/
    Infra {
        /// The environment; without one AMPLIFY_ENV, or the only one in xtask.toml
        #[arg(long, global = true, value_name = "NAME")]
        env: Option<String>,
        #[command(subcommand)]
        command: InfraCommand,
    },
    /// Prove the release on this machine: every test, against a real PostgreSQL
    Test(TestArguments),
    /// Look for what a task needs on this machine, and say how to get what is missing
    Doctor {
        /// Fail if this task can't run; without one, if any can't
        #[arg(value_enum)]
        task: Option<DoctorTask>,
        /// Data on standard output as JSON lines
        #[arg(long)]
        json: bool,
    },
    /// The files of buildspec/: what CodeBuild runs
    Buildspec {
        /// Data on standard output as JSON lines
        #[arg(long, global = true)]
        json: bool,
        #[command(subcommand)]
        command: BuildspecCommand,
    },
    /// Work on the front end: the embedded database, migrated and seeded, and the page with reload
    Dev,
    /// Fetch the crates into a folder, for a build that can't reach crates.io: its CARGO_HOME
    Fetch {
        /// The folder
        directory: PathBuf,
    },
    /// Compare with psql, dbmate, sqlx-cli, Alembic and others, and write what comes of it into docs/
    Bench(BenchArguments),
    /// What a reviewer wants before merging: format, lints, tests
    Ci,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// A task that needs more than this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DoctorTask {
    /// `cargo xtask db`, on the database that it would use
    Db,
    /// `cargo xtask test`
    Test,
    /// `cargo xtask dev`
    Dev,
    /// `cargo xtask publish`
    Publish,
}

impl DoctorTask {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Db => "db",
            Self::Test => "test",
            Self::Dev => "dev",
            Self::Publish => "publish",
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum BuildspecCommand {
    /// Check them against CodeBuild's reference: keys, values, runtimes of the image, secrets
    Check {
        /// Other files than those in buildspec/
        files: Vec<PathBuf>,
    },
    /// Run one here as CodeBuild's agent does; variables that the environment has win over secrets and variables of the file
    Run {
        /// `verify`, `database` …, or a file
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct PublishArguments {
    #[command(flatten)]
    pub(crate) target: PublishTarget,
    /// Print the commands that would run, and run none
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
    /// Publish what `frontend/dist` holds, if it was built of this commit for this environment
    #[arg(long)]
    pub(crate) skip_build: bool,
    /// Make CloudFront forget the last release, and wait until it has
    #[arg(long)]
    pub(crate) invalidate: bool,
    /// Publish even if the database is behind, or nobody has said which it is
    #[arg(long)]
    pub(crate) skip_database_check: bool,
    #[command(subcommand)]
    pub(crate) command: Option<PublishCommand>,
}

/// Which environment of which app.
#[derive(Debug, Args)]
pub(crate) struct PublishTarget {
    /// The environment; without one AMPLIFY_ENV, or the only one in team-provider-info.json
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// The Amplify app; without one AMPLIFY_APP_ID, or what team-provider-info.json says
    #[arg(long, global = true, value_name = "ID")]
    pub(crate) app_id: Option<String>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum InfraCommand {
    /// Write the CloudFormation template, and check it with cdk-nag's AwsSolutions pack; nothing is asked of AWS
    Synth,
    /// Show what differs between the template and what is deployed
    Diff,
    /// Deploy: show what changes and what it costs, ask, and look whether everything is there
    Deploy {
        /// Don't ask
        #[arg(short, long)]
        yes: bool,
    },
    /// Print the outputs of the stack: the app, the repository, the pipeline, the database
    Outputs {
        /// As a line of JSON
        #[arg(long)]
        json: bool,
    },
    /// Delete an environment: say what stays, and ask
    Destroy {
        /// Don't ask; only `dev` goes without being named
        #[arg(short, long)]
        yes: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub(crate) enum PublishCommand {
    /// Create the environment in the app, or find it, and write it down for the team
    Init,
}

#[derive(Debug, Args)]
pub(crate) struct TestArguments {
    /// Only these parts; all of them if none is named
    #[arg(value_enum)]
    pub(crate) parts: Vec<Part>,
    /// The same, separated by commas
    #[arg(long = "part", value_enum, value_delimiter = ',')]
    pub(crate) more_parts: Vec<Part>,
    /// `auto` (a container if a Docker engine answers, else the embedded binaries), `docker`, `embedded`, or a URL
    #[arg(long, default_value = "auto")]
    pub(crate) postgres: String,
    /// Also write a JUnit report, which CodeBuild reads
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
}

/// A part of the tests, in the order they run: the fast ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The engine's own tests, crate by crate
    Engine,
    /// The linter on the revisions
    Lint,
    /// Every revision up, down and up again
    Db,
    /// The buildspecs against CodeBuild's reference
    Buildspec,
    /// The front end: types, tests, build, and the built page in a real browser
    Frontend,
    /// The infrastructure: types, the promises of its template, cfn-lint
    Infra,
    /// The commands, on a real PostgreSQL
    Commands,
    /// Clients, backends and servers that die at any moment
    Reliability,
    /// The real Amplify CLI against an emulator of AWS
    Publish,
}

#[derive(Debug, Args)]
pub(crate) struct BenchArguments {
    /// Only these parts: `speed`, `latency`, `load`, `faults`, `fleet`, `build`
    pub(crate) parts: Vec<String>,
    /// Small sizes, one round, nothing written: whether the harness works
    #[arg(long)]
    pub(crate) quick: bool,
    /// Only these tools beside the engine
    #[arg(long, value_name = "NAME,NAME", value_delimiter = ',')]
    pub(crate) peers: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DbArguments {
    /// Another directory of revisions
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Another database: a URL, or libpq's `host=… dbname=…`
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Data on standard output as JSON lines
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// How long to try to connect
    #[arg(long, global = true, value_name = "SECONDS")]
    pub(crate) connect_timeout: Option<u64>,
    #[command(subcommand)]
    pub(crate) command: DbCommand,
}

/// Where a plan begins, and what becomes of it.
#[derive(Debug, Default, Args)]
pub(crate) struct RunArguments {
    /// Print the script for psql instead of running it
    #[arg(long)]
    pub(crate) sql: bool,
    /// With --sql: the heads the database is at, or `base`
    #[arg(long, value_name = "HEAD,HEAD", value_delimiter = ',', requires = "sql")]
    pub(crate) from: Vec<String>,
    /// Show what would run, and run nothing
    #[arg(long, conflicts_with = "sql")]
    pub(crate) dry_run: bool,
    /// How long to wait for another migration
    #[arg(long, value_name = "SECONDS")]
    pub(crate) lock_wait: Option<u64>,
}

/// Many databases with the same revisions.
#[derive(Debug, Args)]
pub(crate) struct FleetArguments {
    /// Migrate every database of a list: a URL or libpq's `dbname=…` on each line, which is completed by --url or the environment
    #[arg(long, value_name = "FILE", conflicts_with_all = ["sql", "dry_run"])]
    pub(crate) each: Option<PathBuf>,
    /// With --each: so many at a time
    #[arg(long, value_name = "COUNT", requires = "each", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: u16,
    /// With --each: only the K-th of N parts of the list, for builds that share it
    #[arg(long, value_name = "K/N", requires = "each")]
    pub(crate) slice: Option<Slice>,
}

/// One of several parts that are as long as each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slice {
    /// Which, from 1.
    pub(crate) number: usize,
    pub(crate) of: usize,
}

impl std::str::FromStr for Slice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("expected K/N, K from 1 to N".to_owned()),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum DbCommand {
    /// Apply revisions up to a target
    Upgrade {
        /// `heads`, an id or its beginning, a label, `+1`, `label@head`, `rev+2` …; with --sql also FROM:TARGET
        #[arg(default_value = "heads", allow_negative_numbers = true)]
        target: String,
        #[command(flatten)]
        run: RunArguments,
        #[command(flatten)]
        fleet: FleetArguments,
    },
    /// Take revisions back down to a target
    Downgrade {
        /// `-1`, `base`, an id or its beginning, `label@base`, `label@-1` …; with --sql also FROM:TARGET
        #[arg(allow_negative_numbers = true)]
        target: String,
        /// Take down revisions too that this checkout does not have, with the SQL that the log keeps
        #[arg(long, conflicts_with = "sql")]
        logged: bool,
        #[command(flatten)]
        run: RunArguments,
    },
    /// Finish the revision that stopped half-way, and no other
    Resume,
    /// Set the version rows without running anything
    Stamp {
        /// The revisions the database is at
        #[arg(required = true, allow_negative_numbers = true)]
        targets: Vec<String>,
        /// Delete every version row first, and forget half-done revisions
        #[arg(long)]
        purge: bool,
        #[command(flatten)]
        run: RunArguments,
    },
    /// Show the revisions the database is at
    Current {
        /// Whole entries, and what is half done or unknown here
        #[arg(short, long)]
        verbose: bool,
        /// Fail unless the database is at every head
        #[arg(long)]
        check_heads: bool,
        /// Only the ids, on one line, or `base`: what `publish` takes as DATABASE_HEADS
        #[arg(long, conflicts_with = "verbose")]
        heads: bool,
    },
    /// List the revisions, newest first
    History {
        /// Only these: `from:to`, either end may be missing or `current`
        #[arg(short, long, value_name = "FROM:TO", allow_hyphen_values = true)]
        rev_range: Option<String>,
        /// Whole entries
        #[arg(short, long)]
        verbose: bool,
        /// Mark what the database is at
        #[arg(short, long)]
        indicate_current: bool,
        /// Draw the graph beside the list
        #[arg(long)]
        graph: bool,
    },
    /// List the revisions that nothing follows
    Heads {
        /// Whole entries
        #[arg(short, long)]
        verbose: bool,
        /// Leave out those that others depend on
        #[arg(long)]
        resolve_dependencies: bool,
    },
    /// List the revisions that several follow
    Branches {
        /// Whole entries
        #[arg(short, long)]
        verbose: bool,
    },
    /// Show one revision
    Show {
        /// An id or its beginning, a label, `head`
        #[arg(allow_negative_numbers = true)]
        revision: String,
    },
    /// Write a new, empty revision
    Revision {
        /// What it does, in a few words
        #[arg(short, long)]
        message: String,
        /// What it comes after (several, separated by commas, for a merge); `base` for a new line of its own
        #[arg(long, default_value = "head", value_delimiter = ',')]
        head: Vec<String>,
        /// Allow it to come after a revision that is no head: a new branch
        #[arg(long)]
        splice: bool,
        /// A label for the branch it begins
        #[arg(long, value_delimiter = ',')]
        branch_label: Vec<String>,
        /// A revision or label that has to be applied before, without being a parent
        #[arg(long, value_delimiter = ',')]
        depends_on: Vec<String>,
        /// The id, instead of a random one
        #[arg(long)]
        rev_id: Option<String>,
    },
    /// Write a revision that joins branches
    Merge {
        /// The revisions to join; `heads` for all
        #[arg(required = true)]
        revisions: Vec<String>,
        /// What it does, in a few words
        #[arg(short, long)]
        message: Option<String>,
        /// A label for it
        #[arg(long, value_delimiter = ',')]
        branch_label: Vec<String>,
        /// The id, instead of a random one
        #[arg(long)]
        rev_id: Option<String>,
    },
    /// Open a revision in $VISUAL or $EDITOR
    Edit {
        /// An id or its beginning, a label, `head`
        #[arg(allow_negative_numbers = true)]
        revision: String,
    },
    /// Fail (3) unless the database is where this checkout is, and every applied file is unchanged (6)
    Check {
        /// What it has to be at, as for `upgrade`
        #[arg(default_value = "heads")]
        target: String,
    },
    /// Note that an applied revision's file was edited on purpose: the database is as it says
    Accept {
        /// An id or its beginning, a label, `head`
        #[arg(allow_negative_numbers = true)]
        revision: String,
        /// Why, for the log
        #[arg(long)]
        reason: String,
    },
    /// Look for what would hurt in production: squawk's rules, and the engine's own
    Lint {
        /// Only revisions that this commit does not have; in a build the one that xtask.toml names
        #[arg(long, value_name = "COMMIT")]
        since: Option<String>,
        /// `text`, `json`, `sarif` or `junit`
        #[arg(long, default_value = "text")]
        format: String,
    },
    /// Take every revision up, down and up again on a PostgreSQL of its own, comparing the catalog after each step
    Verify {
        /// `auto` (a container if a Docker engine answers, else the embedded binaries), `docker`, `embedded`, or a URL
        #[arg(long, default_value = "auto")]
        postgres: String,
    },
    /// Show what each statement locks and until when, what it rewrites and reads, by running the revisions
    Trace {
        /// Only this revision: an id or its beginning, a label, `head`
        revision: Option<String>,
        /// Fill each table up to this many rows first, so that it shows in time
        #[arg(long, default_value_t = 0)]
        rows: u64,
        /// `auto` (a container if a Docker engine answers, else the embedded binaries), `docker`, `embedded`, or a URL
        #[arg(long, default_value = "auto")]
        postgres: String,
    },
    /// Write schema.sql beside the revisions: what they make, for reviews. With --url: print that database's schema
    Dump {
        /// `auto` (a container if a Docker engine answers, else the embedded binaries), `docker`, `embedded`, or a URL
        #[arg(long, default_value = "auto")]
        postgres: String,
    },
    /// Create the version table, the log and the journal
    EnsureVersion,
    /// Show what would run, and nothing else
    Plan {
        /// The target, as for the command it plans
        #[arg(required = true, allow_negative_numbers = true)]
        targets: Vec<String>,
        /// Plan a downgrade
        #[arg(long, conflicts_with = "stamp")]
        downgrade: bool,
        /// Plan a stamp
        #[arg(long)]
        stamp: bool,
        /// The heads to begin at, or `base`; no database is needed then
        #[arg(long, value_name = "HEAD,HEAD", value_delimiter = ',')]
        from: Option<Vec<String>>,
    },
    /// Run psql on the database
    Psql {
        /// What psql is given
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Start the embedded database and leave it running
    Start,
    /// Stop the embedded database
    Stop,
    /// Show which database is used, whether it answers, and what state it is in
    Status,
}
