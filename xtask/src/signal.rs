//! Signals to the programs that this one has started. The standard library can only kill a child, and a crate that can signal
//! any process (rustix, nix) would be compiled for every release.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard};
use std::thread::sleep;
use std::time::{Duration, Instant};

use cluster::Needs;

/// How long a program has to exit after SIGTERM.
pub(crate) const GRACE: Duration = Duration::from_secs(5);

/// Signals a process group.
pub(crate) fn group(group: u32, name: &str) {
    send(name, &[format!("-{group}")]);
}

/// The descendants that have been signaled. They are no longer descendants once their parents have exited.
static SIGNALED: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

fn signaled() -> MutexGuard<'static, BTreeSet<u32>> {
    SIGNALED.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Sends SIGTERM to the descendants of this process and waits until they have exited; after [`GRACE`], kills them. Returns
/// whether there were any.
pub(crate) fn end_descendants() -> bool {
    let start = Instant::now();
    let mut had_any = false;
    loop {
        let known = signaled().clone();
        let running = descendants(&known);
        if running.is_empty() {
            return had_any;
        }
        had_any = true;
        if start.elapsed() > GRACE {
            kill_descendants();
            return true;
        }
        let new: Vec<u32> = running.difference(&known).copied().collect();
        each("TERM", &new);
        signaled().extend(new);
        sleep(Duration::from_millis(20));
    }
}

/// Kills the descendants of this process, including those whose parents have exited after a signal.
pub(crate) fn kill_descendants() {
    let known = signaled().clone();
    each("KILL", &descendants(&known).into_iter().collect::<Vec<_>>());
}

fn each(name: &str, ids: &[u32]) {
    send(name, &ids.iter().map(u32::to_string).collect::<Vec<_>>());
}

fn send(name: &str, targets: &[String]) {
    if !targets.is_empty() {
        let script = format!("kill -{name} {}", targets.join(" "));
        let _ = Needs::Tool.command("/bin/sh").args(["-c", &script]).stderr(Stdio::null()).status();
    }
}

/// A running process.
struct Process {
    id: u32,
    parent: u32,
    group: u32,
}

/// The running descendants of this process, and those of `known` that still run without their parent. Those in another
/// process group, such as the embedded database, are excluded, because they must outlive this process.
fn descendants(known: &BTreeSet<u32>) -> BTreeSet<u32> {
    let (all, own) = (processes(), std::process::id());
    let Some(group) = all.iter().find(|process| process.id == own).map(|process| process.group) else {
        return BTreeSet::new();
    };
    let mut found = BTreeSet::new();
    loop {
        let is_new = |process: &&Process| {
            let is_below = process.parent == own || found.contains(&process.parent) || known.contains(&process.id);
            is_below && process.group == group && !found.contains(&process.id)
        };
        let new: Vec<u32> = all.iter().filter(is_new).map(|process| process.id).collect();
        if new.is_empty() {
            return found;
        }
        found.extend(new);
    }
}

/// The processes of this machine, without those that have exited.
fn processes() -> Vec<Process> {
    match fs::read_dir("/proc") {
        Ok(entries) => {
            let stat = |entry: fs::DirEntry| fs::read_to_string(entry.path().join("stat")).ok();
            entries.filter_map(|entry| of_stat(&stat(entry.ok()?)?)).collect()
        }
        // macOS.
        Err(_) => {
            let ps = Needs::Tool.command("ps").args(["-A", "-o", "pid=,stat=,ppid=,pgid="]).output();
            let text = ps.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
            text.lines().filter_map(|line| of_words(line.split_whitespace())).collect()
        }
    }
}

/// A line of `/proc/…/stat`: `42 (name) S 1 42 …`. The name may have spaces and parentheses.
fn of_stat(text: &str) -> Option<Process> {
    let ((id, _), (_, rest)) = (text.split_once(' ')?, text.rsplit_once(") ")?);
    of_words([id].into_iter().chain(rest.split(' ')))
}

/// Parses id, state, parent and group; `None` for a process that has exited.
fn of_words<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<Process> {
    let (id, state) = (words.next()?.parse().ok()?, words.next()?);
    let (parent, group) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    (!state.starts_with(['Z', 'X'])).then_some(Process { id, parent, group })
}

#[cfg(test)]
mod tests {
    use super::of_stat;

    #[test]
    fn reads_the_state_of_a_process() {
        let read = |text: &str| of_stat(text).map(|process| (process.id, process.parent, process.group));
        assert_eq!(read("42 (a) b) (c) S 7 40 40 0 -1"), Some((42, 7, 40)));
        assert_eq!(read("42 (sh) Z 7 40 40 0 -1"), None);
    }
}
