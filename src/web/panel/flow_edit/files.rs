//! Files of messages: uploaded in the editor, and fetched by a provider at an address nobody guesses (SEC-9).

use super::super::super::Web;
use super::super::super::ask::At;
use super::super::super::page::Flash;
use super::super::super::problem::Trouble;
use super::super::{Panel, Shown, Table};
use super::draft::Open;
use super::{node_of, place};
use crate::base::id::FlowId;
use crate::base::limits::UPLOAD_MAX;
use crate::executor::refusal::Refusal;
use crate::model::file::FileMeta;
use crate::model::node::{Attachment, NodeKind};
use crate::store::files;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Its routes for who is logged in.
pub fn routes(table: Table) -> Table {
    table.post("/flows/{id}/nodes/{node}/files", upload)
}

/// `POST /flows/{id}/nodes/{node}/files`: keeps a file and puts it under the message.
async fn upload(State(web): State<Web>, panel: Panel, At((id, name)): At<(FlowId, String)>, mut parts: Multipart) -> Shown {
    let w = panel.language;
    let open = Open::read(&web, id).await?;
    let mut node = node_of(&open, &name)?;
    let to = place(id, Some(&node.id));
    let NodeKind::Message(message) = &mut node.kind else { return Err(Trouble::not_found("message")) };
    let unread = |_| Trouble::unreadable("The file broke off. Send it again.");
    let mut file = None;
    while let Some(field) = parts.next_field().await.map_err(unread)? {
        if field.name() == Some("file") {
            let called = field.file_name().unwrap_or_default().to_owned();
            file = Some((called, field.bytes().await.map_err(unread)?));
        }
    }
    let Some((called, bytes)) = file.filter(|(_, bytes)| !bytes.is_empty() && bytes.len() <= UPLOAD_MAX) else {
        return Ok(panel.done(&to, Flash::bad(w.file_missing())));
    };
    let meta = match web.executor.keep_file(panel.by(), &called, bytes.to_vec()).await {
        Ok(meta) => meta,
        Err(Refusal::Invalid(_)) => return Ok(panel.done(&to, Flash::bad(w.file_unknown()))),
        Err(refusal) => return Err(refusal.into()),
    };
    let waiting = message.attachments.iter_mut().find(|each| each.file.is_none() && each.url.is_none());
    match waiting {
        Some(empty) => (empty.kind, empty.file) = (meta.kind, Some(meta.id.to_string())),
        None => message.attachments.push(Attachment { kind: meta.kind, file: Some(meta.id.to_string()), url: None, caption: None }),
    }
    let mut draft = open.draft;
    draft.nodes.iter_mut().filter(|each| each.id == node.id).for_each(|each| *each = node.clone());
    match web.executor.put_draft(id, open.head.draft_revision, draft).await {
        Ok(_) => Ok(panel.done(&to, Flash::good(w.file_kept(&meta.name)))),
        Err(Refusal::Conflict(_)) => Ok(panel.done(&to, Flash::bad(w.changed_meanwhile()))),
        Err(refusal) => Err(refusal.into()),
    }
}

/// `GET /files/{token}/{name}`: for providers, who show no key. Only what cannot run is shown; the rest is handed over.
pub async fn fetch(State(web): State<Web>, Path((token, _)): Path<(String, String)>) -> Result<Response, Trouble> {
    let found = web
        .read(move |view| {
            let Some(id) = files::by_token(view, &token)? else { return Ok(None) };
            let meta = files::meta(view, id)?;
            Ok(meta.zip(files::read(view, id)?))
        })
        .await?;
    let Some((meta, bytes)) = found else { return Err(Trouble::not_found("file")) };
    let head: Vec<(HeaderName, HeaderValue)> = vec![
        (header::CONTENT_TYPE, HeaderValue::from_str(&meta.mime).unwrap_or(HeaderValue::from_static("application/octet-stream"))),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(if is_shown(&meta) { "inline" } else { "attachment" })),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400")),
    ];
    let mut response = (StatusCode::OK, bytes).into_response();
    response.headers_mut().extend(head);
    Ok(response)
}

fn is_shown(meta: &FileMeta) -> bool {
    ["image/png", "image/jpeg", "image/webp", "image/gif", "audio/", "video/"].iter().any(|kind| meta.mime.starts_with(kind))
}
