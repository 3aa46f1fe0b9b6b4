//! HTTP requests with curl, which is on every image of CodeBuild and is configured for its proxies and certificates, so
//! that no TLS and HTTP library is compiled for every release. URLs and passwords are passed on standard input, because
//! arguments are public.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};
use cluster::Needs;

use crate::context::Context;
use crate::process;
use crate::report::Failure;

/// The name and password for a branch with basic authentication.
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: String,
}

/// A response with any status.
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

/// How long one request for a file may take, in seconds.
const PATIENCE: &str = "30";

/// The variable with the URL of an emulator that receives requests instead of the host in their URLs. Like
/// AWS_ENDPOINT_URL, but the request keeps the host name.
const ENDPOINT: &str = "AMPLIFY_HOSTING_URL";

/// Gets a resource, bypassing caches.
pub(super) fn get(context: &Context, host: &str, path: &str, login: Option<&Login>) -> Result<Response> {
    let mut config = format!("{}header = \"cache-control: no-cache\"\n", destination(context, host, path));
    if let Some(Login { user, password }) = login {
        config.push_str(&format!("user = {}\n", quote(&format!("{user}:{password}"))));
    }
    request(context, &["--location", "--max-redirs", "5", "--max-time", PATIENCE], &config)
}

/// Uploads a file. The URL contains the permission.
pub(super) fn put(context: &Context, url: &str, file: &Path, limit: Duration) -> Result<Response> {
    let seconds = limit.as_secs().max(1).to_string();
    let file = file.to_str().context("the target directory is not UTF-8")?;
    let config = format!("url = {}\nheader = \"content-type: application/zip\"\n", quote(url));
    request(context, &["--upload-file", file, "--max-time", &seconds], &config)
}

fn request(context: &Context, arguments: &[&str], config: &str) -> Result<Response> {
    let mut command = context.command(&process::find("curl")?, Needs::Tool);
    // `--disable` ignores the user's own settings. The status is the last line of the output.
    command.arg("--disable").args(arguments).args(["--config", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().context("could not run `curl`")?;
    let mut stdin = child.stdin.take().context("standard input is piped")?;
    let config = format!("silent\nshow-error\nwrite-out = \"\\n%{{http_code}}\"\n{config}");
    stdin.write_all(config.as_bytes()).context("could not write to `curl`")?;
    drop(stdin);
    let output = child.wait_with_output().context("could not run `curl`")?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Failure::new(if message.is_empty() { output.status.to_string() } else { message }).into());
    }
    let mut body = output.stdout;
    let status = body.iter().rposition(|&byte| byte == b'\n').map(|at| body.split_off(at));
    let status = status.and_then(|line| String::from_utf8_lossy(&line).trim().parse().ok());
    Ok(Response { status: status.context("`curl` printed no status")?, body })
}

/// The URL of a path, and the host if it is not in the URL.
fn destination(context: &Context, host: &str, path: &str) -> String {
    match context.variable(ENDPOINT) {
        Some(endpoint) => {
            let url = quote(&format!("{}/{path}", endpoint.trim_end_matches('/')));
            format!("url = {url}\nheader = {}\n", quote(&format!("host: {host}")))
        }
        None => format!("url = {}\n", quote(&format!("https://{host}/{path}"))),
    }
}

/// A value in curl's configuration.
fn quote(value: &str) -> String {
    let mut quoted = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn values_end_no_line() {
        assert_eq!(quote("me:a\"b\\c\nurl"), r#""me:a\"b\\c\nurl""#);
    }
}
