//! The Amplify project in `amplify/`, as its CLI writes it, and its environments.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};

use crate::json_file;
use crate::report::Failure;

/// The file by which a Gen 1 project is recognized, from `amplify/`.
pub(in crate::publish) const CONFIG: &str = ".config/project-config.json";

/// A Gen 1 project with a hosting bucket behind CloudFront.
pub(in crate::publish) struct Project {
    /// `amplify/`.
    directory: PathBuf,
    /// The project name, with which stack names start.
    pub(in crate::publish) name: String,
    /// The output folder of the build, which the CLI uploads.
    pub(super) distribution: PathBuf,
}

/// The entry of an environment in `team-provider-info.json`.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) app_id: String,
    pub(super) region: Option<String>,
}

impl Project {
    pub(in crate::publish) fn read(root: &Path) -> Result<Self> {
        let directory = root.join("amplify");
        let config = directory.join(CONFIG);
        let written = json_file::read(&config)?;
        let part = |value: &Value, name: &str| {
            value.as_str().map(str::to_owned).with_context(|| format!("`{}` has no {name}", config.display()))
        };
        let name = part(&written["projectName"], "projectName")?;
        let distribution = root.join(part(&written["javascript"]["config"]["DistributionDir"], "DistributionDir")?);
        let project = Self { directory, name, distribution };
        project.check_hosting()?;
        Ok(project)
    }

    /// Fails if the project has no hosting, in which case the CLI would exit 0.
    fn check_hosting(&self) -> Result<()> {
        let path = self.directory.join("backend/backend-config.json");
        let hosting = &json_file::read(&path)?["hosting"];
        if hosting.get("S3AndCloudFront").is_some() {
            return Ok(());
        }
        let found = hosting.as_object().map(|hosting| hosting.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
        let message = match &found[..] {
            [] => "the Amplify project has no hosting: its CLI would publish nothing, and exit 0".to_owned(),
            found => format!("the hosting `{}` is not supported: its result cannot be verified", found.join(", ")),
        };
        let hint = format!(
            "run `amplify add hosting` and choose S3AndCloudFront, PROD; the settings are in `{}`",
            path.display()
        );
        Err(Failure::new(message).hint(hint).into())
    }

    /// The prefix of the name of the page's bucket; environment, account and region follow (see its template).
    pub(in crate::publish) fn hosting_bucket(&self) -> Result<String> {
        let path = self.directory.join("backend/hosting/S3AndCloudFront/parameters.json");
        let name = json_file::read(&path)?["bucketName"].as_str().map(str::to_owned);
        name.with_context(|| format!("`{}` has no bucketName", path.display()))
    }

    /// The environments in the checkout.
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

    /// Adds the entry that the CLI writes when it creates an environment.
    pub(super) fn add_entry(&self, environment: &str, provider: Value) -> Result<()> {
        let mut info = self.team_provider_info()?;
        info.insert(environment.to_owned(), json!({"awscloudformation": provider}));
        let path = self.team_provider_info_path();
        let text = serde_json::to_string_pretty(&info)?;
        regular_file::write(&path, text).with_context(|| format!("`{}`", path.display()))
    }

    fn team_provider_info(&self) -> Result<Map<String, Value>> {
        let path = self.team_provider_info_path();
        if !path.exists() {
            return Ok(Map::new());
        }
        let Value::Object(info) = json_file::read(&path)? else {
            return Err(Failure::new(format!("`{}` is not a JSON object", path.display())).into());
        };
        Ok(info)
    }

    pub(super) fn team_provider_info_path(&self) -> PathBuf {
        self.directory.join("team-provider-info.json")
    }

    /// The environment that the CLI has initialized here. `init` writes this file last.
    pub(super) fn local_env_info(&self) -> PathBuf {
        self.directory.join(".config/local-env-info.json")
    }

    /// The credential settings that the CLI uses here.
    pub(super) fn local_aws_info(&self) -> PathBuf {
        self.directory.join(".config/local-aws-info.json")
    }

    /// The outputs of the hosting stack after the last push.
    pub(super) fn hosting_outputs(&self) -> Result<Value> {
        let meta = json_file::read(&self.directory.join("backend/amplify-meta.json"))?;
        Ok(meta["hosting"]["S3AndCloudFront"]["output"].clone())
    }
}
