//! SIGINT and SIGTERM. The first signal cancels what is running, such as a statement, or exits if nothing has to be cancelled;
//! the second exits immediately, whatever the first is waiting for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Result;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// The exit code of an interrupted command: the one that shells report for SIGINT.
pub(crate) const EXIT_CODE: u8 = 130;

/// How long a cancelled command may take to exit before the user is reminded of the second signal.
const PATIENCE: Duration = Duration::from_secs(5);

type Action = Arc<dyn Fn() + Send + Sync>;

static ACTION: Mutex<Option<Action>> = Mutex::new(None);

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
            let action = ACTION.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone();
            let (Some(action), Some(remind)) = (action, remind.take()) else {
                std::process::exit(EXIT_CODE.into());
            };
            // Not on this thread, which has to take the second signal: a network that no longer answers blocks the action.
            std::thread::spawn(move || {
                let reminder = std::thread::spawn(move || {
                    std::thread::sleep(PATIENCE);
                    remind();
                });
                action();
                let _ = reminder.join();
            });
        }
    });
    Ok(())
}

/// Sets the action of the first signal.
pub(crate) fn on_signal(action: impl Fn() + Send + Sync + 'static) {
    *ACTION.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(Arc::new(action));
}

/// From now on, Ctrl-C is for a program in the foreground that handles it itself, such as psql.
pub(crate) fn leave_to_child() {
    IS_LEFT_TO_CHILD.store(true, Ordering::SeqCst);
}
