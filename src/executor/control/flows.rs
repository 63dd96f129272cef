//! Flows: make, save, disable, enable, copy.

use super::super::Executor;
use super::super::desk::{Desk, Signal};
use super::super::facts::Facts;
use super::super::occasions::{self, rounds};
use super::super::refusal::Refusal;
use super::flow_check::{problems, resolve};
use super::flow_runs::{self, Overdue, Running, Way};
use super::rehearsal::Red;
use crate::base::id::FlowId;
use crate::base::secret::Secret;
use crate::model::carry::Carry;
use crate::model::flow::{Flow, FlowHead, FlowState, FlowVersion};
use crate::model::node::{EventKind, Node, NodeId, NodeKind};
use crate::model::operator::By;
use crate::model::problem::{Fault, Problem, Severity};
use crate::model::reason::Reason;
use crate::store::flows;
use std::collections::BTreeMap;

/// A flow that was saved.
#[derive(Clone, Debug)]
pub struct Saved {
    /// Which.
    pub id: FlowId,
    /// The version that was made.
    pub version: u32,
    /// What may surprise in it.
    pub warnings: Vec<Problem>,
    /// The token of its start address, told once: when the flow is made.
    pub start_token: Option<Secret<String>>,
}

/// How a flow is saved.
#[derive(Clone, Debug, Default)]
pub struct SaveAs {
    /// What happens to those inside.
    pub running: Running,
    /// Where those go who stand at some nodes, where all move who can.
    pub ways: BTreeMap<NodeId, Way>,
    /// What is done where a test kept with the flow is red.
    pub red: Red,
    /// The revision of the draft that is saved, as whoever saves it read it: another means that somebody changed it meanwhile.
    pub revision: Option<u64>,
}

/// A copy, and what it lacks.
#[derive(Clone, Debug)]
pub struct Copied {
    /// The copy.
    pub id: FlowId,
    /// What must be filled in, by node: `phrases`, `file`, or `token` of the flow itself.
    pub missing: Vec<(Option<NodeId>, &'static str)>,
}

/// A token nobody guesses, and the digest that is kept of it.
pub fn fresh_token() -> Result<(Secret<String>, [u8; 32]), Refusal> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| Refusal::Fault)?;
    let token = hex::encode(bytes);
    let digest = token_digest(&token);
    Ok((Secret::new(token), digest))
}

/// What is kept of a token: its SHA-256.
pub fn token_digest(token: &str) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::digest(token.as_bytes()).into()
}

impl Executor {
    /// Makes a flow from a document and saves its first version. Refuses with every problem of it where it cannot run.
    pub async fn create_flow(&self, by: By, document: Flow, enable: bool) -> Result<Saved, Refusal> {
        self.create_flow_with(by, document, enable, Red::Refuse).await
    }

    /// The same, and what is done where a test kept with it is red.
    pub async fn create_flow_with(&self, by: By, document: Flow, enable: bool, red: Red) -> Result<Saved, Refusal> {
        let (token, digest) = fresh_token()?;
        let reds = self.replay(&document, red).await?;
        let saved = self.line.change(move |desk| {
            let id: FlowId = desk.mint()?;
            let (document, warnings) = checked(desk, id, document)?;
            let state = if enable { FlowState::Enabled } else { FlowState::Disabled { since: desk.now } };
            let head = new_head(desk, id, document.name.clone(), digest, state, 1);
            publish(desk, by, &head, &document)?;
            desk.audit(by, "flow.created", head.logged())?;
            Ok(Saved { id, version: 1, warnings, start_token: None })
        });
        let mut saved = saved.await?;
        saved.warnings.extend(reds);
        Ok(Saved { start_token: Some(token), ..saved })
    }

    /// Makes a flow that has only a draft, which may be anything.
    pub async fn create_draft(&self, by: By, document: Flow) -> Result<FlowId, Refusal> {
        let (_, digest) = fresh_token()?;
        self.line
            .change(move |desk| {
                let id: FlowId = desk.mint()?;
                let mut document = document;
                document.name = free_name(&desk.facts, &document.name);
                let head = new_head(desk, id, document.name.clone(), digest, FlowState::Disabled { since: desk.now }, 0);
                flows::put_draft(&mut desk.work, id, &document)?;
                put_head(desk, &head)?;
                desk.audit(by, "flow.created", head.logged())?;
                Ok(id)
            })
            .await
    }

    /// Saves a document as the next version; what happens to the people inside is `running`.
    pub async fn save_flow(&self, by: By, id: FlowId, document: Flow, running: Running) -> Result<Saved, Refusal> {
        self.save_flow_with(by, id, document, SaveAs { running, ..SaveAs::default() }).await
    }

    /// The same, with a way of their own for those who stand at some nodes, and what is done where a test kept with it is red.
    pub async fn save_flow_with(&self, by: By, id: FlowId, document: Flow, how: SaveAs) -> Result<Saved, Refusal> {
        let SaveAs { running, ways, red, revision } = how;
        let reds = self.replay(&document, red).await?;
        let saved = self.line.change(move |desk| {
            let mut head = head_of(desk, id)?;
            unchanged(&head, revision)?;
            let (document, warnings) = checked(desk, id, document)?;
            head.version += 1;
            head.name = document.name.clone();
            head.draft_revision += 1;
            head.changed = desk.now;
            publish(desk, by, &head, &document)?;
            let carry = flow_runs::of_save(by, head.version, running, ways);
            rounds::begin_runs(desk, id, carry.as_ref())?;
            desk.audit(by, "flow.published", format!("{} v{}", head.logged(), head.version))?;
            Ok((Saved { id, version: head.version, warnings, start_token: None }, carry))
        });
        let (mut saved, carry) = saved.await?;
        self.carry_through(id, carry).await?;
        saved.warnings.extend(reds);
        Ok(saved)
    }

    /// Disables a flow: nothing new starts, and its runs keep their places.
    pub async fn pause_flow(&self, by: By, id: FlowId) -> Result<(), Refusal> {
        self.line
            .change(move |desk| {
                let mut head = head_of(desk, id)?;
                if head.state != FlowState::Enabled {
                    return Ok(());
                }
                head.state = FlowState::Disabled { since: desk.now };
                put_head(desk, &head)?;
                desk.audit(by, "flow.disabled", head.logged())
            })
            .await
    }

    /// Enables a flow; what fell due meanwhile obeys `overdue`.
    pub async fn enable_flow(&self, by: By, id: FlowId, overdue: Overdue) -> Result<(), Refusal> {
        let carry = self
            .line
            .change(move |desk| {
                let mut head = head_of(desk, id)?;
                if head.version == 0 {
                    let words = format!("The automation \"{}\" was never saved, so there is nothing to enable. Save it first.", head.name);
                    return Err(Refusal::Conflict(words));
                }
                let FlowState::Disabled { since } = head.state else { return Ok(None) };
                head.state = FlowState::Enabled;
                let document = desk.facts.flow(&desk.work, id, head.version)?;
                occasions::forget_passed(desk, id, since)?;
                arm(desk, id, None, &document)?;
                put_head(desk, &head)?;
                let carry = Carry::Wake { since, overdue };
                rounds::begin_runs(desk, id, Some(&carry))?;
                desk.audit(by, "flow.enabled", head.logged())?;
                let more = rounds::carry_at_once(desk, id, &carry)?;
                Ok(more.then_some(carry))
            })
            .await?;
        self.carry_through(id, carry).await
    }

    /// Copies a flow without its phrases, files and start token. The copy is disabled and says what it lacks.
    pub async fn copy_flow(&self, by: By, id: FlowId) -> Result<Copied, Refusal> {
        let (_, digest) = fresh_token()?;
        self.line
            .change(move |desk| {
                let head = head_of(desk, id)?;
                let mut document = current(desk, &head)?;
                document.name = free_name(&desk.facts, &head.name);
                let missing = strip(&mut document);
                let copy: FlowId = desk.mint()?;
                let state = FlowState::Disabled { since: desk.now };
                let new = new_head(desk, copy, document.name.clone(), digest, state, 0);
                flows::put_draft(&mut desk.work, copy, &document)?;
                put_head(desk, &new)?;
                desk.audit(by, "flow.copied", format!("{} → {}", head.logged(), new.name))?;
                Ok(Copied { id: copy, missing })
            })
            .await
    }
}

/// Refuses where the draft has another revision than the one that somebody read.
pub(super) fn unchanged(head: &FlowHead, revision: Option<u64>) -> Result<(), Refusal> {
    let other = revision.is_some_and(|revision| revision != head.draft_revision);
    if other { Err(Refusal::Conflict(Reason::ChangedElsewhere.to_string())) } else { Ok(()) }
}

/// The document with its flow references resolved, and its warnings; refuses where it has errors.
fn checked(desk: &Desk, id: FlowId, mut document: Flow) -> Result<(Flow, Vec<Problem>), Refusal> {
    resolve(&mut document, &desk.facts);
    let problems = problems(&desk.work, &desk.facts, Some(id), &document)?;
    if problems.iter().any(|problem| problem.fault.severity() == Severity::Error) {
        return Err(Refusal::Problems(problems));
    }
    Ok((document, problems))
}

pub(super) fn publish(desk: &mut Desk, by: By, head: &FlowHead, document: &Flow) -> Result<(), Refusal> {
    if head.state == FlowState::Enabled {
        let before = match head.version.checked_sub(1).filter(|version| *version > 0) {
            Some(version) => Some(desk.facts.flow(&desk.work, head.id, version)?),
            None => None,
        };
        arm(desk, head.id, before.as_deref(), document)?;
    }
    let version = FlowVersion { flow: head.id, number: head.version, saved: desk.now, by: by.operator(), document: document.clone() };
    flows::put_version(&mut desk.work, &version)?;
    flows::put_draft(&mut desk.work, head.id, document)?;
    put_head(desk, head)
}

/// What begins at a time begins from now on: schedules, and dates of contacts.
fn arm(desk: &mut Desk, id: FlowId, before: Option<&Flow>, document: &Flow) -> Result<(), Refusal> {
    occasions::arm_schedules(desk, id, before, document)?;
    let dated = |node: &Node| matches!(&node.kind, NodeKind::Event(event) if event.on == EventKind::Date);
    if document.nodes.iter().any(dated) { rounds::begin_dates(desk, Some(id)) } else { Ok(()) }
}

pub(super) fn put_head(desk: &mut Desk, head: &FlowHead) -> Result<(), Refusal> {
    flows::put_head(&mut desk.work, head)?;
    desk.facts_changed = true;
    desk.signal(Signal::Flow(head.id));
    Ok(())
}

pub(super) fn head_of(desk: &Desk, id: FlowId) -> Result<FlowHead, Refusal> {
    let head = flows::head(&desk.work, id)?.filter(|head| !matches!(head.state, FlowState::Binned { .. }));
    head.ok_or(Refusal::NotFound("flow"))
}

pub(super) fn new_head(desk: &Desk, id: FlowId, name: String, start_token: [u8; 32], state: FlowState, version: u32) -> FlowHead {
    FlowHead { id, name, state, version, draft_revision: 0, start_token, created: desk.now, changed: desk.now, last_error: None }
}

/// The draft, or else the newest version.
pub(super) fn current(desk: &Desk, head: &FlowHead) -> Result<Flow, Refusal> {
    if let Some(draft) = flows::draft(&desk.work, head.id)? {
        return Ok(draft);
    }
    Ok(desk.facts.flow(&desk.work, head.id, head.version)?.as_ref().clone())
}

pub(super) fn check_name(desk: &Desk, id: FlowId, name: &str) -> Result<(), Refusal> {
    let taken = desk.facts.names.iter().any(|(other, known)| *other != id && known == name);
    let fault = if name.trim().is_empty() { Some(Fault::NoName) } else { taken.then(|| Fault::NameTaken(name.to_owned())) };
    fault.map_or(Ok(()), |fault| Err(Refusal::Problems(vec![Problem::whole(fault)])))
}

/// The name itself, or with the first "(2)", "(3)" … that no flow has.
pub fn free_name(facts: &Facts, wanted: &str) -> String {
    free_among(&facts.names, wanted)
}

/// The same for a flow that is among them already.
pub(super) fn free_beside(facts: &Facts, own: FlowId, wanted: &str) -> String {
    let others = facts.names.iter().filter(|(id, _)| **id != own).map(|(id, name)| (*id, name.clone())).collect();
    free_among(&others, wanted)
}

/// The same among these names.
pub(super) fn free_among(names: &BTreeMap<FlowId, String>, wanted: &str) -> String {
    let bare = wanted.trim();
    let bare = bare
        .strip_suffix(')')
        .and_then(|cut| cut.rsplit_once(" ("))
        .filter(|(_, n)| n.parse::<u32>().is_ok())
        .map_or(bare, |(name, _)| name);
    let taken = |name: &str| names.values().any(|known| known == name);
    if !taken(wanted) {
        return wanted.to_owned();
    }
    (2..).map(|n| format!("{bare} ({n})")).find(|name| !taken(name)).unwrap_or_else(|| wanted.to_owned())
}

/// Takes away what a copy must not have, and says what it was.
fn strip(document: &mut Flow) -> Vec<(Option<NodeId>, &'static str)> {
    let mut missing = Vec::new();
    for node in &mut document.nodes {
        match &mut node.kind {
            NodeKind::Keyword(keyword) if !keyword.phrases.is_empty() => {
                keyword.phrases.clear();
                missing.push((Some(node.id.clone()), "phrases"));
            }
            NodeKind::Message(message) => {
                for attachment in message.attachments.iter_mut().filter(|attachment| attachment.file.is_some()) {
                    attachment.file = None;
                    missing.push((Some(node.id.clone()), "file"));
                }
            }
            _ => {}
        }
    }
    missing.push((None, "token"));
    missing
}
