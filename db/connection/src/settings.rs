//! libpq's connection settings, from a connection string, the `PG*` variables, a service file and a password file.
//!
//! Reads only those two files; callers provide the environment.
//! Source: PostgreSQL 18, sections 32.15 to 32.17 (variables, password file, service file).

use std::fmt::{self, Debug, Formatter};
use std::net::Ipv6Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::check::check;
use crate::conninfo::{Values, parse};
use crate::error::SettingsError;
use crate::keyword::{KEYWORDS, Keyword, naming_the_variable};
use crate::number::number;
use crate::secret::{PasswordSource, Secret};
use crate::ssl_mode::SslMode;
use crate::{password_file, service_file, socket_directory};

/// Everything needed to connect. Its `Debug` shows no value that may be a secret.
#[derive(Clone)]
pub struct Settings {
    values: Values,
    password: Option<(Secret, PasswordSource)>,
    /// The bundle of certificates for hosts under `rds.amazonaws.com`.
    rds_bundle: Option<PathBuf>,
}

impl Debug for Settings {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let set: Vec<&str> = self.values.keys().copied().collect();
        f.debug_struct("Settings")
            .field("database", &format_args!("{}", self.describe()))
            .field("set", &set)
            .finish_non_exhaustive()
    }
}

/// Looks a variable up. Empty variables count as unset.
type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Settings {
    /// Reads settings from a URL or `keyword=value` text, which may be empty, and completes them from libpq's variables
    /// and files.
    ///
    /// # Errors
    /// The text is malformed, a keyword is unknown, a value is invalid or not supported, or a service or a file that is
    /// named does not exist.
    pub fn resolve(text: &str, environment: Environment<'_>) -> Result<Self, SettingsError> {
        let mut settings = Self { values: Values::new(), password: None, rds_bundle: None };
        settings.set(parse(text)?);
        if let Some(service) = settings.values.get("service").cloned().or_else(|| environment("PGSERVICE")) {
            settings.fill_from_service(&service, environment)?;
        }
        let named = settings.values.clone();
        settings.fill_from_variables(environment);
        if !settings.values.contains_key("user")
            && let Some(user) = environment("USER").or_else(|| environment("LOGNAME"))
        {
            settings.values.insert("user", user);
        }
        let is_from_variable =
            |keyword: &Keyword| !named.contains_key(keyword.name) && environment(keyword.variable).is_some();
        settings.complete(environment).map_err(|error| naming_the_variable(error, is_from_variable))
    }

    /// These settings, overridden by those of a connection string. A password is never reused for another host or role:
    /// a string that names one needs its own password, or an entry in the password file.
    ///
    /// # Errors
    /// As for [`Self::resolve`].
    pub fn overlaid(&self, text: &str, environment: Environment<'_>) -> Result<Self, SettingsError> {
        let given = parse(text)?;
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
        settings.set(given);
        settings.complete(environment)
    }

    fn set(&mut self, mut given: Values) {
        if let Some(password) = given.remove("password").filter(|password| !password.is_empty()) {
            self.password = Some((Secret::new(password), PasswordSource::Settings));
        }
        self.values.extend(given);
    }

    fn fill_from_variables(&mut self, environment: Environment<'_>) {
        for keyword in KEYWORDS.iter().filter(|keyword| !keyword.variable.is_empty()) {
            let Some(value) = environment(keyword.variable) else { continue };
            if keyword.name == "password" {
                self.password.get_or_insert((Secret::new(value), PasswordSource::Environment));
            } else {
                self.values.entry(keyword.name).or_insert(value);
            }
        }
        if environment("PGREQUIRESSL").is_some_and(|value| value.starts_with('1')) {
            self.values.entry("sslmode").or_insert("require".to_owned());
        }
    }

    /// Sets the defaults that depend on other settings, checks all, and reads the password file.
    fn complete(mut self, environment: Environment<'_>) -> Result<Self, SettingsError> {
        if self.get("sslrootcert") == Some("system") {
            self.values.entry("sslmode").or_insert("verify-full".to_owned());
        }
        if let Some(name) = self.get("fallback_application_name").map(str::to_owned) {
            self.values.entry("application_name").or_insert(name);
        }
        check(&self.values, self.ssl_mode())?;
        if self.password.is_none() {
            self.password = self.read_password_file(environment)?;
        }
        Ok(self)
    }

    /// Replaces the password, for example by one from Secrets Manager or IAM.
    #[must_use]
    pub fn with_password(mut self, password: Secret) -> Self {
        self.password = Some((password, PasswordSource::Environment));
        self
    }

    /// Sets the certificates to verify hosts under `rds.amazonaws.com` with.
    #[must_use]
    pub fn with_rds_bundle(mut self, bundle: PathBuf) -> Self {
        self.rds_bundle = Some(bundle);
        self
    }

    /// Replaces the database.
    #[must_use]
    pub fn with_database(mut self, name: &str) -> Self {
        self.values.insert("dbname", name.to_owned());
        self
    }

    /// Sets a keyword that has no value.
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
        let hosts = self.get("host").or_else(|| self.get("hostaddr")).unwrap_or_default();
        hosts.split(',').map(|host| if host.is_empty() { socket_directory::default() } else { host }).collect()
    }

    /// The ports: one for each host, or one for all.
    pub fn ports(&self) -> Vec<u16> {
        let port = |port: &str| number(port).unwrap_or(5432);
        self.get("port").map_or(vec![5432], |ports| ports.split(',').map(port).collect())
    }

    /// The role to log in as.
    pub fn user(&self) -> &str {
        self.get("user").unwrap_or("postgres")
    }

    /// The database, by default named as the user.
    pub fn database(&self) -> &str {
        self.get("dbname").unwrap_or_else(|| self.user())
    }

    /// The password.
    pub(crate) fn password(&self) -> Option<&Secret> {
        self.password.as_ref().map(|(password, _)| password)
    }

    /// The source of the password.
    pub(crate) fn password_source(&self) -> Option<PasswordSource> {
        self.password.as_ref().map(|(_, source)| *source)
    }

    /// How long one attempt to connect may take.
    pub(crate) fn attempt_timeout(&self) -> Duration {
        Duration::from_secs(self.positive("connect_timeout").unwrap_or(10))
    }

    /// The number of a keyword, unless it is 0 or negative, which means the default.
    pub(crate) fn positive(&self, keyword: &str) -> Option<u64> {
        number(self.get(keyword)?).filter(|&number| number > 0)
    }

    /// Whether all hosts are socket directories, which have no TLS.
    pub(crate) fn is_local(&self) -> bool {
        self.hosts().iter().all(|host| host.starts_with('/'))
    }

    fn is_rds(&self) -> bool {
        self.hosts().iter().any(|host| host.ends_with(".rds.amazonaws.com"))
    }

    /// The TLS mode, by default `verify-full` for RDS and `prefer` otherwise.
    pub(crate) fn ssl_mode(&self) -> SslMode {
        let default = if self.is_rds() { SslMode::VerifyFull } else { SslMode::Prefer };
        self.get("sslmode").and_then(SslMode::named).unwrap_or(default)
    }

    /// The certificates to trust: a file or `system`.
    #[cfg(feature = "tls")]
    pub(crate) fn ssl_root_cert(&self) -> Option<PathBuf> {
        let default = || self.rds_bundle.clone().filter(|_| self.is_rds());
        self.get("sslrootcert").map(PathBuf::from).or_else(default)
    }

    /// `user@host:port/database` for messages, with all hosts and with brackets around IPv6 addresses, as in a URL. It does
    /// not contain the password.
    pub fn describe(&self) -> String {
        let ports = self.ports();
        let place = |(index, host): (usize, &str)| {
            let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
            match host.parse::<Ipv6Addr>() {
                Ok(address) => format!("[{address}]:{port}"),
                Err(_) => format!("{host}:{port}"),
            }
        };
        let places: Vec<String> = self.hosts().into_iter().enumerate().map(place).collect();
        format!("{}@{}/{}", self.user(), places.join(","), self.database())
    }

    /// The settings as libpq's variables, to run another program with them. They include the password.
    pub fn to_environment(&self) -> Vec<(&'static str, String)> {
        let mut variables: Vec<(&'static str, String)> = KEYWORDS
            .iter()
            .filter(|keyword| !keyword.variable.is_empty() && !matches!(keyword.name, "service" | "servicefile"))
            .filter_map(|keyword| Some((keyword.variable, self.get(keyword.name)?.to_owned())))
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

    /// The password of the first matching line of the password file.
    fn read_password_file(
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
        let host = socket_directory::name_in_password_file(self.hosts().first().copied().unwrap_or_default());
        // libpq compares the text, not the number.
        let port = self.get("port").and_then(|ports| ports.split(',').next()).filter(|port| !port.is_empty());
        let wanted = [host, port.unwrap_or("5432"), self.database(), self.user()];
        let password = password_file::password_for(&text, wanted);
        Ok(password.map(|password| (Secret::new(password), PasswordSource::PasswordFile)))
    }
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
        assert_eq!(resolve("postgres://u@[::1]/d").describe(), "u@[::1]:5432/d");
        assert_eq!(resolve("host=::1,h,fe80::2 port=1,2,3 user=u").describe(), "u@[::1]:1,h:2,[fe80::2]:3/u");
        assert_eq!(resolve("postgres://u@a,b:7/d").describe(), "u@a:5432,b:7/d");
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
        assert_eq!(error("postgres://h/d?colour=red"), "unknown connection keyword at character 16");
        assert_eq!(error("port=x"), "invalid `port`: expected a number from 1 to 65535");
        assert!(error("mysql://h/d").contains("postgres://"));
        assert!(error("dbname='x").contains("closing quote"));
        assert!(error("sslmode=maybe").contains("verify-full"));
    }

    #[test]
    fn absurd_numbers_are_refused_wherever_they_come_from() {
        for (keyword, variable, values) in [
            ("port", "PGPORT", &["0", "65536", "-1", "1e300", "nan"][..]),
            ("connect_timeout", "PGCONNECT_TIMEOUT", &["2147483648", "18446744073709551615", "1e300", "inf", "1.5"]),
            ("tcp_user_timeout", "", &["2147483648", "nan"]),
            ("keepalives", "", &["2147483648", "on"]),
            ("keepalives_idle", "", &["32768", "2147483647"]),
            ("keepalives_interval", "", &["32768", "1e3"]),
            ("keepalives_count", "", &["128", "99999999999"]),
        ] {
            for value in values {
                let error = |text: &str, environment: Environment<'_>| {
                    Settings::resolve(text, environment).expect_err(value).to_string()
                };
                let expected = format!("invalid `{keyword}`: expected ");
                for text in [format!("host=h {keyword}={value}"), format!("postgres://h/d?{keyword}={value}")] {
                    assert!(error(&text, &|_| None).starts_with(&expected), "{text}");
                }
                if !variable.is_empty() {
                    let set = |name: &str| (name == variable).then(|| (*value).to_owned());
                    assert!(
                        error("host=h", &set).starts_with(&format!("{variable}: {expected}")),
                        "{variable}={value}"
                    );
                }
            }
        }
    }

    #[test]
    fn rds_is_verified_by_default() {
        assert_eq!(resolve("host=x.eu-west-1.rds.amazonaws.com").ssl_mode(), SslMode::VerifyFull);
        assert_eq!(resolve("host=x.eu-west-1.rds.amazonaws.com sslmode=require").ssl_mode(), SslMode::Require);
        assert_eq!(resolve("host=h").ssl_mode(), SslMode::Prefer);
    }
}
