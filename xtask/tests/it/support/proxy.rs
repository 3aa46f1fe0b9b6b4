//! A proxy between a program and the test server, which can stop forwarding or cut the connection.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{sleep, spawn};
use std::time::Duration;

use super::server;

/// The direction of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    ToServer,
    ToClient,
}

/// A listening proxy.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    is_frozen: AtomicBool,
    to_server: AtomicU64,
    to_client: AtomicU64,
    cut: Option<(Way, u64)>,
    is_cut: AtomicBool,
}

impl State {
    fn count(&self, way: Way) -> &AtomicU64 {
        match way {
            Way::ToServer => &self.to_server,
            Way::ToClient => &self.to_client,
        }
    }

    /// How many of the next bytes are forwarded before the connection is cut, or `None` if it is not.
    fn until_cut(&self, way: Way, count: usize) -> Option<usize> {
        let before = self.count(way).fetch_add(count as u64, Ordering::SeqCst);
        let (_, at) = self.cut.filter(|&(cut, at)| cut == way && before + count as u64 > at)?;
        (!self.is_cut.swap(true, Ordering::SeqCst)).then_some(at.saturating_sub(before) as usize)
    }
}

impl Proxy {
    pub(crate) fn start() -> Self {
        Self::with(State::default())
    }

    /// Cuts the connection once, after this many bytes in one direction. Later connections work.
    pub(crate) fn cutting(way: Way, after: u64) -> Self {
        Self::with(State { cut: Some((way, after)), ..State::default() })
    }

    fn with(state: State) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("can bind a port");
        let port = listener.local_addr().expect("it is bound").port();
        let state = Arc::new(state);
        let shared = Arc::clone(&state);
        spawn(move || listener.incoming().map_while(Result::ok).for_each(|client| connect(client, &shared)));
        Self { port, state }
    }

    /// Stops forwarding, or continues. Connections stay open, and new ones are accepted.
    pub(crate) fn freeze(&self, is_frozen: bool) {
        self.state.is_frozen.store(is_frozen, Ordering::SeqCst);
    }

    /// How many bytes have arrived in one direction.
    pub(crate) fn count(&self, way: Way) -> u64 {
        self.state.count(way).load(Ordering::SeqCst)
    }
}

/// A connection whose halves can be used by two threads.
#[derive(Debug)]
enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Stream {
    fn to_server() -> Self {
        let socket = format!("{}/.s.PGSQL.{}", server().host, server().port);
        match Path::new(&socket).exists() {
            true => Self::Unix(UnixStream::connect(&socket).expect("the server runs")),
            false => {
                let address = format!("{}:{}", server().host, server().port);
                Self::Tcp(TcpStream::connect(address).expect("the server runs"))
            }
        }
    }

    fn read(&self, bytes: &mut [u8]) -> usize {
        let read = match self {
            Self::Tcp(stream) => (&*stream).read(bytes),
            Self::Unix(stream) => (&*stream).read(bytes),
        };
        read.unwrap_or_default()
    }

    fn write(&self, bytes: &[u8]) -> bool {
        let written = match self {
            Self::Tcp(stream) => (&*stream).write_all(bytes),
            Self::Unix(stream) => (&*stream).write_all(bytes),
        };
        written.is_ok()
    }

    fn close(&self) {
        let _ = match self {
            Self::Tcp(stream) => stream.shutdown(Shutdown::Both),
            Self::Unix(stream) => stream.shutdown(Shutdown::Both),
        };
    }
}

fn connect(client: TcpStream, state: &Arc<State>) {
    let (client, server) = (Arc::new(Stream::Tcp(client)), Arc::new(Stream::to_server()));
    for (way, from, to) in [(Way::ToServer, &client, &server), (Way::ToClient, &server, &client)] {
        let (from, to, state) = (Arc::clone(from), Arc::clone(to), Arc::clone(state));
        spawn(move || forward(way, &from, &to, &state));
    }
}

/// Forwards until either end is closed, or the connection is cut.
fn forward(way: Way, from: &Stream, to: &Stream, state: &State) {
    let mut bytes = [0; 4096];
    loop {
        let count = from.read(&mut bytes);
        while state.is_frozen.load(Ordering::SeqCst) {
            sleep(Duration::from_millis(20));
        }
        let cut = state.until_cut(way, count);
        let is_written = to.write(&bytes[..cut.unwrap_or(count)]);
        if count == 0 || cut.is_some() || !is_written {
            break;
        }
    }
    from.close();
    to.close();
}
