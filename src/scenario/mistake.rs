//! What is wrong with the text of a scenario file, told to whoever wrote it.

use serde_saphyr::Error;

use super::{
    document::{Document, Kind, Spot},
    schema,
};
use crate::base::suggest;

/// What the parser says, with what may have been meant.
pub fn told(text: &str, error: &Error) -> String {
    let said = suggest::explained(&error.to_string());
    let (Some(words), Some((first, rest))) =
        (of_type(text, error), said.split_once(": expected ").or_else(|| said.split_once(": invalid ")))
    else {
        return said;
    };
    let rest = rest.split_once('\n').map_or_else(String::new, |(_, shown)| format!("\n{shown}"));
    format!("{first}: {words}{rest}")
}

/// A value of a wrong type: which member it is of, what was found, and what was meant.
fn of_type(text: &str, error: &Error) -> Option<String> {
    let bare = match error.without_snippet() {
        Error::AliasError { error, .. } => error.without_snippet(),
        other => other,
    };
    let is_of_type = matches!(
        bare,
        Error::Unexpected { .. }
            | Error::InvalidScalar { .. }
            | Error::NullIntoString { .. }
            | Error::SerdeInvalidType { .. }
            | Error::InvalidBooleanStrict { .. }
            | Error::ExternallyTaggedEnumExpectedScalarOrMapping { .. }
            | Error::UnexpectedValueForUnitEnumVariant { .. }
    );
    let location = bare.location().filter(|_| is_of_type)?;
    let document = Document::read(text);
    let (way, kind) = document.at(Spot { line: location.line(), column: location.column() })?;
    let (meant, example) = schema::meant(&way)?;
    let found = match kind {
        Kind::Scalar(text) if text.is_empty() => "nothing".to_owned(),
        Kind::Scalar(text) => format!("`{}`", shortened(text)),
        Kind::List(_) => "a list".to_owned(),
        Kind::Map(members) => match members.first() {
            Some((name, _)) => format!("a map with `{}`", shortened(name)),
            None => "an empty map".to_owned(),
        },
    };
    let place = if way.is_empty() { "the file".to_owned() } else { format!("`{}`", way.join(".")) };
    Some(format!("{place} is {found}; expected {meant}, such as `{example}`"))
}

/// Values are shown up to so many characters.
const LONGEST: usize = 40;

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}\u{2026}", &text[..at]),
        None => text.to_owned(),
    }
}
