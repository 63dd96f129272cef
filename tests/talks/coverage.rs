//! Every kind of node and every exit has a talk that notices when that exit is cut; and every guard and mutant that README.md tells of
//! stands in the code it names, with a talk that is there.

use super::{load, name_of, talks, tests_folder, trigger};
use flusso::engine::talk::{Library, play};
use flusso::model::document;
use flusso::model::flow::Flow;
use flusso::model::node::{Node, NodeKind};
use std::collections::BTreeSet;
use std::path::Path;

/// The exits of each kind, by what leads there. A kind without exits ends the run or is for people.
const EXITS: [(&str, &[&str]); 13] = [
    ("keyword", &["next"]),
    ("event", &["next"]),
    ("message", &["next", "a button", "a row"]),
    ("wait", &["elapsed", "replied", "invalid", "met"]),
    ("condition", &["a branch", "else"]),
    ("save", &["next"]),
    ("api", &["ok", "failed", "timed_out"]),
    ("launch", &["next"]),
    ("split", &["a way"]),
    ("handover", &["next"]),
    ("notify", &["next"]),
    ("note", &[]),
    ("end", &[]),
];

/// What leads out of a node by an exit of this name.
fn what(node: &Node, exit: &str) -> String {
    match &node.kind {
        NodeKind::Message(message) if message.buttons.iter().any(|button| button.id == exit) => "a button",
        NodeKind::Message(_) if exit != "next" => "a row",
        NodeKind::Condition(_) if exit != "else" => "a branch",
        NodeKind::Split(_) => "a way",
        _ => exit,
    }
    .to_owned()
}

/// The flow of a talk, and the talk with that flow at a path.
fn apart(written: &str) -> Option<(Flow, String)> {
    let (mut document, mut rest, mut inside) = (String::new(), String::new(), false);
    let mut flow = None;
    for line in written.lines() {
        match line.trim() {
            "flow" => inside = true,
            "end" if inside => {
                inside = false;
                flow = document::read_text(&document).ok();
                rest.push_str("flow here\n");
            }
            _ if inside => document.push_str(&format!("{line}\n")),
            path if path.starts_with("flow ") => {
                flow = load(path.trim_start_matches("flow ").trim()).ok();
                rest.push_str("flow here\n");
            }
            _ => rest.push_str(&format!("{line}\n")),
        }
    }
    Some((flow?, rest))
}

/// The talk as it goes with this flow; an error of the talk is an answer too.
fn told(flow: &Flow, talk: &str) -> String {
    let load = |_: &str| Ok(flow.clone());
    play(talk, &Library { flow: None, load: &load, trigger: &trigger }).unwrap_or_else(|error| error.to_string())
}

/// The exits of which this talk notices that they are cut.
fn noticed(written: &str) -> BTreeSet<(&'static str, String)> {
    let Some((flow, talk)) = apart(written) else { return BTreeSet::new() };
    let whole = told(&flow, &talk);
    let mut seen = BTreeSet::new();
    for (index, node) in flow.nodes.iter().enumerate() {
        for (exit, _) in node.exits.iter().filter(|(_, to)| to.is_some()) {
            let way = (node.kind.word(), what(node, exit));
            let mut cut = flow.clone();
            cut.nodes[index].exits.remove(exit);
            if !seen.contains(&way) && told(&cut, &talk) != whole {
                seen.insert(way);
            }
        }
    }
    seen
}

#[test]
fn every_kind_and_every_exit_has_a_talk_that_notices_when_it_is_cut() {
    assert_eq!(EXITS.map(|(kind, _)| kind).iter().collect::<BTreeSet<_>>(), NodeKind::WORDS.iter().collect(), "a kind without a line here");
    let read = |path| std::fs::read_to_string(path).expect("a talk");
    let seen: BTreeSet<_> = talks().into_iter().flat_map(|path| noticed(&read(path))).collect();
    let wanted = EXITS.into_iter().flat_map(|(kind, exits)| exits.iter().map(move |exit| (kind, (*exit).to_owned())));
    let missing: Vec<_> = wanted.filter(|way| !seen.contains(way)).collect();
    assert!(missing.is_empty(), "write a talk that goes by {missing:?}");
    let unknown: Vec<_> =
        seen.iter().filter(|(kind, exit)| !EXITS.iter().any(|(known, exits)| known == kind && exits.contains(&exit.as_str()))).collect();
    assert!(unknown.is_empty(), "give {unknown:?} a line here");
}

/// The cells of the table under this heading of README.md.
fn table(heading: &str) -> Vec<Vec<String>> {
    let readme = std::fs::read_to_string(tests_folder().join("README.md")).expect("README.md");
    let part = readme.split("\n## ").find(|part| part.starts_with(heading)).unwrap_or_default().to_owned();
    let rows = part.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().trim_matches('`').to_owned()).collect()).collect()
}

#[test]
fn every_guard_that_the_readme_names_is_in_its_file_and_has_its_talk() {
    let names: BTreeSet<String> = talks().iter().map(|path| name_of(path)).collect();
    let rows = table("Ten guards");
    assert_eq!(rows.len(), 10);
    for row in rows {
        let [_, file, code, talk] = &row[..] else { panic!("four cells: {row:?}") };
        let source = tests_folder().join("../src/engine").join(file);
        let source = std::fs::read_to_string(source).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(source.contains(&code.replace("\\|", "|")), "{file} has no {code}");
        assert!(names.contains(talk), "there is no talk {talk}");
    }
}

/// The text of all Rust files under a folder of the house.
fn sources(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let text = |path: std::path::PathBuf| match path.extension() {
        _ if path.is_dir() => sources(&path),
        Some(extension) if extension == "rs" => std::fs::read_to_string(path).expect("a source"),
        _ => String::new(),
    };
    entries.map(text).collect()
}

#[test]
fn every_test_that_the_readme_names_as_red_is_there() {
    let house = tests_folder().join("..");
    let all = sources(&house.join("src")) + &sources(&tests_folder());
    let rows = table("Broken on purpose");
    assert!(rows.len() >= 30, "{} rows", rows.len());
    for row in rows {
        let [_, file, test] = &row[..] else { panic!("three cells: {row:?}") };
        assert!(house.join("src").join(file).is_file(), "there is no {file}");
        assert!(all.contains(&format!("fn {test}(")), "there is no test {test}");
    }
}
