//! The Unix socket beside the data: how a command reaches the server that holds the file. One line of JSON each way; only its owner
//! may open it.

use super::failure::{FAILED, Failure};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream as AsyncStream};

/// Bytes of a line at most.
const LINE_MAX: u64 = 256 * 1024;
/// Bytes of an answer at most: a document of everything may be one.
const REPLY_MAX: u64 = 128 * 1024 * 1024;
/// How long a question may take to arrive.
const QUESTION: Duration = Duration::from_secs(5);
/// How long a command waits for the answer to "who": a server that is up says it at once.
const WHO: Duration = Duration::from_secs(2);
/// How long a command waits for a snapshot or a check.
const WORK: Duration = Duration::from_secs(24 * 3600);

/// What a command asks of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Question {
    /// Who holds the file.
    Who,
    /// A snapshot into this file.
    Backup {
        /// An absolute path.
        to: PathBuf,
    },
    /// Verify every record.
    Check,
    /// Take these sets in.
    Import {
        /// Absolute paths.
        files: Vec<PathBuf>,
        /// What is done with what collides; nothing refuses.
        collisions: Option<String>,
        /// Whether what is replaced while it is enabled stays enabled.
        #[serde(default)]
        live: bool,
        /// Whether they are only looked at.
        look: bool,
    },
    /// Flows and quick replies as a document or an archive.
    Export {
        /// Flows by name or id; none is everything.
        flows: Vec<String>,
        /// An absolute path; without it the document is the answer.
        to: Option<PathBuf>,
    },
}

/// What the server answers: lines for standard output, or why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// What to print.
    #[serde(default)]
    pub lines: Vec<String>,
    /// What to say beside, on standard error.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Why it was not done, in a sentence.
    #[serde(default)]
    pub failure: Option<String>,
    /// The exit code that goes with it.
    #[serde(default)]
    pub code: u8,
}

impl Reply {
    /// It was done.
    pub fn done(lines: Vec<String>) -> Reply {
        Reply { lines, notes: Vec::new(), failure: None, code: 0 }
    }

    /// It was not.
    pub fn failed(failure: &Failure) -> Reply {
        Reply { lines: Vec::new(), notes: Vec::new(), failure: Some(failure.to_string()), code: failure.code }
    }

    /// What a command makes of it.
    pub fn into_result(self) -> Result<Reply, Failure> {
        match self.failure {
            None => Ok(self),
            Some(sentence) => Err(Failure { code: self.code.max(FAILED), sentence }),
        }
    }
}

/// Asks the server that holds the file, if there is one: `None` where nobody answers at the socket.
pub fn ask(socket: &Path, question: &Question) -> Option<Result<Vec<String>, Failure>> {
    Some(ask_all(socket, question)?.map(|reply| reply.lines))
}

/// The same, with what is said beside.
pub fn ask_all(socket: &Path, question: &Question) -> Option<Result<Reply, Failure>> {
    let mut stream = UnixStream::connect(socket).ok()?;
    let patience = if *question == Question::Who { WHO } else { WORK };
    let asked = talk(&mut stream, question, patience);
    let broken = |error: std::io::Error| Failure::failed(format!("The running server did not answer ({error})"));
    Some(asked.map_err(broken).and_then(Reply::into_result))
}

fn talk(stream: &mut UnixStream, question: &Question, patience: Duration) -> std::io::Result<Reply> {
    stream.set_read_timeout(Some(patience))?;
    stream.write_all(format!("{}\n", serde_json::to_string(question)?).as_bytes())?;
    let mut line = String::new();
    BufReader::new(stream.take(REPLY_MAX)).read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}

/// Opens the socket, private to its owner. What an earlier server left there goes: who calls this holds the file's lock.
pub fn listen(path: &Path) -> std::io::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Answers questions until dropped.
pub async fn serve<A, F>(listener: UnixListener, answer: A)
where
    A: Fn(Question) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Reply> + Send,
{
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let answer = answer.clone();
                tokio::spawn(async move {
                    if let Err(error) = one(stream, answer).await {
                        tracing::debug!(%error, "a command hung up");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a command could not be heard");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn one<A, F>(stream: AsyncStream, answer: A) -> std::io::Result<()>
where
    A: Fn(Question) -> F,
    F: Future<Output = Reply>,
{
    let (reading, mut writing) = stream.into_split();
    let mut line = String::new();
    tokio::time::timeout(QUESTION, tokio::io::BufReader::new(reading.take(LINE_MAX)).read_line(&mut line)).await??;
    let reply = match serde_json::from_str(&line) {
        Ok(question) => answer(question).await,
        Err(_) => Reply::failed(&Failure::failed("The running server is of another version and does not know this command")),
    };
    writing.write_all(format!("{}\n", serde_json::to_string(&reply)?).as_bytes()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_command_is_answered_and_the_socket_is_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data.sock");
        assert!(ask(&path, &Question::Who).is_none(), "nobody there");
        let listener = listen(&path).expect("a socket");
        assert_eq!(path.metadata().expect("metadata").permissions().mode() & 0o777, 0o600);
        tokio::spawn(serve(listener, |question| async move {
            match question {
                Question::Who => Reply::done(vec!["process 7".to_owned()]),
                _ => Reply::failed(&Failure::unusable("No")),
            }
        }));
        let asked = tokio::task::spawn_blocking(move || (ask(&path, &Question::Who), ask(&path, &Question::Check)));
        let (who, check) = asked.await.expect("no panic");
        assert_eq!(who, Some(Ok(vec!["process 7".to_owned()])));
        assert_eq!(check, Some(Err(Failure::unusable("No."))));
    }

    #[test]
    fn a_socket_left_behind_by_a_killed_server_is_no_server() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data.sock");
        drop(std::os::unix::net::UnixListener::bind(&path).expect("a socket"));
        assert!(path.exists() && ask(&path, &Question::Who).is_none());
    }
}
