//! Sets that come in: the choice of a file, what is inside, and what came of it.

use super::{Show, chrome, text};
use flusso::engine::import::{Choice, Thing};
use flusso::model::flow::QuestionKind;
use flusso::web::blueprints::Asked;
use flusso::web::imports::{AskLine, CollisionLine, DoneLine, DonePage, FlowLine, ImportPage, LookPage};
use flusso::web::page::{Nav, Theme, Tone};
use flusso::web::words::Language;

pub fn imports(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome(language.import_title(), Nav::Flows, language, theme);
    let new = || ImportPage { chrome: &chrome, faults: Vec::new(), wrong: String::new(), left_out: Vec::new(), exposed: Vec::new() };
    show.page("import", &chrome, &new());
    let faults = vec![(language.import_at_node("w1"), text("\"for\": 90s, 15m, 2h, 1d 12h")), (String::new(), text("flusso.json"))];
    let exposed = vec![(text("/flows/3/edit?node=a"), text("Listino"), text("a"), text("https://hooks.example/…"))];
    show.page("import-broken", &chrome, &ImportPage { faults, left_out: vec![text("Bozza")], exposed, ..new() });
    let flow = |name: &str, same, is_here| FlowLine { name: text(name), nodes: 7, is_here, same, taken: Vec::new() };
    let taken = vec![(text("prezzi"), text("3"), text("Orari"))];
    let collision = |thing: Thing, name: &str, choices| CollisionLine {
        thing,
        control: format!("{}.{name}", thing.word()),
        shown: text(name),
        choices,
        chosen: Choice::Skip,
    };
    let asked = |name: &str, kind, value: &str, wrong: &str| Asked {
        name: text(name),
        label: text("Che cosa?"),
        kind,
        value: text(value),
        wrong: text(wrong),
        is_needed: true,
    };
    let look = LookPage {
        chrome: &chrome,
        word: text("0a1b"),
        flows: vec![flow("Benvenuto", true, true), flow("Listino", false, true), FlowLine { taken, ..flow("Preventivo", false, false) }],
        replies: vec![(text("ciao"), false), (text("iban"), true)],
        new_segments: vec![text("Vicini")],
        new_fields: vec![text("città"), text("visite")],
        new_tags: vec![text("vip")],
        files: vec![(text("listino 2026.pdf"), language.bytes(812_000_u64))],
        missing: vec![text("Negozio")],
        collisions: vec![
            collision(Thing::Flow, "Listino", Choice::ALL.to_vec()),
            collision(Thing::Reply, "ciao", Choice::ALL.to_vec()),
            collision(Thing::Segment, "Clienti", vec![Choice::Skip, Choice::Replace]),
            collision(Thing::Field, "visite", vec![Choice::Skip, Choice::Replace]),
        ],
        asks: vec![AskLine {
            flow: text("Preventivo"),
            questions: vec![
                asked("ask.2.days", QuestionKind::Number, "trenta", language.ask_no_number()),
                asked("ask.2.staff", QuestionKind::Staff, "Anna", language.ask_no_staff()),
                asked("ask.2.file", QuestionKind::File, "", ""),
            ],
        }],
        live: text("Listino"),
        stays_live: false,
    };
    show.page("import-look", &chrome, &look);
    let done = |name: &str, state: String, tone, notes| DoneLine { href: text("/flows/3/edit"), name: text(name), state, tone, notes };
    let page = DonePage {
        chrome: &chrome,
        flows: vec![
            done("Listino (2)", language.import_draft().to_owned(), Tone::Warn, vec![language.import_lost("\"prezzi\"")]),
            done("Preventivo", language.import_version(1), Tone::Good, Vec::new()),
        ],
        replies: vec![(text("/quick-replies/1/edit"), text("ciao-2"))],
        segments: vec![text("Vicini")],
        fields: vec![text("città")],
        tags: vec![text("vip")],
        skipped: vec![text("Benvenuto"), text("/iban")],
        missing: vec![text("Negozio")],
    };
    show.page("import-done", &chrome, &page);
    let none = DonePage { flows: Vec::new(), replies: Vec::new(), segments: Vec::new(), fields: Vec::new(), tags: Vec::new(), ..page };
    show.page("import-done-none", &chrome, &none);
}
