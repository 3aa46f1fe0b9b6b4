//! The aws CLI, for what it knows how to get: credentials of every kind are its business. What it prints may be a secret.

use anyhow::Result;
use serde_json::Value;

use crate::context::Context;
use crate::process;
use crate::report::Failure;

/// What a command prints. An error says what could not be done, never what was printed.
pub(crate) fn read(context: &Context, arguments: &[&str], failed: &str) -> Result<String> {
    let (shell, aws) = (process::shell(&context.root)?, process::find("aws")?);
    let read = process::command(&shell, &aws).args(arguments).secret().read();
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
