//! Releases of checkouts to a real database: the actions of the pipeline that migrate, with the commands of
//! `buildspec/database.yml` and the variables that the pipeline sets.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Database, sample, scratch, write_revision, xtask};

/// A revision of the releases: expand and contract, as `expand@heads` and `contract@heads` apply them.
const REVISIONS: [(&str, &str, &str, &str); 5] = [
    ("b0", "-- Revises:", "CREATE TABLE t (id int PRIMARY KEY, name0 text);", "DROP TABLE t;"),
    ("e1", "-- Revises: b0\n-- Branch Labels: expand", "ALTER TABLE t ADD name1 text;", "ALTER TABLE t DROP name1;"),
    (
        "c1",
        "-- Revises: b0\n-- Branch Labels: contract\n-- Depends On: e1",
        "ALTER TABLE t DROP name0;",
        "ALTER TABLE t ADD name0 text;",
    ),
    ("e2", "-- Revises: e1", "ALTER TABLE t ADD name2 text;", "ALTER TABLE t DROP COLUMN name2;"),
    ("c2", "-- Revises: c1\n-- Depends On: e2", "ALTER TABLE t DROP name1;", "ALTER TABLE t ADD name1 text;"),
];

/// The revisions that a release adds to those before it.
pub(crate) fn added(release: usize) -> &'static [&'static str] {
    [&["b0"][..], &["e1", "c1"], &["e2", "c2"]][release]
}

/// Writes the revisions of a release, and of those before it.
pub(crate) fn write_release(versions: &Path, release: usize) {
    for (id, fields, upgrade, downgrade) in REVISIONS {
        if (0..=release).any(|release| added(release).contains(&id)) {
            write_revision(versions, id, fields, upgrade, downgrade);
        }
    }
}

/// A checkout of a release.
pub(crate) fn checkout(name: &str, release: usize) -> PathBuf {
    let checkout = scratch(name);
    write_release(&checkout.join("db/versions"), release);
    checkout
}

/// What a build has printed, and the exit code of the first command that failed, or 0.
pub(crate) struct Built {
    pub(crate) code: i32,
    pub(crate) text: String,
    /// What it exports.
    pub(crate) heads: String,
}

/// Runs the commands of `database.yml` with these variables; a failure ends the build.
pub(crate) fn migrate(database: &Database, checkout: &Path, variables: &[(&str, &str)]) -> Built {
    let buildspec = fs::read_to_string(sample().join("buildspec/database.yml")).expect("can read the buildspec");
    let target = variables.iter().find(|(name, _)| *name == "DATABASE_TARGET").map_or("heads", |(_, value)| value);
    let mut built = Built { code: 0, text: String::new(), heads: String::new() };
    for line in buildspec.lines().filter_map(|line| line.strip_prefix("      - ")) {
        let exported = line.strip_prefix("DATABASE_HEADS=\"$(").and_then(|line| line.strip_suffix(")\""));
        let Some(words) = exported.unwrap_or(line).strip_prefix("cargo xtask ") else { continue };
        let words = words.replace("${DATABASE_TARGET:-heads}", target);
        let mut command = xtask(checkout);
        command.env("CARGO_MANIFEST_DIR", checkout.join("xtask")).env("DATABASE_URL", database.url());
        let output = command.envs(variables.iter().copied()).args(words.split(' ')).output().expect("xtask runs");
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        built.text += &(stdout.clone() + &String::from_utf8_lossy(&output.stderr));
        if !output.status.success() {
            built.code = output.status.code().expect("it exits");
            return built;
        }
        if exported.is_some() {
            built.heads = stdout.trim().to_owned();
        }
    }
    assert_ne!(built.heads, "", "it exports the heads");
    built
}

/// The revisions that are applied, sorted.
pub(crate) fn applied(database: &Database) -> Vec<String> {
    database.rows(
        "SELECT revision FROM (SELECT DISTINCT ON (revision) revision, operation FROM migration_log \
         ORDER BY revision, id DESC) last WHERE operation = 'upgrade' ORDER BY revision",
    )
}

/// The columns of the table, sorted: their order depends on that of the revisions.
pub(crate) fn columns(database: &Database) -> Vec<String> {
    database.rows(
        "SELECT attname FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY 1",
    )
}
