//! The talks kept with a flow, replayed when it is saved; and the real call of a rehearsed one. Nothing here writes.

use super::super::Executor;
use super::super::facts::Facts;
use super::super::guard::Reach;
use super::super::http::Reply;
use super::super::outbox::call::request;
use super::super::refusal::Refusal;
use super::flow_check::unresolve;
use crate::base::limits::TALKS_PER_FLOW_MAX;
use crate::engine::talk;
use crate::model::effect::Call;
use crate::model::event::CallOutcome;
use crate::model::flow::Flow;
use crate::model::problem::{Fault, Problem};
use crate::provider::http::Failure;

/// What a save does where talks kept with the flow go otherwise now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Red {
    /// It refuses, and names them.
    #[default]
    Refuse,
    /// It saves: somebody has seen them.
    Confirmed,
}

/// The talks kept with a flow that go otherwise than they are written, each a problem. Flows are named as people name them, so that a
/// kept talk does not hang on an id.
pub fn red_talks(facts: &Facts, document: &Flow) -> Vec<Problem> {
    if document.talks.is_empty() {
        return Vec::new();
    }
    let mut named = document.clone();
    unresolve(&mut named, facts);
    let red = |talk: &crate::model::flow::Talk| {
        let difference = talk::difference(&talk.script, &named)?;
        let talk::Difference { line, expected, got } = difference;
        Some(Problem::whole(Fault::TalkRed { name: talk.name.clone(), line, expected, got }))
    };
    document.talks.iter().take(TALKS_PER_FLOW_MAX).filter_map(red).collect()
}

impl Executor {
    /// Replays the talks kept with a document, away from the writer, and refuses where one is red and nobody confirmed it.
    pub(super) async fn replay(&self, document: &Flow, red: Red) -> Result<Vec<Problem>, Refusal> {
        if document.talks.is_empty() {
            return Ok(Vec::new());
        }
        let (facts, document) = (self.facts(), document.clone());
        let problems = tokio::task::spawn_blocking(move || red_talks(&facts, &document)).await.map_err(|_| Refusal::Fault)?;
        match red {
            Red::Refuse if !problems.is_empty() => Err(Refusal::RedTalks(problems)),
            _ => Ok(problems),
        }
    }

    /// Makes the call of a rehearsed run in earnest, once, within the bounds of every call of a flow: with its secrets, and signed. It
    /// carries a key of its own: that of the rehearsed run is no run's.
    pub async fn call_in_earnest(&self, call: &Call) -> CallOutcome {
        let (mut call, facts, id) = (call.clone(), self.facts(), self.fresh_id());
        call.headers.iter_mut().filter(|(name, _)| name.eq_ignore_ascii_case("idempotency-key")).for_each(|(_, key)| key.clone_from(&id));
        let timeout = call.timeout;
        let request = match request(call, &facts, &id, self.now()) {
            Ok(request) => request,
            Err(why) => return CallOutcome::Failed(why),
        };
        let reach = Reach::Public(facts.settings.private_hosts.clone());
        match self.http.call(&request, &reach, timeout).await {
            Reply::Answered(answer) => {
                CallOutcome::Answered { status: answer.status, body: String::from_utf8_lossy(&answer.body).into_owned() }
            }
            Reply::Forbidden(why) => CallOutcome::Failed(format!("The call was not made: {why}.")),
            Reply::Failed(Failure::NeverLeft(why)) => CallOutcome::Failed(format!("The address could not be reached: {why}.")),
            Reply::Failed(Failure::TimedOut) => CallOutcome::TimedOut,
            Reply::Failed(Failure::Broke(why)) => CallOutcome::Failed(format!("The connection broke before the answer: {why}.")),
        }
    }
}
