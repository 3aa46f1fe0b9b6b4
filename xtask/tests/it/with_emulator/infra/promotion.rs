//! An artifact on its way from one account and region to another: the stacks of both, from the templates that `infra synth`
//! writes, and `cargo xtask promote` as the role of the build.
//!
//! The emulator enforces the policy of the bucket and the owners that the request names, but no policies of roles. It has no
//! executions, whose artifacts a stand-in lists, and starts no pipeline when an object is written.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::Checkout;
use crate::support::emulator::Emulator;
use crate::support::{scratch, xtask};

const HOME: (&str, &str) = ("123456789012", "eu-west-1");
const ABROAD: (&str, &str) = ("210987654321", "ap-southeast-1");
const COMMIT: &str = "4f0c12e9ab4f0c12e9ab4f0c12e9ab4f0c12e9ab";
const BUCKET: &str = "site-prod-src-210987654321-ap-southeast-1";
const KEY: &str = "promoted/verified.zip";

/// A session of a role in an account.
struct Session<'a> {
    emulator: &'a Emulator,
    variables: [(&'static str, String); 5],
}

impl<'a> Session<'a> {
    fn of(emulator: &'a Emulator, (account, region): (&str, &str), role: &str) -> Self {
        let role = format!("arn:aws:iam::{account}:role/{role}");
        let assume = ["sts", "assume-role", "--role-session-name", "test", "--role-arn", &role];
        let made = emulator.json(&assume);
        let part = |name: &str| made["Credentials"][name].as_str().expect("it is text").to_owned();
        let variables = [
            ("AWS_ACCESS_KEY_ID", part("AccessKeyId")),
            ("AWS_SECRET_ACCESS_KEY", part("SecretAccessKey")),
            ("AWS_SESSION_TOKEN", part("SessionToken")),
            ("AWS_REGION", region.to_owned()),
            ("AWS_DEFAULT_REGION", region.to_owned()),
        ];
        Self { emulator, variables }
    }

    fn prepare(&self, command: &mut Command) {
        self.emulator.prepare(command);
        command.env_remove("AMPLIFY_USER_ACCESS_KEY_ID").env_remove("AMPLIFY_USER_SECRET_ACCESS_KEY");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
    }

    fn try_aws(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(self.emulator.programs.join("aws"));
        self.prepare(&mut command);
        command.args(arguments).output().expect("aws runs")
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.try_aws(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("it is JSON")
    }

    /// Creates the stack of an environment from its template.
    fn create_stack(&self, checkout: &Checkout, environment: &str) {
        let version = ["--name", "/cdk-bootstrap/hnb659fds/version", "--type", "String", "--value", "30"];
        self.json(&[&["ssm", "put-parameter"], &version[..]].concat());
        let template = checkout.directory.join(format!("target/infra/{environment}/Release.template.json"));
        let (name, body) = (format!("site-{environment}"), format!("file://{}", template.display()));
        let create = ["--stack-name", &name, "--template-body", &body, "--capabilities", "CAPABILITY_NAMED_IAM"];
        self.json(&[&["cloudformation", "create-stack"], &create[..]].concat());
    }
}

/// An aws CLI that lists the artifact of an execution, which the emulator does not have. All else is the real one.
fn stand_in(folder: &Path, emulator: &Emulator, artifact: &Value) {
    let answer = json!({"actionExecutionDetails": [{"output": {"outputArtifacts": [artifact]}}]});
    let real = emulator.programs.join("aws");
    let script = format!(
        "#!/bin/sh\ncase \"$1 $2\" in\n'codepipeline list-action-executions') echo '{answer}' ;;\n*) exec '{}' \"$@\" ;;\nesac\n",
        real.display()
    );
    fs::create_dir_all(folder).expect("can create the folder");
    fs::write(folder.join("aws"), script).expect("can write the program");
    fs::set_permissions(folder.join("aws"), fs::Permissions::from_mode(0o755)).expect("can set the mode");
}

#[test]
#[ignore = "`cargo xtask test infra`"]
fn an_artifact_is_promoted_to_another_account_and_region() {
    let folder = scratch("infra-promotion");
    let emulator = Emulator::start(&folder);
    let place = |(account, region): (&str, &str)| format!("account = \"{account}\"\nregion = \"{region}\"\n");
    let settings = format!(
        "[project]\nname = \"site\"\n[infra.environments.dev]\n{}[infra.environments.prod]\npromoted_from = \"dev\"\n{}",
        place(HOME),
        place(ABROAD)
    );
    let checkout = Checkout::new("infra-promotion-checkout", &settings);
    for environment in ["dev", "prod"] {
        let output = checkout.command(&["synth", "--env", environment]).output().expect("xtask runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    // The one that the artifact is promoted to first: its bucket's policy names a role that does not exist yet.
    let (home, abroad) = (Session::of(&emulator, HOME, "admin"), Session::of(&emulator, ABROAD, "admin"));
    abroad.create_stack(&checkout, "prod");
    home.create_stack(&checkout, "dev");

    // The build that promotes, with the variables of the pipeline.
    let pipeline = home.json(&["codepipeline", "get-pipeline", "--name", "site-dev"]);
    let stages = pipeline["pipeline"]["stages"].as_array().expect("it is a list");
    let action = &stages.last().expect("there are stages")["actions"][0];
    assert_eq!(action["name"], "Promote-prod");
    let variables = action["configuration"]["EnvironmentVariables"].as_str().expect("it is text");
    let variables: Vec<Value> = serde_json::from_str(variables).expect("it is JSON");
    let text = |value: &Value| value.as_str().expect("it is text").to_owned();
    let variables = variables.iter().map(|variable| (text(&variable["name"]), text(&variable["value"])));
    let variables: Vec<(String, String)> = variables.filter(|(_, value)| !value.contains("#{")).collect();
    let build = Session::of(&emulator, HOME, "site-dev-promote");

    let artifacts = text(&pipeline["pipeline"]["artifactStore"]["location"]);
    let artifact = folder.join("artifact.zip");
    fs::write(&artifact, "the program that was verified").expect("can write the file");
    let body = artifact.display().to_string();
    home.json(&["s3api", "put-object", "--bucket", &artifacts, "--key", "site-dev/Verified/x1.zip", "--body", &body]);
    let location = json!({"bucket": artifacts, "key": "site-dev/Verified/x1.zip"});
    let stand_ins = folder.join("bin");
    stand_in(&stand_ins, &emulator, &json!({"name": "Verified", "s3location": location}));
    fs::create_dir_all(checkout.directory.join("buildspec")).expect("can create the folder");
    fs::write(checkout.directory.join("buildspec/commit"), COMMIT).expect("can write the commit");
    let promote = |session: &Session<'_>| {
        let mut command = xtask(&checkout.directory);
        session.prepare(&mut command);
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{}:{path}", stand_ins.display(), emulator.programs.display()));
        command.env("CARGO_MANIFEST_DIR", checkout.directory.join("xtask"));
        command.env("CARGO_TARGET_DIR", checkout.directory.join("target"));
        command.envs([("AMPLIFY_ENV", "dev"), ("RELEASE_ROLLBACK", "none"), ("RELEASE_EXECUTION", "e-1")]);
        let output = command.envs(variables.clone()).arg("promote").output().expect("xtask runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    // Each promotion keeps the earlier version, which a rollback releases again.
    let shown = [promote(&build), promote(&build)].map(|(code, shown)| {
        assert_eq!(code, Some(0), "{shown}");
        shown
    });
    // Another role of the account, another object, a bucket of someone else, and none.
    let (code, refused) = promote(&home);
    let expected = "could not pass the artifact on to `prod` in account 210987654321, ap-southeast-1: ";
    assert!(code == Some(1) && refused.contains(expected) && refused.contains("(AccessDenied)"), "{refused}");
    let from = format!("{artifacts}/site-dev/Verified/x1.zip");
    for (bucket, key, owner, error) in [
        (BUCKET, "other.zip", ABROAD.0, "(AccessDenied)"),
        (BUCKET, KEY, "111122223333", "(AccessDenied)"),
        ("site-demo-src-210987654321-us-east-1", KEY, ABROAD.0, "(NoSuchBucket)"),
    ] {
        let copy = ["s3api", "copy-object", "--copy-source", &from, "--bucket", bucket, "--region", ABROAD.1];
        let output = build.try_aws(&[&copy[..], &["--key", key, "--expected-bucket-owner", owner]].concat());
        assert!(String::from_utf8_lossy(&output.stderr).contains(error), "{bucket}, {key}, {owner}: {output:?}");
    }

    // What the pipeline of the other account reads: the newest version first.
    let pipeline = abroad.json(&["codepipeline", "get-pipeline", "--name", "site-prod"]);
    let source = &pipeline["pipeline"]["stages"][0]["actions"][0]["configuration"];
    assert_eq!((&source["S3Bucket"], &source["S3ObjectKey"]), (&BUCKET.into(), &KEY.into()));
    let listed = abroad.json(&["s3api", "list-object-versions", "--bucket", BUCKET]);
    let versions = listed["Versions"].as_array().expect("it is a list").iter();
    let versions: Vec<String> = versions.map(|version| text(&version["VersionId"])).collect();
    let [second, first] = &versions[..] else { panic!("{listed}") };
    for (version, shown) in [first, second].into_iter().zip(&shown) {
        let expected = format!("promoted {COMMIT} to `prod`: s3://{BUCKET}/{KEY}, version {version}");
        assert!(shown.contains(&expected), "{expected}: {shown}");
    }
    let copy = folder.join("copy.zip").display().to_string();
    let object = ["--bucket", BUCKET, "--key", KEY, "--version-id", first, &copy];
    let found = abroad.json(&[&["s3api", "get-object"], &object[..]].concat());
    assert_eq!(fs::read_to_string(&copy).expect("can read the copy"), "the program that was verified");
    assert_eq!(found["Metadata"], json!({"codepipeline-artifact-revision-summary": COMMIT}));
    assert_eq!(emulator.unsupported(), [""; 0], "not supported by the emulator");
}
