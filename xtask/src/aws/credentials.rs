//! The AWS credentials, either the machine's or the keys of an IAM user, as a profile in a private file. Programs get
//! the path of the file; keys are never arguments, nor in other variables. The file is deleted when this is dropped;
//! files left by killed runs are deleted by the next run.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::{Context as _, Result};
use cluster::{PrivateDirectory, Trust};
use serde_json::Value;

use super::cli;
use crate::context::Context;
use crate::report::Failure;

/// The name of the profile, in the files and for the Amplify CLI.
pub(crate) const PROFILE: &str = "xtask";

const USER_VARIABLES: [&str; 2] = ["AMPLIFY_USER_ACCESS_KEY_ID", "AMPLIFY_USER_SECRET_ACCESS_KEY"];

const OWN_VARIABLES: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

/// Where the keys are from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin {
    /// The variables with the id and the secret. They take precedence over AWS_PROFILE.
    Variables([&'static str; 2]),
    /// A profile or a role, found by the aws CLI.
    AwsCli,
}

/// An access key.
struct Keys {
    origin: Origin,
    id: String,
    secret: String,
    /// For temporary keys.
    token: Option<String>,
}

/// The profile in a private folder.
pub(super) struct Credentials {
    folder: PrivateDirectory,
    region: String,
    origin: Origin,
    secrets: Vec<String>,
    /// Held while the profile is in use.
    _lock: File,
}

impl Credentials {
    /// Gets the keys and writes the profile.
    pub(super) fn new(context: &Context, region: &str) -> Result<Self> {
        let keys = keys(context)?;
        let parent = std::path::absolute(context.target().join("publish")).context("the target directory")?;
        Trust::of_current_user()?.create(&parent)?;
        // Held until the new folder is locked, so that no other run deletes it first.
        let parent_lock = File::open(&parent)?;
        parent_lock.lock()?;
        delete_stale(&parent);
        let folder = PrivateDirectory::create(&parent, "profile-")?;
        let lock = folder.create_file("lock")?;
        lock.lock()?;
        let token = keys.token.as_ref().map(|token| format!("aws_session_token = {token}\n")).unwrap_or_default();
        let Keys { id, secret, .. } = &keys;
        let text = format!("[{PROFILE}]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n{token}");
        let settings = format!("[profile {PROFILE}]\nregion = {region}\n");
        for (name, text) in [("credentials", text), ("config", settings)] {
            folder.create_file(name)?.write_all(text.as_bytes()).with_context(|| format!("the file `{name}`"))?;
        }
        let secrets = [keys.secret].into_iter().chain(keys.token).collect();
        Ok(Self { folder, region: region.to_owned(), origin: keys.origin, secrets, _lock: lock })
    }

    pub(super) fn origin(&self) -> Origin {
        self.origin
    }

    /// The secrets to redact.
    pub(super) fn secrets(&self) -> &[String] {
        &self.secrets
    }

    /// The variables with which a program uses the profile.
    pub(super) fn variables(&self) -> [(&'static str, String); 8] {
        let file = |name: &str| self.folder.path().join(name).display().to_string();
        [
            ("AWS_SHARED_CREDENTIALS_FILE", file("credentials")),
            ("AWS_CONFIG_FILE", file("config")),
            ("AWS_PROFILE", PROFILE.to_owned()),
            ("AWS_REGION", self.region.clone()),
            ("AWS_DEFAULT_REGION", self.region.clone()),
            // The SDKs retry throttled or interrupted calls with backoff.
            ("AWS_RETRY_MODE", "standard".to_owned()),
            ("AWS_MAX_ATTEMPTS", "6".to_owned()),
            ("AWS_PAGER", String::new()),
        ]
    }
}

/// The keys in the two secrets of the original solution, those in the environment, or else those that the aws CLI finds: a
/// profile, a role.
fn keys(context: &Context) -> Result<Keys> {
    // A user's keys have no token; AWS_SESSION_TOKEN belongs to the environment's keys.
    for (names @ [id, secret], token) in
        [(USER_VARIABLES, None), (OWN_VARIABLES, context.variable("AWS_SESSION_TOKEN"))]
    {
        match (context.variable(id), context.variable(secret)) {
            (Some(id), Some(secret)) => return Ok(Keys { origin: Origin::Variables(names), id, secret, token }),
            (None, None) => {}
            (Some(_), None) => return Err(Failure::new(format!("`{id}` is set, but `{secret}` is not")).into()),
            (None, Some(_)) => return Err(Failure::new(format!("`{secret}` is set, but `{id}` is not")).into()),
        }
    }
    let export = ["configure", "export-credentials", "--format", "process"];
    let none = || {
        let hint = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AMPLIFY_USER_ACCESS_KEY_ID and AMPLIFY_USER_SECRET_ACCESS_KEY; a profile (AWS_PROFILE) or a build's role requires version 2 of the aws CLI";
        Failure::new("the aws CLI found no credentials").hint(hint)
    };
    let text = cli::read(context, &export, "find credentials").map_err(|_| none())?;
    // The error must not include the text, which is secret.
    let found: Value = serde_json::from_str(&text).map_err(|_| none())?;
    let part = |name: &str| found[name].as_str().map(str::to_owned);
    match (part("AccessKeyId"), part("SecretAccessKey")) {
        (Some(id), Some(secret)) => Ok(Keys { origin: Origin::AwsCli, id, secret, token: part("SessionToken") }),
        _ => Err(none().into()),
    }
}

/// Deletes the folders that killed runs left behind, whose locks are free.
fn delete_stale(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let is_stale = File::open(entry.path().join("lock")).is_ok_and(|lock| lock.try_lock().is_ok());
        if is_stale {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
