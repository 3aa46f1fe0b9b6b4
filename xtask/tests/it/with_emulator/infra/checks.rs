//! Checks what a deployment has created, by querying the services with the real aws CLI.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::clone::CommandResult;
use crate::support::emulator::Emulator;

/// Checks that `destroy`, and `deploy` without `previews`, refuse while there is a preview, and name the command that deletes
/// it.
pub(super) fn check_that_a_preview_is_not_left_behind(emulator: &Emulator, infra: impl Fn(&str) -> CommandResult) {
    let record = r#"{"preview": {"environment": "dev", "branch": "it's", "database": "preview_it_s"}}"#;
    let create = ["amplify", "create-app", "--name", "site-dev-preview-it-s", "--description", record];
    let app = emulator.json(&create);
    for (command, reason) in [
        ("destroy", "`dev` has 1 preview, whose functions are in its network: `it's`"),
        ("deploy", "`dev` has 1 preview, but xtask.toml allows none: `it's`"),
    ] {
        let result = infra(command);
        assert_eq!(result.code, Some(1), "{}", result.text);
        let next = "next: nothing was changed; delete it first: `cargo xtask preview delete --env dev 'it'\\''s'`";
        for expected in [reason, next] {
            assert!(result.text.contains(expected), "{expected}: {}", result.text);
        }
    }
    emulator.aws(&["amplify", "delete-app", "--app-id", app["app"]["appId"].as_str().expect("it is text")]);
}

/// Checks EC2 and the parameters.
pub(super) fn check_the_network(emulator: &Emulator) {
    let subnets = emulator.json(&["ec2", "describe-subnets", "--filters", "Name=tag:environment,Values=dev"]);
    let mut ranges: Vec<&str> = subnets["Subnets"]
        .as_array()
        .expect("it is a list")
        .iter()
        .filter_map(|subnet| subnet["CidrBlock"].as_str())
        .collect();
    ranges.sort_unstable();
    assert_eq!(ranges, ["10.1.100.0/26", "10.1.100.128/26", "10.1.100.192/26", "10.1.100.64/26"]);
    let gateways = emulator.json(&["ec2", "describe-nat-gateways"]);
    assert_eq!(gateways["NatGateways"].as_array().map(Vec::len), Some(1));
    let groups = emulator.json(&["ec2", "describe-security-groups", "--filters", "Name=tag:environment,Values=dev"]);
    let group = |start: &str| {
        let groups = groups["SecurityGroups"].as_array().expect("it is a list").iter();
        groups
            .clone()
            .find(|group| group["Description"].as_str().is_some_and(|text| text.starts_with(start)))
            .expect("there is a group")
    };
    let (database, build, functions) = (group("The database"), group("The build"), group("The functions"));
    let rules = database["IpPermissions"].as_array().expect("it is a list");
    let mut sources = Vec::new();
    for rule in rules {
        assert_eq!((&rule["FromPort"], &rule["ToPort"]), (&5432.into(), &5432.into()), "{rules:?}");
        assert_eq!(rule["IpRanges"], serde_json::json!([]));
        let pairs = rule["UserIdGroupPairs"].as_array().expect("it is a list");
        sources.extend(pairs.iter().filter_map(|pair| pair["GroupId"].as_str()));
    }
    sources.sort_unstable();
    let mut clients = [&build["GroupId"], &functions["GroupId"]].map(|id| id.as_str().expect("it is text"));
    clients.sort_unstable();
    assert_eq!(sources, clients);
    assert_eq!(
        (&build["IpPermissions"], &functions["IpPermissions"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );
    let parameters = parameters(emulator, "us-east-1", "dev");
    assert_eq!(parameters["function-security-group"], functions["GroupId"]);
    assert_eq!(parameters["vpc-id"], functions["VpcId"]);
    let secret = secret(emulator);
    assert_eq!((&parameters["database-host"], &parameters["database-name"]), (&secret["host"], &secret["dbname"]));
    assert!(parameters["database-resource-id"].as_str().is_some_and(|id| id.starts_with("cluster-")), "{parameters:?}");
}

/// The secret that the migration reads.
fn secret(emulator: &Emulator) -> Value {
    let get = ["secretsmanager", "get-secret-value", "--secret-id", "site/dev/database"];
    let found = emulator.json(&get);
    serde_json::from_str(found["SecretString"].as_str().expect("it is text")).expect("it is JSON")
}

/// The values of the parameters that `amplify/backend.ts` reads, by their names without the path.
pub(super) fn parameters(emulator: &Emulator, region: &str, environment: &str) -> BTreeMap<String, Value> {
    let path = format!("/site/{environment}/");
    let found = emulator.json(&["ssm", "get-parameters-by-path", "--region", region, "--path", &path]);
    let all = found["Parameters"].as_array().expect("it is a list").iter();
    all.map(|parameter| {
        let name = parameter["Name"].as_str().and_then(|name| name.strip_prefix(&path)).expect("it is below the path");
        (name.to_owned(), parameter["Value"].clone())
    })
    .collect()
}

/// Checks IAM, S3 and Secrets Manager.
pub(super) fn check_roles_bucket_and_secret(emulator: &Emulator) {
    // Their policies are those of the template, which is compared after a deployment and tested separately.
    let roles = emulator.json(&["iam", "list-roles"]);
    let names = roles["Roles"].as_array().expect("it is a list").iter().filter_map(|role| role["RoleName"].as_str());
    let ours: Vec<&str> = names.filter(|name| name.starts_with("site-dev-")).collect();
    assert!(ours.len() > 5, "{ours:?}");
    emulator.json(&["iam", "get-policy", "--policy-arn", "arn:aws:iam::123456789012:policy/site-dev-boundary"]);
    let buckets = emulator.json(&["s3api", "list-buckets"]);
    let names =
        buckets["Buckets"].as_array().expect("it is a list").iter().filter_map(|bucket| bucket["Name"].as_str());
    let bucket = names.clone().find(|name| name.starts_with("site-dev-")).expect("there is a bucket");
    let encryption = emulator.json(&["s3api", "get-bucket-encryption", "--bucket", bucket]);
    assert!(encryption.to_string().contains("AES256"), "{encryption}");
    let secret = secret(emulator);
    for key in ["engine", "host", "port", "dbname", "username", "password"] {
        assert!(!secret[key].is_null(), "{key}");
    }
}
