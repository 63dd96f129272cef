//! What lies under the engine: a trait as small as a disk, and an overlay that keeps a file from being changed. Knows no rows.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes that can be read, written, cut and synced. Tests stand in for the disk with one that dies or fails.
pub trait Disk: Send + Sync + 'static {
    /// How many bytes there are.
    fn len(&self) -> io::Result<u64>;
    /// Whether there are none.
    fn is_empty(&self) -> io::Result<bool> {
        self.len().map(|len| len == 0)
    }
    /// Fills `out` from `offset` on; fewer bytes are an error.
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()>;
    /// Cuts or grows; what is new is zero.
    fn set_len(&self, len: u64) -> io::Result<()>;
    /// Writes at `offset`. Durable only after `sync`.
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()>;
    /// Makes everything written so far durable.
    fn sync(&self) -> io::Result<()>;
}

const PAGE: u64 = 4096;

/// A file that is only read: whatever is written stays in memory. So a file can be looked into, recovered and checked without a
/// byte of it being changed.
pub struct Overlay {
    file: File,
    state: Mutex<Written>,
}

struct Written {
    len: u64,
    /// The bytes of the file that still count; behind them everything not written is zero.
    base: u64,
    pages: BTreeMap<u64, Box<[u8; PAGE as usize]>>,
}

impl Overlay {
    /// Lies over a file. Takes the shared lock, which a process that writes to the file does not grant.
    pub fn over(file: File) -> io::Result<Overlay> {
        file.try_lock_shared().map_err(|error| match error {
            std::fs::TryLockError::WouldBlock => io::Error::from(io::ErrorKind::ResourceBusy),
            std::fs::TryLockError::Error(error) => error,
        })?;
        let len = file.metadata()?.len();
        Ok(Overlay { file, state: Mutex::new(Written { len, base: len, pages: BTreeMap::new() }) })
    }

    fn state(&self) -> MutexGuard<'_, Written> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn page(&self, state: &Written, number: u64) -> io::Result<Box<[u8; PAGE as usize]>> {
        if let Some(page) = state.pages.get(&number) {
            return Ok(page.clone());
        }
        let mut page = Box::new([0; PAGE as usize]);
        let start = number * PAGE;
        let there = state.base.saturating_sub(start).min(PAGE) as usize;
        self.file.read_exact_at(&mut page[..there], start)?;
        Ok(page)
    }
}

/// The pages that bytes from `offset` touch: page number, place in the page, place among the bytes, how many.
fn pieces(offset: u64, count: usize) -> impl Iterator<Item = (u64, usize, usize, usize)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        if done == count {
            return None;
        }
        let at = offset + done as u64;
        let inside = (at % PAGE) as usize;
        let part = (PAGE as usize - inside).min(count - done);
        let piece = (at / PAGE, inside, done, part);
        done += part;
        Some(piece)
    })
}

impl Disk for Overlay {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.state();
        if offset.saturating_add(out.len() as u64) > state.len {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        for (number, inside, done, part) in pieces(offset, out.len()) {
            out[done..done + part].copy_from_slice(&self.page(&state, number)?[inside..inside + part]);
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.state();
        state.len = len;
        state.base = state.base.min(len);
        state.pages.retain(|number, _| number * PAGE < len);
        let inside = (len % PAGE) as usize;
        if let Some(last) = state.pages.get_mut(&(len / PAGE)) {
            last[inside..].fill(0);
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        for (number, inside, done, part) in pieces(offset, data.len()) {
            let mut page = self.page(&state, number)?;
            page[inside..inside + part].copy_from_slice(&data[done..done + part]);
            state.pages.insert(number, page);
        }
        state.len = state.len.max(offset + data.len() as u64);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}
