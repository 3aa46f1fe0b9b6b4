//! `xtask.toml`: the settings of this monorepo, each documented in that file.

mod environment;
mod invalid;
mod limits;
mod promotion;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use migrate::Options;
use serde::{Deserialize, Serialize};

pub(crate) use environment::{DatabaseAccess, Environment};
use invalid::{at, invalid};
pub(crate) use limits::{AccountId, LONGEST_SECONDS, ProjectName, Region};
use limits::{Attempts, Folder, OneOrMore, SchemaName, Seconds, TableName};
use promotion::Candidate;

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) project: Project,
    pub(crate) postgres: Postgres,
    pub(crate) migrate: Migrate,
    pub(crate) lint: Lint,
    pub(crate) database: Database,
    pub(crate) adopted: Adopted,
    pub(crate) types: Types,
    pub(crate) frontend: Frontend,
    pub(crate) publish: Publish,
    pub(crate) environment: Variables,
    pub(crate) infra: Infra,
}

/// The monorepo as a whole.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Project {
    pub(crate) name: Option<ProjectName>,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Postgres {
    pub(crate) major: u32,
}

impl Default for Postgres {
    fn default() -> Self {
        Self { major: 17 }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Migrate {
    versions: Option<PathBuf>,
    version_table: Option<TableName>,
    version_table_schema: Option<SchemaName>,
    connect_timeout: Option<Seconds>,
    lock_wait: Option<Seconds>,
    lock_timeout: Option<Seconds>,
    statement_timeout: Option<Seconds>,
    attempts: Option<Attempts>,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Lint {
    pub(crate) since: String,
}

impl Default for Lint {
    fn default() -> Self {
        Self { since: "main".to_owned() }
    }
}

/// What is expected of a database that the revisions are applied to.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Database {
    pub(crate) drift: Drift,
}

/// What it means that a database has more or less than its revisions make.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Drift {
    /// It is not checked.
    #[default]
    Off,
    /// A warning.
    Warn,
    /// A failure.
    Error,
}

/// The page.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Frontend {
    directory: Folder,
    pub(crate) build: String,
    output: Folder,
}

impl Default for Frontend {
    fn default() -> Self {
        let folder = |name: &str| Folder(PathBuf::from(name));
        Self { directory: folder("frontend"), build: "build".to_owned(), output: folder("dist") }
    }
}

impl Frontend {
    /// The folder with `package.json`, from the root of the checkout.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory.0
    }

    /// The output folder of the build, from the root of the checkout.
    pub(crate) fn output(&self) -> PathBuf {
        self.directory.0.join(&self.output.0)
    }
}

/// The revisions that existed when the history was adopted.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Adopted {
    until: OneOrMore,
}

impl Adopted {
    /// The newest of them.
    pub(crate) fn until(&self) -> &[String] {
        &self.until.0
    }
}

/// The file with the types of the tables that a role can see.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Types {
    pub(crate) role: Option<String>,
    /// From the root of the checkout.
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Publish {
    timeout: Seconds,
    pub(crate) hosting: Option<Hosting>,
}

/// The service that serves the page of a Gen 2 project.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Hosting {
    /// Amplify Hosting, by a manual deployment.
    #[default]
    Amplify,
    /// The bucket and the CloudFront distribution in `amplify/hosting.ts`.
    CloudFront,
}

impl Default for Publish {
    fn default() -> Self {
        Self { timeout: Seconds(Duration::from_secs(3600)), hosting: None }
    }
}

impl Publish {
    /// How long each step of a publication may take.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout.0
    }
}

/// The environment of the programs that `xtask` runs.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Variables {
    pub(crate) pass: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Infra {
    pub(crate) environments: BTreeMap<String, Environment>,
}

impl Infra {
    fn promotions(&self) -> BTreeMap<&str, Candidate<'_>> {
        self.environments.iter().map(|(name, environment)| (name.as_str(), environment.candidate())).collect()
    }

    /// The environments that release what this one has verified.
    pub(crate) fn promotes_to(&self, name: &str) -> impl Iterator<Item = &str> {
        let is_next = move |environment: &Environment| environment.promoted_from() == Some(name);
        self.environments.iter().filter(move |(_, next)| is_next(next)).map(|(next, _)| next.as_str())
    }
}

impl Config {
    /// Reads the file; a missing file means the defaults.
    pub(crate) fn load(path: &Path) -> Result<Self> {
        let text = match regular_file::read_to_string(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            text => text.with_context(|| format!("`{}`", path.display()))?,
        };
        let config: Self = toml::from_str(&text).map_err(|error| invalid(path, &text, &error))?;
        promotion::check(&config.infra.promotions())
            .map_err(|(place, message)| at(path, &text, place.start, &message))?;
        Ok(config)
    }

    /// The directory of the revisions, from the root of the checkout.
    pub(crate) fn versions(&self) -> PathBuf {
        self.migrate.versions.clone().unwrap_or_else(|| PathBuf::from("db/versions"))
    }

    /// Whether the file names the directory of the revisions.
    pub(crate) fn names_versions(&self) -> bool {
        self.migrate.versions.is_some()
    }

    /// The options of the engine.
    pub(crate) fn options(&self) -> Options {
        let set = &self.migrate;
        let mut options = Options::default();
        let seconds = |set: Option<Seconds>, default| set.map_or(default, |Seconds(duration)| duration);
        options.version_table = set.version_table.clone().map_or(options.version_table, |TableName(name)| name);
        options.version_table_schema = set.version_table_schema.clone().map(|SchemaName(name)| name);
        options.connect_timeout = seconds(set.connect_timeout, options.connect_timeout);
        options.lock_wait = seconds(set.lock_wait, options.lock_wait);
        options.lock_timeout = seconds(set.lock_timeout, options.lock_timeout);
        options.statement_timeout = seconds(set.statement_timeout, options.statement_timeout);
        options.attempts = set.attempts.map_or(options.attempts, |Attempts(attempts)| attempts);
        options
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    /// The file of the sample documents every key in a comment; each must exist.
    #[test]
    fn every_documented_key_is_known() {
        let documented: String = include_str!("../tests/sample/xtask.toml")
            .lines()
            .filter_map(|line| match line.strip_prefix("# ") {
                Some(key) if key.contains(" = ") => Some(format!("{key}\n")),
                Some(_) => None,
                None => Some(format!("{line}\n")),
            })
            .collect();
        toml::from_str::<Config>(&documented).expect("every key is known");
    }
}
