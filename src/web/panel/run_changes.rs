//! Many runs at once: who is meant and what will happen, then how far it is, and how it is taken back.

use super::super::Web;
use super::super::node_form::Fields;
use super::super::page::{Flash, Nav};
use super::super::run_changes::{ChangePage, JobPage, JobRow, JobsPage};
use super::answers::{every, with_filters};
use super::contacts::shown_as;
use super::runs::{Asked, nodes};
use super::{Panel, Shown, Table, actions, own_path};
use crate::base::id::{FlowId, JobId, RunId};
use crate::base::time::{Span, Time};
use crate::base::zone::Zone;
use crate::executor::control::bulk::CONFIRM_ABOVE;
use crate::executor::refusal::Refusal;
use crate::model::job::{BulkVerb, Job, JobItem};
use crate::model::node::NodeId;
use crate::model::reason::Reason;
use crate::model::run_match::RunMatch;
use crate::store::{View, jobs, operators};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use serde::Deserialize as _;

/// Reasons of refusals that are shown.
const REASONS: usize = 20;
/// Rows of a job that are looked through for them at once, and how often.
const PAGE: usize = 500;
const PAGES: usize = 40;
/// Jobs of the list.
const JOBS: usize = 30;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/runs/changes", ask).post("/runs/changes", change).get("/runs/changes/all", all);
    table.get("/runs/changes/{id}", watch).delete("/runs/changes/{id}", undo)
}

/// The pairs of the filters and the selection, as an address says them.
fn pairs(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes()).into_owned().filter(|(_, value)| !value.is_empty()).collect()
}

/// Who is meant: those selected, or all that match the filters.
fn meant(pairs: &[(String, String)], now: Time, zone: Zone) -> RunMatch {
    if pairs.iter().any(|(name, _)| name == "run") {
        let runs: Vec<_> = pairs.iter().filter(|(name, _)| name == "run").filter_map(|(_, id)| id.parse().ok()).collect();
        return if runs.is_empty() { Asked::nobody() } else { RunMatch { runs, ..RunMatch::default() } };
    }
    let filters = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let read = Asked::deserialize(serde::de::value::MapDeserializer::<_, serde::de::value::Error>::new(filters));
    read.map_or_else(|_| Asked::nobody(), |asked| asked.wanted(now, zone))
}

fn value<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    pairs.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
}

/// `GET /runs/changes?verb=…&run=…`, or with the filters of the list: says who and what, before it is done.
async fn ask(State(web): State<Web>, panel: Panel, RawQuery(query): RawQuery) -> Shown {
    let (w, pairs) = (panel.language, pairs(&query.unwrap_or_default()));
    let facts = web.executor.facts();
    let matching = meant(&pairs, panel.now, facts.settings.time_zone);
    let verb = value(&pairs, "verb").to_owned();
    let back = match value(&pairs, "back") {
        "" => {
            let kept = pairs.iter().filter(|(name, _)| name != "verb" && name != "run");
            with_filters("/runs", &kept.map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>())
        }
        back => own_path(back).to_owned(),
    };
    let tally = match web.executor.preview_changes(matching.clone()).await {
        Ok(tally) if tally.runs > 0 => tally,
        Ok(_) => return Ok(panel.done(&back, Flash::bad(w.none_selected()))),
        Err(refusal) => return panel.refused(&back, refusal),
    };
    let flow = matching.flow.or_else(|| one_flow(tally.first.iter().map(|(run, _)| run.flow)));
    let nodes = match (verb.as_str(), flow.and_then(|flow| facts.heads.get(&flow)).filter(|head| head.version > 0)) {
        ("jump", Some(head)) => {
            let (id, version, facts) = (head.id, head.version, facts.clone());
            nodes(web.read(move |view| facts.flow(view, id, version)).await?.as_ref(), w)
        }
        _ => Vec::new(),
    };
    let chrome = panel.chrome(Nav::Runs, w.change_title(&verb, tally.runs));
    let names = tally.first.iter().map(|(run, contact)| {
        let flow = facts.heads.get(&run.flow).map(|head| head.name.clone()).unwrap_or_default();
        (format!("/runs/{}", run.id), shown_as(contact, w).0, flow)
    });
    let page = ChangePage {
        chrome: &chrome,
        means: w.change_means(&verb),
        names: names.collect(),
        others: tally.runs - tally.first.len() as u64,
        total: tally.runs,
        must_confirm: tally.runs > CONFIRM_ABOVE,
        is_move: verb == "move",
        moves: actions::quick_moves(None, None, panel.now, facts.settings.time_zone, w),
        is_jump: verb == "jump",
        nodes,
        hidden: pairs,
        back,
        verb,
    };
    Ok(panel.show(&chrome, &page))
}

/// The flow of all these, where it is one.
fn one_flow(mut flows: impl Iterator<Item = FlowId>) -> Option<FlowId> {
    let first = flows.next()?;
    flows.all(|flow| flow == first).then_some(first)
}

/// `POST /runs/changes`: from the list it leads to the question; from the question, with `sure`, it begins.
async fn change(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let (w, fields) = (panel.language, Fields::from_body(&body));
    let said: Vec<(&str, &str)> = fields.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let all = fields.is_on("all");
    let own =
        |name: &str| matches!(name, "csrf" | "all" | "sure" | "count" | "seen" | "when" | "at" | "only" | "to") || (all && name == "run");
    let kept: Vec<(&str, &str)> = said.into_iter().filter(|(name, value)| !own(name) && !value.is_empty()).collect();
    let question = with_filters("/runs/changes", &kept);
    if !fields.is_on("sure") {
        if !all && every(&body, "run").is_empty() && !fields.is_on("contact") {
            return Ok(panel.done(own_path(fields.get_or("back", "/runs")), Flash::bad(w.none_selected())));
        }
        return Ok(panel.go(&question));
    }
    let zone = web.executor.facts().settings.time_zone;
    let verb = match verb_of(&fields, &panel, zone) {
        Ok(verb) => verb,
        Err(why) => return Ok(panel.done(&question, Flash::bad(why))),
    };
    let owned: Vec<(String, String)> = kept.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let matching = meant(&owned, panel.now, zone);
    let total = web.executor.preview_changes(matching.clone()).await?.runs;
    let typed: String = fields.get("count").chars().filter(char::is_ascii_digit).collect();
    // Never more people than were shown.
    let grew = fields.get("seen").parse::<u64>().is_ok_and(|seen| total > seen);
    if grew && total <= CONFIRM_ABOVE {
        return Ok(panel.done(&question, Flash::bad(w.more_are_meant(total))));
    }
    if total > CONFIRM_ABOVE && typed.parse() != Ok(total) {
        return Ok(panel.done(&question, Flash::bad(w.count_is_wrong(total))));
    }
    match web.executor.change_runs(panel.by(), matching, verb, Some(total)).await {
        Ok(job) => Ok(panel.go(&format!("/runs/changes/{}", job.id))),
        Err(refusal) => panel.refused(&question, refusal),
    }
}

fn verb_of(fields: &Fields, panel: &Panel, zone: Zone) -> Result<BulkVerb, String> {
    let w = panel.language;
    match fields.get("verb") {
        "hold" => Ok(BulkVerb::Hold),
        "resume" => Ok(BulkVerb::Resume),
        "skip" => Ok(BulkVerb::Skip),
        "stop" => Ok(BulkVerb::Stop { reason: Reason::StoppedBy { name: panel.operator.name.clone() }.to_string() }),
        "jump" if fields.is_on("to") => Ok(BulkVerb::Jump { node: NodeId(fields.get("to").to_owned()) }),
        "move" if fields.get("when") == "hour" => Ok(BulkVerb::Move { to: None, by: Some(Span::HOUR), only: fields.is_on("only") }),
        "move" => {
            let to = actions::moved_to(fields.get("when"), fields.get("at"), panel.now, panel.now, zone);
            to.map(|to| BulkVerb::Move { to: Some(to), by: None, only: fields.is_on("only") }).ok_or_else(|| w.time_unreadable().to_owned())
        }
        _ => Err(w.none_selected().to_owned()),
    }
}

/// `GET /runs/changes/{id}`: how far it is.
async fn watch(State(web): State<Web>, panel: Panel, Path(id): Path<JobId>) -> Shown {
    let w = panel.language;
    let read = web.read(move |view| {
        let job = jobs::get(view, id)?.ok_or(Refusal::NotFound("change"))?;
        let refused = refused(view, &job)?;
        let people = operators::all(view)?;
        Ok((job, refused, people))
    });
    let (job, refused, people) = read.await?;
    let who = job.by.operator().and_then(|id| people.into_iter().find(|operator| operator.id == id));
    let mut chrome = panel.chrome(Nav::Runs, w.change_title(job.verb.word(), job.total));
    chrome.stream = job.is_open().then(|| format!("/events?page=job&job={id}"));
    let page = JobPage {
        chrome: &chrome,
        row: row(&job, w),
        who: who.map_or_else(|| w.by_api().to_owned(), |operator| operator.name),
        refused: refused.into_iter().map(|(run, why)| (format!("/runs/{run}"), why)).collect(),
    };
    Ok(panel.show(&chrome, &page))
}

/// The first that were left as they were, and why.
fn refused(view: &View, job: &Job) -> Result<Vec<(RunId, String)>, Refusal> {
    let (mut refused, mut after) = (Vec::new(), None);
    for _ in 0..PAGES {
        if refused.len() as u64 >= job.refused.min(REASONS as u64) {
            break;
        }
        let page = jobs::items(view, job.id, after, PAGE)?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        refused.extend(page.into_iter().filter_map(|(run, item)| if let JobItem::Refused(why) = item { Some((run, why)) } else { None }));
    }
    refused.truncate(REASONS);
    Ok(refused)
}

fn row(job: &Job, w: super::Language) -> JobRow {
    JobRow {
        id: job.id.to_string(),
        title: w.change_title(job.verb.word(), job.total),
        state: w.job_state(job.state).to_owned(),
        is_open: job.is_open(),
        created: job.created,
        finished: job.finished,
        total: job.total,
        changed: job.changed,
        refused: job.refused,
        undone: job.undone,
        can_undo: job.verb.can_undo() && !job.is_back(),
    }
}

/// `GET /runs/changes/all`: the newest changes.
async fn all(State(web): State<Web>, panel: Panel) -> Shown {
    let w = panel.language;
    let found = web.read(|view| Ok(jobs::latest(view, JOBS)?)).await?;
    let chrome = panel.chrome(Nav::Runs, w.changes_title());
    Ok(panel.show(&chrome, &JobsPage { chrome: &chrome, rows: found.iter().map(|job| row(job, w)).collect() }))
}

/// `DELETE /runs/changes/{id}`: takes it back.
async fn undo(State(web): State<Web>, panel: Panel, Path(id): Path<JobId>) -> Shown {
    let outcome = web.executor.undo_changes(panel.by(), id).await;
    panel.after(&format!("/runs/changes/{id}"), outcome, panel.language.job_goes_back())
}
