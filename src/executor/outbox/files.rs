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

/// The content as the provider of this channel can read it.
pub fn reachable(desk: &Desk, channel: &Channel, content: &Content) -> Result<Content, Refusal> {
    let mut content = content.clone();
    if let Some(media) = &mut content.media
        && let Some(meta) = media.url.as_deref().map(|url| meta(desk, url)).transpose()?.flatten()
    {
        *media = MediaRef { url: Some(address(desk, channel, &meta)), mime: Some(meta.mime), name: Some(meta.name), ..media.clone() };
    }
    if !provider::abilities(channel.kind).attachments {
        // Such a channel says the address in words, on the last line.
        let last = content.text.rsplit('\n').next().unwrap_or_default().to_owned();
        if let Some(meta) = meta(desk, &last)? {
            content.text.truncate(content.text.len() - last.len());
            content.text.push_str(&address(desk, channel, &meta));
        }
    }
    Ok(content)
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
