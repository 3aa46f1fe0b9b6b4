//! Uploads the page to a bucket in an order such that no visitor gets a page whose assets are missing.
//!
//! One command of the aws CLI uploads a folder, all of it with the same headers, so the files are first copied to a folder for
//! each combination. (Its filters would save the copies, but their patterns also apply to the path of the checkout.)

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::content_type::content_type;
use super::earlier;
use super::outputs::Site;
use crate::publish::publication::Publication;
use crate::report::{Failure, duration};

/// The folder with files that have a hash in their names.
pub(super) const ASSETS: &str = "assets/";

/// The files that make a release visible.
const ENTRIES: [&str; 2] = ["index.html", "release.json"];

const NAME: &str = "aws s3 cp";

/// When a file is uploaded, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// A file that other files refer to, and whose name changes with its content.
    Asset,
    Other,
    Entry,
}

impl Turn {
    fn of(name: &str) -> Self {
        match name {
            name if name.starts_with(ASSETS) => Self::Asset,
            name if ENTRIES.contains(&name) => Self::Entry,
            _ => Self::Other,
        }
    }

    pub(super) fn cache_control(self) -> &'static str {
        match self {
            Self::Asset => "public, max-age=31536000, immutable",
            Self::Other | Self::Entry => "no-cache",
        }
    }
}

pub(super) fn copy<'a>(folder: &'a str, url: &'a str, cache_control: &'a str, content_type: &'a str) -> [&'a str; 10] {
    let (control, kind) = ("--cache-control", "--content-type");
    ["s3", "cp", folder, url, "--recursive", "--only-show-errors", control, cache_control, kind, content_type]
}

/// Uploads the files of a built page, one turn after the other.
pub(super) fn upload<'a>(
    publication: &Publication<'_>,
    site: &Site,
    page: &Path,
    files: impl Iterator<Item = &'a str>,
) -> Result<()> {
    let url = format!("s3://{}/", site.bucket);
    let staged = std::path::absolute(publication.context.target())?.join("page");
    earlier::delete(&staged)?;
    for (index, ((turn, content_type), names)) in by_headers(files).into_iter().enumerate() {
        let folder = staged.join(index.to_string());
        stage(page, &names, &folder)?;
        let folder = folder.to_str().context("the target directory is not UTF-8")?;
        let command = publication.account.command(&copy(folder, &url, turn.cache_control(), content_type))?;
        let reason = match publication.supervisor.run_within(NAME, command, publication.limit)? {
            Some(exited) if exited.status.success() => continue,
            Some(exited) => exited.output.trim().lines().last().map_or_else(|| exited.describe(), str::to_owned),
            None => format!("`{NAME}` timed out after {} and was stopped", duration(publication.limit)),
        };
        return Err(failure(publication, site, turn, &reason).into());
    }
    Ok(())
}

/// The files with the same turn and type.
fn by_headers<'a>(files: impl Iterator<Item = &'a str>) -> BTreeMap<(Turn, &'static str), Vec<&'a str>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for name in files {
        groups.entry((Turn::of(name), content_type(name))).or_default().push(name);
    }
    groups
}

/// Copies files of the page to a folder.
fn stage(page: &Path, names: &[&str], folder: &Path) -> Result<()> {
    for name in names {
        let (from, to) = (page.join(name), folder.join(name));
        let bytes = regular_file::read(&from).with_context(|| format!("`{}`", from.display()))?;
        let parent = to.parent().context("the file is in a folder")?;
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&to, bytes))
            .with_context(|| format!("could not write `{}`", to.display()))?;
    }
    Ok(())
}

/// The reason why the upload failed, and what users get now.
fn failure(publication: &Publication<'_>, site: &Site, turn: Turn, reason: &str) -> Failure {
    let state = match turn {
        _ if reason.contains("NoSuchBucket") => "the backend is deployed, and there is no page",
        Turn::Asset | Turn::Other => "the backend is deployed, and the previous page is still live",
        Turn::Entry => "the backend is deployed, and users may get the previous page or this one",
    };
    let account = &publication.account;
    let next = match reason {
        _ if reason.contains("NoSuchBucket") => {
            "the bucket was deleted outside of CloudFormation: publish with `hosting = \"amplify\"`, which removes it from the stack, then with \"cloudfront\", which creates it again".to_owned()
        }
        _ if reason.contains("AccessDenied") => format!(
            "does the bucket belong to the account {}, and may `{}` write to it? `cargo xtask infra deploy` grants that; then publish again",
            account.number, account.arn
        ),
        _ => "publish again".to_owned(),
    };
    Failure::new(format!("could not upload the page to the bucket `{}`: {reason}", site.bucket))
        .hint(format!("{state}; {next}"))
}

#[cfg(test)]
mod tests {
    use super::{Turn, by_headers};

    #[test]
    fn what_makes_a_release_visible_is_uploaded_last() {
        let files = [
            "about.html",
            "assets/a.js",
            "assets/b.css",
            "assets/c/d.js",
            "index.html",
            "release.json",
            "x/index.html",
        ];
        let groups = by_headers(files.into_iter());
        let groups: Vec<_> = groups.iter().map(|((turn, _), names)| (*turn, names.as_slice())).collect();
        let expected: [(Turn, &[&str]); 5] = [
            (Turn::Asset, &["assets/b.css"]),
            (Turn::Asset, &["assets/a.js", "assets/c/d.js"]),
            (Turn::Other, &["about.html", "x/index.html"]),
            (Turn::Entry, &["release.json"]),
            (Turn::Entry, &["index.html"]),
        ];
        assert_eq!(groups, expected);
    }
}
