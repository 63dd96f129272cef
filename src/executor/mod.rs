//! Floor 3: where decisions become deeds. The clock, the one writer, the timer wheel, the outbox and the one HTTP client live here.

pub mod advance;
pub mod clock;
pub mod commit;
pub mod control;
pub mod desk;
pub mod facts;
pub mod http;
pub mod outbox;
pub mod receive;
pub mod recover;
pub mod refusal;
pub mod timekeeper;
pub mod wheel;

use crate::base::time::Time;
use crate::provider::http::{Hook, HookReply};
use crate::store::seal::SealKey;
use crate::store::{Reader, StoreError, View, Writer};
use commit::Line;
use desk::{Desk, Signal};
use facts::Facts;
use refusal::Refusal;
use std::sync::Arc;
use tokio::sync::broadcast;
