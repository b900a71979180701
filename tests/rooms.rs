//! The house: which room may import which, as CONTRIBUTING shows it. Fails with the line that
//! breaks the rule.
#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail in its helpers too

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms it may import, as the table in CONTRIBUTING.md says.
fn rules() -> BTreeMap<String, Vec<String>> {
    let contributing = Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRIBUTING.md");
    let text = fs::read_to_string(contributing).unwrap();
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let room = cells.get(1)?.strip_prefix("`src/")?.trim_end_matches(['`', '/']);
        let imports = cells.get(3)?.split(", ").map(str::to_owned).collect();
        (room != "node").then(|| (room.trim_end_matches(".rs").to_owned(), imports))
    });
    rows.collect()
}

/// Crates that one room alone may name.
const OWNED: [(&str, &str); 4] = [
    ("tch::", "train"),
    ("napi::", "node"),
    ("napi_derive::", "node"),
    ("safetensors::", "archive"),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// `src/data/csv/read.rs` is in `data`, `src/artifact_tests.rs` is of `artifact`.
fn room(path: &Path) -> String {
    let first = path.strip_prefix(src()).unwrap().components().next().unwrap();
    let name = first.as_os_str().to_str().unwrap();
    name.trim_end_matches(".rs").trim_end_matches("_tests").to_owned()
}

/// The lines of a file up to its tests, which may import what they like.
fn code(path: &Path) -> Vec<(usize, String)> {
    if path.to_str().unwrap().ends_with("tests.rs") {
        return Vec::new();
    }
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
    lines.enumerate().map(|(at, line)| (at + 1, line.to_owned())).collect()
}

/// The names after every `crate::` of a line: one, or those in braces.
fn imports(line: &str) -> Vec<String> {
    let mut names = Vec::new();
    if line.trim_start().starts_with("//") {
        return names;
    }
    for part in line.split("crate::").skip(1) {
        let name = |text: &str| {
            let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
            text[..end].to_owned()
        };
        match part.strip_prefix('{') {
            Some(list) => names.extend(list.split(", ").map(name)),
            None => names.push(name(part)),
        }
    }
    names
}

#[test]
fn every_room_imports_only_what_it_may() {
    let rules = rules();
    let mut broken = Vec::new();
    for path in sources(&src()) {
        let room = room(&path);
        if room == "lib" || room == "node" {
            continue;
        }
        let allowed = rules.get(&room);
        let allowed = allowed.unwrap_or_else(|| panic!("{room} is a room without a rule"));
        for (line, text) in code(&path) {
            for import in imports(&text) {
                if import != room && !allowed.contains(&import) {
                    broken.push(format!("{}:{line}: {room} imports {import}", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_table_has_every_room() {
    let rules = rules();
    assert_eq!(rules["train"][..2], ["balance".to_owned(), "data".to_owned()]);
    let rooms: Vec<String> = sources(&src()).iter().map(|path| room(path)).collect();
    for name in rules.keys() {
        assert!(rooms.contains(name), "CONTRIBUTING.md has a room {name}, src has none");
    }
}

#[test]
fn node_uses_the_crate_as_its_users_see_it() {
    let rooms = rules();
    for path in sources(&src().join("node")) {
        for (line, text) in code(&path) {
            for import in imports(&text) {
                let reaches_in = rooms.contains_key(&import);
                assert!(!reaches_in, "{}:{line}: node reaches into {import}", path.display());
            }
        }
    }
}

#[test]
fn crates_stay_in_their_rooms() {
    for path in sources(&src()) {
        for (line, text) in code(&path) {
            let code = text.split("//").next().unwrap_or_default();
            for (name, owner) in OWNED {
                let named = code.split(|c: char| !c.is_alphanumeric() && c != ':' && c != '_');
                let named = named.into_iter().any(|word| word.starts_with(name));
                let here = room(&path);
                assert!(!named || here == owner, "{}:{line}: {here} names {name}", path.display());
            }
        }
    }
}

#[test]
fn files_stay_within_300_lines_of_code() {
    let mut long = Vec::new();
    for path in sources(&src()) {
        let lines = code(&path);
        let count = lines
            .iter()
            .filter(|(_, text)| !text.trim().is_empty() && !text.trim_start().starts_with("//"))
            .count();
        if count > 300 {
            long.push(format!("{} has {count} lines of code", path.display()));
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn every_file_begins_with_what_it_holds() {
    for path in sources(&src()) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//!"), "{} has no //! line", path.display());
    }
}

#[test]
fn the_rules_find_a_broken_import() {
    assert_eq!(imports("use crate::{data, train::fit};"), ["data", "train"]);
    assert_eq!(imports("    crate::node::x(crate::Error)"), ["node", "Error"]);
    assert!(imports("// crate::node").is_empty());
}
