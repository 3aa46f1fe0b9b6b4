//! `upgrade --each`: the same revisions on every database of a list, several at a time. One that fails stops no other.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use connection::Settings;
use migrate::{Canceller, Migrator, Provenance, Session, Target};
use revision::Revisions;
use serde_json::json;

use super::choose;
use super::task::Db;
use crate::cli::{RunArguments, Slice};
use crate::interrupt;
use crate::report::{Failure, duration, heads_text};

/// Which databases, and how many at a time.
pub(super) struct Request {
    pub(super) list: PathBuf,
    pub(super) jobs: usize,
    pub(super) slice: Option<Slice>,
}

/// A database of the list.
struct Member {
    settings: Settings,
    /// What it is called in messages: never with a password.
    label: String,
}

/// What all of them are migrated with.
struct Fleet<'a> {
    db: &'a Db<'a>,
    revisions: Revisions,
    target: &'a str,
    provenance: Provenance,
    running: Arc<Mutex<Running>>,
}

/// What a signal cancels.
#[derive(Default)]
struct Running {
    is_interrupted: bool,
    cancellers: Vec<(usize, Canceller)>,
}

/// What became of one.
struct Done {
    steps: usize,
    heads: Vec<String>,
}

impl Db<'_> {
    pub(super) fn upgrade_each(&mut self, target: &str, request: &Request, arguments: &RunArguments) -> Result<()> {
        let revisions = self.read()?;
        let members = self.members(request)?;
        if let Some(seconds) = arguments.lock_wait {
            self.options.lock_wait = Duration::from_secs(seconds);
        }
        let running = Arc::new(Mutex::new(Running::default()));
        let (provenance, cancelled) = (self.context.provenance(), Arc::clone(&running));
        interrupt::on_signal(move || cancel(&cancelled))?;
        let fleet = Fleet { db: self, revisions, target, provenance, running };
        let start = Instant::now();
        let codes = fleet.migrate(&members, request.jobs);
        let failed: Vec<u8> = codes.iter().copied().filter(|&code| code != 0).collect();
        let (count, took) = (members.len(), duration(start.elapsed()));
        if failed.is_empty() && codes.len() == count {
            self.context.report.talk(format!("{count} databases in {took}: every one is where it should be"));
            return Ok(());
        }
        let untouched = count - codes.len();
        let rest = if untouched == 0 { String::new() } else { format!(", {untouched} not begun") };
        let message = format!("{} of {count} databases were not migrated{rest} ({took})", failed.len());
        let hint = "mend what is wrong and run it again: those that are migrated have nothing to do";
        // Where all have failed alike, that is what happened.
        let code = failed.first().copied().filter(|first| failed.iter().all(|code| code == first)).unwrap_or(1);
        Err(Failure::new(message).hint(hint).code(code).into())
    }

    /// The databases of the list. A line that is none is found before any is touched.
    fn members(&self, request: &Request) -> Result<Vec<Member>> {
        let path = &request.list;
        let text = std::fs::read_to_string(path).with_context(|| format!("`{}`", path.display()))?;
        let named = choose::named(self)?;
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
        let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let mut members = Vec::new();
        for (number, line) in lines {
            let settings = choose::of_line(self.context, line, named.as_ref());
            let settings = settings.with_context(|| format!("{}:{number}", path.display()))?;
            let options = settings.get("options").map(|options| format!(" {options}")).unwrap_or_default();
            members.push(Member { label: format!("{}{options}", settings.describe()), settings });
        }
        if members.is_empty() {
            let hint = "a line for each database: a URL, or `dbname=…`";
            return Err(Failure::new(format!("`{}` names no database", path.display())).hint(hint).code(2).into());
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
    /// The exit code of each that was begun.
    fn migrate(&self, members: &[Member], jobs: usize) -> Vec<u8> {
        let (next, codes) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        thread::scope(|scope| {
            for _ in 0..jobs.min(members.len()) {
                scope.spawn(|| {
                    while let Some((index, member)) = self.take(&next, members) {
                        let start = Instant::now();
                        let code = self.tell(member, start, self.migrate_one(index, member));
                        lock(&self.running).cancellers.retain(|(other, _)| *other != index);
                        lock(&codes).push(code);
                    }
                });
            }
        });
        codes.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// The next in the list, unless nothing is to be begun any more.
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
            .lock()?
            .plan(Target::Upgrade(self.target))?
            .run(&self.provenance)?;
        let heads = self.revisions.graph().ids(done.plan.heads.iter().copied());
        Ok(Done { steps: done.plan.steps.len(), heads })
    }

    /// From now on a signal cancels this one too; it may have come already.
    fn register(&self, index: usize, canceller: Canceller) {
        let mut running = lock(&self.running);
        if running.is_interrupted {
            canceller.cancel();
        }
        running.cancellers.push((index, canceller));
    }

    /// A line for each database; its exit code.
    fn tell(&self, member: &Member, start: Instant, done: Result<Done>) -> u8 {
        let (report, label) = (&self.db.context.report, &member.label);
        let (seconds, took) = (start.elapsed().as_secs_f64(), duration(start.elapsed()));
        match done {
            Ok(Done { steps, heads }) => {
                if report.is_json() {
                    report.json(&json!({"event": "database", "database": label, "steps": steps, "heads": heads, "seconds": seconds}));
                }
                report.talk(match steps {
                    0 => format!("{label}: nothing to do, at {}", heads_text(&heads)),
                    1 => format!("{label}: 1 revision in {took}, at {}", heads_text(&heads)),
                    _ => format!("{label}: {steps} revisions in {took}, at {}", heads_text(&heads)),
                });
                0
            }
            Err(error) => {
                let code = report.failure_of(label, &error);
                if report.is_json() {
                    let message = Failure::in_a_line(&error);
                    report.json(&json!({"event": "failed", "database": label, "error": message, "code": code, "seconds": seconds}));
                }
                code
            }
        }
    }
}

fn cancel(running: &Mutex<Running>) {
    let mut running = lock(running);
    running.is_interrupted = true;
    running.cancellers.iter().for_each(|(_, canceller)| canceller.cancel());
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
