//! Where users get the page, and how messages describe what serves it.

/// The address of the page.
pub(super) struct Address {
    /// `BRANCH.APP.amplifyapp.com`, or the domain of a distribution.
    pub(super) host: String,
    pub(super) has_basic_auth: bool,
    pub(super) words: &'static Words,
}

impl Address {
    pub(super) fn url(&self) -> String {
        format!("https://{}", self.host)
    }
}

/// The parts of messages that depend on what serves the page.
pub(super) struct Words {
    /// The step before the page was requested.
    pub(super) published: &'static str,
    /// The hint if `index.html` is served for another file.
    pub(super) rewritten: &'static str,
    /// The hint if another release is served.
    pub(super) another: &'static str,
    /// The meaning of AccessDenied, and the hint.
    pub(super) denied: (&'static str, &'static str),
    /// The hint for any other status.
    pub(super) status: &'static str,
    /// The meaning of a response from the API that is not JSON, and the hint.
    pub(super) no_api: (&'static str, &'static str),
    /// Why status 401 is unexpected without a password.
    pub(super) unauthorized: &'static str,
}

pub(super) const AMPLIFY_HOSTING: Words = Words {
    published: "the job succeeded",
    rewritten: "the job succeeded without this file; see the app's custom rules, and publish again",
    another: "another release may have been published at the same time: `aws amplify list-jobs` shows it; publish again",
    denied: (
        "AccessDenied: the file is missing, as if the zip file held the folder instead of its contents",
        "the job succeeded without this file; publish again, and check whether someone deploys by hand",
    ),
    status: "see the app's custom rules, and publish again",
    no_api: (
        "no JSON: the rewrite to the API does not apply",
        "see the app's custom rules: an earlier one may match `/api` too",
    ),
    unauthorized: "although the branch has no basic authentication",
};

pub(super) const CLOUDFRONT: Words = Words {
    published: "the cache was invalidated",
    rewritten: "the page is uploaded; remove the error response or function that hides missing files from the distribution (`amplify/hosting.ts`), and publish again",
    another: "another release may have been published at the same time, or the distribution ignores `Cache-Control`; publish again",
    denied: (
        "AccessDenied: CloudFront may not read the bucket",
        "the page is uploaded; see the bucket's policy (`amplify/hosting.ts`), and publish again",
    ),
    status: "the page is uploaded; see the distribution (`amplify/hosting.ts`), and publish again",
    no_api: (
        "no JSON: the request did not reach the API",
        "the backend and the page are deployed; see the behavior `/api/*` of the distribution (`amplify/hosting.ts`)",
    ),
    unauthorized: "although the distribution asks for no password",
};
