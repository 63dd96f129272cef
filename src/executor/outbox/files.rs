//! Files of a message on their way out: one kept here becomes an address at which the provider fetches it (SEC-9).

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use crate::base::id::FileId;
use crate::engine::FILE_SCHEME;
use crate::model::channel::Channel;
use crate::model::effect::Content;
use crate::model::message::MediaRef;
use crate::provider;
use crate::store::files;

/// The content as the provider of this channel can read it. A channel without files gets the address under the words. Only what is an
/// attachment becomes an address: a text that happens to look like one stays a text.
pub fn reachable(desk: &Desk, channel: &Channel, content: &Content) -> Result<Content, Refusal> {
    let mut content = content.clone();
    let Some(media) = &mut content.media else { return Ok(content) };
    if let Some(meta) = media.url.as_deref().map(|url| meta(desk, url)).transpose()?.flatten() {
        *media = MediaRef { url: Some(address(desk, channel, &meta)), mime: Some(meta.mime), name: Some(meta.name), ..media.clone() };
    }
    if provider::abilities(channel.kind).attachments {
        return Ok(content);
    }
    in_words(&mut content);
    Ok(content)
}

/// A file as words: its caption, and the address on a line of its own.
fn in_words(content: &mut Content) {
    let url = content.media.take().and_then(|media| media.url).unwrap_or_default();
    content.text = [content.text.as_str(), url.as_str()].join("\n").trim().to_owned();
}

fn meta(desk: &Desk, url: &str) -> Result<Option<crate::model::file::FileMeta>, Refusal> {
    let id = url.strip_prefix(FILE_SCHEME).and_then(|id| id.parse::<FileId>().ok());
    Ok(id.map(|id| files::meta(&desk.work, id)).transpose()?.flatten())
}

fn address(desk: &Desk, channel: &Channel, meta: &crate::model::file::FileMeta) -> String {
    let own = channel.public_url.as_deref().or(desk.facts.own_url.get().map(String::as_str)).unwrap_or_default();
    let name: String = url::form_urlencoded::byte_serialize(meta.name.as_bytes()).collect();
    format!("{}/files/{}/{}", own.trim_end_matches('/'), meta.token, name.replace('+', "%20"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::address::ChannelKind;
    use crate::base::id::{ChannelId, Id, Shard};
    use crate::base::time::Time;
    use crate::executor::facts::Facts;
    use crate::model::channel::UnknownPolicy;
    use crate::model::file::FileMeta;
    use crate::model::node::MediaKind;
    use crate::store::Store;
    use crate::store::seal::SealKey;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    fn channel(kind: ChannelKind) -> Channel {
        Channel {
            id: ChannelId::new(Shard(0), 1),
            kind,
            name: "Shop".to_owned(),
            token: "t".to_owned(),
            enabled: true,
            options: BTreeMap::new(),
            base_url: None,
            allow_private_addresses: false,
            language: None,
            public_url: Some("https://shop.example".to_owned()),
            rate: None,
            pair: None,
            unknown: UnknownPolicy::default(),
            stopped: None,
            created: Time(0),
        }
    }

    #[test]
    fn only_an_attachment_becomes_an_address() {
        let (reader, writer) = Store::memory().expect("a store").split();
        let view = reader.view().expect("a view");
        let facts = Facts::first(&view, SealKey::new([7; 32])).expect("facts");
        let mut desk = Desk::new(writer.work().expect("work"), Arc::new(facts), Time(0));
        let id: FileId = desk.mint().expect("an id");
        let meta = FileMeta {
            id,
            name: "price list.pdf".to_owned(),
            mime: "application/pdf".to_owned(),
            kind: MediaKind::Document,
            size_bytes: 1,
            hash: [1; 32],
            created: Time(0),
            token: "secret".to_owned(),
        };
        files::put(&mut desk.work, &meta, b"x").expect("kept");
        let told = Content { text: format!("Look:\n{FILE_SCHEME}{id}"), ..Content::default() };
        let sms = channel(ChannelKind::Twilio);
        assert_eq!(reachable(&desk, &sms, &told), Ok(told.clone()), "what a person wrote stays what it is");
        let media = MediaRef {
            kind: MediaKind::Document,
            provider_id: None,
            url: Some(format!("{FILE_SCHEME}{id}")),
            mime: None,
            name: None,
            caption: None,
        };
        let sent = Content { text: "Look:".to_owned(), media: Some(media), ..Content::default() };
        let on_sms = reachable(&desk, &sms, &sent).expect("words");
        assert_eq!((on_sms.text.as_str(), on_sms.media), ("Look:\nhttps://shop.example/files/secret/price%20list.pdf", None));
        let on_whatsapp = reachable(&desk, &channel(ChannelKind::Whatsapp), &sent).expect("a file");
        assert_eq!(on_whatsapp.text, "Look:");
        assert_eq!(on_whatsapp.media.and_then(|media| media.url).as_deref(), Some("https://shop.example/files/secret/price%20list.pdf"));
    }
}
