//! `cargo xtask infra`: runs the CDK app in `infra/` with the settings of an environment.

mod advice;
mod assembly;
mod cost;
mod deploy;
mod deployment;
mod destroy;
mod inputs;
mod outputs;
mod preflight;
mod previews;

use anyhow::{Result, anyhow};

use crate::aws::{Account, Place};
use crate::cli::InfraCommand;
use crate::context::Context;
use crate::report::Failure;
pub(crate) use assembly::stack_name;
use assembly::{Assembly, Found};
use deployment::Deployment;
use preflight::Finding;

pub(crate) fn run(context: &Context, environment: Option<&str>, command: InfraCommand) -> Result<()> {
    let name = choose(context, environment)?;
    let deployment = || Deployment::open(context, &name);
    match command {
        InfraCommand::Synth => {
            let assembly = Assembly::synthesize(context, &name, &Found::default())?;
            context.report.data(context.shorten(&assembly.template_path()).display());
            Ok(())
        }
        InfraCommand::Diff => deployment()?.diff().map(drop),
        InfraCommand::Deploy { yes, no_preflight } => deploy::run(&deployment()?, yes, !no_preflight),
        InfraCommand::Outputs { .. } => outputs::print_of(context, &name),
        InfraCommand::Destroy { yes } => destroy::run(&deployment()?, yes),
    }
}

/// The checks of `doctor` for a deployment: their names and results. A risk is no failure.
pub(crate) fn checks(context: &Context) -> Vec<(&'static str, Result<String>)> {
    let name = choose(context, None);
    let place =
        name.as_ref().map_or_else(|_| Place::of(context, None, None), |name| Place::of(context, Some(name), None));
    let account = place.and_then(|place| Account::open(context, &place));
    let findings = name.and_then(|name| {
        let Ok(account) = &account else { return Ok(None) };
        let has_repository = deployment::has_repository(context, &name, account)?;
        Ok(Some(deployment::preflight(context, &name, account, has_repository)))
    });
    let mut checks =
        vec![("aws account", account.as_ref().map(ToString::to_string).map_err(|error| anyhow!("{error:#}")))];
    match findings {
        Ok(found) => {
            checks.extend(found.into_iter().flatten().map(|(name, finding)| (name, finding.and_then(in_words))))
        }
        Err(error) => checks.push(("environment", Err(error))),
    }
    checks
}

fn in_words(finding: Finding) -> Result<String> {
    match finding {
        Finding::Fine(text) => Ok(text),
        Finding::Risk(text) => Ok(format!("perhaps not: {text}")),
        Finding::Obstacle(text) => Err(Failure::new(text).into()),
    }
}

/// The environment: the option's, the variable's, or the only one.
pub(crate) fn choose(context: &Context, option: Option<&str>) -> Result<String> {
    let known: Vec<&String> = context.config.infra.environments.keys().collect();
    let name = option.map(str::to_owned).or_else(|| context.variable("AMPLIFY_ENV"));
    let hint = "each environment has a section `[infra.environments.NAME]` in xtask.toml";
    match (name, &known[..]) {
        (Some(name), known) if known.contains(&&name) => Ok(name),
        (Some(name), _) => {
            Err(Failure::new(format!("xtask.toml has no environment `{name}`")).hint(hint).code(2).into())
        }
        (None, [only]) => Ok((*only).clone()),
        (None, _) => Err(Failure::new("no environment is selected: use `--env NAME`").hint(hint).code(2).into()),
    }
}
