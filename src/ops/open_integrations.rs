//! Integrations of Open Messaging.

use std::{collections::BTreeMap, sync::Arc};

use http::{HeaderName, HeaderValue, Uri};

use super::{cx::Cx, supported_content};
use crate::domain::{
    open_messaging::{LONGEST, MOST_HEADERS, OpenIntegration, SHORT_SECRET},
    visit::Refusal,
};

/// Integrations of an org.
const MOST: usize = 1_000;

/// Characters of a URL, and of the value of a header.
const LONGEST_URL: usize = 2_048;

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum IntegrationError {
    /// There is none of this id.
    #[error("There is no integration of this id")]
    Unknown,
    /// Something is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// The secret is too short.
    #[error("outboundNotificationWebhookSignatureSecretToken has more than {SHORT_SECRET} characters")]
    ShortSecret,
    /// The URL cannot be asked.
    #[error("outboundNotificationWebhookUrl is not an absolute http or https URL")]
    BadUrl,
    /// There are too many headers.
    #[error("webhookHeaders has at most {MOST_HEADERS} headers")]
    ManyHeaders,
    /// Something is too long, a header cannot be sent, or there are too many integrations.
    #[error("{0}")]
    Invalid(String),
}

/// What is said of one; what is not said stays.
#[derive(Default)]
pub struct Said {
    /// Its name.
    pub name: Option<String>,
    /// Where outbound messages go.
    pub webhook_url: Option<String>,
    /// What they are signed with.
    pub secret: Option<String>,
    /// What they carry besides.
    pub headers: Option<BTreeMap<String, String>>,
    /// The profile of what may come and go.
    pub supported_content: Option<String>,
    /// What is done with events.
    pub messaging_setting: Option<String>,
}

fn refuse(cx: &Cx, error: IntegrationError) -> IntegrationError {
    let rule =
        if matches!(error, IntegrationError::Unknown) { "integration.unknown" } else { "body.invalid" };
    cx.refuse(Refusal::new(rule, error.to_string()));
    error
}

fn check(one: &OpenIntegration) -> Result<(), IntegrationError> {
    let url = one.webhook_url.parse::<Uri>().ok();
    let good =
        url.is_some_and(|url| matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some());
    if !good {
        return Err(IntegrationError::BadUrl);
    }
    if one.secret.chars().count() <= SHORT_SECRET {
        return Err(IntegrationError::ShortSecret);
    }
    let texts = [
        ("name", &one.name, LONGEST),
        ("outboundNotificationWebhookUrl", &one.webhook_url, LONGEST_URL),
        ("outboundNotificationWebhookSignatureSecretToken", &one.secret, LONGEST),
    ];
    let headers = one.headers.values().map(|value| ("a value of webhookHeaders", value, LONGEST_URL));
    let headers = headers.chain(one.headers.keys().map(|name| ("a name of webhookHeaders", name, LONGEST)));
    let mut all = texts.into_iter().chain(headers);
    if let Some((name, _, most)) = all.find(|(_, text, most)| text.chars().count() > *most) {
        return Err(IntegrationError::Invalid(format!("{name} is longer than {most} characters")));
    }
    if one.headers.len() > MOST_HEADERS {
        return Err(IntegrationError::ManyHeaders);
    }
    let bad = |(name, value): &(&String, &String)| {
        name.parse::<HeaderName>().is_err() || HeaderValue::from_str(value).is_err()
    };
    match one.headers.iter().find(bad) {
        Some((name, _)) => Err(IntegrationError::Invalid(format!("webhookHeaders: {name:?} is no header"))),
        None => Ok(()),
    }
}

/// Writes one; without `id` a new one.
pub fn put(cx: &Cx, id: Option<&str>, said: Said) -> Result<Arc<OpenIntegration>, IntegrationError> {
    let now = cx.now();
    let written = cx.state(|state| {
        let before = id.map(|id| state.open_integrations.get(id).cloned().ok_or(IntegrationError::Unknown));
        let before = before.transpose()?;
        if before.is_none() && state.open_integrations.len() >= MOST {
            return Err(IntegrationError::Invalid(format!("an org has at most {MOST} integrations")));
        }
        let known = before.as_deref();
        let text = |said: Option<String>, known: Option<&String>, name: &'static str| {
            let said = said.or_else(|| known.cloned()).filter(|said| !said.trim().is_empty());
            said.ok_or(IntegrationError::Missing(name))
        };
        let one = OpenIntegration {
            id: known.map_or_else(|| cx.draw("open integration").uuid(), |known| known.id.clone()),
            name: text(said.name, known.map(|known| &known.name), "name")?,
            webhook_url: text(
                said.webhook_url,
                known.map(|known| &known.webhook_url),
                "outboundNotificationWebhookUrl",
            )?,
            secret: text(
                said.secret,
                known.map(|known| &known.secret),
                "outboundNotificationWebhookSignatureSecretToken",
            )?,
            headers: said.headers.or_else(|| known.map(|known| known.headers.clone())).unwrap_or_default(),
            supported_content: said
                .supported_content
                .or_else(|| known.and_then(|known| known.supported_content.clone())),
            messaging_setting: said
                .messaging_setting
                .or_else(|| known.and_then(|known| known.messaging_setting.clone())),
            created: known.map_or(now, |known| known.created),
            modified: now,
        };
        check(&one)?;
        let unknown = |what: &str, id: &String| {
            Err(IntegrationError::Invalid(format!("there is no {what} of the id {id}")))
        };
        match (&one.supported_content, &one.messaging_setting) {
            (Some(id), _) if supported_content::find(&cx.org, state, id).is_none() => {
                return unknown("supported content profile", id);
            }
            (_, Some(id)) if !state.messaging.settings.contains_key(id) => {
                return unknown("messaging setting", id);
            }
            _ => {}
        }
        let one = Arc::new(one);
        state.open_integrations.insert(one.id.clone(), Arc::clone(&one));
        Ok(one)
    });
    written.map_err(|error| refuse(cx, error))
}

/// All of them, in the order of their ids.
pub fn all(cx: &Cx) -> Vec<Arc<OpenIntegration>> {
    cx.state(|state| state.open_integrations.values().cloned().collect())
}

/// One.
pub fn get(cx: &Cx, id: &str) -> Result<Arc<OpenIntegration>, IntegrationError> {
    cx.state(|state| state.open_integrations.get(id).cloned())
        .ok_or_else(|| refuse(cx, IntegrationError::Unknown))
}

/// Takes one away.
pub fn remove(cx: &Cx, id: &str) -> Result<(), IntegrationError> {
    let gone = cx.state(|state| state.open_integrations.remove(id));
    gone.map(drop).ok_or_else(|| refuse(cx, IntegrationError::Unknown))
}
