//! What a person types in a second terminal to do the same as a step.

use serde_json::Value;

use super::http::Request;

/// In single quotes, as a shell wants it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A request by curl.
pub fn request(base: &str, request: &Request) -> String {
    let mut line = "curl -si".to_owned();
    let implied = if request.body.is_empty() { "GET" } else { "POST" };
    if request.method != implied {
        line += &format!(" -X {}", request.method);
    }
    line += &format!(" {}", quoted(&format!("{base}{}", request.target)));
    for (name, value) in &request.headers {
        line += &format!(" -H {}", quoted(&format!("{name}: {value}")));
    }
    match std::str::from_utf8(&request.body) {
        Ok("") => line,
        Ok(text) => format!("{line} --data-raw {}", quoted(text)),
        Err(_) => format!("{line} --data-binary @the-file"),
    }
}

/// A socket by websocat.
pub fn socket(base: &str, request: &Request) -> String {
    let url = quoted(&format!("{}{}", base.replacen("http", "ws", 1), request.target));
    let headers = request.headers.iter();
    let headers: String =
        headers.map(|(name, value)| format!(" -H {}", quoted(&format!("{name}: {value}")))).collect();
    format!("websocat{headers} {url}")
}

/// A frame, to be typed into that.
pub fn frame(frame: &Value) -> String {
    match frame {
        Value::String(text) => text.clone(),
        frame => frame.to_string(),
    }
}
