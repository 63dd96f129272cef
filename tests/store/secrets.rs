//! Channel secrets lie in the file sealed (SEC-12).

use crate::kit::engine::on_every_engine;
use crate::kit::sample::channel;
use flusso::base::secret::Secret;
use flusso::model::channel::ChannelSecrets;
use flusso::store::seal::SealKey;
use flusso::store::{Birth, Options, Store, StoreError, channels};

#[test]
fn secrets_open_with_their_key_alone() {
    on_every_engine(|reader, writer| {
        let key = SealKey::new([1; 32]);
        let secrets = ChannelSecrets::from([("bot_token".to_owned(), Secret::new("77:canary".to_owned()))]);
        let mut work = writer.work().unwrap();
        let id = work.mint().unwrap();
        channels::put(&mut work, &channel(id)).unwrap();
        assert_eq!(channels::secrets(&work, &key, id), Ok(ChannelSecrets::new()));
        channels::put_secrets(&mut work, &key, [5; 24], id, &secrets).unwrap();
        writer.commit(work).unwrap();
        let view = reader.view().unwrap();
        assert_eq!(channels::secrets(&view, &key, id), Ok(secrets));
        assert_eq!(channels::secrets(&view, &SealKey::new([2; 32]), id), Err(StoreError::Sealed));
    });
}

#[test]
fn no_secret_lies_in_the_file_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.redb");
    let options = Options { cache_bytes: 1 << 20, birth: Some(Birth::default()) };
    let (_reader, mut writer) = Store::open(&path, &options).unwrap().split();
    let mut work = writer.work().unwrap();
    let id = work.mint().unwrap();
    channels::put(&mut work, &channel(id)).unwrap();
    let secrets = ChannelSecrets::from([("bot_token".to_owned(), Secret::new("77:canary".to_owned()))]);
    channels::put_secrets(&mut work, &SealKey::new([1; 32]), [5; 24], id, &secrets).unwrap();
    writer.commit(work).unwrap();
    writer.close().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let holds = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
    assert!(holds(b"channel 1"), "the channel itself is there to be found");
    assert!(!holds(b"77:canary"));
}
