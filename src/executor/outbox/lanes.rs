//! Who is next: one lane per contact, so that a contact's messages keep their order, and one per call. Only ids are held; the rows are
//! on disk. Pure: time is an argument.

use crate::base::id::{ChannelId, ContactId, OutboxId};
use crate::base::time::Time;
use crate::model::outbox::{Class, Load, OutboxRow, OutboxState};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// What keeps its own order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// The messages to one contact.
    Contact(ContactId),
    /// One call: a run waits for it, and nothing else does.
    Call(OutboxId),
}

/// What is known of a waiting row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which row.
    pub id: OutboxId,
    /// To whom.
    pub contact: ContactId,
    /// By which channel.
    pub channel: ChannelId,
    /// Who goes first.
    pub class: Class,
    /// Not before.
    pub due: Time,
    /// Whether it is a call.
    pub call: bool,
    /// Whether its outcome is unknown and it only waits for the provider to tell.
    pub resolving: bool,
}

impl Waiting {
    /// What a row waits for; `None` where it waits for nothing or for a person.
    pub fn of(row: &OutboxRow) -> Option<Waiting> {
        let (due, resolving) = match row.state {
            OutboxState::Ready { due } => (due, false),
            OutboxState::Unknown { resolve_until: Some(until), .. } => (until, true),
            _ => return None,
        };
        let call = matches!(row.load, Load::Call { .. });
        Some(Waiting { id: row.id, contact: row.contact, channel: row.channel, class: row.class, due, call, resolving })
    }

    fn lane(&self) -> Lane {
        if self.call { Lane::Call(self.id) } else { Lane::Contact(self.contact) }
    }
}

#[derive(Debug, Default)]
struct Queue {
    rows: BTreeMap<OutboxId, Waiting>,
    busy: bool,
    /// The place of this lane among those that may go.
    place: Option<(Time, Class, OutboxId)>,
}

/// Those that may go, of one class.
type Order = BTreeSet<(Time, OutboxId, Lane)>;

/// So many of the better classes may go before one of the lowest that waits does: it has a tenth of the way at least (OUT-8).
const BETTER_MAX: u32 = 9;

/// All lanes.
#[derive(Debug, Default)]
pub struct Lanes {
    queues: HashMap<Lane, Queue>,
    /// By class, so that a long queue of one never hides another.
    orders: BTreeMap<Class, Order>,
    /// How many of better classes went since one of the lowest that waited.
    better: u32,
    held: usize,
}

impl Queue {
    /// The row whose turn it is: the oldest, but an answer to a person does not wait for a follow-up that is put off beyond it.
    fn head(&self) -> Option<&Waiting> {
        let first = self.rows.values().next()?;
        let passes = |row: &&Waiting| row.class == Class::Live && row.due < first.due;
        let waits = first.class != Class::Live && !first.resolving;
        Some(self.rows.values().find(passes).filter(|_| waits).unwrap_or(first))
    }
}

impl Lanes {
    /// How many rows wait.
    pub fn len(&self) -> usize {
        self.held
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.held == 0
    }

    /// Adds a row, or learns its new due time.
    pub fn put(&mut self, row: Waiting) {
        let lane = row.lane();
        let queue = self.queues.entry(lane).or_default();
        if queue.rows.insert(row.id, row).is_none() {
            self.held += 1;
        }
        self.rank(lane);
    }

    /// Forgets a row: it is sent, given up or called off. The next of its lane may go.
    pub fn remove(&mut self, row: OutboxId, contact: ContactId) {
        for lane in [Lane::Contact(contact), Lane::Call(row)] {
            let Some(queue) = self.queues.get_mut(&lane) else { continue };
            if queue.rows.remove(&row).is_some() {
                self.held -= 1;
            }
            self.rank(lane);
        }
    }

    /// The heads of all lanes that are due and not under way: answers to people first, then what flows go on with, then what is for
    /// many, with a tenth for the lowest class that waits; within a class by time. Those that `hold` holds back are passed over and
    /// learn their new time.
    pub fn take(&mut self, now: Time, most: usize, mut hold: impl FnMut(&Waiting) -> Option<Time>) -> Vec<Waiting> {
        let look = most.saturating_mul(32);
        let due_of = |order: &Order| order.iter().take_while(|(time, ..)| *time <= now).take(look).map(|(.., lane)| *lane).collect();
        let mut due: Vec<(Class, VecDeque<Lane>)> = self.orders.iter().map(|(class, order)| (*class, due_of(order))).collect();
        due.retain(|(_, lanes)| !lanes.is_empty());
        let mut taken = Vec::new();
        while taken.len() < most && !due.is_empty() {
            let lowest = due.len() - 1;
            let turn = if self.better >= BETTER_MAX { lowest } else { 0 };
            let (_, lanes) = &mut due[turn];
            let lane = lanes.pop_front();
            if lanes.is_empty() {
                due.remove(turn);
            }
            let Some(lane) = lane else { continue };
            let Some(head) = self.queues.get(&lane).and_then(Queue::head).copied() else { continue };
            match hold(&head) {
                Some(later) => self.put(Waiting { due: later, ..head }),
                None => {
                    self.better = if turn == lowest { 0 } else { self.better + 1 };
                    self.set_busy(lane, true);
                    taken.push(head);
                }
            }
        }
        taken
    }

    /// A row is under way that was never taken from here: nothing of its lane goes before it comes back.
    pub fn begin(&mut self, row: Waiting) {
        self.put(row);
        self.set_busy(row.lane(), true);
    }

    /// The head of a lane is no longer under way.
    pub fn free(&mut self, row: &Waiting) {
        self.set_busy(row.lane(), false);
    }

    /// When the next lane may go.
    pub fn next(&self) -> Option<Time> {
        self.orders.values().filter_map(|order| order.first().map(|(time, ..)| *time)).min()
    }

    /// Lets every row of a channel look again at once: what held it back may have gone.
    pub fn hurry(&mut self, channel: ChannelId, now: Time) {
        let rows: Vec<Waiting> = self.queues.values().filter_map(Queue::head).copied().collect();
        for row in rows.into_iter().filter(|row| row.channel == channel && row.due > now && !row.resolving) {
            self.put(Waiting { due: now, ..row });
        }
    }

    fn set_busy(&mut self, lane: Lane, busy: bool) {
        if let Some(queue) = self.queues.get_mut(&lane) {
            queue.busy = busy;
        }
        self.rank(lane);
    }

    fn rank(&mut self, lane: Lane) {
        let Some(queue) = self.queues.get_mut(&lane) else { return };
        if let Some((due, class, id)) = queue.place.take()
            && let Some(order) = self.orders.get_mut(&class)
        {
            order.remove(&(due, id, lane));
        }
        match queue.head().copied() {
            None if !queue.busy => {
                self.queues.remove(&lane);
            }
            Some(head) if !queue.busy => {
                queue.place = Some((head.due, head.class, head.id));
                self.orders.entry(head.class).or_default().insert((head.due, head.id, lane));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{Id, Shard};

    fn row(id: u64, contact: u64, class: Class, due: i64) -> Waiting {
        Waiting {
            id: OutboxId::new(Shard(0), id),
            contact: ContactId::new(Shard(0), contact),
            channel: ChannelId::new(Shard(0), 1),
            class,
            due: Time(due),
            call: false,
            resolving: false,
        }
    }

    fn take(lanes: &mut Lanes, now: i64) -> Vec<u64> {
        lanes.take(Time(now), 10, |_| None).iter().map(|row| row.id.sequence()).collect()
    }

    #[test]
    fn a_contacts_second_message_waits_for_its_first() {
        let mut lanes = Lanes::default();
        lanes.put(row(1, 7, Class::Live, 0));
        lanes.put(row(2, 7, Class::Live, 0));
        lanes.put(row(3, 8, Class::Live, 0));
        assert_eq!(take(&mut lanes, 0), [1, 3]);
        assert_eq!(take(&mut lanes, 0), [0; 0]);
        lanes.remove(OutboxId::new(Shard(0), 1), ContactId::new(Shard(0), 7));
        lanes.free(&row(1, 7, Class::Live, 0));
        assert_eq!(take(&mut lanes, 0), [2]);
    }

    #[test]
    fn a_later_message_does_not_pass_one_that_is_put_off_but_an_answer_passes_a_follow_up() {
        let mut lanes = Lanes::default();
        lanes.put(row(1, 7, Class::FollowUp, 500));
        lanes.put(row(2, 7, Class::FollowUp, 0));
        assert_eq!(take(&mut lanes, 0), [0; 0]);
        lanes.put(row(3, 7, Class::Live, 100));
        lanes.put(row(4, 7, Class::Live, 0));
        assert_eq!(lanes.next(), Some(Time(100)), "answers keep their order");
        assert_eq!(take(&mut lanes, 100), [3]);
        lanes.remove(OutboxId::new(Shard(0), 3), ContactId::new(Shard(0), 7));
        lanes.free(&row(3, 7, Class::Live, 100));
        assert_eq!(take(&mut lanes, 100), [4]);
        lanes.remove(OutboxId::new(Shard(0), 4), ContactId::new(Shard(0), 7));
        lanes.free(&row(4, 7, Class::Live, 0));
        assert_eq!((lanes.next(), take(&mut lanes, 499)), (Some(Time(500)), vec![]));
        assert_eq!(take(&mut lanes, 500), [1]);
    }

    #[test]
    fn an_answer_never_passes_an_earlier_answer_to_the_same_person() {
        let mut lanes = Lanes::default();
        lanes.put(row(1, 7, Class::Live, 100));
        lanes.put(row(2, 7, Class::Live, 0));
        assert_eq!((lanes.next(), take(&mut lanes, 99)), (Some(Time(100)), vec![]));
    }

    #[test]
    fn answers_to_people_go_before_follow_ups() {
        let mut lanes = Lanes::default();
        lanes.put(row(1, 7, Class::FollowUp, 0));
        lanes.put(row(2, 8, Class::Live, 0));
        assert_eq!(take(&mut lanes, 0), [2, 1]);
    }

    #[test]
    fn an_answer_passes_ten_thousand_overdue_follow_ups() {
        let mut lanes = Lanes::default();
        for id in 1..=10_000 {
            lanes.put(row(id, id, Class::FollowUp, 0));
        }
        lanes.put(row(20_000, 20_000, Class::Live, 900));
        let first = lanes.take(Time(1000), 1, |_| None);
        assert_eq!(first[0].id.sequence(), 20_000);
    }

    #[test]
    fn what_is_for_many_has_a_tenth_of_the_way_however_much_goes_before_it() {
        let mut lanes = Lanes::default();
        for id in 1..=200 {
            lanes.put(row(id, id, Class::Live, 0));
            lanes.put(row(1000 + id, 1000 + id, Class::FollowUp, 0));
            lanes.put(row(2000 + id, 2000 + id, Class::Broadcast, 0));
        }
        let mut went: Vec<u64> = Vec::new();
        for _ in 0..100 {
            for taken in lanes.take(Time(0), 1, |_| None) {
                went.push(taken.id.sequence());
                lanes.remove(taken.id, taken.contact);
                lanes.free(&taken);
            }
        }
        let of = |from: u64, to: u64| went.iter().filter(|id| (from..to).contains(*id)).count();
        assert_eq!((of(1, 1000), of(1000, 2000), of(2000, 3000)), (90, 0, 10));
    }

    #[test]
    fn what_the_pace_holds_back_comes_at_its_time() {
        let mut lanes = Lanes::default();
        lanes.put(row(1, 7, Class::Live, 0));
        assert!(lanes.take(Time(0), 10, |_| Some(Time(40))).is_empty());
        assert_eq!(lanes.next(), Some(Time(40)));
        assert_eq!(take(&mut lanes, 40), [1]);
    }

    #[test]
    fn nothing_is_held_once_everything_went() {
        let mut lanes = Lanes::default();
        for id in 0..50 {
            lanes.put(row(id, id % 5, Class::Live, 0));
        }
        for _ in 0..10 {
            for taken in lanes.take(Time(0), 10, |_| None) {
                lanes.remove(taken.id, taken.contact);
                lanes.free(&taken);
            }
        }
        assert_eq!((lanes.len(), lanes.queues.len(), lanes.next()), (0, 0, None));
    }
}
