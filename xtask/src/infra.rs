//! `cargo xtask infra`: runs the CDK app in `infra/` with the settings of an environment.

mod advice;
mod assembly;
mod cost;
mod deploy;
mod deployment;
mod destroy;
mod inputs;
mod outputs;

use anyhow::Result;

use crate::cli::InfraCommand;
use crate::context::Context;
use crate::report::Failure;
use assembly::Assembly;
pub(crate) use assembly::stack_name;
use deployment::Deployment;

pub(crate) fn run(context: &Context, environment: Option<&str>, command: InfraCommand) -> Result<()> {
    let name = choose(context, environment)?;
    let deployment = || Deployment::open(context, &name);
    match command {
        InfraCommand::Synth => {
            let assembly = Assembly::synthesize(context, &name)?;
            context.report.data(context.shorten(&assembly.template_path()).display());
            Ok(())
        }
        InfraCommand::Diff => deployment()?.diff().map(drop),
        InfraCommand::Deploy { yes } => deploy::run(&deployment()?, yes),
        InfraCommand::Outputs { .. } => outputs::print_of(context, &name),
        InfraCommand::Destroy { yes } => destroy::run(&deployment()?, yes),
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
