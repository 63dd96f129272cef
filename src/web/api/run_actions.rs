//! `/runs/{id}/actions/{action}`: what a person changes on a single action of a run.

use super::Answer;
use super::runs::{RunView, view};
use crate::base::id::RunId;
use crate::base::time::Time;
use crate::model::action::{ActionId, Verb};
use crate::model::operator::By;
use crate::web::Web;
use crate::web::ask::{At, Told};
use crate::web::problem::Trouble;
use axum::Extension;
use axum::extract::State;
use serde::Deserialize;

/// What is changed on an action: one of its time, its text and its state.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionChanges {
    due: Option<Time>,
    following: Option<Following>,
    text: Option<String>,
    state: Option<StateWord>,
}

/// What the later actions do when one is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Following {
    /// They keep their distance.
    Shift,
    /// They keep their time.
    Keep,
}

/// The states that a person can give an action.
#[derive(Clone, Copy, Debug, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "ActionStateWord")]
#[serde(rename_all = "snake_case")]
pub enum StateWord {
    /// It waits until released.
    Held,
    /// It has its time again.
    Scheduled,
}

impl ActionChanges {
    fn verb(self, action: ActionId) -> Result<Verb, Trouble> {
        let following_keep = self.following == Some(Following::Keep);
        match self {
            ActionChanges { due: Some(due), text: None, state: None, .. } => Ok(Verb::Move { action, due, following_keep }),
            ActionChanges { due: None, following: None, text: Some(text), state: None } => Ok(Verb::Rewrite(action, text)),
            ActionChanges { due: None, following: None, text: None, state: Some(StateWord::Held) } => Ok(Verb::HoldAction(action)),
            ActionChanges { due: None, following: None, text: None, state: Some(StateWord::Scheduled) } => Ok(Verb::ReleaseAction(action)),
            _ => {
                let detail = "Say one thing at a time: `due` (and perhaps `following`), or `text`, or `state`. Nothing was changed.";
                Err(Trouble::invalid(detail))
            }
        }
    }
}

fn action(text: &str) -> Result<ActionId, Trouble> {
    text.parse().map_err(|_| Trouble::not_found("action"))
}

async fn act(web: &Web, by: By, run: RunId, verb: Verb) -> Answer<RunView> {
    web.executor.run_verb(by, run, verb).await?;
    view(web, run).await
}

/// `PATCH /runs/{id}/actions/{action}`
pub async fn edit(
    State(web): State<Web>,
    Extension(by): Extension<By>,
    At((run, word)): At<(RunId, String)>,
    Told(changes): Told<ActionChanges>,
) -> Answer<RunView> {
    act(&web, by, run, changes.verb(action(&word)?)?).await
}

/// `POST /runs/{id}/actions/{action}/run`
pub async fn send_now(State(web): State<Web>, Extension(by): Extension<By>, At((run, word)): At<(RunId, String)>) -> Answer<RunView> {
    act(&web, by, run, Verb::SendNow(action(&word)?)).await
}

/// `POST /runs/{id}/actions/{action}/skips`
pub async fn skip(State(web): State<Web>, Extension(by): Extension<By>, At((run, word)): At<(RunId, String)>) -> Answer<RunView> {
    act(&web, by, run, Verb::Skip(action(&word)?)).await
}

/// `DELETE /runs/{id}/actions/{action}`
pub async fn remove(State(web): State<Web>, Extension(by): Extension<By>, At((run, word)): At<(RunId, String)>) -> Answer<RunView> {
    act(&web, by, run, Verb::Remove(action(&word)?)).await
}

/// `DELETE /runs/{id}/actions/{action}/changes`
pub async fn undo(State(web): State<Web>, Extension(by): Extension<By>, At((run, word)): At<(RunId, String)>) -> Answer<RunView> {
    act(&web, by, run, Verb::Undo(action(&word)?)).await
}
