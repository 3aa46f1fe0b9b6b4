//! The output of the CDK app for an environment: a cloud assembly with the template.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use cluster::Stamp;
use serde_json::{Value, json};

use super::inputs;
use crate::context::Context;
use crate::json_file;
use crate::npm::{self, Package};
use crate::publish;
use crate::report::Failure;

/// The folder with the template, and the contents of its manifest.
pub(super) struct Assembly {
    folder: PathBuf,
    pub(super) stack_name: String,
    pub(super) template: Value,
    /// The version of the CDK's bootstrap stack that it requires, and the parameter with the deployed version.
    pub(super) bootstrap_version: u64,
    pub(super) bootstrap_parameter: String,
}

/// What the template depends on besides `xtask.toml`: what is on AWS already. The default needs no account.
#[derive(Debug, Default, Clone)]
pub(super) struct Found {
    /// The CodeCommit repository exists, and does not belong to the stack.
    pub(super) existing_repository: bool,
    /// The stack does not exist.
    pub(super) first_deployment: bool,
    /// The account and the region, if the template names them.
    pub(super) place: Option<(String, String)>,
}

/// The one stack of the app.
const STACK: &str = "Release";

/// The name of the stack of an environment (`infra/src/stack.ts`).
pub(crate) fn stack_name(context: &Context, environment: &str) -> Result<String> {
    Ok(format!("{}-{environment}", publish::project_name(context)?))
}

impl Assembly {
    /// Synthesizes the assembly, without calling AWS, unless one of the same inputs exists: the CDK takes ten seconds
    /// to check the template.
    pub(super) fn synthesize(context: &Context, environment: &str, found: &Found) -> Result<Self> {
        let settings = settings(context, environment, found)?.to_string();
        let package = Package::new(context, "infra");
        package.install()?;
        let name = if found.first_deployment { format!("{environment}-first") } else { environment.to_owned() };
        let target = context.target().join("infra").join(name);
        let folder = std::path::absolute(target).context("the target directory")?;
        let inputs = inputs::of(&context.root, &settings)?;
        Stamp::new(folder.join(".xtask-inputs"), inputs).install_once(|| {
            // The app is compiled to `infra/build`, for each environment again.
            let _compiling = npm::lock(context, "infra-app", "another command that generates a template")?;
            let mut synth = cdk(context, &package.directory(), &["synth", "--quiet", "--output"])?;
            synth.arg(&folder).env("INFRA_SETTINGS", &settings);
            match synth.status().context("could not run npm")?.success() {
                true => anyhow::Ok(()),
                false => {
                    let message = format!("could not generate the template of `{environment}`; see the output above");
                    Err(Failure::new(message).into())
                }
            }
        })?;
        let template = json_file::read(&template_path(&folder))?;
        let manifest = json_file::read(&folder.join("manifest.json"))?;
        let properties = &manifest["artifacts"][STACK]["properties"];
        let text = |key: &str| properties[key].as_str().with_context(|| format!("the manifest has no {key}"));
        Ok(Self {
            stack_name: text("stackName")?.to_owned(),
            bootstrap_parameter: text("bootstrapStackVersionSsmParameter")?.to_owned(),
            bootstrap_version: properties["requiresBootstrapStackVersion"].as_u64().unwrap_or(0),
            template,
            folder,
        })
    }

    pub(super) fn template_path(&self) -> PathBuf {
        template_path(&self.folder)
    }

    /// A command of the CDK on this assembly.
    pub(super) fn cdk(&self, context: &Context, arguments: &[&str]) -> Result<Command> {
        let mut command = cdk(context, &context.root.join("infra"), arguments)?;
        command.arg("--app").arg(&self.folder);
        Ok(command)
    }

    /// The names of the template's outputs.
    pub(super) fn outputs(&self) -> impl Iterator<Item = &str> {
        self.template["Outputs"].as_object().into_iter().flatten().map(|(name, _)| name.as_str())
    }

    /// The logical names and types of the resources with one of these deletion policies.
    pub(super) fn with_policy(&self, policies: &[&str]) -> Vec<(&str, &str)> {
        let has = |resource: &Value| policies.iter().any(|&policy| resource["DeletionPolicy"] == policy);
        let all = self.resources().filter(|(_, resource)| has(resource));
        all.map(|(name, resource)| (name, resource["Type"].as_str().unwrap_or_default())).collect()
    }

    /// The resources of the template by their logical names.
    pub(super) fn resources(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.template["Resources"].as_object().into_iter().flatten().map(|(name, resource)| (name.as_str(), resource))
    }
}

fn template_path(folder: &Path) -> PathBuf {
    folder.join(format!("{STACK}.template.json"))
}

fn cdk(context: &Context, directory: &Path, arguments: &[&str]) -> Result<Command> {
    let mut command = npm::npm(context, directory)?;
    command.args(["exec", "--offline", "--", "cdk", "--no-notices"]).args(arguments);
    Ok(command)
}

/// `Place` in `infra/src/settings.ts`.
fn place(context: &Context, name: &str) -> Value {
    let environment = &context.config.infra.environments[name];
    let (account, region) = (environment.account.as_ref(), environment.region.as_ref());
    json!({"environment": name, "account": account.map(|account| &account.0), "region": region.map(|region| &region.0)})
}

/// The input of the app: `Settings` in `infra/src/settings.ts`.
fn settings(context: &Context, name: &str, found: &Found) -> Result<Value> {
    let environment = &context.config.infra.environments[name];
    let mut settings = serde_json::to_value(environment)?;
    settings["project"] = json!(publish::project_name(context)?);
    settings["hosting_bucket"] = json!(publish::hosting_bucket(context)?);
    settings["hosting"] = json!(publish::hosting(context)?);
    settings["generation"] = json!(if publish::is_gen1(context) { 1 } else { 2 });
    settings["environment"] = json!(name);
    settings["approval"] = json!(environment.requires_approval());
    settings["branch"] = json!(environment.branch());
    settings["promoted_from"] = environment.promoted_from().map_or(Value::Null, |from| place(context, from));
    settings["promotes_to"] = context.config.infra.promotes_to(name).map(|to| place(context, to)).collect();
    let (account, region) = found.place.as_ref().map(|(account, region)| (account, region)).unzip();
    settings["here"] = json!({"environment": name, "account": account, "region": region});
    settings["existing_repository"] = json!(found.existing_repository);
    settings["first_deployment"] = json!(found.first_deployment);
    settings["postgres_major"] = json!(context.config.postgres.major);
    Ok(settings)
}
