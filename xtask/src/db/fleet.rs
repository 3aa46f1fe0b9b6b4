//! `upgrade --each`: applies the same revisions to every database of a list, several at a time. A failure does not stop the
//! others.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use connection::Settings;
use migrate::{Canceller, Migrator, Provenance, Session, Target};
use revision::{Objects, Revisions};
use serde_json::json;

use super::choose;
use super::run::work_text;
use super::task::Db;
use crate::cli::{RunArguments, Slice};
use crate::interrupt;
use crate::report::{Failure, counted, duration, heads_text};

/// The databases to upgrade, and how many at a time.
pub(super) struct Request {
    pub(super) list: PathBuf,
    pub(super) jobs: usize,
    pub(super) slice: Option<Slice>,
}

/// A database of the list.
struct Member {
    settings: Settings,
    /// The name in messages. It contains no password.
    label: String,
}

/// What all members share.
struct Fleet<'a> {
    db: &'a Db<'a>,
    revisions: Revisions,
    objects: Objects,
    target: &'a str,
    provenance: Provenance,
    running: Arc<Mutex<Running>>,
}

/// The sessions that a signal cancels.
#[derive(Default)]
struct Running {
    is_interrupted: bool,
    cancellers: Vec<(usize, Canceller)>,
}

/// The result for one database.
struct Done {
    steps: usize,
    objects: usize,
    heads: Vec<String>,
}

impl Db<'_> {
    pub(super) fn upgrade_each(&mut self, target: &str, request: &Request, arguments: &RunArguments) -> Result<()> {
        let (revisions, objects) = (self.read()?, self.read_objects()?);
        let members = self.members(request)?;
        if let Some(seconds) = arguments.lock_wait {
            self.options.lock_wait = Duration::from_secs(seconds);
        }
        self.options.shows_queries = arguments.show_queries;
        let running = Arc::new(Mutex::new(Running::default()));
        let (provenance, cancelled) = (self.context.provenance(), Arc::clone(&running));
        interrupt::on_signal(move || cancel(&cancelled));
        let fleet = Fleet { db: self, revisions, objects, target, provenance, running };
        let start = Instant::now();
        let codes = fleet.migrate(&members, request.jobs);
        let is_interrupted = lock(&fleet.running).is_interrupted;
        let (count, took) = (members.len(), duration(start.elapsed()));
        match outcome(&codes, count, is_interrupted) {
            None => {
                self.context.report.message(format!("{} in {took}: all are at the target", counted(count, "database")))
            }
            Some((message, code)) => {
                let hint = "fix the cause and run the command again; databases that are up to date are not changed";
                return Err(Failure::new(format!("{message} ({took})")).hint(hint).code(code).into());
            }
        }
        Ok(())
    }

    /// Reads the list. Invalid lines are reported before any database is touched.
    fn members(&self, request: &Request) -> Result<Vec<Member>> {
        let path = &request.list;
        let text = regular_file::read_to_string(path).with_context(|| format!("`{}`", path.display()))?;
        let named = choose::named(self)?;
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
        let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let (mut members, mut errors) = (Vec::new(), Vec::new());
        for (number, line) in lines {
            let settings = match choose::of_line(self.context, line, named.as_ref()) {
                Ok(settings) => settings,
                Err(error) => {
                    errors.push(error.context(format!("{}:{number}", path.display())));
                    continue;
                }
            };
            let options = settings.get("options").map(|options| format!(" {options}")).unwrap_or_default();
            members.push(Member { label: format!("{}{options}", settings.describe()), settings });
        }
        if let Some(last) = errors.pop() {
            errors.iter().for_each(|error| _ = self.context.report.failure(error));
            return Err(last);
        }
        if members.is_empty() {
            let hint = "write one database per line: a URL, or `dbname=…`";
            return Err(Failure::new(format!("`{}` lists no databases", path.display())).hint(hint).code(2).into());
        }
        if let Some(Slice { number, of }) = request.slice {
            let mut index = 0;
            members.retain(|_| {
                index += 1;
                (index - 1) % of == number - 1
            });
        }
        Ok(members)
    }
}

impl Fleet<'_> {
    /// Migrates the databases and returns the exit code of each one that was started.
    fn migrate(&self, members: &[Member], jobs: usize) -> Vec<u8> {
        let (next, codes) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        thread::scope(|scope| {
            for _ in 0..jobs.min(members.len()) {
                scope.spawn(|| {
                    while let Some((index, member)) = self.take(&next, members) {
                        let start = Instant::now();
                        let code = self.report(member, start, self.migrate_one(index, member));
                        lock(&self.running).cancellers.retain(|(other, _)| *other != index);
                        lock(&codes).push(code);
                    }
                });
            }
        });
        codes.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// The next database in the list; `None` after an interrupt.
    fn take<'m>(&self, next: &AtomicUsize, members: &'m [Member]) -> Option<(usize, &'m Member)> {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let is_interrupted = lock(&self.running).is_interrupted;
        members.get(index).filter(|_| !is_interrupted).map(|member| (index, member))
    }

    /// Connect, lock, read, plan, act, as `Db::migrate` does.
    fn migrate_one(&self, index: usize, member: &Member) -> Result<Done> {
        let settings = choose::with_token(self.db.context, member.settings.clone())?;
        let listener = self.db.context.report.listener_of(&member.label);
        let session = Session::connect(&settings, self.db.options.clone(), listener)?;
        self.register(index, session.canceller());
        let done = Migrator::new(&self.revisions, session)
            .with_objects(&self.objects)
            .lock()?
            .plan(Target::Upgrade(self.target))?
            .run(&self.provenance)?;
        let heads = self.revisions.graph().ids(done.plan.heads.iter().copied());
        Ok(Done { steps: done.plan.steps.len(), objects: done.objects, heads })
    }

    /// Lets a signal cancel this session. Cancels it now if the signal has already arrived.
    fn register(&self, index: usize, canceller: Canceller) {
        let is_interrupted = {
            let mut running = lock(&self.running);
            running.cancellers.push((index, canceller.clone()));
            running.is_interrupted
        };
        if is_interrupted {
            canceller.cancel();
        }
    }

    /// Prints the result for a database and returns its exit code.
    fn report(&self, member: &Member, start: Instant, done: Result<Done>) -> u8 {
        let (report, label) = (&self.db.context.report, &member.label);
        let (seconds, took) = (start.elapsed().as_secs_f64(), duration(start.elapsed()));
        match done {
            Ok(Done { steps, objects, heads }) => {
                if report.is_json() {
                    report.json(&json!({"event": "database", "database": label, "steps": steps, "heads": heads, "seconds": seconds}));
                }
                report.message(match work_text(steps, objects) {
                    None => format!("{label}: nothing to do, at {}", heads_text(&heads)),
                    Some(count) => format!("{label}: {count} in {took}, at {}", heads_text(&heads)),
                });
                0
            }
            Err(error) => report.failure_of(label, &error, seconds),
        }
    }
}

/// The message and the exit code if databases were not migrated, from the exit codes of those that were started; `None`
/// if all were migrated.
fn outcome(codes: &[u8], count: usize, is_interrupted: bool) -> Option<(String, u8)> {
    let failed: Vec<u8> = codes.iter().copied().filter(|&code| code != 0).collect();
    let (interrupted, not_started) =
        (failed.iter().filter(|&&code| code == interrupt::EXIT_CODE).count(), count - codes.len());
    let missing = failed.len() + not_started;
    if missing == 0 {
        return None;
    }
    let parts = [(failed.len() - interrupted, "failed"), (interrupted, "interrupted"), (not_started, "not started")];
    let parts: Vec<String> =
        parts.iter().filter(|(part, _)| *part > 0).map(|(part, what)| format!("{part} {what}")).collect();
    let message = format!("{missing} of {count} databases were not migrated: {}", parts.join(", "));
    // If all failures have the same code, return that one.
    let common = failed.first().copied().filter(|first| failed.iter().all(|code| code == first));
    Some((message, if is_interrupted { interrupt::EXIT_CODE } else { common.unwrap_or(1) }))
}

/// Cancels all running sessions at once: a server that does not respond must not delay the others.
fn cancel(running: &Mutex<Running>) {
    let cancellers = {
        let mut running = lock(running);
        running.is_interrupted = true;
        running.cancellers.clone()
    };
    thread::scope(|scope| {
        for (_, canceller) in &cancellers {
            scope.spawn(|| canceller.cancel());
        }
    });
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests {
    use super::outcome;

    #[test]
    fn counts_what_was_not_migrated() {
        type Row = (&'static [u8], usize, bool, Option<(&'static str, u8)>);
        let table: [Row; 8] = [
            (&[0, 0], 2, false, None),
            (&[0, 0], 2, true, None),
            (&[0, 6, 0, 6], 4, false, Some(("2 of 4 databases were not migrated: 2 failed", 6))),
            (&[4, 6], 2, false, Some(("2 of 2 databases were not migrated: 2 failed", 1))),
            (&[130, 130], 4, true, Some(("4 of 4 databases were not migrated: 2 interrupted, 2 not started", 130))),
            (&[0, 0], 3, true, Some(("1 of 3 databases were not migrated: 1 not started", 130))),
            (
                &[1, 130],
                3,
                true,
                Some(("3 of 3 databases were not migrated: 1 failed, 1 interrupted, 1 not started", 130)),
            ),
            (&[], 3, true, Some(("3 of 3 databases were not migrated: 3 not started", 130))),
        ];
        for (codes, count, is_interrupted, expected) in table {
            let expected = expected.map(|(message, code)| (message.to_owned(), code));
            assert_eq!(outcome(codes, count, is_interrupted), expected, "{codes:?} of {count}");
        }
    }
}
