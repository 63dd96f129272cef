//! Notify: staff are told, and the run goes on.

use crate::engine::text::{self, Place};
use crate::engine::walk::{Outcome, Walk};
use crate::model::action::ActionId;
use crate::model::effect::Effect;
use crate::model::node::Notify;

/// Tells, and on.
pub fn visit(walk: &mut Walk<'_>, notify: &Notify, action: &ActionId) -> Outcome {
    let rewritten = walk.run.changes.get(action).and_then(|change| change.text.clone());
    let text = rewritten.unwrap_or_else(|| words(walk, notify));
    let to = walk.filled(&notify.to, Place::Header);
    walk.effects.push(Effect::Notify { action: action.clone(), text: text.clone(), to });
    Outcome::on("next", text)
}

/// The text in the language of the house: it is staff who read it.
pub fn words(walk: &Walk<'_>, notify: &Notify) -> String {
    let language = walk.world.settings.language.as_str();
    text::fill(notify.text.in_language(&[language, "en"]), &walk.scope(), Place::Person)
}
