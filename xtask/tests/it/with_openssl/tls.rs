//! `sslmode` with a real server and test certificates: valid, for another host, of another authority, expired, self-signed; client
//! certificates; SCRAM with channel binding.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::support::machine::Machine;
use crate::support::wait::wait_until;
use crate::support::{binaries, root, unused_port, xtask};
use postgres::NoTls;

/// Certificate authorities and the certificates that they have signed, created by openssl.
pub(crate) struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    pub(crate) fn new(folder: &Path) -> Self {
        let certificates = Self { folder: folder.to_owned() };
        for authority in ["ca", "other"] {
            certificates.openssl(&format!(
                "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN={authority} -keyout {authority}.key -out {authority}.crt"
            ));
        }
        let settings = "[ca]\ndefault_ca = d\n[d]\ndatabase = index\nserial = serial\nnew_certs_dir = .\ndefault_md = sha256\npolicy = p\ncopy_extensions = copy\nunique_subject = no\n[p]\ncommonName = supplied\n";
        fs::write(folder.join("ca.cnf"), settings).expect("can write the file");
        fs::write(folder.join("index"), "").expect("can write the file");
        fs::write(folder.join("serial"), "01\n").expect("can write the file");
        let here = "subjectAltName=DNS:localhost,IP:127.0.0.1";
        let (now, past) = ("-days 30", "-startdate 20200101000000Z -enddate 20200201000000Z");
        certificates.sign("valid", "localhost", here, "ca", now);
        certificates.sign("other-host", "db.example.com", "subjectAltName=DNS:db.example.com", "ca", now);
        certificates.sign("expired", "localhost", here, "ca", past);
        certificates.sign("client", "cert_user", "subjectAltName=DNS:cert_user", "ca", now);
        certificates.sign("untrusted", "cert_user", "subjectAltName=DNS:cert_user", "other", now);
        certificates.openssl(&format!(
            "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext {here} -keyout self-signed.key -out self-signed.crt"
        ));
        certificates
    }

    fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(&self.folder)
            .output()
            .expect("openssl runs");
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    }

    pub(crate) fn sign(&self, name: &str, common_name: &str, extension: &str, authority: &str, validity: &str) {
        self.openssl(&format!(
            "req -newkey rsa:2048 -nodes -subj /CN={common_name} -addext {extension} -keyout {name}.key -out {name}.csr"
        ));
        self.openssl(&format!(
            "ca -batch -notext -config ca.cnf -cert {authority}.crt -keyfile {authority}.key {validity} -in {name}.csr -out {name}.crt"
        ));
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

/// A server on TCP with a configurable certificate.
pub(crate) struct Server {
    child: Child,
    machine: Machine,
    pub(crate) port: u16,
}

impl Server {
    pub(crate) fn start(name: &str, certificates: &Certificates) -> Self {
        let machine = Machine::with_binaries(name);
        // Create the cluster and stop it again: this server must listen on TCP.
        for command in ["start", "stop"] {
            assert!(machine.db(&[command]).status.success(), "{command}");
        }
        let data = machine.home().join("data");
        let owner = fs::metadata(&data).expect("can read the metadata").uid();
        let rules = "local all all trust\nhostssl all cert_user all cert\nhostssl all readonly,migrator all scram-sha-256\nhostssl all scram all scram-sha-256\nhost all scram all scram-sha-256\nhostssl all tls_user all trust\nhost all postgres all trust\n";
        fs::write(data.join("pg_hba.conf"), rules).expect("can write the file");
        let port = unused_port();
        let mut command = Command::new(binaries().program("postgres"));
        command.arg("-D").arg(&data).arg("-k").arg(machine.home().join("socket")).args(["-p", &port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "ssl_ca_file=ca.crt", "fsync=off"] {
            command.args(["-c", setting]);
        }
        fs::copy(certificates.path("ca.crt"), data.join("ca.crt")).expect("can copy the file");
        if owner != fs::metadata("/proc/self").expect("this is Linux").uid() {
            command.uid(owner).gid(fs::metadata(&data).expect("can read the metadata").gid());
        }
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("postgres runs");
        let server = Self { child, machine, port };
        wait_until("the server starts", || server.run("SELECT 1").is_ok());
        server
            .run("CREATE ROLE cert_user LOGIN; CREATE ROLE tls_user LOGIN; CREATE ROLE scram LOGIN PASSWORD 'ge''heim'")
            .expect("can create the roles");
        server
    }

    pub(crate) fn run(&self, sql: &str) -> Result<(), postgres::Error> {
        let socket = self.machine.home().join("socket").display().to_string();
        postgres::Config::new()
            .host(&socket)
            .port(self.port)
            .user("postgres")
            .dbname("postgres")
            .connect(NoTls)?
            .batch_execute(sql)
    }

    /// Changes the server's certificate; `None` disables TLS.
    pub(crate) fn set_certificate(&self, certificates: &Certificates, name: Option<&str>) {
        let data = self.machine.home().join("data");
        if let Some(name) = name {
            let owner = fs::metadata(&data).expect("can read the metadata");
            for ending in ["crt", "key"] {
                let file = data.join(format!("server.{ending}"));
                fs::copy(certificates.path(&format!("{name}.{ending}")), &file).expect("can copy the file");
                fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("can set the mode");
                chown(&file, Some(owner.uid()), Some(owner.gid())).expect("can set the owner");
            }
        }
        // A setting on the command line could not be changed.
        let ssl = if name.is_some() { "on" } else { "off" };
        // A session that has this setting was started by a server that has loaded the certificate too.
        static RELOADS: AtomicU32 = AtomicU32::new(0);
        let reload = RELOADS.fetch_add(1, Ordering::Relaxed);
        fs::write(data.join("postgresql.auto.conf"), format!("ssl = {ssl}\ntest.reload = {reload}\n"))
            .expect("can write the file");
        self.run("SELECT pg_reload_conf()").expect("can reload the settings");
        let check = format!(
            "DO $$BEGIN IF current_setting('test.reload', true) IS DISTINCT FROM '{reload}' THEN RAISE 'not yet'; END IF; END$$"
        );
        wait_until("the certificate is loaded", || self.run(&check).is_ok());
    }

    /// Connects with xtask; the error is its standard error.
    fn connect(&self, host: &str, user: &str, more: &str) -> Result<(), String> {
        let url = format!("host={host} port={} dbname=postgres user={user} {more}", self.port);
        let mut command = xtask(&root());
        command
            .args(["db", "current", "--connect-timeout", "30", "--url", &url])
            .env("PGPASSWORD", "ge'heim")
            .env("HOME", "/nonexistent");
        let output = command.output().expect("xtask runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!stderr.contains("heim"), "the password is printed: {stderr}");
        if output.status.success() { Ok(()) } else { Err(stderr) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-QUIT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

#[test]
fn sslmode_determines_the_checks() {
    let certificates = Certificates::new(&crate::support::scratch("tls"));
    let server = Server::start("tls", &certificates);
    let (ca, other) = (certificates.path("ca.crt"), certificates.path("other.crt"));
    let root = |mode: &str, file: &str| format!("sslmode={mode} sslrootcert={file}");
    let (full, full_other) = (root("verify-full", &ca), root("verify-full", &other));
    let (authority, authority_other) = (root("verify-ca", &ca), root("verify-ca", &other));
    let (required, required_other) = (root("require", &ca), root("require", &other));
    let untrusted = "`sslmode` requires a trusted certificate";
    let mismatch = "the certificate is for a different host name";
    // The server's certificate, the client's settings, the host, and the error if there is one.
    let cases: [(&str, &str, &str, Option<&str>); 22] = [
        ("valid", &full, "localhost", None),
        ("valid", &full, "127.0.0.1", None),
        ("valid", &full_other, "localhost", Some(untrusted)),
        ("valid", &authority, "localhost", None),
        ("valid", &authority_other, "localhost", Some(untrusted)),
        ("valid", &required, "localhost", None),
        ("valid", &required_other, "localhost", Some(untrusted)),
        ("valid", "sslmode=require", "localhost", None),
        ("valid", "sslmode=prefer", "localhost", None),
        ("valid", "sslmode=verify-full sslrootcert=system", "localhost", Some(untrusted)),
        ("valid", "sslmode=disable", "localhost", Some("no encryption")),
        ("other-host", &full, "localhost", Some(mismatch)),
        ("other-host", &full, "127.0.0.1", Some(mismatch)),
        ("other-host", &authority, "localhost", None),
        ("expired", &full, "localhost", Some("expired")),
        ("expired", &authority, "localhost", Some("expired")),
        ("expired", "sslmode=require", "localhost", None),
        ("self-signed", &full, "localhost", Some(untrusted)),
        ("self-signed", &authority, "localhost", Some(untrusted)),
        ("self-signed", &root("verify-full", &certificates.path("self-signed.crt")), "localhost", None),
        ("self-signed", "sslmode=require", "localhost", None),
        ("self-signed", "sslmode=prefer", "localhost", None),
    ];
    let mut current = "";
    for (certificate, settings, host, error) in cases {
        if current != certificate {
            server.set_certificate(&certificates, Some(certificate));
            current = certificate;
        }
        // A role that can only connect with TLS.
        match (server.connect(host, "tls_user", settings), error) {
            (Ok(()), None) => {}
            (Err(stderr), Some(error)) if stderr.contains(error) => {}
            (outcome, _) => panic!("{certificate} at {host}, {settings}: {outcome:?}"),
        }
    }

    // Client certificates.
    server.set_certificate(&certificates, Some("valid"));
    let with = |name: &str| {
        format!(
            "{full} sslcert={} sslkey={}",
            certificates.path(&format!("{name}.crt")),
            certificates.path(&format!("{name}.key"))
        )
    };
    assert_eq!(server.connect("localhost", "cert_user", &with("client")), Ok(()));
    for wrong in [with("untrusted"), full.clone()] {
        assert!(server.connect("localhost", "cert_user", &wrong).is_err(), "{wrong}");
    }
    let scram = |more: &str| server.connect("localhost", "scram", more);
    assert_eq!(scram(&format!("{full} channel_binding=require")), Ok(()));
    assert_eq!(scram("sslmode=disable"), Ok(()));
    assert!(scram("sslmode=disable channel_binding=require").is_err());

    // A server without TLS.
    server.set_certificate(&certificates, None);
    assert_eq!(server.connect("localhost", "postgres", "sslmode=prefer"), Ok(()));
    for mode in ["sslmode=require", &full] {
        let stderr = server.connect("localhost", "postgres", mode).expect_err("there is no TLS");
        assert!(stderr.contains("server does not support TLS"), "{stderr}");
    }
}
