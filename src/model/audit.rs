//! What the lines of the audit log are about, read from how they are written down: which thing, and by which kind of doer.

use super::operator::{AuditLine, By};
use crate::base::id::{ChannelId, ContactId, FlowId, JobId, OperatorId, RunId};
use std::str::FromStr;

/// A thing that somebody did something to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A run, or one of its actions.
    Run(RunId),
    /// A change of many runs.
    Job(JobId),
    /// A contact.
    Contact(ContactId),
    /// A flow.
    Flow(FlowId),
    /// A channel.
    Channel(ChannelId),
}

/// Who is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doer {
    /// This person.
    Operator(OperatorId),
    /// Any program with a key.
    Program,
    /// The appliance, or a command on its machine.
    Appliance,
}

impl Doer {
    /// The doer of a word: an operator's id, `api` or `appliance`.
    pub fn of_word(word: &str) -> Option<Doer> {
        match word {
            "api" => Some(Doer::Program),
            "appliance" => Some(Doer::Appliance),
            id => id.parse().ok().map(Doer::Operator),
        }
    }

    /// Whether it was this one.
    pub fn is(self, by: By) -> bool {
        match (self, by) {
            (Doer::Operator(id), By::Operator(own)) => id == own,
            (Doer::Program, By::Key(_)) | (Doer::Appliance, By::Command | By::System) => true,
            _ => false,
        }
    }
}

impl AuditLine {
    /// What it is about, the nearest first.
    pub fn things(&self) -> Vec<Thing> {
        let detail = self.detail.as_str();
        let (noun, _) = self.what.split_once('.').unwrap_or((&self.what, ""));
        let after = |word: &str| detail.split_once(word).map(|(_, rest)| rest);
        let found = match (noun, self.what.as_str()) {
            (_, "run.started") => vec![
                after(", run ").and_then(id).map(Thing::Run),
                after(" for contact ").and_then(id).map(Thing::Contact),
                after("flow ").and_then(id).map(Thing::Flow),
            ],
            ("run" | "action", _) => vec![detail.strip_prefix("run ").and_then(id).map(Thing::Run)],
            ("runs", _) => vec![detail.strip_prefix("job ").and_then(id).map(Thing::Job)],
            ("contact", _) => vec![id(detail).map(Thing::Contact)],
            ("flow", _) => vec![id(detail).map(Thing::Flow)],
            ("channel", _) => vec![id(detail).map(Thing::Channel)],
            ("broadcast", _) => vec![after(" of flow ").and_then(id).map(Thing::Flow)],
            _ => Vec::new(),
        };
        found.into_iter().flatten().collect()
    }
}

/// The id that a text begins with.
fn id<I: FromStr>(text: &str) -> Option<I> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text.get(..end)?.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{AuditId, Id, Shard};
    use crate::base::time::Time;

    #[test]
    fn a_line_names_what_it_is_about() {
        let things = |what: &str, detail: &str| {
            let line =
                AuditLine { id: AuditId::new(Shard(0), 1), at: Time(0), by: By::System, what: what.to_owned(), detail: detail.to_owned() };
            line.things()
        };
        let (run, flow, contact) = (RunId::new(Shard(0), 5), FlowId::new(Shard(2), 3), ContactId::new(Shard(0), 4));
        let all = [Thing::Run(run), Thing::Contact(contact), Thing::Flow(flow)];
        assert_eq!(things("run.started", "flow 2.3 for contact 4: Started, run 5"), all);
        assert_eq!(things("run.started", "flow 2.3 for contact 4: Blocked"), all[1..]);
        assert_eq!(things("action.moved", "run 5, action m2:1 to 2026-11-22T09:30:00Z"), [Thing::Run(run)]);
        assert_eq!(things("run.stopped", "run 5: run 7 for contact 9"), [Thing::Run(run)], "names do not count");
        assert_eq!(things("runs.changing", "job 5: move for 61 runs"), [Thing::Job(JobId::new(Shard(0), 5))]);
        assert_eq!(things("contact.changed", "4: tags"), [Thing::Contact(contact)]);
        assert_eq!(things("flow.published", "2.3 \"Listino\" v4"), [Thing::Flow(flow)]);
        assert_eq!(things("settings.changed", "5"), []);
    }

    #[test]
    fn a_doer_is_a_person_a_program_or_the_appliance() {
        let anna = OperatorId::new(Shard(0), 1);
        assert!(Doer::of_word("1").is_some_and(|doer| doer.is(By::Operator(anna)) && !doer.is(By::System)));
        assert!(Doer::of_word("appliance").is_some_and(|doer| doer.is(By::Command) && !doer.is(By::Operator(anna))));
        assert_eq!(Doer::of_word("nobody"), None);
    }
}
