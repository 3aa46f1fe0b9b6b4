//! `xtask/folders.toml` assigns every path to the tool or the team.

use std::collections::BTreeSet;

use crate::support::folders::Folders;
use crate::support::{git, root, sample};

/// The tracked paths that the lists name: those at the root, and those in `db`.
fn tracked() -> BTreeSet<String> {
    let files = git(&root(), &["ls-files"]);
    let path = |file: &str| {
        let depth = if file.starts_with("db/") { 2 } else { 1 };
        file.split('/').take(depth).collect::<Vec<_>>().join("/")
    };
    files.lines().map(path).collect()
}

#[test]
fn each_path_belongs_to_one() {
    let Folders { team, tool } = Folders::read();
    for list in [&team, &tool] {
        assert!(list.paths.is_sorted_by(|one, other| one < other), "{:?}", list.paths);
    }
    for path in &tool.paths {
        assert!(!team.paths.contains(path), "`{path}` is in both lists");
        assert!(root().join(path).exists(), "`{path}` does not exist");
    }
    let both = team.paths.iter().chain(&tool.paths);
    let nested = |path: &&String| both.clone().any(|other| path.starts_with(&format!("{other}/")));
    assert_eq!(both.clone().filter(nested).collect::<Vec<_>>(), [""; 0], "a folder belongs entirely to one");
}

#[test]
fn the_sample_has_only_what_a_team_may_change() {
    let team = Folders::read().team.paths;
    for file in git(&sample(), &["ls-files"]).lines() {
        let is_the_teams = |path: &String| file == path || file.starts_with(&format!("{path}/"));
        assert!(team.iter().any(is_the_teams) || file.starts_with("buildspec/"), "{file}");
    }
}

/// Does not apply in the repository of a team, which may have other paths.
#[test]
#[ignore = "`.ci/run`"]
fn every_path_is_listed() {
    let Folders { team, tool } = Folders::read();
    let listed: BTreeSet<String> = team.paths.into_iter().chain(tool.paths).collect();
    let missing: Vec<_> = tracked().difference(&listed).cloned().collect();
    assert_eq!(missing, [""; 0], "add these to a list in xtask/folders.toml");
}
