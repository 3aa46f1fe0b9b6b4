//! A real PgBouncer in front of the server: session mode works; transaction mode is refused, because the lock would have no
//! effect.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use crate::support::wait::wait_until;
use crate::support::{Database, root, server, xtask};

struct PgBouncer {
    child: Child,
    directory: PathBuf,
}

impl PgBouncer {
    /// Starts it with additional settings.
    fn start(name: &str, more: &str) -> Self {
        // It does not run as root, so another user must be able to access the directory.
        let directory = PathBuf::from(format!("/tmp/xtask-pooler-{}-{name}", std::process::id()));
        fs::create_dir_all(&directory).expect("can create the folder");
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).expect("can set the mode");
        let (host, port) = (&server().host, &server().port);
        let settings = format!(
            "[databases]\n* = host={host} port={port}\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\nunix_socket_dir = {}\nauth_type = any\nlogfile = {}/log\n{more}\n",
            directory.display(),
            directory.display()
        );
        let file = directory.join("pgbouncer.ini");
        // With `any`, every client is the user in the database's entry.
        fs::write(&file, settings.replace(&format!("port={port}\n"), &format!("port={port} user=postgres\n")))
            .expect("can write the file");
        let mut command = Command::new("pgbouncer");
        if is_root() {
            // The server's user, who can access its socket, or else `nobody`.
            command.uid(fs::metadata(host).map_or(65534, |socket| socket.uid()));
        }
        let child = command.arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("pgbouncer runs");
        let pooler = Self { child, directory };
        let log = pooler.directory.join("log");
        wait_until(&format!("PgBouncer, whose log is {}", log.display()), || {
            pooler.directory.join(".s.PGSQL.6432").exists()
        });
        pooler
    }

    fn upgrade(&self, database: &Database) -> (Output, String) {
        let url = format!("host={} port=6432 dbname={} user=postgres", self.directory.display(), database.name);
        let output = xtask(&root()).args(["db", "upgrade", "--url", &url]).output().expect("xtask runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        (output, stderr)
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn is_root() -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|status| status.contains("\nUid:\t0\t"))
}

#[test]
fn session_mode_works() {
    for more in ["pool_mode = session", "pool_mode = session\nignore_startup_parameters = options"] {
        let database = Database::create();
        let pooler = PgBouncer::start("session", more);
        let (output, stderr) = pooler.upgrade(&database);
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        assert_eq!(database.rows("SELECT version_num FROM alembic_version"), ["19e7a6d3c05f"]);
    }
}

#[test]
fn transaction_mode_is_refused() {
    let modes = [
        "pool_mode = transaction",
        "pool_mode = statement",
        "pool_mode = transaction\nignore_startup_parameters = options",
    ];
    for more in modes.iter().chain(&["pool_mode = transaction\ndefault_pool_size = 1"]) {
        let database = Database::create();
        let pooler = PgBouncer::start("transaction", more);
        let (output, stderr) = pooler.upgrade(&database);
        assert_eq!(output.status.code(), Some(1), "{more}: {stderr}");
        assert!(
            stderr.contains("the connection goes through a transaction pooler, which does not keep session locks"),
            "{more}: {stderr}"
        );
        assert!(
            stderr.contains("connect directly to the database, or through the pooler in session mode"),
            "{more}: {stderr}"
        );
        assert_eq!(database.rows("SELECT to_regclass('alembic_version') IS NULL"), ["t"], "nothing was done");
        // The lock was released with the pooler's session.
        drop(pooler);
        let url = database.url();
        let output =
            xtask(&root()).args(["db", "upgrade", "--lock-wait", "10", "--url", &url]).output().expect("xtask runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
