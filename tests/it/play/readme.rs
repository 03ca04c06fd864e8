//! `scenarios/README.md`, `scenarios/schema.json`: what they say is so.

use std::{fs, path::Path};

use serde_json::Value;

use super::run;

fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The YAML on the page, each block a file of its name.
fn examples() -> Vec<(String, String)> {
    let page = text("scenarios/README.md");
    let blocks = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let named = blocks.map(|block| {
        let name = block.lines().find_map(|line| line.strip_prefix("name: ")).expect("an example has a name");
        (format!("{name}.yaml"), block.to_owned())
    });
    named.collect()
}

#[test]
fn every_example_on_the_page_is_a_file_that_holds() {
    let folder = tempfile::tempdir().unwrap();
    let examples = examples();
    assert!(examples.len() >= 5);
    for (name, text) in &examples {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let (code, out, err) = run(&["check", "--prove", folder.path().to_str().unwrap()]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
}

fn yaml(text: &str) -> Value {
    genesys_emulator::laboratory::yaml(text).unwrap()
}

#[test]
fn every_shipped_file_and_every_example_is_what_the_schema_says_and_mistakes_are_not() {
    let schema: Value = serde_json::from_str(&text("scenarios/schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong = |name: &str, text: &str| {
        let errors = validator
            .iter_errors(&yaml(text))
            .map(|error| format!("{name}: {} at {}", error, error.instance_path()))
            .collect::<Vec<_>>();
        errors.join("\n")
    };
    let mut all = Vec::new();
    for folder in ["scenarios", "scenarios/faults", "scenarios/stories"] {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                all.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    // parameters stand where numbers are wanted before they are put in
    all.extend(examples().into_iter().filter(|(name, _)| name != "base.yaml"));
    let told: Vec<_> =
        all.iter().map(|(name, text)| wrong(name, text)).filter(|told| !told.is_empty()).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    for mistake in [
        "faults: [ { efect: {} } ]",
        "faults: [ { effect: { rest: {} } } ]",
        "scripts: { naive: { expect: maybe } }",
        "world: { orgs: [ { clients: { c: { grant: NONE } } } ] }",
        "timeline: [ { do: { rotateKeys: { mode: sideways } } } ]",
    ] {
        assert_ne!(wrong("mistake", mistake), "", "{mistake}");
    }
}

#[test]
fn the_schema_is_printed_as_it_is_committed() {
    let (code, out, err) = run(&["schema"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(out, text("scenarios/schema.json"));
}
