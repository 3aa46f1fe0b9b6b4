//! An environment on AWS, as the commands that change it see it.

use std::time::Duration;

use anyhow::Result;

use super::advice;
use super::assembly::Assembly;
use crate::aws::{self, Account, Stack};
use crate::context::Context;
use crate::report::Failure;
use crate::supervise::{Ended, Supervisor};

/// How long one command of the CDK may take: a database and a NAT gateway are minutes, and CloudFormation goes on by itself.
pub(super) const LIMIT: Duration = Duration::from_secs(2 * 60 * 60);

/// An environment on AWS: what it should be, and who is asking for it.
pub(super) struct Deployment<'a> {
    pub(super) context: &'a Context,
    pub(super) environment: &'a str,
    pub(super) assembly: Assembly,
    pub(super) supervisor: Supervisor,
    pub(super) account: Account<'a>,
}

impl<'a> Deployment<'a> {
    pub(super) fn open(context: &'a Context, environment: &'a str) -> Result<Self> {
        let assembly = Assembly::make(context, environment)?;
        let mut supervisor = Supervisor::new(&context.report)?;
        let account = Account::open(context, &aws::region(context)?)?;
        supervisor.hide(account.secrets());
        context.report.talk(&account);
        Ok(Self { context, environment, assembly, supervisor, account })
    }

    pub(super) fn stack_name(&self) -> &str {
        &self.assembly.stack_name
    }

    pub(super) fn stack(&self) -> Result<Option<Stack>> {
        Stack::find(&self.account, self.stack_name())
    }

    /// Runs the CDK on what was synthesized. What it means that it failed is for the caller to say.
    pub(super) fn cdk(&self, arguments: &[&str]) -> Result<Ended> {
        let mut command = self.assembly.cdk(self.context, arguments)?;
        self.account.prepare(&mut command);
        self.supervisor.run(&format!("cdk {}", arguments[0]), command, LIMIT)
    }

    /// Shows what differs between the template and what is deployed; whether anything does is the answer.
    pub(super) fn diff(&self) -> Result<bool> {
        let ended = self.cdk(&["diff"])?;
        match ended.status.success() {
            true => Ok(!ended.output.contains("Number of stacks with differences: 0")),
            false => Err(Failure::new(format!("`cdk diff` failed: {}", ended.how())).into()),
        }
    }

    /// Whether somebody says yes; nobody there is a no.
    pub(super) fn agrees(&self, question: &str) -> Result<bool> {
        Ok(self.supervisor.ask(question)?.is_some_and(|answer| matches!(answer.as_str(), "y" | "Y" | "yes")))
    }

    /// What CloudFormation says went wrong, with what can be done.
    pub(super) fn failed(&self, what: &str, ended: &Ended) -> anyhow::Error {
        let failure = Stack::failure(&self.account, self.stack_name()).ok().flatten();
        let Some((resource, reason)) = failure else {
            let hint = "what it said is above";
            return Failure::new(format!("`cdk {what}` failed: {}", ended.how())).hint(hint).into();
        };
        let message = format!("`cdk {what}` failed: `{resource}`: {reason}");
        Failure::new(message).hint(advice::advice(&reason, self.environment)).into()
    }
}
