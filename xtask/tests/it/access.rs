//! `--env` of `cargo xtask db`, with stand-ins for the aws CLI and Session Manager's plugin. The stand-in of the plugin has
//! this test forward the port to a real PostgreSQL with TLS.
//!
//! This does not show that AWS starts such sessions, nor that the policies suffice.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};

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
        let mut child = site.command("status --env dev").spawn().expect("xtask runs");
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

mod with_openssl {
    use std::io;
    use std::net::{TcpListener, TcpStream};
    use std::os::unix::process::CommandExt;
    use std::process::Stdio;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread::{JoinHandle, spawn};
    use std::time::Duration;

    use super::*;
    use crate::support::{root, write_revision};
    use crate::with_openssl::tls::{Certificates, Server};

    /// Forwards the ports that the plugin asks for, until it is dropped.
    struct Forwarding {
        is_over: Arc<AtomicBool>,
        thread: Option<JoinHandle<()>>,
    }

    impl Forwarding {
        fn start(site: &Site, server: u16) -> Self {
            let is_over = Arc::new(AtomicBool::new(false));
            let (over, programs) = (Arc::clone(&is_over), site.programs.clone());
            let thread = spawn(move || {
                while !over.load(Ordering::SeqCst) {
                    std::thread::sleep(Duration::from_millis(10));
                    let Ok(port) = fs::read_to_string(programs.join("port")) else { continue };
                    fs::remove_file(programs.join("port")).expect("can delete the file");
                    let port: u16 = port.trim().parse().expect("it is a port");
                    let listener = TcpListener::bind(("127.0.0.1", port)).expect("the port is unused");
                    spawn(move || listener.incoming().map_while(Result::ok).for_each(|client| forward(client, server)));
                    fs::write(programs.join(format!("open-{port}")), "").expect("can write the file");
                }
            });
            Self { is_over, thread: Some(thread) }
        }
    }

    impl Drop for Forwarding {
        fn drop(&mut self) {
            self.is_over.store(true, Ordering::SeqCst);
            let _ = self.thread.take().map(JoinHandle::join);
        }
    }

    fn forward(client: TcpStream, server: u16) {
        let server = TcpStream::connect(("127.0.0.1", server)).expect("the server runs");
        let pairs = [(&client, &server), (&server, &client)];
        for (from, to) in pairs {
            let (mut from, mut to) =
                (from.try_clone().expect("can clone the stream"), to.try_clone().expect("can clone the stream"));
            spawn(move || {
                let _ = io::copy(&mut from, &mut to);
                let _ = to.shutdown(std::net::Shutdown::Both);
            });
        }
    }

    /// The calls of a session with these credentials. Only the first one waits for the build, and for its agent.
    fn session(credentials: &str) -> Vec<String> {
        let session = ["codebuild start-build", "codebuild batch-get-builds", "ssm start-session", credentials];
        BEFORE.iter().chain(&session).chain(&["codebuild stop-build"]).map(|&call| call.to_owned()).collect()
    }

    impl Site {
        /// Runs a command in a new session: its output, and standard error without ports.
        fn through_aws(&self, arguments: &str) -> (Option<i32>, String, String) {
            let output = self.run(arguments);
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
            for secret in [TOKEN, PASSWORD] {
                assert!(!stdout.contains(secret) && !stderr.contains(secret), "{arguments}: {stdout}{stderr}");
            }
            assert!(!is_running(&self.programs), "{arguments}: the session is still open");
            (output.status.code(), stdout, stderr)
        }

        fn succeed(&self, arguments: &str, credentials: &str) -> (String, String) {
            let (code, stdout, stderr) = self.through_aws(arguments);
            assert_eq!(code, Some(0), "{arguments}: {stdout}{stderr}");
            assert!(
                stderr.trim_end().ends_with("the session has ended: stopped the build `site-dev-access:b-1`"),
                "{stderr}"
            );
            let mut calls = self.calls();
            calls.dedup();
            assert_eq!(calls, session(credentials), "{arguments}");
            (stdout, stderr)
        }
    }

    const READER: &str = "rds generate-db-auth-token";
    const OWNER: &str = "secretsmanager get-secret-value";

    /// The revision in docs/database-access.md: its upgrade and downgrade.
    fn documented() -> (String, String) {
        let page = fs::read_to_string(root().join("docs/database-access.md")).expect("can read the page");
        let (_, rest) = page.split_once("-- migrate:upgrade\n").expect("the page has the revision");
        let (upgrade, rest) = rest.split_once("-- migrate:downgrade\n").expect("it has a downgrade");
        let (downgrade, _) = rest.split_once("```").expect("it ends");
        (upgrade.to_owned(), downgrade.to_owned())
    }

    /// Whether a session of the server sleeps.
    fn sleeps(server: &Server) -> bool {
        let found = "EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep')";
        server.run(&format!("DO $$BEGIN IF NOT {found} THEN RAISE 'not yet'; END IF; END$$")).is_ok()
    }

    /// Requires psql, too.
    mod with_psql {
        use super::*;

        #[test]
        fn commands_run_on_the_database_of_an_environment() {
            let site = Site::new("access", "database_access = \"write\"");
            let certificates = Certificates::new(&scratch("access-certificates"));
            certificates.sign("database", HOST, &format!("subjectAltName=DNS:{HOST}"), "ca", "-days 30");
            let bundle = fs::read_to_string(certificates.path("ca.crt")).expect("can read the certificate");
            site.write("db/certs/rds-global-bundle.pem", &bundle);
            let server = Server::start("access", &certificates);
            server.set_certificate(&certificates, Some("database"));
            let _forwarding = Forwarding::start(&site, server.port);
            server
                .run(&format!("CREATE ROLE migrator LOGIN CREATEROLE PASSWORD '{PASSWORD}'"))
                .expect("can create the role");
            server.run("CREATE DATABASE app OWNER migrator").expect("can create the database");

            // The owner migrates, from here.
            let versions = site.directory.join("db/versions");
            write_revision(
                &versions,
                "a1",
                "-- Revises:",
                "CREATE TABLE rooms (id int PRIMARY KEY);",
                "DROP TABLE rooms;",
            );
            let (upgrade, downgrade) = documented();
            write_revision(&versions, "b2", "-- Revises: a1", &upgrade, &downgrade);
            write_revision(&versions, "c3", "-- Revises: b2", "CREATE TABLE later (id int);", "DROP TABLE later;");
            let (_, stderr) = site.succeed("upgrade b2 --env dev --as-owner", OWNER);
            assert!(site.programs.join("connected").exists(), "the agent was not waited for");
            assert!(stderr.contains("the database user `migrator` is the owner and may change everything"), "{stderr}");
            server.run(&format!("ALTER ROLE readonly PASSWORD '{TOKEN}'")).expect("can set the password");

            // The reader sees everything, with a token.
            let (stdout, stderr) = site.succeed("current --env dev", READER);
            assert!(stdout.starts_with("b2"), "{stdout}");
            let identity = "account 123456789012, eu-west-1, as arn:aws:sts::123456789012:assumed-role/OnCall/ann";
            for part in [identity, "the database user `readonly` only reads", "has this connection as `xtask db ann`"] {
                assert!(stderr.contains(part), "{part}: {stderr}");
            }
            let (_, stderr) = site.succeed("upgrade --dry-run --env dev", READER);
            assert!(stderr.contains("c3"), "{stderr}");
            for command in ["status", "check b2"] {
                site.succeed(&format!("{command} --env dev"), READER);
            }
            psql(&site, &server);

            // What later revisions create, too.
            site.succeed("upgrade --env dev --as-owner", OWNER);
            let (stdout, _) = site.succeed("dump --env dev", READER);
            assert!(stdout.contains("later"), "{stdout}");

            // Ctrl-C while a statement runs: it is canceled through the session, which then ends.
            let slow = "SELECT pg_sleep(600);";
            write_revision(&versions, "d4", "-- Revises: c3", slow, "");
            let mut upgrade = site.command("upgrade --env dev --as-owner");
            let mut upgrade = upgrade.stderr(Stdio::null()).spawn().expect("xtask runs");
            wait_until("the statement runs", || sleeps(&server));
            signal(&upgrade);
            assert_eq!(exit_code(&mut upgrade, "upgrade"), Some(130));
            assert!(!sleeps(&server), "the statement still runs");
            assert_eq!(site.calls(), session(OWNER));
            assert!(!is_running(&site.programs), "the session is still open");
            fs::remove_file(versions.join("d4.sql")).expect("can delete the file");

            // Nothing changes, and the session ends all the same.
            for command in ["downgrade -1", "stamp b2"] {
                let (code, _, stderr) = site.through_aws(&format!("{command} --env dev"));
                assert_eq!(code, Some(1), "{command}: {stderr}");
                assert_eq!(site.calls(), session(READER), "{command}");
                for part in ["which the user `readonly` only reads", "repeat it with `--as-owner`"] {
                    assert!(stderr.contains(part), "{command}: {stderr}");
                }
                assert!(!stderr.contains("read_only=off"), "{command}: {stderr}");
            }
            assert!(site.succeed("current --env dev", READER).0.starts_with("c3"));

            // Without a database, nothing is started.
            site.write("db/versions/broken.sql", "-- migrate:upgrade\n");
            assert_ne!(site.through_aws("upgrade --dry-run --env dev").0, Some(0));
            assert_eq!(site.calls(), [""; 0]);
            fs::remove_file(versions.join("broken.sql")).expect("can delete the file");

            // A build that can't be stopped.
            site.answer("unstoppable", "");
            let (code, _, stderr) = site.through_aws("current --env dev");
            assert_eq!(code, Some(0), "{stderr}");
            assert!(stderr.contains("stop it with `aws codebuild stop-build --id site-dev-access:b-1`"), "{stderr}");
            fs::remove_file(site.programs.join("unstoppable")).expect("can delete the file");
            site.calls();

            // The certificate is checked against the name of the database, not that of this machine.
            server.set_certificate(&certificates, Some("valid"));
            let (code, _, stderr) = site.through_aws("current --env dev");
            assert_eq!(code, Some(1), "{stderr}");
            assert!(stderr.contains("the certificate is for a different host name"), "{stderr}");
            assert_eq!(site.calls(), session(READER));

            // What the page says to revert is reverted.
            server.set_certificate(&certificates, Some("database"));
            site.succeed("downgrade a1 --env dev --as-owner", OWNER);
            assert!(server.run("SET ROLE readonly").is_err(), "the role is still there");
        }

        /// psql as the reader: its options, a failing statement, and Ctrl-C, which a terminal sends to all programs.
        fn psql(site: &Site, server: &Server) {
            let command = |sql: &str| {
                let mut command = site.command("psql --env dev -- -At -c");
                command.arg(sql).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
                command
            };
            let who = "SELECT current_user, application_name, current_setting('transaction_read_only'), ssl FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE pid = pg_backend_pid()";
            let output = command(who).output().expect("xtask runs");
            assert_eq!(String::from_utf8_lossy(&output.stdout), "readonly|xtask db ann|on|t\n");
            assert_eq!(site.calls(), session(READER));
            let output = command("DELETE FROM rooms").output().expect("xtask runs");
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(stderr.contains("cannot execute DELETE in a read-only transaction"), "{stderr}");
            assert_eq!((output.status.code(), site.calls()), (Some(1), session(READER)));

            let child = command("SELECT pg_sleep(600)").spawn().expect("xtask runs");
            wait_until("psql sleeps", || sleeps(server));
            let kill = format!("kill -s INT -- -{}", child.id());
            assert!(Command::new("sh").args(["-c", &kill]).status().expect("sh runs").success());
            let output = child.wait_with_output().expect("it exits");
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(stderr.contains("canceling statement due to user request"), "{stderr}");
            assert_eq!((output.status.code(), site.calls()), (Some(1), session(READER)), "{stderr}");
            assert!(!is_running(&site.programs), "the session is still open");
        }
    }
}
