//! `/api/v2/webmessaging/deployments/{deployment}/pushdevices/{token}`: phones that are told of messages.

use axum::{
    body::Bytes,
    extract::{Path, rejection::PathRejection},
    response::Response,
};
use http::StatusCode;
use serde::{
    Deserialize,
    de::{DeserializeOwned, IntoDeserializer, value::StrDeserializer},
};

use super::error::{of_code, with_details};
use crate::{
    base::{codec::json_wrong, time::Timestamp},
    domain::{push_device::PushDevice, visit::Refusal},
    ops::{
        cx::Cx,
        push_devices::{self, PushError},
    },
    store::org_state::PushKey,
    web::answer,
};

/// The longest address of a phone, in bytes; real ones have some hundred.
const MAX_DEVICE_TOKEN: usize = 4096;
/// The longest language tag (RFC 5646 section 4.4.1).
const MAX_LANGUAGE: usize = 35;
/// The client tells this mistake from others by its very words.
const OTHER_DEPLOYMENT: &str =
    "Deployment Id in the request does not match the expected deployment Id for the given TokenId";

/// What comes. Which of it must be there hangs on what is asked for.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct DeviceBody {
    device_token: Option<String>,
    language: Option<String>,
    device_type: Option<String>,
    notification_provider: Option<String>,
}

/// Why something is not done: what is wrong with the request, or with what it asks for.
enum Wrong {
    Path,
    Push(PushError),
    Empty,
    Malformed(String),
    Missing(Vec<&'static str>),
    NothingToUpdate,
    Invalid(&'static str),
}

impl From<PushError> for Wrong {
    fn from(error: PushError) -> Self {
        Self::Push(error)
    }
}

impl Wrong {
    fn answer(self, cx: &Cx) -> Response {
        let (rule, code, words, members) = match self {
            Self::Push(error) => {
                let (code, words) = told(&error);
                return of_code(cx, code, words);
            }
            Self::Path => {
                ("path.malformed", "invalid.path.parameter", "the path is not UTF-8".to_owned(), vec![])
            }
            Self::Empty => ("body.empty", "request.body.empty", String::new(), vec![]),
            Self::Malformed(wrong) => ("body.malformed", "bad.request", wrong, vec![]),
            Self::Missing(members) => {
                ("body.incomplete", "required.fields.missing", members.join(", "), members)
            }
            Self::NothingToUpdate => ("body.incomplete", "update.fields.missing", String::new(), vec![]),
            Self::Invalid(member) => ("body.invalid", "field.value.invalid", member.to_owned(), vec![member]),
        };
        cx.refuse(Refusal::new(rule, format!("{code} {words}").trim_end()));
        with_details(cx, code, &words, &members)
    }
}

fn told(error: &PushError) -> (&'static str, &'static str) {
    match error {
        PushError::NotAToken => ("invalid.path.parameter", "tokenId is not a UUID"),
        PushError::OtherDeployment => ("invalid.path.parameter", OTHER_DEPLOYMENT),
        PushError::NoDeployment => ("deployment.not.found", ""),
        PushError::Disabled => ("feature.toggle.disabled", ""),
        PushError::NotFound => ("device.not.found", ""),
        PushError::Registered => ("device.already.registered", ""),
    }
}

/// A member that is neither missing nor empty nor longer than that.
fn bounded(name: &'static str, value: Option<String>, most: usize) -> Result<Option<String>, Wrong> {
    match value.filter(|text| !text.is_empty()) {
        Some(text) if text.len() > most => Err(Wrong::Invalid(name)),
        value => Ok(value),
    }
}

/// One of a few names.
fn named<T: DeserializeOwned>(name: &'static str, value: &str) -> Result<T, Wrong> {
    let value: StrDeserializer<'_, serde::de::value::Error> = value.into_deserializer();
    T::deserialize(value).map_err(|_| Wrong::Invalid(name))
}

impl DeviceBody {
    fn read(body: &[u8]) -> Result<Self, Wrong> {
        match body.trim_ascii().first() {
            None => return Err(Wrong::Empty),
            // serde would take an array's items for its members
            Some(b'[') => return Err(Wrong::Malformed("it is an array, not an object".to_owned())),
            Some(_) => {}
        }
        let read: Self =
            serde_json::from_slice(body).map_err(|error| Wrong::Malformed(json_wrong(&error)))?;
        Ok(Self {
            device_token: bounded("deviceToken", read.device_token, MAX_DEVICE_TOKEN)?,
            language: bounded("language", read.language, MAX_LANGUAGE)?,
            ..read
        })
    }

    fn device(self, now: Timestamp) -> Result<PushDevice, Wrong> {
        match self {
            Self {
                device_token: Some(device_token),
                language: Some(language),
                device_type: Some(device_type),
                notification_provider: Some(provider),
            } => Ok(PushDevice {
                device_token,
                language,
                device_type: named("deviceType", &device_type)?,
                provider: named("notificationProvider", &provider)?,
                at: now,
            }),
            Self { device_token, language, device_type, notification_provider } => {
                let members = [
                    ("deviceToken", device_token),
                    ("language", language),
                    ("deviceType", device_type),
                    ("notificationProvider", notification_provider),
                ];
                let missing = members.into_iter().filter(|(_, value)| value.is_none());
                Err(Wrong::Missing(missing.map(|(name, _)| name).collect()))
            }
        }
    }
}

type Names = Result<Path<(String, String)>, PathRejection>;

fn place(cx: &Cx, names: Names) -> Result<PushKey, Wrong> {
    let Path((deployment, token)) = names.map_err(|_| Wrong::Path)?;
    Ok(push_devices::place(cx, &deployment, &token)?)
}

fn registered(cx: &Cx, names: Names, body: &[u8]) -> Result<(), Wrong> {
    let place = place(cx, names)?;
    let device = DeviceBody::read(body)?.device(cx.now())?;
    Ok(push_devices::register(cx, place, device)?)
}

fn updated(cx: &Cx, names: Names, body: &[u8]) -> Result<(), Wrong> {
    let place = place(cx, names)?;
    let DeviceBody { device_token, language, .. } = DeviceBody::read(body)?;
    if device_token.is_none() && language.is_none() {
        return Err(Wrong::NothingToUpdate);
    }
    Ok(push_devices::update(cx, &place, device_token, language)?)
}

fn removed(cx: &Cx, names: Names) -> Result<(), Wrong> {
    let place = place(cx, names)?;
    Ok(push_devices::remove(cx, &place)?)
}

fn answered(cx: &Cx, done: Result<(), Wrong>) -> Response {
    done.map_or_else(|wrong| wrong.answer(cx), |()| answer::empty(StatusCode::NO_CONTENT))
}

/// Registers a phone for a session.
pub async fn post(cx: Cx, names: Names, body: Bytes) -> Response {
    answered(&cx, registered(&cx, names, &body))
}

/// Changes address or language of a phone.
pub async fn patch(cx: Cx, names: Names, body: Bytes) -> Response {
    answered(&cx, updated(&cx, names, &body))
}

/// Takes a phone out.
pub async fn delete(cx: Cx, names: Names) -> Response {
    answered(&cx, removed(&cx, names))
}
