//! A WhatsApp that is not there: answers sends on loopback by a script, remembers them, and signs webhooks as Meta does.
#![allow(dead_code, reason = "a kit offers more than today's tests take")]
#![allow(clippy::disallowed_methods, reason = "tests of the built binary live in real time")]

use hmac::{Hmac, KeyInit, Mac};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// One request that arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; null where it is no JSON.
    pub json: Value,
    /// Since the provider was started.
    pub at: Duration,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What a text, or the text above buttons or a list, says.
    pub fn text(&self) -> &str {
        let at = ["/text/body", "/interactive/body/text"];
        at.into_iter().find_map(|at| self.json.pointer(at)?.as_str()).unwrap_or_default()
    }

    /// Whom it is for.
    pub fn to(&self) -> &str {
        self.json["to"].as_str().or(self.json["recipient"].as_str()).unwrap_or_default()
    }

    /// The payloads of its buttons or rows, in order.
    pub fn payloads(&self) -> Vec<String> {
        let buttons = self.json.pointer("/interactive/action/buttons").and_then(Value::as_array).into_iter().flatten();
        let sections = self.json.pointer("/interactive/action/sections").and_then(Value::as_array).into_iter().flatten();
        let rows = sections.flat_map(|section| section["rows"].as_array().into_iter().flatten());
        buttons
            .map(|button| &button["reply"]["id"])
            .chain(rows.map(|row| &row["id"]))
            .map(|id| id.as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

/// How a request is answered.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Accepted, under the id `wamid.fake.N`, N counted from 1.
    Ok,
    /// Refused with a status and a code of Meta's table.
    Reject(u16, i64),
    /// 429 with a code, and a Retry-After in seconds where given.
    Throttle(i64, Option<u32>),
    /// The request is taken and recorded, then the connection closed without an answer.
    Drop,
    /// Accepted after this long.
    Slow(Duration),
    /// Any status and body.
    Raw(u16, String),
}

struct State {
    seen: Vec<Seen>,
    script: VecDeque<Reply>,
    otherwise: Reply,
    accepted: usize,
}

struct Shared {
    state: Mutex<State>,
    arrived: Condvar,
    started: Instant,
}

/// A running fake. It stops when dropped.
pub struct FakeProvider {
    base_url: String,
    shared: Arc<Shared>,
    _runtime: tokio::runtime::Runtime,
}

impl FakeProvider {
    /// Listens on a free port of loopback and accepts everything.
    pub fn start() -> FakeProvider {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let state = State { seen: Vec::new(), script: VecDeque::new(), otherwise: Reply::Ok, accepted: 0 };
        let shared = Arc::new(Shared { state: Mutex::new(state), arrived: Condvar::new(), started: Instant::now() });
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(accept(listener, Arc::clone(&shared)));
        FakeProvider { base_url, shared, _runtime: runtime }
    }

    /// For the channel's `base_url`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The next request not yet spoken for is answered so; later ones as told later, then as `always` says.
    pub fn then(&self, reply: Reply) {
        self.shared.state.lock().unwrap().script.push_back(reply);
    }

    /// What requests beyond the script are answered.
    pub fn always(&self, reply: Reply) {
        self.shared.state.lock().unwrap().otherwise = reply;
    }

    /// All requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.state.lock().unwrap().seen.clone()
    }

    /// All requests once there are `count`. Panics with what did arrive when they do not come in time.
    pub fn wait_for(&self, count: usize, timeout: Duration) -> Vec<Seen> {
        let state = self.shared.state.lock().unwrap();
        let (state, _) = self.shared.arrived.wait_timeout_while(state, timeout, |state| state.seen.len() < count).unwrap();
        let texts: Vec<String> = state.seen.iter().map(|seen| format!("{} to {}: {:?}", seen.path, seen.to(), seen.text())).collect();
        assert!(state.seen.len() >= count, "{count} requests were to come within {timeout:?}, {} came: {texts:#?}", texts.len());
        state.seen.clone()
    }

    /// Panics when there are more than `count` requests after `pause`.
    pub fn stays_at(&self, count: usize, pause: Duration) {
        std::thread::sleep(pause);
        let seen = self.seen();
        assert!(seen.len() <= count, "more than {count} requests came: {:#?}", &seen[count..]);
    }
}

async fn accept(listener: tokio::net::TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(request, Arc::clone(&shared)));
            // An error here is a dropped connection, which the script may have asked for.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> io::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let named = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let seen = Seen {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        headers: head.headers.iter().map(named).collect(),
        json: serde_json::from_slice(&body).unwrap_or(Value::Null),
        at: shared.started.elapsed(),
    };
    let to = seen.to().to_owned();
    let reply = record(&shared, seen);
    if let Reply::Slow(pause) = reply {
        tokio::time::sleep(pause).await;
    }
    match reply {
        Reply::Ok | Reply::Slow(_) => Ok(accepted(&shared, &to)),
        Reply::Reject(status, code) => Ok(response(status, None, error(code).to_string())),
        Reply::Throttle(code, after) => Ok(response(429, after, error(code).to_string())),
        Reply::Drop => Err(io::Error::other("the script closes the connection")),
        Reply::Raw(status, body) => Ok(response(status, None, body)),
    }
}

fn record(shared: &Shared, seen: Seen) -> Reply {
    let mut state = shared.state.lock().unwrap();
    state.seen.push(seen);
    shared.arrived.notify_all();
    let otherwise = state.otherwise.clone();
    state.script.pop_front().unwrap_or(otherwise)
}

fn accepted(shared: &Shared, to: &str) -> Response<Full<Bytes>> {
    let number = {
        let mut state = shared.state.lock().unwrap();
        state.accepted += 1;
        state.accepted
    };
    let body = json!({
        "messaging_product": "whatsapp",
        "contacts": [{ "input": to, "wa_id": to }],
        "messages": [{ "id": format!("wamid.fake.{number}") }],
    });
    response(200, None, body.to_string())
}

fn error(code: i64) -> Value {
    json!({ "error": { "message": format!("(#{code}) scripted"), "type": "OAuthException", "code": code, "fbtrace_id": "AbCdEf" } })
}

fn response(status: u16, retry_after: Option<u32>, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response.headers_mut().insert("content-type", "application/json".parse().unwrap());
    if let Some(seconds) = retry_after {
        response.headers_mut().insert("retry-after", seconds.into());
    }
    response
}

/// The value of `X-Hub-Signature-256` over a body.
pub fn signature(app_secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(app_secret.as_bytes()).unwrap();
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// Seconds since 1970, for the time of a message that is new.
pub fn now_secs() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// An inbound text, to be put into a `webhook`.
pub fn text(id: &str, from: &str, words: &str) -> Value {
    json!({ "from": from, "id": id, "timestamp": now_secs().to_string(), "type": "text", "text": { "body": words } })
}

/// The press of a reply button, to be put into a `webhook`.
pub fn button_reply(id: &str, from: &str, payload: &str, title: &str) -> Value {
    let interactive = json!({ "type": "button_reply", "button_reply": { "id": payload, "title": title } });
    json!({ "from": from, "id": id, "timestamp": now_secs().to_string(), "type": "interactive", "interactive": interactive })
}

/// The press of a list's row, to be put into a `webhook`.
pub fn list_reply(id: &str, from: &str, payload: &str, title: &str) -> Value {
    let interactive = json!({ "type": "list_reply", "list_reply": { "id": payload, "title": title } });
    json!({ "from": from, "id": id, "timestamp": now_secs().to_string(), "type": "interactive", "interactive": interactive })
}

/// A status of a message of ours, to be put into a `webhook`; `ours` is what we sent as `biz_opaque_callback_data`.
pub fn status(provider_id: &str, recipient: &str, word: &str, ours: Option<&str>) -> Value {
    let mut status = json!({ "id": provider_id, "status": word, "timestamp": now_secs().to_string(), "recipient_id": recipient });
    if let Some(ours) = ours {
        status["biz_opaque_callback_data"] = json!(ours);
    }
    status
}

/// The body of a webhook with these messages and statuses. Every sender is called `Person` and their last four digits; the body
/// spells letters beyond ASCII and slashes as Meta does.
pub fn webhook(phone_number_id: &str, messages: &[Value], statuses: &[Value]) -> Vec<u8> {
    let contact = |from: &str| json!({ "profile": { "name": format!("Person {}", &from[from.len().saturating_sub(4)..]) }, "wa_id": from });
    let mut senders: Vec<&str> = messages.iter().filter_map(|message| message["from"].as_str()).collect();
    senders.dedup();
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "393510001111", "phone_number_id": phone_number_id },
    });
    if !messages.is_empty() {
        value["contacts"] = senders.into_iter().map(contact).collect();
        value["messages"] = messages.into();
    }
    if !statuses.is_empty() {
        value["statuses"] = statuses.into();
    }
    let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "102290129340398", "changes": [{ "field": "messages", "value": value }] }] });
    as_meta_spells(&body.to_string())
}

fn as_meta_spells(json: &str) -> Vec<u8> {
    let mut spelled = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '/' => spelled.push_str("\\/"),
            c if c.is_ascii() => spelled.push(c),
            c => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| spelled.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    spelled.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    fn post(fake: &FakeProvider, body: &str) -> String {
        let mut stream = TcpStream::connect(fake.base_url().trim_start_matches("http://")).unwrap();
        let head = format!("POST /v26.0/1/messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer
    }

    #[test]
    fn the_fake_answers_by_its_script_and_remembers() {
        let fake = FakeProvider::start();
        fake.then(Reply::Reject(400, 131047));
        fake.then(Reply::Throttle(130429, Some(7)));
        fake.then(Reply::Drop);
        fake.then(Reply::Slow(Duration::from_millis(50)));
        let ciao = r#"{"to":"393331234567","text":{"body":"ciao"}}"#;
        assert!(post(&fake, ciao).starts_with("HTTP/1.1 400"));
        let slow_down = post(&fake, ciao);
        assert!(slow_down.starts_with("HTTP/1.1 429") && slow_down.contains("retry-after: 7"), "{slow_down}");
        assert_eq!(post(&fake, ciao), "");
        assert!(post(&fake, ciao).contains("wamid.fake.1"));
        assert!(post(&fake, ciao).contains("wamid.fake.2"));
        let seen = fake.wait_for(5, Duration::from_secs(5));
        assert_eq!((seen[0].path.as_str(), seen[2].text(), seen[2].to()), ("/v26.0/1/messages", "ciao", "393331234567"));
        assert!(seen.windows(2).all(|pair| pair[0].at <= pair[1].at));
        fake.stays_at(5, Duration::from_millis(10));
    }

    #[test]
    fn a_webhook_is_spelled_as_meta_spells() {
        let body = String::from_utf8(webhook("1", &[text("wamid.1", "393331234567", "perché 😀 a/b")], &[])).unwrap();
        assert!(body.contains(r"perch\u00e9 \ud83d\ude00 a\/b"), "{body}");
        assert_eq!(
            signature("app-secret-1", br#"{"t":"a\u00e7\u00e3o"}"#),
            "sha256=e29952ad0fbd87fe4f061555ccab3c3a3ec0a830ab45275c6378e09fa8d792ec"
        );
    }
}
