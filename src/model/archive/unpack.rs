//! Reading an archive that anybody may have made: every bound is checked before anything is unpacked.

use super::{ArchiveFault, DOCUMENT, FILES};
use crate::base::limits::{ARCHIVE_ENTRIES_MAX, ARCHIVE_NAME_MAX, SET_BYTES_MAX, UPLOAD_MAX};
use flate2::read::DeflateDecoder;
use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Range;

/// The longest comment at the end of an archive, and the record before it.
const TAIL_MAX: usize = 65_535 + END_BYTES;
const END_BYTES: usize = 22;
const CONTENTS_BYTES: usize = 46;
const LOCAL_BYTES: usize = 30;

/// An archive that was looked through.
#[derive(Debug)]
pub struct Archive<'b> {
    bytes: &'b [u8],
    entries: BTreeMap<String, Entry>,
}

/// One entry, as the table of contents tells it.
#[derive(Debug)]
struct Entry {
    deflated: bool,
    crc: u32,
    size: usize,
    packed: Range<usize>,
}

impl<'b> Archive<'b> {
    /// Looks through an archive.
    pub fn open(bytes: &'b [u8]) -> Result<Archive<'b>, ArchiveFault> {
        if bytes.len() > SET_BYTES_MAX {
            return Err(ArchiveFault::TooLarge);
        }
        let (count, mut at) = end(bytes).ok_or(ArchiveFault::Broken)?;
        if count > ARCHIVE_ENTRIES_MAX {
            return Err(ArchiveFault::TooManyEntries(count));
        }
        let mut entries = BTreeMap::new();
        let mut total = 0usize;
        for _ in 0..count {
            let (name, entry, next) = contents(bytes, at)?;
            at = next;
            if is_litter(&name, entry.size) {
                continue;
            }
            total = total.saturating_add(entry.size);
            if entry.size > UPLOAD_MAX {
                return Err(ArchiveFault::EntryTooLarge(name));
            }
            if total > SET_BYTES_MAX {
                return Err(ArchiveFault::UnpacksTooLarge);
            }
            if name != DOCUMENT && !name.starts_with(FILES) {
                return Err(ArchiveFault::Stranger(name));
            }
            if entries.insert(name.clone(), entry).is_some() {
                return Err(ArchiveFault::Twice(name));
            }
        }
        apart(&entries)?;
        Ok(Archive { bytes, entries })
    }

    /// The names in it, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// How many bytes an entry has when unpacked.
    pub fn size(&self, name: &str) -> Option<usize> {
        self.entries.get(name).map(|entry| entry.size)
    }

    /// Unpacks one entry; nothing where there is none of this name.
    pub fn read(&self, name: &str) -> Option<Result<Vec<u8>, ArchiveFault>> {
        let entry = self.entries.get(name)?;
        let damaged = || ArchiveFault::Damaged(name.to_owned());
        let packed = self.bytes.get(entry.packed.clone()).unwrap_or_default();
        let mut content = Vec::with_capacity(entry.size);
        if entry.deflated {
            // One byte more than was said tells a lie before it costs anything.
            if DeflateDecoder::new(packed).take(entry.size as u64 + 1).read_to_end(&mut content).is_err() {
                return Some(Err(damaged()));
            }
        } else {
            content.extend(packed);
        }
        let whole = content.len() == entry.size && crc32fast::hash(&content) == entry.crc;
        Some(if whole { Ok(content) } else { Err(damaged()) })
    }
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?)))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?)).ok()
}

fn starts(bytes: &[u8], at: usize, mark: &[u8; 4]) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(mark))
}

/// How many entries there are, and where the table of contents begins: from the record at the end, which nothing may follow.
fn end(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = bytes.len().saturating_sub(TAIL_MAX);
    let ends =
        |at: &usize| starts(bytes, *at, b"PK\x05\x06") && short(bytes, at + 20).is_some_and(|left| at + END_BYTES + left == bytes.len());
    let at = (first..bytes.len().checked_sub(END_BYTES)? + 1).rev().find(ends)?;
    let (on_disk, count) = (short(bytes, at + 8)?, short(bytes, at + 10)?);
    let (size, from) = (long(bytes, at + 12)?, long(bytes, at + 16)?);
    (on_disk == count && from.checked_add(size)? <= at).then_some((count, from))
}

/// One line of the table of contents, and where the next begins.
fn contents(bytes: &[u8], at: usize) -> Result<(String, Entry, usize), ArchiveFault> {
    let broken = ArchiveFault::Broken;
    let read = |offset: usize| short(bytes, at + offset).ok_or(ArchiveFault::Broken);
    let read_long = |offset: usize| long(bytes, at + offset).ok_or(ArchiveFault::Broken);
    if !starts(bytes, at, b"PK\x01\x02") {
        return Err(broken);
    }
    let (flags, packing) = (read(8)?, read(10)?);
    let (packed, size, local) = (read_long(20)?, read_long(24)?, read_long(42)?);
    let (name_bytes, extra, comment) = (read(28)?, read(30)?, read(32)?);
    let name_at = at + CONTENTS_BYTES;
    let name = name_of(bytes.get(name_at..name_at + name_bytes).ok_or(broken)?)?;
    if flags & 1 != 0 {
        return Err(ArchiveFault::Locked(name));
    }
    if !matches!(packing, 0 | 8) {
        return Err(ArchiveFault::UnknownPacking(name));
    }
    let crc = u32::try_from(read_long(16)?).unwrap_or_default();
    let packed = place(bytes, local, packed, &name)?;
    let entry = Entry { deflated: packing == 8, crc, size, packed };
    if packing == 0 && entry.packed.len() != size {
        return Err(ArchiveFault::Damaged(name));
    }
    Ok((name, entry, name_at + name_bytes + extra + comment))
}

/// Where the bytes of an entry lie: behind the header beside it, which must name it too.
fn place(bytes: &[u8], at: usize, packed: usize, name: &str) -> Result<Range<usize>, ArchiveFault> {
    let damaged = || ArchiveFault::Damaged(name.to_owned());
    let (name_bytes, extra) =
        (short(bytes, at.saturating_add(26)).ok_or_else(damaged)?, short(bytes, at.saturating_add(28)).ok_or_else(damaged)?);
    let named = bytes.get(at + LOCAL_BYTES..at + LOCAL_BYTES + name_bytes).ok_or_else(damaged)?;
    let from = at + LOCAL_BYTES + name_bytes + extra;
    let fits = from.checked_add(packed).is_some_and(|to| to <= bytes.len());
    if !starts(bytes, at, b"PK\x03\x04") || named != name.as_bytes() || !fits {
        return Err(damaged());
    }
    Ok(from..from + packed)
}

/// The name of an entry: a path within the archive and nowhere else.
fn name_of(bytes: &[u8]) -> Result<String, ArchiveFault> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let shown = || text.chars().filter(|c| !c.is_control()).take(80).collect::<String>();
    let strange = text.contains(['\\', ':', '\u{fffd}']) || text.chars().any(char::is_control);
    let parts = text.strip_suffix('/').unwrap_or(&text).split('/');
    let leads_out = parts.into_iter().any(|part| part.is_empty() || part == "." || part == "..");
    if strange || leads_out || bytes.len() > ARCHIVE_NAME_MAX {
        return Err(ArchiveFault::BadName(shown()));
    }
    Ok(text)
}

/// What other programs put in beside: folders, and what a Mac notes down.
fn is_litter(name: &str, size: usize) -> bool {
    name.ends_with('/') && size == 0 || name.starts_with("__MACOSX/") || name.rsplit('/').next() == Some(".DS_Store")
}

/// No byte belongs to two entries: that is how a small archive unpacks to a vast one.
fn apart(entries: &BTreeMap<String, Entry>) -> Result<(), ArchiveFault> {
    let mut places: Vec<(&Range<usize>, &String)> = entries.iter().map(|(name, entry)| (&entry.packed, name)).collect();
    places.sort_by_key(|(place, _)| (place.start, place.end));
    let overlap = places.windows(2).find(|pair| pair[0].0.end > pair[1].0.start);
    overlap.map_or(Ok(()), |pair| Err(ArchiveFault::Overlap(pair[1].1.clone())))
}
