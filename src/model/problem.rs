//! What is wrong with a flow, or surprising in it.

use super::node::NodeId;
use serde::{Deserialize, Serialize};

/// One problem of one node, or of the whole flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where; `None` is the flow itself.
    pub node: Option<NodeId>,
    /// What.
    pub fault: Fault,
}

/// Whether a flow can be saved with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can, and somebody may be surprised.
    Warning,
}

impl Problem {
    /// A problem of one node.
    pub fn at(node: &NodeId, fault: Fault) -> Problem {
        Problem { node: Some(node.clone()), fault }
    }

    /// A problem of the flow itself.
    pub fn whole(fault: Fault) -> Problem {
        Problem { node: None, fault }
    }
}

/// Everything that can be wrong. The English sentence is its `Display`; the panel has it in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum Fault {
    #[error("This is not a flow document: {0}.")]
    NotADocument(String),
    #[error("The document says \"flusso\": {0}, and this program reads 1. Use a newer Flusso.")]
    NewerDocument(u64),
    #[error("\"{0}\" is not a member of a flow. Remove it, or check its spelling.")]
    UnknownMember(String),
    #[error("The flow has no name. Give it one.")]
    NoName,
    #[error("Another flow is already called \"{0}\". Choose another name.")]
    NameTaken(String),
    #[error("The node has no id. Give it one that no other node has.")]
    NoNodeId,
    #[error("Two nodes have the id \"{0}\". Give one of them another.")]
    SameNodeId(String),
    #[error("\"{0}\" is not a kind of node.")]
    UnknownKind(String),
    #[error("A member of this node cannot be read: {0}.")]
    BadMember(String),
    #[error("The flow has {0} nodes and a flow holds 500 at most. Cut it into two.")]
    TooManyNodes(usize),
    #[error("The flow has {0} tests and keeps 50 at most: more would never be replayed. Take some away.")]
    TooManyTalks(usize),
    #[error("Nothing starts this flow: give it a keyword, an event, or a start node.")]
    NoStart,
    #[error("The start node \"{0}\" does not exist.")]
    StartMissing(String),
    #[error("The exit \"{exit}\" leads to the node \"{to}\", which does not exist.")]
    ExitToMissingNode { exit: String, to: String },
    #[error("The exit \"{exit}\" leads to the trigger \"{to}\": triggers start a flow and cannot be reached.")]
    ExitToTrigger { exit: String, to: String },
    #[error("The exit \"{exit}\" leads to the note \"{to}\": notes are for people and cannot be reached.")]
    ExitToNote { exit: String, to: String },
    #[error("Nothing follows this trigger: who sets it off starts nothing.")]
    TriggerToNowhere,
    #[error("A trigger on \"{on}\" needs \"{needs}\".")]
    EventNeeds { on: &'static str, needs: &'static str },
    #[error("This kind of node has no exit \"{0}\".")]
    UnknownExit(String),
    #[error("A button, row or branch has no name for its exit. Give it one.")]
    NoExitName,
    #[error("\"{0}\" is an exit that this kind of node has already. Name the button, row or branch otherwise.")]
    ReservedExit(String),
    #[error("The keyword has no phrase. Write one.")]
    NoPhrase,
    #[error("A phrase is empty. Write it or remove it.")]
    EmptyPhrase,
    #[error("The phrase \"{phrase}\" ({mode}) already starts the flow \"{flow}\". Choose another.")]
    PhraseTaken { phrase: String, mode: String, flow: String, flow_id: crate::base::id::FlowId },
    #[error("The phrase \"{0}\" stands twice in this flow. Remove one.")]
    PhraseTwice(String),
    #[error("Who writes \"{0}\" is unsubscribed: this phrase never starts the flow.")]
    PhraseIsStopWord(String),
    #[error("The channel \"{0}\" does not exist: the keyword does not listen there.")]
    ChannelMissing(String),
    #[error("The pattern \"{pattern}\" cannot be used: {reason}.")]
    BadPattern { pattern: String, reason: String },
    #[error("The message is empty. Write a text or add an attachment.")]
    EmptyMessage,
    #[error("An attachment is missing: choose a file or write its address.")]
    MissingAttachment,
    #[error("An attachment is a file kept here or one by its address, not both.")]
    AttachmentTwice,
    #[error("A message has buttons or a list, not both.")]
    ButtonsAndList,
    #[error("A message has {0} buttons and {1} at most can be shown.")]
    TooManyButtons(usize, usize),
    #[error("The list has {0} rows and {1} at most can be shown.")]
    TooManyRows(usize, usize),
    #[error("The list has a section without rows. Add one, or remove the section.")]
    EmptyList,
    #[error("A list with several sections needs a title for each.")]
    SectionUntitled,
    #[error("Buttons and lists stand under a text. Write one.")]
    ChoicesWithoutText,
    #[error("A button or row has no title. Write one.")]
    EmptyTitle,
    #[error("Two buttons have the title \"{0}\".")]
    SameTitle(String),
    #[error("Two buttons or rows have the id \"{0}\".")]
    SameChoice(String),
    #[error("The title \"{title}\" has {length} characters and {most} at most are shown.")]
    TitleTooLong { title: String, length: usize, most: usize },
    #[error("The text has {length} characters and {most} at most can be sent.")]
    TextTooLong { length: usize, most: usize },
    #[error("The wait has no end: say how long, until when, or for which answer.")]
    WaitForNothing,
    #[error("The wait says both how long and until when. Choose one.")]
    WaitTwice,
    #[error("A wait lasts from 1 second to 365 days.")]
    WaitOutOfRange,
    #[error("Say exactly one of date, time, weekday and value.")]
    UntilNotOne,
    #[error("\"{0}\" is not a date. Write it as 2026-12-24 or 2026-12-24T18:00.")]
    BadDate(String),
    #[error("The window closes when it opens. Choose two times.")]
    EmptyWindow,
    #[error("It says what to do when it is late, but no time is set. Say how long, or until when.")]
    LateWithoutTime,
    #[error("It leaves a message out when it is late, but no message follows it. Let its time lead to one, or choose otherwise.")]
    LateWithoutMessage,
    #[error("Short messages are joined to one answer within 2 to 8 seconds.")]
    BurstOutOfRange,
    #[error("\"{0}\" is not the name of a value.")]
    BadValueName(String),
    #[error("\"{0}\" cannot be written. Use run.X or contact.fields.X.")]
    NotWritable(String),
    #[error("\"{0}\" cannot tell runs apart. Use run.X or contact.fields.X.")]
    ReentryKey(String),
    #[error("The comparison with \"{0}\" needs something to compare with.")]
    NothingToCompare(String),
    #[error("The condition has no branch. Add one.")]
    NoBranch,
    #[error("Two branches have the exit \"{0}\".")]
    SameBranch(String),
    #[error("The branch \"{0}\" has no rule. Add one.")]
    EmptyBranch(String),
    #[error("The node changes nothing. Add a field or a tag.")]
    NothingToSave,
    #[error("\"{0}\" is not an address that starts with http:// or https://.")]
    BadUrl(String),
    #[error(
        "Something here looks like a key ({0}), and whoever gets an export of this flow gets it too. In a call, keep it among the secrets and write {{{{ secret.NAME }}}} in its place."
    )]
    LooksSecret(String),
    #[error("\"{path}\" is not a JSON path: {reason}.")]
    BadPath { path: String, reason: String },
    #[error("Choose the flow to launch.")]
    NoFlowToLaunch,
    #[error("The flow \"{0}\" does not exist. Until it does, this node goes straight on.")]
    FlowMissing(String),
    #[error("The weights add up to nothing.")]
    NoWeight,
    #[error("Say who is told: a channel and an address, or the address of a webhook.")]
    NobodyToTell,
    #[error(
        "\"{0}\" is neither a number, nor a channel with an address, nor a web address: nobody is told. Write +39 333 1234567, or the name of a channel, a colon and an address."
    )]
    StaffUnreadable(String),
    #[error("The channel \"{0}\" does not exist: nobody is told. Write the name of a channel you have, a colon and an address.")]
    StaffChannelMissing(String),
    #[error("The segment \"{0}\" does not exist. Until it does, this schedule starts nobody.")]
    SegmentMissing(String),
    #[error("\"{member}\" does nothing beside \"{beside}\". Remove it.")]
    Idle { member: &'static str, beside: &'static str },
    #[error("It has a window, but no time is set that could fall into it. Say how long, or until when.")]
    WindowWithoutTime,
    #[error("It says what to ask again, but any answer is good. Say what an answer must be.")]
    RetryWithoutCheck,
    #[error("Nothing leads here.")]
    Unreachable,
    #[error("Nobody waits for the answer: after this question the run ends.")]
    DeadEndAtQuestion,
    #[error("These nodes go round without a wait: {0}. One contact could get the same message without end.")]
    LoopWithoutWait(String),
    #[error("On WhatsApp this text can only come after the 24-hour window has closed. Choose a template for that case.")]
    AfterTheWindow,
    #[error("\"{0}\" is used here and nothing sets it. It will be empty.")]
    NeverSet(String),
    #[error("\"{0}\" cannot be read as a variable: {1}.")]
    BadTemplate(String, String),
    #[error("A marketing message says how to stop. Add a line such as: write STOP to unsubscribe.")]
    NoOptOutHint,
    #[error("In the flow \"{flow}\": {fault}")]
    InFlow { flow: String, fault: Box<Fault> },
    #[error("The {what} \"{name}\" stands twice in the set. Take one out.")]
    TwiceInSet { what: &'static str, name: String },
    #[error("{0}")]
    Archive(super::archive::ArchiveFault),
    #[error("{0}")]
    Reply(super::quick_reply::QuickReplyFault),
    #[error("The file \"{0}\" is not what its name says it is. Export the set again.")]
    FileChanged(String),
    #[error("The file \"{0}\" is no picture, sound, film or document that a message can carry.")]
    FileRefused(String),
    #[error("The field \"{0}\" has a name that cannot be used. Write letters, digits, - and _ alone.")]
    BadFieldName(String),
    #[error("The test \"{name}\" goes otherwise now, at its line {line}: it expects \"{expected}\" and gets \"{got}\".")]
    TalkRed { name: String, line: usize, expected: String, got: String },
}

impl Fault {
    /// Whether a flow can be saved with it.
    pub fn severity(&self) -> Severity {
        match self {
            Fault::InFlow { fault, .. } => fault.severity(),
            Fault::FlowMissing(_)
            | Fault::TriggerToNowhere
            | Fault::PhraseIsStopWord(_)
            | Fault::ChannelMissing(_)
            | Fault::StaffUnreadable(_)
            | Fault::StaffChannelMissing(_)
            | Fault::SegmentMissing(_)
            | Fault::Idle { .. }
            | Fault::WindowWithoutTime
            | Fault::RetryWithoutCheck
            | Fault::Unreachable
            | Fault::DeadEndAtQuestion
            | Fault::LoopWithoutWait(_)
            | Fault::AfterTheWindow
            | Fault::NeverSet(_)
            | Fault::NoOptOutHint
            | Fault::LooksSecret(_)
            | Fault::TalkRed { .. } => Severity::Warning,
            _ => Severity::Error,
        }
    }
}
