//! Tests the emulator for hosting by CloudFront: it must serve distributions as CloudFront does, with a cache and with
//! buckets whose policies are enforced.

use std::fs;
use std::path::{Path, PathBuf};

use super::gen2_emulator::{Answer, change, file, get, reasons, request};
use crate::support::emulator::Emulator;
use crate::support::scratch;
use crate::support::wait::wait_until;
use serde_json::Value;

/// A stack with a bucket, a distribution and a function.
struct Site {
    emulator: Emulator,
    folder: PathBuf,
    host: String,
    distribution: String,
}

/// The template, with the function of another one.
fn template() -> String {
    let parse = |name: &str| serde_json::from_str::<Value>(&file(name)).expect("it is JSON");
    let (mut template, function) = (parse("distribution.json"), parse("function.json"));
    template["Parameters"] = function["Parameters"].clone();
    for (name, resource) in function["Resources"].as_object().expect("there are resources") {
        template["Resources"][name] = resource.clone();
    }
    template.to_string()
}

fn parameters(code: &str) -> [(&str, &str); 2] {
    [("Code", code), ("Setting", "first")]
}

fn output<'a>(stack: &'a Value, name: &str) -> &'a str {
    let outputs = stack["Outputs"].as_array().expect("there are outputs");
    let found = outputs.iter().find(|output| output["OutputKey"] == name).expect("there is this one");
    found["OutputValue"].as_str().expect("it is text")
}

impl Site {
    fn new(name: &str) -> Self {
        let folder = scratch(name);
        let emulator = Emulator::start(&folder);
        let stack = change(&emulator, "create", &template(), &parameters(&file("counter.js")));
        assert_eq!(stack["StackStatus"], "CREATE_COMPLETE", "{}", reasons(&emulator));
        let (host, distribution) = (output(&stack, "Domain").to_owned(), output(&stack, "Distribution").to_owned());
        Self { emulator, folder, host, distribution }
    }

    /// Updates the stack with a part of the template replaced, and returns the status that it gets.
    fn change(&self, from: &str, to: &str) -> Value {
        let (template, code) = (template(), file("counter.js"));
        assert!(template.contains(from), "{from} is not in the template");
        let stack = change(&self.emulator, "update", &template.replace(from, to), &parameters(&code));
        stack["StackStatus"].clone()
    }

    fn put(&self, key: &str, text: &str, cache_control: &str) {
        let path = self.folder.join(Path::new(key).file_name().expect("it has a name"));
        fs::write(&path, text).expect("can write the file");
        let (path, target) = (path.display().to_string(), format!("s3://the-page/{key}"));
        self.emulator.aws(&["s3", "cp", &path, &target, "--cache-control", cache_control]);
    }

    fn get(&self, path: &str) -> Answer {
        get(&self.emulator, &self.host, path)
    }

    fn status(&self, path: &str) -> u16 {
        self.get(path).status
    }

    fn send(&self, first_line: &str, headers: &str, body: &[u8]) -> Answer {
        request(&self.emulator, &self.host, first_line, headers, body)
    }
}

#[test]
fn a_distribution_serves_a_private_bucket_and_a_function() {
    let site = Site::new("cloudfront-serving");
    site.put("index.html", "<p>first</p>", "no-cache");
    site.put("assets/app.js", &"x".repeat(2000), "public, max-age=31536000, immutable");

    let answer = site.get("/");
    assert_eq!((answer.status, answer.body.as_str()), (200, "<p>first</p>"));
    let head = answer.head.to_lowercase();
    for expected in [
        "content-type: text/html",
        "cache-control: no-cache",
        "content-security-policy: default-src 'self'",
        "strict-transport-security: max-age=31536000\r\n",
        "x-content-type-options: nosniff",
        "x-frame-options: deny",
        "referrer-policy: no-referrer",
        "x-cache: miss from cloudfront",
    ] {
        assert!(head.contains(expected), "{expected}: {head}");
    }
    let compressed = site.send("HEAD /assets/app.js", "Accept-Encoding: br, gzip\r\n", b"");
    assert!(compressed.head.contains("Content-Encoding: gzip") && compressed.body.is_empty(), "{}", compressed.head);

    // Methods and protocols.
    assert_eq!(site.send("POST /", "", b"").status, 403);
    let redirected = site.send("GET /?a=1", "X-Emulator-Scheme: http\r\n", b"");
    let target = format!("Location: https://{}/?a=1\r\n", site.host);
    assert!(redirected.status == 301 && redirected.head.contains(&target), "{}", redirected.head);
    assert_eq!(site.send("POST /api/x", "X-Emulator-Scheme: http\r\n", b"").status, 403);

    // The function.
    let json = "Content-Type: application/json\r\n";
    let answer = site.send("POST /api/bookings?b=%20c", json, b"{}");
    let found = answer.json();
    assert_eq!((answer.status, &found["method"], &found["rawQueryString"]), (201, &"POST".into(), &"b=%20c".into()));
    assert!(answer.head.contains("X-Content-Type-Options: nosniff"), "{}", answer.head);
    let all_viewer = "216adef6-5c7f-47e4-b989-5492eafa07d3";
    assert_eq!(site.change("b689b0a8-53d0-40ab-baf2-68738e2966ac", all_viewer), "UPDATE_COMPLETE");
    assert_eq!(site.send("POST /api/bookings", json, b"{}").status, 403, "the function has another name");

    // Missing files, with and without the right to list; and without a signature, nothing can be read.
    assert_eq!(site.change("", ""), "UPDATE_COMPLETE");
    assert_eq!((site.status("/assets/old.js"), site.status("/assets/")), (404, 404));
    assert_eq!(site.change("\"s3:ListBucket\"", "\"s3:GetBucketLocation\""), "UPDATE_COMPLETE");
    assert_eq!((site.status("/assets/old.js"), site.status("/")), (403, 200));
    assert_eq!(site.change("distribution/${Distribution}", "distribution/another"), "UPDATE_COMPLETE");
    assert_eq!(site.status("/release.json"), 403);
    let signature = r#""OriginAccessControlId":{"Fn::GetAtt":["Access","Id"]},"#;
    assert_eq!(site.change(signature, ""), "UPDATE_COMPLETE");
    assert_eq!(site.status("/release.json"), 403);
    assert_eq!(site.emulator.unsupported(), [""; 0], "not supported by the emulator");

    // A bucket with a page remains.
    site.emulator.aws(&["cloudformation", "delete-stack", "--stack-name", "it"]);
    assert_eq!(site.status("/"), 403);
    site.emulator.aws(&["s3api", "head-object", "--bucket", "the-page", "--key", "index.html"]);
}

#[test]
fn what_is_cached_stays_until_it_is_invalidated() {
    let site = Site::new("cloudfront-cache");
    let versions = |text: &str| {
        site.put("index.html", text, "no-cache");
        site.put("kept.html", text, "max-age=3600");
    };
    let bodies = || ["/index.html", "/kept.html"].map(|path| site.get(path).body);
    versions("first");
    assert_eq!(bodies(), ["first", "first"]);
    versions("second");
    assert_eq!(bodies(), ["second", "first"]);
    let past = site.send("GET /kept.html", "Cache-Control: no-cache\r\n", b"");
    assert_eq!(past.body, "first", "a visitor cannot get past the cache");
    assert!(past.head.contains("X-Cache: Hit from cloudfront"), "{}", past.head);

    let cloudfront = |action: &str, more: &[&str]| {
        let distribution = ["--distribution-id", &site.distribution];
        site.emulator.json(&[&["cloudfront", action][..], &distribution, more].concat())["Invalidation"].clone()
    };
    let made = cloudfront("create-invalidation", &["--paths", "/index.html", "/kept*"]);
    let id = made["Id"].as_str().expect("there is an id");
    assert_eq!(made["Status"], "InProgress");
    wait_until("the invalidation ends", || cloudfront("get-invalidation", &["--id", id])["Status"] == "Completed");
    assert_eq!(bodies(), ["second", "second"]);

    // An error is kept for as long as the distribution says.
    assert_eq!(site.status("/late.js"), 404);
    site.put("late.js", "late", "no-cache");
    assert_eq!(site.status("/late.js"), 200);
    let kept = (r#""ErrorCachingMinTTL":0,"ErrorCode":404"#, r#""ErrorCachingMinTTL":3600,"ErrorCode":404"#);
    assert_eq!(site.change(kept.0, kept.1), "UPDATE_COMPLETE");
    assert_eq!(site.status("/later.js"), 404);
    site.put("later.js", "later", "no-cache");
    assert_eq!(site.status("/later.js"), 404);
    assert_eq!(site.emulator.unsupported(), [""; 0], "not supported by the emulator");
}

#[test]
fn what_cloudfront_refuses_is_refused() {
    let site = Site::new("cloudfront-refusals");
    let enabled = r#""Enabled":true"#;
    let refused = [
        (enabled, r#""Enabled":true,"Aliases":["www.example.com"]"#, "you must attach a trusted certificate"),
        (
            enabled,
            r#""Enabled":true,"ViewerCertificate":{"AcmCertificateArn":"arn:aws:acm:eu-west-1:1:certificate/1"}"#,
            "isn't in us-east-1",
        ),
        (r#"["GET","HEAD"]"#, r#"["GET","HEAD","POST"]"#, "not allowed together"),
        (r#"{"Ref":"Cache"}"#, r#""unknown""#, "CachePolicyId does not exist"),
        (r#"["Log","RegionalDomainName"]"#, r#"["Page","RegionalDomainName"]"#, "does not enable ACL access"),
    ];
    for (from, to, reason) in refused {
        assert_eq!(site.change(from, to), "UPDATE_ROLLBACK_COMPLETE", "{to}");
        assert!(reasons(&site.emulator).contains(reason), "{reason}: {}", reasons(&site.emulator));
    }
    assert_eq!(site.emulator.unsupported(), [""; 0], "not supported by the emulator");
    let certificate = r#""Enabled":true,"Aliases":["www.example.com"],"ViewerCertificate":{"AcmCertificateArn":"arn:aws:acm:us-east-1:1:certificate/1"}"#;
    assert_eq!(site.change(enabled, certificate), "UPDATE_COMPLETE");
    assert_eq!(get(&site.emulator, "www.example.com", "/nothing").status, 404);
    assert_eq!(site.change(enabled, r#""Enabled":true,"WebACLId":"a""#), "UPDATE_COMPLETE");
    assert_eq!(site.emulator.unsupported(), ["\"WebACLId of AWS::CloudFront::Distribution\""]);
}
