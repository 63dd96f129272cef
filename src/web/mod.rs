//! The panel: pages, their words, and the drawing of a flow.

pub mod assets;
pub mod channels;
pub mod chat;
pub mod contacts;
pub mod flow_edit;
pub mod flow_map;
pub mod flows;
pub mod login;
pub mod node_form;
pub mod node_words;
pub mod page;
pub mod runs;
pub mod settings;
pub mod settings_form;
pub mod setup;
pub mod simulator;
pub mod undelivered;
pub mod unread;
pub mod words;
