//! Prices of the resources of an environment, in US dollars: `infra/prices.toml`.

use std::collections::BTreeMap;
use std::io::ErrorKind;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::context::Context;

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prices {
    pub(crate) region: String,
    pub(crate) date: String,
    /// By the type of the resource.
    pub(crate) types: BTreeMap<String, Price>,
    pub(crate) free: Free,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Free {
    pub(crate) types: Vec<String>,
}

/// The price of a unit.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Price {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) hourly: f64,
    #[serde(default)]
    pub(crate) monthly: f64,
    /// Per GB (1000³ bytes) and month.
    stored: Option<f64>,
    r#use: Option<String>,
}

impl Prices {
    /// Reads the file; `None` if there is none, as in a repository without `infra`.
    ///
    /// # Errors
    /// It cannot be read, or is invalid.
    pub(crate) fn load(context: &Context) -> Result<Option<Self>> {
        let path = context.root.join("infra/prices.toml");
        let text = match regular_file::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            text => text.with_context(|| format!("`{}`", path.display()))?,
        };
        toml::from_str(&text).map(Some).with_context(|| format!("`{}`", path.display()))
    }

    /// The storage of these bytes in the database, per month; `None` if its price is unknown.
    pub(crate) fn of_database(&self, bytes: u64) -> Option<f64> {
        Some(bytes as f64 / 1e9 * self.types.get("AWS::RDS::DBCluster")?.stored?)
    }
}

impl Price {
    /// The usage-based charges, if there are any.
    pub(crate) fn by_use(&self) -> Option<String> {
        let stored = self.stored.map(|price| format!("{price:.2} per GB and month"));
        let charges: Vec<String> = stored.into_iter().chain(self.r#use.clone()).collect();
        (!charges.is_empty()).then(|| charges.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::Prices;

    #[test]
    fn the_storage_of_a_database_has_a_price() {
        let text = include_str!("../../infra/prices.toml");
        let prices: Prices = toml::from_str(text).expect("the prices");
        let price = prices.types["AWS::RDS::DBCluster"].stored.expect("it has one");
        assert!(price > 0.0);
        assert_eq!(prices.of_database(2_500_000_000), Some(2.5 * price));
        let dearer = text.replace("stored = 0.10", "stored = 0.30");
        let dearer: Prices = toml::from_str(&dearer).expect("the prices");
        assert_eq!(dearer.of_database(1_000_000_000), Some(0.3));
        assert_eq!(
            dearer.types["AWS::RDS::DBCluster"].by_use().map(|text| text[..22].to_owned()).as_deref(),
            Some("0.30 per GB and month,")
        );
    }
}
