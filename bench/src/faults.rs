//! Injects the same faults into each tool, reruns it, and checks the database afterwards.

mod recovery;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use self::recovery::{HANGS, Recovery, STUCK, WRONG, summary};
use crate::harness::Harness;
use crate::log::log;
use crate::measure;
use crate::page;
use crate::peers::{self, Action, Peer};
use crate::server::{Address, Server};
use crate::workload::Migration;

/// How long a run may take before it counts as hanging.
const TIMEOUT: Duration = Duration::from_secs(60);

pub(crate) fn run(harness: &Harness) -> Result<()> {
    let peers = peers::installed(harness, &peers::named(&["cargo xtask db", "dbmate", "sqlx-cli", "Alembic"]))?;
    let server = Server::start(harness)?;
    let mut rows: Vec<Vec<String>> = FAULTS.iter().map(|fault| vec![fault.title.to_owned()]).collect();
    rows.insert(0, vec!["Fault, followed by another run".to_owned()]);
    for &peer in &peers {
        rows[0].push(peer.name().to_owned());
        for (index, fault) in FAULTS.iter().enumerate() {
            log(&format!("{}: {}", peer.name(), fault.title));
            let subject = Subject { harness, server: &server, peer };
            let cell = (fault.inject)(&subject).with_context(|| format!("{}: {}", peer.name(), fault.title))?;
            if peer.is_ours() {
                ensure!(
                    !cell.contains(STUCK) && !cell.contains(WRONG) && !cell.contains(HANGS),
                    "{}: {cell}",
                    fault.title
                );
            }
            rows[index + 1].push(cell);
        }
    }
    page::publish(harness, "docs/reliability.md", "faults", &page::table(&rows))
}

struct Fault {
    title: &'static str,
    inject: fn(&Subject<'_>) -> Result<String>,
}

const FAULTS: [Fault; 7] = [
    Fault {
        title: "The client is killed while applying 300 revisions, a fifth of them CREATE INDEX CONCURRENTLY",
        inject: client_killed,
    },
    Fault { title: "The server crashes during the same run", inject: server_crashed },
    Fault { title: "The client is killed while CREATE INDEX CONCURRENTLY waits for a lock", inject: index_interrupted },
    Fault {
        title: "The session dies during the fourth statement of a revision without a transaction: CREATE TABLE, INSERT, CREATE INDEX CONCURRENTLY, ALTER TABLE",
        inject: revision_interrupted,
    },
    Fault { title: "Twenty concurrent runs on an empty database", inject: twenty_at_once },
    Fault { title: "Five concurrent runs, with CREATE INDEX CONCURRENTLY among the revisions", inject: five_at_once },
    Fault { title: "An applied file is edited", inject: edited },
];

/// A tool under test, and its server.
struct Subject<'a> {
    harness: &'a Harness,
    server: &'a Server,
    peer: &'static dyn Peer,
}

impl Subject<'_> {
    fn write(&self, migrations: &[Migration]) -> Result<PathBuf> {
        let folder = self.harness.fresh("faults")?;
        self.peer.write(self.harness, &folder, migrations)?;
        Ok(folder)
    }

    fn log(&self) -> PathBuf {
        self.harness.log("faults")
    }

    fn command(&self, folder: &Path, address: &Address) -> Result<Command> {
        self.peer.command(self.harness, folder, address, Action::Apply).context("every tool applies")
    }

    fn spawn(&self, folder: &Path, address: &Address, log: &Path) -> Result<Child> {
        let out = File::create(log)?;
        let mut command = self.command(folder, address)?;
        Ok(command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out).spawn()?)
    }

    /// Runs the tool to completion. Returns `None` if it hangs.
    fn apply(&self, folder: &Path, address: &Address) -> Result<Option<ExitStatus>> {
        finish(&mut self.spawn(folder, address, &self.log())?, TIMEOUT)
    }

    /// Reruns the tool and compares the database with an undisturbed run.
    fn rerun(&self, folder: &Path, address: &Address, undisturbed: &[String]) -> Result<Recovery> {
        Ok(match self.apply(folder, address)? {
            None => Recovery::Stuck("hangs".to_owned()),
            Some(status) if !status.success() => Recovery::Stuck(error_line(&self.log())),
            Some(_) => {
                let found = state(address)?;
                match undisturbed
                    .iter()
                    .find(|line| !found.contains(line))
                    .or(found.iter().find(|line| !undisturbed.contains(line)))
                {
                    None => Recovery::Complete,
                    Some(line) => Recovery::Wrong(line.clone()),
                }
            }
        })
    }

    /// The result of an undisturbed run, and how long it takes. The inner error is the tool's, if it can't apply the migrations at
    /// all.
    fn undisturbed(&self, folder: &Path) -> Result<Result<(Vec<String>, Duration), String>> {
        let address = self.server.create("undisturbed")?;
        prepare(&address)?;
        let start = Instant::now();
        let status = self.apply(folder, &address)?;
        let took = start.elapsed();
        let found = state(&address)?;
        self.server.drop(&address)?;
        Ok(match status {
            Some(status) if status.success() => Ok((found, took)),
            _ => Err(error_line(&self.log())),
        })
    }

    /// Injects a fault at evenly spaced moments of a run, and summarizes how the tool recovers.
    fn at_moments(&self, tries: u32, inject: impl Fn(&mut Child, &Address) -> Result<()>) -> Result<String> {
        let folder = self.write(&mixed_migrations(if self.harness.is_quick { 60 } else { 300 }))?;
        let (undisturbed, took) = match self.undisturbed(&folder)? {
            Ok(found) => found,
            Err(error_line) => bail!("an undisturbed run failed: {error_line}"),
        };
        let mut recoveries = Vec::new();
        for number in 0..tries {
            let address = self.server.create("faults")?;
            prepare(&address)?;
            let mut child = self.spawn(&folder, &address, &self.log())?;
            sleep(took.mul_f64((f64::from(number) + 0.5) / f64::from(tries)));
            inject(&mut child, &address)?;
            child.wait()?;
            wait_until_alone(self.server, &address)?;
            recoveries.push(self.rerun(&folder, &address, &undisturbed)?);
            self.server.drop(&address)?;
        }
        Ok(summary(&recoveries))
    }

    /// Injects a fault into a revision without a transaction while it waits for a lock that another session holds.
    fn interrupted(
        &self,
        statements: &[&str],
        hold: &str,
        is_waiting: &str,
        inject: impl FnOnce(&mut Child, &Address) -> Result<()>,
    ) -> Result<String> {
        let folder = self.write(&[Migration::outside(statements)])?;
        let (undisturbed, _) = match self.undisturbed(&folder)? {
            Ok(found) => found,
            Err(error_line) => return Ok(format!("fails even undisturbed: {error_line}")),
        };
        let address = self.server.create("faults")?;
        prepare(&address)?;
        let mut other = address.connect()?;
        other.batch_execute(&format!("BEGIN; {hold}"))?;
        let mut child = self.spawn(&folder, &address, &self.log())?;
        wait_for(&address, is_waiting)?;
        inject(&mut child, &address)?;
        finish(&mut child, TIMEOUT)?;
        other.batch_execute("ROLLBACK")?;
        drop(other);
        wait_until_alone(self.server, &address)?;
        let recovery = self.rerun(&folder, &address, &undisturbed)?;
        self.server.drop(&address)?;
        Ok(summary(&[recovery]))
    }
}

/// Revisions that create a table with a row. Every fifth builds an index without a transaction instead.
fn mixed_migrations(count: usize) -> Vec<Migration> {
    let migration = |number: usize| match number % 5 {
        0 => Migration::outside(&[&format!("CREATE INDEX CONCURRENTLY t{0}_n ON t{0} (n)", number - 1)]),
        _ => Migration::inside(&[
            &format!("CREATE TABLE t{number} (n int)"),
            &format!("INSERT INTO t{number} VALUES ({number})"),
        ]),
    };
    (1..=count).map(migration).collect()
}

fn client_killed(subject: &Subject<'_>) -> Result<String> {
    let tries = if subject.harness.is_quick { 2 } else { 20 };
    subject.at_moments(tries, |child, _| Ok(child.kill()?))
}

const CHECKPOINTER: &str = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'";

/// Killing a backend makes the server discard its memory and recover from disk.
fn server_crashed(subject: &Subject<'_>) -> Result<String> {
    let tries = if subject.harness.is_quick { 1 } else { 10 };
    subject.at_moments(tries, |_, address| {
        let query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let mut own = address.connect()?;
        let own_pid: String = own.query_one("SELECT pg_backend_pid()::text", &[])?.get(0);
        let checkpointer = address.column(CHECKPOINTER)?;
        // False if the process has already exited.
        let kill = |pid: &String| -> Result<bool> {
            let pid = Pid::from_raw(pid.parse()?).context("invalid process id")?;
            Ok(kill_process(pid, Signal::KILL).is_ok())
        };
        // If the tool has no session at this moment, kill our own.
        let is_killed = address.column(query)?.iter().find(|&pid| *pid != own_pid).map(kill).transpose()?;
        ensure!(is_killed == Some(true) || kill(&own_pid)?, "no process could be killed");
        let deadline = Instant::now() + TIMEOUT;
        // Connections succeed until the postmaster notices the death, so only a new checkpointer shows that it restarted.
        while address.column(CHECKPOINTER).map_or(true, |found| found.is_empty() || found == checkpointer) {
            ensure!(Instant::now() < deadline, "the server did not restart");
            sleep(Duration::from_millis(20));
        }
        Ok(())
    })
}

fn index_interrupted(subject: &Subject<'_>) -> Result<String> {
    let is_begun = "SELECT count(*) > 0 FROM pg_index WHERE indrelid = 'held'::regclass";
    let index = ["CREATE INDEX CONCURRENTLY held_n ON held (n)"];
    subject.interrupted(&index, "INSERT INTO held VALUES (1)", is_begun, |child, _| Ok(child.kill()?))
}

fn revision_interrupted(subject: &Subject<'_>) -> Result<String> {
    const WAITING: &str = include_str!("faults/waiting.sql");
    let statements = [
        "CREATE TABLE made (n int)",
        "INSERT INTO made VALUES (1)",
        "CREATE INDEX CONCURRENTLY made_n ON made (n)",
        "ALTER TABLE held ADD COLUMN more int",
    ];
    let is_waiting = format!("SELECT count(*) > 0 FROM ({WAITING}) AS waiting");
    subject.interrupted(&statements, "LOCK TABLE held IN ACCESS EXCLUSIVE MODE", &is_waiting, |_, address| {
        address.column(&format!("SELECT pg_terminate_backend(pid) FROM ({WAITING}) AS waiting")).map(drop)
    })
}

fn twenty_at_once(subject: &Subject<'_>) -> Result<String> {
    let tables: Vec<Migration> =
        mixed_migrations(60).into_iter().filter(|migration| migration.in_transaction).collect();
    at_once(subject, 20, &tables)
}

fn five_at_once(subject: &Subject<'_>) -> Result<String> {
    at_once(subject, 5, &mixed_migrations(20))
}

fn at_once(subject: &Subject<'_>, count: usize, migrations: &[Migration]) -> Result<String> {
    let folder = subject.write(migrations)?;
    let (undisturbed, _) = subject.undisturbed(&folder)?.map_err(anyhow::Error::msg)?;
    let address = subject.server.create("faults")?;
    prepare(&address)?;
    let logs: Vec<PathBuf> = (0..count).map(|number| subject.harness.log(&format!("faults-{number}"))).collect();
    let children: Result<Vec<Child>> = logs.iter().map(|log| subject.spawn(&folder, &address, log)).collect();
    let (mut succeeded, mut hanging, mut failure) = (0, 0, None);
    let deadline = Instant::now() + TIMEOUT;
    for (mut child, log) in children?.into_iter().zip(&logs) {
        match finish(&mut child, deadline.saturating_duration_since(Instant::now()))? {
            None => hanging += 1,
            Some(status) if status.success() => succeeded += 1,
            Some(_) => failure = Some(error_line(log)),
        }
    }
    wait_until_alone(subject.server, &address)?;
    let found = state(&address)?;
    subject.server.drop(&address)?;
    let mut text = format!("{succeeded} of {count} succeed");
    if let Some(error_line) = failure {
        text.push_str(&format!(", {} fail: {error_line}", count - succeeded - hanging));
    }
    if hanging > 0 {
        text.push_str(&format!(", {hanging} {HANGS} after {} s", TIMEOUT.as_secs()));
    }
    if found != undisturbed && hanging == 0 {
        text.push_str(&format!("; {WRONG}the database differs"));
    }
    Ok(text)
}

fn edited(subject: &Subject<'_>) -> Result<String> {
    let folder = subject.write(&[Migration::inside(&["CREATE TABLE edited (n int)"])])?;
    let address = subject.server.create("faults")?;
    prepare(&address)?;
    ensure!(subject.apply(&folder, &address)?.is_some_and(|status| status.success()), "{}", error_line(&subject.log()));
    let folder = subject.write(&[Migration::inside(&["CREATE TABLE edited (n bigint)"])])?;
    let status = subject.apply(&folder, &address)?.context("the run hangs")?;
    subject.server.drop(&address)?;
    Ok(match status.success() {
        true => "not noticed".to_owned(),
        false => format!("refused: {}", error_line(&subject.log())),
    })
}

/// Creates the table that another session locks.
fn prepare(address: &Address) -> Result<()> {
    Ok(address.connect()?.batch_execute("CREATE TABLE held (n int)")?)
}

/// The tables with their columns and row counts, and the indexes with their validity, except those of the tools themselves.
fn state(address: &Address) -> Result<Vec<String>> {
    let mut lines = address.column(include_str!("faults/state.sql"))?;
    let counts = address.column(include_str!("faults/row_counts.sql"))?;
    lines.extend(address.column(&counts.concat())?);
    Ok(lines)
}

fn finish(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        sleep(Duration::from_millis(10));
    }
}

/// Waits until the server has noticed that the client is gone. Terminates sessions that persist, as an administrator would.
fn wait_until_alone(server: &Server, address: &Address) -> Result<()> {
    let others =
        format!("FROM pg_stat_activity WHERE datname = '{}' AND backend_type = 'client backend'", address.database);
    let deadline = Instant::now() + Duration::from_secs(5);
    let postgres = server.address("postgres");
    while !postgres.is_true(&format!("SELECT count(*) = 0 {others}"))? {
        if Instant::now() > deadline {
            postgres.column(&format!("SELECT pg_terminate_backend(pid) {others}"))?;
        }
        sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn wait_for(address: &Address, query: &str) -> Result<()> {
    let deadline = Instant::now() + TIMEOUT;
    while !address.is_true(query)? {
        ensure!(Instant::now() < deadline, "timed out waiting for: {query}");
        sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// The first line of a tool's output that reports an error.
fn error_line(log: &Path) -> String {
    let text = measure::tail(log);
    let is_error = |line: &&str| ["error", "Error", "ERROR"].iter().any(|word| line.contains(word));
    let line = text.lines().find(is_error).or(text.lines().last()).unwrap_or("no output");
    let line: String = line.trim().replace('|', "/").replace('`', "'").chars().take(110).collect();
    format!("`{line}`")
}
