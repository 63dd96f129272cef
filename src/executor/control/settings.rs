//! The owner's settings, changed member by member.

use crate::executor::Executor;
use crate::executor::advance;
use crate::executor::desk::{Desk, Signal};
use crate::executor::occasions;
use crate::executor::refusal::Refusal;
use crate::model::operator::By;
use crate::model::settings::Settings;
use crate::store::{runs, settings};
use serde_json::{Map, Value, json};

/// Runs that are read at once while all are woken.
const PAGE: usize = 500;

impl Executor {
    /// Changes the settings that are named and leaves the others. What cannot be is refused whole.
    pub async fn edit_settings(&self, by: By, changes: Map<String, Value>) -> Result<Settings, Refusal> {
        self.line
            .change(move |desk| {
                let before = settings::get(&desk.work)?;
                let after = changed(&before, changes.clone())?;
                settings::put(&mut desk.work, &after)?;
                let names: Vec<&str> = changes.keys().map(String::as_str).collect();
                desk.audit(by, "settings.changed", names.join(", "))?;
                desk.facts_changed = true;
                desk.signal(Signal::Settings);
                occasions::rounds::follow_settings(desk, &before, &after)?;
                if before.paused && !after.paused {
                    wake_all(desk)?;
                }
                Ok(after)
            })
            .await
    }
}

/// Puts back the timers of every live run, after all stood still. The facts of this job still say so, which is why only the timers
/// move here; they fire once the commit is done.
fn wake_all(desk: &mut Desk) -> Result<(), Refusal> {
    let mut after = None;
    loop {
        let page = runs::list_live(&desk.work, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        for run in page {
            advance::wake_run(desk, run)?;
        }
    }
}

fn changed(before: &Settings, changes: Map<String, Value>) -> Result<Settings, Refusal> {
    let Value::Object(mut members) = json!(before) else { return Err(Refusal::Fault) };
    let Value::Object(fresh) = json!(Settings::default()) else { return Err(Refusal::Fault) };
    for (name, value) in changes {
        let default = fresh.get(&name).ok_or_else(|| Refusal::Invalid(format!("\"{name}\" is no setting. Check its spelling.")))?;
        let value = if value.is_null() { default.clone() } else { value };
        serde_json::from_value::<Settings>(json!({ name.as_str(): value.clone() }))
            .map_err(|error| Refusal::Invalid(format!("The setting \"{name}\" cannot be that: {error}.")))?;
        members.insert(name, value);
    }
    let after = serde_json::from_value(Value::Object(members)).map_err(|error| Refusal::Invalid(format!("{error}.")))?;
    check(&after)?;
    Ok(after)
}

fn check(settings: &Settings) -> Result<(), Refusal> {
    let invalid = |text: String| Err(Refusal::Invalid(text));
    if !language(&settings.language) {
        return invalid(format!("\"{}\" is no language. Write its code, as it or en.", settings.language));
    }
    for (name, words) in [("stop_words", &settings.stop_words), ("start_words", &settings.start_words)] {
        if words.iter().any(|word| word.trim().is_empty()) {
            return invalid(format!("One of the {name} is empty. Write it or remove it."));
        }
    }
    if let Some(both) = settings.stop_words.iter().find(|word| settings.start_words.contains(word)) {
        return invalid(format!("\"{both}\" cannot both unsubscribe and undo it. Remove it from one of the two lists."));
    }
    if let Some(host) = settings.private_hosts.iter().find(|host| !host_and_port(host)) {
        return invalid(format!("\"{host}\" is no host with its port. Write it as 192.168.1.20:8080."));
    }
    Ok(())
}

/// Whether this is a language code: two or three letters, and perhaps a region.
pub fn language(code: &str) -> bool {
    let mut parts = code.split(['-', '_']);
    let first = parts.next().is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_lowercase()));
    first && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn host_and_port(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    port.parse::<u16>().is_ok_and(|port| port > 0) && !host.is_empty() && url::Host::parse(host).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(changes: Value) -> Result<Settings, Refusal> {
        let Value::Object(changes) = changes else { panic!("an object") };
        changed(&Settings::default(), changes)
    }

    #[test]
    fn what_is_not_named_stays_and_null_is_the_default() {
        let after = change(json!({"time_zone": "Europe/Lisbon", "language": null})).expect("settings");
        assert_eq!((after.time_zone.to_string().as_str(), after.language.as_str()), ("Europe/Lisbon", "it"));
        assert_eq!(after.stop_words, Settings::default().stop_words);
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        for (changes, word) in [
            (json!({"colour": "red"}), "\"colour\""),
            (json!({"time_zone": "Mars/Olympus"}), "\"time_zone\""),
            (json!({"business_hours": [{"days": "mon-fri", "from": "9", "to": "18:00"}]}), "\"business_hours\""),
            (json!({"language": "Italian"}), "\"Italian\""),
            (json!({"stop_words": ["stop", " "]}), "stop_words"),
            (json!({"stop_words": ["start"]}), "\"start\""),
            (json!({"private_hosts": ["192.168.1.20"]}), "192.168.1.20"),
        ] {
            let refusal = change(changes).expect_err(word).to_string();
            assert!(refusal.contains(word), "{refusal}");
        }
        assert!(change(json!({"private_hosts": ["192.168.1.20:8080", "[fd00::1]:3000", "waha.lan:80"]})).is_ok());
    }
}
