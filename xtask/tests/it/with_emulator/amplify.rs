//! A release as CodeBuild runs it: from a fresh clone, with the real Amplify CLI, to the AWS emulator. The tests download 1.5 GB
//! once, so they only run with `cargo xtask test publish`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::clone::{Clone, run};
use crate::support::emulator::{Call, Emulator, KEY, SECRET};
use crate::support::{Database, scratch, server};
use serde_json::Value;

fn names(calls: &[Call]) -> Vec<&str> {
    calls.iter().map(|call| call.name.as_str()).collect()
}

/// Creates the app, as the infrastructure would.
fn create_app(emulator: &Emulator) -> String {
    emulator.json(&["amplify", "create-app", "--name", "site"])["app"]["appId"]
        .as_str()
        .expect("there is an id")
        .to_owned()
}

fn object(emulator: &Emulator, key: &str) -> Vec<u8> {
    emulator.aws(&["s3", "cp", &format!("s3://site-hosting-dev-123456789012-us-east-1/{key}"), "-"])
}

/// Every file that contains the secret.
fn files_with_the_secret(folder: &Path) -> Vec<PathBuf> {
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

/// A clone with the Gen 1 project. Its target directory has the Amplify CLI.
fn gen1_clone(folder: &Path) -> Clone {
    Clone::fresh(folder, "publication-target").with_gen1()
}

/// One after the other, because they share a target directory.
#[test]
#[ignore = "`cargo xtask test publish`"]
fn releases_are_published_and_false_successes_are_errors() {
    two_releases_are_published();
    false_successes_are_errors();
}

fn two_releases_are_published() {
    let folder = scratch("publication");
    let emulator = Emulator::start(&folder);
    let app_id = create_app(&emulator);
    let aurora = Database::create();
    let database = [
        ("DATABASE_SECRET_USERNAME", "postgres"),
        ("DATABASE_SECRET_PASSWORD", "unused password"),
        ("DATABASE_SECRET_HOST", &server().host),
        ("DATABASE_SECRET_PORT", &server().port),
        ("DATABASE_SECRET_DBNAME", &aurora.name),
    ];
    let release = |clone: &Clone, heads: &str| {
        let variables = [("AMPLIFY_APP_ID", app_id.as_str()), ("AMPLIFY_ENV", "dev"), ("DATABASE_HEADS", heads)];
        clone.cargo_xtask(&emulator, &["buildspec", "run", "publish"], &variables)
    };

    // If the database is behind, only the identity was requested.
    let clone = gen1_clone(&folder);
    let (_, before) = emulator.calls(0);
    let result = release(&clone, "base");
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("the database is behind by 14 revisions"), "{}", result.text);
    let (calls, _) = emulator.calls(before);
    assert!(calls.iter().all(|call| call.name.starts_with("sts ")), "{:?}", names(&calls));

    // The first release: database.yml exports the database's heads to publish.yml.
    let result = clone.cargo_xtask(&emulator, &["buildspec", "run", "database"], &database);
    assert_eq!(result.code, Some(0), "{}", result.text);
    let heads = result.stdout.lines().find_map(|line| line.strip_prefix("DATABASE_HEADS=")).expect("it is exported");
    assert_eq!(heads, "19e7a6d3c05f");
    let result = release(&clone, heads);
    assert_eq!(result.code, Some(0), "{}", result.text);
    let (calls, before) = emulator.calls(before);
    let calls = names(&calls);
    assert!(!calls.contains(&"amplify POST /apps"), "a second app: {calls:?}");
    let created = calls.iter().filter(|name| name.starts_with("amplify POST")).count();
    assert_eq!(created, 1, "one backend environment: {calls:?}");
    for call in ["cloudformation CreateStack", "cloudformation UpdateStack"] {
        assert!(calls.contains(&call), "{call}: {calls:?}");
    }
    let shown: Value = serde_json::from_slice(&object(&emulator, "release.json")).expect("it is JSON");
    assert_eq!(shown["commit"], clone.git(&["rev-parse", "HEAD"]).as_str());
    assert_eq!((&shown["environment"], &shown["heads"]), (&"dev".into(), &serde_json::json!(["19e7a6d3c05f"])));
    let built = |clone: &Clone, name: &str| {
        fs::read(clone.directory.join("frontend/dist").join(name)).expect("can read the file")
    };
    assert_eq!(object(&emulator, "index.html"), built(&clone, "index.html"));
    assert_eq!(clone.git(&["status", "--porcelain"]), "?? amplify/team-provider-info.json");

    // The second release: a fresh clone with a changed page, without the files of the first.
    let clone = gen1_clone(&folder);
    clone.edit("frontend/index.html", "<title>", "<title>The second release, ");
    clone.commit("change the page");
    let result = release(&clone, heads);
    assert_eq!(result.code, Some(0), "{}", result.text);
    let (calls, before) = emulator.calls(before);
    let calls = names(&calls);
    let creates = |name: &&&str| name.starts_with("amplify POST") || name.ends_with("CreateStack");
    assert_eq!(calls.iter().filter(creates).count(), 0, "nothing is created again: {calls:?}");
    assert!(String::from_utf8_lossy(&object(&emulator, "index.html")).contains("The second release"));
    assert_eq!(object(&emulator, "index.html"), built(&clone, "index.html"));
    let shown: Value = serde_json::from_slice(&object(&emulator, "release.json")).expect("it is JSON");
    assert_eq!(shown["commit"], clone.git(&["rev-parse", "HEAD"]).as_str());

    // `--skip-build` publishes the existing build, but not that of another commit.
    let publish = ["publish", "--env", "dev", "--skip-build", "--skip-database-check"];
    let result = clone.xtask(&emulator, &publish, &[]);
    assert_eq!(result.code, Some(0), "{}", result.text);
    assert!(!result.text.contains("vite"), "{}", result.text);
    assert!(result.stdout.starts_with("https://") && result.stdout.lines().count() == 1, "{}", result.stdout);
    clone.edit("frontend/index.html", "The second release", "The third release");
    clone.commit("change the page again");
    let result = clone.xtask(&emulator, &publish, &[]);
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("was built from another commit"), "{}", result.text);

    // One CloudFront invalidation for each of the two builds that request it.
    let (calls, _) = emulator.calls(0);
    let invalidations = calls.iter().filter(|call| call.name == "cloudfront POST").count();
    assert_eq!((invalidations, before > 0), (2, true));
    assert!(calls.iter().all(|call| call.status < 500));
    let (amplify, frontend) = (clone.directory.join("amplify"), clone.directory.join("frontend"));
    for place in [&amplify, &frontend, &clone.home, &clone.target.join("publish")] {
        assert_eq!(files_with_the_secret(place), [""; 0].map(PathBuf::from));
    }
}

/// moto would skip unknown resource types silently.
#[test]
#[ignore = "`cargo xtask test publish`"]
fn the_emulator_reports_unsupported_resource_types() {
    let emulator = Emulator::start(&scratch("emulator"));
    assert_eq!(emulator.unsupported(), [""; 0]);
    let template = r#"{"Resources": {"Zone": {"Type": "AWS::AppSync::DomainName", "Properties": {}}}}"#;
    emulator.aws(&["cloudformation", "create-stack", "--stack-name", "beyond", "--template-body", template]);
    assert!(
        emulator.unsupported().contains(&"\"AWS::AppSync::DomainName\"".to_owned()),
        "{:?}",
        emulator.unsupported()
    );
}

/// Cases in which the real CLI exits 0 without publishing; `publish` reports errors.
fn false_successes_are_errors() {
    let folder = scratch("publication-refused");
    let emulator = Emulator::start(&folder);
    let app_id = create_app(&emulator);
    let clone = gen1_clone(&folder);
    let publish = ["publish", "--env", "dev", "--app-id", &app_id, "--skip-database-check"];

    // Without an app id, the CLI would create an app.
    let result = clone.xtask(&emulator, &["publish", "--env", "dev", "--skip-database-check"], &[]);
    assert_eq!(result.code, Some(2), "{}", result.text);
    assert!(result.text.contains("the CLI would create a second app"), "{}", result.text);
    // An app of another account.
    let result = clone.xtask(&emulator, &["publish", "init", "--env", "dev", "--app-id", "dnotours"], &[]);
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("there is no app `dnotours` in account 123456789012, us-east-1"), "{}", result.text);
    // STS is not reachable.
    let result =
        clone.xtask(&emulator, &publish, &[("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1"), ("AWS_MAX_ATTEMPTS", "1")]);
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("could not get the AWS identity"), "{}", result.text);
    let changing = ["POST", "Create", "Update", "PUT"];
    let (calls, _) = emulator.calls(0);
    assert!(calls.iter().all(|call| !changing.iter().any(|word| call.name.contains(word))), "{:?}", names(&calls));

    // `publish init` creates the environment only once; with the two secrets, or with temporary keys.
    let none = [("AMPLIFY_USER_ACCESS_KEY_ID", ""), ("AMPLIFY_USER_SECRET_ACCESS_KEY", "")];
    let keys = [("AWS_ACCESS_KEY_ID", KEY), ("AWS_SECRET_ACCESS_KEY", SECRET), ("AWS_SESSION_TOKEN", "a token")];
    for variables in [vec![], [&none[..], &keys[..]].concat()] {
        let result = clone.xtask(&emulator, &["publish", "init", "--env", "dev", "--app-id", &app_id], &variables);
        assert_eq!(result.code, Some(0), "{}", result.text);
        assert!(result.text.contains("needs no app id"), "{}", result.text);
    }
    let (calls, before) = emulator.calls(0);
    let created: Vec<&str> = names(&calls).into_iter().filter(|name| name.starts_with("amplify POST")).collect();
    assert_eq!(created, [format!("amplify POST /apps/{app_id}/backendenvironments")]);
    let result = clone.xtask(&emulator, &["publish", "init", "--env", "dev", "--app-id", "dother"], &[]);
    assert_eq!(result.code, Some(2), "{}", result.text);

    // The real CLI without hosting exits 0.
    let config = "amplify/backend/backend-config.json";
    let original = fs::read_to_string(clone.directory.join(config)).expect("can read the file");
    fs::write(clone.directory.join(config), "{}").expect("can write the file");
    let meta = clone.directory.join("amplify/backend/amplify-meta.json");
    let without: Value = serde_json::from_slice(&fs::read(&meta).expect("can read the file")).expect("it is JSON");
    fs::write(&meta, serde_json::json!({"providers": without["providers"]}).to_string()).expect("can write the file");
    let credentials = folder.join("credentials");
    let keys = format!("[xtask]\naws_access_key_id={KEY}\naws_secret_access_key={SECRET}\nregion=us-east-1\n");
    fs::write(&credentials, keys).expect("can write the file");
    let profile = serde_json::json!({"dev": {"configLevel": "project", "useProfile": true, "profileName": "xtask"}});
    fs::write(clone.directory.join("amplify/.config/local-aws-info.json"), profile.to_string())
        .expect("can write the file");
    let real = |arguments: &[&str], sts: &str| {
        let mut amplify = clone.command(&clone.amplify(), &emulator);
        amplify.env("AWS_SHARED_CREDENTIALS_FILE", &credentials).env("AWS_CONFIG_FILE", &credentials);
        run(amplify.env("AWS_ENDPOINT_URL_STS", sts).args(arguments))
    };
    let result = real(&["publish", "--yes"], &emulator.url);
    assert!(
        result.code == Some(0) && result.text.contains("Add hosting to your project before publishing"),
        "{}",
        result.text
    );
    let result = clone.xtask(&emulator, &publish, &[]);
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("the Amplify project has no hosting"), "{}", result.text);
    fs::write(clone.directory.join(config), original).expect("can write the file");

    // The real CLI with keys as arguments and without STS exits 0, and initializes nothing.
    let amplify = "{\"envName\":\"test\",\"defaultEditor\":\"code\"}";
    let providers = "{\"awscloudformation\":{\"configLevel\":\"project\",\"useProfile\":false,\"accessKeyId\":\"AKIAX\",\"secretAccessKey\":\"x\",\"region\":\"us-east-1\"}}";
    let init = ["init", "--yes", "--amplify", amplify, "--providers", providers];
    let result = real(&init, "http://127.0.0.1:1");
    assert!(result.code == Some(0) && result.text.contains("Invalid configuration settings!"), "{}", result.text);
    let info = fs::read_to_string(clone.directory.join("amplify/team-provider-info.json")).expect("can read the file");
    assert!(!info.contains("\"test\""), "{info}");

    // npm installs the real package successfully even if its binary cannot be downloaded.
    let global = folder.join("global");
    let npm = ["install", "--global", "--no-audit", "--no-fund", "@aws-amplify/cli@14.2.2", "--prefix"];
    let mut command = clone.command(Path::new("npm"), &emulator);
    let result = run(command
        .args(npm)
        .arg(&global)
        .env("npm_config_foreground_scripts", "true")
        .env("IS_AMPLIFY_CI", "1")
        .env("CODEBUILD_SRC_DIR", &clone.directory)
        .env("PKG_CLI_CLOUDFRONT_URL", "127.0.0.1:1"));
    assert!(result.code == Some(0) && result.text.contains("Error fetching release"), "{}", result.text);
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
    let result = clone.xtask(&emulator, &publish, &offline);
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("does not run: its binary is missing"), "{}", result.text);

    // An `init` stopped before it uploaded the backend: the real CLI cannot start, and `publish` reports why.
    let bucket =
        emulator.json(&["amplify", "get-backend-environment", "--app-id", &app_id, "--environment-name", "dev"]);
    let bucket = bucket["backendEnvironment"]["deploymentArtifacts"].as_str().expect("there is a bucket").to_owned();
    emulator.aws(&["s3api", "delete-object", "--bucket", &bucket, "--key", "#current-cloud-backend.zip"]);
    let result = clone.xtask(&emulator, &publish, &[]);
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("the environment `dev` was not created completely"), "{}", result.text);

    let (calls, _) = emulator.calls(before);
    assert!(calls.iter().all(|call| !call.name.ends_with("UpdateStack")), "nothing was published: {:?}", names(&calls));
}
