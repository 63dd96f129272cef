//! `flusso restore` with the built binary: with the recovery phrase, without it, with a wrong one, and never under a running server.

use crate::kit::appliance::{Appliance, Said, run};
use serde_json::{Value, json};
use std::path::Path;

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const PASSWORD: &str = "corretto+cavallo+batteria";

fn log_in(flusso: &Appliance) -> String {
    let login = flusso.ask("POST", "/login", &[FORM], format!("name=Ada&password={PASSWORD}&back=/flows").as_bytes());
    login.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("set-cookie")).unwrap().1.split(';').next().unwrap().to_owned()
}

/// An appliance with a channel that has secrets, its recovery phrase, and a snapshot of it.
fn with_backup() -> (Appliance, String) {
    let flusso = Appliance::start();
    let settings = json!({"phone_number_id": "106540352242922", "access_token": "EAAGm0PX4ZCp", "app_secret": "0123456789abcdef0123456789abcdef", "verify_token": "word"});
    flusso.call("POST", "/channels", &json!({"kind": "whatsapp", "name": "Negozio", "settings": settings})).expect(201);
    flusso.simulator("Prova");
    flusso.call("PUT", "/secrets/shop_key", &json!({"value": "canarino-4711"})).expect(204);
    let call =
        json!({"id": "a1", "kind": "api", "method": "GET", "url": "https://shop.example/", "headers": {"X-Key": "{{ secret.shop_key }}"}});
    let keyword = json!({"id": "k1", "kind": "keyword", "phrases": [{"text": "ordine", "match": "exact"}], "exits": {"next": "a1"}});
    flusso.call("POST", "/flows?enable=true", &json!({"flusso": 1, "name": "Ordine", "nodes": [keyword, call]})).expect(201);
    let cookie = log_in(&flusso);
    let headers = [FORM, ("Cookie", cookie.as_str())];
    let page = |path: &str| String::from_utf8_lossy(&flusso.ask("GET", path, &headers, b"").body).into_owned();
    let before = page("/settings/backup");
    assert!(before.contains("Non c'è ancora") || before.contains("Non c&#39;è ancora"), "no phrase is there by itself");
    let csrf = before.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let wrong = flusso.ask("POST", "/settings/backup/phrase", &headers, format!("csrf={csrf}&password=not+my+password").as_bytes());
    assert_eq!(wrong.status, 422, "it wants the password");
    let made = flusso.ask("POST", "/settings/backup/phrase", &headers, format!("csrf={csrf}&password={PASSWORD}").as_bytes());
    assert_eq!(made.status, 200);
    let made = String::from_utf8_lossy(&made.body).into_owned();
    let phrase = made.split("id=\"phrase\" readonly>").nth(1).unwrap().split('<').next().unwrap().trim().to_owned();
    assert_eq!(phrase.split(' ').count(), 12, "{phrase}");
    assert!(!page("/settings/backup").contains(&phrase), "it is shown once");
    let said = run(flusso.folder(), &["backup", "--to", "snapshot.redb"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    (flusso, phrase)
}

/// The snapshot alone, on another machine.
fn elsewhere(flusso: &Appliance) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["snapshot.redb", "api.key"] {
        std::fs::copy(flusso.folder().join(name), folder.path().join(name)).unwrap();
    }
    folder
}

fn restore(folder: &Path, more: &[&str]) -> Said {
    run(folder, &[&["restore", "--from", "snapshot.redb"], more].concat())
}

fn whatsapp(flusso: &Appliance) -> Value {
    let channels = flusso.all("/channels");
    channels.into_iter().find(|channel| channel["kind"] == "whatsapp").unwrap()
}

#[test]
fn one_file_and_the_phrase_restore_everything() {
    let (flusso, phrase) = with_backup();
    let folder = elsewhere(&flusso);
    std::fs::write(folder.path().join("phrase"), format!("  {}\n", phrase.to_uppercase())).unwrap();
    let said = restore(folder.path(), &["--phrase-file", "phrase"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    assert!(said.out.contains("paused") && said.out.contains("back too"), "{}", said.out);
    assert!(!said.out.contains("shop_key"), "{}", said.out);
    let again = Appliance::start_in(folder);
    let channel = whatsapp(&again);
    assert!(channel["settings"]["access_token"].as_str().unwrap().contains('•'), "{channel}");
    assert_eq!(again.all("/secrets"), [json!({"name": "shop_key"})]);
    assert_eq!(again.get("/settings").expect(200)["paused"], json!(true));
}

#[test]
fn without_the_phrase_the_secrets_are_asked_again_and_the_channel_says_so() {
    let (flusso, _) = with_backup();
    let folder = elsewhere(&flusso);
    let said = restore(folder.path(), &[]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    assert!(said.out.contains("asked again: Negozio."), "{}", said.out);
    let again = Appliance::start_in(folder);
    let channel = whatsapp(&again);
    assert_eq!(channel["settings"]["access_token"], Value::Null, "{channel}");
    assert!(channel.to_string().contains("restored without its recovery phrase"), "{channel}");
    let id = channel["id"].as_str().unwrap();
    let settings = json!({"access_token": "EAAGm0PX4ZCp", "app_secret": "0123456789abcdef0123456789abcdef", "verify_token": "word"});
    let mended = again.call("PATCH", &format!("/channels/{id}"), &json!({"settings": settings})).expect(200);
    assert!(!mended.to_string().contains("restored without"), "{mended}");
}

#[test]
fn without_the_phrase_the_secrets_of_calls_are_named_where_they_must_be_written_again() {
    let (flusso, _) = with_backup();
    let folder = elsewhere(&flusso);
    let said = restore(folder.path(), &[]);
    assert!(said.out.contains("secrets for calls are asked again") && said.out.contains(": shop_key."), "{}", said.out);
    let again = Appliance::start_in(folder);
    assert_eq!(again.all("/secrets"), Vec::<Value>::new());
    let cookie = log_in(&again);
    let page = |path: &str| String::from_utf8_lossy(&again.ask("GET", path, &[("Cookie", &cookie)], b"").body).into_owned();
    let banner = "Segreti non impostati: shop_key";
    assert!(page("/flows").contains(banner) && page("/flows").contains("href=\"/settings/keys\""), "{}", page("/flows"));
    assert!(page("/settings/keys").contains("usato da Ordine"), "{}", page("/settings/keys"));
    again.call("PUT", "/secrets/shop_key", &json!({"value": "nuovo-4711"})).expect(204);
    assert!(!page("/flows").contains(banner), "once it is written nothing is missing");
    assert!(!page("/settings/keys").contains("usato da Ordine"));
}

#[test]
fn the_key_beside_the_data_is_enough_where_it_still_fits() {
    let (mut flusso, _) = with_backup();
    flusso.call("POST", "/contacts", &json!({"name": "After the backup"})).expect(201);
    flusso.stop("TERM");
    let said = restore(flusso.folder(), &[]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    assert!(said.out.contains("back too") && said.out.contains("kept as"), "{}", said.out);
    flusso.kill_and_restart();
    assert!(whatsapp(&flusso)["settings"]["access_token"].as_str().is_some());
    assert!(flusso.all("/contacts").is_empty(), "it is the file of the backup");
}

#[test]
fn a_wrong_phrase_changes_nothing() {
    let (flusso, phrase) = with_backup();
    let folder = elsewhere(&flusso);
    let other = with_backup().1;
    let misspelt = phrase.replacen(phrase.split(' ').nth(2).unwrap(), "xyzzy", 1);
    for (words, why) in
        [(other.as_str(), "This is not the recovery phrase"), (misspelt.as_str(), "word number 3"), ("abaco abete", "has 12 words")]
    {
        std::fs::write(folder.path().join("phrase"), words).unwrap();
        let said = restore(folder.path(), &["--phrase-file", "phrase"]);
        assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{said:?}");
        assert!(said.err.contains(why) && said.err.contains("Nothing was changed") && said.err.lines().count() == 1, "{}", said.err);
        assert!(!folder.path().join("flusso.redb").exists() && !folder.path().join("flusso.redb.key").exists());
    }
}

#[test]
fn a_file_that_a_server_holds_is_not_replaced() {
    let (flusso, _) = with_backup();
    let said = restore(flusso.folder(), &[]);
    assert_eq!((said.code, said.out.as_str()), (Some(78), ""), "{said:?}");
    assert!(said.err.contains("in use by another running Flusso"), "{}", said.err);
    flusso.get("/channels").expect(200);
}
