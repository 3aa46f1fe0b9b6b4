//! The AWS emulator: `tests/emulator` as a program, and the real aws CLI to inspect its state.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use super::{packages, python, root};

/// The keys of the user who publishes in the tests.
pub(crate) const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCY+EXAMPLEKEY";

/// A running emulator.
pub(crate) struct Emulator {
    child: Child,
    pub(crate) url: String,
    /// A folder with `aws`, the real CLI, which is loaded already (`emulator/aws_cli.py`).
    pub(crate) programs: PathBuf,
    /// The `bin` directory of its Python environment, with an `aws` that loads itself.
    pub(crate) environment: PathBuf,
    calls: PathBuf,
}

/// A recorded call, such as `cloudformation UpdateStack` or `amplify POST /apps`.
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) status: u64,
}

impl Emulator {
    /// Starts an emulator without resources.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    /// Starts an emulator that refuses to create a resource of this type once.
    pub(crate) fn start_refusing(folder: &Path, resource_type: &str) -> Self {
        Self::start_with(folder, &[("EMULATOR_REFUSES", resource_type)])
    }

    /// Starts an emulator that silently skips a resource type, as moto does with unknown ones.
    pub(crate) fn start_without(folder: &Path, resource_type: &str) -> Self {
        Self::start_with(folder, &[("EMULATOR_SKIPS", resource_type)])
    }

    fn start_with(folder: &Path, variables: &[(&str, &str)]) -> Self {
        let environment = python("aws-venv", include_str!("../../emulator/requirements.txt"));
        let calls = folder.join("calls.jsonl");
        let log = fs::File::create(folder.join("emulator.log")).expect("can create the log");
        let mut server = module(&environment, "emulator.server");
        server.arg(&calls).envs(variables.iter().copied()).env("EMULATOR_SDK", packages::directory()).stderr(log);
        let (child, url) = first_line(&mut server);
        assert!(url.starts_with("http://"), "see {}/emulator.log", folder.display());
        Self { child, url, programs: aws_cli(&environment), environment, calls }
    }

    /// Sets the variables of a command for this emulator: the endpoint, the aws CLI and the user's keys.
    pub(crate) fn prepare(&self, command: &mut Command) {
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .env("PATH", format!("{}:{path}", self.programs.display()))
            .env("AWS_ENDPOINT_URL", &self.url)
            .env("AMPLIFY_HOSTING_URL", &self.url)
            .env("AWS_REGION", "us-east-1")
            // Version 1 of the aws CLI only reads this one.
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AMPLIFY_USER_ACCESS_KEY_ID", KEY)
            .env("AMPLIFY_USER_SECRET_ACCESS_KEY", SECRET);
    }

    /// Bootstraps the account for the CDK, as `cdk bootstrap` does. Installs the packages that deploy a Gen 2 backend.
    pub(crate) fn bootstrap(&self) {
        let mut command = Command::new("node");
        self.prepare(&mut command);
        command.env("AWS_ACCESS_KEY_ID", "AKIATHETEST").env("AWS_SECRET_ACCESS_KEY", "unused");
        command.arg(root().join("xtask/tests/emulator/bootstrap.mjs")).arg(packages::install());
        let output = command.args(["123456789012", "us-east-1"]).output().expect("node runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The output of the real aws CLI, run as another user.
    pub(crate) fn aws(&self, arguments: &[&str]) -> Vec<u8> {
        let mut command = Command::new(self.programs.join("aws"));
        self.prepare(&mut command);
        command.env("AWS_ACCESS_KEY_ID", "AKIATHETEST").env("AWS_SECRET_ACCESS_KEY", "unused").args(arguments);
        let output = command.output().expect("aws runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_slice(&self.aws(arguments)).expect("it is JSON")
    }

    /// The resource types and calls that the emulator does not support, but were used.
    pub(crate) fn unsupported(&self) -> Vec<String> {
        self.lines().iter().filter_map(|line| line.get("unsupported")).map(Value::to_string).collect()
    }

    /// The calls of the user who publishes, starting with the call number `from`, and the number of all calls. Fails if
    /// anything unsupported was used.
    pub(crate) fn calls(&self, from: usize) -> (Vec<Call>, usize) {
        assert_eq!(self.unsupported(), [""; 0], "not supported by the emulator");
        let lines = self.lines();
        let call = |call: &Value| {
            let part = |name: &str| call[name].as_str().unwrap_or_default().to_owned();
            let (service, mut operation) = (part("service"), part("operation"));
            if service == "amplify" {
                operation = format!("{operation} {}", part("path"));
            }
            let status = call["status"].as_u64().unwrap_or(0);
            Call { name: format!("{service} {operation}"), key: part("key"), status }
        };
        let calls = lines[from.min(lines.len())..].iter().map(call).filter(|call| call.key == KEY).collect();
        (calls, lines.len())
    }

    fn lines(&self) -> Vec<Value> {
        let text = fs::read_to_string(&self.calls).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect()
    }
}

/// A Python program of these tests, which runs until the end of its input.
fn module(environment: &Path, name: &str) -> Command {
    let mut command = Command::new(environment.join("python"));
    command.args(["-m", name]).env("PYTHONDONTWRITEBYTECODE", "1").current_dir(root().join("xtask/tests"));
    command
}

/// Starts a program, which prints a line once it is ready.
fn first_line(command: &mut Command) -> (Child, String) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python runs");
    let mut line = String::new();
    let output = child.stdout.take().expect("it is piped");
    BufReader::new(output).read_line(&mut line).expect("it prints a line");
    (child, line.trim().to_owned())
}

/// A folder with the aws CLI, which is loaded once for all tests of this process.
fn aws_cli(environment: &Path) -> PathBuf {
    static CLI: OnceLock<(Child, String)> = OnceLock::new();
    let (_, folder) = CLI.get_or_init(|| first_line(&mut module(environment, "emulator.aws_cli")));
    assert_ne!(folder, "", "the aws CLI could not be loaded");
    folder.into()
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
