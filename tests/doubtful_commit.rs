//! A commit that the disk answers with an error and that is on it all the same (ST-2): what left with it is of unknown outcome, and nobody
//! gets it twice.

use crate::kit::disk::Ram;
use crate::kit::engine::{OPTIONS, born};
use crate::kit::fake_provider::{FakeProvider, signature};
use crate::kit::heart::{Heart, MORNING, says};
use flusso::base::time::Span;
use flusso::executor::Executor;
use flusso::model::outbox::{OutboxRow, OutboxState};
use flusso::provider::http::Hook;
use flusso::store::disk::Disk;
use flusso::store::seal::SealKey;
use flusso::store::{Store, channels, outbox};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const ECHO: &str = r#"{"flusso": 1, "name": "Eco", "nodes": [
    {"id": "k1", "kind": "keyword", "phrases": [{"text": "ciao", "match": "exact"}], "exits": {"next": "m1"}},
    {"id": "m1", "kind": "message", "text": "Ciao!"}]}"#;

/// A disk that does all it is told, and once says of a sync that it failed.
struct Liar {
    ram: Arc<Ram>,
    /// Syncs until the lie; 0 is none to come.
    until: AtomicUsize,
}

impl Disk for Liar {
    fn len(&self) -> io::Result<u64> {
        self.ram.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.ram.read(offset, out)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.ram.set_len(len)
    }
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.ram.write(offset, data)
    }
    fn sync(&self) -> io::Result<()> {
        self.ram.sync()?;
        let left = self.until.load(Ordering::SeqCst);
        self.until.store(left.saturating_sub(1), Ordering::SeqCst);
        if left == 1 { Err(io::Error::from_raw_os_error(5)) } else { Ok(()) }
    }
}

/// A file with a WhatsApp channel at this provider and a flow, as its bytes.
fn furnished(provider: &FakeProvider) -> Vec<u8> {
    let disk = Ram::of(born());
    let mut heart = Heart::open(Store::on_disk(disk.clone(), &OPTIONS).unwrap(), MORNING - Span::DAY.times(300)).unwrap();
    heart.add_whatsapp().unwrap();
    heart.add_flow(ECHO).unwrap();
    heart
        .change(|desk| {
            let mut channel = channels::all(&desk.work)?.remove(0);
            channel.base_url = Some(provider.base_url().to_owned());
            channel.allow_private_addresses = true;
            Ok(channels::put(&mut desk.work, &channel)?)
        })
        .unwrap();
    drop(heart);
    disk.bytes()
}

async fn hook(executor: &Executor, from: &str, id: &str) -> u16 {
    let body = says(from, executor.now(), &[(id, "ciao")]);
    let headers = vec![("x-hub-signature-256".to_owned(), signature("app_secret-value", &body))];
    executor.receive("hook-token", Hook { method: "POST".to_owned(), headers, body, ..Hook::default() }).await.status
}

fn rows(executor: &Executor) -> Vec<OutboxRow> {
    let view = executor.view();
    view.map(|view| outbox::list(&view, None, None, 10).unwrap()).unwrap_or_default()
}

/// Looks again and again, for ten seconds.
async fn until(executor: &Executor, good: impl Fn(&[OutboxRow]) -> bool) -> Vec<OutboxRow> {
    for _ in 0..1000 {
        let now = rows(executor);
        if good(&now) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it stays {:#?}", rows(executor));
}

/// Tells it again until it is taken: the file must be open again first.
async fn again(executor: &Executor) {
    for _ in 0..1000 {
        if hook(executor, "393331234567", "wamid.2").await == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it is never taken");
}

/// Lets the disk lie at the sync of this number while a message is taken in. Whether it was stored all the same; nothing where the commit
/// had ended before the lie.
async fn lied_at(number: usize, provider: &FakeProvider) -> Option<bool> {
    let disk = Arc::new(Liar { ram: Ram::of(furnished(provider)), until: AtomicUsize::new(0) });
    let store = Store::on_disk(disk.clone(), &OPTIONS).unwrap();
    let (executor, _running) = Executor::start(store, SealKey::new([7; 32])).await.unwrap();
    assert_eq!(hook(&executor, "393332222222", "wamid.1").await, 200);
    until(&executor, |rows| rows.len() == 1 && matches!(rows[0].state, OutboxState::Sent { .. })).await;
    // The pace of the channel has room for one more.
    tokio::time::sleep(Duration::from_millis(200)).await;
    disk.until.store(number, Ordering::SeqCst);
    if hook(&executor, "393331234567", "wamid.2").await == 200 {
        return None;
    }
    again(&executor).await;
    let settled = |row: &OutboxRow| matches!(row.state, OutboxState::Unknown { .. } | OutboxState::Sent { .. });
    let now = until(&executor, |rows| rows.len() == 2 && rows.iter().all(settled)).await;
    let there = now.iter().any(|row| matches!(row.state, OutboxState::Unknown { .. }));
    if there {
        provider.stays_at(1, Duration::from_millis(300));
        assert_eq!(rows(&executor).len(), 2, "no second row for one message");
    } else {
        provider.wait_for(2, Duration::from_secs(10));
    }
    Some(there)
}

#[test]
fn a_reply_whose_commit_failed_and_is_there_all_the_same_is_marked_unknown_and_not_sent_twice() {
    let mut lies = Vec::new();
    for number in 1..10 {
        let provider = FakeProvider::start();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let Some(there) = runtime.block_on(lied_at(number, &provider)) else { break };
        lies.push(there);
    }
    assert!(lies.contains(&true), "no lie left the commit on the disk: {lies:?}");
}
