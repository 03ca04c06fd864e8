//! Calls of one command, and how their answers are shown.

use std::{
    fs,
    io::{self, Read},
};

use serde_json::Value;

use super::show::Show;
use crate::{
    cli::{
        Output,
        admin::{Failure, PATIENCE, Target},
        stdout,
    },
    play::http::Request,
};

/// Whom a command asks, and how it answers.
pub struct Session<'a> {
    /// Whom.
    pub target: &'a Target,
    /// How.
    pub output: Output,
}

/// A value as a part of a path or a query.
fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// A path with these names in it, each one segment.
pub fn path(parts: &[&str]) -> String {
    parts.iter().map(|part| format!("/{}", escaped(part))).collect()
}

/// A path with a query of `NAME=VALUE` words.
pub fn filtered(path: &str, filters: &[(String, String)]) -> String {
    let words: Vec<_> =
        filters.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    if words.is_empty() { path.to_owned() } else { format!("{path}?{}", words.join("&")) }
}

impl Session<'_> {
    /// A path of the org that the command is about.
    pub fn of_org(&self, path: &str) -> Result<String, Failure> {
        let (_, org) = self.target.place()?;
        Ok(match org {
            Some(org) => format!("/__admin/orgs/{}{path}", escaped(&org)),
            None => format!("/__admin{path}"),
        })
    }

    /// Asks about the org.
    pub async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Failure> {
        let request = Request::new(method, &self.of_org(path)?);
        let request = if let Some(body) = body { request.with_json(body) } else { request };
        self.target.call(request, PATIENCE).await
    }

    /// Asks about the emulator as a whole.
    pub async fn ask_emulator(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        let request = Request::new(method, &format!("/__admin{path}"));
        let request = if let Some(body) = body { request.with_json(body) } else { request };
        self.target.call(request, PATIENCE).await
    }

    /// Asks about the org with a text, such as a scenario.
    pub async fn send(&self, method: &str, path: &str, text: String) -> Result<Value, Failure> {
        let mut request = Request::new(method, &self.of_org(path)?);
        request.body = text.into_bytes();
        self.target.call(request, PATIENCE).await
    }

    /// Shows an answer.
    pub fn show(&self, answer: &Value, how: &Show<'_>) {
        match self.output {
            Output::Text => stdout::put(how.text(answer)),
            Output::Json if answer.is_null() || answer == "" => {}
            Output::Json => stdout::line(serde_json::to_string_pretty(answer).unwrap_or_default()),
        }
    }
}

/// What a word stands for: `@FILE` is what the file holds, `-` is stdin, all else is meant as it is.
pub fn text_of(word: &str) -> Result<String, Failure> {
    let name = word.trim_start_matches('@');
    let failed = |error: io::Error| Failure::configuration(format!("`{name}` cannot be read: {error}"));
    match word.strip_prefix('@') {
        Some(file) => fs::read_to_string(file).map_err(failed),
        None if word == "-" => {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map_err(failed)?;
            Ok(text)
        }
        None => Ok(word.to_owned()),
    }
}
