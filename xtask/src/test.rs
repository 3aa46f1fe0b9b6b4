//! `cargo xtask test`: every test of the monorepo in one run, with a summary, times, and one exit code.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::ValueEnum;

use crate::cli::{Part, TestArguments};
use crate::context::Context;
use crate::junit::{self, Verdict};
use crate::npm::Package;
use crate::report::{Failure, duration};
use crate::{frontend, process, release, workspace};

pub(crate) fn run(context: &Context, arguments: &TestArguments) -> Result<()> {
    let chosen: Vec<Part> = arguments.parts.iter().chain(&arguments.more_parts).copied().collect();
    let is_chosen = |part: &&Part| chosen.is_empty() || chosen.contains(part);
    let mut outcomes = Vec::new();
    for &part in Part::value_variants().iter().filter(is_chosen) {
        context.report.talk(format!("== {}", title(part)));
        let start = Instant::now();
        let mut cases = run_part(context, part, &arguments.postgres).unwrap_or_else(|error| {
            let failure = format!("{error:#}");
            context.report.talk(format!("error: {failure}"));
            vec![Case::failed("can run", failure)]
        });
        if cases.is_empty() {
            cases.push(Case::failed("runs a test", "no test was run"));
        }
        outcomes.push(Outcome { part, cases, elapsed: start.elapsed() });
    }
    if let Some(file) = &arguments.junit {
        write_junit(file, &outcomes).with_context(|| format!("`{}`", file.display()))?;
    }
    summarize(context, &outcomes)
}

const OUTPUT_ABOVE: &str = "failed: its output is above";

/// One test.
struct Case {
    name: String,
    failure: Option<String>,
    skipped: bool,
    /// `cargo test` does not say how long one of its tests took.
    elapsed: Option<Duration>,
}

impl Case {
    fn passed(name: impl Into<String>) -> Self {
        Self { name: name.into(), failure: None, skipped: false, elapsed: None }
    }

    fn failed(name: impl Into<String>, failure: impl Into<String>) -> Self {
        Self { name: name.into(), failure: Some(failure.into()), skipped: false, elapsed: None }
    }

    /// Runs something as one case; what it prints says why it fails.
    fn run<T, E>(name: impl Into<String>, work: impl FnOnce() -> Result<T, E>) -> Self {
        let start = Instant::now();
        let case = if work().is_ok() { Self::passed(name) } else { Self::failed(name, OUTPUT_ABOVE) };
        Self { elapsed: Some(start.elapsed()), ..case }
    }

    fn to_junit(&self) -> junit::Case<'_> {
        let verdict = match &self.failure {
            Some(reason) => Verdict::Failed(reason),
            None if self.skipped => Verdict::Skipped,
            None => Verdict::Passed,
        };
        junit::Case { name: &self.name, verdict, time: self.elapsed }
    }
}

/// What became of a part.
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
        Part::Engine => "the engine, crate by crate",
        Part::Lint => "the revisions, linted",
        Part::Db => "the revisions, up, down and up again",
        Part::Buildspec => "the buildspecs",
        Part::Frontend => "the front end, in a real browser",
        Part::Infra => "the infrastructure, as a template",
        Part::Commands => "the commands, on a real PostgreSQL",
        Part::Reliability => "faults: what dies, and when",
        Part::Publish => "a release, by the real Amplify CLI on an emulator of AWS",
    }
}

fn run_part(context: &Context, part: Part, postgres: &str) -> Result<Vec<Case>> {
    match part {
        Part::Engine => {
            let crates = ["revision", "connection", "schema", "migrate", "cluster", "verify"];
            let arguments: Vec<&str> = crates.iter().flat_map(|name| ["--package", name]).collect();
            let server = Server::start(context, postgres)?;
            cargo_test(context, &arguments, Some(&server.url))
        }
        Part::Lint => xtask(context, &["db", "lint"]),
        Part::Db => xtask(context, &["db", "verify", "--postgres", postgres]),
        Part::Buildspec => xtask(context, &["buildspec", "check"]),
        Part::Frontend => frontend(context),
        Part::Infra => infra(context),
        Part::Commands => {
            let missing: Vec<&Need> = NEEDS.into_iter().filter(|need| need.is_missing()).collect();
            let mut arguments = INTEGRATION.to_vec();
            arguments.extend(missing.iter().flat_map(|need| ["--skip", need.module]));
            let server = Server::start(context, postgres)?;
            let mut cases = cargo_test(context, &["--package", "xtask", "--bins"], None)?;
            cases.extend(cargo_test(context, &arguments, Some(&server.url))?);
            cases.extend(missing.iter().map(|need| need.skip(context)));
            Ok(cases)
        }
        Part::Reliability => slow(context, &["reliability::"], Some(postgres)),
        Part::Publish => {
            let missing = missing(context, EMULATOR);
            if !missing.is_empty() {
                return Ok(missing);
            }
            slow(context, &["with_emulator::amplify::", "with_emulator::pipeline::"], Some(postgres))
        }
    }
}

/// The one program of integration tests.
const INTEGRATION: [&str; 5] = ["--package", "xtask", "--test", "it", "--"];

/// The module of the tests that need the emulator of AWS.
const EMULATOR: &str = "with_emulator::";

/// The tests of these modules that take minutes, one after the other.
fn slow(context: &Context, modules: &[&str], postgres: Option<&str>) -> Result<Vec<Case>> {
    let arguments = [&INTEGRATION, modules, &["--ignored", "--test-threads=1"]].concat();
    let server = postgres.map(|postgres| Server::start(context, postgres)).transpose()?;
    cargo_test(context, &arguments, server.as_ref().map(|server| server.url.as_str()))
}

/// Types, tests and build of the front end, and the built page in a browser.
fn frontend(context: &Context) -> Result<Vec<Case>> {
    if NPM.is_missing() {
        return Ok(vec![NPM.skip(context)]);
    }
    let package = frontend::package(context);
    package.install()?;
    release::write(context, "test")?;
    let mut cases = scripts(&package, &["typecheck", "test", "build"]);
    match BROWSER.is_missing() {
        true => cases.push(BROWSER.skip(context)),
        false => cases.extend(scripts(&package, &["test:browser"])),
    }
    Ok(cases)
}

/// Types and promises of the CDK app, and what cfn-lint says of its template.
fn infra(context: &Context) -> Result<Vec<Case>> {
    let missing = missing(context, EMULATOR);
    if !missing.is_empty() {
        return Ok(missing);
    }
    let package = Package::new(context, "infra");
    package.install()?;
    let mut cases = scripts(&package, &["typecheck", "test"]);
    cases.extend(slow(context, &["with_emulator::infra::"], None)?);
    Ok(cases)
}

/// Each script of a package as one case.
fn scripts(package: &Package<'_>, names: &[&str]) -> Vec<Case> {
    let script = |name: &&str| Case::run(format!("npm run {name}"), || package.script(name));
    names.iter().map(script).collect()
}

/// A program that some tests need, and the module that they are in.
struct Need {
    program: &'static str,
    module: &'static str,
    is_there: fn() -> bool,
}

const PSQL: Need = Need { program: "psql", module: "with_psql::", is_there: || process::find("psql").is_ok() };

const ALEMBIC: Need =
    Need { program: "python3 with venv", module: "with_alembic::", is_there: process::has_python_venv };

const AWS_CLI: Need = Need { module: "with_aws_cli::", ..ALEMBIC };

const PGBOUNCER: Need =
    Need { program: "pgbouncer", module: "with_pgbouncer::", is_there: || process::find("pgbouncer").is_ok() };

const OPENSSL: Need =
    Need { program: "openssl", module: "with_openssl::", is_there: || process::find("openssl").is_ok() };

const NPM: Need = Need { program: "npm", module: "with_npm::", is_there: || process::find("npm").is_ok() };

const NEEDS: [&Need; 6] = [&PSQL, &ALEMBIC, &AWS_CLI, &PGBOUNCER, &OPENSSL, &NPM];

const BROWSER: Need = Need { program: "chromium", module: "test:browser", is_there: || frontend::browser().is_some() };

/// npm and Python, if tests need both and one is missing.
fn missing(context: &Context, module: &'static str) -> Vec<Case> {
    let needs = [Need { module, ..NPM }, Need { module, ..ALEMBIC }];
    needs.iter().filter(|need| need.is_missing()).map(|need| need.skip(context)).collect()
}

impl Need {
    fn is_missing(&self) -> bool {
        !(self.is_there)()
    }

    /// On a laptop the tests are skipped with a warning; in CI that is a failure.
    fn skip(&self, context: &Context) -> Case {
        let text = format!("`{}` is not installed: the tests in `{}` can't run", self.program, self.module);
        let is_failure = context.is_ci() || context.variable("XTASK_TEST_STRICT").is_some();
        context.report.warn(format!("SKIPPED: {text}"));
        let (name, skipped) = (self.module.to_owned(), !is_failure);
        Case { name, failure: is_failure.then_some(text), skipped, elapsed: None }
    }
}

/// A PostgreSQL that the program `verify` runs for us. It goes when we let go of its standard input.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(context: &Context, postgres: &str) -> Result<Self> {
        let shell = process::shell(&context.root)?;
        let arguments = workspace::server_arguments(context, postgres)?;
        let mut command: Command = workspace::verify(context, &shell)?.arg("serve").args(arguments).into();
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("`verify` could not be run")?;
        let mut url = String::new();
        BufReader::new(child.stdout.take().context("its output is piped")?).read_line(&mut url)?;
        let server = Self { child, url: url.trim().to_owned() };
        if server.url.is_empty() {
            return Err(Failure::new("there is no PostgreSQL to test on").into());
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

/// Runs a command of this program as one case.
fn xtask(context: &Context, arguments: &[&str]) -> Result<Vec<Case>> {
    let shell = process::shell(&context.root)?;
    let program = std::env::current_exe()?;
    let name = format!("cargo xtask {}", arguments.join(" "));
    Ok(vec![Case::run(name, || process::command(&shell, &program).args(arguments).run())])
}

/// Runs `cargo test` and takes its tests from what it prints. Those that pass are only counted.
fn cargo_test(context: &Context, arguments: &[&str], url: Option<&str>) -> Result<Vec<Case>> {
    let mut command = Command::new(process::find("cargo")?);
    command.args(["test", "--no-fail-fast"]).args(arguments).current_dir(&context.root).stdout(Stdio::piped());
    if let Some(url) = url {
        command.env("XTASK_TEST_POSTGRES", url);
    }
    let mut child = command.spawn().context("cargo could not be run")?;
    let mut cases = Vec::new();
    for line in BufReader::new(child.stdout.take().context("its output is piped")?).lines() {
        let line = line?;
        match line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ")) {
            Some((name, "ok")) => cases.push(Case::passed(name)),
            Some((name, verdict)) if verdict.starts_with("FAILED") => cases.push(Case::failed(name, OUTPUT_ABOVE)),
            _ if line.is_empty() || line.starts_with("running ") || line.starts_with("test result: ok") => {}
            _ => context.report.talk(line),
        }
    }
    let status = child.wait()?;
    if !status.success() && cases.iter().all(|case| case.failure.is_none()) {
        cases.push(Case::failed("builds and ends", format!("cargo test: {status}")));
    }
    Ok(cases)
}

fn summarize(context: &Context, outcomes: &[Outcome]) -> Result<()> {
    let report = &context.report;
    report.talk("== summary");
    let mut total = (0, 0, 0);
    for outcome in outcomes {
        let (failed, skipped) = (outcome.failed(), outcome.skipped());
        let passed = outcome.cases.len() - failed - skipped;
        total = (total.0 + passed, total.1 + failed, total.2 + skipped);
        let took = duration(outcome.elapsed);
        report
            .talk(format!("{:10} {passed:>4} passed {failed:>3} failed {skipped:>3} skipped  {took}", outcome.name()));
    }
    let (passed, failed, skipped) = total;
    report.talk(format!("{passed} passed, {failed} failed, {skipped} skipped"));
    if failed == 0 { Ok(()) } else { Err(Failure::new("not everything is as it should be").into()) }
}

fn write_junit(file: &Path, outcomes: &[Outcome]) -> std::io::Result<()> {
    let suites: Vec<junit::Suite<'_>> = outcomes.iter().map(Outcome::to_junit).collect();
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, junit::report(&suites))
}
