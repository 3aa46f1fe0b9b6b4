//! Which account and region an environment is in: those in `xtask.toml`, which the credentials and the variables must not
//! contradict.

use std::ffi::OsString;

use anyhow::Result;

use super::cli;
use super::credentials::Origin;
use crate::config::{AccountId, Environment, Region};
use crate::context::Context;
use crate::report::Failure;
use crate::shell_word;

/// The variables with the region, in the order of the aws CLI.
const VARIABLES: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// The file with the region of a Gen 1 environment.
const RECORD: &str = "team-provider-info.json";

/// An environment, and the region that its commands use.
pub(crate) struct Place<'a> {
    environment: Option<&'a str>,
    pub(super) region: String,
}

impl<'a> Place<'a> {
    /// The place of an environment. `recorded` is the region of a Gen 1 environment, in team-provider-info.json.
    ///
    /// # Errors
    /// No region is configured, or two are.
    pub(crate) fn of(context: &Context, environment: Option<&'a str>, recorded: Option<String>) -> Result<Self> {
        let (name, configured) = match (environment, settings(context, environment)) {
            (Some(name), Some(Environment { region: Some(Region(region)), .. })) => (name, region),
            _ => return Ok(Self { environment, region: recorded.map_or_else(|| default_region(context), Ok)? }),
        };
        let variable = variable(context).map(|(name, region)| (name, region, format!("unset {name}")));
        let recorded = recorded.map(|region| (RECORD, region, format!("correct {RECORD}")));
        let other = [variable, recorded].into_iter().flatten().find(|(_, region, _)| region != configured);
        let Some((source, region, remedy)) = other else { return Ok(Self { environment, region: configured.clone() }) };
        let message = format!(
            "the environment `{name}` is in {configured}, according to xtask.toml, but the region in {source} is {region}"
        );
        let hint = format!("nothing was requested from AWS; {remedy}, or change `region` in xtask.toml");
        Err(Failure::new(message).hint(hint).into())
    }

    /// # Errors
    /// The environment is in another account than the credentials.
    pub(super) fn check(&self, context: &Context, number: &str, arn: &str, origin: Origin) -> Result<()> {
        let (name, expected) = match (self.environment, settings(context, self.environment)) {
            (Some(name), Some(Environment { account: Some(AccountId(expected)), .. })) => (name, expected),
            _ => return Ok(()),
        };
        if expected == number {
            return Ok(());
        }
        let message = format!(
            "the environment `{name}` is in account {expected}, according to xtask.toml, but the credentials belong to account {number}: `{arn}`"
        );
        let quoted = |word: OsString| format!(" {}", shell_word::quote(&word.to_string_lossy()));
        let again: String = std::env::args_os().skip(1).map(quoted).collect();
        let unset = match origin {
            Origin::Variables([id, secret]) => format!("unset {id} and {secret}, which take precedence, then "),
            Origin::AwsCli => String::new(),
        };
        let hint = format!(
            "nothing was changed; {unset}use a profile of account {expected}: `AWS_PROFILE=PROFILE cargo xtask{again}`"
        );
        Err(Failure::new(message).hint(hint).into())
    }
}

fn settings<'a>(context: &'a Context, environment: Option<&str>) -> Option<&'a Environment> {
    context.config.infra.environments.get(environment?)
}

/// The region in a variable, with the name of the variable.
fn variable(context: &Context) -> Option<(&'static str, String)> {
    VARIABLES.into_iter().find_map(|name| {
        let region = context.variable(name)?.trim().to_owned();
        (!region.is_empty()).then_some((name, region))
    })
}

/// The region in a variable, or else in the profile.
fn default_region(context: &Context) -> Result<String> {
    let profile = || cli::read(context, &["configure", "get", "region"], "read the region").ok();
    let region = variable(context).map(|(_, region)| region).or_else(profile).map(|region| region.trim().to_owned());
    let hint =
        "set AWS_REGION, or run `aws configure set region REGION`; or set `region` of the environment in xtask.toml";
    region
        .filter(|region| !region.is_empty())
        .ok_or_else(|| Failure::new("no AWS region is configured").hint(hint).into())
}
