//! A flow started for many.

use super::{Show, chrome, text};
use flusso::model::broadcast::LeftOut;
use flusso::model::run::StartOutcome;
use flusso::web::broadcasts::{BroadcastPage, FlowStartLook, FlowStartPage, Written};
use flusso::web::page::{Nav, Theme};
use flusso::web::words::Language;

pub fn broadcasts(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome(language.broadcast(), Nav::Flows, language, theme);
    let written = Written { tag: text("clienti"), segment: String::new(), numbers: String::new(), channel: String::new() };
    let channels = vec![(String::new(), text(language.start_many_any_channel())), (text("1"), text("Negozio")), (text("2"), text("Bot"))];
    let page = FlowStartPage {
        chrome: &chrome,
        id: text("3"),
        name: text("Offerta di primavera"),
        is_enabled: false,
        written: written.clone(),
        wrong: text(language.start_many_wrong()),
        segments: vec![(String::new(), text("Nessuno")), (text("Clienti d'oro"), text("Clienti d'oro"))],
        channels,
        address: None,
    };
    show.page("flow-start", &chrome, &page);
    let address = Some(text("https://flusso.example.com/start/0123456789abcdef0123456789abcdef"));
    show.page("flow-start-address", &chrome, &FlowStartPage { is_enabled: true, wrong: String::new(), address, ..page });
    let left = |why: LeftOut| language.left_out(why);
    let look = FlowStartLook {
        chrome: &chrome,
        id: text("3"),
        name: text("Offerta di primavera"),
        written,
        key: text("key"),
        starts: 128,
        reasons: vec![(3, left(LeftOut::OptedOut)), (12, left(LeftOut::AlreadyInside)), (1, left(LeftOut::Unreadable))],
        left_out: vec![(text("Anna"), left(LeftOut::OptedOut)), (text("12345"), left(LeftOut::Unreadable))],
        more: true,
    };
    show.page("flow-start-look", &chrome, &look);
    let nobody = FlowStartLook { starts: 0, reasons: Vec::new(), left_out: Vec::new(), more: false, ..look };
    show.page("flow-start-nobody", &chrome, &nobody);
    let broadcast = BroadcastPage {
        chrome: &chrome,
        id: text("1"),
        flow: (text("3"), text("Offerta di primavera")),
        whom: language.whom_tagged("clienti"),
        state: text(language.broadcast_running()),
        is_running: true,
        done: 144,
        counts: vec![(language.start_outcome(StartOutcome::Started), 128), (language.start_outcome(StartOutcome::Kept), 16)],
        left_out: vec![(text("Marco Rossi"), text(left(LeftOut::AlreadyInside)))],
    };
    show.page("broadcast", &chrome, &broadcast);
}
