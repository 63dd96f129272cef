//! The JSON Schema of the flow document, held by a validator that is not ours against what our reader takes and refuses.

use crate::kit::appliance::Appliance;
use boon::{Compiler, SchemaIndex, Schemas};
use flusso::model::document::read_text;
use flusso::model::node::NodeKind;
use flusso::model::schema::flow_document;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documents of a folder: all that are flows.
fn documents(folder: &str) -> Vec<(PathBuf, String)> {
    let entries = std::fs::read_dir(root().join(folder)).expect("the folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    let no_flow = ["schema.json", "quick-replies.json"];
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.ends_with(".json") && !no_flow.contains(&name.as_str())
    });
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).expect("a document"))).collect()
}

struct Validator {
    schemas: Schemas,
    flow: SchemaIndex,
}

impl Validator {
    fn new() -> Validator {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("flow.json", flow_document()).expect("a schema");
        let flow = compiler.compile("flow.json", &mut schemas).expect("a schema of draft 2020-12");
        Validator { schemas, flow }
    }

    fn refusal(&self, text: &str) -> Option<String> {
        let document: Value = serde_json::from_str(text).ok()?;
        self.schemas.validate(&document, self.flow).err().map(|error| error.to_string())
    }
}

#[test]
fn the_schema_of_the_starter_pack_is_the_one_of_the_types() {
    let path = root().join("starter-pack/schema.json");
    let written = format!("{:#}\n", flow_document());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &written).expect("to write the schema");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == written, "starter-pack/schema.json is not what the types say: BLESS=1 cargo test --test main schema");
}

#[test]
fn every_document_that_works_fits_the_schema() {
    let validator = Validator::new();
    let all: Vec<_> = ["starter-pack", "tests/documents"].into_iter().flat_map(documents).collect();
    assert!(all.len() >= 6, "{}", all.len());
    for (path, text) in all {
        assert_eq!(validator.refusal(&text), None, "{}", path.display());
    }
}

#[test]
fn what_the_schema_refuses_does_not_work_either() {
    let validator = Validator::new();
    let mut refused = Vec::new();
    for (path, text) in documents("tests/broken") {
        if let Some(why) = validator.refusal(&text) {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let sentence = std::fs::read_to_string(path.with_extension("txt")).expect("its sentence");
            let is_wrong = sentence.lines().any(|line| !line.contains(" (warning): "));
            assert!(read_text(&text).is_err() || is_wrong, "{name} is refused by the schema alone: {why}");
            refused.push(name);
        }
    }
    for name in ["unknown_member", "unknown_kind", "no_node_id", "too_many_buttons", "text_of_wrong_type", "window_of_wrong_type"] {
        assert!(refused.iter().any(|refused| refused == name), "{name} fits the schema: {refused:?}");
    }
}

#[test]
fn the_schema_knows_every_kind_of_node_and_says_what_its_members_are() {
    let schema = flow_document();
    for word in NodeKind::WORDS {
        let members = schema["$defs"][format!("{word}_node")]["properties"].as_object().unwrap_or_else(|| panic!("no {word}")).clone();
        assert_eq!(members["kind"]["const"], *word);
        for (name, member) in members.iter().filter(|(name, _)| !["id", "kind", "exits"].contains(&name.as_str())) {
            let told = member["description"].is_string() || member["$ref"].is_string() || member["anyOf"].is_array();
            assert!(told, "{word}.{name} has no description: {member}");
        }
    }
}

#[test]
fn a_member_of_another_kind_is_refused() {
    let validator = Validator::new();
    let document = |node: &str| format!(r#"{{"flusso": 1, "name": "A", "nodes": [{node}]}}"#);
    assert_eq!(validator.refusal(&document(r#"{"id": "w", "kind": "wait", "for": "2h", "exits": {"elapsed": null}}"#)), None);
    for wrong in [
        r#"{"id": "w", "kind": "wait", "for": "2 hours"}"#,
        r#"{"id": "w", "kind": "wait", "for": "2h", "text": "Hello"}"#,
        r#"{"id": "w", "kind": "wait", "for": "2h", "exits": {"next": "w"}}"#,
        r#"{"id": "k", "kind": "keyword", "phrases": [{"text": "hello", "match": "roughly"}]}"#,
        r#"{"kind": "end"}"#,
    ] {
        assert!(validator.refusal(&document(wrong)).is_some(), "{wrong}");
    }
}

#[test]
fn an_editor_is_offered_the_words_of_the_gallery_and_the_languages_and_any_other_is_taken() {
    let schema = flow_document();
    let about = &schema["$defs"]["About"]["properties"];
    for (words, known) in [(&about["trade"]["items"], "shop"), (&about["trade"]["items"], "any"), (&about["goal"], "remind")] {
        assert!(words["anyOf"][0]["enum"].as_array().is_some_and(|all| all.iter().any(|word| word == known)), "{known}: {words}");
    }
    let text = &schema["$defs"]["Text"]["anyOf"][1];
    assert!(text["properties"]["it"].is_object() && text["properties"]["en"].is_object(), "{text}");
    assert_eq!(schema["$defs"]["message_node"]["properties"]["buttons"]["maxItems"], 3);
    let document = r#"{"$schema": "schema.json", "flusso": 1, "name": "A", "about": {"trade": ["boats"], "goal": "sail", "purpose": {"de": "Hallo"}}, "nodes": []}"#;
    assert_eq!(Validator::new().refusal(document), None);
    read_text(document).expect("what fits the schema is read");
}

#[test]
fn the_schema_is_open_to_an_editor_without_a_key_and_nothing_else_of_the_api_is() {
    let appliance = Appliance::start();
    let answer = appliance.ask("GET", "/api/v1/schema/flow.json", &[], b"");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/schema+json")));
    assert_eq!(serde_json::from_str::<Value>(&answer.text()).expect("JSON"), flow_document());
    for path in ["/api/v1/flows", "/api/v1/exports", "/api/v1/settings"] {
        assert_eq!(appliance.ask("GET", path, &[], b"").status, 401, "{path}");
    }
}

#[test]
fn every_blueprint_names_the_schema_beside_it_and_reads_the_same_without() {
    for (path, text) in documents("starter-pack") {
        let document: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(document["$schema"], "schema.json", "{}", path.display());
        let mut bare = document.clone();
        bare.as_object_mut().expect("an object").shift_remove("$schema");
        assert_eq!(read_text(&bare.to_string()), read_text(&text), "{}", path.display());
    }
}
