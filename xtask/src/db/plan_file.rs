//! The file of `plan --out`: what was planned for one database, for `upgrade --plan` to run that and nothing else.
//!
//! The plan is made again under the lock and compared with the file, so whatever else has changed is found too: the
//! database, the revisions, the files of `objects`, the settings, the tool.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use revision::Checksum;
use serde::{Deserialize, Serialize};

use crate::report::{EXIT_USAGE, Failure, heads_text};

/// Increased when the meaning of a field changes.
const FORMAT: u32 = 1;

/// The file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFile {
    format: u32,
    /// The SHA-256 checksum of the plan, in the form that it is written in here, without white space.
    hash: String,
    plan: Planned,
}

/// Everything that a run of the plan depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Planned {
    /// The version of the tool.
    pub(super) tool: String,
    /// `upgrade` or `downgrade`.
    pub(super) operation: String,
    /// As it was typed: `heads`, `expand@head`.
    pub(super) target: String,
    pub(super) database: Identity,
    /// The version rows that the plan starts from, sorted.
    pub(super) from: Vec<String>,
    /// The version rows that it leads to, sorted.
    pub(super) heads: Vec<String>,
    /// The partially applied revision, and how many of its statements have run.
    pub(super) partially_applied: BTreeMap<String, usize>,
    /// The squashes that the log gets in place of their parts.
    pub(super) squashes: Vec<String>,
    pub(super) steps: Vec<PlannedStep>,
    /// The files of `objects` to apply after the revisions.
    pub(super) objects: Vec<PlannedObject>,
    pub(super) settings: PlannedSettings,
}

/// Which database it is. A copy of its files (a clone, a snapshot) has the same identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identity {
    pub(super) name: String,
    pub(super) oid: String,
    /// The identifier that initdb has given to the server; none if the server does not show it.
    pub(super) system: Option<String>,
    /// Quoted and qualified.
    pub(super) version_table: String,
}

/// A revision to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlannedStep {
    pub(super) revision: String,
    pub(super) title: String,
    pub(super) transaction: bool,
    /// The checksum of the revision, as in the log.
    pub(super) checksum: String,
    /// The checksum of the statements and the data of the section that runs.
    pub(super) sql: String,
}

/// A file of `objects` to apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlannedObject {
    pub(super) name: String,
    /// Why it is applied.
    pub(super) change: String,
    pub(super) sql: String,
}

/// The settings of xtask.toml that decide how long a run waits for locks, and for statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlannedSettings {
    pub(super) lock_timeout_ms: u64,
    pub(super) statement_timeout_ms: u64,
    pub(super) attempts: u32,
}

impl Planned {
    /// Reads a file that [`Self::write`] has written.
    pub(super) fn read(path: &Path) -> Result<Self> {
        /// The part that every format has.
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let shown = path.display();
        let text = regular_file::read_to_string(path).with_context(|| format!("`{shown}`"))?;
        let no_plan = |error| Failure::new(format!("`{shown}` is not a plan: {error}")).code(EXIT_USAGE);
        let Format { format } = serde_json::from_str(&text).map_err(no_plan)?;
        if format != FORMAT {
            let message = format!("`{shown}` has the format {format}, and this version reads only {FORMAT}");
            return Err(Failure::new(message).hint(NEW_PLAN).into());
        }
        let file: PlanFile = serde_json::from_str(&text).map_err(no_plan)?;
        let hash = file.plan.hash()?;
        if hash != file.hash {
            let message = format!("`{shown}` was edited: its contents have the hash {hash}, not {}", file.hash);
            return Err(Failure::new(message).state("nothing has changed").hint(NEW_PLAN).into());
        }
        Ok(file.plan)
    }

    /// Writes the file, and returns the hash.
    pub(super) fn write(self, path: &Path) -> Result<String> {
        let file = PlanFile { format: FORMAT, hash: self.hash()?, plan: self };
        let text = serde_json::to_string_pretty(&file)? + "\n";
        regular_file::write(path, text).with_context(|| format!("`{}`", path.display()))?;
        Ok(file.hash)
    }

    /// What somebody approves. Two plans have the same only if they are equal.
    pub(super) fn hash(&self) -> Result<String> {
        Ok(Checksum::of(&serde_json::to_vec(self)?).to_string())
    }

    /// Fails unless the plan that has just been made is this one.
    pub(super) fn check(&self, path: &Path, now: &Self) -> Result<()> {
        let differences = self.differences(now);
        if differences.is_empty() {
            return Ok(());
        }
        let message = format!("the plan in `{}` does not fit: {}", path.display(), differences.join("; "));
        Err(Failure::new(message).state("nothing has changed").hint(NEW_PLAN).into())
    }

    /// What differs in another plan, which has been made now.
    fn differences(&self, now: &Self) -> Vec<String> {
        let mut found = Vec::new();
        if self.database != now.database {
            found.push(format!("it was made for {}, and this is {}", self.database.text(), now.database.text()));
        } else if self.from != now.from {
            let (then, now) = (heads_text(&self.from), heads_text(&now.from));
            found.push(format!("it starts at {then}, and the database is at {now}"));
        } else if self.partially_applied != now.partially_applied {
            found.push("a revision has been partially applied or finished since".to_owned());
        } else {
            found.extend(self.differing_steps(now));
            found.extend(self.differing_objects(now));
        }
        if self.tool != now.tool {
            found.push(format!("it was made by version {}, and this is {}", self.tool, now.tool));
        }
        if self.settings != now.settings {
            found.push(format!("it runs with {}, and this would with {}", self.settings.text(), now.settings.text()));
        }
        // Whatever has no words of its own above.
        if found.is_empty() && self != now {
            found.push("what the log or the version rows would have differs".to_owned());
        }
        found
    }

    fn differing_steps(&self, now: &Self) -> Vec<String> {
        let in_plan = |step: &PlannedStep| self.steps.iter().find(|other| other.revision == step.revision).cloned();
        let remains = |step: &PlannedStep| now.steps.iter().any(|other| other.revision == step.revision);
        let mut found: Vec<String> = Vec::new();
        for step in &now.steps {
            match in_plan(step) {
                None => found.push(format!("it does not have `{}`, {}", step.revision, step.title)),
                Some(planned) if planned != *step => found.push(format!("`{}` was edited", step.revision)),
                Some(_) => {}
            }
        }
        let gone = self.steps.iter().filter(|step| !remains(step));
        found.extend(gone.map(|step| format!("`{}` would not run any more", step.revision)));
        if found.is_empty() && self.steps != now.steps {
            found.push("the revisions would run in another order".to_owned());
        }
        found
    }

    fn differing_objects(&self, now: &Self) -> Vec<String> {
        let names = |one: &Self, other: &Self| -> Vec<String> {
            let differing = one.objects.iter().filter(|object| !other.objects.contains(object));
            differing.map(|object| object.name.clone()).collect()
        };
        let mut found = [names(self, now), names(now, self)].concat();
        found.sort();
        found.dedup();
        if found.is_empty() && self.objects != now.objects {
            return vec!["the files of `objects` would be applied in another order".to_owned()];
        }
        found.into_iter().map(|name| format!("`objects/{name}` has changed, or been applied")).collect()
    }
}

/// What to do about a plan that does not fit.
const NEW_PLAN: &str = "make a new plan with `cargo xtask db plan TARGET --out FILE`, and have that approved";

impl Identity {
    fn text(&self) -> String {
        let system = self.system.as_ref().map(|system| format!(" of the server {system}")).unwrap_or_default();
        format!("the database `{}` (OID {}{system}, version table {})", self.name, self.oid, self.version_table)
    }
}

impl PlannedSettings {
    fn text(&self) -> String {
        let Self { lock_timeout_ms, statement_timeout_ms, attempts } = self;
        format!("lock_timeout {lock_timeout_ms} ms, statement_timeout {statement_timeout_ms} ms, {attempts} attempts")
    }
}
