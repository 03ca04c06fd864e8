//! `NAME=VALUE`: members of a body, and filters.

use serde_json::{Map, Value};

/// A name and a value.
pub fn pair(word: &str) -> Result<(String, String), String> {
    match word.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(format!("`{word}` is not NAME=VALUE")),
    }
}

/// An object of them. A name with dots leads into objects; a value that is JSON is that, all else is a text.
pub fn body(words: &[(String, String)]) -> Value {
    let mut root = Value::Object(Map::new());
    for (name, value) in words {
        let mut place = &mut root;
        for part in name.split('.') {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            place = &mut place[part];
        }
        *place = serde_json::from_str(value).unwrap_or_else(|_| value.as_str().into());
    }
    root
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_become_members() {
        let words =
            ["name=Blue sky", "seed=7", "from.nickname=Dana", "from.tags=[1,\"two\"]", "text=\"7\"", "a=b=c"];
        let words: Vec<_> = words.map(|word| pair(word).unwrap()).to_vec();
        let from = json!({ "nickname": "Dana", "tags": [1, "two"] });
        assert_eq!(
            body(&words),
            json!({ "name": "Blue sky", "seed": 7, "from": from, "text": "7", "a": "b=c" })
        );
        assert_eq!(pair("alone"), Err("`alone` is not NAME=VALUE".to_owned()));
    }
}
