//! `cargo xtask dev`: the embedded database migrated and seeded, `release.json`, and the page with reload. One Ctrl-C ends
//! all of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::context::Context;
use crate::report::Failure;
use crate::{db, frontend, interrupt, release};

pub(crate) fn run(context: &Context) -> Result<()> {
    frontend::install(context)?;
    let database = db::develop(context)?;
    release::write(context, "development")?;
    context.report.talk("`cargo xtask db psql` opens the database, Ctrl-C stops it and the page");

    let server = frontend::server(context)?.spawn().context("Vite could not be started")?;
    let server = Arc::new(Mutex::new(server));
    let ended = Arc::new(Mutex::new(false));
    let (to_end, by_signal) = (Arc::clone(&server), Arc::clone(&ended));
    let lock = |value: &Mutex<bool>| value.lock().map(|value| *value).unwrap_or(true);
    interrupt::on_signal(move || {
        if let (Ok(mut server), Ok(mut by_signal)) = (to_end.lock(), by_signal.lock()) {
            *by_signal = true;
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
    if status.success() || lock(&ended) {
        context.report.talk("stopped: the page and the database");
        return Ok(());
    }
    Err(Failure::new(format!("Vite ended by itself: {status}")).into())
}
