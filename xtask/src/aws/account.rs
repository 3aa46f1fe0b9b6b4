//! An AWS account, accessed with one identity through the aws CLI.

use std::fmt::{self, Display, Formatter};
use std::process::Command;

use anyhow::{Context as _, Result};
use cluster::Needs;
use serde_json::Value;

use super::credentials::Credentials;
use super::place::Place;
use crate::context::Context;
use crate::process;
use crate::report::Failure;

/// The command that returns the identity of the credentials.
pub(crate) const CALLER_IDENTITY: [&str; 2] = ["sts", "get-caller-identity"];

/// The command that prints an object.
pub(crate) fn copy(object: &str) -> [&str; 5] {
    ["s3", "cp", "--only-show-errors", object, "-"]
}

/// The services' errors for a resource that does not exist.
const NOT_FOUND: [&str; 8] = [
    "(NotFoundException)",
    "(ParameterNotFound)",
    "(404)",
    "(NoSuchEntity)",
    "(RepositoryDoesNotExistException)",
    "(PipelineNotFoundException)",
    "(ResourceNotFoundException)",
    "(DBClusterNotFoundFault)",
];

/// An account, and the identity that accesses it.
pub(crate) struct Account<'a> {
    context: &'a Context,
    credentials: Credentials,
    pub(crate) region: String,
    /// The account id.
    pub(crate) number: String,
    /// The identity.
    pub(crate) arn: String,
}

impl<'a> Account<'a> {
    /// Gets the identity from STS. It is the first request to AWS.
    ///
    /// # Errors
    /// There are no credentials, or those of another account than the environment's.
    pub(crate) fn open(context: &'a Context, place: &Place<'_>) -> Result<Self> {
        let credentials = Credentials::new(context, &place.region)?;
        let (number, arn) = (String::new(), String::new());
        let mut account = Self { context, credentials, region: place.region.clone(), number, arn };
        let who = account.run(&CALLER_IDENTITY).map_err(|error| {
            let hint = "nothing was changed; check the credentials with `aws sts get-caller-identity`";
            Failure::new(format!("could not get the AWS identity: {error}")).hint(hint)
        })?;
        let part = |name: &str| who[name].as_str().unwrap_or_default().to_owned();
        (account.number, account.arn) = (part("Account"), part("Arn"));
        place.check(context, &account.number, &account.arn, account.credentials.origin())?;
        Ok(account)
    }

    /// The secrets to redact.
    pub(crate) fn secrets(&self) -> &[String] {
        self.credentials.secrets()
    }

    /// Adds the credentials and the settings of AWS to the variables of a program.
    pub(crate) fn prepare(&self, command: &mut Command) {
        command.envs(Needs::Aws.variables()).envs(self.context.passed()).envs(self.credentials.variables());
    }

    /// A command of the aws CLI.
    pub(crate) fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = self.context.command(&process::find("aws")?, Needs::Aws);
        command.args(arguments).current_dir(&self.context.root);
        self.prepare(&mut command);
        Ok(command)
    }

    /// The output of a command of the aws CLI; `None` if the resource does not exist.
    pub(crate) fn find(&self, arguments: &[&str]) -> Result<Option<Value>> {
        let output = self.command(arguments)?.args(["--output", "json"]).output().context("could not run `aws`")?;
        if output.status.success() {
            let text = String::from_utf8_lossy(&output.stdout);
            let answer = if text.trim().is_empty() { Ok(Value::Null) } else { serde_json::from_str(&text) };
            return answer.map(Some).with_context(|| format!("`aws {}` did not print JSON", arguments[..2].join(" ")));
        }
        let stderr = String::from_utf8_lossy(&output.stderr);
        // CloudFormation has no specific error for a missing stack, and HeadObject has only the status.
        let is_no_stack = stderr.contains("(ValidationError)") && stderr.contains("does not exist");
        if is_no_stack || NOT_FOUND.iter().any(|error| stderr.contains(error)) {
            return Ok(None);
        }
        Err(Failure::new(format!("`aws {}` failed: {}", arguments[..2].join(" "), error_line(&output.stderr))).into())
    }

    /// Like [`Self::find`], but a missing resource is an error.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Value> {
        let missing = || Failure::new(format!("`aws {}`: not found", arguments[..2].join(" ")));
        self.find(arguments)?.ok_or_else(|| missing().into())
    }

    /// The output of a command that prints a secret. The error has no part of it.
    pub(crate) fn secret(&self, arguments: &[&str], failed: &str) -> Result<String> {
        let output = self.command(arguments)?.output().context("could not run `aws`")?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        Err(Failure::new(format!("the aws CLI could not {failed}: {}", error_line(&output.stderr))).into())
    }

    /// The bytes of an object in a bucket.
    pub(crate) fn object(&self, bucket: &str, key: &str) -> Result<Vec<u8>> {
        let output = self.command(&copy(&format!("s3://{bucket}/{key}")))?.output().context("could not run `aws`")?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Failure::new(format!("could not read `s3://{bucket}/{key}`: {message}")).into())
    }
}

/// The line with the error in what the aws CLI has printed to standard error: the last one.
pub(crate) fn error_line(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    text.trim().lines().last().unwrap_or("no error message").to_owned()
}

impl Display for Account<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "account {}, {}, as {}", self.number, self.region, self.arn)
    }
}
