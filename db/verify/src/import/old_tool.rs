//! The programs of other tools: how to run each on a database, and its bookkeeping tables.

use std::ffi::{OsStr, OsString};
use std::io;
use std::net::Ipv6Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ::import::Tool;
use anyhow::{Context, Result, bail};
use cluster::{Needs, PrivateDirectory};
use connection::Settings;

use super::proof::Reference;

/// Lines of a program's output that are shown when it fails.
const SHOWN: usize = 20;

/// What is needed to run a tool.
struct Facts {
    name: &'static str,
    /// The command that installs it.
    install: &'static str,
    /// Its tables, quoted and qualified.
    tables: &'static [&'static str],
}

/// A tool that can be run.
pub(super) struct OldTool {
    tool: Tool,
    facts: Facts,
    program: PathBuf,
}

fn facts(tool: Tool) -> Option<Facts> {
    let facts = |name, install, tables| Some(Facts { name, install, tables });
    match tool {
        Tool::Dbmate => facts("dbmate", "npm install --global dbmate", &["public.schema_migrations"]),
        Tool::Sqlx => facts(
            "sqlx",
            "cargo install sqlx-cli --no-default-features --features postgres,native-tls",
            &["public._sqlx_migrations"],
        ),
        Tool::Diesel => facts(
            "diesel",
            "cargo install diesel_cli --no-default-features --features postgres",
            &["public.__diesel_schema_migrations"],
        ),
        Tool::GolangMigrate => facts(
            "migrate",
            "go install -tags postgres github.com/golang-migrate/migrate/v4/cmd/migrate@latest",
            &["public.schema_migrations"],
        ),
        Tool::Goose => {
            facts("goose", "go install github.com/pressly/goose/v3/cmd/goose@latest", &["public.goose_db_version"])
        }
        Tool::NodePgMigrate => {
            facts("node-pg-migrate", "npm install --global node-pg-migrate pg", &["public.pgmigrations"])
        }
        Tool::Liquibase => {
            facts("liquibase", "brew install liquibase", &["public.databasechangelog", "public.databasechangeloglock"])
        }
        Tool::Alembic | Tool::Flyway | Tool::PgDump => None,
    }
}

impl OldTool {
    /// The tool with the given program, or the one on the PATH.
    pub(super) fn of(tool: Tool, program: Option<&Path>) -> Result<Self> {
        let Some(facts) = facts(tool) else {
            bail!("the result of {tool} can't be compared with that of the revisions\n  next: add `--no-proof`");
        };
        let program = program.map_or_else(|| PathBuf::from(facts.name), Path::to_owned);
        let found = Self { tool, facts, program };
        let version = found.command().arg("--version").stdin(Stdio::null()).output();
        match version {
            Ok(_) => Ok(found),
            Err(error) if error.kind() == io::ErrorKind::NotFound => bail!(
                "`{}` is not installed, so its result can't be compared with that of the revisions\n  next: run `{}`, name \
                 its program with `--program`, or add `--no-proof`",
                found.program.display(),
                found.facts.install
            ),
            Err(error) => Err(error).with_context(|| format!("cannot run `{}`", found.program.display())),
        }
    }

    fn command(&self) -> Command {
        Needs::Tool.command(&self.program)
    }

    /// The password, and for a tool without an option for the database, all settings.
    fn variables(&self, settings: &Settings) -> Result<Vec<(&'static str, String)>> {
        let mut variables = settings.to_environment();
        match self.tool {
            Tool::NodePgMigrate => {}
            Tool::Liquibase if settings.hosts().iter().any(|host| host.starts_with('/')) => bail!(
                "Liquibase can't connect to a server that listens only on a socket\n  next: name one with `--postgres`, or add \
                 `--no-proof`"
            ),
            Tool::Liquibase => {
                variables.retain(|(name, _)| *name == "PGPASSWORD");
                variables.iter_mut().for_each(|(name, _)| *name = "LIQUIBASE_COMMAND_PASSWORD");
            }
            _ => variables.retain(|(name, _)| *name == "PGPASSWORD"),
        }
        Ok(variables)
    }
}

impl Reference for OldTool {
    fn name(&self) -> &'static str {
        self.facts.name
    }

    fn tables(&self) -> Vec<String> {
        self.facts.tables.iter().map(|&name| name.to_owned()).collect()
    }

    fn run(&self, source: &Path, settings: &Settings) -> Result<Duration> {
        let source = std::path::absolute(source).context("the directory of the migrations")?;
        // Not the project's directory, because its settings would apply and files would be written there.
        let folder = PrivateDirectory::create(&std::env::temp_dir(), "import-")?;
        let mut command = self.command();
        command.args(arguments(self.tool, &source, settings)).current_dir(folder.path()).stdin(Stdio::null());
        command.env("NO_COLOR", "1").envs(self.variables(settings)?);
        let start = Instant::now();
        let output = command.output().with_context(|| format!("cannot run `{}`", self.program.display()))?;
        let elapsed = start.elapsed();
        if !output.status.success() {
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8_lossy(&text);
            let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
            let last = lines[lines.len().saturating_sub(SHOWN)..].join("\n");
            bail!("{} itself can't apply the migrations to an empty database:\n{last}", self.facts.name);
        }
        Ok(elapsed)
    }
}

/// The arguments that apply all migrations. No password is among them.
fn arguments(tool: Tool, source: &Path, settings: &Settings) -> Vec<OsString> {
    let url = url(settings, if tool == Tool::GolangMigrate { "" } else { "localhost" });
    let source = source.as_os_str();
    let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
    let with = |before: &[&str], after: &[&str]| [words(before), vec![source.to_owned()], words(after)].concat();
    match tool {
        Tool::Dbmate => with(&["--no-dump-schema", "--migrations-dir"], &["--url", &url, "migrate"]),
        Tool::Sqlx => with(&["migrate", "run", "--no-dotenv", "--database-url", &url, "--source"], &[]),
        Tool::Diesel => with(&["migration", "--database-url", &url, "--migration-dir"], &["run"]),
        Tool::GolangMigrate => with(&["-path"], &["-database", &url, "up"]),
        Tool::Goose => with(&["-dir"], &["postgres", &conninfo(settings), "up"]),
        // In one transaction, no migration could use the enum value that an earlier one added, although in production it could.
        Tool::NodePgMigrate => with(&["up", "--no-single-transaction", "--migrations-dir"], &[]),
        Tool::Liquibase => {
            let [host, port, user, database, _] = pairs(settings).map(|(keyword, value)| part(keyword, &value));
            let url = format!("--url=jdbc:postgresql://{host}:{port}/{database}?user={user}");
            let path = Path::new(source);
            // A changelog can name files relative to a folder above it.
            let folders: Vec<&OsStr> = path.ancestors().skip(1).map(Path::as_os_str).collect();
            let folder = folders.join(OsStr::new(","));
            let file = path.file_name().unwrap_or_default();
            let named = |option: &str, value: &OsStr| [OsString::from(option), value.to_owned()];
            [named("--search-path", &folder), named("--changelog-file", file)]
                .concat()
                .into_iter()
                .chain(words(&[&url, "update"]))
                .collect()
        }
        Tool::Alembic | Tool::Flyway | Tool::PgDump => Vec::new(),
    }
}

/// The settings as pairs of a keyword and a value.
fn pairs(settings: &Settings) -> [(&'static str, String); 5] {
    [
        ("host", settings.hosts().first().copied().unwrap_or_default().to_owned()),
        ("port", settings.ports().first().copied().unwrap_or(5432).to_string()),
        ("user", settings.user().to_owned()),
        ("dbname", settings.get("dbname").unwrap_or_default().to_owned()),
        // Go's driver does not support `prefer`.
        ("sslmode", settings.get("sslmode").filter(|mode| *mode != "prefer").unwrap_or("disable").to_owned()),
    ]
}

fn conninfo(settings: &Settings) -> String {
    let quoted = |value: String| format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"));
    pairs(settings).map(|(keyword, value)| format!("{keyword}={}", quoted(value))).join(" ")
}

/// A URL. A socket directory is passed as a parameter, with `placeholder` as the host: some tools require a host, and
/// one prefers it.
fn url(settings: &Settings, placeholder: &str) -> String {
    let [host, port, user, database, sslmode] = pairs(settings).map(|(keyword, value)| part(keyword, &value));
    match host.starts_with("%2F") {
        true => format!("postgres://{user}@{placeholder}:{port}/{database}?host={host}&sslmode={sslmode}"),
        false => format!("postgres://{user}@{host}:{port}/{database}?sslmode={sslmode}"),
    }
}

/// A value in a URL. An IPv6 address is in brackets.
fn part(keyword: &str, value: &str) -> String {
    match keyword == "host" && value.parse::<Ipv6Addr>().is_ok() {
        true => format!("[{value}]"),
        false => escaped(value),
    }
}

fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}
