//! A release through the whole pipeline that `infra deploy` creates on the emulator: `buildspec run` runs each action in order,
//! with only the artifacts and variables that the pipeline passes to it. Only the first build has Rust, and the one in the VPC
//! has no network. Runs only with `cargo xtask test publish`.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::clone::{Clone, run};
use crate::support::emulator::{Emulator, KEY, SECRET};
use crate::support::isolation::{NoRust, without_network};
use crate::support::{Database, copy_checkout, packages, scratch, server};
use serde_json::{Value, json};

/// The state that CodePipeline and CodeBuild keep during a release.
struct Release<'a> {
    emulator: &'a Emulator,
    clone: &'a Clone,
    folder: PathBuf,
    /// Artifacts by name: folders.
    artifacts: BTreeMap<String, PathBuf>,
    /// Variables by `namespace.name`.
    variables: BTreeMap<String, String>,
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

impl Release<'_> {
    /// A value with `#{namespace.name}` replaced by the variables of earlier actions.
    fn resolved(&self, value: &str) -> String {
        let mut value = value.to_owned();
        while let Some((before, (name, after))) =
            value.split_once("#{").and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            let variable = self.variables.get(name).unwrap_or_else(|| panic!("no action has set {name}"));
            value = format!("{before}{variable}{after}");
        }
        value
    }

    /// A value of a secret, given CodeBuild's reference `arn:key`.
    fn secret(&self, reference: &str) -> String {
        let (arn, key) = reference.rsplit_once(':').expect("it names a key");
        let secret = self.emulator.json(&["secretsmanager", "get-secret-value", "--secret-id", arn]);
        let secret: Value = serde_json::from_str(text(&secret, "SecretString")).expect("it is JSON");
        secret[key].as_str().map_or_else(|| secret[key].to_string(), str::to_owned)
    }

    /// The variables of a build: the project's and the action's.
    fn environment(&self, project: &Value, action: &Value) -> Vec<(String, String)> {
        let of_action: Value =
            serde_json::from_str(text(&action["configuration"], "EnvironmentVariables")).unwrap_or(json!([]));
        let all = list(&project["environment"]["environmentVariables"]).iter().chain(list(&of_action));
        let value = |variable: &Value| match text(variable, "type") {
            "SECRETS_MANAGER" => self.secret(text(variable, "value")),
            _ => self.resolved(text(variable, "value")),
        };
        all.map(|variable| (text(variable, "name").to_owned(), value(variable))).collect()
    }

    fn run(&mut self, action: &Value) {
        let (name, configuration) = (text(action, "name"), &action["configuration"]);
        let namespace = text(action, "namespace").to_owned();
        match text(&action["actionTypeId"], "category") {
            "Source" => {
                // CodePipeline passes on the files without the repository.
                let folder = self.folder.join("source");
                copy_checkout(&self.clone.directory, &folder);
                let commit = self.clone.git(&["rev-parse", "HEAD"]);
                self.variables.insert(format!("{namespace}.CommitId"), commit);
                self.artifacts.insert(text(&action["outputArtifacts"][0], "name").to_owned(), folder);
            }
            "Approval" => {}
            "Build" => {
                let project = self.emulator.json(&[
                    "codebuild",
                    "batch-get-projects",
                    "--names",
                    text(configuration, "ProjectName"),
                ]);
                self.build(name, &namespace, &project["projects"][0], action);
            }
            other => panic!("{name}: {other}"),
        }
    }

    fn build(&mut self, name: &str, namespace: &str, project: &Value, action: &Value) {
        let buildspec = text(&project["source"], "buildspec");
        let environment = self.environment(project, action);
        let input = &self.artifacts[text(&action["inputArtifacts"][0], "name")];
        if matches!(buildspec, "buildspec/verify.yml" | "buildspec/publish.yml") {
            // Installed once for all tests.
            packages::link(&input.join("amplify"));
        }
        let agent = Path::new(env!("CARGO_BIN_EXE_xtask"));
        let is_in_vpc = !text(&project["vpcConfig"], "vpcId").is_empty();
        assert_eq!(is_in_vpc, buildspec == "buildspec/database.yml", "{project}");
        let (launcher, arguments) =
            if is_in_vpc { without_network(agent, &server().host) } else { (agent.to_owned(), Vec::new()) };
        let mut command = self.clone.command(&launcher, self.emulator);
        command.args(arguments).env("CARGO_MANIFEST_DIR", input.join("xtask")).current_dir(input);
        if is_in_vpc {
            // The other `aws` runs outside of it, and would reach AWS.
            let path = std::env::var_os("PATH").expect("PATH is set");
            let folders = [self.emulator.environment.clone()].into_iter().chain(std::env::split_paths(&path));
            command.env("PATH", std::env::join_paths(folders).expect("they are paths"));
        }
        let no_rust = NoRust::new(self.folder.join("no-rust"));
        if input.ends_with("source") {
            // The agent provides the commit only if the input is the source.
            command.env("CODEBUILD_RESOLVED_SOURCE_VERSION", self.clone.git(&["rev-parse", "HEAD"]));
        } else {
            let empty = self.folder.join("empty");
            command.env("CARGO_TARGET_DIR", empty.join(name)).env("CARGO_HOME", &empty).env("RUSTUP_HOME", &empty);
            no_rust.hide_rust(&mut command);
        }
        let result = run(command.args(["buildspec", "run", buildspec]).envs(environment));
        assert_eq!(result.code, Some(0), "{name}: {}", result.text);
        assert_eq!(no_rust.calls(), "", "{name} compiles nothing");
        for (variable, value) in result.stdout.lines().filter_map(|line| line.split_once('=')) {
            self.variables.insert(format!("{namespace}.{variable}"), value.to_owned());
        }
        if let [output] = list(&action["outputArtifacts"]) {
            let files = fs::read_to_string(input.join(buildspec)).expect("can read the buildspec");
            for line in ["    - '**/*'", "    - target/**/*", "    - '**/node_modules/**/*'"] {
                assert!(files.contains(line), "{buildspec} outputs everything except build products: {line}");
            }
            let folder = self.folder.join("output");
            copy_artifact(input, &folder);
            self.artifacts.insert(text(output, "name").to_owned(), folder);
        }
    }
}

/// Copies the `artifacts` of `verify.yml`. Their modes are lost.
fn copy_artifact(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("can create the folder");
    for entry in fs::read_dir(from).expect("can read the folder").flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() && name != "target" && name != "node_modules" {
            copy_artifact(&path, &to.join(name));
        } else if path.is_file() {
            let copy = to.join(name);
            fs::copy(&path, &copy).expect("can copy the file");
            fs::set_permissions(copy, fs::Permissions::from_mode(0o644)).expect("can set the mode");
        }
    }
}

#[test]
#[ignore = "`cargo xtask test publish`"]
fn a_release_runs_through_the_pipeline() {
    let folder = scratch("pipeline");
    let emulator = Emulator::start(&folder);
    let clone = Clone::fresh(&folder, "pipeline-target");
    let settings = "[infra.environments.dev]";
    clone.edit(
        "xtask.toml",
        settings,
        &format!("{settings}\nnat = \"none\"\napproval = true\nexpand_contract = true\ncontract_approval = true\n"),
    );
    // These tests take minutes, and `cargo xtask test engine frontend` runs them. The build that publishes builds the page.
    let tests = "cargo xtask test engine lint db buildspec frontend functions";
    clone.edit("buildspec/verify.yml", tests, "cargo xtask test lint db buildspec functions");
    // `with_emulator::infra` runs the CDK's own check of the template.
    clone.edit("xtask.toml", "\n# pass = [\"NPM_TOKEN\"]", "\npass = [\"CDK_VALIDATION\"]");
    clone.commit("expand and contract");
    // `.gitignore` ignores folders of this name, and this is a link.
    fs::write(clone.directory.join(".git/info/exclude"), "node_modules\n").expect("can write the file");
    packages::link_infra(&clone.directory.join("infra"));
    let result = clone.xtask(&emulator, &["infra", "deploy", "--yes"], &[("CDK_VALIDATION", "false")]);
    assert_eq!(result.code, Some(0), "{}", result.text);

    // The emulator has no real database: use one of the test server, with an owner who is not a superuser.
    let aurora = Database::create();
    aurora.rows("CREATE ROLE migrator LOGIN CREATEROLE");
    aurora.rows(&format!("ALTER DATABASE {} OWNER TO migrator", aurora.name));
    let get = ["secretsmanager", "get-secret-value", "--secret-id", "site/dev/database"];
    let mut secret: Value = serde_json::from_str(text(&emulator.json(&get), "SecretString")).expect("it is JSON");
    assert_eq!(text(&secret, "username"), "migrator");
    for (key, value) in [("host", &server().host), ("port", &server().port), ("dbname", &aurora.name)] {
        secret[key] = json!(value);
    }
    let put = ["secretsmanager", "put-secret-value", "--secret-id", "site/dev/database", "--secret-string"];
    emulator.aws(&[&put[..], &[&secret.to_string()]].concat());

    let pipeline = emulator.json(&["codepipeline", "get-pipeline", "--name", "site-dev"]);
    let artifacts = BTreeMap::new();
    // The default of the pipeline's own variable.
    let variables = BTreeMap::from([("variables.RELEASE_ROLLBACK".to_owned(), "none".to_owned())]);
    let mut release = Release { emulator: &emulator, clone: &clone, folder, artifacts, variables };
    let rows = || aurora.rows("SELECT version_num FROM alembic_version");
    // The function's settings for the database, which have the address of the emulator's database.
    for (name, value) in [("host", &server().host), ("port", &server().port), ("name", &aurora.name)] {
        let name = format!("/site/dev/database-{name}");
        let put = ["ssm", "put-parameter", "--overwrite", "--type", "String", "--name", &name, "--value", value];
        emulator.aws(&put);
    }
    let apps = emulator.json(&["amplify", "list-apps"]);
    let host = format!("dev.{}.amplifyapp.com", text(&apps["apps"][0], "appId"));
    let page = |path: &str| -> Value {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--fail", "--header", &format!("host: {host}")]);
        let output = curl.arg(format!("{}/{path}", emulator.url)).output().expect("curl runs");
        assert!(output.status.success(), "{path}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("it is JSON")
    };
    let mut order = Vec::new();
    for stage in list(&pipeline["pipeline"]["stages"]) {
        let mut actions: Vec<&Value> = list(&stage["actions"]).iter().collect();
        actions.sort_by_key(|action| action["runOrder"].as_u64());
        for action in actions {
            release.run(action);
            order.push(format!("{}/{}", text(stage, "name"), text(action, "name")));
            match text(action, "name") {
                "Database" => assert_eq!(rows(), ["c80b4f1e95a6"], "expanded"),
                "Publish" => {
                    assert_eq!(rows(), ["c80b4f1e95a6"], "the page is published before the contraction");
                    assert_eq!(page("release.json")["commit"], clone.git(&["rev-parse", "HEAD"]).as_str());
                    assert_eq!(page("release.json")["heads"], json!(["c80b4f1e95a6"]));
                    assert_eq!(page("api/health")["heads"], json!(["c80b4f1e95a6"]));
                }
                "Contract" => {
                    assert_eq!(rows(), ["19e7a6d3c05f"], "contracted");
                    assert_eq!(
                        page("api/rooms"),
                        json!({"rooms": []}),
                        "the function works on the contracted schema too"
                    );
                }
                _ => {}
            }
        }
    }
    let expected = ["Source/Source", "Verify/Verify", "Approve/Approve", "Release/Database", "Release/Publish"];
    assert_eq!(order, [&expected[..], &["Release/ApproveContract", "Release/Contract"]].concat());
    let log = aurora.rows("SELECT DISTINCT commit_id FROM migration_log");
    assert_eq!(log, [clone.git(&["rev-parse", "HEAD"])], "the log has the commit from the pipeline");
    // The whole secret instead of its values.
    let keys =
        [("AWS_ACCESS_KEY_ID", KEY), ("AWS_SECRET_ACCESS_KEY", SECRET), ("DATABASE_SECRET_ARN", "site/dev/database")];
    let result = clone.xtask(&emulator, &["db", "current", "--heads"], &keys);
    assert_eq!((result.code, result.stdout.trim()), (Some(0), "19e7a6d3c05f"), "{}", result.text);
    assert_eq!(emulator.unsupported(), [""; 0], "not supported by the emulator");
}
