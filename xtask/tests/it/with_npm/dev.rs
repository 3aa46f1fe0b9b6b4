//! `cargo xtask dev`: one command starts the database and the page, one Ctrl-C stops both.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::{Machine, root, xtask};

fn get(address: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
fn one_signal_stops_the_database_and_the_page() {
    let machine = Machine::with_binaries("dev");
    let mut command = xtask(&root());
    command.env_remove("CI").env("CARGO_TARGET_DIR", &machine.target).arg("dev");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("xtask runs");
    let mut stderr = child.stderr.take().expect("it is piped");
    let messages = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = stderr.read_to_string(&mut text);
        text
    });
    let mut output = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let address = output.find_map(|line| {
        let line = line.expect("it is text");
        let (_, address) = line.split_once("http://localhost:")?;
        Some(format!("localhost:{}", address.trim_end_matches('/')))
    });
    let address = address.expect("Vite prints the URL");

    let deadline = Instant::now() + Duration::from_secs(20);
    let page = loop {
        match get(&address, "/") {
            Ok(page) => break page,
            Err(error) => assert!(Instant::now() < deadline, "{error}"),
        }
        sleep(Duration::from_millis(50));
    };
    assert!(page.contains("<div id=\"root\">"), "{page}");
    let release = get(&address, "/release.json").expect("can get the file");
    assert!(release.contains("\"environment\": \"development\"") && release.contains("19e7a6d3c05f"), "{release}");
    machine.expect_servers(1);
    // The rows of seeds.sql.
    let socket = machine.home().join("socket");
    let mut client = postgres::Config::new()
        .host_path(&socket)
        .user("postgres")
        .dbname("postgres")
        .connect(postgres::NoTls)
        .expect("can connect to the database");
    assert_eq!(client.query_one("SELECT count(*) FROM rooms", &[]).expect("can read the row").get::<_, i64>(0), 3);
    drop(client);

    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill runs").success());
    assert_eq!(child.wait().expect("it exits").code(), Some(130));
    machine.expect_servers(0);
    assert!(TcpStream::connect(&address).is_err(), "the page is gone");
    let messages = messages.join().expect("no thread panics");
    assert!(messages.contains("stopped the page and the database"), "{messages}");
}
