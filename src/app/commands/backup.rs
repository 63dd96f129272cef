//! `flusso backup`: a verified snapshot, through the server that holds the file where there is one.

use crate::app::config::{BackupFlags, beside};
use crate::app::failure::Failure;
use crate::app::say;
use crate::app::socket::{self, Question};
use crate::base::time::Time;
use crate::executor::clock::Clock;
use crate::store::backup::{SnapshotReport, snapshot};
use crate::store::{Options, Reader, Store};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Writes a snapshot.
pub fn backup(flags: &BackupFlags) -> Result<(), Failure> {
    let to = std::path::absolute(&flags.to).map_err(|error| Failure::failed(format!("{}: {error}", flags.to.display())))?;
    let asked = socket::ask(&beside(&flags.data.data, ".sock"), &Question::Backup { to: to.clone() });
    let lines = asked.unwrap_or_else(|| {
        let alone = catch_unwind(AssertUnwindSafe(|| {
            let store = Store::look(&flags.data.data, &Options { cache_bytes: flags.data.cache.0, birth: None })?;
            take(&store.split().0, &to, Clock::new(Time::default()).now())
        }));
        let damaged = |_| Err(Failure::unusable(format!("{} is damaged so badly that it cannot be read", flags.data.data.display())));
        alone.unwrap_or_else(damaged)
    })?;
    lines.iter().for_each(|line| say(line));
    Ok(())
}

/// Takes the snapshot, and says what is in it.
pub fn take(reader: &Reader, to: &Path, now: Time) -> Result<Vec<String>, Failure> {
    let report: SnapshotReport = snapshot(reader, to, now, env!("CARGO_PKG_VERSION"))?;
    let total: u64 = report.counts.values().sum();
    let mut lines = vec![format!("{}: {total} records, {} bytes, verified.", to.display(), report.bytes)];
    lines.extend(report.damaged.iter().map(|record| format!("Damaged, and therefore not in it: {record}")));
    Ok(lines)
}
