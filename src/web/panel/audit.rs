//! The log in the settings: who did what, to whom and when.

use super::super::Web;
use super::super::audit::{AuditPart, AuditRow};
use super::super::settings::SettingsTab;
use super::super::words::Language;
use super::answers::with_filters;
use super::contacts::shown_as;
use super::settings::tab;
use super::{Panel, Shown, Table, standing};
use crate::base::id::{ApiKeyId, AuditId, ContactId, FlowId, OperatorId, RunId};
use crate::base::time::Time;
use crate::base::zone::Zone;
use crate::executor::audit::{self, AuditMatch};
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::model::action::ActionId;
use crate::model::audit::{Doer, Thing};
use crate::model::flow::FlowState;
use crate::model::node::NodeId;
use crate::model::operator::{AuditLine, By};
use crate::store::{View, api_keys, contacts, operators, runs};
use axum::extract::{Query, State};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Lines of a page.
const ROWS: usize = 50;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.get("/settings/log", show)
}

/// Filters after the question mark; an empty one is none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    who: String,
    kind: String,
    run: String,
    contact: String,
    flow: String,
    after: String,
}

impl Asked {
    /// The one thing that is looked for: by which filter, and which.
    fn about(&self) -> Option<(&'static str, &str, Option<Thing>)> {
        let run = ("run", self.run.as_str(), self.run.parse::<RunId>().ok().map(Thing::Run));
        let contact = ("contact", self.contact.as_str(), self.contact.parse::<ContactId>().ok().map(Thing::Contact));
        let flow = ("flow", self.flow.as_str(), self.flow.parse::<FlowId>().ok().map(Thing::Flow));
        [run, contact, flow].into_iter().find(|(_, value, _)| !value.is_empty())
    }

    fn at(&self, about: Option<(&str, &str)>, after: &str) -> String {
        let pairs = [("who", self.who.as_str()), ("kind", &self.kind), about.unwrap_or_default(), ("after", after)];
        with_filters("/settings/log", &pairs)
    }

    fn wanted(&self) -> Option<AuditMatch> {
        let about = match self.about() {
            Some((_, _, thing)) => Some(thing?),
            None => None,
        };
        let by = if self.who.is_empty() { None } else { Some(Doer::of_word(&self.who)?) };
        Some(AuditMatch { by, about, what: Some(self.kind.clone()).filter(|kind| !kind.is_empty()) })
    }
}

/// `GET /settings/log`
async fn show(State(web): State<Web>, panel: Panel, Query(asked): Query<Asked>) -> Shown {
    let (facts, w, now) = (web.executor.facts(), panel.language, panel.now);
    let part = web.read(move |view| {
        let teller = Teller::of(view, &facts, now, w)?;
        let before: Option<AuditId> = asked.after.parse().ok();
        // A filter that names nothing means no line: never more than was asked for.
        let page = asked.wanted().map(|wanted| audit::page(view, &wanted, before, ROWS)).transpose()?.unwrap_or_default();
        let about = asked.about().map(|(filter, value, thing)| {
            let name = thing.and_then(|thing| teller.thing(thing)).map_or_else(|| value.to_owned(), |(_, name)| name);
            (filter.to_owned(), value.to_owned(), name, asked.at(None, ""))
        });
        let kept = asked.about().map(|(filter, value, _)| (filter, value));
        Ok(AuditPart {
            rows: page.lines.iter().map(|line| teller.row(line)).collect(),
            doers: teller.doers(),
            next: page.next.map(|next| asked.at(kept, &next.to_string())),
            cut: page.cut,
            about,
            who: asked.who.clone(),
            kind: asked.kind.clone(),
        })
    });
    let part = part.await?;
    tab(&web, &panel, SettingsTab::Log, |page| page.audit = part).await
}

/// Tells lines in words, with the names that things have now.
struct Teller<'a> {
    view: &'a View,
    facts: &'a Facts,
    people: BTreeMap<OperatorId, String>,
    keys: BTreeMap<ApiKeyId, String>,
    now: Time,
    zone: Zone,
    w: Language,
}

impl<'a> Teller<'a> {
    fn of(view: &'a View, facts: &'a Facts, now: Time, w: Language) -> Result<Teller<'a>, Refusal> {
        let people = operators::all(view)?.into_iter().map(|person| (person.id, person.name)).collect();
        let keys = api_keys::all(view)?.into_iter().map(|key| (key.id, key.name)).collect();
        Ok(Teller { view, facts, people, keys, now, zone: facts.settings.time_zone, w })
    }

    fn doers(&self) -> Vec<(String, String)> {
        let people = self.people.iter().map(|(id, name)| (id.to_string(), name.clone()));
        let others = [("api", self.w.audit_any_api()), ("appliance", "Flusso")];
        people.chain(others.map(|(word, name)| (word.to_owned(), name.to_owned()))).collect()
    }

    fn who(&self, by: By) -> String {
        match by {
            By::Operator(id) => self.people.get(&id).cloned().unwrap_or_else(|| self.w.audit_gone().to_owned()),
            By::Key(id) => self.keys.get(&id).map_or_else(|| self.w.by_api().to_owned(), |name| self.w.audit_api(name)),
            By::Command => self.w.audit_command().to_owned(),
            By::System => "Flusso".to_owned(),
        }
    }

    fn row(&self, line: &AuditLine) -> AuditRow {
        let about = line.things().into_iter().find_map(|thing| self.thing(thing));
        let named = |more: &String| about.as_ref().is_none_or(|(_, name)| name != more);
        AuditRow {
            at: line.at,
            who: self.who(line.by),
            what: self.w.audited(&line.what).unwrap_or(&line.what).to_owned(),
            more: Some(self.more(line)).filter(named).unwrap_or_default(),
            about,
        }
    }

    /// Where a thing is and what it is called; nothing where it is gone.
    fn thing(&self, thing: Thing) -> Option<(String, String)> {
        match thing {
            Thing::Run(id) => {
                let run = runs::get(self.view, id).ok()??;
                let contact = contacts::get(self.view, run.contact).ok()??;
                let flow = self.facts.heads.get(&run.flow).map_or(self.w.deleted_flow(), |head| head.name.as_str());
                Some((format!("/runs/{id}"), self.w.run_title(flow, &shown_as(&contact, self.w).0)))
            }
            Thing::Job(id) => Some((format!("/runs/changes/{id}"), self.w.changes_title().to_owned())),
            Thing::Contact(id) => {
                let contact = contacts::get(self.view, id).ok()??;
                Some((format!("/contacts/{id}"), shown_as(&contact, self.w).0))
            }
            Thing::Flow(id) => self.facts.heads.get(&id).map(|head| {
                let binned = matches!(head.state, FlowState::Binned { .. });
                (if binned { "/flows/bin".to_owned() } else { format!("/flows/{id}") }, head.name.clone())
            }),
            Thing::Channel(id) => self.facts.channels.get(&id).map(|known| (format!("/channels/{id}"), known.channel.name.clone())),
        }
    }

    /// Which part of the thing, and how.
    fn more(&self, line: &AuditLine) -> String {
        let (w, detail) = (self.w, line.detail.as_str());
        let after = |word: &str| detail.split_once(word).map_or("", |(_, rest)| rest);
        let (noun, _) = line.what.split_once('.').unwrap_or((&line.what, ""));
        match (noun, line.what.as_str()) {
            (_, "run.stopped") => w.said(after(": ")),
            (_, "run.variable_set") => after(", variable ").to_owned(),
            (_, "run.jumped") => self.node(line, after(" to ")),
            ("run" | "runs", "runs.undoing" | "run.started") => String::new(),
            ("runs", _) => many(after(": "), w),
            ("run", _) => String::new(),
            ("action", _) => self.action(line, after(", action ")),
            ("contact", _) => w.changed_parts(after(": ")),
            ("settings", _) => w.changed_parts(detail),
            ("set", _) => {
                let mut numbers = detail.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
                w.audit_set(numbers.next().unwrap_or("0"), numbers.next().unwrap_or("0"))
            }
            ("secret" | "tag" | "field" | "segment" | "run_view", _) => detail.to_owned(),
            ("quick_reply", _) => after(" ").to_owned(),
            _ => named(detail),
        }
    }

    /// An action by what its node is called, and to when it was moved.
    fn action(&self, line: &AuditLine, said: &str) -> String {
        let moved = said.rsplit_once(" to ").and_then(|(action, due)| Some((action, due.parse::<Time>().ok()?)));
        let action = moved.map_or(said, |(action, _)| action);
        let name = action.parse::<ActionId>().map_or_else(|_| action.to_owned(), |action| self.node(line, &action.node.0));
        moved.map_or(name.clone(), |(_, due)| self.w.audit_to_time(&name, &self.w.moment(due, self.now, self.zone).wall))
    }

    /// What a node is called in the version the run goes through.
    fn node(&self, line: &AuditLine, id: &str) -> String {
        let run = line.things().into_iter().find_map(|thing| if let Thing::Run(id) = thing { Some(id) } else { None });
        let run = run.and_then(|run| runs::get(self.view, run).ok().flatten());
        let flow = run.and_then(|run| self.facts.flow(self.view, run.flow, run.version).ok());
        flow.map_or_else(|| id.to_owned(), |flow| standing::name(&flow, &NodeId(id.to_owned()), self.w))
    }
}

/// A change of many, as `move for 61 runs` tells it.
fn many(said: &str, w: Language) -> String {
    let (verb, rest) = said.split_once(" for ").unwrap_or((said, ""));
    let count = rest.split(' ').next().and_then(|count| count.parse().ok()).unwrap_or(0);
    w.change_title(verb, count)
}

/// What stands between the first and the last quotation mark: a name.
fn named(detail: &str) -> String {
    let inside = detail.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"'));
    inside.map_or_else(String::new, |(name, _)| name.to_owned())
}
