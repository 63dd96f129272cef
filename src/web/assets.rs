//! The files a page needs besides itself: embedded in the binary, named by their content, kept by the browser for ever.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The folder of the page's files.
#[derive(rust_embed::RustEmbed)]
#[folder = "templates/static/"]
struct Files;

/// One file as it is served.
struct Asset {
    bytes: std::borrow::Cow<'static, [u8]>,
    digest: String,
    media_type: &'static str,
}

static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    Files::iter()
        .filter_map(|name| {
            let file = Files::get(&name)?;
            let digest = hex::encode(&file.metadata.sha256_hash()[..8]);
            Some((name.to_string(), Asset { bytes: file.data, digest, media_type: media_type(&name) }))
        })
        .collect()
});

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json" | "webmanifest") => "application/json",
        _ => "application/octet-stream",
    }
}

/// The address of a file, with the digest of its content in it: a new content is a new address. The name alone where there is no
/// such file, so that the fault shows in the browser and in the test that asks for every asset of every page.
pub fn url(name: &str) -> String {
    match ASSETS.get(name) {
        Some(asset) => format!("/assets/{}/{name}", asset.digest),
        None => format!("/assets/-/{name}"),
    }
}

/// `GET /assets/{digest}/{name}`. The digest is part of the address only; an old one gets the file of today, not kept.
pub async fn get(Path((digest, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let etag = format!("\"{}\"", asset.digest);
    let keep = if digest == asset.digest { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag));
    let (status, body) = if is_known { (StatusCode::NOT_MODIFIED, Body::empty()) } else { (StatusCode::OK, asset.bytes.clone().into()) };
    let head = [
        (header::CONTENT_TYPE, asset.media_type.to_owned()),
        (header::CACHE_CONTROL, keep.to_owned()),
        (header::ETAG, etag),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (status, head, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    async fn ask(address: &str, etag: Option<&str>) -> Response {
        let mut parts = address.trim_start_matches("/assets/").splitn(2, '/').map(str::to_owned);
        let path = (parts.next().expect("a digest"), parts.next().expect("a name"));
        let mut headers = HeaderMap::new();
        if let Some(etag) = etag {
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_str(etag).expect("a header"));
        }
        get(Path(path), headers).await
    }

    #[tokio::test]
    async fn a_file_is_kept_for_ever_under_the_name_of_its_content() {
        let answer = ask(&url("app.css"), None).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(answer.headers()[header::CACHE_CONTROL].to_str().expect("text").contains("immutable"));
        let etag = answer.headers()[header::ETAG].to_str().expect("text").to_owned();
        assert_eq!(ask(&url("app.css"), Some(&etag)).await.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn an_old_address_gets_the_file_of_today_and_is_not_kept() {
        let answer = ask("/assets/0000/app.css", None).await;
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-cache");
        assert_eq!(ask("/assets/0000/none.css", None).await.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn the_scripts_stay_within_their_budget() {
        let scripts = || ASSETS.iter().filter(|(name, _)| name.ends_with(".js")).map(|(_, asset)| &asset.bytes);
        let lines: usize = scripts().map(|bytes| bytes.split(|byte| *byte == b'\n').count()).sum();
        assert!(lines <= 1200, "{lines} lines");
        for bytes in scripts() {
            let text = std::str::from_utf8(bytes).expect("text");
            assert_eq!(text.matches("innerHTML").count() + text.matches("document.write").count(), 0);
        }
    }
}
