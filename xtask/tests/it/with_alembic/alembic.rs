//! The real Alembic and this engine on the same database: each continues where the other stopped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Database, db, root, sample, scratch, server, server_url, succeed, xtask};

/// Pinned to the version that generated the golden vectors.
const PACKAGES: [&str; 2] = ["alembic==1.20.1", "psycopg[binary]==3.3.9"];

/// The Python of an environment with Alembic.
pub(super) fn python() -> PathBuf {
    crate::support::python("alembic-venv", &PACKAGES.join("\n")).join("python")
}

struct Alembic<'a> {
    directory: PathBuf,
    database: &'a Database,
}

impl<'a> Alembic<'a> {
    /// An Alembic environment with the revisions of a directory.
    fn new(name: &str, versions: &Path, database: &'a Database) -> Self {
        let mut revisions = String::new();
        let history =
            xtask(&root()).args(["db", "history", "--json", "--dir"]).arg(versions).output().expect("xtask runs");
        for line in String::from_utf8_lossy(&history.stdout).lines() {
            let id =
                line.split("\"revision\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("there is an id");
            let show =
                xtask(&root()).args(["db", "show", id, "--json", "--dir"]).arg(versions).output().expect("xtask runs");
            revisions.push_str(&String::from_utf8_lossy(&show.stdout));
        }
        let alembic = Self { directory: scratch(name).join("environment"), database };
        let mut child = alembic.command(&["show"]).stdin(Stdio::piped()).spawn().expect("Python runs");
        std::io::Write::write_all(&mut child.stdin.take().expect("it is piped"), revisions.as_bytes())
            .expect("can write to Python");
        assert!(child.wait().expect("it exits").success());
        alembic
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let (host, port) = (&server().host, &server().port);
        let url = format!("postgresql+psycopg://postgres@/{}?host={host}&port={port}", self.database.name);
        let mut command = Command::new(python());
        command.arg(root().join("xtask/tests/run_alembic.py")).arg(&self.directory).arg(url).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Vec<String> {
        let output = self.command(arguments).output().expect("Python runs");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "alembic {arguments:?}: {text}");
        sorted(&output.stdout)
    }
}

/// The sorted lines, each with its labels sorted, because Alembic prints both in no particular order.
fn sorted(text: &[u8]) -> Vec<String> {
    let sort_labels = |part: &str| {
        let (labels, after) = part.split_once(')')?;
        let mut labels: Vec<&str> = labels.split(", ").collect();
        labels.sort_unstable();
        Some(format!("{}){after}", labels.join(", ")))
    };
    let part = |part: &str| sort_labels(part).unwrap_or_else(|| part.to_owned());
    let line = |line: &str| line.split('(').map(part).collect::<Vec<_>>().join("(");
    let mut lines: Vec<String> = String::from_utf8_lossy(text).lines().map(line).collect();
    lines.sort();
    lines
}

#[test]
fn each_continues_where_the_other_stopped() {
    let versions = sample().join("db/versions");
    let database = Database::create();
    let alembic = Alembic::new("alembic", &versions, &database);
    let own = |arguments: &[&str]| {
        let output = db(&database, &versions, arguments);
        succeed(&output);
        sorted(&output.stdout)
    };
    let same_current = |what: &str| {
        let (own, alembic) = (own(&["current"]), alembic.run(&["current"]));
        assert_eq!(own, alembic, "after {what}");
        assert!(!own.is_empty() || what.contains("base"), "after {what}");
    };
    let catalog = || database.catalog().into_iter().filter(|line| !line.contains("migration_")).collect::<Vec<_>>();

    own(&["upgrade", "b94d2e60f713"]);
    same_current("our upgrade");
    alembic.run(&["upgrade", "7e38c51d0af2"]);
    same_current("Alembic's upgrade of one branch");
    own(&["upgrade", "cancellations@e4a90d7c2b35"]);
    same_current("our upgrade of the other branch: two heads");
    alembic.run(&["upgrade", "52e6d0f8b39c"]);
    same_current("Alembic's upgrade through the merge");
    own(&["upgrade", "heads"]);
    same_current("our upgrade to the heads");
    let at_heads = catalog();

    alembic.run(&["downgrade", "52e6d0f8b39c"]);
    same_current("Alembic's downgrade of the pair");
    own(&["downgrade", "b94d2e60f713"]);
    same_current("our downgrade through the merge");
    alembic.run(&["upgrade", "heads"]);
    same_current("Alembic's upgrade to the heads");
    assert_eq!(catalog(), at_heads);
    own(&["check"]);
    own(&["downgrade", "base"]);
    same_current("our downgrade to the base");
    alembic.run(&["upgrade", "heads"]);
    own(&["downgrade", "base"]);
    same_current("our downgrade to the base of what Alembic applied");

    for line_command in ["heads", "history", "branches"] {
        assert_eq!(own(&[line_command]), alembic.run(&[line_command]), "{line_command}");
    }
    alembic.run(&["stamp", "heads"]);
    same_current("Alembic's stamp");
    own(&["stamp", "a15d83c9e47b"]);
    same_current("our stamp");
}

#[test]
fn a_database_of_alembic_is_adopted() {
    let versions = sample().join("db/versions");
    let database = Database::create();
    let alembic = Alembic::new("alembic-adopted", &versions, &database);
    let own = |arguments: &[&str]| {
        let output = db(&database, &versions, arguments);
        (output.status.code(), succeed(&output))
    };
    let logged = || database.rows("SELECT revision FROM migration_log ORDER BY revision");
    alembic.run(&["upgrade", "7e38c51d0af2"]);
    let (rows, current) = (database.rows("SELECT xmin, * FROM alembic_version"), alembic.run(&["current"]));
    // The role that a later revision creates belongs to the server, which other tests use too.
    let (_, text) = own(&["adopt", "--postgres", &server_url()]);
    assert!(text.contains("the schema matches the revisions"), "{text}");
    assert_eq!(database.rows("SELECT xmin, * FROM alembic_version"), rows, "its table has not been written to");
    assert_eq!(alembic.run(&["current"]), current);
    assert_eq!(logged().len(), 6);
    let reason = "SELECT DISTINCT reason FROM migration_log";
    assert_eq!(database.rows(reason), ["adopted from public.alembic_version (alembic)"]);

    alembic.run(&["upgrade", "heads"]);
    own(&["adopt", "--no-compare"]);
    let count = fs::read_dir(&versions).expect("can read the folder").count();
    assert_eq!(logged().len(), count, "the log lacked what Alembic has applied since");
    let again = db(&database, &versions, &["adopt", "--no-compare"]);
    assert_eq!(again.status.code(), Some(1));
    let text = String::from_utf8_lossy(&again.stderr);
    assert!(text.contains("nothing to adopt: the log has all applied revisions"), "{text}");

    own(&["downgrade", "b94d2e60f713"]);
    alembic.run(&["upgrade", "heads"]);
    own(&["check"]);
}
