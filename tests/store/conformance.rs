//! What every engine does alike: the same questions to memory, to redb, and to redb with four shards.

use flusso::base::address::{Address, ChannelKind};
use flusso::base::id::ContactId;
use flusso::base::time::Time;
use flusso::model::contact::Contact;
use flusso::store::{Birth, Options, Store, contacts, meta};

#[test]
fn what_was_committed_is_there_after_opening_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("data.redb");
    let options = Options { birth: Some(Birth { file: [1; 16], now: Time(5) }), ..Options::default() };
    let (reader, mut writer) = Store::open(&path, &options).expect("created").split();
    let mut work = writer.work().expect("work");
    let id: ContactId = work.mint().expect("an id");
    let mut contact = Contact::new(id, Time(7));
    contact.addresses.push(Address::new(ChannelKind::Whatsapp, "+39 333 1234567"));
    contacts::put(&mut work, &contact).expect("put");
    writer.commit(work).expect("committed");
    drop(reader);
    writer.close().expect("closed");
    let (reader, _writer) = Store::open(&path, &Options::default()).expect("opened").split();
    let view = reader.view().expect("a view");
    assert_eq!(contacts::get(&view, id), Ok(Some(contact.clone())));
    assert_eq!(contacts::find(&view, &contact.addresses[0].key()), Ok(Some(id)));
    assert_eq!(meta::get(&view).map(|meta| (meta.file, meta.schema)), Ok(([1; 16], 1)));
}
