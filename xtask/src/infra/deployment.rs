//! An environment on AWS, for the commands that change it.

use std::time::Duration;

use anyhow::Result;

use super::advice;
use super::assembly::{self, Assembly, Found};
use super::preflight::{self, Finding, Wanted};
use crate::aws::{Account, Place, Stack};
use crate::context::Context;
use crate::report::Failure;
use crate::supervise::{Exited, Supervisor};

/// The timeout for a command of the CDK. Creating a database takes minutes; after a timeout, CloudFormation continues.
pub(super) const LIMIT: Duration = Duration::from_secs(2 * 60 * 60);

/// An environment: its assembly, and the account it is deployed to.
pub(super) struct Deployment<'a> {
    pub(super) context: &'a Context,
    pub(super) environment: &'a str,
    pub(super) assembly: Assembly,
    /// The state that the assembly is for.
    pub(super) found: Found,
    pub(super) supervisor: Supervisor,
    pub(super) account: Account<'a>,
}

impl<'a> Deployment<'a> {
    pub(super) fn open(context: &'a Context, environment: &'a str) -> Result<Self> {
        let mut supervisor = Supervisor::new(&context.report)?;
        // First, because the credentials of another account are refused, and the assembly takes ten seconds.
        let account = Account::open(context, &Place::of(context, Some(environment), None)?)?;
        supervisor.hide(account.secrets());
        context.report.message(&account);
        let is_promoted = context.config.infra.environments[environment].promoted_from().is_some();
        let found = Found {
            existing_repository: has_repository(context, environment, &account)?,
            // CloudFormation imports a bucket only by a name without references.
            place: is_promoted.then(|| (account.number.clone(), account.region.clone())),
            ..Found::default()
        };
        let assembly = Assembly::synthesize(context, environment, &found)?;
        Ok(Self { context, environment, assembly, found, supervisor, account })
    }

    pub(super) fn stack_name(&self) -> &str {
        &self.assembly.stack_name
    }

    pub(super) fn stack(&self) -> Result<Option<Stack>> {
        Stack::find(&self.account, self.stack_name())
    }

    /// Runs the CDK on the assembly. The caller checks the status.
    pub(super) fn cdk(&self, arguments: &[&str]) -> Result<Exited> {
        self.cdk_on(&self.assembly, arguments)
    }

    /// Runs the CDK on an assembly of this environment.
    pub(super) fn cdk_on(&self, assembly: &Assembly, arguments: &[&str]) -> Result<Exited> {
        let mut command = assembly.cdk(self.context, arguments)?;
        self.account.prepare(&mut command);
        self.supervisor.run(&format!("cdk {}", arguments[0]), command, LIMIT)
    }

    /// Shows the difference between the template and the deployed stack, and returns whether there is one.
    pub(super) fn diff(&self) -> Result<bool> {
        let exited = self.cdk(&["diff"])?;
        match exited.status.success() {
            true => Ok(!exited.output.contains("Number of stacks with differences: 0")),
            false => Err(Failure::new(format!("`cdk diff` failed: {}", exited.describe())).into()),
        }
    }

    /// Disables the termination protection of the stack.
    pub(super) fn unprotect_stack(&self) -> Result<()> {
        let update = ["cloudformation", "update-termination-protection", "--no-enable-termination-protection"];
        self.account.run(&[&update[..], &["--stack-name", self.stack_name()]].concat()).map(drop)
    }

    /// The error of a failed CDK command, with the reason that CloudFormation gives.
    pub(super) fn failed(&self, what: &str, exited: &Exited) -> anyhow::Error {
        let failure = Stack::failure(&self.account, self.stack_name()).ok().flatten();
        let Some((resource, reason)) = failure else {
            let hint = "see the output above";
            return Failure::new(format!("`cdk {what}` failed: {}", exited.describe())).hint(hint).into();
        };
        let message = format!("`cdk {what}` failed: `{resource}`: {reason}");
        Failure::new(message).hint(advice::advice(&reason, self.environment)).into()
    }
}

/// Whether the environment uses a CodeCommit repository that its stack does not have. Deleting a stack keeps the
/// repository, which the next one refers to.
pub(super) fn has_repository(context: &Context, environment: &str, account: &Account<'_>) -> Result<bool> {
    if !context.config.infra.environments[environment].uses_code_commit() {
        return Ok(false);
    }
    // The repository has the name of the stack.
    let name = assembly::stack_name(context, environment)?;
    if account.find(&["codecommit", "get-repository", "--repository-name", &name])?.is_none() {
        return Ok(false);
    }
    let stack = Stack::find(account, &name)?.filter(|stack| !stack.was_never_created());
    Ok(stack.is_none() || Stack::resource(account, &name, "AWS::CodeCommit::Repository")?.is_none())
}

/// What AWS says about an environment before it is created.
pub(super) fn preflight(
    context: &Context,
    name: &str,
    account: &Account<'_>,
    has_repository: bool,
) -> Vec<(&'static str, Result<Finding>)> {
    let wanted = Wanted {
        settings: &context.config.infra.environments[name],
        postgres: context.config.postgres.major,
        has_repository,
    };
    preflight::checks(account, &wanted)
}
