//! A channel by its pages: secrets that are written and never shown, a test message whose end is told, and what could not be read.

use super::desk::Desk;
use super::text;
use crate::kit::fake_provider::{Reply, text as says};
use crate::kit::shop::Shop;
use serde_json::json;
use std::time::Duration;

const ANNA: &str = "393331234567";
const SOON: Duration = Duration::from_secs(10);

#[track_caller]
fn comes(desk: &Desk, path: &str, words: &str) -> String {
    let mut found = (0..200).map(|_| {
        std::thread::sleep(Duration::from_millis(50));
        desk.get(path)
    });
    found.find(|page| page.contains(words)).unwrap_or_else(|| panic!("never \"{words}\": {}", desk.get(path)))
}

#[test]
fn a_test_message_tells_on_its_page_how_it_went() {
    let Shop { flusso, provider, channel, .. } = {
        let shop = Shop::open(&[]);
        shop.hook(&[says("wamid.1", ANNA, "ci sono")], &[]).unwrap();
        shop
    };
    let desk = Desk::at(flusso);
    let test = || {
        let sent = desk.post(&format!("/channels/{channel}/tests"), "to=%2B39+333+1234567");
        assert_eq!(sent.status, 303, "{}", text(&sent));
        sent.header("location").unwrap().to_owned()
    };
    comes(&desk, &test(), "Il fornitore ha preso l&#39;ultimo messaggio di prova");
    provider.always(Reply::Reject(400, 131_026));
    let page = comes(&desk, &test(), "di prova non è arrivato");
    assert!(page.contains("su quel numero non c&#39;è WhatsApp") && page.contains("class=\"button\" href=\"/undelivered\""), "{page}");
    assert!(desk.get("/undelivered").contains("Questa è una prova da Flusso."));
}

#[test]
fn a_secret_that_is_left_empty_stays_and_none_is_shown() {
    let flow = json!({"flusso": 1, "name": "Eco", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "ciao", "match": "exact"}], "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Ciao."}]});
    let shop = Shop::open(&[flow]);
    let cookie = super::log_in(&shop.flusso);
    let page = |path: &str| text(&super::ask(&shop.flusso, &axum::http::Method::GET, path, &cookie, ""));
    let form = page(&format!("/channels/{}/edit", shop.channel));
    let token = form.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    for secret in ["EAAG-token-of-the-shop", "app-secret-of-the-shop", "verify-me"] {
        assert!(!form.contains(secret) && !page(&format!("/channels/{}", shop.channel)).contains(secret), "{secret}");
    }
    let body = format!(
        "csrf={token}&kind=whatsapp&name=Bottega&phone_number_id=105599999999&access_token=&app_secret=&verify_token=&base_url={}&allow_private_addresses=on",
        shop.provider.base_url()
    );
    let saved = super::ask(&shop.flusso, &axum::http::Method::POST, &format!("/channels/{}", shop.channel), &cookie, &body);
    assert_eq!(saved.status, 303, "{}", text(&saved));
    assert_eq!(shop.hook(&[says("wamid.1", ANNA, "ciao")], &[]).unwrap().status, 200, "the signature is still known");
    let sent = shop.provider.wait_for(1, SOON).remove(0);
    assert_eq!(sent.header("authorization"), Some("Bearer EAAG-token-of-the-shop"));
}
