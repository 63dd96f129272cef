//! People who use the panel, keys of the HTTP API, and the audit log of what both did.

use crate::base::id::{ApiKeyId, AuditId, OperatorId};
use crate::base::secret::Secret;
use crate::base::time::Time;
use serde::{Deserialize, Serialize};

/// A person who uses the panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operator {
    /// Their id.
    pub id: OperatorId,
    /// Their name; also what they log in with.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their password, hashed (argon2id, PHC string).
    pub password: Secret<String>,
    /// The language the panel speaks to them.
    pub language: String,
    /// When the account was made.
    pub created: Time,
}

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Look.
    Viewer,
    /// Talk to contacts.
    Operator,
    /// Change flows and channels.
    Manager,
    /// Everything.
    Owner,
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Role; 4] = [Role::Viewer, Role::Operator, Role::Manager, Role::Owner];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Operator => "operator",
            Role::Manager => "manager",
            Role::Owner => "owner",
        }
    }

    /// The role of a word.
    pub fn of_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// A session of the panel. Kept by the digest of its token, never by the token (SEC-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Who.
    pub operator: OperatorId,
    /// What every form of the session carries (SEC-4).
    pub csrf: Secret<String>,
    /// When it began.
    pub created: Time,
    /// When it was last used.
    pub seen: Time,
}

/// A key of the HTTP API. Kept by the digest of its secret, never by the secret (SEC-13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// Its first characters, to tell it from others.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created: Time,
    /// When it stops working.
    pub expires: Option<Time>,
}

/// What a key may do (SEC-13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Look.
    Read,
    /// Change contacts and write to them.
    Contacts,
    /// Start runs and speak as a simulated person.
    Trigger,
    /// Everything else.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 4] = [Scope::Read, Scope::Contacts, Scope::Trigger, Scope::Admin];
}

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum By {
    /// A person in the panel.
    Operator(OperatorId),
    /// A key of the HTTP API.
    Key(ApiKeyId),
    /// A command on the machine itself.
    Command,
    /// The appliance.
    System,
}

impl By {
    /// The person, where it was one.
    pub fn operator(self) -> Option<OperatorId> {
        match self {
            By::Operator(id) => Some(id),
            _ => None,
        }
    }
}

/// A line of the audit log (SEC-14). Lines are added and never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Time,
    /// Who.
    pub by: By,
    /// What, as `flow.published`.
    pub what: String,
    /// To which thing, and in which words.
    pub detail: String,
}

/// A request that was signed and could not be read, or whose step failed (IN-9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// Its id.
    pub id: crate::base::id::QuarantineId,
    /// Where it came in.
    pub channel: crate::base::id::ChannelId,
    /// When.
    pub at: Time,
    /// Why it was not understood, in words.
    pub reason: String,
    /// The build that did not understand it.
    pub build: String,
    /// The bytes, as they came.
    pub body: Vec<u8>,
}
