//! A fault that a request asks for itself: `429;retryAfter=2`, or an effect by name, such as `delay;for=2s` or
//! `reset;at=after_head`.

use serde_json::{Map, Value, json};

use super::fault::{Fault, Of};
use crate::base::{document, suggest};

/// The fault's id, hence what `X-Emulator-Fault` says.
const ID: &str = "caller";

/// Reads what a request asks for. A bare number of `retryAfter` is in seconds, as in `Retry-After`.
///
/// # Errors
/// In words: what was wrong and what was expected.
pub fn parse(text: &str) -> Result<Fault, String> {
    let mut parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
    let what =
        parts.next().ok_or("it is empty; expected a status such as `429`, or an effect such as `reset`")?;
    let mut options = Map::new();
    let name = match what.parse::<u16>() {
        Ok(status) => {
            options.insert("status".to_owned(), status.into());
            "respond"
        }
        Err(_) => what,
    };
    for part in parts {
        let (name, value) = part
            .split_once('=')
            .ok_or_else(|| format!("`{part}` is no option; expected `name=value`, such as `retryAfter=2`"))?;
        options.insert(name.trim().to_owned(), option(name.trim(), value.trim()));
    }
    let fault = json!({ "id": ID, "effect": { name: options } });
    let fault: Fault =
        document::from_value(&fault).map_err(|wrong| suggest::explained(&wrong.to_string()))?;
    fault.check().map_err(|bad| bad.wrong)?;
    if fault.whose() == Of::Emulator {
        return Err(format!("`{text}` is of the emulator as a whole; a request cannot ask for it"));
    }
    Ok(fault)
}

/// Numbers, `true` and `false`, lists and objects are as in JSON; all else is text.
fn option(name: &str, value: &str) -> Value {
    match value.parse::<u64>() {
        Ok(seconds) if name == "retryAfter" => format!("{seconds}s").into(),
        _ => serde_json::from_str(value).unwrap_or_else(|_| value.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_an_answer_and_a_name_an_effect() {
        for (text, effect) in [
            ("429;retryAfter=2", r#"{"respond":{"status":429,"retryAfter":"2s"}}"#),
            ("503", r#"{"respond":{"status":503}}"#),
            (" respond ; code=not.found ", r#"{"respond":{"code":"not.found"}}"#),
            ("reset;at=after_head", r#"{"reset":{"at":"after_head"}}"#),
            (r#"reset;at={"byte":7}"#, r#"{"reset":{"at":{"byte":7}}}"#),
            ("delay;for=2s", r#"{"delay":{"for":"2s"}}"#),
        ] {
            let fault = parse(text).unwrap();
            assert_eq!(serde_json::to_string(&fault.effect).unwrap(), effect, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_said_in_words() {
        for (text, wrong) in [
            (" ; ", "it is empty; expected a status such as `429`, or an effect such as `reset`"),
            ("429;retryAfter", "`retryAfter` is no option; expected `name=value`, such as `retryAfter=2`"),
            (
                "refuse_connection",
                "`refuse_connection` is of the emulator as a whole; a request cannot ask for it",
            ),
            ("99", "`respond`: `status` 99 is not between 200 and 599"),
        ] {
            assert_eq!(parse(text).unwrap_err(), wrong, "{text}");
        }
        let wrong = parse("rest").unwrap_err();
        assert!(
            wrong.starts_with("unknown field `rest`") && wrong.ends_with("did you mean `reset`?"),
            "{wrong}"
        );
    }
}
