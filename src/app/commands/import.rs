//! `flusso import`: documents and archives into the data file, through the server that holds it where there is one. All files are looked
//! at before the first is taken in.

use crate::app::config::{ImportFlags, beside};
use crate::app::data::{key_for, open};
use crate::app::failure::Failure;
use crate::app::socket::{self, Question};
use crate::app::{runtime, say};
use crate::base::limits::SET_BYTES_MAX;
use crate::engine::import::{Choice, Choices, Look};
use crate::executor::control::imports::Imported;
use crate::executor::refusal::Refusal;
use crate::executor::{Executor, StartError};
use crate::model::operator::By;
use crate::model::problem::Problem;
use crate::store::OpenError;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Problems that one line tells; the panel shows them all.
const TOLD_MAX: usize = 5;

/// Imports.
pub fn import(flags: &ImportFlags) -> Result<(), Failure> {
    let absolute = |file: &PathBuf| std::path::absolute(file).map_err(|error| Failure::failed(format!("{}: {error}", file.display())));
    let files = flags.files.iter().map(absolute).collect::<Result<Vec<_>, _>>()?;
    let question = Question::Import { files: files.clone(), collisions: flags.collisions.clone(), live: flags.live, look: flags.look };
    let lines = socket::ask(&beside(&flags.data.data, ".sock"), &question).unwrap_or_else(|| alone(flags, &files))?;
    lines.iter().for_each(|line| say(line));
    Ok(())
}

/// The same without a server: nothing is sent meanwhile, and nobody is waited for.
fn alone(flags: &ImportFlags, files: &[PathBuf]) -> Result<Vec<String>, Failure> {
    let data = &flags.data.data;
    if data.symlink_metadata().is_err() {
        return Err(OpenError::Missing(data.clone()).into());
    }
    runtime()?.block_on(async {
        let (key, store) = (key_for(&flags.data)?, open(&flags.data)?);
        let (executor, running) = Executor::at_rest(store, key).map_err(|error: StartError| Failure::failed(error.to_string()))?;
        let done = take(&executor, files, flags.collisions.as_deref(), flags.live, flags.look).await;
        running.stop(executor).await;
        done
    })
}

/// Looks at every file, then takes them in one after the other, and says what came of it.
pub async fn take(
    executor: &Executor,
    files: &[PathBuf],
    collisions: Option<&str>,
    live: bool,
    look: bool,
) -> Result<Vec<String>, Failure> {
    let choices = Choices { rest: collisions.and_then(Choice::of_word), live, ..Choices::default() };
    let mut sets = Vec::with_capacity(files.len());
    for file in files {
        let bytes = Arc::new(read(file)?);
        let looked = executor.look_at_set(bytes.clone()).await.map_err(|refusal| refused(file, refusal))?;
        if !look && !looked.open(&choices).is_empty() {
            return Err(collides(file, &looked, &choices));
        }
        sets.push((file, bytes, looked));
    }
    let mut lines = Vec::new();
    for (file, bytes, looked) in sets {
        if look {
            lines.extend(inside(file, &looked));
            continue;
        }
        let imported = executor.import_set(By::Command, bytes, choices.clone()).await.map_err(|refusal| refused(file, refusal))?;
        lines.extend(told(file, &imported));
    }
    Ok(lines)
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let unread = |error: std::io::Error| Failure::failed(format!("{} cannot be read: {error}; nothing was imported", file.display()));
    let size = file.metadata().map_err(unread)?.len();
    if size > SET_BYTES_MAX as u64 {
        let most = SET_BYTES_MAX >> 20;
        return Err(Failure::failed(format!("{} has more than {most} MiB, the most that is read; nothing was imported", file.display())));
    }
    std::fs::read(file).map_err(unread)
}

/// Why a file is refused, in one line: each fault with the node it is at.
fn refused(file: &Path, refusal: Refusal) -> Failure {
    let (Refusal::Import(problems) | Refusal::Problems(problems)) = &refusal else { return refusal.into() };
    let told = |problem: &Problem| match &problem.node {
        Some(node) => format!("At the node \"{node}\": {}", problem.fault),
        None => problem.fault.to_string(),
    };
    let mut words: Vec<String> = problems.iter().take(TOLD_MAX).map(told).collect();
    if problems.len() > TOLD_MAX {
        words.push(format!("And {} more.", problems.len() - TOLD_MAX));
    }
    Failure::failed(format!("{} is refused, and nothing was imported. {}", file.display(), words.join(" ")))
}

fn collides(file: &Path, look: &Look, choices: &Choices) -> Failure {
    let named: Vec<String> = look.open(choices).iter().map(|(thing, name)| format!("{} \"{name}\"", thing.word())).collect();
    let ways = "repeat it with --collisions skip, both or replace";
    Failure::failed(format!("{}: here already and different: {}; nothing was imported; {ways}", file.display(), named.join(", ")))
}

fn inside(file: &Path, look: &Look) -> Vec<String> {
    let mut lines = vec![format!("{}:", file.display())];
    for flow in &look.flows {
        let state = match &flow.here {
            None => "new",
            Some((_, here)) if here.same => "here already, just the same",
            Some(_) if flow.is_live => "here already, enabled, and different",
            Some(_) => "here already, and different",
        };
        lines.push(format!("  automation \"{}\", {} nodes: {state}", flow.name, flow.nodes));
        lines.extend(flow.questions.iter().map(|asked| format!("    asks {}: {}", asked.id, asked.label.in_language(&["en"]))));
        lines.extend(flow.taken.iter().map(|taken| format!("    without \"{}\", which starts \"{}\"", taken.phrase, taken.name)));
    }
    for reply in &look.replies {
        let state = match &reply.here {
            None => "new",
            Some(here) if here.same => "here already, just the same",
            Some(_) => "here already, and different",
        };
        lines.push(format!("  quick reply /{}: {state}", reply.shortcut));
    }
    for segment in &look.segments {
        let state = match &segment.here {
            None => "new",
            Some(here) if here.same => "here already, just the same",
            Some(_) => "here already, and different",
        };
        lines.push(format!("  segment {}: {state}", segment.name));
    }
    for field in &look.fields {
        let here = field.here.filter(|_| field.collides()).map(|here| format!(", and {} here", here.word()));
        lines.push(format!("  field {}: {}{}", field.name, field.kind.word(), here.unwrap_or_default()));
    }
    lines.extend(look.tags.iter().map(|tag| format!("  tag {}", tag.name)));
    lines.extend(look.files.iter().map(|file| format!("  file {}, {} bytes", file.name, file.bytes)));
    lines.extend(look.missing.iter().map(|missing| format!("  missing: {missing}")));
    lines
}

fn told(file: &Path, imported: &Imported) -> Vec<String> {
    let (flows, replies, skipped) = (imported.flows.len(), imported.replies.len(), imported.skipped.len());
    let mut lines = vec![format!("{}: {flows} automations, {replies} quick replies imported, {skipped} left out.", file.display())];
    for flow in &imported.flows {
        let state = match flow.version {
            Some(version) if flow.switched_off => format!("replaced, version {version}, and switched off: look at it, then enable it"),
            Some(version) if flow.replaced && flow.enabled => format!("replaced, version {version}, and enabled"),
            Some(version) if flow.replaced => format!("replaced, version {version}"),
            Some(version) => format!("version {version}, disabled"),
            None => "a draft that needs mending before it can be saved".to_owned(),
        };
        lines.push(format!("  automation \"{}\": {state}", flow.name));
        lines.extend(flow.lost.iter().map(|phrase| format!("    without \"{phrase}\", which starts another automation")));
    }
    lines.extend(imported.replies.iter().map(|(_, shortcut)| format!("  quick reply /{shortcut}")));
    lines.extend(imported.segments.iter().map(|segment| format!("  segment {segment}")));
    lines.extend(imported.missing.iter().map(|missing| format!("  missing: {missing}")));
    lines
}
