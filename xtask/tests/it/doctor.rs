//! `cargo xtask doctor` reports programs that are missing, too old or broken, and how to install them. They determine the exit
//! code.

use std::fs;
use std::path::Path;

use crate::support::{Database, copy_checkout, program, root, sample, scratch, xtask};
use serde_json::Value;

/// A program that prints its version, or fails.
fn stand_in(folder: &Path, name: &str, version: Option<&str>) {
    program(folder, name, &version.map_or("exit 1".to_owned(), |version| format!("echo '{version}'")));
}

/// The exit code, the checks, and standard error.
fn doctor(checkout: &Path, path: &Path, database: &str, arguments: &[&str]) -> (Option<i32>, Vec<Value>, String) {
    let mut command = xtask(checkout);
    command.env("CARGO_MANIFEST_DIR", checkout.join("xtask")).env_remove("CARGO_TARGET_DIR");
    command.env("PATH", path).env("DATABASE_URL", database).args(["doctor", "--json"]).args(arguments);
    let output = command.output().expect("xtask runs");
    let lines = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("it is JSON"))
        .collect();
    (output.status.code(), lines, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The result of a check, and its problem.
fn of(checks: &[Value], name: &str) -> (String, String) {
    let check = checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("there is no check {name}"));
    let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
    (text("found"), text("problem"))
}

/// An account of AWS. `bootstrap` is the version of the CDK's own stack.
fn aws(bootstrap: &str) -> String {
    format!(
        r#"case "$*" in
        *export-credentials*) echo '{{"AccessKeyId": "ASIA", "SecretAccessKey": "hidden", "SessionToken": "hidden"}}' ;;
        *region) echo eu-west-1 ;;
        sts*) echo '{{"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:role/release"}}' ;;
        ssm*) echo '{{"Parameter": {{"Value": "{bootstrap}"}}}}' ;;
        *) echo 'aws-cli/2.31.0 Python/3.13.7 Linux/6.1' ;;
    esac"#
    )
}

/// Programs of versions that are recent enough, except for the Amplify CLI, curl and docker.
fn programs(folder: &Path) {
    for (name, version) in [
        ("cargo", concat!("cargo ", env!("CARGO_PKG_RUST_VERSION"), ".7 (f2d3ce0bd 2026-03-21)")),
        ("git", "git version 2.47.3"),
        ("node", "v22.1.0"),
        ("npm", "11.19.1"),
        ("aws", "aws-cli/2.31.0 Python/3.13.7 Linux/6.1"),
    ] {
        stand_in(folder, name, Some(version));
    }
}

#[test]
fn reports_what_each_task_lacks() {
    let folder = scratch("doctor");
    programs(&folder);
    stand_in(&folder, "node", Some("v20.9.0"));
    stand_in(&folder, "docker", None);
    let database = Database::create();

    let (code, findings, errors) = doctor(&sample(), &folder, &database.url(), &["dev"]);
    let of = |name: &str| findings.iter().find(|finding| finding["name"] == name).expect("the check exists").clone();
    assert_eq!(code, Some(1));
    assert!(errors.contains("`dev` cannot run here: missing node"), "{errors}");
    assert!(of("node")["problem"].as_str().is_some_and(|text| text.contains("20.19 or later")), "{}", of("node"));
    assert_eq!(
        (&of("cargo")["found"], &of("aws")["found"]),
        (&concat!(env!("CARGO_PKG_RUST_VERSION"), ".7").into(), &"2.31.0".into())
    );
    assert!(of("docker")["problem"].as_str().is_some_and(|text| text.contains("does not print its version")));
    assert!(of("psql")["problem"].as_str().is_some_and(|text| text.contains("apt-get install postgresql-client")));
    assert_eq!(of("psql")["required"], false);
    assert!(of("database")["found"].as_str().is_some_and(|text| text.contains(&database.name)));

    let (code, _, errors) = doctor(&sample(), &folder, &database.url(), &["db"]);
    assert_eq!(code, Some(0), "{errors}");
    let (code, findings, _) = doctor(&sample(), &folder, "postgres://me:hidden@127.0.0.1:1/gone", &["db"]);
    let last = findings.last().expect("the database").to_string();
    assert!(code == Some(1) && last.contains("Connection refused") && !last.contains("hidden"), "{last}");
}

#[test]
fn reports_what_a_gen1_publication_lacks() {
    let scratch = scratch("doctor-gen1");
    let (checkout, folder, database) = (scratch.join("checkout"), scratch.join("bin"), Database::create());
    copy_checkout(&root().join("xtask/tests/amplify-gen1"), &checkout.join("amplify"));
    copy_checkout(&sample().join("db/versions"), &checkout.join("db/versions"));
    copy_checkout(&root().join("xtask/amplify-cli"), &checkout.join("xtask/amplify-cli"));
    fs::create_dir(&folder).expect("can create the folder");
    programs(&folder);
    let (code, checks, errors) = doctor(&checkout, &folder, &database.url(), &["publish"]);
    assert!(code == Some(1) && errors.contains("`publish` cannot run here: missing aws account"), "{errors}");
    let (_, problem) = of(&checks, "aws account");
    assert!(problem.contains("found no credentials") && problem.contains("AWS_PROFILE"), "{problem}");
    assert!(of(&checks, "amplify").0.contains("until 2027-05-01"), "{checks:?}");
    assert!(of(&checks, "amplify cli").0.ends_with("will be downloaded when needed"), "{checks:?}");
    program(&folder, "aws", &aws("30"));
    stand_in(&folder, "amplify", Some("14.2.2"));
    for arguments in [&["publish"][..], &[]] {
        let (code, checks, errors) = doctor(&checkout, &folder, &database.url(), arguments);
        assert_eq!(code, Some(0), "{errors}");
        let account = "account 123456789012, eu-west-1, as arn:aws:iam::123456789012:role/release";
        assert_eq!(of(&checks, "aws account").0, account);
        assert!(of(&checks, "amplify cli").0.contains("14.2.2"), "{checks:?}");
    }
    assert_eq!(of(&checks, "hosting").0, "the hosting category in `amplify`");
    fs::write(checkout.join("xtask.toml"), "[publish]\nhosting = \"cloudfront\"\n").expect("can write the file");
    let (code, checks, errors) = doctor(&checkout, &folder, &database.url(), &["publish"]);
    assert!(code == Some(1) && errors.contains("missing hosting"), "{errors}");
    assert!(of(&checks, "hosting").1.contains("is a setting for Gen 2"), "{checks:?}");
}

#[test]
fn reports_what_a_gen2_publication_lacks() {
    let scratch = scratch("doctor-gen2");
    let (checkout, folder, database) = (scratch.join("checkout"), scratch.join("bin"), Database::create());
    copy_checkout(&root().join("xtask/tests/publish/gen2/amplify"), &checkout.join("amplify"));
    copy_checkout(&sample().join("db/versions"), &checkout.join("db/versions"));
    fs::create_dir(&folder).expect("can create the folder");
    programs(&folder);
    program(&folder, "aws", &aws("5"));
    let publish = || doctor(&checkout, &folder, &database.url(), &["publish"]);
    let (code, checks, errors) = publish();
    assert!(code == Some(1) && errors.contains("missing curl, bootstrap"), "{errors}");
    assert!(of(&checks, "curl").1.contains("apt-get install curl"), "{checks:?}");
    let (_, problem) = of(&checks, "bootstrap");
    assert!(problem.contains("version 5; 6 or later") && problem.contains("aws://123456789012/eu-west-1"), "{problem}");
    stand_in(&folder, "curl", Some("curl 8.17.0"));
    program(&folder, "aws", &aws("30"));
    let (code, checks, errors) = publish();
    assert_eq!(code, Some(0), "{errors}");
    assert_eq!(of(&checks, "amplify").0, "Amplify Gen 2");
    assert_eq!(of(&checks, "ampx").0, "backend 1.25.1, backend-cli 1.10.0");
    assert_eq!((of(&checks, "tsconfig").0, of(&checks, "bootstrap").0), ("strict".into(), "version 30".into()));
    assert_eq!(of(&checks, "hosting").0, "Amplify Hosting");
    fs::write(checkout.join("xtask.toml"), "[publish]\nhosting = \"cloudfront\"\n").expect("can write the file");
    assert_eq!(of(&publish().1, "hosting").0, "a bucket and a CloudFront distribution of the backend");
    stand_in(&folder, "node", Some("v20.19.2"));
    assert!(of(&publish().1, "ampx").0.contains("from January 2027 on"), "Node.js 20 still works");

    let lock = checkout.join("amplify/package-lock.json");
    let old = fs::read_to_string(&lock).expect("can read the file").replace("1.25.1", "1.14.1");
    fs::write(&lock, old).expect("can write the file");
    fs::remove_file(checkout.join("amplify/tsconfig.json")).expect("can delete the file");
    let (code, checks, errors) = publish();
    assert!(code == Some(1) && errors.contains("missing ampx, tsconfig"), "{errors}");
    assert!(of(&checks, "ampx").1.contains("1.15 or later is required"), "{checks:?}");
    assert!(of(&checks, "tsconfig").1.contains("would deploy type errors"), "{checks:?}");
    fs::remove_file(lock).expect("can delete the file");
    assert!(of(&publish().1, "ampx").1.contains("package-lock.json` is missing"), "the lockfile");
    fs::remove_file(checkout.join("amplify/backend.ts")).expect("can delete the file");
    let (code, checks, errors) = publish();
    assert!(code == Some(1) && errors.contains("missing amplify"), "{errors}");
    assert!(of(&checks, "amplify").1.contains("neither `backend.ts` (Gen 2)"), "{checks:?}");
}

/// The checks, and the start of what each one has found.
type Expected = &'static [(&'static str, &'static str)];

/// What AWS answers to the questions before an environment is created, and what `doctor` says: the start of what it has
/// found, or after `!` of the problem.
const ACCOUNTS: [(&str, &str, Expected); 4] = [
    (
        "an account with room",
        "[infra.environments.dev]\n",
        &[
            ("aws plan", "paid"),
            ("codebuild", "5 small and 1 medium builds at a time"),
            ("vpcs", "2 of 5 in use"),
            ("nat gateways", "1 of 5 in use"),
            ("addresses", "0 of 5 in use"),
            ("rds role", "exists"),
            ("aurora", "version 17, from 0 units"),
            ("codecommit", "in use"),
        ],
    ),
    (
        "a new account on the free plan, in a region where Aurora cannot pause",
        "[infra.environments.dev]\n",
        &[
            ("aws plan", "!the account is on the free plan, which refuses Aurora"),
            ("codebuild", "!the quota `Concurrently running builds for Linux/Small environment` is 0"),
            (
                "vpcs",
                "!5 of 5 VPCs are in use: delete an unused one, or request more (`aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-F678F1CE --desired-value 10`)",
            ),
            ("nat gateways", "perhaps not: 5 of 5 NAT gateways of a zone are in use"),
            ("addresses", "!5 of 5 Elastic IP addresses are in use: release an unused one"),
            ("rds role", "perhaps not: the account has had no database"),
            ("aurora", "!Aurora Serverless in eu-west-1 has at least 0.5 units: set `minimum_acu = 0.5`"),
            ("codecommit", "perhaps not: the account has no repository here"),
        ],
    ),
    (
        "a user who may not ask, an account older than the plans, a region without this Aurora",
        "[infra.environments.dev]\nnat = \"none\"\nconnection = \"arn:1\"\nrepository = \"team/site\"\n",
        &[
            ("aws plan", "no free plan"),
            ("codebuild", "!`aws service-quotas list-service-quotas` failed: An error occurred (AccessDenied)"),
            ("vpcs", "0 of 5 in use"),
            ("rds role", "exists"),
            ("aurora", "!the region eu-west-1 has no Aurora PostgreSQL 17"),
        ],
    ),
    (
        "a repository that a destroyed environment has left behind",
        "[infra.environments.dev]\nminimum_acu = 1\n",
        &[("aurora", "version 17, from 1 units"), ("codecommit", "the repository exists and is used")],
    ),
];

/// The aws CLI in the account of this number in the list.
fn aws_of(account: usize) -> String {
    const REFUSED: &str = "echo 'An error occurred (%) when calling' >&2; exit 254";
    let refused = |error: &str| REFUSED.replace('%', error);
    let quotas = |small: u32| {
        let name = |size: &str| format!("Concurrently running builds for Linux/{size} environment");
        let quotas = serde_json::json!({"Quotas": [
            {"QuotaName": name("Small"), "Value": small}, {"QuotaName": name("Medium"), "Value": 1}
        ]});
        format!("echo '{quotas}'")
    };
    let list = |key: &str, count: usize| format!("echo '{}'", serde_json::json!({key: vec![0; count]}));
    let version = |lowest: f64| {
        format!(
            "echo '[{{\"EngineVersion\": \"17.9\", \"ServerlessV2FeaturesSupport\": {{\"MinCapacity\": {lowest}}}}}]'"
        )
    };
    let plan = |plan: &str| format!("echo '{{\"accountPlanType\": \"{plan}\"}}'");
    let role = "echo '{\"Role\": {}}'".to_owned();
    let [plan, builds, vpcs, gateways, addresses, role, versions, repositories] = match account {
        1 => [
            plan("FREE"),
            quotas(0),
            list("Vpcs", 5),
            list("NatGateways", 5),
            list("Addresses", 5),
            refused("NoSuchEntity"),
            version(0.5),
            list("repositories", 0),
        ],
        _ => [
            if account == 2 { refused("ResourceNotFoundException") } else { plan("PAID") },
            if account == 2 { refused("AccessDenied") } else { quotas(5) },
            list("Vpcs", if account == 2 { 0 } else { 2 }),
            list("NatGateways", 1),
            list("Addresses", 0),
            role,
            if account == 2 { "echo '[]'".to_owned() } else { version(0.0) },
            list("repositories", 1),
        ],
    };
    let repository = if account == 3 { "echo '{}'".to_owned() } else { refused("RepositoryDoesNotExistException") };
    let stack = "echo 'An error occurred (ValidationError): Stack with id site-dev does not exist' >&2; exit 254";
    format!(
        r#"case "$*" in
        *get-account-plan-state*) {plan} ;;
        *list-service-quotas*) {builds} ;;
        *get-service-quota*) echo '{{"Quota": {{"Value": 5.0}}}}' ;;
        *describe-vpcs*) {vpcs} ;;
        *describe-nat-gateways*) {gateways} ;;
        *describe-addresses*) {addresses} ;;
        *get-role*) {role} ;;
        *describe-db-engine-versions*) {versions} ;;
        *get-repository*) {repository} ;;
        *list-repositories*) {repositories} ;;
        *describe-stacks*) {stack} ;;
        *) {} ;;
    esac"#,
        aws("30")
    )
}

#[test]
fn reports_what_an_account_lacks_for_an_environment() {
    for (number, (name, settings, expected)) in ACCOUNTS.into_iter().enumerate() {
        let (folder, checkout) =
            (scratch(&format!("doctor-account-{number}")), scratch(&format!("doctor-settings-{number}")));
        programs(&folder);
        program(&folder, "aws", &aws_of(number));
        fs::write(checkout.join("xtask.toml"), settings).expect("can write the file");
        let (code, findings, errors) = doctor(&checkout, &folder, "postgres://127.0.0.1:1/none", &["infra"]);
        for (check, start) in expected {
            let (found, problem) = of(&findings, check);
            let shown = if problem.is_empty() { found } else { format!("!{problem}") };
            assert!(shown.starts_with(start), "{name}: {check}: {shown}");
        }
        let is_possible = expected.iter().all(|(_, start)| !start.starts_with('!'));
        assert_eq!(code, Some(i32::from(!is_possible)), "{name}: {errors}");
    }
}
