//! Signals: the first cancels, the second exits at once even if the network does not respond, and the exit code is 130.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::support::proxy::Proxy;
use crate::support::wait::{SLEEPING, exit_code, wait_for, wait_until};
use crate::support::{Database, root, scratch, write_revision, xtask};

fn signal(child: &Child, name: &str) {
    let kill = format!("kill -s {name} {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().expect("sh runs").success());
}

#[test]
fn a_second_signal_exits_even_if_the_network_hangs() {
    let versions = scratch("interrupt-frozen");
    write_revision(&versions, "a1", "-- Revises:", "SELECT pg_sleep(600);", "");
    for (first, second) in [("INT", "INT"), ("TERM", "TERM"), ("INT", "TERM")] {
        for is_fleet in [false, true] {
            let database = Database::create();
            let proxy = Proxy::start();
            let url = format!("host=127.0.0.1 port={} user=postgres dbname={}", proxy.port, database.name);
            let list = versions.join("fleet.txt");
            fs::write(&list, format!("dbname={}\n", database.name)).expect("can write the list");
            let mut command = xtask(&root());
            command.args(["db", "upgrade", "--url", &url, "--dir"]).arg(&versions).stderr(Stdio::null());
            if is_fleet {
                command.arg("--each").arg(&list);
            }
            let mut child = command.spawn().expect("xtask runs");
            wait_for(&database, SLEEPING);
            proxy.freeze(true);
            signal(&child, first);
            sleep(Duration::from_millis(300));
            assert!(child.try_wait().expect("can poll the process").is_none(), "it waits for the server");
            signal(&child, second);
            assert_eq!(exit_code(&mut child, "frozen"), Some(130), "{first} {second}");
            proxy.freeze(false);
        }
    }
}

/// Commands that have not reached a statement yet, or never run one.
#[test]
fn a_signal_exits_with_130_at_any_time() {
    let versions = scratch("interrupt-early");
    write_revision(&versions, "a1", "-- Revises:", "SELECT 1;", "");
    // It accepts connections and never responds.
    let listener = TcpListener::bind("127.0.0.1:0").expect("can bind a port");
    let port = listener.local_addr().expect("it is bound").port();
    let url = format!("host=127.0.0.1 port={port} user=postgres dbname=x");
    let commands = [
        "upgrade",
        "downgrade base",
        "resume",
        "stamp heads",
        "current",
        "current --heads",
        "history -i",
        "check",
        "dump",
        "accept a1 --reason x",
        "ensure-version",
        "plan heads",
        "status",
    ];
    for command in commands {
        for name in ["INT", "TERM"] {
            let mut child = xtask(&root());
            child.arg("db").args(command.split(' ')).args(["--url", &url, "--dir"]).arg(&versions);
            let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("xtask runs");
            // It connects once it handles signals.
            let _stream = listener.accept().expect("it connects");
            signal(&child, name);
            assert_eq!(exit_code(&mut child, command), Some(130), "{command} {name}");
        }
    }
}

/// Starts `db edit` with a shell script as the editor, which runs `trap`, and then writes its process id and does not end.
fn edit(name: &str, trap: &str) -> (Child, PathBuf) {
    let versions = scratch(name);
    write_revision(&versions, "a1", "-- Revises:", "SELECT 1;", "");
    let script = versions.with_extension("sh");
    let pid = versions.with_extension("pid");
    let text = format!("{trap}\necho $$ > {0}.new; mv {0}.new {0}\nwhile :; do sleep 0.1; done\n", pid.display());
    fs::write(&script, text).expect("can write the script");
    let _ = fs::remove_file(&pid);
    let mut command = xtask(&root());
    command.env_remove("VISUAL").env("EDITOR", format!("sh {}", script.display()));
    command.args(["db", "edit", "a1", "--dir"]).arg(&versions).stderr(Stdio::null());
    let child = command.spawn().expect("xtask runs");
    wait_until("the editor starts", || pid.exists());
    (child, pid)
}

fn is_running(pid: &Path) -> bool {
    let pid = fs::read_to_string(pid).expect("it has been written");
    let stat = fs::read_to_string(Path::new("/proc").join(pid.trim()).join("stat")).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

/// As CodeBuild and systemd do: the signal is sent to xtask alone.
#[test]
fn a_signal_to_xtask_alone_ends_its_programs() {
    let (mut child, pid) = edit("interrupt-child", "");
    signal(&child, "TERM");
    assert_eq!(exit_code(&mut child, "a child"), Some(130));
    assert!(!is_running(&pid), "the program is still running");
}

#[test]
fn a_signal_waits_for_programs_that_clean_up() {
    let (mut child, pid) = edit("interrupt-clean-up", "trap 'sleep 1; touch $0.cleaned; exit' TERM");
    signal(&child, "TERM");
    assert_eq!(exit_code(&mut child, "a child that cleans up"), Some(130));
    assert!(pid.with_extension("sh.cleaned").exists(), "it had no time");
}

#[test]
fn a_second_signal_kills_programs_that_do_not_end() {
    let (mut child, pid) = edit("interrupt-stubborn", "trap 'touch $0.signaled' TERM");
    let signaled = pid.with_extension("sh.signaled");
    let _ = fs::remove_file(&signaled);
    signal(&child, "TERM");
    wait_until("the program gets the first signal", || signaled.exists());
    assert!(child.try_wait().expect("can poll the process").is_none(), "it waits for the program");
    signal(&child, "TERM");
    assert_eq!(exit_code(&mut child, "a stubborn child"), Some(130));
    assert!(!is_running(&pid), "the program is still running");
}

/// A script that xtask runs runs other commands.
#[test]
fn a_signal_ends_the_programs_of_programs() {
    let folder = scratch("interrupt-tree");
    let pid = folder.join("pid");
    let commands =
        format!("sh -c 'echo $$ > {0}.new; mv {0}.new {0}; while :; do sleep 0.1; done' && true", pid.display());
    let buildspec = format!("version: 0.2\nphases:\n  build:\n    commands:\n      - \"{commands}\"\n      - true\n");
    fs::write(folder.join("tree.yml"), buildspec).expect("can write the file");
    let mut command = xtask(&root());
    command.args(["buildspec", "run"]).arg(folder.join("tree.yml")).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("xtask runs");
    wait_until("the command starts", || pid.exists());
    signal(&child, "TERM");
    assert_eq!(exit_code(&mut child, "a tree"), Some(130));
    assert!(!is_running(&pid), "the program is still running");
}

#[test]
fn a_prepared_transaction_that_holds_a_lock_is_named() {
    let database = Database::create();
    if database.rows("SHOW max_prepared_transactions") == ["0"] {
        // A given server may not allow them; the embedded one does.
        return;
    }
    let versions = scratch("interrupt-prepared");
    write_revision(&versions, "a1", "-- Revises:", "ALTER TABLE t ADD COLUMN b int;", "");
    database.rows("CREATE TABLE t (a int); CREATE TABLE other (a int)");
    let gid = |name: &str| format!("{name} {}", database.name);
    for table in ["t", "other"] {
        let prepare = format!("BEGIN; LOCK TABLE {table}; PREPARE TRANSACTION '{}'", gid(table));
        database.client().batch_execute(&prepare).expect("can prepare the transaction");
    }
    let mut command = xtask(&root());
    command.args(["db", "upgrade", "--url", &database.url(), "--dir"]).arg(&versions).stderr(Stdio::piped());
    let mut child = command.spawn().expect("xtask runs");
    let lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let line = lines.map_while(Result::ok).find(|line| line.contains("held by")).expect("a message names the holder");
    assert!(line.contains(&format!("held by prepared transaction '{}' (postgres, since ", gid("t"))), "{line}");
    assert!(!line.contains(&gid("other")) && line.contains("ROLLBACK PREPARED"), "{line}");
    for table in ["t", "other"] {
        database.rows(&format!("ROLLBACK PREPARED '{}'", gid(table)));
    }
    assert!(child.wait().expect("it exits").success());
}
