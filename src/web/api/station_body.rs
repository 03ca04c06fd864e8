//! Stations, as answers and notifications show them.

use serde::Serialize;

use super::user_body::UserRef;
use crate::{
    base::time::Timestamp,
    domain::{
        notification::StationsTold,
        station::{Station, WEBRTC},
    },
};

/// Calls that a station takes at a time.
const CALLS_AT_A_TIME: u32 = 1;

/// `UserStation`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserStation {
    id: String,
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    associated_user: Option<UserRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    associated_date: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_user: Option<UserRef>,
    web_rtc_call_appearances: u32,
}

/// `UserStations`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserStations {
    #[serde(skip_serializing_if = "Option::is_none")]
    associated_station: Option<UserStation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_station: Option<UserStation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_station: Option<UserStation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_associated_station: Option<UserStation>,
}

impl UserStations {
    /// Of these.
    pub fn of(told: &StationsTold) -> Self {
        let user = |id: &crate::base::ids::UserId| {
            let (name, version) = told.users.get(id)?;
            Some(UserRef::of(id.as_str(), Some(name), *version))
        };
        let body = |station: &Option<Station>| {
            let station = station.as_ref()?;
            Some(UserStation {
                id: station.id.clone(),
                name: station.name.clone(),
                kind: WEBRTC,
                associated_user: station.user.as_ref().and_then(|(id, _)| user(id)),
                associated_date: station.user.as_ref().map(|(_, since)| since.up_to_millis()),
                default_user: station.default_user.as_ref().and_then(user),
                web_rtc_call_appearances: CALLS_AT_A_TIME,
            })
        };
        Self {
            associated_station: body(&told.associated),
            effective_station: body(&told.effective),
            default_station: body(&told.default),
            last_associated_station: body(&told.last),
        }
    }
}

/// `Station`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StationBody<'a> {
    id: &'a str,
    name: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
    web_rtc_user_id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    line_appearance_id: &'a str,
    web_rtc_media_dscp: u32,
    web_rtc_persistent_enabled: bool,
    web_rtc_force_turn: bool,
    web_rtc_call_appearances: u32,
    web_rtc_require_media_helper: bool,
    self_uri: String,
}

impl<'a> StationBody<'a> {
    /// Of this one.
    pub fn of(station: &'a Station) -> Self {
        Self {
            id: &station.id,
            name: &station.name,
            status: if station.user.is_some() { "ASSOCIATED" } else { "AVAILABLE" },
            user_id: station.user.as_ref().map(|(id, _)| id.as_str()),
            web_rtc_user_id: station.owner.as_str(),
            kind: WEBRTC,
            line_appearance_id: &station.line,
            web_rtc_media_dscp: 46,
            web_rtc_persistent_enabled: false,
            web_rtc_force_turn: false,
            web_rtc_call_appearances: CALLS_AT_A_TIME,
            web_rtc_require_media_helper: false,
            self_uri: format!("{}/{}", super::stations::STATIONS, station.id),
        }
    }
}
