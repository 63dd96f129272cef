//! What a person changes stands through crashes, and is of this run alone. What the verbs on single actions do stands in `stands`, and
//! beside a naive model in `naive/actions`.

use super::{Scene, person};
use crate::kit::heart::MORNING;
use flusso::base::time::Span;
use flusso::model::action::{ActionId, Verb};
use flusso::model::node::NodeId;

const FLOW: &str = r#"{"flusso": 1, "name": "Seguito", "start": "m0", "nodes": [
    {"id": "m0", "kind": "message", "text": "Eccomi", "exits": {"next": "w1"}},
    {"id": "w1", "kind": "wait", "for": "2h", "exits": {"elapsed": "m1"}},
    {"id": "m1", "kind": "message", "text": "Uno", "exits": {"next": "w2"}},
    {"id": "w2", "kind": "wait", "for": "2h", "exits": {"elapsed": "m2"}},
    {"id": "m2", "kind": "message", "text": "Due"}]}"#;

#[test]
fn a_variable_that_is_changed_is_in_the_next_message_after_a_crash() {
    let flow = r#"{"flusso": 1, "name": "Saluto", "start": "w1", "leave_when": [{"value": "run.via", "op": "is", "to": "sì"}], "nodes": [
        {"id": "w1", "kind": "wait", "for": "1h", "exits": {"elapsed": "m1"}},
        {"id": "m1", "kind": "message", "text": "Ordine {{ run.order }}"}]}"#;
    let mut scene = Scene::new(flow);
    scene.heart.webhook(&crate::kit::heart::says(&person(1), MORNING, &[("wamid.1", "salve")])).unwrap();
    scene.start(&[person(1), person(2)]);
    let live = scene.live();
    let set = |name: &str, text: &str| Verb::Variable(name.to_owned(), Some(flusso::model::value::Value::text(text)));
    assert!(scene.verb(live[0].id, set("order", "77")) && scene.verb(live[1].id, set("via", "sì")));
    scene.crash();
    assert!(scene.run(live[1].id).is_over(), "the rule of leaving looks again");
    scene.pass(MORNING + Span::HOUR.times(2));
    let texts: Vec<_> = scene.ledger.sent.iter().map(|sent| sent.text.as_str()).collect();
    assert_eq!(texts, ["Ordine 77"]);
}

#[test]
fn a_change_is_of_this_run_and_never_of_a_former_one() {
    let mut scene = Scene::new(&FLOW.replace("\"start\"", "\"reentry\": \"restart\", \"start\""));
    scene.start(&[person(1)]);
    let former = scene.live()[0].id;
    let action = ActionId { node: NodeId("m1".to_owned()), visit: 1 };
    assert!(scene.verb(former, Verb::Remove(action.clone())));
    scene.start(&[person(1)]);
    let fresh = scene.live();
    assert_eq!(fresh.len(), 1);
    assert!(fresh[0].id != former && fresh[0].changes.is_empty());
    let due = scene.heart.now + Span::HOUR.times(9);
    scene.verb(former, Verb::Move { action, due, following_keep: false });
    assert_eq!(scene.live(), fresh, "a verb for the former run touches nothing");
}
