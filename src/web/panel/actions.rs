//! What a person does to a single action of a run.

use super::super::Web;
use super::super::contacts::ConfirmPage;
use super::super::node_form::Fields;
use super::super::page::{Flash, Nav};
use super::super::problem::Trouble;
use super::super::runs::QuickMove;
use super::super::words::Language;
use super::answers::with_filters;
use super::contacts::shown_as;
use super::{Panel, Shown, Table, own_path};
use crate::base::id::RunId;
use crate::base::time::{Span, Time};
use crate::base::zone::Zone;
use crate::engine::calendar::quiet_end;
use crate::engine::text::encoded;
use crate::executor::refusal::Refusal;
use crate::model::action::{Action, ActionId, ActionSource, ActionState, Verb};
use crate::model::contact::Contact;
use crate::store::{contacts, runs};
use axum::body::Bytes;
use axum::extract::{Path, Query, RawQuery, State};
use chrono::{NaiveDateTime, NaiveTime};
use serde::Deserialize;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.post("/runs/{id}/actions/{action}", change).delete("/runs/{id}/actions/{action}", remove);
    let table = table.post("/runs/{id}/actions/{action}/run", send_now).get("/runs/{id}/actions/{action}/run", ask_send);
    let table = table.post("/runs/{id}/actions/{action}/skips", skip);
    let table = table.post("/runs/{id}/actions/{action}/hold", hold).delete("/runs/{id}/actions/{action}/hold", release);
    table.delete("/runs/{id}/actions/{action}/changes", undo)
}

/// A run and one of its actions, by the address.
type At = Path<(RunId, String)>;

async fn act(
    web: &Web,
    panel: &Panel,
    (run, action): (RunId, String),
    body: &Bytes,
    verb: impl FnOnce(ActionId) -> Verb,
    done: impl Into<String>,
) -> Shown {
    let back = back_to(run, body);
    let action: ActionId = action.parse().map_err(|_| Trouble::not_found("action"))?;
    // A button under what comes next means that action at that place: not what it may be if it comes round again.
    let outcome = match Fields::from_body(body).is_on("next") {
        true => web.executor.pending_verb(panel.by(), run, action.clone(), verb(action)).await,
        false => web.executor.run_verb(panel.by(), run, verb(action)).await,
    };
    panel.after(&back, outcome, done)
}

/// Where a verb leads back to: where it was chosen, or the run's page.
fn back_to(run: RunId, body: &Bytes) -> String {
    match Fields::from_body(body).get("back") {
        "" => format!("/runs/{run}"),
        back => own_path(back).to_owned(),
    }
}

/// `POST /runs/{id}/actions/{action}/run`: at once; in the contact's quiet hours only after a question.
async fn send_now(State(web): State<Web>, panel: Panel, Path(at): At, RawQuery(sure): RawQuery, body: Bytes) -> Shown {
    let body = sure.map_or(body, Bytes::from);
    let fields = Fields::from_body(&body);
    if !fields.is_on("sure") && quiet_until(&web, &contact_of(&web, at.0).await?, panel.now).is_some() {
        return Ok(panel.go(&with_filters(&send_path(&at), &[("next", fields.get("next")), ("back", fields.get("back"))])));
    }
    act(&web, &panel, at, &body, Verb::SendNow, panel.language.action_sent()).await
}

/// `GET /runs/{id}/actions/{action}/run`: what it means to send in the quiet hours, before it is done.
async fn ask_send(State(web): State<Web>, panel: Panel, Path(at): At, Query(asked): Query<Asked>) -> Shown {
    let (w, contact) = (panel.language, contact_of(&web, at.0).await?);
    let zone = contact.zone.unwrap_or(web.executor.facts().settings.time_zone);
    let name = shown_as(&contact, w).0;
    let quiet = quiet_until(&web, &contact, panel.now).map(|end| w.quiet_now(&name, &w.moment(end, panel.now, zone).wall));
    let lines = [Some(w.send_now_to(&name)), quiet, Some(w.send_now_all_the_same().to_owned())];
    let chrome = panel.chrome(Nav::Runs, w.send_now());
    let confirm = ConfirmPage {
        chrome: &chrome,
        title: w.send_now().to_owned(),
        lines: lines.into_iter().flatten().collect(),
        action: with_filters(&send_path(&at), &[("sure", "on"), ("next", &asked.next), ("back", &asked.back)]),
        button: w.send_now().to_owned(),
        back: if asked.back.is_empty() { format!("/runs/{}", at.0) } else { own_path(&asked.back).to_owned() },
    };
    Ok(panel.show(&chrome, &confirm))
}

fn send_path((run, action): &(RunId, String)) -> String {
    format!("/runs/{run}/actions/{}/run", encoded(action))
}

/// The end of the contact's quiet hours, while they last.
fn quiet_until(web: &Web, contact: &Contact, now: Time) -> Option<Time> {
    Some(quiet_end(&web.executor.facts().settings, contact.zone, now)).filter(|end| *end > now)
}

/// What a question was asked about, after the question mark.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    next: String,
    back: String,
}

/// `POST /runs/{id}/actions/{action}/skips`
async fn skip(State(web): State<Web>, panel: Panel, Path(at): At, body: Bytes) -> Shown {
    let w = panel.language;
    let done = if Fields::from_body(&body).is_on("next") { w.action_skipped() } else { w.action_skipped_ahead() };
    act(&web, &panel, at, &body, Verb::Skip, done).await
}

/// `POST /runs/{id}/actions/{action}/hold`
async fn hold(State(web): State<Web>, panel: Panel, Path(at): At, body: Bytes) -> Shown {
    act(&web, &panel, at, &body, Verb::HoldAction, panel.language.action_held()).await
}

/// `DELETE /runs/{id}/actions/{action}/hold`
async fn release(State(web): State<Web>, panel: Panel, Path(at): At, body: Bytes) -> Shown {
    act(&web, &panel, at, &body, Verb::ReleaseAction, panel.language.action_released()).await
}

/// `DELETE /runs/{id}/actions/{action}`
async fn remove(State(web): State<Web>, panel: Panel, Path(at): At, body: Bytes) -> Shown {
    act(&web, &panel, at, &body, Verb::Remove, panel.language.action_removed()).await
}

/// `DELETE /runs/{id}/actions/{action}/changes`
async fn undo(State(web): State<Web>, panel: Panel, Path(at): At, body: Bytes) -> Shown {
    act(&web, &panel, at, &body, Verb::Undo, panel.language.action_undone()).await
}

/// `POST /runs/{id}/actions/{action}`: another time, or another text.
async fn change(State(web): State<Web>, panel: Panel, Path(at): At, body: Bytes) -> Shown {
    let (fields, w) = (Fields::from_body(&body), panel.language);
    if fields.get("move").is_empty() {
        let text = fields.get("text").replace("\r\n", "\n").trim().to_owned();
        if text.is_empty() {
            return Ok(panel.done(&back_to(at.0, &body), Flash::bad(w.message_empty())));
        }
        return act(&web, &panel, at, &body, |action| Verb::Rewrite(action, text), w.action_rewritten()).await;
    }
    let zone = zone_of(&web, at.0).await?;
    let actions = web.executor.run_actions(at.0).await?;
    let place = actions.iter().position(|action| action.id.to_string() == at.1);
    let planned = place.and_then(|place| actions[place].due).unwrap_or(panel.now);
    let earliest = place.and_then(|place| due_before(&actions[..place]));
    let Some(due) = moved_to(fields.get("move"), fields.get("due"), planned.max(panel.now), panel.now, zone) else {
        return Ok(panel.done(&back_to(at.0, &body), Flash::bad(w.time_unreadable())));
    };
    let following_keep = fields.is_on("only");
    let wall = |at| w.moment(at, panel.now, zone).wall;
    let done = match earliest.filter(|earliest| due < *earliest) {
        Some(earliest) => w.action_moved_behind(&wall(due), &wall(earliest)),
        None if place.is_some_and(|place| actions[place].state == ActionState::Held) => w.action_moved_held(&wall(due)),
        None => w.action_moved(&wall(due)),
    };
    act(&web, &panel, at, &body, |action| Verb::Move { action, due, following_keep }, done).await
}

/// The clock by which the times of a run are told and written: the contact's own where it is known, or else that of the business.
async fn zone_of(web: &Web, run: RunId) -> Result<Zone, Trouble> {
    Ok(contact_of(web, run).await?.zone.unwrap_or(web.executor.facts().settings.time_zone))
}

async fn contact_of(web: &Web, run: RunId) -> Result<Contact, Trouble> {
    let read = web.read(move |view| {
        let run = runs::get(view, run)?.ok_or(Refusal::NotFound("run"))?;
        contacts::get(view, run.contact)?.ok_or(Refusal::NotFound("contact"))
    });
    read.await
}

/// The quick moves beside a row of a list, on the contact's own clock; which that is stands there where it is not that of the list.
pub(super) fn row_moves(contact: &Contact, planned: Option<Time>, now: Time, house: Zone, w: Language) -> Vec<QuickMove> {
    let zone = contact.zone.unwrap_or(house);
    let mut moves = quick_moves(planned, None, now, zone, w);
    if zone != house {
        moves.iter_mut().for_each(|quick| quick.when = format!("{} ({zone})", quick.when));
    }
    moves
}

/// When the last of these is due that is not done: what stands after it does not come sooner.
pub(super) fn due_before(actions: &[Action]) -> Option<Time> {
    actions.last().filter(|action| action.source != ActionSource::Done)?.due
}

/// The time a button or a field means. `planned` is when it would happen otherwise.
pub(super) fn moved_to(word: &str, field: &str, planned: Time, now: Time, zone: Zone) -> Option<Time> {
    let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0);
    match word {
        "hour" => Some(planned + Span::HOUR),
        "evening" => zone.next(now, at(18)?, |_| true),
        "tomorrow" => zone.next(now, at(9)?, |date| date > zone.date(now)),
        "due" => NaiveDateTime::parse_from_str(field, "%Y-%m-%dT%H:%M").ok().map(|local| zone.at(local)),
        _ => None,
    }
}

/// The times to move an action to at once, each with when that is. `planned` is when it would happen otherwise; no time is offered before
/// `earliest`.
pub(super) fn quick_moves(planned: Option<Time>, earliest: Option<Time>, now: Time, zone: Zone, w: Language) -> Vec<QuickMove> {
    let planned = planned.unwrap_or(now).max(now);
    let each = ["hour", "evening", "tomorrow"].into_iter();
    let lands = |word| moved_to(word, "", planned, now, zone).map(|at| (word, at));
    let quick = |(word, at): (&'static str, Time)| QuickMove {
        word,
        said: w.quick_move(word, zone.date(at) == zone.date(now)).to_owned(),
        when: w.moment(at, now, zone).wall,
    };
    each.filter_map(lands).filter(|(_, at)| earliest.is_none_or(|earliest| *at >= earliest)).map(quick).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_move_says_when_it_is_and_whose_evening() {
        let now: Time = "2026-11-22T18:30:00Z".parse().expect("a time");
        let said = |now: Time| {
            let moves = quick_moves(None, None, now, Zone::ROME, Language::Italian);
            moves.into_iter().map(|quick| format!("{} {}", quick.said, quick.when)).collect::<Vec<_>>()
        };
        assert_eq!(said(now), ["Un'ora più tardi oggi 20:30", "Domani sera domani 18:00", "Domani mattina domani 09:00"]);
        assert_eq!(said(now - Span::HOUR.times(5))[1], "Stasera oggi 18:00");
        let behind = now + Span::DAY;
        let words: Vec<_> =
            quick_moves(Some(behind), Some(behind), now, Zone::ROME, Language::Italian).iter().map(|quick| quick.word).collect();
        assert_eq!(words, ["hour"], "what stands behind another is not offered an hour before it");
    }

    #[test]
    fn a_move_lands_where_its_words_say() {
        let now: Time = "2026-11-22T18:30:00Z".parse().expect("a time");
        let planned = now + Span::MINUTE;
        for (word, field, lands) in [
            ("hour", "", "2026-11-22T19:31:00Z"),
            ("evening", "", "2026-11-23T17:00:00Z"),
            ("tomorrow", "", "2026-11-23T08:00:00Z"),
            ("due", "2026-12-01T09:15", "2026-12-01T08:15:00Z"),
        ] {
            let lands = lands.parse().expect("a time");
            assert_eq!(moved_to(word, field, planned, now, Zone::ROME), Some(lands), "{word}");
        }
        assert_eq!(moved_to("due", "soon", planned, now, Zone::ROME), None);
    }
}
