//! The engine on a real PostgreSQL, through its public API: every test has a database of its own and reads from it what
//! a run has left behind. One program, so that linking is paid for once.
//!
//! What the commands print is in the transcripts of `xtask`; this program knows no command line.

mod atomic;
mod cancel;
mod events;
mod journal;
mod lock;
mod logged;
mod observer;
mod offline;
mod position;
mod retry;
mod session_state;
mod stamp;
mod state;
mod support;
