//! What the real `ampx` does where `cargo xtask publish` does not let it come to that; `amplify_gen2.rs` has the other cases in
//! which its exit code is misleading. The test installs 1.2 GB once, so it only runs with `cargo xtask test publish`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::support::clone::{CommandResult, run};
use crate::support::emulator::{Emulator, KEY, SECRET};
use crate::support::{packages, sample, scratch};
use serde_json::Value;

const BACKEND: &str = "import { defineBackend } from '@aws-amplify/backend';\nconst backend = defineBackend({});\n";

/// A project with the installed packages, and an app on the emulator.
struct Project {
    directory: PathBuf,
    emulator: Emulator,
    app_id: String,
}

impl Project {
    /// It has no `tsconfig.json`.
    fn new(name: &str) -> Self {
        let directory = scratch(name);
        fs::create_dir_all(directory.join("amplify")).expect("can create the folder");
        for file in ["package.json", "package-lock.json"] {
            let source = sample().join("amplify").join(file);
            fs::copy(source, directory.join("amplify").join(file)).expect("can copy the file");
        }
        packages::link(&directory.join("amplify"));
        let emulator = Emulator::start(&directory);
        emulator.bootstrap();
        let app = emulator.json(&["amplify", "create-app", "--name", "site"])["app"]["appId"].clone();
        Self { directory, emulator, app_id: app.as_str().expect("there is an id").to_owned() }
    }

    fn create_branch(&self, name: &str) {
        let create = ["amplify", "create-branch", "--no-enable-auto-build", "--app-id", &self.app_id];
        self.emulator.aws(&[&create[..], &["--branch-name", name]].concat());
    }

    fn write(&self, backend: &str) {
        fs::write(self.directory.join("amplify/backend.ts"), backend).expect("can write the file");
    }

    fn deploy(&self, branch: &str, without: &str) -> CommandResult {
        let mut npm = Command::new("npm");
        let words = ["--prefix", "amplify", "exec", "--offline", "--", "ampx", "pipeline-deploy", "--branch", branch];
        self.emulator.prepare(npm.args(words).args(["--app-id", &self.app_id]).current_dir(&self.directory));
        npm.env("AWS_ACCESS_KEY_ID", KEY).env("AWS_SECRET_ACCESS_KEY", SECRET).env("HOME", &self.directory);
        npm.env("CI", "1").env("AMPLIFY_DISABLE_TELEMETRY", "1").env_remove(without);
        run(&mut npm)
    }

    /// The statuses of the stacks of a branch.
    fn stacks(&self, branch: &str) -> Vec<String> {
        let found = self.emulator.json(&["cloudformation", "describe-stacks"]);
        let is_of_branch = |stack: &&Value| stack["StackName"].to_string().contains(&format!("-{branch}-branch-"));
        let status = |stack: &Value| stack["StackStatus"].as_str().unwrap_or_default().to_owned();
        found["Stacks"].as_array().into_iter().flatten().filter(is_of_branch).map(status).collect()
    }

    fn stack_id(&self, branch: &str) -> Value {
        let get = ["amplify", "get-branch", "--app-id", &self.app_id, "--branch-name", branch];
        self.emulator.json(&get)["branch"]["backend"]["stackArn"].clone()
    }
}

#[test]
#[ignore = "`cargo xtask test publish`"]
fn what_publish_prevents() {
    let project = Project::new("ampx");
    let outputs = || fs::read_to_string(project.directory.join("amplify_outputs.json")).unwrap_or_default();
    let with_output = |value: &str| format!("{BACKEND}backend.addOutput({{ custom: {{ it: {value} }} }});\n");

    // Without the branch, the stack is rolled back: its custom resource links it to the branch.
    project.write(&with_output("'first'"));
    let result = project.deploy("dev", "");
    assert_eq!(
        (result.code, project.stacks("dev")),
        (Some(1), vec!["ROLLBACK_COMPLETE".to_owned()]),
        "{}",
        result.text
    );
    assert!(result.text.contains("Branch dev not found"), "{}", result.text);

    // It refuses to run outside of CI.
    project.create_branch("dev");
    let result = project.deploy("dev", "CI");
    assert!(result.code == Some(1) && result.text.contains("outside of a CI/CD workflow"), "{}", result.text);

    // Type errors are detected only if there is a tsconfig.json.
    project.write(&format!("{}export const it: number = 'text';\n", with_output("'second'")));
    let result = project.deploy("dev", "");
    assert_eq!((result.code, project.stacks("dev")), (Some(0), vec!["CREATE_COMPLETE".to_owned()]), "{}", result.text);
    assert!(outputs().contains("second") && project.stack_id("dev").is_string(), "{}", outputs());
    assert_eq!(project.emulator.unsupported(), [""; 0], "not supported by the emulator");
}
