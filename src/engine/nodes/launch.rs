//! Launch: another flow of the same contact begins or stops.

use crate::base::id::FlowId;
use crate::base::limits::LAUNCH_DEPTH_MAX;
use crate::engine::text::fill_value;
use crate::engine::walk::{Outcome, Walk};
use crate::model::action::ActionId;
use crate::model::effect::Effect;
use crate::model::node::{FlowRef, Launch, LaunchMode};
use crate::model::run::{EndedAs, Phase};
use crate::model::value::Values;
use crate::model::world::World;

/// Launches or stops; a flow that does not exist is passed over.
pub fn visit(walk: &mut Walk<'_>, launch: &Launch, action: &ActionId) -> Outcome {
    let words = words(walk, launch);
    if let Some(stop) = &launch.stop {
        return stop_runs(walk, stop, words);
    }
    let Some(flow) = launch.flow.as_ref().and_then(|flow| find(walk.world, flow)) else {
        return Outcome::on("next", format!("{words}: does not exist"));
    };
    if walk.run.depth >= LAUNCH_DEPTH_MAX {
        return Outcome::fail(format!("more than {LAUNCH_DEPTH_MAX} automations launched one from another: {words}"));
    }
    let mode = launch.mode.unwrap_or_default();
    let armed = (mode == LaunchMode::Call).then_some(walk.run.sequence);
    let variables = variables(walk, launch);
    walk.effects.push(Effect::Launch { action: action.clone(), flow: FlowRef::Id(flow), mode, variables, armed });
    match mode {
        LaunchMode::Continue => Outcome::on("next", words),
        LaunchMode::Call => Outcome::Rest(Phase::Called { action: action.clone(), armed: walk.run.sequence }),
        LaunchMode::Jump => Outcome::End { how: EndedAs::Finished, word: Some(words.clone()), text: words },
    }
}

fn stop_runs(walk: &mut Walk<'_>, stop: &FlowRef, words: String) -> Outcome {
    let all = matches!(stop, FlowRef::Name(name) if name == "all");
    let flow = find(walk.world, stop);
    if all || flow.is_some() {
        walk.effects.push(Effect::Stop { flow: flow.filter(|_| !all).map(FlowRef::Id) });
    }
    Outcome::on("next", words)
}

/// The flow a name or id means, if there is one.
fn find(world: &World, flow: &FlowRef) -> Option<FlowId> {
    match flow {
        FlowRef::Id(id) => world.flows.contains_key(id).then_some(*id),
        FlowRef::Name(name) => world.flows.iter().find(|(_, other)| *other == name).map(|(id, _)| *id),
    }
}

/// The variables the other begins with; a name may be written with or without `run.`.
fn variables(walk: &Walk<'_>, launch: &Launch) -> Values {
    let scope = walk.scope();
    let bare = |name: &str| name.strip_prefix("run.").unwrap_or(name).to_owned();
    launch.variables.iter().map(|(name, value)| (bare(name), fill_value(value, &scope))).collect()
}

/// The other flow by its name.
pub fn words(walk: &Walk<'_>, launch: &Launch) -> String {
    let name = |flow: &FlowRef| match flow {
        FlowRef::Id(id) => walk.world.flows.get(id).cloned().unwrap_or_else(|| id.to_string()),
        FlowRef::Name(name) => name.clone(),
    };
    match (&launch.stop, &launch.flow) {
        (Some(stop), _) => format!("stop {}", name(stop)),
        (None, Some(flow)) => name(flow),
        (None, None) => String::new(),
    }
}
