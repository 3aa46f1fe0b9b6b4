//! The integration tests of `xtask`, in one program, so that it is linked once and starts one server.
//!
//! Tests may use PostgreSQL, Rust, git and npm's embedded PostgreSQL. A test that requires another program is in a module named
//! after it, such as `with_psql`: a folder, or a module inside a file. `cargo xtask test` skips these modules with a warning if
//! the program is not installed (`REQUIREMENTS` in `xtask/src/test.rs`).

mod access;
mod adopt;
mod adopted;
mod buildspec;
mod circles;
mod compiled;
mod connecting;
mod diagram;
mod diff;
mod doctor;
mod dump;
mod embedded;
mod engine;
mod exported;
mod files;
mod fleet;
mod folders;
mod hazards;
mod identity;
mod init;
mod interleaved;
mod interrupts;
mod invariants;
mod leftovers;
mod lint;
mod memory;
mod mutants;
mod network;
mod off_statements;
mod parts;
mod plan_file;
mod preview;
mod preview_publication;
mod promotion;
mod publish;
mod readme;
mod rehearse;
mod reliability;
mod repositories;
mod reset;
mod rewriting;
mod rollback;
mod rows;
mod shadows;
mod standard_output;
mod support;
mod transcripts;
mod types;
mod undone;

/// Require Python 3 with venv, for Alembic.
mod with_alembic {
    mod alembic;
    mod import;
}

/// Require Python 3 with venv, for the real aws CLI.
mod with_aws_cli {
    mod token;
}

/// Require the AWS emulator, and therefore Python 3 with venv, and npm.
mod with_emulator {
    mod amplify;
    mod amplify_gen2;
    mod ampx;
    mod cloudfront;
    mod gen2_emulator;
    mod infra;
    mod into;
    mod pipeline;
}

/// Require zsh and fish, besides bash and Python 3 for a terminal.
mod with_shells {
    mod completion;
    mod progress;
    mod questions;
}

/// Require npm, for Vite.
mod with_npm {
    mod adopt_guide;
    mod dev;
    mod import;
    mod init;
    mod types;
}

/// Require openssl.
mod with_openssl {
    pub(crate) mod tls;
}

/// Require PgBouncer.
mod with_pgbouncer {
    mod pooler;
}
