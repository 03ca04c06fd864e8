//! What is done with events and stories, and how long conversations go on.

use super::cx::Cx;
use crate::{
    domain::{
        client::Actor,
        messaging_setting::{MessagingSetting, ThreadingWindow, Toggle, Toggles},
        visit::Refusal,
    },
    store::org_state::OrgState,
};

/// Settings of an org.
const MOST: usize = 100;
/// Characters of a name.
const LONGEST: usize = 256;

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// There is none of this id.
    #[error("there is no messaging setting {0}")]
    Unknown(String),
    /// None is the default.
    #[error("no messaging setting is the default")]
    NoDefault,
    /// It is in use.
    #[error("integration {0} has this messaging setting")]
    InUse(String),
    /// A time-out cannot be.
    #[error("timeoutInMinutes is not from 0 to {}", ThreadingWindow::LONGEST)]
    Timeout,
    /// It cannot be meant.
    #[error("{0}")]
    Invalid(String),
}

fn refuse(cx: &Cx, error: SettingError) -> SettingError {
    let rule = match error {
        SettingError::Unknown(_) | SettingError::NoDefault => "messaging_setting.unknown",
        SettingError::InUse(_) => "messaging_setting.in_use",
        SettingError::Timeout | SettingError::Invalid(_) => "body.invalid",
    };
    cx.refuse(Refusal::new(rule, error.to_string()));
    error
}

/// What is done with what an integration's people do.
pub(super) fn of_integration(state: &OrgState, integration: &str) -> Toggles {
    let own = state.open_integrations.get(integration).and_then(|one| one.messaging_setting.as_ref());
    let id = own.or(state.messaging.default_setting.as_ref());
    id.and_then(|id| state.messaging.settings.get(id)).map(|one| one.toggles).unwrap_or_default()
}

/// Is it not to be done?
pub(super) fn is_off(toggle: Option<Toggle>) -> bool {
    toggle == Some(Toggle::Disabled)
}

/// All of them, by name.
pub fn all(cx: &Cx) -> Vec<MessagingSetting> {
    let mut all: Vec<_> = cx.state(|state| state.messaging.settings.values().cloned().collect());
    all.sort_by_cached_key(|one: &MessagingSetting| (one.name.to_lowercase(), one.id.clone()));
    all
}

/// One.
pub fn get(cx: &Cx, id: &str) -> Result<MessagingSetting, SettingError> {
    let found = cx.state(|state| state.messaging.settings.get(id).cloned());
    found.ok_or_else(|| refuse(cx, SettingError::Unknown(id.to_owned())))
}

/// The one that is meant where none is named.
pub fn default(cx: &Cx) -> Result<MessagingSetting, SettingError> {
    let found = cx.state(|state| {
        let id = state.messaging.default_setting.as_ref()?;
        state.messaging.settings.get(id).cloned()
    });
    found.ok_or_else(|| refuse(cx, SettingError::NoDefault))
}

/// This one is meant where none is named; without `id` none.
pub fn set_default(cx: &Cx, id: Option<&str>) -> Result<(), SettingError> {
    let set = cx.state(|state| {
        match id {
            Some(id) if !state.messaging.settings.contains_key(id) => {
                return Err(SettingError::Unknown(id.to_owned()));
            }
            None if state.messaging.default_setting.is_none() => return Err(SettingError::NoDefault),
            _ => {}
        }
        state.messaging.default_setting = id.map(str::to_owned);
        Ok(())
    });
    set.map_err(|error| refuse(cx, error))
}

/// Writes one; without `id` a new one.
pub fn put(
    cx: &Cx,
    id: Option<&str>,
    (name, toggles): (Option<String>, Toggles),
    by: Actor,
) -> Result<MessagingSetting, SettingError> {
    let now = cx.now();
    let written = cx.state(|state| {
        let all = &mut state.messaging.settings;
        let before = id.map(|id| all.get(id).cloned().ok_or_else(|| SettingError::Unknown(id.to_owned())));
        let before = before.transpose()?;
        if before.is_none() && all.len() >= MOST {
            return Err(SettingError::Invalid(format!("an org has at most {MOST} messaging settings")));
        }
        let is_good = |name: &String| !name.trim().is_empty() && name.chars().count() <= LONGEST;
        let name = name.or_else(|| before.as_ref().map(|before| before.name.clone())).filter(is_good);
        let words = || SettingError::Invalid(format!("name is missing, or longer than {LONGEST} characters"));
        let name = name.ok_or_else(words)?;
        let known = before.as_ref().map(|before| before.toggles).unwrap_or_default();
        let one = MessagingSetting {
            id: before.as_ref().map_or_else(|| cx.draw("messaging setting").uuid(), |one| one.id.clone()),
            name,
            toggles: Toggles {
                mention: toggles.mention.or(known.mention),
                reply: toggles.reply.or(known.reply),
                typing_inbound: toggles.typing_inbound.or(known.typing_inbound),
                typing_outbound: toggles.typing_outbound.or(known.typing_outbound),
            },
            version: before.as_ref().map_or(1, |one| one.version + 1),
            created: before.as_ref().map_or(now, |one| one.created),
            created_by: before.map_or_else(|| by.clone(), |one| one.created_by),
            modified: now,
            modified_by: by,
        };
        all.insert(one.id.clone(), one.clone());
        Ok(one)
    });
    written.map_err(|error| refuse(cx, error))
}

/// Takes one away that no integration has. If it was the default, none is.
pub fn remove(cx: &Cx, id: &str) -> Result<(), SettingError> {
    let gone = cx.state(|state| {
        let mut users = state.open_integrations.values();
        if let Some(user) = users.find(|one| one.messaging_setting.as_deref() == Some(id)) {
            return Err(SettingError::InUse(user.id.clone()));
        }
        let messaging = &mut state.messaging;
        messaging.settings.remove(id).ok_or_else(|| SettingError::Unknown(id.to_owned()))?;
        messaging.default_setting.take_if(|default| default == id);
        Ok(())
    });
    gone.map_err(|error| refuse(cx, error))
}

/// How long conversations go on, as far as somebody has said.
pub fn windows(cx: &Cx) -> Vec<ThreadingWindow> {
    cx.state(|state| state.messaging.windows.clone())
}

/// Says how long. One that is not said goes on as long as usual.
pub fn set_windows(cx: &Cx, said: Vec<ThreadingWindow>) -> Result<(), SettingError> {
    let judge = |one: &ThreadingWindow| match ThreadingWindow::MESSENGERS
        .contains(&one.messenger_type.as_str())
    {
        false => Err(SettingError::Invalid(format!("{} is none of the messenger types", one.messenger_type))),
        true if !(0..=ThreadingWindow::LONGEST).contains(&one.timeout_in_minutes) => {
            Err(SettingError::Timeout)
        }
        true => Ok(()),
    };
    let judged = said.iter().try_for_each(judge);
    judged.map_err(|error| refuse(cx, error))?;
    let mut windows: Vec<ThreadingWindow> = Vec::new();
    for one in said {
        windows.retain(|known| known.messenger_type != one.messenger_type);
        windows.push(one);
    }
    cx.state(|state| state.messaging.windows = windows);
    Ok(())
}
