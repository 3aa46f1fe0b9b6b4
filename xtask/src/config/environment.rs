//! An environment on AWS, as `infra deploy` creates it.

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::limits::{AccountId, Region};
use super::promotion::Candidate;

/// Documented in `Settings` of `infra/src/settings.ts`.
#[derive(Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Environment {
    /// Resolved by [`Self::branch`].
    #[serde(skip_serializing)]
    branch: Option<String>,
    /// The account that it is in. Like the region, it is no input of the CDK app: `aws` checks both.
    #[serde(skip_serializing)]
    pub(crate) account: Option<AccountId>,
    #[serde(skip_serializing)]
    pub(crate) region: Option<Region>,
    /// Resolved by `infra/assembly.rs`, with the place of that environment.
    #[serde(skip_serializing)]
    promoted_from: Option<Spanned<String>>,
    connection: Option<String>,
    pub(crate) repository: Option<String>,
    vpc_cidr: String,
    nat: String,
    minimum_acu: f64,
    maximum_acu: f64,
    proxy: bool,
    database_user: String,
    pub(crate) database_access: DatabaseAccess,
    pub(crate) database_reader: String,
    pub(crate) previews: bool,
    backend_actions: Vec<String>,
    backup_days: u32,
    rotation_days: u32,
    /// Resolved by [`Self::requires_approval`].
    #[serde(skip_serializing)]
    approval: Option<bool>,
    expand_contract: bool,
    contract_approval: bool,
    contract_wait_minutes: u32,
    user_keys: bool,
    pub(crate) notify: Option<String>,
    encrypt_notifications: bool,
    migration_minutes: u32,
    readers: u32,
    monitoring_seconds: u32,
    performance_insights: bool,
    versioned_artifacts: bool,
}

/// What people may do in the database of an environment, with `--env` of `cargo xtask db`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DatabaseAccess {
    /// Nothing: there is no way to it.
    #[default]
    Off,
    /// Read it, as a role that can only read.
    Read,
    /// Also change it, as its owner.
    Write,
}

impl Environment {
    /// The fewest Aurora capacity units; 0 if the database may pause.
    pub(crate) fn minimum_acu(&self) -> f64 {
        self.minimum_acu
    }

    /// Whether the source is a CodeCommit repository of this account.
    pub(crate) fn uses_code_commit(&self) -> bool {
        self.connection.is_none() && self.promoted_from.is_none()
    }

    pub(super) fn candidate(&self) -> Candidate<'_> {
        Candidate {
            promoted_from: self.promoted_from.as_ref(),
            has_source: self.connection.is_some() || self.repository.is_some() || self.branch.is_some(),
            account: self.account.as_ref(),
            region: self.region.as_ref(),
        }
    }

    /// The branch that it releases, unless it is promoted.
    pub(crate) fn branch(&self) -> &str {
        self.branch.as_deref().unwrap_or("main")
    }

    /// Whether it releases this branch.
    pub(crate) fn releases(&self, branch: &str) -> bool {
        self.promoted_from.is_none() && self.branch() == branch
    }

    /// The environment whose verified artifact is the source.
    pub(crate) fn promoted_from(&self) -> Option<&str> {
        self.promoted_from.as_ref().map(|name| name.get_ref().as_str())
    }

    /// Whether a person must approve a release before it migrates: by default, one that is promoted.
    pub(crate) fn requires_approval(&self) -> bool {
        self.approval.unwrap_or(self.promoted_from.is_some())
    }

    /// Whether the private subnets reach only AWS.
    pub(crate) fn is_isolated(&self) -> bool {
        self.nat == "none"
    }
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            branch: None,
            account: None,
            region: None,
            promoted_from: None,
            connection: None,
            repository: None,
            vpc_cidr: "10.1.100.0/24".to_owned(),
            nat: "gateway".to_owned(),
            minimum_acu: 0.0,
            maximum_acu: 2.0,
            proxy: false,
            database_user: "rooms_api".to_owned(),
            database_access: DatabaseAccess::Off,
            database_reader: "readonly".to_owned(),
            previews: false,
            backend_actions: Vec::new(),
            backup_days: 7,
            rotation_days: 0,
            approval: None,
            expand_contract: false,
            contract_approval: false,
            contract_wait_minutes: 0,
            user_keys: false,
            notify: None,
            encrypt_notifications: false,
            migration_minutes: 30,
            readers: 0,
            monitoring_seconds: 0,
            performance_insights: false,
            versioned_artifacts: false,
        }
    }
}
