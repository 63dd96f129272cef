//! Starts for many: who would be left out and why, the start itself, and its end before everybody had their turn.

use super::repeat::{RepeatKey, once};
use crate::base::address::Address;
use crate::base::id::{BroadcastId, ChannelId, ContactId};
use crate::base::time::Time;
use crate::executor::Executor;
use crate::executor::desk::Desk;
use crate::executor::facts::Facts;
use crate::executor::occasions::broadcasts::{self as occasions, Plan};
use crate::executor::refusal::Refusal;
use crate::model::broadcast::{Addressed, BroadcastState, LeftOut, Whom};
use crate::model::contact::Contact;
use crate::model::operator::By;
use crate::model::run::StartOutcome;
use crate::store::{Read, broadcasts, contacts, segments};
use std::collections::{BTreeMap, BTreeSet};

/// People of one list at most.
pub const LISTED_MAX: usize = 10_000;
/// Contacts read at once while a preview is made.
const PAGE: usize = 500;
/// Contacts that a preview looks at; beyond them it says that there are more.
const LOOKED_AT_MAX: usize = 200_000;
/// Of those left out, how many are named.
const NAMED_MAX: usize = 100;

/// For whom somebody wishes a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Contacts, and numbers as they were written.
    Listed(Vec<ContactId>, Vec<String>),
    /// Everybody with this tag.
    Tagged(String),
    /// Everybody of the segment of this name.
    Segment(String),
}

/// Who would be started, and who left out.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// People in all.
    pub total: usize,
    /// Those it would start for.
    pub starts: usize,
    /// How many are left out, by reason.
    pub left_out: BTreeMap<LeftOut, usize>,
    /// The first of them.
    pub named: Vec<Left>,
    /// Whether there are more people than were looked at.
    pub more: bool,
}

/// Somebody who is left out.
#[derive(Clone, Debug)]
pub struct Left {
    /// The contact, where they are known.
    pub contact: Option<ContactId>,
    /// Their name or number, as people know them.
    pub shown: String,
    /// Why.
    pub why: LeftOut,
}

impl Executor {
    /// Says who would be left out of a start, and why. Changes nothing.
    pub async fn preview_broadcast(&self, plan: Plan, wanted: Wanted) -> Result<Preview, Refusal> {
        let (facts, now, reader) = (self.facts(), self.now(), self.reader.clone());
        let read = tokio::task::spawn_blocking(move || {
            check(&facts, &plan, &wanted)?;
            let whom = match wanted {
                Wanted::Listed(chosen, written) => {
                    let view = reader.view()?;
                    let people = people(&view, &facts, plan.channel, (&chosen, &written), |_, text| text.to_owned())?;
                    return preview_list(&view, &facts, &plan, people, now);
                }
                Wanted::Tagged(tag) => Whom::Tagged(tag),
                Wanted::Segment(name) => Whom::Segment(segments::get(&reader.view()?, &name)?.ok_or(Refusal::NotFound("segment"))?),
            };
            let (mut preview, mut after, mut seen) = (Preview::default(), None, 0);
            // A view to a page: a long look would keep every page of the file alive (ST-8).
            while seen < LOOKED_AT_MAX {
                let view = reader.view()?;
                let page = contacts::list(&view, after, PAGE)?;
                let (last, count) = (page.last().map(|contact| contact.id), page.len());
                for contact in page {
                    if occasions::belongs(&view, &facts, &whom, &contact, now)? {
                        preview.look(&view, &facts, &plan, &contact, now)?;
                    }
                }
                (after, seen) = (last.or(after), seen + count);
                if count < PAGE {
                    return Ok(preview);
                }
            }
            preview.more = true;
            Ok(preview)
        });
        read.await.unwrap_or(Err(Refusal::Fault))
    }

    /// Starts a flow for many, paced; once for each key.
    pub async fn start_broadcast(&self, by: By, plan: Plan, wanted: Wanted, repeat: Option<RepeatKey>) -> Result<BroadcastId, Refusal> {
        let job = move |desk: &mut Desk| {
            let asked = (plan.clone(), wanted.clone());
            once(desk, repeat.as_ref(), &asked, |desk| begin(desk, by, plan, wanted))
        };
        self.line.change(job).await
    }

    /// Stops a broadcast: those who had no turn yet get none. Runs that began go on.
    pub async fn stop_broadcast(&self, by: By, id: BroadcastId) -> Result<(), Refusal> {
        self.line
            .change(move |desk| {
                let mut broadcast = broadcasts::get(&desk.work, id)?.ok_or(Refusal::NotFound("broadcast"))?;
                if !matches!(broadcast.state, BroadcastState::Running { .. }) {
                    return Err(Refusal::Conflict("This start for many is over: there is nothing left to stop.".to_owned()));
                }
                broadcast.state = BroadcastState::Stopped { at: desk.now, reason: "It was stopped by hand.".to_owned() };
                broadcasts::put(&mut desk.work, &broadcast)?;
                desk.audit(by, "broadcast.stopped", id.to_string())
            })
            .await
    }
}

fn begin(desk: &mut Desk, by: By, plan: Plan, wanted: Wanted) -> Result<BroadcastId, Refusal> {
    check(&desk.facts, &plan, &wanted)?;
    if !desk.facts.is_enabled(plan.flow) {
        return Err(Refusal::Conflict("The automation is disabled: nobody can be started in it. Enable it first.".to_owned()));
    }
    let (whom, people) = match wanted {
        Wanted::Listed(chosen, written) => {
            let people = people(&desk.work, &desk.facts, plan.channel, (&chosen, &written), |address, _| address.masked())?;
            (Whom::Listed(u32::try_from(people.len()).unwrap_or(u32::MAX)), people)
        }
        Wanted::Tagged(tag) => (Whom::Tagged(tag), Vec::new()),
        Wanted::Segment(name) => (Whom::Segment(segments::get(&desk.work, &name)?.ok_or(Refusal::NotFound("segment"))?), Vec::new()),
    };
    let flow = plan.flow;
    let broadcast = occasions::make(desk, plan, whom, people)?;
    desk.audit(by, "broadcast.started", format!("{} of flow {flow}", broadcast.id))?;
    Ok(broadcast.id)
}

fn check(facts: &Facts, plan: &Plan, wanted: &Wanted) -> Result<(), Refusal> {
    if !facts.names.contains_key(&plan.flow) {
        return Err(Refusal::NotFound("flow"));
    }
    if let Some(channel) = plan.channel {
        facts.channel(channel)?;
    }
    match wanted {
        Wanted::Listed(chosen, written) if chosen.is_empty() && written.is_empty() => {
            Err(Refusal::Invalid("Nobody is named: choose contacts, or write numbers, a tag or a segment.".to_owned()))
        }
        Wanted::Listed(chosen, written) if chosen.len() + written.len() > LISTED_MAX => {
            Err(Refusal::Invalid(format!("A list holds {LISTED_MAX} people at most. Cut it into several, or use a tag.")))
        }
        Wanted::Tagged(tag) if tag.trim().is_empty() => Err(Refusal::Invalid("The tag is empty. Write one.".to_owned())),
        _ => Ok(()),
    }
}

/// The people of a list, each once; those who cannot have a turn know why already. `twice` is how a number is called where it stands for
/// the second time: what is kept is masked, so that it goes with the contact.
fn people(
    read: &impl Read,
    facts: &Facts,
    channel: Option<ChannelId>,
    (chosen, written): (&[ContactId], &[String]),
    twice: impl Fn(&Address, &str) -> String,
) -> Result<Vec<Addressed>, Refusal> {
    let (mut people, mut known, mut new) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    let left_out = |person: Addressed, why: LeftOut| Addressed { outcome: Some(why.outcome()), left_out: Some(why), ..person };
    for id in chosen {
        let person = Addressed { contact: Some(*id), ..Addressed::default() };
        people.push(if known.insert(*id) { person } else { left_out(person, LeftOut::Twice) });
    }
    for text in written.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        let person = Addressed { written: text.to_owned(), ..Addressed::default() };
        let address = match occasions::address_of(facts, channel, text) {
            Ok(address) => address,
            Err(why) => {
                people.push(left_out(person, why));
                continue;
            }
        };
        let contact = contacts::find(read, &address.key())?;
        let fresh = contact.map_or_else(|| new.insert(address.key()), |id| known.insert(id));
        // A number is kept for as long as nobody else keeps it: what is erased with a contact must not stay here.
        let written = if contact.is_some() { String::new() } else { text.to_owned() };
        people.push(match fresh {
            true => Addressed { contact, written, ..Addressed::default() },
            false => left_out(Addressed { contact, written: twice(&address, text), ..Addressed::default() }, LeftOut::Twice),
        });
    }
    Ok(people)
}

fn preview_list(read: &impl Read, facts: &Facts, plan: &Plan, people: Vec<Addressed>, now: Time) -> Result<Preview, Refusal> {
    let mut preview = Preview::default();
    for person in people {
        match (person.left_out, person.contact) {
            (Some(why), Some(id)) => {
                let shown = contacts::get(read, id)?.map_or(person.written, |contact| shown(&contact));
                preview.leave_out(Left { contact: Some(id), shown, why });
            }
            (Some(why), None) => preview.leave_out(Left { contact: None, shown: person.written, why }),
            (None, None) if facts.is_enabled(plan.flow) => preview.start(),
            (None, None) => preview.leave_out(Left { contact: None, shown: person.written, why: LeftOut::FlowDisabled }),
            (None, Some(id)) => match contacts::get(read, id)? {
                Some(contact) => preview.look(read, facts, plan, &contact, now)?,
                None => preview.leave_out(Left { contact: Some(id), shown: id.to_string(), why: LeftOut::Gone }),
            },
        }
    }
    Ok(preview)
}

impl Preview {
    fn look(&mut self, read: &impl Read, facts: &Facts, plan: &Plan, contact: &Contact, now: Time) -> Result<(), Refusal> {
        match occasions::look(read, facts, plan, contact, now)? {
            Ok(_) => self.start(),
            Err(why) => self.leave_out(Left { contact: Some(contact.id), shown: shown(contact), why }),
        }
        Ok(())
    }

    fn start(&mut self) {
        self.total += 1;
        self.starts += 1;
    }

    fn leave_out(&mut self, left: Left) {
        self.total += 1;
        *self.left_out.entry(left.why).or_default() += 1;
        if self.named.len() < NAMED_MAX {
            self.named.push(left);
        }
    }
}

/// How people know a contact: by name, or else by an address.
fn shown(contact: &Contact) -> String {
    let address = || contact.addresses.first().map(Address::shown);
    contact.name.clone().or_else(address).unwrap_or_else(|| contact.id.to_string())
}

/// Numbers in a pasted text: one to a line, or with commas or semicolons between them.
pub fn written_numbers(text: &str) -> Vec<String> {
    let parts = text.split(['\n', '\r', ',', ';', '\t']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

/// How a broadcast went for one person, by the word of the HTTP API; `waiting` before their turn.
pub const fn outcome_word(outcome: Option<StartOutcome>) -> &'static str {
    match outcome {
        None => "waiting",
        Some(StartOutcome::Started) => "started",
        Some(StartOutcome::Restarted) => "restarted",
        Some(StartOutcome::Kept) => "kept",
        Some(StartOutcome::OptedOut) => "opted_out",
        Some(StartOutcome::Blocked) => "blocked",
    }
}
