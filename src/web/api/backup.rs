//! `/backup`: a snapshot of everything, made beside the others, streamed, and gone when the last byte is read.

use crate::base::time::Time;
use crate::executor::chance;
use crate::model::operator::By;
use crate::store::backup;
use crate::web::Web;
use crate::web::problem::Trouble;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio::sync::Semaphore;

/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// One snapshot is made at a time: each reads everything.
static MAKING: Semaphore = Semaphore::const_new(1);

/// `GET /backup`
pub async fn snapshot(State(web): State<Web>, Extension(by): Extension<By>) -> Result<Response, Trouble> {
    let _permit = MAKING.acquire().await.map_err(|_| Trouble::fault())?;
    let now = web.executor.now();
    let path = web.place.backups.join(format!("download-{}.part", chance::token()?));
    let (file, bytes) = make(&web, path, now).await?;
    web.executor.line.mention(move |desk| desk.audit(by, "backup.downloaded", ""));
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_LENGTH, bytes.to_string()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"flusso-{}.redb\"", now.to_utc().format("%Y-%m-%d-%H%M"))),
    ];
    Ok((headers, stream(file)).into_response())
}

/// Makes a snapshot and opens it. Its name goes at once; the bytes go with the last reader.
async fn make(web: &Web, path: PathBuf, now: Time) -> Result<(File, u64), Trouble> {
    let reader = web.executor.reader.clone();
    let made = tokio::task::spawn_blocking(move || {
        folder(&path)?;
        let report = backup::snapshot(&reader, &path, now, env!("CARGO_PKG_VERSION")).map_err(|error| not_made(&error))?;
        let file = std::fs::File::open(&path).map_err(|error| not_made(&error));
        std::fs::remove_file(&path).map_err(|error| not_made(&error))?;
        Ok((File::from_std(file?), report.bytes))
    });
    made.await.map_err(|_| Trouble::fault())?
}

/// The folder of a snapshot, made where it is missing.
fn folder(path: &Path) -> Result<(), Trouble> {
    path.parent().map_or(Ok(()), |folder| DirBuilder::new().recursive(true).mode(0o700).create(folder)).map_err(|error| not_made(&error))
}

fn not_made(error: &dyn std::error::Error) -> Trouble {
    tracing::error!(%error, "no snapshot could be made");
    let detail = format!("No snapshot could be made: {error}. Free some space, or name another folder with --backups.");
    Trouble::new(StatusCode::INSUFFICIENT_STORAGE, "No snapshot", detail)
}

fn stream(file: File) -> Body {
    Body::from_stream(futures_util::stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE];
        let count = file.read(&mut piece).await?;
        piece.truncate(count);
        Ok::<_, io::Error>((count > 0).then(|| (Bytes::from(piece), file)))
    }))
}
