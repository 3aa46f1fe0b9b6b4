//! A bucket that holds the page.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::Value;

use crate::aws::Account;

/// An object of a bucket.
pub(super) struct Object {
    /// In bytes.
    pub(super) size: u64,
    /// When it was last written, in UTC: `2026-11-22T10:15:00`.
    pub(super) modified: String,
}

/// The objects of a bucket by key.
pub(super) type Objects = BTreeMap<String, Object>;

pub(super) fn list(bucket: &str) -> [&str; 4] {
    ["s3api", "list-objects-v2", "--bucket", bucket]
}

/// The objects of a bucket.
pub(super) fn objects(account: &Account<'_>, bucket: &str) -> Result<Objects> {
    let answer = account.run(&list(bucket))?;
    let objects = answer["Contents"].as_array().into_iter().flatten();
    Ok(objects.filter_map(|object| Some((object["Key"].as_str()?.to_owned(), parse(object)?))).collect())
}

fn parse(object: &Value) -> Option<Object> {
    let modified = object["LastModified"].as_str().unwrap_or_default();
    // The aws CLI writes `+00:00` or `.000Z` after the seconds, depending on its settings.
    let seconds = modified.get(.."2026-11-22T10:15:00".len()).unwrap_or(modified);
    Some(Object { size: object["Size"].as_u64()?, modified: seconds.to_owned() })
}

/// How a bucket differs from the sizes of these files, by key: `a.js is missing`. Further objects are no difference.
pub(super) fn differences(objects: &Objects, files: &BTreeMap<String, u64>) -> Vec<String> {
    let difference = |(name, size): (&String, &u64)| match objects.get(name) {
        None => Some(format!("{name} is missing")),
        Some(object) if object.size != *size => Some(format!("{name} has {} bytes instead of {size}", object.size)),
        Some(_) => None,
    };
    files.iter().filter_map(difference).collect()
}
