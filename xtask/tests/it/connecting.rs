//! Servers that refuse or close connections, or do not respond, as Aurora does while it resumes, simulated by a proxy
//! in front of the real server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use crate::support::{Database, root, server, unused_port, xtask};

/// How the proxy handles a connection.
#[derive(Clone, Copy)]
enum Behavior {
    /// Closes it after the first message.
    Close,
    /// Closes it with the first message unread, which the client sees as a reset.
    Reset,
    /// Accepts it, and never responds.
    Ignore,
    Forward,
}

/// Listens, and handles each connection by its behavior; the last one also applies to later connections.
fn proxy(behaviors: &'static [Behavior]) -> u16 {
    listen(0, behaviors)
}

/// Listens on a port, or on any for 0, and says on which.
fn listen(port: u16, behaviors: &'static [Behavior]) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", port)).expect("can bind the port");
    let port = listener.local_addr().expect("it is bound").port();
    spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.expect("can accept the connection");
            match behaviors.get(number).or(behaviors.last()).expect("there is a behavior") {
                Behavior::Close => drop(stream.read(&mut [0; 1024])),
                Behavior::Reset => drop(stream.peek(&mut [0; 1])),
                Behavior::Ignore => drop(spawn(move || {
                    sleep(Duration::from_secs(600));
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

/// `db upgrade` through a port.
fn upgrade(database: &Database, port: u16, timeout: &str) -> Command {
    let url =
        format!("host=127.0.0.1 port={port} dbname={} user=postgres sslmode=disable connect_timeout=1", database.name);
    let mut command = xtask(&root());
    command.args(["db", "upgrade", "--connect-timeout", timeout, "--url", &url]);
    command
}

/// Its exit code, standard error and duration.
fn run(mut command: Command) -> (Option<i32>, String, Duration) {
    let start = Instant::now();
    let output = command.output().expect("xtask runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned(), start.elapsed())
}

#[test]
fn connecting_is_retried_while_the_server_resumes() {
    let cases: [(&'static [Behavior], &str); 2] = [
        (&[Behavior::Close, Behavior::Reset, Behavior::Forward], "waiting for the server ("),
        (&[Behavior::Ignore, Behavior::Ignore, Behavior::Forward], "waiting for the server (no answer within 1 s)"),
    ];
    for (behaviors, message) in cases {
        let database = Database::create();
        let (code, stderr, _) = run(upgrade(&database, proxy(behaviors), "120"));
        assert_eq!(code, Some(0), "{stderr}");
        assert!(stderr.contains(message), "{stderr}");
        assert_eq!(database.rows("SELECT version_num FROM alembic_version"), ["19e7a6d3c05f"]);
    }
}

#[test]
fn connecting_is_retried_until_the_port_is_open() {
    let (database, port) = (Database::create(), unused_port());
    let mut child = upgrade(&database, port, "120").stderr(Stdio::piped()).spawn().expect("xtask runs");
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
    let message = "waiting for the server (error connecting to server: Connection refused";
    assert!(lines.any(|line| line.contains(message)), "it has tried once");
    listen(port, &[Behavior::Forward]);
    let rest: Vec<String> = lines.collect();
    assert!(child.wait().expect("it exits").success(), "{rest:?}");
    assert_eq!(database.rows("SELECT version_num FROM alembic_version"), ["19e7a6d3c05f"]);
}

#[test]
fn connecting_to_a_server_that_never_responds_times_out() {
    let database = Database::create();
    for (behaviors, reason) in [
        (&[Behavior::Ignore] as &'static [Behavior], "no answer within 1 s"),
        (&[Behavior::Close], "connection closed"),
        (&[Behavior::Reset], "Connection reset by peer"),
    ] {
        let (code, stderr, elapsed) = run(upgrade(&database, proxy(behaviors), "2"));
        assert_eq!(code, Some(1), "{stderr}");
        assert!(stderr.contains("error: can't connect to `") && stderr.contains(reason), "{stderr}");
        assert!(stderr.contains("next: is the server running and reachable from here?"), "{stderr}");
        assert!(elapsed < Duration::from_secs(40), "the default is 60 s, but it took {elapsed:?}");
    }
}

#[test]
fn status_does_not_wait_for_a_server_that_does_not_respond() {
    let port = proxy(&[Behavior::Ignore]);
    let start = Instant::now();
    let url = format!("host=127.0.0.1 port={port} user=postgres dbname=x");
    let output = xtask(&root()).args(["db", "status", "--url", &url]).output().expect("xtask runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(start.elapsed() < Duration::from_secs(40), "the default is 60 s, but it took {:?}", start.elapsed());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("can't connect") && !text.contains("waiting for the server"), "{text}");
}
