//! Tests the engine through its public API on a real PostgreSQL. Each test has its own database, and checks what a run
//! leaves in it. One program, which is linked once.
//!
//! The output of the commands is tested by the transcripts of `xtask`. This program knows no command line.

mod adopt;
mod atomic;
mod cancel;
mod clean_session;
mod events;
mod journal;
mod journal_index;
mod large;
mod lock;
mod lock_kept;
mod logged;
mod object_kinds;
mod objects;
mod objects_again;
mod observer;
mod offline;
mod plain;
mod planted;
mod position;
mod rehearse;
mod retry;
mod role_settings;
mod session_state;
mod squashed;
mod stamp;
mod state;
mod support;
mod watch;
