//! Sessions that end at a PostgreSQL with TLS.

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
        write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE rooms (id int PRIMARY KEY);", "DROP TABLE rooms;");
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
