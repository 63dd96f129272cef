//! The gallery in the browser: filters in the address, a conversation before adding, the questions, what is left out and what is left to do.

use super::desk::Desk;
use super::{header, text};
use crate::kit::client::Answer;
use flusso::model::blueprint::BLUEPRINTS;
use serde_json::Value;

/// What a form sends for the price list, with what stands in its questions by default.
pub const PRICES: &str = "ask.prices=taglio+30+%E2%82%AC&ask.word=catalogo&ask.staff=";

fn cards(page: &str) -> usize {
    page.matches("class=\"card card-flush blueprint\"").count()
}

/// The id of the flow that a form led to.
pub fn made(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", text(answer));
    let place = header(answer, "location");
    place.split('/').nth(2).unwrap_or_default().to_owned()
}

pub fn flow(desk: &Desk, id: &str) -> Value {
    desk.appliance.get(&format!("/flows/{id}")).json()
}

pub fn phrases(flow: &Value) -> Vec<String> {
    let nodes = flow["nodes"].as_array().cloned().unwrap_or_default();
    let all = nodes.iter().flat_map(|node| node["phrases"].as_array().cloned().unwrap_or_default());
    all.map(|phrase| phrase["text"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_gallery_is_filtered_by_trade_and_goal_in_its_address() {
    let desk = Desk::open();
    let all = desk.get("/blueprints");
    assert_eq!((cards(&all), all.matches("<svg xmlns").count()), (18, 18), "each card has its drawing");
    assert!(all.len() < 200_000, "{} bytes", all.len());
    assert!(all.contains(" ed Eventi") && !all.contains(" e Eventi"), "Italian says ed before an e");
    let some = desk.get("/blueprints?trade=events&goal=sell");
    assert!(cards(&some) > 1 && cards(&some) < 6, "{}", cards(&some));
    assert!(some.contains("Qualifica contatto") && !some.contains("Carrello abbandonato"), "{some}");
    assert!(
        some.contains("href=\"/blueprints?trade=food&#38;goal=sell\"") || some.contains("href=\"/blueprints?trade=food&amp;goal=sell\""),
        "{some}"
    );
    assert!(some.contains("aria-current=\"true\">Eventi") && some.contains("aria-current=\"true\">Vendere"));
    assert_eq!(cards(&desk.get("/blueprints?trade=health&goal=consent")), 1, "one for any trade suits this one");
    assert!(desk.get("/blueprints?goal=dance").contains("Niente per questa scelta"));
    assert!(desk.get("/flows/new").contains("href=\"/blueprints/welcome\""));
}

#[test]
fn a_blueprint_is_talked_to_before_it_is_added_and_nothing_is_stored_or_sent() {
    let desk = Desk::open();
    let page = desk.get("/blueprints/price-list/try");
    assert!(page.contains("action=\"/blueprints/price-list/try\"") && page.contains("value=\"say listino\""), "{page}");
    assert!(!page.contains("/talks") && !page.contains("value=\"real\""), "nothing is kept and no call is made");
    let said = text(&desk.post("/blueprints/price-list/try", "act=start&start=say+listino"));
    assert!(said.contains("Ecco i nostri prezzi: taglio 25"), "{said}");
    // A script that asks for true calls is answered by mocked ones.
    let called =
        text(&desk.post("/blueprints/order-status/try", "script=%23+calls+real%0A%3E+%22ordine%22%0A%3E+%22A-123456%22&act=again"));
    assert!(called.contains("shop.example.com") && !called.contains("try_failed"), "{called}");
    for path in ["/flows", "/contacts", "/messages", "/runs", "/outbox"] {
        assert_eq!(desk.appliance.all(path), Vec::<Value>::new(), "{path}");
    }
    assert!(desk.get("/blueprints/nothing").contains("Non c"), "an unknown one is told");
}

#[test]
fn adding_asks_fills_makes_fields_and_leaves_a_disabled_flow_with_what_is_to_do() {
    let desk = Desk::open();
    let form = desk.get("/blueprints/price-list");
    for part in ["name=\"ask.prices\"", "taglio 25 €, piega 18 €", "type=\"file\"", "Listino inviato", "Aggiungi e provala nel simulatore"]
    {
        assert!(form.contains(part), "{part}: {form}");
    }
    for (fields, sentence) in [
        ("ask.prices=&ask.word=catalogo", "Rispondi a questa domanda"),
        ("ask.prices=x&ask.word=stop", "Chi scrive questa parola si disiscrive"),
        ("ask.prices=%7B%7B+x+%7D%7D&ask.word=a", "Togli le doppie graffe"),
    ] {
        let refused = desk.post("/blueprints/price-list", fields);
        assert!(refused.status == 422 && text(&refused).contains(sentence), "{fields}: {}", text(&refused));
    }
    let wrong = desk.post("/blueprints/no-show", "ask.business=Da+Anna&ask.booking=www.anna.it");
    assert!(
        wrong.status == 422 && text(&wrong).contains("Scrivi l'indirizzo intero") || text(&wrong).contains("Scrivi l&#39;indirizzo intero"),
        "{}",
        text(&wrong)
    );
    assert!(text(&wrong).contains("value=\"Da Anna\""), "what was typed stays");
    assert_eq!(desk.appliance.all("/flows"), Vec::<Value>::new());

    let fields: Vec<(&str, &str)> = vec![("ask.prices", "taglio 30 €"), ("ask.word", "catalogo"), ("ask.staff", "")];
    let id = made(&desk.upload("/blueprints/price-list", &fields, ("ask.price_list", "listino.pdf", b"%PDF-1.7 x")));
    let added = flow(&desk, &id);
    let sent = added["nodes"].as_array().unwrap().iter().find(|node| node["id"] == "send").unwrap().clone();
    assert!(sent["text"].to_string().contains("taglio 30 €") && sent["attachments"][0]["file"].is_string(), "{sent}");
    assert!(!added.to_string().contains("ask.") && !added.to_string().contains("\"talks\""), "{added}");
    let listed = desk.appliance.all("/flows");
    assert!(listed.iter().all(|flow| flow["state"] != "enabled" && flow["enabled"] != true), "{listed:?}");
    let page = desk.get(&format!("/flows/{id}/edit"));
    for part in ["id=\"todos\"", "Collega un canale", "Scegli chi avvisare", "Parlale nel simulatore", "Attivala", "href=\"/channels/new\""]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Allega il file"), "the file is there");
    assert_eq!(desk.post(&format!("/flows/{id}/todos"), "line=staff&done=on").status, 303);
    let ticked = desk.get(&format!("/flows/{id}/edit"));
    assert!(ticked.matches("Fatto</").count() > page.matches("Fatto</").count(), "{ticked}");
    assert!(desk.get("/contacts/new").contains("<option value=\"pricelist_sent_at\">"), "its field is known");
    assert_eq!(desk.post(&format!("/flows/{id}/todos?method=delete"), "").status, 303);
    assert!(!desk.get(&format!("/flows/{id}/edit")).contains("id=\"todos\""));
}

#[test]
fn a_phrase_of_another_stays_there_and_a_blueprint_added_twice_is_two_flows() {
    let desk = Desk::open();
    let first = made(&desk.post("/blueprints/price-list", PRICES));
    assert_eq!(phrases(&flow(&desk, &first)), ["listino", "prezzi", "catalogo", "price list", "prices"]);
    let form = desk.get("/blueprints/price-list");
    for part in ["name=\"own_word\"", "Già aggiunta una volta", "restano dove sono", &format!("href=\"/flows/{first}/edit\">Listino</a>")]
    {
        assert!(form.contains(part), "{part}: {form}");
    }
    let taken = desk.post("/blueprints/price-list", &format!("{PRICES}&own_word=listino"));
    assert!(taken.status == 422 && text(&taken).contains("fa già partire Listino"), "{}", text(&taken));
    let second = made(&desk.post("/blueprints/price-list", &format!("{PRICES}&own_word=tariffe")));
    let other = flow(&desk, &second);
    assert_eq!((other["name"].as_str(), phrases(&other)), (Some("Listino (2)"), vec!["tariffe".to_owned()]));
    let page = desk.get(&format!("/flows/{second}/edit"));
    assert!(page.contains("“listino”") && page.contains(&format!("href=\"/flows/{first}/edit\">Listino</a>")), "{page}");
    // Nothing else starts it: without a word of its own it is not added, and a free one stands in the form.
    assert!(form.contains("name=\"own_word\" type=\"text\" value=\"listino2\""), "{form}");
    let wordless = desk.post("/blueprints/price-list", &format!("{PRICES}&own_word="));
    assert!(wordless.status == 422 && text(&wordless).contains("value=\"listino2\""), "{}", text(&wordless));
    assert!(text(&wordless).contains("Rispondi a questa domanda"), "{}", text(&wordless));
    let third = made(&desk.post("/blueprints/price-list", &format!("{PRICES}&own_word=listino2")));
    assert!(desk.get("/blueprints/price-list").contains("value=\"listino3\""), "the next free one");
    let listed = desk.appliance.all("/flows");
    assert!(listed.iter().all(|flow| flow["version"] == 1), "each of them can start: {listed:?}");
    // The owner goes: its words are free, and that is said.
    assert_eq!(desk.post(&format!("/flows/{first}?method=delete"), "").status, 303);
    assert!(desk.get(&format!("/flows/{third}/edit")).contains("adesso sono libere"));
}

#[test]
fn an_overlap_of_another_mode_is_shown_with_its_winner() {
    let desk = Desk::open();
    let quote = made(&desk.post("/blueprints/lead-qualification", "ask.business=Da+Anna&ask.word=costi"));
    let nodes = serde_json::json!([
        {"id": "k", "kind": "keyword", "phrases": [{"text": "quanto costa il listino", "match": "exact"}], "exits": {"next": "m"}},
        {"id": "m", "kind": "message", "text": "x"}
    ]);
    let document = serde_json::json!({"flusso": 1, "name": "Altra", "nodes": nodes});
    assert_eq!(desk.appliance.call("POST", "/flows", &document).status, 201);
    let form = desk.get("/blueprints/price-list");
    assert!(form.contains("quanto costa il listino") && form.contains(">Altra</a>"), "{form}");
    let page = desk.get(&format!("/flows/{quote}/edit"));
    assert!(page.contains("quanto costa il listino") && page.contains(">Altra</a>"), "{page}");
}

#[test]
fn what_it_works_with_is_offered_and_a_schedule_has_its_segment() {
    let desk = Desk::open();
    let welcome = made(&desk.post("/blueprints/welcome", "ask.business=Da+Anna&ask.booking=https://example.com/prenota"));
    let page = desk.get(&format!("/flows/{welcome}/edit"));
    assert!(page.contains("href=\"/blueprints/price-list\"") && page.contains("Aggiungi Listino, con cui lavora"), "{page}");
    assert!(page.contains("Scrivi il tuo indirizzo al posto di https://example.com/prenota"), "{page}");
    made(&desk.post("/blueprints/price-list", PRICES));
    assert!(!desk.get(&format!("/flows/{welcome}/edit")).contains("href=\"/blueprints/price-list\""), "it is here now");
    made(&desk.post("/blueprints/reactivation", "ask.business=Da+Anna&ask.news=i+saldi"));
    let segments = desk.appliance.all("/segments");
    assert_eq!(segments[0]["name"], "Silenziosi da 90 giorni", "{segments:?}");
}

#[test]
fn a_newcomer_adds_one_and_talks_to_it_on_the_simulator() {
    let desk = Desk::open();
    let first = desk.get("/first");
    assert_eq!(first.matches("href=\"/blueprints/").count(), 4, "{first}");
    let answer = desk.post("/blueprints/price-list", &format!("{PRICES}&then=simulator"));
    assert_eq!((answer.status, header(&answer, "location")), (303, "/simulator"));
    assert_eq!(desk.post("/simulator/messages", "person=&text=listino").status, 303);
    let said = |messages: &Value| {
        messages["items"]
            .as_array()
            .is_some_and(|all| all.iter().any(|it| it["text"].as_str().is_some_and(|text| text.contains("taglio 30 €"))))
    };
    desk.appliance.wait_for("/messages", said);
    // Beside a channel where customers write, nothing is enabled in passing.
    let settings = serde_json::json!({"phone_number_id": "1", "access_token": "t", "app_secret": "s", "verify_token": "v"});
    let channel = serde_json::json!({"kind": "whatsapp", "name": "Bot", "settings": settings});
    assert_eq!(desk.appliance.call("POST", "/channels", &channel).status, 201);
    let form = desk.get("/blueprints/faq-menu");
    assert!(!form.contains("value=\"simulator\"") && form.contains("name=\"channel\" value=\"Bot\" checked"), "{form}");
    let nowhere = desk.post("/blueprints/faq-menu", "ask.hours=sempre&ask.place=qui&ask.shipping=no");
    assert!(nowhere.status == 422 && text(&nowhere).contains("Spunta almeno un canale"), "{}", text(&nowhere));
}

#[test]
fn who_is_told_is_checked_and_a_number_is_told_on_the_channel_that_reaches_it() {
    let desk = Desk::open();
    let form = desk.get("/blueprints/price-list");
    assert!(form.contains("Un numero con il prefisso"), "{form}");
    for staff in ["Anna", "anna@example.com", "123", "https://"] {
        let refused = desk.post("/blueprints/price-list", &format!("ask.prices=x&ask.word=catalogo&ask.staff={staff}"));
        assert!(refused.status == 422 && text(&refused).contains("Così non si può avvisare nessuno"), "{staff}: {}", text(&refused));
    }
    let body = "ask.prices=taglio+30&ask.word=catalogo&ask.staff=%2B39+333+000+1111&then=simulator";
    assert_eq!(desk.post("/blueprints/price-list", body).status, 303);
    assert_eq!(desk.post("/simulator/messages", "person=&text=listino").status, 303);
    let person = desk.appliance.all("/contacts")[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(desk.post("/simulator/messages", &format!("person={person}&text=avete+anche+i+corsi")).status, 303);
    let told = |messages: &Value| {
        messages["items"].as_array().is_some_and(|all| {
            all.iter().any(|it| it["direction"] == "out" && it["text"].as_str().is_some_and(|text| text.contains("aspetta una persona")))
        })
    };
    desk.appliance.wait_for("/messages", told);
    let staff = desk.appliance.all("/contacts").into_iter().find(|contact| contact["addresses"].to_string().contains("393330001111"));
    assert!(staff.is_some(), "what is tried on the simulator stays there: {:?}", desk.appliance.all("/contacts"));

    // Where nothing writes to numbers yet, the list says so, until something does.
    let simulator = desk.appliance.all("/channels")[0]["name"].as_str().unwrap().replace(' ', "+");
    let body = format!("ask.hours=sempre&ask.place=qui&ask.shipping=no&ask.staff=333+000+1111&channel={simulator}");
    let added = made(&desk.post("/blueprints/faq-menu", &body));
    let page = desk.get(&format!("/flows/{added}/edit"));
    assert!(page.contains("Qui niente raggiunge 333 000 1111"), "{page}");
    let settings = serde_json::json!({"phone_number_id": "1", "access_token": "t", "app_secret": "s", "verify_token": "v"});
    let channel = serde_json::json!({"kind": "whatsapp", "name": "Bot", "settings": settings});
    assert_eq!(desk.appliance.call("POST", "/channels", &channel).status, 201);
    let page = desk.get(&format!("/flows/{added}/edit"));
    assert!(!page.contains("Qui niente raggiunge"), "{page}");
}

#[test]
fn what_a_person_must_tick_says_why_flusso_cannot() {
    let desk = Desk::open();
    let id = made(&desk.post("/blueprints/no-show", "ask.business=Da+Anna&ask.booking=https://anna.it/prenota&ask.staff="));
    let review = desk.get("/blueprints/review");
    assert!(review.contains("il modello approvato nps."), "one is one: {review}");
    let page = desk.get(&format!("/flows/{id}/edit"));
    assert!(page.contains("no_show_rebook") && page.contains("Flusso non lo chiede a WhatsApp"), "{page}");
}

#[test]
fn all_eighteen_are_added_as_they_stand_and_each_is_saved_without_a_problem() {
    let desk = Desk::open();
    for blueprint in BLUEPRINTS {
        let flow = blueprint.flow_in("it").expect("a flow");
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        for question in &flow.questions {
            if let Some(default) = &question.default {
                body.append_pair(&format!("ask.{}", question.id), default.in_language(&["it"]));
            }
        }
        made(&desk.post(&format!("/blueprints/{}", blueprint.word), &body.finish()));
    }
    let flows = desk.appliance.all("/flows");
    assert_eq!(flows.len(), 18);
    for flow in flows {
        assert_eq!((flow["version"].as_u64(), flow["state"].as_str()), (Some(1), Some("disabled")), "{flow}");
        let page = desk.get(&format!("/flows/{}/edit", flow["id"].as_str().unwrap()));
        assert!(page.contains("id=\"todos\"") && !page.contains("Risolvi i problemi"), "{flow}");
    }
}

#[test]
fn what_stands_by_default_is_to_be_checked_and_an_optional_file_can_be_ticked_away() {
    let desk = Desk::open();
    let default = "ask.prices=taglio+25+%E2%82%AC%2C+piega+18+%E2%82%AC%2C+colore+da+45+%E2%82%AC&ask.word=catalogo&ask.staff=";
    let id = made(&desk.post("/blueprints/price-list", default));
    let page = desk.get(&format!("/flows/{id}/edit"));
    assert!(page.contains("Da controllare: ") && page.contains("“taglio 25 €"), "{page}");
    let place = page.split("<li>").find(|line| line.contains("Da controllare: Quali sono i prezzi")).unwrap();
    assert!(place.contains("name=\"line\" value=\"default.prices\"") && place.contains("/edit?node=send#node-send\""), "{place}");
    assert!(page.contains("name=\"line\" value=\"file.send\""), "the message goes without its file too: {page}");
    for line in ["default.prices", "default.word", "file.send"] {
        assert_eq!(desk.post(&format!("/flows/{id}/todos"), &format!("line={line}&done=on")).status, 303);
    }
    let ticked = desk.get(&format!("/flows/{id}/edit"));
    assert_eq!(ticked.matches("Fatto</").count(), page.matches("Fatto</").count() + 3, "{ticked}");
    // What was answered is not asked again, and what was changed since is not either.
    let own = made(&desk.post("/blueprints/lead-qualification", "ask.business=Da+Anna&ask.word=progetto&ask.staff="));
    let page = desk.get(&format!("/flows/{own}/edit"));
    assert!(!page.contains("default.business") && !page.contains("default.word"), "{page}");
    let shop = made(&desk.post("/blueprints/welcome", "ask.business=La+Bottega&ask.booking=https://anna.it/prenota&ask.staff="));
    let page = desk.get(&format!("/flows/{shop}/edit"));
    assert!(page.contains("default.business") && !page.contains("default.booking"), "{page}");
    let mut document = flow(&desk, &shop);
    for member in ["id", "version", "state", "enabled"] {
        document.as_object_mut().unwrap().remove(member);
    }
    let document = serde_json::from_str(&document.to_string().replace("La Bottega", "Da Anna")).unwrap();
    assert_eq!(desk.appliance.call("PUT", &format!("/flows/{shop}"), &document).status, 200);
    assert!(!desk.get(&format!("/flows/{shop}/edit")).contains("default.business"));
}
