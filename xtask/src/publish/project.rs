//! What `amplify/` is: the project as its CLI wrote it, and which environments of which account it knows.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};

use crate::report::Failure;

/// A Gen 1 project with a hosting bucket behind CloudFront.
pub(crate) struct Project {
    /// `amplify/`.
    directory: PathBuf,
    /// As stacks are named after it.
    pub(crate) name: String,
    /// What the build leaves and the CLI uploads.
    pub(super) distribution: PathBuf,
}

/// What `team-provider-info.json` says of an environment.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) app_id: String,
    pub(super) region: Option<String>,
}

impl Project {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let directory = root.join("amplify");
        let config = directory.join(".config/project-config.json");
        if !config.exists() {
            let is_second = ["backend.ts", "backend.js"].iter().any(|name| directory.join(name).exists());
            return Err(match is_second {
                true => Failure::new("`amplify` is a Gen 2 project: `publish` drives the CLI of Gen 1")
                    .hint("`npx ampx pipeline-deploy --branch BRANCH --app-id ID` deploys it; `cargo xtask db upgrade` goes before it as here"),
                false => Failure::new("`amplify` holds no project: there is no `.config/project-config.json`"),
            }
            .into());
        }
        let written = read(&config)?;
        let part = |value: &Value, name: &str| {
            value.as_str().map(str::to_owned).with_context(|| format!("`{}` names no {name}", config.display()))
        };
        let name = part(&written["projectName"], "projectName")?;
        let distribution = root.join(part(&written["javascript"]["config"]["DistributionDir"], "DistributionDir")?);
        let project = Self { directory, name, distribution };
        project.check_hosting()?;
        Ok(project)
    }

    /// Without hosting, the CLI says so and exits with 0.
    fn check_hosting(&self) -> Result<()> {
        let path = self.directory.join("backend/backend-config.json");
        let hosting = &read(&path)?["hosting"];
        if hosting.get("S3AndCloudFront").is_some() {
            return Ok(());
        }
        let found = hosting.as_object().map(|hosting| hosting.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
        let message = match &found[..] {
            [] => "the Amplify project has no hosting: its CLI would publish nothing, and exit with 0".to_owned(),
            found => format!("the hosting is `{}`: what it published could not be proven", found.join(", ")),
        };
        let hint = format!("`amplify add hosting`, S3AndCloudFront, PROD; it is looked for in `{}`", path.display());
        Err(Failure::new(message).hint(hint).into())
    }

    /// What the name of the page's bucket begins with: environment, account and region follow (see its template).
    pub(crate) fn hosting_bucket(&self) -> Result<String> {
        let path = self.directory.join("backend/hosting/S3AndCloudFront/parameters.json");
        let name = read(&path)?["bucketName"].as_str().map(str::to_owned);
        name.with_context(|| format!("`{}` names no bucketName", path.display()))
    }

    /// The environments that the checkout knows.
    pub(super) fn environments(&self) -> Result<Vec<String>> {
        Ok(self.team_provider_info()?.keys().cloned().collect())
    }

    pub(super) fn entry(&self, environment: &str) -> Result<Option<Entry>> {
        let info = self.team_provider_info()?;
        let Some(provider) = info.get(environment).and_then(|entry| entry.get("awscloudformation")) else {
            return Ok(None);
        };
        let text = |key: &str| provider[key].as_str().map(str::to_owned);
        let app_id = text("AmplifyAppId")
            .with_context(|| format!("`{environment}` has no AmplifyAppId in team-provider-info.json"))?;
        Ok(Some(Entry { app_id, region: text("Region") }))
    }

    /// Writes what the CLI would have written, had it created the environment here.
    pub(super) fn add_entry(&self, environment: &str, provider: Value) -> Result<()> {
        let mut info = self.team_provider_info()?;
        info.insert(environment.to_owned(), json!({"awscloudformation": provider}));
        let path = self.team_provider_info_path();
        let text = serde_json::to_string_pretty(&info)?;
        fs::write(&path, text).with_context(|| format!("`{}`", path.display()))
    }

    fn team_provider_info(&self) -> Result<Map<String, Value>> {
        let path = self.team_provider_info_path();
        if !path.exists() {
            return Ok(Map::new());
        }
        let Value::Object(info) = read(&path)? else {
            return Err(Failure::new(format!("`{}` is no JSON object", path.display())).into());
        };
        Ok(info)
    }

    pub(super) fn team_provider_info_path(&self) -> PathBuf {
        self.directory.join("team-provider-info.json")
    }

    /// Which environment the CLI has initialised here; it writes this last.
    pub(super) fn local_env_info(&self) -> PathBuf {
        self.directory.join(".config/local-env-info.json")
    }

    /// Whose credentials the CLI uses here.
    pub(super) fn local_aws_info(&self) -> PathBuf {
        self.directory.join(".config/local-aws-info.json")
    }

    /// What the last push made: the outputs of the hosting stack.
    pub(super) fn hosting_outputs(&self) -> Result<Value> {
        let meta = read(&self.directory.join("backend/amplify-meta.json"))?;
        Ok(meta["hosting"]["S3AndCloudFront"]["output"].clone())
    }
}

pub(crate) fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("`{}`", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("`{}` is not JSON", path.display()))
}
