//! The simulator beside the editor, without a script in the browser: its own clock, calls mocked, asked or real, the log with values, the
//! tests that are kept, and that nothing of it is stored or sent.

use super::desk::Desk;
use super::text;
use crate::kit::fake_provider::{FakeProvider, Reply};
use serde_json::{Value, json};
use std::time::Duration;

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
fn calls_of_a_rehearsal_are_mocked_asked_for_or_made_in_earnest_with_their_secrets() {
    let (desk, system, flow) = house();
    let before = held(&desk);
    let mut talk = Talk::open(&desk, &flow);
    talk.press(&[("act", "calls"), ("calls", "mock"), ("status", "503"), ("body", "{}")]);
    talk.press(&[("text", "ordine")]);
    assert_eq!(talk.said(), ["Il sistema non risponde"]);
    for (answer, said) in [
        (vec![("act", "answer"), ("status", "200"), ("body", "{\"state\": \"pronto\"}")], "Il tuo ordine: pronto"),
        (vec![("act", "timed_out")], "Il sistema non risponde"),
        (vec![("act", "failed")], "Il sistema non risponde"),
    ] {
        let mut talk = Talk::open(&desk, &flow);
        talk.press(&[("act", "calls"), ("calls", "ask")]);
        assert!(talk.press(&[("text", "ordine")]).contains("Aspetta la risposta di una chiamata"));
        assert_eq!(talk.said(), Vec::<String>::new());
        talk.press(&answer);
        assert_eq!(talk.said(), [said], "{answer:?}");
    }
    system.stays_at(0, Duration::from_millis(100));
    system.always(Reply::Raw(200, "{\"state\": \"davvero\"}".to_owned()));
    let mut talk = Talk::open(&desk, &flow);
    talk.press(&[("act", "calls"), ("calls", "real")]);
    talk.press(&[("text", "ordine")]);
    assert_eq!(talk.said(), ["Il sistema non risponde"], "the secret is not set");
    assert!(talk.log().contains("shop_key"), "and the log says so: {}", talk.log());
    desk.appliance.call("PUT", "/secrets/shop_key", &json!({"value": "canarino-4711"})).expect(204);
    let mut talk = Talk::open(&desk, &flow);
    assert!(talk.press(&[("act", "calls"), ("calls", "real")]).contains("Le chiamate sono vere"));
    talk.press(&[("text", "ordine")]);
    assert_eq!(talk.said(), ["Il tuo ordine: davvero"]);
    let seen = system.wait_for(1, Duration::from_secs(10)).remove(0);
    assert_eq!((seen.path.as_str(), seen.header("x-key")), ("/o", Some("canarino-4711")));
    assert!(seen.header("webhook-signature").is_some(), "as every call of a flow");
    assert!(!talk.page.contains("canarino") && !talk.page.contains('\u{1}'), "no page shows it");
    talk.act("hour");
    system.stays_at(1, Duration::from_millis(100));
    let mut again = Talk::open(&desk, &flow);
    again.press(&[("act", "calls"), ("calls", "real")]);
    again.press(&[("text", "ordine")]);
    let keys: Vec<_> =
        system.wait_for(2, Duration::from_secs(10)).iter().map(|seen| seen.header("idempotency-key").map(str::to_owned)).collect();
    assert!(keys.iter().all(Option::is_some) && keys[0] != keys[1], "a rehearsal done again is another request to the shop: {keys:?}");
    assert_eq!(held(&desk), before, "nothing was stored, and no letter left");
}

#[test]
fn a_rehearsal_is_kept_as_a_test_and_a_red_one_keeps_the_panel_from_saving_until_it_is_confirmed() {
    let (desk, system, flow) = house();
    let mut talk = Talk::open(&desk, &flow);
    talk.press(&[("act", "calls"), ("calls", "mock"), ("status", "200"), ("body", "{\"state\": \"pronto\"}")]);
    talk.press(&[("text", "ordine")]);
    let revision = |page: &str| page.split("name=\"revision\" value=\"").nth(1).expect("a revision").split('"').next().unwrap().to_owned();
    let script = talk.script();
    let keep = [("revision", &*revision(&talk.raw)), ("script", &*script), ("name", "Chi chiede")];
    assert_eq!(desk.post(&format!("/flows/{flow}/talks"), &form(&keep)).status, 303);
    assert!(desk.get(&format!("/flows/{flow}/try")).contains("Come prima"), "it is green");
    // The draft is saved with its test, then changed so that the test goes otherwise.
    let version = || desk.appliance.get(&format!("/flows/{flow}/versions?limit=1")).expect(200)["items"][0]["number"].clone();
    let save = |more: &str| {
        let revision = revision(&desk.get(&format!("/flows/{flow}/edit")));
        desk.post(&format!("/flows/{flow}/versions"), &format!("revision={revision}&{more}"))
    };
    assert_eq!((save("").status, version()), (303, json!(2)));
    let mut other = order(system.base_url());
    other["nodes"][2]["text"] = json!("Il tuo pacco: {{ run.state }}");
    other["talks"] = desk.appliance.get(&format!("/flows/{flow}")).expect(200)["talks"].clone();
    let refused = desk.appliance.call("PUT", &format!("/flows/{flow}"), &other);
    assert!(refused.status == 422 && refused.text().contains("Chi chiede"), "{}", refused.text());
    let revision_now = revision(&desk.get(&format!("/flows/{flow}/edit")));
    let changed = desk.post(&format!("/flows/{flow}/nodes/m1?method=delete"), &form(&[("revision", &*revision_now)]));
    assert_eq!(changed.status, 303, "{}", text(&changed));
    let asked = desk.get(&format!("/flows/{flow}/save"));
    assert!(asked.contains("id=\"red\"") && asked.contains("Chi chiede"), "{asked}");
    assert_eq!((save("").status, version()), (303, json!(2)), "nothing was saved");
    assert_eq!((save("red=confirm").status, version()), (303, json!(3)));
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
