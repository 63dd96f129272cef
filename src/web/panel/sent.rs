//! A form as it was sent, whether it carries files or not.

use super::super::node_form::Fields;
use super::super::problem::Trouble;
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;

/// The fields of a form in their order, and its files.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// What was typed and ticked.
    pub fields: Fields,
    /// The files that were chosen.
    pub files: Vec<SentFile>,
}

/// A file of a form; never an empty one.
#[derive(Clone, Debug)]
pub struct SentFile {
    /// The field it came by.
    pub field: String,
    /// What the sender calls it.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

impl Sent {
    /// Everything that stands under one name.
    pub fn every(&self, name: &str) -> Vec<String> {
        self.fields.0.iter().filter(|(own, _)| own == name).map(|(_, value)| value.clone()).collect()
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Trouble;
    async fn from_request(request: Request, state: &S) -> Result<Sent, Trouble> {
        let unread = || Trouble::unreadable("The file broke off. Send it again.");
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("multipart/form-data") {
            let body = Bytes::from_request(request, state).await.map_err(|_| unread())?;
            return Ok(Sent { fields: Fields::from_body(&body), files: Vec::new() });
        }
        let mut parts = Multipart::from_request(request, state).await.map_err(|_| unread())?;
        let mut sent = Sent::default();
        while let Some(part) = parts.next_field().await.map_err(|_| unread())? {
            let field = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(name) => {
                    let bytes = part.bytes().await.map_err(|_| unread())?;
                    if !bytes.is_empty() {
                        sent.files.push(SentFile { field, name, bytes });
                    }
                }
                None => sent.fields.push(field, part.text().await.map_err(|_| unread())?),
            }
        }
        Ok(sent)
    }
}
