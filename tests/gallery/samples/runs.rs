//! Active automations.

use super::{Show, ago, chrome, flow, later, text};
use flusso::base::time::Time;
use flusso::model::action::ActionState;
use flusso::model::message::Status;
use flusso::model::node::NodeId;
use flusso::web::flow_map::{Marks, Passed, draw};
use flusso::web::node_words::Speaker;
use flusso::web::page::{Chrome, Markup, Nav, Theme, Tone};
use flusso::web::runs::{Entry, QuickMove, RunPage, RunRow, RunsPage, Way, WayLine};
use flusso::web::words::Language;

pub fn runs(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome(language.nav_runs(), Nav::Runs, language, theme);
    let row = |id: &str, contact: &str, flow: &str, at: &str, due: Option<Time>, next: &str, state: &str, tone| RunRow {
        id: text(id),
        contact: text(contact),
        number: text("+39 333 1234567"),
        contact_href: text("/contacts/1"),
        flow: text(flow),
        flow_href: text("/runs?flow=1"),
        at: text(at),
        due,
        next: text(next),
        started: ago("1d 15h"),
        state: text(state),
        tone,
        action: due.map(|_| text("m2:1")),
        is_held: false,
        moves: moves(),
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
        nodes: vec![(text("w1"), text("Tempo di attesa: 2 giorni"))],
        channels: vec![(text("1"), text("WhatsApp")), (text("2"), text("Telegram"))],
        views: vec![(text("/runs?state=held"), text("Sospese"))],
        can_save: true,
        filters: vec![(text("state"), text("held"))],
        here: text("/runs?state=held"),
        back: text("/runs?state=held"),
        contact: Some((text("1"), text("Marco Rossi"), text("/runs?state=held"))),
        flow: String::new(),
        node: String::new(),
        channel: String::new(),
        tag: String::new(),
        tags: vec![text("cliente"), text("no_show")],
        state: String::new(),
        due: String::new(),
        text: String::new(),
        inside: 42,
        held: 2,
        late: Vec::new(),
        rows,
        next: Some(text("/runs?after=4")),
        cut: true,
    };
    show.page("runs", &chrome, &page(rows));
    show.page("runs-empty", &chrome, &page(Vec::new()));
    show.page("run", &chrome, &run(&chrome));
}

fn moves() -> Vec<QuickMove> {
    vec![QuickMove { word: "hour", said: text("Un'ora più tardi"), when: text("oggi 10:20") }]
}

fn language_means() -> String {
    Language::Italian.verbs_mean("Marco", "«Tempo di attesa»")
}

fn entry(id: &str, kind: &str, title: &str, words: &str, at: Option<Time>, state: ActionState) -> Entry {
    Entry {
        id: text(id),
        place: text(id),
        kind: text(kind),
        title: text(title),
        text: text(words),
        at,
        state,
        result: None,
        notes: Vec::new(),
        branches: Vec::new(),
        can_change: matches!(state, ActionState::Scheduled | ActionState::Forecast),
        is_next: state == ActionState::Scheduled,
        can_send: state == ActionState::Scheduled,
        contact: text("Marco"),
        moves: moves(),
        means: language_means(),
        why: text("Viene dopo «Messaggio»."),
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
    marks.taken.insert((NodeId(text("m1")), text("next")));
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
    let way = |label: &str, followed, lines: &[&str], ends| Way {
        label: text(label),
        followed,
        lines: lines
            .iter()
            .map(|line| WayLine { said: text(line), entry: entry("m9:1", "message", "Messaggio", line, None, ActionState::Forecast) })
            .map(|line| WayLine { entry: Entry { place: format!("{label}-{}", line.said.len()).replace(' ', "-"), ..line.entry }, ..line })
            .collect(),
        ends,
    };
    wait.branches = vec![
        way("tempo scaduto", true, &[], false),
        way("ha risposto", false, &["Salva in rubrica e TAG: interessato", "Passa a operatore"], false),
        way("risposta non valida", false, &[], true),
    ];
    RunPage {
        chrome,
        id: text("1"),
        contact: text("Marco Rossi"),
        contact_href: text("/contacts/1"),
        clock: None,
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
        done: vec![sent, entry("w0:1", "save", w.kind("save"), "Fase del preventivo = inviato", Some(ago("1d 15h")), ActionState::Skipped)],
        pending: vec![pending],
        forecast: vec![
            wait,
            entry("s1:1", "save", w.kind("save"), "Fase del preventivo = freddo · + no-answer", Some(later("5d")), ActionState::Forecast),
        ],
        values: vec![(text("quote"), text("1240")), (text("lang"), text("it"))],
        all_href: text("/runs?contact=1"),
        nodes: vec![(text("m1"), text("Messaggio: Ciao")), (text("w1"), text("Tempo di attesa: 2 giorni"))],
        map: Markup(draw(&draft, Speaker::new(w), &marks)),
    }
}
