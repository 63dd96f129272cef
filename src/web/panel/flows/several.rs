//! What is done with several automations at once.

use super::super::super::Web;
use super::super::super::api::exports;
use super::super::super::flows::DeletePage;
use super::super::super::node_form::Fields;
use super::super::super::page::{Flash, Nav, Tone};
use super::super::super::problem::Trouble;
use super::super::{Panel, Shown};
use super::{ask_enable, head, inside, overdue_of};
use crate::base::id::FlowId;
use crate::executor::control::exports::Wanted;
use crate::executor::refusal::Refusal;
use crate::model::flow::{FlowHead, FlowState};
use axum::body::Bytes;
use axum::extract::{Query, State};
use serde::Deserialize;

/// What is done with several; the address says it again after a question in between.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Several {
    #[serde(default)]
    verb: String,
    #[serde(default)]
    sure: bool,
}

/// `POST /flows/changes`
pub(super) async fn change(State(web): State<Web>, panel: Panel, Query(asked): Query<Several>, body: Bytes) -> Shown {
    let (fields, facts, w) = (Fields::from_body(&body), web.executor.facts(), panel.language);
    let chosen = fields.0.iter().filter(|(name, _)| name == "flow").filter_map(|(_, id)| id.parse::<FlowId>().ok());
    let heads: Vec<FlowHead> = chosen.filter_map(|id| head(&facts, id).ok()).collect();
    if heads.is_empty() {
        return Ok(panel.done("/flows", Flash::bad(w.none_selected())));
    }
    let verb = if asked.verb.is_empty() { fields.get("verb").to_owned() } else { asked.verb };
    let action = format!("/flows/changes?verb={verb}&sure=true");
    match verb.as_str() {
        "export" => {
            let ids = heads.iter().map(|head| head.id).collect();
            return exports::hand_over(&web, panel.by(), Wanted::Flows(ids), None).await;
        }
        "delete" if !asked.sure => return ask_delete(&web, &panel, &heads, action).await,
        "enable" if !asked.sure && anybody_inside(&web, &heads).await? => {
            let several: Vec<FlowHead> = heads.into_iter().filter(|head| head.version > 0).collect();
            return ask_enable(&web, &panel, &several, with_one(action, &several)).await;
        }
        _ => {}
    }
    let (mut changed, mut copies, mut refused) = (0_usize, Vec::new(), Vec::new());
    for head in &heads {
        match one(&web, &panel, &verb, head, &fields).await {
            Ok(copy) => {
                changed += 1;
                copies.extend(copy.map(|id| id.to_string()));
            }
            Err(Refusal::Conflict(_)) if head.version == 0 => refused.push(format!("{}: {}", head.name, w.never_saved_enable())),
            Err(Refusal::Conflict(why)) => refused.push(format!("{}: {}", head.name, w.said(&why))),
            Err(refusal) => return Err(refusal.into()),
        }
    }
    if !copies.is_empty() {
        return Ok(panel.go(&format!("/flows?copy={}", copies.join(","))));
    }
    let told: Vec<String> = (changed > 0).then(|| w.changed_flows(changed)).into_iter().chain(refused.iter().cloned()).collect();
    let tone = if refused.is_empty() { Tone::Good } else { Tone::Warn };
    Ok(panel.done("/flows", Flash { tone, text: told.join(" "), undo: None }))
}

/// A question about one flow has no list of flows in its form: the address carries it.
fn with_one(action: String, heads: &[FlowHead]) -> String {
    match heads {
        [one] => format!("/flows/{}/pause?method=delete", one.id),
        _ => action,
    }
}

async fn anybody_inside(web: &Web, heads: &[FlowHead]) -> Result<bool, Trouble> {
    for head in heads.iter().filter(|head| head.state != FlowState::Enabled) {
        if inside(web, head.id).await? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn ask_delete(web: &Web, panel: &Panel, heads: &[FlowHead], action: String) -> Shown {
    let w = panel.language;
    let mut count = 0;
    for head in heads {
        count += inside(web, head.id).await?;
    }
    let names: Vec<String> = heads.iter().map(|head| head.name.clone()).collect();
    let title = w.delete_title(&w.list(&names));
    let chrome = panel.chrome(Nav::Flows, title.clone());
    let flows = heads.iter().map(|head| head.id.to_string()).collect();
    let page = DeletePage { title, action, flows, ..DeletePage::to_bin(&chrome, "", "", count) };
    Ok(panel.show(&chrome, &page))
}

/// Does it to one; gives the copy that came of it.
async fn one(web: &Web, panel: &Panel, verb: &str, head: &FlowHead, fields: &Fields) -> Result<Option<FlowId>, Refusal> {
    let (executor, by) = (&web.executor, panel.by());
    match verb {
        "enable" => executor.enable_flow(by, head.id, overdue_of(fields)).await.map(|()| None),
        "disable" => executor.pause_flow(by, head.id).await.map(|_| None),
        "duplicate" => executor.copy_flow(by, head.id).await.map(|copied| Some(copied.id)),
        "delete" => executor.bin_flow(by, head.id).await.map(|_| None),
        other => Err(Refusal::Invalid(format!("\"{other}\" is nothing that can be done with automations."))),
    }
}
