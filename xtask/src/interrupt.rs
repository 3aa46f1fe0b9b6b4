//! SIGINT and SIGTERM. The first signal cancels the current operation, such as a statement, and ends the child
//! programs, which may not have received the signal; then the command exits. The second exits immediately, even if the
//! first is still being handled, and kills the child programs.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use anyhow::Result;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::signal;

/// The exit code of an interrupted command: the one that shells report for SIGINT.
pub(crate) const EXIT_CODE: u8 = 130;

/// How long a cancelled command may take to exit before the user is reminded of the second signal.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long this program may take to clean up after child programs that a signal has ended.
const CLEANUP: Duration = Duration::from_secs(2);

type Action = Arc<dyn Fn() + Send + Sync>;

static ACTION: Mutex<Option<Action>> = Mutex::new(None);

/// A child program that is in a separate process group.
static GROUP: Mutex<Option<u32>> = Mutex::new(None);

/// What remains to be done before a signal exits.
static LAST: Mutex<Option<Action>> = Mutex::new(None);

/// Whether a signal has arrived.
static HAS_ARRIVED: AtomicBool = AtomicBool::new(false);

/// Whether the signal exits, because there is nothing to cancel.
static IS_EXITING: AtomicBool = AtomicBool::new(false);

/// Set once the child programs that were running when a signal arrived have exited: whether there were any.
static HAD_PROGRAMS: OnceLock<bool> = OnceLock::new();

static IS_LEFT_TO_CHILD: AtomicBool = AtomicBool::new(false);

/// Handles signals from now on: without an action, a signal exits. `remind` is called if an action does not end the program soon.
pub(crate) fn install(remind: impl Fn() + Send + 'static) -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        let mut remind = Some(remind);
        for signal in signals.forever() {
            if signal == SIGINT && IS_LEFT_TO_CHILD.load(Ordering::SeqCst) {
                continue;
            }
            HAS_ARRIVED.store(true, Ordering::SeqCst);
            let Some(remind) = remind.take() else {
                kill_programs();
                std::process::exit(EXIT_CODE.into());
            };
            let action = ACTION.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone();
            // Not on this thread, which must handle the second signal: a network that no longer responds blocks the
            // action.
            std::thread::spawn(|| HAD_PROGRAMS.set(signal::end_descendants()));
            match action {
                Some(action) => drop(std::thread::spawn(move || cancel(&action, remind))),
                None => drop(std::thread::spawn(exit)),
            }
        }
    });
    Ok(())
}

/// Runs the action of a signal, and reminds the user of the second one.
fn cancel(action: &Action, remind: impl Fn() + Send + 'static) {
    let reminder = std::thread::spawn(move || {
        std::thread::sleep(PATIENCE);
        remind();
    });
    action();
    let _ = reminder.join();
}

/// Exits once the child programs have exited, and this program has cleaned up after them.
fn exit() {
    IS_EXITING.store(true, Ordering::SeqCst);
    if wait_for_programs() {
        std::thread::sleep(CLEANUP);
        signal::end_descendants();
    }
    let last = LAST.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take();
    if let Some(last) = last {
        last();
    }
    std::process::exit(EXIT_CODE.into());
}

/// After a signal, waits for the child programs that it ends. Returns whether there were any.
pub(crate) fn wait_for_programs() -> bool {
    *HAD_PROGRAMS.wait()
}

fn kill_programs() {
    signal_group("KILL");
    signal::kill_descendants();
}

/// Whether a signal has arrived. If so, a child program that it has ended is not an error.
pub(crate) fn has_arrived() -> bool {
    HAS_ARRIVED.load(Ordering::SeqCst)
}

/// Whether the command exits because of a signal, which is not reported as an error.
pub(crate) fn is_exiting() -> bool {
    IS_EXITING.load(Ordering::SeqCst)
}

/// Signals the separate process group, if there is one.
pub(crate) fn signal_group(name: &str) {
    let group = *GROUP.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(group) = group {
        signal::group(group, name);
    }
}

/// Sets the separate process group. The second signal kills it.
pub(crate) fn set_group(group: Option<u32>) {
    *GROUP.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = group;
}

/// Sets the action of the first signal.
pub(crate) fn on_signal(action: impl Fn() + Send + Sync + 'static) {
    *ACTION.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(Arc::new(action));
}

/// Sets what remains to be done if a signal exits, which drops nothing. The second signal does not wait for it.
pub(crate) fn before_exit(action: impl Fn() + Send + Sync + 'static) {
    *LAST.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(Arc::new(action));
}

/// From now on, leaves Ctrl-C to a program in the foreground that handles it, such as psql.
pub(crate) fn leave_to_child() {
    IS_LEFT_TO_CHILD.store(true, Ordering::SeqCst);
}
