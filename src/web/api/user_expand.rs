//! What `expand` adds to users.

use serde::Serialize;

use super::{
    authorization::{PRODUCTS, Product},
    authorization_roles::{Policy, RoleBody, policies},
    organizations::Organization,
    presence::{
        DefinitionBody, PresenceBody, RoutingBody, definition_body, of_source, presence_body, routing_body,
    },
    station_body::UserStations,
    tokens::TokenInfo,
    user_body::UserRef,
};
use crate::{
    base::{ids::UserId, time::Timestamp},
    domain::{
        permission::Permission,
        user::{Biography, Employer, User},
    },
    ops::{
        access::Proved,
        cx::Cx,
        roles, stations,
        user_about::{self, Summary},
        user_status, users,
    },
};

/// What any user can be shown with, in small letters.
#[rustfmt::skip]
pub const OF_USERS: &[&str] = &[
    "routingstatus", "presence", "integrationpresence", "conversationsummary", "outofoffice", "geolocation", "station",
    "authorization", "lasttokenissued", "authorization.unusedroles", "team", "workplanbidranks",
    "externalcontactssettings", "groups", "customattributes", "profileskills", "certifications", "locations", "skills",
    "languages", "languagepreference", "employerinfo", "biography", "datelastlogin", "datewelcomesent",
];

/// What the user itself can be shown with besides.
#[rustfmt::skip]
pub const OF_ME: &[&str] = &[
    "date", "geolocationsettings", "organization", "presencedefinitions", "divisionedpresencedefinitions",
    "locationdefinitions", "orgauthorization", "orgproducts", "favorites", "superiors", "directreports", "adjacents",
    "routingskills", "routinglanguages", "fieldconfigs", "token", "trustors", "logcapture", "autoanswersettings",
];

/// What is asked for.
pub struct Asked<'a> {
    /// In small letters.
    pub wanted: Vec<String>,
    /// The other system that says where users are, in small letters.
    pub source: Option<String>,
    /// Who asks, if it is the user itself.
    pub proved: Option<&'a Proved>,
}

/// Of what there is none here.
#[derive(Serialize)]
struct Nothing {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    active: usize,
    acw: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Medium {
    contact_center: Detail,
    enterprise: Detail,
}

impl Medium {
    fn of(Summary { active, acw }: Summary) -> Self {
        Self { contact_center: Detail { active, acw }, enterprise: Detail { active: 0, acw: 0 } }
    }
}

/// `UserConversationSummary`. There are chats and conversations by messages only.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConversationSummary {
    user_id: String,
    call: Medium,
    callback: Medium,
    email: Medium,
    message: Medium,
    chat: Medium,
    social_expression: Medium,
    video: Medium,
}

/// `OutOfOffice`: nobody is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OutOfOffice {
    user: UserRef,
    active: bool,
    indefinite: bool,
    self_uri: String,
}

#[derive(Serialize)]
struct DomainRole {
    id: String,
    name: String,
}

/// `UserAuthorization`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorization {
    roles: Vec<DomainRole>,
    unused_roles: [(); 0],
    permissions: Vec<String>,
    permission_policies: Vec<Policy>,
}

impl Authorization {
    /// Of this user: what it holds and may.
    pub fn of(cx: &Cx, user: &User) -> Self {
        let mut held: Vec<DomainRole> = Vec::new();
        let mut permissions: Vec<Permission> = user.permissions.clone();
        for one in &user.roles {
            let Some(role) = roles::get(cx, one.role.as_str()) else { continue };
            if !held.iter().any(|known| known.id == role.id.as_str()) {
                held.push(DomainRole { id: role.id.to_string(), name: role.name.clone() });
                permissions.extend(role.permissions.iter().cloned());
            }
        }
        permissions.sort_by_cached_key(Permission::to_string);
        permissions.dedup();
        Self {
            roles: held,
            unused_roles: [],
            permissions: permissions.iter().map(Permission::to_string).collect(),
            permission_policies: policies(&permissions),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LastToken {
    date_issued: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServerDate {
    current_date: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Geolocation {
    primary: bool,
    locations: [(); 0],
}

#[derive(Serialize)]
struct GeolocationSettings {
    enabled: bool,
}

#[derive(Serialize)]
struct AutoAnswer {
    settings: Nothing,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Adjacents {
    superiors: Vec<UserRef>,
    siblings: Vec<UserRef>,
    direct_reports: Vec<UserRef>,
}

macro_rules! expanded {
    ($($name:ident: $kind:ty,)*) => {
        /// What was asked for.
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct Expanded {
            $(#[serde(skip_serializing_if = "Option::is_none")] $name: Option<$kind>,)*
        }
    };
}

expanded! {
    routing_status: RoutingBody,
    presence: PresenceBody,
    integration_presence: PresenceBody,
    conversation_summary: ConversationSummary,
    out_of_office: OutOfOffice,
    geolocation: Geolocation,
    station: UserStations,
    authorization: Authorization,
    last_token_issued: LastToken,
    profile_skills: Vec<String>,
    certifications: Vec<String>,
    locations: [(); 0],
    groups: [(); 0],
    skills: [(); 0],
    languages: [(); 0],
    language_preference: String,
    employer_info: Employer,
    biography: Biography,
    auto_answer_settings: AutoAnswer,
    date: ServerDate,
    geolocation_settings: GeolocationSettings,
    organization: Organization,
    presence_definitions: Vec<DefinitionBody>,
    divisioned_presence_definitions: [(); 0],
    location_definitions: [(); 0],
    org_authorization: Vec<RoleBody>,
    favorites: [(); 0],
    superiors: Vec<UserRef>,
    direct_reports: Vec<UserRef>,
    adjacents: Adjacents,
    routing_skills: [(); 0],
    field_configs: Nothing,
    token: TokenInfo,
    trustors: [(); 0],
    org_products: Vec<Product>,
}

fn summary(cx: &Cx, user: &UserId) -> ConversationSummary {
    let none = || Medium::of(Summary::default());
    ConversationSummary {
        user_id: user.to_string(),
        call: none(),
        callback: none(),
        email: none(),
        message: Medium::of(user_about::summary(cx, user, false)),
        chat: Medium::of(user_about::summary(cx, user, true)),
        social_expression: none(),
        video: none(),
    }
}

fn manager(cx: &Cx, user: &User) -> Option<std::sync::Arc<User>> {
    let id = user.profile.manager.as_ref()?;
    cx.state(|state| users::known(state, id.as_str()).cloned())
}

fn led_by(cx: &Cx, user: &UserId) -> Vec<UserRef> {
    users::led_by(cx, user).iter().map(|one| UserRef::user(one)).collect()
}

fn adjacents(cx: &Cx, user: &User) -> Adjacents {
    let manager = manager(cx, user);
    let siblings = manager.iter().flat_map(|manager| users::led_by(cx, &manager.id));
    Adjacents {
        siblings: siblings.filter(|one| one.id != user.id).map(|one| UserRef::user(&one)).collect(),
        superiors: manager.iter().map(|one| UserRef::user(one)).collect(),
        direct_reports: led_by(cx, &user.id),
    }
}

impl Expanded {
    /// Of this user, what is asked for.
    pub fn of(cx: &Cx, user: &User, asked: &Asked<'_>) -> Self {
        let is = |name: &str| asked.wanted.iter().any(|one| one == name);
        let id = user.id.as_str();
        let (me, nothing) = (asked.proved, |name: &str| is(name).then_some([]));
        let status = || cx.state(|state| state.statuses.get(id).cloned().unwrap_or_default());
        let elsewhere = || {
            let source = asked.source.as_deref()?;
            Some(of_source(id, source, user_status::elsewhere(&status(), source)?))
        };
        let last_token =
            || user_about::last_token(cx, &user.id).map(|at| LastToken { date_issued: at.up_to_millis() });
        let all_roles = || roles::list(cx).iter().map(|role| RoleBody::of(cx, role)).collect();
        let self_uri = format!("/api/v2/users/{id}/outofoffice");
        let out_of_office =
            || OutOfOffice { user: UserRef::user(user), active: false, indefinite: false, self_uri };
        Self {
            routing_status: is("routingstatus").then(|| routing_body(id, &status())),
            presence: is("presence").then(|| presence_body(id, status())),
            integration_presence: is("integrationpresence").then(elsewhere).flatten(),
            conversation_summary: is("conversationsummary").then(|| summary(cx, &user.id)),
            out_of_office: is("outofoffice").then(out_of_office),
            geolocation: is("geolocation").then_some(Geolocation { primary: false, locations: [] }),
            station: is("station").then(|| UserStations::of(&stations::shown_of(cx, &user.id))),
            authorization: (is("authorization") || is("authorization.unusedroles"))
                .then(|| Authorization::of(cx, user)),
            last_token_issued: is("lasttokenissued").then(last_token).flatten(),
            profile_skills: is("profileskills").then(|| user.profile.skills.clone()),
            certifications: is("certifications").then(|| user.profile.certifications.clone()),
            locations: nothing("locations"),
            groups: nothing("groups"),
            skills: nothing("skills"),
            languages: nothing("languages"),
            language_preference: is("languagepreference")
                .then(|| cx.state(|state| state.settings.default_language.clone())),
            employer_info: is("employerinfo").then(|| user.profile.employer.clone()).flatten(),
            biography: is("biography").then(|| user.profile.biography.clone()).flatten(),
            auto_answer_settings: is("autoanswersettings").then_some(AutoAnswer { settings: Nothing {} }),
            date: is("date").then(|| ServerDate { current_date: cx.now().up_to_millis() }),
            geolocation_settings: is("geolocationsettings").then_some(GeolocationSettings { enabled: false }),
            organization: is("organization").then(|| Organization::of(cx)),
            presence_definitions: is("presencedefinitions")
                .then(|| user_status::definitions(cx).into_iter().map(definition_body).collect()),
            divisioned_presence_definitions: nothing("divisionedpresencedefinitions"),
            location_definitions: nothing("locationdefinitions"),
            org_authorization: is("orgauthorization").then(all_roles),
            favorites: nothing("favorites"),
            superiors: is("superiors")
                .then(|| manager(cx, user).iter().map(|one| UserRef::user(one)).collect()),
            direct_reports: is("directreports").then(|| led_by(cx, &user.id)),
            adjacents: is("adjacents").then(|| adjacents(cx, user)),
            routing_skills: nothing("routingskills"),
            field_configs: is("fieldconfigs").then_some(Nothing {}),
            token: me.filter(|_| is("token")).map(|proved| TokenInfo::of(cx, proved)),
            trustors: nothing("trustors"),
            org_products: is("orgproducts").then(|| PRODUCTS.map(|id| Product { id }).into()),
        }
    }
}
