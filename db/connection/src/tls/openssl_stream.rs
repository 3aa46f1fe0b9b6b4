//! TLS streams for the driver, by OpenSSL.
//!
//! The alternatives: `native-tls` always reads the system's certificates (see Cargo.toml); `tokio-openssl` is another
//! crate for little code.

use std::future::poll_fn;
use std::io::{self, Read, Write};
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, Waker};

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::ssl::{
    self, HandshakeError, MidHandshakeSslStream, Ssl, SslContext, SslContextBuilder, SslMethod, SslMode, SslOptions,
    SslStream, SslVerifyMode, SslVersion,
};
use openssl::x509::verify::X509CheckFlags;
use openssl::x509::{X509, X509VerifyResult};
use postgres::Socket;
use postgres::tls::{self, ChannelBinding};
use tokio::io::{AsyncRead, AsyncWrite, BufReader, ReadBuf};

use crate::error::SettingsError;
use crate::trust::{Material, Verify};

/// OpenSSL's configuration, shared by all sessions of a connector.
pub(super) struct Context {
    context: SslContext,
    verify: Verify,
}

impl Context {
    pub(super) fn new(material: &Material) -> Result<Self, SettingsError> {
        let library = |error: ErrorStack| SettingsError::Tls { reason: error.to_string() };
        let verify = material.verify;
        let mut context = builder(verify).map_err(library)?;
        match &material.roots {
            Some(roots) => {
                let certificates =
                    X509::stack_from_pem(roots.text.as_bytes()).map_err(|error| roots.unusable(error))?;
                if certificates.is_empty() {
                    return Err(roots.unusable("the file contains no certificate"));
                }
                for certificate in certificates {
                    context.cert_store_mut().add_cert(certificate).map_err(|error| roots.unusable(error))?;
                }
            }
            None if verify != Verify::Nothing => context.set_default_verify_paths().map_err(library)?,
            None => {}
        }
        if let Some([certificate, key]) = &material.identity {
            let chain =
                X509::stack_from_pem(certificate.text.as_bytes()).map_err(|error| certificate.unusable(error))?;
            let mut chain = chain.into_iter();
            let own = chain.next().ok_or_else(|| certificate.unusable("the file contains no certificate"))?;
            context.set_certificate(&own).map_err(|error| certificate.unusable(error))?;
            for authority in chain {
                context.add_extra_chain_cert(authority).map_err(|error| certificate.unusable(error))?;
            }
            // With an empty passphrase, OpenSSL does not ask for one on the terminal.
            let own = PKey::private_key_from_pem_passphrase(key.text.as_bytes(), b"");
            let own = own.map_err(|error| key.unusable(error))?;
            context.set_private_key(&own).map_err(|error| key.unusable(error))?;
        }
        if material.names_protocol {
            context.set_alpn_protos(b"\x0apostgresql").map_err(library)?;
        }
        Ok(Self { context: context.build(), verify })
    }

    /// The state of one session.
    fn session(&self, host: &str) -> Result<Ssl, ErrorStack> {
        let mut ssl = Ssl::new(&self.context)?;
        let address = host.parse::<IpAddr>();
        if address.is_err() {
            ssl.set_hostname(host)?;
        }
        if self.verify == Verify::Host {
            let parameters = ssl.param_mut();
            parameters.set_hostflags(X509CheckFlags::NO_PARTIAL_WILDCARDS);
            match address {
                Ok(address) => parameters.set_ip(address)?,
                Err(_) => parameters.set_host(host)?,
            }
        }
        Ok(ssl)
    }
}

/// Like `SslConnector::builder` of the `openssl` crate, which also reads the system's certificates. As in libpq, the
/// oldest version is TLS 1.2.
fn builder(verify: Verify) -> Result<SslContextBuilder, ErrorStack> {
    let mut context = SslContextBuilder::new(SslMethod::tls_client())?;
    context.set_options(SslOptions::NO_COMPRESSION);
    context.set_mode(
        SslMode::AUTO_RETRY
            | SslMode::ACCEPT_MOVING_WRITE_BUFFER
            | SslMode::ENABLE_PARTIAL_WRITE
            | SslMode::RELEASE_BUFFERS,
    );
    context.set_cipher_list("DEFAULT:!aNULL:!eNULL:!MD5:!3DES:!DES:!RC4:!IDEA:!SEED:!aDSS:!SRP:!PSK")?;
    context.set_min_proto_version(Some(SslVersion::TLS1_2))?;
    context.set_verify(match verify {
        Verify::Nothing => SslVerifyMode::NONE,
        Verify::Authority | Verify::Host => SslVerifyMode::PEER,
    });
    Ok(context)
}

/// Performs the handshake on a socket.
pub(super) async fn handshake(context: &Context, host: &str, socket: Socket) -> Result<Stream, String> {
    let ssl = context.session(host).map_err(|error| error.to_string())?;
    let mut state = Some(Handshake::New(ssl, BufReader::with_capacity(8192, socket)));
    poll_fn(|task| {
        let outcome = match state.take() {
            Some(Handshake::New(ssl, socket)) => ssl.connect(Blocking { socket, waker: task.waker().clone() }),
            Some(Handshake::Begun(mut begun)) => {
                begun.get_mut().waker.clone_from(task.waker());
                begun.handshake()
            }
            None => return Poll::Ready(Err("the handshake is over".to_owned())),
        };
        match outcome {
            Ok(stream) => Poll::Ready(Ok(Stream(stream))),
            Err(HandshakeError::WouldBlock(begun)) => {
                state = Some(Handshake::Begun(begun));
                Poll::Pending
            }
            Err(HandshakeError::SetupFailure(error)) => Poll::Ready(Err(error.to_string())),
            Err(HandshakeError::Failure(failed)) => Poll::Ready(Err(match failed.ssl().verify_result() {
                X509VerifyResult::OK => failed.error().to_string(),
                reason => format!("{} ({reason})", failed.error()),
            })),
        }
    })
    .await
}

enum Handshake {
    New(Ssl, BufReader<Socket>),
    Begun(MidHandshakeSslStream<Blocking>),
}

/// The socket for OpenSSL: a call that would block fails with `WouldBlock`, and the task is woken when it can be
/// repeated.
struct Blocking {
    socket: BufReader<Socket>,
    waker: Waker,
}

impl Blocking {
    fn call<T>(
        &mut self,
        call: impl FnOnce(Pin<&mut BufReader<Socket>>, &mut TaskContext<'_>) -> Poll<io::Result<T>>,
    ) -> io::Result<T> {
        let mut task = TaskContext::from_waker(&self.waker);
        match call(Pin::new(&mut self.socket), &mut task) {
            Poll::Ready(result) => result,
            Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
        }
    }
}

impl Read for Blocking {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let mut buffer = ReadBuf::new(bytes);
        self.call(|socket, task| socket.poll_read(task, &mut buffer))?;
        Ok(buffer.filled().len())
    }
}

impl Write for Blocking {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.call(|socket, task| socket.poll_write(task, bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.call(|socket, task| socket.poll_flush(task))
    }
}

/// An encrypted stream.
pub(crate) struct Stream(SslStream<Blocking>);

impl Stream {
    fn call<T>(
        &mut self,
        task: &TaskContext<'_>,
        call: impl FnOnce(&mut SslStream<Blocking>) -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        self.0.get_mut().waker.clone_from(task.waker());
        match call(&mut self.0) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
            result => Poll::Ready(result),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut TaskContext<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.call(task, |stream| {
            let length = stream.read(buffer.initialize_unfilled())?;
            buffer.advance(length);
            Ok(())
        })
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.call(task, |stream| stream.write(bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        self.call(task, Write::flush)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        self.call(task, |stream| match stream.shutdown() {
            Ok(_) => Ok(()),
            Err(error) if error.code() == ssl::ErrorCode::ZERO_RETURN => Ok(()),
            Err(error) => Err(error.into_io_error().unwrap_or_else(io::Error::other)),
        })
    }
}

impl tls::TlsStream for Stream {
    /// `tls-server-end-point` of RFC 5929: a digest of the server's certificate, with the algorithm that signed it.
    fn channel_binding(&self) -> ChannelBinding {
        let binding = || {
            let certificate = self.0.ssl().peer_certificate()?;
            let algorithm = certificate.signature_algorithm().object().nid().signature_algorithms()?;
            let digest = match algorithm.digest {
                Nid::MD5 | Nid::SHA1 => MessageDigest::sha256(),
                digest => MessageDigest::from_nid(digest)?,
            };
            Some(certificate.digest(digest).ok()?.to_vec())
        };
        binding().map_or_else(ChannelBinding::none, ChannelBinding::tls_server_end_point)
    }
}
