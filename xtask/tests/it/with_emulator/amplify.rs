//! A release as CodeBuild makes it: from a fresh clone, by the real Amplify CLI, to an emulator of AWS. They fetch 1.5 GB once, and
//! so are run by name: `cargo xtask test publish`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::clone::{Clone, run};
use crate::support::emulator::{Call, Emulator, KEY, SECRET};
use crate::support::{Database, scratch, server};
use serde_json::Value;

fn names(calls: &[Call]) -> Vec<&str> {
    calls.iter().map(|call| call.name.as_str()).collect()
}

/// The app that the infrastructure would have made.
fn create_app(emulator: &Emulator) -> String {
    emulator.json(&["amplify", "create-app", "--name", "site"])["app"]["appId"].as_str().expect("an id").to_owned()
}

fn object(emulator: &Emulator, key: &str) -> Vec<u8> {
    emulator.aws(&["s3", "cp", &format!("s3://site-hosting-dev-123456789012-us-east-1/{key}"), "-"])
}

/// Every file that holds the secret.
fn holding_the_secret(folder: &Path) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.is_symlink() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if fs::read(&path)
                .is_ok_and(|bytes| bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()))
            {
                found.push(path);
            }
        }
    }
    found
}

#[test]
#[ignore = "`cargo xtask test publish`"]
fn a_release_is_published_and_the_next_one() {
    let folder = scratch("publication");
    let emulator = Emulator::start(&folder);
    let app_id = create_app(&emulator);
    let aurora = Database::create();
    let database = [
        ("DATABASE_SECRET_USERNAME", "postgres"),
        ("DATABASE_SECRET_PASSWORD", "not asked for"),
        ("DATABASE_SECRET_HOST", &server().host),
        ("DATABASE_SECRET_PORT", &server().port),
        ("DATABASE_SECRET_DBNAME", &aurora.name),
    ];
    let release = |clone: &Clone, heads: &str| {
        let variables = [("AMPLIFY_APP_ID", app_id.as_str()), ("AMPLIFY_ENV", "dev"), ("DATABASE_HEADS", heads)];
        clone.cargo_xtask(&emulator, &["buildspec", "run", "publish"], &variables)
    };

    // A database that is behind stops the release before AWS is asked anything.
    let clone = Clone::fresh(&folder);
    let (_, before) = emulator.calls(0);
    let said = release(&clone, "base");
    assert_eq!(said.code, Some(1), "{}", said.text);
    assert!(said.text.contains("the database is behind by 12 revisions"), "{}", said.text);
    assert!(emulator.calls(before).0.is_empty());

    // The first release: database.yml hands on to publish.yml what the database is at.
    let said = clone.cargo_xtask(&emulator, &["buildspec", "run", "database"], &database);
    assert_eq!(said.code, Some(0), "{}", said.text);
    let heads = said.stdout.lines().find_map(|line| line.strip_prefix("DATABASE_HEADS=")).expect("it is exported");
    assert_eq!(heads, "19e7a6d3c05f");
    let said = release(&clone, heads);
    assert_eq!(said.code, Some(0), "{}", said.text);
    let (calls, before) = emulator.calls(before);
    let calls = names(&calls);
    assert!(!calls.contains(&"amplify POST /apps"), "a second app: {calls:?}");
    let made = calls.iter().filter(|name| name.starts_with("amplify POST")).count();
    assert_eq!(made, 1, "one backend environment: {calls:?}");
    for call in ["cloudformation CreateStack", "cloudformation UpdateStack"] {
        assert!(calls.contains(&call), "{call}: {calls:?}");
    }
    let shown: Value = serde_json::from_slice(&object(&emulator, "release.json")).expect("JSON");
    assert_eq!(shown["commit"], clone.git(&["rev-parse", "HEAD"]).as_str());
    assert_eq!((&shown["environment"], &shown["heads"]), (&"dev".into(), &serde_json::json!(["19e7a6d3c05f"])));
    let built = |clone: &Clone, name: &str| fs::read(clone.directory.join("frontend/dist").join(name)).expect("a file");
    assert_eq!(object(&emulator, "index.html"), built(&clone, "index.html"));
    assert_eq!(clone.git(&["status", "--porcelain"]), "?? amplify/team-provider-info.json");

    // The next one: a fresh clone with a changed page, and nothing that an earlier one has left.
    let clone = Clone::fresh(&folder);
    clone.edit("frontend/index.html", "<title>", "<title>The next one, ");
    clone.commit("change the page");
    let said = release(&clone, heads);
    assert_eq!(said.code, Some(0), "{}", said.text);
    let (calls, before) = emulator.calls(before);
    let calls = names(&calls);
    let is_making = |name: &&&str| name.starts_with("amplify POST") || name.ends_with("CreateStack");
    assert_eq!(calls.iter().filter(is_making).count(), 0, "nothing is made again: {calls:?}");
    assert!(String::from_utf8_lossy(&object(&emulator, "index.html")).contains("The next one"));
    assert_eq!(object(&emulator, "index.html"), built(&clone, "index.html"));
    let shown: Value = serde_json::from_slice(&object(&emulator, "release.json")).expect("JSON");
    assert_eq!(shown["commit"], clone.git(&["rev-parse", "HEAD"]).as_str());

    // What was built is published without being built again; another commit's is not.
    let publish = ["publish", "--env", "dev", "--skip-build", "--skip-database-check"];
    let said = clone.xtask(&emulator, &publish, &[]);
    assert_eq!(said.code, Some(0), "{}", said.text);
    assert!(!said.text.contains("vite"), "{}", said.text);
    assert!(said.stdout.starts_with("https://") && said.stdout.lines().count() == 1, "{}", said.stdout);
    clone.edit("frontend/index.html", "The next one", "One more");
    clone.commit("change the page again");
    let said = clone.xtask(&emulator, &publish, &[]);
    assert_eq!(said.code, Some(1), "{}", said.text);
    assert!(said.text.contains("was built of another commit"), "{}", said.text);

    // An invalidation of CloudFront for each of the two builds, and none without being asked.
    let (calls, _) = emulator.calls(0);
    let invalidations = calls.iter().filter(|call| call.name == "cloudfront POST").count();
    assert_eq!((invalidations, before > 0), (2, true));
    assert!(calls.iter().all(|call| call.status < 500));
    let (amplify, frontend) = (clone.directory.join("amplify"), clone.directory.join("frontend"));
    for place in [&amplify, &frontend, &clone.home, &clone.target.join("publish")] {
        assert_eq!(holding_the_secret(place), [""; 0].map(PathBuf::from));
    }
}

/// What moto would skip without a word.
#[test]
#[ignore = "`cargo xtask test publish`"]
fn the_emulator_reports_what_it_does_not_know() {
    let emulator = Emulator::start(&scratch("emulator"));
    assert_eq!(emulator.beyond(), [""; 0]);
    let template = r#"{"Resources": {"Zone": {"Type": "AWS::AppSync::DomainName", "Properties": {}}}}"#;
    emulator.aws(&["cloudformation", "create-stack", "--stack-name", "beyond", "--template-body", template]);
    assert!(emulator.beyond().contains(&"\"AWS::AppSync::DomainName\"".to_owned()), "{:?}", emulator.beyond());
}

/// What the real CLI says and does, exiting with 0; and what `publish` makes of it.
#[test]
#[ignore = "`cargo xtask test publish`"]
fn successes_that_are_none_are_errors() {
    let folder = scratch("publication-refused");
    let emulator = Emulator::start(&folder);
    let app_id = create_app(&emulator);
    let clone = Clone::fresh(&folder);
    let publish = ["publish", "--env", "dev", "--app-id", &app_id, "--skip-database-check"];

    // No app named: the CLI would make one.
    let said = clone.xtask(&emulator, &["publish", "--env", "dev", "--skip-database-check"], &[]);
    assert_eq!(said.code, Some(2), "{}", said.text);
    assert!(said.text.contains("would otherwise create a second app"), "{}", said.text);
    // An app of another account.
    let said = clone.xtask(&emulator, &["publish", "init", "--env", "dev", "--app-id", "dnotours"], &[]);
    assert_eq!(said.code, Some(1), "{}", said.text);
    assert!(said.text.contains("there is no app `dnotours` in account 123456789012, us-east-1"), "{}", said.text);
    // STS can't be reached.
    let said =
        clone.xtask(&emulator, &publish, &[("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1"), ("AWS_MAX_ATTEMPTS", "1")]);
    assert_eq!(said.code, Some(1), "{}", said.text);
    assert!(said.text.contains("who you are on AWS could not be found out"), "{}", said.text);
    let changing = ["POST", "Create", "Update", "PUT"];
    let (calls, _) = emulator.calls(0);
    assert!(calls.iter().all(|call| !changing.iter().any(|word| call.name.contains(word))), "{:?}", names(&calls));

    // `publish init` makes what is missing, and only once; with the two secrets, or with temporary keys.
    let none = [("AMPLIFY_USER_ACCESS_KEY_ID", ""), ("AMPLIFY_USER_SECRET_ACCESS_KEY", "")];
    let keys = [("AWS_ACCESS_KEY_ID", KEY), ("AWS_SECRET_ACCESS_KEY", SECRET), ("AWS_SESSION_TOKEN", "a token")];
    for who in [vec![], [&none[..], &keys[..]].concat()] {
        let said = clone.xtask(&emulator, &["publish", "init", "--env", "dev", "--app-id", &app_id], &who);
        assert_eq!(said.code, Some(0), "{}", said.text);
        assert!(said.text.contains("needs no app id"), "{}", said.text);
    }
    let (calls, before) = emulator.calls(0);
    let made: Vec<&str> = names(&calls).into_iter().filter(|name| name.starts_with("amplify POST")).collect();
    assert_eq!(made, [format!("amplify POST /apps/{app_id}/backendenvironments")]);
    let said = clone.xtask(&emulator, &["publish", "init", "--env", "dev", "--app-id", "dother"], &[]);
    assert_eq!(said.code, Some(2), "{}", said.text);

    // The real CLI, asked without us: no hosting, exit 0.
    let config = "amplify/backend/backend-config.json";
    let kept = fs::read_to_string(clone.directory.join(config)).expect("a file");
    fs::write(clone.directory.join(config), "{}").expect("written");
    let meta = clone.directory.join("amplify/backend/amplify-meta.json");
    let without: Value = serde_json::from_slice(&fs::read(&meta).expect("a file")).expect("JSON");
    fs::write(&meta, serde_json::json!({"providers": without["providers"]}).to_string()).expect("written");
    let credentials = folder.join("credentials");
    let keys = format!("[xtask]\naws_access_key_id={KEY}\naws_secret_access_key={SECRET}\nregion=us-east-1\n");
    fs::write(&credentials, keys).expect("written");
    let profile = serde_json::json!({"dev": {"configLevel": "project", "useProfile": true, "profileName": "xtask"}});
    fs::write(clone.directory.join("amplify/.config/local-aws-info.json"), profile.to_string()).expect("written");
    let real = |arguments: &[&str], sts: &str| {
        let mut amplify = clone.command(&clone.amplify(), &emulator);
        amplify.env("AWS_SHARED_CREDENTIALS_FILE", &credentials).env("AWS_CONFIG_FILE", &credentials);
        run(amplify.env("AWS_ENDPOINT_URL_STS", sts).args(arguments))
    };
    let said = real(&["publish", "--yes"], &emulator.url);
    assert!(
        said.code == Some(0) && said.text.contains("Add hosting to your project before publishing"),
        "{}",
        said.text
    );
    let said = clone.xtask(&emulator, &publish, &[]);
    assert_eq!(said.code, Some(1), "{}", said.text);
    assert!(said.text.contains("the Amplify project has no hosting"), "{}", said.text);
    fs::write(clone.directory.join(config), kept).expect("written");

    // The real CLI, with keys as arguments and no STS: exit 0, and nothing initialised.
    let amplify = "{\"envName\":\"test\",\"defaultEditor\":\"code\"}";
    let providers = "{\"awscloudformation\":{\"configLevel\":\"project\",\"useProfile\":false,\"accessKeyId\":\"AKIAX\",\"secretAccessKey\":\"x\",\"region\":\"us-east-1\"}}";
    let init = ["init", "--yes", "--amplify", amplify, "--providers", providers];
    let said = real(&init, "http://127.0.0.1:1");
    assert!(said.code == Some(0) && said.text.contains("Invalid configuration settings!"), "{}", said.text);
    let info = fs::read_to_string(clone.directory.join("amplify/team-provider-info.json")).expect("a file");
    assert!(!info.contains("\"test\""), "{info}");

    // The real package, as npm calls it installed where its binary can't be fetched.
    let global = folder.join("global");
    let npm = ["install", "--global", "--no-audit", "--no-fund", "@aws-amplify/cli@14.2.2", "--prefix"];
    let mut command = clone.command(Path::new("npm"), &emulator);
    let said = run(command
        .args(npm)
        .arg(&global)
        .env("npm_config_foreground_scripts", "true")
        .env("IS_AMPLIFY_CI", "1")
        .env("CODEBUILD_SRC_DIR", &clone.directory)
        .env("PKG_CLI_CLOUDFRONT_URL", "127.0.0.1:1"));
    assert!(said.code == Some(0) && said.text.contains("Error fetching release"), "{}", said.text);
    let path = format!(
        "{}:{}:{}",
        global.join("bin").display(),
        emulator.programs.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let offline = [
        ("PATH", path.as_str()),
        ("IS_AMPLIFY_CI", "1"),
        ("CODEBUILD_SRC_DIR", "/"),
        ("PKG_CLI_CLOUDFRONT_URL", "127.0.0.1:1"),
    ];
    let said = clone.xtask(&emulator, &publish, &offline);
    assert_eq!(said.code, Some(1), "{}", said.text);
    assert!(said.text.contains("is an Amplify CLI that has no program behind it"), "{}", said.text);

    // An init that ended before it had put the backend into its bucket: the real CLI can't begin, and we say why.
    let bucket =
        emulator.json(&["amplify", "get-backend-environment", "--app-id", &app_id, "--environment-name", "dev"]);
    let bucket = bucket["backendEnvironment"]["deploymentArtifacts"].as_str().expect("a bucket").to_owned();
    emulator.aws(&["s3api", "delete-object", "--bucket", &bucket, "--key", "#current-cloud-backend.zip"]);
    let said = clone.xtask(&emulator, &publish, &[]);
    assert_eq!(said.code, Some(1), "{}", said.text);
    assert!(said.text.contains("the environment `dev` was never made whole"), "{}", said.text);

    let (calls, _) = emulator.calls(before);
    assert!(calls.iter().all(|call| !call.name.ends_with("UpdateStack")), "nothing was published: {:?}", names(&calls));
}
