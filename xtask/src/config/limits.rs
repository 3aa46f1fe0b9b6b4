//! Values of `xtask.toml` that have limits. The parser adds the place in the file to their errors.

use std::path::{Component, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error};

/// The longest duration of a setting or an option, in seconds: PostgreSQL stores its own in milliseconds, in 32 bits.
pub(crate) const LONGEST_SECONDS: u64 = i32::MAX as u64 / 1000;

/// The longest name of PostgreSQL, in bytes. It truncates longer ones.
const LONGEST_NAME: usize = 63;

/// The longest project name: that of a Gen 1 project. A bucket's name also has the environment, the account and the region.
const LONGEST_PROJECT_NAME: usize = 20;

/// The suffix of the version table's primary key, whose name begins with that of the table.
const KEY_SUFFIX: usize = "_pkc".len();

/// A number of seconds, with or without a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seconds(pub(crate) Duration);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        // Less than a millisecond would be 0, which disables a timeout.
        let is_valid = seconds == 0.0 || (0.001..=LONGEST_SECONDS as f64).contains(&seconds);
        let duration = Duration::try_from_secs_f64(seconds).ok().filter(|_| is_valid);
        duration.map(Self).ok_or_else(|| {
            D::Error::custom(format!("expected a number of seconds from 0.001 to {LONGEST_SECONDS}, or 0"))
        })
    }
}

/// The name of the project, which is part of the names of stacks, buckets and parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProjectName(pub(crate) String);

impl FromStr for ProjectName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let is_valid = name.len() <= LONGEST_PROJECT_NAME
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        match is_valid {
            true => Ok(Self(name.to_owned())),
            false => Err(format!(
                "expected up to {LONGEST_PROJECT_NAME} lower-case letters, digits and hyphens, starting with a letter"
            )),
        }
    }
}

impl<'de> Deserialize<'de> for ProjectName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The id of an AWS account. It is a text: a number would lose leading zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccountId(pub(crate) String);

impl<'de> Deserialize<'de> for AccountId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(deserializer)?;
        let is_id = |id: &&str| id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit());
        let id = value.as_str().filter(is_id).map(str::to_owned);
        id.map(Self).ok_or_else(|| D::Error::custom("expected an account id: 12 digits, in quotes"))
    }
}

/// The name of an AWS region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Region(pub(crate) String);

impl Region {
    /// The partition of AWS that it is in, by the start of its name (`partitions.json` of the AWS SDKs). Nothing is copied
    /// between them.
    pub(super) fn partition(&self) -> &'static str {
        let apart = ["cn-", "us-gov-", "us-iso-", "us-isob-", "us-isof-", "eu-isoe-", "eusc-"];
        apart.into_iter().find(|start| self.0.starts_with(start)).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_name = name.rsplit_once('-').is_some_and(|(words, number)| {
            words.contains('-') && words.split('-').all(|word| is_word(&word)) && number.parse::<u8>().is_ok()
        });
        match is_name {
            true => Ok(Self(name)),
            false => Err(D::Error::custom("expected the name of an AWS region, such as `eu-west-1`")),
        }
    }
}

/// A folder in the checkout: relative, without `..`. The root is `.`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl<'de> Deserialize<'de> for Folder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let path = PathBuf::deserialize(deserializer)?;
        let is_inside = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        match !path.as_os_str().is_empty() && path.components().all(is_inside) {
            true => Ok(Self(path)),
            false => Err(D::Error::custom("expected a folder in this checkout, such as `web`, or `.` for its root")),
        }
    }
}

/// How many times to attempt a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attempts(pub(crate) u32);

impl<'de> Deserialize<'de> for Attempts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let attempts = i64::deserialize(deserializer)?;
        let valid = u32::try_from(attempts).ok().filter(|attempts| (1..=1000).contains(attempts));
        valid.map(Self).ok_or_else(|| D::Error::custom("expected a number from 1 to 1000"))
    }
}

/// The name of the version table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableName(pub(crate) String);

impl<'de> Deserialize<'de> for TableName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = name(deserializer, LONGEST_NAME - KEY_SUFFIX)?;
        // They are in the same schema.
        match [migrate::LOG, migrate::JOURNAL, migrate::OBJECTS].contains(&name.as_str()) {
            true => {
                Err(D::Error::custom(format!("expected a different name: `{name}` is one of the engine's own tables")))
            }
            false => Ok(Self(name)),
        }
    }
}

/// A text, or a list of them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct OneOrMore(pub(crate) Vec<String>);

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged, expecting = "expected a string, or a list of strings")]
        enum Value {
            One(String),
            More(Vec<String>),
        }
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::One(text) => vec![text],
            Value::More(texts) => texts,
        }))
    }
}

/// The name of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SchemaName(pub(crate) String);

impl<'de> Deserialize<'de> for SchemaName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        name(deserializer, LONGEST_NAME).map(Self)
    }
}

/// A name of up to `longest` bytes.
fn name<'de, D: Deserializer<'de>>(deserializer: D, longest: usize) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    match (1..=longest).contains(&name.len()) && !name.contains('\0') {
        true => Ok(name),
        false => Err(D::Error::custom(format!("expected a name of 1 to {longest} bytes, without a NUL"))),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn values_beyond_their_limits_are_errors_at_their_place() {
        let durations = ["connect_timeout", "lock_wait", "lock_timeout", "statement_timeout"];
        let absurd = ["-1", "-0.5", "nan", "inf", "-inf", "1e300", "2147484", "9223372036854775807", "0.0001", "\"1\""];
        let mut refused: Vec<(&str, String, String)> = Vec::new();
        for value in absurd {
            refused.extend(durations.map(|key| ("migrate", key.to_owned(), value.to_owned())));
            refused.push(("publish", "timeout".to_owned(), value.to_owned()));
        }
        for value in ["0", "-1", "1001", "1.5", "4294967296", "nan"] {
            refused.push(("migrate", "attempts".to_owned(), value.to_owned()));
        }
        for (key, longest) in [("version_table", 59), ("version_table_schema", 63)] {
            for value in ["", "a\\u0000b", &"n".repeat(longest + 1), &"é".repeat(longest / 2 + 1)] {
                refused.push(("migrate", key.to_owned(), format!("\"{value}\"")));
            }
        }
        refused.push(("migrate", "version_table".to_owned(), "\"migration_log\"".to_owned()));
        refused.extend(["1", "[1]", "true"].map(|value| ("adopted", "until".to_owned(), value.to_owned())));
        for value in ["", "Site", "1site", "-site", "my_site", "aaaaaaaaaaaaaaaaaaaaa"] {
            refused.push(("project", "name".to_owned(), format!("\"{value}\"")));
        }
        for value in ["", "Amplify", "s3", "cloudFront"] {
            refused.push(("publish", "hosting".to_owned(), format!("\"{value}\"")));
        }
        let environment = "infra.environments.dev";
        let accounts = [
            "123456789012",
            "1",
            "\"\"",
            "\"12345678901\"",
            "\"1234567890123\"",
            "\"12345678901a\"",
            "\"１23456789012\"",
        ];
        refused.extend(accounts.map(|value| (environment, "account".to_owned(), value.to_owned())));
        for value in ["1", "\"\"", "\"eu-west\"", "\"west-1\"", "\"EU-WEST-1\"", "\"eu-west-1a\"", "\"eu--west-1\""] {
            refused.push((environment, "region".to_owned(), value.to_owned()));
        }
        for (table, key, value) in refused {
            let text = format!("[{table}]\n{key} = {value}\n");
            let error = toml::from_str::<Config>(&text).expect_err(&text).to_string();
            assert!(error.contains("line 2") && error.contains(&format!("{key} = ")), "{text}: {error}");
        }
    }

    #[test]
    fn one_text_or_a_list_is_accepted() {
        for (value, expected) in [("\"a1\"", &["a1"][..]), ("[\"a1\", \"b1\"]", &["a1", "b1"]), ("[]", &[])] {
            let text = format!("[adopted]\nuntil = {value}\n");
            assert_eq!(toml::from_str::<Config>(&text).expect(&text).adopted.until(), expected);
        }
        assert!(Config::default().adopted.until().is_empty());
    }

    #[test]
    fn values_within_their_limits_are_accepted() {
        for value in ["0", "0.0", "0.001", "1", "2.5", "2147483"] {
            let text =
                format!("[migrate]\nlock_wait = {value}\nlock_timeout = {value}\n[publish]\ntimeout = {value}\n");
            toml::from_str::<Config>(&text).expect(&text);
        }
        let text = "[project]\nname = \"my-site-2\"\n";
        toml::from_str::<Config>(text).expect(text);
        for region in ["eu-west-1", "us-gov-east-1", "ap-southeast-10", "eusc-de-east-1"] {
            let text = format!("[infra.environments.dev]\naccount = \"012345678901\"\nregion = \"{region}\"\n");
            toml::from_str::<Config>(&text).expect(&text);
        }
        let (table, schema) = ("t".repeat(59), "s".repeat(63));
        let text =
            format!("[migrate]\nattempts = 1000\nversion_table = \"{table}\"\nversion_table_schema = \"{schema}\"\n");
        let options = toml::from_str::<Config>(&text).expect(&text).options();
        assert_eq!(
            (options.attempts, options.version_table, options.version_table_schema),
            (1000, table, Some(schema))
        );
    }
}
