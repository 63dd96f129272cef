//! The house rules, read from the text of the sources: floors, doors, sizes, names, and the table in `src/lib.rs`.

mod paths;
mod proofs;

use paths::{Path, paths};
use std::path::PathBuf;

/// A row of the table: the floor, its folder, the folders it may import.
type Floor = (&'static str, &'static str, &'static [&'static str]);

const FLOORS: [Floor; 8] = [
    ("0", "base", &[]),
    ("1", "model", &["base"]),
    ("2a", "engine", &["base", "model"]),
    ("2b", "provider", &["base", "model"]),
    ("2c", "store", &["base", "model"]),
    ("3", "executor", &["base", "model", "engine", "provider", "store"]),
    ("4", "web", &["base", "model", "engine", "store", "executor"]),
    ("5", "app", &["base", "model", "engine", "provider", "store", "executor", "web"]),
];

/// What one file alone may name. A door that grew is the folder of the same name.
const DOORS: [(&str, &[&str], fn(&Path) -> bool); 3] = [
    ("redb", &["src/store/redb"], |path| path.len() > 1 && path[0] == "redb"),
    ("the HTTP client", &["src/executor/http"], |path| path.len() > 1 && path[0] == "reqwest"),
    ("the clock", &["src/executor/clock"], |path| {
        path.windows(2).any(|pair| ["SystemTime", "Instant", "Utc", "Local"].contains(&pair[0].as_str()) && pair[1] == "now")
    }),
];

/// Where the writer of the store may be named: at home, and by its one owner.
const WRITER: [&str; 3] = ["src/store", "src/store/", "src/executor/commit"];

/// Beyond this a file is cut by capability (house rule: a reader holds one file in the head).
const LINES_MAX: usize = 400;

/// Names that say nothing of what lives there, so that anything ends up there.
const EMPTY_NAMES: [&str; 11] = ["util", "utils", "common", "helper", "helpers", "manager", "managers", "misc", "core", "type", "types"];

/// Everything in these files, each a path from the root and its text, that breaks a house rule; a sentence each.
fn faults(files: &[(&str, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, text) in files {
        faults.extend(of_shape(file, text));
        let Some(inside) = file.strip_prefix("src/") else { continue };
        let found = paths(text);
        faults.extend(of_floors(file, inside, &found));
        faults.extend(of_doors(file, &found));
        if inside == "lib.rs" {
            faults.extend(of_table(text));
        }
    }
    faults
}

/// Length, names, and the sentence at the top.
fn of_shape(file: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = text.lines().count();
    if lines > LINES_MAX {
        faults.push(format!("{file} has {lines} lines, more than {LINES_MAX}: cut it by capability"));
    }
    if let Some(name) = file.trim_end_matches(".rs").split('/').find(|part| EMPTY_NAMES.contains(part)) {
        faults.push(format!("{file}: \"{name}\" says nothing of what lives there"));
    }
    if file.starts_with("src/") && !text.starts_with("//! ") {
        faults.push(format!("{file} does not begin with a `//!` sentence saying what lives here"));
    }
    faults
}

/// Imports of a file against the row of its floor.
fn of_floors(file: &str, inside: &str, found: &[Path]) -> Vec<String> {
    if inside == "lib.rs" {
        return Vec::new();
    }
    let folder = if inside == "main.rs" { "app" } else { inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs") };
    let Some((row, _, may)) = FLOORS.iter().find(|floor| floor.1 == folder) else {
        return vec![format!("{file}: the folder {folder} has no floor")];
    };
    let depth = module_depth(inside);
    let mut imported: Vec<&str> = found.iter().filter_map(|path| from_root(path, depth)).collect();
    imported.sort_unstable();
    imported.dedup();
    let mut faults = Vec::new();
    for name in imported {
        if name == "*" {
            faults.push(format!("{file} imports all of the crate at once"));
            continue;
        }
        let Some((other, ..)) = FLOORS.iter().find(|floor| floor.1 == name) else { continue };
        if name == folder || may.contains(&name) {
            continue;
        }
        let why = match (row[..1].cmp(&other[..1]), row == other) {
            (std::cmp::Ordering::Less, _) => "imports only point down",
            (std::cmp::Ordering::Equal, false) => "neighbours are blind to each other",
            _ => "its row of the table does not list it",
        };
        faults.push(format!("{file} ({folder}) imports {name}: {why}"));
    }
    faults
}

/// How many modules lie between the root and a file of `src`: `a/b.rs` and `a/b/mod.rs` are two deep.
fn module_depth(inside: &str) -> usize {
    inside.trim_end_matches(".rs").split('/').filter(|part| !["mod", "main", "lib"].contains(part)).count()
}

/// The first name below the root of the crate that a path leads through, if it leads there.
fn from_root(path: &Path, depth: usize) -> Option<&str> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    let at = match path[0].as_str() {
        "crate" | "flusso" => 1,
        "super" if ups >= depth => ups,
        _ => return None,
    };
    path.get(at).map(String::as_str)
}

/// Whether a file is one of these doors: the file, the folder it grew into, or a folder named whole.
fn is_behind(file: &str, doors: &[&str]) -> bool {
    doors.iter().any(|door| {
        let rest = file.strip_prefix(door);
        rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/') || door.ends_with('/'))
    })
}

/// Powers named outside their one file.
fn of_doors(file: &str, found: &[Path]) -> Vec<String> {
    let mut faults = Vec::new();
    for (power, door, names_it) in DOORS {
        if !is_behind(file, door)
            && let Some(path) = found.iter().find(|path| names_it(path))
        {
            faults.push(format!("{file} names {}: {power} belongs to {}.rs alone", path.join("::"), door[0]));
        }
    }
    if !is_behind(file, &WRITER)
        && let Some(path) = found.iter().find(|path| names_writer(path, found))
    {
        faults.push(format!("{file} names {}: the writer belongs to src/executor/commit.rs alone", path.join("::")));
    }
    faults
}

/// Whether a path names our `Writer`: by a way through our own modules, or bare where no other crate's is imported.
fn names_writer(path: &Path, found: &[Path]) -> bool {
    let is_ours =
        |path: &Path| ["crate", "flusso", "self", "super"].contains(&path[0].as_str()) || FLOORS.iter().any(|floor| floor.1 == path[0]);
    let ends = |path: &Path| path.iter().any(|part| part == "Writer");
    let from_elsewhere = || found.iter().any(|other| other.len() > 1 && ends(other) && !is_ours(other));
    ends(path) && if path[0] == "Writer" { !from_elsewhere() } else { is_ours(path) }
}

/// The table of the map against the one above.
fn of_table(map: &str) -> Vec<String> {
    let in_ticks = |cell: &str| -> Vec<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let cells = |line: &str| -> Vec<String> { line.split('|').map(|cell| cell.trim().to_owned()).collect() };
    let drawn: Vec<Vec<String>> = map.lines().filter_map(|line| line.strip_prefix("//! |")).map(cells).collect();
    let is_row = |row: &&Vec<String>| row.len() > 3 && row[0].starts_with(|c: char| c.is_ascii_digit());
    let drawn: Vec<_> = drawn.iter().filter(is_row).collect();
    let mut faults = Vec::new();
    for (number, folder, may) in FLOORS {
        let row = drawn.iter().find(|row| in_ticks(&row[1]).iter().any(|name| name == folder));
        match row {
            None => faults.push(format!("src/lib.rs: the table has no row for {folder}")),
            Some(row) if row[0] != number || in_ticks(&row[2]) != may => faults.push(format!(
                "src/lib.rs: the table says that {folder} is floor {} and may import {:?}; the test says {number} and {may:?}",
                row[0],
                in_ticks(&row[2])
            )),
            Some(_) => {}
        }
    }
    if drawn.len() > FLOORS.len() {
        faults.push(format!("src/lib.rs: the table has {} rows, the test {}", drawn.len(), FLOORS.len()));
    }
    faults
}

/// Every Rust file under a folder of the package, by its path from the root and its text.
fn read(folder: &str) -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut waiting = vec![root.join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the package") {
            let path = entry.expect("an entry of a folder").path();
            if path.is_dir() && !path.ends_with("node_modules") {
                waiting.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(&root).expect("a path under the root").to_string_lossy().into_owned();
                files.push((name, std::fs::read_to_string(&path).expect("a readable file")));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn the_house_keeps_its_rules() {
    let files: Vec<_> = ["src", "tests"].into_iter().flat_map(read).collect();
    for known in ["src/lib.rs", "src/main.rs", "src/base/time.rs", "tests/floors.rs"] {
        assert!(files.iter().any(|(name, _)| name == known), "{known} was not read");
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let faults = faults(&files);
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
