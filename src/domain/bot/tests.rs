use proptest::prelude::*;

use super::*;
use crate::domain::content::Content;

fn said(text: &str, payloads: &[&str]) -> Cue {
    Cue::Said { text: text.to_owned(), payloads: payloads.iter().map(ToString::to_string).collect() }
}

fn bot(json: serde_json::Value) -> Bot {
    serde_json::from_value(json).unwrap()
}

fn wrong(reply: serde_json::Value) -> String {
    serde_json::from_value::<Reply>(reply).unwrap_err().to_string()
}

/// What it says, step by step.
fn texts(bot: &Bot, cue: Cue) -> Vec<String> {
    let says = |step: Step| {
        step.says().and_then(|(text, content)| match content {
            Content::Rich(rich) => text.or_else(|| rich.headline().map(str::to_owned)),
            _ => text,
        })
    };
    bot.turn(cue).into_iter().flatten().filter_map(says).collect()
}

#[test]
fn the_first_rule_that_fits_answers() {
    let bot = bot(serde_json::json!({
        "rules": [
            { "text": " Straße ", "reply": { "say": "text" } },
            { "payload": "RED", "reply": { "say": "payload" } },
            { "contains": "Rück", "reply": { "say": "contains" } },
            { "event": "join", "reply": { "say": "join" } },
        ],
        "otherwise": { "say": "otherwise" },
    }));
    for (cue, answer) in [
        (said("STRASSE", &[]), "otherwise"),
        (said(" straße", &["RED"]), "text"),
        (said("Red", &["BLUE", "RED"]), "payload"),
        (said("Red", &["red"]), "otherwise"),
        (said("zurÜck bitte", &[]), "contains"),
        (said("join", &[]), "otherwise"),
        (said("", &[]), "otherwise"),
        (Cue::Join, "join"),
    ] {
        assert_eq!(texts(&bot, cue.clone()), [answer], "{cue:?}");
    }
}

#[test]
fn who_comes_is_not_answered_as_if_it_had_said_something() {
    let bot = bot(serde_json::json!({ "otherwise": { "say": "otherwise" } }));
    assert!(bot.turn(Cue::Join).is_none());
}

#[test]
fn what_the_guest_did_stands_in_every_text_and_is_no_template_itself() {
    let bot = bot(serde_json::json!({
        "otherwise": [
            { "say": "{text} and {payload}, {other} {" },
            { "card": { "title": "For {text}", "description": "{payload}", "actions": [] } },
            { "disconnect": { "say": "Bye {text}" } },
        ],
    }));
    let expected = ["{payload} and A, B, {other} {", "For {payload}", "Bye {payload}"];
    assert_eq!(texts(&bot, said("{payload}", &["A", "B"])), expected);
}

#[test]
fn what_cannot_be_played_is_refused_by_name() {
    let say = serde_json::json!({ "say": "x" });
    let file = |members: serde_json::Value| {
        let mut file = serde_json::json!({ "fileName": "a.txt", "fileType": "text/plain" });
        file.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        serde_json::json!({ "attachment": file })
    };
    for (reply, words) in [
        (serde_json::json!([]), "a reply has at least one step"),
        (serde_json::json!({ "say": "x", "wait": "1s" }), "a step does one thing; write several as a list"),
        (
            serde_json::json!("x"),
            r#"invalid type: string "x", expected a step such as `say: Hello`, or a list of steps"#,
        ),
        (
            serde_json::json!([{ "disconnect": {} }, say]),
            "step 2 comes after `disconnect`, when the bot has left",
        ),
        (
            serde_json::json!([say, { "handOver": { "queue": "q" } }, say]),
            "step 3 comes after `handOver`, when the bot has left",
        ),
        (
            serde_json::json!({ "quickReplies": { "text": "x", "options": [] } }),
            "step 1: `quickReplies` is an empty list",
        ),
        (serde_json::json!([say, { "carousel": [] }]), "step 2: `carousel` is an empty list"),
        (
            serde_json::json!({ "listPicker": { "sections": [{ "title": "x", "items": [] }] } }),
            "step 1: `items` of a section of `listPicker` is an empty list",
        ),
        (
            serde_json::json!({ "form": { "cannedResponseId": "c", "formPages": [{ "title": "x", "pageComponents": [{ "formComponentType": "Slider" }] }] } }),
            "step 1: each of `pageComponents` has a `formComponentType`: one of DatePicker, Input, ListPicker, WheelPicker",
        ),
        (file(serde_json::json!({})), "a file has exactly one of `text` and `base64`"),
        (
            file(serde_json::json!({ "text": "x", "base64": "eA==" })),
            "a file has exactly one of `text` and `base64`",
        ),
        (file(serde_json::json!({ "base64": "no!" })), "`base64` is not base64 (RFC 4648 section 4)"),
        (
            file(serde_json::json!({ "text": "x", "fileType": "picture" })),
            r#"fileType "picture" is not a MIME type such as image/png"#,
        ),
        (file(serde_json::json!({ "text": "x", "fileName": "a" })), r#"fileName "a" has no extension"#),
        (
            file(serde_json::json!({ "base64": "R0lGODlhAQABAAAAACw=" })),
            "The file is a GIF image, which does not match its type text/plain",
        ),
        (file(serde_json::json!({ "text": "" })), "The file is empty"),
    ] {
        assert_eq!(wrong(reply.clone()), words, "{reply}");
    }
    for (rule, words) in [
        (
            serde_json::json!({ "reply": say }),
            "a rule has exactly one of `text`, `payload`, `contains`, `event`",
        ),
        (
            serde_json::json!({ "text": "x", "contains": "y", "reply": say }),
            "a rule has exactly one of `text`, `payload`, `contains`, `event`",
        ),
        (
            serde_json::json!({ "contains": " ", "reply": say }),
            "`contains` is empty and would fit every text; `otherwise` is for that",
        ),
        (serde_json::json!({ "event": "leave", "reply": say }), "unknown variant `leave`, expected `join`"),
    ] {
        assert_eq!(serde_json::from_value::<Rule>(rule).unwrap_err().to_string(), words);
    }
}

proptest! {
    #[test]
    fn a_bot_is_read_as_it_was_written(text in ".*", queue in "[a-z]+", millis in 0_i64..10_000_000) {
        let written = serde_json::json!({
            "delay": "0s",
            "rules": [{ "text": text, "reply": [{ "wait": Span::from_millis(millis) }, { "handOver": { "queue": queue } }] }],
            "otherwise": [{ "attachment": { "fileName": "a.txt", "fileType": "text/plain", "text": format!("x{text}") } }],
        });
        let bot: Bot = serde_json::from_value(written.clone()).unwrap();
        prop_assert_eq!(serde_json::to_value(&bot).unwrap(), written);
    }

    #[test]
    fn a_text_fits_its_own_rule_in_any_case_and_space(text in "\\PC{1,40}") {
        let upper = format!(" {}\t", text.to_uppercase());
        let bot = |key: &str| bot(serde_json::json!({ "rules": [{ key: text, "reply": { "say": "x" } }] }));
        // there are letters whose upper case has another lower case
        prop_assume!(text.to_uppercase().to_lowercase() == text.to_lowercase() && !text.trim().is_empty());
        prop_assert!(bot("text").turn(said(&upper, &[])).is_some());
        let amid = format!("before{upper}after");
        prop_assert!(bot("contains").turn(said(&amid, &[])).is_some());
    }
}
