//! The order of the rules, one guard a test.

use super::scene::*;
use super::*;
use crate::base::id::{ChannelId, FlowId};
use crate::base::time::Span;
use crate::model::contact::{Automations, Handover, Passage};
use crate::model::message::MessageKind;
use crate::model::run::{EndedAs, Phase, WaitingFor};

fn losers(route: &Route) -> Vec<Rule> {
    route.lost.iter().map(|lost| lost.rule).collect()
}

fn press_of(run: u64, choice: &str) -> Outcome {
    Outcome::Press { run: id(run), node: node("m1"), choice: choice.to_owned() }
}

fn flow_id(n: u64) -> Option<FlowId> {
    Some(id(n))
}

#[test]
fn what_does_not_speak_is_recorded_and_starts_nothing() {
    let mut scene = Scene::new().flow(keyword_flow("ciao", "exact"));
    assert_eq!(scene.hears("ciao").rule, Rule::KeywordExact);
    for kind in [MessageKind::Reaction, MessageKind::Edit, MessageKind::Status, MessageKind::System, MessageKind::Delete] {
        scene.kind = kind;
        assert_eq!(scene.hears("ciao").rule, Rule::Recorded, "{kind:?}");
    }
    scene.kind = MessageKind::Text;
    scene.ours = true;
    assert_eq!(scene.hears("stop"), Route { rule: Rule::Recorded, outcome: Outcome::Rest, flow: None, lost: Vec::new() });
    (scene.ours, scene.group) = (false, true);
    assert_eq!(scene.hears("ciao").rule, Rule::Recorded);
}

#[test]
fn stop_as_the_whole_message_comes_before_everything() {
    let mut scene = Scene::new().flow(keyword_flow("stop", "exact")).run(run_at(7, "w1", 5), question("{}"));
    scene.contact.handover = Some(Handover { since: Time(0), until: None });
    let route = scene.hears("  STOP! ");
    assert_eq!((route.rule, &route.outcome), (Rule::StopWord, &Outcome::OptOut));
    assert_eq!(losers(&route), [Rule::KeywordExact, Rule::Reply]);
    scene.contact.handover = None;
    assert_eq!(scene.hears("non stop").rule, Rule::Reply);
}

#[test]
fn who_has_left_is_told_once_and_comes_back_by_start_alone() {
    let mut scene = Scene::new().flow(keyword_flow("start", "exact"));
    assert_eq!(scene.hears("start").rule, Rule::KeywordExact);
    scene.contact.consent.state = ConsentState::OptedOut;
    assert_eq!((scene.hears("stop").rule, scene.hears("stop").outcome), (Rule::StopWord, Outcome::Rest));
    assert_eq!(scene.hears("Riprendi").outcome, Outcome::OptIn);
    let other = scene.hears("start e via");
    assert_eq!((other.rule, other.outcome), (Rule::OptedOut, Outcome::Rest));
}

#[test]
fn where_a_person_answers_flows_are_silent_and_the_reason_is_told() {
    let mut scene = Scene::new().flow(keyword_flow("ciao", "exact"));
    scene.contact.handover = Some(Handover { since: Time(0), until: Some(NOW + Span::SECOND) });
    let route = scene.hears("ciao");
    assert_eq!((route.rule, &route.outcome), (Rule::ForOperator, &Outcome::Rest));
    assert_eq!(losers(&route), [Rule::ForOperator, Rule::KeywordExact]);
    scene.contact.handover = Some(Handover { since: Time(0), until: Some(NOW) });
    assert_eq!(scene.hears("ciao").rule, Rule::KeywordExact);
    scene.contact.automations = Automations::Off;
    assert_eq!(scene.hears("ciao").rule, Rule::ForOperator);
    scene.contact.automations = Automations::PausedUntil(NOW);
    assert_eq!(scene.hears("ciao").rule, Rule::KeywordExact);
    scene.contact.blocked = true;
    assert_eq!(scene.hears("ciao").rule, Rule::ForOperator);
}

#[test]
fn while_everything_is_paused_what_would_have_gone_is_withheld() {
    let mut scene = Scene::new().flow(keyword_flow("ciao", "exact"));
    scene.settings.paused = true;
    let route = scene.hears("ciao");
    assert_eq!((route.rule, route.lost[0].word.as_deref()), (Rule::Withheld, Some(ALL_PAUSED)));
    assert_eq!(scene.hears("boh").rule, Rule::Nothing);
    assert_eq!(scene.hears("stop").outcome, Outcome::OptOut);
}

#[test]
fn a_press_belongs_to_the_run_that_sent_the_button() {
    let mut scene =
        Scene::new().flow(keyword_flow("prezzi", "exact")).run(run_at(7, "w1", 5), question("{}")).run(run_at(8, "w1", 9), question("{}"));
    scene.kind = MessageKind::ButtonReply;
    scene.pressed = Some(Press { run: id(7), node: node("m1"), choice: "prices".to_owned() });
    let route = scene.hears("Prezzi");
    assert_eq!((route.rule, route.flow, route.outcome.clone()), (Rule::Button, flow_id(107), press_of(7, "prices")));
    assert_eq!(losers(&route), [Rule::KeywordExact, Rule::Reply], "the run it belongs to does not lose to itself");
}

#[test]
fn a_press_of_a_run_that_is_over_is_no_other_run_s() {
    let mut scene = Scene::new().flow(keyword_flow("prezzi", "exact")).run(run_at(8, "w3", 9), question("{}"));
    scene.kind = MessageKind::ButtonReply;
    scene.pressed = Some(Press { run: id(7), node: node("m1"), choice: "prices".to_owned() });
    assert_eq!(scene.hears("Prezzi").rule, Rule::KeywordExact);
    let mut over = run_at(7, "w1", 1);
    over.state = RunState::Ended { how: EndedAs::Finished, at: Time(1), word: None };
    assert_eq!(scene.run(over, question("{}")).hears("Prezzi").rule, Rule::KeywordExact);
}

#[test]
fn a_press_of_a_button_that_an_edit_took_away_is_a_plain_message() {
    let mut scene = Scene::new().run(run_at(7, "w1", 5), question("{}"));
    scene.kind = MessageKind::ButtonReply;
    scene.pressed = Some(Press { run: id(7), node: node("m1"), choice: "gone".to_owned() });
    assert_eq!(scene.hears("Altro").outcome, Outcome::Answer { run: id(7) });
}

#[test]
fn a_press_without_our_name_is_found_by_id_or_title_at_the_newest_run() {
    let mut scene = Scene::new().run(run_at(7, "w1", 5), question("{}")).run(run_at(8, "w2", 9), question("{}"));
    scene.kind = MessageKind::ListReply;
    scene.button = Some("book".to_owned());
    assert_eq!(scene.hears("?").outcome, press_of(8, "book"));
    scene.button = None;
    assert_eq!(scene.hears("BOOK").outcome, press_of(8, "book"));
    scene.runs[1].0.visits.clear();
    assert_eq!(scene.hears("prezzi").outcome, press_of(7, "prices"), "what was never shown cannot be pressed");
}

#[test]
fn numbers_and_titles_are_presses_where_the_channel_shows_no_buttons() {
    let mut scene = Scene::new().flow(keyword_flow("1", "exact")).run(run_at(7, "w1", 5), question("{}"));
    assert_eq!(scene.hears("1").rule, Rule::KeywordExact);
    scene.channel.abilities.buttons_max = 0;
    assert_eq!(scene.hears("1.").outcome, press_of(7, "prices"));
    assert_eq!(scene.hears("2️⃣").outcome, press_of(7, "book"));
    assert_eq!(scene.hears("prenota!").outcome, press_of(7, "book"));
    for other in ["3", "0", "forse", "-"] {
        assert_eq!(scene.hears(other).rule, Rule::Reply, "{other}");
    }
}

#[test]
fn a_number_typed_at_a_later_question_is_its_answer() {
    let mut scene = Scene::new().run(run_at(7, "w1", 5), question("{}")).run(run_at(8, "w2", 9), question("{}"));
    scene.channel.abilities.buttons_max = 0;
    scene.runs[1].0.offered = None;
    assert_eq!(scene.hears("2").outcome, Outcome::Answer { run: id(8) }, "the younger run asked without a list");
    scene.runs.remove(1);
    assert_eq!(scene.hears("2").outcome, press_of(7, "book"));
}

#[test]
fn where_the_answer_is_checked_the_run_tells_a_number_from_a_choice() {
    let mut scene = Scene::new().run(run_at(7, "w1", 5), question(r#"{"check":"number"}"#));
    scene.channel.abilities.buttons_max = 0;
    assert_eq!(scene.hears("2").outcome, Outcome::Answer { run: id(7) });
}

#[test]
fn a_choice_is_open_at_a_wait_that_takes_no_other_answer() {
    let mut scene = Scene::new().run(run_at(7, "w3", 5), question("{}"));
    scene.channel.abilities.buttons_max = 0;
    assert_eq!((scene.hears("2").outcome, scene.hears("boh").rule), (press_of(7, "book"), Rule::Nothing));
    scene.channel.abilities.buttons_max = 2;
    assert_eq!(scene.hears("2").rule, Rule::Nothing, "the channel shows both buttons");
}

#[test]
fn an_exact_or_whole_word_keyword_comes_before_a_waiting_question() {
    let scene =
        Scene::new().flow(keyword_flow("listino", "word")).flow(keyword_flow("lis", "starts")).run(run_at(7, "w1", 5), question("{}"));
    let route = scene.hears("listino prezzi");
    assert_eq!((route.rule, route.flow), (Rule::KeywordWord, flow_id(1)));
    assert_eq!(route.outcome, Outcome::Enter { trigger: node("k1") });
    assert_eq!(losers(&route), [Rule::Reply, Rule::KeywordStarts]);
    assert_eq!(scene.hears("lista").rule, Rule::Reply, "the other modes come after it");
}

#[test]
fn a_question_may_ignore_keywords() {
    let ignoring = question(r#"{"ignore_keywords":true}"#);
    let scene = Scene::new().flow(keyword_flow("hola", "exact")).run(run_at(7, "w1", 5), ignoring.clone());
    let route = scene.hears("Hola");
    assert_eq!((route.rule, route.outcome.clone()), (Rule::Reply, Outcome::Answer { run: id(7) }));
    assert_eq!(losers(&route), [Rule::KeywordExact]);
    let younger = scene.run(run_at(8, "w1", 6), question("{}"));
    assert_eq!(younger.hears("Hola").rule, Rule::KeywordExact, "only the question that would get the answer counts");
    let mut held = Scene::new().flow(keyword_flow("hola", "exact")).run(run_at(7, "w1", 5), ignoring);
    held.runs[0].0.state = RunState::Held { since: Time(0) };
    assert_eq!(held.hears("Hola").rule, Rule::KeywordExact, "a held run keeps no keyword from its flow");
}

#[test]
fn the_run_that_asked_last_gets_the_answer() {
    let scene = Scene::new()
        .run(run_at(7, "w1", 5), question("{}"))
        .run(run_at(8, "w1", 9), question("{}"))
        .run(run_at(9, "w3", 20), question("{}"));
    let route = scene.hears("boh");
    assert_eq!(route.outcome, Outcome::Answer { run: id(8) }, "the third waits for no answer");
    assert_eq!(route.lost, [Lost { rule: Rule::Reply, flow: flow_id(107), word: None }]);
}

#[test]
fn a_burst_takes_the_next_message_and_what_is_held_asks_nothing() {
    for what in [WaitingFor::Window, WaitingFor::Burst, WaitingFor::Person] {
        let mut run = run_at(7, "m2", 5);
        if let Phase::Waiting(waiting) = &mut run.phase {
            waiting.what = what;
        }
        let rule = Scene::new().run(run, question("{}")).hears("eccomi").rule;
        assert_eq!(rule, if what == WaitingFor::Burst { Rule::Reply } else { Rule::Nothing }, "{what:?}");
    }
}

#[test]
fn a_question_is_answered_on_the_channel_where_it_was_asked() {
    let mut scene = Scene::new().run(run_at(7, "w1", 5), question("{}"));
    scene.channel.id = id::<ChannelId>(2);
    assert_eq!(scene.hears("boh").rule, Rule::Nothing);
}

#[test]
fn a_held_run_or_a_disabled_flow_keeps_its_answer_in_the_inbox() {
    let mut scene =
        Scene::new().flow(event_flow("any_message")).run(run_at(7, "w1", 5), question("{}")).run(run_at(8, "w1", 9), question("{}"));
    scene.runs[1].0.state = RunState::Held { since: Time(0) };
    let route = scene.hears("boh");
    assert_eq!((route.rule, &route.outcome, route.flow), (Rule::Withheld, &Outcome::Rest, None));
    assert_eq!(route.lost[0], Lost { rule: Rule::Reply, flow: flow_id(108), word: Some(HELD.to_owned()) });
    assert_eq!(losers(&route), [Rule::Reply, Rule::Reply, Rule::AnyMessage], "it falls to nobody else");
    scene.runs[1].0.state = RunState::Live;
    scene.runs[1].2 = false;
    assert_eq!(scene.hears("boh").lost[0].word.as_deref(), Some(FLOW_DISABLED));
    let keyword = scene.flow(keyword_flow("boh", "exact")).hears("boh");
    assert_eq!(keyword.rule, Rule::KeywordExact, "a keyword stands above");
}

#[test]
fn a_press_of_a_held_run_is_withheld() {
    let mut scene = Scene::new().flow(keyword_flow("prezzi", "exact")).run(run_at(7, "w1", 5), question("{}"));
    scene.runs[0].0.state = RunState::Held { since: Time(0) };
    scene.kind = MessageKind::ButtonReply;
    scene.pressed = Some(Press { run: id(7), node: node("m1"), choice: "prices".to_owned() });
    assert_eq!(scene.hears("Prezzi").rule, Rule::Withheld);
}

#[test]
fn the_last_rules_stand_in_their_order() {
    let mut scene = Scene::new()
        .flow(event_flow("any_message"))
        .flow(event_flow("out_of_hours"))
        .flow(event_flow("first_message"))
        .flow(keyword_flow("c.*o", "regex"))
        .flow(keyword_flow("ao", "contains"))
        .flow(keyword_flow("ci", "starts"));
    scene.first = true;
    scene.open = false;
    let hours = r#"[{"days":"mon-fri","from":"09:00","to":"18:00"}]"#;
    scene.settings.business_hours = serde_json::from_str(hours).expect("hours");
    let route = scene.hears("ciao");
    assert_eq!(route.rule, Rule::KeywordStarts);
    let rest = [Rule::KeywordContains, Rule::KeywordRegex, Rule::FirstMessage, Rule::OutOfHours, Rule::AnyMessage];
    assert_eq!(losers(&route), rest);
    assert_eq!(scene.hears("boh").rule, Rule::FirstMessage);
    scene.first = false;
    assert_eq!(scene.hears("boh").rule, Rule::OutOfHours);
    scene.open = true;
    assert_eq!(scene.hears("boh").rule, Rule::AnyMessage);
    scene.open = false;
    scene.settings.business_hours.clear();
    assert_eq!(scene.hears("boh").rule, Rule::OutOfHours, "a holiday, though no hours are set");
    assert_eq!(Scene::new().hears("boh").rule, Rule::Nothing);
}

#[test]
fn a_trigger_that_has_not_cooled_down_leaves_the_message_to_the_rest() {
    let mut warm = event_flow("out_of_hours");
    if let crate::model::node::NodeKind::Event(event) = &mut warm.nodes[0].kind {
        (event.on, event.cooldown) = (EventKind::AnyMessage, Some(Span::HOUR));
    }
    let mut scene = Scene::new().flow(warm).flow(event_flow("any_message"));
    assert_eq!(scene.hears("boh").flow, flow_id(1));
    let passage = Passage { fired: [(node("e1"), NOW - Span::MINUTE)].into(), ..Passage::default() };
    scene.passages = [(id(1), passage)].into();
    let route = scene.hears("boh");
    assert_eq!((route.flow, route.lost[0].word.as_deref()), (flow_id(2), Some(COOLING)));
    scene.flows.pop();
    assert_eq!(scene.hears("boh").rule, Rule::Nothing);
}

#[test]
fn a_keyword_of_one_channel_is_deaf_on_others() {
    let mut flow = keyword_flow("ciao", "exact");
    if let crate::model::node::NodeKind::Keyword(keyword) = &mut flow.nodes[0].kind {
        keyword.channels = vec!["negozio".to_owned(), "9".to_owned()];
    }
    let mut scene = Scene::new().flow(flow);
    assert_eq!(scene.hears("ciao").rule, Rule::KeywordExact);
    scene.channel.name = "Ufficio".to_owned();
    assert_eq!(scene.hears("ciao").rule, Rule::Nothing);
    scene.channel.id = id(9);
    assert_eq!(scene.hears("ciao").rule, Rule::KeywordExact);
}

#[test]
fn what_starts_by_a_message_on_one_channel_is_deaf_on_others() {
    for (on, rule) in [("first_message", Rule::FirstMessage), ("any_message", Rule::AnyMessage)] {
        let mut flow = event_flow(on);
        if let crate::model::node::NodeKind::Event(event) = &mut flow.nodes[0].kind {
            event.channels = vec!["negozio".to_owned(), "9".to_owned()];
        }
        let mut scene = Scene::new().flow(flow);
        scene.first = true;
        assert_eq!(scene.hears("boh").rule, rule);
        scene.channel.name = "Ufficio".to_owned();
        assert_eq!(scene.hears("boh").rule, Rule::Nothing);
        scene.channel.id = id(9);
        assert_eq!(scene.hears("boh").rule, rule);
    }
}

#[test]
fn at_most_ten_losers_are_kept() {
    let scene = (0..14).fold(Scene::new(), |scene, n| scene.flow(keyword_flow(&format!("c{}", "i".repeat(n)), "contains")));
    assert_eq!(scene.hears(&format!("c{}", "i".repeat(20))).lost.len(), LOST_MAX);
}
