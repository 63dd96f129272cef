//! The rows of what is for many: segments, rounds, broadcasts and their people.

use super::{Rows, id, node};
use crate::kit::sample::NOW;
use flusso::base::zone::Zone;
use flusso::model::broadcast::{Addressed, Broadcast, BroadcastState, Counts, LeftOut, Whom};
use flusso::model::carry::{Carry, Overdue, Way};
use flusso::model::field::{Field, FieldKind};
use flusso::model::label::Label;
use flusso::model::node::{Operator, Rule};
use flusso::model::operator::By;
use flusso::model::run::{Origin, StartOutcome};
use flusso::model::segment::Segment;
use flusso::model::tag::Tag;
use flusso::store::rounds::Round;
use std::collections::BTreeMap;

pub(super) fn rows(rows: &mut Rows) {
    let rule = Rule { value: "contact.tags".to_owned(), op: Operator::Has, to: Some("vip".into()) };
    let segment = Segment { name: "Vip".to_owned(), all: vec![rule.clone()], any: vec![rule] };
    rows.add("segment", &segment);
    rows.add("field", &Field { name: "città".to_owned(), kind: FieldKind::Date });
    rows.add("tag", &Tag { name: "vip".to_owned() });
    rows.add("time", &NOW);
    let ways = BTreeMap::from([(node("a"), Way::Finish), (node("b"), Way::Stop), (node("c"), Way::To(node("d")))]);
    let moved = Carry::Move { by: By::System, version: 2, ways };
    for round in [
        Round::Dates { flow: Some(id(1)), since: NOW, after: Some(id(2)) },
        Round::Dates { flow: None, since: NOW, after: None },
        Round::Walls { was: Some(Zone::ROME), after: Some(id(3)) },
        Round::Walls { was: None, after: None },
        Round::Label { label: Label::Tag("vip".to_owned()), after: Some(id(4)) },
        Round::Label { label: Label::Field("città".to_owned()), after: None },
        Round::Runs { flow: id(1), carry: moved, after: Some(id(2)), done: 3 },
        Round::Runs { flow: id(1), carry: Carry::Stop { reason: "no".to_owned() }, after: None, done: 0 },
        Round::Runs { flow: id(1), carry: Carry::Wake { since: NOW, overdue: Overdue::Spread }, after: None, done: 0 },
        Round::Runs { flow: id(1), carry: Carry::StopBefore { version: 2, reason: "no".to_owned() }, after: None, done: 0 },
        Round::Hours { was: "{}".to_owned(), since: NOW, after: Some(id(2)) },
    ] {
        rows.add(format!("round {round:?}"), &round);
    }
    let plain = Broadcast {
        id: id(1),
        flow: id(2),
        origin: Origin::Operator(Some(id(3))),
        whom: Whom::Listed(4),
        channel: Some(id(5)),
        variables: BTreeMap::from([("a".to_owned(), "b".into())]),
        per_minute: 600,
        created: NOW,
        state: BroadcastState::Running { due: NOW },
        place: 1,
        after: Some(id(6)),
        counts: Counts { started: 1, restarted: 2, kept: 3, opted_out: 4, blocked: 5 },
    };
    rows.add("broadcast running", &plain);
    let done = BroadcastState::Done { at: NOW };
    rows.add("broadcast done", &Broadcast { whom: Whom::Tagged("vip".to_owned()), state: done, ..plain.clone() });
    let stopped = BroadcastState::Stopped { at: NOW, reason: "no".to_owned() };
    rows.add(
        "broadcast stopped",
        &Broadcast { whom: Whom::Segment(segment), state: stopped, origin: Origin::Trigger(node("t1")), ..plain },
    );
    let (outcome, left_out) = (Some(StartOutcome::Kept), Some(LeftOut::AlreadyInside));
    rows.add("addressed", &Addressed { contact: Some(id(1)), written: "+39".to_owned(), outcome, run: Some(id(2)), left_out });
}
