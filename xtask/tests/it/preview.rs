//! `db preview`: databases for branches, on a real server.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use serde_json::Value;

use crate::support::{Database, git, scratch, succeed, write_revision, xtask};

/// A checkout with a revision and seeds, and the database that its previews are created next to.
struct Checkout {
    directory: PathBuf,
    database: Database,
}

impl Checkout {
    fn new(name: &str) -> Self {
        let checkout = Self { directory: scratch(&format!("preview-{name}")), database: Database::create() };
        checkout.write("a1", "-- Revises:", "CREATE TABLE t (i int PRIMARY KEY);", "DROP TABLE t;");
        let seeds = checkout.directory.join("db/seeds.sql");
        fs::write(seeds, "INSERT INTO t VALUES (1), (2);\n").expect("can write the file");
        checkout
    }

    fn write(&self, id: &str, fields: &str, upgrade: &str, downgrade: &str) {
        write_revision(&self.directory.join("db/versions"), id, fields, upgrade, downgrade);
    }

    /// Writes the prices, with this one for a GB of the database.
    fn set_price(&self, price: &str) {
        let prices = include_str!("../../../infra/prices.toml").replace("stored = 0.10", &format!("stored = {price}"));
        fs::create_dir(self.directory.join("infra")).expect("can create the folder");
        fs::write(self.directory.join("infra/prices.toml"), prices).expect("can write the file");
    }

    fn run_on(&self, url: &str, arguments: &[&str]) -> Output {
        let mut command = xtask(&self.directory);
        command.env("CARGO_MANIFEST_DIR", self.directory.join("xtask"));
        command.args(["db", "preview"]).args(arguments).args(["--url", url]).output().expect("xtask runs")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_on(&self.database.url(), arguments)
    }

    /// The preview that `create` prints, and its messages.
    fn create(&self, arguments: &[&str]) -> (Database, String) {
        let output = self.run(&[&["create"], arguments].concat());
        let messages = succeed(&output);
        (Database { name: String::from_utf8_lossy(&output.stdout).trim().to_owned() }, messages)
    }

    /// The messages of a command that fails.
    fn refused(&self, arguments: &[&str]) -> String {
        failed(&self.run(arguments))
    }

    fn commit(&self, message: &str) {
        git(&self.directory, &["add", "--all"]);
        git(&self.directory, &["commit", "--quiet", "--allow-empty", "--message", message]);
    }

    fn exists(&self, preview: &Database) -> bool {
        let query = format!("SELECT count(*) FROM pg_database WHERE datname = '{}'", preview.name);
        self.database.rows(&query) == ["1"]
    }

    /// The comment of a preview, changed by a function.
    fn change_comment(&self, preview: &Database, change: impl Fn(&mut Value)) {
        let query =
            format!("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{}'", preview.name);
        let mut comment = serde_json::from_str(&self.database.rows(&query)[0]).expect("it is JSON");
        change(&mut comment);
        self.comment(preview, &comment.to_string());
    }

    fn comment(&self, preview: &Database, comment: &str) {
        self.database.rows(&format!("COMMENT ON DATABASE {} IS '{comment}'", preview.name));
    }
}

fn failed(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    text
}

#[test]
fn a_preview_is_created_updated_listed_and_deleted() {
    let checkout = Checkout::new("life");
    let (origin, branch) = (&checkout.database, "feature/ABC-12 x");
    origin.rows(&format!("REVOKE CONNECT ON DATABASE {} FROM PUBLIC", origin.name));
    let (preview, messages) = checkout.create(&[branch]);
    assert!(preview.name.starts_with("preview_feature_abc_12_x_"), "{}", preview.name);
    assert!(
        messages.contains(&format!("created the database `{}`, like `{}`", preview.name, origin.name)),
        "{messages}"
    );
    assert_eq!(preview.rows("SELECT i FROM t ORDER BY i"), ["1", "2"]);
    assert_eq!(origin.rows("SELECT to_regclass('t')"), ["null"]);
    let public = "SELECT count(*) FROM pg_database, aclexplode(datacl)
        WHERE datname = current_database() AND grantee = 0 AND privilege_type = 'CONNECT'";
    assert_eq!(preview.rows(public), ["0"], "it has the privileges of the origin");

    // An update applies new revisions, and keeps the rows.
    checkout.write("b1", "-- Revises: a1", "ALTER TABLE t ADD j int;", "ALTER TABLE t DROP j;");
    preview.rows("DELETE FROM t WHERE i = 1");
    let (updated, messages) = checkout.create(&[branch]);
    assert_eq!(updated.name, preview.name);
    assert!(messages.contains("a1 -> b1") && !messages.contains("created"), "{messages}");
    assert_eq!(preview.rows("SELECT i, j FROM t"), ["2|null"]);

    // After an edit, only a new database helps.
    checkout.write("b1", "-- Revises: a1", "ALTER TABLE t ADD k int;", "ALTER TABLE t DROP k;");
    let output = checkout.run(&["create", branch]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(6), "{text}");
    assert!(text.contains("could not finish the preview") && text.contains("`--recreate` starts with"), "{text}");
    let (recreated, _) = checkout.create(&[branch, "--recreate"]);
    assert_eq!(recreated.name, preview.name);
    assert_eq!(preview.rows("SELECT i, k FROM t ORDER BY i"), ["1|null", "2|null"]);

    // The list has only the previews of this database.
    let output = checkout.run(&["list"]);
    let line = format!("{}  {branch}  updated 0 days ago, ", preview.name);
    assert!(String::from_utf8_lossy(&output.stdout).starts_with(&line), "{output:?}");
    assert!(succeed(&output).contains("1 preview, "), "{output:?}");
    let listed: Value = serde_json::from_slice(&checkout.run(&["list", "--json"]).stdout).expect("it is JSON");
    assert_eq!((&listed["branch"], &listed["seeded"]), (&branch.into(), &true.into()));
    assert!(listed["bytes"].as_u64().is_some_and(|bytes| bytes > 1_000_000), "{listed}");
    let other = Checkout::new("life-other");
    assert!(succeed(&other.run(&["list"])).ends_with("0 previews, 0 MB\n"), "it has no prices");
    checkout.set_price("1000");
    let dollars = listed["bytes"].as_f64().expect("it is a number") / 1e6;
    let expected = format!(" MB: {dollars:.2} US dollars a month on Aurora");
    assert!(succeed(&checkout.run(&["list"])).contains(&expected), "{expected}");
    for name in [branch, &preview.name] {
        assert!(other.refused(&["delete", name]).contains("has no preview of the branch"));
    }
    assert!(failed(&checkout.run_on(&preview.url(), &["list"])).contains("is itself a preview"));

    // Deleting it ends its sessions.
    let mut client = preview.client();
    succeed(&checkout.run(&["delete", branch]));
    assert!(client.simple_query("SELECT 1").is_err() && !checkout.exists(&preview));
    assert!(checkout.refused(&["delete", branch]).contains("has no preview of the branch `feature/ABC-12 x`"));
}

#[test]
fn merged_and_old_previews_are_pruned() {
    let checkout = Checkout::new("prune");
    git(&checkout.directory, &["init", "--quiet", "--initial-branch", "main"]);
    checkout.commit("main");
    // The default is the branch that is checked out. A new one is not merged, although main has all of its commits.
    git(&checkout.directory, &["switch", "--quiet", "--create", "feature/new"]);
    let (new, _) = checkout.create(&[]);
    assert!(new.name.starts_with("preview_feature_new_"), "{}", new.name);
    git(&checkout.directory, &["switch", "--quiet", "--create", "feature/merged"]);
    checkout.commit("merged");
    let (merged, _) = checkout.create(&[]);
    let (old, _) = checkout.create(&["feature/old"]);
    checkout.change_comment(&old, |comment| comment["preview"]["commit"] = Value::Null);
    assert!(succeed(&checkout.run(&["prune"])).contains("0 previews deleted, 3 kept"));

    git(&checkout.directory, &["switch", "--quiet", "main"]);
    git(&checkout.directory, &["merge", "--quiet", "feature/merged"]);
    let day = 86400;
    checkout.change_comment(&old, |comment| {
        let updated = comment["preview"]["updated"].as_u64().expect("it is a number");
        comment["preview"]["updated"] = (updated - 14 * day).into();
    });
    assert!(
        succeed(&checkout.run(&["prune", "--days", "15", "--merged-into", "HEAD~"])).contains("0 previews deleted")
    );
    let text = succeed(&checkout.run(&["prune", "--days", "15", "--merged-into", "gone"]));
    assert!(text.contains("git has no commit `gone` here") && text.contains("3 kept"), "{text}");
    let text = succeed(&checkout.run(&["prune", "--dry-run"]));
    assert!(text.contains("2 previews to delete, 1 kept") && checkout.exists(&merged), "{text}");
    let text = succeed(&checkout.run(&["prune"]));
    assert!(text.contains(&format!("deleted `{}` of the branch `feature/merged`: merged into `main`", merged.name)));
    assert!(text.contains(&format!("deleted `{}` of the branch `feature/old`: not updated for 14 days", old.name)));
    assert_eq!([&new, &merged, &old].map(|preview| checkout.exists(preview)), [true, false, false]);
    succeed(&checkout.run(&["delete", "feature/new"]));
    git(&checkout.directory, &["switch", "--quiet", "--detach"]);
    let output = checkout.run(&["create"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("no branch is checked out"), "{output:?}");
}

#[test]
fn a_database_that_is_not_the_preview_is_kept() {
    let checkout = Checkout::new("kept");
    let (preview, _) = checkout.create(&["a/b"]);
    // As after a collision of the hashes.
    checkout.change_comment(&preview, |comment| comment["preview"]["branch"] = "a-b".into());
    for arguments in [&["create", "a/b"][..], &["create", "a/b", "--recreate"]] {
        assert!(checkout.refused(arguments).contains("is the preview of another branch: `a-b`"));
    }
    assert!(checkout.refused(&["delete", "a-b"]).contains("has no preview"));
    // As after an interruption.
    checkout.comment(&preview, "");
    assert!(checkout.refused(&["create", "a/b"]).contains("is not marked as a preview"));
    assert!(checkout.refused(&["delete", "a/b"]).contains("has no preview"));
    preview.rows("DROP TABLE t CASCADE");
    assert_eq!(checkout.create(&["a/b", "--recreate"]).0.rows("SELECT count(*) FROM t"), ["2"]);
    succeed(&checkout.run(&["delete", &preview.name]));
}

#[test]
fn failures_leave_a_known_state() {
    let checkout = Checkout::new("failures");
    let server = Database { name: "postgres".to_owned() };
    server.rows("DROP ROLE IF EXISTS preview_nobody");
    server.rows("CREATE ROLE preview_nobody LOGIN");
    let url = checkout.database.url().replace("user=postgres", "user=preview_nobody");
    let text = failed(&checkout.run_on(&url, &["create", "a"]));
    assert!(text.contains("permission denied to create database (SQLSTATE 42501)"), "{text}");
    assert!(text.contains("state: nothing was created"), "{text}");
    server.rows("DROP ROLE preview_nobody");

    // Seeds that failed run again.
    let seeds = checkout.directory.join("db/seeds.sql");
    fs::write(&seeds, "INSERT INTO missing VALUES (1);\n").expect("can write the file");
    let text = checkout.refused(&["create", "a"]);
    assert!(text.contains("has all revisions, but no seeds") && text.contains("seeds.sql:1:13"), "{text}");
    fs::write(&seeds, "INSERT INTO t VALUES (3);\n").expect("can write the file");
    let (preview, _) = checkout.create(&["a"]);
    assert_eq!(preview.rows("SELECT i FROM t"), ["3"]);
    succeed(&checkout.run(&["delete", "a"]));

    // Nothing is created for files with errors.
    checkout.write("c1", "-- Revises: missing", "SELECT 1;", "SELECT 1;");
    checkout.refused(&["create", "b"]);
    assert!(succeed(&checkout.run(&["list"])).contains("0 previews"));
}
