//! The files of each tool: their names, order, directions and directives. One file per tool.

pub(crate) mod alembic;
pub(crate) mod dbmate;
pub(crate) mod diesel;
pub(crate) mod flyway;
pub(crate) mod golang_migrate;
pub(crate) mod goose;
pub(crate) mod liquibase;
pub(crate) mod node_pg_migrate;
pub(crate) mod pg_dump;
pub(crate) mod sqlx;
