//! `cargo xtask dev`: runs the embedded database, migrated and seeded, and serves the page and the functions with live reload.
//! One Ctrl-C stops everything.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::context::Context;
use crate::report::Failure;
use crate::{db, frontend, functions, interrupt, release};

pub(crate) fn run(context: &Context) -> Result<()> {
    frontend::package(context).install()?;
    functions::package(context).map_or(Ok(()), |package| package.install())?;
    let database = db::develop(context)?;
    release::write(context, "development", None)?;
    context.report.message("`cargo xtask db psql` opens the database; Ctrl-C stops the database and the page");

    // Vite also runs the functions (`frontend/dev-functions.ts`), as the role of the application.
    let mut server = frontend::server(context)?;
    let server = server
        .envs(database.variables(context.config.types.role.as_deref())?)
        .spawn()
        .context("could not start Vite")?;
    let server = Arc::new(Mutex::new(server));
    let is_interrupted = Arc::new(AtomicBool::new(false));
    let (interrupted_server, interrupted) = (Arc::clone(&server), Arc::clone(&is_interrupted));
    interrupt::on_signal(move || {
        interrupted.store(true, Ordering::SeqCst);
        if let Ok(mut server) = interrupted_server.lock() {
            // It may have exited already, because Ctrl-C also reaches it.
            let _ = server.kill();
        }
    });
    let status = loop {
        let status = server.lock().ok().and_then(|mut server| server.try_wait().transpose()).transpose()?;
        match status {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    drop(database);
    let is_interrupted = is_interrupted.load(Ordering::SeqCst);
    if status.success() || is_interrupted {
        context.report.message("stopped the page and the database");
    }
    if is_interrupted {
        return Err(Failure::new("interrupted").code(interrupt::EXIT_CODE).into());
    }
    if status.success() {
        // The user has quit with Vite's own shortcut.
        return Ok(());
    }
    Err(Failure::new(format!("Vite exited unexpectedly: {status}")).into())
}
