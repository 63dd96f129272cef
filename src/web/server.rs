//! The accept loop: connections, their caps and their time limits. What is asked on them goes to the gate.

use super::crowd::{Crowd, Seat};
use super::gate::Gate;
use super::patience::{IDLE, Patient, Serving, Stage};
use super::problem::Trouble;
use super::visitor::{Proxies, Visitor};
use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use axum::response::IntoResponse;
use futures_util::future::FutureExt;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use hyper_util::server::graceful::GracefulShutdown;
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// Headers of one request at most (SEC-17).
const HEADERS_MAX: usize = 64;
/// Bytes of a request's head at most (SEC-17).
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// How long requests under way may still take once the appliance stops (ST-7).
const FAREWELL: Duration = Duration::from_secs(10);
/// The pause after a failed accept: the process is out of files or memory, and asking at once would only burn.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What one who finds no seat is told. Written as bytes, since no connection is served to say it on.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// What the accept loop needs.
#[derive(Debug)]
pub struct Server {
    /// What answers.
    pub gate: Arc<Gate>,
    /// Who is connected.
    pub crowd: Arc<Crowd>,
    /// Whose forwarding headers are believed.
    pub proxies: Proxies,
}

impl Server {
    /// Takes connections until `stop` comes, then lets those under way end, for ten seconds at most.
    pub async fn run(self: Arc<Server>, listener: TcpListener, stop: impl Future<Output = ()>) {
        let graceful = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut stop => break,
            };
            match accepted {
                Ok((socket, peer)) => self.clone().take(socket, peer, &graceful),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        drop(listener);
        if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
            tracing::warn!("some requests were still under way and were cut off");
        }
    }

    fn take(self: Arc<Server>, socket: TcpStream, peer: SocketAddr, graceful: &GracefulShutdown) {
        let counted = (!self.proxies.trusts(peer.ip())).then_some(peer.ip());
        let Some(seat) = self.crowd.connection(counted) else {
            let _ = socket.try_write(FULL);
            return;
        };
        let _ = socket.set_nodelay(true);
        let stage = Stage::fresh();
        let io = Patient::new(socket, stage.clone());
        let service = service_fn(move |request| {
            let serving = stage.serve();
            let server = self.clone();
            async move { Ok::<_, Infallible>(server.answer(request, peer, serving).await) }
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(IDLE).max_headers(HEADERS_MAX).max_buf_size(HEAD_BYTES_MAX);
        let connection = graceful.watch(builder.serve_connection(io, service));
        tokio::spawn(async move {
            let _seat: Seat = seat;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }

    /// One request; a panic anywhere below becomes a 500 and the connection lives on (ST-9).
    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr, serving: Serving) -> Response<Body> {
        let visitor = self.proxies.visitor(peer.ip(), request.headers());
        let seat = match self.seat(visitor, peer) {
            Ok(seat) => seat,
            Err(trouble) => return trouble.into_response(),
        };
        let answer = AssertUnwindSafe(self.gate.answer(request.map(Body::new), visitor)).catch_unwind().await;
        let response = answer.unwrap_or_else(|_| {
            tracing::error!("a request ended in a panic");
            Trouble::fault().into_response()
        });
        response.map(|body| Body::new(Lasting { body, _until: (serving, seat) }))
    }

    fn seat(&self, visitor: Visitor, peer: SocketAddr) -> Result<Option<Seat>, Trouble> {
        if visitor.ip == peer.ip() {
            return Ok(None);
        }
        self.crowd.request(visitor.ip).map(Some).ok_or_else(Trouble::crowded)
    }
}

/// A body that keeps the request's seat and stage until it is sent or dropped.
struct Lasting {
    body: Body,
    _until: (Serving, Option<Seat>),
}

impl hyper::body::Body for Lasting {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::super::gate::Phase;
    use super::*;
    use axum::Router;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn start(most: usize, per_ip: usize, phase: Phase) -> (SocketAddr, Arc<Server>, tokio::sync::oneshot::Sender<()>) {
        let gate = Arc::new(Gate::starting("The data file is being opened."));
        gate.turn(phase);
        let server = Arc::new(Server { gate, crowd: Crowd::new(most, per_ip), proxies: Proxies::default() });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let stopped = async move {
            let _ = stopped.await;
        };
        tokio::spawn(server.clone().run(listener, stopped));
        (address, server, stop)
    }

    fn routes() -> Router {
        Router::new()
            .route("/", get(|| async { "here" }))
            .route(
                "/panic",
                get(|| async {
                    if true {
                        panic!("on purpose")
                    }
                }),
            )
            .route(
                "/slow",
                get(|| async {
                    tokio::time::sleep(Duration::from_millis(300)).await;
                    "late"
                }),
            )
    }

    async fn ask(address: SocketAddr, bytes: &[u8]) -> String {
        let mut socket = TcpStream::connect(address).await.expect("a connection");
        socket.write_all(bytes).await.expect("written");
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    const CLOSE: &str = "Host: x\r\nConnection: close\r\n\r\n";

    #[tokio::test]
    async fn before_it_is_ready_every_route_is_503_with_the_reason() {
        let (address, server, _stop) = start(9, 9, Phase::Starting("The data file is being opened.".to_owned())).await;
        let answer = ask(address, format!("GET /no/such/thing HTTP/1.1\r\n{CLOSE}").as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after") && answer.contains("being opened"), "{answer}");
        server.gate.turn(Phase::Stopping);
        let answer = ask(address, format!("GET / HTTP/1.1\r\n{CLOSE}").as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    }

    #[tokio::test]
    async fn a_panic_is_a_500_and_the_next_request_is_served() {
        let (address, _server, _stop) = start(9, 9, Phase::Open(routes())).await;
        let answer = ask(address, format!("GET /panic HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n{CLOSE}").as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 500") && answer.ends_with("here"), "{answer}");
    }

    #[tokio::test]
    async fn connections_beyond_the_cap_are_told_so() {
        let (address, server, _stop) = start(9, 2, Phase::Open(routes())).await;
        let _one = TcpStream::connect(address).await.expect("a connection");
        let _two = TcpStream::connect(address).await.expect("a connection");
        while server.crowd.count() < 2 {
            tokio::task::yield_now().await;
        }
        let mut socket = TcpStream::connect(address).await.expect("a connection");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after: 5"), "{answer}");
    }

    #[tokio::test]
    async fn a_head_too_large_or_of_too_many_lines_is_431() {
        let (address, _server, _stop) = start(9, 9, Phase::Open(routes())).await;
        for extra in [format!("X-Long: {}\r\n", "a".repeat(20_000)), "X-Line: 1\r\n".repeat(70)] {
            let answer = ask(address, format!("GET / HTTP/1.1\r\n{extra}{CLOSE}").as_bytes()).await;
            assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
        }
    }

    #[tokio::test]
    async fn a_head_that_dribbles_is_cut_off_after_five_seconds() {
        let (address, _server, _stop) = start(9, 9, Phase::Open(routes())).await;
        let (mut reading, mut writing) = TcpStream::connect(address).await.expect("a connection").into_split();
        let dribble = tokio::spawn(async move {
            while writing.write_all(b"G").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        });
        let mut answer = [0; 64];
        let waiting = tokio::time::timeout(Duration::from_secs(4), reading.read(&mut answer)).await;
        assert!(waiting.is_err(), "it was given four seconds");
        let ended = tokio::time::timeout(Duration::from_secs(3), reading.read(&mut answer)).await;
        assert!(matches!(ended, Ok(Ok(0) | Err(_))), "it was cut off: {ended:?}");
        dribble.abort();
    }

    #[tokio::test]
    async fn what_is_under_way_ends_when_the_appliance_stops() {
        let (address, _server, stop) = start(9, 9, Phase::Open(routes())).await;
        let slow = tokio::spawn(async move { ask(address, format!("GET /slow HTTP/1.1\r\n{CLOSE}").as_bytes()).await });
        tokio::time::sleep(Duration::from_millis(100)).await;
        stop.send(()).expect("still running");
        assert!(slow.await.expect("no panic").ends_with("late"));
    }
}
