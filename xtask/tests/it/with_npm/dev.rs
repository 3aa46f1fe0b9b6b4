//! `cargo xtask dev`: one command starts the database, the page and the functions, one Ctrl-C stops all of them.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use crate::init::repository;
use crate::support::machine::Machine;
use crate::support::wait::wait_until;
use crate::support::{copy_checkout, sample, xtask};

/// A checkout that the test may edit. Its packages are kept for the next run.
fn checkout() -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dev");
    for folder in ["db", "amplify/functions/api", "frontend/src"] {
        let _ = fs::remove_dir_all(directory.join(folder));
    }
    copy_checkout(&sample(), &directory);
    directory
}

/// `cargo xtask dev`, running.
struct Dev {
    child: Child,
    /// Of the page.
    address: String,
    messages: JoinHandle<String>,
}

impl Dev {
    fn start(machine: &Machine, checkout: &Path) -> Self {
        let mut command = xtask(checkout);
        command.env_remove("CI").env("CARGO_TARGET_DIR", &machine.target).arg("dev");
        // It runs the functions with its own settings, regardless of the developer's.
        command
            .env("CARGO_MANIFEST_DIR", checkout.join("xtask"))
            .env("PGHOST", "/nowhere")
            .env("PGPASSWORD", "hunter2");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("xtask runs");
        let mut stderr = child.stderr.take().expect("it is piped");
        let messages = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stderr.read_to_string(&mut text);
            text
        });
        let mut output = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let address = output.find_map(|line| {
            let line = line.expect("it is text");
            let (_, address) = line.split_once("http://localhost:")?;
            Some(format!("localhost:{}", address.trim_end_matches('/')))
        });
        // Vite must be able to continue printing.
        std::thread::spawn(move || output.for_each(drop));
        Self { child, address: address.expect("Vite prints the URL"), messages }
    }

    /// The response to a request, with its headers.
    fn request(&self, method: &str, path: &str, body: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        let (address, length) = (&self.address, body.len());
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    fn get(&self, path: &str) -> String {
        self.request("GET", path, "").expect("the page is served")
    }

    /// Waits for a response with this text.
    fn wait_for(&self, path: &str, text: &str) {
        wait_until(&format!("{text} in {path}"), || {
            self.request("GET", path, "").is_ok_and(|answer| answer.contains(text))
        });
    }

    /// Presses Ctrl-C, and returns the output.
    fn interrupt(mut self) -> String {
        let killed = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(killed.expect("kill runs").success());
        assert_eq!(self.child.wait().expect("it exits").code(), Some(130));
        assert!(TcpStream::connect(&self.address).is_err(), "the page is gone");
        self.messages.join().expect("no thread panics")
    }
}

/// The rows of a query on the embedded database.
fn rows(machine: &Machine, query: &str) -> Vec<String> {
    let mut client = postgres::Config::new()
        .host_path(machine.home().join("socket"))
        .user("postgres")
        .dbname("postgres")
        .connect(postgres::NoTls)
        .expect("can connect to the database");
    client.query(query, &[]).expect("can read the rows").iter().map(|row| row.get(0)).collect()
}

#[test]
fn one_signal_stops_the_database_the_page_and_the_functions() {
    let machine = Machine::with_binaries("dev");
    let checkout = checkout();
    let dev = Dev::start(&machine, &checkout);
    dev.wait_for("/", "<div id=\"root\">");
    let release = dev.get("/release.json");
    assert!(release.contains("\"environment\": \"development\"") && release.contains("19e7a6d3c05f"), "{release}");
    machine.expect_servers(1);

    // The rows of seeds.sql, through the function.
    let calendar = dev.get("/api/calendar?from=2026-11-23T00:00:00Z&to=2026-11-30T00:00:00Z");
    assert!(calendar.starts_with("HTTP/1.1 200") && calendar.contains("\"name\":\"Baltic\""), "{calendar}");
    let this_week = "SELECT count(*)::text FROM bookings WHERE lower(during) >= date_trunc('week', now(), 'UTC')";
    assert_eq!(rows(&machine, this_week), ["10"]);

    let id = &rows(&machine, "SELECT id::text FROM rooms WHERE name = 'Baltic'")[0];
    let booking = format!(
        r#"{{"room": "{id}", "email": "ada@example.com", "start": "2030-01-01T09:00:00Z", "end": "2030-01-01T10:00:00Z"}}"#
    );
    let made = dev.request("POST", "/api/bookings", &booking).expect("it is served");
    assert!(made.starts_with("HTTP/1.1 201") && made.contains("location: /api/bookings/"), "{made}");
    let refused = dev.request("POST", "/api/bookings", &booking).expect("it is served");
    assert!(refused.starts_with("HTTP/1.1 409") && refused.contains("bookings_do_not_overlap"), "{refused}");

    // The same code as on AWS, in place: an edit is live, and the one connection is kept.
    let sessions = "SELECT usename::text FROM pg_stat_activity WHERE application_name = 'api'";
    assert_eq!(rows(&machine, sessions), ["rooms_api"]);
    let health = checkout.join("amplify/functions/api/health.ts");
    let text = fs::read_to_string(&health).expect("can read the file");
    assert!(text.contains("'ok'"), "{text}");
    fs::write(&health, text.replace("'ok'", "'edited'")).expect("can write the file");
    dev.wait_for("/api/health", "\"status\":\"edited\"");
    assert_eq!(rows(&machine, sessions), ["rooms_api"]);

    let messages = dev.interrupt();
    machine.expect_servers(0);
    assert!(messages.contains("stopped the page and the database"), "{messages}");
    assert!(!messages.contains("hunter2"), "{messages}");
}

/// A repository that has just got the tool. Here it ends without Vite, after the database has started.
#[test]
fn it_needs_no_revisions() {
    let machine = Machine::with_binaries("dev-without-revisions");
    let package = r#"{"name": "page", "version": "1.0.0"}"#;
    let lock = r#"{"name": "page", "version": "1.0.0", "lockfileVersion": 3, "packages": {}}"#;
    let files = [("frontend/package.json", package), ("frontend/package-lock.json", lock)];
    let checkout = repository("dev-without-revisions", &files);
    let mut command = xtask(&checkout);
    command.env_remove("CI").env("CARGO_TARGET_DIR", &machine.target).env("CARGO_MANIFEST_DIR", checkout.join("xtask"));
    let output = command.arg("dev").output().expect("xtask runs");
    let messages = String::from_utf8_lossy(&output.stderr);
    for expected in ["there are no revisions yet: `cargo xtask db revision -m MESSAGE`", "`frontend` has no Vite"] {
        assert!(messages.contains(expected), "{messages}");
    }
    machine.expect_servers(0);
}
