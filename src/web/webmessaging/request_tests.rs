use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::Value;

use super::{Asked, Request};

/// An object with some of these members.
fn object(members: Vec<(&'static str, BoxedStrategy<String>)>) -> BoxedStrategy<String> {
    let member = |(name, value): (&str, BoxedStrategy<String>)| {
        let name = name.to_owned();
        option::weighted(0.7, value.prop_map(move |value| format!("\"{name}\":{value}")))
    };
    let members: Vec<_> = members.into_iter().map(member).collect();
    members
        .prop_map(|some| format!("{{{}}}", some.into_iter().flatten().collect::<Vec<_>>().join(",")))
        .boxed()
}

/// Any value, also of the kinds that only look like JSON, or are more than some readers take.
fn odd() -> BoxedStrategy<String> {
    let odd = select(vec![
        "null",
        "true",
        "7",
        "-0.0",
        "1e999",
        "123456789012345678901234567890",
        "\"\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "[]",
        "{}",
        "{\"a\":1,\"a\":2}",
        "[null]",
        "[{}]",
        "NaN",
        "'x'",
        "\"",
    ]);
    let deep = (select(vec!["[", "{\"a\":"]), select(vec![5_usize, 127, 128, 129, 60_000]));
    prop_oneof![
        6 => odd.prop_map(str::to_owned),
        2 => "\\PC{0,12}".prop_map(|text| Value::from(text).to_string()),
        1 => deep.prop_map(|(open, depth)| {
            let close = if open == "[" { "]" } else { "}" };
            format!("{}7{}", open.repeat(depth), close.repeat(depth))
        }),
    ]
    .boxed()
}

/// Mostly one of these, now and then anything.
fn mostly(usual: BoxedStrategy<String>) -> BoxedStrategy<String> {
    prop_oneof![5 => usual, 1 => odd()].boxed()
}

fn word(words: &[&'static str]) -> BoxedStrategy<String> {
    mostly(select(words.to_vec()).prop_map(|word| format!("\"{word}\"")).boxed())
}

fn list(item: BoxedStrategy<String>) -> BoxedStrategy<String> {
    mostly(vec(item, 0..4).prop_map(|items| format!("[{}]", items.join(","))).boxed())
}

/// What a client sends that knows the protocol, but not always.
fn frame() -> BoxedStrategy<String> {
    let text = || word(&["", "Hi", "RED"]);
    let attributes = || mostly(object(vec![("plan", text()), ("odd", odd())]));
    let channel =
        || mostly(object(vec![("metadata", mostly(object(vec![("customAttributes", attributes())])))]));
    let kind = || mostly(object(vec![("type", word(&["Join", "Clear", "On", "Off", "Dance"]))]));
    let event = object(vec![
        ("eventType", word(&["Presence", "Typing", "CoBrowse"])),
        ("presence", kind()),
        ("typing", kind()),
    ]);
    let shown =
        || mostly(object(vec![("id", text()), ("text", text()), ("payload", text()), ("odd", odd())]));
    let block = object(vec![
        ("contentType", word(&["Attachment", "ButtonResponse", "Form"])),
        ("id", text()),
        ("attachment", shown()),
        ("buttonResponse", shown()),
    ]);
    let message = object(vec![
        ("type", word(&["Text", "Structured", "Event", "Receipt"])),
        ("text", text()),
        ("content", list(mostly(block))),
        ("events", list(mostly(event))),
        ("metadata", attributes()),
        ("channel", channel()),
    ]);
    object(vec![
        ("action", word(&["onMessage", "onAttachment", "dance"])),
        ("token", text()),
        ("tracingId", text()),
        ("startNew", mostly(select(vec!["true", "false"]).prop_map(str::to_owned).boxed())),
        ("data", mostly(object(vec![("code", text())]))),
        ("fileName", text()),
        ("fileType", text()),
        ("fileSize", odd()),
        ("attachmentIds", list(text())),
        ("message", mostly(message)),
        ("channel", channel()),
        ("unheardOf", odd()),
    ])
}

/// The beginning of one and the end of another.
fn spliced() -> impl Strategy<Value = String> {
    let at = any::<prop::sample::Index>;
    (frame(), frame(), at(), at()).prop_map(|(one, other, end, begin)| {
        let beginning = one.chars().take(end.index(one.len() + 1));
        beginning.chain(other.chars().skip(begin.index(other.len() + 1))).collect()
    })
}

fn is_list_of_objects(json: &str) -> bool {
    serde_json::from_str::<Vec<serde_json::Map<String, Value>>>(json).is_ok()
}

proptest! {
    #[test]
    fn whatever_comes_is_read_as_an_object_or_refused(
        text in prop_oneof![4 => frame(), 2 => spliced(), 1 => "\\PC{0,200}", 1 => odd()],
    ) {
        let Ok(mut request) = Request::read(&text) else { return Ok(()) };
        prop_assert!(text.trim_start().starts_with('{'), "{text}");
        prop_assert_ne!(request.token.as_deref(), Some(""), "an empty token is none");
        if let Err(refused) = request.announcement() {
            prop_assert_eq!(refused.code, 4020);
        }
        match request.inbound() {
            Some(Asked::Say(inbound)) => {
                let content = inbound.content.as_ref().map(|raw| raw.get());
                prop_assert!(content.is_none_or(is_list_of_objects), "{content:?} goes to other clients");
            }
            Some(Asked::Unserved(what) | Asked::Wrong(what)) => prop_assert!(what.len() < 200, "{what}"),
            None => {}
        }
    }
}

#[test]
fn a_frame_that_is_as_deep_as_it_is_long_is_passed_over_where_nobody_looks_and_refused_where_somebody_does() {
    let deep = format!("{}7{}", "[".repeat(60_000), "]".repeat(60_000));
    let read = |text: String| Request::read(&text);
    assert!(read(format!(r#"{{"unheardOf":{deep}}}"#)).is_ok());
    assert!(read(format!(r#"{{"fileSize":{deep}}}"#)).is_err());
    assert!(read(format!(r#"{{"message":{{"metadata":{{"a":{deep}}}}}}}"#)).is_err());
    let content = read(format!(r#"{{"message":{{"content":{deep}}}}}"#)).unwrap().inbound();
    assert!(matches!(content, Some(Asked::Wrong(_))));
}
