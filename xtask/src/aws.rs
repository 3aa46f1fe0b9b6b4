//! AWS, through the aws CLI, which supports every kind of credentials.

mod account;
mod cli;
mod credentials;
mod place;
mod refusal;
mod stack;

pub(crate) use account::{Account, CALLER_IDENTITY, copy, error_line};
pub(crate) use cli::{generate_token, get_secret, json, read, secret};
pub(crate) use credentials::PROFILE;
pub(crate) use place::Place;
pub(crate) use refusal::advice;
pub(crate) use stack::{Stack, describe_stacks, list_stack_resources};
