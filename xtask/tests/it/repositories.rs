//! `cargo xtask init --into` in repositories of many shapes: what it finds, what it adapts, and what it refuses.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::init::{bring, clone, repository, status, text};
use crate::support::git;

const PAGE: &str = r#"{"scripts": {"build": "tsc && vite build"}, "devDependencies": {"vite": "7"}}"#;
const LIBRARY: &str = r#"{"scripts": {"build": "tsc"}}"#;
const WORKSPACE: &str = r#"{"workspaces": ["packages/*"], "scripts": {"build": "npm run build --workspaces"}}"#;
const LOCK: (&str, &str) = ("package-lock.json", "{}");
const CRATE: &str = "[package]\nname = \"desktop\"\n";

/// A file of a repository, with its text.
type File = (&'static str, &'static str);

#[test]
fn the_front_end_is_found_in_every_place() {
    let tool = clone("shapes");
    let cases: [(&str, &[File], &[&str], &str); 9] = [
        ("root", &[("package.json", PAGE), LOCK], &[], "front end: `.`, built by `npm run build` into `dist`"),
        (
            "workspace",
            &[
                ("package.json", WORKSPACE),
                LOCK,
                ("packages/app/package.json", PAGE),
                ("packages/ui/package.json", LIBRARY),
            ],
            &[],
            "front end: `packages/app`, built by `npm run build` into `dist`",
        ),
        (
            "pnpm-workspace",
            &[
                ("package.json", LIBRARY),
                ("pnpm-workspace.yaml", "packages: ['apps/*']\n"),
                ("pnpm-lock.yaml", ""),
                ("apps/web/package.json", PAGE),
            ],
            &[],
            "front end: `apps/web`, built by `pnpm run build` into `dist`",
        ),
        // A lockfile further up that is not that of a workspace pins other packages.
        (
            "apart",
            &[("package.json", LIBRARY), LOCK, ("web/package.json", PAGE)],
            &[],
            "shape-apart/web` has no lockfile",
        ),
        ("examples", &[("package.json", PAGE), LOCK, ("examples/a/package.json", PAGE)], &[], "front end: `.`"),
        (
            "two-pages",
            &[("a/package.json", PAGE), ("b/package.json", PAGE)],
            &[],
            "several folders have a front end: `a`, `b`",
        ),
        ("named", &[("package.json", PAGE), LOCK], &["--frontend", "./"], "front end: `.`"),
        ("outside", &[("package.json", PAGE), LOCK], &["--frontend", "../web"], "is not a folder from the root"),
        (
            "configured",
            &[("package.json", PAGE), LOCK, ("vite.config.ts", "export default { build: { outDir: 'out' } };")],
            &[],
            "warning: set `output` in the section [frontend] of xtask.toml",
        ),
    ];
    for (case, files, arguments, message) in cases {
        let directory = repository(&format!("shape-{case}"), files);
        let output = bring(&tool, "--into", &directory, &[&["--name", "shop"], arguments].concat());
        assert!(text(&output).contains(message), "{case}: {}", text(&output));
        if !output.status.success() {
            assert_eq!((status(&directory).as_str(), branch(&directory).as_str()), ("", "main"), "{case}");
        }
    }
}

fn branch(directory: &Path) -> String {
    git(directory, &["branch", "--show-current"])
}

#[test]
fn what_the_repository_has_stays_usable() {
    let tool = clone("neighbours");
    let files: [File; 9] = [
        ("package.json", PAGE),
        ("yarn.lock", "__metadata:\n"),
        ("src-tauri/Cargo.toml", CRATE),
        ("src-tauri/plugin/Cargo.toml", CRATE),
        ("src-\"other\"/Cargo.toml", CRATE),
        ("build/icon.svg", "<svg/>"),
        ("db/schema.sql", "-- of another tool\n"),
        (".gitignore", "*.sql\n!db/schema.sql\n"),
        ("docs/mine.md", "mine\n"),
    ];
    let directory = repository("neighbours-of", &files);
    // The clone of the tests has no workspace of the tool.
    fs::write(tool.join("Cargo.toml"), "[workspace]\nexclude = [\"db/revision/fuzz\"]\n").expect("can write the file");
    git(&tool, &["add", "--all"]);
    git(&tool, &["commit", "--quiet", "--message", "a workspace"]);
    let output = bring(&tool, "--into", &directory, &["--name", "shop"]);
    assert!(output.status.success(), "{}", text(&output));
    for message in [
        "excludes your `src-tauri` from the tool's Cargo workspace",
        "your `db/schema.sql` is where the tool has its own",
        "your `.gitignore` ignores `db/versions/revision.sql`",
        "linters, formatters and tests that you run in the root read the tool's folders too: exclude `xtask`",
    ] {
        assert!(text(&output).contains(message), "{message}: {}", text(&output));
    }
    let read = |name: &str| fs::read_to_string(directory.join(name)).expect("can read the file");
    let workspace: toml::Table = toml::from_str(&read("Cargo.toml")).expect("it is TOML");
    let excluded = workspace["workspace"]["exclude"].as_array().expect("it is a list");
    let excluded: Vec<&str> = excluded.iter().filter_map(|folder| folder.as_str()).collect();
    assert_eq!(excluded, ["db/revision/fuzz", "src-\"other\"", "src-tauri"]);
    // Whatever is in these folders is the repository's own.
    let ignored = read(".gitignore");
    assert!(!ignored.lines().any(|line| ["build/", "dist/"].contains(&line)), "{ignored}");
    for (name, is_changed) in
        [("buildspec/publish.yml", true), ("buildspec/verify.yml", true), ("buildspec/fleet.yml", false)]
    {
        assert_eq!(read(name).contains("    commands:\n      - corepack enable\n  build:\n"), is_changed, "{name}");
    }
    let check = crate::init::command(&directory).args(["buildspec", "check"]).output().expect("xtask runs");
    assert!(check.status.success(), "{}{}", String::from_utf8_lossy(&check.stdout), text(&check));

    // An update makes the same of the tool's files.
    git(&directory, &["commit", "--quiet", "--message", "the tool"]);
    let same = bring(&tool, "--update", &directory, &[]);
    assert!(text(&same).contains("nothing to do"), "{}", text(&same));
}

#[test]
fn nothing_is_written_where_something_else_is() {
    let tool = clone("blocked");
    let page = [("package.json", PAGE), LOCK];
    let cases: [(&str, &[File], &str); 4] = [
        ("a-file", &[("xtask", "a script\n")], "\n  xtask\n"),
        ("cargo", &[("Cargo.toml", CRATE), ("xtask.toml", "")], "move yours to a folder"),
        ("alias", &[(".cargo/config.toml", "[alias]\n")], "  .cargo/config.toml"),
        ("target", &[("target/list.txt", "")], "  target/list.txt"),
    ];
    fs::create_dir_all(tool.join(".cargo")).expect("can create the folder");
    for name in ["Cargo.toml", ".cargo/config.toml"] {
        fs::write(tool.join(name), "").expect("can write the file");
    }
    git(&tool, &["add", "--all"]);
    git(&tool, &["commit", "--quiet", "--message", "more of the tool"]);
    for (case, files, message) in cases {
        let directory = repository(&format!("blocked-{case}"), &[&page[..], files].concat());
        refused(&tool, &directory, message);
    }
    // A link would lead out of the repository.
    let directory = repository("blocked-link", &page);
    let elsewhere = directory.with_file_name("blocked-elsewhere");
    let _ = fs::remove_dir_all(&elsewhere);
    fs::create_dir_all(&elsewhere).expect("can create the folder");
    symlink(&elsewhere, directory.join("buildspec")).expect("can create the link");
    git(&directory, &["add", "--all"]);
    git(&directory, &["commit", "--quiet", "--message", "a link"]);
    refused(&tool, &directory, "\n  buildspec\n");
    assert_eq!(fs::read_dir(&elsewhere).expect("can read the folder").count(), 0);
    // A folder of a repository, one without a commit, and one with changes.
    let directory = repository("blocked-below", &[("web/package.json", PAGE), ("web/package-lock.json", "{}")]);
    refused(&tool, &directory.join("web"), "is the folder `web` of a repository");
    fs::write(directory.join("own.txt"), "mine").expect("can write the file");
    let output = bring(&tool, "--into", &directory, &["--name", "shop"]);
    assert!(
        text(&output).contains("files of the repository have uncommitted changes:\n  own.txt"),
        "{}",
        text(&output)
    );
    fs::remove_dir_all(directory.join(".git")).expect("can delete the folder");
    git(&directory, &["init", "--quiet"]);
    let output = bring(&tool, "--into", &directory, &["--name", "shop"]);
    assert!(text(&output).contains("is not in a git repository with a commit"), "{}", text(&output));
}

/// It fails with this message, and changes nothing.
fn refused(tool: &Path, directory: &Path, message: &str) {
    let output = bring(tool, "--into", directory, &["--name", "shop"]);
    assert!(!output.status.success() && text(&output).contains(message), "{message}: {}", text(&output));
    assert_eq!((status(directory).as_str(), branch(directory).as_str()), ("", "main"), "{message}");
}
