//! What `ampx` has synthesized: the CDK's cloud assembly in `.amplify/artifacts/cdk.out`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::json_file;

/// Everything that `ampx` keeps between runs.
pub(super) const ARTIFACTS: &str = ".amplify/artifacts";

/// A cloud assembly.
pub(super) struct Synthesized {
    folder: PathBuf,
    /// The stacks that are not nested in another.
    pub(super) stacks: Vec<Root>,
    /// The key of each asset in the bucket, and its file.
    assets: Vec<(String, String)>,
}

/// A stack that is not nested in another.
pub(super) struct Root {
    pub(super) name: String,
    pub(super) template: Value,
}

/// A stack in a template.
pub(super) struct Nested {
    pub(super) logical_name: String,
    pub(super) template: Value,
}

impl Synthesized {
    /// Reads the assembly; `None` if nothing was synthesized.
    pub(super) fn read(root: &Path) -> Result<Option<Self>> {
        let folder = root.join(ARTIFACTS).join("cdk.out");
        let manifest = folder.join("manifest.json");
        if !manifest.exists() {
            return Ok(None);
        }
        let manifest = json_file::read(&manifest)?;
        let (mut stacks, mut assets) = (Vec::new(), Vec::new());
        for (id, artifact) in manifest["artifacts"].as_object().into_iter().flatten() {
            let properties = &artifact["properties"];
            match (artifact["type"].as_str(), properties["templateFile"].as_str(), properties["file"].as_str()) {
                (Some("aws:cloudformation:stack"), Some(file), _) => {
                    let name = properties["stackName"].as_str().unwrap_or(id).to_owned();
                    stacks.push(Root { name, template: json_file::read(&folder.join(file))? });
                }
                (Some("cdk:asset-manifest"), _, Some(file)) => {
                    assets.extend(files(&json_file::read(&folder.join(file))?));
                }
                _ => {}
            }
        }
        Ok((!stacks.is_empty()).then_some(Self { folder, stacks, assets }))
    }

    /// Whether a template has this text.
    pub(super) fn mentions(&self, text: &str) -> Result<bool> {
        let mut templates: Vec<Value> = self.stacks.iter().map(|stack| stack.template.clone()).collect();
        while let Some(template) = templates.pop() {
            if template.to_string().contains(text) {
                return Ok(true);
            }
            templates.extend(self.nested(&template)?.into_iter().map(|nested| nested.template));
        }
        Ok(false)
    }

    /// The stacks nested in a template.
    pub(super) fn nested(&self, template: &Value) -> Result<Vec<Nested>> {
        let resources = template["Resources"].as_object().into_iter().flatten();
        let stacks = resources.filter(|(_, resource)| resource["Type"] == "AWS::CloudFormation::Stack");
        let read = |(name, resource): (&String, &Value)| {
            // The URL is an expression whose last part is the key of the asset, which is the hash of the template.
            let url = resource["Properties"]["TemplateURL"].to_string();
            let asset = self.assets.iter().find(|(key, _)| url.contains(key.as_str()));
            let (_, file) = asset.with_context(|| format!("the assembly has no template for the stack `{name}`"))?;
            Ok(Nested { logical_name: name.clone(), template: json_file::read(&self.folder.join(file))? })
        };
        stacks.map(read).collect()
    }
}

/// The key and the path of each file in an asset manifest.
fn files(manifest: &Value) -> Vec<(String, String)> {
    let files = manifest["files"].as_object().into_iter().flatten();
    let keys = |file: &Value| -> Vec<(String, String)> {
        let path = file["source"]["path"].as_str().unwrap_or_default();
        let destinations = file["destinations"].as_object().into_iter().flatten();
        let key = |(_, destination): (&String, &Value)| destination["objectKey"].as_str().map(str::to_owned);
        destinations.filter_map(key).map(|key| (key, path.to_owned())).collect()
    };
    files.flat_map(|(_, file)| keys(file)).collect()
}
