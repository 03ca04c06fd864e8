//! Writes `scenarios/schema.json` and `scenarios/EFFECTS.md` from the code, and sees that they are what the code says.
//! `UPDATE_GENERATED=1 cargo test --lib generated` writes them.

use std::fs;

use serde_json::{Value, json};

use super::{
    described::{Docs, Writer, is_current, root},
    traced::{Turn, Wanted, wanted},
};
use crate::{
    base::document::Document,
    faults::effect::Effect,
    scenario::{builtin, file::File},
};

#[test]
fn generated_schema_of_scenario_files() {
    let mut writer = Writer::new();
    let file = writer.schema(wanted::<File>);
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of genesys-emulator",
        "$ref": file["$ref"],
        "$defs": writer.defs(),
    });
    is_current("scenarios/schema.json", &(serde_json::to_string_pretty(&schema).unwrap() + "\n"));
}

#[test]
fn generated_default_world_as_json() {
    let text = builtin::find("default").unwrap();
    let value: Value = Document::yaml(text).unwrap().read().unwrap();
    is_current("src/scenario/default.json", &(value.to_string() + "\n"));
    let [yaml, json] = [Document::yaml(text).unwrap(), Document::from(&value)].map(|read| {
        let File { name, summary, world, .. } = read.read().unwrap();
        (name, summary, serde_json::to_value(world).unwrap())
    });
    assert_eq!(yaml, json);
}

#[test]
fn generated_reference_of_effects() {
    let docs = Docs::read();
    let mut text = "# Effects of faults\n\nGenerated from `src/faults/effect/`; the README's table is shorter. Each has its smallest file in `faults/`.\n".to_owned();
    let Wanted::Object(_, names) = wanted::<Effect>(&[]) else { panic!("effects are an object") };
    let mut names = names.to_vec();
    names.sort_unstable();
    let file = |name: &str| root().join(format!("src/faults/effect/{name}.rs"));
    let (own, others): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| file(name).exists());
    for name in own {
        let source = fs::read_to_string(file(name)).unwrap();
        let head: Vec<_> = source.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
        let head = head.join(" ");
        let told = head.split_once(": ").map_or(head.as_str(), |(_, told)| told);
        text += &format!("\n## `{name}`\n\n{}{}\n", told[..1].to_uppercase(), &told[1..]);
        let way = [Turn::Field(name), Turn::Inner];
        if let Wanted::Object(shape, fields) = wanted::<Effect>(&way)
            && !fields.is_empty()
        {
            let docs = docs.of(shape, fields);
            text += "\n| option | |\n|---|---|\n";
            for field in fields {
                text += &format!("| `{field}` | {} |\n", docs.get(*field).map_or("", String::as_str));
            }
        }
        let smallest = fs::read_to_string(root().join(format!("scenarios/faults/{name}.yaml"))).unwrap();
        let faults = smallest.split_once("\nfaults:\n").map_or("", |(_, faults)| faults);
        text += &format!("\n```yaml\nfaults:\n{}```\n", faults);
    }
    let others: Vec<_> = others.iter().map(|name| format!("`{name}`")).collect();
    text += &format!(
        "\n## Other names\n\nAs other tools name them, and read as one of the above: {}.\n",
        others.join(", ")
    );
    is_current("scenarios/EFFECTS.md", &text);
}
