//! From the shape of roles, divisions and clients to the nouns that they stand for.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    bad_world::{BadWorld, bad},
    file,
    world::{Builder, Ids},
};
use crate::{
    base::{
        codec::hex,
        ids::{ClientId, DivisionId, RoleId, UserId},
        time::Span,
    },
    domain::{
        client::{Client, Grant},
        org::AccessTokens,
        permission::Permission,
        role::{Division, Role, RoleDivision},
        user::{Profile, User, UserState},
    },
};

/// Roles that every org has: local name, display name, what people read, and what they grant.
const DEFAULT_ROLES: [(&str, &str, &str, &[&str]); 2] = [
    ("admin", "Master Admin", "May everything", &["*"]),
    (
        "employee",
        "Employee",
        "May see the org and the people in it",
        &["directory:organization:view", "directory:user:view", "presence:presenceDefinition:view"],
    ),
];

/// The roles of an org and the division within which they are held, by local name.
pub struct Rights {
    roles: BTreeMap<String, Arc<Role>>,
    divisions: BTreeMap<String, Arc<Division>>,
}

impl Rights {
    /// As the shape has them, and what every org has.
    pub(super) fn build(builder: &mut Builder<'_>, shape: &mut file::Org) -> Result<Self, BadWorld> {
        let (mut roles, mut divisions) = (BTreeMap::new(), BTreeMap::new());
        let mut written = shape.roles.take().unwrap_or_default();
        for (local, name, description, permissions) in DEFAULT_ROLES {
            let own = written.remove(local).unwrap_or_default();
            let usual = permissions.iter().filter_map(|text| Permission::parse(text)).collect();
            let role = Role {
                id: builder.id("roles", local, own.id.as_ref()).into(),
                name: own.name.unwrap_or_else(|| name.to_owned()),
                description: Some(own.description.unwrap_or_else(|| description.to_owned())),
                default_role_id: Some(local.to_owned()),
                permissions: own.permissions.unwrap_or(usual),
            };
            roles.insert(local.to_owned(), Arc::new(role));
        }
        for (local, role) in written {
            let role = Role {
                id: builder.id("roles", &local, role.id.as_ref()).into(),
                name: role.name.unwrap_or_else(|| local.clone()),
                description: role.description,
                default_role_id: None,
                permissions: role.permissions.unwrap_or_default(),
            };
            roles.insert(local, Arc::new(role));
        }
        let mut written = shape.divisions.take().unwrap_or_default();
        written.entry("home".to_owned()).or_default().name.get_or_insert_with(|| "Home".to_owned());
        for (local, division) in written {
            let division = Division {
                id: builder.id("divisions", &local, division.id.as_ref()).into(),
                name: division.name.unwrap_or_else(|| local.clone()),
                description: division.description.unwrap_or_default(),
                home: local == "home",
            };
            divisions.insert(local, Arc::new(division));
        }
        let rights = Self { roles, divisions };
        rights.check(builder)?;
        Ok(rights)
    }

    /// No two have the same id.
    fn check(&self, builder: &Builder<'_>) -> Result<(), BadWorld> {
        let roles = self.roles.iter().map(|(local, role)| ("roles", local, role.id.as_str()));
        let divisions = self.divisions.iter().map(|(local, one)| ("divisions", local, one.id.as_str()));
        let mut seen = BTreeMap::new();
        for (kind, local, id) in roles.chain(divisions) {
            if seen.insert((kind, id), local).is_some() {
                return Err(builder.taken(kind, local, id));
            }
        }
        Ok(())
    }

    /// The roles of these local names, each held within the home division.
    fn held(&self, place: &str, names: Option<Vec<String>>) -> Result<Vec<RoleDivision>, BadWorld> {
        let home = self.divisions.get("home").map(|home| home.id.clone());
        let division = home.unwrap_or_else(|| DivisionId::from("home"));
        let held = names.unwrap_or_default().into_iter().map(|name| match self.roles.get(&name) {
            Some(role) => Ok(RoleDivision { role: role.id.clone(), division: division.clone() }),
            None => Err(bad(place, format!("there is no role `{name}`")).of("roles")),
        });
        held.collect()
    }

    /// The nouns by id.
    pub fn by_id(self) -> (BTreeMap<RoleId, Arc<Role>>, BTreeMap<DivisionId, Arc<Division>>) {
        let roles = self.roles.into_values().map(|role| (role.id.clone(), role));
        (roles.collect(), self.divisions.into_values().map(|one| (one.id.clone(), one)).collect())
    }
}

impl Builder<'_> {
    pub(super) fn user(&mut self, local: &str, shape: file::User, rights: &Rights) -> Result<User, BadWorld> {
        Ok(User {
            id: self.id("users", local, shape.id.as_ref()).into(),
            name: shape.name.unwrap_or_else(|| local.to_owned()),
            email: shape.email.unwrap_or_default(),
            queues: shape
                .queue
                .filter(|queue| !queue.is_empty())
                .map(|queue| (queue, true))
                .into_iter()
                .collect(),
            roles: rights.held(&format!("users.{local}"), shape.roles)?,
            permissions: shape.permissions.unwrap_or_default(),
            division: None,
            state: UserState::Active,
            version: 1,
            profile: Profile::default(),
            created: None,
        })
    }

    pub(super) fn client(
        &mut self,
        local: &str,
        shape: file::Client,
        rights: &Rights,
        tokens: AccessTokens,
    ) -> Result<Client, BadWorld> {
        let place = format!("clients.{local}");
        let id = ClientId::from(self.id("clients", local, shape.id.as_ref()));
        let secret = match (self.ids, shape.secret) {
            (Ids::AsWritten, Some(secret)) => secret,
            _ => hex(&self.key.named(&["secret", local], 0).bytes()[..24]),
        };
        let grant = shape.grant.unwrap_or(Grant::ClientCredentials);
        if grant == Grant::ClientCredentials && (local == "main" || self.entrance.client.is_none()) {
            self.entrance.client = Some((id.clone(), secret.clone()));
        }
        let signs_in = match shape.signs_in {
            None => None,
            Some(name) => match self.entrance.ids.get(&format!("users.{name}")) {
                Some(id) => Some(UserId::from(id.as_str())),
                None => return Err(bad(place, format!("there is no user `{name}`")).of("signsIn")),
            },
        };
        Ok(Client {
            id,
            secret,
            name: shape.name.unwrap_or_else(|| local.to_owned()),
            description: None,
            grant,
            redirect_uris: shape.redirect_uris.unwrap_or_default(),
            signs_in,
            refresh_rotation: shape.refresh_rotation.unwrap_or(false),
            scopes: shape.scopes.unwrap_or_default(),
            roles: rights.held(&place, shape.roles)?,
            permissions: shape.permissions.unwrap_or_default(),
            token_lifetime: shape.token_lifetime.unwrap_or(Span::from_secs(86_400)),
            access_tokens: shape.access_tokens.unwrap_or(tokens),
            state: shape.state.unwrap_or_default(),
            ends: None,
            written: None,
        })
    }
}
