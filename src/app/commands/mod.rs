//! The commands, one file each.

pub mod backup;
pub mod check;
pub mod export;
pub mod import;
pub mod init;
pub mod restore;
pub mod serve;
