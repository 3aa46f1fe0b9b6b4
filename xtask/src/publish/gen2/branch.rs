//! The branch of the app that is published: no repository is connected, so every release is a manual deployment.

use anyhow::Result;
use serde_json::Value;

use crate::aws::Account;
use crate::report::Failure;

/// A branch without automatic builds.
pub(super) struct Branch {
    description: Value,
}

pub(super) fn get<'a>(app_id: &'a str, name: &'a str) -> [&'a str; 6] {
    ["amplify", "get-branch", "--app-id", app_id, "--branch-name", name]
}

pub(super) fn create<'a>(app_id: &'a str, name: &'a str) -> [&'a str; 7] {
    ["amplify", "create-branch", "--app-id", app_id, "--branch-name", name, "--no-enable-auto-build"]
}

/// # Errors
/// A repository is connected to the app: Amplify would build and publish its commits automatically, and refuses manual
/// deployments.
pub(super) fn check_app(app: &Value, app_id: &str) -> Result<()> {
    let Some(repository) = app["repository"].as_str().filter(|repository| !repository.is_empty()) else {
        return Ok(());
    };
    let message = format!(
        "the app `{app_id}` is connected to the repository `{repository}`: Amplify builds its commits itself, without migrating the database, and accepts no other deployment"
    );
    let hint = "create an app without a repository, and move the domain to it: `cargo xtask infra deploy`, or `aws amplify create-app --name NAME`";
    Err(Failure::new(message).hint(hint).into())
}

impl Branch {
    /// # Errors
    /// Amplify builds the branch automatically.
    pub(super) fn find(account: &Account<'_>, app_id: &str, name: &str) -> Result<Option<Self>> {
        let Some(mut found) = account.find(&get(app_id, name))? else { return Ok(None) };
        let branch = Self { description: found["branch"].take() };
        if branch.description["enableAutoBuild"] == true {
            let message = format!(
                "Amplify builds the branch `{name}` of the app `{app_id}` by itself, without migrating the database"
            );
            let hint =
                format!("`aws amplify update-branch --app-id {app_id} --branch-name {name} --no-enable-auto-build`");
            return Err(Failure::new(message).hint(hint).into());
        }
        Ok(Some(branch))
    }

    /// Creates the branch. Without it, `ampx` rolls back the stack that it has created.
    pub(super) fn create(account: &Account<'_>, app_id: &str, name: &str) -> Result<Self> {
        Ok(Self { description: account.run(&create(app_id, name))?["branch"].take() })
    }

    /// The ARN of the stack of its backend.
    pub(super) fn stack(&self) -> Option<&str> {
        self.description["backend"]["stackArn"].as_str()
    }

    /// Its part of the page's address: `feature-x` for `feature/x`.
    pub(super) fn display_name(&self) -> Option<&str> {
        self.description["displayName"].as_str().filter(|name| !name.is_empty())
    }

    pub(super) fn has_basic_auth(&self) -> bool {
        self.description["enableBasicAuth"] == true
    }
}
