//! Flow documents that are wrong in one way each, named by the fault, with the very sentences the editor shows beside them.
//! `BLESS=1` writes the sentences anew.

use flusso::base::id::{ChannelId, FlowId, Id, Shard};
use flusso::engine::check::{Context, OwnedPhrase, check};
use flusso::engine::keyword::fold;
use flusso::model::document::read_text;
use flusso::model::node::MatchMode;
use flusso::model::problem::Problem;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn documents(name: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder(name)).expect("the folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    paths
}

fn id<T: Id>(n: u64) -> T {
    T::new(Shard(0), n)
}

/// What stands between double braces, up to a filter.
fn names_in(text: &str) -> Result<Vec<String>, String> {
    let pieces = text.split("{{").skip(1);
    let name = |piece: &str| {
        let (inside, _) = piece.split_once("}}").ok_or("it is not closed")?;
        Ok(inside.split('|').next().unwrap_or_default().trim().to_owned())
    };
    pieces.map(name).collect()
}

/// An appliance with two channels, one file, and two flows that have a phrase each.
fn problems(text: &str) -> Vec<Problem> {
    let flows: BTreeMap<FlowId, String> = [(id(1), "Benvenuto".to_owned()), (id(2), "Listino".to_owned())].into();
    let owned = |n, name: &str, phrase, mode, channels: &[&str]| OwnedPhrase {
        identity: fold(phrase),
        mode,
        channels: channels.iter().map(|channel| (*channel).to_owned()).collect(),
        flow: id(n),
        name: name.to_owned(),
    };
    let phrases = [owned(2, "Listino", "listino", MatchMode::Exact, &[]), owned(1, "Benvenuto", "negozio", MatchMode::Word, &["Negozio"])];
    let context = Context {
        own: None,
        flows: &flows,
        phrases: &phrases,
        channels: &[(id::<ChannelId>(1), "Negozio".to_owned()), (id(2), "Ufficio".to_owned())],
        windowed: true,
        has_file: &|file| file == "1",
        has_segment: &|name| name == "vip",
        home: Some("39"),
        stop_words: &["stop".to_owned()],
        names_in: &names_in,
    };
    match read_text(text) {
        Ok(flow) => check(&flow, &context),
        Err(problems) => problems,
    }
}

/// One line a problem: the node, or `flow`, and the sentence; a warning says so.
fn sentences(problems: &[Problem]) -> String {
    let mut lines = String::new();
    for problem in problems {
        let place = problem.node.as_ref().map_or("flow", |node| &node.0);
        let severity = match problem.fault.severity() {
            flusso::model::problem::Severity::Error => "",
            flusso::model::problem::Severity::Warning => " (warning)",
        };
        writeln!(lines, "{place}{severity}: {}", problem.fault).expect("a line");
    }
    lines
}

#[test]
fn every_broken_document_is_told_in_its_own_sentence() {
    let mut wrong = Vec::new();
    for path in documents("broken") {
        let told = sentences(&problems(&std::fs::read_to_string(&path).expect("a document")));
        let beside = path.with_extension("txt");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&beside, &told).expect("the sentences");
        }
        let expected = std::fs::read_to_string(&beside).unwrap_or_default();
        if told != expected || told.is_empty() {
            wrong.push(format!("{}\n  expected: {expected}  told: {told}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_broken_document_is_wrong_in_one_way() {
    for path in documents("broken") {
        let found = problems(&std::fs::read_to_string(&path).expect("a document"));
        assert_eq!(found.len(), 1, "{}: {found:?}", path.display());
    }
}

#[test]
fn no_sentence_stands_beside_a_document_that_is_gone() {
    let documents = documents("broken");
    for entry in std::fs::read_dir(folder("broken")).expect("the folder") {
        let path = entry.expect("an entry").path();
        assert!(documents.contains(&path.with_extension("json")), "{}", path.display());
    }
}

#[test]
fn the_examples_can_be_saved() {
    for path in documents("documents") {
        let text = std::fs::read_to_string(&path).expect("a document").replace("\"Benvenuto\"", "\"Altro\"");
        let told = sentences(&problems(&text));
        assert!(told.lines().all(|line| line.contains("(warning)")), "{}: {told}", path.display());
    }
}
