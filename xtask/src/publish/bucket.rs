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

/// The differences between a bucket and the sizes of these files, by key: `a.js is missing`. Further objects are
/// ignored.
pub(super) fn differences(objects: &Objects, files: &BTreeMap<String, u64>) -> Vec<String> {
    let difference = |(name, size): (&String, &u64)| match objects.get(name) {
        None => Some(format!("{name} is missing")),
        Some(object) if object.size != *size => Some(format!("{name} has {} bytes instead of {size}", object.size)),
        Some(_) => None,
    };
    files.iter().filter_map(difference).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::{Objects, differences, parse};

    #[test]
    fn times_have_seconds_in_every_format_of_the_aws_cli() {
        for modified in ["2026-11-22T10:15:00+00:00", "2026-11-22T10:15:00.000Z", "2026-11-22T10:15:00.123456+00:00"] {
            let object = parse(&json!({"Key": "a", "Size": 1, "LastModified": modified})).expect("it is an object");
            assert_eq!(object.modified, "2026-11-22T10:15:00");
        }
    }

    #[test]
    fn missing_and_changed_files_are_differences() {
        let object = |size: u64| parse(&json!({"Size": size})).expect("it is an object");
        let objects =
            Objects::from([("a", 1), ("b", 2), ("more", 1)].map(|(key, size)| (key.to_owned(), object(size))));
        let files = BTreeMap::from([("a", 1), ("b", 1), ("c", 1)].map(|(name, size)| (name.to_owned(), size)));
        assert_eq!(differences(&objects, &files), ["b has 2 bytes instead of 1", "c is missing"]);
    }
}
