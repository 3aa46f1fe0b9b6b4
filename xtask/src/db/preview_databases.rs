//! The databases of previews, for `cargo xtask preview`, which adds a page and an API to each.

use anyhow::Result;

use super::choose::{self, Database};
use super::preview::{self, Preview, Previews};
use super::task::{Db, Remote};
use crate::cli::PruneArguments;
use crate::clock;
use crate::context::Context;
use crate::prices::Prices;

/// The databases of the previews of one database.
pub(crate) struct PreviewDatabases<'a> {
    db: Db<'a>,
}

/// The database that previews are created next to.
pub(crate) struct Origin {
    /// The host that is connected to, as it was named.
    pub(crate) host: String,
    pub(crate) name: String,
}

/// The database of a preview.
pub(crate) struct PreviewDatabase {
    pub(crate) name: String,
    pub(crate) branch: String,
    /// Whole days since it was last updated.
    pub(crate) days: u64,
    /// `None` if the role may not connect to it.
    pub(crate) bytes: Option<u64>,
}

impl<'a> PreviewDatabases<'a> {
    /// The previews of the database that `url`, `remote` or a variable names.
    pub(crate) fn new(context: &'a Context, url: Option<String>, remote: Option<Remote<'a>>) -> Self {
        let directory = context.shorten(&context.root.join(context.config.versions()));
        Self { db: Db { context, directory, url, remote, database: None, options: context.config.options() } }
    }

    /// Whether a database is named, other than the embedded one, which functions cannot reach.
    pub(crate) fn is_named(&self) -> Result<bool> {
        Ok(choose::named(&self.db)?.is_some())
    }

    /// The database that they are created next to. It is connected to.
    pub(crate) fn origin(&self) -> Result<Origin> {
        let host = Database::choose(&self.db)?.settings.hosts().join(",");
        Ok(Origin { host, name: Previews::open(&self.db)?.origin })
    }

    /// Creates or updates the database of a branch, and returns its name and the heads that it is at.
    pub(crate) fn create(&mut self, branch: &str, is_recreated: bool) -> Result<(String, Vec<String>)> {
        let name = self.db.create_preview(branch, is_recreated)?;
        let heads = self.db.check("heads");
        self.db.database = None;
        Ok((name, heads?))
    }

    pub(crate) fn all(&self) -> Result<Vec<PreviewDatabase>> {
        Ok(Previews::open(&self.db)?.all()?.into_iter().map(described).collect())
    }

    /// Those to keep, without a reason, and those to delete, with the reason.
    pub(crate) fn judged(&self, arguments: &PruneArguments) -> Result<Vec<(PreviewDatabase, Option<String>)>> {
        let judged = self.db.judge_previews(&mut Previews::open(&self.db)?, arguments)?;
        Ok(judged.into_iter().map(|(preview, reason)| (described(preview), reason)).collect())
    }

    /// Deletes the preview with this database. Returns whether there was one.
    pub(crate) fn delete(&self, name: &str) -> Result<bool> {
        let mut previews = Previews::open(&self.db)?;
        let exists = previews.all()?.iter().any(|preview| preview.name == name);
        if exists {
            previews.drop(name)?;
        }
        Ok(exists)
    }
}

impl PreviewDatabase {
    /// Its size and what that costs, as far as they are known.
    pub(crate) fn cost(&self, prices: Option<&Prices>) -> String {
        let Some(bytes) = self.bytes else { return "size unknown".to_owned() };
        let size = preview::megabytes(bytes);
        match prices.and_then(|prices| prices.of_database(bytes)) {
            Some(dollars) => format!("{size}, {dollars:.2} US dollars a month"),
            None => size,
        }
    }
}

fn described(Preview { name, mark, size }: Preview) -> PreviewDatabase {
    PreviewDatabase { name, branch: mark.branch, days: preview::days(clock::now(), mark.updated), bytes: size }
}
