//! `--env` of `cargo xtask db`, with stand-ins for the aws CLI and Session Manager's plugin. The stand-in of the plugin has
//! this test forward the port to a real PostgreSQL with TLS.
//!
//! This does not show that AWS starts such sessions, nor that the policies suffice.

mod with_openssl;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::json;

use crate::support::wait::{exit_code, wait_until};
use crate::support::{program, scratch, xtask};

/// The real name of the database, which resolves to no address here.
const HOST: &str = "site-dev.cluster-c0ffee.eu-west-1.rds.amazonaws.com";

/// What the stand-ins print, and what must never be printed or passed on.
const TOKEN: &str = "t0ken-of-ann";
const PASSWORD: &str = "hunter2-of-the-owner";

/// The aws CLI. Starting a session waits for the agent once, and runs the plugin as the real one does.
const AWS: &str = r#"
folder=$(dirname "$0")
if env | grep -e t0ken-of-ann -e hunter2-of-the-owner >&2; then exit 98; fi
echo "aws $*" >> "$folder/calls"
case "$1 $2" in
  "sts get-caller-identity") echo '{"Account": "123456789012", "Arn": "arn:aws:sts::123456789012:assumed-role/OnCall/ann"}' ;;
  "cloudformation describe-stacks") cat "$folder/stack.json" ;;
  "codebuild start-build")
    [ ! -f "$folder/slow" ] || { touch "$folder/requested"; sleep 1; }
    echo '{"build": {"id": "site-dev-access:b-1", "buildStatus": "IN_PROGRESS"}}' ;;
  "codebuild batch-get-builds")
    if [ -f "$folder/failed" ]; then cat "$folder/failed"; exit; fi
    if [ -f "$folder/never" ]; then touch "$folder/queued"; fi
    phase=BUILD; [ -f "$folder/queued" ] || phase=PROVISIONING; touch "$folder/queued"
    [ ! -f "$folder/never" ] || phase=QUEUED
    echo '{"builds": [{"buildStatus": "IN_PROGRESS", "currentPhase": "'$phase'", "debugSession": {"sessionTarget": "codebuild:b-1"}}]}' ;;
  "codebuild stop-build") [ ! -f "$folder/unstoppable" ] && echo '{}' || { echo "(AccessDeniedException) no" >&2; exit 254; } ;;
  "ssm start-session")
    if [ ! -f "$folder/connected" ]; then
      touch "$folder/connected"
      echo "An error occurred (TargetNotConnected) when calling the StartSession operation: codebuild:b-1 is not connected." >&2
      exit 254
    fi
    session-manager-plugin "$8" ;;
  "rds generate-db-auth-token") echo t0ken-of-ann ;;
  "secretsmanager get-secret-value") cat "$folder/secret" ;;
  *) exit 99 ;;
esac
"#;

/// The plugin: `with_openssl` forwards the port that it asks for.
const PLUGIN: &str = r#"
folder=$(dirname "$0")
port=$(echo "$1" | sed 's/.*"localPortNumber":\["\([0-9]*\)"\].*/\1/')
echo "$port" > "$folder/port.new"; mv "$folder/port.new" "$folder/port"
echo; echo "Starting session with SessionId: ann-1"
while [ ! -f "$folder/open-$port" ]; do sleep 0.02; done
echo "Port $port opened for sessionId ann-1."
echo "Waiting for connections..."
while :; do sleep 0.1; done
"#;

/// A checkout with the environment `dev`, and the stand-ins.
struct Site {
    directory: PathBuf,
    programs: PathBuf,
}

impl Site {
    /// `settings` are those of the environment.
    fn new(name: &str, settings: &str) -> Self {
        let folder = scratch(name);
        let site = Self { directory: folder.join("checkout"), programs: folder.join("bin") };
        fs::create_dir_all(site.directory.join("db/versions")).expect("can create the folder");
        program(&site.programs, "aws", AWS);
        program(&site.programs, "session-manager-plugin", PLUGIN);
        site.write("xtask.toml", &format!("[infra.environments.dev]\n{settings}\n"));
        site.answer("secret", &json!({"username": "migrator", "password": PASSWORD}).to_string());
        site.deployed(&["DatabaseReadPolicyArn", "DatabaseWritePolicyArn"]);
        site
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.directory.join(file);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("can create the folder");
        fs::write(path, text).expect("can write the file");
    }

    /// What the stand-ins answer, or do.
    fn answer(&self, name: &str, text: &str) {
        fs::write(self.programs.join(name), text).expect("can write the file");
    }

    /// The outputs of the stack.
    fn deployed(&self, policies: &[&str]) {
        let always = [("DatabaseHost", HOST), ("DatabaseName", "app"), ("DatabaseSecretName", "site/dev/database")];
        let all = always.into_iter().chain(policies.iter().map(|&policy| (policy, "arn")));
        let outputs: Vec<_> = all.map(|(key, value)| json!({"OutputKey": key, "OutputValue": value})).collect();
        let stacks = json!({"Stacks": [{"StackStatus": "CREATE_COMPLETE", "Outputs": outputs}]});
        self.answer("stack.json", &stacks.to_string());
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = xtask(&self.directory);
        let path = format!("{}:{}", self.programs.display(), std::env::var("PATH").expect("PATH is set"));
        command.env("PATH", path).env("CARGO_MANIFEST_DIR", self.directory.join("xtask"));
        command.env("CARGO_TARGET_DIR", self.directory.join("target"));
        command.envs([("AWS_REGION", "eu-west-1"), ("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "wJalr")]);
        // Meant for another database, and not to be used.
        command.envs([("PGSSLMODE", "disable"), ("PGHOSTADDR", "192.0.2.1"), ("PGUSER", "postgres")]);
        command.arg("db").args(arguments.split_whitespace());
        command
    }

    fn run(&self, arguments: &str) -> Output {
        self.command(arguments).output().expect("xtask runs")
    }

    /// The exit code and standard error of a command that fails.
    fn refuse(&self, arguments: &str) -> (Option<i32>, String) {
        let output = self.run(arguments);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// The first two words of each call of the aws CLI since the last time.
    fn calls(&self) -> Vec<String> {
        let file = self.programs.join("calls");
        let text = fs::read_to_string(&file).unwrap_or_default();
        let _ = fs::remove_file(file);
        assert!(!text.contains(TOKEN) && !text.contains(PASSWORD), "a secret is an argument: {text}");
        text.lines().map(|line| line.split(' ').skip(1).take(2).collect::<Vec<_>>().join(" ")).collect()
    }
}

/// The calls of a session that was opened and closed, after those that are given.
const BEFORE: [&str; 2] = ["sts get-caller-identity", "cloudformation describe-stacks"];

#[test]
fn is_refused_before_aws_is_asked_unless_it_is_set() {
    let off = Site::new("access-off", "");
    let read = Site::new("access-read", "database_access = \"read\"");
    let cases: [(&Site, &str, &str); 7] = [
        (&off, "psql --env dev", "`database_access` of the environment `dev` is off"),
        (&off, "current --env dev --as-owner", "`database_access` of the environment `dev` is off"),
        (&read, "psql --env dev --as-owner", "`database_access` of the environment `dev` only allows reading"),
        (&read, "psql --env prod", "xtask.toml has no environment `prod`"),
        (&read, "psql --as-owner", "`--as-owner` requires `--env`"),
        (&read, "diff --env dev", "`--env` is only for commands that use an existing database"),
        (&read, "current --env dev --url postgres://h/d", "cannot be used with"),
    ];
    for (site, arguments, message) in cases {
        let (code, stderr) = site.refuse(arguments);
        assert_eq!(code, Some(2), "{arguments}: {stderr}");
        assert!(stderr.contains(message), "{arguments}: {stderr}");
        assert_eq!(site.calls(), [""; 0], "{arguments}");
    }
    assert!(off.refuse("psql --env dev").1.contains("set `database_access = \"read\"` in `[infra.environments.dev]`"));
}

#[test]
fn says_which_program_is_missing() {
    let site = Site::new("access-plugin", "database_access = \"read\"");
    fs::remove_file(site.programs.join("session-manager-plugin")).expect("can delete the program");
    // Without the one of this machine.
    let output = site.command("status --env dev").env("PATH", &site.programs).output().expect("xtask runs");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        stderr.contains("`session-manager-plugin` is not installed") && stderr.contains("install it: https://"),
        "{stderr}"
    );
    assert_eq!(site.calls(), [""; 0]);
}

#[test]
fn another_account_is_refused() {
    let site = Site::new("access-account", "database_access = \"read\"\naccount = \"210987654321\"");
    let (code, stderr) = site.refuse("status --env dev");
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("is in account 210987654321") && stderr.contains("to account 123456789012"), "{stderr}");
    assert_eq!(site.calls(), ["sts get-caller-identity"]);
}

#[test]
fn a_stack_without_it_starts_nothing() {
    let site = Site::new("access-old", "database_access = \"write\"");
    site.deployed(&["DatabaseReadPolicyArn"]);
    let (code, stderr) = site.refuse("status --env dev --as-owner");
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("run `cargo xtask infra deploy --env dev`"), "{stderr}");
    assert_eq!(site.calls(), BEFORE);
}

#[test]
fn a_build_that_fails_is_explained_and_stopped() {
    let site = Site::new("access-failed", "database_access = \"read\"");
    let message = "Cannot have more than 0 builds in queue for the account";
    let phases = json!([{"contexts": []}, {"contexts": [{"message": message}]}]);
    let failed = json!({"builds": [{"buildStatus": "FAILED", "currentPhase": "COMPLETED", "phases": phases}]});
    site.answer("failed", &failed.to_string());
    let (code, stderr) = site.refuse("status --env dev");
    assert_eq!(code, Some(1), "{stderr}");
    for part in [message, "the database was not touched", "stopped the build `site-dev-access:b-1`"] {
        assert!(stderr.contains(part), "{part}: {stderr}");
    }
    let more = ["codebuild start-build", "codebuild batch-get-builds", "codebuild stop-build"];
    assert_eq!(site.calls(), [&BEFORE[..], &more].concat());
}

/// Ctrl-C, at each moment at which there may be a build.
#[test]
fn a_signal_stops_the_build() {
    for (name, moment) in [("slow", "requested"), ("never", "queued"), ("", "port")] {
        let site = Site::new(&format!("access-signal-{moment}"), "database_access = \"read\"");
        if !name.is_empty() {
            site.answer(name, "");
        }
        let mut child = site.command("status --env dev").stderr(Stdio::null()).spawn().expect("xtask runs");
        wait_until(moment, || site.programs.join(moment).exists());
        signal(&child);
        assert_eq!(exit_code(&mut child, moment), Some(130), "{moment}");
        let calls = site.calls();
        let stops = calls.iter().filter(|call| *call == "codebuild stop-build").count();
        assert_eq!(stops, 1, "{moment}: {calls:?}");
        assert!(!is_running(&site.programs), "{moment}: the session is still open");
    }
}

/// Interrupts a program alone, without those that it has started.
fn signal(child: &Child) {
    let kill = format!("kill -s INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().expect("sh runs").success());
}

/// Whether the stand-in of the plugin runs.
fn is_running(programs: &Path) -> bool {
    let plugin = programs.join("session-manager-plugin").display().to_string();
    let command = |entry: fs::DirEntry| fs::read(entry.path().join("cmdline")).unwrap_or_default();
    let commands = fs::read_dir("/proc").expect("this is Linux").filter_map(Result::ok).map(command);
    commands.map(|command| String::from_utf8_lossy(&command).into_owned()).any(|command| command.contains(&plugin))
}
