//! The house rules that no other tool keeps: floors, lengths, and that every effect and scenario is complete.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Which floor a room of `src` is on. Imports point down.
const FLOORS: &[(&str, u8)] = &[
    ("main", 5),
    ("lib", 5),
    ("cli", 5),
    ("builder", 5),
    ("emulator", 5),
    ("guard", 5),
    ("play", 5),
    ("laboratory", 5),
    ("net", 5),
    ("web", 4),
    ("ops", 3),
    ("jose", 2),
    ("store", 2),
    ("tls", 2),
    ("faults", 2),
    ("journal", 2),
    ("events", 2),
    ("scenario", 2),
    ("domain", 1),
    ("base", 0),
];

/// On floor 2 nobody knows a neighbour, but for these.
const ARROWS: &[(&str, &str)] = &[
    ("scenario", "faults"),  // a file holds faults
    ("scenario", "journal"), // and what the journal is to hold
];

const LONGEST: usize = 400;

/// Written in two parts, so that this file does not hold them.
const FORBIDDEN: &[(&str, &str)] = &[("todo", "!("), ("unimplemented", "!("), ("dbg", "!(")];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder, as paths from the root, in order.
fn files(folder: &str, extension: &str) -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    let mut names: Vec<_> = found
        .iter()
        .map(|path| path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned())
        .filter(|name| name.ends_with(extension))
        .collect();
    names.sort();
    names
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The room of a file of `src`: its folder, or the file itself.
fn room(name: &str) -> &str {
    let rest = name.strip_prefix("src/").unwrap();
    rest.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The rooms that a text imports from, as `crate::room` or within `crate::{…}`.
fn imports(text: &str) -> BTreeSet<String> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => rooms.extend(first_name(rest)),
            Some(list) => {
                let mut depth = 0;
                let mut start = true;
                for (place, char) in list.char_indices() {
                    match char {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        _ if start && !char.is_whitespace() => {
                            start = false;
                            rooms.extend(first_name(&list[place..]));
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    rooms
}

fn first_name(text: &str) -> Option<String> {
    let end = text.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

/// What is wrong with the imports of one file.
fn upward(name: &str, text: &str) -> Vec<String> {
    let floors: BTreeMap<_, _> = FLOORS.iter().copied().collect();
    let here = room(name);
    let Some(floor) = floors.get(here) else {
        return vec![format!("{name}: the room `{here}` is on no floor; add it to the table")];
    };
    let wrong = |other: &String| {
        let Some(level) = floors.get(other.as_str()) else {
            // macros and items at the root
            return None;
        };
        let beside = level == floor && *floor < 5 && other != here;
        let drawn = ARROWS.contains(&(here, other.as_str()));
        (level > floor || beside && !drawn).then(|| {
            let word = if level > floor { "up" } else { "sideways" };
            format!("{name}: floor {floor} imports `{other}` of floor {level}, which points {word}")
        })
    };
    imports(text).iter().filter_map(wrong).collect()
}

/// Small types of other systems, which only clients send.
const READ_OTHERWISE: &[&str] = &["src/jose/key_set.rs", "src/web/api/external_contacts.rs"];

/// What people write is read by one deserializer: each further one compiles all the types once more.
#[test]
fn types_are_taken_out_of_values_by_one_deserializer() {
    let code = |name: &String| text(name).split("#[cfg(test)]").next().unwrap_or_default().to_owned();
    let wrong: Vec<_> = files("src", ".rs")
        .into_iter()
        .filter(|name| !name.ends_with("tests.rs") && !READ_OTHERWISE.contains(&name.as_str()))
        .filter(|name| code(name).contains("serde_json::from_value"))
        .collect();
    assert!(wrong.is_empty(), "use base::document::from_value in {}", wrong.join(", "));
}

#[test]
fn imports_point_down() {
    let wrong: Vec<_> = files("src", ".rs").iter().flat_map(|name| upward(name, &text(name))).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn upward_and_sideways_imports_are_seen_however_they_are_written() {
    for (name, code, words) in [
        ("src/base/x.rs", "use crate::domain::org;", "imports `domain` of floor 1, which points up"),
        (
            "src/domain/x.rs",
            "use crate::{\n    base::{ids::Id, time},\n    ops::cx::Cx,\n};",
            "imports `ops` of floor 3",
        ),
        ("src/ops/x.rs", "fn f() { crate::web::answer::empty() }", "imports `web` of floor 4"),
        (
            "src/jose/x.rs",
            "use crate::{store::table::Table, base::ids};",
            "imports `store` of floor 2, which points sideways",
        ),
        ("src/faults/x.rs", "use crate::scenario::file;", "which points sideways"),
        ("src/attic/x.rs", "", "the room `attic` is on no floor"),
    ] {
        let said = upward(name, code).join("\n");
        assert!(said.contains(words), "{name}: {said}");
    }
    for (name, code) in [
        ("src/web/x.rs", "use crate::{\n    base::{ids::Id},\n    ops::cx::Cx,\n    web::answer,\n};"),
        ("src/scenario/x.rs", "use crate::faults::fault::Fault;"),
        ("src/base/x.rs", "// see crate::web::hallway"),
        ("src/cli/x.rs", "use crate::{emulator::Builder, net::limits};"),
    ] {
        assert_eq!(upward(name, code), [] as [String; 0], "{name}");
    }
}

#[test]
fn every_drawn_arrow_is_used() {
    for (from, to) in ARROWS {
        let of_room = |name: &String| room(name) == *from && imports(&text(name)).contains(*to);
        assert!(files("src", ".rs").iter().any(of_room), "{from} → {to} is drawn for nothing");
    }
}

#[test]
fn no_file_is_longer_than_four_hundred_lines() {
    let long: Vec<_> = ["src", "tests"]
        .iter()
        .flat_map(|folder| files(folder, ".rs"))
        .map(|name| (text(&name).lines().count(), name))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, name)| format!("{name} has {lines} lines"))
        .collect();
    assert!(long.is_empty(), "at most {LONGEST} lines:\n{}\n", long.join("\n"));
}

/// Names of the effects by their files.
fn effects() -> Vec<String> {
    files("src/faults/effect", ".rs")
        .iter()
        .map(|name| name.rsplit('/').next().unwrap().trim_end_matches(".rs").to_owned())
        .filter(|name| name != "mod")
        .collect()
}

#[test]
fn every_effect_has_a_scenario_and_a_test_of_its_name() {
    let mut wrong = Vec::new();
    for name in effects() {
        let (scenario, test) =
            (format!("scenarios/faults/{name}.yaml"), format!("tests/it/faults/{name}.rs"));
        for needed in [&scenario, &test] {
            if !root().join(needed).is_file() {
                wrong.push(format!("the effect {name} has no {needed}"));
            }
        }
        if root().join(&scenario).is_file() && !text(&scenario).contains(&format!("{name}: ")) {
            wrong.push(format!("{scenario} does not use {name}"));
        }
        let played = format!("TestEmulator::scenario(\"{name}\")");
        if root().join(&test).is_file() && !text(&test).contains(&played) {
            wrong.push(format!("{test} does not play the scenario"));
        }
        if !text("tests/it/faults/mod.rs").contains(&format!("mod {name};")) {
            wrong.push(format!("{test} is not a module of the tests"));
        }
        if !text("src/faults/effect/mod.rs").contains(&format!("    {name} ")) {
            wrong.push(format!("the effect {name} is not in the list of src/faults/effect/mod.rs"));
        }
    }
    let known: BTreeSet<_> = effects().into_iter().collect();
    for scenario in files("scenarios/faults", ".yaml") {
        let name = scenario.rsplit('/').next().unwrap().trim_end_matches(".yaml");
        if !known.contains(name) {
            wrong.push(format!("{scenario} is named like no effect"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_scenario_file_is_built_in_named_like_its_file_and_has_a_summary() {
    let builtin = text("src/scenario/builtin.rs");
    let mut wrong = Vec::new();
    for file in files("scenarios", ".yaml") {
        let path = file.trim_start_matches("scenarios/").trim_end_matches(".yaml");
        let name = path.rsplit('/').next().unwrap();
        if !builtin.contains(&format!("\"{path}\"")) {
            wrong.push(format!("{file} is missing in src/scenario/builtin.rs"));
        }
        let lines = text(&file);
        if !lines.lines().any(|line| line == format!("name: {name}")) {
            wrong.push(format!("{file} is not named {name}"));
        }
        if !lines.lines().any(|line| line.starts_with("summary: ")) {
            wrong.push(format!("{file} has no summary"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_test_file_is_a_module_of_the_one_binary() {
    let mut wrong = Vec::new();
    for name in files("tests/it", ".rs") {
        let (folder, file) = name.rsplit_once('/').unwrap();
        let (parent, module) = match file {
            "main.rs" => continue,
            "mod.rs" => folder.rsplit_once('/').unwrap(),
            file => (folder, file.trim_end_matches(".rs")),
        };
        let of_main = parent == "tests/it";
        let list = text(&format!("{parent}/{}.rs", if of_main { "main" } else { "mod" }));
        if !list.lines().any(|line| line.trim_start_matches("pub ") == format!("mod {module};")) {
            wrong.push(format!("{name} is compiled by nobody"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn nothing_unfinished_is_left() {
    let mut wrong = Vec::new();
    for name in ["src", "tests"].iter().flat_map(|folder| files(folder, ".rs")) {
        for (nth, line) in text(&name).lines().enumerate() {
            for (word, rest) in FORBIDDEN {
                if line.contains(&format!("{word}{rest}")) {
                    wrong.push(format!("{name}:{}: {word}{rest}…)", nth + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
