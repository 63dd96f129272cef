//! Channels: the list, one with its check-list and request log, and what a person does to it.

use super::super::Web;
use super::super::channels::{ChannelPage, ChannelRow, ChannelsPage, Check, icon_of, qr};
use super::super::contacts::ConfirmPage;
use super::super::node_form::Fields;
use super::super::page::{Flash, Nav, Tone};
use super::super::words::Language;
use super::{Panel, Shown, Table};
use crate::base::address::{Address, ChannelKind};
use crate::base::id::{ChannelId, MessageId};
use crate::executor::control::channels::{ChannelEdit, settings_of};
use crate::executor::control::contacts::ContactEdit;
use crate::executor::facts::Connection;
use crate::executor::refusal::Refusal;
use crate::model::channel::{Channel, RequestLine};
use crate::model::message::{Message, Status};
use crate::store::{View, channels, contacts, messages, outbox, runs};
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use std::sync::Arc;

/// Rows of the outbox that are looked through for one that went out.
const LOOKED_AT: usize = 200;
/// Requests that are shown.
const REQUESTS: usize = 50;

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/channels", list).get("/channels/{id}", show);
    let table = table.get("/channels/{id}/delete", ask_delete).delete("/channels/{id}", delete);
    table.post("/channels/{id}/pause", switch_off).delete("/channels/{id}/pause", switch_on).post("/channels/{id}/tests", test)
}

/// Which test message the page tells about.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    test: Option<MessageId>,
}

/// The channel of this id.
pub fn known(web: &Web, id: ChannelId) -> Result<Arc<Connection>, super::Trouble> {
    Ok(web.executor.facts().channel(id)?.clone())
}

fn state(channel: &Channel, w: Language) -> (&'static str, Tone) {
    match (&channel.stopped, channel.enabled) {
        (Some(_), _) => (w.channel_stopped(), Tone::Bad),
        (None, false) => (w.channel_off(), Tone::Quiet),
        (None, true) => (w.channel_on(), Tone::Good),
    }
}

/// `GET /channels`
async fn list(State(web): State<Web>, panel: Panel) -> Shown {
    let (facts, w) = (web.executor.facts(), panel.language);
    let rows =
        web.read(move |view| facts.channels.values().map(|known| row(view, &known.channel, w)).collect::<Result<Vec<_>, _>>()).await?;
    let mut chrome = panel.chrome(Nav::Channels, w.nav_channels());
    chrome.stream = Some("/events?page=channels".to_owned());
    Ok(panel.show(&chrome, &ChannelsPage { chrome: &chrome, rows }))
}

fn row(view: &View, channel: &Channel, w: Language) -> Result<ChannelRow, Refusal> {
    let (state, tone) = state(channel, w);
    Ok(ChannelRow {
        id: channel.id.to_string(),
        name: channel.name.clone(),
        kind: w.channel_kind(channel.kind).to_owned(),
        icon: icon_of(channel.kind),
        state: state.to_owned(),
        tone,
        problem: channel.stopped.as_deref().map(|why| w.said(why)),
        heard: channels::requests(view, channel.id)?.first().map(|line| line.at),
    })
}

/// `GET /channels/{id}`
async fn show(State(web): State<Web>, panel: Panel, Path(id): Path<ChannelId>, Query(asked): Query<Asked>) -> Shown {
    let (known, w) = (known(&web, id)?, panel.language);
    let read = web.read(move |view| {
        let sent = outbox::list(view, Some("sent"), None, LOOKED_AT)?.iter().any(|row| row.channel == id);
        let tested = asked.test.map(|test| messages::get(view, test)).transpose()?.flatten();
        Ok((channels::requests(view, id)?, sent, tested.filter(|message| message.channel == id)))
    });
    let (mut requests, sent, tested) = read.await?;
    let channel = &known.channel;
    let address = format!("{}/hooks/{}", web.place.base_url(channel.public_url.as_deref()), channel.token);
    let (words, tone) = state(channel, w);
    let mut chrome = panel.chrome(Nav::Channels, channel.name.clone());
    chrome.stream = Some(format!("/events?page=channel&channel={id}"));
    let checks = checks(&known, &address, &requests, sent, w);
    requests.truncate(REQUESTS);
    requests.iter_mut().for_each(|line| line.reason = w.first_upper(&w.said(&line.reason)));
    let page = ChannelPage {
        chrome: &chrome,
        id: id.to_string(),
        name: channel.name.clone(),
        kind_words: w.channel_kind(channel.kind).to_owned(),
        is_enabled: channel.enabled,
        state: words.to_owned(),
        tone,
        stopped: channel.stopped.as_deref().map(|why| w.said(why)),
        checks,
        is_simulator: channel.kind == ChannelKind::Simulator,
        qr: qr(&address),
        hook_url: Some(address),
        requests,
        test: tested.map(|message| outcome(&message, w)),
    };
    Ok(panel.show(&chrome, &page))
}

/// How a test message went.
fn outcome(message: &Message, w: Language) -> (Tone, String) {
    match message.status {
        Status::Received | Status::Queued => (Tone::Info, w.test_waits().to_owned()),
        Status::Sent => (Tone::Good, w.test_sent().to_owned()),
        Status::Delivered | Status::Read => (Tone::Good, w.test_arrived().to_owned()),
        Status::Failed => (Tone::Bad, w.test_failed(&w.said(message.reason.as_deref().unwrap_or_default()))),
    }
}

/// What is done of what a channel needs before it works.
fn checks(known: &Connection, address: &str, requests: &[RequestLine], sent: bool, w: Language) -> Vec<Check> {
    let line = |done: bool, title: &str, missing: &str| {
        let (tone, text) = if done { (Tone::Good, "") } else { (Tone::Info, missing) };
        Check { tone, title: title.to_owned(), text: text.to_owned() }
    };
    let secrets = settings_of(known.channel.kind).iter().filter(|setting| setting.secret);
    let missing: Vec<String> =
        secrets.filter(|setting| !known.secrets.contains_key(setting.name)).map(|setting| w.setting(setting.name).0.to_owned()).collect();
    let heard = requests.iter().any(|line| line.status == 200);
    let mut checks = Vec::new();
    if known.channel.kind != ChannelKind::Simulator {
        checks.push(line(address.starts_with("https://"), w.check_address(), w.check_address_missing()));
        checks.push(line(missing.is_empty(), w.check_secrets(), &w.check_secrets_missing(&w.list(&missing))));
    }
    checks.push(line(heard, w.check_heard(), w.check_heard_missing()));
    checks.push(line(sent, w.check_sent(), w.check_sent_missing()));
    checks
}

async fn switch(web: &Web, panel: &Panel, id: ChannelId, enabled: bool) -> Shown {
    let name = known(web, id)?.channel.name.clone();
    let edit = ChannelEdit { enabled: Some(enabled), ..ChannelEdit::default() };
    let outcome = web.executor.edit_channel(panel.by(), id, edit).await;
    panel.after(&format!("/channels/{id}"), outcome, panel.language.channel_saved(&name))
}

/// `POST /channels/{id}/pause`
async fn switch_off(State(web): State<Web>, panel: Panel, Path(id): Path<ChannelId>) -> Shown {
    switch(&web, &panel, id, false).await
}

/// `DELETE /channels/{id}/pause`
async fn switch_on(State(web): State<Web>, panel: Panel, Path(id): Path<ChannelId>) -> Shown {
    switch(&web, &panel, id, true).await
}

/// `GET /channels/{id}/delete`: says what stops, before it does.
async fn ask_delete(State(web): State<Web>, panel: Panel, Path(id): Path<ChannelId>) -> Shown {
    let (known, w) = (known(&web, id)?, panel.language);
    let talking = web.read(move |view| Ok(runs::list_live(view, None, usize::MAX)?.iter().filter(|run| run.channel == id).count())).await?;
    let title = w.delete_channel(&known.channel.name);
    let chrome = panel.chrome(Nav::Channels, title.clone());
    let lines = vec![w.delete_channel_runs(talking), w.delete_channel_text().to_owned()];
    let confirm = ConfirmPage {
        chrome: &chrome,
        title,
        lines,
        action: format!("/channels/{id}?method=delete"),
        button: w.delete().to_owned(),
        back: format!("/channels/{id}"),
    };
    Ok(panel.show(&chrome, &confirm))
}

/// `DELETE /channels/{id}`
async fn delete(State(web): State<Web>, panel: Panel, Path(id): Path<ChannelId>) -> Shown {
    let name = known(&web, id)?.channel.name.clone();
    let outcome = web.executor.delete_channel(panel.by(), id).await;
    panel.after("/channels", outcome, panel.language.channel_deleted(&name))
}

/// `POST /channels/{id}/tests`: a message to an address, by the same way as any other.
async fn test(State(web): State<Web>, panel: Panel, Path(id): Path<ChannelId>, body: Bytes) -> Shown {
    let (fields, w, back) = (Fields::from_body(&body), panel.language, format!("/channels/{id}"));
    let address = Address::new(known(&web, id)?.channel.kind, fields.get("to"));
    if address.address.is_empty() {
        return Ok(panel.done(&back, Flash::bad(w.address_empty())));
    }
    let key = address.key();
    let contact = match web.read(move |view| Ok(contacts::find(view, &key)?)).await? {
        Some(contact) => contact,
        None => {
            let edit = ContactEdit { addresses: Some(vec![address]), ..ContactEdit::default() };
            web.executor.create_contact(panel.by(), edit).await?.id
        }
    };
    match web.executor.test_channel(panel.by(), contact, id, w.test_text().to_owned()).await {
        Ok(message) => Ok(panel.done(&format!("{back}?test={message}"), Flash::good(w.test_on_its_way()))),
        Err(refusal) => panel.refused(&back, refusal),
    }
}
