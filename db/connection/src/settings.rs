//! Which database: libpq's connection settings, from a URL or `key=value` text, the `PG*` variables, a service file and
//! a password file.
//!
//! Pure but for reading those two files; environment variables are handed in.
//! Source of the rules: PostgreSQL 17, chapter 32.15 to 32.17 (variables, password file, service file).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::conninfo::parse;
use crate::error::SettingsError;
use crate::keyword::KEYWORDS;
use crate::secret::{PasswordSource, Secret};
use crate::{password_file, service_file};

/// How much TLS proves, as libpq's `sslmode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SslMode {
    /// No TLS.
    Disable,
    /// TLS, unchecked, if the server refuses a session without.
    Allow,
    /// TLS if the server offers it, unchecked.
    Prefer,
    /// TLS, unchecked (checked against `sslrootcert` if one is named).
    Require,
    /// TLS with a certificate of a trusted authority.
    VerifyCa,
    /// TLS with a certificate of a trusted authority for this very host.
    VerifyFull,
}

/// Everything needed to connect.
#[derive(Debug, Clone)]
pub struct Settings {
    values: BTreeMap<&'static str, String>,
    password: Option<(Secret, PasswordSource)>,
    /// The bundle of certificates for hosts under `rds.amazonaws.com`.
    rds_bundle: Option<PathBuf>,
}

/// Looks a variable up; empty ones count as unset.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Settings {
    /// Reads settings from a URL or `key=value` text (empty for none), filled up from libpq's variables and files.
    ///
    /// # Errors
    /// The text is neither, a keyword is unknown, a value impossible, a service or named file not there.
    pub fn resolve(text: &str, environment: Environment<'_>) -> Result<Self, SettingsError> {
        let mut given = parse(text)?;
        let mut settings = Self { values: BTreeMap::new(), password: None, rds_bundle: None };
        if let Some(password) = given.remove("password").filter(|password| !password.is_empty()) {
            settings.password = Some((Secret::new(password), PasswordSource::Settings));
        }
        settings.values = given;
        if let Some(service) = settings.values.get("service").cloned().or_else(|| environment("PGSERVICE")) {
            settings.fill_from_service(&service, environment)?;
        }
        for (keyword, variable) in KEYWORDS.into_iter().filter(|(_, variable)| !variable.is_empty()) {
            if let Some(value) = environment(variable) {
                if keyword == "password" {
                    settings.password.get_or_insert((Secret::new(value), PasswordSource::Environment));
                } else {
                    settings.values.entry(keyword).or_insert(value);
                }
            }
        }
        if !settings.values.contains_key("user")
            && let Some(user) = environment("USER").or_else(|| environment("LOGNAME"))
        {
            settings.values.insert("user", user);
        }
        settings.check()?;
        if settings.password.is_none() {
            settings.password = settings.from_password_file(environment)?;
        }
        Ok(settings)
    }

    /// These settings with what a text says otherwise. The password stays where it belongs: a text that names another host or role
    /// brings its own, or the password file does.
    ///
    /// # Errors
    /// As [`Self::resolve`].
    pub fn overlaid(&self, text: &str, environment: Environment<'_>) -> Result<Self, SettingsError> {
        let mut given = parse(text)?;
        if given.contains_key("service") {
            let named = Self::resolve(text, environment)?;
            return Ok(Self { rds_bundle: self.rds_bundle.clone(), ..named });
        }
        let mut settings = self.clone();
        if ["host", "hostaddr", "port", "user"].iter().any(|keyword| given.contains_key(keyword)) {
            settings.password = None;
        }
        if given.contains_key("host") {
            settings.values.remove("hostaddr");
        }
        if let Some(password) = given.remove("password").filter(|password| !password.is_empty()) {
            settings.password = Some((Secret::new(password), PasswordSource::Settings));
        }
        settings.values.extend(given);
        settings.check()?;
        if settings.password.is_none() {
            settings.password = settings.from_password_file(environment)?;
        }
        Ok(settings)
    }

    /// The settings with another password, as from Secrets Manager or IAM.
    #[must_use]
    pub fn with_password(mut self, password: Secret) -> Self {
        self.password = Some((password, PasswordSource::Environment));
        self
    }

    /// The settings with the certificates that hosts under `rds.amazonaws.com` are checked against.
    #[must_use]
    pub fn with_rds_bundle(mut self, bundle: PathBuf) -> Self {
        self.rds_bundle = Some(bundle);
        self
    }

    /// The settings for another database of the same server.
    #[must_use]
    pub fn with_database(mut self, name: &str) -> Self {
        self.values.insert("dbname", name.to_owned());
        self
    }

    /// The settings with another value for a keyword, unless it has one.
    #[must_use]
    pub fn with_default(mut self, keyword: &'static str, value: impl Into<String>) -> Self {
        self.values.entry(keyword).or_insert(value.into());
        self
    }

    /// The value of a keyword.
    pub fn get(&self, keyword: &str) -> Option<&str> {
        self.values.get(keyword).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The host names, addresses or socket directories, in order.
    pub fn hosts(&self) -> Vec<&str> {
        match self.get("host").or_else(|| self.get("hostaddr")) {
            Some(hosts) => hosts.split(',').collect(),
            None => vec![default_socket_directory()],
        }
    }

    /// The ports, one for each host or one for all.
    pub fn ports(&self) -> Vec<u16> {
        let port = |port: &str| port.parse().unwrap_or(5432);
        self.get("port").map_or(vec![5432], |ports| ports.split(',').map(port).collect())
    }

    /// The role to log in as.
    pub fn user(&self) -> &str {
        self.get("user").unwrap_or("postgres")
    }

    /// The database; the user's name if none is named.
    pub fn database(&self) -> &str {
        self.get("dbname").unwrap_or_else(|| self.user())
    }

    /// The password and where it came from.
    pub fn password(&self) -> Option<&Secret> {
        self.password.as_ref().map(|(password, _)| password)
    }

    /// Where the password came from.
    pub fn password_source(&self) -> Option<PasswordSource> {
        self.password.as_ref().map(|(_, source)| *source)
    }

    /// How long one attempt to connect may take.
    pub fn attempt_timeout(&self) -> Duration {
        let seconds = self.get("connect_timeout").and_then(|text| text.parse().ok()).filter(|&seconds| seconds > 0);
        Duration::from_secs(seconds.unwrap_or(10))
    }

    /// Whether only sockets of this machine are named, which have no TLS.
    pub(crate) fn is_local(&self) -> bool {
        self.hosts().iter().all(|host| host.starts_with('/'))
    }

    fn is_rds(&self) -> bool {
        self.hosts().iter().any(|host| host.ends_with(".rds.amazonaws.com"))
    }

    /// The TLS mode: as set, else `verify-full` for RDS and `prefer` for everything else.
    pub fn ssl_mode(&self) -> SslMode {
        match self.get("sslmode") {
            Some("disable") => SslMode::Disable,
            Some("allow") => SslMode::Allow,
            Some("require") => SslMode::Require,
            Some("verify-ca") => SslMode::VerifyCa,
            Some("verify-full") => SslMode::VerifyFull,
            None if self.is_rds() => SslMode::VerifyFull,
            _ => SslMode::Prefer,
        }
    }

    /// The certificates to trust: a file, `system`, or none named.
    pub fn ssl_root_cert(&self) -> Option<PathBuf> {
        let default = || self.rds_bundle.clone().filter(|_| self.is_rds());
        self.get("sslrootcert").map(PathBuf::from).or_else(default)
    }

    /// `user@host:port/database`, for messages; never the password.
    pub fn describe(&self) -> String {
        let host = self.hosts().join(",");
        let port = self.ports().first().copied().unwrap_or(5432);
        format!("{}@{host}:{port}/{}", self.user(), self.database())
    }

    /// The settings as libpq's variables, for a program that is run with them.
    pub fn to_environment(&self) -> Vec<(&'static str, String)> {
        let mut variables: Vec<(&'static str, String)> = KEYWORDS
            .into_iter()
            .filter(|(keyword, variable)| !variable.is_empty() && !matches!(*keyword, "service" | "servicefile"))
            .filter_map(|(keyword, variable)| Some((variable, self.get(keyword)?.to_owned())))
            .collect();
        variables.retain(|(variable, _)| !matches!(*variable, "PGDATABASE" | "PGUSER" | "PGHOST"));
        variables.push(("PGDATABASE", self.database().to_owned()));
        variables.push(("PGUSER", self.user().to_owned()));
        variables.push(("PGHOST", self.hosts().join(",")));
        if let Some(password) = self.password() {
            variables.push(("PGPASSWORD", password.reveal().to_owned()));
        }
        variables
    }

    fn check(&self) -> Result<(), SettingsError> {
        let one_of = |keyword: &'static str, allowed: &[&str], expected| match self.get(keyword) {
            Some(value) if !allowed.contains(&value) => {
                Err(SettingsError::InvalidValue { keyword, value: value.to_owned(), expected })
            }
            _ => Ok(()),
        };
        one_of(
            "sslmode",
            &["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
            "disable, allow, prefer, require, verify-ca or verify-full",
        )?;
        one_of("channel_binding", &["disable", "prefer", "require"], "disable, prefer or require")?;
        one_of(
            "target_session_attrs",
            &["any", "read-write", "read-only", "primary", "standby", "prefer-standby"],
            "any, read-write, read-only, primary, standby or prefer-standby",
        )?;
        one_of("client_encoding", &["UTF8", "utf8", "UTF-8", "auto"], "UTF8, which the files are in")?;
        for port in self.get("port").into_iter().flat_map(|ports| ports.split(',')) {
            if port.parse::<u16>().is_err() {
                let value = port.to_owned();
                return Err(SettingsError::InvalidValue { keyword: "port", value, expected: "a number up to 65535" });
            }
        }
        if let Some(value) = self.get("connect_timeout").filter(|value| value.parse::<i32>().is_err()) {
            let value = value.to_owned();
            return Err(SettingsError::InvalidValue { keyword: "connect_timeout", value, expected: "seconds" });
        }
        Ok(())
    }

    fn fill_from_service(&mut self, service: &str, environment: Environment<'_>) -> Result<(), SettingsError> {
        let named =
            self.get("servicefile").map(PathBuf::from).or_else(|| environment("PGSERVICEFILE").map(PathBuf::from));
        let user_file = named.or_else(|| environment("HOME").map(|home| Path::new(&home).join(".pg_service.conf")));
        let system = environment("PGSYSCONFDIR").unwrap_or_else(|| "/etc/postgresql-common".to_owned());
        let files: Vec<PathBuf> = user_file.into_iter().chain([Path::new(&system).join("pg_service.conf")]).collect();
        for (keyword, value) in service_file::find(service, &files)? {
            if keyword == "password" {
                self.password.get_or_insert((Secret::new(value), PasswordSource::Settings));
            } else {
                self.values.entry(keyword).or_insert(value);
            }
        }
        Ok(())
    }

    /// The password file's first line that fits host, port, database and user.
    #[expect(clippy::wrong_self_convention, reason = "it reads the password from the file, for these settings")]
    fn from_password_file(
        &self,
        environment: Environment<'_>,
    ) -> Result<Option<(Secret, PasswordSource)>, SettingsError> {
        let named = self.get("passfile").map(PathBuf::from);
        let default = || environment("HOME").map(|home| Path::new(&home).join(".pgpass"));
        let is_named = named.is_some();
        let Some(file) = named.or_else(default) else { return Ok(None) };
        let text = match password_file::read(&file) {
            Ok(text) => text,
            Err(_) if !is_named => return Ok(None),
            Err(error) => return Err(error),
        };
        let host = self.hosts().first().copied().unwrap_or_default();
        let host = if host.starts_with('/') { "localhost" } else { host };
        let port = self.ports().first().copied().unwrap_or(5432).to_string();
        let wanted = [host, port.as_str(), self.database(), self.user()];
        let password = password_file::password_for(&text, wanted);
        Ok(password.map(|password| (Secret::new(password), PasswordSource::PasswordFile)))
    }
}

#[cfg(target_os = "linux")]
fn default_socket_directory() -> &'static str {
    ["/run/postgresql", "/var/run/postgresql"].into_iter().find(|path| Path::new(path).is_dir()).unwrap_or("/tmp")
}

#[cfg(not(target_os = "linux"))]
fn default_socket_directory() -> &'static str {
    "localhost"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str) -> Settings {
        Settings::resolve(text, &|_| None).expect("the settings are good")
    }

    #[test]
    fn reads_urls_as_libpq_does() {
        let settings =
            resolve("postgresql://ann:p%40ss%2f@db.example:6543/shop?sslmode=verify-full&application_name=x");
        assert_eq!(settings.describe(), "ann@db.example:6543/shop");
        assert_eq!(settings.password().map(Secret::reveal), Some("p@ss/"));
        assert_eq!(settings.ssl_mode(), SslMode::VerifyFull);
        assert_eq!(resolve("postgres://[::1]:1/d").hosts(), ["::1"]);
        assert_eq!(resolve("postgres://%2frun%2fpg/d").hosts(), ["/run/pg"]);
        assert_eq!(resolve("postgres:///d?host=/run/pg&port=7").describe(), "postgres@/run/pg:7/d");
        assert_eq!(resolve("postgres://a:1,b:2/d").ports(), [1, 2]);
    }

    #[test]
    fn reads_key_values_as_libpq_does() {
        let settings = resolve(r"host = h dbname='it''s' user='a\'b'".replace("''s", r"\'s").as_str());
        assert_eq!(settings.database(), "it's");
        assert_eq!(settings.user(), "a'b");
        assert_eq!(resolve("shop").database(), "shop");
    }

    #[test]
    fn a_url_comes_before_variables() {
        let variables = |name: &str| match name {
            "PGHOST" => Some("elsewhere".to_owned()),
            "PGPASSWORD" => Some("geheim".to_owned()),
            _ => None,
        };
        let settings = Settings::resolve("postgres://h/d", &variables).expect("good");
        assert_eq!(settings.hosts(), ["h"]);
        assert_eq!(settings.password_source(), Some(PasswordSource::Environment));
        assert!(!format!("{settings:?}").contains("geheim"));
    }

    #[test]
    fn a_password_stays_with_its_host_and_role() {
        let base = resolve("postgres://ann:geheim@h/d?hostaddr=10.0.0.1&sslmode=require");
        let with = |text: &str| base.overlaid(text, &|_| None).expect("good");
        let schema = with("options=-csearch_path=tenant_7");
        assert_eq!(schema.password().map(Secret::reveal), Some("geheim"));
        assert_eq!(
            (schema.describe(), schema.get("options")),
            ("ann@h:5432/d".to_owned(), Some("-csearch_path=tenant_7"))
        );
        assert_eq!(with("dbname=other").describe(), "ann@h:5432/other");
        let elsewhere = with("postgres://else.where/d2");
        assert_eq!((elsewhere.password(), elsewhere.hosts(), elsewhere.user()), (None, vec!["else.where"], "ann"));
        assert_eq!(elsewhere.get("hostaddr"), None);
        assert_eq!(elsewhere.ssl_mode(), SslMode::Require);
        assert_eq!(with("user=bob password=x").password().map(Secret::reveal), Some("x"));
        assert_eq!(with("user=bob").password(), None);
    }

    #[test]
    fn refuses_what_libpq_refuses() {
        let error = |text: &str| Settings::resolve(text, &|_| None).expect_err("bad settings").to_string();
        assert_eq!(error("postgres://h/d?colour=red"), "unknown connection keyword `colour`");
        assert!(error("port=x").starts_with("`port=x`: expected a number"));
        assert!(error("mysql://h/d").contains("postgres://"));
        assert!(error("dbname='x").contains("closing quote"));
        assert!(error("sslmode=maybe").contains("verify-full"));
    }

    #[test]
    fn rds_is_verified_unless_told_otherwise() {
        assert_eq!(resolve("host=x.eu-west-1.rds.amazonaws.com").ssl_mode(), SslMode::VerifyFull);
        assert_eq!(resolve("host=x.eu-west-1.rds.amazonaws.com sslmode=require").ssl_mode(), SslMode::Require);
        assert_eq!(resolve("host=h").ssl_mode(), SslMode::Prefer);
    }
}
