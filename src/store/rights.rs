//! Who may what: permissions of roles, and whether an access token still stands for anybody.

use std::collections::BTreeSet;

use super::{
    authorizations::Dead,
    org_state::{OrgState, TokenKey},
};
use crate::{
    base::time::Timestamp,
    domain::{
        authorization::LOGIN,
        permission::Permission,
        role::{ALL_DIVISIONS, Reach, RoleDivision},
        token::{AccessToken, OfUser, Worthless},
    },
};

impl OrgState {
    /// What an access token stands for: the roles that its user holds, or else its client, and the permissions beside them. All
    /// as it is now.
    fn standing(&self, token: &AccessToken) -> (&[RoleDivision], &[Permission]) {
        match &token.user {
            Some(of) => match self.users.get(&of.user) {
                Some(user) => (&user.roles, &user.permissions),
                None => (&[], &[]),
            },
            None => match self.clients.get(&token.client.id) {
                Some(client) => (&client.roles, &client.permissions),
                None => (&[], &[]),
            },
        }
    }

    /// Permissions that an access token stands for: a user's own, else those of its client.
    pub fn permissions_of(&self, token: &AccessToken) -> impl Iterator<Item = &Permission> {
        let (roles, own) = self.standing(token);
        let of_roles = roles.iter().filter_map(|held| self.roles.get(&held.role));
        own.iter().chain(of_roles.flat_map(|role| &role.permissions))
    }

    /// Does a token have this permission?
    pub fn has_permission(&self, token: &AccessToken, wanted: &str) -> bool {
        self.permissions_of(token).any(|permission| permission.grants(wanted))
    }

    /// Where a token has any of these permissions. Those that are not of a role hold everywhere.
    pub fn reach(&self, token: &AccessToken, wanted: &[&str]) -> Reach {
        let (roles, own) = self.standing(token);
        let grants = |permission: &Permission| wanted.iter().any(|wanted| permission.grants(wanted));
        if own.iter().any(grants) {
            return Reach::Everywhere;
        }
        let grants = |role: &&RoleDivision| {
            self.roles.get(&role.role).is_some_and(|role| role.permissions.iter().any(grants))
        };
        let divisions: BTreeSet<_> =
            roles.iter().filter(|role| grants(role)).map(|role| role.division.clone()).collect();
        if divisions.contains(ALL_DIVISIONS) { Reach::Everywhere } else { Reach::Within(divisions) }
    }

    /// When a token will have been unused for too long.
    pub fn idles(&self, token: &AccessToken) -> Option<Timestamp> {
        let after = self.settings.idle_timeout.holds()?;
        Some(token.user.as_ref()?.used.plus(after))
    }

    /// Why a token is worth nothing, if it is not worth anything.
    pub fn worthless(&self, token: &AccessToken, now: Timestamp) -> Option<Worthless> {
        let revoked = |of: &OfUser| {
            let key = TokenKey::parse(&of.granted)?;
            Some(matches!(self.logins.granted(&key, LOGIN), Err(Dead::Revoked)))
        };
        if token.revoked {
            return Some(Worthless::Revoked);
        }
        if now >= token.expires {
            return Some(Worthless::Expired);
        }
        if token.user.as_deref().and_then(revoked) == Some(true) {
            return Some(Worthless::GrantRevoked);
        }
        if self.idles(token).is_some_and(|end| now >= end) {
            return Some(Worthless::Idle);
        }
        match self.clients.get(&token.client.id) {
            None => return Some(Worthless::ClientGone),
            Some(client) if !client.works(now) => return Some(Worthless::ClientInactive),
            Some(_) => {}
        }
        let gone = token.user.as_ref().is_some_and(|of| !self.users.contains_key(&of.user));
        gone.then_some(Worthless::UserGone)
    }
}
