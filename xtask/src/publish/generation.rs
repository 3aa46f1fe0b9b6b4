//! Determines the generation of the Amplify project in `amplify/` from its files.

use std::fmt::{self, Display, Formatter};
use std::path::Path;

use anyhow::Result;

use super::gen1::CONFIG;
use crate::report::Failure;

/// The entry points of a Gen 2 project, from `amplify/`.
pub(super) const BACKENDS: [&str; 2] = ["backend.ts", "backend.js"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Generation {
    Gen1,
    Gen2,
    /// There is no backend.
    PageOnly,
}

impl Generation {
    /// # Errors
    /// The folder has the files of neither generation, or of both.
    pub(super) fn of(root: &Path) -> Result<Self> {
        let directory = root.join("amplify");
        let backend = BACKENDS.into_iter().find(|name| directory.join(name).exists());
        match (directory.join(CONFIG).exists(), backend) {
            (true, None) => Ok(Self::Gen1),
            (false, Some(_)) => Ok(Self::Gen2),
            (false, None) if !directory.exists() => Ok(Self::PageOnly),
            (false, None) => {
                let message = format!(
                    "`amplify` is not an Amplify project: it has neither `backend.ts` (Gen 2) nor `{CONFIG}` (Gen 1)"
                );
                Err(Failure::new(message).hint("`npm create amplify@latest` creates a Gen 2 project").into())
            }
            (true, Some(backend)) => {
                let message =
                    format!("`amplify` has the files of two generations: `{backend}` (Gen 2) and `{CONFIG}` (Gen 1)");
                let hint = "keep one; docs/gen1-to-gen2.md describes how a project moves to Gen 2";
                Err(Failure::new(message).hint(hint).into())
            }
        }
    }
}

impl Display for Generation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gen1 => {
                "Amplify Gen 1 is supported by AWS until 2027-05-01; docs/gen1-to-gen2.md describes how to move to Gen 2"
            }
            Self::Gen2 => "Amplify Gen 2",
            Self::PageOnly => "none: there is no folder `amplify`, so only the page is published",
        })
    }
}
