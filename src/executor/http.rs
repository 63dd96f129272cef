//! The one outgoing HTTP client. Every address is checked when it is known, and the address checked is the one connected to.

#![allow(clippy::disallowed_types)]

use super::guard::{self, Reach};
use crate::base::limits::{ANSWER_BODY_MAX, REDIRECTS_MAX};
use crate::base::time::Span;
use crate::provider::http::{Answer, Failure, Request};
use hickory_resolver::TokioResolver;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{AUTHORIZATION, COOKIE, LOCATION};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// How long a connection may take to stand.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The client. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Http {
    public: reqwest::Client,
    anywhere: reqwest::Client,
}

/// The client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be made: {0}")]
pub struct HttpError(String);

/// How a request ended.
#[derive(Debug)]
pub enum Reply {
    /// It was answered.
    Answered(Answer),
    /// It was not.
    Failed(Failure),
    /// It was not made: the guard says why, in words.
    Forbidden(String),
}

impl Http {
    /// Makes the client. Names are resolved by its own resolver, from the machine's configuration.
    pub fn new() -> Result<Http, HttpError> {
        let resolver = TokioResolver::builder_tokio().and_then(|builder| builder.build()).map_err(|error| HttpError(error.to_string()));
        let resolver = match resolver {
            Ok(resolver) => Some(Arc::new(resolver)),
            Err(error) => {
                tracing::warn!(%error, "no names can be resolved; addresses in numbers still work");
                None
            }
        };
        let client = |private: bool| {
            reqwest::Client::builder()
                .tls_backend_preconfigured(tls()?)
                .dns_resolver(Arc::new(Names { resolver: resolver.clone(), private }))
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .connect_timeout(CONNECT_TIMEOUT)
                .pool_idle_timeout(Duration::from_secs(30))
                .user_agent(concat!("flusso/", env!("CARGO_PKG_VERSION")))
                .build()
                .map_err(|error| HttpError(error.to_string()))
        };
        Ok(Http { public: client(false)?, anywhere: client(true)? })
    }

    /// Makes a request to a provider. Redirects are not followed.
    pub async fn send(&self, request: &Request, reach: &Reach, timeout: Span) -> Reply {
        match Url::parse(&request.url) {
            Ok(url) => within(timeout, self.once(request, &url, reach, false)).await,
            Err(_) => Reply::Forbidden("it is not an address that starts with http:// or https://".to_owned()),
        }
    }

    /// Makes a request of a flow. Up to three redirects are followed, each checked anew; secrets stay behind where the host changes.
    pub async fn call(&self, request: &Request, reach: &Reach, timeout: Span) -> Reply {
        within(timeout, self.follow(request, reach)).await
    }

    async fn follow(&self, request: &Request, reach: &Reach) -> Reply {
        let Ok(mut url) = Url::parse(&request.url) else {
            return Reply::Forbidden("it is not an address that starts with http:// or https://".to_owned());
        };
        let mut strip = false;
        for _ in 0..=REDIRECTS_MAX {
            let reply = self.once(request, &url, reach, strip).await;
            let Reply::Answered(answer) = &reply else { return reply };
            let Some(next) = redirect(answer, &url) else { return reply };
            if !matches!(answer.status, 307 | 308) && request.method != crate::model::node::Method::Get {
                return reply;
            }
            strip |= next.origin() != url.origin();
            url = next;
        }
        Reply::Forbidden("it leads from one address to another without end".to_owned())
    }

    async fn once(&self, request: &Request, url: &Url, reach: &Reach, strip: bool) -> Reply {
        if let Some(why) = guard::refusal(url, reach) {
            return Reply::Forbidden(why);
        }
        let client = if reach.allows_private(url) { &self.anywhere } else { &self.public };
        let Ok(method) = reqwest::Method::from_bytes(request.method.word().as_bytes()) else {
            return Reply::Forbidden("the method is none of HTTP's".to_owned());
        };
        let mut building = client.request(method, url.clone()).body(request.body.clone());
        for (name, value) in &request.headers {
            let secret = name.eq_ignore_ascii_case(AUTHORIZATION.as_str()) || name.eq_ignore_ascii_case(COOKIE.as_str());
            if !(strip && secret) {
                building = building.header(name, value.reveal());
            }
        }
        match building.send().await {
            Ok(response) => read(response).await,
            Err(error) => failed(&error),
        }
    }
}

async fn within(timeout: Span, work: impl Future<Output = Reply>) -> Reply {
    tokio::time::timeout(timeout.to_std(), work).await.unwrap_or(Reply::Failed(Failure::TimedOut))
}

fn redirect(answer: &Answer, url: &Url) -> Option<Url> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(LOCATION.as_str()))?;
    url.join(&location.1).ok()
}

async fn read(mut response: reqwest::Response) -> Reply {
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect();
    let mut answer = Answer { status: response.status().as_u16(), headers, body: Vec::new() };
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if answer.body.len() + chunk.len() <= ANSWER_BODY_MAX => answer.body.extend_from_slice(&chunk),
            Ok(Some(_)) => return Reply::Failed(Failure::Broke("the answer is larger than 1 MiB".to_owned())),
            Ok(None) => return Reply::Answered(answer),
            Err(error) => return failed(&error),
        }
    }
}

/// What an error means for the message: whether a byte of it left decides (OUT-3).
fn failed(error: &reqwest::Error) -> Reply {
    let words = innermost(error);
    if words.contains(FORBIDDEN) {
        return Reply::Forbidden(words);
    }
    if error.is_connect() || error.is_builder() {
        return Reply::Failed(Failure::NeverLeft(words));
    }
    Reply::Failed(if error.is_timeout() { Failure::TimedOut } else { Failure::Broke(words) })
}

/// The last of a chain of errors: the others repeat the address, which may hold a token.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

/// Marks the refusals of `Names` among the errors of a connection.
const FORBIDDEN: &str = "lies in a private network";

fn tls() -> Result<rustls::ClientConfig, HttpError> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(versions.map_err(|error| HttpError(error.to_string()))?.with_root_certificates(roots).with_no_client_auth())
}

/// Resolves names, and gives the client no address that it may not reach.
struct Names {
    resolver: Option<Arc<TokioResolver>>,
    private: bool,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, private) = (self.resolver.clone(), self.private);
        Box::pin(async move {
            let resolver = resolver.ok_or("this machine has no name servers")?;
            let found: Vec<_> = resolver.lookup_ip(name.as_str()).await?.iter().collect();
            if let Some(inside) = found.iter().find(|ip| !private && !guard::is_public(**ip)) {
                return Err(guard::private(inside).into());
            }
            let addresses: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}
