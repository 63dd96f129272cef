//! Flows by chance, from a seed: every kind of node, every member of each now and then, and no fault in any of them.

use fastrand::Rng;
use flusso::model::document;
use flusso::model::flow::Flow;
use serde_json::{Value, json};

const WORDS: [&str; 12] =
    ["ciao", "listino", "perché no", "caffè", "\"quoted\"", "a\\b", "line\nbreak", "tab\there", "😀 emoji", "<b>", "{ one }", "Ωμέγα"];
const FIELDS: [&str; 4] = ["contact.fields.città", "contact.fields.visits", "contact.fields.birth_day", "contact.fields.x-y"];
const SPANS: [&str; 6] = ["1s", "90s", "15m", "2h", "1d 12h", "365d"];

/// A flow of this seed.
pub fn flow(seed: u64) -> Flow {
    let mut chance = Chance(Rng::with_seed(seed), seed);
    let document = chance.document();
    document::read(&document).unwrap_or_else(|problems| panic!("seed {seed}: {problems:?}\n{document}"))
}

struct Chance(Rng, u64);

impl Chance {
    fn one_in(&mut self, n: u32) -> bool {
        self.0.u32(..n) == 0
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.0.usize(..list.len())].clone()
    }

    fn number(&mut self) -> Value {
        match self.0.u32(..4) {
            0 => json!(self.0.i32(-1000..1000)),
            1 => json!(self.0.f64()),
            2 => json!(self.0.f64() * 1e9),
            _ => json!(f64::from(self.0.i32(-90_000..90_000)) / 1000.0),
        }
    }

    fn words(&mut self) -> String {
        let variables = ["{{ contact.name }}", "{{ contact.fields.città | default: \"\" }}", "{{ run.order }}", "{{ message.text }}"];
        let mut text = self.of(&WORDS).to_owned();
        for _ in 0..self.0.u32(..3) {
            let more = if self.one_in(2) { self.of(&variables) } else { self.of(&WORDS) };
            text = format!("{text} {more}");
        }
        text
    }

    fn text(&mut self) -> Value {
        if self.one_in(3) { json!({ "it": self.words(), "en": self.words() }) } else { json!(self.words()) }
    }

    fn value(&mut self) -> Value {
        match self.0.u32(..4) {
            0 => json!(self.words()),
            1 => self.number(),
            2 => json!(self.0.bool()),
            _ => json!([self.words(), self.0.i32(..)]),
        }
    }

    fn rule(&mut self) -> Value {
        match self.0.u32(..5) {
            0 => json!({"value": "contact.tags", "op": "has", "to": format!("tag {}", self.0.u32(..9))}),
            1 => json!({"value": self.of(&FIELDS), "op": self.of(&["exists", "missing"])}),
            2 => json!({"value": "run.order", "op": "between", "to": [self.number(), self.number()]}),
            3 => json!({"value": "flows.Altra.state", "op": "is", "to": "waiting"}),
            _ => {
                json!({"value": self.of(&FIELDS), "op": self.of(&["is", "is_not", "contains", "gt", "lte", "before"]), "to": self.value()})
            }
        }
    }

    fn document(&mut self) -> Value {
        let (mut nodes, count) = (self.triggers(), self.0.usize(1..12));
        for index in 0..count {
            let mut node = self.node();
            node["id"] = json!(format!("n{index}"));
            let names = exits(&node);
            let mut to = serde_json::Map::new();
            for name in names {
                let target =
                    if index + 1 < count && !self.one_in(4) { json!(format!("n{}", self.0.usize(index + 1..count))) } else { Value::Null };
                if !target.is_null() || self.one_in(5) {
                    to.insert(name, target);
                }
            }
            if !to.is_empty() {
                node["exits"] = Value::Object(to);
            }
            self.around(&mut node);
            nodes.push(node);
        }
        nodes.push(json!({"id": "note", "kind": "note", "text": self.words()}));
        let mut document = json!({"flusso": 1, "name": format!("Flow {:05}", self.1), "nodes": nodes});
        self.head(&mut document);
        document
    }

    fn head(&mut self, document: &mut Value) {
        match self.0.u32(..5) {
            0 => document["reentry"] = json!("restart"),
            1 => (document["reentry"], document["reentry_after"]) = (json!("once"), json!(self.of(&SPANS))),
            2 => (document["reentry"], document["reentry_key"]) = (json!("parallel"), json!("run.order")),
            3 => document["reentry"] = json!("keep"),
            _ => {}
        }
        if self.one_in(3) {
            document["start"] = json!("n0");
        }
        if self.one_in(3) {
            document["category"] = json!(self.of(&["service", "utility", "marketing"]));
        }
        if self.one_in(3) {
            document["about"] = json!({"purpose": self.text(), "trade": ["shop"], "goal": "won", "needs": ["staff"]});
        }
        if self.one_in(4) {
            document["leave_when"] = json!([self.rule(), self.rule()]);
        }
        if self.one_in(12) {
            document["talks"] = json!([{"name": self.words(), "script": "contact language it\n> text \"zzz\"\n"}]);
        }
    }

    fn triggers(&mut self) -> Vec<Value> {
        let exits = json!({"next": "n0"});
        let phrase = format!("{} {}", self.of(&WORDS[..4]), self.1);
        let mode = self.of(&["exact", "word", "starts", "contains"]);
        let mut keyword = json!({"id": "k", "kind": "keyword", "phrases": [{"text": phrase, "match": mode}], "exits": exits});
        if self.one_in(4) {
            keyword["phrases"] = json!([{"text": phrase, "match": mode}, {"text": format!("^{}[a-z]+$", self.1), "match": "regex"}]);
        }
        if self.one_in(4) {
            keyword["channels"] = json!(["Negozio"]);
        }
        if self.one_in(4) {
            keyword["hours"] = json!({"days": "mon-fri", "from": "09:00", "to": "18:30"});
        }
        let event = match self.0.u32(..6) {
            0 => json!({"on": "tag_added", "tag": "vip"}),
            1 => json!({"on": "field_changed", "field": self.of(&FIELDS)}),
            2 => json!({"on": "date", "field": self.of(&FIELDS), "offset": "-1d", "at": "10:00", "yearly": true}),
            3 => json!({"on": "schedule", "days": "mon,wed", "at": "09:30", "segment": "Vip"}),
            4 => json!({"on": "any_message", "cooldown": self.of(&SPANS)}),
            _ => json!({"on": self.of(&["first_message", "out_of_hours", "opted_in", "opted_out"])}),
        };
        let mut event = event;
        (event["id"], event["kind"], event["exits"]) = (json!("e"), json!("event"), exits);
        if self.one_in(3) { vec![keyword, event] } else { vec![keyword] }
    }

    fn around(&mut self, node: &mut Value) {
        if self.one_in(2) {
            (node["x"], node["y"]) = (self.number(), self.number());
        }
        if self.one_in(3) {
            node["title"] = json!(self.words().chars().take(60).collect::<String>().trim_end());
        }
        if self.one_in(5) {
            node["note"] = json!(self.words());
        }
    }

    fn node(&mut self) -> Value {
        match self.0.u32(..11) {
            0 | 1 => self.message(),
            2 | 3 => self.wait(),
            4 => {
                let way = self.of(&["all", "any"]);
                json!({"kind": "condition", "branches": [{"exit": "yes", way: [self.rule(), self.rule()]}, {"exit": "or", "any": [self.rule()]}]})
            }
            5 => {
                json!({"kind": "save", "set": [{"field": self.of(&FIELDS), "to": self.value()}, {"field": "run.order", "to": self.words()}],
                "clear": ["run.old"], "increment": [{"field": self.of(&FIELDS), "by": self.number()}],
                "add_tags": [format!("tag {}", self.0.u32(..9))], "remove_tags": ["vip"], "language": "en", "consent": self.of(&["opted_in", "opted_out"])})
            }
            6 => self.call(),
            7 => match self.0.u32(..3) {
                0 => {
                    json!({"kind": "launch", "flow": format!("Flow {:05}", self.0.u64(..500)), "mode": self.of(&["continue", "call", "jump"]), "variables": {"a": self.value(), "b": self.words()}})
                }
                1 => json!({"kind": "launch", "stop": self.of(&["all", "flow", "Nobody's flow"])}),
                _ => json!({"kind": "launch", "flow": "Nobody's flow"}),
            },
            8 => json!({"kind": "split", "weights": [{"exit": "a", "weight": self.0.u32(1..100)}, {"exit": "b", "weight": 3}]}),
            9 => match self.0.u32(..3) {
                0 => json!({"kind": "handover", "for": self.of(&SPANS), "notify": "Negozio: 393330000000"}),
                1 => json!({"kind": "handover"}),
                _ => json!({"kind": "notify", "text": self.text(), "to": "https://staff.example/hook"}),
            },
            _ => json!({"kind": "end", "goal": self.words()}),
        }
    }

    fn message(&mut self) -> Value {
        let mut node = json!({"kind": "message", "text": self.text()});
        match self.0.u32(..5) {
            0 => node["buttons"] = json!([{"id": "si", "title": {"it": "Sì", "en": "Yes"}}, {"id": "no", "title": "No"}]),
            1 => {
                let rows =
                    json!([{"id": "r1", "title": "Uno", "description": "Il primo {{ contact.name }}"}, {"id": "r2", "title": "Due"}]);
                node["list"] = json!({"button": "Scegli", "sections": [{"title": "Prima", "rows": rows}, {"title": "Altra", "rows": [{"id": "r3", "title": "Tre"}]}]});
            }
            2 => {
                node["attachments"] = json!([{"kind": self.of(&["image", "audio", "video", "document", "sticker"]), "url": "https://files.example/{{ run.order }}.pdf", "caption": self.text()}])
            }
            3 => {
                (node["location"], node["contact_card"]) = (
                    json!({"latitude": self.number(), "longitude": self.number(), "name": self.words()}),
                    json!({"name": self.words(), "phone": "+39 333"}),
                )
            }
            _ => {}
        }
        if self.one_in(3) {
            node["alternatives"] = json!([self.text(), self.words()]);
        }
        if self.one_in(3) {
            node["typing"] = json!(self.of(&SPANS[..2]));
        }
        let template = json!({"template": {"name": "hello", "language": "it", "parameters": [self.words(), "{{ contact.name }}"]}});
        if self.one_in(2) {
            node["window_closed"] = self.of(&[template, json!("hold"), json!("skip"), json!("stop")]);
        }
        node
    }

    fn wait(&mut self) -> Value {
        let mut node = json!({"kind": "wait"});
        match self.0.u32(..6) {
            0 => node["until"] = json!({"date": self.of(&["2026-12-24", "2026-12-24T18:00"])}),
            1 => node["until"] = json!({"time": "09:05", "offset": "-2h"}),
            2 => node["until"] = json!({"weekday": self.of(&["mon", "sun"]), "at": "07:00"}),
            3 => node["until"] = json!({"value": self.of(&FIELDS), "offset": "1d 12h"}),
            _ => node["for"] = json!(self.of(&SPANS)),
        }
        if self.one_in(2) {
            node["window"] = self.of(&[json!("business_hours"), json!({"days": "all", "from": "08:00", "to": "20:00"})]);
        }
        if self.one_in(2) {
            let check = self.of(&[
                json!("text"),
                json!("number"),
                json!("date"),
                json!("email"),
                json!("phone"),
                json!({"one_of": ["sì", "no"]}),
                json!({"regex": "^[0-9]{3}$"}),
            ]);
            node["reply"] = json!({"check": check, "save": self.of(&FIELDS), "retry": {"times": self.0.u32(1..5), "text": self.text()},
                "ignore_keywords": self.0.bool(), "burst": "3s"});
        }
        if self.one_in(3) {
            node["met"] = self.of(&[
                json!({"tag": "won"}),
                json!({"callback": true}),
                json!({"field": "contact.fields.visits", "op": "gte", "to": 3.5}),
            ]);
        }
        node
    }

    fn call(&mut self) -> Value {
        let body = self.of(&[
            json!({"json": {"a": ["{{ run.order }}", 1.5, null], "b": {"c": true}}}),
            json!({"form": {"a": "b"}}),
            json!({"raw": "x {{ run.order }}"}),
        ]);
        let mut node = json!({"kind": "api", "method": self.of(&["GET", "POST", "PUT", "PATCH", "DELETE"]), "url": "https://shop.example/{{ run.order }}?x=1",
            "headers": {"Accept": "application/json", "Authorization": "Bearer {{ run.key }}"}, "query": {"q": self.words()}, "body": body,
            "save": [{"path": "$.items[0].name", "to": "contact.fields.visits"}, {"path": "$.x", "to": "run.order"}]});
        if self.one_in(2) {
            (node["timeout"], node["safe_to_repeat"]) = (json!("9s"), json!(true));
        }
        if self.one_in(2) {
            node["retry"] = json!({"times": 2, "within": "30s"});
        }
        node
    }
}

/// The exits that a node may have.
fn exits(node: &Value) -> Vec<String> {
    let names: Vec<&str> = match node["kind"].as_str().unwrap_or_default() {
        "wait" => {
            let mut names = vec!["elapsed"];
            names.extend((!node["reply"].is_null()).then_some(["replied", "invalid"]).into_iter().flatten());
            names.extend((!node["met"].is_null()).then_some("met"));
            names
        }
        "condition" => vec!["yes", "or", "else"],
        "split" => vec!["a", "b"],
        "api" => vec!["ok", "failed", "timed_out"],
        "message" if !node["buttons"].is_null() => vec!["next", "si", "no"],
        "message" if !node["list"].is_null() => vec!["next", "r1", "r2", "r3"],
        "end" | "note" => vec![],
        _ => vec!["next"],
    };
    names.into_iter().map(str::to_owned).collect()
}
