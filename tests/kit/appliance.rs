//! The built binary, as its owner runs it: a folder, a process, an address, a key.
#![allow(dead_code, reason = "a kit offers more than today's tests take")]
#![allow(clippy::disallowed_methods, reason = "tests of the built binary live in real time")]

use super::client::{self, Answer};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PASSWORD: &str = "corretto cavallo batteria";

/// The binary with these arguments and none of the caller's settings, in this folder.
pub fn flusso(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flusso"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("FLUSSO_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    command
}

/// What a command that ends by itself said, and its exit code.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs a command that ends by itself.
pub fn run(folder: &Path, arguments: &[&str]) -> Said {
    let Output { status, stdout, stderr } = flusso(folder, arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Said { code: status.code(), out: text(stdout), err: text(stderr) }
}

/// A running appliance. It is killed when dropped.
pub struct Appliance {
    folder: Option<TempDir>,
    path: PathBuf,
    child: Child,
    pub address: SocketAddr,
    pub key: String,
    /// What it printed until it was ready, and from then on.
    said: mpsc::Receiver<String>,
    flags: Vec<String>,
}

impl Appliance {
    /// A new one, furnished by `init`.
    pub fn start() -> Appliance {
        Appliance::start_with(&[])
    }

    /// The same, with more flags for `serve`.
    pub fn start_with(flags: &[&str]) -> Appliance {
        let folder = tempfile::tempdir().unwrap();
        let key = init(folder.path());
        Appliance::serve(folder, key, flags)
    }

    /// A new one that nobody has set up.
    pub fn start_bare() -> Appliance {
        Appliance::serve(tempfile::tempdir().unwrap(), String::new(), &[])
    }

    /// One in a folder that was furnished already.
    pub fn start_in(folder: TempDir) -> Appliance {
        let key = std::fs::read_to_string(folder.path().join("api.key")).unwrap_or_default().trim().to_owned();
        Appliance::serve(folder, key, &[])
    }

    fn serve(folder: TempDir, key: String, flags: &[&str]) -> Appliance {
        let flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        let (child, said, address) = spawn(folder.path(), &flags);
        Appliance { path: folder.path().to_owned(), folder: Some(folder), child, address, key, said, flags }
    }

    /// The folder it lives in; the data is `flusso.redb`.
    pub fn folder(&self) -> &Path {
        &self.path
    }

    pub fn data(&self) -> PathBuf {
        self.path.join("flusso.redb")
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The next line it prints, if one comes within a second.
    pub fn line(&self) -> Option<String> {
        self.said.recv_timeout(Duration::from_secs(1)).ok()
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Kills it and starts it again, at another port.
    pub fn kill_and_restart(&mut self) {
        self.kill();
        (self.child, self.said, self.address) = spawn(&self.path, &self.flags);
    }

    /// Tells it to stop by this signal, and waits: exit code and how long it took.
    pub fn stop(&mut self, signal: &str) -> (Option<i32>, Duration) {
        let began = Instant::now();
        Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status().unwrap();
        let status = self.child.wait().unwrap();
        (status.code(), began.elapsed())
    }

    /// Any request, with nothing added.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        client::send(self.address, method, path, headers, body).unwrap()
    }

    /// A call of the API with this key.
    pub fn call_with(&self, key: &str, method: &str, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {key}");
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.ask(method, &format!("/api/v1{path}"), &[("Authorization", &bearer), ("Content-Type", "application/json")], &bytes)
    }

    /// A call of the API with the key of `init`.
    pub fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.call_with(&self.key, method, path, body)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &Value::Null)
    }

    /// A POST that repeats nothing under this Idempotency-Key.
    pub fn post_once(&self, path: &str, once: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.key);
        let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", once)];
        self.ask("POST", &format!("/api/v1{path}"), &headers, body.to_string().as_bytes())
    }

    /// The items of a list, all of its pages.
    pub fn all(&self, path: &str) -> Vec<Value> {
        let (mut items, mut after) = (Vec::new(), None::<String>);
        loop {
            let mark = if path.contains('?') { '&' } else { '?' };
            let page = match &after {
                None => self.get(path),
                Some(after) => self.get(&format!("{path}{mark}after={after}")),
            };
            let page = page.expect(200);
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => after = Some(next.to_owned()),
                None => return items,
            }
        }
    }

    /// Connects a simulator; its id and the path of its webhook.
    pub fn simulator(&self, name: &str) -> (String, String) {
        let channel = self.call("POST", "/channels", &serde_json::json!({"kind": "simulator", "name": name})).expect(201);
        let path = channel["hook_url"].as_str().unwrap().split_once("/hooks/").unwrap().1.to_owned();
        (channel["id"].as_str().unwrap().to_owned(), format!("/hooks/{path}"))
    }

    /// Lets a simulated person say something.
    pub fn say(&self, hook: &str, contact: &str, text: &str) -> Answer {
        let bearer = format!("Bearer {}", self.key);
        let body = serde_json::json!({"contact": contact, "text": text}).to_string();
        self.ask("POST", hook, &[("Authorization", &bearer)], body.as_bytes())
    }

    /// Asks again and again until `good` says so, for ten seconds.
    #[track_caller]
    pub fn wait_for(&self, path: &str, good: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let answer = self.get(path).json();
            if good(&answer) {
                return answer;
            }
            assert!(began.elapsed() < Duration::from_secs(10), "{path} stays {answer}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Appliance {
    fn drop(&mut self) {
        self.kill();
        drop(self.folder.take());
    }
}

/// Furnishes a folder by `init`; the key of the API.
pub fn init(folder: &Path) -> String {
    std::fs::write(folder.join("password"), format!("{PASSWORD}\n")).unwrap();
    let said = run(folder, &["init", "--owner", "Ada", "--password-file", "password", "--api-key-file", "api.key"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    std::fs::read_to_string(folder.join("api.key")).unwrap().trim().to_owned()
}

fn spawn(folder: &Path, flags: &[String]) -> (Child, mpsc::Receiver<String>, SocketAddr) {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("log")).unwrap();
    let mut command = flusso(folder, &["serve", "--listen", "127.0.0.1:0"]);
    let mut child = command.args(flags).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let out = child.stdout.take().unwrap();
    let (say, said) = mpsc::channel();
    std::thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| say.send(line)));
    let line = said.recv_timeout(Duration::from_secs(20)).unwrap_or_else(|_| {
        let _ = child.kill();
        panic!("not ready: {}", std::fs::read_to_string(folder.join("log")).unwrap_or_default());
    });
    let address = line.strip_prefix("Listening on http://").and_then(|address| address.parse().ok());
    (child, said, address.unwrap_or_else(|| panic!("it said {line:?}")))
}
