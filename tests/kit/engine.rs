//! The same test on every engine: in memory, in redb, and in redb with four shards.
#![expect(clippy::disallowed_types, reason = "a test of the store writes to it")]

use super::disk::Ram;
use flusso::store::{Options, Reader, Store, Writer};

/// Pages held in memory by a test's store.
pub const OPTIONS: Options = Options { cache_bytes: 4 << 20, birth: None };

/// Runs a test on each engine; with four shards, once in each of them, on what the others left.
pub fn on_every_engine(test: impl Fn(&Reader, &mut Writer)) {
    let (reader, mut writer) = Store::memory().unwrap().split();
    test(&reader, &mut writer);
    let (reader, mut writer) = Store::on_disk(Ram::of(Vec::new()), &OPTIONS).unwrap().split();
    test(&reader, &mut writer);
    for (reader, mut writer) in Store::on_disk(Ram::of(Vec::new()), &OPTIONS).unwrap().split_shards(4) {
        test(&reader, &mut writer);
    }
}

/// A fresh store in redb, on a disk in memory, as its bytes.
pub fn born() -> Vec<u8> {
    let disk = Ram::of(Vec::new());
    let (_reader, writer) = Store::on_disk(disk.clone(), &OPTIONS).unwrap().split();
    writer.close().unwrap();
    disk.bytes()
}

/// Keeps panics that the store catches from filling the screen: a damaged file makes the engine panic.
pub fn hush_contained_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !flusso::store::redb::is_contained() {
                loud(panic);
            }
        }));
    });
}
