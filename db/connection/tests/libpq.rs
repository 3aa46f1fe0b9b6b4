//! Connection strings and service files have the same meaning as in libpq: `libpq/vectors.jsonl` has libpq's
//! interpretation of each, recorded by `libpq/record.py`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use connection::{Settings, SettingsError};
use serde_json::Value;

/// The keywords with a value that libpq accepts and this crate refuses by name, because it has no such feature.
const NOT_SUPPORTED: [&str; 17] = [
    "client_encoding",
    "min_protocol_version",
    "oauth_client_id",
    "oauth_client_secret",
    "oauth_issuer",
    "oauth_scope",
    "replication",
    "require_auth",
    "requirepeer",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcertmode",
    "sslcrl",
    "sslcrldir",
    "sslkeylogfile",
    "sslpassword",
    "sslsni",
];

/// The inputs that this crate interprets differently from libpq, and why.
const EXCEPTIONS: [(&str, &[&str]); 14] = [
    (
        "as in psql, a lone word is the name of a database",
        &["host", "shop", "my-shop", " shop ", "Shop_2", "läden", "shop.main"],
    ),
    (
        "white space around a URL comes with the variable or the file that contains it",
        &[" postgres://h/d", "\npostgres://h/d", "postgres://h/d\n", "\tpostgres://h\r\n"],
    ),
    (
        "an `@` in a host is in a password that is not percent-encoded, of which libpq prints the rest as an unknown host",
        &[
            "postgres://u:secret@more@h/d",
            "postgres://u@v@h/d",
            "postgres://u:secret@@h/d",
            "postgres://u:secret@h@",
            "postgres://h@i@j",
            "postgres://h%40i/d",
            "host=h@i",
        ],
    ),
    (
        "so is one in a database, of which libpq prints the rest as an unknown database",
        &[
            "postgres://u:12/secret@h/d",
            "postgres://u:secret@more/more@h/d",
            "postgres://h:1/d@x",
            "postgres://u:/secret@h/d",
            "postgres://h1/d@x",
            "postgres://u/secret@h/d",
            "postgres://h/d@",
            "postgres://h/@d",
        ],
    ),
    (
        "a user with one of these is a wrong separator before a password, which libpq prints as an unknown user",
        &[
            "postgres://u?v@h/d",
            "postgres://u#v@h/d",
            "postgres://u=v@h/d",
            "postgres://u&v@h/d",
            "postgres://u,v@h/d",
            "postgres://u?v:secret@h/d",
            "postgres://h?user=u&password=secret@more",
            "postgres://h:1?password=secret@more",
            "user=u:secret@h",
        ],
    ),
    (
        "a wrong separator makes the parameters, among them a password, part of a host or a database",
        &[
            "postgres://h#f/d",
            "postgres://h&i/d",
            "postgres://h=i/d",
            "postgres://h/d=e",
            "postgres://h/d&sslmode=require",
            "postgres://h/d%3Fport=1",
        ],
    ),
    (
        "without a space the next setting, which may be the password, is part of the value",
        &[
            "host= port=1",
            "host=\nport=1",
            "host= \n dbname=d",
            "host= host=h",
            "hostaddr= host=a",
            "host=a=b",
            "host='a=b'",
            "host==h",
            "host=h,port=1",
            "host=h;port=1",
            "host=h&port=1",
            "host=h\u{a0}port=1",
            "host=h\u{2003}port=1",
            "host=hpassword=secret",
            "host=h user=upassword=secret",
            "dbname=dpassword=secret",
            "host=h;password=secret",
            "dbname=host=h",
        ],
    ),
    (
        "a URL in `dbname` is not read, and may have a password",
        &[
            "postgres://h/d?dbname=postgres://u:secret@i/e",
            "dbname=postgres://h/d",
            "dbname=postgres://u:secret@h/d?x=y",
        ],
    ),
    (
        "settings are UTF-8",
        &[
            "postgres://h/%ff",
            "postgres://u:secret%ff@h",
            "postgres://u:%c3%28@h",
            "postgres://%80/d",
            "postgres://h/d?application_name=%ff",
        ],
    ),
    (
        "libpq checks these values later: while it waits for a connection, or after it has one",
        &[
            "postgres://h/d?connect_timeout=soon",
            "connect_timeout=x",
            "connect_timeout=3s",
            "connect_timeout=99999999999",
            "keepalives=x",
            "keepalives_idle=x",
            "tcp_user_timeout=x",
            "hostaddr=h",
            "port=1,x host=a,b",
        ],
    ),
    (
        "the driver has no abstract sockets, and one address for each host",
        &["host=@abstract", "postgres://%40abstract/d", "hostaddr=10.0.0.1, host=a,b"],
    ),
    ("the driver does not try hosts twice", &["target_session_attrs=prefer-standby"]),
    (
        "files that are named have to exist, and there are no default files for certificates",
        &["passfile=/p", "sslcert=c", "sslkey=k"],
    ),
    ("`servicefile` comes with PostgreSQL 19", &["servicefile=f"]),
];

type Values = BTreeMap<String, String>;

/// A line of the vectors.
struct Case {
    /// A connection string or the text of a service file.
    input: String,
    ours: Result<Settings, SettingsError>,
    /// What libpq reads, or why it refuses.
    libpq: Result<Values, String>,
}

#[test]
fn settings_are_those_of_libpq() {
    let lines = fs::read_to_string(folder().join("vectors.jsonl")).expect("the vectors");
    let mut lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let keywords = strings(&lines.next().expect("a header")["keywords"]);
    let cases: Vec<Case> = lines.map(|line| case(&line)).collect();
    assert!(cases.len() > 700, "{}", cases.len());
    let (mut wrong, mut not_supported, mut excepted) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for Case { input, ours, libpq } in &cases {
        let is_same = match (ours, libpq) {
            (Ok(ours), Ok(libpq)) => keywords.keys().all(|keyword| value(ours, keyword) == libpq_value(libpq, keyword)),
            (Err(_), Err(_)) => true,
            _ => false,
        };
        let exception = EXCEPTIONS.iter().flat_map(|(_, inputs)| *inputs).find(|excepted| *excepted == input);
        match (ours, exception) {
            (Err(SettingsError::Unsupported { keyword, .. }), None) if NOT_SUPPORTED.contains(keyword) => {
                not_supported.insert(*keyword);
            }
            (_, Some(exception)) if !is_same => {
                excepted.insert(*exception);
            }
            (_, None) if is_same => {}
            _ => wrong.push(format!("{input:?}: libpq {libpq:?}, this crate {ours:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}\n{} differ", wrong.join("\n"), wrong.len());
    assert_eq!(not_supported, BTreeSet::from(NOT_SUPPORTED));
    assert_eq!(excepted, EXCEPTIONS.iter().flat_map(|(_, inputs)| *inputs).copied().collect());
}

/// Every keyword that libpq has is known here, and so is every variable.
#[test]
fn every_keyword_is_known() {
    let header = fs::read_to_string(folder().join("vectors.jsonl")).expect("the vectors");
    let header: Value = serde_json::from_str(header.lines().next().expect("a header")).expect("JSON");
    let keywords = strings(&header["keywords"]);
    assert!(keywords.len() >= 50, "{}", keywords.len());
    for (keyword, variable) in &keywords {
        let text = format!("{keyword}=x");
        let error = Settings::resolve(&text, &|_| None).err();
        assert!(!matches!(error, Some(SettingsError::UnknownKeyword { .. })), "{keyword}");
        // A value that is refused in the text is refused in the variable.
        let from_variable = |name: &str| (name == variable && !variable.is_empty()).then(|| "x".to_owned());
        let same = match Settings::resolve("", &from_variable).err() {
            Some(SettingsError::Variable { error, .. }) => Some(*error),
            same => same,
        };
        assert!(
            same == error || ["", "PGCLIENTENCODING"].contains(&variable.as_str()),
            "{variable}: {same:?}, {error:?}"
        );
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/libpq")
}

fn strings(value: &Value) -> Values {
    let pairs = value.as_object().into_iter().flatten();
    pairs.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
}

fn case(line: &Value) -> Case {
    let text = |key: &str| line[key].as_str().map(str::to_owned);
    let libpq = match text("error").or(text("refused")) {
        Some(error) => Err(error),
        None => Ok(strings(&line["values"])),
    };
    if let Some(service_file) = text("service_file") {
        let ours = with_service_file(&service_file, &strings(&line["variables"]));
        return Case { input: service_file, ours, libpq };
    }
    let input = text("text").expect("an input");
    // The folder has a `pg_service.conf`.
    let environment = |name: &str| (name == "PGSYSCONFDIR").then(|| folder().display().to_string());
    Case { ours: Settings::resolve(&input, &environment), input, libpq }
}

fn with_service_file(text: &str, variables: &Values) -> Result<Settings, SettingsError> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pg_service.conf");
    fs::write(&path, text).expect("written");
    let environment = |name: &str| match name {
        "PGSERVICE" => Some("s".to_owned()),
        "PGSERVICEFILE" => Some(path.display().to_string()),
        name => variables.get(name).filter(|value| !value.is_empty()).cloned(),
    };
    Settings::resolve("", &environment)
}

/// A setting of ours; one that is empty means the same as one that is not set.
fn value(settings: &Settings, keyword: &str) -> String {
    let password = || settings.to_environment().into_iter().find(|(variable, _)| *variable == "PGPASSWORD");
    match keyword {
        "password" => password().map_or(String::new(), |(_, password)| password),
        keyword => settings.get(keyword).unwrap_or_default().to_owned(),
    }
}

/// A setting of libpq's, with the defaults that it sets only when it connects.
fn libpq_value<'v>(values: &'v Values, keyword: &str) -> &'v str {
    let get = |keyword| values.get(keyword).map_or("", String::as_str);
    match keyword {
        "application_name" if get(keyword).is_empty() => get("fallback_application_name"),
        "sslmode" if get(keyword).is_empty() && get("sslrootcert") == "system" => "verify-full",
        keyword => get(keyword),
    }
}
