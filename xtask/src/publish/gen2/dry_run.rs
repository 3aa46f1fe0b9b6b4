//! `--dry-run`: prints the commands in order. Values that only AWS knows are in angle brackets.

use anyhow::Result;

use super::page::{COMPARED, HEALTH};
use super::{ampx, bootstrap, branch, deployed, hosting, job, rules, stack_name, target};
use crate::cli::{PublishArguments, PublishCommand};
use crate::context::Context;
use crate::publish::app;
use crate::{aws, frontend, functions, npm, shell_word};

pub(super) fn show(context: &Context, arguments: &PublishArguments, environment: &str) -> Result<()> {
    let given = target::given_app(context, &arguments.target);
    let line = |program: &str, words: &[&str]| {
        let quoted: Vec<String> = words.iter().map(|word| shell_word::quote(word)).collect();
        context.report.data(format!("{program} {}", quoted.join(" ")));
    };
    let aws = |words: &[&str]| line("aws", words);
    let curl = |path: &str| line("curl", &[&format!("https://{environment}.<defaultDomain>/{path}")]);
    aws(&aws::CALLER_IDENTITY);
    if given.is_none() {
        aws(&aws::describe_stacks(&target::infra_stack(context, environment)?));
    }
    let app_id = given.as_deref().unwrap_or("<AmplifyAppId>");
    let stack = given.as_deref().map_or("<stackName>".to_owned(), |app_id| stack_name::stack_name(app_id, environment));
    aws(&app::get(app_id));
    if arguments.command == Some(PublishCommand::Init) {
        aws(&branch::get(app_id, environment));
        aws(&branch::create(app_id, environment));
        aws(&bootstrap::parameter());
        return Ok(());
    }
    aws(&branch::get(app_id, environment));
    aws(&bootstrap::parameter());
    line("npm --prefix amplify", &npm::INSTALL);
    if functions::package(context).is_some() {
        line("npm --prefix amplify/functions", &npm::INSTALL);
    }
    let create = branch::create(app_id, environment).join(" ");
    context.report.message(format!("if there is no branch `{environment}`: `aws {create}`"));
    aws(&job::list(app_id, environment));
    aws(&aws::describe_stacks(&stack));
    line("npm", &ampx::arguments(app_id, environment));
    aws(&aws::describe_stacks(&stack));
    aws(&deployed::get_template(&stack));
    aws(&aws::list_stack_resources(&stack));
    aws(&deployed::get_template("<PhysicalResourceId>"));
    aws(&branch::get(app_id, environment));
    if !arguments.skip_build {
        line("npm --prefix frontend", &npm::INSTALL);
        line("npm --prefix frontend", &frontend::BUILD);
    }
    let rules = rules::update_app(app_id, "<customRules>").join(" ");
    context.report.message(format!("if the app does not rewrite `/api` to the backend: `aws {rules}`"));
    aws(&hosting::create(app_id, environment));
    line("curl", &["--upload-file", "page.zip", "<zipUploadUrl>"]);
    aws(&hosting::start(app_id, environment, "<jobId>"));
    aws(&job::get(app_id, environment, "<jobId>"));
    COMPARED.iter().for_each(|path| curl(path));
    curl(HEALTH);
    Ok(())
}
