//! Flows: head, draft and saved versions. Documents are kept as the JSON that people export, so that every build can read them.

use super::catalogue::{FLOW_DRAFTS, FLOW_VERSIONS, FLOWS};
use super::codec::{self, Record};
use super::drafts::{self, Way};
use super::error::StoreError;
use super::keys;
use super::seam::Bytes;
use super::work::{Read, Work};
use crate::base::id::{FlowId, Id, OperatorId};
use crate::base::time::Time;
use crate::model::document;
use crate::model::flow::{Flow, FlowHead, FlowState, FlowVersion};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The head of this flow.
pub fn head(read: &impl Read, id: FlowId) -> Result<Option<FlowHead>, StoreError> {
    FLOWS.get(read, &id.to_key())
}

/// All heads in order of id, those in the bin included.
pub fn heads(read: &impl Read) -> Result<Vec<FlowHead>, StoreError> {
    FLOWS.list(read, None::<FlowId>, usize::MAX)
}

/// The flow of this name that is not in the bin.
pub fn by_name(read: &impl Read, name: &str) -> Result<Option<FlowHead>, StoreError> {
    Ok(heads(read)?.into_iter().find(|head| head.name == name && !matches!(head.state, FlowState::Binned { .. })))
}

/// The flow whose start address has a token of this digest.
pub fn by_start_token(read: &impl Read, digest: &[u8; 32]) -> Result<Option<FlowHead>, StoreError> {
    Ok(heads(read)?.into_iter().find(|head| head.start_token == *digest))
}

/// Stores a head.
pub fn put_head(work: &mut Work, head: &FlowHead) -> Result<(), StoreError> {
    FLOWS.put(work, &head.id.to_key(), head)
}

/// One saved version.
pub fn version(read: &impl Read, id: FlowId, number: u32) -> Result<Option<FlowVersion>, StoreError> {
    let stored = FLOW_VERSIONS.get(read, &version_key(id, number))?;
    Ok(stored.map(|StoredVersion { saved, by, document }| FlowVersion { flow: id, number, saved, by, document }))
}

/// What is said of a version without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionHead {
    /// Counts from 1.
    pub number: u32,
    /// When it was saved.
    pub saved: Time,
    /// Who saved it; `None` is the API.
    pub by: Option<OperatorId>,
}

/// The versions of a flow, oldest first.
pub fn versions(read: &impl Read, id: FlowId) -> Result<Vec<VersionHead>, StoreError> {
    let rows = FLOW_VERSIONS.under(read, &id.to_key())?;
    let number = |key: &[u8]| key.last_chunk().map_or(0, |number| u32::from_be_bytes(*number));
    Ok(rows.into_iter().map(|(key, row)| VersionHead { number: number(&key), saved: row.saved, by: row.by }).collect())
}

/// Stores a version.
pub fn put_version(work: &mut Work, version: &FlowVersion) -> Result<(), StoreError> {
    let row = StoredVersion { saved: version.saved, by: version.by, document: version.document.clone() };
    FLOW_VERSIONS.put(work, &version_key(version.flow, version.number), &row)
}

/// Removes a version that no run refers to any more.
pub fn delete_version(work: &mut Work, id: FlowId, number: u32) {
    FLOW_VERSIONS.del(work, &version_key(id, number));
}

/// The draft of a flow.
pub fn draft(read: &impl Read, id: FlowId) -> Result<Option<Flow>, StoreError> {
    Ok(FLOW_DRAFTS.get(read, &id.to_key())?.map(|Draft(flow)| flow))
}

/// Stores the draft of a flow.
pub fn put_draft(work: &mut Work, id: FlowId, flow: &Flow) -> Result<(), StoreError> {
    FLOW_DRAFTS.put(work, &id.to_key(), &Draft(flow.clone()))
}

/// Removes the draft of a flow.
pub fn delete_draft(work: &mut Work, id: FlowId) {
    FLOW_DRAFTS.del(work, &id.to_key());
}

/// Removes a flow with its draft and all its versions. Its runs are their noun's affair.
pub fn delete(work: &mut Work, id: FlowId) -> Result<(), StoreError> {
    FLOW_VERSIONS.del_under(work, &id.to_key())?;
    super::counters::delete(work, id)?;
    super::checklists::delete(work, id);
    delete_draft(work, id);
    drafts::forget(work, Way::Back, id)?;
    drafts::forget(work, Way::On, id)?;
    FLOWS.del(work, &id.to_key());
    Ok(())
}

fn version_key(id: FlowId, number: u32) -> Bytes {
    keys::under(id, &[&number.to_be_bytes()])
}

/// A draft as a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft(pub Flow);

impl Record for Draft {
    const VERSION: u8 = 1;
    fn write(&self) -> Result<Bytes, String> {
        codec::to_json(&document::write(&self.0))
    }
    fn read(version: u8, payload: &[u8]) -> Result<Draft, String> {
        match version {
            1 => read_document(&codec::from_json(payload)?).map(Draft),
            other => Err(codec::strange(other, Draft::VERSION)),
        }
    }
}

/// A version as a row; its flow and number are its key.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredVersion {
    /// When it was saved.
    pub saved: Time,
    /// Who saved it; `None` is the API.
    pub by: Option<OperatorId>,
    /// What it says.
    pub document: Flow,
}

/// The JSON around a version's document.
#[derive(Serialize, Deserialize)]
struct VersionJson {
    saved: Time,
    by: Option<OperatorId>,
    document: Value,
}

impl Record for StoredVersion {
    const VERSION: u8 = 1;
    fn write(&self) -> Result<Bytes, String> {
        codec::to_json(&VersionJson { saved: self.saved, by: self.by, document: document::write(&self.document) })
    }
    fn read(version: u8, payload: &[u8]) -> Result<StoredVersion, String> {
        match version {
            1 => {
                let VersionJson { saved, by, document } = codec::from_json(payload)?;
                Ok(StoredVersion { saved, by, document: read_document(&document)? })
            }
            other => Err(codec::strange(other, StoredVersion::VERSION)),
        }
    }
}

fn read_document(document: &Value) -> Result<Flow, String> {
    document::read(document).map_err(|problems| format!("its flow document does not read: {problems:?}"))
}
