//! Which objects of earlier releases are deleted from the bucket of the page.
//!
//! Every release uploads all of its files, so an object's time is that of the last release with this file. The first later
//! release superseded it. The bucket itself records when releases began: an empty object for each.

use std::collections::{BTreeMap, BTreeSet};

use super::upload::ASSETS;
use crate::clock;
use crate::publish::bucket::Objects;

/// How long assets of an earlier release are kept for pages that are still open, in days.
const DAYS: u64 = 7;

/// The prefix of the keys of the records; the rest is a time.
const RECORDS: &str = ".releases/";

/// The key of the record of a release that began at this time.
pub(super) fn record(began: &str) -> String {
    format!("{RECORDS}{began}")
}

pub(super) fn is_record(key: &str) -> bool {
    key.starts_with(RECORDS)
}

/// The time when the release of these files began, which is when the first of them was uploaded.
pub(super) fn began<'a>(objects: &'a Objects, files: &BTreeMap<String, u64>) -> &'a str {
    let times = files.keys().filter_map(|name| objects.get(name)).map(|object| object.modified.as_str());
    times.min().unwrap_or_default()
}

/// The time before which assets must have been superseded to be deleted.
pub(super) fn limit(now: u64) -> String {
    clock::timestamp(now.saturating_sub(DAYS * 24 * 60 * 60)).trim_end_matches('Z').to_owned()
}

/// The keys to delete after the release of these files: assets superseded before `limit`, and everything else that the
/// release does not have. Files that another release is uploading at the same time are not superseded.
pub(super) fn keys(objects: &Objects, files: &BTreeMap<String, u64>, limit: &str) -> Vec<String> {
    let recorded = objects.keys().filter_map(|key| key.strip_prefix(RECORDS));
    let releases: BTreeSet<&str> = recorded.chain([began(objects, files)]).collect();
    let is_deleted = |key: &str, modified: &str| match key.strip_prefix(RECORDS) {
        Some(began) => began <= limit,
        None => {
            let superseded = releases.iter().find(|&&began| began > modified);
            superseded.is_some_and(|&superseded| !key.starts_with(ASSETS) || superseded <= limit)
        }
    };
    let others = objects.iter().filter(|(key, _)| !files.contains_key(*key));
    others.filter(|(key, object)| is_deleted(key, &object.modified)).map(|(key, _)| key.clone()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{began, keys, limit, record};
    use crate::publish::bucket::{Object, Objects};

    /// A bucket to which releases are uploaded, an hour apart by default.
    #[derive(Default)]
    struct Bucket {
        objects: Objects,
        hour: u64,
    }

    impl Bucket {
        fn time(&self, second: u64) -> String {
            crate::clock::timestamp(1_795_342_500 + self.hour * 3600 + second).trim_end_matches('Z').to_owned()
        }

        fn upload(&mut self, names: &[&str]) {
            for (second, name) in (0..).zip(names) {
                let modified = self.time(second);
                self.objects.insert((*name).to_owned(), Object { size: 1, modified });
            }
        }

        /// Uploads, records and deletes; returns what was deleted, without records.
        fn release(&mut self, names: &[&str]) -> Vec<String> {
            self.hour += 1;
            self.upload(names);
            let files: BTreeMap<String, u64> = names.iter().map(|name| ((*name).to_owned(), 1)).collect();
            let mut deleted = keys(&self.objects, &files, &limit(1_795_342_500 + self.hour * 3600 + 60));
            let record = record(began(&self.objects, &files));
            deleted.iter().for_each(|key| drop(self.objects.remove(key)));
            let modified = self.time(59);
            self.objects.insert(record, Object { size: 0, modified });
            deleted.retain(|key| !key.starts_with('.'));
            deleted
        }
    }

    const NOTHING: [&str; 0] = [];

    #[test]
    fn assets_stay_a_week_after_the_release_that_superseded_them() {
        let mut bucket = Bucket::default();
        assert_eq!(bucket.release(&["assets/a", "assets/both", "index.html"]), NOTHING);
        // The assets of a release are kept for the same time, regardless of how long it was live.
        bucket.hour += 1000;
        assert_eq!(bucket.release(&["assets/b", "assets/both", "index.html"]), NOTHING);
        assert_eq!(bucket.release(&["assets/c", "index.html"]), NOTHING);
        bucket.hour += 7 * 24 - 3;
        assert_eq!(bucket.release(&["assets/d", "index.html"]), NOTHING);
        assert_eq!(bucket.release(&["assets/d", "index.html"]), ["assets/a"]);
        assert_eq!(bucket.release(&["assets/d", "index.html"]), ["assets/b", "assets/both"]);
    }

    #[test]
    fn an_asset_of_the_release_stays_however_old() {
        let mut bucket = Bucket::default();
        for _ in 0..3 {
            bucket.hour += 1000;
            assert_eq!(bucket.release(&["assets/a", "index.html"]), NOTHING);
        }
    }

    #[test]
    fn other_files_are_deleted_with_the_release_that_lacks_them() {
        let mut bucket = Bucket::default();
        bucket.release(&["index.html", "old.html", "assets/a"]);
        assert_eq!(bucket.release(&["index.html"]), ["old.html"]);
    }

    #[test]
    fn what_a_concurrent_release_uploads_stays() {
        let mut bucket = Bucket { hour: 2, ..Bucket::default() };
        bucket.upload(&["assets/later", "later.html"]);
        bucket.hour = 0;
        assert_eq!(bucket.release(&["index.html"]), NOTHING);
    }

    #[test]
    fn a_release_that_failed_supersedes_nothing() {
        let mut bucket = Bucket::default();
        bucket.release(&["assets/a", "index.html"]);
        bucket.upload(&["assets/failed"]);
        bucket.hour += 1000;
        assert_eq!(bucket.release(&["assets/b", "index.html"]), NOTHING);
    }

    #[test]
    fn records_are_deleted_with_the_assets_that_they_supersede() {
        let mut bucket = Bucket::default();
        for _ in 0..20 {
            bucket.hour += 24;
            bucket.release(&["index.html"]);
        }
        assert!(bucket.objects.len() < 10, "{:?}", bucket.objects.keys());
    }
}
