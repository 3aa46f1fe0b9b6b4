//! Estimates the monthly cost of a template's resources, at the prices in `infra/prices.toml`.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::deployment::Deployment;
use crate::prices::Prices;

/// The hours in a month, as AWS calculates.
const HOURS: f64 = 730.0;

/// A proxy of a serverless cluster bills the cluster's capacity units, and at least these.
const PROXY_UNITS: f64 = 8.0;

/// The minimum and maximum number of units.
type Count = (f64, f64);

/// Prints the estimate.
pub(super) fn print(deployment: &Deployment<'_>) -> Result<()> {
    let prices = Prices::load(deployment.context)?.context("there is no `infra/prices.toml`")?;
    for line in estimate(&deployment.assembly.template, &prices) {
        deployment.context.report.message(line);
    }
    Ok(())
}

/// The lines of the estimate: fixed costs, usage-based charges, and types without a known price.
fn estimate(template: &Value, prices: &Prices) -> Vec<String> {
    let Prices { region, date, .. } = prices;
    let mut lines = vec![format!("estimated cost per month in US dollars (prices of {region}, {date}):")];
    let counts = count(template);
    let (mut least, mut most, mut by_use, mut unknown) = (0.0, 0.0, Vec::new(), Vec::new());
    for (kind, &(at_least, at_most)) in &counts {
        let Some(price) = prices.types.get(kind) else {
            if !prices.free.types.contains(kind) {
                unknown.push(kind.as_str());
            }
            continue;
        };
        let one = price.hourly * HOURS + price.monthly;
        if one > 0.0 && at_most > 0.0 {
            (least, most) = (least + one * at_least, most + one * at_most);
            let what = match at_least < at_most {
                true => format!("{at_least} to {at_most} × {one:.2}"),
                false => format!("{at_most} × {one:.2}"),
            };
            lines.push(format!("  {:32}{what:>18}  {}", price.name, range(one * at_least, one * at_most)));
        }
        if at_most > 0.0 {
            by_use.extend(price.by_use().map(|usage| format!("  {}: {usage}", price.name)));
        }
    }
    lines.push(format!("  {:50}  {}", "total", range(least, most)));
    lines.push("usage-based charges in addition:".to_owned());
    lines.extend(by_use);
    if !unknown.is_empty() {
        lines.push(format!("no known price: {}", unknown.join(", ")));
    }
    lines
}

fn range(least: f64, most: f64) -> String {
    if least < most { format!("{least:.2} to {most:.2}") } else { format!("{most:.2}") }
}

/// The number of resources of each type.
fn count(template: &Value) -> BTreeMap<String, Count> {
    let resources: Vec<&Value> = template["Resources"].as_object().into_iter().flat_map(|all| all.values()).collect();
    let capacity = resources.iter().find_map(|resource| {
        let scaling = &resource["Properties"]["ServerlessV2ScalingConfiguration"];
        Some((scaling["MinCapacity"].as_f64()?, scaling["MaxCapacity"].as_f64()?))
    });
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for resource in resources {
        let (kind, properties) = (resource["Type"].as_str().unwrap_or_default(), &resource["Properties"]);
        let (least, most) = match kind {
            "AWS::RDS::DBInstance" => capacity.unwrap_or((0.0, 0.0)),
            "AWS::RDS::DBProxy" => {
                let (least, most) = capacity.unwrap_or((0.0, 0.0));
                (least.max(PROXY_UNITS), most.max(PROXY_UNITS))
            }
            // A gateway endpoint, which has no subnets, is free.
            "AWS::EC2::VPCEndpoint" => properties["SubnetIds"].as_array().map_or((0.0, 0.0), |all| {
                let zones = all.len() as f64;
                (zones, zones)
            }),
            _ => (1.0, 1.0),
        };
        let sum = counts.entry(kind.to_owned()).or_default();
        *sum = (sum.0 + least, sum.1 + most);
    }
    counts
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::estimate;
    use crate::prices::Prices;

    #[test]
    fn estimates_capacity_zones_and_a_proxy_and_lists_unknown_types() {
        let prices: Prices = toml::from_str(include_str!("../../../infra/prices.toml")).expect("the prices");
        let scaling = json!({"MinCapacity": 0.5, "MaxCapacity": 2});
        let template = json!({"Resources": {
            "cluster": {"Type": "AWS::RDS::DBCluster", "Properties": {"ServerlessV2ScalingConfiguration": scaling}},
            "writer": {"Type": "AWS::RDS::DBInstance"},
            "proxy": {"Type": "AWS::RDS::DBProxy"},
            "s3": {"Type": "AWS::EC2::VPCEndpoint", "Properties": {"VpcEndpointType": "Gateway"}},
            "logs": {"Type": "AWS::EC2::VPCEndpoint", "Properties": {"SubnetIds": ["a", "b"]}},
            "one": {"Type": "AWS::SecretsManager::Secret"},
            "two": {"Type": "AWS::SecretsManager::Secret"},
            "role": {"Type": "AWS::IAM::Role"},
            "queue": {"Type": "AWS::SQS::Queue"},
        }});
        let lines = estimate(&template, &prices).join("\n");
        let expected = "\
estimated cost per month in US dollars (prices of us-east-1, June 2026):
  interface endpoint, one zone              2 × 7.30  14.60
  Aurora capacity units             0.5 to 2 × 87.60  43.80 to 175.20
  RDS Proxy, capacity units                8 × 10.95  87.60
  secret                                    2 × 0.40  0.80
  total                                               146.80 to 278.20
usage-based charges in addition:
  interface endpoint, one zone: 0.01 per GB
  Aurora storage: 0.10 per GB and month, 0.20 per million I/Os, 0.021 per GB and month of backups beyond its size
no known price: AWS::SQS::Queue";
        assert_eq!(lines, expected);
    }
}
