//! Signals: the first cancels, the second exits at once even if the network does not answer, and the exit code is 130.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::{Database, root, scratch, server, write_revision, xtask};

fn signal(child: &Child, name: &str) {
    let kill = format!("kill -s {name} {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().expect("sh runs").success());
}

/// Waits for the exit, which must come soon.
fn code(child: &mut Child, what: &str) -> Option<i32> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(5) {
        if let Some(status) = child.try_wait().expect("can poll the process") {
            return status.code();
        }
        sleep(Duration::from_millis(10));
    }
    child.kill().and_then(|()| child.wait()).expect("can kill the process");
    panic!("{what}: it does not exit");
}

/// A proxy in front of the server, which forwards nothing more once it is frozen: connections stay open, new ones are accepted.
fn proxy(frozen: &Arc<AtomicBool>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("can bind a port");
    let port = listener.local_addr().expect("it is bound").port();
    let frozen = Arc::clone(frozen);
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let socket = format!("{}/.s.PGSQL.{}", server().host, server().port);
            let forward = |mut from: Box<dyn Read + Send>, mut to: Box<dyn Write + Send>| {
                let frozen = Arc::clone(&frozen);
                std::thread::spawn(move || {
                    let mut bytes = [0; 4096];
                    while let Ok(count @ 1..) = from.read(&mut bytes) {
                        while frozen.load(Ordering::SeqCst) {
                            sleep(Duration::from_millis(20));
                        }
                        if to.write_all(&bytes[..count]).is_err() {
                            break;
                        }
                    }
                });
            };
            let (reader, writer): (Box<dyn Read + Send>, Box<dyn Write + Send>) = match Path::new(&socket).exists() {
                true => {
                    let stream = std::os::unix::net::UnixStream::connect(&socket).expect("the server runs");
                    (Box::new(stream.try_clone().expect("a second handle")), Box::new(stream))
                }
                false => {
                    let address = format!("{}:{}", server().host, server().port);
                    let stream = TcpStream::connect(address).expect("the server runs");
                    (Box::new(stream.try_clone().expect("a second handle")), Box::new(stream))
                }
            };
            forward(Box::new(client.try_clone().expect("a second handle")), writer);
            forward(reader, Box::new(client));
        }
    });
    port
}

#[test]
fn a_second_signal_exits_whatever_the_network_does() {
    let versions = scratch("interrupt-frozen");
    write_revision(&versions, "a1", "-- Revises:", "SELECT pg_sleep(60);", "");
    for (first, second) in [("INT", "INT"), ("TERM", "TERM"), ("INT", "TERM")] {
        for is_fleet in [false, true] {
            let database = Database::create();
            let frozen = Arc::new(AtomicBool::new(false));
            let url = format!("host=127.0.0.1 port={} user=postgres dbname={}", proxy(&frozen), database.name);
            let list = versions.join("fleet.txt");
            fs::write(&list, format!("dbname={}\n", database.name)).expect("can write the list");
            let mut command = xtask(&root());
            command.args(["db", "upgrade", "--url", &url, "--dir"]).arg(&versions).stderr(Stdio::null());
            if is_fleet {
                command.arg("--each").arg(&list);
            }
            let mut child = command.spawn().expect("xtask runs");
            let deadline = Instant::now() + Duration::from_secs(20);
            let sleeping =
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
            while database.rows(sleeping).is_empty() {
                assert!(Instant::now() < deadline, "the statement does not start");
                sleep(Duration::from_millis(20));
            }
            frozen.store(true, Ordering::SeqCst);
            signal(&child, first);
            sleep(Duration::from_millis(300));
            assert!(child.try_wait().expect("can poll the process").is_none(), "it waits for the server");
            signal(&child, second);
            assert_eq!(code(&mut child, "frozen"), Some(130), "{first} {second}");
            frozen.store(false, Ordering::SeqCst);
        }
    }
}

/// Commands that have not come to a statement yet, or never run one.
#[test]
fn a_signal_exits_with_130_at_any_time() {
    let versions = scratch("interrupt-early");
    write_revision(&versions, "a1", "-- Revises:", "SELECT 1;", "");
    // It accepts connections and never answers.
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
            assert_eq!(code(&mut child, command), Some(130), "{command} {name}");
        }
    }
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
