//! Floor 2a: what happens next. Pure: no clock, no chance, no IO; the same arguments give the same answer on any machine.
//!
//! An event that does not concern a run leaves it unchanged (the same `sequence`) and is no error. Otherwise `sequence` grows by one
//! and the run walks from node to node until it waits, calls, is silent, or ends. A timer, a call and a called run carry the sequence
//! they were armed at; with another they change nothing.

pub mod answer;
pub mod blueprint;
pub mod calendar;
pub mod check;
pub mod compare;
pub mod dates;
pub mod entry;
pub mod forecast;
pub mod import;
pub mod keyword;
pub mod line;
pub mod needs;
mod nodes;
pub mod occasions;
pub mod quick_reply;
pub mod route;
pub mod segment;
pub mod staff;
pub mod step;
pub mod talk;
pub mod text;
pub mod uses;
pub mod value;
mod verbs;
mod walk;
pub mod wall;
pub mod window;

pub use nodes::message::FILE_SCHEME;

pub use step::{awaits, begins_at_leaving, silence, step, takes};

use crate::model::action::ActionId;
use crate::model::contact::Contact;
use crate::model::effect::Effect;
use crate::model::node::NodeId;
use crate::model::run::Run;
use std::collections::BTreeMap;

/// What follows from one event.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The run as it stands now; the very same where the event did not concern it.
    pub run: Run,
    /// The contact as the run left it.
    pub contact: Contact,
    /// What is wanted done, in order: the index of an effect is its place here.
    pub effects: Vec<Effect>,
    /// The exits taken, in order: from which node, by which.
    pub exits: Vec<(NodeId, String)>,
    /// The ways that splits drew for this contact, to be kept.
    pub ways: BTreeMap<NodeId, String>,
    /// The button or row that was pressed: of which node, which.
    pub pressed: Option<(NodeId, String)>,
    /// What is left of the budget of steps, for runs launched in the same event.
    pub steps_left: u32,
}

/// Why a person's wish cannot be done. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum StepError {
    #[error("This automation is over. Start it again instead.")]
    Over,
    #[error("This automation is on hold. Resume it first.")]
    OnHold,
    #[error("There is no node \"{0}\" in this version of the automation.")]
    NoSuchNode(NodeId),
    #[error("The action {0} is already done. What is done cannot be changed.")]
    AlreadyDone(ActionId),
    #[error("The action {0} does not lie ahead any more: this automation went another way. Nothing was changed.")]
    NotAhead(ActionId),
    #[error("The action {0} does not come next. Move it, or skip what stands before it.")]
    NotNext(ActionId),
    #[error("The action {0} is under way. Wait until it has ended.")]
    UnderWay(ActionId),
    #[error("The action {0} waits for an answer and has no time of its own.")]
    NoTime(ActionId),
    #[error("The action {0} has no text.")]
    NoText(ActionId),
    #[error("The 24-hour window is closed: only an approved template can be sent until the contact writes.")]
    WindowClosed,
    #[error("The action {0} was skipped or removed. Undo that first; nothing was changed.")]
    LeftOut(ActionId),
    #[error("What follows the action {0} is due before that. Choose an earlier time, or let it move along; nothing was changed.")]
    NextIsSooner(ActionId),
    #[error("Nothing was changed on the action {0}.")]
    NothingToUndo(ActionId),
}
