//! Commands of the aws CLI. Their output may be secret.

use anyhow::Result;
use cluster::Needs;
use serde_json::Value;

use crate::context::Context;
use crate::process;
use crate::report::Failure;

/// The configured region.
pub(crate) fn region(context: &Context) -> Result<String> {
    let variable = ["AWS_REGION", "AWS_DEFAULT_REGION"].iter().find_map(|name| context.variable(name));
    let setting = || read(context, &["configure", "get", "region"], "read the region").ok();
    let region = variable.or_else(setting).map(|region| region.trim().to_owned());
    let hint = "set AWS_REGION, or run `aws configure set region REGION`";
    region
        .filter(|region| !region.is_empty())
        .ok_or_else(|| Failure::new("no AWS region is configured").hint(hint).into())
}

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
