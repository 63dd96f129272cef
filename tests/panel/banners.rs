//! What stands above every page while something holds messages or times back.

use super::desk::Desk;
use super::text;
use crate::kit::fake_provider::{Reply, text as says};
use crate::kit::shop::Shop;
use axum::http::Method;
use serde_json::json;

#[test]
fn a_provider_that_falls_silent_is_told_on_every_page_until_it_answers_again() {
    let flow = json!({"flusso": 1, "name": "Eco", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "ciao", "match": "exact"}], "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Ciao."}]});
    let shop = Shop::open(&[flow]);
    let cookie = super::log_in(&shop.flusso);
    let page = || text(&super::ask(&shop.flusso, &Method::GET, "/flows", &cookie, ""));
    assert!(!page().contains("non risponde"), "{}", page());
    shop.provider.always(Reply::Raw(503, "{}".to_owned()));
    for number in 0..6 {
        shop.hook(&[says(&format!("wamid.{number}"), &format!("39333000{number:04}"), "ciao")], &[]).unwrap();
    }
    let told = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        page().contains("Il provider di Shop non risponde da")
    });
    assert!(told, "{}", page());
    assert!(page().contains("aspettano e non si perdono") && page().contains(&format!("/channels/{}", shop.channel)), "{}", page());
}

#[test]
fn a_clock_before_the_last_commit_is_told_on_every_page_while_it_is_doubted() {
    let mut desk = Desk::open();
    desk.appliance.ask("POST", "/test/clock", &[("Content-Type", "application/json")], br#"{"ahead": "3h"}"#);
    desk.appliance.call("POST", "/contacts", &json!({"name": "Anna", "addresses": []})).expect(201);
    assert!(!desk.get("/flows").contains("orologio di questa macchina"));
    desk.appliance.kill_and_restart();
    let page = desk.get("/flows");
    assert!(
        page.contains("L’orologio di questa macchina ha fatto un salto")
            || page.contains("L&#39;orologio di questa macchina ha fatto un salto"),
        "{page}"
    );
}
