//! The simulator beside the editor, without a script in the browser: its own clock, the log with values, and that
//! nothing of it is stored or sent. And why a message found its automation, in the chat.

use super::desk::Desk;
use super::text;
use crate::kit::fake_provider::FakeProvider;
use serde_json::{Value, json};

/// A conversation as a browser holds it.
struct Talk<'d> {
    desk: &'d Desk,
    path: String,
    /// The page as it came, and as a person reads it.
    raw: String,
    page: String,
}

/// A text of a page as a person reads it.
fn plain(html: &str) -> String {
    let signs = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    signs.iter().fold(html.to_owned(), |text, (written, sign)| text.replace(written, sign))
}

fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

impl<'d> Talk<'d> {
    fn open(desk: &'d Desk, flow: &str) -> Talk<'d> {
        let path = format!("/flows/{flow}/try");
        let raw = desk.get(&path);
        Talk { desk, page: plain(&raw), raw, path }
    }

    /// What every form carries.
    fn script(&self) -> String {
        plain(self.raw.split("name=\"script\" value=\"").nth(1).expect("a script").split('"').next().unwrap())
    }

    fn press(&mut self, fields: &[(&str, &str)]) -> &str {
        let script = self.script();
        let fields: Vec<(&str, &str)> = [("script", script.as_str())].into_iter().chain(fields.iter().copied()).collect();
        let answer = self.desk.post(&self.path, &form(&fields));
        assert_eq!(answer.status, 200, "{}", text(&answer));
        (self.raw, self.page) = (text(&answer), plain(&text(&answer)));
        &self.page
    }

    fn act(&mut self, word: &str) -> &str {
        self.press(&[("act", word)])
    }

    /// The clock, as the field that sets it shows it.
    fn clock(&self) -> String {
        self.page.split("type=\"datetime-local\" name=\"time\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    /// The log of every step alone.
    fn log(&self) -> &str {
        self.page.split("<ol class=\"try-log\">").nth(1).map_or("", |rest| rest.split("</ol>").next().unwrap())
    }

    /// What Flusso said, in order.
    fn said(&self) -> Vec<String> {
        let bubbles = self.page.split("bubble bubble-in").skip(1);
        bubbles.map(|rest| rest.split("<p>").nth(1).unwrap_or("").split("</p>").next().unwrap().to_owned()).collect()
    }
}

fn order(url: &str) -> Value {
    json!({"flusso": 1, "name": "Ordine", "nodes": [
        {"id": "k1", "kind": "keyword", "phrases": [{"text": "ordine", "match": "exact"}], "exits": {"next": "a1"}},
        {"id": "a1", "kind": "api", "method": "POST", "url": format!("{url}/o"), "headers": {"X-Key": "{{ secret.shop_key }}"},
         "save": [{"path": "$.state", "to": "run.state"}], "exits": {"ok": "m1", "failed": "m2", "timed_out": "m2"}},
        {"id": "m1", "kind": "message", "text": "Il tuo ordine: {{ run.state }}", "exits": {"next": "w1"}},
        {"id": "m2", "kind": "message", "text": "Il sistema non risponde"},
        {"id": "w1", "kind": "wait", "for": "2d", "reply": {"save": "run.reply"}, "exits": {"elapsed": "m3", "replied": "m4"}},
        {"id": "m3", "kind": "message", "text": "Tutto bene?"},
        {"id": "m4", "kind": "message", "text": "Grazie per «{{ run.reply }}»"}]})
}

/// What the house holds of runs, people, messages and letters.
fn held(desk: &Desk) -> [usize; 4] {
    ["/runs?state=any", "/contacts", "/messages", "/outbox"].map(|path| desk.appliance.all(path).len())
}

fn house() -> (Desk, FakeProvider, String) {
    let (desk, system) = (Desk::open(), FakeProvider::start());
    desk.appliance.simulator("Sim");
    let host = system.base_url().trim_start_matches("http://").to_owned();
    desk.appliance.call("PATCH", "/settings", &json!({"private_hosts": [host]})).expect(200);
    let made = desk.appliance.call("POST", "/flows?enable=true", &order(system.base_url())).expect(201);
    let flow = made["id"].as_str().unwrap().to_owned();
    (desk, system, flow)
}

#[test]
fn a_rehearsal_has_its_own_clock_which_jumps_goes_an_hour_on_is_set_and_waits_out_a_silence() {
    let (desk, _system, flow) = house();
    let before = held(&desk);
    let mut talk = Talk::open(&desk, &flow);
    talk.press(&[("act", "time"), ("time", "2026-11-23T09:00")]);
    assert_eq!(talk.clock(), "2026-11-23T09:00", "before anything came in it may be set to any time");
    talk.press(&[("act", "calls"), ("calls", "mock"), ("status", "200"), ("body", "{\"state\": \"in viaggio\"}")]);
    talk.press(&[("act", "start"), ("start", "say ordine")]);
    assert_eq!(talk.said(), ["Il tuo ordine: in viaggio"]);
    assert!(talk.log().contains("in viaggio") && talk.log().contains("state"), "every step stands there with its values: {}", talk.log());
    assert!(talk.act("hour").contains("Passa il tempo e non succede niente"));
    assert_eq!(talk.clock(), "2026-11-23T10:00");
    assert!(talk.press(&[("act", "time"), ("time", "2026-11-23T08:00")]).contains("L'orologio va solo avanti"));
    talk.press(&[("act", "time"), ("time", "2026-11-24T12:30")]);
    assert_eq!(talk.clock(), "2026-11-24T12:30");
    talk.act("silence");
    assert_eq!((talk.clock().as_str(), talk.said().last().unwrap().as_str()), ("2026-11-25T09:00", "Tutto bene?"), "nobody answered");
    assert!(talk.act("next").contains("Adesso niente aspetta l'orologio"));
    talk.act("back");
    talk.press(&[("text", "sì, grazie")]);
    assert_eq!(talk.said().last().unwrap(), "Grazie per «sì, grazie»", "taken back, and answered instead");
    assert!(talk.log().contains("sì, grazie"));
    talk.act("back");
    talk.act("next");
    assert_eq!(talk.clock(), "2026-11-25T09:00", "a jump goes to the end of the wait");
    assert_eq!(held(&desk), before, "nothing was stored or sent");
}

#[test]
fn the_chat_tells_why_a_message_found_its_automation_and_who_lost() {
    let desk = Desk::open();
    let (_, hook) = desk.appliance.simulator("Sim");
    for (name, word, mode) in [("Listino", "listino", "exact"), ("Inizi", "lis", "starts"), ("Dentro", "sti", "contains")] {
        let flow = json!({"flusso": 1, "name": name, "nodes": [
            {"id": "k1", "kind": "keyword", "phrases": [{"text": word, "match": mode}], "exits": {"next": "m1"}},
            {"id": "m1", "kind": "message", "text": "Ecco."}]});
        desk.appliance.call("POST", "/flows?enable=true", &flow).expect(201);
    }
    desk.appliance.say(&hook, "Anna", "Listino!").expect(200);
    let contact = desk.appliance.all("/contacts")[0]["id"].as_str().unwrap().to_owned();
    let page = plain(&desk.get(&format!("/contacts/{contact}")));
    let why = page.split("class=\"chat-why\"").nth(1).expect("it is asked at the message").split("</details>").next().unwrap();
    assert!(why.contains("Listino"), "{why}");
    let lost = why.split("<ul>").nth(1).expect("those who lost stand there");
    assert!(lost.contains("Inizi: ") && lost.contains("Dentro: "), "{lost}");
    desk.appliance.say(&hook, "Anna", "qualcosa che nessuno vuole").expect(200);
    assert!(plain(&desk.get(&format!("/contacts/{contact}"))).matches("class=\"chat-why\"").count() >= 2, "also where nobody took it");
}
