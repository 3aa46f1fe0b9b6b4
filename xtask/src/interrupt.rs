//! SIGINT and SIGTERM: the first cancels what the database is doing, so that it is rolled back and told; the second ends
//! the process at once.

use std::sync::Mutex;

use anyhow::Result;
use migrate::database::Canceller;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// The exit code of an interrupted command, as shells have it for SIGINT.
pub(crate) const EXIT_CODE: u8 = 130;

static CANCELLER: Mutex<Option<Canceller>> = Mutex::new(None);

/// From now on signals cancel this session.
pub(crate) fn cancel_on_signal(canceller: Canceller) -> Result<()> {
    let mut current = CANCELLER.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let is_first = current.replace(canceller).is_none();
    drop(current);
    if is_first {
        let mut signals = Signals::new([SIGINT, SIGTERM])?;
        std::thread::spawn(move || {
            for (count, _) in signals.forever().enumerate() {
                let canceller = CANCELLER.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone();
                match canceller {
                    Some(canceller) if count == 0 => canceller.cancel(),
                    _ => std::process::exit(EXIT_CODE.into()),
                }
            }
        });
    }
    Ok(())
}
