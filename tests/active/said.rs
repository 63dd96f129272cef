//! Before the click: beside every verb stands what will happen, to whom and when; and after it, who changed what, when.

use crate::kit::appliance::Appliance;
use crate::panel::desk::Desk;
use flusso::base::time::{Span, Time};
use flusso::base::zone::Zone;
use serde_json::{Value, json};

fn flow() -> Value {
    json!({"flusso": 1, "name": "Seguito", "start": "w1", "nodes": [
        {"id": "w1", "kind": "wait", "for": "2d", "exits": {"elapsed": "m1"}},
        {"id": "m1", "kind": "message", "text": "Uno", "exits": {"next": "w2"}},
        {"id": "w2", "kind": "wait", "for": "2d", "exits": {"elapsed": "m2"}},
        {"id": "m2", "kind": "message", "text": "Due", "exits": {"next": "w3"}},
        {"id": "w3", "kind": "wait", "for": "2d", "exits": {"elapsed": "m3"}},
        {"id": "m3", "kind": "message", "title": "Il congedo", "text": "Tre"}]})
}

/// A run of somebody called so, and its id.
fn begun(flusso: &Appliance, name: &str) -> String {
    begun_by(flusso, &[name]).remove(0)
}

/// A run of each of these, all in one flow.
fn begun_by(flusso: &Appliance, names: &[&str]) -> Vec<String> {
    let (channel, _) = flusso.simulator("Sim");
    let flow = flusso.call("POST", "/flows?enable=true", &flow()).expect(201)["id"].as_str().unwrap().to_owned();
    let begin = |(place, name): (usize, &&str)| {
        let body = json!({"contact": {"channel": channel, "address": format!("anna{place}"), "name": name}});
        flusso.call("POST", &format!("/flows/{flow}/runs"), &body).expect(202)["run"].as_str().unwrap().to_owned()
    };
    names.iter().enumerate().map(begin).collect()
}

/// What a reader sees of a page: its text, in one line.
fn read(page: &str) -> String {
    let mut text = String::new();
    for part in page.split('<') {
        text.push(' ');
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("&#39;", "'")
}

/// The part of a page that begins with one text and ends before another.
fn between<'p>(page: &'p str, from: &str, to: &str) -> &'p str {
    let rest = page.split_once(from).unwrap_or_else(|| panic!("no {from} in {page}")).1;
    rest.split_once(to).map_or(rest, |(part, _)| part)
}

#[test]
fn beside_every_verb_stands_what_will_happen_to_whom_and_when() {
    let desk = Desk::open();
    let run = begun(&desk.appliance, "Anna Bianchi");
    let page = desk.get(&format!("/runs/{run}"));
    let head = read(between(&page, "<h1>", "class=\"timeline\""));
    for words in [
        "Sospendi: da qui non parte più niente per Anna Bianchi finché non la riprendi.",
        "Questa finisce e ne comincia subito un'altra per Anna Bianchi",
        "e Anna Bianchi passa subito a quel nodo: può partire un messaggio adesso.",
    ] {
        assert!(head.contains(words), "{words}: {head}");
    }
    let due: Time = desk.appliance.get(&format!("/runs/{run}")).expect(200)["due"].as_str().unwrap().parse().unwrap();
    let hour_later = Zone::ROME.local(due + Span::HOUR).format("%H:%M").to_string();
    let next = read(between(&page, "id=\"action-m1:1\"", "id=\"action-m2:1\""));
    for words in [
        "Invia subito: parte adesso per Anna Bianchi. Salta: non si fa, e viene subito «Tempo di attesa",
        "Per Anna Bianchi avviene a quell'ora; quello che segue mantiene la distanza",
        "Domani mattina domani 09:00",
        "Lo legge solo Anna Bianchi, quando arriva la sua ora.",
        "Per Anna Bianchi non ha un'ora finché non la sblocchi.",
        "Per Anna Bianchi non si fa; tutto quello che segue tiene la sua ora.",
        &hour_later,
    ] {
        assert!(next.contains(words), "{words}: {next}");
    }
    let later = read(between(&page, "id=\"action-m2:1\"", "id=\"action-m3:1\""));
    for words in [
        "Invia subito: parte adesso per Anna Bianchi, e quello che c'è prima non si fa.",
        "Salta: quando tocca a lei non si fa, e si passa a «Tempo di attesa",
        "Quello che cambi qui vale solo per Anna Bianchi.",
    ] {
        assert!(later.contains(words), "{words}: {later}");
    }
    for path in ["/runs", &format!("/agenda?day={}", Zone::ROME.date(due))] {
        let row = read(between(&desk.get(path), &format!("id=\"run-{run}\""), "</tr>"));
        assert!(
            row.contains("Per Anna Bianchi viene dopo:") && row.contains("Salta: non si fa, e si passa a quello che segue."),
            "{path}: {row}"
        );
        assert!(row.contains("Per Anna Bianchi non si fa;") && row.contains(&hour_later), "{path}: {row}");
    }
    for days in [-1, 1] {
        let other = Zone::ROME.date(due + Span::DAY.times(days));
        assert!(!desk.get(&format!("/agenda?day={other}")).contains(&format!("id=\"run-{run}\"")), "{other} is another day");
    }
    let contact = desk.appliance.get(&format!("/runs/{run}")).expect(200)["contact"].as_str().unwrap().to_owned();
    assert!(read(&desk.get(&format!("/contacts/{contact}"))).contains("Spente o in pausa: per Anna Bianchi non parte niente da solo."));
}

#[test]
fn a_day_of_the_agenda_is_not_crowded_out_by_the_days_before_it() {
    let desk = Desk::open();
    let run = begun_by(&desk.appliance, &["Bruno"; 62]).remove(0);
    let due: Time = desk.appliance.get(&format!("/runs/{run}")).expect(200)["due"].as_str().unwrap().parse().unwrap();
    let later = due + Span::DAY.times(3);
    desk.appliance.call("PATCH", &format!("/runs/{run}/actions/m1%3A1"), &json!({"due": later})).expect(200);
    let page = desk.get(&format!("/agenda?day={}", Zone::ROME.date(later)));
    assert!(page.contains(&format!("id=\"run-{run}\"")) && page.matches("id=\"run-").count() == 1);
}

#[test]
fn what_a_person_changed_says_who_and_when_and_that_it_can_be_undone_until_it_goes_out() {
    let desk = Desk::open();
    let run = begun(&desk.appliance, "Anna");
    let path = format!("/runs/{run}/actions/m1%3A1");
    assert_eq!(desk.post(&format!("{path}/hold"), "next=on").status, 303);
    let page = desk.get(&format!("/runs/{run}"));
    let held = read(between(&page, "id=\"action-m1:1\"", "id=\"action-m2:1\""));
    assert!(held.contains("Sospesa da Ada.") && held.contains("Ultima modifica: Ada, oggi "), "{held}");
    assert!(held.contains("Riprende la sua ora; se è già passata, parte adesso."), "{held}");
    assert!(held.contains("Puoi farlo finché non parte."), "{held}");
    let row = read(between(&desk.get("/runs"), &format!("id=\"run-{run}\""), "</tr>"));
    assert!(row.contains("Sblocca Riprende la sua ora"), "{row}");
    assert_eq!(desk.post(&format!("{path}/changes?method=delete"), "next=on").status, 303);
    let page = desk.get(&format!("/runs/{run}"));
    assert!(!page.contains("Ultima modifica") && !page.contains("Puoi farlo finché non parte."), "as it was");
    assert_eq!(desk.post(&format!("{path}/run"), "next=on").status, 303);
    let page = desk.get(&format!("/runs/{run}"));
    let sent = between(&page, "id=\"action-m1:1\"", "id=\"action-");
    assert!(read(sent).contains("Ultima modifica: Ada, oggi ") && !sent.contains("/changes"), "what has gone out cannot be undone");
}

#[test]
fn a_later_action_is_sent_now_by_its_button_and_what_stood_before_it_is_left_out() {
    let desk = Desk::open();
    let run = begun(&desk.appliance, "Anna");
    assert!(desk.get(&format!("/runs/{run}")).contains("/actions/m3%3A1/run"));
    assert_eq!(desk.post(&format!("/runs/{run}/actions/m3%3A1/run"), "").status, 303);
    let texts = desk.appliance.all("/messages?direction=out");
    assert_eq!(texts.iter().map(|message| message["text"].clone()).collect::<Vec<_>>(), [json!("Tre")]);
    assert_eq!(desk.appliance.get(&format!("/runs/{run}")).expect(200)["state"], "finished");
}

#[test]
fn the_filters_of_the_list_stay_in_its_address_and_the_contact_s_too() {
    let desk = Desk::open();
    let run = begun(&desk.appliance, "Anna");
    let contact = desk.appliance.get(&format!("/runs/{run}")).expect(200)["contact"].as_str().unwrap().to_owned();
    let page = desk.get(&format!("/runs?contact={contact}&state=active"));
    assert!(page.contains(&format!("<input type=\"hidden\" name=\"contact\" value=\"{contact}\">")), "the form keeps it");
    assert!(read(&page).contains("Solo Anna") && page.contains("<a class=\"chip\" href=\"/runs?state=active\">"), "and can be without it");
    assert!(page.contains(&format!("name=\"back\" value=\"/runs?state=active&#38;contact={contact}\"")), "a verb comes back to it: {page}");
    assert!(desk.get("/runs?contact=nobody").contains("Non corrisponde nessuno"));
    assert!(desk.get("/agenda?flow=nobody").contains("In questo giorno non scade niente"));
}

#[test]
fn many_at_once_name_who_is_meant_and_never_reach_more_than_were_shown() {
    let desk = Desk::open();
    let run = begun(&desk.appliance, "Anna");
    let told = desk.appliance.get(&format!("/runs/{run}")).expect(200);
    let (flow, channel) = (told["flow"].as_str().unwrap().to_owned(), told["channel"].clone());
    let page = desk.get(&format!("/runs/changes?verb=stop&flow={flow}"));
    assert!(page.contains("Ferma 1 automazione") && page.contains("Anna") && page.contains("name=\"seen\" value=\"1\""), "{page}");
    let start = |number: usize| {
        let body = json!({"contact": {"channel": channel, "address": format!("persona {number}")}});
        desk.appliance.call("POST", &format!("/flows/{flow}/runs"), &body).expect(202);
    };
    start(0);
    let wish = |extra: &str| desk.post("/runs/changes", &format!("verb=stop&flow={flow}&sure=yes&{extra}"));
    assert!(wish("seen=1").header("location").is_some_and(|to| to.starts_with("/runs/changes?")), "one more than was shown");
    assert_eq!(desk.appliance.all("/runs").len(), 2, "nothing was changed");
    (1..60).for_each(start);
    assert!(desk.get(&format!("/runs/changes?verb=stop&flow={flow}")).contains("Scrivi 61 per confermare"));
    for (typed, begins) in [("", false), ("60", false), ("61", true)] {
        let to = wish(&format!("seen=61&count={typed}")).header("location").unwrap_or_default().to_owned();
        assert_eq!(!to.contains('?'), begins, "{typed}: {to}");
    }
    desk.appliance.wait_for("/runs", |page| page["items"].as_array().is_some_and(Vec::is_empty));
}

#[test]
fn an_action_moved_before_the_one_that_precedes_it_says_that_it_comes_after_it() {
    let desk = Desk::open();
    let run = begun(&desk.appliance, "Anna");
    let actions = desk.appliance.get(&format!("/runs/{run}")).expect(200)["actions"].clone();
    let first: Time = actions[0]["due"].as_str().unwrap().parse().unwrap();
    let page = desk.get(&format!("/runs/{run}"));
    let later = between(&page, "id=\"action-m2:1\"", "id=\"action-m3:1\"");
    assert!(
        later.contains("mai prima di quella qui sopra") && !later.contains("value=\"tomorrow\""),
        "no time before it is offered: {later}"
    );
    let sooner = Zone::ROME.local(first - Span::HOUR).format("%Y-%m-%dT%H%%3A%M").to_string();
    let told = desk.told(&format!("/runs/{run}/actions/m2%3A1"), &format!("move=due&due={sooner}"));
    assert!(told.contains("Prima viene quella che la precede") && told.ends_with("parte subito dopo."), "{told}");
    let later = Zone::ROME.local(first + Span::HOUR).format("%Y-%m-%dT%H%%3A%M").to_string();
    let told = desk.told(&format!("/runs/{run}/actions/m2%3A1"), &format!("move=due&due={later}"));
    assert!(told.starts_with("Spostata a ") && !told.contains("Prima viene"), "{told}");
}

#[test]
fn in_the_quiet_hours_of_a_contact_nothing_is_sent_now_without_a_question() {
    let desk = Desk::open();
    desk.appliance.call("PATCH", "/settings", &json!({"quiet_hours": {"from": "00:00", "to": "23:59"}})).expect(200);
    let run = begun(&desk.appliance, "Anna");
    let answer = desk.post(&format!("/runs/{run}/actions/m1%3A1/run"), "next=on");
    let asked = answer.header("location").unwrap_or_default().to_owned();
    assert_eq!((answer.status, asked.as_str()), (303, &*format!("/runs/{run}/actions/m1%3A1/run?next=on")));
    let page = desk.get(&asked);
    assert!(read(&page).contains("Per Anna è ora di silenzio fino a"), "{page}");
    assert_eq!(desk.appliance.all("/messages?direction=out").len(), 0, "nothing went out yet");
    let sure = page.split("action=\"").find_map(|rest| rest.split('"').next().filter(|path| path.contains("sure=on"))).expect("a button");
    assert_eq!(desk.post(&sure.replace("&amp;", "&").replace("&#38;", "&"), "").status, 303);
    assert_eq!(desk.appliance.all("/messages?direction=out").len(), 1);
}

#[test]
fn the_times_of_a_run_are_those_of_the_contact_s_own_clock() {
    let desk = Desk::open();
    let run = begun(&desk.appliance, "Anna");
    let told = desk.appliance.get(&format!("/runs/{run}")).expect(200);
    let (contact, due) = (told["contact"].as_str().unwrap(), told["due"].as_str().unwrap().parse::<Time>().unwrap());
    desk.appliance.call("PATCH", &format!("/contacts/{contact}"), &json!({"time_zone": "Asia/Tokyo"})).expect(200);
    let tokyo: Zone = "Asia/Tokyo".parse().unwrap();
    let page = desk.get(&format!("/runs/{run}"));
    assert!(read(&page).contains("Le ore sono quelle dell'orologio di Anna (Asia/Tokyo)."), "{page}");
    assert!(page.contains(&format!("value=\"{}\"", tokyo.local(due).format("%Y-%m-%dT%H:%M"))), "the field of the time too: {page}");
    let at = tokyo.local(due + Span::DAY).format("%Y-%m-%dT%H%%3A%M").to_string();
    desk.told(&format!("/runs/{run}/actions/m1%3A1"), &format!("next=on&move=due&due={at}"));
    let moved: Time = desk.appliance.get(&format!("/runs/{run}")).expect(200)["due"].as_str().unwrap().parse().unwrap();
    assert!((moved.since(due + Span::DAY)).0.abs() < 60_000, "what is written there is read by the same clock: {moved}");
    assert!(read(&desk.get("/runs")).contains("(Asia/Tokyo)"), "a row of the list says whose clock it is");
}

#[test]
fn what_was_left_out_takes_no_other_change_and_a_time_that_is_past_is_refused() {
    let desk = Desk::open();
    let run = begun(&desk.appliance, "Anna");
    let path = format!("/runs/{run}/actions/m2%3A1");
    assert!(desk.told(&format!("{path}/skips"), "").contains("Quando tocca a lei si passa oltre."));
    for change in ["move=due&due=2099-01-01T09%3A00", "text=Altro"] {
        assert!(desk.told(&path, change).contains("era stata saltata o tolta. Prima annulla quello"), "{change}");
    }
    let page = desk.get(&format!("/runs/{run}"));
    let left_out = between(&page, "id=\"action-m2:1\"", "id=\"action-m3:1\"");
    assert!(left_out.contains("/changes?method=delete") && !left_out.contains("/skips"), "it can be undone and nothing else: {left_out}");
    assert!(desk.told(&format!("{path}/changes?method=delete"), "").contains("Come prima."));
    assert!(desk.told(&path, "move=due&due=2020-01-01T09%3A00").contains("Quell'ora è passata."));
    assert_eq!(desk.appliance.all("/messages?direction=out").len(), 0, "and nothing went out");
    let far = "move=due&due=2099-01-01T09%3A00&only=on";
    assert!(desk.told(&format!("/runs/{run}/actions/m1%3A1"), far).contains("Quello che segue l'azione m1:1 scade prima."));
}

#[test]
fn what_may_come_on_a_way_that_is_not_taken_yet_has_its_verbs_too() {
    let desk = Desk::open();
    let (channel, _) = desk.appliance.simulator("Sim");
    let asks = json!({"flusso": 1, "name": "Domanda", "start": "m1", "nodes": [
        {"id": "m1", "kind": "message", "text": "Tutto bene?", "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "2d", "reply": {}, "exits": {"elapsed": "m2", "replied": "m3"}},
        {"id": "m2", "kind": "message", "text": "Ci sei?"}, {"id": "m3", "kind": "message", "text": "Grazie"}]});
    let flow = desk.appliance.call("POST", "/flows?enable=true", &asks).expect(201)["id"].as_str().unwrap().to_owned();
    let body = json!({"contact": {"channel": channel, "address": "anna", "name": "Anna"}});
    let run = desk.appliance.call("POST", &format!("/flows/{flow}/runs"), &body).expect(202)["run"].as_str().unwrap().to_owned();
    let page = desk.get(&format!("/runs/{run}"));
    let way = between(&page, "<ol class=\"way\">", "</ol>");
    assert!(
        way.contains(&format!("action=\"/runs/{run}/actions/m3%3A1/skips\"")) && !way.contains("name=\"next\""),
        "it does not come next: {way}"
    );
    assert_eq!(desk.post(&format!("/runs/{run}/actions/m3%3A1"), "text=Grazie+mille").status, 303);
    let page = desk.get(&format!("/runs/{run}"));
    let way = between(&page, "<ol class=\"way\">", "</ol>");
    assert!(read(way).contains("Grazie mille") && read(way).contains("Ultima modifica: Ada"), "{way}");
    assert!(way.contains(&format!("/runs/{run}/actions/m3%3A1/changes?method=delete")), "and its undo");
}

#[test]
fn a_flow_that_takes_a_message_and_does_not_start_is_not_told_as_having_answered() {
    let desk = Desk::open();
    let (_, hook) = desk.appliance.simulator("Sim");
    let keeps = json!({"flusso": 1, "name": "Resta", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "resta", "match": "exact"}], "exits": {"next": "w1"}},
        {"id": "w1", "kind": "wait", "for": "1d", "exits": {"elapsed": "m1"}}, {"id": "m1", "kind": "message", "text": "Eccomi"}]});
    desk.appliance.call("POST", "/flows?enable=true", &keeps).expect(201);
    desk.appliance.say(&hook, "anna", "resta").expect(200);
    let run = desk.appliance.all("/runs")[0].clone();
    let chat = format!("/contacts/{}", run["contact"].as_str().unwrap());
    assert!(!desk.get(&chat).contains("ma non riparte"));
    desk.appliance.say(&hook, "anna", "resta").expect(200);
    assert!(read(&desk.get(&chat)).contains("La prende Resta, ma non riparte. Perché?"));
    let story = read(&desk.get(&format!("/runs/{}", run["id"].as_str().unwrap())));
    assert!(story.contains("innescata di nuovo e resta dov'è") && !story.contains("kept"), "{story}");
}

#[test]
fn a_run_that_launched_another_names_it_and_says_how_that_was_answered() {
    let desk = Desk::open();
    let (_, hook) = desk.appliance.simulator("Sim");
    let other =
        json!({"flusso": 1, "name": "Post-vendita", "start": "m1", "nodes": [{"id": "m1", "kind": "message", "text": "Com'è andata?"}]});
    let other = desk.appliance.call("POST", "/flows?enable=true", &other).expect(201);
    let here = json!({"flusso": 1, "name": "Consegna", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "arrivato", "match": "exact"}], "exits": {"next": "l1"}},
        {"id": "l1", "kind": "launch", "flow": "Post-vendita", "exits": {"next": "m1"}},
        {"id": "m1", "kind": "message", "text": "Grazie"}]});
    desk.appliance.call("POST", "/flows?enable=true", &here).expect(201);
    let story = |person: &str| {
        desk.appliance.say(&hook, person, "arrivato").expect(200);
        let runs = desk.appliance.all("/runs?state=any");
        let run = runs.iter().find(|run| run["flow"] != other["id"]).unwrap().clone();
        read(&desk.get(&format!("/runs/{}", run["id"].as_str().unwrap()))).replace("&#34;", "\"")
    };
    let told = story("anna");
    assert!(told.contains("L'automazione \"Post-vendita\" è partita.") && !told.contains("altra automazione"), "{told}");
    let (visit, answer) = (told.find("“Post-vendita”: vanno avanti"), told.find("L'automazione \"Post-vendita\" è partita."));
    assert!(visit < answer, "first what was done, then what came of it: {told}");
    desk.appliance.call("POST", &format!("/flows/{}/pause", other["id"].as_str().unwrap()), &json!(null)).expect(200);
    let told = story("bruno");
    assert!(told.contains("L'automazione \"Post-vendita\" è disattivata."), "{told}");
}
