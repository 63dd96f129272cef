//! The list of active automations: its filters, as its address says them, and the views that were given a name.

use super::super::Web;
use super::super::node_form::Fields;
use super::super::page::Nav;
use super::super::runs::{RunRow, RunsPage};
use super::super::words::Language;
use super::answers::with_filters;
use super::contacts::{shown_as, tags_in_use};
use super::standing::{self, Standing};
use super::{Panel, Shown, Table, actions, overdue};
use crate::base::id::{ChannelId, ContactId, FlowId, Id, RunId, Shard};
use crate::base::time::{Span, Time};
use crate::base::zone::{Zone, plus_days};
use crate::engine::line;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::executor::run_list;
use crate::model::contact::Contact;
use crate::model::flow::Flow;
use crate::model::node::NodeId;
use crate::model::run::Run;
use crate::model::run_match::{RunMatch, SavedView, StateWord};
use crate::store::{View, contacts, run_views};
use axum::body::Bytes;
use axum::extract::{Query, State};
use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

/// Rows of a page.
const ROWS: usize = 50;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.get("/runs", list).post("/runs/views", save_view).delete("/runs/views", delete_view)
}

/// Filters after the question mark; an empty one is none. `due` is `now`, `today`, `tomorrow`, `week` or a day.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub flow: String,
    pub node: String,
    pub channel: String,
    pub tag: String,
    pub state: String,
    pub due: String,
    pub text: String,
    pub contact: String,
    pub after: String,
}

impl Asked {
    /// What is asked for. A filter that names nothing means nobody: never more people than were asked for.
    pub fn wanted(&self, now: Time, zone: Zone) -> RunMatch {
        let names_nothing = |text: &str, known: bool| !text.is_empty() && !known;
        let due = due_before(&self.due, now, zone);
        if names_nothing(&self.flow, self.flow.parse::<FlowId>().is_ok())
            || names_nothing(&self.contact, self.contact.parse::<ContactId>().is_ok())
            || names_nothing(&self.channel, self.channel.parse::<ChannelId>().is_ok())
            || names_nothing(&self.state, StateWord::of_word(&self.state).is_some())
            || names_nothing(&self.due, due.is_some())
        {
            return Asked::nobody();
        }
        let said = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        RunMatch {
            runs: Vec::new(),
            contact: self.contact.parse().ok(),
            flow: self.flow.parse().ok(),
            node: said(&self.node).map(NodeId),
            channel: self.channel.parse().ok(),
            tag: said(&self.tag),
            state: StateWord::of_word(&self.state),
            due_from: None,
            due_before: due,
            text: said(&self.text),
        }
    }

    /// Nobody: there is no run of this number.
    pub fn nobody() -> RunMatch {
        RunMatch { runs: vec![RunId::new(Shard(0), 0)], ..RunMatch::default() }
    }

    /// The filters by name, without the place in the list.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("flow", &self.flow),
            ("node", &self.node),
            ("channel", &self.channel),
            ("tag", &self.tag),
            ("state", &self.state),
            ("due", &self.due),
            ("text", &self.text),
            ("contact", &self.contact),
        ];
        all.into_iter().map(|(name, text)| (name, text.as_str())).filter(|(_, text)| !text.is_empty()).collect()
    }

    fn from_fields(fields: &Fields) -> Asked {
        let of = |name: &str| fields.get(name).to_owned();
        Asked {
            flow: of("flow"),
            node: of("node"),
            channel: of("channel"),
            tag: of("tag"),
            state: of("state"),
            due: of("due"),
            text: of("text"),
            contact: of("contact"),
            after: String::new(),
        }
    }

    /// The list with these filters.
    pub fn address(&self) -> String {
        self.at("")
    }

    /// The page of it that begins after this place.
    fn at(&self, after: &str) -> String {
        with_filters("/runs", &[&self.pairs()[..], &[("after", after)]].concat())
    }
}

/// The time that a word of the due filter means.
fn due_before(word: &str, now: Time, zone: Zone) -> Option<Time> {
    let day = |ahead: i64| plus_days(zone.date(now), ahead).map(|date| zone.on(date, NaiveTime::MIN));
    match word {
        "now" => Some(now + Span(1)),
        "today" => day(1),
        "tomorrow" => day(2),
        "week" => day(7),
        other => other.parse().ok().or_else(|| {
            let date: NaiveDate = other.parse().ok()?;
            Some(zone.on(plus_days(date, 1)?, NaiveTime::MIN))
        }),
    }
}

/// `GET /runs`
async fn list(State(web): State<Web>, panel: Panel, Query(asked): Query<Asked>) -> Shown {
    let (facts, w, now) = (web.executor.facts(), panel.language, panel.now);
    let wanted = asked.wanted(now, facts.settings.time_zone);
    let (after, read_facts) = (Some(asked.after.clone()).filter(|after| !after.is_empty()), facts.clone());
    let doubted = web.executor.line.shared.clock.is_doubtful();
    let read = web.read(move |view| {
        let page = run_list::page(view, &wanted, after.as_deref(), ROWS)?;
        let rows = page.rows.iter().map(|(run, contact)| row(view, &read_facts, run, contact, now, w));
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        let late = overdue::lines(view, &read_facts, now, doubted, w)?;
        let counts = run_list::inside_and_held(view, &read_facts)?;
        let contact = wanted.contact.map(|id| contacts::get(view, id)).transpose()?.flatten();
        let chosen = (nodes_of(view, &read_facts, &wanted, w)?, contact.map(|contact| shown_as(&contact, w).0));
        Ok((rows, page.next, page.cut, chosen, run_views::all(view)?, late, counts, tags_in_use(view)?))
    });
    let (rows, next, cut, (nodes, contact), views, late, (inside, held), tags) = read.await?;
    let mut chrome = panel.chrome(Nav::Runs, w.nav_runs());
    chrome.stream = Some("/events?page=runs".to_owned());
    let here = asked.address();
    let own = |text: &str| text.to_owned();
    let page = RunsPage {
        chrome: &chrome,
        flows: facts.names.iter().map(|(id, name)| (id.to_string(), name.clone())).collect(),
        nodes,
        channels: facts.channels.values().map(|known| (known.channel.id.to_string(), known.channel.name.clone())).collect(),
        views: views.iter().map(|view| (format!("/runs?{}", view.query), view.name.clone())).collect(),
        can_save: !asked.pairs().is_empty(),
        filters: asked.pairs().into_iter().map(|(name, text)| (own(name), own(text))).collect(),
        here,
        back: asked.at(&asked.after),
        contact: contact.map(|name| (own(&asked.contact), name, Asked { contact: String::new(), ..asked.clone() }.address())),
        next: next.map(|after| asked.at(&after)),
        cut,
        late,
        inside,
        held,
        rows,
        flow: asked.flow,
        node: asked.node,
        channel: asked.channel,
        tag: asked.tag,
        tags,
        state: asked.state,
        due: asked.due,
        text: asked.text,
    };
    Ok(panel.show(&chrome, &page))
}

/// The nodes of the flow that is chosen, to choose one.
fn nodes_of(view: &View, facts: &Facts, wanted: &RunMatch, w: Language) -> Result<Vec<(String, String)>, Refusal> {
    let head = wanted.flow.and_then(|flow| facts.heads.get(&flow)).filter(|head| head.version > 0);
    let Some(head) = head else { return Ok(Vec::new()) };
    Ok(nodes(facts.flow(view, head.id, head.version)?.as_ref(), w))
}

/// Nodes that a run can stand at: id and name.
pub(super) fn nodes(flow: &Flow, w: Language) -> Vec<(String, String)> {
    let reached = flow.nodes.iter().filter(|node| !node.kind.is_trigger() && node.kind.word() != "note");
    reached.map(|node| (node.id.to_string(), standing::name(flow, &node.id, w))).collect()
}

fn row(view: &View, facts: &Facts, run: &Run, contact: &Contact, now: Time, w: Language) -> Result<RunRow, Refusal> {
    let standing = Standing::of(view, facts, run, contact, now, w)?;
    let (state, tone) = w.run_state(run);
    let (name, number) = shown_as(contact, w);
    let flow = facts.flow(view, run.flow, run.version)?;
    let action = line::pending(&flow, run);
    Ok(RunRow {
        id: run.id.to_string(),
        contact: name,
        number,
        contact_href: format!("/runs/{}", run.id),
        flow: facts.heads.get(&run.flow).map_or_else(|| w.deleted_flow().to_owned(), |head| head.name.clone()),
        flow_href: format!("/runs?flow={}", run.flow),
        at: standing.at,
        due: standing.due,
        next: standing.next,
        started: run.started,
        state: state.to_owned(),
        tone,
        is_held: action.as_ref().and_then(|action| run.changes.get(action)).is_some_and(|change| change.hold),
        moves: actions::row_moves(contact, standing.due, now, facts.settings.time_zone, w),
        action: action.map(|action| action.to_string()),
    })
}

/// `POST /runs/views`: keeps the filters under a name.
async fn save_view(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let fields = Fields::from_body(&body);
    let asked = Asked::from_fields(&fields);
    let here = asked.address();
    let query = here.split_once('?').map_or_else(String::new, |(_, query)| query.to_owned());
    let view = SavedView { name: fields.get("name").trim().to_owned(), query };
    let outcome = web.executor.save_view(panel.by(), view).await;
    panel.after(&here, outcome, panel.language.view_saved())
}

/// `DELETE /runs/views`
async fn delete_view(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let name = Fields::from_body(&body).get("name").to_owned();
    let outcome = web.executor.delete_view(panel.by(), name).await;
    panel.after("/runs", outcome, panel.language.view_deleted())
}
