//! SIGINT and SIGTERM: the first signal cancels what is running, such as a statement; the second exits immediately.

use std::sync::{Arc, Mutex};

use anyhow::Result;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// The exit code of an interrupted command: the one that shells report for SIGINT.
pub(crate) const EXIT_CODE: u8 = 130;

type Action = Arc<dyn Fn() + Send + Sync>;

static ACTION: Mutex<Option<Action>> = Mutex::new(None);

/// Sets the action of the first signal.
pub(crate) fn on_signal(action: impl Fn() + Send + Sync + 'static) -> Result<()> {
    let mut current = ACTION.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let is_first = current.replace(Arc::new(action)).is_none();
    drop(current);
    if is_first {
        let mut signals = Signals::new([SIGINT, SIGTERM])?;
        std::thread::spawn(move || {
            for (count, _) in signals.forever().enumerate() {
                let action = ACTION.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone();
                match action {
                    Some(action) if count == 0 => action(),
                    _ => std::process::exit(EXIT_CODE.into()),
                }
            }
        });
    }
    Ok(())
}
