//! The one list of all families: what is kept, under which key, and as which row. Names, number, tables and the check of every record
//! follow from it.

use super::backup::SnapshotFacts;
use super::channels::Sealed;
use super::codec::{Plain, Present};
use super::error::StoreError;
use super::flows::{Draft, StoredVersion};
use super::meta::Meta;
use super::rounds::Round;
use super::table::Table;
use crate::base::id::{ChannelId, ContactId, FileId, FlowId, MessageId, OutboxId};
use crate::base::time::Time;
use crate::model::action::Done;
use crate::model::broadcast::{Addressed, Broadcast};
use crate::model::channel::{Channel, RequestLine};
use crate::model::checklist::Checklist;
use crate::model::contact::{Contact, Passage};
use crate::model::count::Counts;
use crate::model::field::Field;
use crate::model::file::FileMeta;
use crate::model::flow::FlowHead;
use crate::model::job::{Job, JobItem};
use crate::model::message::Message;
use crate::model::operator::{ApiKey, AuditLine, Operator, Quarantined, Session};
use crate::model::outbox::OutboxRow;
use crate::model::quick_reply::SavedReply;
use crate::model::run::Run;
use crate::model::run_match::SavedView;
use crate::model::segment::Segment;
use crate::model::settings::Settings;
use crate::model::tag::Tag;

macro_rules! families {
    ($($(#[$doc:meta])* $family:ident $table:ident $name:literal: $row:ty;)*) => {
        /// A family of rows. Every key begins with the shard, big-endian; ids in keys are shard and sequence.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Family { $($(#[$doc])* $family,)* }

        impl Family {
            /// Every family.
            pub const ALL: &'static [Family] = &[$(Family::$family,)*];

            /// Its name in the file; never changed.
            pub const fn name(self) -> &'static str {
                match self { $(Family::$family => $name,)* }
            }

            /// Whether a row says what was written: its checksum, and its form.
            pub fn check(self, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
                match self { $(Family::$family => $table.open(key, value).map(drop),)* }
            }
        }

        $($(#[$doc])* pub const $table: Table<$row> = Table::new(Family::$family);)*
    };
}

families! {
    /// Key: shard. The facts about the file itself.
    Meta META "meta": Meta;
    /// Key: shard, noun of an id. The last sequence number given out.
    Counters COUNTERS "counters": u64;
    /// Key: shard, word, perhaps an id. How many there are of what would take long to count.
    Tallies TALLIES "tallies": u64;
    /// Key: shard. The owner's settings, as JSON.
    Settings SETTINGS "settings": Settings;
    /// Key: contact.
    Contacts CONTACTS "contacts": Contact;
    /// Key: shard, address key. Whose it is.
    Addresses ADDRESSES "addresses": ContactId;
    /// Key: contact, flow. What the contact's life in that flow left behind.
    Passages PASSAGES "passages": Passage;
    /// Key: contact. The first message of theirs that stayed without an answer.
    Unanswered UNANSWERED "unanswered": MessageId;
    /// Key: message.
    Messages MESSAGES "messages": Message;
    /// Key: contact, message.
    MessagesByContact MESSAGES_BY_CONTACT "messages_by_contact": Present;
    /// Key: shard, day (u32), channel, the provider's id. Our message.
    ProviderIds PROVIDER_IDS "provider_ids": MessageId;
    /// Key: shard, day (u32), channel, kind, zero, the provider's id. That it came (IN-3).
    Dedupe DEDUPE "dedupe": Present;
    /// Key: run.
    Runs RUNS "runs": Run;
    /// Key: run. That it is not over.
    RunsLive RUNS_LIVE "runs_live": Present;
    /// Key: contact, run. That it is not over.
    RunsLiveByContact RUNS_LIVE_BY_CONTACT "runs_live_by_contact": Present;
    /// Key: contact, run. All that ever were.
    RunsByContact RUNS_BY_CONTACT "runs_by_contact": Present;
    /// Key: flow, run. That it is not over.
    RunsLiveByFlow RUNS_LIVE_BY_FLOW "runs_live_by_flow": Present;
    /// Key: shard, due (i64 ms, sign flipped), run's sequence (u64). Every run that is not over, in the order of what comes next.
    RunsDue RUNS_DUE "runs_due": Present;
    /// Key: flow, length of the node's id (u16), node, due, run's sequence. Where every run that is not over stands.
    RunsAt RUNS_AT "runs_at": Present;
    /// Key: flow, day (u32; 0 is all days together), node. How many came, and where they went.
    NodeCounts NODE_COUNTS "node_counts": Counts;
    /// Key: job. A change of many runs at once, as JSON.
    Jobs JOBS "jobs": Job;
    /// Key: shard, name. Filters of the list of runs that somebody gave a name, as JSON.
    RunViews RUN_VIEWS "run_views": SavedView;
    /// Key: job, run. What the job did to it.
    JobItems JOB_ITEMS "job_items": JobItem;
    /// Key: shard, due (i64 ms, sign flipped), run's sequence (u64), the sequence it is armed at (u64) (RUN-8).
    Timers TIMERS "timers": Present;
    /// Key: run, number (u32). What it did.
    History HISTORY "history": Done;
    /// Key: outbox row.
    Outbox OUTBOX "outbox": OutboxRow;
    /// Key: outbox row. That it is still on its way.
    OutboxOpen OUTBOX_OPEN "outbox_open": Present;
    /// Key: contact, outbox row. That it is still on its way.
    OutboxOpenByContact OUTBOX_OPEN_BY_CONTACT "outbox_open_by_contact": Present;
    /// Key: outbox row. That a person may have to act: unknown or dead.
    OutboxFailed OUTBOX_FAILED "outbox_failed": Present;
    /// Key: shard, what decided the row. No two rows have the same (OUT-1).
    OutboxSources OUTBOX_SOURCES "outbox_sources": OutboxId;
    /// Key: flow.
    Flows FLOWS "flows": FlowHead;
    /// Key: flow. The draft, as a flow document.
    FlowDrafts FLOW_DRAFTS "flow_drafts": Draft;
    /// Key: flow, number (u64). What the draft said before each change, as a flow document.
    DraftsBack DRAFTS_BACK "drafts_back": Draft;
    /// Key: flow, number (u64). What it said before each change that was taken back, as a flow document.
    DraftsOn DRAFTS_ON "drafts_on": Draft;
    /// Key: flow, number (u32). A saved version, as JSON with a flow document in it.
    FlowVersions FLOW_VERSIONS "flow_versions": StoredVersion;
    /// Key: channel.
    Channels CHANNELS "channels": Channel;
    /// Key: shard, token.
    ChannelTokens CHANNEL_TOKENS "channel_tokens": ChannelId;
    /// Key: channel. Its secrets, sealed (SEC-12).
    ChannelSecrets CHANNEL_SECRETS "channel_secrets": Sealed;
    /// Key: channel, number (u64). The last requests, as many as `REQUEST_LOG_LINES`.
    Requests REQUESTS "requests": RequestLine;
    /// Key: operator.
    Operators OPERATORS "operators": Operator;
    /// Key: shard, digest of the token (32).
    Sessions SESSIONS "sessions": Session;
    /// Key: shard, digest of the secret (32).
    ApiKeys API_KEYS "api_keys": ApiKey;
    /// Key: line. Added to and never changed (SEC-14).
    Audit AUDIT "audit": AuditLine;
    /// Key: request.
    Quarantine QUARANTINE "quarantine": Quarantined;
    /// Key: file.
    Files FILES "files": FileMeta;
    /// Key: shard, digest of the bytes (32).
    FilesByHash FILES_BY_HASH "files_by_hash": FileId;
    /// Key: shard, token.
    FileTokens FILE_TOKENS "file_tokens": FileId;
    /// Key: file, number (u32). A piece of its bytes.
    FileChunks FILE_CHUNKS "file_chunks": Plain;
    /// Key: shard, day (u32), scope, zero, key. The answer given to a request that carried this key.
    Idempotency IDEMPOTENCY "idempotency": String;
    /// Key: shard, name. A segment, as JSON.
    Segments SEGMENTS "segments": Segment;
    /// Key: shard, due (i64 ms, sign flipped), contact, flow, trigger. A date of a contact that sets a trigger off then.
    DatesDue DATES_DUE "dates_due": Present;
    /// Key: contact, flow, trigger. When that is: one at most for each.
    DatesOfContact DATES_OF_CONTACT "dates_of_contact": Time;
    /// Key: flow, trigger. The last time a schedule came.
    Schedules SCHEDULES "schedules": Time;
    /// Key: shard, word, perhaps a flow. Long work over contacts or runs, begun and not done.
    Rounds ROUNDS "rounds": Round;
    /// Key: broadcast.
    Broadcasts BROADCASTS "broadcasts": Broadcast;
    /// Key: broadcast. That it is not over.
    BroadcastsOpen BROADCASTS_OPEN "broadcasts_open": Present;
    /// Key: broadcast, place (u32). One of its people.
    BroadcastPeople BROADCAST_PEOPLE "broadcast_people": Addressed;
    /// Key: shard. In a snapshot alone: what it says about itself, as JSON.
    Snapshot SNAPSHOT "snapshot": SnapshotFacts;
    /// Key: quick reply. As JSON.
    QuickReplies QUICK_REPLIES "quick_replies": SavedReply;
    /// Key: shard, name. A field that somebody defined, as JSON.
    Fields FIELDS "fields": Field;
    /// Key: shard, name. A tag that somebody defined, as JSON.
    Tags TAGS "tags": Tag;
    /// Key: flow. What is still to do for it, as JSON.
    Checklists CHECKLISTS "checklists": Checklist;
}

super::codec::records! { to_binary, from_binary:
    u64, String, Time, Round, ContactId, ChannelId, FileId, FlowId, MessageId, OutboxId,
    Contact, Message, Run, Done, OutboxRow, FlowHead, Channel, RequestLine,
    Operator, Session, ApiKey, AuditLine, Quarantined, FileMeta, Meta, Sealed, Counts, JobItem,
}
super::codec::records! { to_json, from_json: Settings, SnapshotFacts, Segment, Broadcast, Addressed, SavedReply, Job, SavedView, Field, Tag, Checklist }

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_families_share_a_name() {
        let names: BTreeSet<_> = Family::ALL.iter().map(|family| family.name()).collect();
        assert_eq!(names.len(), Family::ALL.len());
    }

    #[test]
    fn a_family_stands_at_its_own_place_in_the_list() {
        for (place, family) in Family::ALL.iter().enumerate() {
            assert_eq!(*family as usize, place);
        }
    }
}
