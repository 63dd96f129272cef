//! The built binary and WhatsApp: signed webhooks in, replies out by a provider on loopback.

use crate::kit::fake_provider::{Reply, button_reply, status, text, webhook};
use crate::kit::shop::Shop;
use serde_json::{Value, json};
use std::time::Duration;

const ANNA: &str = "393331234567";
const SOON: Duration = Duration::from_secs(10);
const A_WHILE: Duration = Duration::from_millis(700);

fn prices() -> Value {
    json!({"flusso": 1, "name": "Listino", "reentry": "restart", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "listino", "match": "exact"}], "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Ciao {{ contact.name }}, ecco il listino.",
         "buttons": [{"id": "book", "title": "Prenota"}, {"id": "human", "title": "Operatore"}],
         "exits": {"next": "w1", "book": "m2", "human": "m3"}},
        {"id": "w1", "kind": "wait", "for": "1d", "reply": {}, "exits": {"elapsed": "m4", "replied": "m3"}},
        {"id": "m2", "kind": "message", "text": "Prenotato."},
        {"id": "m3", "kind": "message", "text": "Arriva una persona."},
        {"id": "m4", "kind": "message", "text": "Domande?"}]})
}

fn echo() -> Value {
    let say = |id: &str, word: &str| json!({"id": id, "kind": "keyword", "phrases": [{"text": word, "match": "exact"}], "exits": {"next": format!("m{word}")}});
    let answer = |word: &str| json!({"id": format!("m{word}"), "kind": "message", "text": format!("Hai detto {word}.")});
    json!({"flusso": 1, "name": "Eco", "reentry": "restart", "nodes": [
        say("k1", "uno"), say("k2", "due"), say("k3", "tre"), answer("uno"), answer("due"), answer("tre")]})
}

#[test]
fn a_signed_webhook_is_answered_by_the_right_request_to_the_provider() {
    let shop = Shop::open(&[prices()]);
    assert_eq!(shop.hook(&[text("wamid.1", ANNA, "Listino!")], &[]).unwrap().status, 200);
    let sent = shop.provider.wait_for(1, SOON).remove(0);
    assert_eq!((sent.method.as_str(), sent.path.as_str()), ("POST", "/v26.0/105599999999/messages"));
    assert_eq!(sent.header("authorization"), Some("Bearer EAAG-token-of-the-shop"));
    assert_eq!((sent.to(), sent.text()), (ANNA, "Ciao Person 4567, ecco il listino."));
    let titles = sent.json.pointer("/interactive/action/buttons/0/reply/title").unwrap();
    assert_eq!((sent.json["type"].as_str(), titles), (Some("interactive"), &json!("Prenota")));
    let press = button_reply("wamid.2", ANNA, &sent.payloads()[0], "Prenota");
    assert_eq!(shop.hook(&[press], &[]).unwrap().status, 200);
    assert_eq!(shop.provider.wait_for(2, SOON)[1].text(), "Prenotato.");
}

#[test]
fn the_same_webhook_again_brings_no_second_reply() {
    let shop = Shop::open(&[prices()]);
    let body = webhook("105599999999", &[text("wamid.1", ANNA, "listino")], &[]);
    for _ in 0..4 {
        assert_eq!(shop.post(&body).unwrap().status, 200);
    }
    shop.provider.wait_for(1, SOON);
    shop.provider.stays_at(1, A_WHILE);
    assert_eq!(shop.flusso.all("/messages?direction=in").len(), 1);
}

#[test]
fn a_bad_signature_gets_401_and_leaves_a_line_in_the_request_log_alone() {
    let shop = Shop::open(&[prices()]);
    let body = webhook("105599999999", &[text("wamid.1", ANNA, "listino")], &[]);
    let forged = format!("sha256={}", "0".repeat(64));
    assert_eq!(shop.post_signed(&body, &forged).unwrap().status, 401);
    shop.provider.stays_at(0, A_WHILE);
    assert!(shop.flusso.all("/messages").is_empty() && shop.flusso.all("/contacts").is_empty());
    assert!(shop.flusso.all("/quarantine").is_empty());
}

#[test]
fn three_messages_in_one_post_get_three_answers_in_their_order() {
    let shop = Shop::open(&[echo()]);
    let said = [text("wamid.1", ANNA, "uno"), text("wamid.2", ANNA, "due"), text("wamid.3", ANNA, "tre")];
    assert_eq!(shop.hook(&said, &[]).unwrap().status, 200);
    let sent = shop.provider.wait_for(3, SOON);
    let texts: Vec<&str> = sent.iter().map(|seen| seen.text()).collect();
    assert_eq!(texts, ["Hai detto uno.", "Hai detto due.", "Hai detto tre."]);
}

#[test]
fn receipts_move_a_message_forward_and_never_back() {
    let shop = Shop::open(&[echo()]);
    shop.hook(&[text("wamid.1", ANNA, "uno")], &[]).unwrap();
    shop.provider.wait_for(1, SOON);
    shop.flusso.wait_for("/messages?direction=out", |page| page["items"][0]["status"] == "sent");
    let id = shop.flusso.all("/messages?direction=out")[0]["provider_id"].as_str().unwrap().to_owned();
    for (word, stands) in [("read", "read"), ("delivered", "read"), ("sent", "read"), ("failed", "read")] {
        shop.hook(&[], &[status(&id, ANNA, word, None)]).unwrap();
        assert_eq!(shop.flusso.all("/messages?direction=out")[0]["status"], stands);
    }
}

#[test]
fn a_throttled_send_goes_later_and_a_refused_one_is_listed_with_its_reason() {
    let shop = Shop::open(&[echo()]);
    shop.provider.then(Reply::Throttle(130_429, Some(1)));
    shop.hook(&[text("wamid.1", ANNA, "uno")], &[]).unwrap();
    assert_eq!(shop.provider.wait_for(2, SOON)[1].text(), "Hai detto uno.");
    shop.provider.then(Reply::Reject(400, 131_026));
    shop.hook(&[text("wamid.2", ANNA, "due")], &[]).unwrap();
    let dead = shop.flusso.wait_for("/outbox?state=dead", |page| page["items"].as_array().is_some_and(|rows| rows.len() == 1));
    assert!(dead["items"][0]["reason"].as_str().is_some_and(|reason| reason.len() > 20), "{dead}");
}

#[test]
fn a_refused_token_stops_the_channel_and_a_new_one_starts_it_again() {
    let shop = Shop::open(&[echo()]);
    shop.provider.then(Reply::Reject(401, 190));
    shop.hook(&[text("wamid.1", ANNA, "uno")], &[]).unwrap();
    let path = format!("/channels/{}", shop.channel);
    shop.flusso.wait_for(&path, |channel| channel["stopped"].is_string());
    shop.provider.stays_at(1, A_WHILE);
    shop.flusso.call("PATCH", &path, &json!({"settings": {"access_token": "EAAG-new-token"}})).expect(200);
    let sent = shop.provider.wait_for(2, SOON);
    assert_eq!(sent[1].header("authorization"), Some("Bearer EAAG-new-token"));
}

#[test]
fn what_is_signed_and_cannot_be_read_is_kept_and_answered_200() {
    let shop = Shop::open(&[echo()]);
    assert_eq!(shop.post(b"{\"object\": \"whatsapp_business_account\", \"entry\": 7}").unwrap().status, 200);
    let kept = shop.flusso.all("/quarantine");
    assert_eq!(kept.len(), 1, "{kept:?}");
}

#[test]
fn the_verify_word_is_checked_before_the_challenge_is_given_back() {
    let shop = Shop::open(&[]);
    let ask = |word: &str| {
        let query = format!("{}?hub.mode=subscribe&hub.verify_token={word}&hub.challenge=1158201444", shop.hook_path());
        shop.flusso.ask("GET", &query, &[], b"")
    };
    let good = ask("verify-me");
    assert_eq!((good.status, good.text()), (200, "1158201444".to_owned()));
    assert_eq!(ask("guess").status, 403);
}

#[test]
fn a_provider_in_trouble_is_tried_no_more_after_five_failures_and_nothing_is_lost() {
    let shop = Shop::open(&[echo()]);
    shop.provider.always(Reply::Raw(502, "bad gateway".to_owned()));
    for n in 0..5_usize {
        assert_eq!(shop.hook(&[text(&format!("wamid.{n}"), &format!("39333000000{n}"), "uno")], &[]).unwrap().status, 200);
        shop.provider.wait_for(n + 1, SOON);
        std::thread::sleep(Duration::from_millis(200));
    }
    for n in 5..9 {
        shop.hook(&[text(&format!("wamid.{n}"), &format!("39333000000{n}"), "uno")], &[]).unwrap();
    }
    shop.provider.stays_at(5, A_WHILE);
    let ready = shop.flusso.get("/outbox?state=ready").expect(200);
    let ready = ready["items"].as_array().unwrap();
    assert_eq!(ready.len(), 4, "{ready:?}");
    assert!(ready.iter().all(|row| row["attempts"] == 0), "who waits costs no attempt: {ready:?}");
    shop.provider.always(Reply::Ok);
    shop.flusso.call("PATCH", &format!("/channels/{}", shop.channel), &json!({"name": "Shop 2"})).expect(200);
    shop.provider.wait_for(9, SOON);
}
