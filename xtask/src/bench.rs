//! `cargo xtask bench`: the comparison with other tools. The crate `bench` makes it; it is run as a program.

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
    // It has said what is wrong.
    command.run().map_err(|_| Failure::new("the comparison was not finished").into())
}
