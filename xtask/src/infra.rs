//! `cargo xtask infra`: the CDK app of `infra/`, with the settings of one environment.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::cli::InfraCommand;
use crate::context::Context;
use crate::npm::{self, Package};
use crate::publish::Project;
use crate::report::Failure;

pub(crate) fn run(context: &Context, environment: Option<&str>, command: InfraCommand) -> Result<()> {
    let name = choose(context, environment)?;
    match command {
        InfraCommand::Synth => synth(context, &name),
    }
}

/// Writes the template.
fn synth(context: &Context, name: &str) -> Result<()> {
    let settings = settings(context, name)?;
    let package = Package::new(context, "infra");
    package.install()?;
    let output = output(context, name)?;
    let arguments = ["exec", "--offline", "--", "cdk", "synth", "--quiet", "--no-notices", "--output"];
    let mut cdk = npm::npm(context, &package.directory())?;
    cdk.args(arguments).arg(&output).env("INFRA_SETTINGS", settings.to_string());
    if !cdk.status().context("npm could not be run")?.success() {
        return Err(Failure::new(format!("the template of `{name}` could not be made: what is wrong is above")).into());
    }
    context.report.data(context.shorten(&output.join("Release.template.json")).display());
    Ok(())
}

/// The environment: asked for, of the build, or the only one.
fn choose(context: &Context, asked: Option<&str>) -> Result<String> {
    let known: Vec<&String> = context.config.infra.environments.keys().collect();
    let asked = asked.map(str::to_owned).or_else(|| context.variable("AMPLIFY_ENV"));
    let hint = "each has a section `[infra.environments.NAME]` in xtask.toml";
    match (asked, &known[..]) {
        (Some(name), known) if known.contains(&&name) => Ok(name),
        (Some(name), _) => {
            Err(Failure::new(format!("xtask.toml has no environment `{name}`")).hint(hint).code(2).into())
        }
        (None, [only]) => Ok((*only).clone()),
        (None, _) => Err(Failure::new("which environment? `--env NAME`").hint(hint).code(2).into()),
    }
}

/// What the app is told: `Settings` of `infra/src/settings.ts`.
fn settings(context: &Context, name: &str) -> Result<Value> {
    let environment = &context.config.infra.environments[name];
    let mut settings = serde_json::to_value(environment)?;
    let amplify = Project::read(&context.root)?;
    settings["project"] = json!(amplify.name);
    settings["hosting_bucket"] = json!(amplify.hosting_bucket()?);
    settings["environment"] = json!(name);
    settings["postgres_major"] = json!(context.config.postgres.major);
    Ok(settings)
}

/// Where the CDK writes.
fn output(context: &Context, name: &str) -> Result<PathBuf> {
    std::path::absolute(context.target().join("infra").join(name)).context("the target directory")
}
