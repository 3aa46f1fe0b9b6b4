//! Passwords with every special character, from each possible source, which are never printed. The aws CLI is a stand-in that
//! records its arguments and environment.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::support::{Database, root, scratch, server, xtask};

/// Contains the special characters of URLs, shells, JSON, conninfo strings and SQL.
const PASSWORD: &str = r#"a b'c"d\e$f%41g@h:i/j?k#l&m=n+o;p|q<r>s~t^u*v(w)x{y}z[0]1,2.3!4`5é6☃7%"#;

/// Creates a role with this password.
fn role(name: &str) -> String {
    let name = format!("secret_{name}_{}", std::process::id());
    let quoted = PASSWORD.replace('\'', "''");
    Database::create()
        .rows(&format!("SET standard_conforming_strings = on; CREATE ROLE {name} LOGIN PASSWORD '{quoted}'"));
    name
}

/// A stand-in for `aws`, which records its arguments and environment and prints a file.
fn aws(folder: &Path, answer: &str) -> String {
    fs::write(folder.join("answer"), answer).expect("can write the file");
    let folder_name = folder.display();
    let script = format!(
        "#!/bin/sh\ntr '\\0' '\\n' < /proc/$$/cmdline >> {folder_name}/seen\ntr '\\0' '\\n' < /proc/$$/environ >> {folder_name}/seen\ncat {folder_name}/answer\n"
    );
    fs::write(folder.join("aws"), script).expect("can write the file");
    fs::set_permissions(folder.join("aws"), fs::Permissions::from_mode(0o755)).expect("can set the mode");
    format!("{folder_name}:{}", std::env::var("PATH").expect("PATH is set"))
}

/// Whether a run can connect, and its output.
fn current(command: &mut Command) -> (bool, String) {
    let output = command.output().expect("xtask runs");
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    // Neither as is, nor as encoded in a URL or JSON.
    for piece in ["a b'c", "%41g", "q<r>s", "a%20b", "☃"] {
        assert!(!text.contains(piece), "the password is printed: {text}");
    }
    (output.status.success(), text)
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn passwords_from_any_source_work_and_are_not_printed() {
    let role = role("anywhere");
    let database = Database::create();
    let (host, port, folder) = (&server().host, &server().port, scratch("identity"));
    let conninfo = format!("host={host} port={port} dbname={} user={role}", database.name);
    let quoted = PASSWORD.replace('\\', "\\\\").replace('\'', "\\'");
    let url = format!("postgres://{role}:{}@{}:{port}/{}", percent(PASSWORD), percent(host), database.name);
    let passfile = folder.join("passfile");
    let line = PASSWORD.replace('\\', "\\\\").replace(':', "\\:");
    fs::write(&passfile, format!("*:*:*:{role}:{line}\n")).expect("can write the file");
    fs::set_permissions(&passfile, fs::Permissions::from_mode(0o600)).expect("can set the mode");
    let secret = serde_json::json!({"username": role, "password": PASSWORD, "host": host, "port": port.parse::<u16>().expect("it is a number"), "dbname": database.name, "engine": "postgres"});
    let path = aws(&folder, &secret.to_string());
    let parts = [
        ("USERNAME", role.as_str()),
        ("PASSWORD", PASSWORD),
        ("HOST", host),
        ("PORT", port),
        ("DBNAME", &database.name),
    ];
    let parts: Vec<(String, &str)> = parts.map(|(part, value)| (format!("DATABASE_SECRET_{part}"), value)).to_vec();

    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = xtask(&root());
        command.args(["db", "current"]).args(arguments).envs(variables.iter().copied()).env("HOME", &folder);
        current(command.env("PATH", &path))
    };
    let passfile = passfile.display().to_string();
    let named: Vec<(&str, &str)> = parts.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    for (place, arguments, variables) in [
        ("PGPASSWORD", vec!["--url", &conninfo], vec![("PGPASSWORD", PASSWORD)]),
        ("DATABASE_URL", vec![], vec![("DATABASE_URL", url.as_str())]),
        ("conninfo", vec![], vec![("DATABASE_URL", format!("{conninfo} password='{quoted}'").leak() as &str)]),
        ("passfile", vec!["--url", &conninfo], vec![("PGPASSFILE", passfile.as_str())]),
        ("DATABASE_SECRET_*", vec![], named.clone()),
        (
            "DATABASE_SECRET_ARN",
            vec![],
            vec![("DATABASE_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:1:secret:site")],
        ),
    ] {
        let (is_in, text) = run(&arguments, &variables);
        assert!(is_in, "{place}: {text}");
    }

    // An IAM token is used as the password; the aws CLI gets no other secret.
    fs::write(folder.join("answer"), format!("{PASSWORD}\n")).expect("can write the file");
    fs::write(folder.join("seen"), "").expect("can write the file");
    let (is_in, text) =
        run(&["--url", &conninfo], &[("DATABASE_IAM_AUTH", "1"), ("PGPASSWORD", "wrong"), ("DATABASE_URL", &url)]);
    assert!(is_in, "{text}");
    let seen = fs::read_to_string(folder.join("seen")).expect("the stand-in was called");
    for word in ["generate-db-auth-token", "--hostname", host, "--username", &role] {
        assert!(seen.lines().any(|line| line == word), "{word}: {seen}");
    }
    assert!(!seen.contains("PGPASSWORD") && !seen.contains("DATABASE_URL"), "{seen}");

    // A wrong password is rejected immediately, and not printed either.
    let (is_in, text) = run(&["--url", &conninfo], &[("PGPASSWORD", &PASSWORD[1..])]);
    assert!(
        !is_in && text.contains("28P01") && text.contains("correct the password, which came from the environment"),
        "{text}"
    );
    // An invalid secret, and an aws CLI that fails.
    fs::write(folder.join("answer"), PASSWORD).expect("can write the file");
    let (is_in, text) = run(&[], &[("DATABASE_SECRET_ARN", "arn:x")]);
    assert!(!is_in && text.contains("the secret `arn:x` is not JSON"), "{text}");
    fs::write(folder.join("aws"), "#!/bin/sh\necho 'An error occurred (AccessDeniedException)' >&2\nexit 254\n")
        .expect("can write the file");
    let (is_in, text) = run(&[], &[("DATABASE_SECRET_ARN", "arn:x")]);
    assert!(
        !is_in && text.contains("AccessDeniedException") && text.contains("could not read the secret `arn:x`"),
        "{text}"
    );
}

/// Other users of the machine can see the arguments of a run and of the programs it starts.
#[test]
fn passwords_are_not_in_arguments() {
    let role = role("seen");
    let database = Database::create();
    database.rows(&format!(
        "GRANT CREATE ON DATABASE {} TO {role}; GRANT CREATE ON SCHEMA public TO {role}",
        database.name
    ));
    let versions = scratch("identity-seen");
    crate::support::write_revision(&versions, "a1", "-- Revises:", "SELECT pg_sleep(1);", "");
    let (host, port) = (&server().host, &server().port);
    let mut command = xtask(&root());
    command.args(["db", "upgrade", "--dir"]).arg(&versions);
    command.env(
        "DATABASE_URL",
        format!("postgres://{role}:{}@{}:{port}/{}", percent(PASSWORD), percent(host), database.name),
    );
    let mut child = command.stderr(std::process::Stdio::null()).spawn().expect("xtask runs");
    let mut checks = 0;
    let mut queries = Vec::new();
    // Other tests of the server create roles with the same password.
    let of_the_run = format!("SELECT query FROM pg_stat_activity WHERE usename = '{role}'");
    while child.try_wait().expect("can poll the process").is_none() {
        for entry in fs::read_dir("/proc").expect("this is Linux").flatten() {
            let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).into_owned();
            assert!(!line.contains(&percent(PASSWORD)) && !line.contains("q<r>s"), "{line}");
        }
        queries.extend(database.rows(&of_the_run));
        checks += 1;
    }
    assert!(checks > 5 && child.wait().expect("it exits").success());
    assert!(queries.iter().any(|query| query.contains("pg_sleep")), "{queries:?}");
    assert!(queries.iter().all(|query| !query.contains("q<r>s")), "{queries:?}");
}
