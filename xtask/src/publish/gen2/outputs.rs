//! `amplify_outputs.json`: the outputs of the backend for the page. `ampx` writes the file to the root of the checkout.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::config::Hosting;
use crate::json_file;
use crate::report::Failure;

pub(super) const FILE: &str = "amplify_outputs.json";

/// The outputs of the backend that a publication needs.
pub(super) struct Outputs {
    /// The URL of the API: the output `custom.api`. `None` if the backend has no API.
    pub(super) api: Option<String>,
    /// The bucket and the distribution: the output `custom.hosting`. `None` if Amplify Hosting serves the page.
    pub(super) site: Option<Site>,
}

/// A bucket of the backend for the page, and the CloudFront distribution that serves it.
pub(super) struct Site {
    pub(super) bucket: String,
    /// The id of the distribution.
    pub(super) distribution: String,
    /// The host: `dXXXX.cloudfront.net`, or the team's own.
    pub(super) domain: String,
}

impl Outputs {
    /// # Errors
    /// The backend has a bucket and a distribution, but the setting is Amplify Hosting; or the other way around.
    pub(super) fn read(root: &Path, hosting: Hosting) -> Result<Self> {
        let outputs = json_file::read(&root.join(FILE)).context("`ampx` wrote no outputs of the backend")?;
        let custom = &outputs["custom"];
        Ok(Self { api: custom["api"].as_str().map(str::to_owned), site: site(&custom["hosting"], hosting)? })
    }
}

fn site(output: &Value, hosting: Hosting) -> Result<Option<Site>> {
    let live = "the backend is deployed, and no page was published";
    match (hosting, output) {
        (Hosting::Amplify, Value::Null) => Ok(None),
        (Hosting::Amplify, _) => {
            let message = "the backend has a bucket and a distribution for the page (`custom.hosting` in `amplify_outputs.json`), but `hosting` in `xtask.toml` is not \"cloudfront\"";
            let hint = format!(
                "{live}; to keep them, set `hosting = \"cloudfront\"` in `[publish]`; to return to Amplify Hosting, let `amplify/backend.ts` add them only if the variable HOSTING is `cloudfront`: then the distribution and its address are deleted, and the bucket is kept"
            );
            Err(Failure::new(message).hint(hint).into())
        }
        (Hosting::CloudFront, Value::Null) => {
            let message = "the backend has no bucket and no distribution for the page (`custom.hosting` in `amplify_outputs.json`), but `hosting` in `xtask.toml` is \"cloudfront\"";
            let hint = format!(
                "{live}; `amplify/backend.ts` must add them and this output if the variable HOSTING is `cloudfront`, as docs/publish.md describes; a page that Amplify Hosting serves stays at its address"
            );
            Err(Failure::new(message).hint(hint).into())
        }
        (Hosting::CloudFront, output) => {
            let part = |name: &str| {
                let value = output[name].as_str().filter(|value| !value.is_empty()).map(str::to_owned);
                let message = format!("`amplify_outputs.json` has no `custom.hosting.{name}`");
                value.ok_or_else(|| Failure::new(message).hint(format!("{live}; see `amplify/hosting.ts`")))
            };
            Ok(Some(Site { bucket: part("bucket")?, distribution: part("distribution")?, domain: part("domain")? }))
        }
    }
}
