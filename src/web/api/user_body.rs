//! Users, as answers show them.

use http::Uri;
use serde::Serialize;

use super::{
    body::{Body, conflict, refused},
    listing::values,
    request::Refused,
    user_expand::Expanded,
};
use crate::{
    domain::{
        role::Division,
        user::{Address, Biography, Employer, User, UserState},
    },
    ops::{
        cx::Cx,
        divisions,
        users::{Said, UserError, jabber_id, known},
    },
};

/// Where they are.
pub const USERS: &str = "/api/v2/users";
const BAD: &str = "general.bad.request";

/// A user, as others mention it.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserRef {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    version: u32,
    self_uri: String,
}

impl UserRef {
    /// By its id.
    pub fn of(id: &str, name: Option<&str>, version: u32) -> Self {
        let self_uri = format!("{USERS}/{id}");
        Self { id: id.to_owned(), name: name.map(str::to_owned), version, self_uri }
    }

    /// This one.
    pub fn user(user: &User) -> Self {
        Self::of(user.id.as_str(), Some(&user.name), user.version)
    }
}

/// `Division`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DivisionRef {
    id: String,
    name: String,
    self_uri: String,
}

impl DivisionRef {
    /// Of this one.
    pub fn of(division: &Division) -> Self {
        let id = division.id.to_string();
        let self_uri = format!("/api/v2/authorization/divisions/{id}");
        Self { id, name: division.name.clone(), self_uri }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Chat {
    jabber_id: String,
}

/// `User`, and `UserMe`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserBody {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    division: Option<DivisionRef>,
    chat: Chat,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    email: String,
    primary_contact_info: Vec<Address>,
    addresses: Vec<Address>,
    state: UserState,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    username: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manager: Option<UserRef>,
    images: [(); 0],
    version: u32,
    acd_auto_answer: bool,
    #[serde(flatten)]
    expanded: Expanded,
    self_uri: String,
}

impl UserBody {
    /// Of this one.
    pub fn of(cx: &Cx, user: &User, expanded: Expanded) -> Self {
        let profile = &user.profile;
        let division = divisions::shown(cx, user.division.as_ref());
        let manager = profile.manager.as_ref().map(|id| {
            let known = cx.state(|state| known(state, id.as_str()).cloned());
            known.map_or_else(|| UserRef::of(id.as_str(), None, 1), |known| UserRef::user(&known))
        });
        let by_email = Address {
            address: Some(user.email.clone()),
            media_type: Some("EMAIL".to_owned()),
            kind: Some("PRIMARY".to_owned()),
            extension: None,
            country_code: None,
        };
        Self {
            id: user.id.to_string(),
            name: user.name.clone(),
            division: division.map(|division| DivisionRef::of(&division)),
            chat: Chat { jabber_id: jabber_id(cx, user) },
            department: profile.department.clone(),
            email: user.email.clone(),
            primary_contact_info: if user.email.is_empty() { Vec::new() } else { vec![by_email] },
            addresses: profile.addresses.clone(),
            state: user.state,
            title: profile.title.clone(),
            username: user.username().to_owned(),
            preferred_name: profile.preferred_name.clone(),
            manager,
            images: [],
            version: user.version,
            acd_auto_answer: profile.auto_answer,
            expanded,
            self_uri: format!("{USERS}/{}", user.id),
        }
    }
}

/// Why it was not done, in the platform's words.
pub fn not_done(cx: &Cx, error: &UserError) -> Refused {
    let code = match error {
        UserError::Unknown(_) => "general.resource.not.found",
        UserError::Version { .. } | UserError::Taken(_) => return conflict(cx, &error.to_string()),
        UserError::Password => "invalid.password",
        UserError::Invalid(_) => BAD,
    };
    refused(cx, code, &error.to_string())
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn all_owned(texts: Option<Vec<&str>>) -> Option<Vec<String>> {
    texts.map(|texts| texts.into_iter().map(str::to_owned).collect())
}

/// One of these, exactly.
fn one_of(body: &Body<'_>, name: &str, known: &[&str]) -> Result<Option<String>, Refused> {
    match body.text(name)? {
        Some(text) if !known.contains(&text) => {
            Err(body.wrong(name, &format!("one of {}", known.join(", "))).into())
        }
        text => Ok(owned(text)),
    }
}

fn addresses(body: &Body<'_>) -> Result<Option<Vec<Address>>, Refused> {
    let Some(objects) = body.objects("addresses")? else { return Ok(None) };
    let address = |one: &Body<'_>| {
        Ok(Address {
            address: owned(one.text("address")?),
            media_type: one_of(one, "mediaType", &Address::MEDIA)?,
            kind: one_of(one, "type", &Address::KINDS)?,
            extension: owned(one.text("extension")?),
            country_code: owned(one.text("countryCode")?),
        })
    };
    objects.iter().map(address).collect::<Result<Vec<_>, Refused>>().map(Some)
}

fn biography(body: &Body<'_>) -> Result<Option<Biography>, Refused> {
    let Some(one) = body.object("biography")? else { return Ok(None) };
    Ok(Some(Biography {
        biography: owned(one.text("biography")?),
        interests: all_owned(one.texts("interests")?).unwrap_or_default(),
        hobbies: all_owned(one.texts("hobbies")?).unwrap_or_default(),
        spouse: owned(one.text("spouse")?),
    }))
}

fn employer(body: &Body<'_>) -> Result<Option<Employer>, Refused> {
    let Some(one) = body.object("employerInfo")? else { return Ok(None) };
    Ok(Some(Employer {
        official_name: owned(one.text("officialName")?),
        employee_id: owned(one.text("employeeId")?),
        employee_type: owned(one.text("employeeType")?),
        date_hire: owned(one.text("dateHire")?),
    }))
}

/// `CreateUser`, and `UpdateUser` without its version. What else a user can have is passed over.
pub fn said(body: &Body<'_>) -> Result<Said, Refused> {
    let state = one_of(body, "state", &["active", "inactive", "deleted"])?;
    // a whole user that was read before is written back with its manager as an object
    let manager = match body.members().get("manager") {
        Some(serde_json::Value::Object(_)) => {
            body.object("manager")?.and_then(|one| one.text("id").ok().flatten().map(str::to_owned))
        }
        _ => owned(body.text("manager")?),
    };
    let chat = body.object("chat")?;
    let jabber_id = chat.map(|chat| Ok::<_, Refused>(owned(chat.text("jabberId")?))).transpose()?.flatten();
    Ok(Said {
        name: owned(body.text("name")?),
        email: owned(body.text("email")?),
        division: owned(body.text("divisionId")?),
        state: state.as_deref().and_then(UserState::parse),
        password: owned(body.text("password")?),
        department: owned(body.text("department")?),
        title: owned(body.text("title")?),
        preferred_name: owned(body.text("preferredName")?),
        username: owned(body.text("username")?),
        manager,
        addresses: addresses(body)?,
        skills: all_owned(body.texts("profileSkills")?),
        certifications: all_owned(body.texts("certifications")?),
        jabber_id,
        biography: biography(body)?,
        employer: employer(body)?,
        auto_answer: body.flag("acdAutoAnswer")?,
    })
}

/// What `expand` asks for, in small letters.
pub fn expands(cx: &Cx, uri: &Uri, known: &[&[&str]]) -> Vec<String> {
    let mut wanted: Vec<_> = values(uri, "expand").iter().map(|one| one.to_lowercase()).collect();
    let is_known = |one: &String| known.iter().any(|list| list.contains(&one.as_str()));
    for unknown in wanted.extract_if(.., |one| !is_known(one)) {
        cx.journal(|draft| draft.note(format!("expand={unknown} means nothing here")));
    }
    wanted
}
