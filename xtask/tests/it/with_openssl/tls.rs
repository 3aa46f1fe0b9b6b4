//! `sslmode` against a real server with certificates of our own: right, for another host, of another authority, expired,
//! self-signed; client certificates; SCRAM with channel binding.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::{Machine, binaries, root, unused_port, xtask};
use postgres::NoTls;

/// An authority and what it has signed, made by openssl.
struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    fn new(folder: &Path) -> Self {
        let certificates = Self { folder: folder.to_owned() };
        for authority in ["ca", "other"] {
            certificates.openssl(&format!(
                "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN={authority} -keyout {authority}.key -out {authority}.crt"
            ));
        }
        let settings = "[ca]\ndefault_ca = d\n[d]\ndatabase = index\nserial = serial\nnew_certs_dir = .\ndefault_md = sha256\npolicy = p\ncopy_extensions = copy\nunique_subject = no\n[p]\ncommonName = supplied\n";
        fs::write(folder.join("ca.cnf"), settings).expect("written");
        fs::write(folder.join("index"), "").expect("written");
        fs::write(folder.join("serial"), "01\n").expect("written");
        let here = "subjectAltName=DNS:localhost,IP:127.0.0.1";
        let (now, past) = ("-days 30", "-startdate 20200101000000Z -enddate 20200201000000Z");
        certificates.sign("right", "localhost", here, "ca", now);
        certificates.sign("elsewhere", "db.example.com", "subjectAltName=DNS:db.example.com", "ca", now);
        certificates.sign("expired", "localhost", here, "ca", past);
        certificates.sign("client", "certain", "subjectAltName=DNS:certain", "ca", now);
        certificates.sign("stranger", "certain", "subjectAltName=DNS:certain", "other", now);
        certificates.openssl(&format!(
            "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext {here} -keyout itself.key -out itself.crt"
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

    fn sign(&self, name: &str, common_name: &str, extension: &str, authority: &str, validity: &str) {
        self.openssl(&format!(
            "req -newkey rsa:2048 -nodes -subj /CN={common_name} -addext {extension} -keyout {name}.key -out {name}.csr"
        ));
        self.openssl(&format!(
            "ca -batch -notext -config ca.cnf -cert {authority}.crt -keyfile {authority}.key {validity} -in {name}.csr -out {name}.crt"
        ));
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

/// A server on TCP, which shows the certificate that it is told to.
struct Server {
    child: Child,
    machine: Machine,
    port: u16,
}

impl Server {
    fn start(certificates: &Certificates) -> Self {
        let machine = Machine::with_binaries("tls");
        // Made, and stopped again: it has to listen.
        for command in ["start", "stop"] {
            assert!(machine.db(&[command]).status.success(), "{command}");
        }
        let data = machine.home().join("data");
        let owner = fs::metadata(&data).expect("its data").uid();
        let rules = "local all all trust\nhostssl all certain all cert\nhostssl all scram all scram-sha-256\nhost all scram all scram-sha-256\nhostssl all secure all trust\nhost all postgres all trust\n";
        fs::write(data.join("pg_hba.conf"), rules).expect("written");
        let port = unused_port();
        let mut command = Command::new(binaries().program("postgres"));
        command.arg("-D").arg(&data).arg("-k").arg(machine.home().join("socket")).args(["-p", &port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "ssl_ca_file=ca.crt", "fsync=off"] {
            command.args(["-c", setting]);
        }
        fs::copy(certificates.path("ca.crt"), data.join("ca.crt")).expect("copied");
        if owner != fs::metadata("/proc/self").expect("Linux").uid() {
            command.uid(owner).gid(fs::metadata(&data).expect("its data").gid());
        }
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("postgres runs");
        let server = Self { child, machine, port };
        let deadline = Instant::now() + Duration::from_secs(20);
        while server.run("SELECT 1").is_err() {
            assert!(Instant::now() < deadline, "the server does not come up");
            sleep(Duration::from_millis(50));
        }
        server
            .run("CREATE ROLE certain LOGIN; CREATE ROLE secure LOGIN; CREATE ROLE scram LOGIN PASSWORD 'ge''heim'")
            .expect("roles");
        server
    }

    fn run(&self, sql: &str) -> Result<(), postgres::Error> {
        let socket = self.machine.home().join("socket").display().to_string();
        postgres::Config::new()
            .host(&socket)
            .port(self.port)
            .user("postgres")
            .dbname("postgres")
            .connect(NoTls)?
            .batch_execute(sql)
    }

    /// From now on it shows this certificate, or none.
    fn show(&self, certificates: &Certificates, name: Option<&str>) {
        let data = self.machine.home().join("data");
        if let Some(name) = name {
            let owner = fs::metadata(&data).expect("its data");
            for ending in ["crt", "key"] {
                let file = data.join(format!("server.{ending}"));
                fs::copy(certificates.path(&format!("{name}.{ending}")), &file).expect("copied");
                fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("private");
                chown(&file, Some(owner.uid()), Some(owner.gid())).expect("the server's own");
            }
        }
        // Given on the command line, it could not be changed.
        let ssl = if name.is_some() { "on" } else { "off" };
        fs::write(data.join("postgresql.auto.conf"), format!("ssl = {ssl}\n")).expect("written");
        self.run("SELECT pg_reload_conf()").expect("reloaded");
        let deadline = Instant::now() + Duration::from_secs(10);
        let want = format!("DO $$BEGIN IF current_setting('ssl') <> '{ssl}' THEN RAISE 'not yet'; END IF; END$$");
        while self.run(&want).is_err() {
            assert!(Instant::now() < deadline, "{ssl}");
            sleep(Duration::from_millis(20));
        }
        // The next backend reads the files anew.
        sleep(Duration::from_millis(100));
    }

    /// Whether somebody gets in, and what is said.
    fn enter(&self, host: &str, user: &str, more: &str) -> Result<(), String> {
        let url = format!("host={host} port={} dbname=postgres user={user} {more}", self.port);
        let mut command = xtask(&root());
        command
            .args(["db", "current", "--connect-timeout", "2", "--url", &url])
            .env("PGPASSWORD", "ge'heim")
            .env("HOME", "/nonexistent");
        let output = command.output().expect("xtask runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("heim"), "the password is said: {said}");
        if output.status.success() { Ok(()) } else { Err(said) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-QUIT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

#[test]
fn certificates_are_checked_as_sslmode_asks() {
    let certificates = Certificates::new(&crate::support::scratch("tls"));
    let server = Server::start(&certificates);
    let (ca, other) = (certificates.path("ca.crt"), certificates.path("other.crt"));
    let root = |mode: &str, file: &str| format!("sslmode={mode} sslrootcert={file}");
    let (full, full_other) = (root("verify-full", &ca), root("verify-full", &other));
    let (authority, authority_other) = (root("verify-ca", &ca), root("verify-ca", &other));
    let (required, required_other) = (root("require", &ca), root("require", &other));
    let untrusted = "the certificate is not trusted as `sslmode` requires";
    let mismatch = "the certificate is for another host than the one named";
    // What the server shows, what is asked for, of which host, and what is said if that is refused.
    let cases: [(&str, &str, &str, Option<&str>); 22] = [
        ("right", &full, "localhost", None),
        ("right", &full, "127.0.0.1", None),
        ("right", &full_other, "localhost", Some(untrusted)),
        ("right", &authority, "localhost", None),
        ("right", &authority_other, "localhost", Some(untrusted)),
        ("right", &required, "localhost", None),
        ("right", &required_other, "localhost", Some(untrusted)),
        ("right", "sslmode=require", "localhost", None),
        ("right", "sslmode=prefer", "localhost", None),
        ("right", "sslmode=verify-full sslrootcert=system", "localhost", Some(untrusted)),
        ("right", "sslmode=disable", "localhost", Some("no encryption")),
        ("elsewhere", &full, "localhost", Some(mismatch)),
        ("elsewhere", &full, "127.0.0.1", Some(mismatch)),
        ("elsewhere", &authority, "localhost", None),
        ("expired", &full, "localhost", Some("expired")),
        ("expired", &authority, "localhost", Some("expired")),
        ("expired", "sslmode=require", "localhost", None),
        ("itself", &full, "localhost", Some(untrusted)),
        ("itself", &authority, "localhost", Some(untrusted)),
        ("itself", &root("verify-full", &certificates.path("itself.crt")), "localhost", None),
        ("itself", "sslmode=require", "localhost", None),
        ("itself", "sslmode=prefer", "localhost", None),
    ];
    let mut shown = "";
    for (certificate, asked, host, refused) in cases {
        if shown != certificate {
            server.show(&certificates, Some(certificate));
            shown = certificate;
        }
        // Who may come with TLS only.
        match (server.enter(host, "secure", asked), refused) {
            (Ok(()), None) => {}
            (Err(said), Some(refused)) if said.contains(refused) => {}
            (outcome, _) => panic!("{certificate} at {host}, {asked}: {outcome:?}"),
        }
    }

    // Who the client is.
    server.show(&certificates, Some("right"));
    let with = |name: &str| {
        format!(
            "{full} sslcert={} sslkey={}",
            certificates.path(&format!("{name}.crt")),
            certificates.path(&format!("{name}.key"))
        )
    };
    assert_eq!(server.enter("localhost", "certain", &with("client")), Ok(()));
    for wrong in [with("stranger"), full.clone()] {
        assert!(server.enter("localhost", "certain", &wrong).is_err(), "{wrong}");
    }
    let scram = |more: &str| server.enter("localhost", "scram", more);
    assert_eq!(scram(&format!("{full} channel_binding=require")), Ok(()));
    assert_eq!(scram("sslmode=disable"), Ok(()));
    assert!(scram("sslmode=disable channel_binding=require").is_err());

    // A server without TLS.
    server.show(&certificates, None);
    assert_eq!(server.enter("localhost", "postgres", "sslmode=prefer"), Ok(()));
    for mode in ["sslmode=require", &full] {
        let said = server.enter("localhost", "postgres", mode).expect_err("no TLS there");
        assert!(said.contains("server does not support TLS"), "{said}");
    }
}
