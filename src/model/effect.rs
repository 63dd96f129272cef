//! What a step wants done. Effects become rows in the commit that stores the step.

use super::action::{ActionId, Done};
use super::message::{Choice, MediaRef};
use super::node::{FlowRef, LaunchMode, Location, Method};
use super::value::Values;
use crate::base::id::RunId;
use crate::base::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The id of an effect: a replay gives the same, and the outbox refuses the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EffectId {
    /// The run.
    pub run: RunId,
    /// The run's count when the step began.
    pub sequence: u64,
    /// The place of the effect among those of the step.
    pub index: u32,
}

/// What a step wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send this to the contact.
    Send {
        /// The visit that sends it.
        action: ActionId,
        /// What.
        content: Content,
        /// Whether it answers a message that just came, without a wait between.
        live: bool,
    },
    /// Make this call, then come back with `Event::CallEnded`.
    Call {
        /// The visit that makes it.
        action: ActionId,
        /// The sequence its answer carries.
        armed: u64,
        /// What.
        call: Call,
    },
    /// Enter another flow for the same contact.
    Launch {
        /// The visit that launches.
        action: ActionId,
        /// Which.
        flow: FlowRef,
        /// Beside this one, within it, or in its place.
        mode: LaunchMode,
        /// Variables it begins with.
        variables: Values,
        /// In mode call: the sequence its end carries.
        armed: Option<u64>,
    },
    /// End runs of the same contact, this one excepted.
    Stop {
        /// Of this flow; `None` is of all.
        flow: Option<FlowRef>,
    },
    /// Tell staff.
    Notify {
        /// The visit that tells.
        action: ActionId,
        /// What.
        text: String,
        /// Whom.
        to: String,
    },
    /// A visit ended, or something worth keeping happened: an entry of the run's history.
    Record(Done),
    /// This run is over and the one that called it goes on with these.
    Return {
        /// Who waits.
        to: RunId,
        /// What this run knew at its end.
        variables: Values,
    },
}

/// One thing to send: what is common to all providers. A message node with three files is four of these.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The text, or the caption of the file.
    pub text: String,
    /// One file.
    pub media: Option<MediaRef>,
    /// Reply buttons.
    pub buttons: Vec<Choice>,
    /// A list: what opens it, and its sections.
    pub list: Option<ContentList>,
    /// A place.
    pub location: Option<Place>,
    /// A card: name and number.
    pub card: Option<(String, String)>,
    /// An approved template in place of free text; `text` then says it in words.
    pub template: Option<TemplateContent>,
    /// How long "typing…" shows first.
    pub typing: Option<Span>,
}

/// A list to choose from, in the contact's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContentList {
    /// What opens it.
    pub button: String,
    /// Heading and rows: id, title, description.
    pub sections: Vec<(Option<String>, Vec<(Choice, Option<String>)>)>,
}

/// A place, as a record keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// What people call it.
    pub name: Option<String>,
    /// Its postal address.
    pub address: Option<String>,
}

impl From<&Location> for Place {
    fn from(place: &Location) -> Place {
        Place { latitude: place.latitude, longitude: place.longitude, name: place.name.clone(), address: place.address.clone() }
    }
}

/// An approved template, filled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateContent {
    /// Its name at the provider.
    pub name: String,
    /// Its language code at the provider.
    pub language: String,
    /// What fills its places.
    pub parameters: Vec<String>,
}

/// What a call sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallBody {
    /// Its media type, as `Content-Type` says it (RFC 9110).
    pub kind: String,
    /// The body itself.
    pub text: String,
}

/// A call to make, with every variable filled and escaped for its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The address with its query.
    pub url: String,
    /// Headers.
    pub headers: BTreeMap<String, String>,
    /// What it sends.
    pub body: Option<CallBody>,
    /// How long an answer may take.
    pub timeout: Span,
    /// Times it is tried again at most.
    pub retries: u32,
    /// No try begins after this time.
    pub until: Time,
    /// Whether it may be repeated when nobody knows whether it arrived.
    pub safe_to_repeat: bool,
}
