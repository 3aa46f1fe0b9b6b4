//! An AWS account, asked through the aws CLI as somebody.

use std::fmt::{self, Display, Formatter};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::credentials::Credentials;
use crate::context::Context;
use crate::process;
use crate::report::Failure;

/// Who the credentials are.
pub(crate) const CALLER_IDENTITY: [&str; 2] = ["sts", "get-caller-identity"];

pub(crate) fn copy(object: &str) -> [&str; 5] {
    ["s3", "cp", "--only-show-errors", object, "-"]
}

/// An account, as somebody.
pub(crate) struct Account<'a> {
    context: &'a Context,
    credentials: Credentials,
    pub(crate) region: String,
    /// Its number.
    pub(crate) number: String,
    /// Who asks.
    pub(crate) arn: String,
}

impl<'a> Account<'a> {
    /// Finds out who asks.
    pub(crate) fn open(context: &'a Context, region: &str) -> Result<Self> {
        let credentials = Credentials::new(context, region)?;
        let (number, arn) = (String::new(), String::new());
        let mut account = Self { context, credentials, region: region.to_owned(), number, arn };
        let who = account.ask(&CALLER_IDENTITY).map_err(|error| {
            let hint = "nothing was changed: STS has to say who asks before anything is";
            Failure::new(format!("who you are on AWS could not be found out: {error}")).hint(hint)
        })?;
        let part = |name: &str| who[name].as_str().unwrap_or_default().to_owned();
        (account.number, account.arn) = (part("Account"), part("Arn"));
        Ok(account)
    }

    /// What must not be seen.
    pub(crate) fn secrets(&self) -> &[String] {
        self.credentials.secrets()
    }

    /// Gives a program the credentials, and no other secret.
    pub(crate) fn prepare(&self, command: &mut Command) {
        for (name, value) in self.credentials.variables() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
    }

    /// The answer to a command of the aws CLI; none if what it asks for is not there.
    pub(crate) fn find(&self, arguments: &[&str]) -> Result<Option<Value>> {
        let mut command = Command::new(process::find("aws")?);
        command.args(arguments).args(["--output", "json"]).current_dir(&self.context.root);
        self.prepare(&mut command);
        let output = command.output().context("`aws` could not be run")?;
        if output.status.success() {
            let text = String::from_utf8_lossy(&output.stdout);
            let answer = if text.trim().is_empty() { Ok(Value::Null) } else { serde_json::from_str(&text) };
            return answer
                .map(Some)
                .with_context(|| format!("`aws {}` has not answered in JSON", arguments[..2].join(" ")));
        }
        let said = String::from_utf8_lossy(&output.stderr);
        // CloudFormation has no error of its own for a stack that is not there, and HeadObject no text.
        let is_no_stack = said.contains("(ValidationError)") && said.contains("does not exist");
        if is_no_stack
            || ["(NotFoundException)", "(ParameterNotFound)", "(404)"].iter().any(|error| said.contains(error))
        {
            return Ok(None);
        }
        let said = said.trim().lines().last().unwrap_or("it has not said why").to_owned();
        Err(Failure::new(format!("`aws {}` failed: {said}", arguments[..2].join(" "))).into())
    }

    /// The same of what has to be there.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Result<Value> {
        let missing = || Failure::new(format!("`aws {}`: it is not there", arguments[..2].join(" ")));
        self.find(arguments)?.ok_or_else(|| missing().into())
    }

    /// The bytes of an object in a bucket.
    pub(crate) fn object(&self, bucket: &str, key: &str) -> Result<Vec<u8>> {
        let mut command = Command::new(process::find("aws")?);
        command.args(copy(&format!("s3://{bucket}/{key}")));
        self.prepare(&mut command);
        let output = command.output().context("`aws` could not be run")?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Failure::new(format!("`s3://{bucket}/{key}` could not be read: {said}")).into())
    }
}

impl Display for Account<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "account {}, {}, as {}", self.number, self.region, self.arn)
    }
}
