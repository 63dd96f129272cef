//! API calls: an address that can be called, and paths that can be read.

use super::value::is_writable;
use crate::model::node::Api;
use crate::model::problem::Fault;
use serde_json_path::JsonPath;
use url::Url;

pub(super) fn check(api: &Api) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !is_web_address(&api.url) {
        faults.push(Fault::BadUrl(api.url.clone()));
    }
    for save in &api.save {
        if let Err(error) = JsonPath::parse(&save.path) {
            let reason = error.to_string().lines().last().unwrap_or_default().trim_end_matches('.').to_owned();
            faults.push(Fault::BadPath { path: save.path.clone(), reason });
        }
        if !is_writable(&save.to) {
            faults.push(Fault::NotWritable(save.to.clone()));
        }
    }
    faults
}

/// Whether a text, its variables filled, can be an address of the web. One that begins with a variable may be anything.
pub(super) fn is_web_address(text: &str) -> bool {
    let text = text.trim();
    let web = |url: Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    text.starts_with("{{") || Url::parse(&filled(text)).is_ok_and(web)
}

/// The text with a letter in place of each variable.
fn filled(text: &str) -> String {
    let mut pieces = text.split("{{");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        filled.push('x');
        filled.push_str(piece.split_once("}}").map_or("", |(_, after)| after));
    }
    filled
}
