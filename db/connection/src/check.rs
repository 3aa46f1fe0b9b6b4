//! Checks settings before they are used. libpq does most of this when it starts to connect.

use std::net::IpAddr;

use crate::conninfo::Values;
use crate::error::SettingsError;
use crate::keyword::KEYWORDS;
use crate::ssl_mode::SslMode;

/// The limits of Linux. libpq does not check them; its first attempt to connect fails.
const KEEPALIVES: [(&str, i32, &str); 3] = [
    ("keepalives_idle", 32767, "a number of seconds up to 32767"),
    ("keepalives_interval", 32767, "a number of seconds up to 32767"),
    ("keepalives_count", 127, "a number up to 127"),
];

pub(crate) fn check(values: &Values, ssl_mode: SslMode) -> Result<(), SettingsError> {
    for keyword in &KEYWORDS {
        values.get(keyword.name).map_or(Ok(()), |value| keyword.check(value))?;
    }
    let get = |keyword: &str| values.get(keyword).map(String::as_str).filter(|value| !value.is_empty());
    let invalid = |keyword, expected| Err(SettingsError::InvalidValue { keyword, expected });
    let (host, address, port) = (get("host"), get("hostaddr"), get("port"));
    let is_host = |host: &str| host.starts_with('/') || !host.contains(['@', '=']);
    if !host.unwrap_or_default().split(',').all(is_host) {
        return invalid("host", "host names, addresses or socket directories");
    }
    if get("user").is_some_and(|user| user.contains(':') && user.contains('@')) {
        return invalid("user", "the name of a user, without a password or a host");
    }
    if get("dbname").is_some_and(|name| name.contains("://")) {
        return invalid("dbname", "the name of a database, not a URL");
    }
    if address.is_some_and(|list| list.split(',').any(|address| address.parse::<IpAddr>().is_err())) {
        return invalid("hostaddr", "an IP address for each host");
    }
    let is_port = |port: &str| port.is_empty() || port.trim().parse::<u16>().is_ok_and(|port| port > 0);
    if port.is_some_and(|list| !list.split(',').all(is_port)) {
        return invalid("port", "a number from 1 to 65535");
    }
    for (keyword, longest, expected) in KEEPALIVES {
        if get(keyword).is_some_and(|value| value.trim().parse::<i32>().is_ok_and(|value| value > longest)) {
            return invalid(keyword, expected);
        }
    }
    let count = |list: Option<&str>| list.map_or(1, |list| list.split(',').count());
    let hosts = count(host.or(address));
    if address.is_some() && count(address) != hosts {
        return invalid("hostaddr", "an IP address for each host");
    }
    if ![1, hosts].contains(&count(port)) {
        return invalid("port", "one port, or one for each host");
    }
    if get("sslcert").is_some() != get("sslkey").is_some() {
        return invalid("sslcert", "a certificate together with its `sslkey`");
    }
    if get("sslrootcert") == Some("system") && ssl_mode != SslMode::VerifyFull {
        return invalid("sslmode", "verify-full, which `sslrootcert=system` requires");
    }
    if get("sslnegotiation") == Some("direct") && ssl_mode < SslMode::Require {
        return invalid("sslmode", "require, verify-ca or verify-full, which `sslnegotiation=direct` requires");
    }
    Ok(())
}
