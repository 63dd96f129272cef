//! Export, import into an empty house, export again: the same bytes.

use super::random;
use flusso::engine::import::{Choice, Choices, Missing};
use flusso::executor::Executor;
use flusso::executor::control::exports::{Exported, Wanted, export};
use flusso::executor::control::imports::Imported;
use flusso::model::document;
use flusso::model::document::several::{self, Several};
use flusso::model::flow::{Flow, FlowState};
use flusso::model::operator::By;
use flusso::store::Store;
use flusso::store::seal::SealKey;
use serde_json::json;
use std::sync::Arc;

/// A house with nothing in it.
pub fn house() -> Executor {
    let store = Store::memory().expect("a store");
    Executor::at_rest(store, SealKey::new([7; 32])).expect("an executor").0
}

pub fn exported(house: &Executor) -> Exported {
    let (view, facts) = (house.view().expect("a view"), house.facts());
    export(&view, &facts, &Wanted::Everything).expect("an export")
}

pub fn bytes(house: &Executor) -> Vec<u8> {
    exported(house).bytes(&house.view().expect("a view")).expect("bytes").1
}

pub async fn import(house: &Executor, bytes: &[u8], choices: Choices) -> Imported {
    house.import_set(By::Command, Arc::new(bytes.to_vec()), choices).await.unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

fn png(last: u8) -> Vec<u8> {
    [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &[0, 0, 0, 1, 0, 0, 0, last]].concat()
}

/// A house with flows of all sorts, quick replies, files, and things that must not leave it.
async fn furnished() -> Executor {
    let house = house();
    let (one, two) = (
        house.keep_file(By::Command, "listino 2026.png", png(1)).await.expect("a file").id,
        house.keep_file(By::Command, "èlla.png", png(2)).await.expect("a file").id,
    );
    let message =
        |id: &str, file: String| json!({"id": id, "kind": "message", "attachments": [{"kind": "image", "file": file, "caption": "Ecco"}]});
    let call = json!({"id": "a", "kind": "api", "method": "GET", "url": "https://shop.example", "headers": {"Authorization": "Bearer very-hidden"}});
    let listino = json!({"flusso": 1, "name": "Listino", "start": "m", "talks": [{"name": "t", "script": format!("> start\n< send image file:{one} \"Ecco\"\n< done\n")}],
        "nodes": [message("m", one.to_string()), {"id": "l", "kind": "launch", "flow": "Altro"}, call]});
    let other = json!({"flusso": 1, "name": "Altro", "nodes": [
        {"id": "k", "kind": "keyword", "phrases": [{"text": "altro", "match": "exact"}], "exits": {"next": "m"}},
        {"id": "m", "kind": "message", "text": "{{ contact.fields.city }}", "attachments": [{"kind": "image", "file": two.to_string()}]}]});
    let weekly = json!({"flusso": 1, "name": "Lunedì", "nodes": [
        {"id": "e", "kind": "event", "on": "schedule", "days": "mon", "at": "09:00", "segment": "Vicini", "exits": {"next": "m"}},
        {"id": "m", "kind": "message", "text": "Buongiorno"}]});
    for segment in [
        json!({"name": "Vicini", "all": [{"value": "contact.fields.town", "op": "is", "to": "Roma"}], "any": [{"value": "contact.tags", "op": "has", "to": "near"}]}),
        json!({"name": "Silenziosi", "all": [{"value": "contact.silent_days", "op": "gte", "to": 90}]}),
    ] {
        house.put_segment(By::Command, serde_json::from_value(segment).expect("a segment"), true).await.expect("kept");
    }
    for document in [other, listino, weekly] {
        let flow = document::read(&document).expect("a flow");
        house.create_flow(By::Command, flow, true).await.expect("a flow");
    }
    for reply in [
        json!({"shortcut": "ciao", "text": "Ciao {{ contact.fields.nick }}", "attachments": [{"kind": "image", "file": two.to_string()}]}),
        json!({"shortcut": "addio", "text": {"it": "A", "en": "B"}}),
    ] {
        house.create_quick_reply(By::Command, serde_json::from_value(reply).expect("a reply")).await.expect("kept");
    }
    house
}

#[tokio::test]
async fn a_set_with_files_comes_back_as_the_same_bytes() {
    let first = furnished().await;
    let (before, again) = (bytes(&first), bytes(&first));
    assert!(before == again, "the same house gives the same bytes");
    assert!(before.starts_with(b"PK"));
    let second = house();
    let imported = import(&second, &before, Choices::default()).await;
    assert_eq!((imported.flows.len(), imported.replies.len(), imported.segments.len()), (3, 2, 2));
    assert!(bytes(&second) == before, "what came in leaves again as it came");
    let third = house();
    import(&third, &bytes(&second), Choices::default()).await;
    assert!(bytes(&third) == before);
}

#[tokio::test]
async fn no_secret_leaves_the_house_and_what_comes_in_is_disabled() {
    let first = furnished().await;
    let document = exported(&first).document();
    assert!(!document.contains("very-hidden") && document.contains("\"Authorization\": \"\""), "{document}");
    let second = house();
    let imported = import(&second, &bytes(&first), Choices::default()).await;
    assert!(imported.missing.iter().any(|missing| matches!(missing, Missing::Secret { secret, .. } if secret == "Authorization")));
    let facts = second.facts();
    assert!(facts.heads.values().all(|head| matches!(head.state, FlowState::Disabled { .. }) && head.version == 1));
    let listino = facts.flow_named("Listino").expect("a flow");
    let flow = facts.flow(&second.view().expect("a view"), listino, 1).expect("a version");
    let text = document::write(&flow).to_string();
    assert!(
        text.contains(&format!("id:{}", facts.flow_named("Altro").expect("a flow"))),
        "the launch leads to the flow that came along: {text}"
    );
    assert!(!text.contains("files/"), "files are what they are called here: {text}");
}

#[tokio::test]
async fn five_hundred_flows_by_chance_come_back_as_the_same_bytes() {
    let flows: Vec<Flow> = (0..500).map(random::flow).collect();
    let set = Several { flows: flows.clone(), ..Several::default() };
    let written = several::text(&set);
    assert_eq!(several::read_text(&written).as_ref(), Ok(&set), "a set reads back as it was written");
    let (first, second) = (house(), house());
    let imported = import(&first, written.as_bytes(), Choices::default()).await;
    let drafts: Vec<_> = imported.flows.iter().filter(|flow| flow.version.is_none()).collect();
    assert!(imported.flows.len() == 500 && drafts.is_empty(), "{drafts:?}");
    let before = exported(&first);
    for flow in &before.set.flows {
        let original = flows.iter().find(|other| other.name == flow.name).expect("the same name");
        assert_eq!(flow, original, "nothing of it was lost or changed");
    }
    let before = before.document();
    import(&second, before.as_bytes(), Choices::default()).await;
    let after = exported(&second).document();
    assert!(before == after, "{}", difference(&before, &after));
}

#[tokio::test]
async fn each_of_two_hundred_flows_alone_comes_back_as_the_same_bytes() {
    let (first, second) = (house(), house());
    for seed in 1000..1200 {
        let flow = random::flow(seed);
        let text = document::pretty::text(&flow);
        for house in [&first, &second] {
            import(house, text.as_bytes(), Choices::default()).await;
        }
        let alone = |house: &Executor| {
            let (view, facts) = (house.view().expect("a view"), house.facts());
            let id = facts.flow_named(&flow.name).expect("a flow");
            export(&view, &facts, &Wanted::Flows(vec![id])).expect("an export").document()
        };
        assert_eq!(alone(&first), text, "seed {seed}");
        assert_eq!(alone(&second), text, "seed {seed}");
    }
}

fn difference(one: &str, other: &str) -> String {
    let lines = one.lines().zip(other.lines()).find(|(one, other)| one != other);
    lines.map_or_else(|| "one is longer".to_owned(), |(one, other)| format!("{one}\n{other}"))
}

#[tokio::test]
async fn nothing_is_replaced_unless_somebody_says_so() {
    let first = furnished().await;
    let set = bytes(&first);
    let mut document = several::read_text(&exported(&first).document()).expect("a set");
    document.flows.iter_mut().find(|flow| flow.name == "Altro").expect("a flow").category = Some(flusso::model::flow::Category::Service);
    document.quick_replies[0].text = flusso::model::node::Text::Plain("Un altro".to_owned());
    document.fields[0].kind = flusso::model::field::FieldKind::Number;
    let changed = several::text(&document).into_bytes();
    let here = house();
    import(&here, &set, Choices::default()).await;
    let before = bytes(&here);

    let refused = here.import_set(By::Command, Arc::new(changed.clone()), Choices::default()).await.expect_err("undecided");
    let words = refused.to_string();
    for name in ["flow \"Altro\"", "quick_reply \"addio\"", "field \"city\""] {
        assert!(words.contains(name), "{name}: {words}");
    }
    assert!(!words.contains("Listino"), "what is the same collides with nothing: {words}");
    assert!(bytes(&here) == before, "nothing was changed");

    let all = |choice| Choices { rest: Some(choice), ..Choices::default() };
    import(&here, &changed, all(Choice::Skip)).await;
    assert!(bytes(&here) == before, "what is skipped leaves everything as it was");

    let both = import(&here, &changed, all(Choice::Both)).await;
    let names: Vec<&str> = both.flows.iter().map(|flow| flow.name.as_str()).collect();
    assert_eq!((names.as_slice(), both.replies[0].1.as_str()), (&["Altro (2)"][..], "addio-2"));
    assert_eq!(both.flows[0].lost, ["altro"], "the phrase stays whose it is");
    assert_eq!(both.flows[0].version, None, "a keyword without a phrase cannot run");

    let replaced = import(&here, &changed, all(Choice::Replace)).await;
    assert!(replaced.flows.len() == 1 && replaced.flows[0].replaced && replaced.flows[0].version == Some(2), "{:?}", replaced.flows);
    let now = exported(&here);
    assert_eq!(now.left_out, ["Altro (2)"]);
    let altro = now.set.flows.iter().find(|flow| flow.name == "Altro").expect("a flow");
    assert_eq!(altro.category, Some(flusso::model::flow::Category::Service));
    assert_eq!(now.set.fields[0].kind.word(), "number");
}

#[tokio::test]
async fn what_is_missing_is_told_and_a_file_of_elsewhere_is_not_taken_for_one_of_here() {
    let here = house();
    here.keep_file(By::Command, "mine.png", png(9)).await.expect("a file");
    let document = json!({"flusso": 1, "name": "Solo", "nodes": [
        {"id": "k", "kind": "keyword", "phrases": [{"text": "solo", "match": "exact"}], "channels": ["Negozio"], "exits": {"next": "m"}},
        {"id": "m", "kind": "message", "text": "x", "attachments": [{"kind": "image", "file": "1"}],
         "window_closed": {"template": {"name": "hello", "language": "it"}}, "exits": {"next": "l"}},
        {"id": "l", "kind": "launch", "flow": "Mai visto"},
        {"id": "e", "kind": "event", "on": "schedule", "days": "mon", "at": "09:00", "segment": "Vip", "exits": {"next": "m"}}]});
    let imported = import(&here, document.to_string().as_bytes(), Choices::default()).await;
    let told: Vec<String> = imported.missing.iter().map(ToString::to_string).collect();
    for words in
        ["no WhatsApp channel", "\"hello\" (it)", "channel \"Negozio\"", "flow \"Mai visto\"", "segment \"Vip\"", "file \"1\" of \"Solo\""]
    {
        assert!(told.iter().any(|told| told.contains(words)), "{words}: {told:?}");
    }
    assert_eq!(imported.flows[0].version, None, "without its file it cannot be saved");
    let facts = here.facts();
    let draft = flusso::store::flows::draft(&here.view().expect("a view"), imported.flows[0].id).expect("a draft").expect("one");
    assert!(!document::write(&draft).to_string().contains("\"file\""), "{draft:?}");
    assert_eq!(facts.heads[&imported.flows[0].id].version, 0);
}

#[tokio::test]
async fn a_flow_of_an_older_version_is_upgraded() {
    let text = include_str!("../saved/documents/0.json");
    let here = house();
    let imported = import(&here, text.as_bytes(), Choices::default()).await;
    assert_eq!(imported.flows[0].version, Some(1), "{:?}", imported.flows[0].problems);
    let now = exported(&here).set.flows.remove(0);
    let wanted = document::read_text(include_str!("../saved/documents/1.json")).expect("the same in the newest version");
    assert_eq!(now, wanted);
    let newer = json!({"flusso": 2, "name": "x", "nodes": []}).to_string();
    let refused = here.look_at_set(Arc::new(newer.into_bytes())).await.expect_err("newer");
    assert!(format!("{refused:?}").contains("NewerDocument(2)"), "{refused:?}");
}

#[tokio::test]
async fn an_import_leaves_its_lines_in_the_audit_log() {
    let (first, second) = (furnished().await, house());
    import(&second, &bytes(&first), Choices::default()).await;
    let view = second.view().expect("a view");
    let lines = flusso::store::audit::list(&view, None, 100).expect("the log");
    let said: Vec<&str> = lines.iter().map(|line| line.what.as_str()).collect();
    for what in ["file.kept", "flow.created", "quick_reply.created", "set.imported"] {
        assert!(said.contains(&what), "{what}: {said:?}");
    }
}

#[tokio::test]
async fn segments_travel_with_what_uses_them_and_none_is_replaced_unless_somebody_says_so() {
    let first = furnished().await;
    let (view, facts) = (first.view().expect("a view"), first.facts());
    let id = |name: &str| facts.flow_named(name).expect("a flow");
    let some = export(&view, &facts, &Wanted::Flows(vec![id("Lunedì"), id("Altro")])).expect("an export").set;
    let names: Vec<&str> = some.segments.iter().map(|segment| segment.name.as_str()).collect();
    assert_eq!(names, ["Vicini"], "those that are used go along");
    assert!(
        some.fields.iter().any(|field| field.name == "town") && some.tags.contains(&"near".to_owned()),
        "with what they look at: {some:?}"
    );

    let here = house();
    let mut mine = some.segments[0].clone();
    mine.any.clear();
    here.put_segment(By::Command, mine.clone(), true).await.expect("kept");
    let set = several::text(&some).into_bytes();
    let look = here.look_at_set(Arc::new(set.clone())).await.expect("a look");
    assert!(!look.missing.iter().any(|missing| matches!(missing, Missing::Segment { .. })), "{:?}", look.missing);
    let elsewhere = house();
    let look = elsewhere.look_at_set(Arc::new(set.clone())).await.expect("a look");
    let segment = |missing: &Missing| matches!(missing, Missing::Segment { .. });
    assert!(!look.missing.iter().any(segment) && look.collisions().is_empty(), "what comes along is not missing: {:?}", look.missing);
    let bare = several::text(&Several { segments: some.segments.clone(), ..Several::default() }).into_bytes();
    let look = elsewhere.look_at_set(Arc::new(bare)).await.expect("a look");
    assert!(look.fields[0].name == "town" && look.tags[0].name == "near", "what it looks at is seen: {look:?}");
    let refused = here.import_set(By::Command, Arc::new(set.clone()), Choices::default()).await.expect_err("undecided").to_string();
    assert!(refused.contains("segment \"Vicini\""), "{refused}");
    let kept = |house: &Executor| flusso::store::segments::get(&house.view().expect("a view"), "Vicini").expect("a read").expect("one");
    for choice in [Choice::Skip, Choice::Both] {
        let done = import(&here, &set, Choices { rest: Some(choice), ..Choices::default() }).await;
        assert!(done.segments.is_empty() && kept(&here) == mine, "{choice:?}");
    }
    let done = import(&here, &set, Choices { rest: Some(Choice::Replace), ..Choices::default() }).await;
    assert_eq!((done.segments.as_slice(), kept(&here)), (&["Vicini".to_owned()][..], some.segments[0].clone()));

    for (segment, words) in [
        (json!({"name": "Vuoto"}), "A segment has from 1 to 50 rules"),
        (json!({"name": "Strano", "all": [{"value": "run.x", "op": "is", "to": 1}]}), "is nothing a segment can look at"),
        (json!({"name": "Male", "every": []}), "segment 1 \"Male\": \"every\": unknown field"),
    ] {
        let set = json!({"flusso": 1, "segments": [segment]}).to_string().into_bytes();
        let refused = here.look_at_set(Arc::new(set)).await.expect_err("broken");
        let flusso::executor::refusal::Refusal::Import(problems) = refused else { panic!("{refused:?}") };
        assert!(problems[0].fault.to_string().contains(words), "{}", problems[0].fault);
    }
}
