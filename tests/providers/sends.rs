//! What goes out to WhatsApp, byte for byte as JSON, and what cannot.

use super::{channel, secrets};
use flusso::base::address::{Address, ChannelKind};
use flusso::base::id::{Id, OutboxId, Shard};
use flusso::model::effect::{Content, ContentList, Place, TemplateContent};
use flusso::model::message::{Choice, MediaRef};
use flusso::model::node::MediaKind;
use flusso::provider::http::Request;
use flusso::provider::{ProviderError, SendPlan, write_send};
use serde_json::{Value, json};

fn sent_to(to: &[Address], content: &Content) -> Result<Request, ProviderError> {
    let outbox = OutboxId::new(Shard(0), 7);
    match write_send(&channel(ChannelKind::Whatsapp), &secrets(), outbox, to, content, &|choice| format!("f1~42~1~m1~{}", choice.id))? {
        SendPlan::Http(request) => Ok(request),
        SendPlan::Local => panic!("not by HTTP"),
    }
}

fn anna() -> Vec<Address> {
    vec![Address::new(ChannelKind::Whatsapp, "393331234567"), Address::new(ChannelKind::Whatsapp, "IT.13491208655302741918")]
}

/// The part of the body under the word of its type.
fn part(content: Content) -> Result<(String, Value), String> {
    let request = sent_to(&anna(), &content).map_err(|error| error.to_string())?;
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let kind = body["type"].as_str().unwrap().to_owned();
    Ok((kind.clone(), body[&kind].clone()))
}

fn text(words: &str) -> Content {
    Content { text: words.to_owned(), ..Content::default() }
}

fn choice(id: &str, title: &str) -> Choice {
    Choice { id: id.to_owned(), title: title.to_owned() }
}

fn buttons(titles: &[&str]) -> Content {
    let buttons = titles.iter().enumerate().map(|(index, title)| choice(&format!("b{index}"), title)).collect();
    Content { buttons, ..text("Va bene?") }
}

fn file(kind: MediaKind, words: &str) -> Content {
    let media = MediaRef {
        kind,
        provider_id: None,
        url: Some("https://shop.example/listino.pdf".to_owned()),
        mime: None,
        name: Some("listino.pdf".to_owned()),
        caption: None,
    };
    Content { media: Some(media), ..text(words) }
}

fn list(rows: usize) -> Content {
    let row = |index: usize| (choice(&format!("r{index}"), &format!("Riga {index}")), (index == 0).then(|| "30 minuti".to_owned()));
    let sections = vec![(None, (0..rows).map(row).collect())];
    Content { list: Some(ContentList { button: "Scegli".to_owned(), sections }), ..text("Che cosa?") }
}

fn template(parameters: &[&str]) -> Content {
    let parameters = parameters.iter().map(|parameter| (*parameter).to_owned()).collect();
    Content { template: Some(TemplateContent { name: "ordine".to_owned(), language: "it".to_owned(), parameters }), ..text("In parole.") }
}

#[test]
fn a_text_is_one_post_with_our_id_in_it() {
    let request = sent_to(&anna(), &text("Ciao")).unwrap();
    assert_eq!(request.method.word(), "POST");
    assert_eq!(request.url, "https://graph.facebook.com/v26.0/106540352242922/messages");
    let headers: Vec<(&str, &str)> = request.headers.iter().map(|(name, value)| (name.as_str(), value.reveal().as_str())).collect();
    assert_eq!(headers, [("authorization", "Bearer EAAG-token-1"), ("content-type", "application/json")]);
    assert_eq!(
        serde_json::from_slice::<Value>(&request.body).unwrap(),
        json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "393331234567",
            "type": "text",
            "text": { "body": "Ciao", "preview_url": false },
            "biz_opaque_callback_data": "flusso:7",
        })
    );
}

#[test]
fn a_person_without_a_number_is_written_to_by_id() {
    let request = sent_to(&anna()[1..], &text("Ciao")).unwrap();
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!((&body["recipient"], body.get("to")), (&json!("IT.13491208655302741918"), None));
    assert!(sent_to(&[Address::new(ChannelKind::Telegram, "77")], &text("Ciao")).is_err());
}

#[test]
fn another_address_and_version_are_obeyed() {
    let mut channel = channel(ChannelKind::Whatsapp);
    channel.base_url = Some("http://127.0.0.1:9000/".to_owned());
    channel.options.insert("graph_version".to_owned(), "v25.0".to_owned());
    let plan = write_send(&channel, &secrets(), OutboxId::new(Shard(0), 1), &anna(), &text("Ciao"), &|_| String::new()).unwrap();
    assert!(matches!(plan, SendPlan::Http(request) if request.url == "http://127.0.0.1:9000/v25.0/106540352242922/messages"));
}

#[test]
fn every_form_is_written_as_whatsapp_wants_it() {
    let row = json!({ "id": "f1~42~1~m1~r0", "title": "Riga 0", "description": "30 minuti" });
    let place = Place { latitude: 45.4642, longitude: 9.19, name: Some("Duomo".to_owned()), address: None };
    let link = "https://shop.example/listino.pdf";
    for (content, kind, expected) in [
        (
            buttons(&["Sì", "No"]),
            "interactive",
            json!({ "type": "button", "body": { "text": "Va bene?" }, "action": { "buttons": [
                { "type": "reply", "reply": { "id": "f1~42~1~m1~b0", "title": "Sì" } },
                { "type": "reply", "reply": { "id": "f1~42~1~m1~b1", "title": "No" } },
            ] } }),
        ),
        (
            list(1),
            "interactive",
            json!({ "type": "list", "body": { "text": "Che cosa?" }, "action": { "button": "Scegli", "sections": [{ "rows": [row] }] } }),
        ),
        (file(MediaKind::Document, "ecco"), "document", json!({ "link": link, "caption": "ecco", "filename": "listino.pdf" })),
        (file(MediaKind::Image, ""), "image", json!({ "link": link })),
        (file(MediaKind::Audio, ""), "audio", json!({ "link": link })),
        (
            Content { location: Some(place), ..Content::default() },
            "location",
            json!({ "latitude": 45.4642, "longitude": 9.19, "name": "Duomo" }),
        ),
        (
            Content { card: Some(("Bruno".to_owned(), "+393339876543".to_owned())), ..Content::default() },
            "contacts",
            json!([{ "name": { "formatted_name": "Bruno", "first_name": "Bruno" }, "phones": [{ "phone": "+393339876543", "type": "CELL" }] }]),
        ),
        (template(&[]), "template", json!({ "name": "ordine", "language": { "code": "it" } })),
        (
            template(&["Anna\nRossi", "5     giorni\t"]),
            "template",
            json!({ "name": "ordine", "language": { "code": "it" }, "components": [{ "type": "body", "parameters": [
                { "type": "text", "text": "Anna Rossi" }, { "type": "text", "text": "5 giorni" },
            ] }] }),
        ),
    ] {
        assert_eq!(part(content), Ok((kind.to_owned(), expected)));
    }
}

#[test]
fn what_fits_just_fits() {
    assert!(part(text(&"è".repeat(4096))).is_ok());
    assert!(part(buttons(&["12345678901234567890", "b", "c"])).is_ok());
    assert!(part(Content { text: "x".repeat(1024), ..buttons(&["a"]) }).is_ok());
    assert!(part(list(10)).is_ok());
    assert!(part(file(MediaKind::Image, &"x".repeat(1024))).is_ok());
}

#[test]
fn what_whatsapp_would_refuse_is_refused_in_words() {
    let several = Content { location: Some(Place { latitude: 0.0, longitude: 0.0, name: None, address: None }), ..buttons(&["a"]) };
    let nowhere = Content { location: Some(Place { latitude: 91.0, longitude: 0.0, name: None, address: None }), ..Content::default() };
    let mut headless = list(1);
    let sections = &mut headless.list.as_mut().unwrap().sections;
    sections.push((None, vec![(choice("z", "Z"), None)]));
    let mut lost = file(MediaKind::Image, "");
    lost.media.as_mut().unwrap().url = None;
    for (content, words) in [
        (text(""), "the text is empty, and WhatsApp sends no empty one"),
        (text(" \n"), "the text is empty, and WhatsApp sends no empty one"),
        (text(&"è".repeat(4097)), "the text has 4097 characters, and WhatsApp takes 4096 at most"),
        (buttons(&["a", "b", "c", "d"]), "the message has 4 buttons, and WhatsApp takes 3 at most"),
        (buttons(&["a", "a"]), "two of the buttons are the same, and WhatsApp wants them different"),
        (buttons(&["123456789012345678901"]), "the title of the button `b0` has 21 characters, and WhatsApp takes 20 at most"),
        (
            Content { text: "x".repeat(1025), ..buttons(&["a"]) },
            "the text above the buttons has 1025 characters, and WhatsApp takes 1024 at most",
        ),
        (list(11), "the list has 11 rows, and WhatsApp takes 10 at most"),
        (list(0), "the list has a section without rows"),
        (headless, "a list with several sections needs a heading on each"),
        (file(MediaKind::Image, &"x".repeat(1025)), "the text under the file has 1025 characters, and WhatsApp takes 1024 at most"),
        (file(MediaKind::Audio, "ascolta"), "WhatsApp shows no text with a file of kind audio: put the words in a message of their own"),
        (lost, "the file has no address that WhatsApp could fetch it from"),
        (several, "WhatsApp cannot put a file, buttons, a list, a place and a card into one message"),
        (nowhere, "the place lies nowhere: latitude is from -90 to 90, longitude from -180 to 180"),
        (template(&["ok", "\n "]), "variable 2 of the template `ordine` is empty, and WhatsApp takes no empty one"),
    ] {
        assert_eq!(part(content), Err(words.to_owned()));
    }
}

#[test]
fn a_payload_that_does_not_fit_is_refused_before_whatsapp_does() {
    let content = buttons(&["a"]);
    let outbox = OutboxId::new(Shard(0), 7);
    for payload in [String::new(), "x".repeat(201)] {
        let plan = write_send(&channel(ChannelKind::Whatsapp), &secrets(), outbox, &anna(), &content, &|_| payload.clone());
        assert!(matches!(plan, Err(ProviderError::Cannot(_))));
    }
}

#[test]
fn without_a_token_nothing_is_written_and_the_simulator_needs_none() {
    let outbox = OutboxId::new(Shard(0), 7);
    let none = Default::default();
    let written = write_send(&channel(ChannelKind::Whatsapp), &none, outbox, &anna(), &text("Ciao"), &|_| String::new());
    assert_eq!(written, Err(ProviderError::Setting("access_token")));
    let local = write_send(&channel(ChannelKind::Simulator), &none, outbox, &anna(), &text("Ciao"), &|_| String::new());
    assert_eq!(local, Ok(SendPlan::Local));
    let twilio = write_send(&channel(ChannelKind::Twilio), &none, outbox, &anna(), &text("Ciao"), &|_| String::new());
    assert_eq!(twilio.unwrap_err().to_string(), "this build does not speak twilio yet");
}
