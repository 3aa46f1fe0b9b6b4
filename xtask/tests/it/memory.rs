//! Runs of very large revisions take little memory, here and in the server.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::support::{Database, root, scratch, succeed, xtask};

/// The peak resident memory of a process in KiB, as reported by the kernel.
fn peak_memory(child: &mut Child) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("can poll the process").is_none() {
        if let Ok(text) = fs::read_to_string(&status) {
            let value = text
                .lines()
                .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok());
            peak = peak.max(value.unwrap_or(0));
        }
        sleep(Duration::from_millis(2));
    }
    peak
}

/// Upgrades the database, and returns the peak resident memory of xtask in KiB.
fn peak_of_upgrade(database: &Database, versions: &Path) -> u64 {
    let mut command = xtask(&root());
    command.args(["db", "upgrade", "--url", &database.url(), "--dir"]).arg(versions);
    let mut child = command.stderr(Stdio::piped()).spawn().expect("xtask runs");
    let peak = peak_memory(&mut child);
    succeed(&child.wait_with_output().expect("it exits"));
    peak
}

#[test]
fn two_hundred_megabytes_of_data_are_not_held_in_memory() {
    let versions = scratch("huge");
    let path = versions.join("huge.sql");
    let mut file = fs::File::create(&path).expect("can create the file");
    let header = "-- huge\n--\n-- Revision ID: a1\n-- Revises:\n\n-- migrate:upgrade\nCREATE UNLOGGED TABLE t (a text);\nCOPY t FROM STDIN;\n";
    file.write_all(header.as_bytes()).expect("can write the file");
    let line = "x".repeat(999) + "\n";
    let block = line.repeat(1000);
    for _ in 0..200 {
        file.write_all(block.as_bytes()).expect("can write the file");
    }
    file.write_all(b"\\.\n\n-- migrate:downgrade\nDROP TABLE t;\n").expect("can write the file");
    drop(file);
    let database = Database::create();
    let peak = peak_of_upgrade(&database, &versions);
    assert_eq!(database.rows("SELECT count(*), sum(length(a)) FROM t"), ["200000|199800000"]);
    // `xtask` alone takes about 12 MiB, and more in a debug build; the file has 191 MiB.
    assert!((1..48 * 1024).contains(&peak), "{peak} KiB");
    fs::remove_file(path).expect("can delete the file");
}

#[test]
fn statements_of_a_large_revision_are_not_held_in_memory() {
    let versions = scratch("many");
    let path = versions.join("many.sql");
    let mut file = BufWriter::new(fs::File::create(&path).expect("can create the file"));
    let header = "-- many\n--\n-- Revision ID: a1\n-- Revises:\n\n-- migrate:upgrade\nCREATE UNLOGGED TABLE t (id int, a text);\nCREATE TABLE peak (status text);\n";
    file.write_all(header.as_bytes()).expect("can write the file");
    let text = "x".repeat(4_000);
    for number in 0..6_000 {
        writeln!(file, "INSERT INTO t VALUES ({number}, '{text}');").expect("can write the file");
    }
    // The backend reads its own peak, whichever machine it is on.
    let end =
        "INSERT INTO peak SELECT pg_read_file('/proc/self/status');\n\n-- migrate:downgrade\nDROP TABLE t, peak;\n";
    file.write_all(end.as_bytes()).expect("can write the file");
    drop(file);
    let database = Database::create();
    let peak = peak_of_upgrade(&database, &versions);
    assert_eq!(database.rows("SELECT count(*), sum(length(a)) FROM t"), ["6000|24000000"]);
    // `xtask` alone takes about 12 MiB, and more in a debug build; as one message, the file takes 140 MB here and there.
    assert!((1..48 * 1024).contains(&peak), "{peak} KiB");
    let backend = "SELECT substring(status FROM 'VmHWM:\\s*(\\d+) kB') FROM peak";
    let backend: u64 = database.rows(backend)[0].parse().expect("a number");
    assert!(backend < 64 * 1024, "{backend} KiB");
    let log = "SELECT octet_length(upgrade_sql) < 66 * 1024, octet_length(checksum) FROM migration_log";
    assert_eq!(database.rows(log), ["t|64"]);
    fs::remove_file(path).expect("can delete the file");
}
