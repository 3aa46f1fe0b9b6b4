//! The infrastructure: its template, generated without AWS and checked by cfn-lint, and its deployment by the real CDK to the
//! emulator. The tests install the CDK, so they only run with `cargo xtask test infra`.

mod checks;
mod promotion;

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use self::checks::{
    check_roles_bucket_and_secret, check_that_a_preview_is_not_left_behind, check_the_network, parameters,
};
use crate::support::clone::CommandResult;
use crate::support::emulator::Emulator;
use crate::support::{copy_checkout, packages, python, root, sample, scratch, xtask};
use serde_json::Value;

/// Synthesizes the infrastructure of the sample.
fn synth(folder: &str, arguments: &[&str]) -> Output {
    let directory = scratch(folder);
    lay(&directory, &sample().join("amplify"));
    fs::copy(sample().join("xtask.toml"), directory.join("xtask.toml")).expect("can copy the file");
    let mut command = xtask(&root());
    command.env("CARGO_MANIFEST_DIR", directory.join("xtask")).env("CARGO_TARGET_DIR", directory.join("target"));
    command.args(["infra", "synth"]).args(arguments);
    command.output().expect("xtask runs")
}

/// Gives a checkout what the infrastructure needs. The CDK's app is compiled in its own folder, so that is a copy.
fn lay(checkout: &Path, amplify: &Path) {
    let infra = checkout.join("infra");
    copy_checkout(&root().join("infra"), &infra);
    packages::link_infra(&infra);
    for (name, source) in [("amplify", amplify), ("rust-toolchain.toml", &root().join("rust-toolchain.toml"))] {
        symlink(source, checkout.join(name)).expect("can create the link");
    }
}

/// Checks templates with cfn-lint.
fn lint(templates: &[PathBuf]) {
    let programs = python("aws-venv", include_str!("../../emulator/requirements.txt"));
    // W3005: duplicate dependencies, which the CDK generates.
    let lint =
        Command::new(programs.join("cfn-lint")).args(["--ignore-checks", "W3005", "--"]).args(templates).output();
    let lint = lint.expect("cfn-lint runs");
    assert!(lint.status.success(), "{}", String::from_utf8_lossy(&lint.stdout));
}

#[test]
#[ignore = "`cargo xtask test infra`"]
fn the_template_has_no_findings() {
    let output = synth("infra-dev", &["--env", "dev"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let template = fs::read_to_string(root().join(&path)).expect("can read the template");
    assert!(template.contains("AWS::RDS::DBCluster"));
    lint(&[root().join(path)]);
}

#[test]
#[ignore = "`cargo xtask test infra`"]
fn unknown_environments_are_refused() {
    let output = synth("infra-other", &["--env", "staging"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("xtask.toml has no environment `staging`"), "{stderr}");
}

/// The infrastructure of this checkout, with other settings.
struct Checkout {
    directory: PathBuf,
}

impl Checkout {
    fn new(name: &str, settings: &str) -> Self {
        let directory = scratch(name);
        lay(&directory, &root().join("xtask/tests/amplify-gen1"));
        let checkout = Self { directory };
        checkout.set(settings);
        checkout
    }

    /// The CDK's own check of the template, which takes ten seconds, can be disabled: `the_template_has_no_findings` runs it.
    fn set(&self, settings: &str) {
        let settings = format!("{settings}\n[environment]\npass = [\"CDK_VALIDATION\"]\n");
        fs::write(self.directory.join("xtask.toml"), settings).expect("can write the file");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = xtask(&self.directory);
        command.env("CARGO_MANIFEST_DIR", self.directory.join("xtask"));
        command.env("CARGO_TARGET_DIR", self.directory.join("target")).env("CDK_VALIDATION", "false");
        command.arg("infra").args(arguments);
        command
    }

    /// Runs a command with the emulator as AWS, and the answer on standard input.
    fn infra(&self, emulator: &Emulator, region: &str, arguments: &[&str], answer: &str) -> CommandResult {
        let mut command = self.command(arguments);
        emulator.prepare(&mut command);
        run_with_input(command.env("AWS_REGION", region).env("AWS_DEFAULT_REGION", region), answer)
    }
}

fn run_with_input(command: &mut Command, answer: &str) -> CommandResult {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("xtask runs");
    let _ = child.stdin.take().expect("it is piped").write_all(answer.as_bytes());
    let output = child.wait_with_output().expect("it exits");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = format!("{stdout}{}", String::from_utf8_lossy(&output.stderr));
    CommandResult { code: output.status.code(), stdout, text }
}

#[test]
#[ignore = "`cargo xtask test infra`"]
fn invalid_settings_are_reported() {
    let checkout = Checkout::new("infra-settings", "");
    let synth = |settings: &str| {
        checkout.set(&format!("[infra.environments.prod]\n{settings}\n"));
        let result = run_with_input(&mut checkout.command(&["synth"]), "");
        assert_eq!(result.code, Some(1));
        result.text
    };
    let text = synth("vpc_cidr = \"10.0.0.0/28\"");
    let expected =
        "[infra.environments.prod], vpc_cidr = \"10.0.0.0/28\": four subnets of 64 addresses need /16 to /24";
    assert!(text.contains(expected) && !text.contains("    at "), "{text}");
    let text = synth("vpc_cdir = \"10.0.0.0/24\"");
    assert!(text.contains("xtask.toml:2:1: unknown key `vpc_cdir`"), "{text}");
}

/// The CloudFormation calls that changed anything.
fn changes(emulator: &Emulator) -> Vec<String> {
    let (calls, _) = emulator.calls(0);
    let all = calls.into_iter().map(|call| call.name);
    all.filter(|name| ["CreateStack", "ExecuteChangeSet", "DeleteStack"].iter().any(|word| name.ends_with(word)))
        .collect()
}

#[test]
#[ignore = "`cargo xtask test infra`"]
fn deploy_diff_and_destroy() {
    let folder = scratch("infra-deployed");
    let emulator = Emulator::start(&folder);
    let checkout =
        Checkout::new("infra-deployed-checkout", "[infra.environments.dev]\nnotify = \"team@example.com\"\n");
    let infra = |arguments: &[&str], answer: &str| checkout.infra(&emulator, "us-east-1", arguments, answer);

    // Without confirmation, nothing is created.
    let result = infra(&["outputs"], "");
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("there is no stack `site-dev` in account 123456789012, us-east-1"), "{}", result.text);
    let result = infra(&["deploy"], "");
    assert_eq!(result.code, Some(2), "{}", result.text);
    assert!(result.text.contains("nothing was changed; use `--yes` to skip the question"), "{}", result.text);
    for shown in [
        "[+] AWS::RDS::DBCluster",
        "[+] AWS::SSM::Parameter",
        "NAT gateway ",
        "total ",
        "prices of us-east-1, June 2026",
    ] {
        assert!(result.text.contains(shown), "{shown}: {}", result.text);
    }
    assert!(!result.text.contains("no known price"), "{}", result.text);
    assert_eq!(changes(&emulator), [""; 0]);

    // The first deployment creates the CDK's bootstrap stack, then this one.
    let result = infra(&["deploy", "--yes"], "");
    assert_eq!(result.code, Some(0), "{}", result.text);
    assert!(result.text.contains("account 123456789012, us-east-1 is not bootstrapped"), "{}", result.text);
    assert!(result.text.contains("deployed and verified every resource of `site-dev`"), "{}", result.text);
    assert!(result.text.contains("confirm the email sent to team@example.com"), "{}", result.text);
    let app_id = result
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix("AmplifyAppId "))
        .expect("there is an output")
        .to_owned();
    let url = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/site-dev";
    assert!(result.text.contains(&format!("push {url} HEAD:main")), "{}", result.text);
    let json: Value = serde_json::from_str(&infra(&["outputs", "--json"], "").stdout).expect("it is JSON");
    assert_eq!((&json["AmplifyAppId"], &json["CodeCommitHTTPCloneUrl"]), (&app_id.as_str().into(), &url.into()));
    check_the_network(&emulator);
    check_roles_bucket_and_secret(&emulator);

    // Without changes, there is no difference. A changed setting is shown before the question.
    let result = infra(&["diff"], "");
    assert!(result.code == Some(0) && result.text.contains("There were no differences"), "{}", result.text);
    checkout.set("[infra.environments.dev]\nbackup_days = 14\nnotify = \"team@example.com\"\n");
    let result = infra(&["deploy"], "y\n");
    assert_eq!(result.code, Some(0), "{}", result.text);
    assert!(result.text.contains("BackupRetentionPeriod"), "{}", result.text);
    assert!(!result.text.contains("is not bootstrapped"), "{}", result.text);
    assert!(result.stdout.contains(&format!("AmplifyAppId {app_id}\n")), "the app is the same: {}", result.stdout);

    // A deployed backend has functions in the network.
    let backend = format!("amplify-{app_id}-dev-branch-1");
    let template = r#"{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}"#;
    let create = ["cloudformation", "create-stack", "--stack-name", &backend, "--template-body", template];
    let link = format!("stackArn={}", emulator.json(&create)["StackId"].as_str().expect("it is text"));
    let branch = ["--app-id", &app_id, "--branch-name", "dev"];
    emulator.json(&[&["amplify", "create-branch"], &branch[..]].concat());
    emulator.json(&[&["amplify", "update-branch"], &branch[..], &["--backend", &link]].concat());
    let result = infra(&["destroy", "--yes"], "");
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("the backend of the branch `dev` is still deployed"), "{}", result.text);
    emulator.aws(&["cloudformation", "delete-stack", "--stack-name", &backend]);
    check_that_a_preview_is_not_left_behind(&emulator, |command| infra(&[command, "--yes"], ""));

    // Destroy it.
    let result = infra(&["destroy"], "n\n");
    assert_eq!(result.code, Some(2), "{}", result.text);
    let result = infra(&["destroy", "--yes"], "");
    assert_eq!(result.code, Some(0), "{}", result.text);
    for shown in ["(AWS::S3::Bucket) is kept", "(AWS::CodeCommit::Repository) is kept", "is deleted with its data"] {
        assert!(result.text.contains(shown), "{shown}: {}", result.text);
    }
    let vpcs = emulator.json(&["ec2", "describe-vpcs", "--filters", "Name=cidr,Values=10.1.100.0/24"]);
    assert_eq!(vpcs["Vpcs"], serde_json::json!([]));
    let result = infra(&["destroy", "--yes"], "");
    assert!(result.code == Some(0) && result.text.contains("nothing to destroy"), "{}", result.text);
    assert_eq!(emulator.unsupported(), [""; 0], "not supported by the emulator");
}

/// Environments other than `dev` are protected. This one has a proxy, a reader, and everything else for production, and its
/// artifact is promoted.
#[test]
#[ignore = "`cargo xtask test infra`"]
fn destroying_a_protected_stack_requires_its_name() {
    let folder = scratch("infra-protected");
    let emulator = Emulator::start(&folder);
    let checkout = Checkout::new(
        "infra-protected-checkout",
        "[infra.environments.prod]\nuser_keys = true\nproxy = true\nminimum_acu = 0.5\nreaders = 1\n\
         notify = \"team@example.com\"\nencrypt_notifications = true\nmonitoring_seconds = 60\n\
         performance_insights = true\nversioned_artifacts = true\n\
         [infra.environments.demo]\npromoted_from = \"prod\"\nexpand_contract = true\n",
    );
    let infra = |arguments: &[&str], answer: &str| {
        checkout.infra(&emulator, "eu-west-1", &[arguments, &["--env", "prod"]].concat(), answer)
    };
    let result = run_with_input(&mut checkout.command(&["synth", "--env", "demo"]), "");
    assert_eq!(result.code, Some(0), "{}", result.text);
    let result = infra(&["deploy", "--yes"], "");
    assert_eq!(result.code, Some(0), "{}", result.text);
    assert!(result.text.contains("to the secret `site/prod/amplify-user`"), "{}", result.text);
    assert!(
        result.text.contains("`cargo xtask infra deploy --env demo`; it is promoted from `prod`"),
        "{}",
        result.text
    );
    assert!(result.text.contains("RDS Proxy, capacity units                8 × 10.95  87.60"), "{}", result.text);
    assert!(!result.text.contains("no known price"), "{}", result.text);
    lint(&["prod", "demo"].map(|name| checkout.directory.join(format!("target/infra/{name}/Release.template.json"))));
    let parameters = parameters(&emulator, "eu-west-1", "prod");
    assert!(
        parameters["database-host"].as_str().is_some_and(|host| host.starts_with("site-prod.db-proxy-")),
        "{parameters:?}"
    );
    assert!(parameters["database-resource-id"].as_str().is_some_and(|id| id.starts_with("prx-")), "{parameters:?}");
    for (arguments, answer) in [(&["destroy", "--yes"][..], ""), (&["destroy"], "y\n")] {
        let result = infra(arguments, answer);
        assert_eq!(result.code, Some(2), "{}", result.text);
        assert!(result.text.contains("a final snapshot of the database is kept"), "{}", result.text);
        assert!(result.text.contains("`--yes` does not apply to `prod`"), "{}", result.text);
    }
    assert!(!changes(&emulator).iter().any(|name| name.ends_with("DeleteStack")));
    let result = infra(&["destroy"], "prod\n");
    assert_eq!(result.code, Some(0), "{}", result.text);
    assert!(result.text.contains("destroyed `site-prod`"), "{}", result.text);
    assert_eq!(emulator.unsupported(), [""; 0], "not supported by the emulator");
}

/// A first deployment that fails leaves nothing behind, the next one succeeds, and what a destroyed environment keeps is
/// used again.
#[test]
#[ignore = "`cargo xtask test infra`"]
fn a_failed_first_deployment_is_repeated() {
    // In us-east-1, version 1 of the aws CLI ignores AWS_ENDPOINT_URL for RDS.
    const REGION: &str = "eu-west-1";
    let folder = scratch("infra-repeated");
    let emulator = Emulator::start_refusing(&folder, "AWS::CodePipeline::Pipeline");
    let checkout = Checkout::new("infra-repeated-checkout", "[infra.environments.prod]\n");
    let infra = |arguments: &[&str], answer: &str| checkout.infra(&emulator, REGION, arguments, answer);
    let ask = |arguments: &[&str]| emulator.json(&[arguments, &["--region", REGION]].concat());
    let list = |arguments: &[&str], key: &str| ask(arguments)[key].as_array().map_or(0, Vec::len);
    let kept = || {
        let buckets = ask(&["s3api", "list-buckets", "--query", "Buckets[?starts_with(Name, 'site-prod')]"]);
        (list(&["codecommit", "list-repositories"], "repositories"), buckets.as_array().map_or(0, Vec::len))
    };
    let result = infra(&["deploy", "--yes"], "");
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("Internal error reported from downstream service"), "{}", result.text);
    assert_eq!(kept(), (0, 0));
    assert_eq!(list(&["rds", "describe-db-clusters"], "DBClusters"), 0);

    let result = infra(&["deploy", "--yes"], "");
    assert_eq!(result.code, Some(0), "{}", result.text);
    assert!(result.text.contains("it will be deleted and created again"), "{}", result.text);
    assert!(result.text.contains("created `site-prod`; protecting it"), "{}", result.text);
}

/// The stack is verified even if the CDK reports success.
#[test]
#[ignore = "`cargo xtask test infra`"]
fn an_incomplete_stack_is_an_error() {
    let folder = scratch("infra-not-whole");
    let emulator = Emulator::start_without(&folder, "AWS::CodePipeline::Pipeline");
    let checkout = Checkout::new("infra-not-whole-checkout", "[infra.environments.dev]\n");
    let result = checkout.infra(&emulator, "us-east-1", &["deploy", "--yes"], "");
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("✅  Release (site-dev)"), "the CDK reports success: {}", result.text);
    assert!(result.text.contains("the CDK reported success, but `site-dev` lacks Pipeline9850B417"), "{}", result.text);
}

/// A program that prints what a real one printed.
fn stand_in(folder: &Path, name: &str, script: &str) {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("can write the file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("can set the mode");
}

/// Failures on AWS, replayed by stand-ins for the aws CLI and the CDK.
#[test]
#[ignore = "`cargo xtask test infra`"]
fn failures_have_hints() {
    let checkout = Checkout::new("infra-failures", "[infra.environments.dev]\n");
    let programs = scratch("infra-failures-programs");
    let real = std::env::split_paths(&std::env::var_os("PATH").expect("PATH is set"))
        .map(|folder| folder.join("npm"))
        .find(|npm| npm.exists())
        .expect("npm is installed");
    // The template is generated by the real CDK once; its commands that would call AWS are stand-ins.
    let deploy = "echo 'Number of stacks with differences: 1'; case \"$*\" in *' deploy '*) exit 1;; esac";
    let synth = format!(
        "[ -e {}/target/infra/dev/manifest.json ] || exec {} \"$@\"",
        checkout.directory.display(),
        real.display()
    );
    stand_in(&programs, "npm", &format!("case \"$*\" in *' --app '*) {deploy};; *) {synth};; esac"));
    let run = |status: &str, reason: &str| {
        let stack = match status {
            "" => "echo '(ValidationError): Stack with id site-dev does not exist' >&2; exit 255".to_owned(),
            status => format!("echo '{{\"Stacks\": [{{\"StackStatus\": \"{status}\"}}]}}'"),
        };
        let id = "arn:aws:cloudformation:us-east-1:123456789012:stack/site-dev/1";
        let event = |name: &str, status: &str, reason: &str, physical: &str| serde_json::json!({"StackId": id, "LogicalResourceId": name, "PhysicalResourceId": physical, "ResourceStatus": status, "ResourceStatusReason": reason});
        let events = serde_json::json!({"StackEvents": [
            event("site-dev", "ROLLBACK_COMPLETE", "", id),
            event("Subnet", "CREATE_FAILED", "Resource creation cancelled", ""),
            event("Vpc", "CREATE_FAILED", reason, ""),
            event("site-dev", "CREATE_IN_PROGRESS", "User Initiated", id),
            event("Bucket", "CREATE_FAILED", "of an earlier deployment", ""),
        ]});
        fs::write(programs.join("events.json"), events.to_string()).expect("can write the file");
        let script = format!(
            "case \"$2\" in\nget-caller-identity) echo '{{\"Account\": \"123456789012\", \"Arn\": \"somebody\"}}';;\n\
             get-parameter) echo '{{\"Parameter\": {{\"Value\": \"30\"}}}}';;\n\
             describe-stacks) {stack};;\n\
             get-repository) echo '(RepositoryDoesNotExistException): site-dev does not exist' >&2; exit 255;;\n\
             describe-stack-events) cat {}/events.json;;\nesac",
            programs.display()
        );
        stand_in(&programs, "aws", &script);
        let path = std::env::var("PATH").expect("PATH is set");
        let mut command = checkout.command(&["deploy", "--yes", "--no-preflight"]);
        command.env("PATH", format!("{}:{path}", programs.display()));
        let keys = [("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "unseen")];
        let result = run_with_input(command.envs(keys), "");
        assert_eq!(result.code, Some(1), "{}", result.text);
        assert!(!result.text.contains("unseen"), "{}", result.text);
        result.text
    };
    let quota =
        "The maximum number of VPCs has been reached. (Service: Ec2, Status Code: 400, Error Code: VpcLimitExceeded)";
    let cases = [
        ("", quota, "the region has as many VPCs as the account may have"),
        (
            "",
            "User: arn:… is not authorized to perform: ec2:CreateVpc",
            "the role that CloudFormation uses, created by `cdk bootstrap",
        ),
        ("", "site-dev already exists in stack arn:…", "something outside of this stack has the name"),
        (
            "",
            "Cannot find version 17.9 for aurora-postgresql",
            "this version of Aurora is not available in this region",
        ),
        ("", "anything else", "it continues from the current state on AWS"),
        ("REVIEW_IN_PROGRESS", "anything else", "it continues from the current state on AWS"),
        ("ROLLBACK_COMPLETE", quota, "the creation of `site-dev` failed: it will be deleted and created again"),
    ];
    for (status, reason, advice) in cases {
        let text = run(status, reason);
        assert!(text.contains(&format!("`cdk deploy` failed: `Vpc`: {reason}")) && text.contains(advice), "{text}");
    }
    let stuck = [
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback --stack-name site-dev"),
        ("DELETE_FAILED", "aws cloudformation delete-stack --stack-name site-dev"),
    ];
    for (status, advice) in stuck {
        let text = run(status, "");
        assert!(text.contains(&format!("the stack `site-dev` is {status} and cannot be updated")), "{text}");
        assert!(text.contains(advice) && !text.contains("total"), "{text}");
    }
    // Without credentials.
    let mut command = checkout.command(&["deploy", "--yes", "--no-preflight"]);
    let result = run_with_input(command.env("AWS_REGION", "us-east-1").env("AWS_EC2_METADATA_DISABLED", "true"), "");
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("credentials") || result.text.contains("`aws` is not installed"), "{}", result.text);
}
