//! The starter pack: every blueprint reads, validates, plays its talks through every exit, is drawn without overlap, and says in both
//! languages what it says. `BLESS=1` lays the files out, writes what they need and plays their talks; read the difference.

mod living;
mod needs;

use flusso::base::id::{FlowId, Id, Shard};
use flusso::engine::blueprint::{Answers, fill};
use flusso::engine::check::{self, Context};
use flusso::engine::talk::{self, Library};
use flusso::engine::{quick_reply, text};
use flusso::model::blueprint::{self, BLUEPRINTS, Blueprint};
use flusso::model::document::several::{self, Several};
use flusso::model::document::{self, pretty};
use flusso::model::flow::Flow;
use flusso::model::node::{NodeId, NodeKind, Text};
use flusso::model::settings::Settings;
use flusso::web::flow_map::{self, Marks};
use flusso::web::node_words::Speaker;
use flusso::web::words::Language;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Exits that no talk takes, and why not.
const UNTAKEN: [(&str, &str, &str, &str); 0] = [];

fn path_of(word: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("starter-pack").join(format!("{word}.json"))
}

fn blessing() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// The document as it stands on disk, which a blessing may be changing.
fn read(word: &str) -> Flow {
    let text = std::fs::read_to_string(path_of(word)).expect("a file of the pack");
    document::read_text(&text).unwrap_or_else(|problems| panic!("{word}: {problems:?}"))
}

fn pack() -> Vec<(&'static str, Flow)> {
    BLUEPRINTS.iter().map(|blueprint| (blueprint.word, read(blueprint.word))).collect()
}

/// What somebody would answer where nothing stands by default.
fn answers(flow: &Flow) -> Answers {
    let open = flow.questions.iter().filter(|question| question.default.is_none());
    open.map(|question| (question.id.clone(), Text::Plain(if question.id == "staff" { "393330000000" } else { "1" }.to_owned()))).collect()
}

fn filled(flow: &Flow, language: &str) -> Flow {
    fill(flow, &answers(flow), language).expect("a filled flow")
}

/// Every problem of a flow among others, on channels with and without a window.
fn problems(flow: &Flow, others: &[Flow]) -> Vec<String> {
    let id = |n: usize| FlowId::new(Shard(0), n as u64 + 1);
    let flows: BTreeMap<FlowId, String> = others.iter().enumerate().map(|(n, other)| (id(n), other.name.clone())).collect();
    let owned: Vec<_> = others.iter().enumerate().flat_map(|(n, other)| check::phrases_of(id(n), other)).collect();
    let own = others.iter().position(|other| other.name == flow.name).map(id);
    let settings = Settings::default();
    let context = Context {
        own,
        flows: &flows,
        phrases: &owned,
        channels: &[],
        windowed: true,
        has_file: &|file| file == "1",
        has_segment: &|_| true,
        home: Some("39"),
        stop_words: &settings.stop_words,
        names_in: &|written| match text::read(written) {
            Ok(_) => Ok(text::names(written).into_iter().map(str::to_owned).collect()),
            Err(bad) => Err(bad.to_string()),
        },
    };
    let place = |node: &Option<NodeId>| node.as_ref().map_or_else(|| "flow".to_owned(), ToString::to_string);
    check::check(flow, &context).iter().map(|problem| format!("{}: {}", place(&problem.node), problem.fault)).collect()
}

fn library(flow: &Flow) -> Library<'_> {
    Library { flow: Some(flow), load: &|path| Err(format!("{path}: the pack plays itself")), trigger: &talk::own_trigger }
}

/// The document with its talks played and its needs listed.
fn blessed(flow: &Flow) -> Flow {
    let mut flow = flow.clone();
    let bare = filled(&flow, "it");
    for talk in &mut flow.talks {
        talk.script = talk::play(&talk.script, &library(&bare)).unwrap_or_else(|error| panic!("{}, {}: {error}", bare.name, talk.name));
    }
    let needs = needs::of(&flow);
    flow.about.get_or_insert_default().needs = needs;
    flow
}

/// The document as its file has it: with the address of the schema that lies beside it, for whoever opens it in an editor.
fn with_schema(flow: &Flow) -> String {
    let mut members = serde_json::Map::from_iter([("$schema".to_owned(), Value::from("schema.json"))]);
    let document: Value = serde_json::from_str(&pretty::text(flow)).expect("JSON");
    members.extend(document.as_object().cloned().unwrap_or_default());
    pretty::json(&Value::Object(members))
}

fn difference(one: &str, other: &str) -> String {
    let mut lines = one.lines().zip(other.lines()).enumerate();
    let different = lines.find(|(_, (one, other))| one != other);
    different.map_or_else(|| "one is longer".to_owned(), |(n, (one, other))| format!("line {}\n  is     {one}\n  would  {other}", n + 1))
}

/// Layout, needs and talks in one: each file is, byte for byte, what its own content makes of it.
#[test]
fn every_file_is_laid_out_played_and_says_what_it_needs() {
    for (word, flow) in pack() {
        let written = std::fs::read_to_string(path_of(word)).expect("a file");
        let would = with_schema(&blessed(&flow));
        if blessing() {
            std::fs::write(path_of(word), would).expect("a blessed file");
            continue;
        }
        assert!(written == would, "{word}: {}", difference(&written, &would));
        assert_eq!(document::read_text(&would), Ok(flow), "{word} reads back as another");
    }
}

#[test]
fn what_is_embedded_is_what_lies_in_the_folder() {
    let folder = std::fs::read_dir(path_of("x").parent().expect("a folder")).expect("the pack");
    let files: BTreeSet<String> = folder.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect();
    let named = BLUEPRINTS.iter().map(|blueprint| format!("{}.json", blueprint.word)).chain(["quick-replies.json".to_owned()]);
    let named: BTreeSet<String> = named.collect();
    assert_eq!(files.iter().filter(|file| *file != "schema.json").cloned().collect::<BTreeSet<_>>(), named);
    assert_eq!(BLUEPRINTS.len(), 18);
}

#[test]
fn no_blueprint_has_a_problem_alone_or_beside_all_the_others() {
    for language in ["it", "en"] {
        let flows: Vec<Flow> = BLUEPRINTS.iter().map(|it| filled(&it.flow_in(language).expect("a flow"), language)).collect();
        for flow in &flows {
            assert_eq!(problems(flow, &flows), Vec::<String>::new(), "{} among the others", flow.name);
            // Alone, what it launches is not there yet: a warning that adding the other one ends.
            let alone: Vec<String> = problems(flow, &[]).into_iter().filter(|told| !told.contains("does not exist")).collect();
            assert_eq!(alone, Vec::<String>::new(), "{} alone", flow.name);
        }
    }
}

#[test]
fn a_blueprint_added_without_one_answer_has_no_problem_either() {
    let flows: Vec<Flow> = BLUEPRINTS.iter().map(|it| fill(&it.flow().expect("a flow"), &Answers::new(), "it").expect("filled")).collect();
    for flow in &flows {
        assert_eq!(problems(flow, &flows), Vec::<String>::new(), "{}", flow.name);
        assert!(!document::write(flow).to_string().contains("{{ ask."), "{} keeps a blank", flow.name);
        for talk in &flow.talks {
            assert_eq!(talk::play(&talk.script, &library(flow)).as_deref(), Ok(talk.script.as_str()), "{}: {}", flow.name, talk.name);
        }
    }
}

#[test]
fn every_exit_of_every_node_is_taken_by_a_talk() {
    let mut missed = Vec::new();
    for (word, flow) in pack() {
        assert!(flow.talks.len() >= 2, "{word} has {} talks", flow.talks.len());
        let bare = filled(&flow, "it");
        let mut taken = BTreeSet::new();
        for talk in &flow.talks {
            let played = talk::play_watched(&talk.script, &library(&bare)).expect("a talk");
            // A person who writes by hand moves no flow.
            let told = played.text.replace("> handover begins\n< nothing", "");
            // What is taken away is noticed when its time comes.
            let told = told.replace("> field appointment_at \"\"\n< nothing", "");
            assert!(!told.contains("\n< nothing") && !told.contains("\n< refused"), "{word}, {}:\n{told}", talk.name);
            taken.extend(played.exits);
        }
        for node in &bare.nodes {
            for exit in node.kind.exit_names() {
                let excused = UNTAKEN.iter().any(|(flow, id, name, _)| (*flow, *id, *name) == (word, node.id.0.as_str(), exit.as_str()));
                if taken.contains(&(node.id.clone(), exit.clone())) == excused {
                    missed.push(format!("{word}: {} of {}{}", exit, node.id, if excused { " is taken after all" } else { "" }));
                }
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn every_talk_goes_the_same_in_the_simulator() {
    for (word, flow) in pack() {
        let bare = filled(&flow, "it");
        for talk in &flow.talks {
            let other = talk::difference(&talk.script, &bare);
            assert!(other.is_none(), "{word}, {}: {other:?}", talk.name);
        }
    }
}

#[test]
fn every_blueprint_has_a_way_to_a_person_and_none_has_a_word_of_stopping() {
    for (word, flow) in pack() {
        assert!(flow.nodes.iter().any(|node| matches!(node.kind, NodeKind::Handover(_))), "{word} never hands over");
        assert!((3..=5).contains(&flow.questions.len()), "{word} asks {} questions", flow.questions.len());
        assert!(
            flow.category.is_some() && flow.about.as_ref().is_some_and(|about| about.goal.is_some() && !about.trade.is_empty()),
            "{word}"
        );
    }
}

#[test]
fn no_two_have_one_name_and_no_phrase_has_two_owners() {
    for language in ["it", "en"] {
        let names: BTreeSet<String> = BLUEPRINTS.iter().map(|it| it.flow_in(language).expect("a flow").name).collect();
        assert_eq!(names.len(), BLUEPRINTS.len(), "{names:?}");
    }
    let launched = Blueprint::of_word("operator").expect("it").flow_in("en").expect("a flow");
    assert!(document::write(&launched).to_string().contains("\"flow\":\"Hours and out of hours\""), "what it launches is named in English");
}

/// Each text in both languages, with the same variables.
fn both_languages(at: &str, json: &Value, faults: &mut Vec<String>) {
    match json {
        Value::Object(members) if members.contains_key("it") || members.contains_key("en") => {
            let said = |language: &str| members.get(language).and_then(Value::as_str).unwrap_or_default();
            let names = |language: &str| text::names(said(language)).into_iter().map(str::to_owned).collect::<BTreeSet<String>>();
            if members.len() != 2 || said("it").trim().is_empty() || said("en").trim().is_empty() {
                faults.push(format!("{at}: {json} is not in both languages"));
            } else if names("it") != names("en") {
                faults.push(format!("{at}: {:?} here, {:?} there", names("it"), names("en")));
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                let spoken = ["text", "title", "caption", "label", "purpose", "description"].contains(&name.as_str());
                if spoken && value.is_string() && !members.contains_key("match") && !members.contains_key("script") {
                    faults.push(format!("{at}: {name} is in one language: {value}"));
                }
                both_languages(&format!("{at} {name}"), value, faults);
            }
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(n, item)| both_languages(&format!("{at} {n}"), item, faults)),
        _ => {}
    }
}

#[test]
fn every_text_stands_in_both_languages_with_the_same_variables() {
    let mut faults = Vec::new();
    for (word, flow) in pack() {
        both_languages(word, &document::write(&flow), &mut faults);
    }
    for reply in blueprint::quick_replies().expect("quick replies") {
        both_languages(&format!("/{}", reply.shortcut), &serde_json::json!(reply), &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_blueprint_is_drawn_without_overlap() {
    for (word, flow) in pack() {
        let boxes = flow_map::boxes(&flow);
        assert_eq!(boxes.len(), flow.nodes.len(), "{word}");
        for (n, one) in boxes.iter().enumerate() {
            for other in &boxes[n + 1..] {
                let apart =
                    one.0 + one.2 <= other.0 || other.0 + other.2 <= one.0 || one.1 + one.3 <= other.1 || other.1 + other.3 <= one.1;
                assert!(apart, "{word}: {one:?} lies on {other:?}");
            }
        }
        let svg = flow_map::draw(&flow, Speaker::new(Language::Italian), &Marks::default());
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"), "{word}");
    }
}

#[test]
fn the_sixteen_quick_replies_have_no_fault_and_keep_their_bytes() {
    let path = path_of("quick-replies");
    let written = std::fs::read_to_string(&path).expect("a file");
    let replies = several::read_text(&written).expect("quick replies").quick_replies;
    let would = several::text(&Several { quick_replies: replies.clone(), ..Several::default() });
    if blessing() {
        return std::fs::write(&path, would).expect("a blessed file");
    }
    assert!(written == would, "{}", difference(&written, &would));
    assert_eq!(quick_reply::check(&replies), []);
    let shortcuts: Vec<&str> = replies.iter().map(|reply| reply.shortcut.as_str()).collect();
    assert_eq!(
        shortcuts,
        [
            "ciao",
            "orari",
            "dove",
            "listino",
            "iban",
            "paga",
            "prenota",
            "attesa",
            "dati",
            "spediz",
            "reso",
            "scuse",
            "recensione",
            "privacy",
            "chiusura",
            "stop"
        ]
    );
    let waiting = replies.iter().find(|reply| reply.shortcut == "attesa").expect("/attesa");
    assert_eq!(quick_reply::to_type(&waiting.text, &["it"]), ["minutes"]);
}

/// Whether a text reads as if a word were missing: a space before a mark, two in a row, or one at an end.
fn has_a_gap(text: &str) -> bool {
    let marks = [" ,", " .", " !", " ?", " :", " ;", "  ", ",,", "( ", " )"];
    marks.iter().any(|mark| text.contains(mark)) || text.trim() != text
}

/// The text as somebody without a name reads it: the name's default in its place, a word in the place of everything else.
fn to_nobody(text: &str) -> String {
    let pieces = text::read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let piece = |piece: text::Piece<'_>| match piece {
        text::Piece::Words(words) => words.to_owned(),
        text::Piece::Name { name: "contact.name", default, .. } => default.unwrap_or_default(),
        text::Piece::Name { .. } => "x".to_owned(),
    };
    pieces.into_iter().map(piece).collect()
}

fn strings<'j>(json: &'j Value, found: &mut Vec<&'j str>) {
    match json {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(members) => members.values().for_each(|item| strings(item, found)),
        _ => {}
    }
}

#[test]
fn no_text_has_a_hole_where_the_name_of_somebody_without_one_would_stand() {
    let mut told = Vec::new();
    for (word, flow) in pack() {
        let document = document::write(&flow);
        let mut found = Vec::new();
        strings(&document["nodes"], &mut found);
        told.extend(found.into_iter().filter(|text| text.contains("contact.name")).map(|text| (word.to_owned(), text.to_owned())));
    }
    for reply in blueprint::quick_replies().expect("quick replies") {
        told.extend(reply.text.all().into_iter().map(|text| (format!("/{}", reply.shortcut), text.to_owned())));
    }
    assert!(told.len() > 40, "{}", told.len());
    for (place, text) in told {
        let said = to_nobody(&text);
        assert!(!has_a_gap(&said), "{place}: {said}");
        let named = text.matches("contact.name").count();
        assert_eq!(named, text.matches("contact.name | default: \"").count(), "{place}: {text}");
    }
}

#[test]
fn no_talk_with_somebody_without_a_name_says_a_text_with_a_hole() {
    let mut heard = 0;
    for (word, flow) in pack() {
        for talk in flow.talks.iter().filter(|talk| !talk.script.contains("contact name")) {
            let said = talk.script.lines().filter_map(|line| line.strip_prefix("< send ")).filter(|line| !line.starts_with("template"));
            for line in said {
                let text = line.split_once('"').and_then(|(_, rest)| rest.split_once('"')).map_or(line, |(text, _)| text);
                heard += 1;
                assert!(!has_a_gap(&text.replace("\\n", " ").replace("  ", " ")), "{word}, {}: {line}", talk.name);
            }
        }
    }
    assert!(heard > 100, "{heard}");
}
