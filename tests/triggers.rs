//! What starts a flow beside a message: tags, fields, permission, dates, schedules. On the built binary, with a clock that can be moved.

use crate::kit::appliance::Appliance;
use serde_json::{Value, json};

/// An appliance with a simulator, on which people can be made to speak.
pub struct Place {
    pub flusso: Appliance,
    hook: String,
}

impl Place {
    pub fn open() -> Place {
        let flusso = Appliance::start();
        let (_, hook) = flusso.simulator("Sim");
        Place { flusso, hook }
    }

    /// An enabled flow with a trigger of this kind that leads to these nodes, the first of which is `n1`.
    pub fn flow(&self, name: &str, trigger: &Value, rest: &Value) -> String {
        let mut first = trigger.clone();
        first["id"] = json!("t1");
        first["exits"] = json!({"next": "n1"});
        let nodes: Vec<Value> = std::iter::once(first).chain(rest.as_array().unwrap().iter().cloned()).collect();
        self.document(&json!({"flusso": 1, "name": name, "nodes": nodes}))
    }

    pub fn document(&self, document: &Value) -> String {
        self.flusso.call("POST", "/flows?enable=true", document).expect(201)["id"].as_str().unwrap().to_owned()
    }

    /// A flow that says one thing and waits a year, so that whoever is inside can be counted.
    pub fn says(&self, name: &str, trigger: &Value, text: &str) -> String {
        let wait = json!({"id": "n2", "kind": "wait", "for": "365d"});
        self.flow(name, trigger, &json!([{"id": "n1", "kind": "message", "text": text, "exits": {"next": "n2"}}, wait]))
    }

    pub fn person(&self, name: &str) -> String {
        let body = json!({"name": name, "addresses": [{"channel_kind": "simulator", "address": name}]});
        self.flusso.call("POST", "/contacts", &body).expect(201)["id"].as_str().unwrap().to_owned()
    }

    pub fn change(&self, contact: &str, change: &Value) {
        self.flusso.call("PATCH", &format!("/contacts/{contact}"), change).expect(200);
    }

    pub fn say(&self, name: &str, text: &str) {
        self.flusso.say(&self.hook, name, text).expect(200);
    }

    pub fn ahead(&self, span: &str) {
        self.flusso
            .ask("POST", "/test/clock", &[("Content-Type", "application/json")], json!({"ahead": span}).to_string().as_bytes())
            .expect(200);
    }

    /// What was said to anybody, in order.
    pub fn told(&self) -> Vec<String> {
        self.flusso.all("/messages?direction=out").iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until so many runs of a flow ever were.
    #[track_caller]
    pub fn wait_for_runs(&self, flow: &str, count: usize) {
        let path = format!("/runs?flow={flow}&state=any&limit=200");
        self.flusso.wait_for(&path, |page| page["items"].as_array().is_some_and(|items| items.len() == count));
    }

    #[track_caller]
    pub fn runs(&self, flow: &str) -> Vec<Value> {
        self.flusso.all(&format!("/runs?flow={flow}&state=any"))
    }

    fn last_error(&self, flow: &str) -> Option<String> {
        let flows = self.flusso.all("/flows");
        let found = flows.iter().find(|known| known["id"] == flow).unwrap();
        found["last_error"]["text"].as_str().map(str::to_owned)
    }
}

#[test]
fn a_change_of_a_contact_starts_a_flow_whoever_makes_it() {
    let place = Place::open();
    let event = |on: &str, member: &str, what: &str| json!({"kind": "event", "on": on, member: what});
    place.says("Added", &event("tag_added", "tag", "vip"), "added {{ contact.name }}");
    place.says("Removed", &event("tag_removed", "tag", "vip"), "removed");
    place.says("Field", &event("field_changed", "field", "contact.fields.city"), "city {{ contact.fields.city }}");
    place.says("In", &json!({"kind": "event", "on": "opted_in"}), "in");
    let save = json!([{"id": "n1", "kind": "save", "add_tags": ["vip"], "set": [{"field": "contact.fields.city", "to": "Roma"}]}]);
    place.flow("Saves", &json!({"kind": "keyword", "phrases": [{"text": "salva", "match": "exact"}]}), &save);
    let anna = place.person("Anna");
    place.change(&anna, &json!({"tags": ["vip", "new"]}));
    place.change(&anna, &json!({"fields": {"city": "Bari"}}));
    place.change(&anna, &json!({"fields": {"other": "x"}, "tags": []}));
    assert_eq!(place.told(), ["added Anna", "city Bari", "removed"], "by the API");
    place.say("Bruno", "salva");
    assert_eq!(place.told()[3..], ["added", "city Roma"], "by a node of another flow");
    let body = json!({"name": "Carla", "tags": ["vip"], "addresses": [{"channel_kind": "simulator", "address": "Carla"}]});
    place.flusso.call("POST", "/contacts", &body).expect(201);
    assert_eq!(place.told().last().unwrap(), "added Carla", "with the contact itself");
    place.say("Dora", "stop");
    place.say("Dora", "start");
    assert_eq!(place.told().last().unwrap(), "in", "by the word of the contact");
    place.change(&anna, &json!({"consent": "opted_in"}));
    assert_eq!(place.told().iter().filter(|text| *text == "in").count(), 2);
}

#[test]
fn who_leaves_starts_a_flow_that_does_everything_but_write_to_them() {
    let place = Place::open();
    let rest = json!([
        {"id": "n1", "kind": "message", "text": "peccato", "exits": {"next": "n2"}},
        {"id": "n2", "kind": "wait", "for": "1h", "exits": {"elapsed": "n3"}},
        {"id": "n3", "kind": "save", "add_tags": ["gone"]}]);
    let flow = place.flow("Left", &json!({"kind": "event", "on": "opted_out"}), &rest);
    place.say("Anna", "stop");
    assert!(!place.told().contains(&"peccato".to_owned()), "{:?}", place.told());
    place.ahead("2h");
    let tagged = |page: &Value| page["items"][0]["tags"].as_array().is_some_and(|tags| tags.contains(&json!("gone")));
    place.flusso.wait_for("/contacts", tagged);
    assert_eq!(place.runs(&flow).len(), 1);
}

#[test]
fn a_cooldown_lets_a_trigger_fire_once_in_its_time() {
    let place = Place::open();
    let trigger = json!({"kind": "event", "on": "tag_added", "tag": "vip", "cooldown": "1d"});
    let flow = place.flow("Once a day", &trigger, &json!([{"id": "n1", "kind": "message", "text": "ciao"}]));
    let anna = place.person("Anna");
    let toggle = || {
        place.change(&anna, &json!({"tags": ["vip"]}));
        place.change(&anna, &json!({"tags": []}));
    };
    toggle();
    toggle();
    assert_eq!(place.runs(&flow).len(), 1);
    place.ahead("25h");
    toggle();
    assert_eq!(place.runs(&flow).len(), 2);
}

#[test]
fn two_flows_that_set_each_other_off_are_stopped_and_the_owner_is_told() {
    let place = Place::open();
    let swaps = |name: &str, from: &str, to: &str| {
        let nodes = json!([
            {"id": "t1", "kind": "event", "on": "tag_added", "tag": from, "exits": {"next": "n1"}},
            {"id": "n1", "kind": "save", "add_tags": [to], "remove_tags": [from]}]);
        place.document(&json!({"flusso": 1, "name": name, "reentry": "restart", "nodes": nodes}))
    };
    let (one, two) = (swaps("One", "a", "b"), swaps("Two", "b", "a"));
    let anna = place.person("Anna");
    place.change(&anna, &json!({"tags": ["a"]}));
    let runs = place.runs(&one).len() + place.runs(&two).len();
    assert!((2..=10).contains(&runs), "{runs} runs");
    let said = place.last_error(&one).or(place.last_error(&two)).expect("the owner is told");
    assert!(said.contains("start each other"), "{said}");
}

#[test]
fn a_trigger_that_fires_again_and_again_is_stopped_by_the_hour_and_the_owner_is_told() {
    let place = Place::open();
    let trigger = json!({"kind": "event", "on": "tag_added", "tag": "vip"});
    let flow = place.flow("Each time", &trigger, &json!([{"id": "n1", "kind": "end"}]));
    let anna = place.person("Anna");
    for _ in 0..23 {
        place.change(&anna, &json!({"tags": ["vip"]}));
        place.change(&anna, &json!({"tags": []}));
    }
    assert_eq!(place.runs(&flow).len(), 20);
    let said = place.last_error(&flow).expect("the owner is told");
    assert!(said.contains("20 times"), "{said}");
}

#[test]
fn what_nobody_asked_for_waits_while_a_person_answers() {
    let place = Place::open();
    place.says("Added", &json!({"kind": "event", "on": "tag_added", "tag": "vip"}), "benvenuto fra i vip");
    let anna = place.person("Anna");
    place.flusso.call("POST", &format!("/contacts/{anna}/messages"), &json!({"text": "Ciao, sono io"})).expect(202);
    place.change(&anna, &json!({"tags": ["vip"]}));
    assert_eq!(place.told(), ["Ciao, sono io"]);
    place.ahead("61m");
    place.flusso.wait_for("/messages?direction=out", |page| page["items"].as_array().is_some_and(|items| items.len() == 2));
    assert_eq!(place.told()[1], "benvenuto fra i vip");
}

#[test]
fn a_keyword_listens_in_its_hours_alone() {
    let place = Place::open();
    let now = place.flusso.ask("GET", "/test/clock", &[], &[]).json()["now"].as_str().unwrap().to_owned();
    place.flusso.call("PATCH", "/settings", &json!({"time_zone": "UTC"})).expect(200);
    let hour: u32 = now[11..13].parse().unwrap();
    let window = |from: u32, to: u32| json!({"days": "all", "from": format!("{:02}:00", from % 24), "to": format!("{:02}:00", to % 24)});
    let keyword = |text: &str, hours: Value| json!({"kind": "keyword", "phrases": [{"text": text, "match": "exact"}], "hours": hours});
    place.says("Open", &keyword("aperto", window(hour, hour + 2)), "eccomi");
    place.says("Closed", &keyword("chiuso", window(hour + 3, hour + 5)), "mai");
    place.says("Rest", &json!({"kind": "event", "on": "any_message"}), "altro");
    place.say("Anna", "aperto");
    place.say("Bruno", "chiuso");
    assert_eq!(place.told(), ["eccomi", "altro"]);
    let inbox = place.flusso.all("/messages?direction=in");
    assert!(inbox[1]["route"].to_string().contains("does not listen at this hour"), "{}", inbox[1]["route"]);
}

/// The date so many days from what the clock shows, in UTC.
fn day(place: &Place, ahead: i64) -> String {
    let now: flusso::base::time::Time = place.flusso.ask("GET", "/test/clock", &[], &[]).json()["now"].as_str().unwrap().parse().unwrap();
    (now + flusso::base::time::Span::DAY.times(ahead)).to_string()[..10].to_owned()
}

#[test]
fn a_date_of_a_contact_starts_a_flow_at_its_distance_and_follows_the_field() {
    let mut place = Place::open();
    place.flusso.call("PATCH", "/settings", &json!({"time_zone": "UTC"})).expect(200);
    let trigger = json!({"kind": "event", "on": "date", "field": "contact.fields.visit", "offset": "-1d", "at": "10:00"});
    let (anna, bruno, carla) = (place.person("Anna"), place.person("Bruno"), place.person("Carla"));
    place.change(&anna, &json!({"fields": {"visit": day(&place, 5)}}));
    let flow = place.flow("Visit", &trigger, &json!([{"id": "n1", "kind": "message", "text": "domani: {{ contact.name }}"}]));
    // Long enough for the round that arms those who were there before: who comes after it is armed by the change itself.
    std::thread::sleep(std::time::Duration::from_millis(2500));
    place.change(&bruno, &json!({"fields": {"visit": day(&place, 5)}}));
    place.change(&carla, &json!({"fields": {"visit": day(&place, 5)}}));
    place.change(&carla, &json!({"fields": {"visit": day(&place, 30)}}));
    place.ahead("2d");
    place.flusso.kill_and_restart();
    assert_eq!(place.runs(&flow).len(), 0, "not before its time");
    place.ahead("5d");
    place.wait_for_runs(&flow, 2);
    let mut told = place.told();
    told.sort();
    assert_eq!(told, ["domani: Anna", "domani: Bruno"], "those of before and after it was enabled, and not the one who moved");
    place.flusso.call("POST", &format!("/flows/{flow}/pause"), &Value::Null).expect(200);
    place.ahead("15d");
    place.ahead("20d");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    place.flusso.call("DELETE", &format!("/flows/{flow}/pause"), &Value::Null).expect(200);
    place.change(&anna, &json!({"fields": {"visit": day(&place, 3)}}));
    std::thread::sleep(std::time::Duration::from_millis(1500));
    place.ahead("4d");
    place.wait_for_runs(&flow, 3);
    assert_eq!(place.told().len(), 3, "a disabled flow starts for nobody, and what passed meanwhile is past: {:?}", place.told());
}

#[test]
fn a_birthday_comes_every_year() {
    let place = Place::open();
    let trigger = json!({"kind": "event", "on": "date", "field": "birthday", "at": "10:00", "yearly": true});
    let flow = place.flow("Auguri", &trigger, &json!([{"id": "n1", "kind": "message", "text": "auguri"}]));
    let anna = place.person("Anna");
    place.change(&anna, &json!({"fields": {"birthday": format!("1984{}", &day(&place, 10)[4..])}}));
    place.ahead("12d");
    place.wait_for_runs(&flow, 1);
    place.ahead("360d");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    assert_eq!(place.runs(&flow).len(), 1);
    place.ahead("10d");
    place.wait_for_runs(&flow, 2);
}

#[test]
fn a_schedule_starts_for_its_segment_once_for_each_occurrence_whatever_ends_the_program() {
    let mut place = Place::open();
    let rule = json!({"name": "A Roma", "all": [{"value": "contact.fields.city", "op": "is", "to": "Roma"}]});
    place.flusso.call("POST", "/segments", &rule).expect(201);
    place.flusso.call("POST", "/segments", &rule).problem(409);
    let (anna, bruno, carla) = (place.person("Anna"), place.person("Bruno"), place.person("Carla"));
    place.change(&anna, &json!({"fields": {"city": "roma"}, "tags": ["vip"]}));
    place.change(&bruno, &json!({"fields": {"city": "Roma"}}));
    place.change(&carla, &json!({"fields": {"city": "Bari"}, "tags": ["vip"]}));
    let daily = |segment: &str| json!({"kind": "event", "on": "schedule", "days": "all", "at": "09:00", "segment": segment});
    let says = |text: &str| json!([{"id": "n1", "kind": "message", "text": text}]);
    let by_segment = place.flow("Roma", &daily("A Roma"), &says("a Roma"));
    let by_tag = place.flow("Vip", &daily("vip"), &says("per i vip"));
    let mut seldom = daily("vip");
    seldom["cooldown"] = json!("30d");
    let seldom = place.flow("Ogni tanto", &seldom, &says("ogni tanto"));
    place.ahead("24h");
    place.wait_for_runs(&seldom, 2);
    place.wait_for_runs(&by_segment, 2);
    place.wait_for_runs(&by_tag, 2);
    place.flusso.kill_and_restart();
    place.ahead("1h");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    assert_eq!((place.runs(&by_segment).len(), place.runs(&by_tag).len()), (2, 2), "no occurrence comes twice");
    place.ahead("72h");
    place.wait_for_runs(&by_segment, 4);
    place.wait_for_runs(&by_tag, 4);
    place.flusso.wait_for("/broadcasts", |all| all["items"].as_array().is_some_and(|all| all.iter().all(|each| each["state"] == "done")));
    assert_eq!(place.runs(&seldom).len(), 2, "its cooldown is not over");
    let broadcasts = place.flusso.all("/broadcasts");
    assert!(broadcasts.iter().all(|each| each["state"] == "done"), "{broadcasts:?}");
    assert_eq!(broadcasts.len(), 6, "three missed days are stood for by one");
}

#[test]
fn a_wait_for_nine_o_clock_moves_with_the_zone_and_a_length_of_time_does_not() {
    let place = Place::open();
    place.flusso.call("PATCH", "/settings", &json!({"time_zone": "Europe/Rome"})).expect(200);
    let keyword = |text: &str| json!({"kind": "keyword", "phrases": [{"text": text, "match": "exact"}]});
    place.flow("Wall", &keyword("muro"), &json!([{"id": "n1", "kind": "wait", "until": {"date": "2030-06-01T09:00"}}]));
    place.flow("Long", &keyword("lungo"), &json!([{"id": "n1", "kind": "wait", "for": "9d"}]));
    place.say("Anna", "muro");
    place.say("Anna", "lungo");
    place.say("Bruno", "muro");
    let due = |run: &str| {
        let run = place.flusso.get(&format!("/runs/{run}")).expect(200);
        run["actions"].as_array().unwrap().iter().find(|action| action["source"] == "pending").unwrap()["due"].as_str().unwrap().to_owned()
    };
    let runs: Vec<String> = place.flusso.all("/runs").iter().map(|run| run["id"].as_str().unwrap().to_owned()).collect();
    let before: Vec<String> = runs.iter().map(|run| due(run)).collect();
    assert_eq!(before.iter().filter(|due| *due == "2030-06-01T07:00:00.000Z").count(), 2);
    let contacts = place.flusso.all("/contacts");
    let bruno = contacts.iter().find(|contact| contact["addresses"].to_string().contains("Bruno")).unwrap()["id"].as_str().unwrap();
    place.change(bruno, &json!({"time_zone": "Asia/Tokyo"}));
    place.flusso.call("PATCH", "/settings", &json!({"time_zone": "America/New_York"})).expect(200);
    std::thread::sleep(std::time::Duration::from_millis(2000));
    let mut after: Vec<String> = runs.iter().map(|run| due(run)).collect();
    after.sort();
    let long = before.iter().find(|due| !due.starts_with("2030")).unwrap().clone();
    assert_eq!(after, [long.as_str(), "2030-06-01T00:00:00.000Z", "2030-06-01T13:00:00.000Z"]);
}
