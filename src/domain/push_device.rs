//! Phones that want to be told of messages while their app sleeps.

use serde::{Deserialize, Serialize};

use crate::base::time::Timestamp;

/// What kind of phone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceType {
    /// Android.
    Android,
    /// iOS.
    Ios,
}

/// Who delivers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum NotificationProvider {
    /// Firebase Cloud Messaging.
    Fcm,
    /// Apple Push Notification service.
    Apns,
}

/// A phone, as it was registered for a session.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PushDevice {
    /// Its address with the provider: a credential.
    pub device_token: String,
    /// Language of what it is told.
    pub language: String,
    /// What kind of phone.
    pub device_type: DeviceType,
    /// Who delivers.
    pub provider: NotificationProvider,
    /// When it was registered, or changed last.
    pub at: Timestamp,
}
