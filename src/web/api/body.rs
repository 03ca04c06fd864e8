//! Bodies that are JSON objects, read member by member: what is wrong is told by its name, `null` is absent, and members that
//! nobody knows are passed over, as the platform does.

use std::ops::RangeInclusive;

use axum::response::Response;
use serde_json::{Map, Value};

use super::{
    error::{of_code, plain},
    request::{Refused, read},
};
use crate::{base::time::Timestamp, domain::visit::Refusal, ops::cx::Cx};

/// An object of a body.
pub struct Body<'a> {
    cx: &'a Cx,
    /// Where it stands, with a dot at its end; nothing at the top.
    place: String,
    members: Map<String, Value>,
}

impl<'a> Body<'a> {
    /// The whole body.
    pub fn read(cx: &'a Cx, bytes: &[u8]) -> Result<Self, Refused> {
        match read(cx, bytes)? {
            Value::Object(members) => Ok(Self { cx, place: String::new(), members }),
            _ => {
                let words = "The body is not a JSON object";
                cx.refuse(Refusal::new("body.malformed", words).expected("a JSON object"));
                Err(plain(cx, 400, Some("bad.request"), Some(words)).into())
            }
        }
    }

    /// The whole body, which may be missing: clients send nothing, or `null`.
    pub fn read_optional(cx: &'a Cx, bytes: &[u8]) -> Result<Self, Refused> {
        match bytes.trim_ascii() {
            b"" | b"null" => Ok(Self { cx, place: String::new(), members: Map::new() }),
            some => Self::read(cx, some),
        }
    }

    fn member<'b, T>(
        &'b self,
        name: &str,
        expected: &str,
        take: impl FnOnce(&'b Value) -> Option<T>,
    ) -> Result<Option<T>, Refused> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match take(value) {
                Some(taken) => Ok(Some(taken)),
                None => Err(self.wrong(name, expected).into()),
            },
        }
    }

    /// A member has another type, or is out of bounds.
    pub fn wrong(&self, name: &str, expected: &str) -> Response {
        let words = format!("{}{name} is not {expected}", self.place);
        self.cx.refuse(Refusal::new("body.malformed", words.as_str()).expected(expected));
        plain(self.cx, 400, Some("bad.request"), Some(&words))
    }

    /// It is refused by this code, in these words.
    pub fn refused(&self, code: &'static str, words: &str) -> Refused {
        refused(self.cx, code, words)
    }

    /// Is there such a member?
    pub fn has(&self, name: &str) -> bool {
        self.members.get(name).is_some_and(|value| !value.is_null())
    }

    /// A text.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Refused> {
        self.member(name, "a text", Value::as_str)
    }

    /// A text that has to be there and is not blank; else it is refused by this code.
    pub fn required(&self, name: &str, code: &'static str) -> Result<&str, Refused> {
        let text = self.text(name)?.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| self.refused(code, &format!("{}{name} is missing", self.place)))
    }

    /// A whole number within bounds.
    pub fn number(&self, name: &str, within: RangeInclusive<i64>) -> Result<Option<i64>, Refused> {
        let expected = match (*within.start(), *within.end()) {
            (i64::MIN, i64::MAX) => "a whole number".to_owned(),
            (least, i64::MAX) => format!("a whole number from {least} on"),
            (least, most) => format!("a whole number from {least} to {most}"),
        };
        self.member(name, &expected, |value| value.as_i64().filter(|number| within.contains(number)))
    }

    /// Yes or no.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Refused> {
        self.member(name, "true or false", Value::as_bool)
    }

    /// A time of ISO 8601.
    pub fn time(&self, name: &str) -> Result<Option<Timestamp>, Refused> {
        self.member(name, "a time of ISO 8601", |value| value.as_str()?.parse().ok())
    }

    /// A list of texts.
    pub fn texts(&self, name: &str) -> Result<Option<Vec<&str>>, Refused> {
        self.member(name, "a list of texts", |value| value.as_array()?.iter().map(Value::as_str).collect())
    }

    /// An object.
    pub fn object(&self, name: &str) -> Result<Option<Self>, Refused> {
        let object = |value: &Value| {
            let members = value.as_object()?.clone();
            Some(Self { cx: self.cx, place: format!("{}{name}.", self.place), members })
        };
        self.member(name, "an object", object)
    }

    /// The members of an object that may have any.
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// A list of objects.
    pub fn objects(&self, name: &str) -> Result<Option<Vec<Self>>, Refused> {
        let object = |(nth, value): (usize, &Value)| {
            let members = value.as_object()?.clone();
            Some(Self { cx: self.cx, place: format!("{}{name}.{nth}.", self.place), members })
        };
        self.member(name, "a list of objects", |value| {
            value.as_array()?.iter().enumerate().map(object).collect()
        })
    }
}

/// Something is refused by this code, in these words.
pub fn refused(cx: &Cx, code: &'static str, words: &str) -> Refused {
    cx.refuse(Refusal::new(code, words));
    of_code(cx, code, words).into()
}

/// Something else was written meanwhile, or is there already, in these words.
pub fn conflict(cx: &Cx, words: &str) -> Refused {
    cx.refuse(Refusal::new("general.conflict", words));
    plain(cx, 409, Some("general.conflict"), Some(words)).into()
}
