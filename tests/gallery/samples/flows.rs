//! Flows: the list, the editor, the bin.

use super::{Show, ago, chrome, flow, text};
use flusso::base::id::{FlowId, Id, Shard};
use flusso::base::time::Span;
use flusso::model::flow::Flow;
use flusso::model::node::NodeId;
use flusso::model::problem::{Fault, Problem};
use flusso::web::flow_edit::{Around, EditorFlow, EditorPage, SaveGroup, SavePage};
use flusso::web::flows::{BinPage, BinRow, CopyNotice, DeletePage, EnablePage, FlowFilter, FlowRow, FlowsPage, NamePage};
use flusso::web::node_page::NodePage;
use flusso::web::node_words::Speaker;
use flusso::web::page::{Flash, Nav, Theme};
use flusso::web::words::Language;
use std::collections::BTreeMap;

fn flow_row(id: &str, name: &str, phrases: &[&str], is_enabled: bool, version: u32, inside: u64) -> FlowRow {
    FlowRow {
        id: text(id),
        name: text(name),
        phrases: phrases.iter().map(|phrase| text(phrase)).collect(),
        other_trigger: None,
        is_enabled,
        version,
        draft_differs: false,
        inside,
        last_error: None,
    }
}

pub fn flows(language: Language, theme: Theme, show: &mut Show<'_>) {
    let mut chrome = chrome(language.nav_flows(), Nav::Flows, language, theme);
    let empty = FlowsPage { chrome: &chrome, filter: FlowFilter::All, rows: Vec::new(), binned: 0, copies: Vec::new() };
    show.page("flows-empty", &chrome.clone(), &empty);
    chrome.flash = Some(Flash { undo: Some(text("/flows/9/bin?method=delete")), ..Flash::good(language.binned_flow("Compleanno")) });
    let mut rows = vec![
        flow_row("1", "Benvenuto", &["ciao", "info"], true, 7, 3),
        flow_row("2", "Stato ordine", &["ordine", "dov'è il mio pacco", "tracking", "spedizione"], true, 3, 1240),
        flow_row("3", "Follow-up preventivo", &[], true, 3, 27),
        flow_row("4", "Compleanno", &[], false, 2, 0),
        flow_row("5", "Listino primavera con un nome molto lungo che va a capo", &["listino"], false, 0, 0),
    ];
    rows[0].draft_differs = true;
    rows[1].last_error = Some((ago("2h"), text("L'indirizzo shop.example.com non ha risposto entro 10 secondi.")));
    rows[3].other_trigger = Some(text("Una data del contatto: birthday"));
    let page = FlowsPage { chrome: &chrome, filter: FlowFilter::All, rows: rows.clone(), binned: 2, copies: Vec::new() };
    show.page("flows", &chrome, &page);
    let copy = CopyNotice {
        name: text("Benvenuto (2)"),
        missing: vec![(language.misses_phrases("k1"), text("/flows/6/edit?node=k1")), (text(language.misses_token()), text("/flows/6"))],
    };
    show.page("flows-copied", &chrome, &FlowsPage { chrome: &chrome, filter: FlowFilter::All, rows, binned: 2, copies: vec![copy] });
    let name = NamePage {
        chrome: &chrome,
        title: text(language.new_flow()),
        action: text("/flows"),
        button: text(language.new_flow_button()),
        name: text("Benvenuto"),
        wrong: language.fault(&Fault::NameTaken(text("Benvenuto"))),
    };
    show.page("flow-new", &chrome, &name);
    let enable = EnablePage {
        chrome: &chrome,
        name: text("Benvenuto"),
        action: text("/flows/1/pause?method=delete"),
        flows: Vec::new(),
        off_for: Some(language.length(Span::DAY.times(2))),
        inside: 12,
        overdue: 4,
    };
    show.page("flow-enable", &chrome, &enable);
    show.page("flow-delete", &chrome, &DeletePage::to_bin(&chrome, "1", "Benvenuto", 12));
    let bin = BinPage { chrome: &chrome, rows: vec![BinRow { id: text("9"), name: text("Compleanno"), since: ago("3d") }] };
    show.page("bin", &chrome, &bin);
}

pub fn editor(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome("Benvenuto", Nav::Flows, language, theme);
    let names =
        BTreeMap::from([(text("1"), text("Benvenuto")), (text("2"), text("Stato ordine")), (text("3"), text("Follow-up preventivo"))]);
    let speaker = Speaker { texts: "it", flows: &names, ..Speaker::new(language) };
    let head = |name: &str, inside| EditorFlow {
        id: text("1"),
        name: text(name),
        is_enabled: true,
        version: 7,
        draft_differs: true,
        inside,
        revision: 12,
        can_undo: true,
        can_redo: false,
        restarts: true,
        other_reentry: None,
    };
    let draft = flow("welcome");
    let inside = BTreeMap::from([(NodeId(text("w1")), 21)]);
    let taken = Fault::PhraseTaken { phrase: text("info"), mode: text("word"), flow: text("Menu"), flow_id: FlowId::new(Shard(0), 4) };
    let problems = [Problem::at(&NodeId(text("k1")), taken), Problem::at(&NodeId(text("m4")), Fault::Unreachable)];
    let around = Around { speaker, problems: &problems, inside: &inside, open: None };
    show.page("editor", &chrome, &EditorPage::new(&chrome, head("Benvenuto", 21), &draft, &around, None));
    let nothing = BTreeMap::new();
    for (document, id) in [
        ("welcome", "k1"),
        ("welcome", "m1"),
        ("order", "w1"),
        ("welcome", "c1"),
        ("quote", "t1"),
        ("order", "a1"),
        ("order", "l1"),
        ("welcome", "h1"),
    ] {
        let draft = flow(document);
        let node = draft.node(&NodeId(text(id))).expect("a node");
        let head = head(&draft.name, 0);
        let form = NodePage {
            files: vec![(text("12"), text("listino.pdf"))],
            tags: vec![text("lead")],
            ..NodePage::new(&chrome, &head, &draft, node, speaker)
        };
        let around = Around { speaker, problems: &[], inside: &nothing, open: Some(&node.id) };
        show.page(&format!("editor-{}", node.kind.word()), &chrome, &EditorPage::new(&chrome, head.clone(), &draft, &around, Some(&form)));
    }
    let empty = Flow { name: text("Nuova"), ..Flow::default() };
    let problems = [Problem::whole(Fault::NoStart)];
    let around = Around { speaker, problems: &problems, inside: &nothing, open: None };
    show.page(
        "editor-empty",
        &chrome,
        &EditorPage::new(&chrome, EditorFlow { version: 0, is_enabled: false, ..head("Nuova", 0) }, &empty, &around, None),
    );
    let group =
        |id: &str, kind: &str, name: &str, count, stays| SaveGroup { id: text(id), kind: text(kind), name: text(name), count, stays };
    let save = SavePage {
        chrome: &chrome,
        id: text("1"),
        name: text("Benvenuto"),
        revision: 12,
        inside: 64,
        warnings: vec![(Some(text("Messaggio: Perfetto, ti richiamiamo noi.")), language.fault(&Fault::Unreachable))],
        reds: vec![(text("Chi chiede i prezzi"), 5, text("< send \"Ecco\""), String::new())],
        groups: vec![
            group("w1", "wait", "Tempo di attesa: 10 minuti", 43, true),
            group("w9", "wait", "Tempo di attesa: 5 giorni", 21, false),
        ],
        targets: vec![(text("m3"), text("Messaggio: Siamo qui se hai domande")), (text("h1"), text("Passa a operatore"))],
    };
    show.page("save", &chrome, &save);
}
