//! `/audit`: who did what to whom, and when.

use super::{Answer, ITEMS, ITEMS_MAX, Listing};
use crate::base::id::{AuditId, ContactId, FlowId, RunId};
use crate::base::time::Time;
use crate::executor::audit::{self, AuditMatch};
use crate::model::audit::{Doer, Thing};
use crate::model::operator::{AuditLine, By};
use crate::web::Web;
use crate::web::ask::Filters;
use crate::web::problem::Trouble;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

/// Whose lines, and about what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditFilters {
    by: Option<String>,
    what: Option<String>,
    run: Option<RunId>,
    contact: Option<ContactId>,
    flow: Option<FlowId>,
    limit: Option<usize>,
    after: Option<String>,
}

/// A line of the log, as the API tells it.
#[derive(Debug, Serialize)]
pub struct AuditView {
    id: AuditId,
    at: Time,
    by: ByView,
    what: String,
    detail: String,
}

/// Who it was: a person or a key by their id, a command on the machine, or the appliance.
#[derive(Debug, Serialize)]
struct ByView {
    kind: &'static str,
    id: Option<String>,
}

impl AuditView {
    fn of(line: AuditLine) -> AuditView {
        let by = match line.by {
            By::Operator(id) => ByView { kind: "operator", id: Some(id.to_string()) },
            By::Key(id) => ByView { kind: "key", id: Some(id.to_string()) },
            By::Command => ByView { kind: "command", id: None },
            By::System => ByView { kind: "appliance", id: None },
        };
        AuditView { id: line.id, at: line.at, by, what: line.what, detail: line.detail }
    }
}

impl AuditFilters {
    fn wanted(&self) -> Result<AuditMatch, Trouble> {
        let unknown = |word: &String| Trouble::invalid(format!("\"{word}\" is nobody. `by` is the id of an operator, api or appliance."));
        let by = self.by.as_ref().map(|word| Doer::of_word(word).ok_or_else(|| unknown(word))).transpose()?;
        let things = [self.run.map(Thing::Run), self.contact.map(Thing::Contact), self.flow.map(Thing::Flow)];
        let mut things = things.into_iter().flatten();
        let about = things.next();
        if things.next().is_some() {
            return Err(Trouble::invalid("Ask for one of `run`, `contact` and `flow` at a time."));
        }
        Ok(AuditMatch { by, about, what: self.what.clone() })
    }
}

/// `GET /audit?by=&what=&run=&contact=&flow=`: the newest first. A contact's runs are the contact's too, and a change of many is of each
/// that it changed. A page looks at so many lines at most: `next` then goes on, and the page may be short.
pub async fn list(State(web): State<Web>, Filters(filters): Filters<AuditFilters>) -> Answer<Listing<AuditView>> {
    let unknown = |_| Trouble::invalid("The cursor in `after` is none of this list. Take it from `next`, unchanged.");
    let limit = filters.limit.unwrap_or(ITEMS).clamp(1, ITEMS_MAX);
    let before: Option<AuditId> = filters.after.as_deref().map(|after| after.parse().map_err(unknown)).transpose()?;
    let wanted = filters.wanted()?;
    let page = web.read(move |view| audit::page(view, &wanted, before, limit)).await?;
    Ok(Json(Listing { items: page.lines.into_iter().map(AuditView::of).collect(), next: page.next.map(|id| id.to_string()) }))
}
