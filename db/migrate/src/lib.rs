#![doc = include_str!("../README.md")]
//!
//! ## Overview
//!
//! - [`Session::connect`] opens a session, and [`Options`] configures it. [`Migrator`] takes the lock, [`Locked`]
//!   plans, and [`LockedPlan`] runs. [`Migrator::check`] only reads.
//! - A [`Target`] is where a run leads: up, down, the rest of a partially applied revision, or version rows that are
//!   set without running anything. [`Provenance`] is what the log records about the run's origin.
//! - An [`Adoption`] is what another tool has applied: [`Locked::plan_adoption`] records it.
//! - An [`Event`] reports progress, and [`Canceller`] stops a run from another thread. An [`Observer`] is called before
//!   and after each statement.
//! - [`Error`] is an enum of facts. Its `Display` says what is wrong, [`Outcome`] what state the database is in, and
//!   [`Hint`] what to do about it.
//! - [`State`] is what the tables contain, and [`LoggedRevision`] what the log records about a revision.
//! - [`Migrator::with_objects`] also applies the files of `objects`. [`ObjectStatus`] lists those that remain to be
//!   applied.
//! - [`LockedPlan::rehearse`] runs a plan in a transaction that is rolled back.
//! - [`Rendering`] writes a plan as a script. [`Session::run_plain`] runs a plain SQL file.

mod adopt;
mod atomic;
mod bookkeeping;
mod encoding;
mod error;
mod event;
mod execute;
mod hint;
mod history;
mod history_error;
mod inspect;
mod journal;
mod lock;
mod lock_error;
mod lock_mode;
mod log_text;
mod logged;
mod logged_operation;
mod managed_objects;
mod messages;
mod migrator;
mod need;
mod object_attempt;
mod object_claims;
mod object_drops;
mod object_log;
mod object_needs;
mod object_run;
mod object_state;
mod object_stop;
mod observer;
mod offline;
mod options;
mod outcome;
mod plain;
mod provenance;
mod rehearse;
mod rehearsing;
mod retry;
mod revision_run;
mod run_error;
mod send;
mod session;
mod session_state;
mod squashed;
mod stamp;
mod state;
mod state_error;
mod tables;
mod watch;

pub use adopt::{Adoption, LockedAdoption};
pub use error::Error;
pub use event::{Event, Listener};
pub use hint::Hint;
pub use history_error::HistoryError;
pub use lock_error::LockError;
pub use lock_mode::LockMode;
pub use logged::LoggedRevision;
pub use logged_operation::LoggedOperation;
pub use migrator::{Done, Locked, LockedPlan, Migrator, Target};
pub use object_state::{ObjectChange, ObjectStatus, RemovedFile};
pub use observer::{Observer, ObserverError, Scope};
pub use offline::{Rendering, ScriptPart};
pub use options::Options;
pub use outcome::Outcome;
pub use provenance::Provenance;
pub use rehearse::{Limits, RehearsalObserver, Rehearsed};
pub use run_error::{RunError, StatementError};
pub use session::{Canceller, Session};
pub use state::{Decision, JournalRow, PartiallyApplied, State};
pub use state_error::{Contradiction, StateError};
pub use tables::{JOURNAL, LOG, OBJECTS, Tables};
