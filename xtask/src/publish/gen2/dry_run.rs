//! `--dry-run`: prints the commands in order. Values that only AWS knows are in angle brackets.

use anyhow::Result;

use super::backend::Backend;
use super::page::{COMPARED, HEALTH, MISSING};
use super::upload::Turn;
use super::{
    amplify_hosting, ampx, bootstrap, branch, deployed, job, page_bucket, project, rules, site, stack_name, superseded,
    target, upload,
};
use crate::cli::{PublishArguments, PublishCommand};
use crate::config::Hosting;
use crate::context::Context;
use crate::npm::Package;
use crate::publish::{app, bucket, invalidation};
use crate::{aws, frontend, functions, shell_word};

pub(super) fn show(
    context: &Context,
    arguments: &PublishArguments,
    environment: &str,
    hosting: Hosting,
    backend: Backend,
) -> Result<()> {
    let given = target::given_app(context, &arguments.target);
    let line = |program: &str, words: &[&str]| {
        let quoted: Vec<String> = words.iter().map(|word| shell_word::quote(word)).collect();
        context.report.data(format!("{program} {}", quoted.join(" ")));
    };
    let aws = |words: &[&str]| line("aws", words);
    aws(&aws::CALLER_IDENTITY);
    if given.is_none() {
        aws(&aws::describe_stacks(&target::infra_stack(context, environment)?));
    }
    let app_id = given.as_deref().unwrap_or("<AmplifyAppId>");
    aws(&app::get(app_id));
    if arguments.command == Some(PublishCommand::Init) {
        aws(&branch::get(app_id, environment));
        aws(&branch::create(app_id, environment));
        if backend == Backend::Present {
            aws(&bootstrap::parameter());
        }
        return Ok(());
    }
    aws(&branch::get(app_id, environment));
    if backend == Backend::Present {
        aws(&bootstrap::parameter());
        Package::new(context, project::folder(&context.root)).show_install(&line)?;
        functions::package(context).map_or(Ok(()), |package| package.show_install(&line).map(drop))?;
    }
    let create = branch::create(app_id, environment).join(" ");
    context.report.message(format!("if there is no branch `{environment}`: `aws {create}`"));
    if hosting == Hosting::Amplify {
        aws(&job::list(app_id, environment));
    }
    if backend == Backend::Present {
        let stack = given.as_deref().map(|app_id| stack_name::stack_name(app_id, environment));
        show_deployment(context, app_id, environment, stack.as_deref().unwrap_or("<stackName>"), hosting, &line)?;
    }
    if !arguments.skip_build {
        frontend::show_build(context, &line)?;
    }
    match hosting {
        Hosting::Amplify => show_amplify_hosting(context, app_id, environment, backend, &line),
        Hosting::CloudFront => show_site(context, &line),
    }
    Ok(())
}

fn show_deployment(
    context: &Context,
    app_id: &str,
    environment: &str,
    stack: &str,
    hosting: Hosting,
    line: &dyn Fn(&str, &[&str]),
) -> Result<()> {
    let aws = |words: &[&str]| line("aws", words);
    aws(&aws::describe_stacks(stack));
    if hosting == Hosting::CloudFront {
        aws(&page_bucket::head(&page_bucket::name(context, environment, "<Account>", "<region>")?));
    }
    let (program, words) = ampx::call(&context.root, app_id, environment)?;
    line(program, &words);
    aws(&aws::describe_stacks(stack));
    aws(&deployed::get_template(stack));
    aws(&aws::list_stack_resources(stack));
    aws(&deployed::get_template("<PhysicalResourceId>"));
    aws(&branch::get(app_id, environment));
    Ok(())
}

fn show_amplify_hosting(
    context: &Context,
    app_id: &str,
    environment: &str,
    backend: Backend,
    line: &dyn Fn(&str, &[&str]),
) {
    if backend == Backend::Present {
        let rules = rules::update_app(app_id, "<customRules>").join(" ");
        context.report.message(format!("if the app does not rewrite `/api` to the backend: `aws {rules}`"));
    }
    line("aws", &amplify_hosting::create(app_id, environment));
    line("curl", &["--upload-file", "page.zip", "<zipUploadUrl>"]);
    line("aws", &amplify_hosting::start(app_id, environment, "<jobId>"));
    line("aws", &job::get(app_id, environment, "<jobId>"));
    let health = (backend == Backend::Present).then_some(HEALTH);
    for path in COMPARED.into_iter().chain(health) {
        line("curl", &[&format!("https://{environment}.<defaultDomain>/{path}")]);
    }
}

fn show_site(context: &Context, line: &dyn Fn(&str, &[&str])) {
    for turn in [Turn::Asset, Turn::Other, Turn::Entry] {
        line("aws", &upload::copy("page/<folder>", "s3://<bucket>/", turn.cache_control(), "<Content-Type>"));
    }
    context.report.message("`aws s3 cp` runs for each Content-Type of the assets, of the other files, and of `release.json` and `index.html`");
    line("aws", &bucket::list("<bucket>"));
    line("aws", &site::put_record("<bucket>", &superseded::record("<time>")));
    let delete = site::delete("<bucket>", "<Objects>").join(" ");
    context.report.message(format!("if the bucket has superseded files: `aws {delete}`"));
    line("aws", &invalidation::create("<distribution>"));
    line("aws", &invalidation::get("<distribution>", "<Id>"));
    for path in COMPARED.into_iter().chain([MISSING, HEALTH]) {
        line("curl", &[&format!("https://<domain>/{path}")]);
    }
}
