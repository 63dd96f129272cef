//! The agenda of a day.

use super::super::Web;
use super::super::agenda::{AgendaHour, AgendaPage, AgendaRow, COUNTED_MAX, hours, strip};
use super::super::page::Nav;
use super::super::words::Language;
use super::answers::with_filters;
use super::contacts::{shown_as, tags_in_use};
use super::standing::Standing;
use super::{Panel, Shown, Table, actions, overdue, runs};
use crate::base::address::ChannelKind;
use crate::base::time::{Span, Time};
use crate::base::zone::{Zone, plus_days};
use crate::engine::line;
use crate::executor::facts::Facts;
use crate::executor::refusal::Refusal;
use crate::executor::run_list;
use crate::model::contact::Contact;
use crate::model::run::Run;
use crate::model::run_match::RunMatch;
use crate::store::View;
use axum::extract::{Query, State};
use chrono::NaiveDate;
use serde::Deserialize;

/// Lines of a page.
const ROWS: usize = 60;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.get("/agenda", show)
}

/// Filters after the question mark; an empty one is none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    day: String,
    flow: String,
    channel: String,
    tag: String,
    text: String,
    after: String,
}

impl Asked {
    /// The same filters as the list has them, so that they mean the same.
    fn filters(&self) -> runs::Asked {
        let Asked { flow, channel, tag, text, .. } = self.clone();
        runs::Asked { flow, channel, tag, text, ..runs::Asked::default() }
    }

    fn at(&self, day: NaiveDate, after: &str) -> String {
        let day = day.to_string();
        let pairs =
            [("day", &*day), ("flow", &self.flow), ("channel", &self.channel), ("tag", &self.tag), ("text", &self.text), ("after", after)];
        with_filters("/agenda", &pairs)
    }
}

/// What of a day is due.
struct Due {
    counts: Vec<u64>,
    complete: bool,
    rows: Vec<AgendaRow>,
    next: Option<String>,
    late: Vec<String>,
}

/// `GET /agenda?day=`
async fn show(State(web): State<Web>, panel: Panel, Query(asked): Query<Asked>) -> Shown {
    let (facts, w, now) = (web.executor.facts(), panel.language, panel.now);
    let zone = facts.settings.time_zone;
    let day = asked.day.parse().unwrap_or_else(|_| zone.date(now));
    let bounds = hours(day, zone);
    let said = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let wanted = RunMatch { due_from: bounds.first().copied(), due_before: bounds.last().copied(), ..asked.filters().wanted(now, zone) };
    let is_whole = wanted == RunMatch { due_from: wanted.due_from, due_before: wanted.due_before, ..RunMatch::default() };
    let (after, read_facts, stretches) = (said(&asked.after), facts.clone(), bounds.clone());
    let doubted = web.executor.line.shared.clock.is_doubtful();
    let due = web.read(move |view| {
        let due = read(view, &read_facts, &wanted, &stretches, after.as_deref(), now, w)?;
        let late = overdue::lines(view, &read_facts, now, doubted, w)?;
        Ok((Due { late, ..due }, tags_in_use(view)?))
    });
    let (due, tags) = due.await?;
    let named: Vec<(String, u64)> = bounds.iter().zip(&due.counts).map(|(from, count)| (hour(*from, zone, w), *count)).collect();
    let mut chrome = panel.chrome(Nav::Agenda, w.agenda_title(&w.day_heading(day, zone.date(now))));
    chrome.stream = Some("/events?page=agenda".to_owned());
    let busiest = due.counts.iter().copied().max().unwrap_or(0);
    let days = |ahead: i64| asked.at(plus_days(day, ahead).unwrap_or(day), "");
    let page = AgendaPage {
        chrome: &chrome,
        heading: w.day_heading(day, zone.date(now)),
        day: day.to_string(),
        before: days(-1),
        after: days(1),
        flows: facts.names.iter().map(|(id, name)| (id.to_string(), name.clone())).collect(),
        channels: facts.channels.values().map(|known| (known.channel.id.to_string(), known.channel.name.clone())).collect(),
        strip: strip(&named, w),
        total: total(&due, is_whole, w),
        paces: paces(&facts, w),
        late: due.late,
        crowded: crowded(&facts, busiest, w),
        hours: by_hour(due.rows, &bounds, &named, due.complete),
        next: due.next.map(|after| asked.at(day, &after)),
        back: asked.at(day, &asked.after),
        filtered: [&asked.flow, &asked.channel, &asked.tag, &asked.text].iter().any(|asked| !asked.is_empty()),
        tags,
        flow: asked.flow,
        channel: asked.channel,
        tag: asked.tag,
        text: asked.text,
    };
    Ok(panel.show(&chrome, &page))
}

fn read(
    view: &View,
    facts: &Facts,
    wanted: &RunMatch,
    bounds: &[Time],
    after: Option<&str>,
    now: Time,
    w: Language,
) -> Result<Due, Refusal> {
    let (counts, complete) = run_list::per_stretch(view, wanted, bounds, COUNTED_MAX)?;
    let page = run_list::page(view, wanted, after, ROWS)?;
    let rows = page.rows.iter().filter_map(|(run, contact)| row(view, facts, run, contact, now, w).transpose());
    Ok(Due { counts, complete, rows: rows.collect::<Result<_, _>>()?, next: page.next, late: Vec::new() })
}

fn row(view: &View, facts: &Facts, run: &Run, contact: &Contact, now: Time, w: Language) -> Result<Option<AgendaRow>, Refusal> {
    let Some((due, _)) = run.timer() else { return Ok(None) };
    let (standing, flow) = (Standing::of(view, facts, run, contact, now, w)?, facts.flow(view, run.flow, run.version)?);
    let (name, number) = shown_as(contact, w);
    Ok(Some(AgendaRow {
        run: run.id.to_string(),
        action: line::pending(&flow, run).map(|action| action.to_string()),
        due,
        contact: name,
        number,
        flow: facts.heads.get(&run.flow).map_or_else(|| w.deleted_flow().to_owned(), |head| head.name.clone()),
        next: standing.next,
        moves: actions::row_moves(contact, Some(due), now, facts.settings.time_zone, w),
        channel: facts.channels.get(&run.channel).map(|known| known.channel.name.clone()).unwrap_or_default(),
    }))
}

fn hour(from: Time, zone: Zone, w: Language) -> String {
    w.wall_time(zone.local(from).time())
}

/// How many are due, as far as was counted.
fn total(due: &Due, is_whole: bool, w: Language) -> String {
    let sum: u64 = due.counts.iter().sum();
    match (due.complete, is_whole) {
        (true, _) => w.due_of_day(sum),
        (false, true) => w.due_many().to_owned(),
        (false, false) => w.due_many_looked(sum),
    }
}

/// The hours that have lines. Where not all was counted, the hour it came to and the later ones have no number.
fn by_hour(rows: Vec<AgendaRow>, bounds: &[Time], named: &[(String, u64)], complete: bool) -> Vec<AgendaHour> {
    let whole = if complete { named.len() } else { named.iter().rposition(|(_, due)| *due > 0).unwrap_or(0) };
    let hour = |(index, (name, due)): (usize, &(String, u64))| AgendaHour {
        name: name.clone(),
        due: (index < whole).then_some(*due),
        rows: Vec::new(),
    };
    let mut hours: Vec<AgendaHour> = named.iter().enumerate().map(hour).collect();
    for row in rows {
        let at = bounds.partition_point(|bound| *bound <= row.due).wrapping_sub(1);
        if let Some(hour) = hours.get_mut(at) {
            hour.rows.push(row);
        }
    }
    hours.into_iter().filter(|hour| !hour.rows.is_empty()).collect()
}

/// How many messages a channel sends in an hour at most.
fn per_hour(known: &crate::executor::facts::Connection) -> u64 {
    (known.pace() * Span::HOUR.0 as f64 / 1000.0) as u64
}

fn paces(facts: &Facts, w: Language) -> Vec<String> {
    let real = facts.channels.values().filter(|known| known.channel.kind != ChannelKind::Simulator);
    real.map(|known| w.channel_pace(per_hour(known), &known.channel.name)).collect()
}

/// The channels for which the fullest hour is too full.
fn crowded(facts: &Facts, busiest: u64, w: Language) -> Vec<String> {
    let slow = facts.channels.values().filter(|known| busiest > per_hour(known));
    slow.map(|known| w.hour_is_crowded(&known.channel.name, &w.whole(busiest), &w.whole(per_hour(known)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_not_all_was_counted_no_hour_is_told_too_few() {
        let named: Vec<(String, u64)> = [3, 5, 2, 0].iter().map(|due| ("h".to_owned(), *due)).collect();
        let bounds: Vec<Time> = (0..=4).map(|hour| Time(0) + Span::HOUR.times(hour)).collect();
        let row = |hour: i64| AgendaRow {
            run: String::new(),
            action: None,
            due: Time(1) + Span::HOUR.times(hour),
            contact: String::new(),
            number: String::new(),
            flow: String::new(),
            next: String::new(),
            channel: String::new(),
            moves: Vec::new(),
        };
        let told = |complete| {
            let hours = by_hour((0..4).map(row).collect(), &bounds, &named, complete);
            hours.into_iter().map(|hour| hour.due).collect::<Vec<_>>()
        };
        assert_eq!(told(true), [Some(3), Some(5), Some(2), Some(0)]);
        assert_eq!(told(false), [Some(3), Some(5), None, None], "the hour it came to and those after it");
        let due = |complete| Due { counts: vec![3, 5, 2], complete, rows: Vec::new(), next: None, late: Vec::new() };
        let w = Language::Italian;
        assert_eq!(total(&due(true), false, w), "10 azioni in scadenza");
        assert!(total(&due(false), true, w).starts_with("Più di 10.000 azioni"));
        assert_eq!(total(&due(false), false, w), "Flusso ha guardato le prime 10.000 azioni di questo giorno: 10 corrispondono.");
    }
}
