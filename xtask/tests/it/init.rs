//! `cargo xtask init`: it writes what it reports, and loses nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{copy_checkout, git, root, sample, xtask};

/// A clone with the sample, or another state of it.
pub(crate) fn clone(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("init").join(name);
    let _ = fs::remove_dir_all(&directory);
    copy_checkout(&sample(), &directory);
    for tool in ["xtask/folders.toml", "xtask/templates", "xtask/tests/sample", ".gitignore", "buildspec", "db/certs"] {
        let (from, to) = (root().join(tool), directory.join(tool));
        fs::create_dir_all(to.parent().expect("it has a folder")).expect("can create the folder");
        match from.is_dir() {
            true => copy_checkout(&from, &to),
            false => drop(fs::copy(from, to).expect("can copy the file")),
        }
    }
    git(&directory, &["init", "--quiet"]);
    git(&directory, &["add", "--all"]);
    git(&directory, &["commit", "--quiet", "--message", "a clone"]);
    directory
}

pub(crate) fn command(directory: &Path) -> Command {
    let mut command = xtask(directory);
    command.env("CARGO_MANIFEST_DIR", directory.join("xtask"));
    command
}

pub(crate) fn init(directory: &Path, arguments: &[&str]) -> Output {
    command(directory).arg("init").args(arguments).output().expect("xtask runs")
}

pub(crate) fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn status(directory: &Path) -> String {
    git(directory, &["status", "--porcelain"])
}

#[test]
fn it_writes_what_it_reports() {
    let directory = clone("dry");
    let dry = init(&directory, &["--empty", "--name", "shop", "--dry-run"]);
    assert!(dry.status.success() && status(&directory).is_empty(), "{}", text(&dry));
    let output = init(&directory, &["--empty", "--name", "shop"]);
    let said = text(&dry).replace("would be ", "");
    assert!(text(&output).starts_with(said.trim_end()), "{said}\n{}", text(&output));
    let again = init(&directory, &["--empty", "--name", "shop"]);
    assert!(text(&again).contains("uncommitted changes"), "{}", text(&again));
}

#[test]
fn nothing_uncommitted_is_lost() {
    let directory = clone("dirty");
    let edited = directory.join("frontend/src/App.tsx");
    let own = directory.join("db/versions/own.sql");
    fs::write(&edited, "mine").expect("can write the file");
    fs::write(&own, "-- mine").expect("can write the file");
    let output = init(&directory, &["--empty", "--name", "shop"]);
    assert_eq!(output.status.code(), Some(1));
    for part in ["frontend/src/App.tsx", "db/versions/own.sql", "git stash"] {
        assert!(text(&output).contains(part), "{}", text(&output));
    }
    assert_eq!(fs::read_to_string(edited).expect("it is there"), "mine");
    fs::remove_dir_all(directory.join(".git")).expect("can delete the folder");
    // A repository further up has no commit of this one, but git would find it.
    git(&directory, &["init", "--quiet"]);
    let output = init(&directory, &["--empty", "--name", "shop"]);
    assert!(text(&output).contains("is not in a git repository with a commit"), "{}", text(&output));
    assert!(own.exists());
}

#[test]
fn a_name_is_required_and_checked() {
    let directory = clone("name");
    for (arguments, message) in [
        (&["--empty"][..], "the project has no name"),
        (&["--empty", "--name", "Shop"], "lower-case letters"),
        (&["--empty", "--name", "a-name-that-is-too-long"], "up to 20"),
        (&[], "--empty"),
    ] {
        let output = init(&directory, arguments);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output));
        assert!(text(&output).contains(message), "{}", text(&output));
    }
    assert_eq!(status(&directory), "");
}

#[test]
fn every_file_that_the_empty_application_imports_exists() {
    let directory = clone("imports");
    let output = init(&directory, &["--empty", "--name", "shop"]);
    assert!(output.status.success(), "{}", text(&output));
    let (mut folders, mut count) = (vec![directory.join("amplify"), directory.join("frontend")], 0);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("can read the folder") {
            let path = entry.expect("can read the entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let code = fs::read_to_string(&path).expect("it is text");
            let is_code = path.extension().is_some_and(|extension| extension == "ts" || extension == "tsx");
            let imports = code.lines().filter_map(|line| line.split_once("from '.").or(line.split_once("import '.")));
            for (_, name) in imports.filter(|_| is_code) {
                let name = format!(".{}", name.split('\'').next().unwrap_or_default());
                let imported = path.with_file_name(&name);
                let found = [imported.clone(), imported.with_extension("ts"), imported.with_extension("tsx")];
                assert!(found.iter().any(|path| path.is_file()), "{}: {name}", path.display());
                count += 1;
            }
        }
    }
    assert!(count > 40, "{count}");
}

/// A repository with a front end.
pub(crate) fn repository(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("init").join(name);
    let _ = fs::remove_dir_all(&directory);
    for (path, text) in files {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("can create the folder");
        fs::write(path, text).expect("can write the file");
    }
    git(&directory, &["init", "--quiet", "--initial-branch", "main"]);
    git(&directory, &["add", "--all"]);
    git(&directory, &["commit", "--quiet", "--message", "an application"]);
    directory
}

const PACKAGE: &str = r#"{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "8"}}"#;
const LOCK: (&str, &str) = ("web/pnpm-lock.yaml", "lockfileVersion: '9.0'\n");

/// Runs `init --into` or `--update`, and returns its output.
fn bring(clone: &Path, option: &str, repository: &Path, more: &[&str]) -> Output {
    init(clone, &[&[option, repository.to_str().expect("it is text")], more].concat())
}

#[test]
fn a_repository_gets_the_tool_on_a_branch() {
    let tool = clone("tool");
    let shop = repository(
        "shop",
        &[("web/package.json", PACKAGE), LOCK, (".gitignore", "node_modules/"), ("README.md", "mine")],
    );
    let patch = bring(&tool, "--into", &shop, &["--name", "shop", "--dry-run"]);
    assert!(patch.status.success() && status(&shop).is_empty(), "{}", text(&patch));

    let output = bring(&tool, "--into", &shop, &["--name", "shop"]);
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("front end: `web`, built by `pnpm run build` into `dist`"), "{}", text(&output));
    assert_eq!(git(&shop, &["branch", "--show-current"]), "cargo-xtask");
    let changed: Vec<String> =
        status(&shop).lines().filter(|line| !line.starts_with("A ")).map(str::to_owned).collect();
    assert_eq!(changed, ["M  .gitignore"], "nothing else of the repository is touched");
    let ignored = fs::read_to_string(shop.join(".gitignore")).expect("can read the file");
    assert!(ignored.starts_with("node_modules/\n") && ignored.contains("/web/public/release.json"), "{ignored}");
    let settings = fs::read_to_string(shop.join("xtask.toml")).expect("can read the file");
    for line in ["name = \"shop\"", "directory = \"web\"", "output = \"dist\"", "database_user = \"shop_api\""] {
        assert!(settings.lines().any(|found| found == line), "{line}: {settings}");
    }
    assert!(!shop.join("db/versions").exists() && !shop.join(".ci").exists());

    // The patch is the same change.
    let staged = git(&shop, &["write-tree"]);
    git(&shop, &["reset", "--quiet", "--hard"]);
    git(&shop, &["switch", "--quiet", "main"]);
    let file = tool.with_extension("patch");
    fs::write(&file, patch.stdout).expect("can write the file");
    git(&shop, &["apply", "--index", "--whitespace=nowarn", file.to_str().expect("it is text")]);
    assert_eq!(git(&shop, &["write-tree"]), staged);
}

#[test]
fn the_tool_never_overwrites_a_file() {
    let tool = clone("tool-2");
    for (case, files, message) in [
        ("settings", &[("web/package.json", PACKAGE), LOCK, ("xtask.toml", "mine")][..], "  xtask.toml"),
        (
            "buildspec",
            &[("web/package.json", PACKAGE), LOCK, ("buildspec/verify.yml", "mine")],
            "  buildspec/verify.yml",
        ),
        ("none", &[("README.md", "mine")], "no folder has a package.json with a script `build`"),
        ("two", &[("web/package.json", PACKAGE), LOCK, ("app/package.json", PACKAGE)], "`app`, `web`"),
        ("unlocked", &[("web/package.json", PACKAGE)], "has no lockfile"),
    ] {
        let directory = repository(case, files);
        let output = bring(&tool, "--into", &directory, &["--name", "shop"]);
        assert!(!output.status.success() && text(&output).contains(message), "{case}: {}", text(&output));
        assert_eq!(
            (status(&directory).as_str(), git(&directory, &["branch", "--show-current"]).as_str()),
            ("", "main"),
            "{case}"
        );
    }
    let output = bring(&tool, "--into", &tool, &["--name", "shop"]);
    assert!(text(&output).contains("is this clone"), "{}", text(&output));
}

#[test]
fn an_update_replaces_the_tool_and_keeps_what_is_the_teams() {
    let tool = clone("tool-3");
    let shop = repository("updated", &[("web/package.json", PACKAGE), LOCK]);
    let output = bring(&tool, "--into", &shop, &["--name", "shop"]);
    assert!(output.status.success(), "{}", text(&output));
    fs::write(shop.join("buildspec/verify.yml"), "# ours\n").expect("can write the file");
    git(&shop, &["add", "--all"]);
    git(&shop, &["commit", "--quiet", "--message", "the tool"]);
    let same = bring(&tool, "--update", &shop, &["--branch", "same"]);
    assert!(text(&same).contains("nothing to do"), "{}", text(&same));

    // A newer version: a file is new, one has changed, one is gone.
    for (path, contents) in [("xtask/templates/new.txt", "new\n"), ("buildspec/publish.yml", "# newer\n")] {
        fs::write(tool.join(path), contents).expect("can write the file");
    }
    fs::remove_file(tool.join("buildspec/fleet.yml")).expect("can delete the file");
    git(&tool, &["add", "--all"]);
    git(&tool, &["commit", "--quiet", "--message", "a newer version"]);
    let output = bring(&tool, "--update", &shop, &["--branch", "newer"]);
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("keeps your `buildspec/verify.yml`"), "{}", text(&output));
    let changed = status(&shop);
    let changed: Vec<&str> = changed.lines().collect();
    let expected =
        ["D  buildspec/fleet.yml", "M  buildspec/publish.yml", "M  xtask/installed.txt", "A  xtask/templates/new.txt"];
    assert_eq!(changed, expected);
    git(&shop, &["commit", "--quiet", "--message", "newer"]);

    // An edit of the tool's own files would be lost.
    fs::write(shop.join("xtask/templates/new.txt"), "edited\n").expect("can write the file");
    git(&shop, &["commit", "--quiet", "--all", "--message", "an edit"]);
    fs::write(tool.join("xtask/templates/new.txt"), "newer\n").expect("can write the file");
    git(&tool, &["commit", "--quiet", "--all", "--message", "newer still"]);
    let output = bring(&tool, "--update", &shop, &["--branch", "newest"]);
    assert!(text(&output).contains("  xtask/templates/new.txt"), "{}", text(&output));
    assert_eq!((status(&shop).as_str(), git(&shop, &["branch", "--show-current"]).as_str()), ("", "newer"));
}
