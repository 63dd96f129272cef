//! The gallery of the starter pack, one blueprint with its questions, and what a newcomer is asked.

use super::{Show, chrome, flow, text};
use flusso::model::flow::QuestionKind;
use flusso::web::blueprints::{Asked, BlueprintPage, Card, Chip, FirstPage, GalleryPage, Need, TakenLine};
use flusso::web::flow_map::{self, Marks};
use flusso::web::node_words::Speaker;
use flusso::web::page::{Markup, Nav, Theme, Tone};
use flusso::web::phrase::OverlapLine;
use flusso::web::words::Language;

pub fn pack(language: Language, theme: Theme, show: &mut Show<'_>) {
    let w = language;
    let list = chrome(w.ready_flows(), Nav::Flows, w, theme);
    let chip = |words: &str, is_on| Chip { href: text("/blueprints?trade=shop"), words: text(words), is_on };
    let card = |word, name, purpose| Card {
        word,
        name,
        purpose,
        sketch: Markup(flow_map::sketch(&flow("welcome"))),
        nodes: 14,
        trades: text(w.trade_any()),
        goal: w.goal_answer(),
        added: 1,
    };
    let cards = vec![card("welcome", "Benvenuto", "Saluta chi scrive."), card("price-list", "Listino", "Manda i prezzi.")];
    let page = |cards| GalleryPage {
        chrome: &list,
        trades: vec![chip(w.filter_all(), false), chip(w.trade_shop(), true)],
        goals: vec![chip(w.filter_all(), true), chip(w.goal_sell(), false)],
        cards,
    };
    show.page("blueprints", &list, &page(cards));
    show.page("blueprints-none", &list, &page(Vec::new()));
    one(w, theme, show);
    let first = chrome(w.first_title(), Nav::Flows, w, theme);
    let need = Need { word: "welcome", icon: "chat", title: w.first_welcome(), text: "Benvenuto" };
    show.page("first", &first, &FirstPage { chrome: &first, needs: vec![need], has_examples: true });
}

fn one(w: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome("Listino", Nav::Flows, w, theme);
    let asked = |name: &str, kind, value: &str, wrong: &str, is_needed| Asked {
        name: text(name),
        label: text("Che cosa?"),
        kind,
        value: text(value),
        wrong: text(wrong),
        is_needed,
    };
    let owner = (text("/flows/1/edit"), text("Prezzi"));
    let page = BlueprintPage {
        chrome: &chrome,
        word: "price-list",
        name: "Listino",
        purpose: "Manda i prezzi.",
        map: Markup(flow_map::draw(&flow("quote"), Speaker::new(w), &Marks::default())),
        needs: vec![text(w.need_channels()), w.need_fields("pricelist_sent_at")],
        questions: vec![
            asked("ask.prices", QuestionKind::Text, &"taglio 25 €, ".repeat(8), "", true),
            asked("ask.shop", QuestionKind::Url, "www", w.ask_no_url(), true),
            asked("ask.hours", QuestionKind::TimeRange, "", "", false),
            asked("ask.date", QuestionKind::DateTime, "2026-12-12T18:00", "", true),
            asked("ask.price_list", QuestionKind::File, "", w.file_unknown(), false),
        ],
        channels: vec![(text("Negozio"), true), (text("Bot"), false)],
        wrong_channels: text(w.listens_nowhere()),
        taken: vec![TakenLine { text: w.blueprint_taken(1_u64, "“listino”"), flow: owner.clone() }],
        overlaps: vec![OverlapLine { tone: Tone::Info, text: text("“listino prezzi”"), flow: owner }],
        own_word: Some((text("menu"), w.blueprint_own_word_taken("Menu"))),
        takes_over: Some(w.blueprint_takes_over("Listino")),
        offers_simulator: true,
        added: 2,
    };
    show.page("blueprint", &chrome, &page);
}
