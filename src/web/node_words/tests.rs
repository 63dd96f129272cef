//! What nodes are said to do, in both languages.

use super::*;
use crate::model::document;

fn said(text: &str, language: Language) -> Vec<String> {
    let flow = document::read_text(text).expect("a flow");
    flow.nodes.iter().map(|node| Speaker::new(language).line(node)).collect()
}

#[test]
fn a_node_says_what_it_does() {
    let follow_up = said(include_str!("../../../tests/documents/quote-follow-up.json"), Language::Italian);
    assert_eq!(follow_up[1], "2 giorni (lun–ven 09:00–18:00), oppure una risposta");
    assert_eq!(follow_up[4], "quote_stage = cold · + no-answer");
    let order = said(include_str!("../../../tests/documents/order-status.json"), Language::English);
    assert_eq!(order[0], "“ordine”, contains “dov'è il mio pacco”");
    assert_eq!(order[3], "GET shop.example.com/orders/{{ run.order }}");
    assert_eq!(order[4], "status is “shipped”");
    assert_eq!(order[8], "“Benvenuto”: both go on");
    let welcome = said(include_str!("../../../tests/documents/welcome.json"), Language::Italian);
    assert_eq!(welcome[3], "testo del messaggio contiene “prezz” o testo del messaggio contiene “costa”");
    assert_eq!(welcome[8], "Risponde una persona per 12 ore");
}

#[test]
fn an_exit_has_the_words_of_its_button() {
    let flow = document::read_text(include_str!("../../../tests/documents/welcome.json")).expect("a flow");
    let speaker = Speaker::new(Language::Italian);
    let names: Vec<_> = flow.nodes[1].kind.exit_names().iter().map(|name| speaker.exit(&flow.nodes[1], name)).collect();
    assert_eq!(names, ["poi", "Prezzi", "Prenota", "Operatore"]);
}

#[test]
fn a_long_text_is_cut_at_words() {
    assert_eq!(
        lines("Ciao Anna, grazie per la richiesta del preventivo di ieri", 26, 2),
        ["Ciao Anna, grazie per la", "richiesta del preventivo…"]
    );
    assert_eq!(lines("Donaudampfschifffahrtsgesellschaftskapitän", 26, 2), ["Donaudampfschifffahrtsges…"]);
    assert_eq!(lines("", 26, 2), Vec::<String>::new());
}
