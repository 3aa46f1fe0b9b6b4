//! `cargo xtask promote` in a build of the pipeline, with a stand-in for the aws CLI that knows the artifacts of an execution
//! and records what is copied; and the builds of the environment that the artifact is promoted to.
//!
//! This does not show that S3 copies the object, or that CodePipeline starts the next pipeline with it and reports its
//! metadata as the summary of its version. `infra/test/promotion.test.ts` tests what the templates say about that.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::support::release::{checkout, migrate};
use crate::support::{Database, expect_text, root, xtask};

const COMMIT: &str = "4f0c12e9ab4f0c12e9ab4f0c12e9ab4f0c12e9ab";
const VERSION: &str = "L4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY_MTRCxf3v";

const AWS: &str = r#"#!/bin/sh
folder=$(dirname "$0")
case "$1 $2" in
  "sts get-caller-identity") echo '{"Account": "123456789012", "Arn": "arn:aws:sts::123456789012:assumed-role/promote/b"}' ;;
  *)
    echo "aws $*" >> "$folder/calls"
    case "$1 $2" in
      "codepipeline list-action-executions") cat "$folder/actions.json" ;;
      "s3api copy-object")
        [ ! -f "$folder/refused" ] || {
          echo "An error occurred (AccessDenied) when calling the CopyObject operation: Access Denied" >&2; exit 254; }
        cat "$folder/copied.json" ;;
      *) exit 99 ;;
    esac ;;
esac
"#;

/// The source of a build: the artifact of a verification.
struct Build {
    directory: PathBuf,
    programs: PathBuf,
}

impl Build {
    fn new(name: &str) -> Self {
        let directory = checkout(name, 0);
        let settings = "[infra.environments.dev]\n[infra.environments.staging]\npromoted_from = \"dev\"\n";
        fs::write(directory.join("xtask.toml"), settings).expect("can write the settings");
        let programs = directory.join("bin");
        fs::create_dir(&programs).expect("can create the folder");
        fs::write(programs.join("aws"), AWS).expect("can write the program");
        fs::set_permissions(programs.join("aws"), fs::Permissions::from_mode(0o755)).expect("can set the mode");
        fs::create_dir(directory.join("buildspec")).expect("can create the folder");
        let build = Self { directory, programs };
        build.record(&format!("{COMMIT}\n"));
        build.executed(&["Source", "Verified"]);
        build.copied(&json!({"VersionId": VERSION}));
        build
    }

    fn record(&self, commit: &str) {
        fs::write(self.directory.join("buildspec/commit"), commit).expect("can write the commit");
    }

    /// Sets the artifacts of the execution.
    fn executed(&self, artifacts: &[&str]) {
        let artifact = |name: &&str| {
            let location = json!({"bucket": "artifacts-1", "key": format!("site-dev/{name}/x1.zip")});
            json!({"output": {"outputArtifacts": [{"name": name, "s3location": location}]}})
        };
        let mut actions: Vec<_> = artifacts.iter().map(artifact).collect();
        actions.insert(0, json!({"actionName": "Publish", "output": {}}));
        let text = json!({"actionExecutionDetails": actions}).to_string();
        fs::write(self.programs.join("actions.json"), text).expect("can write the actions");
    }

    fn copied(&self, answer: &serde_json::Value) {
        fs::write(self.programs.join("copied.json"), answer.to_string()).expect("can write the answer");
    }

    /// The output of `promote`, as in the transcripts, with the requests. Variables without a value are unset.
    fn promote(&self, environment: &str, variables: &[(&str, &str)]) -> String {
        let mut command = xtask(&self.directory);
        let path = std::env::var("PATH").expect("PATH is set");
        command
            .env("PATH", format!("{}:{path}", self.programs.display()))
            .env("CARGO_MANIFEST_DIR", self.directory.join("xtask"))
            .env_remove("CARGO_TARGET_DIR")
            .envs([("AWS_REGION", "eu-west-1"), ("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "secret")])
            .envs([("AMPLIFY_ENV", environment), ("RELEASE_ROLLBACK", "none"), ("RELEASE_EXECUTION", "e-1")])
            .envs([("PROMOTION_ENVIRONMENT", "prod"), ("PROMOTION_ACCOUNT", "210987654321")])
            .envs([("PROMOTION_REGION", "us-east-1"), ("PROMOTION_BUCKET", "site-prod-src-210987654321-us-east-1")])
            .env("PROMOTION_KEY", "promoted/verified.zip");
        let output = command.envs(variables.iter().copied()).arg("promote").output().expect("xtask runs");
        let mut text = format!("$ promote ({environment})\n{}", String::from_utf8_lossy(&output.stdout));
        for line in String::from_utf8_lossy(&output.stderr).lines() {
            text += &format!("! {line}\n");
        }
        if let Some(code) = output.status.code().filter(|&code| code != 0) {
            text += &format!("? {code}\n");
        }
        let calls = self.programs.join("calls");
        text += &fs::read_to_string(&calls).unwrap_or_default();
        let _ = fs::remove_file(calls);
        text + "\n"
    }
}

#[test]
fn an_artifact_is_promoted_as_it_is() {
    let build = Build::new("promotion");
    let released = ("RELEASE_COMMIT", COMMIT);
    let mut text = String::new();
    let mut play = |title: &str, environment: &str, variables: &[(&str, &str)]| {
        text += &format!("# {title}\n{}", build.promote(environment, variables));
    };
    play("a release", "dev", &[released]);
    let resolved = ("CODEBUILD_RESOLVED_SOURCE_VERSION", VERSION);
    play("a release of a promoted artifact", "staging", &[resolved]);
    fs::write(build.programs.join("refused"), "").expect("can write the file");
    play("the other account refuses it", "dev", &[released]);
    fs::remove_file(build.programs.join("refused")).expect("can delete the file");
    play("a rollback", "dev", &[released, ("RELEASE_ROLLBACK", "page")]);
    play("not in the pipeline", "dev", &[released, ("RELEASE_EXECUTION", "")]);
    let older = [released, ("PROMOTION_BUCKET", ""), ("CODEBUILD_BUILD_ID", "b:1")];
    play("the pipeline is older than the buildspec", "dev", &older);
    play("the file has another commit", "dev", &[("RELEASE_COMMIT", "5ca1ab1e")]);
    build.executed(&["Source"]);
    play("the execution has no such artifact", "dev", &[released]);
    build.executed(&["Verified"]);
    build.copied(&json!({"CopyObjectResult": {}}));
    play("the bucket keeps no versions", "dev", &[released]);
    fs::remove_file(build.directory.join("buildspec/commit")).expect("can delete the file");
    play("verify.yml has not recorded the commit", "dev", &[released]);
    expect_text(&root().join("xtask/tests/promotion.txt"), &text);
}

/// The commit in the log of a database after a build of `directory` has migrated it.
fn logged(database: &Database, directory: &Path, variables: &[(&str, &str)]) -> Vec<String> {
    let built = migrate(database, directory, &[&[("CODEBUILD_BUILD_ID", "b:1")], variables].concat());
    assert_eq!(built.code, 0, "{}", built.text);
    database.rows("SELECT DISTINCT commit_id FROM migration_log")
}

/// The pipeline does not tell a build of a promoted environment the commit, and CodeBuild the version of an object.
#[test]
fn the_builds_of_a_promoted_environment_know_the_commit() {
    let build = Build::new("promotion-commit");
    let resolved = ("CODEBUILD_RESOLVED_SOURCE_VERSION", VERSION);
    let database = Database::create();
    assert_eq!(logged(&database, &build.directory, &[resolved]), [COMMIT]);
    database.drop();
    // In the environment that promotes, the pipeline does.
    let database = Database::create();
    assert_eq!(logged(&database, &build.directory, &[resolved, ("RELEASE_COMMIT", "5ca1ab1e")]), ["5ca1ab1e"]);
    database.drop();
    // A checkout may have the record of an earlier verification.
    fs::create_dir(build.directory.join(".git")).expect("can create the folder");
    let database = Database::create();
    assert_eq!(logged(&database, &build.directory, &[resolved]), [VERSION]);
    database.drop();
}
