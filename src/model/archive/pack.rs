//! Writing an archive (PKWARE's APPNOTE 6.3.10, of it the smallest part that every program reads).

use super::ArchiveFault;
use crate::base::limits::SET_BYTES_MAX;
use std::collections::BTreeMap;

/// The first day that the format knows, 1 January 1980: an archive says nothing of when it was made.
const DATE: u16 = 0x21;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// The version of the format that reading it needs: 2.0.
const VERSION: u16 = 20;

/// Bytes that are written one after another.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn short(&mut self, value: u16) -> &mut Bytes {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn long(&mut self, value: u32) -> &mut Bytes {
        self.0.extend(value.to_le_bytes());
        self
    }

    /// What the header beside an entry and the table of contents say alike.
    fn facts(&mut self, name: &str, content: &[u8], crc: u32) -> &mut Bytes {
        let size = content.len() as u32;
        self.short(VERSION).short(FLAGS).short(0).short(0).short(DATE);
        self.long(crc).long(size).long(size).short(name.len() as u16).short(0)
    }
}

/// Packs these files, by name: the same bytes for the same files.
pub fn pack(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, ArchiveFault> {
    let (mut out, mut contents) = (Bytes::default(), Bytes::default());
    for (name, content) in files {
        let (at, crc) = (out.0.len() as u32, crc32fast::hash(content));
        out.long(0x0403_4b50).facts(name, content, crc);
        out.0.extend(name.as_bytes());
        out.0.extend(content);
        contents.long(0x0201_4b50).short(VERSION).facts(name, content, crc);
        contents.short(0).short(0).short(0).long(0).long(at);
        contents.0.extend(name.as_bytes());
        if out.0.len() + contents.0.len() > SET_BYTES_MAX {
            return Err(ArchiveFault::TooLarge);
        }
    }
    let (at, size, count) = (out.0.len() as u32, contents.0.len() as u32, files.len() as u16);
    out.0.extend(contents.0);
    out.long(0x0605_4b50).short(0).short(0).short(count).short(count).long(size).long(at).short(0);
    Ok(out.0)
}
