//! A flow started for a tag or for pasted numbers: the question, the look at who is left out, the start, and how it goes.

use super::super::Web;
use super::super::ask::At;
use super::super::broadcasts::{BroadcastPage, FlowStartLook, FlowStartPage, Written};
use super::super::node_form::Fields;
use super::super::page::{Flash, Nav};
use super::super::words::Language;
use super::contacts::{shown_as, tags_in_use};
use super::flows::head;
use super::{Panel, Shown, Table};
use crate::base::id::{BroadcastId, FlowId};
use crate::executor::chance;
use crate::executor::control::broadcasts::{Wanted, written_numbers};
use crate::executor::control::repeat::RepeatKey;
use crate::executor::occasions::broadcasts::{Plan, STARTS_PER_MINUTE};
use crate::executor::refusal::Refusal;
use crate::model::broadcast::{Addressed, Broadcast, BroadcastState};
use crate::model::flow::FlowState;
use crate::model::run::{Origin, StartOutcome};
use crate::model::value::Values;
use crate::store::{View, broadcasts, contacts, segments};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;

/// People of a broadcast that are looked at for the list of those left out, and how many of them are shown.
const LOOKED_AT_MAX: usize = 2_000;
const SHOWN_MAX: usize = 100;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table
        .get("/flows/{id}/start", ask)
        .post("/flows/{id}/start", look)
        .post("/flows/{id}/starts", start)
        .post("/flows/{id}/start/address", renew)
        .get("/broadcasts/{id}", show)
        .post("/broadcasts/{id}/stop", stop)
}

/// `GET /flows/{id}/start`
async fn ask(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    question(&web, &panel, id, Written::default(), String::new(), None).await
}

async fn question(web: &Web, panel: &Panel, id: FlowId, written: Written, wrong: String, address: Option<String>) -> Shown {
    let (facts, w) = (web.executor.facts(), panel.language);
    let head = head(&facts, id)?;
    let channels = facts.channels.values().filter(|known| known.channel.enabled);
    let named = channels.map(|known| (known.channel.id.to_string(), known.channel.name.clone()));
    let any = (String::new(), w.start_many_any_channel().to_owned());
    let segments = web.read(|view| Ok(segments::all(view)?)).await?.into_iter().map(|segment| (segment.name.clone(), segment.name));
    let none = (String::new(), w.start_many_no_segment().to_owned());
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let chrome = panel.chrome(Nav::Flows, w.start_many(&head.name));
    let page = FlowStartPage {
        chrome: &chrome,
        id: id.to_string(),
        name: head.name.clone(),
        is_enabled: head.state == FlowState::Enabled,
        written,
        wrong,
        segments: std::iter::once(none).chain(segments).collect(),
        channels: std::iter::once(any).chain(named).collect(),
        address,
    };
    Ok(panel.show_with(status, &chrome, &page))
}

/// What was written, with the tag that is meant, and who that is.
fn read(body: &[u8], in_use: &[String], w: Language) -> (Written, Option<Wanted>) {
    let fields = Fields::from_body(body);
    let get = |name: &str| fields.get(name).trim().to_owned();
    let (tag, segment) = (w.tag_meant(&get("tag"), in_use), get("segment"));
    let written = Written { tag, segment, numbers: get("numbers"), channel: get("channel") };
    let wanted = match (written.tag.as_str(), written.segment.as_str(), written.numbers.as_str()) {
        (tag, "", "") if !tag.is_empty() => Some(Wanted::Tagged(tag.to_owned())),
        ("", segment, "") if !segment.is_empty() => Some(Wanted::Segment(segment.to_owned())),
        ("", "", numbers) if !numbers.is_empty() => Some(Wanted::Listed(Vec::new(), written_numbers(numbers))),
        _ => None,
    };
    (written, wanted)
}

fn plan(panel: &Panel, flow: FlowId, written: &Written) -> Plan {
    Plan {
        flow,
        origin: Origin::Operator(Some(panel.operator.id)),
        channel: written.channel.parse().ok(),
        variables: Values::new(),
        per_minute: STARTS_PER_MINUTE,
    }
}

/// `POST /flows/{id}/start`: starts nothing, says who would be left out.
async fn look(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, body: Bytes) -> Shown {
    let w = panel.language;
    let (written, wanted) = read(&body, &web.read(tags_in_use).await?, w);
    let Some(wanted) = wanted else { return question(&web, &panel, id, written, w.start_many_wrong().to_owned(), None).await };
    let head = head(&web.executor.facts(), id)?;
    let preview = match web.executor.preview_broadcast(plan(&panel, id, &written), wanted).await {
        Err(Refusal::Invalid(why) | Refusal::Conflict(why)) => return question(&web, &panel, id, written, why, None).await,
        other => other?,
    };
    let chrome = panel.chrome(Nav::Flows, w.start_many(&head.name));
    let page = FlowStartLook {
        chrome: &chrome,
        id: id.to_string(),
        name: head.name,
        written,
        key: chance::token()?,
        starts: preview.starts,
        reasons: preview.left_out.iter().map(|(why, count)| (*count, w.left_out(*why))).collect(),
        left_out: preview.named.into_iter().map(|left| (left.shown, w.left_out(left.why))).collect(),
        more: preview.more,
    };
    Ok(panel.show(&chrome, &page))
}

/// `POST /flows/{id}/starts`
async fn start(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, body: Bytes) -> Shown {
    let (written, wanted) = read(&body, &web.read(tags_in_use).await?, panel.language);
    let Some(wanted) = wanted else { return question(&web, &panel, id, written, panel.language.start_many_wrong().to_owned(), None).await };
    let key = Fields::from_body(&body).get("key").to_owned();
    let repeat = (!key.is_empty()).then(|| RepeatKey { scope: format!("start many {id}"), key });
    match web.executor.start_broadcast(panel.by(), plan(&panel, id, &written), wanted, repeat).await {
        Ok(broadcast) => Ok(panel.go(&format!("/broadcasts/{broadcast}"))),
        Err(refusal) => panel.refused(&format!("/flows/{id}/start"), refusal),
    }
}

/// `POST /flows/{id}/start/address`: another start address, shown once.
async fn renew(State(web): State<Web>, panel: Panel, At(id): At<FlowId>) -> Shown {
    let token = web.executor.renew_start_address(panel.by(), id).await?;
    let address = format!("{}/start/{}", web.place.base_url(None), token.reveal());
    question(&web, &panel, id, Written::default(), String::new(), Some(address)).await
}

/// `GET /broadcasts/{id}`
async fn show(State(web): State<Web>, panel: Panel, At(id): At<BroadcastId>) -> Shown {
    let w = panel.language;
    let (broadcast, left_out) = web
        .read(move |view| {
            let broadcast = broadcasts::get(view, id)?.ok_or(Refusal::NotFound("broadcast"))?;
            let people = broadcasts::people(view, id, 0, LOOKED_AT_MAX)?;
            Ok((broadcast, left_out(view, people, w)?))
        })
        .await?;
    let facts = web.executor.facts();
    let name = facts.heads.get(&broadcast.flow).map_or_else(String::new, |head| head.name.clone());
    let chrome = panel.chrome(Nav::Flows, w.broadcast());
    let page = BroadcastPage {
        chrome: &chrome,
        id: id.to_string(),
        flow: (broadcast.flow.to_string(), name),
        whom: w.broadcast_whom(&broadcast.whom),
        state: w.broadcast_state(&broadcast.state).to_owned(),
        is_running: matches!(broadcast.state, BroadcastState::Running { .. }),
        done: broadcast.counts.all(),
        counts: counts(&broadcast, w),
        left_out,
    };
    Ok(panel.show(&chrome, &page))
}

fn counts(broadcast: &Broadcast, w: Language) -> Vec<(&'static str, u32)> {
    let counts = broadcast.counts;
    let all = [
        (StartOutcome::Started, counts.started),
        (StartOutcome::Restarted, counts.restarted),
        (StartOutcome::Kept, counts.kept),
        (StartOutcome::OptedOut, counts.opted_out),
        (StartOutcome::Blocked, counts.blocked),
    ];
    all.into_iter().filter(|(_, count)| *count > 0).map(|(outcome, count)| (w.start_outcome(outcome), count)).collect()
}

fn left_out(view: &View, people: Vec<(u32, Addressed)>, w: Language) -> Result<Vec<(String, String)>, Refusal> {
    let mut lines = Vec::new();
    for (_, person) in people {
        let Some(why) = person.left_out.filter(|_| lines.len() < SHOWN_MAX) else { continue };
        let known = person.contact.map(|id| contacts::get(view, id)).transpose()?.flatten();
        let who = known.map_or(person.written, |contact| shown_as(&contact, w).0);
        lines.push((who, w.left_out(why).to_owned()));
    }
    Ok(lines)
}

/// `POST /broadcasts/{id}/stop`
async fn stop(State(web): State<Web>, panel: Panel, At(id): At<BroadcastId>) -> Shown {
    let to = format!("/broadcasts/{id}");
    match web.executor.stop_broadcast(panel.by(), id).await {
        Ok(()) => Ok(panel.done(&to, Flash::good(panel.language.broadcast_was_stopped()))),
        Err(refusal) => panel.refused(&to, refusal),
    }
}
