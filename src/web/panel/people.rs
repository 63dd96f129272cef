//! The people who use the panel: who they are, what they may do, and their way in.

use super::super::Web;
use super::super::contacts::ConfirmPage;
use super::super::node_form::Fields;
use super::super::page::{Flash, Nav};
use super::super::settings::{PersonPage, PersonRow, SettingsTab};
use super::settings::{again, tab, wrong};
use super::{Panel, Shown, Table};
use crate::base::id::OperatorId;
use crate::base::secret::Secret;
use crate::executor::control::access::NewOperator;
use crate::executor::control::password::{hash_password, password_fault};
use crate::executor::refusal::Refusal;
use crate::model::operator::{Operator, Role, Session};
use crate::store::{View, operators, sessions};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;

const LIST: &str = SettingsTab::People.href();

/// Its routes.
pub fn routes(table: Table) -> Table {
    let table = table.get("/settings/people", list).post("/settings/people", create);
    let table = table.get("/settings/people/{id}", show).post("/settings/people/{id}/role", set_role);
    let table = table.post("/settings/people/{id}/password", set_password).delete("/settings/people/{id}/sessions", log_out);
    table.get("/settings/people/{id}/delete", ask_remove).delete("/settings/people/{id}", remove)
}

/// Everybody, for the page.
pub fn rows(view: &View, reader: OperatorId) -> Result<Vec<PersonRow>, Refusal> {
    let open = sessions::all(view)?;
    Ok(operators::all(view)?.iter().map(|person| row(person, &open, reader)).collect())
}

fn row(person: &Operator, open: &[Session], reader: OperatorId) -> PersonRow {
    let own = || open.iter().filter(|session| session.operator == person.id);
    PersonRow {
        id: person.id.to_string(),
        name: person.name.clone(),
        role: person.role,
        is_self: person.id == reader,
        created: person.created,
        seen: own().map(|session| session.seen).max(),
        sessions: own().count() as u64,
    }
}

async fn known(web: &Web, id: OperatorId) -> Result<Operator, super::Trouble> {
    web.read(move |view| operators::get(view, id)?.ok_or(Refusal::NotFound("operator"))).await
}

/// `GET /settings/people`
async fn list(State(web): State<Web>, panel: Panel) -> Shown {
    tab(&web, &panel, SettingsTab::People, |_| {}).await
}

/// `POST /settings/people`
async fn create(State(web): State<Web>, panel: Panel, body: Bytes) -> Shown {
    let (fields, w) = (Fields::from_body(&body), panel.language);
    let (name, password) = (fields.get("name").trim().to_owned(), fields.get("password").to_owned());
    let role = Role::of_word(fields.get("role")).unwrap_or(Role::Viewer);
    if let Some(fault) = password_fault(&password, &[&name]) {
        return again(&web, &panel, SettingsTab::People, fields, wrong("password", w.password_fault(fault))).await;
    }
    let password = hash_password(Secret::new(password), &name).await?;
    let language = panel.language.code().to_owned();
    match web.executor.create_operator(panel.by(), NewOperator { name: name.clone(), role, password, language }).await {
        Ok(_) => Ok(panel.done(LIST, Flash::good(w.person_added(&name)))),
        Err(Refusal::Conflict(why) | Refusal::Invalid(why)) => {
            again(&web, &panel, SettingsTab::People, fields, wrong("name", &w.said(&why))).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// `GET /settings/people/{id}`
async fn show(State(web): State<Web>, panel: Panel, Path(id): Path<OperatorId>) -> Shown {
    page(&web, &panel, id, "").await
}

async fn page(web: &Web, panel: &Panel, id: OperatorId, fault: &str) -> Shown {
    let person = known(web, id).await?;
    let reader = panel.operator.id;
    let shown = person.clone();
    let row = web.read(move |view| Ok(row(&shown, &sessions::all(view)?, reader))).await?;
    let chrome = panel.chrome(Nav::Settings, person.name);
    let status = if fault.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(panel.show_with(status, &chrome, &PersonPage { chrome: &chrome, person: row, wrong: fault.to_owned() }))
}

/// `POST /settings/people/{id}/role`
async fn set_role(State(web): State<Web>, panel: Panel, Path(id): Path<OperatorId>, body: Bytes) -> Shown {
    let (fields, w) = (Fields::from_body(&body), panel.language);
    let Some(role) = Role::of_word(fields.get("role")) else { return Ok(panel.go(LIST)) };
    match web.executor.set_role(panel.by(), id, role).await {
        // Who takes their own power away may not see the list again.
        Ok(person) => {
            let to = if person.id == panel.operator.id && role != Role::Owner { "/flows" } else { LIST };
            Ok(panel.done(to, Flash::good(w.person_is_now(&person.name, w.role(role)))))
        }
        Err(refusal) => panel.refused(&format!("{LIST}/{id}"), refusal),
    }
}

/// `POST /settings/people/{id}/password`
async fn set_password(State(web): State<Web>, panel: Panel, Path(id): Path<OperatorId>, body: Bytes) -> Shown {
    let (fields, w) = (Fields::from_body(&body), panel.language);
    let name = known(&web, id).await?.name;
    if let Some(fault) = password_fault(fields.get("password"), &[&name]) {
        return page(&web, &panel, id, w.password_fault(fault)).await;
    }
    let outcome = web.executor.set_password(panel.by(), id, Secret::new(fields.get("password").to_owned())).await;
    panel.after(LIST, outcome, w.person_password_changed(&name))
}

/// `DELETE /settings/people/{id}/sessions`
async fn log_out(State(web): State<Web>, panel: Panel, Path(id): Path<OperatorId>) -> Shown {
    let name = known(&web, id).await?.name;
    let outcome = web.executor.log_out_everywhere(panel.by(), id).await;
    panel.after(LIST, outcome, panel.language.person_logged_out(&name))
}

/// `GET /settings/people/{id}/delete`: says what it means, before it is done.
async fn ask_remove(State(web): State<Web>, panel: Panel, Path(id): Path<OperatorId>) -> Shown {
    let (person, w) = (known(&web, id).await?, panel.language);
    let title = w.person_remove(&person.name);
    let chrome = panel.chrome(Nav::Settings, title.clone());
    let confirm = ConfirmPage {
        chrome: &chrome,
        title,
        lines: vec![w.person_remove_means().to_owned(), w.person_remove_keeps().to_owned()],
        action: format!("{LIST}/{id}?method=delete"),
        button: w.remove().to_owned(),
        back: format!("{LIST}/{id}"),
    };
    Ok(panel.show(&chrome, &confirm))
}

/// `DELETE /settings/people/{id}`
async fn remove(State(web): State<Web>, panel: Panel, Path(id): Path<OperatorId>) -> Shown {
    match web.executor.remove_operator(panel.by(), id).await {
        Ok(person) => Ok(panel.done(LIST, Flash::good(panel.language.person_removed(&person.name)))),
        Err(refusal) => panel.refused(&format!("{LIST}/{id}"), refusal),
    }
}
