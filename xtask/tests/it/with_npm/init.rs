//! `cargo xtask init`: what it leaves is an application whose checks pass, and it loses nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{copy_checkout, git, root, sample, server_url, xtask};

/// A clone with the sample, or another state of it.
fn clone(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("init").join(name);
    let _ = fs::remove_dir_all(&directory);
    copy_checkout(&sample(), &directory);
    for tool in ["xtask/folders.toml", "xtask/templates", "xtask/tests/sample", ".gitignore", "buildspec", "db/certs"] {
        let (from, to) = (root().join(tool), directory.join(tool));
        fs::create_dir_all(to.parent().expect("it has a folder")).expect("can create the folder");
        match from.is_dir() {
            true => copy_checkout(&from, &to),
            false => drop(fs::copy(from, to).expect("can copy the file")),
        }
    }
    git(&directory, &["init", "--quiet"]);
    git(&directory, &["add", "--all"]);
    git(&directory, &["commit", "--quiet", "--message", "a clone"]);
    directory
}

fn command(directory: &Path) -> Command {
    let mut command = xtask(directory);
    command.env("CARGO_MANIFEST_DIR", directory.join("xtask"));
    command
}

fn init(directory: &Path, arguments: &[&str]) -> Output {
    command(directory).arg("init").args(arguments).output().expect("xtask runs")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn status(directory: &Path) -> String {
    git(directory, &["status", "--porcelain"])
}

#[test]
fn the_checks_of_the_empty_application_pass() {
    let directory = clone("empty");
    let output = init(&directory, &["--empty", "--name", "shop-1"]);
    assert!(output.status.success(), "{}", text(&output));
    for line in status(&directory).lines() {
        let path = &line[2..].trim_start();
        let teams = ["db/versions/", "db/fixtures/", "db/seeds.sql", "db/schema.sql", "frontend/", "amplify/"];
        let is_teams = teams.iter().any(|team| path.starts_with(team)) || ["xtask.toml", "README.md"].contains(path);
        assert!(is_teams, "it changed only what is the team's: {line}");
    }
    for folder in ["frontend", "amplify/functions/api", "amplify/backend.ts", "db", "xtask.toml", "README.md"] {
        let rest =
            Command::new("grep").args(["-riE", "rooms|booking|\\{\\{[a-z]"]).arg(directory.join(folder)).output();
        let rest = String::from_utf8_lossy(&rest.expect("grep runs").stdout).into_owned();
        assert_eq!(rest, "", "nothing of the sample is left");
    }
    // The packages are those of the sample, which other tests have installed or will install.
    let mut test = command(&directory);
    test.args(["test", "lint", "db", "buildspec", "frontend", "functions", "--postgres", &server_url()]);
    let output = test.output().expect("xtask runs");
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), text(&output));
}

#[test]
fn what_it_writes_is_what_it_says() {
    let directory = clone("dry");
    let dry = init(&directory, &["--empty", "--name", "shop", "--dry-run"]);
    assert!(dry.status.success() && status(&directory).is_empty(), "{}", text(&dry));
    let output = init(&directory, &["--empty", "--name", "shop"]);
    let said = text(&dry).replace("would be ", "");
    assert!(text(&output).starts_with(said.trim_end()), "{said}\n{}", text(&output));
    let again = init(&directory, &["--empty", "--name", "shop"]);
    assert!(text(&again).contains("uncommitted changes"), "{}", text(&again));
}

#[test]
fn nothing_uncommitted_is_lost() {
    let directory = clone("dirty");
    let edited = directory.join("frontend/src/App.tsx");
    let own = directory.join("db/versions/own.sql");
    fs::write(&edited, "mine").expect("can write the file");
    fs::write(&own, "-- mine").expect("can write the file");
    let output = init(&directory, &["--empty", "--name", "shop"]);
    assert_eq!(output.status.code(), Some(1));
    for part in ["frontend/src/App.tsx", "db/versions/own.sql", "git stash"] {
        assert!(text(&output).contains(part), "{}", text(&output));
    }
    assert_eq!(fs::read_to_string(edited).expect("it is there"), "mine");
    fs::remove_dir_all(directory.join(".git")).expect("can delete the folder");
    // A repository further up has no commit of this one, but git would find it.
    git(&directory, &["init", "--quiet"]);
    let output = init(&directory, &["--empty", "--name", "shop"]);
    assert!(text(&output).contains("is not in a git repository with a commit"), "{}", text(&output));
    assert!(own.exists());
}

#[test]
fn a_name_is_required_and_checked() {
    let directory = clone("name");
    for (arguments, message) in [
        (&["--empty"][..], "the project has no name"),
        (&["--empty", "--name", "Shop"], "lower-case letters"),
        (&["--empty", "--name", "a-name-that-is-too-long"], "up to 20"),
        (&[], "--empty"),
    ] {
        let output = init(&directory, arguments);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output));
        assert!(text(&output).contains(message), "{}", text(&output));
    }
    assert_eq!(status(&directory), "");
}
