//! `db import alembic`: a project of 120 revisions, and Python code that a rendering can't capture.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::alembic::python;
use crate::support::{Database, db, root, scratch, server, server_url, succeed, xtask};

/// Imports a project into a folder.
fn import(project: &Path, versions: &Path, more: &[&str]) -> Output {
    let mut command = xtask(&root());
    command.args(["db", "import", "alembic"]).arg(project).arg("--dir").arg(versions).arg("--program").arg(python());
    command.args(["--postgres", &server_url()]).args(more).output().expect("xtask runs")
}

/// Every row of every table except those of the tools.
fn contents(database: &Database) -> Vec<String> {
    let tables = database.rows(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_catalog.pg_tables
         WHERE schemaname = 'public' AND tablename !~ '^(migration_|alembic_version|schema_version)' ORDER BY 1",
    );
    let rows = |table: &String| {
        // `created` has the time of the run.
        let query = format!("SELECT '{table}: ' || (to_jsonb(t) - 'created')::text FROM {table} t ORDER BY 1");
        database.rows(&query)
    };
    tables.iter().flat_map(rows).collect()
}

fn catalog(database: &Database) -> Vec<String> {
    let own = ["migration_", "alembic_version", "schema_version"];
    database.catalog().into_iter().filter(|line| !own.iter().any(|name| line.contains(name))).collect()
}

/// Every revision is imported; the engine creates the same database as Alembic, and reverts what can be reverted.
#[test]
fn a_project_of_120_revisions() {
    let folder = scratch("import-alembic");
    let (project, versions) = (folder.join("project"), folder.join("versions"));
    let generator = root().join("xtask/tests/alembic_project.py");
    assert!(Command::new(python()).arg(generator).arg(&project).status().expect("Python runs").success());

    let output = import(&project, &versions, &[]);
    succeed(&output);
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(messages.contains("imported 120 revisions from alembic"), "{messages}");
    let recorded: Vec<&str> = messages.lines().filter(|line| line.contains("recorded on a scratch database")).collect();
    assert_eq!(recorded.len(), 3, "{messages}");
    assert!(recorded[0].contains("_read_rows_in_a_loop.py:24:"), "{messages}");

    let (by_alembic, by_engine) = (Database::create(), Database::create());
    let (host, port) = (&server().host, &server().port);
    let url = format!("postgresql+psycopg://postgres@/{}?host={host}&port={port}", by_alembic.name);
    let mut alembic = Command::new(python());
    alembic.args(["-m", "alembic", "upgrade", "heads"]).current_dir(&project).env("PROJECT_URL", url);
    let output = alembic.output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    succeed(&db(&by_engine, &versions, &["upgrade", "heads"]));
    assert_eq!(catalog(&by_engine), catalog(&by_alembic));
    let rows = contents(&by_engine);
    assert_eq!(rows, contents(&by_alembic));
    assert!(rows.len() > 30, "{}", rows.len());

    let history = db(&by_engine, &versions, &["history"]);
    let history = String::from_utf8_lossy(&history.stdout);
    assert_eq!(history.lines().count(), 120, "{history}");
    assert!(history.contains("(billing, money, right)"), "{history}");
    // The last irreversible revision is before the branches.
    succeed(&db(&by_engine, &versions, &["downgrade", "4d37c3a322ec"]));
    succeed(&db(&by_engine, &versions, &["upgrade", "heads"]));
    assert_eq!(catalog(&by_engine), catalog(&by_alembic));
}

const INI: &str = "[alembic]\nscript_location = migrations\n";

const ENV: &str = "
from alembic import context
from sqlalchemy import create_engine, pool

if context.is_offline_mode():
    context.configure(url='postgresql+psycopg://')
    context.run_migrations()
else:
    # A database that no import must reach.
    engine = create_engine('postgresql+psycopg://nobody:secret@production.invalid/production', poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
";

/// A project with one revision, of these two bodies.
fn project(name: &str, upgrade: &str, downgrade: &str) -> (PathBuf, PathBuf) {
    let folder = scratch(name);
    let versions = folder.join("project/migrations/versions");
    fs::create_dir_all(&versions).expect("can create the folder");
    fs::write(folder.join("project/alembic.ini"), INI).expect("can write");
    fs::write(folder.join("project/migrations/env.py"), ENV).expect("can write");
    let revision = format!(
        "\"\"\"one\"\"\"\nimport uuid\nimport sqlalchemy as sa\nfrom alembic import context, op\n\nrevision = \"a1\"\n\
         down_revision = None\n\n\ndef upgrade():\n    {}\n\n\ndef downgrade():\n    {}\n",
        upgrade.replace('\n', "\n    "),
        downgrade.replace('\n', "\n    ")
    );
    fs::write(versions.join("a1.py"), revision).expect("can write");
    (folder.join("project"), folder.join("versions"))
}

/// Imports a project with one revision: the messages, and the file if it was written.
fn imported(name: &str, upgrade: &str, downgrade: &str, more: &[&str]) -> (String, Option<String>) {
    let (project, versions) = project(name, upgrade, downgrade);
    let output = import(&project, &versions, more);
    let file = fs::read_to_string(versions.join("0001_a1_one.sql")).ok();
    assert_eq!(output.status.success(), file.is_some());
    (String::from_utf8_lossy(&output.stderr).into_owned(), file)
}

#[test]
fn what_needs_a_database_is_recorded_or_refused() {
    let read = "count = op.get_bind().execute(sa.text('SELECT count(*) FROM pg_class')).scalar()\n\
                op.execute(f\"CREATE TABLE t_{count > 0} (a int)\")";
    let (messages, file) = imported("import-read", read, "op.execute('DROP TABLE t_True')", &[]);
    assert!(messages.contains("a1.py:11: this reads the database (the result is read (`scalar`))"), "{messages}");
    assert!(messages.contains("equal databases"), "{messages}");
    let file = file.expect("it is written");
    assert!(file.contains("-- read: SELECT count(*) FROM pg_class\nCREATE TABLE t_True (a int);\n"), "{file}");

    let cursor = "op.get_bind().connection.cursor().execute('CREATE TABLE t (a int)')";
    let (messages, file) = imported("import-cursor", cursor, "pass", &[]);
    assert!(messages.contains("a1.py:11: can't be recorded: it uses the cursor of the driver"), "{messages}");
    assert_eq!(file, None);

    let missing = "op.get_bind().execute(sa.text('SELECT a FROM of_the_application')).fetchall()";
    let (messages, file) = imported("import-missing", missing, "pass", &[]);
    assert!(messages.contains("a1.py:11: needs a database, and fails on an empty one"), "{messages}");
    assert_eq!(file, None);
}

#[test]
fn a_revision_is_what_it_does_on_a_database() {
    let differs =
        "if context.is_offline_mode():\n    op.execute('SELECT 1/0')\nelse:\n    op.execute('CREATE TABLE t (a int)')";
    let undone = "if not context.is_offline_mode():\n    op.execute('DROP TABLE t')";
    let (messages, file) = imported("import-differs", differs, undone, &[]);
    assert!(messages.contains("this behaves differently offline"), "{messages}");
    let file = file.expect("it is written");
    assert!(file.contains("CREATE TABLE t (a int);") && file.contains("DROP TABLE t;"), "{file}");
    assert!(!file.contains("1/0"), "{file}");

    let existing = "op.execute(\"CREATE TYPE mood AS ENUM ('a')\")\n\
                    sa.Enum('a', name='mood').create(op.get_bind(), checkfirst=True)\n\
                    op.execute('COMMIT')\nop.execute(\"ALTER TYPE mood ADD VALUE 'b'\")";
    let (messages, file) = imported("import-existing", existing, "raise NotImplementedError", &[]);
    let file = file.expect(&messages);
    assert_eq!(file.matches("CREATE TYPE").count(), 1, "{file}");
    assert!(file.contains("-- Transaction: off\n") && !file.contains("migrate:downgrade"), "{file}");

    let random = "op.execute(f\"CREATE TABLE t (a text DEFAULT '{uuid.uuid4()}')\")";
    let (messages, file) = imported("import-random", random, "op.execute('DROP TABLE t')", &["--no-proof"]);
    assert!(messages.contains("a1.py:11: its values vary"), "{messages}");
    assert!(file.is_some());
}

#[test]
fn python_without_alembic_is_refused() {
    let (project, versions) = project("import-python", "pass", "pass");
    let python = Path::new("/bin/false");
    let mut command = xtask(&root());
    command.args(["db", "import", "alembic"]).arg(&project).arg("--dir").arg(&versions).arg("--program").arg(python);
    let output = command.args(["--postgres", &server_url()]).output().expect("xtask runs");
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && messages.contains("-m pip install alembic"), "{messages}");
}
