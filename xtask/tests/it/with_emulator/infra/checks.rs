//! Checks what a deployment has created, by querying the services with the real aws CLI.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::support::emulator::Emulator;
use crate::support::scratch;

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

/// Promotes an artifact twice with the real aws CLI: what the deployed bucket keeps is that file, in two versions that name
/// their commits.
pub(super) fn check_the_promotion(emulator: &Emulator, promote: impl Fn(&str, &[(&str, &str)])) {
    const REGION: [&str; 2] = ["--region", "eu-west-1"];
    const KEY: &str = "promoted/verified.zip";
    let ask = |arguments: &[&str]| emulator.json(&[arguments, &REGION].concat());
    let text = |value: &Value| value.as_str().expect("it is text").to_owned();
    let pipeline = ask(&["codepipeline", "get-pipeline", "--name", "site-prod"]);
    let artifacts = text(&pipeline["pipeline"]["artifactStore"]["location"]);
    let get = ["codebuild", "batch-get-projects", "--names", "site-prod-promote"];
    let project = ask(&get);
    let variables = project["projects"][0]["environment"]["environmentVariables"].as_array().expect("it is a list");
    let variables: Vec<(String, String)> =
        variables.iter().map(|variable| (text(&variable["name"]), text(&variable["value"]))).collect();
    let bucket = variables.iter().find(|(name, _)| name == "PROMOTION_BUCKET").expect("it is set").1.clone();
    let parameters = parameters(emulator, "eu-west-1", "prod");
    assert_eq!(parameters["promotion-bucket"], bucket.as_str(), "the next environment finds it");
    let folder = scratch("infra-promotion");
    for (execution, commit) in [("e-1", "1".repeat(40)), ("e-2", "2".repeat(40))] {
        let file = folder.join(execution);
        fs::write(&file, format!("the zip file of {commit}")).expect("can write the file");
        let object = format!("s3://{artifacts}/site-prod/{execution}/Verified.zip");
        emulator.aws(&[&["s3", "cp", &file.display().to_string(), &object], &REGION[..]].concat());
        let of_build = variables.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        promote(&commit, &of_build.chain([("RELEASE_EXECUTION", execution)]).collect::<Vec<_>>());
    }
    let listed = ask(&["s3api", "list-object-versions", "--bucket", &bucket]);
    let versions = listed["Versions"].as_array().expect("it is a list");
    let mut found: Vec<(String, String, bool)> = Vec::new();
    for version in versions {
        let (copy, id) = (folder.join("copy"), text(&version["VersionId"]));
        let get = ["s3api", "get-object", "--bucket", &bucket, "--key", KEY, "--version-id", &id];
        let object = ask(&[&get[..], &[&copy.display().to_string()]].concat());
        let commit = text(&object["Metadata"]["codepipeline-artifact-revision-summary"]);
        found.push((commit, fs::read_to_string(copy).expect("can read it"), version["IsLatest"] == true));
    }
    found.sort();
    let expected = ["1".repeat(40), "2".repeat(40)]
        .map(|commit| (commit.clone(), format!("the zip file of {commit}"), commit.starts_with('2')));
    assert_eq!(found, expected);
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
