//! `cargo xtask bench`: the comparison with other tools. The crate `bench` makes it; it is run as a program.

use anyhow::Result;

use crate::cli::BenchArguments;
use crate::context::Context;
use crate::process;
use crate::report::Failure;

pub(crate) fn run(context: &Context, arguments: &BenchArguments) -> Result<()> {
    let shell = process::shell(&context.root)?;
    let mut command = process::own_program(context, &shell, "bench")?.args(&arguments.parts);
    command = command.arg("--root").arg(&context.root).args(process::binaries_arguments(context)?);
    if arguments.quick {
        command = command.arg("--quick");
    }
    if !arguments.peers.is_empty() {
        command = command.arg("--peers").arg(arguments.peers.join(","));
    }
    // It has said what is wrong.
    command.run().map_err(|_| Failure::new("the comparison was not finished").into())
}
