//! Every conversation in `talks/` goes as it is written. `BLESS=1` rewrites the `<` lines; read the difference before you keep it.

#![allow(clippy::expect_used, reason = "a test that finds its folder gone has nothing better to say")]

mod coverage;

use flusso::engine::keyword::fold;
use flusso::engine::talk::{self, Library};
use flusso::model::document;
use flusso::model::flow::Flow;
use flusso::model::node::{MatchMode, NodeId, NodeKind};
use std::path::{Path, PathBuf};

fn tests_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn load(path: &str) -> Result<Flow, String> {
    let text = std::fs::read_to_string(tests_folder().join(path)).map_err(|error| format!("{path}: {error}"))?;
    document::read_text(&text).map_err(|problems| format!("{path}: {problems:?}"))
}

/// Exact and whole-word phrases, which is all the talks need.
fn trigger(flow: &Flow, text: &str) -> Option<NodeId> {
    let said = fold(text);
    let starts = |kind: &NodeKind| match kind {
        NodeKind::Keyword(keyword) => keyword.phrases.iter().any(|phrase| match phrase.r#match {
            MatchMode::Exact => fold(&phrase.text) == said,
            _ => said.split_whitespace().any(|word| word == fold(&phrase.text)),
        }),
        _ => false,
    };
    flow.nodes.iter().find(|node| starts(&node.kind)).map(|node| node.id.clone())
}

fn talks() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(tests_folder().join("talks")).expect("the folder of talks");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "talk"));
    paths.sort();
    paths
}

fn name_of(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}

/// The first line in which two texts differ.
fn difference(written: &str, played: &str) -> String {
    let mut lines = written.lines().zip(played.lines()).enumerate();
    let different = lines.find(|(_, (written, played))| written != played);
    different.map_or_else(
        || "one is longer than the other".to_owned(),
        |(index, (written, played))| format!("line {}:\n  written {written}\n  played  {played}", index + 1),
    )
}

#[test]
fn every_talk_goes_as_it_is_written() {
    let library = Library { flow: None, load: &load, trigger: &trigger };
    let mut faults = Vec::new();
    for path in talks() {
        let written = std::fs::read_to_string(&path).expect("a talk");
        match talk::play(&written, &library) {
            Ok(played) if played == written => {}
            Ok(played) if std::env::var_os("BLESS").is_some() => std::fs::write(&path, played).expect("a blessed talk"),
            Ok(played) => faults.push(format!("{}: {}", name_of(&path), difference(&written, &played))),
            Err(error) => faults.push(format!("{}: {error}", name_of(&path))),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_kind_of_node_has_a_talk() {
    let names: Vec<String> = talks().iter().map(|path| name_of(path)).collect();
    for word in NodeKind::WORDS {
        let own = format!("node_{word}_");
        assert!(names.iter().any(|name| name.starts_with(&own)), "write tests/talks/{own}….talk");
    }
}
