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
    read(context, &[&get_secret(id), options].concat(), &format!("read the secret `{id}`"))
}

/// The arguments that print the text of a secret.
pub(crate) fn get_secret(id: &str) -> [&str; 8] {
    ["secretsmanager", "get-secret-value", "--query", "SecretString", "--output", "text", "--secret-id", id]
}

/// The arguments that print a token with which a user can connect to a database of RDS.
pub(crate) fn generate_token<'a>(host: &'a str, port: &'a str, user: &'a str) -> [&'a str; 8] {
    ["rds", "generate-db-auth-token", "--hostname", host, "--port", port, "--username", user]
}

/// The text of a secret as JSON.
pub(crate) fn json(id: &str, text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|_| Failure::new(format!("the secret `{id}` is not JSON")).into())
}
