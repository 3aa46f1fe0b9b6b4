//! What the tests share: a real PostgreSQL, a fresh database for each test, and running `xtask`.

pub(crate) mod clone;
pub(crate) mod emulator;
pub(crate) mod folders;
pub(crate) mod isolation;
pub(crate) mod machine;
pub(crate) mod packages;
pub(crate) mod proxy;
pub(crate) mod release;
pub(crate) mod revisions;
pub(crate) mod sources;
pub(crate) mod stand_ins;
pub(crate) mod tour;
pub(crate) mod wait;

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use cluster::{Binaries, ClusterError, Durability, Home, Stamp, Temporary};
use connection::{Connection, Listener, Settings};
use postgres::{Client, NoTls, SimpleQueryMessage};

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is in the checkout").to_owned()
}

/// The application that the tests use, with its paths as in a checkout: a team replaces the one in this repository with
/// its own (see `xtask/folders.toml`).
pub(crate) fn sample() -> PathBuf {
    root().join("xtask/tests/sample")
}

/// The target directory.
fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is below the target directory")
}

/// The server that the tests use.
pub(crate) struct Server {
    /// A host name or the directory of a socket.
    pub(crate) host: String,
    pub(crate) port: String,
    _temporary: Option<Temporary>,
}

/// The server for all tests: the one in `XTASK_TEST_POSTGRES`, which `cargo xtask test` sets, or else a temporary one, which
/// stops when the process exits, even if it is killed.
pub(crate) fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let server = match std::env::var("XTASK_TEST_POSTGRES") {
            Ok(url) => {
                let settings = connection::Settings::resolve(&url, &|_| None).expect("a URL");
                let (host, port) = (settings.hosts()[0].to_owned(), settings.ports()[0].to_string());
                Server { host, port, _temporary: None }
            }
            Err(_) => {
                let temporary = Temporary::start_with(&binaries(), Durability::Unflushed, &["max_prepared_transactions=5".to_owned()])
                    .expect("the server starts");
                let host = temporary.socket().display().to_string();
                Server { host, port: "5432".to_owned(), _temporary: Some(temporary) }
            }
        };
        // Roles with a name that starts with `secret` require a password.
        let rules = "local all /^secret scram-sha-256|host all /^secret all scram-sha-256|local all all trust|host all all all trust";
        let mut client = connect_at(&server, "postgres");
        let file = client.query_one("SELECT current_setting('hba_file')", &[]).expect("can read the setting").get::<_, String>(0);
        let write = format!("COPY (SELECT unnest(string_to_array('{rules}', '|'))) TO '{file}'");
        client.batch_execute(&format!("{write}; SELECT pg_reload_conf()")).expect("can write the rules");
        server
    })
}

/// The programs of the embedded PostgreSQL.
pub(crate) fn binaries() -> Binaries {
    // Fetched once, by the first test that needs them.
    static BINARIES: OnceLock<Binaries> = OnceLock::new();
    let fetch = || {
        let embedded =
            Home::new(target(), 17).and_then(|home| home.open(&|_: &str| ())).expect("can find or fetch the binaries");
        embedded.binaries().clone()
    };
    BINARIES.get_or_init(fetch).clone()
}

/// A fresh database for one test.
pub(crate) struct Database {
    pub(crate) name: String,
}

impl Database {
    pub(crate) fn create() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        // Several test runs may share a server.
        let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut session = connect("postgres");
        // Copying the files takes less CPU time than logging each page. Before version 15, it is the only way.
        let version = session.query_one("SELECT current_setting('server_version_num')::int", &[]).expect("a version");
        let options = if version.get::<_, i32>(0) >= 150_000 { " STRATEGY file_copy" } else { "" };
        session.batch_execute(&format!("CREATE DATABASE {name}{options}")).expect("can create the database");
        Self { name }
    }

    /// The value for `--url`.
    pub(crate) fn url(&self) -> String {
        format!("host={} port={} dbname={} user=postgres", server().host, server().port, self.name)
    }

    pub(crate) fn client(&self) -> Client {
        connect(&self.name)
    }

    /// The rows of a query, with the columns joined by `|`.
    pub(crate) fn rows(&self, query: &str) -> Vec<String> {
        let messages = self.client().simple_query(query).unwrap_or_else(|error| panic!("{query}: {error:?}"));
        let row = |message: &SimpleQueryMessage| match message {
            SimpleQueryMessage::Row(row) => {
                let columns = (0..row.len()).map(|column| row.get(column).unwrap_or("null"));
                Some(columns.collect::<Vec<_>>().join("|"))
            }
            _ => None,
        };
        messages.iter().filter_map(row).collect()
    }

    /// For tests that create many databases.
    pub(crate) fn drop(self) {
        connect("postgres")
            .batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name))
            .expect("can drop the database");
    }

    /// Everything that revisions create in the catalog, as text, to compare two databases.
    pub(crate) fn catalog(&self) -> Vec<String> {
        self.rows(include_str!("catalog.sql"))
    }
}

fn connect(database: &str) -> Client {
    connect_at(server(), database)
}

/// A session of the library that the product uses.
pub(crate) fn session(database: &Database) -> Connection {
    let settings = Settings::resolve(&database.url(), &|_| None).expect("a URL");
    let listener: Listener = Arc::new(|_| ());
    connection::connect(&settings, Duration::from_secs(60), &listener).expect("can connect")
}

/// The major version of the server.
pub(crate) fn major() -> u32 {
    static MAJOR: OnceLock<u32> = OnceLock::new();
    *MAJOR.get_or_init(|| {
        let query = "SELECT current_setting('server_version_num')::int4 / 10000";
        let row = connect_at(server(), "postgres").query_one(query, &[]).expect("can read the version");
        row.get::<_, i32>(0).unsigned_abs()
    })
}

/// Compares with the expected text, or writes it. Another version than 17 writes some expressions differently.
pub(crate) fn expect_text(path: &Path, text: &str) {
    if major() != 17 {
        return;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(path, text).expect("can write the file");
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert!(text == expected, "{} differs:\n{text}", path.display());
}

pub(crate) fn connect_at(server: &Server, database: &str) -> Client {
    postgres::Config::new()
        .host(&server.host)
        .port(server.port.parse().expect("it is a number"))
        .user("postgres")
        .dbname(database)
        .connect(NoTls)
        .expect("can connect to the test server")
}

/// Waits for others who install something with this name. Several test programs may run at the same time.
pub(crate) fn lock(name: &str) -> fs::File {
    lock_file(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.lock")))
}

/// A lock on a file, which is created.
fn lock_file(path: &Path) -> fs::File {
    let file = fs::File::create(path).expect("can create the file");
    file.lock().expect("can lock the file");
    file
}

/// The `bin` directory of a Python environment with these packages, installed once below the target directory.
pub(crate) fn python(name: &str, requirements: &str) -> PathBuf {
    let _lock = lock(name);
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let programs = environment.join("bin");
    let run = |command: &mut Command| {
        let output = command.output().expect("Python 3 with venv is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let install = || -> Result<(), ClusterError> {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment));
        let list = environment.join("requirements.txt");
        fs::write(&list, requirements).expect("can write the list");
        run(Command::new(programs.join("python")).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(list));
        Ok(())
    };
    Stamp::new(environment.join("installed.txt"), requirements)
        .install_once(install)
        .expect("can install the packages");
    programs
}

/// Copies the current state of a folder in this checkout: its tracked and untracked files, without the ignored ones. The
/// copies are as old as the files, so that cargo sees that it has compiled them.
pub(crate) fn copy_checkout(from: &Path, to: &Path) {
    let listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let files = Command::new("git").args(listed).current_dir(from).output().expect("git runs");
    for name in String::from_utf8_lossy(&files.stdout).split_terminator('\0') {
        let (from, to) = (from.join(name), to.join(name));
        fs::create_dir_all(to.parent().expect("it has a parent")).expect("can create the folder");
        if from.exists() {
            fs::copy(&from, &to).expect("can copy the file");
            let modified = fs::metadata(from).and_then(|metadata| metadata.modified()).expect("the file has a time");
            let copy = fs::File::options().append(true).open(to).expect("can open the copy");
            copy.set_modified(modified).expect("can set the time");
        }
    }
}

/// Runs git in a directory, with an identity for commits, and returns its output.
pub(crate) fn git(directory: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=test", "-c", "user.email=test@example.com"]).args(arguments);
    let output = git.current_dir(directory).output().expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// `xtask` in the sample, without the variables in the environment that select databases and accounts.
pub(crate) fn xtask(directory: &Path) -> Command {
    clean(Path::new(env!("CARGO_BIN_EXE_xtask")), directory)
}

/// Like [`xtask`], for another program.
pub(crate) fn clean(program: &Path, directory: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars() {
        if ["PG", "DATABASE_", "CODEBUILD_", "AWS_", "AMPLIFY_"].iter().any(|start| name.starts_with(start)) {
            command.env_remove(name);
        }
    }
    command.env("CI", "1").env("NO_COLOR", "1").current_dir(directory);
    // A test with a separate checkout sets the first. The sample has no crates, so `verify` is the one in this
    // checkout.
    command.env("CARGO_MANIFEST_DIR", sample().join("xtask")).env("XTASK_TEST_WORKSPACE", root());
    command.env("CARGO_TARGET_DIR", target());
    // The directory of a test is not part of the repository that contains it.
    command.env("GIT_CEILING_DIRECTORIES", env!("CARGO_TARGET_TMPDIR"));
    command
}

/// Runs `xtask db …` with a database and a directory of revisions.
pub(crate) fn db(database: &Database, versions: &Path, arguments: &[&str]) -> Output {
    let mut command = xtask(&root());
    command.arg("db").args(arguments).arg("--dir").arg(versions).arg("--url").arg(database.url());
    command.output().expect("xtask runs")
}

/// A value that must not reach any program that xtask runs.
pub(crate) const SENTINEL: &str = "hunter2-sentinel";

/// Variables with secrets, known ones and others, all with the value of [`SENTINEL`].
pub(crate) fn secret_variables() -> impl Iterator<Item = (&'static str, &'static str)> {
    let names = "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CONTAINER_CREDENTIALS_RELATIVE_URI \
        AWS_CONTAINER_AUTHORIZATION_TOKEN AMPLIFY_USER_ACCESS_KEY_ID AMPLIFY_USER_SECRET_ACCESS_KEY PGPASSWORD PGPASSFILE \
        PGDATA DATABASE_SECRET_OF_ANOTHER_TOOL GITHUB_TOKEN GH_TOKEN NPM_TOKEN NODE_AUTH_TOKEN npm_config__auth \
        npm_config__password npm_config_//localhost/:_authToken CARGO_REGISTRY_TOKEN GIT_PASSWORD SENTRY_AUTH_TOKEN \
        STRIPE_API_KEY SSH_AUTH_SOCK VAULT_TOKEN MY_DATABASE A_NAME_WITHOUT_MEANING";
    names.split_whitespace().map(|name| (name, SENTINEL))
}

/// Asserts that a run succeeded, and returns its standard error.
pub(crate) fn succeed(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}");
    text
}

/// Writes a revision file.
pub(crate) fn write_revision(directory: &Path, id: &str, fields: &str, upgrade: &str, downgrade: &str) {
    let text = format!(
        "-- revision {id}\n--\n-- Revision ID: {id}\n{fields}\n\n-- migrate:upgrade\n{upgrade}\n\n-- migrate:downgrade\n{downgrade}\n"
    );
    std::fs::create_dir_all(directory).expect("can create the directory");
    std::fs::write(directory.join(format!("{id}.sql")), text).expect("can write the file");
}

/// Writes a program in the language of sh.
pub(crate) fn program(folder: &Path, name: &str, shell: &str) {
    let path = folder.join(name);
    fs::create_dir_all(folder).expect("can create the folder");
    fs::write(&path, format!("#!/bin/sh\n{shell}\n")).expect("can write the file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("can set the mode");
}

/// The server of the tests, as a value for `--postgres`.
pub(crate) fn server_url() -> String {
    format!("host={} port={} user=postgres dbname=postgres", server().host, server().port)
}

/// Runs the round trips of `db verify` on the server of the tests: the names of the files with findings, whether everything
/// passed, and the output.
pub(crate) fn round_trip(directory: &Path) -> (BTreeSet<String>, bool, String) {
    let programs = Path::new(env!("CARGO_BIN_EXE_xtask")).parent().expect("it has a parent");
    let mut build = Command::new(env!("CARGO"));
    let built = build.args(["build", "--quiet", "--package", "verify"]).current_dir(root()).status();
    assert!(built.expect("cargo runs").success());
    let mut command = Command::new(programs.join("verify"));
    command.arg("--dir").arg(directory).args(["round-trip", "--target", "/nowhere", "--format", "json"]);
    let output = command.args(["--postgres", &server_url()]).output().expect("verify runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let findings = text(&output.stdout);
    let path = |line: &str| Some(line.split_once("\"path\":\"")?.1.split_once('"')?.0.to_owned());
    let name = |path: String| Path::new(&path).file_name().map(|name| name.to_string_lossy().into_owned());
    let files = findings.lines().filter_map(path).filter_map(name).collect();
    (files, output.status.success(), findings + &text(&output.stderr))
}

/// Runs the work for every item, several at a time. Its first argument is the number of the worker, from 0.
pub(crate) fn in_parallel<Item: Sync>(workers: usize, items: &[Item], work: impl Fn(usize, &Item) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let (next, work) = (&next, &work);
            scope.spawn(move || {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(worker, item);
                }
            });
        }
    });
}

/// A free port to listen on. It is below the kernel's range of ephemeral ports, so that no outgoing connection takes it in the
/// meantime.
pub(crate) fn unused_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").expect("this is Linux");
    let first: u32 = range.split_whitespace().next().and_then(|port| port.parse().ok()).expect("can bind a port");
    let (low, count) = (first / 2, first / 2);
    assert!(count > 0, "there are no ports below the ephemeral ones: {range}");
    loop {
        // Concurrent test runs start at different ports.
        let number = std::process::id().wrapping_mul(64).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = u16::try_from(low + number % count).expect("it fits a port number");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// An empty directory for a test.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("can create the directory");
    path
}
