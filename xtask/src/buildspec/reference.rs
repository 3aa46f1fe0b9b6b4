//! CodeBuild's reference of buildspecs, as data.
//!
//! Sources: "Build specification reference for CodeBuild" and "Batch build buildspec reference" of the AWS CodeBuild User
//! Guide (<https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html>), and `runtimes.yml` of the image
//! (<https://github.com/aws/aws-codebuild-docker-images>), read in November 2026.

/// The kind of a value.
pub(super) enum Kind {
    /// Text, a number or a flag, all of which CodeBuild reads as text.
    Text,
    /// `yes`, `no`, `true` or `false`.
    Flag,
    OneOf(&'static [&'static str]),
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
    /// A command.
    Command,
    /// Not checked.
    Anything,
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

const FORMATS: Kind = Kind::OneOf(&[
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
    must("files", TEXTS),
    may("base-directory", Kind::Text),
    may("discard-paths", Kind::Flag),
    may("file-format", FORMATS),
]);

const ARTIFACT: [Key; 7] = [
    must("files", TEXTS),
    may("name", Kind::Text),
    may("discard-paths", Kind::Flag),
    may("base-directory", Kind::Text),
    may("exclude-paths", Kind::Anything),
    may("enable-symlinks", Kind::Flag),
    may("s3-prefix", Kind::Text),
];

const ARTIFACTS: Kind = {
    const KEYS: [Key; 8] = {
        let [files, name, discard, base, exclude, symlinks, prefix] = ARTIFACT;
        let secondary = may("secondary-artifacts", Kind::Map(&Kind::Keys(&ARTIFACT)));
        [files, name, discard, base, exclude, symlinks, prefix, secondary]
    };
    Kind::Keys(&KEYS)
};

const CACHE: Kind = Kind::Keys(&[
    must("paths", TEXTS),
    may("key", Kind::Text),
    may("fallback-keys", TEXTS),
    may("action", Kind::OneOf(&["restore", "save"])),
]);

/// The settings that all builds of a matrix share, and the lists that the builds combine.
const MATRIX: Kind = Kind::Keys(&[
    may(
        "static",
        Kind::Keys(&[
            may("ignore-failure", Kind::Flag),
            may("debug-session", Kind::Flag),
            may(
                "env",
                Kind::Keys(&[
                    may("compute-type", Kind::Text),
                    may("fleet", Kind::Text),
                    may("image", Kind::Text),
                    may("privileged-mode", Kind::Flag),
                    may("type", Kind::Text),
                    may("variables", Kind::Variables(&Kind::Text)),
                ]),
            ),
        ]),
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

const BATCH: Kind = Kind::Keys(&[
    may("fast-fail", Kind::Flag),
    may("build-list", Kind::Anything),
    may("build-matrix", MATRIX),
    may("build-graph", Kind::Anything),
    may("build-fanout", Kind::Anything),
]);

/// The whole file.
pub(super) const BUILDSPEC: Kind = Kind::Keys(&[
    must("version", Kind::OneOf(&["0.2"])),
    may("run-as", Kind::Text),
    may("env", ENV),
    may("proxy", Kind::Keys(&[may("upload-artifacts", Kind::Flag), may("logs", Kind::Flag)])),
    may("batch", BATCH),
    must(
        "phases",
        Kind::Keys(&[may("install", INSTALL), may("pre_build", PHASE), may("build", PHASE), may("post_build", PHASE)]),
    ),
    may("reports", Kind::Map(&REPORT)),
    may("artifacts", ARTIFACTS),
    may("cache", CACHE),
]);

/// The phases with commands, in order.
pub(super) const PHASES: [&str; 4] = ["install", "pre_build", "build", "post_build"];

/// The runtimes of the image (`IMAGE` below), with the installed versions.
pub(super) const RUNTIMES: [(&str, &[&str]); 8] = [
    ("dotnet", &["8.0", "10.0"]),
    ("golang", &["1.24", "1.25", "1.26"]),
    ("java", &["corretto8", "corretto11", "corretto17", "corretto21", "corretto25"]),
    ("nodejs", &["22", "24"]),
    ("php", &["8.2", "8.3", "8.4", "8.5"]),
    ("python", &["3.10", "3.11", "3.12", "3.13", "3.14"]),
    ("ruby", &["3.3", "3.4", "4.0"]),
    ("rust", &["1.93"]),
];

#[cfg(test)]
mod tests {
    /// The image whose `runtimes.yml` lists the runtimes above.
    const IMAGE: &str = "aws/codebuild/amazonlinux-x86_64-standard:6.0";

    #[test]
    fn the_pipeline_uses_this_image() {
        let pipeline = include_str!("../../../infra/src/pipeline.ts");
        assert!(pipeline.contains(&format!("'{IMAGE}'")), "the runtimes above are those of {IMAGE}");
    }
}
