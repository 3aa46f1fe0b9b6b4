//! `buildspec check` and `buildspec run`: cases in files, answers beside them (`UPDATE_GOLDEN=1` writes them anew), and the
//! project's own buildspecs.

use std::fs;
use std::path::PathBuf;

use crate::support::{Database, root, server, xtask};

/// Runs a command on every file of a folder and compares with the `.txt` beside it.
fn compare(folder: &str, command: &str) {
    let folder = root().join("xtask/tests").join(folder);
    let entries = fs::read_dir(&folder).expect("the cases");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yml"));
    files.sort();
    assert!(!files.is_empty());
    let mut wrong = Vec::new();
    for file in files {
        let name = file.file_name().expect("a name");
        let mut xtask = xtask(&folder);
        let output = xtask.args(["buildspec", command]).arg(name).output().expect("xtask runs");
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        let seconds = |line: &str| match line.rsplit_once(' ') {
            Some((rest, "s")) => format!("! {} N s\n", rest.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end()),
            _ => format!("! {line}\n"),
        };
        let answer = format!(
            "{}{}? {}\n",
            String::from_utf8_lossy(&output.stdout),
            talk.lines().map(seconds).collect::<String>(),
            output.status.code().unwrap_or(-1)
        );
        let expected = file.with_extension("txt");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&expected, &answer).expect("written");
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        if answer != expected {
            wrong.push(format!("{}:\n{answer}instead of\n{expected}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_codebuild_would_not_take_is_found() {
    compare("buildspec", "check");
}

#[test]
fn phases_run_as_the_agent_runs_them() {
    compare("buildspec/run", "run");
}

#[test]
fn ours_call_nothing_but_xtask() {
    for entry in fs::read_dir(root().join("buildspec")).expect("the buildspecs") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("text");
        for line in text.lines().filter_map(|line| line.strip_prefix("      - ")) {
            // What a command says, handed on to the next build.
            let line = line.strip_prefix("DATABASE_HEADS=\"$(").unwrap_or(line);
            let is_location = ["/root/", "target/", "frontend/"].iter().any(|start| line.starts_with(start));
            let is_report = line.ends_with(".xml") && !line.contains(' ');
            assert!(line.starts_with("cargo xtask ") || is_location || is_report, "{}: {line}", path.display());
        }
    }
}

/// The migration of a release, as CodeBuild runs it: with the five variables that the buildspec maps from the secret.
#[test]
fn the_database_is_migrated_by_its_buildspec() {
    let database = Database::create();
    let run = |target: Option<&str>, name: &str| {
        let mut command = xtask(&root());
        command
            .args(["buildspec", "run", "database"])
            .env("DATABASE_SECRET_USERNAME", "postgres")
            .env("DATABASE_SECRET_PASSWORD", "not asked for")
            .env("DATABASE_SECRET_HOST", &server().host)
            .env("DATABASE_SECRET_PORT", &server().port)
            .env("DATABASE_SECRET_DBNAME", name);
        if let Some(target) = target {
            command.env("DATABASE_TARGET", target);
        }
        let output = command.output().expect("xtask runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(!text.contains("not asked for"), "the password is nowhere: {text}");
        (output.status.code(), text)
    };
    let rows = || database.rows("SELECT version_num FROM alembic_version");
    let (code, text) = run(Some("expand@heads"), &database.name);
    assert_eq!((code, rows()), (Some(0), vec!["c80b4f1e95a6".to_owned()]), "{text}");
    let (code, text) = run(None, &database.name);
    assert_eq!((code, rows()), (Some(0), vec!["19e7a6d3c05f".to_owned()]), "{text}");
    let build = database.rows("SELECT DISTINCT build_id LIKE 'local:%' FROM migration_log");
    assert_eq!(build, ["t"], "the log knows the build");
    let (code, text) = run(None, "no_such_database");
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("Phase complete: BUILD State: FAILED"), "{text}");
}
