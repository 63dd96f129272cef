//! Disks that die and disks that fail, to put under a store.
//!
//! `Recorder` notes every write; afterwards `sweep` rebuilds what the disk would hold had the power gone at each of them.
//! `Failing` answers one chosen operation, or all from it on, with an error.

use flusso::store::disk::Disk;
use std::io;
use std::sync::{Arc, Mutex};

/// What a power cut tears apart: a sector is written whole or not at all.
const SECTOR: usize = 512;

/// A disk in memory.
#[derive(Default)]
pub struct Ram(Mutex<Vec<u8>>);

impl Ram {
    /// A disk with these bytes.
    pub fn of(bytes: Vec<u8>) -> Arc<Ram> {
        Arc::new(Ram(Mutex::new(bytes)))
    }

    /// All its bytes.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

impl Disk for Ram {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().len() as u64)
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let bytes = self.0.lock().unwrap();
        let there = bytes.get(offset as usize..).and_then(|rest| rest.get(..out.len())).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(there);
        Ok(())
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.lock().unwrap().resize(len as usize, 0);
        Ok(())
    }
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        put(&mut self.0.lock().unwrap(), offset as usize, data);
        Ok(())
    }
    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

fn put(bytes: &mut Vec<u8>, offset: usize, data: &[u8]) {
    let end = offset + data.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[offset..end].copy_from_slice(data);
}

/// What a disk was told.
#[derive(Clone)]
enum Told {
    Write(usize, Vec<u8>),
    SetLen(usize),
    Sync,
}

/// A disk that remembers what it was told, from the bytes it began with.
pub struct Recorder {
    now: Arc<Ram>,
    began: Vec<u8>,
    told: Mutex<Vec<Told>>,
}

impl Recorder {
    /// Records from here on.
    pub fn on(bytes: Vec<u8>) -> Arc<Recorder> {
        Arc::new(Recorder { now: Ram::of(bytes.clone()), began: bytes, told: Mutex::default() })
    }

    /// How many things it was told so far: the place in its life at which something was acknowledged.
    pub fn place(&self) -> usize {
        self.told.lock().unwrap().len()
    }

    /// Rebuilds the disk as a power cut would leave it, at every `every`th place and in four ways: with everything written so far, with
    /// nothing since the last sync, and twice with some of it, sectors torn.
    pub fn sweep(&self, every: usize, mut look: impl FnMut(usize, Vec<u8>)) {
        let told = self.told.lock().unwrap().clone();
        let (mut durable, mut pending) = (self.began.clone(), Vec::new());
        for (index, one) in told.iter().enumerate() {
            match one {
                Told::Sync => pending.drain(..).for_each(|one| apply(&mut durable, one)),
                _ => pending.push(one),
            }
            let place = index + 1;
            if place % every == 0 || place == told.len() {
                look(place, durable.clone());
                look(place, survivors(&durable, &pending, |_| true));
                for round in 0..2 {
                    let mut chance = fastrand::Rng::with_seed((place * 2 + round) as u64);
                    look(place, survivors(&durable, &pending, |_| chance.bool()));
                }
            }
        }
    }

    fn tell(&self, told: Told) {
        self.told.lock().unwrap().push(told);
    }
}

fn apply(bytes: &mut Vec<u8>, told: &Told) {
    match told {
        Told::Write(offset, data) => put(bytes, *offset, data),
        Told::SetLen(len) => bytes.resize(*len, 0),
        Told::Sync => {}
    }
}

/// The durable bytes and those of the pending sectors that survive.
fn survivors(durable: &[u8], pending: &[&Told], mut survives: impl FnMut(usize) -> bool) -> Vec<u8> {
    let mut bytes = durable.to_vec();
    for told in pending {
        match told {
            Told::Write(offset, data) => sectors(*offset, data, |at, sector| {
                if survives(at) {
                    put(&mut bytes, at, sector);
                }
            }),
            Told::SetLen(len) if survives(*len) => bytes.resize(*len, 0),
            _ => {}
        }
    }
    bytes
}

fn sectors(offset: usize, data: &[u8], mut each: impl FnMut(usize, &[u8])) {
    let mut done = 0;
    while done < data.len() {
        let at = offset + done;
        let part = (SECTOR - at % SECTOR).min(data.len() - done);
        each(at, &data[done..done + part]);
        done += part;
    }
}

impl Disk for Recorder {
    fn len(&self) -> io::Result<u64> {
        self.now.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.now.read(offset, out)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.tell(Told::SetLen(len as usize));
        self.now.set_len(len)
    }
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.tell(Told::Write(offset as usize, data.to_vec()));
        self.now.write(offset, data)
    }
    fn sync(&self) -> io::Result<()> {
        self.tell(Told::Sync);
        self.now.sync()
    }
}

/// How a failing disk fails.
#[derive(Clone, Copy, Debug)]
pub struct Failure {
    /// At which operation that changes something, counted from 1; 0 is never.
    pub at: usize,
    /// With which error of the system.
    pub errno: i32,
    /// Whether every later one fails too.
    pub sticky: bool,
}

/// The errors a disk gives: no space, input or output, read-only.
pub const ERRNOS: [i32; 3] = [28, 5, 30];

/// A disk that fails as it is told.
pub struct Failing {
    ram: Arc<Ram>,
    state: Mutex<(usize, Failure)>,
}

impl Failing {
    /// A disk with these bytes that fails so.
    pub fn on(bytes: Vec<u8>, failure: Failure) -> Arc<Failing> {
        Arc::new(Failing { ram: Ram::of(bytes), state: Mutex::new((0, failure)) })
    }

    /// From now on it works.
    pub fn heal(&self) {
        self.state.lock().unwrap().1.at = 0;
    }

    /// How many operations that change something it was asked for.
    pub fn asked(&self) -> usize {
        self.state.lock().unwrap().0
    }

    fn ask(&self) -> io::Result<()> {
        let mut state = self.state.lock().unwrap();
        state.0 += 1;
        let (count, failure) = *state;
        let fails = failure.at != 0 && (count == failure.at || failure.sticky && count > failure.at);
        if fails { Err(io::Error::from_raw_os_error(failure.errno)) } else { Ok(()) }
    }
}

impl Disk for Failing {
    fn len(&self) -> io::Result<u64> {
        self.ram.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.ram.read(offset, out)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.ask()?;
        self.ram.set_len(len)
    }
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.ask()?;
        self.ram.write(offset, data)
    }
    fn sync(&self) -> io::Result<()> {
        self.ask()?;
        self.ram.sync()
    }
}
