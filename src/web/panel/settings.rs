//! The settings: hours and words, one's own account, the backup, and keys of the HTTP API.

use super::super::Web;
use super::super::api::backup;
use super::super::node_form::Fields;
use super::super::page::{Flash, Nav};
use super::super::session::set_cookie;
use super::super::settings::{BackupFacts, KeyRow, SettingsPage, SettingsTab, read_general, read_messages};
use super::super::words::Language;
use super::answers::every;
use super::{Panel, Shown, THEME_COOKIE, Table, add_cookie};
use crate::base::id::ApiKeyId;
use crate::base::secret::Secret;
use crate::base::time::Time;
use crate::executor::control::password::password_fault;
use crate::executor::refusal::Refusal;
use crate::executor::upkeep::SESSION_MAX;
use crate::model::operator::{Role, Scope};
use crate::model::settings::Settings;
use crate::store::{api_keys, recovery};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/settings", general).get("/settings/messages", messages).get("/settings/account", account);
    let table = table.get("/settings/backup", backups).get("/settings/keys", keys).get("/settings/backup/file", download);
    let table = table.post("/settings/general", save_general).post("/settings/messages", save_messages);
    let table = table.post("/settings/look", save_look).post("/settings/password", change_password);
    let table = table.post("/settings/backup/phrase", phrase);
    table.post("/settings/keys", make_key).delete("/settings/keys/{id}", revoke).post("/settings/secrets", set_secret)
}

async fn general(State(web): State<Web>, panel: Panel) -> Shown {
    tab(&web, &panel, SettingsTab::General, |_| {}).await
}

async fn messages(State(web): State<Web>, panel: Panel) -> Shown {
    tab(&web, &panel, SettingsTab::Messages, |_| {}).await
}

async fn account(State(web): State<Web>, panel: Panel) -> Shown {
    tab(&web, &panel, SettingsTab::Account, |_| {}).await
}

async fn backups(State(web): State<Web>, panel: Panel) -> Shown {
    tab(&web, &panel, SettingsTab::Backup, |_| {}).await
}

async fn keys(State(web): State<Web>, panel: Panel) -> Shown {
    tab(&web, &panel, SettingsTab::Keys, |_| {}).await
}

/// A tab, with what `more` adds to it. Faults make it a refused form.
pub(super) async fn tab(web: &Web, panel: &Panel, tab: SettingsTab, more: impl FnOnce(&mut SettingsPage<'_>)) -> Shown {
    let w = panel.language;
    let chrome = panel.chrome(Nav::Settings, w.nav_settings());
    let settings = web.executor.facts().settings.clone();
    let mut page = SettingsPage::new(&chrome, tab, &settings);
    if tab == SettingsTab::Keys {
        let all = web.read(|view| Ok(api_keys::all(view)?)).await?;
        let scopes = |scopes: &[Scope]| scopes.iter().map(|scope| w.scope(*scope)).collect::<Vec<_>>().join(", ");
        let row = |key: &crate::model::operator::ApiKey| KeyRow {
            id: key.id.to_string(),
            name: key.name.clone(),
            prefix: key.prefix.clone(),
            scopes: scopes(&key.scopes),
            created: key.created,
        };
        page.keys = all.iter().map(row).collect();
        page.call_secrets = web.executor.call_secret_names();
        let lacking = web.executor.lacking_call_secrets().await?.into_iter();
        page.lacking_secrets = lacking.map(|(name, flows)| (name, w.list(&flows))).collect();
        if panel.operator.role == Role::Owner {
            page.webhook_secret = web.executor.webhook_secret().reveal().clone();
        }
    }
    if tab == SettingsTab::People {
        let reader = panel.operator.id;
        page.people = web.read(move |view| super::people::rows(view, reader)).await?;
    }
    if tab == SettingsTab::Backup {
        page.backup = backup_facts(web).await;
        page.backup.phrase_made = web.read(|view| Ok(recovery::get(view)?.map(|wrapped| wrapped.made))).await?;
    }
    more(&mut page);
    let status = if page.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(panel.show_with(status, &chrome, &page))
}

/// The newest file among the snapshots, and how large the data is.
async fn backup_facts(web: &Web) -> BackupFacts {
    let (folder, bytes) = (web.place.backups.clone(), web.executor.reader.health().file_bytes);
    let newest = tokio::task::spawn_blocking({
        let folder = folder.clone();
        move || {
            let files = std::fs::read_dir(folder).ok()?.filter_map(Result::ok);
            let times = files.filter_map(|file| file.metadata().ok()?.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok());
            times.max().and_then(|age| i64::try_from(age.as_millis()).ok()).map(Time)
        }
    });
    BackupFacts { last: newest.await.ok().flatten(), bytes, folder: folder.display().to_string(), phrase: None, phrase_made: None }
}

/// `GET /settings/backup/file`
async fn download(State(web): State<Web>, panel: Panel) -> Shown {
    backup::snapshot(State(web), Extension(panel.by())).await
}

/// What differs, by member: what nobody touched is not said again.
fn changes(before: &Settings, after: &Settings) -> Map<String, Value> {
    let (Value::Object(before), Value::Object(after)) = (json!(before), json!(after)) else { return Map::new() };
    after.into_iter().filter(|(name, value)| before.get(name) != Some(value)).collect()
}

async fn save(web: &Web, panel: &Panel, at: SettingsTab, fields: Fields, after: Settings) -> Shown {
    let changes = changes(&web.executor.facts().settings, &after);
    match web.executor.edit_settings(panel.by(), changes).await {
        Ok(_) => Ok(panel.done(at.href(), Flash::good(panel.language.settings_saved()))),
        Err(Refusal::Invalid(why)) => again(web, panel, at, fields, named(&why, panel.language)).await,
        Err(refusal) => panel.refused(at.href(), refusal),
    }
}

/// The sentence at the setting it names.
fn named(why: &str, w: Language) -> BTreeMap<String, String> {
    let field = match why {
        why if why.contains("host") => "private_hosts",
        why if why.contains("start_words") => "start_words",
        _ => "stop_words",
    };
    BTreeMap::from([(field.to_owned(), w.said(why))])
}

pub(super) async fn again(web: &Web, panel: &Panel, at: SettingsTab, fields: Fields, faults: BTreeMap<String, String>) -> Shown {
    tab(web, panel, at, |page| {
        page.fields = fields;
        page.faults = faults;
    })
    .await
}

/// `POST /settings/general`
async fn save_general(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let (fields, mut after) = (Fields::from_body(&body), web.executor.facts().settings.as_ref().clone());
    match read_general(&fields, &mut after, panel.language) {
        Ok(()) => save(&web, &panel, SettingsTab::General, fields, after).await,
        Err(faults) => again(&web, &panel, SettingsTab::General, fields, faults).await,
    }
}

/// `POST /settings/messages`
async fn save_messages(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let (fields, mut after) = (Fields::from_body(&body), web.executor.facts().settings.as_ref().clone());
    read_messages(&fields, &mut after);
    save(&web, &panel, SettingsTab::Messages, fields, after).await
}

/// `POST /settings/look`
async fn save_look(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let fields = Fields::from_body(&body);
    let language = Language::of_code(fields.get("language"));
    web.executor.speak_to(panel.operator.id, language.code()).await?;
    let mut response = panel.done(SettingsTab::Account.href(), Flash::good(language.settings_saved()));
    let theme = super::Theme::of_word(fields.get("theme"));
    add_cookie(&mut response, set_cookie(THEME_COOKIE, theme.word(), panel.is_secure(), SESSION_MAX.0 / 1000));
    Ok(response)
}

/// `POST /settings/password`
async fn change_password(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let (fields, w) = (Fields::from_body(&body), panel.language);
    if let Some(fault) = password_fault(fields.get("new"), &[&panel.operator.name]) {
        return again(&web, &panel, SettingsTab::Account, Fields::default(), wrong("new", w.password_fault(fault))).await;
    }
    let secret = |name: &str| Secret::new(fields.get(name).to_owned());
    let token = panel.known().token.reveal();
    match web.executor.change_password(panel.operator.id, token, secret("old"), secret("new")).await {
        Ok(()) => Ok(panel.done(SettingsTab::Account.href(), Flash::good(w.password_changed()))),
        Err(Refusal::Invalid(_)) => again(&web, &panel, SettingsTab::Account, Fields::default(), wrong("old", w.password_wrong())).await,
        Err(refusal) => Err(refusal.into()),
    }
}

pub(super) fn wrong(name: &str, words: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(name.to_owned(), words.to_owned())])
}

/// `POST /settings/backup/phrase`: makes a recovery phrase, and shows it this once.
async fn phrase(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let fields = Fields::from_body(&body);
    match web.executor.make_recovery_phrase(panel.operator.id, Secret::new(fields.get("password").to_owned())).await {
        Ok(phrase) => tab(&web, &panel, SettingsTab::Backup, |page| page.backup.phrase = Some(phrase.reveal().clone())).await,
        Err(Refusal::Invalid(_)) => {
            let faults = wrong("password", panel.language.password_wrong());
            again(&web, &panel, SettingsTab::Backup, Fields::default(), faults).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// `POST /settings/keys`: the one time that its secret is shown.
async fn make_key(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let (fields, w) = (Fields::from_body(&body), panel.language);
    let scopes: Vec<Scope> = every(&body, "scope").into_iter().filter_map(|word| serde_json::from_value(json!(word)).ok()).collect();
    if fields.get("name").trim().is_empty() {
        return again(&web, &panel, SettingsTab::Keys, fields, wrong("name", w.name_empty())).await;
    }
    if scopes.is_empty() {
        return again(&web, &panel, SettingsTab::Keys, fields, wrong("scope", w.key_needs_scope())).await;
    }
    let (key, secret) = web.executor.create_api_key(panel.by(), fields.get("name"), scopes, None).await?;
    tab(&web, &panel, SettingsTab::Keys, |page| page.new_key = Some((key.name, secret.reveal().clone()))).await
}

/// `POST /settings/secrets`: a secret for calls, by its name; with `remove` it goes.
async fn set_secret(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let (fields, w) = (Fields::from_body(&body), panel.language);
    let value: String = fields.get("value").trim().chars().filter(|c| !c.is_control()).collect();
    let value = (!fields.is_on("remove")).then(|| Secret::new(value));
    let done = if value.is_some() { w.call_secret_set() } else { w.call_secret_removed() };
    let outcome = web.executor.set_call_secret(panel.by(), fields.get("name"), value).await;
    panel.after(SettingsTab::Keys.href(), outcome, done)
}

/// `DELETE /settings/keys/{id}`
async fn revoke(State(web): State<Web>, panel: Panel, Path(id): Path<ApiKeyId>) -> Shown {
    let outcome = web.executor.delete_api_key(panel.by(), id).await;
    panel.after(SettingsTab::Keys.href(), outcome, panel.language.key_revoked())
}
