//! `cargo xtask infra`: the CDK app of `infra/`, with the settings of one environment.

mod advice;
mod assembly;
mod cost;
mod deploy;
mod destroy;

use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use crate::aws::{self, Account, Stack};
use crate::cli::InfraCommand;
use crate::context::Context;
use crate::report::Failure;
use crate::supervise::{Ended, Supervisor};
use assembly::Assembly;

/// How long one command of the CDK may take: a database and a NAT gateway are minutes, and CloudFormation goes on by itself.
const LIMIT: Duration = Duration::from_secs(2 * 60 * 60);

pub(crate) fn run(context: &Context, environment: Option<&str>, command: InfraCommand) -> Result<()> {
    let name = choose(context, environment)?;
    let scene = || Scene::open(context, &name);
    match command {
        InfraCommand::Synth => {
            let assembly = Assembly::make(context, &name)?;
            context.report.data(context.shorten(&assembly.template_path()).display());
            Ok(())
        }
        InfraCommand::Diff => scene()?.diff().map(drop),
        InfraCommand::Deploy { yes } => deploy::run(&scene()?, yes),
        InfraCommand::Outputs { .. } => outputs(context, &name),
        InfraCommand::Destroy { yes } => destroy::run(&scene()?, yes),
    }
}

/// An environment on AWS: what it should be, and who is asking for it.
struct Scene<'a> {
    context: &'a Context,
    environment: &'a str,
    assembly: Assembly,
    supervisor: Supervisor,
    account: Account<'a>,
}

impl<'a> Scene<'a> {
    fn open(context: &'a Context, environment: &'a str) -> Result<Self> {
        let assembly = Assembly::make(context, environment)?;
        let mut supervisor = Supervisor::new(&context.report)?;
        let account = Account::open(context, &aws::region(context)?)?;
        supervisor.hide(account.secrets());
        context.report.talk(account.describe());
        Ok(Self { context, environment, assembly, supervisor, account })
    }

    fn stack_name(&self) -> &str {
        &self.assembly.stack_name
    }

    fn stack(&self) -> Result<Option<Stack>> {
        Stack::find(&self.account, self.stack_name())
    }

    /// Runs the CDK on what was synthesized. What it means that it failed is for the caller to say.
    fn cdk(&self, arguments: &[&str]) -> Result<Ended> {
        let mut command = self.assembly.cdk(self.context, arguments)?;
        self.account.prepare(&mut command);
        self.supervisor.run(&format!("cdk {}", arguments[0]), command, LIMIT)
    }

    /// Shows what differs between the template and what is deployed; whether anything does is the answer.
    fn diff(&self) -> Result<bool> {
        let ended = self.cdk(&["diff"])?;
        match ended.status.success() {
            true => Ok(!ended.output.contains("Number of stacks with differences: 0")),
            false => Err(Failure::new(format!("`cdk diff` failed: {}", ended.how())).into()),
        }
    }

    /// Whether somebody says yes; nobody there is a no.
    fn agrees(&self, question: &str) -> Result<bool> {
        Ok(self.supervisor.ask(question)?.is_some_and(|answer| matches!(answer.as_str(), "y" | "Y" | "yes")))
    }

    /// What CloudFormation says went wrong, with what can be done.
    fn failed(&self, what: &str, ended: &Ended) -> anyhow::Error {
        let failure = Stack::failure(&self.account, self.stack_name()).ok().flatten();
        let Some((resource, reason)) = failure else {
            let hint = "what it said is above";
            return Failure::new(format!("`cdk {what}` failed: {}", ended.how())).hint(hint).into();
        };
        let message = format!("`cdk {what}` failed: `{resource}`: {reason}");
        Failure::new(message).hint(advice::advice(&reason, self.environment)).into()
    }
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

/// What a person or the next command needs to know, as the stack says it.
fn outputs(context: &Context, name: &str) -> Result<()> {
    let account = Account::open(context, &aws::region(context)?)?;
    let stack_name = assembly::stack_name(context, name)?;
    let Some(stack) = Stack::find(&account, &stack_name)? else {
        let message = format!("there is no stack `{stack_name}` in account {}, {}", account.number, account.region);
        return Err(Failure::new(message).hint(format!("`cargo xtask infra deploy --env {name}`")).into());
    };
    print(context, &stack);
    Ok(())
}

fn print(context: &Context, stack: &Stack) {
    let outputs = stack.outputs();
    if context.report.is_json() {
        return context.report.json(&json!(outputs));
    }
    for (name, value) in outputs {
        context.report.data(format!("{name} {value}"));
    }
}
