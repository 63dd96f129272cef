//! The simulator beside the editor. A conversation is the script that its forms carry, played from its first line at every request:
//! nothing is stored, nothing is sent, and it works without a script in the browser. Posting here changes nothing, so it is answered
//! with the page itself.

mod kept;
mod script;

use super::super::Web;
use super::super::ask::At;
use super::super::node_form::Fields;
use super::super::page::Nav;
use super::super::problem::Trouble;
use super::super::rehearsal::{Calls, KeptTalk, Rehearsal, RehearsalPage, Teller};
use super::super::words::Language;
use super::flow_edit::Open;
use super::{Panel, Shown, Table};
use crate::base::address::ChannelKind;
use crate::base::id::{ContactId, FlowId};
use crate::base::time::{Span, Time};
use crate::engine::talk::{self, Seen, quoted};
use crate::executor::control::flow_check::unresolve;
use crate::executor::facts::Facts;
use crate::model::effect::{Call, Effect};
use crate::model::event::CallOutcome;
use crate::model::flow::Flow;
use crate::model::node::NodeKind;
use crate::model::run::{Phase, RunState};
use crate::store::contacts;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::NaiveDateTime;
use script::{Script, Who};
use serde::Deserialize;
use serde_json::json;

/// Contacts that may be talked as.
const PEOPLE: usize = 100;
/// Calls that one request answers at most: a flow that goes round for ever ends the page, not the patience.
const CALLS_MAX: usize = 20;
/// How the field for a time writes it.
const FIELD_TIME: &str = "%Y-%m-%dT%H:%M";

/// Its routes.
pub fn routes(table: Table) -> Table {
    kept::routes(table.get("/flows/{id}/try", show).post("/flows/{id}/try", play))
}

/// Which kept conversation is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    talk: Option<usize>,
}

/// A draft as it is rehearsed, and what a stage for it is made from.
pub(super) struct House {
    open: Open,
    draft: Flow,
    facts: std::sync::Arc<Facts>,
    now: Time,
    place: Place,
}

/// Where what is rehearsed has its page.
#[derive(Clone, Debug)]
struct Place {
    base: String,
    home: String,
    keeps: bool,
}

impl Place {
    fn of_flow(id: FlowId) -> Place {
        Place { base: format!("/flows/{id}"), home: format!("/flows/{id}/edit"), keeps: true }
    }
}

impl House {
    async fn read(web: &Web, panel: &Panel, id: FlowId) -> Result<House, Trouble> {
        let (open, facts) = (Open::read(web, id).await?, web.executor.facts());
        Ok(House::of(open, facts, panel.now, Place::of_flow(id)))
    }

    /// A flow of the pack, which is nobody's yet: its page is `base`.
    pub(super) fn of_blueprint(web: &Web, panel: &Panel, flow: Flow, base: String) -> House {
        let facts = web.executor.facts();
        House::of(Open::unsaved(&facts, flow, panel.now), facts, panel.now, Place { home: base.clone(), base, keeps: false })
    }

    fn of(open: Open, facts: std::sync::Arc<Facts>, now: Time, place: Place) -> House {
        let mut draft = open.draft.clone();
        unresolve(&mut draft, &facts);
        House { open, draft, facts, now, place }
    }

    fn fresh(&self, w: Language) -> Script {
        fresh(&self.facts, &self.draft, self.now, w)
    }
}

/// A stage with an invented customer on the channel that the house has, at this minute.
fn fresh(facts: &Facts, draft: &Flow, now: Time, w: Language) -> Script {
    let kind = facts.channels.values().map(|known| known.channel.kind).find(|kind| *kind != ChannelKind::Simulator);
    let who = Who::Sample(w.first_person().to_owned());
    Script::fresh(facts, draft, &who, kind.unwrap_or(ChannelKind::Simulator), minute(now))
}

/// The beginning of a conversation, for the page of the editor.
pub fn beginning(facts: &Facts, open: &Open, now: Time, w: Language) -> Option<Rehearsal> {
    let mut draft = open.draft.clone();
    unresolve(&mut draft, facts);
    let script = fresh(facts, &draft, now, w);
    let seen = talk::rehearse(&script.text(), &draft).ok()?;
    let told = Told { facts, open, draft: &draft, place: &Place::of_flow(open.head.id), w };
    Some(Rehearsal { is_fresh: true, ..told.rehearsal(&script, &seen, None) })
}

fn minute(at: Time) -> Time {
    Time(at.0 - at.0.rem_euclid(Span::MINUTE.0))
}

/// `GET /flows/{id}/try?talk=`
async fn show(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, Query(asked): Query<Asked>) -> Shown {
    let house = House::read(&web, &panel, id).await?;
    opening(&web, &panel, &house, asked.talk).await
}

/// The beginning of a conversation, or a kept one.
pub(super) async fn opening(web: &Web, panel: &Panel, house: &House, talk: Option<usize>) -> Shown {
    let kept = talk.and_then(|place| house.open.draft.talks.get(place));
    let script = kept.map_or_else(|| house.fresh(panel.language), |talk| Script::read(&talk.script));
    let is_fresh = kept.is_none();
    page(web, panel, house, script, None, is_fresh).await
}

/// `POST /flows/{id}/try`
async fn play(State(web): State<Web>, panel: Panel, At(id): At<FlowId>, body: Bytes) -> Shown {
    let house = House::read(&web, &panel, id).await?;
    turn(&web, &panel, &house, &Fields::from_body(&body)).await
}

/// What a button of the conversation says is done, and the page is shown again.
pub(super) async fn turn(web: &Web, panel: &Panel, house: &House, fields: &Fields) -> Shown {
    let given = Script::read(fields.get("script"));
    let script = if given.text().is_empty() { house.fresh(panel.language) } else { given };
    let (script, notice) = act(web, panel, house, script, fields).await?;
    page(web, panel, house, script, notice, false).await
}

async fn page(web: &Web, panel: &Panel, house: &House, script: Script, notice: Option<String>, is_fresh: bool) -> Shown {
    let w = panel.language;
    let chrome = panel.chrome(Nav::Flows, w.try_title(&house.open.head.name));
    let people = web.read(|view| Ok(contacts::list(view, None, PEOPLE)?)).await?;
    let (script, seen, notice) = match answered(web, house, script).await? {
        Ok((script, seen)) => (script, seen, notice),
        Err(error) => {
            let fresh = house.fresh(w);
            let seen = rehearse(house, &fresh).await?.map_err(|_| Trouble::fault())?;
            (fresh, seen, Some(w.try_unreadable(&error.line)))
        }
    };
    let told = Told { facts: &house.facts, open: &house.open, draft: &house.draft, place: &house.place, w };
    let mut it = told.rehearsal(&script, &seen, notice);
    it.is_fresh = is_fresh;
    let name = |contact: &crate::model::contact::Contact| {
        let named = contact.name.clone().or_else(|| contact.addresses.first().map(|address| address.shown()));
        (format!("contact:{}", contact.id), w.try_like(&named.unwrap_or_else(|| w.contact().to_owned())))
    };
    it.people.extend(people.iter().map(name));
    Ok(panel.show(&chrome, &RehearsalPage { chrome: &chrome, name: house.open.head.name.clone(), it }))
}

async fn rehearse(house: &House, script: &Script) -> Result<Result<Seen, talk::TalkError>, Trouble> {
    let (text, draft) = (script.text(), house.draft.clone());
    tokio::task::spawn_blocking(move || talk::rehearse(&text, &draft)).await.map_err(|_| Trouble::fault())
}

/// Plays a script, and goes on while calls are answered by themselves.
async fn answered(web: &Web, house: &House, mut script: Script) -> Result<Result<(Script, Seen), talk::TalkError>, Trouble> {
    let calls = match script.calls() {
        // Nothing leaves the house for a flow that is nobody's yet.
        Calls::Real if !house.place.keeps => Calls::default(),
        other => other,
    };
    for round in 0..=CALLS_MAX {
        let seen = match rehearse(house, &script).await? {
            Ok(seen) => seen,
            Err(error) => return Ok(Err(error)),
        };
        let Some(call) = waiting_call(&seen).filter(|_| round < CALLS_MAX) else { return Ok(Ok((script, seen))) };
        let outcome = match &calls {
            Calls::Ask => return Ok(Ok((script, seen))),
            Calls::Mock(status, body) => CallOutcome::Answered { status: *status, body: body.clone() },
            Calls::Real => web.executor.call_in_earnest(call).await,
        };
        script.push(script::answer(&outcome));
    }
    Err(Trouble::fault())
}

/// The call that the run waits for.
fn waiting_call(seen: &Seen) -> Option<&Call> {
    let waits = seen.run.as_ref().is_some_and(|run| run.state == RunState::Live && matches!(run.phase, Phase::Calling { .. }));
    if !waits {
        return None;
    }
    let moments = seen.scenes.iter().rev().flat_map(|scene| scene.moments.iter().rev());
    moments.flat_map(|moment| moment.effects.iter().rev()).find_map(|effect| match effect {
        Effect::Call { call, .. } => Some(call),
        _ => None,
    })
}

/// Does what a button says to the script.
async fn act(web: &Web, panel: &Panel, house: &House, mut script: Script, fields: &Fields) -> Result<(Script, Option<String>), Trouble> {
    let w = panel.language;
    let mut notice = None;
    let press = fields.get("press");
    match fields.get("act") {
        _ if !press.is_empty() => {
            let (node, choice) = press.split_once('/').unwrap_or(("", press));
            script.push(format!("> press {} at {node}", quoted(choice)));
        }
        "start" => script.push(start_line(fields.get("start"))),
        "next" | "silence" => match due(house, &script).await? {
            Some(due) => script.push(format!("wake at {due}")),
            None => notice = Some(w.try_no_wait().to_owned()),
        },
        "hour" => script.push("wake in 1h"),
        "time" => notice = set_time(house, &mut script, fields.get("time"), w).await?,
        "back" => script.take_back(),
        "answer" => script.push(script::answer(&CallOutcome::Answered { status: status_of(fields), body: fields.get("body").to_owned() })),
        "timed_out" => script.push("> answer timed out"),
        "failed" => script.push(script::answer(&CallOutcome::Failed(w.try_call_failed().to_owned()))),
        "returned" => script.push("> returned {}"),
        "hand_back" => script.push("> handover ends"),
        "callback" => script.push("> callback {}"),
        "tag" if !fields.get("tag").trim().is_empty() => script.push(format!("> tag {}", quoted(fields.get("tag").trim()))),
        "calls" => script.answer_calls(&calls_of(fields)),
        "stage" => script = stage(web, house, &script, fields, w).await?,
        "again" => {}
        _ => {
            let text = fields.get("text").trim();
            if !text.is_empty() {
                script.push(format!("> {}", quoted(text)));
            }
        }
    }
    Ok((script, notice))
}

fn start_line(start: &str) -> String {
    match start.split_once(' ') {
        Some(("say", phrase)) => format!("> {}", quoted(phrase)),
        Some(("event", word)) => format!("> event {word}"),
        _ => "> start".to_owned(),
    }
}

fn status_of(fields: &Fields) -> u16 {
    fields.get("status").parse().ok().filter(|status| (100..600).contains(status)).unwrap_or(200)
}

fn calls_of(fields: &Fields) -> Calls {
    match fields.get("calls") {
        "ask" => Calls::Ask,
        "real" => Calls::Real,
        _ => Calls::Mock(status_of(fields), fields.get("body").to_owned()),
    }
}

async fn due(house: &House, script: &Script) -> Result<Option<Time>, Trouble> {
    let seen = rehearse(house, script).await?.ok();
    Ok(seen.and_then(|seen| Some(seen.run.as_ref()?.timer()?.0.max(seen.now))))
}

/// Sets the clock: of the beginning while nothing came in, forward from then on.
async fn set_time(house: &House, script: &mut Script, text: &str, w: Language) -> Result<Option<String>, Trouble> {
    let Ok(local) = NaiveDateTime::parse_from_str(text, FIELD_TIME) else { return Ok(Some(w.try_no_time().to_owned())) };
    let at = house.facts.settings.time_zone.at(local);
    if !script.has_begun() {
        script.begin_at(at);
        return Ok(None);
    }
    let now = rehearse(house, script).await?.map_or(at, |seen| seen.now);
    if at < now {
        return Ok(Some(w.try_no_time_back().to_owned()));
    }
    script.push(format!("wake at {at}"));
    Ok(None)
}

/// A new stage, with how calls are answered as before.
async fn stage(web: &Web, house: &House, script: &Script, fields: &Fields, w: Language) -> Result<Script, Trouble> {
    let channel = fields.get("channel").parse().unwrap_or(ChannelKind::Simulator);
    let who = match fields.get("who") {
        "stranger" => Who::Stranger,
        other => match other.strip_prefix("contact:").and_then(|id| id.parse::<ContactId>().ok()) {
            Some(id) => {
                let contact = web.read(move |view| Ok(contacts::get(view, id)?)).await?.ok_or_else(|| Trouble::not_found("contact"))?;
                Who::Like(Box::new(contact))
            }
            None => Who::Sample(w.first_person().to_owned()),
        },
    };
    let mut fresh = Script::fresh(&house.facts, &house.draft, &who, channel, minute(house.now));
    fresh.answer_calls(&script.calls());
    Ok(fresh)
}

/// What tells a conversation.
struct Told<'h> {
    facts: &'h Facts,
    open: &'h Open,
    draft: &'h Flow,
    place: &'h Place,
    w: Language,
}

impl Told<'_> {
    fn rehearsal(&self, script: &Script, seen: &Seen, notice: Option<String>) -> Rehearsal {
        let (w, id, zone) = (self.w, self.open.head.id.to_string(), self.facts.settings.time_zone);
        let began = seen.scenes.first().map_or(seen.now, |scene| scene.at);
        let teller = Teller { speaker: self.open.speaker(w), flow: self.draft, home: &self.place.home, zone, began };
        let (status, stand) = teller.standing(seen.run.as_ref());
        Rehearsal {
            revision: self.open.head.draft_revision,
            script: seen.script.clone(),
            has_begun: script.has_begun(),
            notice,
            lines: teller.lines(seen),
            log: teller.log(seen),
            clock: teller.when(seen.now),
            clock_field: zone.local(seen.now).format(FIELD_TIME).to_string(),
            status,
            stand,
            starts: self.starts(),
            calls: script.calls(),
            has_calls: self.draft.nodes.iter().any(|node| matches!(node.kind, NodeKind::Api(_))),
            channels: w.channel_kinds(),
            channel: channel_of(script),
            people: vec![("sample".to_owned(), w.try_sample().to_owned()), ("stranger".to_owned(), w.try_stranger().to_owned())],
            kept: self.kept(),
            is_fresh: false,
            base: self.place.base.clone(),
            home: self.place.home.clone(),
            keeps: self.place.keeps,
            id,
        }
    }

    /// What starts the draft: its phrases, its events, and by hand.
    fn starts(&self) -> Vec<(String, String)> {
        let (speaker, w) = (self.open.speaker(self.w), self.w);
        let mut starts = Vec::new();
        for node in &self.draft.nodes {
            match &node.kind {
                NodeKind::Keyword(keyword) => {
                    starts.extend(keyword.phrases.iter().take(4).map(|phrase| (phrase.text.clone(), format!("say {}", phrase.text))));
                }
                NodeKind::Event(event) => {
                    let word = json!(event.on).as_str().unwrap_or_default().to_owned();
                    starts.push((speaker.line(node), format!("event {word}")));
                }
                _ => {}
            }
        }
        if self.draft.start_node().is_some() {
            starts.push((w.try_by_hand().to_owned(), "start".to_owned()));
        }
        starts
    }

    fn kept(&self) -> Vec<KeptTalk> {
        let talks = self.draft.talks.iter().enumerate();
        talks
            .map(|(place, kept)| {
                let red = talk::difference(&kept.script, self.draft).map(|found| (found.line, found.expected, found.got));
                KeptTalk { place, name: kept.name.clone(), red }
            })
            .collect()
    }
}

fn channel_of(script: &Script) -> String {
    let text = script.text();
    let named = text.lines().find_map(|line| line.strip_prefix("channel "));
    named.unwrap_or(ChannelKind::Simulator.word()).to_owned()
}

/// Leads back to the conversation page.
fn back(panel: &Panel, id: FlowId, flash: super::super::page::Flash) -> Response {
    panel.done(&format!("/flows/{id}/try"), flash)
}
