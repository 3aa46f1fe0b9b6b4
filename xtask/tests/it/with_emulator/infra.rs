//! The infrastructure: its template, made without AWS and looked at by cfn-lint; and its deployment by the real CDK, to the
//! emulator. They install the CDK, and so are run by name: `cargo xtask test infra`.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::support::emulator::Emulator;
use crate::support::{python, root, scratch, xtask};
use serde_json::Value;

fn synth(folder: &str, arguments: &[&str]) -> Output {
    let target = scratch(folder);
    let mut command = xtask(&root());
    command.args(["infra", "synth"]).args(arguments).env("CARGO_TARGET_DIR", target);
    command.output().expect("xtask runs")
}

#[test]
#[ignore = "`cargo xtask test infra`"]
fn the_template_has_no_finding() {
    let output = synth("infra-dev", &["--env", "dev"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let template = fs::read_to_string(root().join(&path)).expect("it says where the template is");
    assert!(template.contains("AWS::RDS::DBCluster"));
    let programs = python("aws-venv", include_str!("../../emulator/requirements.txt"));
    // W3005: a dependency that is there twice, as the CDK writes it.
    let lint = Command::new(programs.join("cfn-lint"))
        .args(["--ignore-checks", "W3005", "--", &path])
        .current_dir(root())
        .output();
    let lint = lint.expect("cfn-lint runs");
    assert!(lint.status.success(), "{}", String::from_utf8_lossy(&lint.stdout));
}

#[test]
#[ignore = "`cargo xtask test infra`"]
fn environments_are_those_of_the_settings() {
    let output = synth("infra-other", &["--env", "staging"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("xtask.toml has no environment `staging`"), "{said}");
}

/// The infrastructure of this checkout with settings of a test's own.
struct Checkout {
    directory: PathBuf,
}

/// What a command said, and its exit code.
struct Said {
    code: Option<i32>,
    stdout: String,
    text: String,
}

impl Checkout {
    fn new(name: &str, settings: &str) -> Self {
        let directory = scratch(name);
        for name in ["amplify", "infra"] {
            symlink(root().join(name), directory.join(name)).expect("a link can be made");
        }
        let checkout = Self { directory };
        checkout.set(settings);
        checkout
    }

    fn set(&self, settings: &str) {
        fs::write(self.directory.join("xtask.toml"), settings).expect("written");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = xtask(&self.directory);
        command.env("CARGO_MANIFEST_DIR", self.directory.join("xtask"));
        command.env("CARGO_TARGET_DIR", self.directory.join("target")).arg("infra").args(arguments);
        command
    }

    /// A command on the emulator's AWS; `answer` is what somebody types.
    fn infra(&self, emulator: &Emulator, region: &str, arguments: &[&str], answer: &str) -> Said {
        let mut command = self.command(arguments);
        emulator.prepare(&mut command);
        answered(command.env("AWS_REGION", region).env("AWS_DEFAULT_REGION", region), answer)
    }
}

fn answered(command: &mut Command, answer: &str) -> Said {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("xtask runs");
    let _ = child.stdin.take().expect("it is piped").write_all(answer.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = format!("{stdout}{}", String::from_utf8_lossy(&output.stderr));
    Said { code: output.status.code(), stdout, text }
}

#[test]
#[ignore = "`cargo xtask test infra`"]
fn settings_that_make_no_sense_are_named() {
    let checkout = Checkout::new("infra-settings", "");
    let refused = |settings: &str| {
        checkout.set(&format!("[infra.environments.prod]\n{settings}\n"));
        let said = answered(&mut checkout.command(&["synth"]), "");
        assert_eq!(said.code, Some(1));
        said.text
    };
    let said = refused("vpc_cidr = \"10.0.0.0/28\"");
    let wanted = "[infra.environments.prod], vpc_cidr = \"10.0.0.0/28\": four subnets of 64 addresses need /16 to /24";
    assert!(said.contains(wanted) && !said.contains("    at "), "{said}");
    let said = refused("vpc_cdir = \"10.0.0.0/24\"");
    assert!(said.contains("unknown field `vpc_cdir`") && said.contains("line 2"), "{said}");
}

/// Whether CloudFormation was told to change anything.
fn changes(emulator: &Emulator) -> Vec<String> {
    let (calls, _) = emulator.calls(0);
    let all = calls.into_iter().map(|call| call.name);
    all.filter(|name| ["CreateStack", "ExecuteChangeSet", "DeleteStack"].iter().any(|word| name.ends_with(word)))
        .collect()
}

#[test]
#[ignore = "`cargo xtask test infra`"]
fn a_stack_is_deployed_compared_and_destroyed() {
    let folder = scratch("infra-deployed");
    let emulator = Emulator::start(&folder);
    let checkout =
        Checkout::new("infra-deployed-checkout", "[infra.environments.dev]\nnotify = \"team@example.com\"\n");
    let infra = |arguments: &[&str], answer: &str| checkout.infra(&emulator, "us-east-1", arguments, answer);

    // Nothing is made without being asked for.
    let said = infra(&["outputs"], "");
    assert_eq!(said.code, Some(1), "{}", said.text);
    assert!(said.text.contains("there is no stack `site-dev` in account 123456789012, us-east-1"), "{}", said.text);
    let said = infra(&["deploy"], "");
    assert_eq!(said.code, Some(2), "{}", said.text);
    assert!(said.text.contains("nothing was changed; `--yes` where nobody can answer"), "{}", said.text);
    for shown in ["[+] AWS::RDS::DBCluster", "NAT gateway ", "together ", "the prices of us-east-1, June 2026"] {
        assert!(said.text.contains(shown), "{shown}: {}", said.text);
    }
    assert!(!said.text.contains("no price is known"), "{}", said.text);
    assert_eq!(changes(&emulator), [""; 0]);

    // The first deployment: the CDK's own stack, then ours.
    let said = infra(&["deploy", "--yes"], "");
    assert_eq!(said.code, Some(0), "{}", said.text);
    assert!(
        said.text.contains("the CDK has no stack of its own in account 123456789012, us-east-1 yet"),
        "{}",
        said.text
    );
    assert!(said.text.contains("every resource of `site-dev` is there"), "{}", said.text);
    assert!(said.text.contains("confirm the mail that team@example.com gets"), "{}", said.text);
    let app_id = said.stdout.lines().find_map(|line| line.strip_prefix("AmplifyAppId ")).expect("an output").to_owned();
    let url = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/site-dev";
    assert!(said.text.contains(&format!("push {url} HEAD:main")), "{}", said.text);
    let json: Value = serde_json::from_str(&infra(&["outputs", "--json"], "").stdout).expect("JSON");
    assert_eq!((&json["AmplifyAppId"], &json["CodeCommitHTTPCloneUrl"]), (&app_id.as_str().into(), &url.into()));
    look_at_the_network(&emulator);
    look_at_roles_bucket_and_secret(&emulator);

    // The same again changes nothing; a setting does, and is shown before anything is asked.
    let said = infra(&["diff"], "");
    assert!(said.code == Some(0) && said.text.contains("There were no differences"), "{}", said.text);
    checkout.set("[infra.environments.dev]\nbackup_days = 14\nnotify = \"team@example.com\"\n");
    let said = infra(&["deploy"], "y\n");
    assert_eq!(said.code, Some(0), "{}", said.text);
    assert!(said.text.contains("BackupRetentionPeriod"), "{}", said.text);
    assert!(!said.text.contains("no stack of its own"), "{}", said.text);
    assert!(said.stdout.contains(&format!("AmplifyAppId {app_id}\n")), "the app is the same: {}", said.stdout);

    // And away.
    let said = infra(&["destroy"], "n\n");
    assert_eq!(said.code, Some(2), "{}", said.text);
    let said = infra(&["destroy", "--yes"], "");
    assert_eq!(said.code, Some(0), "{}", said.text);
    for stays in ["(AWS::S3::Bucket): stays", "(AWS::CodeCommit::Repository): stays", "goes with its data"] {
        assert!(said.text.contains(stays), "{stays}: {}", said.text);
    }
    let vpcs = emulator.json(&["ec2", "describe-vpcs", "--filters", "Name=cidr,Values=10.1.100.0/24"]);
    assert_eq!(vpcs["Vpcs"], serde_json::json!([]));
    let said = infra(&["destroy", "--yes"], "");
    assert!(said.code == Some(0) && said.text.contains("nothing to destroy"), "{}", said.text);
    assert_eq!(emulator.beyond(), [""; 0], "beyond the emulator");
}

/// EC2, asked by the real aws CLI.
fn look_at_the_network(emulator: &Emulator) {
    let subnets = emulator.json(&["ec2", "describe-subnets", "--filters", "Name=tag:environment,Values=dev"]);
    let mut ranges: Vec<&str> = subnets["Subnets"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|subnet| subnet["CidrBlock"].as_str())
        .collect();
    ranges.sort_unstable();
    assert_eq!(ranges, ["10.1.100.0/26", "10.1.100.128/26", "10.1.100.192/26", "10.1.100.64/26"]);
    let gateways = emulator.json(&["ec2", "describe-nat-gateways"]);
    assert_eq!(gateways["NatGateways"].as_array().map(Vec::len), Some(1));
    let groups = emulator.json(&["ec2", "describe-security-groups", "--filters", "Name=tag:environment,Values=dev"]);
    let group = |start: &str| {
        let groups = groups["SecurityGroups"].as_array().expect("a list").iter();
        groups
            .clone()
            .find(|group| group["Description"].as_str().is_some_and(|text| text.starts_with(start)))
            .expect("a group")
    };
    let (database, build) = (group("The database"), group("The build"));
    let rules = database["IpPermissions"].as_array().expect("a list");
    assert_eq!(rules.len(), 1, "{rules:?}");
    assert_eq!((&rules[0]["FromPort"], &rules[0]["ToPort"]), (&5432.into(), &5432.into()));
    assert_eq!(rules[0]["IpRanges"], serde_json::json!([]));
    assert_eq!(rules[0]["UserIdGroupPairs"][0]["GroupId"], build["GroupId"]);
    assert_eq!(build["IpPermissions"], serde_json::json!([]));
}

/// IAM, S3 and Secrets Manager, the same way.
fn look_at_roles_bucket_and_secret(emulator: &Emulator) {
    let roles = emulator.json(&["iam", "list-roles"]);
    let names = roles["Roles"].as_array().expect("a list").iter().filter_map(|role| role["RoleName"].as_str());
    let ours: Vec<&str> = names.filter(|name| name.starts_with("site-dev-")).collect();
    assert!(ours.len() > 5, "{ours:?}");
    for role in ours {
        let policies = emulator.json(&["iam", "list-role-policies", "--role-name", role]);
        for policy in policies["PolicyNames"].as_array().expect("a list").iter().filter_map(Value::as_str) {
            let get = ["iam", "get-role-policy", "--role-name", role, "--policy-name", policy];
            let document = emulator.json(&get)["PolicyDocument"].clone();
            for statement in document["Statement"].as_array().expect("a list") {
                let actions = match &statement["Action"] {
                    Value::Array(actions) => actions.clone(),
                    one => vec![one.clone()],
                };
                let is_named =
                    |action: &Value| action.as_str().is_some_and(|action| !action.ends_with(":*") && action != "*");
                assert!(actions.iter().all(is_named), "{role}: {actions:?}");
            }
        }
    }
    let buckets = emulator.json(&["s3api", "list-buckets"]);
    let names = buckets["Buckets"].as_array().expect("a list").iter().filter_map(|bucket| bucket["Name"].as_str());
    let bucket = names.clone().find(|name| name.starts_with("site-dev-")).expect("a bucket");
    let encryption = emulator.json(&["s3api", "get-bucket-encryption", "--bucket", bucket]);
    assert!(encryption.to_string().contains("AES256"), "{encryption}");
    let get = ["secretsmanager", "get-secret-value", "--secret-id", "site/dev/database"];
    let secret =
        emulator.json(&get)["SecretString"].as_str().map(serde_json::from_str::<Value>).expect("text").expect("JSON");
    for key in ["engine", "host", "port", "dbname", "username", "password"] {
        assert!(!secret[key].is_null(), "{key}");
    }
}

/// What is not a development environment holds data that somebody wants back.
#[test]
#[ignore = "`cargo xtask test infra`"]
fn a_protected_stack_is_destroyed_only_by_its_name() {
    let folder = scratch("infra-protected");
    let emulator = Emulator::start(&folder);
    let checkout = Checkout::new("infra-protected-checkout", "[infra.environments.prod]\nuser_keys = true\n");
    let infra = |arguments: &[&str], answer: &str| checkout.infra(&emulator, "eu-west-1", arguments, answer);
    let said = infra(&["deploy", "--yes"], "");
    assert_eq!(said.code, Some(0), "{}", said.text);
    assert!(said.text.contains("into the secret `site/prod/amplify-user`"), "{}", said.text);
    for (arguments, answer) in [(&["destroy", "--yes"][..], ""), (&["destroy"], "y\n")] {
        let said = infra(arguments, answer);
        assert_eq!(said.code, Some(2), "{}", said.text);
        assert!(said.text.contains("a last snapshot of it stays"), "{}", said.text);
        assert!(said.text.contains("`--yes` is not enough for `prod`"), "{}", said.text);
    }
    assert!(!changes(&emulator).iter().any(|name| name.ends_with("DeleteStack")));
    let said = infra(&["destroy"], "prod\n");
    assert_eq!(said.code, Some(0), "{}", said.text);
    assert!(said.text.contains("destroyed: `site-prod` is gone"), "{}", said.text);
    assert_eq!(emulator.beyond(), [""; 0], "beyond the emulator");
}

/// The CDK's success is no proof.
#[test]
#[ignore = "`cargo xtask test infra`"]
fn an_incomplete_stack_is_no_success() {
    let folder = scratch("infra-not-whole");
    let emulator = Emulator::start_without(&folder, "AWS::CodePipeline::Pipeline");
    let checkout = Checkout::new("infra-not-whole-checkout", "[infra.environments.dev]\n");
    let said = checkout.infra(&emulator, "us-east-1", &["deploy", "--yes"], "");
    assert_eq!(said.code, Some(1), "{}", said.text);
    assert!(said.text.contains("✅  Release (site-dev)"), "the CDK has said so: {}", said.text);
    assert!(said.text.contains("the CDK says it is done, and `site-dev` has no Pipeline9850B417"), "{}", said.text);
}

/// A program that says what a real one has said.
fn stand_in(folder: &Path, name: &str, script: &str) {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can be run");
}

/// What goes wrong on AWS, in its own words: the aws CLI and the CDK are stand-ins that say them.
#[test]
#[ignore = "`cargo xtask test infra`"]
fn failures_say_what_to_do() {
    let checkout = Checkout::new("infra-failures", "[infra.environments.dev]\n");
    let programs = scratch("infra-failures-programs");
    let real = std::env::split_paths(&std::env::var_os("PATH").expect("a PATH"))
        .map(|folder| folder.join("npm"))
        .find(|npm| npm.exists())
        .expect("npm");
    // The template is the real one, made once; what would ask AWS is not.
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
            event("Bucket", "CREATE_FAILED", "of the time before", ""),
        ]});
        fs::write(programs.join("events.json"), events.to_string()).expect("written");
        let script = format!(
            "case \"$2\" in\nget-caller-identity) echo '{{\"Account\": \"123456789012\", \"Arn\": \"somebody\"}}';;\n\
             get-parameter) echo '{{\"Parameter\": {{\"Value\": \"30\"}}}}';;\n\
             describe-stacks) {stack};;\n\
             describe-stack-events) cat {}/events.json;;\nesac",
            programs.display()
        );
        stand_in(&programs, "aws", &script);
        let path = std::env::var("PATH").expect("a PATH");
        let mut command = checkout.command(&["deploy", "--yes"]);
        command.env("PATH", format!("{}:{path}", programs.display()));
        let keys = [("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "unseen")];
        let said = answered(command.envs(keys), "");
        assert_eq!(said.code, Some(1), "{}", said.text);
        assert!(!said.text.contains("unseen"), "{}", said.text);
        said.text
    };
    let quota =
        "The maximum number of VPCs has been reached. (Service: Ec2, Status Code: 400, Error Code: VpcLimitExceeded)";
    let cases = [
        ("", quota, "a quota of the account is used up"),
        (
            "",
            "User: arn:… is not authorized to perform: ec2:CreateVpc",
            "the role that CloudFormation uses may not do that",
        ),
        ("", "site-dev already exists in stack arn:…", "something has that name"),
        ("", "Cannot find version 17.9 for aurora-postgresql", "this region does not have that version of Aurora"),
        ("", "anything else", "it goes on from where AWS is now"),
        ("REVIEW_IN_PROGRESS", "anything else", "it goes on from where AWS is now"),
        ("ROLLBACK_COMPLETE", quota, "was never made whole: what is left of it is deleted, and it is made anew"),
    ];
    for (status, reason, advice) in cases {
        let said = run(status, reason);
        assert!(said.contains(&format!("`cdk deploy` failed: `Vpc`: {reason}")) && said.contains(advice), "{said}");
    }
    let stuck = [
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback --stack-name site-dev"),
        ("DELETE_FAILED", "aws cloudformation delete-stack --stack-name site-dev"),
    ];
    for (status, advice) in stuck {
        let said = run(status, "");
        assert!(said.contains(&format!("the stack `site-dev` is in the state {status}: it takes no update")), "{said}");
        assert!(said.contains(advice) && !said.contains("together"), "{said}");
    }
    // Nobody to be.
    let mut command = checkout.command(&["deploy", "--yes"]);
    let said = answered(command.env("AWS_REGION", "us-east-1").env("AWS_EC2_METADATA_DISABLED", "true"), "");
    assert_eq!(said.code, Some(1), "{}", said.text);
    assert!(said.text.contains("credentials") || said.text.contains("`aws` is not installed"), "{}", said.text);
}
