//! A socket that loses patience: with a request whose head does not arrive, and with a reader who does not read (SEC-17).

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// How long the head of a request may take from its first byte.
pub const HEAD: Duration = Duration::from_secs(5);
/// How long a connection may stay open with nothing asked.
pub const IDLE: Duration = Duration::from_secs(30);
/// How long a reader may take nothing of an answer.
pub const WRITE: Duration = Duration::from_secs(30);

const QUIET: u8 = 0;
const HEADING: u8 = 1;
const SERVING: u8 = 2;

/// Where a connection stands between its requests.
#[derive(Clone, Debug, Default)]
pub struct Stage(Arc<AtomicU8>);

impl Stage {
    /// A connection from which a request is due at once.
    pub fn fresh() -> Stage {
        Stage(Arc::new(AtomicU8::new(HEADING)))
    }

    /// The head of a request is complete; the stage lasts until the answer is gone.
    pub fn serve(&self) -> Serving {
        self.0.store(SERVING, Ordering::Relaxed);
        Serving(self.clone())
    }
}

/// A request under way. Dropped with its answer, and then the connection is quiet.
#[derive(Debug)]
pub struct Serving(Stage);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.0.store(QUIET, Ordering::Relaxed);
    }
}

/// The socket.
pub struct Patient {
    socket: TokioIo<TcpStream>,
    stage: Stage,
    head: Option<Pin<Box<Sleep>>>,
    write: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    /// Keeps an eye on `socket`.
    pub fn new(socket: TcpStream, stage: Stage) -> Patient {
        Patient { socket: TokioIo::new(socket), stage, head: None, write: None }
    }

    fn head_is_late(&mut self, cx: &mut Context<'_>) -> bool {
        if self.stage.0.load(Ordering::Relaxed) != HEADING {
            self.head = None;
            return false;
        }
        self.head.get_or_insert_with(|| Box::pin(sleep(HEAD))).as_mut().poll(cx).is_ready()
    }

    fn watched<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.write = None;
            return written;
        }
        match self.write.get_or_insert_with(|| Box::pin(sleep(WRITE))).as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl Read for Patient {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.socket).poll_read(cx, into);
        if read.is_ready() {
            if self.stage.0.compare_exchange(QUIET, HEADING, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
                self.head = None;
            }
            return read;
        }
        if self.head_is_late(cx) { Poll::Ready(Err(io::ErrorKind::TimedOut.into())) } else { Poll::Pending }
    }
}

impl Write for Patient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(cx, bytes);
        self.watched(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.socket).poll_flush(cx);
        self.watched(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(cx, parts);
        self.watched(cx, written)
    }
}
