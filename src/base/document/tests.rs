use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use super::*;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Sample {
    whole: Option<u64>,
    small: Option<i8>,
    huge: Option<i128>,
    part: Option<f64>,
    is: Option<bool>,
    text: Option<String>,
    letter: Option<char>,
    list: Vec<u64>,
    pair: Option<(u64, String)>,
    inner: Option<Box<Sample>>,
    map: BTreeMap<String, Sample>,
    numbered: BTreeMap<u8, u64>,
    by_choice: BTreeMap<Choice, u64>,
    choice: Option<Choice>,
    one: Option<Newtype>,
    unit: Option<Unit>,
    either: Option<Either>,
    any: Option<Value>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Choice {
    Plain,
    New(u64),
    Pair(u64, u64),
    Named { is: bool },
}

#[derive(Debug, PartialEq, Deserialize)]
struct Newtype(u64);

#[derive(Debug, PartialEq, Deserialize)]
struct Unit;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Either {
    Number(u64),
    Text(String),
    Some { rest: u64 },
}

#[derive(Debug, PartialEq, Deserialize)]
struct Flat {
    name: String,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

fn yaml<T: DeserializeOwned>(text: &str) -> T {
    Document::yaml(text)
        .and_then(|document| document.read())
        .unwrap_or_else(|wrong| panic!("{text}: {wrong}"))
}

/// What is said of a text that is read as a sample.
fn said(text: &str) -> String {
    Document::yaml(text).and_then(|document| document.read::<Sample>()).unwrap_err().to_string()
}

#[test]
fn scalars_are_by_themselves_what_the_core_schema_says() {
    for (text, value) in [
        ("", json!(null)),
        ("# nothing\n", json!(null)),
        ("[~, null, NULL, '', 'null', !!null x, ]", json!([null, null, null, "", "null", null])),
        (
            "[yes, No, on, OFF, y, true, 'yes', !!bool on]",
            json!([true, false, true, false, true, true, "yes", true]),
        ),
        ("[0, +5, -5, 0x10, 0o17, 0b11, 1_000, !!int '5']", json!([0, 5, -5, 16, 15, 3, 1000, 5])),
        (
            "[017, 1__0, 0x, '5', ! 5, !!str 5, 1:30, 1 2]",
            json!([17.0, "1__0", "0x", "5", "5", "5", "1:30", "1 2"]),
        ),
        (
            "[.5, 5., 1e3, -0.0, !!float 5, inf, 2020-01-01]",
            json!([0.5, 5.0, 1e3, -0.0, 5.0, "inf", "2020-01-01"]),
        ),
        ("18446744073709551615", json!(u64::MAX)),
        ("-9223372036854775808", json!(i64::MIN)),
        ("12345678901234567890123", json!(1.2345678901234568e22)),
        ("{ 1: a, true: b, 1.5: c, ? d }", json!({ "1": "a", "true": "b", "1.5": "c", "d": null })),
        ("!!binary aGk=", json!("hi")),
        ("a: |\n  b\n  c\nd: >-\n  e\n  f\n", json!({ "a": "b\nc\n", "d": "e f" })),
        ("\u{feff}%YAML 1.2\n---\na: \"\\u00e9\" # c\n...\n", json!({ "a": "\u{e9}" })),
        ("a: !word { b: !other 1 }", json!({ "a": { "b": 1 } })),
    ] {
        assert_eq!(yaml::<Value>(text), value, "{text}");
    }
}

#[test]
fn a_scalar_is_what_is_asked_for() {
    let sample: Sample = yaml(
        "whole: '0x10'\nsmall: -128\nhuge: -170141183460469231731687303715884105728\npart: 5\nis: \"on\"\n\
         text: 007\nletter: 7\nlist: ~\npair: [1, 2]\nchoice: plain\none: 3\nunit: {}\neither: { rest: 1 }\n\
         numbered: { 1: 2, '3': 4 }\nby_choice: { plain: 1 }\ninner:\nmap: { a: , b: { choice: !new 5 } }\n",
    );
    let inner = Sample { choice: Some(Choice::New(5)), ..Sample::default() };
    let expected = Sample {
        whole: Some(16),
        small: Some(-128),
        huge: Some(i128::MIN),
        part: Some(5.0),
        is: Some(true),
        text: Some("007".to_owned()),
        letter: Some('7'),
        pair: Some((1, "2".to_owned())),
        choice: Some(Choice::Plain),
        one: Some(Newtype(3)),
        unit: Some(Unit),
        either: Some(Either::Some { rest: 1 }),
        numbered: [(1, 2), (3, 4)].into(),
        by_choice: [(Choice::Plain, 1)].into(),
        map: [("a".to_owned(), Sample::default()), ("b".to_owned(), inner)].into(),
        ..Sample::default()
    };
    assert_eq!(sample, expected);
    for (choice, text) in [
        (Choice::New(1), "{ new: 1 }"),
        (Choice::Pair(1, 2), "{ pair: [1, 2] }"),
        (Choice::Named { is: true }, "{ named: { is: yes } }"),
        (Choice::Named { is: false }, "!named { is: no }"),
        (Choice::Plain, "{ plain: }"),
    ] {
        assert_eq!(yaml::<Choice>(text), choice, "{text}");
    }
    let flat: Flat = yaml("{ name: x, a: 1, b: [ y ] }");
    assert_eq!(flat.rest, [("a".to_owned(), json!(1)), ("b".to_owned(), json!([true]))].into());
}

#[test]
fn what_is_called_and_merged_is_there_as_if_it_were_written() {
    let text = "base: &base { a: 1, b: &b [x] }\nmore: &more { b: 2, c: 3, <<: *base }\n";
    for (of, value) in [
        ("*base", json!({ "a": 1, "b": ["x"] })),
        ("[*b, *b]", json!([["x"], ["x"]])),
        ("{ b: own, <<: *base }", json!({ "a": 1, "b": "own" })),
        ("{ <<: [*more, { d: 4, c: 0 }] }", json!({ "a": 1, "b": 2, "c": 3, "d": 4 })),
        ("{ <<: , e: 1 }", json!({ "e": 1 })),
        ("{ '<<': 1 }", json!({ "<<": 1 })),
        ("{ &n name: 1, of: *n }", json!({ "name": 1, "of": "name" })),
    ] {
        assert_eq!(yaml::<Value>(&format!("{text}of: {of}\n"))["of"], value, "{of}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, told) in [
        (
            "whole: -1",
            "line 1 column 8: invalid type: integer `-1`, expected a whole number that is not negative",
        ),
        (
            "whole: .inf",
            "line 1 column 8: invalid type: string \".inf\", expected a whole number that is not negative",
        ),
        ("small: 200", "line 1 column 8: invalid type: integer `200`, expected a whole number"),
        ("text: [x]", "line 1 column 7: invalid type: sequence, expected a string"),
        ("text: !!int 5", "line 1 column 13: invalid type: integer `5`, expected a string"),
        ("any: 1e999", "line 1 column 6: `1e999` is no finite number"),
        ("any: !!timestamp 2020-01-01", "line 1 column 18: it is not what its tag says"),
        ("any: !!map 5", "line 1 column 12: unsupported tag `!!map`"),
        ("any: !!binary /w==", "line 1 column 15: !!binary scalar is not valid UTF-8"),
        ("pair: [1, 2, 3]", "line 1 column 7: invalid length 3, expected a list of 2"),
        ("choice: plan", "line 1 column 9: unknown variant `plan`, expected one of plain, new, pair, named"),
        ("choice: new", "line 1 column 9: invalid type: unit variant, expected newtype variant"),
        ("choice: { plain: 5 }", "line 1 column 18: invalid type: integer `5`, expected unit variant"),
        ("choice: { plain: , new: }", "line 1 column 9: invalid value: map, expected map with a single key"),
        (
            "choice: !old 5",
            "line 1 column 14: unknown variant `old`, expected one of plain, new, pair, named",
        ),
        ("map:\n  a: { text: { b: c } }", "line 2 column 14: invalid type: map, expected a string"),
        (
            "map: { a: &a [1] }\nlist: *a\npair: *a",
            "line 1 column 14: invalid type: sequence, expected an object",
        ),
        ("any: &a { b: 1 }\nlist: *a", "line 2 column 7: invalid type: map, expected a list"),
        (
            "any: &a { whole: x }\ninner: { <<: *a }",
            "line 2 column 14: invalid type: string \"x\", expected a whole number that is not negative",
        ),
        ("~: x", "line 1 column 1: invalid type: null, expected field identifier"),
        ("? [a]\n: 5", "line 1 column 3: the name of a member is a text, not a list or a map"),
        (
            "whole: 1\nlist: []\nwhole: 2",
            "line 3 column 1: duplicate mapping key: whole; each name is there once",
        ),
        ("<<: 5", "line 1 column 5: YAML merge value must be mapping or sequence of mappings"),
        ("any: &a [*a]", "line 1 column 10: an alias within what it stands for has no end"),
        ("any: *a", "line 1 column 6: alias references unknown anchor"),
        ("any: 1\n---\nany: 2", "line 3 column 1: multiple YAML documents detected; one is expected"),
        ("any: [1", "line 1 column 6: unclosed bracket '['"),
    ] {
        assert_eq!(said(text), told, "{text}");
    }
}

#[test]
fn the_place_is_shown_with_the_lines_around_it() {
    let text = "map:\n  a: &a { list: [1] }\n  b: {}\npair: *a\n";
    let wrong = Document::yaml(text).unwrap().read::<Sample>().unwrap_err();
    insta::assert_snapshot!(wrong.shown(text, Some("`pair` is a map")), @"
    error: line 4 column 7: `pair` is a map
     --> <input>:4:7
      |
    2 |   a: &a { list: [1] }
    3 |   b: {}
    4 | pair: *a
      |       ^ invalid type: map, expected a list of 2
     --> <input>:2:9
      |
    1 | map:
    2 |   a: &a { list: [1] }
      |         ^ it is written here
    3 |   b: {}
    4 | pair: *a
      |
    ");
    let long = format!("any: {{ a: {}, b: [1, b: }}", "x".repeat(100));
    let shown = Document::yaml(&long).unwrap_err().shown(&long, None);
    let lines: Vec<_> = shown.lines().map(|line| line.chars().collect::<Vec<_>>()).collect();
    let caret = lines[4].iter().position(|char| *char == '^').unwrap();
    assert_eq!((caret, lines[3][caret], lines[3][4]), (4 + 1 + 64, '[', '\u{2026}'), "{shown}");
}

#[test]
fn json_is_what_it_is_and_told_with_the_way_to_it() {
    let told = |text: &str| match Document::json(text.as_bytes()) {
        Ok(document) => document.read::<Sample>().map(drop).map_err(|wrong| (wrong.way(), wrong.to_string())),
        Err(bad) => Err((if bad.goes_on { "more".to_owned() } else { bad.way.clone() }, bad.to_string())),
    };
    for (text, way, words) in [
        (
            r#"{"whole":"5"}"#,
            "whole",
            "invalid type: string \"5\", expected a whole number that is not negative at line 1 column 12",
        ),
        (
            r#"{"list":[1,null]}"#,
            "list[1]",
            "invalid type: null, expected a whole number that is not negative at line 1 column 15",
        ),
        ("{\"map\":{\"a\":\n{\"txt\":1}}}", "map.a.txt", ""),
        (r#"{"choice":{"named":{"is":1}}}"#, "choice.named.is", ""),
        (r#"{"list":null}"#, "list", "invalid type: null, expected a list at line 1 column 12"),
        (r#"{"numbered":{"x":1}}"#, "numbered.x", ""),
        (r#"{"is":true,"is":true}"#, ".", "duplicate field `is` at line 1 column 21"),
        (r#"{"is":tru}"#, "is", "expected ident at line 1 column 10"),
        (r#"{"map":{"a":{"list":[1,"#, "map.a.list[1]", "EOF while parsing a value at line 1 column 23"),
        (r#"{"is":true "list":[]}"#, ".", "expected `,` or `}` at line 1 column 12"),
        (r#"{"is":true} x"#, "more", "trailing characters at line 1 column 13"),
    ] {
        let (at, said) = told(text).unwrap_err();
        assert_eq!(at, way, "{said}");
        assert!(words.is_empty() || said == words, "{said}");
    }
    let raw = r#"{"a":[ 1.0e2 , "\u0041"],"b":null}"#;
    let document = Document::json(raw.as_bytes()).unwrap();
    let read: BTreeMap<String, Option<Box<RawValue>>> = document.read().unwrap();
    assert_eq!(read["a"].as_ref().unwrap().get(), r#"[ 1.0e2 , "\u0041"]"#);
    assert!(read["b"].is_none());
    let value = json!({ "a": [1, "x"] });
    assert_eq!(from_value::<Box<RawValue>>(&value).unwrap().get(), value.to_string());
    assert_eq!(
        from_value::<Sample>(&json!([])).unwrap_err().to_string(),
        "invalid type: sequence, expected an object"
    );
}

#[test]
fn what_is_repeated_and_nested_is_bounded() {
    let mut laughs = "a: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n".to_owned();
    for n in 1..10 {
        let before = format!("*a{}, ", n - 1).repeat(10);
        laughs += &format!("a{n}: &a{n} [{before}]\n");
    }
    let wrong = Document::yaml(&laughs).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "line 6 column 10: there are more than 250000 values, with what aliases stand for"
    );
    let deep = |n: usize| Document::yaml(&format!("{}1", "- ".repeat(n))).map(drop);
    assert!(deep(64).is_ok());
    assert!(
        deep(65).unwrap_err().to_string().ends_with("more than 64 lists and maps are within one another")
    );
    let called =
        format!("a: &a {}1{}\nb: {}*a{}", "[".repeat(40), "]".repeat(40), "[".repeat(30), "]".repeat(30));
    assert!(Document::yaml(&called).is_err());
    let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert!(Document::json(nested(127).as_bytes()).is_ok());
    assert!(
        Document::json(nested(128).as_bytes())
            .unwrap_err()
            .to_string()
            .starts_with("recursion limit exceeded")
    );
    let large: String = (0..100).map(|n| format!("k{n}: {n}\n")).collect();
    assert_eq!(yaml::<BTreeMap<String, u64>>(&large).len(), 100);
    let again = Document::yaml(&format!("{large}k99: 1\n")).unwrap_err();
    assert!(again.to_string().starts_with("line 101 column 1: duplicate mapping key: k99"));
}

#[test]
fn a_way_leads_to_a_place_as_far_as_it_can() {
    const TEXT: &str = "\
name: x
base: &base { id: 1 }
list:
  - a: { b: [one, 'two'] }
    <<: *base
  - *base
";
    let document = Document::yaml(TEXT).unwrap();
    let place = |way: &str| {
        let (deep, spot) = document.find(way.split('.'));
        (deep, spot.to_string())
    };
    assert_eq!(place("list.0.a.b.1"), (5, "line 4 column 19".to_owned()));
    assert_eq!(place("list.0.a.b.7"), (4, "line 4 column 10".to_owned()));
    assert_eq!(place("list.0.nothing"), (2, "line 4 column 5".to_owned()));
    assert_eq!(place("list.0.id"), (3, "line 2 column 15".to_owned()));
    assert_eq!(place("list.1"), (2, "line 6 column 5".to_owned()));
    assert_eq!(place("nothing"), (0, "line 1 column 1".to_owned()));
    assert_eq!(Spot::of(TEXT, 10), Spot { line: 2, column: 3 });
}
