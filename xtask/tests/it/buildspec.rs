//! `buildspec check` and `buildspec run`: cases in files with the output next to them (`UPDATE_GOLDEN=1` rewrites it),
//! and this project's buildspecs.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::isolation::{NoRust, without_network};
use crate::support::{Database, clean, copy_checkout, program, root, sample, scratch, server, xtask};

/// A checkout with the sample and the version of Rust.
fn checkout(name: &str) -> PathBuf {
    let checkout = scratch(name);
    copy_checkout(&sample(), &checkout);
    fs::copy(root().join("rust-toolchain.toml"), checkout.join("rust-toolchain.toml")).expect("can copy the file");
    checkout
}

/// Runs a command on every file of a folder and compares the output with the `.txt` next to it.
fn compare(folder: &str, command: &str) {
    let checkout = checkout(&format!("buildspec-{command}"));
    let folder = root().join("xtask/tests").join(folder);
    let entries = fs::read_dir(&folder).expect("can read the cases");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("can read the entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yml"));
    files.sort();
    assert!(!files.is_empty());
    let mut wrong = Vec::new();
    for file in files {
        let name = file.file_name().expect("it has a name");
        let mut xtask = xtask(&folder);
        xtask.env("CARGO_MANIFEST_DIR", checkout.join("xtask"));
        let output = xtask.args(["buildspec", command]).arg(name).output().expect("xtask runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let seconds = |line: &str| match line.rsplit_once(' ') {
            Some((rest, "s")) => format!("! {} N s\n", rest.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end()),
            _ => format!("! {line}\n"),
        };
        let answer = format!(
            "{}{}? {}\n",
            String::from_utf8_lossy(&output.stdout),
            stderr.lines().map(seconds).collect::<String>(),
            output.status.code().unwrap_or(-1)
        );
        let expected = file.with_extension("txt");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&expected, &answer).expect("can write the file");
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        if answer != expected {
            wrong.push(format!("{}:\n{answer}instead of\n{expected}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn problems_are_reported() {
    compare("buildspec", "check");
}

/// A build without internet access cannot download a runtime.
#[test]
fn isolated_builds_have_the_runtimes_of_the_image() {
    let checkout = checkout("buildspec-isolated");
    let check = |nat: &str, name: &str, runtime: &str| {
        fs::write(checkout.join("xtask.toml"), format!("[infra.environments.prod]\nnat = \"{nat}\"\n"))
            .expect("can write the settings");
        let file = checkout.join("buildspec").join(name);
        let text = format!("version: 0.2\nphases:\n  install:\n    runtime-versions:\n      {runtime}\n");
        fs::write(&file, text).expect("can write the buildspec");
        let mut xtask = xtask(&checkout);
        xtask.env("CARGO_MANIFEST_DIR", checkout.join("xtask"));
        let output = xtask.args(["buildspec", "check"]).arg(&file).output().expect("xtask runs");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    for (nat, name, runtime, expected) in [
        ("none", "database.yml", "nodejs: 20", false),
        ("none", "fleet.yml", "nodejs: 24.1.0", false),
        ("none", "database.yml", "rust: 1.95.0", false),
        ("none", "database.yml", "nodejs: 24", true),
        ("none", "database.yml", "nodejs: 24.x", true),
        ("none", "publish.yml", "nodejs: 20", true),
        ("gateway", "database.yml", "nodejs: 20", true),
    ] {
        let (succeeded, text) = check(nat, name, runtime);
        assert_eq!(succeeded, expected, "{nat}, {name}, {runtime}: {text}");
        let reason = "would be downloaded, but this build has no internet access in `prod`";
        assert!(expected || text.contains(reason), "{text}");
    }
}

/// This project's own buildspecs install nothing where they can't.
#[test]
fn isolated_builds_need_no_runtime() {
    let checkout = checkout("buildspec-own");
    fs::write(checkout.join("xtask.toml"), "[infra.environments.prod]\nnat = \"none\"\n").expect("can write the file");
    let mut xtask = xtask(&checkout);
    let output = xtask.env("CARGO_MANIFEST_DIR", checkout.join("xtask")).args(["buildspec", "check"]).output();
    let output = output.expect("xtask runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn phases_run_as_in_the_agent() {
    compare("buildspec/run", "run");
}

/// Makes `cargo` the program in `buildspec/bin`, which may have lost its mode.
const WRAPPER: &str = r#"chmod +x buildspec/bin/cargo && export PATH="$PWD/buildspec/bin:$PATH""#;

/// Records the commit in the artifact.
const RECORD: &str = r#"printf '%s\n' "$CODEBUILD_RESOLVED_SOURCE_VERSION" > buildspec/commit"#;

#[test]
fn buildspecs_only_run_xtask() {
    for entry in fs::read_dir(sample().join("buildspec")).expect("can read the folder") {
        let path = entry.expect("can read the entry").path();
        if path.is_dir() {
            continue;
        }
        let text = fs::read_to_string(&path).expect("it is text");
        assert!(text.contains(&format!("    commands:\n      - {WRAPPER}\n")), "{}", path.display());
        for line in text.lines().filter_map(|line| line.strip_prefix("      - ")) {
            // The output of a command, exported to the next build.
            let line = line.strip_prefix("DATABASE_HEADS=\"$(").unwrap_or(line);
            let is_location =
                ["/root/", "target/", "frontend/", "buildspec/compiled/"].iter().any(|start| line.starts_with(start));
            let is_report = line.ends_with(".xml") && !line.contains(' ');
            assert!(
                line.starts_with("cargo xtask ") || [WRAPPER, RECORD].contains(&line) || is_location || is_report,
                "{}: {line}",
                path.display()
            );
        }
    }
}

/// Migrates as CodeBuild does, with the five variables mapped from the secret, and the program that an earlier build has
/// compiled: without Rust, and without a network.
#[test]
fn database_yml_migrates_the_database() {
    let database = Database::create();
    let checkout = checkout("buildspec-database");
    // Compiles nothing: the program is in the target directory.
    program(&checkout.join("bin"), "cargo", "[ \"$1\" = build ]");
    let mut verify = clean(&checkout.join("buildspec/bin/cargo"), &checkout);
    let path = format!("{}:{}", checkout.join("bin").display(), std::env::var("PATH").expect("PATH is set"));
    let output = verify.env("PATH", path).args(["xtask", "--version"]).output().expect("the script runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let no_rust = NoRust::new(checkout.join("no-rust"));
    let (launcher, arguments) = without_network(Path::new(env!("CARGO_BIN_EXE_xtask")), &server().host);
    let run = |target: Option<&str>, name: &str| {
        let mut command = clean(&launcher, &checkout);
        command
            .args(&arguments)
            .env("CARGO_MANIFEST_DIR", checkout.join("xtask"))
            .args(["buildspec", "run", "database"])
            .env("DATABASE_SECRET_USERNAME", "postgres")
            .env("DATABASE_SECRET_PASSWORD", "unused password")
            .env("DATABASE_SECRET_HOST", &server().host)
            .env("DATABASE_SECRET_PORT", &server().port)
            .env("DATABASE_SECRET_DBNAME", name);
        no_rust.hide_rust(&mut command);
        if let Some(target) = target {
            command.env("DATABASE_TARGET", target);
        }
        let output = command.output().expect("xtask runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(!text.contains("unused password"), "the password is printed: {text}");
        (output.status.code(), text)
    };
    let rows = || database.rows("SELECT version_num FROM alembic_version");
    let (code, text) = run(Some("expand@heads"), &database.name);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(rows(), ["c80b4f1e95a6"]);
    let (code, text) = run(None, &database.name);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(rows(), ["19e7a6d3c05f"]);
    let build = database.rows("SELECT DISTINCT build_id LIKE 'local:%' FROM migration_log");
    assert_eq!(build, ["t"], "the log has the build");
    assert_eq!(no_rust.calls(), "", "nothing is compiled");
    let (code, text) = run(None, "no_such_database");
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("Phase complete: BUILD State: FAILED"), "{text}");
}
