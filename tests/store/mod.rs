//! The store through its public face.

mod backups;
mod conformance;
mod damage;
mod nouns;
mod openings;
mod secrets;
