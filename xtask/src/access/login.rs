//! Who connects to the database of an environment.

use anyhow::Result;
use connection::{Secret, Settings};
use serde_json::Value;

use crate::aws::{self, Account};
use crate::context::Context;
use crate::report::Failure;

/// The port of the database (`infra/src/network.ts`).
pub(super) const PORT: u16 = 5432;

/// A database user, and what it connects with.
pub(super) struct Login {
    user: String,
    password: Secret,
    is_reader: bool,
}

impl Login {
    /// The user who only reads, with a token of the person's own credentials.
    pub(super) fn reader(account: &Account<'_>, host: &str, user: &str) -> Result<Self> {
        let port = PORT.to_string();
        let token = account.secret(&aws::generate_token(host, &port, user), "generate a token")?;
        Ok(Self { user: user.to_owned(), password: Secret::new(token), is_reader: true })
    }

    /// The owner, with the password in the secret of Aurora.
    pub(super) fn owner(account: &Account<'_>, secret: &str) -> Result<Self> {
        let text = account.secret(&aws::get_secret(secret), &format!("read the secret `{secret}`"))?;
        let parts: Option<Value> = serde_json::from_str(&text).ok();
        let part = |name: &str| parts.as_ref()?[name].as_str().map(str::to_owned);
        match (part("username"), part("password")) {
            (Some(user), Some(password)) => Ok(Self { user, password: Secret::new(password), is_reader: false }),
            _ => Err(Failure::new(format!("the secret `{secret}` has no `username` and `password`")).into()),
        }
    }

    /// What the user may do, and where that is recorded.
    pub(super) fn describe(&self, account: &Account<'_>) -> String {
        let may = if self.is_reader { "only reads" } else { "is the owner and may change everything" };
        format!(
            "the database user `{}` {may}; the log of the database has this connection as `{}`, CloudTrail has the session",
            self.user,
            application_name(account)
        )
    }

    /// The settings to connect through a port of this machine. Nothing is taken from the environment, which is meant for
    /// other databases: with `PGSSLMODE=disable`, the certificate would not be checked.
    pub(super) fn settings(
        self,
        context: &Context,
        account: &Account<'_>,
        host: &str,
        port: u16,
        database: &str,
    ) -> Settings {
        let bundle = context.root.join("db/certs/rds-global-bundle.pem");
        let settings = Settings::resolve("", &|_| None)
            .expect("no settings are valid settings")
            // The certificate is checked against the host, but the connection is made to the address.
            .with_default("host", host)
            .with_default("hostaddr", "127.0.0.1")
            .with_default("port", port.to_string())
            .with_default("dbname", database)
            .with_default("user", &self.user)
            .with_default("sslmode", "verify-full")
            .with_default("sslrootcert", bundle.display().to_string())
            .with_default("application_name", application_name(account));
        let settings = match self.is_reader {
            true => settings.with_default("options", "-c default_transaction_read_only=on"),
            false => settings,
        };
        settings.with_password(self.password)
    }
}

/// `xtask db ann`: the end of the identity's ARN is a user, or the session of a role.
fn application_name(account: &Account<'_>) -> String {
    let person = account.arn.rsplit('/').next().unwrap_or_default();
    // The server truncates names to 63 bytes, and replaces what is not ASCII.
    format!("xtask db {person}").chars().take(63).collect()
}
