//! What Flusso does, as lines of a talk.

use crate::base::time::Time;
use crate::model::action::{Action, ActionState};
use crate::model::contact::{ConsentState, Contact};
use crate::model::effect::{Call, Content, Effect};
use crate::model::flow::Flow;
use crate::model::message::Choice;
use crate::model::node::{FlowRef, LaunchMode, NodeKind};
use crate::model::run::{EndedAs, Phase, Run, RunState, Waiting, WaitingFor};
use crate::model::secret_name::SIGN;
use crate::model::value::{Value, Values};
use crate::model::world::World;
use serde_json::json;

/// One step of the engine.
#[derive(Clone, Debug)]
pub struct Moment {
    /// When.
    pub at: Time,
    /// What it wants done.
    pub effects: Vec<Effect>,
    /// What it changed on the contact and among the variables.
    pub changed: Vec<Changed>,
}

/// An effect; none where people need not see it.
pub fn effect(effect: &Effect, world: &World, show_live: bool) -> Option<String> {
    Some(match effect {
        Effect::Send { content: sent, live, .. } => {
            format!("send {}{}", content(sent), if show_live && *live { " (live)" } else { "" })
        }
        Effect::Call { call: made, .. } => call(made),
        Effect::Launch { flow, mode, variables, .. } => {
            let mode = match mode {
                LaunchMode::Continue => "continue",
                LaunchMode::Call => "call",
                LaunchMode::Jump => "jump",
            };
            format!("launch {} {mode}{}", quoted(&flow_name(flow, world)), some_values(variables))
        }
        Effect::Stop { flow: None } => "stop all".to_owned(),
        Effect::Stop { flow: Some(flow) } => format!("stop {}", quoted(&flow_name(flow, world))),
        Effect::Notify { text, to, .. } => format!("notify {} {}", quoted(to), quoted(text)),
        Effect::Return { variables, .. } => format!("return{}", some_values(variables)),
        Effect::Record(done) => {
            let why = || done.result.as_ref().map(|result| format!(" ({result})")).unwrap_or_default();
            match done.state {
                ActionState::Skipped => format!("skipped {}{}", done.action, why()),
                ActionState::Removed => format!("removed {}{}", done.action, why()),
                ActionState::Failed => format!("failed {}{}", done.action, why()),
                _ => return None,
            }
        }
    })
}

fn flow_name(flow: &FlowRef, world: &World) -> String {
    match flow {
        FlowRef::Id(id) => world.flows.get(id).cloned().unwrap_or_else(|| id.to_string()),
        FlowRef::Name(name) => name.clone(),
    }
}

fn some_values(values: &Values) -> String {
    if values.is_empty() { String::new() } else { format!(" {}", json!(values)) }
}

/// A text in quotation marks, as JSON writes it.
pub fn quoted(text: &str) -> String {
    json!(text).to_string()
}

fn content(content: &Content) -> String {
    let mut words = Vec::new();
    if let Some(template) = &content.template {
        let filled: Vec<String> = template.parameters.iter().map(|text| quoted(text)).collect();
        words.push(format!("template {} {} ({})", template.name, template.language, filled.join(", ")));
    }
    if let Some(media) = &content.media {
        words.push(format!("{} {}", media.kind.word(), media.url.as_deref().unwrap_or("?")));
    }
    if let Some(place) = &content.location {
        let name = place.name.as_ref().map(|name| format!(" {}", quoted(name))).unwrap_or_default();
        words.push(format!("location {},{}{name}", place.latitude, place.longitude));
    }
    if let Some((name, phone)) = &content.card {
        words.push(format!("card {} {phone}", quoted(name)));
    }
    if !content.text.is_empty() {
        words.push(quoted(&content.text));
    }
    words.extend(content.buttons.iter().map(choice));
    if let Some(list) = &content.list {
        words.push(format!("list {}", quoted(&list.button)));
        for (title, rows) in &list.sections {
            words.extend(title.as_ref().map(|title| format!("/ {title}:")));
            let row = |(row, more): &(Choice, Option<String>)| {
                let more = more.as_ref().map(|more| format!(" ({more})")).unwrap_or_default();
                format!("{}{more}", choice(row))
            };
            words.extend(rows.iter().map(row));
        }
    }
    words.extend(content.typing.map(|long| format!("typing {long}")));
    words.join(" ")
}

fn choice(choice: &Choice) -> String {
    format!("[{}: {}]", choice.id, choice.title)
}

fn call(call: &Call) -> String {
    let mut words = format!("call {} {}", call.method.word(), call.url);
    for (name, value) in call.headers.iter().filter(|(name, _)| *name != "Idempotency-Key") {
        words.push_str(&format!(" {name}: {value}"));
    }
    if let Some(body) = &call.body {
        words.push_str(&format!(" {} {}", body.kind, body.text));
    }
    // A secret stands there by its name alone: the sign around it is for the sender.
    words.replace(SIGN, "").replace("\\u0001", "")
}

/// Something that a step changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Changed {
    /// A field or variable, by its full name; `None` where it was cleared.
    Value(String, Option<Value>),
    /// A tag, and whether the contact has it now.
    Tag(String, bool),
    /// The contact's language.
    Language(Option<String>),
    /// The contact's permission.
    Consent(ConsentState),
}

impl Changed {
    /// As a talk writes it.
    pub fn line(&self) -> String {
        match self {
            Changed::Value(name, Some(value)) => format!("{name} = {}", json!(value)),
            Changed::Value(name, None) => format!("{name} cleared"),
            Changed::Tag(tag, true) => format!("tag +{tag}"),
            Changed::Tag(tag, false) => format!("tag -{tag}"),
            Changed::Language(language) => format!("language {}", language.as_deref().unwrap_or("unknown")),
            Changed::Consent(ConsentState::OptedIn) => "opted in".to_owned(),
            Changed::Consent(ConsentState::OptedOut) => "opted out".to_owned(),
            Changed::Consent(ConsentState::Unknown) => "consent unknown".to_owned(),
        }
    }
}

/// What a step changed on the contact and the run's variables.
pub fn changes(before: (&Contact, &Run), after: (&Contact, &Run)) -> Vec<Changed> {
    let ((contact, run), (contact_now, run_now)) = (before, after);
    let mut all = values("contact.fields.", &contact.fields, &contact_now.fields);
    all.extend(contact_now.tags.difference(&contact.tags).map(|tag| Changed::Tag(tag.clone(), true)));
    all.extend(contact.tags.difference(&contact_now.tags).map(|tag| Changed::Tag(tag.clone(), false)));
    if contact.language != contact_now.language {
        all.push(Changed::Language(contact_now.language.clone()));
    }
    if contact.consent != contact_now.consent {
        all.push(Changed::Consent(contact_now.consent.state));
    }
    all.extend(values("run.", &run.variables, &run_now.variables));
    all
}

fn values(kind: &str, before: &Values, after: &Values) -> Vec<Changed> {
    let set = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    let mut all: Vec<Changed> = set.map(|(name, value)| Changed::Value(format!("{kind}{name}"), Some(value.clone()))).collect();
    all.extend(before.keys().filter(|name| !after.contains_key(*name)).map(|name| Changed::Value(format!("{kind}{name}"), None)));
    all
}

/// Where a run stands.
pub fn place(flow: &Flow, run: &Run, now: Time) -> String {
    match &run.state {
        RunState::Held { .. } => return "on hold".to_owned(),
        RunState::Ended { how, word, .. } => {
            let how = match how {
                EndedAs::Finished => "done",
                EndedAs::Stopped => "stopped",
                EndedAs::Failed => "failed",
            };
            return word.as_ref().map_or_else(|| how.to_owned(), |word| format!("{how} {}", quoted(word)));
        }
        RunState::Live => {}
    }
    match &run.phase {
        Phase::Ready(node) => format!("ready at {node}"),
        Phase::Waiting(waiting) => rest(flow, waiting, now),
        Phase::Calling { .. } => "wait for the call".to_owned(),
        Phase::Called { .. } => "wait for the other flow".to_owned(),
        Phase::Handover { until: Some(until), .. } => format!("handover for {}", until.since(now)),
        Phase::Handover { until: None, .. } => "handover".to_owned(),
        Phase::Over => "over".to_owned(),
    }
}

fn rest(flow: &Flow, waiting: &Waiting, now: Time) -> String {
    let why = waiting.moved.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
    let due = waiting.due.map(|due| format!("wake in {}", due.since(now)));
    let kind = flow.node(&waiting.action.node).map(|node| &node.kind);
    let other = match (waiting.what, kind) {
        (WaitingFor::Node, Some(NodeKind::Wait(wait))) => {
            let answer = wait.reply.as_ref().map(|_| "an answer");
            let met = wait.met.as_ref().map(|met| if met.callback { "a callback" } else { "a change" });
            answer.into_iter().chain(met).collect::<Vec<_>>().join(" or ")
        }
        (WaitingFor::Burst, _) => "more of the answer".to_owned(),
        (WaitingFor::Window, _) => "the contact's next message".to_owned(),
        _ => String::new(),
    };
    match (due, other.is_empty()) {
        (Some(due), true) => format!("{due}{why}"),
        (Some(due), false) => format!("{due}{why} or {other}"),
        (None, true) => format!("wait{why}"),
        (None, false) => format!("wait for {other}{why}"),
    }
}

/// A line of a forecast.
pub fn forecast(action: &Action, now: Time) -> String {
    let state = json!(action.state);
    let mut words = format!("{} {} {}", action.id, action.kind, state.as_str().unwrap_or_default());
    if let Some(due) = action.due {
        words.push_str(&format!(" in {}", due.since(now)));
    }
    if !action.text.is_empty() {
        words.push_str(&format!(" {}", quoted(&action.text)));
    }
    if let Some(result) = &action.result {
        words.push_str(&format!(" ({result})"));
    }
    if !action.branches.is_empty() {
        words.push_str(&format!(" either {}", action.branches.join(", ")));
    }
    words
}
