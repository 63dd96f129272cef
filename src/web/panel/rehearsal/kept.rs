//! Conversations kept as tests of an automation: in its draft, so that they are saved, exported and undone with it.

use super::super::super::Web;
use super::super::super::ask::At;
use super::super::super::node_form::Fields;
use super::super::super::page::Flash;
use super::super::flow_edit::Open;
use super::super::{Panel, Shown, Table};
use super::back;
use crate::base::id::FlowId;
use crate::base::limits::TALKS_PER_FLOW_MAX;
use crate::engine::talk::{self, tidy};
use crate::executor::control::flow_check::unresolve;
use crate::executor::refusal::Refusal;
use crate::model::flow::{Flow, Talk};
use axum::body::Bytes;
use axum::extract::State;

/// Characters of a name at most.
const NAME_CHARS_MAX: usize = 80;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.post("/flows/{id}/talks", keep).post("/flows/{id}/talks/{place}", change).delete("/flows/{id}/talks/{place}", remove)
}

fn name_of(fields: &Fields) -> String {
    fields.get("name").trim().chars().take(NAME_CHARS_MAX).collect()
}

async fn store(web: &Web, panel: &Panel, id: FlowId, fields: &Fields, draft: Flow, said: String) -> Shown {
    let revision = fields.get("revision").parse().unwrap_or(u64::MAX);
    match web.executor.put_draft(id, revision, draft).await {
        Ok(_) => Ok(back(panel, id, Flash::good(said))),
        Err(Refusal::Conflict(_)) => Ok(back(panel, id, Flash::bad(panel.language.changed_meanwhile()))),
        Err(refusal) => Err(refusal.into()),
    }
}

/// How a script goes on the draft now.
fn played(web: &Web, draft: &Flow, script: &str) -> Option<String> {
    let mut named = draft.clone();
    unresolve(&mut named, &web.executor.facts());
    talk::rehearse(&tidy(script), &named).ok().map(|seen| seen.script)
}

/// `POST /flows/{id}/talks`: the conversation becomes a test.
async fn keep(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, body: Bytes) -> Shown {
    let (fields, open, w) = (Fields::from_body(&body), Open::read(&web, id).await?, panel.language);
    let (name, mut draft) = (name_of(&fields), open.draft);
    let script = played(&web, &draft, fields.get("script")).filter(|script| script.lines().any(|line| line.starts_with('>')));
    let refusal = if name.is_empty() {
        Some(w.test_no_name())
    } else if draft.talks.iter().any(|talk| talk.name == name) {
        Some(w.test_name_taken())
    } else if draft.talks.len() >= TALKS_PER_FLOW_MAX {
        Some(w.test_too_many())
    } else {
        script.is_none().then(|| w.test_empty())
    };
    if let Some(why) = refusal {
        return Ok(back(&panel, id, Flash::bad(why)));
    }
    let said = w.test_kept(&name);
    draft.talks.extend(script.map(|script| Talk { name, script }));
    store(&web, &panel, id, &fields, draft, said).await
}

/// `POST /flows/{id}/talks/{place}`: another name, or `accept`: what it does now is right from now on.
async fn change(State(web): State<Web>, panel: Panel, At((id, place)): At<(FlowId, usize)>, body: Bytes) -> Shown {
    let (fields, open, w) = (Fields::from_body(&body), Open::read(&web, id).await?, panel.language);
    let mut draft = open.draft;
    let Some(script) = draft.talks.get(place).map(|talk| talk.script.clone()) else {
        return Ok(back(&panel, id, Flash::bad(w.changed_meanwhile())));
    };
    let name = name_of(&fields);
    let said = if fields.is_on("accept") {
        let Some(now) = played(&web, &draft, &script) else { return Ok(back(&panel, id, Flash::bad(w.test_unreadable()))) };
        draft.talks.get_mut(place).into_iter().for_each(|talk| talk.script.clone_from(&now));
        w.test_accepted().to_owned()
    } else {
        let taken = draft.talks.iter().enumerate().any(|(other, talk)| other != place && talk.name == name);
        if name.is_empty() || taken {
            return Ok(back(&panel, id, Flash::bad(if taken { w.test_name_taken() } else { w.test_no_name() })));
        }
        draft.talks.get_mut(place).into_iter().for_each(|talk| talk.name.clone_from(&name));
        w.test_renamed(&name)
    };
    store(&web, &panel, id, &fields, draft, said).await
}

/// `DELETE /flows/{id}/talks/{place}`
async fn remove(State(web): State<Web>, panel: Panel, At((id, place)): At<(FlowId, usize)>, body: Bytes) -> Shown {
    let (fields, open, w) = (Fields::from_body(&body), Open::read(&web, id).await?, panel.language);
    let mut draft = open.draft;
    if place >= draft.talks.len() {
        return Ok(back(&panel, id, Flash::bad(w.changed_meanwhile())));
    }
    let gone = draft.talks.remove(place);
    store(&web, &panel, id, &fields, draft, w.test_removed(&gone.name)).await
}
