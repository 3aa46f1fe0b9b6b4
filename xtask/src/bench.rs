//! `cargo xtask bench`: the comparison with other tools, which the crate `bench` runs as a separate program.

use anyhow::Result;

use crate::cli::BenchArguments;
use crate::context::Context;
use crate::report::Failure;
use crate::{process, workspace};

pub(crate) fn run(context: &Context, arguments: &BenchArguments) -> Result<()> {
    let shell = process::shell(&context.root)?;
    let mut command = workspace::program(context, &shell, "bench")?.args(&arguments.parts);
    command = command.arg("--root").arg(&context.root).args(workspace::binaries_arguments(context)?);
    if arguments.quick {
        command = command.arg("--quick");
    }
    if !arguments.peers.is_empty() {
        command = command.arg("--peers").arg(arguments.peers.join(","));
    }
    // It has printed the cause.
    command.run().map_err(|_| Failure::new("the comparison failed").into())
}
