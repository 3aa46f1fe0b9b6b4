//! Releases of an Amplify Gen 2 project with the real `ampx`, to the AWS emulator: the deployed function uses a real
//! PostgreSQL. `ampx` has 849 packages, so this only runs with `cargo xtask test publish`.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::support::clone::{Clone, CommandResult, run};
use crate::support::emulator::Emulator;
use crate::support::{Database, packages, scratch, server, server_url};
use serde_json::{Value, json};

const PLACE: &str = "aws://123456789012/us-east-1";

/// A revision after all others.
const REVISION: &str = "-- rate rooms\n--\n-- Revision ID: 5eadbea70001\n-- Revises: 19e7a6d3c05f\n-- Create Date: 2026-11-28T10:00:00Z\n\n-- migrate:upgrade\nCREATE TABLE ratings (room_id bigint NOT NULL REFERENCES rooms, stars int NOT NULL);\n\n-- migrate:downgrade\nDROP TABLE ratings;\n";

/// An app, its database, and a clone that is published to them.
struct Release {
    emulator: Emulator,
    app_id: String,
    aurora: Database,
    clone: Clone,
}

impl Release {
    /// The results of `infra deploy`: an app, and the parameters that `backend.ts` reads.
    fn new() -> Self {
        let folder = scratch("publication-gen2");
        let emulator = Emulator::start(&folder);
        let app = emulator.json(&["amplify", "create-app", "--name", "site"]);
        let app_id = app["app"]["appId"].as_str().expect("there is an id").to_owned();
        let aurora = Database::create();
        for (name, value) in [
            ("vpc-id", "vpc-1"),
            ("private-subnet-a", "subnet-a"),
            ("private-subnet-b", "subnet-b"),
            ("availability-zone-a", "us-east-1a"),
            ("availability-zone-b", "us-east-1b"),
            ("function-security-group", "sg-1"),
            ("database-host", &server().host),
            ("database-port", &server().port),
            ("database-name", &aurora.name),
            ("database-resource-id", "cluster-1"),
            ("alarm-topic", "arn:aws:sns:us-east-1:123456789012:alarms"),
        ] {
            let name = format!("/site/dev/{name}");
            emulator.aws(&["ssm", "put-parameter", "--type", "String", "--name", &name, "--value", value]);
        }
        let clone = Clone::fresh(&folder, "publication-gen2-target");
        packages::link(&clone.directory.join("amplify"));
        // A link does not match the folder that `.gitignore` names.
        fs::write(clone.directory.join(".git/info/exclude"), "node_modules\n").expect("can write the file");
        Self { emulator, app_id, aurora, clone }
    }

    fn migrate(&self) {
        let upgrade = ["db", "upgrade", "--url", &self.aurora.url()];
        let result = self.clone.xtask(&self.emulator, &upgrade, &[]);
        assert_eq!(result.code, Some(0), "{}", result.text);
    }

    #[expect(clippy::print_stdout, reason = "how long a publication takes is shown by `--nocapture`")]
    fn publish(&self, heads: &str) -> CommandResult {
        let variables = [("AMPLIFY_APP_ID", self.app_id.as_str()), ("AMPLIFY_ENV", "dev"), ("DATABASE_HEADS", heads)];
        let start = Instant::now();
        let result = self.clone.xtask(&self.emulator, &["publish"], &variables);
        println!("publish: exit code {:?} after {:.1} s", result.code, start.elapsed().as_secs_f64());
        result
    }

    /// The page's origin on Amplify Hosting.
    fn host(&self) -> String {
        format!("dev.{}.amplifyapp.com", self.app_id)
    }

    /// The status and the body of a request to an origin of the page.
    fn request(&self, host: &str, path: &str, body: Option<&Value>) -> (String, Vec<u8>) {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--write-out", "\n%{http_code}"]);
        curl.args(["--header", &format!("host: {host}")]);
        if let Some(body) = body {
            curl.args(["--header", "content-type: application/json", "--data", &body.to_string()]);
        }
        let output = curl.arg(format!("{}/{path}", self.emulator.url)).output().expect("curl runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut body = output.stdout;
        let status =
            body.iter().rposition(|&byte| byte == b'\n').map(|at| body.split_off(at)).expect("there is a status");
        (String::from_utf8_lossy(&status).trim().to_owned(), body)
    }

    /// The status and the headers of a response, in lower case.
    fn head(&self, host: &str, path: &str, options: &[&str]) -> String {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--dump-header", "-", "--output", "/dev/null"]).args(options);
        let url = format!("{}/{path}", self.emulator.url);
        let output = curl.args(["--header", &format!("host: {host}"), &url]).output().expect("curl runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).to_lowercase()
    }

    fn json(&self, host: &str, path: &str, body: Option<&Value>) -> (String, Value) {
        let (status, body) = self.request(host, path, body);
        (
            status,
            serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&body))),
        )
    }

    /// Books a room on the page, which finds the emulator at the address that it has on AWS.
    fn book_in_a_browser(&self, host: &str) {
        let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        let Some(browser) = names.into_iter().find_map(|name| which::which(name).ok()) else {
            assert!(std::env::var_os("XTASK_TEST_STRICT").is_none(), "there is no browser");
            return;
        };
        let server = self.emulator.url.trim_start_matches("http://").trim_end_matches('/');
        let mut npm = self.clone.command(Path::new("npm"), &self.emulator);
        npm.args(["--prefix", "frontend", "run", "--silent", "test:live"]).env("CHROMIUM", browser);
        npm.env("PAGE", format!("http://{host}/")).env("SERVER", server);
        let result = run(&mut npm);
        assert_eq!(result.code, Some(0), "{}", result.text);
    }

    /// AWS's generator describes the tables of the revisions, without the engine's, and TypeScript accepts the result.
    fn assert_amplify_data_schema(&self) {
        let file = self.clone.directory.join("amplify/data/schema.sql.ts");
        let server = server_url();
        let types = ["db", "types", "--amplify", "--postgres", &server];
        let result = self.clone.xtask(&self.emulator, &types, &[]);
        assert_eq!(result.code, Some(0), "{}", result.text);
        let text = fs::read_to_string(&file).expect("can read the file");
        let expected = ["identifier: \"site\"", "\"bookings\": a.model({", "\"BookingsStatus\": a.enum(["];
        assert!(expected.iter().all(|part| text.contains(part)), "{text}");
        assert!(!text.contains("alembic_version") && !text.contains("migration_"), "{text}");
        let mut npm = self.clone.command(Path::new("npm"), &self.emulator);
        npm.args(["--prefix", "amplify", "exec", "--offline", "--", "tsc", "--ignoreConfig", "--noEmit", "--strict"]);
        npm.args(["--module", "es2022", "--moduleResolution", "bundler", "--target", "es2022", "--skipLibCheck"]);
        npm.args(["--typeRoots", "amplify/node_modules/@types", "--types", "node"]).arg(&file);
        let result = run(&mut npm);
        assert_eq!(result.code, Some(0), "{}", result.text);
        fs::remove_file(file).expect("can delete the file");
    }

    /// Whether users get the page that was built, and the API sees the database at these heads.
    fn assert_is_live(&self, host: &str, heads: &str) {
        for name in ["index.html", "release.json"] {
            let built = fs::read(self.clone.directory.join("frontend/dist").join(name)).expect("can read the file");
            assert!(self.request(host, name, None) == ("200".to_owned(), built), "{name}");
        }
        assert_eq!(self.json(host, "release.json", None).1["commit"], self.clone.git(&["rev-parse", "HEAD"]).as_str());
        assert_eq!(self.json(host, "api/health", None), ("200".to_owned(), json!({"status": "ok", "heads": [heads]})));
    }
}

#[test]
#[ignore = "`cargo xtask test publish`"]
fn two_releases_are_published() {
    let release = Release::new();
    release.migrate();
    let result = release.publish("19e7a6d3c05f");
    assert_eq!(result.code, Some(1), "{}", result.text);
    let command = format!("npm --prefix infra exec -- cdk bootstrap {PLACE}");
    assert!(result.text.contains("not bootstrapped") && result.text.contains(&command), "{}", result.text);
    release.emulator.bootstrap();

    let result = release.publish("19e7a6d3c05f");
    assert_eq!(result.code, Some(0), "{}", result.text);
    assert_eq!(result.stdout, format!("https://dev.{}.amplifyapp.com\n", release.app_id));
    release.assert_is_live(&release.host(), "19e7a6d3c05f");
    assert_eq!(release.clone.git(&["status", "--porcelain"]), "", "nothing is left in the checkout");

    // A room is booked through the deployed function, and not twice.
    let mut database = release.aurora.client();
    let insert = "INSERT INTO rooms (name, floor, seats) VALUES ('Baltic', 0, 4); INSERT INTO members (email, given_name, family_name) VALUES ('ada@example.com', 'Ada', 'Lovelace')";
    database.batch_execute(insert).expect("can insert the rows");
    let (status, rooms) = release.json(&release.host(), "api/rooms", None);
    assert_eq!((status.as_str(), &rooms["rooms"][0]["name"]), ("200", &"Baltic".into()), "{rooms}");
    let booking = json!({"room": rooms["rooms"][0]["id"], "email": "ada@example.com", "start": "2030-01-07T09:00:00Z", "end": "2030-01-07T10:00:00Z"});
    let (status, answer) = release.json(&release.host(), "api/bookings", Some(&booking));
    assert_eq!(status, "201", "{answer}");
    let (status, answer) = release.json(&release.host(), "api/bookings", Some(&booking));
    assert_eq!((status.as_str(), &answer["constraint"]), ("409", &"bookings_do_not_overlap".into()), "{answer}");

    release.book_in_a_browser(&release.host());
    release.assert_amplify_data_schema();

    // A new revision, a changed function, a changed page.
    let file = release.clone.directory.join("db/versions/202611281000_5eadbea70001_rate_rooms.sql");
    fs::write(file, REVISION).expect("can write the file");
    release.clone.edit("amplify/functions/api/problem.ts", "`/problems/", "`/second-release/");
    release.clone.edit("frontend/index.html", "<title>", "<title>The second release, ");
    // From here on, `ampx` checks the types of no file, which has taken half of its time.
    release.clone.edit("amplify/tsconfig.json", "\"include\": [\"*.ts\"]", "\"files\": []");
    release.clone.commit("the second release");
    release.migrate();
    let result = release.publish("5eadbea70001");
    assert_eq!(result.code, Some(0), "{}", result.text);
    release.assert_is_live(&release.host(), "5eadbea70001");
    let (status, problem) = release.json(&release.host(), "api/nowhere", None);
    let is_second = problem["type"].as_str().is_some_and(|of| of.starts_with("/second-release/"));
    assert!(status == "404" && is_second, "{problem}");
    let app = release.emulator.json(&["amplify", "get-app", "--app-id", &release.app_id]);
    assert_eq!(app["app"]["customRules"].as_array().map(Vec::len), Some(1), "{app}");
    let jobs = release.emulator.json(&["amplify", "list-jobs", "--app-id", &release.app_id, "--branch-name", "dev"]);
    assert_eq!(jobs["jobSummaries"].as_array().map(Vec::len), Some(2), "{jobs}");

    false_successes_are_errors(&release);
    a_branch_has_a_preview(&release);
    the_page_moves_to_cloudfront(&release);
}

/// Cases in which the exit code of the real `ampx` is misleading; `publish` reports errors.
fn false_successes_are_errors(release: &Release) {
    let path = release.clone.directory.join("amplify/backend.ts");
    let backend = fs::read_to_string(&path).expect("can read the file");
    // Nothing is synthesized: `ampx` would deploy the artifacts of the last run.
    fs::write(&path, "export {};\n").expect("can write the file");
    let result = release.publish("5eadbea70001");
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("nothing was synthesized"), "{}", result.text);
    // A rejected promise that is not awaited.
    fs::write(&path, format!("{backend}\nvoid Promise.reject(new Error('nobody awaits this'));\n"))
        .expect("can write the file");
    let result = release.publish("5eadbea70001");
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("failed (exit code 1), but `amplify-"), "{}", result.text);
    // Amplify would build the branch automatically.
    let update = ["amplify", "update-branch", "--app-id", &release.app_id, "--branch-name", "dev"];
    release.emulator.aws(&[&update[..], &["--enable-auto-build"]].concat());
    let result = release.publish("5eadbea70001");
    assert_eq!(result.code, Some(1), "{}", result.text);
    assert!(result.text.contains("by itself, without migrating the database"), "{}", result.text);
    release.assert_is_live(&release.host(), "5eadbea70001");
    release.emulator.aws(&[&update[..], &["--no-enable-auto-build"]].concat());
    fs::write(&path, backend).expect("can write the file");
}

/// A branch gets a page, an API and a database of its own; those of the environment stay as they are.
fn a_branch_has_a_preview(release: &Release) {
    let everything = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
    let policy = ["iam", "create-policy", "--policy-name", "site-dev-preview-boundary", "--policy-document"];
    release.emulator.aws(&[&policy[..], &[&everything.to_string()]].concat());
    let health = |host: &str| release.json(host, "api/health", None).1["heads"].clone();
    let of_environment = health(&release.host());
    release.clone.edit("xtask.toml", "# previews = false", "previews = true");
    release.clone.git(&["switch", "--quiet", "--create", "feature/ABC-12"]);
    let heads = of_environment[0].as_str().expect("there is a head");
    let revision = REVISION.replace("5eadbea70001", "5eadbea70002").replace("19e7a6d3c05f", heads);
    let file = release.clone.directory.join("db/versions/202611281100_5eadbea70002_price_rooms.sql");
    fs::write(file, revision.replace("ratings", "prices")).expect("can write the file");
    release.clone.edit("frontend/index.html", "<title>", "<title>A preview of ");
    release.clone.commit("price rooms");
    let url = release.aurora.url();
    let preview = |arguments: &[&str]| {
        let variables = [("AMPLIFY_APP_ID", release.app_id.as_str())];
        let arguments = [&["preview"], arguments, &["--env", "dev", "--url", &url]].concat();
        release.clone.xtask(&release.emulator, &arguments, &variables)
    };
    let result = preview(&["create"]);
    assert_eq!(result.code, Some(0), "{}", result.text);
    let host = result.stdout.trim().strip_prefix("https://").expect("it prints the URL").to_owned();
    let (name, app_id) = host.split_once('.').expect("it has a domain");
    assert!(name.starts_with("preview-feature-abc-12-") && !app_id.starts_with(&release.app_id), "{host}");
    release.assert_is_live(&host, "5eadbea70002");

    // Its function reads its own database.
    let database = Database { name: name.replace('-', "_") };
    database.rows("INSERT INTO rooms (name, floor, seats) VALUES ('Only in the preview', 0, 4)");
    let rooms = |host: &str| release.json(host, "api/rooms", None).1.to_string().contains("Only in the preview");
    assert_eq!([rooms(&host), rooms(&release.host())], [true, false]);
    assert_eq!(health(&release.host()), of_environment);
    let listed: Value = serde_json::from_str(&preview(&["list", "--json"]).stdout).expect("it is one line of JSON");
    assert_eq!(listed["page"], format!("https://{host}"));
    assert_eq!(listed["database"], database.name.as_str());
    assert!(listed["backend"] == "CREATE_COMPLETE" && listed["branch"] == "feature/ABC-12", "{listed}");

    let result = preview(&["delete", "feature/ABC-12"]);
    assert_eq!(result.code, Some(0), "{}", result.text);
    let apps = release.emulator.json(&["amplify", "list-apps"]);
    assert_eq!(apps["apps"].as_array().map(Vec::len), Some(1), "{apps}");
    let stacks = release.emulator.json(&["cloudformation", "describe-stacks"]).to_string();
    assert!(!stacks.contains("preview") && stacks.contains("-dev-branch-"), "{stacks}");
    let left = format!("SELECT count(*) FROM pg_database WHERE datname = '{}'", database.name);
    assert_eq!(release.aurora.rows(&left), ["0"]);
    assert_eq!(preview(&["list"]).stdout, "");
    assert_eq!(health(&release.host()), of_environment);
    assert_eq!(release.emulator.unsupported(), [""; 0], "not supported by the emulator");
    release.clone.git(&["switch", "--quiet", "-"]);
}

/// A bucket and a distribution of the backend serve the page; the second release also has a domain.
fn the_page_moves_to_cloudfront(release: &Release) {
    release.clone.edit("xtask.toml", "# hosting = \"amplify\"", "hosting = \"cloudfront\"");
    release.clone.commit("move the page to CloudFront");
    let result = release.publish("5eadbea70001");
    assert_eq!(result.code, Some(0), "{}", result.text);
    let outputs = fs::read_to_string(release.clone.directory.join("amplify_outputs.json")).expect("can read the file");
    let outputs: Value = serde_json::from_str(&outputs).expect("it is JSON");
    let hosting = &outputs["custom"]["hosting"];
    assert_eq!(hosting["bucket"], "site-dev-page-123456789012-us-east-1");
    let host = hosting["domain"].as_str().expect("there is a domain");
    assert_eq!(result.stdout, format!("https://{host}\n"));
    release.assert_is_live(host, "5eadbea70001");
    let job = ["amplify", "list-jobs", "--app-id", &release.app_id, "--branch-name", "dev"];
    let jobs = release.emulator.json(&job);
    assert_eq!(jobs["jobSummaries"].as_array().map(Vec::len), Some(2), "nothing was deployed to Amplify Hosting");

    let script = asset(release, host);
    for (path, expected) in [
        ("", "cache-control: no-cache\r\n"),
        ("release.json", "content-type: application/json\r\n"),
        (&script, "cache-control: public, max-age=31536000, immutable\r\n"),
        (&script, "content-type: text/javascript"),
    ] {
        assert!(release.head(host, path, &[]).contains(expected), "{path}: {expected}");
    }
    let head = release.head(host, "", &[]);
    for expected in [
        "content-security-policy: default-src 'none'; script-src 'self';",
        "strict-transport-security: max-age=31536000\r\n",
        "x-content-type-options: nosniff\r\n",
        "x-frame-options: deny\r\n",
        "referrer-policy: strict-origin-when-cross-origin\r\n",
    ] {
        assert!(head.contains(expected), "{expected}: {head}");
    }
    let status = |path: &str, options: &[&str]| {
        release.head(host, path, options).split(' ').nth(1).and_then(|status| status.parse::<u16>().ok())
    };
    assert_eq!(status("assets/missing.js", &[]), Some(404));
    assert_eq!(status("", &["--request", "POST"]), Some(403));
    assert_eq!(status("", &["--header", "x-emulator-scheme: http"]), Some(301));
    assert_eq!(status("api/rooms", &["--header", "x-emulator-scheme: http"]), Some(403));
    let booking = json!({"room": "1", "email": "ada@example.com", "start": "2030-01-08T09:00:00Z", "end": "2030-01-08T10:00:00Z"});
    assert_eq!(release.json(host, "api/bookings", Some(&booking)).0, "201");
    release.book_in_a_browser(host);

    let certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1";
    let domain = format!("  dev: {{ name: 'rooms.example.com', certificate: '{certificate}' }},\n  // prod:");
    release.clone.edit("amplify/hosting.ts", "  // prod:", &domain);
    release.clone.edit("frontend/index.html", "<title>The second", "<title>The third");
    release.clone.commit("the third release");
    let result = release.publish("5eadbea70001");
    assert_eq!(result.code, Some(0), "{}", result.text);
    release.assert_is_live(host, "5eadbea70001");
    release.assert_is_live("rooms.example.com", "5eadbea70001");
    assert_eq!(status(&script, &[]), Some(200), "what an open page may still load stays");
    assert_eq!(release.emulator.unsupported(), [""; 0], "not supported by the emulator");
}

/// The path of the script that the page loads.
fn asset(release: &Release, host: &str) -> String {
    let page = String::from_utf8(release.request(host, "", None).1).expect("it is text");
    let (_, rest) = page.split_once("src=\"./").expect("there is a script");
    rest.split('"').next().expect("it ends").to_owned()
}
