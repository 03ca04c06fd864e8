//! Every file in `scenarios/`: it can be used, its scripts hold, and no fault in it is decoration.

use serde_json::Value;

use super::run;

#[test]
fn every_shipped_scenario_holds_and_does_not_without_its_fault() {
    let (code, out, err) = run(&["check", "--prove", "--format", "json", "scenarios"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    let all: Value = serde_json::from_str(&out).unwrap();
    let mut wrong = Vec::new();
    for report in all["scenarios"].as_array().unwrap() {
        let (name, note) = (&report["name"], report["note"].as_str().unwrap_or_default());
        let story = report["source"].as_str().unwrap().starts_with("scenarios/stories/");
        let scripts = report["scripts"].as_array().unwrap();
        let has = |to_fail: bool| scripts.iter().any(|script| script["toFail"] == to_fail);
        if story && !(has(true) && has(false)) {
            wrong.push(format!("{name} has no script that fails and one that passes"));
        }
        if story && !note.starts_with("proved: ") {
            wrong.push(format!("{name}: {note}"));
        }
        for script in scripts {
            if script["summary"].as_str().unwrap_or_default().is_empty() {
                wrong.push(format!("{name}, {}: no summary", script["name"]));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_script_that_is_to_fail_says_what_its_client_sees() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/stories")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let (fails, sees) =
            (text.matches("    expect: fail\n").count(), text.matches("        sees:").count());
        assert_eq!(fails, sees, "{}", path.display());
    }
}
