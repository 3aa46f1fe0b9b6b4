//! The server for the tests.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};

use crate::context::Context;
use crate::report::Failure;
use crate::{process, workspace};

/// A PostgreSQL run by the program `verify`, which stops it at the end of its standard input.
pub(super) struct Server {
    child: Child,
    pub(super) url: String,
}

impl Server {
    pub(super) fn start(context: &Context, postgres: &str) -> Result<Self> {
        let shell = process::shell(&context.root)?;
        let arguments = workspace::server_arguments(context, postgres)?;
        let mut command: Command = workspace::verify(context, &shell)?.arg("serve").args(arguments).into();
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("could not run `verify`")?;
        let mut url = String::new();
        BufReader::new(child.stdout.take().context("standard output is piped")?).read_line(&mut url)?;
        let server = Self { child, url: url.trim().to_owned() };
        if server.url.is_empty() {
            return Err(Failure::new("could not start a PostgreSQL for the tests").into());
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
