//! The rules of an automation as a whole: re-entry, leaving, what it is for. They change the draft, like any node does.

use super::super::super::flow_settings::FlowSettingsPage;
use super::super::super::node_form::{self, Fields};
use super::super::super::node_page::value_names;
use super::super::super::page::{Flash, Nav};
use super::super::runs::nodes;
use super::{Open, Panel, Shown, Table, revision};
use crate::base::id::FlowId;
use crate::executor::refusal::Refusal;
use crate::model::document;
use crate::model::flow::Flow;
use crate::model::problem::Problem;
use crate::web::Web;
use crate::web::ask::At;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.get("/flows/{id}/settings", show).post("/flows/{id}/settings", save)
}

/// `GET /flows/{id}/settings`
async fn show(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    let open = Open::read(&web, id).await?;
    let fields = fields_of(&open.draft);
    page(&panel, &open, fields, Vec::new())
}

/// `POST /flows/{id}/settings`
async fn save(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, body: Bytes) -> Shown {
    let (fields, open) = (Fields::from_body(&body), Open::read(&web, id).await?);
    let w = panel.language;
    let draft = match document::read(&changed(&open.draft, &fields)) {
        Ok(draft) => draft,
        Err(problems) => {
            let faults = problems.iter().map(|problem: &Problem| w.fault(&problem.fault)).collect();
            return page(&panel, &open, fields, faults);
        }
    };
    match web.executor.put_draft(id, revision(&fields), draft).await {
        Ok(_) => {
            let to = if fields.is_on("more") { format!("/flows/{id}/settings") } else { format!("/flows/{id}/edit") };
            Ok(panel.done(&to, Flash::good(w.draft_kept())))
        }
        Err(Refusal::Conflict(_)) => page(&panel, &open, fields, vec![w.changed_kept().to_owned()]),
        Err(refusal) => Err(refusal.into()),
    }
}

fn page(panel: &Panel, open: &Open, fields: Fields, faults: Vec<String>) -> Shown {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let w = panel.language;
    let chrome = panel.chrome(Nav::Flows, w.flow_settings_of(&open.head.name));
    let page = FlowSettingsPage {
        chrome: &chrome,
        id: open.head.id.to_string(),
        name: open.head.name.clone(),
        revision: open.head.draft_revision,
        fields,
        faults,
        nodes: nodes(&Arc::new(open.draft.clone()), w),
        names: value_names(&open.draft),
    };
    Ok(panel.show_with(status, &chrome, &page))
}

/// The draft's rules as the form has them: rules of leaving as those of a branch, a length of time as that of a wait.
fn fields_of(draft: &Flow) -> Fields {
    let whole = document::write(draft);
    let branch = json!({"exit": "x", "all": draft.leave_when});
    let mut fields = node_form::fields_of_document(&json!({"kind": "condition", "branches": [branch]}));
    if let Some(after) = whole.get("reentry_after") {
        fields.0.extend(node_form::fields_of_document(&json!({"kind": "wait", "for": after})).0);
    }
    for (name, member) in [("reentry", "reentry"), ("key", "reentry_key"), ("category", "category"), ("start", "start")] {
        if let Some(text) = whole.get(member).and_then(Value::as_str) {
            fields.push(name, text);
        }
    }
    fields
}

/// The document of the draft with what the form says.
fn changed(draft: &Flow, fields: &Fields) -> Value {
    let mut whole = document::write(draft);
    let Some(members) = whole.as_object_mut() else { return whole };
    let part = |kind: &str, begins: &str| -> Map<String, Value> {
        let mut own = Fields(fields.0.iter().filter(|(name, _)| name.starts_with(begins)).cloned().collect());
        for (name, text) in [("kind", kind), ("id", "s"), ("branches.0.exit", "x")] {
            own.push(name, text);
        }
        node_form::document_of(&own)
    };
    let said = |name: &str| Some(fields.get(name).trim().to_owned()).filter(|text| !text.is_empty()).map(Value::String);
    let reentry = fields.get_or("reentry", "keep");
    let after = part("wait", "for").remove("for").filter(|_| reentry == "once");
    let rules = Value::Object(part("condition", "branches.0.")).pointer("/branches/0/all").cloned();
    let all = [
        ("reentry", Some(json!(reentry))),
        ("reentry_after", after),
        ("reentry_key", said("key").filter(|_| reentry == "parallel")),
        ("category", said("category")),
        ("start", said("start")),
        ("leave_when", rules),
    ];
    for (name, value) in all {
        match value {
            Some(value) => members.insert(name.to_owned(), value),
            None => members.remove(name),
        };
    }
    whole
}
