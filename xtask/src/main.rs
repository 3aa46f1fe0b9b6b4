//! `cargo xtask`: parses the arguments and runs a task. Each task is in the file of the same name.

mod access;
mod aws;
mod bench;
mod buildspec;
mod ci;
mod cli;
mod clock;
mod complete;
mod config;
mod context;
mod db;
mod dev;
mod doctor;
mod execution;
mod frontend;
mod functions;
mod hint;
mod infra;
mod init;
mod interrupt;
mod json_file;
mod junit;
mod npm;
mod other_name;
mod package_manager;
mod preview;
mod prices;
mod process;
mod promote;
mod publish;
mod release;
mod release_kind;
mod releases;
mod report;
mod revisions;
mod rollback;
mod shell_word;
mod signal;
mod source_revision;
mod supervise;
mod test;
mod toolchain;
mod workspace;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use cli::{Cli, Task};
use context::Context;
use report::Report;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return Report::usage(&other_name::with_advice(error)),
    };
    let report = Report::new(cli.is_json(), cli.is_result_only());
    let reminder = report.clone();
    let handled = interrupt::install(move || reminder.message("still waiting; interrupt again to exit immediately"));
    let context = handled.and_then(|()| Context::new(report.clone()));
    let result = context.and_then(|context| match cli.task {
        Task::Db(arguments) => access::run(&context, arguments),
        Task::Init(arguments) => init::run(&context, &arguments),
        Task::Infra { env, command } => infra::run(&context, env.as_deref(), command),
        Task::Releases { env, last, .. } => releases::run(&context, env.as_deref(), last),
        Task::Promote => promote::run(&context),
        Task::Publish(arguments) => publish::run(&context, &arguments),
        Task::Preview(arguments) => preview::run(&context, arguments),
        Task::Rollback(arguments) => rollback::run(&context, &arguments),
        Task::Test(arguments) => test::run(&context, &arguments),
        Task::Doctor { task, .. } => doctor::run(&context, task),
        Task::Buildspec { command, .. } => buildspec::run(&context, &command),
        Task::Dev => dev::run(&context),
        Task::Bench(arguments) => bench::run(&context, &arguments),
        Task::Ci => ci::run(&context),
        Task::Completions { shell } => complete::script(shell).map(|script| report.script(script.trim_end())),
        Task::Complete { words } => {
            complete::answer(&context, Cli::command(), &words);
            Ok(())
        }
    });
    if interrupt::has_arrived() {
        interrupt::wait_for_programs();
    }
    match result.and_then(|()| Ok(report::finish()?)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if interrupt::is_exiting() => ExitCode::from(interrupt::EXIT_CODE),
        Err(error) => {
            let code = report.failure(&error);
            ExitCode::from(if interrupt::has_arrived() { interrupt::EXIT_CODE } else { code })
        }
    }
}
