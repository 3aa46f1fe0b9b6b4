//! A server that is not there yet, that hangs up, that says nothing: as Aurora does when it wakes. In front of the real one stands a
//! proxy that misbehaves.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::Output;
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use crate::support::{Database, root, server, unused_port, xtask};

/// What becomes of a connection.
#[derive(Clone, Copy)]
enum Fate {
    Closed,
    /// Taken, and never answered.
    Silent,
    Forwarded,
}

/// Listens, after a while, and gives each connection its fate, the last one to all that follow.
fn proxy(after: Duration, fates: &'static [Fate]) -> u16 {
    let port = unused_port();
    let listen = move || TcpListener::bind(("127.0.0.1", port)).expect("the port is free");
    // Whoever is not to be refused may connect as soon as this returns.
    let listener = after.is_zero().then(listen);
    spawn(move || {
        sleep(after);
        let listener = listener.unwrap_or_else(listen);
        for (number, stream) in listener.incoming().enumerate() {
            let stream = stream.expect("a connection");
            match fates.get(number).or(fates.last()).expect("a fate") {
                Fate::Closed => drop(stream),
                Fate::Silent => drop(spawn(move || {
                    sleep(Duration::from_secs(60));
                    drop(stream);
                })),
                Fate::Forwarded => forward(stream),
            }
        }
    });
    port
}

fn forward(client: TcpStream) {
    let server = server();
    if server.host.starts_with('/') {
        let to = UnixStream::connect(format!("{}/.s.PGSQL.{}", server.host, server.port)).expect("the server");
        let back = to.try_clone().expect("a socket");
        pump(client, to, back, |socket| drop(socket.shutdown(Shutdown::Write)));
    } else {
        let port = server.port.parse().expect("a number");
        let to = TcpStream::connect((server.host.as_str(), port)).expect("the server");
        let back = to.try_clone().expect("a socket");
        pump(client, to, back, |socket| drop(socket.shutdown(Shutdown::Write)));
    }
}

fn pump<S: Read + Write + Send + 'static>(client: TcpStream, mut to: S, mut back: S, end: fn(&S)) {
    let (mut from, mut answers) = (client.try_clone().expect("a socket"), client);
    spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        end(&to);
    });
    spawn(move || {
        let _ = std::io::copy(&mut back, &mut answers);
        let _ = answers.shutdown(Shutdown::Write);
    });
}

/// `db upgrade` through a port: how it ended, what it said, how long it took.
fn upgrade(database: &Database, port: u16, timeout: &str) -> (Output, String, Duration) {
    let start = Instant::now();
    let url =
        format!("host=127.0.0.1 port={port} dbname={} user=postgres sslmode=disable connect_timeout=1", database.name);
    let mut command = xtask(&root());
    let output =
        command.args(["db", "upgrade", "--connect-timeout", timeout, "--url", &url]).output().expect("xtask runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, said, start.elapsed())
}

#[test]
fn a_server_that_wakes_is_waited_for() {
    let asleep = Duration::from_millis(1500);
    let cases: [(Duration, &'static [Fate], &str); 3] = [
        (asleep, &[Fate::Forwarded], "waiting for the server (error connecting to server: Connection refused"),
        (Duration::ZERO, &[Fate::Closed, Fate::Closed, Fate::Forwarded], "waiting for the server ("),
        (
            Duration::ZERO,
            &[Fate::Silent, Fate::Silent, Fate::Forwarded],
            "waiting for the server (no answer within 1 s)",
        ),
    ];
    for (after, fates, told) in cases {
        let database = Database::create();
        let (output, said, _) = upgrade(&database, proxy(after, fates), "30");
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.contains(told), "{said}");
        assert_eq!(database.rows("SELECT version_num FROM alembic_version"), ["19e7a6d3c05f"]);
    }
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let database = Database::create();
    for (fates, reason) in
        [(&[Fate::Silent] as &'static [Fate], "no answer within 1 s"), (&[Fate::Closed], "connection closed")]
    {
        let (output, said, elapsed) = upgrade(&database, proxy(Duration::ZERO, fates), "2");
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("error: can't connect to `") && said.contains(reason), "{said}");
        assert!(said.contains("next: is the server running, and reachable from here?"), "{said}");
        assert!(elapsed < Duration::from_secs(5), "{elapsed:?}");
    }
}
