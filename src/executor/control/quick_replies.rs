//! Quick replies: made, changed, copied, taken away, counted, and those of the pack added.

use crate::base::id::QuickReplyId;
use crate::engine::quick_reply::{answered, check};
use crate::executor::Executor;
use crate::executor::desk::Desk;
use crate::executor::refusal::Refusal;
use crate::model::blueprint;
use crate::model::operator::By;
use crate::model::quick_reply::{QuickReply, SavedReply};
use crate::store::quick_replies;

/// Quick replies at most: a person looks through them by eye.
const REPLIES_MAX: usize = 500;

impl Executor {
    /// Keeps a new quick reply.
    pub async fn create_quick_reply(&self, by: By, reply: QuickReply) -> Result<SavedReply, Refusal> {
        self.line.change(move |desk| create(desk, by, reply)).await
    }

    /// Changes one; its use count stays.
    pub async fn edit_quick_reply(&self, by: By, id: QuickReplyId, reply: QuickReply) -> Result<SavedReply, Refusal> {
        self.line
            .change(move |desk| {
                let before = known(desk, id)?;
                good(desk, &reply, Some(id))?;
                let saved = SavedReply { reply, changed: desk.now, ..before };
                quick_replies::put(&mut desk.work, &saved)?;
                desk.audit(by, "quick_reply.changed", format!("{id} /{}", saved.reply.shortcut))?;
                Ok(saved)
            })
            .await
    }

    /// Makes another of the same words, under a shortcut that is free.
    pub async fn copy_quick_reply(&self, by: By, id: QuickReplyId) -> Result<SavedReply, Refusal> {
        self.line
            .change(move |desk| {
                let mut reply = known(desk, id)?.reply;
                reply.shortcut = free_shortcut(desk, &reply.shortcut)?;
                create(desk, by, reply)
            })
            .await
    }

    /// Takes one away.
    pub async fn delete_quick_reply(&self, by: By, id: QuickReplyId) -> Result<(), Refusal> {
        self.line
            .change(move |desk| {
                let saved = known(desk, id)?;
                quick_replies::delete(&mut desk.work, id);
                desk.audit(by, "quick_reply.deleted", format!("{id} /{}", saved.reply.shortcut))
            })
            .await
    }

    /// Counts that one was sent; one that is gone meanwhile is not missed.
    pub async fn count_quick_reply(&self, id: QuickReplyId) -> Result<(), Refusal> {
        self.line
            .change(move |desk| {
                let Some(mut saved) = quick_replies::get(&desk.work, id)? else { return Ok(()) };
                saved.uses += 1;
                Ok(quick_replies::put(&mut desk.work, &saved)?)
            })
            .await
    }

    /// Adds those of the pack, with what stands in their blanks by default. One whose shortcut is taken is left out; gives how many were added and which were left out.
    pub async fn add_quick_reply_pack(&self, by: By) -> Result<(usize, Vec<String>), Refusal> {
        let pack = blueprint::quick_replies().map_err(Refusal::Problems)?;
        self.line
            .change(move |desk| {
                let (mut added, mut left_out) = (0, Vec::new());
                for reply in pack {
                    if quick_replies::by_shortcut(&desk.work, &reply.shortcut)?.is_some() {
                        left_out.push(reply.shortcut);
                    } else {
                        create(desk, by, with_defaults(reply))?;
                        added += 1;
                    }
                }
                Ok((added, left_out))
            })
            .await
    }
}

fn with_defaults(reply: QuickReply) -> QuickReply {
    let answers: Vec<_> = reply.questions.iter().filter_map(|question| Some((question.id.clone(), question.default.clone()?))).collect();
    answers.into_iter().fold(reply, |reply, (id, answer)| answered(&reply, &id, answer.in_language(&["it"])))
}

fn known(desk: &Desk, id: QuickReplyId) -> Result<SavedReply, Refusal> {
    quick_replies::get(&desk.work, id)?.ok_or(Refusal::NotFound("quick reply"))
}

pub(super) fn create(desk: &mut Desk, by: By, reply: QuickReply) -> Result<SavedReply, Refusal> {
    good(desk, &reply, None)?;
    if quick_replies::all(&desk.work)?.len() >= REPLIES_MAX {
        return Err(Refusal::Conflict(format!("There are {REPLIES_MAX} quick replies, and that is the most. Delete one first.")));
    }
    let saved = SavedReply { id: desk.mint()?, reply, uses: 0, changed: desk.now };
    quick_replies::put(&mut desk.work, &saved)?;
    desk.audit(by, "quick_reply.created", format!("{} /{}", saved.id, saved.reply.shortcut))?;
    Ok(saved)
}

/// Refuses what cannot be, and a shortcut that another has.
pub(super) fn good(desk: &Desk, reply: &QuickReply, own: Option<QuickReplyId>) -> Result<(), Refusal> {
    if let Some(fault) = check([reply]).into_iter().next() {
        return Err(Refusal::Invalid(fault.to_string()));
    }
    let other = quick_replies::by_shortcut(&desk.work, &reply.shortcut)?.filter(|other| Some(other.id) != own);
    match other {
        Some(_) => Err(Refusal::Conflict(format!("Another quick reply already has the shortcut /{}. Choose another.", reply.shortcut))),
        None => Ok(()),
    }
}

pub(super) fn free_shortcut(desk: &Desk, shortcut: &str) -> Result<String, Refusal> {
    let taken: Vec<String> = quick_replies::all(&desk.work)?.into_iter().map(|saved| saved.reply.shortcut).collect();
    let base: String = shortcut.chars().take(28).collect();
    let free = (2..).map(|number| format!("{base}-{number}")).find(|name| !taken.contains(name));
    free.ok_or(Refusal::Fault)
}
