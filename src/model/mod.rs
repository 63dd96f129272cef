//! Floor 1: the nouns, as plain data. No rules of behaviour: those are the engine's.

pub mod action;
pub mod channel;
pub mod contact;
pub mod document;
pub mod effect;
pub mod event;
pub mod file;
pub mod flow;
pub mod message;
pub mod node;
pub mod operator;
pub mod outbox;
pub mod problem;
pub mod route;
pub mod run;
pub mod schema;
pub mod settings;
pub mod value;
pub mod world;
