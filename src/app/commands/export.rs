//! `flusso export`: automations and quick replies as a document or an archive, through the server that holds the file where there is one.

use crate::app::config::{ExportFlags, beside};
use crate::app::failure::Failure;
use crate::app::socket::{self, Question, Reply};
use crate::app::{note, say};
use crate::base::id::FlowId;
use crate::executor::control::exports::{Exported, Wanted, export as exported};
use crate::executor::facts::Facts;
use crate::store::file::create_new;
use crate::store::seal::SealKey;
use crate::store::{OpenError, Options, Store, View};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Exports.
pub fn export(flags: &ExportFlags) -> Result<(), Failure> {
    let absolute = |to| {
        std::path::absolute(to).map_err(|error| Failure::failed(format!("{}: {error}", flags.to.clone().unwrap_or_default().display())))
    };
    let to = flags.to.as_ref().map(absolute).transpose()?;
    let question = Question::Export { flows: flags.flow.clone(), to: to.clone() };
    let reply = socket::ask_all(&beside(&flags.data.data, ".sock"), &question).unwrap_or_else(|| {
        let alone = catch_unwind(AssertUnwindSafe(|| alone(flags, to.as_deref())));
        alone
            .unwrap_or_else(|_| Err(Failure::unusable(format!("{} is damaged so badly that it cannot be read", flags.data.data.display()))))
    })?;
    reply.lines.iter().for_each(|line| say(line));
    reply.notes.iter().for_each(|line| note(line));
    Ok(())
}

fn alone(flags: &ExportFlags, to: Option<&Path>) -> Result<Reply, Failure> {
    let store = Store::look(&flags.data.data, &Options { cache_bytes: flags.data.cache.0, birth: None })?;
    let view = store.reader().view()?;
    let key = match SealKey::read(&flags.data.key_file()) {
        // Nothing that is sealed is wanted; where something is, the file itself says that its key is missing.
        Err(OpenError::Missing(_)) => SealKey::new([0; 32]),
        read => read?,
    };
    take(&view, &Facts::first(&view, key)?, &flags.flow, to).map(|(reply, _)| reply)
}

/// Takes the export, and says what is in it. Without a place to go it is said itself.
pub fn take(view: &View, facts: &Facts, flows: &[String], to: Option<&Path>) -> Result<(Reply, Exported), Failure> {
    let out = exported(view, facts, &wanted(facts, flows)?)?;
    let is_archive = to.is_some_and(|to| to.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip")));
    let mut notes = Vec::new();
    if !is_archive && !out.files.is_empty() {
        notes.push(format!("{} attached files are not in it. Export to a name that ends in .zip to take them along.", out.files.len()));
    }
    if !out.left_out.is_empty() {
        notes.push(format!("Never saved, and not in it: {}.", out.left_out.join(", ")));
    }
    let exposed = out.exposed.iter().map(|(_, flow, node, place)| format!("\"{flow}\" at the node \"{node}\" ({place})"));
    let exposed: Vec<String> = exposed.collect();
    if !exposed.is_empty() {
        notes.push(format!("What looks like a key is in it: {}. Take it out before you hand the file on.", exposed.join(", ")));
    }
    let lines = match to {
        None => out.document().lines().map(str::to_owned).collect(),
        Some(to) => {
            let bytes = if is_archive { out.archive(view)? } else { out.document().into_bytes() };
            write(to, &bytes)?;
            let (flows, replies) = (out.set.flows.len(), out.set.quick_replies.len());
            vec![format!("{}: {flows} automations, {replies} quick replies, {} bytes.", to.display(), bytes.len())]
        }
    };
    Ok((Reply { lines, notes, failure: None, code: 0 }, out))
}

/// The flows of these names or ids; without a name, everything.
fn wanted(facts: &Facts, flows: &[String]) -> Result<Wanted, Failure> {
    if flows.is_empty() {
        return Ok(Wanted::Everything);
    }
    let by_id = |name: &String| name.parse::<FlowId>().ok().filter(|id| facts.names.contains_key(id));
    let known = |name: &String| {
        let id = facts.flow_named(name).or_else(|| by_id(name));
        id.ok_or_else(|| Failure::failed(format!("There is no automation \"{name}\"; nothing was exported")))
    };
    Ok(Wanted::Flows(flows.iter().map(known).collect::<Result<_, _>>()?))
}

/// Writes a file that nobody else reads. One that is there already stays.
fn write(to: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = create_new(to).map_err(|error| Failure::failed(error.to_string()))?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|error| {
        let _ = std::fs::remove_file(to);
        Failure::failed(format!("The export could not be written to {}: {error}", to.display()))
    })
}
