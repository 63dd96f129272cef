//! Bytes nobody meant: whatever arrives, reading ends in an answer and never in a panic.

use super::{channel, samples, secrets, signed};
use flusso::base::address::ChannelKind;
use flusso::base::time::Time;
use flusso::provider::http::{Answer, Hook};
use flusso::provider::{HookRead, read_answer, read_hook};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(kind: ChannelKind, body: &[u8]) -> HookRead {
    read_hook(&channel(kind), &secrets(), &signed(body), "minted-1")
}

/// Puts `stranger` in the place of the `nth` value of `json`, counted from the root; true once it is done.
fn replace(json: &mut Value, nth: &mut usize, stranger: &Value) -> bool {
    if *nth == 0 {
        *json = stranger.clone();
        return true;
    }
    *nth -= 1;
    match json {
        Value::Array(items) => items.iter_mut().any(|item| replace(item, nth, stranger)),
        Value::Object(members) => members.values_mut().any(|member| replace(member, nth, stranger)),
        _ => false,
    }
}

fn strangers() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1.5e300),
        json!(u64::MAX),
        json!(""),
        json!("\u{0}"),
        json!("393331234567"),
        json!("9".repeat(400)),
        json!([]),
        json!([null, 1, "x"]),
        json!({}),
        json!({ "id": {}, "type": [] }),
        json!({ "type": "edit", "edit": { "message": { "type": "edit", "edit": {} } } }),
    ])
}

proptest! {
    #[test]
    fn random_bytes_never_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        for kind in ChannelKind::ALL {
            let _ = read(kind, &body);
            let _ = read_answer(kind, Ok(&Answer { status: u16::from(body.first().copied().unwrap_or(0)) * 3, headers: vec![], body: body.clone() }), Time(0));
        }
    }

    #[test]
    fn random_requests_never_panic(method in "(GET|POST|PUT|)", query in ".{0,40}", name in ".{0,20}", value in ".{0,80}") {
        let hook = Hook { method, query: format!("hub.mode=subscribe&{query}"), headers: vec![(name, value.clone()), ("x-hub-signature-256".to_owned(), value)], body: vec![] };
        for kind in ChannelKind::ALL {
            let read = read_hook(&channel(kind), &secrets(), &hook, "");
            prop_assert!(matches!(read, HookRead::Refused { .. }), "{:?}", read);
        }
    }

    #[test]
    fn samples_with_a_flipped_byte_never_panic(pick: prop::sample::Index, at: prop::sample::Index, byte: u8) {
        let samples = samples::all();
        let mut body = pick.get(&samples).1.clone();
        let at = at.index(body.len());
        body[at] = byte;
        let _ = read(ChannelKind::Whatsapp, &body);
        let _ = read(ChannelKind::Whatsapp, &body[..at]);
    }

    #[test]
    fn samples_with_a_strange_value_are_read_or_kept(pick: prop::sample::Index, nth in 0_usize..60, stranger in strangers()) {
        let samples = samples::all();
        let body = &pick.get(&samples).1;
        let Ok(mut json) = serde_json::from_slice::<Value>(body) else { return Ok(()) };
        replace(&mut json, &mut { nth }, &stranger);
        match read(ChannelKind::Whatsapp, json.to_string().as_bytes()) {
            HookRead::Events { .. } | HookRead::Unreadable { .. } => {}
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn a_strange_message_loses_none_of_its_neighbours(stranger in strangers(), nth in 0_usize..12) {
        let good = |id: &str| json!({ "from": "393331234567", "id": id, "timestamp": "1795338000", "type": "text", "text": { "body": id } });
        let mut strange = good("wamid.STRANGE");
        replace(&mut strange, &mut { nth }, &stranger);
        let value = json!({ "metadata": { "phone_number_id": "106540352242922" }, "messages": [good("wamid.A"), strange, good("wamid.B")] });
        let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{ "field": "messages", "value": value }] }] });
        let HookRead::Events { events, unreadable, .. } = read(ChannelKind::Whatsapp, body.to_string().as_bytes()) else { panic!("not read") };
        let told = format!("{events:?}");
        prop_assert!(told.contains("wamid.A") && told.contains("wamid.B") && events.len() + unreadable.len() == 3, "{}", told);
    }
}
