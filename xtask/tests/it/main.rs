//! The integration tests of `xtask`: one program, so that linking and the server are paid for once.
//!
//! A test runs with PostgreSQL, Rust, git and npm's embedded PostgreSQL alone. One that needs another program is in a module that
//! names it, `with_psql` for example: a folder here, or a module inside a file. `cargo xtask test` skips these modules, with a
//! warning, where the program is not installed (`REQUIREMENTS` in `xtask/src/test.rs`); [`invariants`] holds every file to it.

mod buildspec;
mod circles;
mod connecting;
mod doctor;
mod dump;
mod embedded;
mod engine;
mod fleet;
mod hazards;
mod identity;
mod invariants;
mod leftovers;
mod lint;
mod mutants;
mod publish;
mod readme;
mod reliability;
mod support;
mod transcripts;

/// Need Python 3 with venv, for Alembic.
mod with_alembic {
    mod alembic;
}

/// Need Python 3 with venv, for the real aws CLI.
mod with_aws_cli {
    mod token;
}

/// Need the emulator of AWS, and so Python 3 with venv, and npm.
mod with_emulator {
    mod amplify;
    mod infra;
    mod pipeline;
}

/// Need npm, for Vite.
mod with_npm {
    mod dev;
}

/// Need openssl.
mod with_openssl {
    mod tls;
}

/// Need PgBouncer.
mod with_pgbouncer {
    mod pooler;
}
