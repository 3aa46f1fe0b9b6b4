//! Alembic-like migrations for PostgreSQL in plain SQL.
//!
//! A run is one line of calls. Revisions are read and checked first, then a session is opened, the lock is taken, the version
//! rows are read, a plan is made under the lock and run once:
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use connection::Settings;
//! use migrate::{Event, Migrator, Options, Provenance, Session, Target};
//! use revision::{Directory, Revisions};
//!
//! # fn main() -> Result<(), migrate::Error> {
//! let revisions = Revisions::read(&Directory::new("db/versions"))?;
//! let settings = Settings::resolve("postgres://me@db.example/shop", &|name| std::env::var(name).ok())?;
//! let on_event = Arc::new(|event| {
//!     if let Event::RevisionFinished { revision, elapsed, .. } = event {
//!         println!("{revision} in {elapsed:?}");
//!     }
//! });
//! let session = Session::connect(&settings, Options::default(), on_event)?;
//!
//! let done = Migrator::new(&revisions, session).lock()?.plan(Target::Upgrade("heads"))?.run(&Provenance::default())?;
//! println!("{} revisions in {:?}", done.plan.steps.len(), done.elapsed);
//! # Ok(())
//! # }
//! ```
//!
//! * Each revision commits together with its version row and a row of the log, or not at all. One with `Transaction: off` runs
//!   statement by statement, journaled, and a later run resumes it.
//! * [`Error`] is an enum of facts: where in which file, what state the database is in ([`Outcome`]), what to do ([`Hint`]).
//! * [`Event`] reports progress while a run goes on; [`Canceller`] stops it from another thread.
//! * [`Rendering`] writes a plan as a script for psql that leaves the same database behind.
//!
//! The crate knows no command line and no terminal. Files, graph and plans are the crate `revision`; sessions, TLS and libpq's
//! settings the crate `connection`.

mod atomic;
mod bookkeeping;
mod error;
mod event;
mod execute;
mod hint;
mod history;
mod history_error;
mod journal;
mod lock;
mod lock_error;
mod logged;
mod logged_operation;
mod migrator;
mod observer;
mod offline;
mod options;
mod outcome;
mod provenance;
mod retry;
mod revision_run;
mod run_error;
mod send;
mod session;
mod stamp;
mod state;
mod state_error;
mod tables;
mod watch;

pub use error::Error;
pub use event::{Event, Listener};
pub use hint::Hint;
pub use history_error::HistoryError;
pub use lock_error::LockError;
pub use logged::LoggedRevision;
pub use logged_operation::LoggedOperation;
pub use migrator::{Done, Locked, LockedPlan, Migrator, Target};
pub use observer::{Observer, ObserverError};
pub use offline::{Rendering, ScriptPart, Sink};
pub use options::Options;
pub use outcome::Outcome;
pub use provenance::Provenance;
pub use run_error::{RunError, StatementError};
pub use session::{Canceller, Session};
pub use state::{HalfDone, JournalRow, State};
pub use state_error::{Contradiction, StateError};
pub use tables::Tables;
