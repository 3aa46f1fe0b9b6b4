//! `cargo xtask test`: runs the tests of the monorepo, and prints a summary with durations.

mod case;
mod server;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use connection::Settings;

use crate::cli::{Part, TestArguments};
use crate::context::Context;
use crate::junit;
use crate::npm::Package;
use crate::report::{Failure, duration};
use crate::{frontend, functions, interrupt, process, release, revisions};
use case::Case;
use server::Server;

pub(crate) fn run(context: &Context, arguments: &TestArguments) -> Result<()> {
    let chosen: Vec<Part> = arguments.parts.iter().chain(&arguments.more_parts).copied().collect();
    let is_chosen = |part: &&Part| chosen.is_empty() || chosen.contains(part);
    let mut outcomes = Vec::new();
    for &part in Part::value_variants().iter().filter(is_chosen) {
        context.report.message(format!("== {}", title(part)));
        let start = Instant::now();
        let mut cases = run_part(context, part, &arguments.postgres).unwrap_or_else(|error| {
            context.report.failure(&error);
            vec![Case::failed("setup", format!("{error:#}"))]
        });
        if cases.is_empty() {
            cases.push(Case::failed("setup", "no test was run"));
        }
        if interrupt::has_arrived() {
            return Err(Failure::new("interrupted").code(interrupt::EXIT_CODE).into());
        }
        outcomes.push(Outcome { part, cases, elapsed: start.elapsed() });
    }
    if let Some(file) = &arguments.junit {
        write_junit(file, &outcomes).with_context(|| format!("`{}`", file.display()))?;
    }
    summarize(context, &outcomes)
}

/// The result of a part.
struct Outcome {
    part: Part,
    cases: Vec<Case>,
    elapsed: Duration,
}

impl Outcome {
    fn failed(&self) -> usize {
        self.cases.iter().filter(|case| case.failure.is_some()).count()
    }

    fn skipped(&self) -> usize {
        self.cases.iter().filter(|case| case.skipped).count()
    }

    fn to_junit(&self) -> junit::Suite<'_> {
        junit::Suite { name: self.name(), time: self.elapsed, cases: self.cases.iter().map(Case::to_junit).collect() }
    }

    fn name(&self) -> String {
        self.part.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

fn title(part: Part) -> &'static str {
    match part {
        Part::Engine => "engine: the tests of each crate",
        Part::Lint => "lint: the revisions",
        Part::Db => "db: the revisions applied, reverted and reapplied",
        Part::Buildspec => "buildspec: the files against CodeBuild's reference",
        Part::Frontend => "frontend: types, tests, build, browser",
        Part::Functions => "functions: types, tests on a real PostgreSQL",
        Part::Infra => "infra: the CloudFormation template",
        Part::Commands => "commands: on a real PostgreSQL",
        Part::Schema => "schema: dump, verify and trace on hundreds of schemas and histories",
        Part::Reliability => "reliability: fault injection",
        Part::Publish => "publish: the real ampx and Amplify CLI against an AWS emulator",
    }
}

fn run_part(context: &Context, part: Part, postgres: &str) -> Result<Vec<Case>> {
    match part {
        Part::Engine => {
            let crates = [
                "regular_file",
                "revision",
                "import",
                "connection",
                "schema",
                "diagram",
                "migrate",
                "cluster",
                "verify",
            ];
            let mut arguments: Vec<&str> = crates.iter().flat_map(|name| ["--package", name]).collect();
            let threads = Threads::Several.argument();
            arguments.extend(["--", &threads]);
            let server = Server::start(context, postgres)?;
            cargo_test(context, &arguments, Some(&server.url))
        }
        Part::Lint => on_revisions(context, &["db", "lint"]),
        Part::Db => on_revisions(context, &["db", "verify", "--postgres", postgres]),
        Part::Buildspec => xtask(context, &["buildspec", "check"]),
        Part::Frontend => frontend(context),
        Part::Functions => functions(context, postgres),
        Part::Infra => infra(context),
        Part::Commands => {
            let missing: Vec<&Requirement> =
                REQUIREMENTS.into_iter().filter(|requirement| requirement.is_missing()).collect();
            let skipped = missing.iter().map(|requirement| requirement.module).chain(SCHEMA);
            let threads = Threads::Several.argument();
            let mut arguments = [&INTEGRATION[..], &[threads.as_str()]].concat();
            arguments.extend(skipped.flat_map(|module| ["--skip", module]));
            let server = Server::start(context, postgres)?;
            let mut cases = cargo_test(context, &["--package", "xtask", "--bins"], None)?;
            cases.extend(cargo_test(context, &arguments, Some(&server.url))?);
            cases.extend(missing.iter().map(|requirement| requirement.skip(context)));
            Ok(cases)
        }
        Part::Schema => {
            let server = Server::start(context, postgres)?;
            cargo_test(context, &[&INTEGRATION[..], &SCHEMA].concat(), Some(&server.url))
        }
        Part::Reliability => slow(context, &["reliability::", "off_statements::"], Threads::One, Some(postgres)),
        Part::Publish => {
            let missing = missing(context, EMULATOR);
            if !missing.is_empty() {
                return Ok(missing);
            }
            slow(
                context,
                &[
                    "with_emulator::amplify::",
                    "with_emulator::amplify_gen2::",
                    "with_emulator::ampx::",
                    "with_emulator::into::",
                    "with_emulator::pipeline::",
                ],
                Threads::Two,
                Some(postgres),
            )
        }
    }
}

/// The arguments that run the integration tests.
const INTEGRATION: [&str; 5] = ["--package", "xtask", "--test", "it", "--"];

/// The modules of the tests with many schemas.
const SCHEMA: [&str; 5] = ["dump::", "hazards::", "mutants::", "rows::", "undone::"];

/// The module of the tests that need the AWS emulator.
const EMULATOR: &str = "with_emulator::";

/// How many tests run at the same time.
#[derive(Clone, Copy)]
enum Threads {
    /// One at a time: the tests measure times, or use the whole machine.
    One,
    /// Most of the time, the tests wait for a program with one thread (node), and for the emulator.
    Two,
    /// As many as there are processors, but at least four: most of the time, the tests wait for servers, locks and time limits.
    Several,
}

impl Threads {
    fn argument(self) -> String {
        let count = match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Several => std::thread::available_parallelism().map_or(4, |processors| processors.get().max(4)),
        };
        format!("--test-threads={count}")
    }
}

/// Runs the ignored tests of these modules, which take minutes.
fn slow(context: &Context, modules: &[&str], threads: Threads, postgres: Option<&str>) -> Result<Vec<Case>> {
    let threads = threads.argument();
    let arguments = [&INTEGRATION, modules, &["--ignored", &threads]].concat();
    let server = postgres.map(|postgres| Server::start(context, postgres)).transpose()?;
    cargo_test(context, &arguments, server.as_ref().map(|server| server.url.as_str()))
}

/// Checks the types of the front end, runs its tests, builds it, and tests the built page in a browser.
fn frontend(context: &Context) -> Result<Vec<Case>> {
    let package = frontend::package(context);
    if !package.exists() {
        return Ok(vec![Case::absent(context, "front end")]);
    }
    if NPM.is_missing() {
        return Ok(vec![NPM.skip(context)]);
    }
    package.install()?;
    release::write(context, "test", None)?;
    let mut cases = scripts(context, &package, &["typecheck", "test"])?;
    // `publish` requires it.
    cases.push(script(&package, "build"));
    match BROWSER.is_missing() && package.has_script(BROWSER.module)? {
        true => cases.push(BROWSER.skip(context)),
        false => cases.extend(scripts(context, &package, &[BROWSER.module])?),
    }
    Ok(cases)
}

/// Checks the types of the functions and runs their tests, which migrate databases with this program.
fn functions(context: &Context, postgres: &str) -> Result<Vec<Case>> {
    let Some(package) = functions::package(context) else {
        return Ok(vec![Case::absent(context, "functions")]);
    };
    if NPM.is_missing() {
        return Ok(vec![NPM.skip(context)]);
    }
    package.install()?;
    let server = Server::start(context, postgres)?;
    let database = Settings::resolve(&server.url, &|_| None)?.to_environment();
    let package = package.variables(database).variables([("XTASK", std::env::current_exe()?)]);
    scripts(context, &package, &["typecheck", "test"])
}

/// Checks the types of the CDK app and runs its tests and cfn-lint.
fn infra(context: &Context) -> Result<Vec<Case>> {
    let missing = missing(context, EMULATOR);
    if !missing.is_empty() {
        return Ok(missing);
    }
    let package = Package::new(context, "infra");
    package.install()?;
    let mut cases = scripts(context, &package, &["typecheck", "test"])?;
    cases.extend(slow(context, &["with_emulator::infra::"], Threads::Two, None)?);
    Ok(cases)
}

/// Runs each of these scripts that a package has.
fn scripts(context: &Context, package: &Package<'_>, names: &[&str]) -> Result<Vec<Case>> {
    let case = |name: &&str| match package.has_script(name)? {
        true => Ok(script(package, name)),
        false => Ok(Case::absent(context, &format!("script `{name}` in `{}`", package.name()))),
    };
    names.iter().map(case).collect()
}

/// Runs a script of a package as one case.
fn script(package: &Package<'_>, name: &str) -> Case {
    Case::run(format!("npm run {name}"), || package.script(name))
}

/// A program that some tests require, and the module of these tests.
struct Requirement {
    program: &'static str,
    module: &'static str,
    is_installed: fn() -> bool,
}

const PSQL: Requirement =
    Requirement { program: "psql", module: "with_psql::", is_installed: || process::find("psql").is_ok() };

const ALEMBIC: Requirement =
    Requirement { program: "python3 with venv", module: "with_alembic::", is_installed: process::has_python_venv };

const AWS_CLI: Requirement = Requirement { module: "with_aws_cli::", ..ALEMBIC };

const PGBOUNCER: Requirement = Requirement {
    program: "pgbouncer",
    module: "with_pgbouncer::",
    is_installed: || process::find("pgbouncer").is_ok(),
};

const OPENSSL: Requirement =
    Requirement { program: "openssl", module: "with_openssl::", is_installed: || process::find("openssl").is_ok() };

const NPM: Requirement =
    Requirement { program: "npm", module: "with_npm::", is_installed: || process::find("npm").is_ok() };

const SHELLS: Requirement = Requirement {
    program: "zsh, fish or python3",
    module: "with_shells::",
    is_installed: || ["bash", "zsh", "fish", "python3"].into_iter().all(|program| process::find(program).is_ok()),
};

const REQUIREMENTS: [&Requirement; 7] = [&PSQL, &ALEMBIC, &AWS_CLI, &PGBOUNCER, &OPENSSL, &NPM, &SHELLS];

const BROWSER: Requirement =
    Requirement { program: "chromium", module: "test:browser", is_installed: || frontend::browser().is_some() };

/// The skipped cases of tests that require npm and Python; `None` if both are installed.
fn missing(context: &Context, module: &'static str) -> Vec<Case> {
    let requirements = [Requirement { module, ..NPM }, Requirement { module, ..ALEMBIC }];
    requirements
        .iter()
        .filter(|requirement| requirement.is_missing())
        .map(|requirement| requirement.skip(context))
        .collect()
}

impl Requirement {
    fn is_missing(&self) -> bool {
        !(self.is_installed)()
    }

    /// Skips the tests with a warning; in CI, that is a failure.
    fn skip(&self, context: &Context) -> Case {
        let text = format!("the tests in `{}` require `{}`, which is not installed", self.module, self.program);
        let is_failure = context.is_ci() || context.variable("XTASK_TEST_STRICT").is_some();
        context.report.warn(format!("SKIPPED: {text}"));
        let (name, skipped) = (self.module.to_owned(), !is_failure);
        Case { name, failure: is_failure.then_some(text), skipped, elapsed: None }
    }
}

/// Runs a command that requires revisions, unless there are none yet. The command reports revisions that cannot be
/// read.
fn on_revisions(context: &Context, arguments: &[&str]) -> Result<Vec<Case>> {
    match revisions::read(context).is_ok_and(|graph| graph.is_empty()) {
        true => Ok(vec![Case::absent(context, "revisions")]),
        false => xtask(context, arguments),
    }
}

/// Runs a command of this program as one case.
fn xtask(context: &Context, arguments: &[&str]) -> Result<Vec<Case>> {
    let shell = process::shell(&context.root)?;
    let program = std::env::current_exe()?;
    let name = format!("cargo xtask {}", arguments.join(" "));
    Ok(vec![Case::run(name, || process::inherit_in(&shell, &program).args(arguments).run())])
}

/// Runs `cargo test` and reads the results from its output. Lines of passed tests are not printed.
fn cargo_test(context: &Context, arguments: &[&str], url: Option<&str>) -> Result<Vec<Case>> {
    let mut command = process::inherit(&process::find("cargo")?);
    command.args(["test", "--no-fail-fast"]).args(arguments).current_dir(&context.root).stdout(Stdio::piped());
    if let Some(url) = url {
        command.env("XTASK_TEST_POSTGRES", url);
    }
    let mut child = command.spawn().context("could not run cargo")?;
    let mut cases = Vec::new();
    for line in BufReader::new(child.stdout.take().context("standard output is piped")?).lines() {
        let line = line?;
        match line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ")) {
            Some((name, "ok")) => cases.push(Case::passed(name)),
            Some((name, verdict)) if verdict.starts_with("FAILED") => {
                cases.push(Case::failed(name, case::OUTPUT_ABOVE))
            }
            _ if line.is_empty() || line.starts_with("running ") || line.starts_with("test result: ok") => {}
            _ => context.report.message(line),
        }
    }
    let status = child.wait()?;
    if !status.success() && cases.iter().all(|case| case.failure.is_none()) {
        cases.push(Case::failed("cargo test", format!("cargo test: {status}")));
    }
    Ok(cases)
}

fn summarize(context: &Context, outcomes: &[Outcome]) -> Result<()> {
    let report = &context.report;
    report.message("== summary");
    let mut total = (0, 0, 0);
    for outcome in outcomes {
        let (failed, skipped) = (outcome.failed(), outcome.skipped());
        let passed = outcome.cases.len() - failed - skipped;
        total = (total.0 + passed, total.1 + failed, total.2 + skipped);
        let took = duration(outcome.elapsed);
        report.message(format!(
            "{:10} {passed:>4} passed {failed:>3} failed {skipped:>3} skipped  {took}",
            outcome.name()
        ));
    }
    let (passed, failed, skipped) = total;
    report.message(format!("{passed} passed, {failed} failed, {skipped} skipped"));
    match failed {
        0 => Ok(()),
        1 => Err(Failure::new("1 test failed").into()),
        _ => Err(Failure::new(format!("{failed} tests failed")).into()),
    }
}

fn write_junit(file: &Path, outcomes: &[Outcome]) -> std::io::Result<()> {
    let suites: Vec<junit::Suite<'_>> = outcomes.iter().map(Outcome::to_junit).collect();
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    regular_file::write(file, junit::report(&suites))
}
