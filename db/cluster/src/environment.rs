//! The environment of other programs: only the variables that they need. A variable that is not on a list here does not
//! reach them, so secrets of any name are kept from build scripts, and from the server, where SQL can read the
//! environment.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// The environment variables that a program needs. A `*` at the end of a name matches the rest of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// PostgreSQL's programs, and what finds or stops a server.
    Server,
    /// Any program of a developer: git, docker, versions of programs.
    Tool,
    /// npm, Node.js and what they run.
    Node,
    /// cargo, compilers and what they run.
    Cargo,
    /// A project's own Python.
    Python,
    /// AWS tools that get their credentials in a file.
    Aws,
    /// The aws CLI when it finds the credentials itself.
    AwsCredentials,
}

const SERVER: &[&str] =
    &["PATH", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "LOCALE_ARCHIVE"];

const TOOL: &[&str] = &[
    // The user, the terminal, the language.
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "PWD",
    "LANG",
    "LANGUAGE",
    "LC_*",
    "TMPDIR",
    "TEMP",
    "TMP",
    "XDG_*",
    "TERM",
    "COLORTERM",
    "COLUMNS",
    "LINES",
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    // Whether this is a CI build.
    "CI",
    "CODEBUILD_BUILD_ID",
    // The network. A proxy's address may contain a password, which every program that connects through it needs.
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NIX_SSL_CERT_FILE",
    "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    // git and docker.
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_EXEC_PATH",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSL_*",
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "DOCKER_CONFIG",
    "DOCKER_TLS_VERIFY",
    "DOCKER_CERT_PATH",
    "DOCKER_API_VERSION",
    // Version managers: their `node`, `python3` or `cargo` is a wrapper that reads these.
    "ASDF_*",
    "MISE_*",
    "NVM_*",
    "VOLTA_*",
    "FNM_*",
    "NODENV_*",
    "N_PREFIX",
    "PYENV_*",
    "VIRTUAL_ENV",
    "CARGO_HOME",
    "RUSTUP_*",
    "DEVELOPER_DIR",
];

const NODE: &[&str] = &[
    "NODE_*",
    "NPM_CONFIG_*",
    "npm_config_*",
    "COREPACK_*",
    // Public keys, or 0.
    "COREPACK_INTEGRITY_KEYS",
    "PNPM_HOME",
    "pnpm_config_*",
    "YARN_*",
    "ESBUILD_*",
    "UV_*",
    "BROWSER",
    "CHROMIUM",
    "CHROME_*",
    "PLAYWRIGHT_*",
    "PUPPETEER_*",
    "SCREENSHOTS",
    "JSII_*",
    "CDK_*",
    // Vite writes these into the page, so they are public.
    "VITE_*",
];

const PYTHON: &[&str] = &["PYTHON*", "CONDA_*"];

const CARGO: &[&str] = &[
    "CARGO",
    "CARGO_*",
    "RUST*",
    "CC",
    "CC_*",
    "CXX",
    "CXX_*",
    "CPP",
    "CFLAGS",
    "CFLAGS_*",
    "CXXFLAGS",
    "CXXFLAGS_*",
    "CPPFLAGS",
    "LDFLAGS",
    "AR",
    "AR_*",
    "RANLIB",
    "LD",
    "MAKE",
    "MAKEFLAGS",
    "PKG_CONFIG*",
    "CMAKE*",
    "OPENSSL_*",
    "LIBRARY_PATH",
    "CPATH",
    "C_INCLUDE_PATH",
    "LIBCLANG_PATH",
    "SDKROOT",
    "MACOSX_DEPLOYMENT_TARGET",
    "NIX_*",
    "SCCACHE_DIR",
    "TESTCONTAINERS_*",
    "PYTHON*",
    "PIP_*",
];

const AWS: &[&str] = &[
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_CA_BUNDLE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_*",
    "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_*",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_EC2_METADATA_*",
    "AWS_RETRY_MODE",
    "AWS_MAX_ATTEMPTS",
    "AWS_PAGER",
    "AWS_DEFAULT_OUTPUT",
    "AWS_CLI_*",
    "AMPLIFY_*",
    "JAVA_HOME",
];

const AWS_CREDENTIALS: &[&str] = &["AWS_*"];

/// Parts of names of secrets. A list's `*` does not match them: a registry's token is `npm_config_//HOST/:_authToken`.
const SECRET: [&str; 8] = ["secret", "token", "passw", "passphrase", "credential", "auth", "key", "private"];

impl Needs {
    /// The lists, each with whether its `*` also matches the names of secrets.
    fn lists(self) -> Vec<(&'static [&'static str], bool)> {
        let tool = vec![(SERVER, false), (TOOL, false)];
        let with = |list, is_open| [tool.clone(), vec![(list, is_open)]].concat();
        match self {
            Self::Server => vec![(SERVER, false)],
            Self::Tool => tool,
            Self::Node => with(NODE, false),
            Self::Python => with(PYTHON, false),
            // Programs of the workspace also run npm.
            Self::Cargo => [with(CARGO, false), vec![(NODE, false)]].concat(),
            Self::Aws => [with(AWS, false), vec![(NODE, false)]].concat(),
            Self::AwsCredentials => with(AWS_CREDENTIALS, true),
        }
    }

    /// Whether a variable is passed on.
    pub fn include(self, name: &str) -> bool {
        let matches = |entry: &&str, is_open: bool| match entry.strip_suffix('*') {
            Some(start) => name.starts_with(start) && (is_open || !is_secret(name)),
            None => name == *entry,
        };
        self.lists().into_iter().any(|(list, is_open)| list.iter().any(|entry| matches(entry, is_open)))
    }

    /// The variables of this process that are passed on.
    pub fn variables(self) -> Vec<(OsString, OsString)> {
        env::vars_os().filter(|(name, _)| name.to_str().is_some_and(|name| self.include(name))).collect()
    }

    /// A command with only these variables.
    pub fn command(self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.env_clear().envs(self.variables());
        command
    }
}

/// Whether a name is that of a secret. Whatever starts with `VITE_` is in the page.
fn is_secret(name: &str) -> bool {
    let lower = name.to_lowercase();
    SECRET.iter().any(|part| lower.contains(part)) && !name.starts_with("VITE_")
}

#[cfg(test)]
mod tests {
    use super::Needs;

    #[test]
    fn settings_pass_and_secrets_do_not() {
        let pass = [
            (Needs::Server, "PATH LD_LIBRARY_PATH TZ"),
            (Needs::Tool, "PATH HOME LC_ALL https_proxy GIT_CEILING_DIRECTORIES DOCKER_HOST NVM_BIN"),
            (Needs::Node, "HOME npm_config_registry NPM_CONFIG_CACHE NODE_OPTIONS NODE_EXTRA_CA_CERTS VITE_MAPS_KEY"),
            (Needs::Node, "COREPACK_INTEGRITY_KEYS YARN_NPM_REGISTRY_SERVER YARN_CACHE_FOLDER pnpm_config_store_dir"),
            (Needs::Python, "PATH PYTHONPATH VIRTUAL_ENV CONDA_PREFIX"),
            (Needs::Cargo, "CARGO_TARGET_DIR RUSTFLAGS CC npm_config_cache CARGO_NET_OFFLINE"),
            (Needs::Aws, "AWS_REGION AWS_ENDPOINT_URL AWS_ENDPOINT_URL_SECRETS_MANAGER AWS_EC2_METADATA_DISABLED"),
            (Needs::AwsCredentials, "AWS_PROFILE AWS_SESSION_TOKEN AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
        ];
        for (needs, names) in pass {
            for name in names.split(' ') {
                assert!(needs.include(name), "{needs:?} {name}");
            }
        }
        let secrets = "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CONTAINER_CREDENTIALS_RELATIVE_URI \
            AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_WEB_IDENTITY_TOKEN_FILE AWS_PROFILE \
            AMPLIFY_USER_ACCESS_KEY_ID AMPLIFY_USER_SECRET_ACCESS_KEY DATABASE_URL DATABASE_SECRET_ARN \
            DATABASE_SECRET_USERNAME DATABASE_SECRET_PASSWORD PGPASSWORD PGPASSFILE PGSERVICE PGOPTIONS PGDATA GITHUB_TOKEN \
            GH_TOKEN NPM_TOKEN NODE_AUTH_TOKEN npm_config__auth npm_config_//registry.npmjs.org/:_authToken \
            YARN_NPM_AUTH_TOKEN YARN_NPM_AUTH_IDENT CARGO_REGISTRY_TOKEN CARGO_REGISTRIES_MIRROR_TOKEN SENTRY_AUTH_TOKEN DOCKER_AUTH_CONFIG SSH_AUTH_SOCK \
            GIT_CONFIG_VALUE_PASSWORD ANYTHING";
        for name in secrets.split_whitespace() {
            for needs in [Needs::Server, Needs::Tool, Needs::Node, Needs::Python, Needs::Cargo, Needs::Aws] {
                assert!(!needs.include(name), "{needs:?} {name}");
            }
        }
        assert!(!Needs::AwsCredentials.include("DATABASE_URL") && !Needs::Server.include("HTTPS_PROXY"));
    }
}
