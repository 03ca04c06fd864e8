//! Answers as text for people.

use serde_json::Value;

use crate::cli::table;

/// A column: its heading, and its cell of an entity.
pub type Column = (&'static str, fn(&Value) -> String);

/// How an answer is shown.
pub enum Show<'a> {
    /// Something was done; in these words.
    Done(&'a str),
    /// `entities` in columns.
    Table(&'a [Column]),
    /// The members, one a line.
    Members,
    /// One member alone.
    Member(&'a str),
    /// JSON, as nothing else tells it.
    Json,
}

/// A value in a few characters.
pub fn brief(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(all) => all.iter().map(nested).collect::<Vec<_>>().join(", "),
        Value::Object(members) => {
            let words = members.iter().map(|(name, value)| format!("{name}: {}", nested(value)));
            words.collect::<Vec<_>>().join(", ")
        }
    }
}

fn nested(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Array(_) => format!("[{}]", brief(value)),
        Value::Object(_) => format!("{{{}}}", brief(value)),
        _ => brief(value),
    }
}

/// Names with dots, and their values.
fn flat(value: &Value, name: &str, lines: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(members) if !members.is_empty() => members.iter().for_each(|(member, value)| {
            let name = if name.is_empty() { member.clone() } else { format!("{name}.{member}") };
            flat(value, &name, lines);
        }),
        Value::Array(all) if all.iter().any(Value::is_object) => {
            (0..).zip(all).for_each(|(nth, value): (usize, _)| flat(value, &format!("{name}.{nth}"), lines));
        }
        _ => lines.push(vec![name.to_owned(), brief(value)]),
    }
}

impl Show<'_> {
    /// The text.
    pub fn text(&self, answer: &Value) -> String {
        match self {
            Self::Done(words) => format!("{words}\n"),
            Self::Json => serde_json::to_string_pretty(answer).unwrap_or_default() + "\n",
            Self::Member(name) => brief(&answer[*name]) + "\n",
            Self::Members => {
                let mut lines = Vec::new();
                flat(answer, "", &mut lines);
                // without headings
                table::of(&["", ""], lines)
                    .split_once('\n')
                    .map_or(String::new(), |(_, lines)| lines.to_owned())
            }
            Self::Table(columns) => {
                let entities = answer["entities"].as_array().map(Vec::as_slice).unwrap_or_default();
                if entities.is_empty() {
                    return "none\n".to_owned();
                }
                let row = |entity: &Value| columns.iter().map(|(_, cell)| cell(entity)).collect();
                let headings: Vec<_> = columns.iter().map(|(heading, _)| *heading).collect();
                let mut text = table::of(&headings, entities.iter().map(row).collect());
                // a journal has a cursor in any case, and says whether there is more
                if let Some(next) = answer["next"].as_str().filter(|_| answer["more"] != false) {
                    text += &format!("… and more: after={next}\n");
                }
                text
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_are_shown_as_tables_members_or_words() {
        let answer = json!({
            "entities": [
                { "id": "a", "when": { "path": "/x", "status": [429, 503] } },
                { "id": "longer", "when": null },
            ],
            "next": "longer",
        });
        let columns: [Column; 2] = [("ID", |one| brief(&one["id"])), ("WHEN", |one| brief(&one["when"]))];
        assert_eq!(
            Show::Table(&columns).text(&answer),
            "ID      WHEN\na       path: /x, status: [429, 503]\nlonger\n… and more: after=longer\n"
        );
        assert_eq!(Show::Table(&columns).text(&json!({ "entities": [] })), "none\n");
        let one = json!({ "now": "t", "org": { "id": 7 }, "list": [{ "a": true }] });
        assert_eq!(Show::Members.text(&one), "list.0.a  true\nnow       t\norg.id    7\n");
        assert_eq!(
            (Show::Done("Gone.").text(&Value::Null), Show::Member("now").text(&one)),
            ("Gone.\n".to_owned(), "t\n".to_owned())
        );
    }
}
