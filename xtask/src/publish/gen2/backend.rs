//! Whether the checkout has a backend. Without one, only the page is published.

use anyhow::Result;

use super::branch::Branch;
use crate::config::Hosting;
use crate::report::Failure;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::publish) enum Backend {
    Present,
    Absent,
}

/// # Errors
/// The page's bucket and distribution are a part of the backend, and there is none.
pub(super) fn check_hosting(hosting: Hosting) -> Result<()> {
    match hosting {
        Hosting::Amplify => Ok(()),
        Hosting::CloudFront => {
            let message = "`hosting` in `xtask.toml` is \"cloudfront\", but there is no backend: the folder `amplify`, which creates the bucket and the distribution, is missing";
            let hint = "nothing was changed; delete the key to publish the page to Amplify Hosting, or create a backend: `npm create amplify@latest`";
            Err(Failure::new(message).hint(hint).into())
        }
    }
}

/// # Errors
/// The branch has a backend, which this checkout lacks.
pub(super) fn check_branch(branch: Option<&Branch>, name: &str) -> Result<()> {
    let Some(stack) = branch.and_then(Branch::stack) else { return Ok(()) };
    let message = format!("the branch `{name}` has the backend `{stack}`, but this checkout has no folder `amplify`");
    let hint = "nothing was changed; restore the folder, or use another environment";
    Err(Failure::new(message).hint(hint).into())
}
