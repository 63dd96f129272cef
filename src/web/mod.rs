//! Floor 4: what the world asks by HTTP. Two tables of routes, `public` and `private`; one that is added anywhere is private.

pub mod agenda;
pub mod api;
pub mod ask;
pub mod assets;
pub mod audit;
pub mod auth;
pub mod blueprints;
pub mod broadcasts;
pub mod channels;
pub mod chat;
pub mod checklist;
pub mod contacts;
pub mod counters;
pub mod crowd;
pub mod events;
pub mod flow_counts;
pub mod flow_diff;
pub mod flow_edit;
pub mod flow_map;
pub mod flow_settings;
pub mod flows;
pub mod gate;
pub mod health;
pub mod history;
pub mod hooks;
pub mod imports;
pub mod labels;
pub mod login;
#[cfg(test)]
mod look;
pub mod node_form;
pub mod node_page;
pub mod node_words;
pub mod page;
pub mod panel;
pub mod patience;
pub mod phrase;
pub mod problem;
pub mod quick_replies;
pub mod rehearsal;
pub mod run_changes;
pub mod runs;
pub mod server;
pub mod session;
pub mod settings;
pub mod settings_form;
pub mod setup;
pub mod setup_key;
pub mod simulator;
#[cfg(feature = "test-clock")]
pub mod test_clock;
pub mod throttle;
pub mod undelivered;
pub mod unread;
pub mod visitor;
pub mod words;

use crate::base::limits::{FLOW_BYTES_MAX, FORM_BODY_MAX, HOOK_BODY_MAX, SET_BYTES_MAX};
use crate::base::time::Time;
use crate::executor::Executor;
use crate::store::View;
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use counters::Counters;
use crowd::Crowd;
use problem::Trouble;
use setup_key::SetupKey;
use std::path::PathBuf;
use std::sync::Arc;
use throttle::Throttle;
use tower::ServiceExt;
use visitor::Visitor;

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    /// Where decisions become deeds.
    pub executor: Executor,
    /// What was counted since the start.
    pub counters: Arc<Counters>,
    /// Who is connected.
    pub crowd: Arc<Crowd>,
    /// What the command line said.
    pub place: Arc<Place>,
    /// What opens the set-up page while there is no owner.
    pub setup_key: Arc<SetupKey>,
    /// How often a login may be tried.
    pub throttle: Arc<Throttle>,
    /// Files that were chosen for an import and wait for an answer.
    pub uploads: Arc<imports::Uploads>,
    /// Which pages are told of changes.
    pub streams: Arc<events::Streams>,
}

/// Where this appliance stands in the world.
#[derive(Clone, Debug)]
pub struct Place {
    /// The address under which providers reach it, without a slash at its end.
    pub public_url: Option<String>,
    /// The address it listens on, as `http://127.0.0.1:8080`.
    pub listens_on: String,
    /// The folder for snapshots.
    pub backups: PathBuf,
    /// When the program began.
    pub started: Time,
}

impl Place {
    /// The address that a provider, or this visitor, can use: the channel's own, the flag's, or else the one that was listened on.
    pub fn base_url<'p>(&'p self, own: Option<&'p str>) -> &'p str {
        own.or(self.public_url.as_deref()).unwrap_or(&self.listens_on).trim_end_matches('/')
    }
}

impl Web {
    /// Reads from one consistent view, on a thread that may wait for the disk.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&View) -> Result<T, crate::executor::refusal::Refusal> + Send + 'static,
    ) -> Result<T, Trouble> {
        let executor = self.executor.clone();
        let done = tokio::task::spawn_blocking(move || read(&executor.view()?)).await;
        done.map_err(|_| Trouble::fault())?.map_err(Trouble::from)
    }
}

/// All routes.
pub fn router(web: Web) -> Router {
    let routes = Router::new()
        .merge(public(&web))
        .merge(private(&web))
        .fallback(|| async { Trouble::not_found("address") })
        .method_not_allowed_fallback(|| async {
            let detail = "This address knows other methods. The Allow header names them.";
            Trouble::new(axum::http::StatusCode::METHOD_NOT_ALLOWED, "Not this way", detail)
        })
        .layer(from_fn_with_state(web.clone(), panel::speak))
        .layer(from_fn(dress))
        .with_state(web);
    // A form knows only two methods: the third is read off the address before a route is chosen.
    Router::new().fallback_service(routes.map_request(panel::method_of_form))
}

/// What anybody may ask.
fn public(web: &Web) -> Router<Web> {
    let hooks = Router::new().route("/hooks/{token}", get(hooks::receive).post(hooks::receive));
    // The framework's own limit is lower than a webhook's; `take_hook` keeps the right one.
    let hooks = hooks.route_layer(DefaultBodyLimit::disable()).route_layer(from_fn_with_state(web.clone(), take_hook));
    let others = Router::new().route("/health", get(health::health)).route("/start/{token}", post(hooks::start));
    let others = others.nest("/api/v1", api::public());
    #[cfg(feature = "test-clock")]
    let others = others.route("/test/clock", get(test_clock::show).post(test_clock::advance));
    let others = others.merge(panel::public().router).route_layer(from_fn(take_form));
    hooks.merge(others).route("/assets/{digest}/{name}", get(assets::get))
}

/// What only those may ask who are known: programs by a key, people by a session.
fn private(web: &Web) -> Router<Web> {
    let with_key = Router::new().nest("/api/v1", api::routes()).route("/metrics", get(health::metrics));
    let with_key = with_key.route_layer(from_fn(take_form)).route_layer(from_fn_with_state(web.clone(), auth::need_key));
    let pages = panel::private().router.route_layer(DefaultBodyLimit::disable());
    with_key.merge(pages.route_layer(from_fn_with_state(web.clone(), session::need_login)))
}

async fn take_hook(State(web): State<Web>, request: Request, next: Next) -> Result<Response, Trouble> {
    let answer = ask::buffer(HOOK_BODY_MAX, request, next).await;
    web.counters.hook(answer.as_ref().map_or_else(|trouble| trouble.status, Response::status));
    answer
}

async fn take_form(path: Option<MatchedPath>, request: Request, next: Next) -> Result<Response, Trouble> {
    let most = match path.as_ref().map(MatchedPath::as_str) {
        Some("/api/v1/flows" | "/api/v1/flows/{id}") => FLOW_BYTES_MAX,
        Some("/api/v1/imports") => SET_BYTES_MAX,
        _ => FORM_BODY_MAX,
    };
    ask::take_body(most, request, next).await
}

/// The content security policy of every page (panel.md 2).
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types flusso";

/// Gives every answer the headers that keep a browser careful (SEC-6). One that says how long it may be kept keeps that.
async fn dress(visitor: Option<axum::Extension<Visitor>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let secure = visitor.is_some_and(|axum::Extension(visitor)| visitor.secure);
    careful(response.headers_mut(), secure);
    response
}

/// The headers that keep a browser careful.
fn careful(headers: &mut HeaderMap, secure: bool) {
    let mut set = |name, value| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(CONTENT_SECURITY_POLICY, POLICY);
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER_POLICY, "same-origin");
    set(CACHE_CONTROL, "no-store");
    if secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

#[cfg(test)]
mod tests {
    use crate::model::operator::{By, Scope};
    use crate::store::Store;
    use crate::store::seal::SealKey;
    use crate::web::*;
    use axum::body::Body;
    use axum::http::{Method, StatusCode};
    use tower::ServiceExt;

    async fn appliance() -> Web {
        let store = Store::memory().expect("a store");
        let (executor, _running) = Executor::start(store, SealKey::new([7; 32])).await.expect("an executor");
        let place = Place { public_url: None, listens_on: String::new(), backups: PathBuf::new(), started: executor.now() };
        let setup_key = Arc::new(SetupKey::fresh().expect("a key"));
        let (crowd, place) = (Crowd::new(9, 9), Arc::new(place));
        Web {
            executor,
            counters: Arc::default(),
            crowd,
            place,
            setup_key,
            throttle: Arc::default(),
            uploads: Arc::default(),
            streams: Arc::default(),
        }
    }

    async fn ask(web: &Web, method: &Method, path: &str, key: &str) -> StatusCode {
        let request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {key}"));
        let request = request.body(Body::empty()).expect("a request");
        router(web.clone()).oneshot(request).await.map_or(StatusCode::IM_A_TEAPOT, |answer| answer.status())
    }

    #[tokio::test]
    async fn a_key_opens_what_its_scopes_say_and_nothing_else() {
        let web = appliance().await;
        for scope in Scope::ALL {
            let made = web.executor.create_api_key(By::System, "k", vec![scope], None).await;
            let key = made.expect("a key").1;
            for (need, method, path) in [
                (Scope::Read, Method::GET, "/api/v1/contacts"),
                (Scope::Read, Method::GET, "/api/v1/settings"),
                (Scope::Read, Method::GET, "/metrics"),
                (Scope::Admin, Method::GET, "/api/v1/backup"),
                (Scope::Contacts, Method::POST, "/api/v1/contacts"),
                (Scope::Contacts, Method::PATCH, "/api/v1/contacts/1"),
                (Scope::Contacts, Method::DELETE, "/api/v1/contacts/1"),
                (Scope::Contacts, Method::POST, "/api/v1/contacts/1/messages"),
                (Scope::Trigger, Method::POST, "/api/v1/flows/1/runs"),
                (Scope::Admin, Method::POST, "/api/v1/flows"),
                (Scope::Admin, Method::DELETE, "/api/v1/flows/1"),
                (Scope::Admin, Method::PATCH, "/api/v1/settings"),
                (Scope::Admin, Method::PATCH, "/api/v1/runs/1"),
                (Scope::Admin, Method::DELETE, "/api/v1/outbox/1"),
            ] {
                let refused = ask(&web, &method, path, key.reveal()).await == StatusCode::FORBIDDEN;
                assert_eq!(refused, need != scope, "{method} {path} with {scope:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_key_that_expired_or_was_withdrawn_opens_nothing() {
        let web = appliance().await;
        let make = |expires| web.executor.create_api_key(By::System, "k", vec![Scope::Read], expires);
        let (key, secret) = make(None).await.expect("a key");
        assert_eq!(ask(&web, &Method::GET, "/api/v1/flows", secret.reveal()).await, StatusCode::OK);
        web.executor.delete_api_key(By::System, key.id).await.expect("withdrawn");
        assert_eq!(ask(&web, &Method::GET, "/api/v1/flows", secret.reveal()).await, StatusCode::UNAUTHORIZED);
        let (_, old) = make(Some(web.executor.now())).await.expect("a key");
        assert_eq!(ask(&web, &Method::GET, "/api/v1/flows", old.reveal()).await, StatusCode::UNAUTHORIZED);
    }
}
