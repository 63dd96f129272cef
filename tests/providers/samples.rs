//! Every `samples/whatsapp/*.json` says what the text beside it says. `BLESS=1` rewrites the texts.

use super::{channel, secrets, signed};
use flusso::base::address::{Address, ChannelKind};
use flusso::model::message::{Inbound, Said};
use flusso::provider::{HookRead, read_hook, reread};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/whatsapp")
}

pub(super) fn all() -> Vec<(String, Vec<u8>)> {
    let mut samples: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    samples.sort();
    samples
}

fn names(addresses: &[Address]) -> String {
    let names: Vec<String> = addresses.iter().map(Address::shown).collect();
    format!("[{}]", names.join(" "))
}

fn said(said: &Said) -> String {
    let side = if said.ours { "to" } else { "from" };
    let mut line = format!("{} {:?} {side} {}", said.kind.word(), said.text, names(&said.contact));
    let at = said.at.map_or("no time".to_owned(), |at| at.to_string());
    write!(line, " name {:?} at {at} id {}", said.name.as_deref().unwrap_or(""), said.provider_id).unwrap();
    if let Some(button) = &said.button {
        write!(line, " button {button}").unwrap();
    }
    for media in &said.media {
        let part = |part: &Option<String>| part.clone().unwrap_or("-".to_owned());
        write!(
            line,
            " file {} {} {} {} {}",
            media.kind.word(),
            part(&media.provider_id),
            part(&media.mime),
            part(&media.name),
            part(&media.url)
        )
        .unwrap();
    }
    if said.group {
        line.push_str(" in a group");
    }
    line
}

fn told(event: &Inbound) -> String {
    match event {
        Inbound::Said(one) => said(one),
        Inbound::Receipt(one) => format!(
            "receipt {:?} {} outbox {} names {} error {:?}",
            one.status,
            one.provider_id,
            one.outbox.map_or("-".to_owned(), |id| id.to_string()),
            names(&one.contact),
            one.error.as_deref().unwrap_or("")
        ),
        Inbound::Moved { from, to, text, .. } => format!("moved from {} to {} {text:?}", names(from), names(to)),
        Inbound::Ignored(why) => format!("ignored: {why}"),
    }
}

fn words(read: &HookRead) -> String {
    match read {
        HookRead::Events { events, unreadable, reply } => {
            let bad = unreadable.iter().map(|part| format!("unreadable: {}", part.reason));
            let lines: Vec<String> = events.iter().map(told).chain(bad).collect();
            assert_eq!(reply.status, 200);
            lines.join("\n") + "\n"
        }
        other => format!("{other:?}\n"),
    }
}

#[test]
fn every_sample_reads_as_the_text_beside_it() {
    let mut wrong = Vec::new();
    for (name, body) in all() {
        let read = read_hook(&channel(ChannelKind::Whatsapp), &secrets(), &signed(&body), "minted-1");
        let path = folder().join(format!("{name}.txt"));
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, words(&read)).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if words(&read) != expected {
            wrong.push(format!("{name}\n  reads:    {}  expected: {expected}", words(&read)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_is_a_sample_of_every_type_in_the_providers_list() {
    let types: BTreeSet<String> = all()
        .iter()
        .filter_map(|(_, body)| serde_json::from_slice::<serde_json::Value>(body).ok())
        .filter_map(|json| Some(json.pointer("/entry/0/changes/0/value/messages/0/type")?.as_str()?.to_owned()))
        .collect();
    for kind in [
        "text",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "location",
        "contacts",
        "button",
        "interactive",
        "reaction",
        "order",
        "system",
        "edit",
        "revoke",
        "unsupported",
    ] {
        assert!(types.contains(kind), "{kind}");
    }
}

#[test]
fn a_part_that_could_not_be_read_can_be_tried_again_alone() {
    let (_, body) = all().into_iter().find(|(name, _)| name == "several").unwrap();
    let shop = channel(ChannelKind::Whatsapp);
    let HookRead::Events { unreadable, .. } = read_hook(&shop, &secrets(), &signed(&body), "") else { panic!("not read") };
    assert!(unreadable.len() > 5);
    for part in unreadable {
        let HookRead::Events { events, unreadable, .. } = reread(&shop, &part.bytes, "") else { panic!("{part:?}") };
        assert_eq!((events.len(), unreadable.len()), (0, 1), "{}", part.reason);
        assert_eq!(unreadable[0].reason, part.reason);
    }
}

#[test]
fn a_mended_part_is_read_with_the_name_of_its_sender() {
    let (_, body) = all().into_iter().find(|(name, _)| name == "several").unwrap();
    let shop = channel(ChannelKind::Whatsapp);
    let HookRead::Events { unreadable, .. } = read_hook(&shop, &secrets(), &signed(&body), "") else { panic!("not read") };
    let part = String::from_utf8(unreadable[0].bytes.clone()).unwrap();
    assert!(!part.contains("Bruno"), "a part holds nothing of its neighbours: {part}");
    let mended = part.replace(r#""type":"text""#, r#""type":"text","text":{"body":"ora"}"#);
    let HookRead::Events { events, .. } = reread(&shop, mended.as_bytes(), "") else { panic!("not read") };
    let Inbound::Said(said) = &events[0] else { panic!("{events:?}") };
    assert_eq!((said.text.as_str(), said.name.as_deref(), said.contact.len()), ("ora", Some("Anna Rossi"), 2));
}

#[test]
fn a_signed_body_that_is_no_webhook_goes_to_quarantine() {
    for body in
        ["", "{", "[]", "{}", "null", r#"{"object":"whatsapp_business_account"}"#, r#"{"object":"whatsapp_business_account","entry":{}}"#]
    {
        let read = read_hook(&channel(ChannelKind::Whatsapp), &secrets(), &signed(body.as_bytes()), "");
        assert!(matches!(read, HookRead::Unreadable { .. }), "{body}: {read:?}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(read_hook(&channel(ChannelKind::Whatsapp), &secrets(), &signed(deep.as_bytes()), ""), HookRead::Unreadable { .. }));
}

#[test]
fn an_unsigned_body_is_not_even_read() {
    let shop = channel(ChannelKind::Whatsapp);
    let (_, body) = all().swap_remove(0);
    let mut twice = signed(&body);
    twice.headers.push(("X-HUB-SIGNATURE-256".to_owned(), twice.headers[1].1.clone()));
    let mut unsigned = signed(&body);
    unsigned.headers.truncate(1);
    let mut touched = signed(&body);
    touched.body.push(b' ');
    for hook in [twice, unsigned, touched] {
        let read = read_hook(&shop, &secrets(), &hook, "");
        assert!(matches!(read, HookRead::Refused { status: 401, .. }), "{read:?}");
    }
    let read = read_hook(&shop, &Default::default(), &signed(&body), "");
    assert!(matches!(read, HookRead::Refused { status: 403, .. }), "{read:?}");
}

#[test]
fn a_compressed_body_and_a_kind_that_is_not_built_are_refused() {
    let mut hook = signed(b"{}");
    hook.headers.push(("Content-Encoding".to_owned(), "gzip".to_owned()));
    assert!(matches!(read_hook(&channel(ChannelKind::Whatsapp), &secrets(), &hook, ""), HookRead::Refused { status: 415, .. }));
    let read = read_hook(&channel(ChannelKind::Telegram), &secrets(), &signed(b"{}"), "");
    assert_eq!(read, HookRead::Refused { status: 403, reason: "this build does not speak telegram yet".to_owned() });
}
