//! The options that lead to the database of an environment on AWS.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct AccessArguments {
    /// Database of this environment on AWS, through a session that ends with the command (docs/database-access.md)
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "url")]
    pub(crate) env: Option<String>,
    /// With --env: connect as the owner of the database, who may change it [default: a role that only reads]
    #[arg(long, global = true)]
    pub(crate) as_owner: bool,
}
