//! `cargo xtask dev`: the embedded database migrated and seeded, `release.json`, and the page with reload. One Ctrl-C ends
//! all of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::context::Context;
use crate::report::Failure;
use crate::{db, frontend, interrupt, release};

pub(crate) fn run(context: &Context) -> Result<()> {
    frontend::package(context).install()?;
    let database = db::develop(context)?;
    release::write(context, "development")?;
    context.report.talk("`cargo xtask db psql` opens the database, Ctrl-C stops it and the page");

    let server = frontend::server(context)?.spawn().context("Vite could not be started")?;
    let server = Arc::new(Mutex::new(server));
    let by_signal = Arc::new(AtomicBool::new(false));
    let (to_end, signalled) = (Arc::clone(&server), Arc::clone(&by_signal));
    interrupt::on_signal(move || {
        signalled.store(true, Ordering::SeqCst);
        if let Ok(mut server) = to_end.lock() {
            // It may have had the signal too.
            let _ = server.kill();
        }
    })?;
    let status = loop {
        let status = server.lock().ok().and_then(|mut server| server.try_wait().transpose()).transpose()?;
        match status {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    drop(database);
    if status.success() || by_signal.load(Ordering::SeqCst) {
        context.report.talk("stopped: the page and the database");
        return Ok(());
    }
    Err(Failure::new(format!("Vite ended by itself: {status}")).into())
}
