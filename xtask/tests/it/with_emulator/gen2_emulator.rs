//! Tests the emulator for Amplify Gen 2: it must roll back entire stacks, run functions and custom resources, and serve
//! pages as AWS does. The templates and functions are in `tests/gen2`.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::emulator::Emulator;
use crate::support::{root, scratch};
use serde_json::{Value, json};

pub(super) fn file(name: &str) -> String {
    fs::read_to_string(root().join("xtask/tests/gen2").join(name)).expect("can read the file")
}

/// An answer to a request over HTTP.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Sends a request to the emulator for a host that it serves.
pub(super) fn request(emulator: &Emulator, host: &str, first_line: &str, headers: &str, body: &[u8]) -> Answer {
    let address = emulator.url.strip_prefix("http://").expect("it is an address");
    let mut stream = TcpStream::connect(address).expect("can connect");
    let length = body.len();
    let head = format!(
        "{first_line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).expect("can send the request");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("can read the answer");
    let (head, body) = text.split_once("\r\n\r\n").expect("it has a head");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("it has a status");
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

pub(super) fn get(emulator: &Emulator, host: &str, path: &str) -> Answer {
    request(emulator, host, &format!("GET {path}"), "", b"")
}

/// Creates or updates a stack, and returns its description.
pub(super) fn change(emulator: &Emulator, verb: &str, template: &str, parameters: &[(&str, &str)]) -> Value {
    let given: Vec<Value> =
        parameters.iter().map(|(key, value)| json!({"ParameterKey": key, "ParameterValue": value})).collect();
    let given = Value::from(given).to_string();
    let action = format!("{verb}-stack");
    let stack = ["--stack-name", "it", "--template-body", template, "--parameters", &given];
    emulator.aws(&[&["cloudformation", &action][..], &stack].concat());
    emulator.json(&["cloudformation", "describe-stacks", "--stack-name", "it"])["Stacks"][0].clone()
}

/// The SSM parameters as `name=value`.
fn stored(emulator: &Emulator) -> Vec<String> {
    let found = emulator.json(&["ssm", "get-parameters-by-path", "--path", "/", "--recursive"]);
    let part = |parameter: &Value, key: &str| parameter[key].as_str().unwrap_or_default().to_owned();
    let text = |parameter: &Value| format!("{}={}", part(parameter, "Name"), part(parameter, "Value"));
    let mut all: Vec<String> = found["Parameters"].as_array().into_iter().flatten().map(text).collect();
    all.sort();
    all
}

fn stacks(emulator: &Emulator) -> usize {
    let found = emulator.json(&["cloudformation", "describe-stacks"]);
    found["Stacks"].as_array().map_or(0, Vec::len)
}

/// The reasons in the events of a stack.
pub(super) fn reasons(emulator: &Emulator) -> String {
    emulator.json(&["cloudformation", "describe-stack-events", "--stack-name", "it"]).to_string()
}

#[test]
fn stacks_and_those_nested_in_them_change_whole_or_not_at_all() {
    let folder = scratch("gen2-stacks");
    let emulator = Emulator::start(&folder);
    let log = folder.join("requests");
    let path = log.display().to_string();
    let requests = || fs::read_to_string(&log).unwrap_or_default().lines().map(str::to_owned).collect::<Vec<_>>();
    emulator.aws(&["s3", "mb", "s3://templates"]);
    let nested = root().join("xtask/tests/gen2/nested.json").display().to_string();
    emulator.aws(&["s3", "cp", &nested, "s3://templates/nested.json"]);
    let (template, code) = (file("parent.json"), file("gate.js"));
    let change = |verb: &str, value: &str, refuse: &str| {
        let parameters = [("Value", value), ("Refuse", refuse), ("Log", &path), ("Code", &code)];
        change(&emulator, verb, &template, &parameters)
    };

    // A custom resource of a nested stack fails: everything that was created is deleted again.
    let stack = change("create", "one", "Create");
    assert_eq!(stack["StackStatus"], "ROLLBACK_COMPLETE");
    assert_eq!((stored(&emulator), stacks(&emulator)), (vec![], 1));
    let text = reasons(&emulator);
    assert!(text.contains("Message returned: the gate is closed") && text.contains("Embedded stack arn:"), "{text}");
    assert_eq!(emulator.json(&["iam", "list-roles"])["Roles"], json!([]));
    emulator.aws(&["cloudformation", "delete-stack", "--stack-name", "it"]);

    // It succeeds: its data is in the outputs of the nested stack.
    let stack = change("create", "one", "no");
    assert_eq!(stack["StackStatus"], "CREATE_COMPLETE", "{}", reasons(&emulator));
    let all = ["/nested/first=one", "/parent/after=one passed", "/parent/before=one"];
    assert_eq!((stored(&emulator), stacks(&emulator)), (all.map(str::to_owned).to_vec(), 2));

    // It fails an update: the previous state is restored, for which the custom resource is also called.
    let stack = change("update", "two", "Update");
    assert_eq!(stack["StackStatus"], "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!((stored(&emulator), stacks(&emulator)), (all.map(str::to_owned).to_vec(), 2));
    assert!(stack["Parameters"].to_string().contains(r#""ParameterValue":"one""#), "{stack}");
    let stack = change("update", "three", "no");
    assert_eq!(stack["StackStatus"], "UPDATE_COMPLETE", "{}", reasons(&emulator));
    let all = ["/nested/first=three", "/parent/after=three passed", "/parent/before=three"];
    assert_eq!(stored(&emulator), all);

    emulator.aws(&["cloudformation", "delete-stack", "--stack-name", "it"]);
    assert_eq!((stored(&emulator), stacks(&emulator)), (vec![], 0));
    // A rollback also calls the custom resource that failed.
    let expected = [
        "Create one",
        "Delete one",
        "Create one",
        "Update two after one",
        "Update one after two",
        "Update three after one",
        "Delete three",
    ];
    assert_eq!(requests(), expected);
    assert_eq!(emulator.unsupported(), [""; 0], "not supported by the emulator");
}

#[test]
fn function_urls_run_the_deployed_code() {
    let folder = scratch("gen2-functions");
    let emulator = Emulator::start(&folder);
    let (template, code) = (file("function.json"), file("counter.js"));
    let stack = change(&emulator, "create", &template, &[("Code", &code), ("Setting", "first")]);
    assert_eq!(stack["StackStatus"], "CREATE_COMPLETE", "{}", reasons(&emulator));
    let url = stack["Outputs"][0]["OutputValue"].as_str().expect("there is a URL").to_owned();
    let host = url.strip_prefix("https://").and_then(|rest| rest.strip_suffix('/')).expect("it is a host");
    let count = |setting: &str| {
        let answer = get(&emulator, host, "/api/x?a=1&a=2");
        assert_eq!((answer.status, &answer.json()["setting"]), (201, &setting.into()), "{}", answer.body);
        assert!(answer.head.contains("x-version: 2.0"), "{}", answer.head);
        answer.json()["count"].clone()
    };

    // A container is kept, until the function is deployed again.
    assert_eq!([count("first"), count("first")], [1, 2]);
    let json = "Content-Type: application/json\r\n";
    let answer = request(&emulator, host, "POST /api/bookings?b=%20c", json, b"{\"a\":\"\xc3\xa9\"}").json();
    let expected = json!({"count": 3, "method": "POST", "rawPath": "/api/bookings", "rawQueryString": "b=%20c",
        "body": "{\"a\":\"é\"}", "setting": "first"});
    assert_eq!(answer, expected);
    change(&emulator, "update", &template, &[("Code", &code), ("Setting", "second")]);
    assert_eq!(count("second"), 1);

    // Errors and timeouts reveal nothing about the function.
    for path in ["/api/throw", "/api/sleep"] {
        let answer = get(&emulator, host, path);
        assert_eq!((answer.status, answer.body.as_str()), (502, "Internal Server Error"));
    }
    let closed = template.replace("lambda:InvokeFunctionUrl", "lambda:GetFunction");
    change(&emulator, "update", &closed, &[("Code", &code), ("Setting", "second")]);
    assert_eq!(get(&emulator, host, "/api/x").status, 403);
    assert_eq!(emulator.unsupported(), [""; 0], "not supported by the emulator");
}

/// An archive of these files.
fn archive(emulator: &Emulator, folder: &Path, files: &[(&str, &str)]) -> Vec<u8> {
    let _ = fs::remove_file(folder.join("site.zip"));
    let mut names = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("can create the folder");
        fs::write(path, text).expect("can write the file");
        names.push(name.split('/').next().unwrap_or_default());
    }
    let mut python = Command::new(emulator.environment.join("python"));
    let zip = python.args(["-m", "zipfile", "-c", "site.zip"]).args(names).current_dir(folder).status();
    assert!(zip.expect("Python runs").success());
    fs::read(folder.join("site.zip")).expect("can read the archive")
}

/// A branch of an app, as its page's host.
struct Branch<'a> {
    emulator: &'a Emulator,
    app_id: String,
}

impl Branch<'_> {
    fn host(&self) -> String {
        format!("dev.{}.amplifyapp.com", self.app_id)
    }

    fn amplify(&self, action: &str, more: &[&str]) -> Value {
        let branch = ["--app-id", &self.app_id, "--branch-name", "dev"];
        self.emulator.json(&[&["amplify", action][..], &branch, more].concat())
    }

    /// Uploads an archive, and starts its job.
    fn start(&self, archive: &[u8]) -> String {
        let made = self.amplify("create-deployment", &[]);
        let upload = made["zipUploadUrl"].as_str().expect("there is an address").to_owned();
        let path = upload.strip_prefix(&self.emulator.url).expect("it is the emulator's");
        let answer = request(self.emulator, "127.0.0.1:1", &format!("PUT {path}"), "", archive);
        assert_eq!(answer.status, 200, "{}", answer.body);
        let job = made["jobId"].as_str().expect("there is an id").to_owned();
        assert_eq!(self.amplify("start-deployment", &["--job-id", &job])["jobSummary"]["status"], "RUNNING");
        job
    }

    /// The final status of a job.
    fn outcome(&self, job: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let found = self.amplify("get-job", &["--job-id", job])["job"]["summary"]["status"].clone();
            let status = found.as_str().expect("there is a status");
            if !["PENDING", "RUNNING"].contains(&status) {
                return status.to_owned();
            }
            assert!(Instant::now() < deadline, "the job {job} does not end");
        }
    }
}

#[test]
fn deployments_are_served_as_amplify_hosting_does() {
    let folder = scratch("gen2-hosting");
    let emulator = Emulator::start(&folder);
    let (template, code) = (file("function.json"), file("counter.js"));
    let stack = change(&emulator, "create", &template, &[("Code", &code), ("Setting", "first")]);
    let url = stack["Outputs"][0]["OutputValue"].as_str().expect("there is a URL").to_owned();
    let app = emulator.json(&["amplify", "create-app", "--name", "site"])["app"]["appId"].clone();
    let branch = Branch { emulator: &emulator, app_id: app.as_str().expect("there is an id").to_owned() };
    branch.amplify("create-branch", &["--no-enable-auto-build"]);
    let host = branch.host();

    // The folder was zipped instead of its contents: the job succeeds, and the page is denied.
    let job = branch.start(&archive(&emulator, &folder, &[("dist/index.html", "first")]));
    assert_eq!(branch.outcome(&job), "SUCCEED");
    let answer = get(&emulator, &host, "/");
    assert!(answer.status == 403 && answer.body.contains("AccessDenied"), "{}", answer.body);
    // A file that is not an archive.
    assert_eq!(branch.outcome(&branch.start(b"no archive")), "FAILED");

    let job = branch.start(&archive(&emulator, &folder, &[("index.html", "second"), ("release.json", "{}")]));
    assert_eq!(branch.outcome(&job), "SUCCEED");
    assert_eq!(get(&emulator, &host, "/").body, "second");
    assert_eq!(get(&emulator, &host, "/rooms").status, 404);
    // A page for each address, and the function at the page's own origin.
    let rules = json!([
        {"source": "/api/<*>", "target": format!("{url}api/<*>"), "status": "200"},
        {"source": "/<*>", "target": "/index.html", "status": "404-200"},
    ]);
    emulator.aws(&["amplify", "update-app", "--app-id", &branch.app_id, "--custom-rules", &rules.to_string()]);
    let answer = get(&emulator, &host, "/rooms");
    assert_eq!((answer.status, answer.body.as_str()), (200, "second"));
    assert_eq!(get(&emulator, &host, "/release.json").body, "{}");
    let answer = get(&emulator, &host, "/api/rooms?a=1").json();
    assert_eq!((&answer["rawPath"], &answer["rawQueryString"]), (&"/api/rooms".into(), &"a=1".into()));

    // A job that is never started blocks the next one, until it is stopped.
    let stuck = branch.amplify("create-deployment", &[])["jobId"].as_str().expect("there is an id").to_owned();
    let mut aws = Command::new(emulator.programs.join("aws"));
    emulator.prepare(&mut aws);
    aws.env("AWS_ACCESS_KEY_ID", "AKIATHETEST").env("AWS_SECRET_ACCESS_KEY", "unused");
    let create = ["amplify", "create-deployment", "--app-id", &branch.app_id, "--branch-name", "dev"];
    let refused = aws.args(create).output().expect("aws runs");
    let text = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && text.contains("already has pending or running jobs"), "{text}");
    assert_eq!(branch.amplify("stop-job", &["--job-id", &stuck])["jobSummary"]["status"], "CANCELLED");
    let jobs = branch.amplify("list-jobs", &[])["jobSummaries"].clone();
    let listed: Vec<&Value> = jobs.as_array().into_iter().flatten().map(|job| &job["status"]).collect();
    assert_eq!(listed, ["CANCELLED", "SUCCEED", "FAILED", "SUCCEED"]);

    // ada:secret
    branch.amplify("update-branch", &["--enable-basic-auth", "--basic-auth-credentials", "YWRhOnNlY3JldA=="]);
    assert_eq!(get(&emulator, &host, "/").status, 401);
    let answer = request(&emulator, &host, "GET /", "Authorization: Basic YWRhOnNlY3JldA==\r\n", b"");
    assert_eq!((answer.status, answer.body.as_str()), (200, "second"));
    branch.amplify("delete-branch", &[]);
    assert_eq!(get(&emulator, &host, "/").status, 404);
    assert_eq!(emulator.unsupported(), [""; 0], "not supported by the emulator");
}
