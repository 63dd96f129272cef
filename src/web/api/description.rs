//! `/openapi.json`: what the API is, for programs that write its clients (OpenAPI 3.1). One table of calls; what is sent is described by
//! the very types that read it.

use super::{broadcasts, call_secrets, channels, contacts, run_actions, run_changes, runs, segments, starts};
use crate::model::quick_reply::QuickReply;
use crate::model::schema::described_by;
use crate::model::segment::Segment;
use crate::web::auth::{scope_of, word};
use crate::web::problem::Trouble;
use axum::Json;
use axum::http::Method;
use serde_json::{Map, Value};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApiBuilder, PathsBuilder, Ref, Required, ResponseBuilder};

/// What a call is told in its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Body {
    Nothing,
    /// A type of the components, by its name.
    Of(&'static str),
    /// A flow document, described by `/schema/flow.json`.
    Flow,
    /// An object that the text of the call tells of.
    Object,
    /// A file.
    Bytes,
}

/// One call.
struct Call {
    method: Method,
    path: &'static str,
    body: Body,
    /// Names after the question mark, apart by spaces.
    query: &'static str,
    answers: &'static [u16],
    does: &'static str,
}

const PAGE: &str = "limit after";

#[rustfmt::skip]
fn calls() -> Vec<Call> {
    use Body::{Bytes, Flow, Nothing, Object, Of};
    let call = |method: Method, path, body, query, answers, does| Call { method, path, body, query, answers, does };
    let (get, post, put, patch, delete) = (Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE);
    vec![
        call(get.clone(), "/channels", Nothing, PAGE, &[200], "The channels; their secrets are masked."),
        call(post.clone(), "/channels", Of("NewChannel"), "", &[201], "Connects a channel. The answer has the address for its webhook."),
        call(get.clone(), "/channels/{id}", Nothing, "", &[200], "One channel; its secrets are masked."),
        call(patch.clone(), "/channels/{id}", Of("ChannelChanges"), "", &[200], "Changes a channel; what is not named stays."),
        call(delete.clone(), "/channels/{id}", Nothing, "", &[204], "Deletes a channel: its runs stop."),
        call(get.clone(), "/flows", Nothing, "state limit after", &[200], "The flows and how each stands."),
        call(post.clone(), "/flows", Flow, "enable red", &[201], "Makes a flow. With problems, 422 and nothing is stored."),
        call(get.clone(), "/flows/match", Nothing, "text channel", &[200], "Which flow would get a message, and who else would match."),
        call(get.clone(), "/flows/{id}", Nothing, "", &[200], "The document of a flow."),
        call(put.clone(), "/flows/{id}", Flow, "running ways red", &[200], "Saves the next version. `running` says what becomes of those inside: move, finish or stop."),
        call(delete.clone(), "/flows/{id}", Nothing, "", &[204], "Puts a flow in the bin: its runs stop, its phrases are free at once."),
        call(get.clone(), "/flows/{id}/versions", Nothing, PAGE, &[200], "The versions of a flow, newest first, with what each changed."),
        call(get.clone(), "/flows/{id}/versions/{number}", Nothing, "", &[200], "The document of one version."),
        call(post.clone(), "/flows/{id}/pause", Nothing, "", &[200], "Disables a flow: nothing starts, and its runs keep their places."),
        call(delete.clone(), "/flows/{id}/pause", Nothing, "overdue", &[200], "Enables a flow. `overdue` says what becomes of what fell due: shift, spread or drop."),
        call(post.clone(), "/flows/{id}/copies", Nothing, "", &[201], "Copies a flow without its phrases, files and start address."),
        call(post.clone(), "/flows/{id}/runs", Of("StartBody"), "", &[202], "Starts a flow for a contact: started, restarted, kept, opted_out or blocked. Honours Idempotency-Key."),
        call(post.clone(), "/flows/{id}/start_address", Nothing, "", &[201], "Gives a flow another start address, told this once."),
        call(get.clone(), "/flows/{id}/counters", Nothing, "window", &[200], "How many came to each node and by which exit they went: now, 7d, 30d or all."),
        call(get.clone(), "/broadcasts", Nothing, PAGE, &[200], "The starts for many."),
        call(post.clone(), "/broadcasts", Of("BroadcastBody"), "", &[200, 202], "Starts a flow for many, paced; with `preview`, tells who would be left out and why. Honours Idempotency-Key."),
        call(get.clone(), "/broadcasts/{id}", Nothing, "", &[200], "How a start for many goes."),
        call(delete.clone(), "/broadcasts/{id}", Nothing, "", &[200], "Stops a start for many: who had no turn yet gets none."),
        call(get.clone(), "/broadcasts/{id}/people", Nothing, PAGE, &[200], "The people of a start for many, and how each was answered."),
        call(get.clone(), "/segments", Nothing, "", &[200], "The segments."),
        call(post.clone(), "/segments", Of("Segment"), "", &[201], "Makes a segment."),
        call(get.clone(), "/segments/{name}", Nothing, "", &[200], "One segment."),
        call(patch.clone(), "/segments/{name}", Of("SegmentEdit"), "", &[200], "Changes the rules of a segment."),
        call(delete.clone(), "/segments/{name}", Nothing, "force", &[204], "Deletes a segment; one that is in use only with `force`."),
        call(get.clone(), "/secrets", Nothing, "", &[200], "The names of secrets that calls may use; never what they hold."),
        call(put.clone(), "/secrets/{name}", Of("Given"), "", &[204], "Sets a secret."),
        call(delete.clone(), "/secrets/{name}", Nothing, "", &[204], "Deletes a secret."),
        call(get.clone(), "/tags", Nothing, "", &[200], "The tags."),
        call(delete.clone(), "/tags/{name}", Nothing, "force", &[200], "Takes a tag away from everybody; one that is in use only with `force`."),
        call(get.clone(), "/fields", Nothing, "", &[200], "The fields of contacts."),
        call(delete.clone(), "/fields/{name}", Nothing, "force", &[200], "Takes a field away from everybody; one that is in use only with `force`."),
        call(get.clone(), "/agenda", Nothing, "day flow node channel tag text limit after", &[200], "What is due on a day, by the hour."),
        call(get.clone(), "/runs", Nothing, "contact flow channel state node tag text due_from due_before limit after", &[200], "Contacts inside automations, by what comes next; `state=any` for all there ever were."),
        call(get.clone(), "/runs/{id}", Nothing, "", &[200], "One run with every action: done, pending and forecast."),
        call(patch.clone(), "/runs/{id}", Of("RunChanges"), "", &[200], "Holds, resumes or stops a run, lets it jump to a node, or changes its variables."),
        call(post.clone(), "/runs/{id}/restarts", Nothing, "", &[200], "Ends a run and begins another with the same values."),
        call(patch.clone(), "/runs/{id}/actions/{action}", Of("ActionChanges"), "", &[200], "Moves, rewrites, holds or releases one action."),
        call(delete.clone(), "/runs/{id}/actions/{action}", Nothing, "", &[200], "Removes an action: the rest keeps its time."),
        call(post.clone(), "/runs/{id}/actions/{action}/run", Nothing, "", &[200], "Does an action now."),
        call(post.clone(), "/runs/{id}/actions/{action}/skips", Nothing, "", &[200], "Skips an action and its waiting."),
        call(delete.clone(), "/runs/{id}/actions/{action}/changes", Nothing, "", &[200], "Takes back what was changed on an action."),
        call(get.clone(), "/runs/views", Nothing, "", &[200], "Filters of the list that were given a name."),
        call(post.clone(), "/runs/views", Of("ViewBody"), "", &[200], "Gives filters a name."),
        call(delete.clone(), "/runs/views/{name}", Nothing, "", &[204], "Forgets filters."),
        call(get.clone(), "/runs/changes", Nothing, PAGE, &[200], "Changes of many runs."),
        call(post.clone(), "/runs/changes", Of("ChangeOfMany"), "", &[200, 202], "Changes many runs; without `apply`, tells whom it would change."),
        call(get.clone(), "/runs/changes/{id}", Nothing, PAGE, &[200], "How a change of many goes."),
        call(delete.clone(), "/runs/changes/{id}", Nothing, "", &[200], "Takes a change of many back, as far as that can be."),
        call(get.clone(), "/contacts", Nothing, "tag text limit after", &[200], "The address book."),
        call(post.clone(), "/contacts", Of("ContactBody"), "", &[201], "Adds a contact."),
        call(get.clone(), "/contacts/{id}", Nothing, "", &[200], "One contact."),
        call(patch.clone(), "/contacts/{id}", Of("ContactBody"), "", &[200], "Changes a contact; what is not named stays."),
        call(delete.clone(), "/contacts/{id}", Nothing, "", &[204], "Erases a contact with messages and runs."),
        call(post.clone(), "/contacts/{id}/messages", Of("LetterBody"), "", &[202], "Writes to a contact as a person. Honours Idempotency-Key."),
        call(get.clone(), "/messages", Nothing, "contact direction limit after", &[200], "Messages in commit order, each with its route."),
        call(get.clone(), "/outbox", Nothing, "state contact limit after", &[200], "Messages and calls on their way, and what became of them."),
        call(delete.clone(), "/outbox/{id}", Nothing, "", &[204], "Calls off what has not left, or takes what failed off the list."),
        call(post.clone(), "/outbox/{id}/retry", Nothing, "", &[200], "Sends again what failed or is of unknown outcome."),
        call(get.clone(), "/quarantine", Nothing, PAGE, &[200], "Requests that could not be read."),
        call(delete.clone(), "/quarantine/{id}", Nothing, "", &[204], "Drops a request that could not be read."),
        call(post.clone(), "/quarantine/{id}/retry", Nothing, "", &[204], "Reads it again."),
        call(get.clone(), "/quick-replies", Nothing, "text limit after", &[200], "The quick replies."),
        call(post.clone(), "/quick-replies", Of("QuickReply"), "", &[201], "Adds a quick reply."),
        call(get.clone(), "/quick-replies/{id}", Nothing, "", &[200], "One quick reply."),
        call(put.clone(), "/quick-replies/{id}", Of("QuickReply"), "", &[200], "Changes a quick reply."),
        call(delete.clone(), "/quick-replies/{id}", Nothing, "", &[204], "Deletes a quick reply."),
        call(post.clone(), "/quick-replies/{id}/copies", Nothing, "", &[201], "Copies a quick reply."),
        call(post.clone(), "/imports", Bytes, "apply live collisions", &[200, 201], "Looks into a document or archive; with `apply=true`, imports it. `flow.NAME=replace` and its like decide for one thing, `ask.FLOW.ID=answer` answers a question."),
        call(get.clone(), "/exports", Nothing, "flow form", &[200], "Flows that can travel: `flow=ID` once or more, or everything with segments, fields, tags and quick replies."),
        call(get.clone(), "/schema/flow.json", Nothing, "", &[200], "The JSON Schema of the flow document."),
        call(get.clone(), "/openapi.json", Nothing, "", &[200], "This document."),
        call(get.clone(), "/audit", Nothing, "by what run contact flow limit after", &[200], "Who did what, to whom and when."),
        call(get.clone(), "/settings", Nothing, "", &[200], "The settings."),
        call(patch, "/settings", Object, "", &[200], "Changes settings: members as they come from GET; what is not named stays."),
        call(get, "/backup", Nothing, "", &[200], "A snapshot of the whole data file."),
    ]
}

/// What is answered without a key.
const OPEN: [&str; 1] = ["/schema/flow.json"];

/// `GET /openapi.json`
pub async fn openapi() -> Result<Json<Value>, Trouble> {
    document().map(Json).map_err(|_| Trouble::fault())
}

fn document() -> serde_json::Result<Value> {
    let mut paths = PathsBuilder::new();
    for call in calls() {
        paths = paths.path(call.path, item(&call));
    }
    let key = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    let about = "Times are RFC 3339 in UTC, ids are strings. Lists take `limit` and `after` and answer `items` and `next`. Errors are \
                 `application/problem+json` (RFC 9457).";
    let api = OpenApiBuilder::new()
        .info(InfoBuilder::new().title("Flusso").version(env!("CARGO_PKG_VERSION")).description(Some(about)))
        .servers(Some([utoipa::openapi::Server::new("/api/v1")]))
        .paths(paths.build())
        .components(Some(ComponentsBuilder::new().security_scheme("key", key).build()))
        .build();
    let mut api = serde_json::to_value(api)?;
    api["components"]["schemas"] = Value::Object(schemas());
    Ok(api)
}

fn schemas() -> Map<String, Value> {
    described_by(|all| {
        all.subschema_for::<channels::NewChannel>();
        all.subschema_for::<channels::ChannelChanges>();
        all.subschema_for::<starts::StartBody>();
        all.subschema_for::<broadcasts::BroadcastBody>();
        all.subschema_for::<Segment>();
        all.subschema_for::<segments::SegmentEdit>();
        all.subschema_for::<call_secrets::Given>();
        all.subschema_for::<runs::RunChanges>();
        all.subschema_for::<runs::ViewBody>();
        all.subschema_for::<run_actions::ActionChanges>();
        all.subschema_for::<run_changes::Wish>();
        all.subschema_for::<contacts::ContactBody>();
        all.subschema_for::<contacts::LetterBody>();
        all.subschema_for::<QuickReply>();
    })
}

fn item(call: &Call) -> PathItem {
    let method = match call.method {
        Method::POST => HttpMethod::Post,
        Method::PUT => HttpMethod::Put,
        Method::PATCH => HttpMethod::Patch,
        Method::DELETE => HttpMethod::Delete,
        _ => HttpMethod::Get,
    };
    let scope = scope_of(&call.method, &format!("/api/v1{}", call.path));
    let mut operation = OperationBuilder::new()
        .summary(Some(call.does))
        .operation_id(Some(format!("{} {}", call.method, call.path)))
        .security(if OPEN.contains(&call.path) { SecurityRequirement::default() } else { SecurityRequirement::new("key", [word(scope)]) })
        .response("default", refused());
    for status in call.answers {
        operation = operation.response(status.to_string(), ResponseBuilder::new().description(call.does));
    }
    let in_path = call.path.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    for (name, _) in in_path {
        operation =
            operation.parameter(ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True).build());
    }
    for name in call.query.split_whitespace() {
        operation = operation.parameter(ParameterBuilder::new().name(name).parameter_in(ParameterIn::Query).build());
    }
    let media = match call.body {
        Body::Nothing => None,
        Body::Of(name) => Some(("application/json", Some(Ref::from_schema_name(name)))),
        Body::Flow => Some(("application/json", Some(Ref::new("/api/v1/schema/flow.json")))),
        Body::Object => Some(("application/json", None)),
        Body::Bytes => Some(("application/octet-stream", None)),
    };
    if let Some((kind, schema)) = media {
        let content = ContentBuilder::new().schema(schema).build();
        operation = operation.request_body(Some(RequestBodyBuilder::new().content(kind, content).required(Some(Required::True)).build()));
    }
    PathItem::new(method, operation)
}

fn refused() -> utoipa::openapi::Response {
    let problem = ContentBuilder::new().build();
    ResponseBuilder::new().description("Refused, and why in words.").content("application/problem+json", problem).build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeSet;

    /// The routes as they are declared: each with the methods that it takes.
    fn declared() -> BTreeSet<(String, String)> {
        let source = include_str!("mod.rs");
        let routes = source.split(".route(\"").skip(1).filter_map(|rest| rest.split_once("\", "));
        let mut all = BTreeSet::new();
        for (path, rest) in routes {
            let handlers = rest.lines().next().unwrap_or_default();
            for method in ["get", "post", "put", "patch", "delete"] {
                if handlers.starts_with(&format!("{method}(")) || handlers.contains(&format!(".{method}(")) {
                    all.insert((method.to_uppercase(), path.to_owned()));
                }
            }
        }
        all
    }

    #[test]
    fn every_call_that_is_routed_is_described_and_no_other() {
        let described: BTreeSet<_> = calls().iter().map(|call| (call.method.to_string(), call.path.to_owned())).collect();
        assert_eq!(described.len(), calls().len(), "one stands twice");
        assert_eq!(described, declared());
    }

    #[test]
    fn the_document_is_openapi_and_what_it_refers_to_is_there() {
        let document = document().expect("a document");
        assert_eq!(document["openapi"], "3.1.0");
        serde_json::from_value::<utoipa::openapi::OpenApi>(document.clone()).expect("readable as OpenAPI");
        let text = document.to_string();
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        for named in text.split("\"#/components/schemas/").skip(1).filter_map(|rest| rest.split_once('"')) {
            assert!(schemas.contains_key(named.0), "{}", named.0);
        }
        assert!(!text.contains("#/$defs/"), "a reference into another document");
        assert_eq!(document["paths"]["/flows/{id}/runs"]["post"]["security"], json!([{"key": ["trigger"]}]));
        let path = &document["paths"]["/runs/{id}/actions/{action}"]["patch"]["parameters"];
        assert_eq!(
            path.as_array().map(|all| all.iter().map(|one| &one["name"]).collect::<Vec<_>>()),
            Some(vec![&json!("id"), &json!("action")])
        );
    }

    #[test]
    fn what_a_client_sends_is_what_the_schemas_say() {
        let fits = |name: &str, body: Value| {
            let mut compiler = boon::Compiler::new();
            let mut schemas = boon::Schemas::new();
            compiler.add_resource("http://flusso/openapi.json", document().expect("a document")).expect("a resource");
            let at = compiler.compile(&format!("http://flusso/openapi.json#/components/schemas/{name}"), &mut schemas).expect("a schema");
            schemas.validate(&body, at).is_ok()
        };
        assert!(fits("StartBody", json!({"contact": {"channel": "Sim", "address": "anna"}, "variables": {"order": 7, "list": ["a"]}})));
        assert!(!fits("StartBody", json!({"contact": {"channel": 7}})));
        assert!(fits("ContactBody", json!({"name": null, "tags": ["vip"], "consent": "opted_in", "automations": "off"})));
        assert!(!fits("ContactBody", json!({"automations": "perhaps"})));
        assert!(fits("ChangeOfMany", json!({"match": {"flow": "1"}, "verb": "move", "by": "1h", "apply": true})));
        assert!(fits("RunChanges", json!({"state": "held"})) && !fits("RunChanges", json!({"state": "gone"})));
    }
}
