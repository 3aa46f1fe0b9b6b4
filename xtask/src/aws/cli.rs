//! Commands of the aws CLI. Their output may be secret.

use anyhow::Result;
use cluster::Needs;
use serde_json::Value;

use crate::context::Context;
use crate::process;
use crate::report::Failure;

/// The output of a command. The error describes what failed, and never includes the output.
pub(crate) fn read(context: &Context, arguments: &[&str], failed: &str) -> Result<String> {
    let (shell, aws) = (process::shell(&context.root)?, process::find("aws")?);
    let read = process::command(&shell, &aws, Needs::AwsCredentials).args(arguments).secret().read();
    read.map_err(|_| Failure::new(format!("the aws CLI could not {failed}")).into())
}

/// The text of a secret in Secrets Manager.
pub(crate) fn secret(context: &Context, id: &str, options: &[&str]) -> Result<String> {
    let get = ["secretsmanager", "get-secret-value", "--query", "SecretString", "--output", "text", "--secret-id", id];
    read(context, &[&get, options].concat(), &format!("read the secret `{id}`"))
}

/// The text of a secret as JSON.
pub(crate) fn json(id: &str, text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|_| Failure::new(format!("the secret `{id}` is not JSON")).into())
}
