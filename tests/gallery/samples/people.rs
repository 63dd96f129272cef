//! Contacts, their chats, and the simulator.

use super::{Show, ago, chrome, later, now, text};
use flusso::base::time::Span;
use flusso::base::zone::Zone;
use flusso::model::field::FieldKind;
use flusso::model::flow::QuestionKind;
use flusso::model::message::{Choice, Status};
use flusso::model::route::Rule;
use flusso::model::run::StartOutcome;
use flusso::web::blueprints::Asked;
use flusso::web::chat::{self, Bubble, BubbleAuthor, BubbleFile, Why};
use flusso::web::contacts::{
    ConfirmPage, ContactForm, ContactHead, ContactPage, ContactRow, ContactRun, ContactsPage, FieldInput, FieldInputs, StartPage,
    StartPerson, StartResult, initials,
};
use flusso::web::node_form::Fields;
use flusso::web::page::{Nav, Theme, Tone};
use flusso::web::quick_replies::{Preview, RepliesPage, ReplyForm, ReplyRow};
use flusso::web::simulator::{Person, SimulatorPage};
use flusso::web::words::Language;

/// A field of each kind, one with a fault, one that is nobody's yet.
fn inputs(w: Language) -> FieldInputs {
    let input = |number: usize, name: &str, kind, value: &str| FieldInput {
        prefix: format!("fields.{number}"),
        name: text(name),
        kind,
        value: text(value),
        time: String::new(),
        wrong: String::new(),
        is_defined: true,
        is_new: false,
    };
    let free = FieldInput { is_defined: false, is_new: true, ..input(6, "", FieldKind::Text, "") };
    FieldInputs {
        held: vec![
            FieldInput { is_defined: false, ..input(0, "city", FieldKind::Text, "Padova") },
            FieldInput { time: text("09:15"), ..input(1, "appointment_at", FieldKind::Date, "2026-12-01") },
            FieldInput { wrong: text(w.field_no_date()), ..input(2, "birthday", FieldKind::Date, "domani") },
            input(3, "visits", FieldKind::Number, "3"),
            input(4, "member", FieldKind::Boolean, "true"),
            input(5, "sizes", FieldKind::List, "M, 42"),
        ],
        free: vec![free],
        others: vec![FieldInput { is_new: true, ..input(7, "due_at", FieldKind::Date, "") }],
    }
}

pub fn people(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome(language.nav_contacts(), Nav::Contacts, language, theme);
    let row = |id: &str, name: &str, tags: &[&str], silence: Option<&str>, heard, runs| ContactRow {
        id: text(id),
        name: text(name),
        number: text("+39 333 1234567"),
        initials: initials(name),
        tags: tags.iter().map(|tag| text(tag)).collect(),
        silence: silence.map(text),
        is_unanswered: id == "1",
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
        unanswered: 3,
        only_unanswered: false,
        text: String::new(),
        tag: String::new(),
        starts: None,
        tags: vec![text("cliente"), text("lead")],
        rows,
        next: Some(text("/contacts?after=3")),
    };
    show.page("contacts", &chrome, &page(rows));
    quick(language, theme, show);
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
        inputs: inputs(language),
        known: vec![text("city")],
        wrong: language.address_taken("Giulia"),
    };
    show.page("contact-edit", &chrome, &form);
    let person = |id: &str, name: &str, why: &str| StartPerson {
        id: text(id),
        name: text(name),
        number: text("+39 333 1234567"),
        why_not: text(why),
        starts_again: false,
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
        refused: false,
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

pub fn chats(language: Language, theme: Theme, show: &mut Show<'_>) {
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
        draft: String::new(),
        reply: String::new(),
        files: vec![(text("0"), text("listino.pdf"))],
        lacks_a_file: true,
        quick: vec![(text("/contacts/1?reply=1#text"), text("ciao"), text("Ciao Marco, sono Anna. Come posso aiutarti?"))],
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

fn quick(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome(language.quick_replies(), Nav::Contacts, language, theme);
    let row = |id: &str, shortcut: &str, words: &str, uses, is_open| ReplyRow {
        id: text(id),
        shortcut: text(shortcut),
        text: text(words),
        uses,
        is_open,
        files: usize::from(is_open),
    };
    let rows = vec![
        row("1", "orari", "Siamo aperti dal lunedì al sabato, 9-19:30.", 41, false),
        row("2", "iban", "Puoi fare il bonifico qui:\nIBAN: {{ ask.iban }}", 0, true),
    ];
    let page = |rows| RepliesPage { chrome: &chrome, text: String::new(), rows, offers_pack: true };
    show.page("quick-replies", &chrome, &page(rows));
    show.page("quick-replies-empty", &chrome, &page(Vec::new()));
    let fields = [("shortcut", "iban"), ("text_it", "IBAN: {{ ask.iban }}"), ("text_en", "IBAN: {{ ask.iban }}")];
    let blank = |name: &str, kind, wrong: &str| Asked {
        name: text(name),
        label: text("IBAN?"),
        kind,
        value: String::new(),
        wrong: text(wrong),
        is_needed: false,
    };
    let form = ReplyForm {
        chrome: &chrome,
        title: language.quick_edit("iban"),
        action: text("/quick-replies/2"),
        fields: Fields(fields.iter().map(|(name, words)| (text(name), text(words))).collect()),
        blanks: vec![blank("ask.iban", QuestionKind::Text, ""), blank("ask.days", QuestionKind::Number, language.ask_no_number())],
        file_blanks: vec![blank("ask.pdf", QuestionKind::File, "")],
        files: vec![(text("before:0"), text("listino.pdf"))],
        wrong_file: text(language.file_unknown()),
        wrong_shortcut: language.quick_taken("iban"),
        wrong_text: String::new(),
        preview: Some(Preview {
            action: text("/quick-replies/2/edit"),
            who: text("Anna Verdi"),
            called: text("anna"),
            found: vec![(text("/quick-replies/2/edit?contact=3"), text("Anna Bianchi, +39 333 1234567"))],
            none_found: true,
            texts: vec![(text("it"), text("IBAN: [iban]"))],
            ..Preview::default()
        }),
    };
    show.page("quick-reply-form", &chrome, &form);
}
