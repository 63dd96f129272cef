//! Small houses with one thing wrong in each, so that no rule holds by never having been broken.

use super::{FLOORS, LINES_MAX, faults};

/// The faults of one file that is right but for `text`.
fn one(file: &str, text: &str) -> Vec<String> {
    faults(&[(file, &format!("//! What lives here.\n{text}\n"))])
}

#[track_caller]
fn says(file: &str, text: &str, words: &str) {
    let faults = one(file, text);
    assert!(faults.len() == 1 && faults[0].contains(words), "{file} with {text:?} gave {faults:?}");
}

#[track_caller]
fn holds(file: &str, text: &str) {
    assert_eq!(one(file, text), Vec::<String>::new(), "{file} with {text:?}");
}

#[test]
fn imports_point_down() {
    for (file, text) in [
        ("src/base/id.rs", "use crate::model::run::Run;"),
        ("src/model/run.rs", "fn f() { crate::engine::step() }"),
        ("src/engine/step.rs", "use crate::{base::id, executor::clock};"),
        ("src/store/mod.rs", "use super::executor::commit;"),
        ("src/store/work.rs", "use super::super::web::form;"),
        ("src/executor/mod.rs", "#[serde(with = \"crate::web::form\")]"),
        ("src/web/mod.rs", "pub(crate) use crate::app::log;"),
    ] {
        says(file, text, "imports only point down");
    }
    holds("src/executor/mod.rs", "use crate::{base, model, engine, provider, store};");
    holds("src/engine/nodes/wait.rs", "use super::super::text; use crate::engine::step; use crate::base::time::Time;");
    holds("src/main.rs", "fn main() { flusso::app::run() }");
    holds("src/base/id.rs", "//! See [`crate::web`].\n// use crate::web;\nconst X: &str = \"web::x\";");
}

#[test]
fn neighbours_are_blind_to_each_other() {
    for (file, other) in [("engine", "provider"), ("engine", "store"), ("provider", "store"), ("store", "engine")] {
        says(&format!("src/{file}/x.rs"), &format!("use crate::{other}::y;"), "neighbours are blind");
    }
}

#[test]
fn the_web_knows_no_provider() {
    says("src/web/hooks.rs", "use crate::provider::whatsapp;", "does not list it");
    holds("src/web/hooks.rs", "use crate::{engine::check, store::Reader, executor::receive};");
}

#[test]
fn every_folder_has_a_floor() {
    says("src/plugins/mod.rs", "", "the folder plugins has no floor");
    says("src/clock.rs", "", "the folder clock has no floor");
    says("src/base/id.rs", "use crate::*;", "all of the crate at once");
}

#[test]
fn files_are_short_and_named_and_begin_with_a_sentence() {
    says("src/base/id.rs", &"\n".repeat(LINES_MAX), "lines, more than 400");
    holds("src/base/id.rs", &"\n".repeat(LINES_MAX - 2));
    says("tests/kit/mod.rs", &"\n".repeat(LINES_MAX), "lines, more than 400");
    for file in ["src/base/util.rs", "src/model/types/mod.rs", "tests/common/mod.rs", "src/web/helpers/x.rs"] {
        says(file, "", "says nothing of what lives there");
    }
    let bare = faults(&[("src/base/id.rs", "use std::fmt;\n")]);
    assert!(bare.len() == 1 && bare[0].contains("does not begin with"), "{bare:?}");
    assert!(faults(&[("tests/week.rs", "use std::fmt;\n")]).is_empty());
}

#[test]
fn redb_is_named_in_one_file() {
    for text in ["use redb::Database;", "use redb;", "fn f() -> ::redb::Result<()> {}", "use {std::fmt, redb::{Key, Value}};"] {
        says("src/store/work.rs", text, "redb belongs to src/store/redb.rs alone");
    }
    says("src/store/error.rs", "enum E { Io(#[from] redb::StorageError) }", "redb belongs");
    holds("src/store/redb.rs", "use redb::Database;");
    holds("src/store/redb/snapshot.rs", "use redb::Database;");
    holds("src/store/mod.rs", "mod redb; pub use self::redb::open; use super::store::redb::Open;");
}

#[test]
fn the_http_client_is_named_in_one_file() {
    says("src/executor/outbox.rs", "fn f(c: &reqwest::Client) {}", "the HTTP client belongs to");
    says("src/provider/http.rs", "use reqwest::Method;", "the HTTP client belongs to");
    holds("src/executor/http.rs", "use reqwest::Client;");
    holds("src/executor/http/guard.rs", "use reqwest::dns::Resolve;");
}

#[test]
fn the_clock_is_read_in_one_file() {
    for text in [
        "let t = std::time::SystemTime::now();",
        "let t = Instant::now();",
        "map(Utc::now)",
        "chrono::Local::now()",
        "tokio::time::Instant::now()",
    ] {
        says("src/executor/wheel.rs", text, "the clock belongs to");
    }
    holds("src/executor/clock.rs", "let t = SystemTime::now();");
    holds("src/executor/wheel.rs", "use std::time::{Instant, Duration}; let t = clock.now();");
}

#[test]
fn the_writer_has_one_owner() {
    for text in ["use crate::store::Writer;", "use crate::store::{Reader, Writer};", "use crate::store::*; fn f(w: Writer) {}"] {
        says("src/executor/outbox.rs", text, "the writer belongs to");
    }
    says("src/app/commands.rs", "use crate::store; fn f(w: store::Writer) {}", "the writer belongs to");
    holds("src/executor/commit.rs", "use crate::store::Writer;");
    holds("src/store/work.rs", "use super::Writer; fn f(w: &Writer) {}");
    holds("src/app/log.rs", "use tracing_subscriber::fmt::format::Writer; fn f(w: Writer<'_>) {}");
}

#[test]
fn the_map_and_this_test_agree() {
    let row = |(number, folder, may): &(&str, &str, &[&str])| {
        let may: Vec<_> = may.iter().map(|name| format!("`{name}`")).collect();
        format!("//! | {number} | `{folder}` | {} | what it owns |\n", may.join(", "))
    };
    let rows: Vec<String> = FLOORS.iter().map(row).collect();
    let check = |rows: &[String], count: usize, words: &str| {
        let faults = faults(&[("src/lib.rs", &format!("//! The map.\n//! | floor | folder |\n//! |---|---|\n{}", rows.concat()))]);
        assert!(faults.len() == count && faults.iter().all(|fault| fault.contains(words)), "{faults:?}");
    };
    check(&rows, 0, "");
    check(&[], FLOORS.len(), "has no row for");
    check(&rows[1..], 1, "has no row for base");
    let changed = |from: &str, to: &str| rows.iter().map(|row| row.replace(from, to)).collect::<Vec<_>>();
    check(&changed("| 2c | `store` | `base`, `model` |", "| 2c | `store` | `base`, `model`, `engine` |"), 1, "the table says that store");
    check(&changed("| 3 |", "| 2d |"), 1, "the table says that executor is floor 2d");
    check(&[rows.clone(), vec![rows[0].clone()]].concat(), 1, "9 rows");
}
