//! What surrounds a flow: its history, a conversation with its draft, a phrase tested.

use super::{Show, ago, chrome, flow, text};
use flusso::base::zone::Zone;
use flusso::engine::talk;
use flusso::model::node::NodeKind;
use flusso::web::flow_diff;
use flusso::web::flow_map::{self, Marks};
use flusso::web::history::{self, ComparePage, HistoryPage, VersionPage, VersionRow};
use flusso::web::node_words::Speaker;
use flusso::web::page::{Markup, Nav, Theme};
use flusso::web::phrase::{LoserLine, MatchPage, Verdict};
use flusso::web::rehearsal::{Calls, KeptTalk, Rehearsal, RehearsalPage, Stand, Teller};
use flusso::web::words::Language;

pub fn history(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome("Benvenuto", Nav::Flows, language, theme);
    let (old, mut new, speaker) = (flow("welcome"), flow("welcome"), Speaker::new(language));
    if let Some(NodeKind::Message(message)) = new.nodes.get_mut(1).map(|node| &mut node.kind) {
        message.text = flusso::model::node::Text::Plain(text("Ciao! Come possiamo aiutarti oggi?"));
    }
    new.nodes.pop();
    let found = flow_diff::compare(&old, &new);
    let said = history::sentences(&found, &old, &new, speaker);
    let row = |number, changes: &[String]| VersionRow {
        number,
        saved: ago("3d"),
        by: text("Anna"),
        changes: changes.to_vec(),
        is_newest: number == 3,
    };
    let rows = vec![row(3, &said), row(2, &[text(language.history_same())]), row(1, &[text(language.history_first())])];
    let choices = vec![(text("draft"), text(language.history_draft())), (text("3"), language.history_version(&3))];
    let page = HistoryPage {
        chrome: &chrome,
        id: text("1"),
        name: text("Benvenuto"),
        revision: 4,
        draft: said.clone(),
        rows,
        older: Some(1),
        choices,
    };
    show.page("history", &chrome, &page);
    let (from, to) = (language.history_version(&2), language.history_version(&3));
    let rows = history::rows(found, &old, &new, speaker);
    show.page("history-compare", &chrome, &ComparePage { chrome: &chrome, id: text("1"), name: text("Benvenuto"), from, to, rows });
    let nodes = old.nodes.iter().map(|node| (text(node.kind.word()), speaker.name(node), speaker.line(node))).collect();
    let page = VersionPage {
        chrome: &chrome,
        id: text("1"),
        name: text("Benvenuto"),
        revision: 4,
        row: row(2, &said),
        map: Markup(flow_map::draw(&old, speaker, &Marks::default())),
        nodes,
        draft_differs: true,
    };
    show.page("history-version", &chrome, &page);
}

pub fn rehearsal(language: Language, theme: Theme, show: &mut Show<'_>) {
    let chrome = chrome("Benvenuto", Nav::Flows, language, theme);
    let flow = flow("order");
    let script = "> start\n> \"12345\"\n> answer 200 {\"state\":\"shipped\",\"tracking\":\"XY1\"}\nwake in 3d\n> \"niente\"";
    let seen = talk::rehearse(script, &flow).expect("a talk");
    let teller = Teller { speaker: Speaker::new(language), flow: &flow, home: "/flows/1/edit", zone: Zone::ROME, began: seen.scenes[0].at };
    let (status, _) = teller.standing(seen.run.as_ref());
    let it = Rehearsal {
        base: "/flows/1".to_owned(),
        home: "/flows/1/edit".to_owned(),
        keeps: true,
        id: text("1"),
        revision: 3,
        script: seen.script.clone(),
        has_begun: true,
        notice: Some(text(language.try_no_wait())),
        lines: teller.lines(&seen),
        log: teller.log(&seen),
        clock: teller.when(seen.now),
        clock_field: text("2026-11-23T10:00"),
        status,
        stand: Stand { waits: true, calls: true, called: true, handover: true },
        starts: Vec::new(),
        calls: Calls::Real,
        has_calls: true,
        channels: language.channel_kinds(),
        channel: text("whatsapp"),
        people: vec![(text("sample"), text(language.try_sample()))],
        kept: vec![
            KeptTalk { place: 0, name: text("Chi chiede"), red: None },
            KeptTalk { place: 1, name: text("Chi tace"), red: Some((4, text("< send \"Ciao\""), String::new())) },
        ],
        is_fresh: false,
    };
    show.page("rehearsal", &chrome, &RehearsalPage { chrome: &chrome, name: text("Stato ordine"), it });
    let link = |name: &str| (text("/flows/2/edit"), text(name));
    let verdict = Verdict {
        winner: Some(link("Listino")),
        rule: text(language.rule(flusso::model::route::Rule::KeywordExact)),
        losers: vec![LoserLine { flow: Some(link("Prezzi")), text: text(language.lost_later_rule()) }],
        off: vec![link("Vecchio listino")],
    };
    let channels = vec![(text("1"), text("Negozio")), (text("2"), text("Simulatore"))];
    let page = MatchPage {
        chrome: &chrome,
        text: text("listino"),
        channels,
        channel: text("1"),
        flow: Some((text("1"), text("Listino"))),
        verdict: Some(verdict),
    };
    show.page("match", &chrome, &page);
}
