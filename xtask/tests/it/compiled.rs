//! `buildspec/bin/cargo`: runs a program that was compiled from the same sources, or has the real cargo compile it, which is
//! a stand-in here.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{copy_checkout, program, root, scratch};

/// The programs that the script runs.
const TOOLS: [&str; 14] =
    ["sh", "find", "sort", "xargs", "sha256sum", "cut", "uname", "dirname", "mkdir", "cp", "mv", "rm", "chmod", "env"];

/// Compiles a program that prints its arguments. Its mode is lost, as in an artifact.
const CARGO: &str = r#"echo "$*" >> "$0.calls"
case $1 in
  build) mkdir -p target/debug && printf '#!/bin/sh\nprintf "[%%s]" %s "$CARGO_MANIFEST_DIR" "$@"\n' "$5" > "target/debug/$5" ;;
  *) exit 7 ;;
esac"#;

/// What the programs are compiled from.
const SOURCES: [&str; 11] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "db/cluster/Cargo.toml",
    "db/cluster/package.json",
    "db/cluster/src/deep/er/query.sql",
    "infra/src/image.toml",
    "rust-toolchain.toml",
    "xtask/Cargo.toml",
    "xtask/build.rs",
    "xtask/src/main.rs",
];

/// What a release changes, and what builds write.
const OTHERS: [&str; 8] = [
    "db/schema/tables.sql",
    "db/versions/1.sql",
    "frontend/src/page.ts",
    "infra/src/stack.ts",
    "target/debug/other",
    "xtask.toml",
    "xtask/node_modules/some/index.js",
    "xtask/tests/it/main.rs",
];

struct Build {
    checkout: PathBuf,
    /// The tools, without cargo.
    tools: PathBuf,
    /// The real cargo.
    cargo: PathBuf,
}

impl Build {
    fn new(name: &str) -> Self {
        let folder = scratch(&format!("compiled-{name}"));
        let build =
            Self { checkout: folder.join("a checkout"), tools: folder.join("tools"), cargo: folder.join("real cargo") };
        for path in SOURCES.iter().chain(&OTHERS) {
            build.write(path, path);
        }
        build.write("buildspec/bin/cargo", &script());
        for tool in TOOLS {
            fs::create_dir_all(&build.tools).expect("can create the folder");
            let found = which::which(tool).unwrap_or_else(|_| panic!("`{tool}` is installed"));
            std::os::unix::fs::symlink(found, build.tools.join(tool)).expect("can create the link");
        }
        program(&build.cargo, "cargo", CARGO);
        build
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.checkout.join(path);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("can create the folder");
        fs::write(path, text).expect("can write the file");
    }

    /// Runs the script with the real cargo next on PATH.
    fn cargo(&self, arguments: &[&str]) -> (i32, String, String) {
        self.run(&[&self.cargo, &self.tools], arguments)
    }

    /// Runs it where there is no cargo.
    fn without_cargo(&self, arguments: &[&str]) -> (i32, String, String) {
        self.run(&[&self.tools], arguments)
    }

    fn run(&self, path: &[&Path], arguments: &[&str]) -> (i32, String, String) {
        let own = self.checkout.join("buildspec/bin");
        fs::set_permissions(own.join("cargo"), fs::Permissions::from_mode(0o755)).expect("can set the mode");
        let path = std::env::join_paths([own.as_path()].iter().chain(path)).expect("the paths have no colon");
        let mut command = Command::new(own.join("cargo"));
        command.args(arguments).env_clear().env("PATH", path).current_dir("/");
        let output = command.output().expect("the script runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is UTF-8");
        (output.status.code().expect("it exits"), text(output.stdout), text(output.stderr))
    }

    /// How often the real cargo has run, and with which arguments.
    fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.cargo.join("cargo.calls")).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }

    /// The folders with programs.
    fn compiled(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(self.checkout.join("buildspec/compiled")).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }
}

fn script() -> String {
    fs::read_to_string(root().join("buildspec/bin/cargo")).expect("can read the script")
}

#[test]
fn programs_are_compiled_once_for_the_same_sources() {
    let build = Build::new("once");
    let package = build.checkout.join("xtask");
    let (code, stdout, stderr) = build.cargo(&["xtask", "db", "upgrade", "a b", "--", "$HOME"]);
    assert_eq!(stdout, format!("[xtask][{}][db][upgrade][a b][--][$HOME]", package.display()), "{stderr}");
    assert!(code == 0 && stderr.starts_with("compiling `xtask`: buildspec/compiled has none"), "{stderr}");
    let run = ["run", "--quiet", "--package", "verify", "--manifest-path", "Cargo.toml", "--", "lint", "--", "x y"];
    assert_eq!(build.cargo(&run).1, "[verify][][lint][--][x y]");
    let once = ["build --quiet --locked --package xtask", "build --quiet --locked --package verify"];
    assert_eq!(build.calls(), once);
    // From here on, there is no Rust. The output of the build is in another folder.
    for path in OTHERS {
        build.write(path, "changed");
    }
    let moved = build.checkout.with_file_name("artifact");
    fs::rename(&build.checkout, &moved).expect("can move the folder");
    let build = Build { checkout: moved, ..build };
    let (code, stdout, stderr) = build.without_cargo(&["xtask"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(stdout, format!("[xtask][{}]", build.checkout.join("xtask").display()));
    assert_eq!(build.without_cargo(&run).1, "[verify][][lint][--][x y]");
    assert_eq!(build.calls(), once);
}

#[test]
fn other_sources_are_compiled_again() {
    let build = Build::new("edited");
    assert_eq!(build.cargo(&["xtask"]).0, 0);
    for (index, path) in SOURCES.into_iter().enumerate() {
        build.write(path, "changed");
        let (code, stdout, stderr) = build.without_cargo(&["xtask"]);
        assert_eq!((code, stdout.as_str()), (1, ""), "{path}");
        let expected = "error: there is no `xtask` from these sources for";
        assert!(
            stderr.contains(expected) && stderr.contains("hint: pass on the output of buildspec/verify.yml"),
            "{stderr}"
        );
        assert_eq!(build.cargo(&["xtask"]).0, 0);
        assert_eq!((build.calls().len(), build.compiled().len()), (index + 2, 1), "{path}");
    }
    fs::rename(build.checkout.join("xtask/src/main.rs"), build.checkout.join("xtask/src/other.rs"))
        .expect("can rename");
    assert_eq!(build.without_cargo(&["xtask"]).0, 1, "names count");
}

#[test]
fn other_machines_have_their_own_programs() {
    let build = Build::new("machine");
    assert_eq!(build.cargo(&["xtask"]).0, 0);
    fs::remove_file(build.tools.join("uname")).expect("can remove the link");
    program(&build.tools, "uname", "[ $1 = -m ] && echo graviton || echo Linux");
    let (code, _, stderr) = build.without_cargo(&["xtask"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("for Linux-graviton in buildspec/compiled, and no cargo to compile it"), "{stderr}");
    assert_eq!(build.cargo(&["xtask"]).0, 0);
    assert_eq!(build.compiled().len(), 2);
}

#[test]
fn a_program_that_cannot_be_compiled_is_not_kept() {
    let build = Build::new("failed");
    program(&build.cargo, "cargo", "echo 'error: expected `;`' >&2; exit 101");
    let (code, stdout, stderr) = build.cargo(&["xtask", "db", "upgrade"]);
    assert_eq!((code, stdout.as_str()), (101, ""));
    assert!(stderr.ends_with("error: expected `;`\n"), "{stderr}");
    assert_eq!(build.compiled().len(), 0);
}

#[test]
fn other_commands_are_left_to_cargo() {
    let build = Build::new("others");
    let commands: [&[&str]; 3] =
        [&["test", "--package", "xtask"], &["run", "--quiet", "--package", "bench", "--"], &["xtasks"]];
    for command in commands {
        assert_eq!(build.cargo(command).0, 7);
        assert_eq!(build.calls().last(), Some(&command.join(" ")));
    }
    let (code, _, stderr) = build.without_cargo(&["test"]);
    assert_eq!((code, stderr.lines().next()), (1, Some("error: `cargo` is not installed")));
}

/// Everything that the compiler has read must count.
#[test]
fn every_file_that_is_compiled_counts() {
    let build = Build::new("sources");
    for folder in ["xtask", "db", "infra/src"] {
        copy_checkout(&root().join(folder), &build.checkout.join(folder));
    }
    // Records which files it gets.
    let sum = fs::canonicalize(build.tools.join("sha256sum")).expect("it exists");
    fs::remove_file(build.tools.join("sha256sum")).expect("can remove the link");
    let record = format!("printf '%s\\n' \"$@\" >> \"$0.files\"; exec {} \"$@\"", sum.display());
    program(&build.tools, "sha256sum", &record);
    assert_eq!(build.cargo(&["xtask"]).0, 0);
    let counted = fs::read_to_string(build.tools.join("sha256sum.files")).expect("can read the list");
    let counted: BTreeSet<&str> = counted.lines().collect();

    let status =
        Command::new(env!("CARGO")).args(["build", "--quiet", "--package", "verify"]).current_dir(root()).status();
    assert!(status.expect("cargo runs").success());
    let xtask = Path::new(env!("CARGO_BIN_EXE_xtask"));
    for list in [xtask.with_extension("d"), xtask.with_file_name("verify.d")] {
        let text = fs::read_to_string(&list).expect("cargo has written what it depends on");
        let (_, paths) = text.split_once(": ").expect("the name of the program precedes the files");
        let files: Vec<PathBuf> = paths.split_whitespace().filter_map(|path| fs::canonicalize(path).ok()).collect();
        assert!(files.len() > 100, "{}: {}", list.display(), files.len());
        let checkout = fs::canonicalize(root()).expect("it exists");
        let is_missing = |file: &&PathBuf| {
            let path = file.strip_prefix(&checkout).unwrap_or_else(|_| panic!("{} is outside", file.display()));
            !counted.contains(path.to_str().expect("it is UTF-8"))
        };
        assert_eq!(files.iter().filter(is_missing).collect::<Vec<_>>(), Vec::<&PathBuf>::new());
    }
}
