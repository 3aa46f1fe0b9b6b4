//! Measures the round trips of a revision with a proxy that delays traffic in both directions without limiting throughput.
//!
//! It does not simulate limited bandwidth or packet loss.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::harness::Harness;
use crate::log::log;
use crate::measure::Samples;
use crate::page;
use crate::peers::{self, Action, Peer};
use crate::server::{Address, Server};
use crate::workload::Workload;

/// The simulated round-trip time.
const ROUND_TRIP: Duration = Duration::from_millis(5);

pub(crate) fn run(harness: &Harness) -> Result<()> {
    let (count, rounds) = if harness.is_quick { (20, 1) } else { (200, 3) };
    let peers = peers::installed(harness, &peers::ALL)?;
    let server = Server::start(harness)?;
    let port = delay(server.socket().join(".s.PGSQL.5432"))?;
    let mut rows =
        vec![["", "per revision, 5 ms away", "per revision, on a socket", "round trips"].map(str::to_owned).to_vec()];
    for &peer in &peers {
        log(&format!("round trips: {}", peer.name()));
        let mut far = Samples::default();
        let mut near = Samples::default();
        for _ in 0..rounds {
            far.add(per_revision(harness, &server, peer, count, Some(port))?);
            near.add(per_revision(harness, &server, peer, count, None)?);
        }
        let trips = (far.median() - near.median()) / ROUND_TRIP.as_secs_f64();
        rows.push(vec![
            peer.name().to_owned(),
            page::seconds(far.median()),
            page::seconds(near.median()),
            format!("{trips:.1}"),
        ]);
    }
    page::publish(harness, "docs/performance.md", "latency", &page::table(&rows))
}

/// Seconds per revision, excluding startup and connecting: the difference between a run with `count` revisions and one with a
/// single revision.
fn per_revision(harness: &Harness, server: &Server, peer: &dyn Peer, count: usize, port: Option<u16>) -> Result<f64> {
    let time = |count: usize| -> Result<f64> {
        let folder = harness.fresh("latency")?;
        peer.write(harness, &folder, &Workload::Catalog.migrations(count))?;
        let near = server.create("latency")?;
        let address = match port {
            Some(port) => Address { host: "127.0.0.1".to_owned(), port, ..near.clone() },
            None => near.clone(),
        };
        let mut command = peer.command(harness, &folder, &address, Action::Apply).context("every tool applies")?;
        let usage = harness.succeed("latency", &mut command)?;
        ensure!(near.is_true(&Workload::Catalog.proof(count))?, "the tool exited 0 without applying the migrations");
        server.drop(&near)?;
        Ok(usage.wall.as_secs_f64())
    };
    let one = time(1)?;
    Ok((time(count)? - one) / (count - 1) as f64)
}

/// Starts the proxy on a local port. It runs until the process exits.
fn delay(socket: PathBuf) -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // If connecting to the server fails, the client sees its connection close.
            let _ = connect(&client, &socket);
        }
    });
    Ok(port)
}

fn connect(client: &TcpStream, socket: &Path) -> Result<()> {
    client.set_nodelay(true)?;
    let server = UnixStream::connect(socket)?;
    let (client_end, server_end) = (client.try_clone()?, server.try_clone()?);
    pump(client.try_clone()?, server.try_clone()?, move || drop(server_end.shutdown(std::net::Shutdown::Write)));
    pump(server, client.try_clone()?, move || drop(client_end.shutdown(std::net::Shutdown::Write)));
    Ok(())
}

/// Forwards data after half a round trip.
fn pump(
    mut from: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
    close: impl FnOnce() + Send + 'static,
) {
    let (sender, receiver) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            if sender.send((Instant::now() + ROUND_TRIP / 2, buffer[..length].to_vec())).is_err() {
                break;
            }
        }
    });
    thread::spawn(move || {
        for (due, bytes) in receiver {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        close();
    });
}
