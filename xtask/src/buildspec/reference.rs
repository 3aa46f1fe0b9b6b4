//! CodeBuild's reference of buildspecs, as data.
//!
//! Sources: "Build specification reference for CodeBuild" and "Batch build buildspec reference" of the AWS CodeBuild User
//! Guide (<https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html>), read in November 2026. Where the
//! buildspecs of AWS's public samples use more than the reference lists, that is accepted too.

/// The kind of a value.
pub(super) enum Kind {
    /// Text, a number or a flag, all of which CodeBuild reads as text.
    Text,
    /// `yes`, `no`, `true` or `false`.
    Flag,
    OneOf(&'static [&'static str]),
    /// The same in upper or lower case.
    AnyCaseOf(&'static [&'static str]),
    /// A number from 1.
    Count,
    /// A text, or a list of texts.
    Paths,
    List(&'static Kind),
    /// A map with any keys and values of one kind.
    Map(&'static Kind),
    /// A map with variable names as keys and values of one kind.
    Variables(&'static Kind),
    /// A map with only these keys.
    Keys(&'static [Key]),
    /// `secret-id:json-key:version-stage:version-id`.
    Secret,
    /// `ABORT`, `CONTINUE`, `RETRY`, `RETRY-count`, `RETRY-regex`, `RETRY-count-regex`.
    OnFailure,
    /// Runtimes of the image, with versions.
    Runtimes,
    /// A command. One without text does nothing.
    Command,
}

pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) is_required: bool,
}

const fn may(name: &'static str, kind: Kind) -> Key {
    Key { name, kind, is_required: false }
}

const fn must(name: &'static str, kind: Kind) -> Key {
    Key { name, kind, is_required: true }
}

const TEXTS: Kind = Kind::List(&Kind::Text);
const COMMANDS: Kind = Kind::List(&Kind::Command);

const PHASE: Kind = Kind::Keys(&[
    may("run-as", Kind::Text),
    may("on-failure", Kind::OnFailure),
    must("commands", COMMANDS),
    may("finally", COMMANDS),
]);

/// Commands are optional if there are runtimes.
const INSTALL: Kind = Kind::Keys(&[
    may("run-as", Kind::Text),
    may("on-failure", Kind::OnFailure),
    may("runtime-versions", Kind::Runtimes),
    may("commands", COMMANDS),
    may("finally", COMMANDS),
]);

const ENV: Kind = Kind::Keys(&[
    may("shell", Kind::OneOf(&["bash", "/bin/sh", "powershell.exe", "cmd.exe"])),
    may("variables", Kind::Variables(&Kind::Text)),
    may("parameter-store", Kind::Variables(&Kind::Text)),
    may("exported-variables", TEXTS),
    may("secrets-manager", Kind::Variables(&Kind::Secret)),
    may("git-credential-helper", Kind::Flag),
]);

const FORMATS: Kind = Kind::AnyCaseOf(&[
    "CUCUMBERJSON",
    "JUNITXML",
    "NUNITXML",
    "NUNIT3XML",
    "TESTNGXML",
    "VISUALSTUDIOTRX",
    "CLOVERXML",
    "COBERTURAXML",
    "JACOCOXML",
    "SIMPLECOV",
]);

const REPORT: Kind = Kind::Keys(&[
    must("files", Kind::Paths),
    may("base-directory", Kind::Text),
    may("discard-paths", Kind::Flag),
    may("file-format", FORMATS),
]);

const ARTIFACT: Kind = Kind::Keys(&[
    must("files", Kind::Paths),
    may("name", Kind::Text),
    may("discard-paths", Kind::Flag),
    may("base-directory", Kind::Text),
    may("exclude-paths", Kind::Paths),
    may("enable-symlinks", Kind::Flag),
    may("s3-prefix", Kind::Text),
    may("type", Kind::Text),
]);

/// Files are optional if there are secondary artifacts.
const ARTIFACTS: Kind = Kind::Keys(&[
    may("files", Kind::Paths),
    may("name", Kind::Text),
    may("discard-paths", Kind::Flag),
    may("base-directory", Kind::Text),
    may("exclude-paths", Kind::Paths),
    may("enable-symlinks", Kind::Flag),
    may("s3-prefix", Kind::Text),
    // Of version 0.1; later versions ignore it.
    may("type", Kind::Text),
    may("secondary-artifacts", Kind::Map(&ARTIFACT)),
]);

const CACHE: Kind = Kind::Keys(&[
    must("paths", Kind::Paths),
    may("key", Kind::Text),
    may("fallback-keys", TEXTS),
    may("action", Kind::OneOf(&["restore", "save"])),
]);

/// The environment of builds, instead of that of the project.
const OVERRIDES: Kind = Kind::Keys(&[
    may("compute-type", Kind::Text),
    may("fleet", Kind::Text),
    may("image", Kind::Text),
    may("privileged-mode", Kind::Flag),
    may("type", Kind::Text),
    may("variables", Kind::Variables(&Kind::Text)),
]);

/// The settings that all builds of a matrix share, and the lists that the builds combine.
const MATRIX: Kind = Kind::Keys(&[
    may(
        "static",
        Kind::Keys(&[may("ignore-failure", Kind::Flag), may("debug-session", Kind::Flag), may("env", OVERRIDES)]),
    ),
    must(
        "dynamic",
        Kind::Keys(&[
            may("buildspec", TEXTS),
            may(
                "env",
                Kind::Keys(&[
                    may("compute-type", TEXTS),
                    may("fleet", TEXTS),
                    may("image", TEXTS),
                    may("type", TEXTS),
                    may("variables", Kind::Variables(&TEXTS)),
                ]),
            ),
        ]),
    ),
]);

const BUILD_OF_LIST: Kind = Kind::Keys(&[
    must("identifier", Kind::Text),
    may("buildspec", Kind::Text),
    may("debug-session", Kind::Flag),
    may("env", OVERRIDES),
    may("ignore-failure", Kind::Flag),
]);

const BUILD_OF_GRAPH: Kind = Kind::Keys(&[
    must("identifier", Kind::Text),
    may("buildspec", Kind::Text),
    may("debug-session", Kind::Flag),
    may("depend-on", TEXTS),
    may("env", OVERRIDES),
    may("ignore-failure", Kind::Flag),
]);

const BATCH: Kind = Kind::Keys(&[
    may("fast-fail", Kind::Flag),
    may("build-list", Kind::List(&BUILD_OF_LIST)),
    may("build-matrix", MATRIX),
    may("build-graph", Kind::List(&BUILD_OF_GRAPH)),
    may("build-fanout", Kind::Keys(&[must("parallelism", Kind::Count), may("ignore-failure", Kind::Flag)])),
]);

/// The whole file. Phases are optional if there is a batch, whose builds may have files of their own.
pub(super) const BUILDSPEC: Kind = Kind::Keys(&[
    must("version", Kind::OneOf(&["0.1", "0.2"])),
    may("run-as", Kind::Text),
    may("env", ENV),
    // `env` in version 0.1.
    may(
        "environment_variables",
        Kind::Keys(&[
            may("plaintext", Kind::Variables(&Kind::Text)),
            may("parameter-store", Kind::Variables(&Kind::Text)),
        ]),
    ),
    may("proxy", Kind::Keys(&[may("upload-artifacts", Kind::Flag), may("logs", Kind::Flag)])),
    may("batch", BATCH),
    may(
        "phases",
        Kind::Keys(&[may("install", INSTALL), may("pre_build", PHASE), may("build", PHASE), may("post_build", PHASE)]),
    ),
    may("reports", Kind::Map(&REPORT)),
    may("artifacts", ARTIFACTS),
    may("cache", CACHE),
]);

/// The phases with commands, in order.
pub(super) const PHASES: [&str; 4] = ["install", "pre_build", "build", "post_build"];
