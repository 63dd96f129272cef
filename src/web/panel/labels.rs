//! Tags and fields: what there is, what uses it, and the end of one.

use super::super::Web;
use super::super::contacts::ConfirmPage;
use super::super::labels::{LabelRow, LabelsPage};
use super::super::node_form::Fields;
use super::super::page::{Flash, Nav};
use super::super::words::Language;
use super::{Panel, Shown, Table};
use crate::executor::control::labels::Uses;
use crate::model::label::Label;
use axum::body::Bytes;
use axum::extract::{Query, State};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Its routes.
pub fn routes(table: Table) -> Table {
    table.get("/contacts/fields", list).get("/contacts/fields/delete", ask).delete("/contacts/fields", delete)
}

/// Which tag or field.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    tag: String,
    field: String,
}

impl Asked {
    fn label(self) -> Label {
        if self.tag.is_empty() { Label::Field(self.field) } else { Label::Tag(self.tag) }
    }
}

/// How many contacts, in words.
pub(super) fn contacts(count: u64, more: bool, w: Language) -> String {
    if more { w.label_at_least(&w.whole(count)) } else { w.label_contacts(count) }
}

/// What uses something: address and name.
pub(super) fn used_by(uses: Uses) -> Vec<(String, String)> {
    let flows = uses.flows.into_iter().map(|used| {
        let node = used.nodes.first().map(|node| format!("?node={node}")).unwrap_or_default();
        (format!("/flows/{}/edit{node}", used.flow), used.name)
    });
    flows.chain(uses.segments.into_iter().map(|name| ("/contacts/segments".to_owned(), name))).collect()
}

/// `GET /contacts/fields`
async fn list(State(web): State<Web>, panel: Panel) -> Shown {
    let carried = web.executor.carried().await?;
    let tags = rows(&web, &panel, carried.tags, carried.more, Label::Tag).await?;
    let fields = rows(&web, &panel, carried.fields, carried.more, Label::Field).await?;
    let chrome = panel.chrome(Nav::Contacts, panel.language.labels_title());
    Ok(panel.show(&chrome, &LabelsPage { chrome: &chrome, tags, fields }))
}

async fn rows(
    web: &Web,
    panel: &Panel,
    counts: BTreeMap<String, u64>,
    more: bool,
    label: fn(String) -> Label,
) -> Result<Vec<LabelRow>, super::Trouble> {
    let mut rows = Vec::with_capacity(counts.len());
    for (name, count) in counts {
        let label = label(name.clone());
        let word = if matches!(label, Label::Tag(_)) { "tag" } else { "field" };
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair(word, &name).finish();
        rows.push(LabelRow {
            called: panel.language.label_name(&label).to_owned(),
            name,
            rules: String::new(),
            contacts: contacts(count, more, panel.language),
            used_by: used_by(web.executor.uses_of(label).await?),
            edit: String::new(),
            delete: format!("/contacts/fields/delete?{query}"),
        });
    }
    Ok(rows)
}

/// `GET /contacts/fields/delete?tag=` or `?field=`: says what it means before it is done.
async fn ask(State(web): State<Web>, panel: Panel, Query(asked): Query<Asked>) -> Shown {
    let (label, w, carried) = (asked.label(), panel.language, web.executor.carried().await?);
    let (word, counts) = if matches!(label, Label::Tag(_)) { ("tag", carried.tags) } else { ("field", carried.fields) };
    let count = counts.get(label.name()).copied().unwrap_or(0);
    let names: Vec<String> = used_by(web.executor.uses_of(label.clone()).await?).into_iter().map(|(_, name)| name).collect();
    let chrome = panel.chrome(Nav::Contacts, w.delete_label(w.label_name(&label)));
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair(word, label.name()).finish();
    let confirm = ConfirmPage {
        chrome: &chrome,
        title: w.delete_label(w.label_name(&label)),
        lines: w.label_end(&label, &contacts(count, carried.more, w), &names, &web.executor.started_by_the_end_of(&label)),
        action: format!("/contacts/fields?method=delete&{query}"),
        button: w.delete().to_owned(),
        back: "/contacts/fields".to_owned(),
    };
    Ok(panel.show(&chrome, &confirm))
}

/// `DELETE /contacts/fields?tag=` or `?field=`
async fn delete(State(web): State<Web>, panel: Panel, Query(asked): Query<Asked>, body: Bytes) -> Shown {
    let fields = Fields::from_body(&body);
    let of = |own: String, name: &str| if own.is_empty() { fields.get(name).to_owned() } else { own };
    let label = Asked { tag: of(asked.tag, "tag"), field: of(asked.field, "field") }.label();
    if label.name().is_empty() {
        return Ok(panel.done("/contacts/fields", Flash::bad(panel.language.setting_missing())));
    }
    let w = panel.language;
    // What uses it was told on the page before.
    match web.executor.remove_label(panel.by(), label.clone(), true).await {
        Ok(count) => Ok(panel.done("/contacts/fields", Flash::good(w.label_deleted(w.label_name(&label), &w.label_contacts(count))))),
        Err(refusal) => panel.refused("/contacts/fields", refusal),
    }
}
