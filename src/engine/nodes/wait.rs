//! Wait: for a time, an answer, a change of the contact or a callback, whichever comes first.

use crate::base::time::{Span, Time};
use crate::base::zone::Zone;
use crate::engine::line;
use crate::engine::walk::{Outcome, Walk};
use crate::engine::{answer, compare, dates, window};
use crate::model::action::{ActionId, ActionState, Change};
use crate::model::effect::{Content, Effect};
use crate::model::event::Heard;
use crate::model::node::{Late, Met, Node, NodeKind, Operator, Reply, Rule, Until, Wait, WallTime};
use crate::model::run::{Phase, Waiting, WaitingFor};
use crate::model::value::Value;
use chrono::{Datelike, NaiveDate, NaiveTime};

/// Parts of one answer that are joined at most: beyond them it counts as given.
const BURST_PARTS_MAX: usize = 20;

/// How late a timer may fire and still count as on time: beyond it windows are looked at again.
const LATE: Span = Span(5 * Span::MINUTE.0);

/// When a wait ends by itself, and why that is not when the node alone would have it.
#[derive(Debug, PartialEq, Eq)]
pub struct Plan {
    pub due: Option<Time>,
    pub moved: Option<String>,
}

/// Waits, unless the time is past, what is waited for is already so, or a person skips it.
pub fn visit(walk: &mut Walk<'_>, node: &Node, wait: &Wait, action: &ActionId) -> Outcome {
    let line = line::of_wait(walk.flow, &walk.run, node, action);
    adopt(walk, action, &line);
    let change = walk.run.changes.get(&line).cloned().unwrap_or_default();
    if change.skip {
        return skipped(node, wait);
    }
    if is_met(walk, wait) {
        return Outcome::on("met", words(wait));
    }
    let plan = match plan(walk, node, wait, walk.now) {
        Ok(plan) => plan,
        Err(word) => return Outcome::fail(word),
    };
    let Plan { due, moved } = obey(&change, &plan);
    if due.is_some_and(|due| due <= walk.now) {
        return Outcome::on("elapsed", words(wait));
    }
    Outcome::Rest(walk.waiting(action, WaitingFor::Node, due, change.due.or(plan.due), moved))
}

/// What a person changed on this visit by its own name, before anybody stood here, belongs to the line it shares with its message. What
/// was changed on the line itself stays.
fn adopt(walk: &mut Walk<'_>, action: &ActionId, line: &ActionId) {
    let Some(own) = Some(action).filter(|action| *action != line).and_then(|action| walk.run.changes.remove(action)) else { return };
    let change = walk.run.changes.entry(line.clone()).or_default();
    *change = Change {
        due: change.due.or(own.due),
        text: change.text.take().or(own.text),
        hold: change.hold || own.hold,
        skip: change.skip || own.skip,
        remove: change.remove || own.remove,
        by: change.by.or(own.by),
        at: change.at.or(own.at),
    };
}

/// A wait that a person skipped.
pub fn skipped(node: &Node, wait: &Wait) -> Outcome {
    Outcome::On { exit: crate::engine::nodes::onward(node), state: ActionState::Skipped, text: words(wait) }
}

/// A plan as a person changed it.
pub fn obey(change: &Change, plan: &Plan) -> Plan {
    match change {
        Change { hold: true, .. } => Plan { due: None, moved: Some("held".to_owned()) },
        Change { due: Some(due), .. } => Plan { due: Some(*due), moved: Some("moved".to_owned()) },
        _ => Plan { due: plan.due, moved: plan.moved.clone() },
    }
}

/// When a wait that began at `since` ends by itself. The error says, for the owner, why nobody can know.
pub fn plan(walk: &Walk<'_>, node: &Node, wait: &Wait, since: Time) -> Result<Plan, String> {
    let zone = walk.scope().zone();
    let at = match (&wait.r#for, &wait.until) {
        (Some(long), _) => Some(since + *long),
        (None, Some(until)) => point(walk, until, since, zone)?,
        (None, None) => None,
    };
    let Some(at) = at else {
        let endless = wait.reply.is_none() && wait.met.is_none();
        return match (endless, wait.until.as_ref().and_then(|until| until.value.as_ref())) {
            (true, Some(name)) => Err(format!("there is no date in {name} to wait for")),
            (true, None) => Err("the wait has no end".to_owned()),
            (false, _) => Ok(Plan { due: None, moved: None }),
        };
    };
    Ok(allowed(walk, node, wait, at))
}

/// When a wait at which a run stands ends by the clock on the wall, counted as at its beginning. None where nothing on the wall decides
/// it: it waits for a length of time alone, for a person, or for nothing.
pub fn by_the_wall(walk: &Walk<'_>) -> Option<Plan> {
    let Phase::Waiting(waiting) = &walk.run.phase else { return None };
    let node = walk.flow.node(&waiting.action.node)?;
    let NodeKind::Wait(wait) = &node.kind else { return None };
    let line = line::of_wait(walk.flow, &walk.run, node, &waiting.action);
    if waiting.what != WaitingFor::Node || walk.run.changes.get(&line).is_some_and(|change| change.hold || change.due.is_some()) {
        return None;
    }
    plan(walk, node, wait, waiting.since).ok()
}

/// The first moment not before `at` when the wait at which a run stands may end. None where it stands at no wait node.
pub fn first_allowed(walk: &Walk<'_>, at: Time) -> Option<Plan> {
    let Phase::Waiting(waiting) = &walk.run.phase else { return None };
    let node = walk.flow.node(&waiting.action.node).filter(|_| waiting.what == WaitingFor::Node)?;
    let NodeKind::Wait(wait) = &node.kind else { return None };
    Some(allowed(walk, node, wait, at))
}

/// How often the quiet hours and a window may push a time before nobody can say when both let it go.
const PUSHES_MAX: usize = 8;

/// The first moment not before `at` when this wait may end: outside the quiet hours if a message follows, and inside its window.
fn allowed(walk: &Walk<'_>, node: &Node, wait: &Wait, at: Time) -> Plan {
    let (settings, zone) = (&walk.world.settings, walk.scope().zone());
    let quiet = settings.quiet_hours.filter(|_| line::message_after(walk.flow, node).is_some());
    let (mut due, mut moved) = (at, None);
    for _ in 0..PUSHES_MAX {
        let loud = quiet.map_or(due, |quiet| window::after_quiet(&quiet, due, zone));
        if loud != due {
            moved = Some("quiet hours".to_owned());
        }
        let open = wait.window.as_ref().and_then(|inside| Some((inside, window::next_inside(inside, loud, settings, zone)?)));
        due = match open {
            Some((inside, open)) if open != loud => {
                moved = Some(window::why(inside, loud, open, settings));
                open
            }
            _ => return Plan { due: Some(loud), moved },
        };
    }
    Plan { due: Some(due), moved }
}

/// The time is up. A timer that fires long after its time, because the machine was off or the run on hold, may fire when the wait may
/// not end: then it waits for the next moment when it may, or does what the owner chose (RUN-11). A time that a person set is kept.
pub fn elapsed(walk: &mut Walk<'_>, node: &Node, wait: &Wait, waiting: Waiting) {
    let line = line::of_wait(walk.flow, &walk.run, node, &waiting.action);
    let set = walk.run.changes.get(&line).is_some_and(|change| change.due.is_some());
    let behind = waiting.due.map_or(Span(0), |due| walk.now.since(due));
    match wait.late {
        Some(Late::SkipAfter(most)) if !set && behind > most => return too_late(walk, node, wait, waiting.action, line),
        Some(Late::Run) => return walk.go_on(node, waiting.action, Outcome::on("elapsed", words(wait))),
        _ => {}
    }
    let late = behind > LATE;
    let Plan { due, moved } = allowed(walk, node, wait, walk.now);
    if late && !set && due.is_some_and(|due| due > walk.now) {
        let armed = walk.run.sequence;
        walk.run.phase = Phase::Waiting(Waiting { due, moved, planned: due, armed, ..waiting });
        return;
    }
    walk.go_on(node, waiting.action, Outcome::on("elapsed", words(wait)));
}

/// Too late for what the wait leads to: that is left out, and the run goes on to what follows. Nobody asked for it, so nobody's name and
/// no time stand at the change.
fn too_late(walk: &mut Walk<'_>, node: &Node, wait: &Wait, action: ActionId, line: ActionId) {
    walk.run.changes.entry(line).or_default().skip = true;
    walk.go_on(node, action, Outcome::On { exit: "elapsed".to_owned(), state: ActionState::Skipped, text: words(wait) });
}

/// The point an `until` means, counted from `since`. None where its value holds no date.
fn point(walk: &Walk<'_>, until: &Until, since: Time, zone: Zone) -> Result<Option<Time>, String> {
    let at = until.at.map(|at| at.0);
    let shift = |when: dates::When| dates::shifted(when, until.offset, at, zone);
    if let Some(WallTime(time)) = until.time {
        return Ok(zone.next(since, time, |_| true).map(|time| dates::shifted(dates::When::Moment(time), until.offset, None, zone)));
    }
    if let Some(weekday) = until.weekday {
        let next = zone.next(since, at.unwrap_or(NaiveTime::MIN), |date: NaiveDate| date.weekday() == weekday.0);
        return Ok(next.map(|time| dates::shifted(dates::When::Moment(time), until.offset, None, zone)));
    }
    let today = zone.date(since);
    if let Some(date) = &until.date {
        let when = dates::read(date, zone, today).ok_or_else(|| format!("{date} is not a date"))?;
        return Ok(Some(shift(when)));
    }
    let value = until.value.as_ref().and_then(|name| walk.scope().lookup(name));
    Ok(value.and_then(|value| dates::read(&value.to_string(), zone, today)).map(shift))
}

/// Whether what the wait is for is already so.
pub fn is_met(walk: &Walk<'_>, wait: &Wait) -> bool {
    let Some(met) = &wait.met else { return false };
    let tagged = met.tag.as_ref().is_some_and(|tag| walk.contact.tags.contains(tag));
    tagged || field_rule(met).is_some_and(|rule| compare::holds(&rule, &walk.scope()))
}

fn field_rule(met: &Met) -> Option<Rule> {
    let op = met.op.unwrap_or(if met.to.is_some() { Operator::Is } else { Operator::Exists });
    Some(Rule { value: met.field.clone()?, op, to: met.to.clone() })
}

/// An answer came to the wait node: joined, checked, kept, or asked again.
pub fn heard(walk: &mut Walk<'_>, node: &Node, wait: &Wait, reply: &Reply, waiting: Waiting, heard: &Heard) {
    let joins = reply.burst.filter(|_| heard.button.is_none());
    let Some(pause) = joins.filter(|_| waiting.burst.len() < BURST_PARTS_MAX) else {
        let mut parts = waiting.burst.clone();
        parts.push(heard.text.clone());
        return answered(walk, node, wait, reply, waiting, &parts.join("\n"));
    };
    let mut waiting = waiting;
    waiting.burst.push(heard.text.clone());
    waiting.what = WaitingFor::Burst;
    waiting.due = Some(walk.now + pause);
    waiting.armed = walk.run.sequence;
    walk.run.phase = Phase::Waiting(waiting);
}

/// No further part came: the parts are the answer.
pub fn burst_ended(walk: &mut Walk<'_>, node: &Node, wait: &Wait, waiting: Waiting) {
    let text = waiting.burst.join("\n");
    if let Some(heard) = &mut walk.run.heard {
        heard.text = text.clone();
    }
    match &wait.reply {
        Some(reply) => answered(walk, node, wait, reply, waiting, &text),
        None => walk.go_on(node, waiting.action, Outcome::on("elapsed", words(wait))),
    }
}

fn answered(walk: &mut Walk<'_>, node: &Node, wait: &Wait, reply: &Reply, waiting: Waiting, text: &str) {
    let zone = walk.scope().zone();
    let value = match &reply.check {
        None => Some(Value::text(text.trim())),
        Some(check) => answer::read(check, text, zone, zone.date(walk.now)),
    };
    let Some(value) = value else { return refused(walk, node, wait, reply, waiting) };
    if let Some(name) = &reply.save {
        walk.keep(name, value);
    }
    walk.run.offered = None;
    walk.go_on(node, waiting.action, Outcome::on("replied", words(wait)));
}

/// The answer is not what was asked: asks again as often as the node says, then leaves.
fn refused(walk: &mut Walk<'_>, node: &Node, wait: &Wait, reply: &Reply, waiting: Waiting) {
    let Some(retry) = reply.retry.as_ref().filter(|retry| waiting.tries < retry.times) else {
        return walk.go_on(node, waiting.action, Outcome::on("invalid", words(wait)));
    };
    let content = Content { text: walk.said(&retry.text), ..Content::default() };
    walk.effects.push(Effect::Send { action: waiting.action.clone(), content, live: true });
    let (due, armed) = match waiting.what {
        // The last part may have come after the wait's own end: who is asked again then has as long as at first.
        WaitingFor::Burst => match waiting.planned {
            Some(planned) if planned <= walk.now => {
                (plan(walk, node, wait, walk.now).map_or(Some(planned), |plan| plan.due), walk.run.sequence)
            }
            planned => (planned, walk.run.sequence),
        },
        _ => (waiting.due, waiting.armed),
    };
    let tries = waiting.tries + 1;
    walk.run.phase = Phase::Waiting(Waiting { due, armed, tries, what: WaitingFor::Node, burst: Vec::new(), ..waiting });
}

/// What the wait is for.
pub fn words(wait: &Wait) -> String {
    let mut words = Vec::new();
    words.extend(wait.r#for.map(|long| long.to_string()));
    words.extend(wait.until.as_ref().map(until_words));
    words.extend(wait.reply.as_ref().map(|_| "an answer".to_owned()));
    words.extend(wait.met.as_ref().map(met_words));
    words.join(" or ")
}

fn until_words(until: &Until) -> String {
    let base = until.date.clone().or_else(|| until.value.clone());
    let base = base.or_else(|| until.time.map(|time| time.to_string())).or_else(|| until.weekday.map(|day| day.to_string()));
    let mut words = format!("until {}", base.unwrap_or_default());
    if let Some(offset) = until.offset {
        words.push_str(&format!(" {offset}"));
    }
    if let Some(at) = until.at {
        words.push_str(&format!(" at {at}"));
    }
    words
}

fn met_words(met: &Met) -> String {
    let tag = met.tag.as_ref().map(|tag| format!("the tag {tag}"));
    let rule = field_rule(met).map(|rule| crate::engine::nodes::rule_words(&rule));
    tag.or(rule).unwrap_or_else(|| "a callback".to_owned())
}
