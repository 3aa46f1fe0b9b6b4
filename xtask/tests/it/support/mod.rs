//! What the tests of the commands share: a real PostgreSQL, a fresh database for each test, running `xtask`.

pub(crate) mod clone;
pub(crate) mod emulator;
pub(crate) mod revisions;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread::sleep;
use std::time::{Duration, Instant};

use cluster::{Binaries, ClusterError, Durability, Home, Stamp, Temporary};
use postgres::{Client, NoTls, SimpleQueryMessage};

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is in the checkout").to_owned()
}

/// The server the tests run on.
pub(crate) struct Server {
    /// A host name, or the directory of a socket.
    pub(crate) host: String,
    pub(crate) port: String,
    _temporary: Option<Temporary>,
}

/// One server for all tests: the one that `XTASK_TEST_POSTGRES` names (as `cargo xtask test` does), else one of our
/// own, which ends with the process, however that ends.
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
                let temporary = Temporary::start(&binaries(), Durability::Unflushed).expect("the server starts");
                let host = temporary.socket().display().to_string();
                Server { host, port: "5432".to_owned(), _temporary: Some(temporary) }
            }
        };
        // Roles whose name begins with `secret` need a password.
        let rules = "local all /^secret scram-sha-256|host all /^secret all scram-sha-256|local all all trust|host all all all trust";
        let mut client = connect_at(&server, "postgres");
        let file = client.query_one("SELECT current_setting('hba_file')", &[]).expect("a setting").get::<_, String>(0);
        let write = format!("COPY (SELECT unnest(string_to_array('{rules}', '|'))) TO '{file}'");
        client.batch_execute(&format!("{write}; SELECT pg_reload_conf()")).expect("rules are set");
        server
    })
}

/// The programs of the embedded PostgreSQL.
pub(crate) fn binaries() -> Binaries {
    // Fetched once, whichever test asks first.
    static BINARIES: OnceLock<Binaries> = OnceLock::new();
    let fetch = || {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("below the target directory");
        let embedded = Home::new(target, 17).and_then(|home| home.open(&|_: &str| ())).expect("there are binaries");
        embedded.binaries().clone()
    };
    BINARIES.get_or_init(fetch).clone()
}

/// A database of its own for one test.
pub(crate) struct Database {
    pub(crate) name: String,
}

impl Database {
    pub(crate) fn create() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        // Several runs may share a server.
        let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        connect("postgres").batch_execute(&format!("CREATE DATABASE {name}")).expect("a database is created");
        Self { name }
    }

    /// What `--url` is given.
    pub(crate) fn url(&self) -> String {
        format!("host={} port={} dbname={} user=postgres", server().host, server().port, self.name)
    }

    pub(crate) fn client(&self) -> Client {
        connect(&self.name)
    }

    /// The rows of a query, columns joined by `|`.
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

    /// For tests that make many.
    pub(crate) fn drop(self) {
        connect("postgres").batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).expect("it goes");
    }

    /// Everything in the catalog that revisions make, as text: to compare two databases.
    pub(crate) fn catalog(&self) -> Vec<String> {
        self.rows(include_str!("catalog.sql"))
    }
}

fn connect(database: &str) -> Client {
    connect_at(server(), database)
}

fn connect_at(server: &Server, database: &str) -> Client {
    postgres::Config::new()
        .host(&server.host)
        .port(server.port.parse().expect("a number"))
        .user("postgres")
        .dbname(database)
        .connect(NoTls)
        .expect("the test server answers")
}

/// The programs of a Python environment with these packages, installed once below the target directory.
pub(crate) fn python(name: &str, requirements: &str) -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _lock = ONE_AT_A_TIME.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let programs = environment.join("bin");
    let run = |command: &mut Command| {
        let output = command.output().expect("Python 3 with venv is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let install = || -> Result<(), ClusterError> {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment));
        let list = environment.join("wanted.txt");
        fs::write(&list, requirements).expect("a list can be written");
        run(Command::new(programs.join("python")).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(list));
        Ok(())
    };
    Stamp::new(environment.join("installed.txt"), requirements).install_once(install).expect("installed");
    programs
}

/// Copies a folder of this checkout as it is now: what git keeps, and what it would keep.
pub(crate) fn copy_checkout(from: &Path, to: &Path) {
    let listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let files = Command::new("git").args(listed).current_dir(from).output().expect("git runs");
    for name in String::from_utf8_lossy(&files.stdout).split_terminator('\0') {
        let (from, to) = (from.join(name), to.join(name));
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder can be made");
        if from.exists() {
            fs::copy(from, to).expect("a file can be copied");
        }
    }
}

/// git in a directory, as somebody who may commit: what it says.
pub(crate) fn git(directory: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=test", "-c", "user.email=test@example.com"]).args(arguments);
    let output = git.current_dir(directory).output().expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// `xtask` as a user runs it, without whatever the environment says of databases and accounts.
pub(crate) fn xtask(directory: &Path) -> Command {
    clean(Path::new(env!("CARGO_BIN_EXE_xtask")), directory)
}

/// The same of another program.
pub(crate) fn clean(program: &Path, directory: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars() {
        if ["PG", "DATABASE_", "CODEBUILD_", "AWS_", "AMPLIFY_"].iter().any(|start| name.starts_with(start)) {
            command.env_remove(name);
        }
    }
    command.env("CI", "1").env("NO_COLOR", "1").current_dir(directory);
    // A test's directory is no part of the repository that it lies in.
    command.env("GIT_CEILING_DIRECTORIES", env!("CARGO_TARGET_TMPDIR"));
    command
}

/// Runs `xtask db …` on a database and directory of revisions.
pub(crate) fn db(database: &Database, versions: &Path, arguments: &[&str]) -> Output {
    let mut command = xtask(&root());
    command.arg("db").args(arguments).arg("--dir").arg(versions).arg("--url").arg(database.url());
    command.output().expect("xtask runs")
}

/// Standard error of a run that has to have succeeded.
pub(crate) fn succeed(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}");
    text
}

/// A revision file.
pub(crate) fn write_revision(directory: &Path, id: &str, fields: &str, upgrade: &str, downgrade: &str) {
    let text = format!(
        "-- revision {id}\n--\n-- Revision ID: {id}\n{fields}\n\n-- migrate:upgrade\n{upgrade}\n\n-- migrate:downgrade\n{downgrade}\n"
    );
    std::fs::create_dir_all(directory).expect("the directory can be made");
    std::fs::write(directory.join(format!("{id}.sql")), text).expect("the file can be written");
}

/// Does something with every item, several at a time; the work is told which worker does it, from 0.
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

/// A port that nobody else gets, ready to be listened on. The kernel hands out its own ports to whatever connects meanwhile, so
/// this is none of them.
pub(crate) fn unused_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").expect("Linux");
    let first: u32 = range.split_whitespace().next().and_then(|port| port.parse().ok()).expect("a port");
    let (low, count) = (first / 2, first / 2);
    assert!(count > 0, "the kernel hands out every port: {range}");
    loop {
        // Runs side by side begin at different ports.
        let number = std::process::id().wrapping_mul(64).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = u16::try_from(low + number % count).expect("below the first of the kernel's");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// An empty directory of a test's own.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a scratch directory can be made");
    path
}

/// A target directory of a test's own, with the binaries that are there already.
pub(crate) struct Machine {
    pub(crate) target: PathBuf,
}

impl Machine {
    pub(crate) fn new(name: &str) -> Self {
        // The server runs as another user when this is root: below /tmp everyone can get to it.
        let target = PathBuf::from(format!("/tmp/xtask-embedded-{}-{name}", std::process::id()));
        fs::create_dir_all(target.join("postgres/17")).expect("a directory can be made");
        Self { target }
    }

    pub(crate) fn with_binaries(name: &str) -> Self {
        binaries();
        let machine = Self::new(name);
        let own = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("below the target directory");
        let home = cluster::Home::new(own, 17).expect("there is a user to run it");
        let npm = home.directory().join("npm");
        if npm.exists() {
            std::os::unix::fs::symlink(npm, machine.home().join("npm")).expect("a link can be made");
        }
        machine
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.target.join("postgres/17")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = xtask(&root());
        command.env_remove("CI").env("CARGO_TARGET_DIR", &self.target).arg("db").args(arguments);
        command
    }

    pub(crate) fn db(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("xtask runs")
    }

    /// Waits until so many servers run: one that has been stopped is still listed for a moment.
    pub(crate) fn expect_servers(&self, count: usize) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while self.servers() != count {
            assert!(Instant::now() < deadline, "{} servers run instead of {count}", self.servers());
            sleep(Duration::from_millis(20));
        }
    }

    /// The servers on this machine's data, as `/proc` lists them.
    pub(crate) fn servers(&self) -> usize {
        let data = self.home().join("data").display().to_string();
        let command = |entry: fs::DirEntry| fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let commands = fs::read_dir("/proc").expect("Linux").filter_map(Result::ok).map(command);
        let is_ours = |command: &Vec<u8>| {
            let words: Vec<&[u8]> = command.split(|&byte| byte == 0).collect();
            words.windows(2).any(|pair| pair == [b"-D".as_slice(), data.as_bytes()])
        };
        commands.filter(is_ours).count()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.db(&["stop"]);
        let _ = fs::remove_dir_all(&self.target);
    }
}
