//! Users of an org, as administrators make, change and delete them.

use std::sync::Arc;

use super::{
    access::end_channels,
    cx::Cx,
    org::Cell,
    stations,
    step::{Step, of_visit},
    user_status,
};
use crate::{
    base::ids::{ConversationId, DivisionId, UserId},
    domain::{
        conversation::Purpose,
        user::{Address, Biography, Employer, Profile, User, UserState},
        user_status::RoutingStatus,
        visit::Refusal,
    },
    store::org_state::OrgState,
};

/// Users of an org who can sign in.
const MOST: usize = 10_000;
/// Characters of a name, an address and the like.
const LONGEST: usize = 256;
/// Addresses, skills and certifications of a user.
const MOST_OF_EACH: usize = 100;
/// Characters that a password has at least. It is not kept, since nobody is asked for one.
const SHORTEST_PASSWORD: usize = 8;

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// There is no such user.
    #[error("There is no user {0}")]
    Unknown(String),
    /// Somebody else has written it meanwhile.
    #[error("The user has version {is}; version {said} was changed")]
    Version {
        /// What it has.
        is: u32,
        /// What was said.
        said: i64,
    },
    /// Another one signs in with this.
    #[error("Another user signs in with {0}")]
    Taken(String),
    /// A password is too short.
    #[error("A password has at least {SHORTEST_PASSWORD} characters")]
    Password,
    /// It cannot be meant.
    #[error("{0}")]
    Invalid(String),
}

fn invalid<T>(words: impl Into<String>) -> Result<T, UserError> {
    Err(UserError::Invalid(words.into()))
}

fn refuse(cx: &Cx, error: UserError) -> UserError {
    let rule = match error {
        UserError::Unknown(_) => "user.unknown",
        UserError::Version { .. } => "user.version",
        UserError::Taken(_) => "user.taken",
        UserError::Password | UserError::Invalid(_) => "body.invalid",
    };
    cx.refuse(Refusal::new(rule, error.to_string()));
    error
}

/// What is said of a user; what is not said stays.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Its name.
    pub name: Option<String>,
    /// Its address.
    pub email: Option<String>,
    /// The id of its division.
    pub division: Option<String>,
    /// Can it sign in?
    pub state: Option<UserState>,
    /// A password, which is looked at and forgotten.
    pub password: Option<String>,
    /// The part of the company.
    pub department: Option<String>,
    /// What it is there.
    pub title: Option<String>,
    /// What it wants to be called.
    pub preferred_name: Option<String>,
    /// What it signs in with.
    pub username: Option<String>,
    /// Who leads it.
    pub manager: Option<String>,
    /// Where it can be reached.
    pub addresses: Option<Vec<Address>>,
    /// What it says that it can.
    pub skills: Option<Vec<String>>,
    /// What it has proved that it can.
    pub certifications: Option<Vec<String>>,
    /// Its address for chats among colleagues.
    pub jabber_id: Option<String>,
    /// What it tells of itself.
    pub biography: Option<Biography>,
    /// What its employer says of it.
    pub employer: Option<Employer>,
    /// Does it take whatever it is offered, unasked?
    pub auto_answer: Option<bool>,
}

impl Said {
    /// The user as it is then.
    fn over(self, before: &User) -> User {
        let Profile {
            department,
            title,
            preferred_name,
            username,
            manager,
            addresses,
            skills,
            certifications,
            jabber_id,
            biography,
            employer,
            auto_answer,
        } = before.profile.clone();
        let profile = Profile {
            department: self.department.or(department),
            title: self.title.or(title),
            preferred_name: self.preferred_name.or(preferred_name),
            username: self.username.or(username),
            manager: self.manager.map(UserId::from).or(manager),
            addresses: self.addresses.unwrap_or(addresses),
            skills: self.skills.unwrap_or(skills),
            certifications: self.certifications.unwrap_or(certifications),
            jabber_id: self.jabber_id.or(jabber_id),
            biography: self.biography.or(biography),
            employer: self.employer.or(employer),
            auto_answer: self.auto_answer.unwrap_or(auto_answer),
        };
        User {
            name: self.name.unwrap_or_else(|| before.name.clone()),
            email: self.email.unwrap_or_else(|| before.email.clone()),
            division: self.division.map(DivisionId::from).or_else(|| before.division.clone()),
            state: self.state.unwrap_or(before.state),
            version: before.version + 1,
            profile,
            ..before.clone()
        }
    }

    fn check(&self) -> Result<(), UserError> {
        if self.password.as_ref().is_some_and(|password| password.chars().count() < SHORTEST_PASSWORD) {
            return Err(UserError::Password);
        }
        if self.email.as_ref().is_some_and(|email| !is_address(email)) {
            return invalid("email is not an address such as ada@example.test");
        }
        if self.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
            return invalid("name is blank");
        }
        let texts = [
            ("name", &self.name),
            ("department", &self.department),
            ("title", &self.title),
            ("preferredName", &self.preferred_name),
            ("username", &self.username),
            ("chat.jabberId", &self.jabber_id),
        ];
        let is_long =
            |text: &Option<String>| text.as_ref().is_some_and(|text| text.chars().count() > LONGEST);
        if let Some((name, _)) = texts.iter().find(|(_, text)| is_long(text)) {
            return invalid(format!("{name} has more than {LONGEST} characters"));
        }
        let many = [
            ("addresses", self.addresses.as_ref().map_or(0, Vec::len)),
            ("profileSkills", self.skills.as_ref().map_or(0, Vec::len)),
            ("certifications", self.certifications.as_ref().map_or(0, Vec::len)),
        ];
        match many.iter().find(|(_, count)| *count > MOST_OF_EACH) {
            Some((name, _)) => invalid(format!("{name} has more than {MOST_OF_EACH} entries")),
            None => Ok(()),
        }
    }
}

fn is_address(text: &str) -> bool {
    let halves = text.split_once('@');
    let good = |half: &str| !half.is_empty() && !half.contains(['@', ' ', '\t', '\n']);
    text.chars().count() <= LONGEST && halves.is_some_and(|(name, host)| good(name) && good(host))
}

/// The user of an id, whether it can sign in or not.
pub fn known<'a>(state: &'a OrgState, id: &str) -> Option<&'a Arc<User>> {
    state.users.get(id).or_else(|| state.former_users.get(id))
}

/// One of these states; nothing is one that was not deleted.
pub fn get(cx: &Cx, id: &str, state: Option<UserState>) -> Result<Arc<User>, UserError> {
    let found = cx.state(|all| known(all, id).cloned());
    let fits = |user: &Arc<User>| match state {
        Some(state) => user.state == state,
        None => user.state != UserState::Deleted,
    };
    found.filter(fits).ok_or_else(|| refuse(cx, UserError::Unknown(id.to_owned())))
}

/// All users of these states, by name.
pub fn all(cx: &Cx, is_meant: impl Fn(UserState) -> bool) -> Vec<Arc<User>> {
    let mut all: Vec<_> = cx.state(|state| {
        let former = state.former_users.iter().map(|(_, user)| user);
        state.users.values().chain(former).filter(|user| is_meant(user.state)).cloned().collect()
    });
    all.sort_by_cached_key(|user: &Arc<User>| (user.name.to_lowercase(), user.id.clone()));
    all
}

/// Its address for chats among colleagues.
pub fn jabber_id(cx: &Cx, user: &User) -> String {
    let usual = || {
        let settings = cx.state(|state| Arc::clone(&state.settings));
        let name = settings.guest_tokens.tenant_domain.split('.').next().unwrap_or_default().to_owned();
        format!("{}@{name}.orgspan.com", user.id)
    };
    user.profile.jabber_id.clone().unwrap_or_else(usual)
}

/// Whom a user leads.
pub fn led_by(cx: &Cx, user: &UserId) -> Vec<Arc<User>> {
    let is_led = |one: &&Arc<User>| one.profile.manager.as_ref() == Some(user);
    cx.state(|state| state.users.values().filter(is_led).cloned().collect())
}

/// Nobody else signs in as this one does, its manager is somebody else, and its division is there.
fn check(state: &OrgState, user: &User) -> Result<(), UserError> {
    let former = state.former_users.iter().map(|(_, user)| user);
    let is_other = |other: &&Arc<User>| other.id != user.id && other.state != UserState::Deleted;
    let mut others = state.users.values().chain(former).filter(is_other);
    let names = [user.email.as_str(), user.username()].into_iter().filter(|name| !name.is_empty());
    let taken = |other: &Arc<User>| names.clone().find(|name| other.signs_in_as(name));
    if user.state != UserState::Deleted
        && let Some(name) = others.find_map(taken)
    {
        return Err(UserError::Taken(name.to_owned()));
    }
    match &user.profile.manager {
        Some(manager) if *manager == user.id => return invalid("manager is the user itself"),
        Some(manager) if known(state, manager.as_str()).is_none() => {
            return invalid(format!("there is no user {manager} who could be the manager"));
        }
        _ => {}
    }
    match &user.division {
        Some(division) if !state.divisions.contains_key(division) => {
            invalid(format!("there is no division {division}"))
        }
        _ => Ok(()),
    }
}

fn within<T>(
    cx: &Cx,
    work: impl FnOnce(&mut Cell, &Step<'_>) -> Result<T, UserError>,
) -> Result<T, UserError> {
    of_visit(cx, work).map_err(|error| refuse(cx, error))
}

/// Makes one.
pub fn create(cx: &Cx, said: Said) -> Result<Arc<User>, UserError> {
    let id = UserId::from(cx.draw("user").uuid());
    within(cx, |cell, step| {
        said.check()?;
        if cell.state.users.len() >= MOST {
            return invalid(format!("an org has at most {MOST} users"));
        }
        let nobody = User {
            id,
            name: String::new(),
            email: String::new(),
            queues: Default::default(),
            roles: Vec::new(),
            permissions: Vec::new(),
            division: None,
            state: UserState::Active,
            version: 0,
            profile: Profile::default(),
            created: Some(step.now),
        };
        let user = said.over(&nobody);
        if user.state == UserState::Deleted {
            return invalid("nobody is deleted from the start");
        }
        check(&cell.state, &user)?;
        Ok(put(cell, step, user))
    })
}

/// Changes one, of this version.
pub fn change(cx: &Cx, id: &str, version: i64, said: Said) -> Result<Arc<User>, UserError> {
    let changed = within(cx, |cell, step| {
        let before = known(&cell.state, id).cloned().ok_or_else(|| UserError::Unknown(id.to_owned()))?;
        said.check()?;
        if i64::from(before.version) != version {
            return Err(UserError::Version { is: before.version, said: version });
        }
        let user = said.over(&before);
        check(&cell.state, &user)?;
        let comes_back = user.state == UserState::Active && !cell.state.users.contains_key(id);
        if comes_back && cell.state.users.len() >= MOST {
            return invalid(format!("an org has at most {MOST} users"));
        }
        Ok(put(cell, step, user))
    })?;
    if changed.state != UserState::Active {
        end_channels(cx);
    }
    Ok(changed)
}

/// Deletes one. Its tokens, and the channels that were made with them, are over.
pub fn delete(cx: &Cx, id: &str) -> Result<(), UserError> {
    within(cx, |cell, step| {
        let there = known(&cell.state, id).filter(|user| user.state != UserState::Deleted);
        let before = there.ok_or_else(|| UserError::Unknown(id.to_owned()))?;
        let (state, version) = (UserState::Deleted, before.version + 1);
        let user = User { state, version, ..(**before).clone() };
        put(cell, step, user);
        Ok(())
    })?;
    end_channels(cx);
    Ok(())
}

/// Changes the users for whom this holds, also those who were switched off or deleted: they can come back.
pub(super) fn change_those(state: &mut OrgState, fits: impl Fn(&User) -> bool, change: impl Fn(&mut User)) {
    let each = |user: &mut Arc<User>| {
        if fits(user) {
            change(Arc::make_mut(user));
        }
    };
    state.users.values_mut().for_each(each);
    state.former_users.for_each(|_, user| each(user));
}

/// Writes a user down where its state wants it.
fn put(cell: &mut Cell, step: &Step<'_>, user: User) -> Arc<User> {
    let user = Arc::new(user);
    if user.state == UserState::Active {
        cell.state.former_users.remove(&user.id);
        cell.state.users.insert(user.id.clone(), Arc::clone(&user));
        stations::of_new_user(step, cell, &user);
        return user;
    }
    if cell.state.users.contains_key(&user.id) {
        leaves(cell, step, &user.id);
        cell.state.users.remove(&user.id);
    }
    cell.state.former_users.insert(user.id.clone(), Arc::clone(&user));
    user
}

/// Somebody cannot sign in any more: it is nowhere, takes nothing that queues have, and what it was offered others are.
fn leaves(cell: &mut Cell, step: &Step<'_>, user: &UserId) {
    cell.state.logins.revoke_those(|granted| granted.user == *user);
    cell.state.logins.sign_out_those(|person| person.id == *user);
    if let Some(mut status) = cell.state.statuses.get(user).cloned() {
        status.route(RoutingStatus::OffQueue, step.now);
        user_status::put(&step.speaker(), cell, user, status);
    }
    let offered: Vec<(ConversationId, String)> = cell
        .state
        .conversations
        .iter()
        .flat_map(|known| known.present(Purpose::Agent).map(|one| (known.id.clone(), one)))
        .filter(|(_, one)| one.user.as_ref() == Some(user) && one.is_alerting())
        .map(|(id, one)| (id, one.side.id.clone()))
        .collect();
    for (conversation, participant) in offered {
        step.unanswered(cell, &conversation, &participant);
    }
    cell.state.statuses.remove(user);
    stations::of_gone_user(step, cell, user);
}
