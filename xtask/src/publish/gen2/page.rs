//! Verifies that users get this release, by requesting the page and the API from the page's address.

use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::address::{Address, Words};
use super::http::{self, Login, Response};
use crate::clock;
use crate::frontend;
use crate::publish::poll::{Answer, poll};
use crate::publish::publication::Publication;
use crate::report::{Failure, duration, heads_text};

const INDEX: &str = "index.html";

/// The files that determine which release users see.
pub(super) const COMPARED: [&str; 2] = ["release.json", INDEX];

/// The path of the API's health check.
pub(super) const HEALTH: &str = "api/health";

/// An asset that no release has: its name has no hash.
pub(super) const MISSING: &str = "assets/missing.js";

/// How long the previous release may still be served after the publication.
const LAG: Duration = Duration::from_secs(180);

/// The variables with the name and the password of a branch with basic authentication.
const LOGIN: [&str; 2] = ["AMPLIFY_BASIC_AUTH_USER", "AMPLIFY_BASIC_AUTH_PASSWORD"];

/// A problem with a response, and what to do if it persists.
struct Problem {
    what: String,
    hint: &'static str,
}

/// The page at its address.
pub(super) struct Page<'a> {
    publication: &'a Publication<'a>,
    address: &'a Address,
    login: Option<Login>,
}

impl<'a> Page<'a> {
    /// `None` if the page requires a password, and none is configured.
    pub(super) fn open(publication: &'a Publication<'a>, address: &'a Address) -> Option<Self> {
        let [user, password] = LOGIN.map(|name| publication.context.variable(name));
        let login = user.zip(password).map(|(user, password)| Login { user, password });
        let login = login.filter(|_| address.has_basic_auth);
        if address.has_basic_auth && login.is_none() {
            publication.context.report.warn(format!(
                "could not verify that users get this release: the branch has basic authentication; set {} and {}",
                LOGIN[0], LOGIN[1]
            ));
            return None;
        }
        Some(Self { publication, address, login })
    }

    /// Waits until the page is the built one, byte for byte. The status proves nothing: with a rewrite, any path
    /// returns 200.
    pub(super) fn verify(&self) -> Result<()> {
        let folder = frontend::output(self.publication.context);
        let read = |name: &str| {
            let path = folder.join(name);
            regular_file::read(&path).with_context(|| format!("`{}`", path.display()))
        };
        let index = read(INDEX)?;
        for name in COMPARED {
            let built = read(name)?;
            self.wait(name, |response| difference(response, name, &built, &index, self.address.words))?;
        }
        Ok(())
    }

    /// Waits until a request for a missing file returns status 404: otherwise, a browser would interpret `index.html`
    /// as the code of an old release.
    pub(super) fn verify_missing(&self) -> Result<()> {
        self.wait(MISSING, |response| not_missing(response, self.address.words))
    }

    /// Waits until the API reports that the database is at these heads, or, if they are not known, that it is
    /// reachable.
    pub(super) fn verify_api(&self, heads: Option<&[String]>) -> Result<()> {
        self.wait(HEALTH, |response| unhealthy(response, heads, self.address.words))
    }

    /// Requests a path until the response has no problem.
    fn wait(&self, path: &str, wrong: impl Fn(&Response) -> Option<Problem>) -> Result<()> {
        let url = format!("{}/{path}", self.address.url());
        let (mut attempt, mut hint) = (0, "");
        let limit = self.publication.limit.min(LAG);
        let found = poll(&self.publication.supervisor, limit, || {
            attempt += 1;
            // A different query each time is a different page to every cache.
            let busting = format!("{path}?{}-{attempt}", clock::now());
            let problem = match http::get(self.publication.context, &self.address.host, &busting, self.login.as_ref()) {
                Ok(Response { status: 401, .. }) => return Err(self.unauthorized(&url)),
                Ok(response) => wrong(&response),
                Err(error) => Some(Problem {
                    what: format!("no answer: {error:#}"),
                    hint: "is the address reachable from here? A firewall or a proxy (HTTPS_PROXY) may be in between",
                }),
            };
            Ok(problem.map_or(Answer::Final(()), |problem| {
                hint = problem.hint;
                Answer::NotYet(format!("`{url}`: {}", problem.what))
            }))
        })?;
        found.map_err(|problem| {
            let message = format!("{problem}, {} after {}", duration(limit), self.address.words.published);
            Failure::new(message).hint(hint).into()
        })
    }

    fn unauthorized(&self, url: &str) -> anyhow::Error {
        let [user, password] = LOGIN;
        let message = match self.login {
            Some(_) => format!("`{url}`: status 401: {user} or {password} is wrong"),
            None => format!("`{url}`: status 401, {}", self.address.words.unauthorized),
        };
        Failure::new(message)
            .hint("the page is published, but could not be verified to be the one of this build")
            .into()
    }
}

/// The problem with a file of the page; `None` if it is the built one. `index` is the built `index.html`.
fn difference(response: &Response, name: &str, built: &[u8], index: &[u8], words: &Words) -> Option<Problem> {
    let text = String::from_utf8_lossy(&response.body);
    let (what, hint) = match response.status {
        200 if response.body == built => return None,
        200 if response.body == index => {
            ("the response is `index.html`: a rewrite hides the missing file".to_owned(), words.rewritten)
        }
        200 => (previous(&text, name).unwrap_or_else(|| "it is not the built file".to_owned()), words.another),
        _ if text.contains("AccessDenied") => (words.denied.0.to_owned(), words.denied.1),
        status => (format!("status {status}"), words.status),
    };
    Some(Problem { what, hint })
}

/// The problem with the response to a request for a missing file; `None` if its status is 404.
fn not_missing(response: &Response, words: &Words) -> Option<Problem> {
    let hint = match response.status {
        404 => return None,
        200 => words.rewritten,
        403 => {
            "the page is uploaded; S3 answers 403 for a missing file unless CloudFront may list the bucket (`s3:ListBucket`, in `amplify/hosting.ts`): allow it, and publish again"
        }
        _ => words.status,
    };
    Some(Problem { what: format!("status {} for a missing file instead of 404", response.status), hint })
}

/// The release that a `release.json` describes.
fn previous(text: &str, name: &str) -> Option<String> {
    let release: Value = serde_json::from_str(text).ok().filter(|_| name == "release.json")?;
    let commit = release["commit"].as_str().unwrap_or("an unknown commit");
    Some(format!("it is another release: {commit}, built at {}", release["built_at"].as_str()?))
}

/// The problem with the API; `None` if it is healthy.
fn unhealthy(response: &Response, heads: Option<&[String]>, words: &Words) -> Option<Problem> {
    let text = String::from_utf8_lossy(&response.body);
    let Ok(answer) = serde_json::from_str::<Value>(&text) else {
        return Some(Problem {
            what: format!("status {}, but {}", response.status, words.no_api.0),
            hint: words.no_api.1,
        });
    };
    if response.status != 200 || answer["status"] != "ok" {
        let detail = ["detail", "title", "message", "Message"].iter().find_map(|key| answer[key].as_str());
        return Some(Problem {
            what: format!("status {}: {}", response.status, detail.unwrap_or("the API is not healthy")),
            hint: "the backend and the page are deployed; see the log of the function",
        });
    }
    let found = answer["heads"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut found: Vec<&str> = found.collect();
    found.sort_unstable();
    let expected = heads.filter(|&heads| found != heads)?;
    let (found, expected) = (heads_text(&found), heads_text(expected));
    Some(Problem {
        what: format!("the API sees a database at {found}, but the migrated one is at {expected}"),
        hint: "the backend and the page are deployed; compare the database in the function's environment with the one that was migrated",
    })
}
