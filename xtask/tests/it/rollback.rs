//! `cargo xtask rollback` on a repository with three releases, with a stand-in for the aws CLI that lists the executions of a
//! pipeline and records what is started. What it starts then runs on a real PostgreSQL: the commands of `database.yml`, in
//! the checkout of that commit, with that variable.
//!
//! This does not show that AWS starts the execution: that it takes the commit, or the version of a promoted artifact, as the
//! revision of the source, and passes the variable on to the builds. `infra/test/stack.test.ts` tests that the template
//! declares the variable.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::release::{Built, applied, columns, migrate, write_release};
use crate::support::{Database, expect_text, git, root, scratch, write_revision, xtask};

const AWS: &str = r#"#!/bin/sh
folder=$(dirname "$0")
case "$1 $2" in
  "sts get-caller-identity") echo '{"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/ann"}' ;;
  "codepipeline list-pipeline-executions") cat "$folder/executions.json" ;;
  "codepipeline get-pipeline") cat "$folder/pipeline.json" ;;
  "codepipeline list-action-executions") echo '{"actionExecutionDetails": []}' ;;
  *)
    echo "aws $*" >> "$folder/calls"
    case "$1 $2" in
      "codepipeline start-pipeline-execution") echo '{"pipelineExecutionId": "e-1"}' ;;
      "rds create-db-cluster-snapshot") [ ! -f "$folder/no-snapshot" ] && echo '{}' || { echo "(AccessDenied) no" >&2; exit 254; } ;;
      "rds wait") ;;
      "s3api head-object")
        [ ! -f "$folder/expired" ] && echo '{}' ||
          { echo "An error occurred (404) when calling the HeadObject operation: Not Found" >&2; exit 254; } ;;
      *) exit 99 ;;
    esac ;;
esac
"#;

/// A repository with three releases, and a pipeline that has released them.
struct Site {
    directory: PathBuf,
    programs: PathBuf,
    /// By release.
    commits: Vec<String>,
    /// Before the tool knew rollbacks.
    old: String,
}

impl Site {
    fn new(name: &str) -> Self {
        let folder = scratch(name);
        let (directory, programs) = (folder.join("checkout"), folder.join("bin"));
        fs::create_dir_all(directory.join("xtask/src")).expect("can create the folder");
        fs::create_dir(&programs).expect("can create the folder");
        fs::write(programs.join("aws"), AWS).expect("can write the program");
        fs::set_permissions(programs.join("aws"), fs::Permissions::from_mode(0o755)).expect("can set the mode");
        git(&directory, &["init", "--quiet", "--initial-branch", "main"]);
        let settings = "[infra.environments.dev]\nexpand_contract = true\n";
        fs::write(directory.join("xtask.toml"), settings).expect("can write the settings");
        let mut site = Self { directory, programs, commits: Vec::new(), old: String::new() };
        site.commit("before rollbacks");
        // The mark of a tool that knows rollbacks.
        fs::write(site.directory.join("xtask/src/release_kind.rs"), "").expect("can write the file");
        for release in 0..3 {
            write_release(&site.directory.join("db/versions"), release);
            site.commit(&format!("release {release}"));
        }
        site.old = site.commits.remove(0);
        let variables = json!({"pipeline": {"variables": [{"name": "RELEASE_ROLLBACK"}]}});
        fs::write(site.programs.join("pipeline.json"), variables.to_string()).expect("can write the pipeline");
        site
    }

    fn commit(&mut self, message: &str) {
        git(&self.directory, &["add", "--all"]);
        git(&self.directory, &["commit", "--quiet", "--allow-empty", "--message", message]);
        self.commits.push(git(&self.directory, &["rev-parse", "HEAD"]));
    }

    /// Sets the executions of the pipeline, newest first: commits and statuses.
    fn released(&self, executions: &[(&str, &str)]) {
        self.executed(executions.iter().map(|(commit, status)| (json!({"revisionId": commit}), *status)));
    }

    /// The same for promoted artifacts: their versions, commits and statuses.
    fn promoted(&self, executions: &[(&str, &str, &str)]) {
        let source = |version: &str, commit: &str| json!({"revisionId": version, "revisionSummary": commit});
        self.executed(executions.iter().map(|(version, commit, status)| (source(version, commit), *status)));
    }

    fn executed<'s>(&self, executions: impl Iterator<Item = (Value, &'s str)>) {
        let summary = |(index, (mut source, status)): (usize, (Value, &str))| {
            source["actionName"] = json!("Source");
            json!({
                "pipelineExecutionId": format!("x-{index}"),
                "status": status,
                "startTime": "2026-11-28T03:12:00+00:00",
                "lastUpdateTime": "2026-11-28T03:15:20+00:00",
                "sourceRevisions": [source],
            })
        };
        let all: Vec<_> = executions.enumerate().map(summary).collect();
        let text = json!({"pipelineExecutionSummaries": all}).to_string();
        fs::write(self.programs.join("executions.json"), text).expect("can write the executions");
    }

    /// The output of a command, as in the transcripts, with the commits by name.
    fn run(&self, arguments: &str) -> String {
        self.task(&format!("rollback {arguments}"))
    }

    fn task(&self, arguments: &str) -> String {
        let mut command = xtask(&self.directory);
        let path = std::env::var("PATH").expect("PATH is set");
        command
            .env("PATH", format!("{}:{path}", self.programs.display()))
            .env("CARGO_MANIFEST_DIR", self.directory.join("xtask"))
            .env_remove("CARGO_TARGET_DIR")
            .envs([("AWS_REGION", "eu-west-1"), ("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "secret")]);
        let output = command.args(arguments.split_whitespace()).output().expect("xtask runs");
        let mut text = format!("$ {arguments}").trim_end().to_owned() + "\n" + &String::from_utf8_lossy(&output.stdout);
        for line in String::from_utf8_lossy(&output.stderr).lines() {
            text += &(format!("! {line}").trim_end().to_owned() + "\n");
        }
        if let Some(code) = output.status.code().filter(|&code| code != 0) {
            text += &format!("? {code}\n");
        }
        let calls = self.programs.join("calls");
        text += &fs::read_to_string(&calls).unwrap_or_default();
        let _ = fs::remove_file(calls);
        let mut text = without_times(&text) + "\n";
        let names = (0..self.commits.len()).map(|release| format!("COMMIT{release}")).chain(["OLD".to_owned()]);
        for (commit, name) in self.commits.iter().chain([&self.old]).zip(names) {
            // As long as the commit, so that tables keep their columns.
            let short = format!("{name:12}");
            text = text.replace(commit, &name).replace(&commit[..12], &short).replace(&commit[..10], &name);
        }
        text
    }
}

/// Without the time in the name of a snapshot.
fn without_times(text: &str) -> String {
    let mut parts = text.split("-rollback-20");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + "-rollback-TIME" + part.trim_start_matches(|c: char| c.is_ascii_alphanumeric())
    })
}

fn texts(commits: &[String]) -> Vec<&str> {
    commits.iter().map(String::as_str).collect()
}

#[test]
fn a_rollback_says_what_it_does_and_starts_it() {
    let mut site = Site::new("rollback-plan");
    let commits = site.commits.clone();
    let [zero, one, two] = texts(&commits)[..] else { panic!("there are three releases") };
    let succeeded = "Succeeded";
    let mut text = String::new();
    let mut play = |site: &Site, title: &str, executions: &[(&str, &str)], arguments: &[&str]| {
        site.released(executions);
        text += &format!("# {title}\n");
        arguments.iter().for_each(|arguments| text += &site.run(arguments));
    };
    let all = [(two, succeeded), (one, succeeded), (zero, succeeded)];
    play(&site, "the last release was good", &all, &["", "--yes", "--with-database --yes", "--to main~2 --yes"]);
    play(&site, "the last release has failed", &[(two, "Failed"), (one, succeeded)], &["--yes"]);
    play(
        &site,
        "the page went back before",
        &[(one, succeeded), (two, succeeded), (one, succeeded)],
        &["--with-database --yes --to main~1"],
    );
    play(&site, "a release waits for approval", &[(two, "InProgress"), (one, succeeded)], &["--yes"]);
    play(
        &site,
        "there is nothing to go back to",
        &[(one, succeeded)],
        &["--yes", "--to main --yes", "--to 5ca1ab1e --yes"],
    );
    play(&site, "the tool of the commit knows no rollbacks", &all, &["--to main~3 --yes"]);
    fs::write(site.programs.join("no-snapshot"), "").expect("can write the file");
    play(&site, "no snapshot can be taken", &all, &["--with-database --yes"]);
    fs::write(site.programs.join("pipeline.json"), r#"{"pipeline": {}}"#).expect("can write the pipeline");
    play(&site, "the pipeline was deployed before", &all, &["--yes"]);
    let versions = site.directory.join("db/versions");
    write_revision(&versions, "x3", "-- Revises: e2", "DELETE FROM t WHERE name2 IS NULL;", "");
    let file = versions.join("x3.sql");
    let irreversible =
        fs::read_to_string(&file).expect("can read the revision").replace("\n\n-- migrate:downgrade\n\n", "\n");
    fs::write(file, irreversible).expect("can write the revision");
    write_revision(&versions, "y3", "-- Revises: c2", "CREATE INDEX t_name2 ON t (name2);", "DROP INDEX t_name2;");
    site.commit("release 3");
    let three = site.commits[3].clone();
    play(&site, "a revision is irreversible", &[(&three, succeeded), (two, succeeded)], &["--with-database --yes"]);
    expect_text(&root().join("xtask/tests/rollback/plan.txt"), &text);
}

#[test]
fn a_promoted_release_goes_back_to_an_earlier_artifact() {
    let site = Site::new("rollback-promoted");
    let settings = "[infra.environments.dev]\nexpand_contract = true\n[infra.environments.staging]\npromoted_from = \"dev\"\nexpand_contract = true\n";
    fs::write(site.directory.join("xtask.toml"), settings).expect("can write the settings");
    let source = |provider: &str| {
        let configuration = json!({"S3Bucket": "promoted-1", "S3ObjectKey": "promoted/verified.zip"});
        let action = json!({"name": "Source", "actionTypeId": {"provider": provider}, "configuration": configuration});
        let pipeline = json!({"variables": [{"name": "RELEASE_ROLLBACK"}], "stages": [{"actions": [action]}]});
        fs::write(site.programs.join("pipeline.json"), json!({"pipeline": pipeline}).to_string())
            .expect("can write it");
    };
    source("S3");
    let commits = site.commits.clone();
    let [zero, one, two] = texts(&commits)[..] else { panic!("there are three releases") };
    let mut text = String::new();
    let mut play = |site: &Site, title: &str, arguments: &[&str]| {
        text += &format!("# {title}\n");
        arguments.iter().for_each(|arguments| text += &site.task(arguments));
    };
    let back = "rollback --env staging --yes";
    site.promoted(&[("V2", two, "Succeeded"), ("V1", one, "Succeeded")]);
    play(&site, "the last release was good", &["releases --env staging", back, &format!("{back} --with-database")]);
    site.promoted(&[("V3", two, "Failed"), ("V2", one, "Succeeded"), ("V1", one, "Succeeded")]);
    play(&site, "the same commit was promoted twice", &[back]);
    play(&site, "dev has released it, this environment has not", &[&format!("{back} --to {zero}")]);
    fs::write(site.programs.join("expired"), "").expect("can write the file");
    play(&site, "the version has expired", &[back]);
    source("CodeCommit");
    play(&site, "the pipeline was deployed before", &[back]);
    site.promoted(&[("V2", "uploaded by hand", "Succeeded"), ("V1", "", "Failed")]);
    play(&site, "objects that no promotion has written", &["releases --env staging", back]);
    expect_text(&root().join("xtask/tests/rollback/promoted.txt"), &text);
}

/// A release as the pipeline runs it, with expand and contract.
fn release(site: &Site, database: &Database, commit: &str, actions: &[&str], kind: &str) {
    git(&site.directory, &["checkout", "--quiet", commit]);
    let mut heads = String::new();
    for action in actions {
        let mut variables = vec![("RELEASE_ROLLBACK", kind)];
        match *action {
            "Contract" => variables.extend([("DATABASE_TARGET", "contract@heads"), ("DATABASE_HEADS", heads.as_str())]),
            _ => variables.push(("DATABASE_TARGET", "expand@heads")),
        }
        let built = migrate(database, &site.directory, &variables);
        assert_eq!(built.code, 0, "{action}: {}", built.text);
        heads = built.heads;
    }
    git(&site.directory, &["checkout", "--quiet", "main"]);
}

/// The commit and the variable that a rollback has started its execution with.
fn started(site: &Site, arguments: &str) -> (usize, String) {
    let text = site.run(arguments);
    let call = text.lines().find(|line| line.contains("start-pipeline-execution")).unwrap_or_else(|| panic!("{text}"));
    let after = |key: &str| call.split_once(key).expect(key).1.split([' ', ',']).next().expect("a value").to_owned();
    let commit = after("revisionValue=COMMIT").parse().expect("the number of a release");
    (commit, after("name=RELEASE_ROLLBACK,value="))
}

/// The rollback of a page, of a page and the schema, and of a release that stopped after its first action.
#[test]
fn a_rollback_runs_on_a_real_database() {
    let site = Site::new("rollback-run");
    let commits = texts(&site.commits);
    let stage = ["Database", "Contract"];
    for (is_half_failed, arguments, left) in [
        (false, "--yes", &THREE_RELEASES[..]),
        (false, "--with-database --yes", &["b0", "c1", "e1"]),
        (true, "--yes", &["b0", "c1", "e1", "e2"]),
        (true, "--with-database --yes", &["b0", "c1", "e1"]),
        // The first release has no branches.
        (true, "--yes --to main~2", &["b0", "c1", "e1", "e2"]),
        (false, "--with-database --yes --to main~2", &["b0"]),
    ] {
        let database = Database::create();
        git(&site.directory, &["checkout", "--quiet", commits[0]]);
        assert_eq!(migrate(&database, &site.directory, &[]).code, 0);
        let first = columns(&database);
        release(&site, &database, commits[1], &stage, "none");
        let before = [first, columns(&database)];
        database.rows("INSERT INTO t VALUES (1, 'Ann')");
        release(&site, &database, commits[2], if is_half_failed { &stage[..1] } else { &stage }, "none");
        let status = if is_half_failed { "Failed" } else { "Succeeded" };
        site.released(&[(commits[2], status), (commits[1], "Succeeded"), (commits[0], "Succeeded")]);
        let (commit, kind) = started(&site, arguments);
        assert_eq!(commit, if arguments.contains("--to") { 0 } else { 1 });
        release(&site, &database, commits[commit], &stage, &kind);
        assert_eq!(applied(&database), left, "{is_half_failed} {arguments}");
        if kind == "database" {
            assert_eq!(columns(&database), before[commit], "the schema is that of the earlier release");
        }
        assert_eq!(database.rows("SELECT id FROM t"), ["1"], "no row is lost");
        // The next release goes on from there.
        release(&site, &database, commits[2], &stage, "none");
        assert_eq!(applied(&database), THREE_RELEASES);
        database.drop();
    }
}

/// The revisions of the first three releases.
const THREE_RELEASES: [&str; 5] = ["b0", "c1", "c2", "e1", "e2"];

/// The variables of the action `Database` in a rollback of the database.
const DATABASE_BACK: &[(&str, &str)] = &[("RELEASE_ROLLBACK", "database"), ("DATABASE_TARGET", "expand@heads")];

/// Adds a fourth release, whose revision runs without a transaction: the second statement fails if names are duplicated.
/// Returns the commits of the third and the fourth.
fn release_without_transaction(site: &mut Site) -> [String; 2] {
    let (upgrade, downgrade) = (
        "CREATE INDEX CONCURRENTLY t_name2 ON t (name2);\nCREATE UNIQUE INDEX CONCURRENTLY t_unique ON t (name2);",
        "DROP INDEX CONCURRENTLY t_unique;\nDROP INDEX CONCURRENTLY t_name2;",
    );
    let fields = "-- Revises: e2\n-- Transaction: off";
    write_revision(&site.directory.join("db/versions"), "e3", fields, upgrade, downgrade);
    site.commit("release 3");
    [site.commits[2].clone(), site.commits[3].clone()]
}

/// The action `Database`, with these variables.
fn build(site: &Site, database: &Database, commit: &str, variables: &[(&str, &str)]) -> Built {
    git(&site.directory, &["checkout", "--quiet", commit]);
    migrate(database, &site.directory, variables)
}

/// The indexes that the fourth release creates.
fn indexes(database: &Database) -> Vec<String> {
    database.rows(
        "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 't'::regclass AND NOT indisprimary ORDER BY 1::text",
    )
}

/// A release stopped in a revision without a transaction. The log does not have it yet, so only a commit with its file can
/// finish it.
#[test]
fn a_partially_applied_revision_is_not_reverted_until_it_is_finished() {
    let mut site = Site::new("rollback-partial");
    let [two, three] = release_without_transaction(&mut site);
    let database = Database::create();
    release(&site, &database, &two, &["Database", "Contract"], "none");
    database.rows("INSERT INTO t VALUES (1, 'Ann'), (2, 'Ann')");
    let failed = build(&site, &database, &three, &[("DATABASE_TARGET", "expand@heads")]);
    assert_eq!(
        (failed.code, indexes(&database)),
        (5, vec!["t_name2".to_owned(), "t_unique".to_owned()]),
        "{}",
        failed.text
    );
    site.released(&[(&three, "Failed"), (&two, "Succeeded")]);

    let before = indexes(&database);
    assert_eq!(started(&site, "--with-database --yes"), (2, "database".to_owned()));
    let refused = build(&site, &database, &two, DATABASE_BACK);
    assert_eq!(refused.code, 5, "{}", refused.text);
    let expected = "error: `e3` is partially applied, but is not in this checkout\n";
    assert!(refused.text.contains(expected), "{}", refused.text);
    assert_eq!((texts(&applied(&database)), indexes(&database)), (THREE_RELEASES.to_vec(), before));

    // The page alone can go back.
    release(&site, &database, &two, &["Database", "Contract"], "page");

    // The release that has the file finishes it; then it can be reverted.
    database.rows("DELETE FROM t WHERE id = 2");
    release(&site, &database, &three, &["Database", "Contract"], "none");
    assert!(applied(&database).contains(&"e3".to_owned()));
    release(&site, &database, &two, &["Database", "Contract"], "database");
    assert_eq!((texts(&applied(&database)), indexes(&database)), (THREE_RELEASES.to_vec(), vec![]));
}

/// The rollback itself stops in such a revision: a retry resumes it, with the SQL in the log.
#[test]
fn a_rollback_that_stops_in_a_revision_is_resumed() {
    let mut site = Site::new("rollback-resumed");
    let [two, three] = release_without_transaction(&mut site);
    let database = Database::create();
    release(&site, &database, &three, &["Database", "Contract"], "none");
    database.rows("DROP INDEX t_name2");
    let stopped = build(&site, &database, &two, DATABASE_BACK);
    assert_eq!((stopped.code, indexes(&database).len()), (5, 0), "{}", stopped.text);

    // The next release does not run on top of it.
    let refused = build(&site, &database, &three, &[("DATABASE_TARGET", "expand@heads")]);
    assert_eq!(refused.code, 5, "{}", refused.text);

    database.rows("CREATE INDEX t_name2 ON t (name2)");
    release(&site, &database, &two, &["Database", "Contract"], "database");
    assert_eq!((texts(&applied(&database)), indexes(&database)), (THREE_RELEASES.to_vec(), vec![]));
}
