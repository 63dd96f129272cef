//! What is allowed, one step inside each bound; what is refused stands in `tests/broken`.

use super::*;
use crate::base::id::{Id, Shard};
use crate::model::document::read_text;
use crate::model::flow::Reentry;
use serde_json::{Value, json};

fn id<T: Id>(n: u64) -> T {
    T::new(Shard(0), n)
}

struct Appliance {
    own: Option<FlowId>,
    phrases: Vec<OwnedPhrase>,
    windowed: bool,
}

impl Appliance {
    fn new() -> Appliance {
        Appliance { own: None, phrases: Vec::new(), windowed: true }
    }

    fn told(&self, flow: &Flow) -> Vec<String> {
        let flows = [(id(1), "Altro".to_owned())].into();
        let names_in = |text: &str| {
            let named = text.split("{{").skip(1).filter_map(|piece| piece.split_once("}}"));
            Ok(named.map(|(name, _)| name.trim().to_owned()).collect())
        };
        let context = Context {
            own: self.own,
            flows: &flows,
            phrases: &self.phrases,
            channels: &[(id(1), "Negozio".to_owned()), (id(2), "Ufficio".to_owned())],
            windowed: self.windowed,
            has_file: &|file| file == "1",
            has_segment: &|name| name == "oro",
            home: Some("39"),
            stop_words: &["stop".to_owned()],
            names_in: &names_in,
        };
        let place = |problem: &Problem| problem.node.as_ref().map_or_else(|| "flow".to_owned(), ToString::to_string);
        check(flow, &context).iter().map(|problem| format!("{}: {}", place(problem), problem.fault)).collect()
    }
}

/// A flow whose keyword leads to the first of these nodes.
fn flow(nodes: Value) -> Flow {
    let mut nodes = nodes.as_array().cloned().expect("nodes");
    let first = nodes[0]["id"].clone();
    nodes.insert(0, json!({"id": "k1", "kind": "keyword", "phrases": [{"text": "ciao", "match": "exact"}], "exits": {"next": first}}));
    read_text(&json!({"flusso": 1, "name": "Prova", "nodes": nodes}).to_string()).expect("a flow")
}

fn told(nodes: Value) -> Vec<String> {
    Appliance::new().told(&flow(nodes))
}

/// A message with these members, and a wait after it; every choice leads on.
fn asks(mut message: Value) -> Vec<String> {
    let mut exits = json!({"next": "w1"});
    let rows = message["list"]["sections"].as_array().into_iter().flatten().flat_map(|section| section["rows"].as_array().expect("rows"));
    for choice in message["buttons"].as_array().into_iter().flatten().chain(rows) {
        exits[choice["id"].as_str().expect("an id")] = json!("w1");
    }
    (message["id"], message["kind"], message["exits"]) = (json!("m1"), json!("message"), exits);
    told(json!([message, {"id": "w1", "kind": "wait", "for": "1h"}]))
}

const NONE: [&str; 0] = [];

#[test]
fn a_message_may_be_as_long_and_have_as_many_choices_as_whatsapp_shows() {
    let rows: Vec<_> = (1..=10).map(|n| json!({"id": format!("r{n}"), "title": "a".repeat(24), "description": "a".repeat(72)})).collect();
    let list = json!({"button": "a".repeat(20), "sections": [{"title": "a".repeat(24), "rows": rows}]});
    assert_eq!(asks(json!({"text": "è".repeat(4096), "list": list})), NONE);
    let buttons: Vec<_> = ["a", "b", "c"].map(|letter| json!({"id": letter, "title": letter.repeat(20)})).into();
    assert_eq!(asks(json!({"text": "è".repeat(1024), "buttons": buttons})), NONE);
    assert_eq!(asks(json!({"attachments": [{"kind": "image", "file": "1", "caption": "è".repeat(1024)}]})), NONE);
    assert_eq!(asks(json!({"attachments": [{"kind": "image", "file": "{{ ask.logo }}"}]})), NONE);
    assert_eq!(asks(json!({"location": {"latitude": 45.0, "longitude": 9.0}})), NONE);
}

#[test]
fn two_rows_may_have_one_title_and_two_buttons_may_not() {
    let both = json!([{"id": "a", "title": "Sì"}, {"id": "b", "title": "Sì"}]);
    assert_eq!(asks(json!({"text": "x", "list": {"button": "Apri", "sections": [{"rows": both}]}})), NONE);
    assert_eq!(asks(json!({"text": "x", "buttons": both})).len(), 1);
}

#[test]
fn an_attachment_with_half_a_text_is_half_empty() {
    let attachments = json!([{"kind": "image", "file": "1"}]);
    assert_eq!(asks(json!({"text": {"it": "Ciao", "en": " "}, "attachments": attachments})).len(), 1);
    assert_eq!(asks(json!({"text": "Ciao", "alternatives": [""], "attachments": attachments})).len(), 1);
}

#[test]
fn a_wait_may_last_a_second_or_a_year_and_end_in_any_one_way() {
    for wait in [
        json!({"for": "1s"}),
        json!({"for": "365d"}),
        json!({"until": {"date": "2026-12-24T18:00"}}),
        json!({"until": {"weekday": "mon", "at": "09:00"}}),
        json!({"until": {"value": "contact.fields.due_at", "offset": "-1d"}}),
        json!({"reply": {"burst": "8s", "check": {"regex": "^[0-9]+$"}, "save": "run.order"}}),
        json!({"met": {"callback": true}}),
        json!({"met": {"tag": "won"}}),
        json!({"met": {"field": "contact.fields.stage", "op": "is", "to": "won"}}),
        json!({"for": "1h", "window": {"days": "all", "from": "22:00", "to": "06:00"}}),
    ] {
        let mut node = wait.clone();
        (node["id"], node["kind"]) = (json!("w1"), json!("wait"));
        assert_eq!(told(json!([node])), NONE, "{wait}");
    }
}

#[test]
fn every_documented_value_can_be_compared() {
    for name in [
        "contact.name",
        "contact.address",
        "contact.fields.città_2",
        "contact.tags",
        "contact.language",
        "contact.consent",
        "message.text",
        "message.kind",
        "message.button",
        "channel.kind",
        "now",
        "business_hours",
        "business_hours.next_opening",
        "window_open",
        "flows.Listino 2026.state",
    ] {
        assert!(is_value_name(name), "{name}");
        let rule = json!({"value": name, "op": "exists"});
        let node = json!({"id": "c1", "kind": "condition", "branches": [{"exit": "yes", "any": [rule]}]});
        assert_eq!(told(json!([node])), NONE, "{name}");
    }
    for name in ["", "run.", "run.a b", "contact.fields", "contact.fields.a.b", "flows..state", "flows.x", "contact.city"] {
        assert!(!is_value_name(name), "{name}");
    }
    assert!(is_writable("contact.name") && is_writable("run.x") && !is_writable("contact.tags") && !is_writable("now"));
}

#[test]
fn an_address_may_have_variables_anywhere() {
    for (url, good) in [
        ("https://shop.example.com/orders/{{ run.order | default: \"0\" }}?a=1", true),
        ("https://{{ run.shop }}.example.com", true),
        ("{{ run.callback }}", true),
        (" http://10.0.0.1:8080 ", true),
        ("https://", false),
        ("javascript:alert(1)", false),
        ("/orders", false),
    ] {
        assert_eq!(call::is_web_address(url), good, "{url}");
    }
}

#[test]
fn one_phrase_may_stand_on_two_channels() {
    let keyword = |channel: &str, id: &str| json!({"id": id, "kind": "keyword", "phrases": [{"text": "info", "match": "word"}], "channels": [channel], "exits": {"next": "m1"}});
    let two =
        |one: &str, other: &str| told(json!([{"id": "m1", "kind": "message", "text": "x"}, keyword(one, "k2"), keyword(other, "k3")]));
    assert_eq!(two("Negozio", "Ufficio"), NONE);
    assert_eq!(two("Negozio", "1"), ["k3: The phrase \"info\" stands twice in this flow. Remove one."], "a channel by name and by id");
}

#[test]
fn a_phrase_is_taken_by_another_flow_in_the_same_mode_where_channels_meet() {
    let mine = flow(json!([{"id": "m1", "kind": "message", "text": "x"}]));
    let mut owner = Appliance::new();
    owner.phrases = phrases_of(id(1), &mine);
    assert_eq!(owner.told(&mine).len(), 1);
    owner.own = Some(id(1));
    assert_eq!(owner.told(&mine), NONE, "a flow is not in its own way");
    owner.own = None;
    owner.phrases[0].mode = MatchMode::Word;
    assert_eq!(owner.told(&mine), NONE);
    owner.phrases[0].mode = MatchMode::Exact;
    owner.phrases[0].channels = vec!["Negozio".to_owned()];
    assert_eq!(owner.told(&mine).len(), 1, "a keyword without channels has all");
}

#[test]
fn a_circle_with_a_wait_a_press_or_a_person_in_it_is_none() {
    let message = |exits: Value| json!({"id": "m1", "kind": "message", "text": "x", "exits": exits});
    let next = |id: &str, kind: &str, more: Value| {
        let mut node = more;
        (node["id"], node["kind"]) = (json!(id), json!(kind));
        node
    };
    let back = json!({"next": "m1"});
    for other in [
        next("n1", "wait", json!({"for": "1s", "exits": {"elapsed": "m1"}})),
        next("n1", "handover", json!({"exits": back})),
        next("n1", "launch", json!({"flow": "Altro", "mode": "call", "exits": back})),
        next("n1", "launch", json!({"flow": "Altro", "mode": "jump", "exits": back})),
    ] {
        assert_eq!(told(json!([message(json!({"next": "n1"})), other])), NONE, "{other}");
    }
    for other in [
        next("n1", "launch", json!({"flow": "Altro", "exits": back})),
        next("n1", "api", json!({"method": "GET", "url": "https://example.com", "exits": {"failed": "m1"}})),
    ] {
        assert_eq!(told(json!([message(json!({"next": "n1"})), other])).len(), 1, "{other}");
    }
    assert_eq!(told(json!([message(json!({"next": "m1"}))])).len(), 1);
    let pressed = json!({"next": "w1", "again": "m1"});
    let buttons = json!({"buttons": [{"id": "again", "title": "Ancora"}], "text": "x", "exits": pressed});
    assert_eq!(told(json!([next("m1", "message", buttons), {"id": "w1", "kind": "wait", "for": "1h"}])), NONE);
}

#[test]
fn a_text_within_the_day_or_after_an_answer_is_in_the_window() {
    let late = |wait: Value, message: Value| {
        let mut last = message;
        (last["id"], last["kind"], last["text"]) = (json!("m2"), json!("message"), json!("x"));
        let mut first = wait;
        (first["id"], first["kind"]) = (json!("w1"), json!("wait"));
        flow(json!([first, last]))
    };
    let day = || late(json!({"for": "1d", "exits": {"elapsed": "m2"}}), json!({}));
    assert_eq!(Appliance::new().told(&day()).len(), 1, "the message comes when the day is over");
    assert_eq!(Appliance { windowed: false, ..Appliance::new() }.told(&day()), NONE);
    let good = [
        late(json!({"for": "23h 59m", "exits": {"elapsed": "m2"}}), json!({})),
        late(json!({"for": "1d", "exits": {"elapsed": "m2"}}), json!({"window_closed": "hold"})),
        late(json!({"for": "2d", "reply": {}, "exits": {"replied": "m2"}}), json!({})),
        late(json!({"for": "2d", "reply": {}, "exits": {"replied": "m2", "elapsed": "m2"}}), json!({})),
        late(json!({"for": "2d", "met": {"tag": "x"}, "exits": {"met": "m2"}}), json!({})),
    ];
    for flow in good {
        assert_eq!(Appliance::new().told(&flow), NONE);
    }
    let two_waits = |exit: &str| {
        told(json!([
            {"id": "w1", "kind": "wait", "for": "2d", "exits": {"elapsed": "w2"}},
            {"id": "w2", "kind": "wait", "for": "1h", "reply": {}, "exits": {exit: "m2"}},
            {"id": "m2", "kind": "message", "text": "x"},
        ]))
    };
    assert_eq!((two_waits("replied").len(), two_waits("elapsed").len()), (0, 1), "an answer opens the window again");
}

#[test]
fn a_variable_is_set_by_an_answer_a_call_or_whoever_starts_the_flow() {
    let says = |setter: Value| {
        let mut setter = setter;
        setter["id"] = json!("s1");
        told(json!([setter, {"id": "m1", "kind": "message", "text": "{{ run.x }} {{ message.text }}"}]))
    };
    for setter in [
        json!({"kind": "wait", "reply": {"save": "run.x"}, "exits": {"replied": "m1"}}),
        json!({"kind": "wait", "met": {"callback": true}, "exits": {"met": "m1"}}),
        json!({"kind": "save", "increment": [{"field": "run.x", "by": 1}], "exits": {"next": "m1"}}),
        json!({"kind": "api", "method": "GET", "url": "https://example.com", "save": [{"path": "$.x", "to": "run.x"}], "exits": {"ok": "m1"}}),
        json!({"kind": "launch", "flow": "Altro", "mode": "call", "exits": {"next": "m1"}}),
    ] {
        assert_eq!(says(setter.clone()), NONE, "{setter}");
    }
    let called = json!({"id": "a1", "kind": "api", "method": "GET", "url": "https://example.com", "exits": {"failed": "m1"}});
    assert_eq!(told(json!([called, {"id": "m1", "kind": "message", "text": "{{ run.http_status }}"}])), NONE);
    assert_eq!(says(json!({"kind": "save", "clear": ["run.x"], "exits": {"next": "m1"}})).len(), 1);
    let by_hand = json!({"flusso": 1, "name": "x", "start": "m1", "nodes": [{"id": "m1", "kind": "message", "text": "{{ run.x }}"}]});
    assert_eq!(Appliance::new().told(&read_text(&by_hand.to_string()).expect("a flow")), NONE);
}

#[test]
fn a_blank_of_a_blueprint_is_filled_by_its_question() {
    let document = json!({"flusso": 1, "name": "x", "start": "m1",
        "questions": [{"id": "business", "label": "Nome", "kind": "text"}],
        "nodes": [{"id": "m1", "kind": "message", "text": "{{ ask.business }} {{ ask.other }}"}]});
    let told = Appliance::new().told(&read_text(&document.to_string()).expect("a flow"));
    assert_eq!(told, ["m1: \"ask.other\" is used here and nothing sets it. It will be empty."]);
}

#[test]
fn a_marketing_flow_says_how_to_stop_in_every_language() {
    let marketing = |text: Value| {
        let mut flow = flow(json!([{"id": "m1", "kind": "message", "text": text}]));
        flow.category = Some(crate::model::flow::Category::Marketing);
        Appliance::new().told(&flow).len()
    };
    assert_eq!(marketing(json!("Saldi! Scrivi *STOP* per non riceverne.")), 0);
    assert_eq!(marketing(json!({"it": "Saldi! Scrivi STOP.", "en": "Sale!"})), 1);
    assert_eq!(marketing(json!("Saldi non-stoppabili")), 1);
}

#[test]
fn the_flow_s_own_problems_come_first_and_errors_before_warnings() {
    let mut flow = flow(json!([
        {"id": "m1", "kind": "message", "text": "{{ run.x }}", "exits": {"next": "m9"}},
        {"id": "m2", "kind": "message"},
    ]));
    flow.name = "Altro".to_owned();
    let told = Appliance::new().told(&flow);
    let starts = ["flow: Another flow", "m1: The exit", "m1: \"run.x\"", "m2: The message is empty", "m2: Nothing leads"];
    assert_eq!(told.len(), starts.len(), "{told:?}");
    assert!(told.iter().zip(starts).all(|(line, start)| line.starts_with(start)), "{told:?}");
}

#[test]
fn a_flow_that_is_saved_again_keeps_its_name() {
    let mut flow = flow(json!([{"id": "m1", "kind": "message", "text": "x"}]));
    flow.name = "Altro".to_owned();
    assert_eq!(Appliance::new().told(&flow).len(), 1);
    assert_eq!(Appliance { own: Some(id(1)), ..Appliance::new() }.told(&flow), NONE);
}

#[test]
fn notes_need_no_way_to_them() {
    assert_eq!(told(json!([{"id": "m1", "kind": "message", "text": "x"}, {"id": "n1", "kind": "note", "text": "per noi"}])), NONE);
}

#[test]
fn a_flow_may_launch_itself_and_stop_all() {
    assert_eq!(told(json!([{"id": "l1", "kind": "launch", "flow": "Prova", "mode": "jump"}])), NONE);
    assert_eq!(told(json!([{"id": "l1", "kind": "launch", "stop": "all"}])), NONE);
    assert_eq!(told(json!([{"id": "l1", "kind": "launch", "flow": "id:1"}])), NONE);
}

#[test]
fn a_notice_that_can_reach_nobody_is_told_of_at_save() {
    let noticed = |to: &str| told(json!([{"id": "n1", "kind": "notify", "text": "Guarda", "to": to}]));
    assert_eq!(noticed("mario").len(), 1, "{:?}", noticed("mario"));
    assert!(noticed("mario")[0].starts_with("n1: \"mario\" is neither a number"), "{:?}", noticed("mario"));
    assert!(noticed("Cucina: 3331234567")[0].starts_with("n1: The channel \"Cucina\" does not exist: nobody is told."));
    for good in ["+39 333 1234567", "333 1234567", "Negozio: 3331234567", "https://staff.example/hook", "{{ contact.fields.staff }}"] {
        assert!(noticed(good).iter().all(|line| !line.starts_with("n1: ")), "{good}: {:?}", noticed(good));
    }
    let handover = json!([{"id": "h1", "kind": "handover", "notify": "mario"}]);
    assert!(told(handover)[0].starts_with("h1: \"mario\" is neither"));
}

#[test]
fn a_schedule_for_a_segment_that_is_gone_and_members_that_do_nothing_are_told_of() {
    let event = |event: Value| {
        let mut event = event;
        (event["id"], event["kind"], event["exits"]) = (json!("e1"), json!("event"), json!({"next": "m1"}));
        let nodes = json!([event, {"id": "m1", "kind": "message", "text": "Ciao"}]);
        let flow = read_text(&json!({"flusso": 1, "name": "Prova", "nodes": nodes}).to_string()).expect("a flow");
        Appliance::new().told(&flow)
    };
    let schedule = |segment: &str| event(json!({"on": "schedule", "days": "mon-fri", "at": "09:00", "segment": segment}));
    assert_eq!(schedule("oro"), Vec::<String>::new());
    assert_eq!(schedule("argento"), ["e1: The segment \"argento\" does not exist. Until it does, this schedule starts nobody."]);
    let idle = |member: &str, value: Value| event(json!({"on": "tag_added", "tag": "vip", member: value}));
    for (member, value) in
        [("field", json!("x")), ("at", json!("09:00")), ("days", json!("mon-fri")), ("segment", json!("oro")), ("yearly", json!(true))]
    {
        assert_eq!(idle(member, value), [format!("e1: \"{member}\" does nothing beside \"tag_added\". Remove it.")]);
    }
    let wait = json!([{"id": "w1", "kind": "wait", "until": {"time": "09:00", "at": "10:00"}}]);
    assert_eq!(told(wait), ["w1: \"at\" does nothing beside \"time\". Remove it."]);
}

#[test]
fn members_that_can_do_nothing_where_they_stand_are_told_of() {
    let wait = |members: Value| {
        let mut node = members;
        (node["id"], node["kind"]) = (json!("w1"), json!("wait"));
        told(json!([node]))
    };
    let windowed = wait(json!({"met": {"callback": true}, "window": "business_hours"}));
    assert_eq!(windowed, ["w1: It has a window, but no time is set that could fall into it. Say how long, or until when."]);
    let asked = wait(json!({"reply": {"retry": {"times": 1, "text": "Come?"}}, "for": "1h"}));
    assert_eq!(asked, ["w1: It says what to ask again, but any answer is good. Say what an answer must be."]);
    let stops = told(json!([{"id": "l1", "kind": "launch", "stop": "all", "flow": "Altro", "mode": "call"}]));
    assert_eq!(stops, ["l1: \"flow\" does nothing beside \"stop\". Remove it.", "l1: \"mode\" does nothing beside \"stop\". Remove it."]);
    let mut flow = flow(json!([{"id": "m1", "kind": "message", "text": "Ciao"}]));
    flow.reentry = Reentry::Parallel("contact.name".to_owned());
    assert_eq!(Appliance::new().told(&flow), ["flow: \"contact.name\" cannot tell runs apart. Use run.X or contact.fields.X."]);
}

#[test]
fn a_variable_that_nobody_sets_is_told_of_wherever_it_is_filled() {
    for node in [
        json!({"kind": "message", "text": "Qui", "location": {"latitude": 45.0, "longitude": 11.0, "name": "{{ run.x }}"}}),
        json!({"kind": "message", "text": "Qui", "contact_card": {"name": "{{ run.x }}", "phone": "+39333"}}),
        json!({"kind": "save", "add_tags": ["{{ run.x }}"]}),
        json!({"kind": "handover", "notify": "{{ run.x }}"}),
        json!({"kind": "wait", "met": {"field": "contact.fields.stage", "op": "is", "to": "{{ run.x }}"}}),
    ] {
        let mut node = node;
        node["id"] = json!("n1");
        let lines = told(json!([node]));
        assert!(lines.iter().any(|line| line.contains("\"run.x\" is used here and nothing sets it")), "{node}: {lines:?}");
    }
}
