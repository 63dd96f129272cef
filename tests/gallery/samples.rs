//! Sample data for every page: an invented shop, its contacts and its flows.

use askama::Template;
use flusso::base::address::ChannelKind;
use flusso::base::id::{FlowId, Id, Shard};
use flusso::base::time::{Span, Time};
use flusso::base::zone::Zone;
use flusso::model::action::ActionState;
use flusso::model::channel::RequestLine;
use flusso::model::document;
use flusso::model::flow::Flow;
use flusso::model::message::{Choice, Status};
use flusso::model::node::NodeId;
use flusso::model::problem::{Fault, Problem};
use flusso::model::route::Rule;
use flusso::model::run::StartOutcome;
use flusso::model::settings::Settings;
use flusso::web::channels::{ChannelForm, ChannelPage, ChannelRow, ChannelsPage, Check, KindPage, Setting, icon_of, qr, setting_fields};
use flusso::web::chat::{self, Bubble, BubbleAuthor, BubbleFile, Why};
use flusso::web::contacts::{
    ConfirmPage, ContactForm, ContactHead, ContactPage, ContactRow, ContactRun, ContactsPage, StartPage, StartPerson, StartResult, initials,
};
use flusso::web::flow_edit::{Around, EditorFlow, EditorPage, NodePage, SaveGroup, SavePage};
use flusso::web::flow_map::{Marks, Passed, draw};
use flusso::web::flows::{BinPage, BinRow, CopyNotice, DeletePage, EnablePage, FlowFilter, FlowRow, FlowsPage, NamePage};
use flusso::web::login::LoginPage;
use flusso::web::node_form::Fields;
use flusso::web::node_words::Speaker;
use flusso::web::page::{Banner, ChannelDot, Chrome, Counts, ErrorPage, Flash, Markup, Nav, Theme, Tone, render};
use flusso::web::runs::{Entry, RunPage, RunRow, RunsPage};
use flusso::web::settings::{BackupFacts, KeyRow, SettingsPage, SettingsTab};
use flusso::web::setup::SetupPage;
use flusso::web::simulator::{Person, SimulatorPage};
use flusso::web::undelivered::{UndeliveredPage, UndeliveredRow};
use flusso::web::unread::{UnreadPage, UnreadRow};
use flusso::web::words::Language;
use std::collections::BTreeMap;

/// Where the pages go: their name and their HTML.
pub struct Show<'s>(pub &'s mut dyn FnMut(&str, String));

impl Show<'_> {
    fn page(&mut self, name: &str, chrome: &Chrome, template: &impl Template) {
        (self.0)(name, render(chrome, template));
    }
}

fn now() -> Time {
    "2026-11-22T08:14:00Z".parse().expect("a time")
}

fn ago(text: &str) -> Time {
    now() - text.parse::<Span>().expect(text)
}

fn later(text: &str) -> Time {
    now() + text.parse::<Span>().expect(text)
}

fn chrome(title: &str, nav: Nav, language: Language, theme: Theme) -> Chrome {
    Chrome {
        theme,
        operator: Some("Anna".to_owned()),
        nav: Some(nav),
        csrf: "token".to_owned(),
        path: nav.href().to_owned(),
        counts: Counts { runs: 42, undelivered: 2, unread: 1 },
        channels: vec![
            ChannelDot { name: "Negozio".to_owned(), tone: Tone::Good, words: language.channel_on().to_owned() },
            ChannelDot { name: "Bot".to_owned(), tone: Tone::Bad, words: language.channel_stopped().to_owned() },
        ],
        zone: Zone::ROME,
        ..Chrome::bare(title, language, now())
    }
}

fn flow(name: &str) -> Flow {
    let text = match name {
        "welcome" => include_str!("../documents/welcome.json"),
        "order" => include_str!("../documents/order-status.json"),
        _ => include_str!("../documents/quote-follow-up.json"),
    };
    document::read_text(text).expect("a flow")
}

fn text(text: &str) -> String {
    text.to_owned()
}

/// Shows every page.
pub fn all(language: Language, theme: Theme, show: &mut Show<'_>) {
    doors(language, theme, show);
    flows(language, theme, show);
    editor(language, theme, show);
    runs(language, theme, show);
    people(language, theme, show);
    chats(language, theme, show);
    channels(language, theme, show);
    trouble(language, theme, show);
    settings(language, theme, show);
}

fn doors(language: Language, theme: Theme, show: &mut Show<'_>) {
    let bare = Chrome { theme, ..Chrome::bare("Flusso", language, now()) };
    show.page("setup", &bare, &SetupPage::new(&bare, "key"));
    let wrong = SetupPage { name: text("Anna"), wrong_password: text(language.password_short()), ..SetupPage::new(&bare, "key") };
    show.page("setup-wrong", &bare, &wrong);
    let login = LoginPage { chrome: &bare, name: text("Anna"), back: text("/flows"), note: text(language.login_wrong()), tone: Tone::Bad };
    show.page("login", &bare, &login);
    let chrome = chrome(language.not_found(), Nav::Flows, language, theme);
    let error = ErrorPage {
        chrome: &chrome,
        headline: text(language.not_found()),
        text: text(language.not_found_text()),
        ways: vec![(text("/flows"), text(language.go_home())), (text("/"), text(language.try_again()))],
        detail: Some(text("request 7f3a")),
    };
    show.page("error", &chrome, &error);
}

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

fn flows(language: Language, theme: Theme, show: &mut Show<'_>) {
    let mut chrome = chrome(language.nav_flows(), Nav::Flows, language, theme);
    let empty = FlowsPage { chrome: &chrome, filter: FlowFilter::All, rows: Vec::new(), binned: 0, copy: None };
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
    let page = FlowsPage { chrome: &chrome, filter: FlowFilter::All, rows: rows.clone(), binned: 2, copy: None };
    show.page("flows", &chrome, &page);
    let copy = CopyNotice {
        name: text("Benvenuto (2)"),
        missing: vec![(language.misses_phrases("k1"), text("/flows/6/edit?node=k1")), (text(language.misses_token()), text("/flows/6"))],
    };
    show.page("flows-copied", &chrome, &FlowsPage { chrome: &chrome, filter: FlowFilter::All, rows, binned: 2, copy: Some(copy) });
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

fn editor(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome("Benvenuto", Nav::Flows, language, theme);
    let names =
        BTreeMap::from([(text("1"), text("Benvenuto")), (text("2"), text("Stato ordine")), (text("3"), text("Follow-up preventivo"))]);
    let speaker = Speaker { language, texts: "it", flows: &names };
    let head = |name: &str, inside| EditorFlow {
        id: text("1"),
        name: text(name),
        is_enabled: true,
        version: 7,
        draft_differs: true,
        inside,
        revision: 12,
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
        groups: vec![
            group("w1", "wait", "Tempo di attesa: 10 minuti", 43, true),
            group("w9", "wait", "Tempo di attesa: 5 giorni", 21, false),
        ],
        targets: vec![(text("m3"), text("Messaggio: Siamo qui se hai domande")), (text("h1"), text("Passa a operatore"))],
    };
    show.page("save", &chrome, &save);
}

fn runs(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome(language.nav_runs(), Nav::Runs, language, theme);
    let row = |id: &str, contact: &str, flow: &str, at: &str, due: Option<Time>, next: &str, state: &str, tone| RunRow {
        id: text(id),
        contact: text(contact),
        number: text("+39 333 1234567"),
        contact_href: text("/contacts/1"),
        flow: text(flow),
        at: text(at),
        due,
        next: text(next),
        state: text(state),
        tone,
    };
    let rows = vec![
        row(
            "1",
            "Marco Rossi",
            "Follow-up preventivo",
            "Tempo di attesa: 2 giorni",
            Some(later("6m")),
            "Hai avuto modo di leggerlo?",
            language.run_waiting(),
            Tone::Good,
        ),
        row(
            "2",
            "Giulia Bianchi",
            "Stato ordine",
            "Tempo di attesa: 30 minuti, oppure una risposta",
            Some(later("51m")),
            "Passa a operatore",
            language.run_waiting(),
            Tone::Good,
        ),
        row("3", "+39 333 7654321", "Benvenuto", "API: GET shop.example.com/orders", None, "", language.run_held(), Tone::Warn),
        row("4", "Piero", "Stato ordine", "Passa a operatore", Some(later("40m")), "", language.run_with_person(), Tone::Info),
    ];
    let page = |rows| RunsPage {
        chrome: &chrome,
        flows: vec![(text("1"), text("Benvenuto")), (text("2"), text("Stato ordine"))],
        flow: String::new(),
        state: String::new(),
        text: String::new(),
        rows,
        next: Some(text("/runs?after=4")),
    };
    show.page("runs", &chrome, &page(rows));
    show.page("runs-empty", &chrome, &page(Vec::new()));
    show.page("run", &chrome, &run(&chrome));
}

fn entry(id: &str, kind: &str, title: &str, words: &str, at: Option<Time>, state: ActionState) -> Entry {
    Entry {
        id: text(id),
        kind: text(kind),
        title: text(title),
        text: text(words),
        at,
        state,
        result: None,
        notes: Vec::new(),
        branches: Vec::new(),
        can_change: state == ActionState::Scheduled,
        was_changed: false,
        due_field: text("2026-11-22T09:20"),
    }
}

fn run(chrome: &Chrome) -> RunPage<'_> {
    let w = chrome.language;
    let draft = flow("quote");
    let mut marks = Marks::default();
    for (id, passed) in [("m1", Passed::Done), ("w1", Passed::Now)] {
        marks.passed.insert(NodeId(text(id)), passed);
    }
    let mut sent = entry(
        "m1:1",
        "message",
        w.kind("message"),
        "Ciao Marco, grazie per la richiesta del preventivo 1240.",
        Some(ago("1d 15h")),
        ActionState::Done,
    );
    sent.result = Some(text(w.status(&Status::Read)));
    let mut pending = entry("m2:1", "message", w.kind("message"), "Hai avuto modo di leggerlo?", Some(later("6m")), ActionState::Scheduled);
    pending.notes = vec![w.note_moved("oggi 09:20", "Anna")];
    pending.was_changed = true;
    let mut wait = entry("w2:1", "wait", w.kind("wait"), "5 giorni, oppure una risposta", Some(later("5d")), ActionState::Forecast);
    wait.branches = vec![text("tempo scaduto → Salva in rubrica e TAG"), text("ha risposto → Passa a operatore")];
    RunPage {
        chrome,
        id: text("1"),
        contact: text("Marco Rossi"),
        contact_href: text("/contacts/1"),
        flow: text("Follow-up preventivo"),
        flow_href: text("/flows/3/edit"),
        version: 3,
        started: ago("1d 15h"),
        origin: w.origin_operator("Anna"),
        state: text(w.run_waiting()),
        tone: Tone::Good,
        is_held: false,
        is_over: false,
        ended: None,
        silence: None,
        done: vec![sent, entry("w0:1", "save", w.kind("save"), "quote_stage = sent", Some(ago("1d 15h")), ActionState::Skipped)],
        pending: vec![pending],
        forecast: vec![
            wait,
            entry("s1:1", "save", w.kind("save"), "quote_stage = cold · + no-answer", Some(later("5d")), ActionState::Forecast),
        ],
        values: vec![(text("quote"), text("1240")), (text("lang"), text("it"))],
        nodes: vec![(text("m1"), text("Messaggio: Ciao")), (text("w1"), text("Tempo di attesa: 2 giorni"))],
        map: Markup(draw(&draft, Speaker::new(w), &marks)),
    }
}

fn people(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome(language.nav_contacts(), Nav::Contacts, language, theme);
    let row = |id: &str, name: &str, tags: &[&str], silence: Option<&str>, heard, runs| ContactRow {
        id: text(id),
        name: text(name),
        number: text("+39 333 1234567"),
        initials: initials(name),
        tags: tags.iter().map(|tag| text(tag)).collect(),
        silence: silence.map(text),
        heard,
        runs,
    };
    let rows = vec![
        row("1", "Marco Rossi", &["lead", "preventivo-inviato"], None, Some(ago("2h")), 1),
        row("2", "Giulia Bianchi", &["cliente"], Some(language.silence(flusso::model::contact::Silence::Handover)), Some(ago("10m")), 2),
        row("3", "+39 333 7654321", &[], Some(language.silence(flusso::model::contact::Silence::OptedOut)), None, 0),
    ];
    let page = |rows| ContactsPage {
        chrome: &chrome,
        total: 12_400,
        text: String::new(),
        tag: String::new(),
        tags: vec![text("cliente"), text("lead")],
        rows,
        next: Some(text("/contacts?after=3")),
    };
    show.page("contacts", &chrome, &page(rows));
    show.page("contacts-empty", &chrome, &ContactsPage { total: 0, next: None, ..page(Vec::new()) });
    let fields = Fields(vec![
        (text("name"), text("Marco Rossi")),
        (text("addresses.0.kind"), text("whatsapp")),
        (text("addresses.0.address"), text("+393331234567")),
        (text("fields.0.name"), text("city")),
        (text("fields.0.value"), text("Padova")),
    ]);
    let form = ContactForm {
        chrome: &chrome,
        title: language.edit_contact("Marco Rossi"),
        action: text("/contacts/1"),
        back: text("/contacts/1"),
        fields,
        wrong: language.address_taken("Giulia"),
    };
    show.page("contact-edit", &chrome, &form);
    let person = |id: &str, name: &str, why: &str| StartPerson {
        id: text(id),
        name: text(name),
        number: text("+39 333 1234567"),
        why_not: text(why),
    };
    let start = |results| StartPage {
        chrome: &chrome,
        back: text("/contacts"),
        key: text("k"),
        flow: text("3"),
        flows: vec![(text("1"), text("Benvenuto")), (text("3"), text("Follow-up preventivo"))],
        channels: vec![(text("1"), text("Negozio")), (text("2"), text("Bot"))],
        people: vec![person("1", "Marco Rossi", ""), person("3", "+39 333 7654321", "disiscritto")],
        results,
    };
    show.page("start", &chrome, &start(Vec::new()));
    let done = vec![
        StartResult::of("Marco Rossi", "/runs/5", StartOutcome::Started, language),
        StartResult::of("Giulia Bianchi", "/runs/2", StartOutcome::Kept, language),
        StartResult::of("+39 333 7654321", "/contacts/3", StartOutcome::OptedOut, language),
    ];
    show.page("started", &chrome, &start(done));
    let confirm = ConfirmPage {
        chrome: &chrome,
        title: language.delete_contact("Marco Rossi"),
        lines: vec![text(language.delete_contact_text())],
        action: text("/contacts/1?method=delete"),
        button: text(language.delete()),
        back: text("/contacts/1"),
    };
    show.page("contact-delete", &chrome, &confirm);
}

fn bubbles(language: Language) -> Vec<Bubble> {
    let robot = || Some(BubbleAuthor { icon: "robot", name: text("Benvenuto"), href: Some(text("/runs/1")) });
    let why = Why {
        rule: text(language.rule(Rule::KeywordExact)),
        flow: Some((text("Benvenuto"), text("/flows/1/edit"))),
        lost: vec![text("Menu: contiene “ciao”")],
    };
    let choices = ["Prezzi", "Prenota", "Operatore"].map(|title| Choice { id: title.to_lowercase(), title: text(title) });
    vec![
        Bubble {
            id: text("1"),
            text: text("Ciao, posso avere un preventivo?"),
            at: Some(ago("1d 15h")),
            why: Some(why),
            ..Bubble::default()
        },
        Bubble {
            id: text("2"),
            is_out: true,
            author: robot(),
            text: text("Ciao Marco! Come possiamo aiutarti?"),
            choices: choices.to_vec(),
            at: Some(ago("1d 15h")),
            status: Some(Status::Read),
            ..Bubble::default()
        },
        Bubble {
            id: text("3"),
            is_out: true,
            author: robot(),
            text: text("Ecco il listino."),
            files: vec![BubbleFile { icon: "document", name: text("listino.pdf"), href: text("/files/1"), is_picture: false }],
            at: Some(ago("1d 14h")),
            status: Some(Status::Delivered),
            ..Bubble::default()
        },
        Bubble { id: text("4"), text: text("Grazie 🙏"), at: Some(ago("2h")), ..Bubble::default() },
        Bubble {
            id: text("5"),
            is_out: true,
            author: Some(BubbleAuthor { icon: "user", name: text("Anna"), href: None }),
            text: text("Ho aggiunto lo sconto, domani ti mando la conferma."),
            at: Some(ago("1h")),
            status: Some(Status::Sent),
            ..Bubble::default()
        },
        Bubble {
            id: text("6"),
            is_out: true,
            author: robot(),
            text: text("Qualche domanda?"),
            at: Some(ago("5m")),
            status: Some(Status::Failed),
            reason: Some(text("La finestra di 24 ore è chiusa da 2 ore: non è partito niente.")),
            ..Bubble::default()
        },
    ]
}

fn contact_run(id: &str, state: &str, tone: Tone) -> ContactRun {
    ContactRun {
        id: text(id),
        flow: text("Follow-up preventivo"),
        at: text("Tempo di attesa: 2 giorni"),
        due: Some(later("6m")),
        state: text(state),
        tone,
    }
}

fn chats(language: Language, theme: Theme, show: &mut Show<'_>) {
    let one = chrome("Marco Rossi", Nav::Contacts, language, theme);
    let head = ContactHead {
        id: text("1"),
        name: text("Marco Rossi"),
        initials: text("MR"),
        addresses: vec![(text("WhatsApp"), text("+39 333 1234567"))],
        window: Some(language.window_open_for(&language.length(Span::HOUR.times(5)))),
        silence: Some(language.silent_until("10:20")),
        automations: "on",
        consent: text(language.consent(flusso::model::contact::ConsentState::OptedIn)),
        tags: vec![text("lead"), text("preventivo-inviato")],
        fields: vec![(text("city"), text("Padova")), (text("quote"), text("1240 €"))],
        ..ContactHead::default()
    };
    let page = ContactPage {
        chrome: &one,
        head,
        lines: chat::lines(bubbles(language), now(), Zone::ROME, language),
        older: Some(text("/contacts/1?before=1")),
        cannot_write: None,
        channels: vec![(text("1"), text("Negozio"))],
        message_key: text("k"),
        runs: vec![contact_run("1", language.run_waiting(), Tone::Good)],
        ended_runs: 3,
        all_tags: vec![text("cliente")],
    };
    show.page("contact", &one, &page);
    let chrome = chrome(language.nav_simulator(), Nav::Simulator, language, theme);
    let flip =
        |bubble: Bubble| Bubble { is_out: !bubble.is_out, press: Some(text("/simulator/messages")), status: None, reason: None, ..bubble };
    let talk: Vec<Bubble> = bubbles(language).into_iter().take(3).map(flip).collect();
    let person = |name: &str| Person { key: text(name), name: text(name), initials: initials(name) };
    let page = |lines, missing| SimulatorPage {
        chrome: &chrome,
        missing,
        people: vec![person("Giulia"), person("Marco Rossi"), person("Nonna Pina")],
        person: text("Giulia"),
        person_name: text("Giulia"),
        lines,
        status: Some(language.simulator_waits(&language.relative(later("10m"), now()))),
        phrases: vec![(text("ciao"), text("Benvenuto")), (text("ordine"), text("Stato ordine"))],
        runs: vec![contact_run("1", language.run_waiting(), Tone::Good)],
    };
    show.page("simulator", &chrome, &page(chat::lines(talk, now(), Zone::ROME, language), None));
    show.page("simulator-none", &chrome, &page(Vec::new(), Some(text(language.simulator_none_text()))));
}

fn channels(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome(language.nav_channels(), Nav::Channels, language, theme);
    let row = |id: &str, name: &str, kind: ChannelKind, state: &str, tone, problem: Option<&str>| ChannelRow {
        id: text(id),
        name: text(name),
        kind: text(language.channel_kind(kind)),
        icon: icon_of(kind),
        state: text(state),
        tone,
        problem: problem.map(text),
        heard: problem.is_none().then(|| ago("3m")),
    };
    let rows = vec![
        row("1", "Negozio", ChannelKind::Whatsapp, language.channel_on(), Tone::Good, None),
        row(
            "2",
            "Bot",
            ChannelKind::Telegram,
            language.channel_stopped(),
            Tone::Bad,
            Some("Telegram non accetta il token: creane uno nuovo con BotFather."),
        ),
        row("3", "Simulatore", ChannelKind::Simulator, language.channel_on(), Tone::Good, None),
    ];
    show.page("channels", &chrome, &ChannelsPage { chrome: &chrome, rows });
    show.page("channels-empty", &chrome, &ChannelsPage { chrome: &chrome, rows: Vec::new() });
    show.page("channel-kinds", &chrome, &KindPage { chrome: &chrome, kinds: ChannelKind::ALL.to_vec() });
    let setting = |name, is_secret, is_optional| Setting { name, is_secret, is_optional };
    let settings = [
        setting("phone_number_id", false, false),
        setting("access_token", true, false),
        setting("app_secret", true, false),
        setting("verify_token", true, false),
        setting("graph_version", false, true),
    ];
    let form = ChannelForm {
        chrome: &chrome,
        title: text(language.new_channel()),
        action: text("/channels"),
        button: text(language.connect()),
        back: text("/channels"),
        kind: text("whatsapp"),
        kind_words: text("WhatsApp Cloud API"),
        name: text("Negozio"),
        fields: setting_fields(
            &settings,
            &BTreeMap::from([(text("phone_number_id"), text("106540352242922"))]),
            &["access_token"],
            language,
        ),
        base_url: String::new(),
        allow_private: false,
        public_url: String::new(),
        language: text("it"),
        rate: String::new(),
        pair: String::new(),
        unknown: text("live_replies"),
        faults: BTreeMap::from([(text("name"), language.name_taken("Negozio"))]),
    };
    show.page("channel-form", &chrome, &form);
    let check = |tone, title: &str, words: &str| Check { tone, title: text(title), text: text(words) };
    let line =
        |at, method: &str, status, reason: &str| RequestLine { at, method: text(method), status, reason: text(reason), body_bytes: 1240 };
    let address = "https://bot.example.it/hooks/7f2c9a51e0d84b6f";
    let page = ChannelPage {
        chrome: &chrome,
        id: text("1"),
        name: text("Negozio"),
        kind_words: text("WhatsApp Cloud API"),
        is_enabled: true,
        state: text(language.channel_on()),
        tone: Tone::Good,
        stopped: None,
        checks: vec![
            check(Tone::Good, language.check_address(), "https://bot.example.it"),
            check(Tone::Good, language.check_secrets(), ""),
            check(Tone::Good, language.check_heard(), ""),
            check(Tone::Warn, language.check_sent(), language.check_sent_missing()),
        ],
        hook_url: Some(text(address)),
        qr: qr(address),
        requests: vec![
            line(ago("3m"), "POST", 401, "La firma non corrisponde alla chiave segreta dell'app."),
            line(ago("13m"), "GET", 200, "Verificato"),
        ],
        test: Some((Tone::Good, text(language.test_sent()))),
    };
    show.page("channel", &chrome, &page);
}

fn trouble(language: Language, theme: Theme, show: &mut Show<'_>) {
    let mut chrome = chrome(language.nav_undelivered(), Nav::Undelivered, language, theme);
    chrome.banner = Some(Banner { tone: Tone::Warn, text: text(language.everything_is_paused()), link: None });
    chrome.paused = true;
    let row = |id: &str, is_unknown, reason: &str| UndeliveredRow {
        id: text(id),
        contact: text("Marco Rossi"),
        contact_href: text("/contacts/1"),
        channel: text("Negozio"),
        text: text("Ciao Marco, hai avuto modo di leggere il preventivo?"),
        reason: text(reason),
        is_unknown,
        at: ago("40m"),
        attempts: 3,
        run: Some((text("/runs/1"), text("Follow-up preventivo"))),
    };
    let rows = vec![
        row("1", false, "WhatsApp non l'ha accettato: la finestra di 24 ore è chiusa da 2 ore."),
        row("2", true, "La connessione è caduta dopo l'invio."),
    ];
    show.page("undelivered", &chrome, &UndeliveredPage { chrome: &chrome, rows, next: None });
    show.page("undelivered-empty", &chrome, &UndeliveredPage { chrome: &chrome, rows: Vec::new(), next: None });
    let kept = UnreadRow {
        id: text("1"),
        channel: text("Negozio"),
        channel_href: text("/channels/1"),
        at: ago("1d"),
        reason: text("Il tipo di messaggio \"poll\" non è conosciuto."),
        build: text("0.1.0"),
        body: text("{\"entry\":[{\"changes\":[{\"value\":{\"messages\":[{\"type\":\"poll\",\"poll\":{\"name\":\"Quando passi?\"}}]}}]}]}"),
        size: 104,
    };
    show.page("unread", &chrome, &UnreadPage { chrome: &chrome, rows: vec![kept], next: None });
}

fn settings(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome(language.nav_settings(), Nav::Settings, language, theme);
    let mut settings = Settings::default();
    settings.business_hours = serde_json::from_str(
        "[{\"days\":\"mon-fri\",\"from\":\"09:00\",\"to\":\"19:30\"},{\"days\":\"sat\",\"from\":\"09:00\",\"to\":\"13:00\"}]",
    )
    .expect("hours");
    settings.quiet_hours = serde_json::from_str("{\"from\":\"21:00\",\"to\":\"08:00\"}").expect("hours");
    for tab in SettingsTab::ALL {
        let mut page = SettingsPage::new(&chrome, tab, &settings);
        page.backup = BackupFacts { last: Some(ago("7h")), bytes: 48_300_000, folder: text("/var/lib/flusso/backups"), phrase: None };
        page.keys = vec![KeyRow {
            id: text("1"),
            name: text("Gestionale"),
            prefix: text("fl_7Qx2"),
            scopes: text("Leggere, Far partire automazioni"),
            created: ago("30d"),
        }];
        page.new_key = Some((text("Sito"), text("fl_9aLk3Q8vWm2Z7c0pXr5tYb1N")));
        show.page(&format!("settings-{tab:?}").to_lowercase(), &chrome, &page);
    }
}
