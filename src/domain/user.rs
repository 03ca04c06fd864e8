//! Users of an org: agents, and whoever else signs in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{permission::Permission, role::RoleDivision};
use crate::base::{
    ids::{DivisionId, UserId},
    time::Timestamp,
};

/// What is of a user, in the vendor's spelling.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserState {
    /// It can sign in.
    #[default]
    Active,
    /// It was switched off.
    Inactive,
    /// It was deleted; it can be brought back.
    Deleted,
}

impl UserState {
    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "active" => Some(Self::Active),
            "inactive" => Some(Self::Inactive),
            "deleted" => Some(Self::Deleted),
            _ => None,
        }
    }
}

/// Where somebody can be reached.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// A number or an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// `PHONE`, `EMAIL` or `SMS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Such as `WORK`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Behind a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
    /// Of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
}

impl Address {
    /// Media that addresses are of.
    pub const MEDIA: [&str; 3] = ["PHONE", "EMAIL", "SMS"];
    /// What they are for.
    pub const KINDS: [&str; 9] =
        ["PRIMARY", "WORK", "WORK2", "WORK3", "WORK4", "HOME", "MOBILE", "MAIN", "OTHER"];
}

/// What somebody tells of itself.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Biography {
    /// A few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub biography: Option<String>,
    /// What it is interested in.
    pub interests: Vec<String>,
    /// What it does besides.
    pub hobbies: Vec<String>,
    /// Whom it is married to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spouse: Option<String>,
}

/// What its employer says of somebody.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Employer {
    /// Its name in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub official_name: Option<String>,
    /// A number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_id: Option<String>,
    /// Such as `Full-time`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_type: Option<String>,
    /// Since when, as it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_hire: Option<String>,
}

/// What people see of a user besides its name.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The part of the company.
    pub department: Option<String>,
    /// What it is there.
    pub title: Option<String>,
    /// What it wants to be called.
    pub preferred_name: Option<String>,
    /// What it signs in with, if that is not its address.
    pub username: Option<String>,
    /// Who leads it.
    pub manager: Option<UserId>,
    /// Where it can be reached.
    pub addresses: Vec<Address>,
    /// What it says that it can.
    pub skills: Vec<String>,
    /// What it has proved that it can.
    pub certifications: Vec<String>,
    /// Its address for chats among colleagues, if it is not the usual one.
    pub jabber_id: Option<String>,
    /// What it tells of itself.
    pub biography: Option<Biography>,
    /// What its employer says of it.
    pub employer: Option<Employer>,
    /// Does it take whatever it is offered, unasked?
    pub auto_answer: bool,
}

/// A person who works for the org.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Shown to guests as nickname.
    pub name: String,
    /// Its address, which is also its user name unless its profile says another one.
    pub email: String,
    /// Queues that it is a member of by local name, and whether it takes what they have.
    pub queues: BTreeMap<String, bool>,
    /// Roles that it holds.
    pub roles: Vec<RoleDivision>,
    /// Permissions that it has beside those of its roles.
    pub permissions: Vec<Permission>,
    /// The division that it is of; nothing is the home division.
    pub division: Option<DivisionId>,
    /// Can it sign in?
    pub state: UserState,
    /// How often it was written.
    pub version: u32,
    /// What people see of it besides.
    pub profile: Profile,
    /// When it was made; nothing of one that was there from the start.
    pub created: Option<Timestamp>,
}

impl User {
    /// Is it the one that somebody means by this id or address?
    pub fn is_called(&self, name: &str) -> bool {
        self.id.as_str() == name || !name.is_empty() && self.signs_in_as(name)
    }

    /// Does it sign in with this?
    pub fn signs_in_as(&self, name: &str) -> bool {
        self.email.eq_ignore_ascii_case(name) || self.username().eq_ignore_ascii_case(name)
    }

    /// What it signs in with.
    pub fn username(&self) -> &str {
        self.profile.username.as_deref().unwrap_or(&self.email)
    }

    /// The queues whose conversations it takes.
    pub fn serving(&self) -> impl Iterator<Item = &String> {
        self.queues.iter().filter(|(_, joined)| **joined).map(|(queue, _)| queue)
    }

    /// Does it take what this queue has?
    pub fn serves(&self, queue: &str) -> bool {
        self.queues.get(queue) == Some(&true)
    }
}
