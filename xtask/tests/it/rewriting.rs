//! `db squash` and `db rebase`: what they replace must be in git, and what names a revision of the range. The rest is in
//! `transcripts/squash*.txt` and `transcripts/rebase.txt`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{scratch, server_url, write_revision, xtask};

/// A directory of revisions in a repository.
struct Repository(PathBuf);

impl Repository {
    fn new(name: &str) -> Self {
        let repository = Self(scratch(name));
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.write("a1", "-- Revises:");
        repository.write("b1", "-- Revises: a1");
        repository.commit();
        repository
    }

    fn git(&self, arguments: &[&str]) -> String {
        crate::support::git(&self.0, arguments)
    }

    fn commit(&self) {
        self.git(&["add", "."]);
        self.git(&["commit", "--quiet", "--message", "a commit"]);
    }

    fn versions(&self) -> PathBuf {
        self.0.join("versions")
    }

    fn write(&self, id: &str, fields: &str) {
        write_revision(&self.versions(), id, fields, &format!("CREATE TABLE {id} ();"), &format!("DROP TABLE {id};"));
    }

    /// The names of the files.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.versions()).expect("a directory").map(|entry| entry.expect("an entry"));
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Whether a command succeeds, and its output.
    fn db(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = xtask(&self.0);
        command.args(["db", "--dir", "versions"]).args(arguments).args(["--postgres", &server_url()]);
        let output = command.output().expect("xtask runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.success(), text)
    }
}

#[test]
fn a_squash_replaces_only_what_is_committed() {
    let repository = Repository::new("squash-committed");
    repository.write("c1", "-- Revises: b1");
    let path = repository.versions().join("b1.sql");
    let text = fs::read_to_string(&path).expect("a file");
    fs::write(&path, text.replace("-- revision b1", "-- another message")).expect("it is written");
    let before = repository.files();
    let (succeeds, text) = repository.db(&["squash", "a1:c1", "-m", "all"]);
    assert!(!succeeds && text.contains("are not committed:\n  versions/b1.sql\n  versions/c1.sql"), "{text}");
    assert_eq!(repository.files(), before);

    repository.commit();
    let (succeeds, text) = repository.db(&["squash", "a1:c1", "-m", "all"]);
    assert!(succeeds, "{text}");
    let files = repository.files();
    assert!(files.len() == 1 && files[0].ends_with("_c1_all.sql"), "{files:?}");
    let status = repository.git(&["status", "--porcelain"]);
    assert_eq!(status.lines().filter(|line| line.trim_start().starts_with('D')).count(), 3, "{status}");
}

#[test]
fn a_rebase_moves_the_head_that_is_not_in_main() {
    let repository = Repository::new("rebase-by-git");
    repository.write("x1", "-- Revises: a1");
    let path = repository.versions().join("x1.sql");
    let before = fs::read_to_string(&path).expect("a file");
    let (succeeds, text) = repository.db(&["rebase"]);
    assert!(succeeds && text.contains("moved after `b1`"), "{text}");
    let after = fs::read_to_string(&path).expect("a file");
    assert_eq!(after, before.replace("-- Revises: a1", "-- Revises: b1"));
}

#[test]
fn a_fixture_must_not_name_a_revision_that_goes() {
    let repository = Repository::new("squash-fixture");
    repository.write("c1", "-- Revises: b1");
    let fixture = |name: &str, fields: &str| {
        let path = repository.0.join("fixtures").join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a directory");
        let text = format!("-- a fixture\n--\n{fields}\n\n-- fixture:load\nSELECT 1;\n");
        fs::write(path, text).expect("it is written");
    };
    for (fields, named) in [("-- Revision: b1", "`Revision: b1`"), ("-- Revision: a1\n-- Until: b1", "`Until: b1`")] {
        fixture("f.sql", fields);
        repository.commit();
        let (succeeds, text) = repository.db(&["squash", "b1:c1", "-m", "both"]);
        assert!(
            !succeeds && text.contains(&format!("fixtures/f.sql: {named} names a revision that the squash replaces")),
            "{text}"
        );
    }
    fixture("f.sql", "-- Revision: a1\n-- Until: c1");
    repository.commit();
    let (succeeds, text) = repository.db(&["squash", "b1:c1", "-m", "both"]);
    assert!(succeeds, "{text}");
}
