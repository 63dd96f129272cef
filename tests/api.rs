//! The JSON API as a program meets it: shapes, errors, keys.

mod access;
mod ahead;
mod channels;
mod contacts;
mod flows;
mod quick_replies;
mod runs;
mod versions;
mod whole;
