//! `DATABASE_IAM_AUTH` with the real aws CLI: the password sent to the server is a token that AWS would accept. The server here
//! only reads the password, and the test recomputes the signature as AWS documents it ("Signature Version 4").

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;

use crate::support::emulator::{KEY, SECRET};
use crate::support::{python, root, scratch, xtask};

/// Checks the signature of a token and prints its parts: host and port, role, lifetime in seconds.
const CHECK: &str = r#"
import hashlib, hmac, sys, urllib.parse
token, secret = sys.argv[1:]
address, query = token.split("/?", 1)
pairs = [pair.split("=", 1) for pair in query.split("&")]
fields = {name: urllib.parse.unquote(value) for name, value in pairs}
signature = fields["X-Amz-Signature"]
signed = "&".join(sorted("=".join(pair) for pair in pairs if pair[0] != "X-Amz-Signature"))
digest = lambda text: hashlib.sha256(text.encode()).hexdigest()
request = "\n".join(["GET", "/", signed, "host:" + address, "", "host", digest("")])
key, scope = fields["X-Amz-Credential"].split("/", 1)
text = "\n".join(["AWS4-HMAC-SHA256", fields["X-Amz-Date"], scope, digest(request)])
code = ("AWS4" + secret).encode()
for part in scope.split("/"):
    code = hmac.new(code, part.encode(), hashlib.sha256).digest()
assert hmac.new(code, text.encode(), hashlib.sha256).hexdigest() == signature, "wrong signature"
print(address, fields["DBUser"], fields["Action"], key, scope.split("/", 1)[1], fields["X-Amz-Expires"])
"#;

/// Reads the body of a message in PostgreSQL's protocol.
fn message(stream: &mut TcpStream, has_type: bool) -> Vec<u8> {
    let mut head = vec![0; if has_type { 5 } else { 4 }];
    stream.read_exact(&mut head).expect("can read the message");
    let length = u32::from_be_bytes(head[head.len() - 4..].try_into().expect("it has four bytes"));
    let mut body = vec![0; length as usize - 4];
    stream.read_exact(&mut body).expect("can read the body");
    body
}

/// Accepts a connection, requests a cleartext password, and rejects it.
fn receive_password(listener: &TcpListener) -> String {
    let (mut stream, _) = listener.accept().expect("can accept the connection");
    message(&mut stream, false);
    stream.write_all(b"R\0\0\0\x08\0\0\0\x03").expect("AuthenticationCleartextPassword");
    let password = message(&mut stream, true);
    let refusal = b"SFATAL\0VFATAL\0C28P01\0Mnot here\0\0";
    let length = (refusal.len() as u32 + 4).to_be_bytes();
    stream.write_all(&[b"E", &length[..], refusal].concat()).expect("ErrorResponse");
    String::from_utf8(password).expect("it is text").trim_end_matches('\0').to_owned()
}

#[test]
fn the_password_is_a_valid_token() {
    let programs = python("aws-venv", include_str!("../../emulator/requirements.txt"));
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("can bind a port");
    let port = listener.local_addr().expect("the listener has an address").port();
    let mut command = xtask(&root());
    let url = format!("postgres://deployer@127.0.0.1:{port}/site?sslmode=disable");
    command.args(["db", "current", "--url", &url]).env("DATABASE_IAM_AUTH", "1").env("HOME", scratch("token"));
    command.env("PATH", format!("{}:{}", programs.display(), std::env::var("PATH").expect("PATH is set")));
    command.env("AWS_DEFAULT_REGION", "eu-west-1").env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_ACCESS_KEY_ID", KEY).env("AWS_SECRET_ACCESS_KEY", SECRET);
    let run = std::thread::spawn(move || command.output().expect("xtask runs"));
    let token = receive_password(&listener);
    let output = run.join().expect("no thread panics");
    let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success() && text.contains("28P01"), "{text}");
    assert!(!text.contains("X-Amz-Signature"), "the token is printed: {text}");

    let mut check = Command::new(programs.join("python"));
    let checked = check.args(["-c", CHECK, &token, SECRET]).output().expect("Python runs");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let expected = format!("127.0.0.1:{port} deployer connect {KEY} eu-west-1/rds-db/aws4_request 900");
    assert_eq!(String::from_utf8_lossy(&checked.stdout).trim(), expected);
}
