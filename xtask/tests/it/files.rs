//! Files that are not what their names suggest: pipes, sockets, directories, devices, dangling links, misplaced and
//! unreadable files. None may block a command, and none may be ignored silently.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::{Database, root, scratch, server_url, succeed, write_revision, xtask};

/// Commands that read revisions before they need a database.
const COMMANDS: [&str; 18] = [
    "upgrade",
    "upgrade --sql",
    "downgrade base",
    "downgrade --logged base",
    "stamp heads",
    "resume",
    "accept a1 --reason x",
    "check",
    "current",
    "history",
    "history --graph",
    "heads",
    "branches",
    "show a1",
    "plan heads --from base",
    "revision -m x",
    "merge heads",
    "edit a1",
];

/// Runs a command, which must exit.
fn run(command: &mut Command) -> Output {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("xtask runs");
    let deadline = Instant::now() + Duration::from_secs(120);
    while child.try_wait().expect("can wait").is_none() {
        if Instant::now() > deadline {
            let _ = child.kill();
            panic!("{command:?} hangs");
        }
        sleep(Duration::from_millis(2));
    }
    child.wait_with_output().expect("it has ended")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn db(directory: &Path, command: &str) -> Command {
    let mut xtask = xtask(directory);
    xtask.arg("db").args(["--dir", "versions", "--connect-timeout", "0", "--url", "host=/nowhere"]);
    xtask.args(command.split(' ')).env("EDITOR", "false");
    xtask
}

fn fifo(path: &Path) -> PathBuf {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo runs").success());
    path.to_owned()
}

/// A name, what to create there, and what an error contains; nothing if it is ignored.
type Odd<'a> = (&'a str, &'a dyn Fn(&Path), &'a str);

#[test]
fn no_command_reads_or_ignores_what_is_not_a_revision_file() {
    let directory = scratch("odd-files");
    let versions = directory.join("versions");
    // Socket paths have a length limit, which a test's path may exceed.
    let socket = |path: &Path| {
        let short = std::env::temp_dir().join(format!("xtask-socket-{}", std::process::id()));
        drop(UnixListener::bind(&short).expect("can create the socket"));
        fs::rename(&short, path).or_else(|_| symlink(&short, path)).expect("can move the socket");
    };
    let text = "SELECT 1;\n";
    let make: [Odd<'_>; 11] = [
        ("z.sql", &|path| drop(fifo(path)), "`versions/z.sql`: is a FIFO (named pipe), not a regular file"),
        ("z.sql", &|path| fs::create_dir(path).expect("a folder"), "`versions/z.sql`: is a directory, not a file"),
        ("z.sql", &|path| symlink("/dev/zero", path).expect("a link"), "`versions/z.sql`: is a device"),
        ("z.sql", &|path| symlink("gone", path).expect("a link"), "`versions/z.sql`: is a symbolic link to `gone`"),
        ("Z.SQL", &|path| fs::write(path, text).expect("a file"), "rename it to `versions/Z.sql`"),
        ("x.Sql", &|path| fs::write(path, text).expect("a file"), "`versions/x.Sql` is not read"),
        ("x.sql ", &|path| fs::write(path, text).expect("a file"), "`versions/x.sql ` is not read"),
        ("old/x.sql", &|path| fs::write(path, text).expect("a file"), "`versions/old/x.sql` is not read"),
        ("old/2026/x.SQL", &|path| fs::write(path, text).expect("a file"), "`versions/old/2026/x.SQL` is not read"),
        ("old/loop", &|path| symlink("..", path).expect("a link"), ""),
        ("z.sql", &socket, "`versions/z.sql`: is a socket, not a regular file"),
    ];
    for (name, create, expected) in make {
        let _ = fs::remove_dir_all(&versions);
        write_revision(&versions, "a1", "-- Revises:", "SELECT 1;", "SELECT 1;");
        let path = versions.join(name);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("can create the folder");
        create(&path);
        for command in COMMANDS {
            let output = run(&mut db(&directory, command));
            let text = stderr(&output) + &String::from_utf8_lossy(&output.stdout);
            if !expected.is_empty() {
                assert_eq!(output.status.code(), Some(1), "{command} with {name}: {text}");
                assert!(text.contains(expected), "{command} with {name}: {text}");
            }
        }
        if expected.is_empty() {
            succeed(&run(&mut db(&directory, "heads")));
        }
    }
}

#[test]
fn the_linter_lists_ignored_files() {
    let directory = scratch("odd-lint");
    let versions = directory.join("versions");
    write_revision(&versions.join("old"), "a1", "-- Revises:", "SELECT 1;", "SELECT 1;");
    fs::write(versions.join("Z.SQL"), "").expect("can write the file");
    let output = run(&mut db(&directory, "lint"));
    let text = String::from_utf8_lossy(&output.stdout);
    for expected in ["error[ignored-file]: `versions/Z.SQL`", "error[ignored-file]: `versions/old/a1.sql`"] {
        assert!(text.contains(expected), "{text}");
    }
    fs::remove_dir_all(versions.join("old")).expect("can remove the folder");
    fs::remove_file(versions.join("Z.SQL")).expect("can remove the file");
    fifo(&versions.join("z.sql"));
    let output = run(&mut db(&directory, "lint"));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("error[unreadable-file]: `versions/z.sql`: is a FIFO (named pipe)"), "{text}");
}

#[test]
fn files_of_editors_and_tools_are_ignored() {
    let directory = scratch("other-files");
    let versions = directory.join("versions");
    write_revision(&versions, "a1", "-- Revises:", "SELECT 1;", "SELECT 1;");
    let names = [
        "a1.sql~",
        ".a1.sql.swp",
        "#a1.sql#",
        ".#a1.sql",
        "a1.sql.orig",
        ".hidden.sql",
        "README.md",
        ".gitkeep",
        "sql",
    ];
    for name in names {
        fs::write(versions.join(name), "not SQL").expect("can write the file");
    }
    fs::create_dir_all(versions.join(".git/hooks")).expect("can create the folder");
    fs::write(versions.join(".git/hooks/x.sql"), "not SQL").expect("can write the file");
    fs::create_dir(versions.join("__pycache__")).expect("can create the folder");
    let output = run(&mut db(&directory, "heads"));
    succeed(&output);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "a1 (head)\n");
}

#[test]
fn a_missing_directory_is_reported_with_a_command_that_creates_it() {
    let directory = scratch("no-directory");
    for command in COMMANDS.into_iter().filter(|command| *command != "revision -m x") {
        let output = run(&mut db(&directory, command));
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{command}: {text}");
        assert!(text.contains("error: the directory `versions` does not exist\n"), "{command}: {text}");
        let hint = "`cargo xtask db revision -m MESSAGE --dir versions` creates it with its first revision";
        assert!(text.contains(hint), "{command}: {text}");
    }
    succeed(&run(&mut db(&directory, "revision -m first")));
    succeed(&run(&mut db(&directory, "heads")));
    fs::remove_dir_all(directory.join("versions")).expect("can remove the folder");
    fs::write(directory.join("file"), "").expect("can write the file");
    symlink("file", directory.join("versions")).expect("can create the link");
    for command in COMMANDS {
        let text = stderr(&run(&mut db(&directory, command)));
        assert!(text.contains("`versions` is not a directory") && text.contains("`--dir`"), "{command}: {text}");
    }
}

#[test]
fn files_that_settings_name_are_not_waited_for() {
    let directory = scratch("named-files");
    write_revision(&directory.join("versions"), "a1", "-- Revises:", "SELECT 1;", "SELECT 1;");
    let fifo = fifo(&directory.join("pipe"));
    let fifo = fifo.display();
    let urls = [
        format!("host=localhost sslmode=verify-full sslrootcert={fifo}"),
        format!("host=localhost sslmode=require sslcert={fifo} sslkey={fifo}"),
        format!("host=localhost passfile={fifo}"),
        format!("service=s servicefile={fifo}"),
    ];
    for url in urls {
        let mut command = xtask(&directory);
        command.args(["db", "current", "--dir", "versions", "--connect-timeout", "0", "--url", &url]);
        let text = stderr(&run(&mut command));
        assert!(text.contains(&format!("error: `{fifo}`: is a FIFO (named pipe)")), "{url}: {text}");
    }
    for path in ["pipe", "/dev/zero"] {
        let mut command = xtask(&directory);
        command.args(["db", "upgrade", "--url", "host=/nowhere", "--connect-timeout", "0", "--dir", path]);
        let text = stderr(&run(&mut command));
        assert!(text.contains(&format!("error: `{path}` is not a directory")), "{text}");
    }
    let mut each = xtask(&directory);
    each.args(["db", "upgrade", "--dir", "versions", "--each"]).arg(directory.join("pipe"));
    let text = stderr(&run(&mut each));
    assert!(text.contains(&format!("error: `{fifo}`: is a FIFO (named pipe)")), "{text}");

    // The folder above `CARGO_MANIFEST_DIR` is the root of the checkout.
    fs::rename(directory.join("pipe"), directory.join("xtask.toml")).expect("can move the pipe");
    for arguments in [["db", "heads"], ["buildspec", "check"], ["doctor", "db"]] {
        let mut command = xtask(&directory);
        command.env("CARGO_MANIFEST_DIR", directory.join("xtask")).args(arguments);
        let text = stderr(&run(&mut command));
        assert!(text.contains("xtask.toml`: is a FIFO (named pipe)"), "{text}");
    }
}

#[test]
fn files_next_to_the_revisions_are_not_waited_for() {
    let directory = scratch("neighbors");
    write_revision(&directory.join("versions"), "a1", "-- Revises:", "SELECT 1;", "SELECT 1;");
    let url = server_url();
    let verify = |task: &str| {
        let mut command = xtask(&directory);
        command.args(["db", "--dir", "versions", task, "--postgres", &url]);
        stderr(&run(&mut command))
    };
    fifo(&directory.join("schema.sql"));
    for task in ["verify", "dump"] {
        let text = verify(task);
        assert!(text.contains("schema.sql: is a FIFO (named pipe)"), "{task}: {text}");
    }
    fs::create_dir(directory.join("fixtures")).expect("can create the folder");
    fifo(&directory.join("fixtures/f.sql"));
    for task in ["verify", "trace"] {
        let text = verify(task);
        assert!(text.contains("fixtures/f.sql: is a FIFO (named pipe)"), "{task}: {text}");
    }
    fs::rename(directory.join("fixtures/f.sql"), directory.join("fixtures/f.SQL")).expect("can rename the file");
    let text = verify("verify");
    assert!(text.contains("`fixtures/f.SQL` is not read") && text.contains("rename it"), "{text}");
}

#[test]
fn absurd_settings_are_refused_before_connecting() {
    let directory = scratch("absurd");
    write_revision(&directory.join("db/versions"), "a1", "-- Revises:", "SELECT 1;", "SELECT 1;");
    for setting in ["lock_wait = 1e300", "connect_timeout = -1", "attempts = 0", "version_table = ''"] {
        fs::write(directory.join("xtask.toml"), format!("[migrate]\n{setting}\n")).expect("can write the file");
        let mut command = xtask(&directory);
        command.env("CARGO_MANIFEST_DIR", directory.join("xtask"));
        command.args(["db", "upgrade", "--connect-timeout", "0", "--url", "host=/nowhere"]);
        let output = run(&mut command);
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains("xtask.toml:2:") && text.contains(setting) && text.contains("expected "), "{text}");
    }
    for option in ["--lock-wait", "--connect-timeout"] {
        for value in ["-1", "nan", "1e300", "2147484", "18446744073709551615"] {
            let database = Database { name: "none".to_owned() };
            let mut command = xtask(&root());
            command.args(["db", "upgrade", "--url", &database.url(), option, value]);
            let output = run(&mut command);
            let text = stderr(&output);
            assert_eq!(output.status.code(), Some(2), "{option} {value}: {text}");
            assert!(text.contains(&format!("invalid value '{value}' for '{option} <SECONDS>'")), "{text}");
        }
    }
}
