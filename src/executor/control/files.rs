//! Files that messages carry: kept once by content, typed by their first bytes, fetched by an address nobody guesses (SEC-9).

use crate::base::limits::UPLOAD_MAX;
use crate::executor::desk::Desk;
use crate::executor::refusal::Refusal;
use crate::executor::{Executor, chance};
use crate::model::file::FileMeta;
use crate::model::node::MediaKind;
use crate::model::operator::By;
use crate::store::files;

/// Characters of a file's name that are kept.
const NAME_CHARS_MAX: usize = 100;

/// What a message may carry: the type of the bytes, and what it is to a message. Nothing that a browser would run is among them.
const KINDS: [(&str, MediaKind); 20] = [
    ("image/png", MediaKind::Image),
    ("image/jpeg", MediaKind::Image),
    ("image/gif", MediaKind::Image),
    ("image/webp", MediaKind::Image),
    ("audio/mpeg", MediaKind::Audio),
    ("audio/ogg", MediaKind::Audio),
    ("audio/opus", MediaKind::Audio),
    ("audio/aac", MediaKind::Audio),
    ("audio/amr", MediaKind::Audio),
    ("audio/m4a", MediaKind::Audio),
    ("video/mp4", MediaKind::Video),
    ("video/3gpp", MediaKind::Video),
    ("application/pdf", MediaKind::Document),
    ("application/msword", MediaKind::Document),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", MediaKind::Document),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", MediaKind::Document),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", MediaKind::Document),
    ("application/vnd.ms-excel", MediaKind::Document),
    ("application/vnd.ms-powerpoint", MediaKind::Document),
    ("application/zip", MediaKind::Document),
];

/// A file that is good to keep, and is not kept yet.
#[derive(Debug)]
pub struct NewFile {
    name: String,
    mime: &'static str,
    kind: MediaKind,
    hash: [u8; 32],
    token: String,
    bytes: Vec<u8>,
}

impl NewFile {
    /// The file of these bytes. Refuses what no message can carry.
    pub fn of(name: &str, bytes: Vec<u8>) -> Result<NewFile, Refusal> {
        if bytes.is_empty() || bytes.len() > UPLOAD_MAX {
            return Err(Refusal::Invalid("A file has 1 byte at least and 16 MiB at most. Send a larger one by its address.".to_owned()));
        }
        let (mime, kind) = kind_of(&bytes).ok_or_else(|| {
            Refusal::Invalid("This is no picture, sound, film or document that a message can carry. Nothing was kept.".to_owned())
        })?;
        let (token, hash, name) = (chance::token()?, *blake3::hash(&bytes).as_bytes(), shown_name(name, mime));
        Ok(NewFile { name, mime, kind, hash, token, bytes })
    }

    /// Keeps it, within a change that may do more. One with the same bytes is not kept twice.
    pub fn keep(&self, desk: &mut Desk, by: By) -> Result<FileMeta, Refusal> {
        if let Some(known) = files::by_hash(&desk.work, &self.hash)? {
            return files::meta(&desk.work, known)?.ok_or(Refusal::NotFound("file"));
        }
        let meta = FileMeta {
            id: desk.mint()?,
            name: self.name.clone(),
            mime: self.mime.to_owned(),
            kind: self.kind,
            size_bytes: self.bytes.len() as u64,
            hash: self.hash,
            created: desk.now,
            token: self.token.clone(),
        };
        files::put(&mut desk.work, &meta, &self.bytes)?;
        desk.audit(by, "file.kept", format!("{} \"{}\"", meta.id, meta.name))?;
        Ok(meta)
    }
}

impl Executor {
    /// Keeps a file. One with the same bytes is not kept twice.
    pub async fn keep_file(&self, by: By, name: &str, bytes: Vec<u8>) -> Result<FileMeta, Refusal> {
        let file = NewFile::of(name, bytes)?;
        self.line.change(move |desk| file.keep(desk, by)).await
    }
}

/// Whether a message can carry a file of these bytes.
pub fn is_carried(bytes: &[u8]) -> bool {
    kind_of(bytes).is_some()
}

fn kind_of(bytes: &[u8]) -> Option<(&'static str, MediaKind)> {
    let found = infer::get(bytes)?.mime_type();
    KINDS.into_iter().find(|(mime, _)| *mime == found)
}

/// The last part of a name, in characters that are harmless everywhere.
fn shown_name(name: &str, mime: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = |c: &char| c.is_alphanumeric() || " ._-()".contains(*c);
    let clean: String = last.chars().filter(kept).take(NAME_CHARS_MAX).collect();
    match clean.trim().trim_matches('.') {
        "" => mime.replace('/', "."),
        clean => clean.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_say_what_a_file_is() {
        assert_eq!(kind_of(b"%PDF-1.7\n"), Some(("application/pdf", MediaKind::Document)));
        assert_eq!(kind_of(b"\x89PNG\r\n\x1a\n0000"), Some(("image/png", MediaKind::Image)));
        for bad in [&b"<svg xmlns='x'>"[..], b"<!doctype html><script>", b"MZ\x90\0", b"plain text"] {
            assert_eq!(kind_of(bad), None, "{}", String::from_utf8_lossy(bad));
        }
    }

    #[test]
    fn a_name_is_no_path() {
        for (name, shown) in
            [("../../etc/passwd", "passwd"), ("C:\\x\\listino 2026.pdf", "listino 2026.pdf"), ("\0", "image.png"), ("..", "image.png")]
        {
            assert_eq!(shown_name(name, "image/png"), shown, "{name:?}");
        }
    }
}
