//! `cargo xtask publish`: builds the page, deploys the Amplify project of either generation, and verifies the result.
//!
//! The files are checked before AWS is called; the identity and the database are next, and everything on AWS is checked before
//! anything is changed.

mod after_migration;
mod app;
mod bucket;
mod distribution;
mod gen1;
mod gen2;
mod generation;
mod invalidation;
mod names;
mod poll;
mod publication;

use std::path::Path;

use anyhow::Result;

use crate::aws::{Account, Place};
use crate::cli::PublishArguments;
use crate::context::Context;
use gen2::Backend;
pub(crate) use gen2::{PreviewApp, PreviewApps, Published, check_preview};
use generation::Generation;
pub(crate) use names::{hosting, hosting_bucket, is_gen1, project_name};

pub(crate) fn run(context: &Context, arguments: &PublishArguments) -> Result<()> {
    publish(context, arguments).inspect_err(|_| after_migration::describe(context))
}

fn publish(context: &Context, arguments: &PublishArguments) -> Result<()> {
    match Generation::of(&context.root)? {
        Generation::Gen1 => {
            context.report.message(Generation::Gen1);
            hosting(context)?;
            gen1::run(context, arguments)
        }
        Generation::Gen2 => gen2::run(context, arguments, hosting(context)?, Backend::Present),
        Generation::PageOnly => {
            context.report.message(format!("backend: {}", Generation::PageOnly));
            gen2::run(context, arguments, hosting(context)?, Backend::Absent)
        }
    }
}

/// Describes the folder `amplify` of a repository.
pub(crate) fn describe_backend(root: &Path) -> String {
    Generation::of(root).map_or_else(|error| format!("{error:#}"), |generation| generation.to_string())
}

/// The checks of `doctor` for a publication: their names and results.
pub(crate) fn checks(context: &Context) -> Vec<(&'static str, Result<String>)> {
    let environment = names::default_environment(context);
    let place = Place::of(context, environment.as_deref(), None);
    let account = place.and_then(|place| Account::open(context, &place));
    let generation = Generation::of(&context.root);
    let of_generation = match &generation {
        Ok(Generation::Gen1) => vec![
            ("amplify cli", gen1::cli(context)),
            ("hosting", hosting(context).map(|_| "the hosting category in `amplify`".to_owned())),
        ],
        Ok(Generation::Gen2) => gen2::checks(context, account.as_ref().ok()),
        Ok(Generation::PageOnly) | Err(_) => Vec::new(),
    };
    let mut checks = vec![("amplify", generation.map(|generation| generation.to_string()))];
    checks.extend(of_generation);
    checks.push(("aws account", account.map(|account| account.to_string())));
    checks
}
