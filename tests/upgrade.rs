//! Files of every released schema open in every build since.

use flusso::base::id::{ChannelId, ContactId, FlowId, Id, OutboxId, RunId, Shard};
use flusso::base::time::Span;
use flusso::model::message::Direction;
use flusso::store::check::check;
use flusso::store::{Birth, Options, Store, channels, contacts, flows, messages, meta, outbox as rows, runs, timers, upgrade};
use std::path::{Path, PathBuf};

use crate::kit::sample::{NOW, channel, contact, effect, message, outbox, run};

const OPTIONS: Options = Options { cache_bytes: 4 << 20, birth: Some(Birth { file: [9; 16], now: NOW }) };

fn saved(schema: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/saved/{schema}.redb"))
}

/// Fills a file with one of what matters. Run by hand once for each schema, before it is released:
/// `cargo test --test main -- --ignored write_the_file_of_this_schema`.
#[test]
#[ignore = "writes tests/saved"]
fn write_the_file_of_this_schema() {
    let folder = tempfile::tempdir().unwrap();
    let (path, zero) = (folder.path().join("data.redb"), Shard(0));
    let (reader, mut writer) = Store::open(&path, &OPTIONS).unwrap().split();
    let mut work = writer.work().unwrap();
    let (person, flow): (ContactId, FlowId) = (work.mint().unwrap(), work.mint().unwrap());
    channels::put(&mut work, &channel(ChannelId::new(zero, 1))).unwrap();
    contacts::put(&mut work, &contact(person, "+39 333 1234567")).unwrap();
    let it: RunId = work.mint().unwrap();
    runs::put(&mut work, &run(it, person, flow, Some(NOW + Span::HOUR))).unwrap();
    let said = message(work.mint().unwrap(), person, Direction::In, Some("wamid.1"));
    messages::put(&mut work, &said).unwrap();
    let row = outbox(work.mint().unwrap(), person, effect(it, 1, 0));
    rows::insert(&mut work, &row).unwrap();
    let document = flusso::model::document::read_text(include_str!("documents/welcome.json")).unwrap();
    flows::put_draft(&mut work, flow, &document).unwrap();
    writer.commit(work).unwrap();
    std::fs::create_dir_all(saved(0).parent().unwrap()).unwrap();
    let to = saved(upgrade::SCHEMA);
    let _ = std::fs::remove_file(&to);
    flusso::store::backup::snapshot(&reader, &to, NOW, "0.1.0").unwrap();
}

#[test]
fn a_file_of_every_schema_opens_and_reads() {
    for schema in 1..=upgrade::SCHEMA {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data.redb");
        std::fs::copy(saved(schema), &path).unwrap();
        let report = check(&path).unwrap();
        assert!(report.is_sound(), "{:?}", report.faults);
        let (reader, _writer) = Store::open(&path, &OPTIONS).unwrap().split();
        let view = reader.view().unwrap();
        assert_eq!(meta::get(&view).unwrap().schema, upgrade::SCHEMA);
        let zero = Shard(0);
        let (person, flow) = (ContactId::new(zero, 1), FlowId::new(zero, 1));
        assert_eq!(contacts::get(&view, person), Ok(Some(contact(person, "+39 333 1234567"))));
        let it = RunId::new(zero, 1);
        assert_eq!(runs::live_of_contact(&view, person), Ok(vec![run(it, person, flow, Some(NOW + Span::HOUR))]));
        assert_eq!(timers::due_before(&view, None, NOW + Span::HOUR, 9), Ok(vec![(NOW + Span::HOUR, it, 3)]));
        assert_eq!(rows::by_source(&view, &effect(it, 1, 0)), Ok(Some(OutboxId::new(zero, 1))));
        assert_eq!(messages::list(&view, Some(person), None, None, 9).unwrap()[0].provider_id.as_deref(), Some("wamid.1"));
        assert!(flows::draft(&view, flow).unwrap().is_some());
    }
}
