//! Servers that refuse or close connections, or do not respond, as Aurora does while it resumes, simulated by a proxy
//! in front of the real server.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::Output;
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use crate::support::{Database, root, server, unused_port, xtask};

/// How the proxy handles a connection.
#[derive(Clone, Copy)]
enum Behavior {
    Close,
    /// Accepts it, and never responds.
    Ignore,
    Forward,
}

/// Starts to listen after a delay, and handles each connection by its behavior; the last one also applies to later connections.
fn proxy(delay: Duration, behaviors: &'static [Behavior]) -> u16 {
    let port = unused_port();
    let listen = move || TcpListener::bind(("127.0.0.1", port)).expect("can bind the port");
    // Without a delay, connections must succeed as soon as this returns.
    let listener = delay.is_zero().then(listen);
    spawn(move || {
        sleep(delay);
        let listener = listener.unwrap_or_else(listen);
        for (number, stream) in listener.incoming().enumerate() {
            let stream = stream.expect("can accept the connection");
            match behaviors.get(number).or(behaviors.last()).expect("there is a behavior") {
                Behavior::Close => drop(stream),
                Behavior::Ignore => drop(spawn(move || {
                    sleep(Duration::from_secs(60));
                    drop(stream);
                })),
                Behavior::Forward => forward(stream),
            }
        }
    });
    port
}

fn forward(client: TcpStream) {
    let server = server();
    if server.host.starts_with('/') {
        let to = UnixStream::connect(format!("{}/.s.PGSQL.{}", server.host, server.port))
            .expect("can connect to the server");
        let back = to.try_clone().expect("can clone the socket");
        pump(client, to, back, |socket| drop(socket.shutdown(Shutdown::Write)));
    } else {
        let port = server.port.parse().expect("it is a number");
        let to = TcpStream::connect((server.host.as_str(), port)).expect("can connect to the server");
        let back = to.try_clone().expect("can clone the socket");
        pump(client, to, back, |socket| drop(socket.shutdown(Shutdown::Write)));
    }
}

fn pump<S: Read + Write + Send + 'static>(client: TcpStream, mut to: S, mut back: S, end: fn(&S)) {
    let (mut from, mut answers) = (client.try_clone().expect("can clone the socket"), client);
    spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        end(&to);
    });
    spawn(move || {
        let _ = std::io::copy(&mut back, &mut answers);
        let _ = answers.shutdown(Shutdown::Write);
    });
}

/// Runs `db upgrade` through a port and returns its output, standard error and duration.
fn upgrade(database: &Database, port: u16, timeout: &str) -> (Output, String, Duration) {
    let start = Instant::now();
    let url =
        format!("host=127.0.0.1 port={port} dbname={} user=postgres sslmode=disable connect_timeout=1", database.name);
    let mut command = xtask(&root());
    let output =
        command.args(["db", "upgrade", "--connect-timeout", timeout, "--url", &url]).output().expect("xtask runs");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, stderr, start.elapsed())
}

#[test]
fn connecting_is_retried_while_the_server_resumes() {
    let pause = Duration::from_millis(1500);
    let cases: [(Duration, &'static [Behavior], &str); 3] = [
        (pause, &[Behavior::Forward], "waiting for the server (error connecting to server: Connection refused"),
        (Duration::ZERO, &[Behavior::Close, Behavior::Close, Behavior::Forward], "waiting for the server ("),
        (
            Duration::ZERO,
            &[Behavior::Ignore, Behavior::Ignore, Behavior::Forward],
            "waiting for the server (no answer within 1 s)",
        ),
    ];
    for (delay, behaviors, message) in cases {
        let database = Database::create();
        let (output, stderr, _) = upgrade(&database, proxy(delay, behaviors), "30");
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        assert!(stderr.contains(message), "{stderr}");
        assert_eq!(database.rows("SELECT version_num FROM alembic_version"), ["19e7a6d3c05f"]);
    }
}

#[test]
fn connecting_to_a_server_that_never_responds_times_out() {
    let database = Database::create();
    for (behaviors, reason) in [
        (&[Behavior::Ignore] as &'static [Behavior], "no answer within 1 s"),
        (&[Behavior::Close], "connection closed"),
    ] {
        let (output, stderr, elapsed) = upgrade(&database, proxy(Duration::ZERO, behaviors), "2");
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.contains("error: can't connect to `") && stderr.contains(reason), "{stderr}");
        assert!(stderr.contains("next: is the server running and reachable from here?"), "{stderr}");
        assert!(elapsed < Duration::from_secs(5), "{elapsed:?}");
    }
}

#[test]
fn status_does_not_wait_for_a_server_that_does_not_respond() {
    let port = proxy(Duration::ZERO, &[Behavior::Ignore]);
    let start = Instant::now();
    let url = format!("host=127.0.0.1 port={port} user=postgres dbname=x");
    let output = xtask(&root()).args(["db", "status", "--url", &url]).output().expect("xtask runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(start.elapsed() < Duration::from_secs(15), "it took {:?}", start.elapsed());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("can't connect") && !text.contains("waiting for the server"), "{text}");
}
