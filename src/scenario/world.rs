//! From the shape of an org to the nouns that it stands for.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    bad_world::{BadWorld, bad},
    file,
    integration::integration,
    providers,
    rights::Rights,
    sign_in::{self, Sources},
};
use crate::{
    base::{
        draw::DrawKey,
        ids::{ClientId, DeploymentId, DivisionId, OrgId, RoleId, UserId},
        time::Span,
    },
    domain::{
        bot::Bot,
        client::Client,
        contact_identifier::ExternalSource,
        data_action::DataAction,
        deployment::{Admission, Deployment},
        guest_token::{GuestTokens, MESSAGING_AUDIENCE, Profile},
        handshake::{Handshake, NonceRule, SubjectRule},
        identity_provider::IdentityProvider,
        keyring::RingName,
        org::{About, IdleTimeout, IdleUnit, OrgSettings, RateLimits},
        queue::Queue,
        relying_party::Integration,
        role::{Division, Role},
        rotation::Turn,
        user::User,
        web_chat::WebChats,
    },
};

/// Whether the ids and secrets of the file are used, or fresh ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ids {
    /// As the file says.
    AsWritten,
    /// Another copy of the same world.
    Fresh,
}

/// What a client of an org needs to begin with.
#[derive(Clone, Debug, Default)]
pub struct Entrance {
    /// The client-credentials client, `main` if there is one of that name.
    pub client: Option<(ClientId, String)>,
    /// The deployment, `messaging` if there is one of that name.
    pub deployment: Option<DeploymentId>,
    /// Ids by kind and local name, such as `clients.guest`.
    pub ids: BTreeMap<String, String>,
}

/// Who and what there is in an org from the start.
pub struct World {
    /// Name and rules.
    pub settings: OrgSettings,
    /// OAuth clients.
    pub clients: BTreeMap<ClientId, Arc<Client>>,
    /// Agents.
    pub users: BTreeMap<UserId, Arc<User>>,
    /// Roles that they and clients may hold.
    pub roles: BTreeMap<RoleId, Arc<Role>>,
    /// The divisions within which they do.
    pub divisions: BTreeMap<DivisionId, Arc<Division>>,
    /// Queues by local name.
    pub queues: BTreeMap<String, Arc<Queue>>,
    /// Trust in identity providers by local name.
    pub integrations: BTreeMap<String, Arc<Integration>>,
    /// Other systems whose ids people may have.
    pub external_sources: BTreeMap<String, Arc<ExternalSource>>,
    /// What flows ask about them.
    pub data_actions: BTreeMap<String, Arc<DataAction>>,
    /// Bots by local name.
    pub bots: BTreeMap<String, Arc<Bot>>,
    /// Deployments.
    pub deployments: BTreeMap<DeploymentId, Arc<Deployment>>,
    /// Identity providers by name.
    pub identity_providers: BTreeMap<String, Arc<IdentityProvider>>,
    /// Where guests of legacy web chats come in.
    pub web_chats: WebChats,
    /// When keys are rotated by themselves.
    pub key_rotation: Vec<Turn>,
}

impl World {
    fn of(settings: OrgSettings) -> Self {
        let (clients, users, queues, roles, divisions) = Default::default();
        let (integrations, bots, deployments, identity_providers) = Default::default();
        let (external_sources, data_actions, web_chats, key_rotation) = Default::default();
        Self {
            settings,
            clients,
            users,
            roles,
            divisions,
            queues,
            integrations,
            external_sources,
            data_actions,
            bots,
            deployments,
            identity_providers,
            web_chats,
            key_rotation,
        }
    }
}

/// An org in its first moment, and the way in.
pub struct Built {
    /// Who and what there is.
    pub world: World,
    /// The way in.
    pub entrance: Entrance,
}

pub(super) struct Builder<'a> {
    pub(super) key: &'a DrawKey,
    pub(super) ids: Ids,
    pub(super) entrance: Entrance,
}

impl Builder<'_> {
    pub(super) fn id(&mut self, kind: &str, local: &str, written: Option<&String>) -> String {
        let id = match (self.ids, written) {
            (Ids::AsWritten, Some(id)) => id.clone(),
            _ => self.key.named(&["id", kind, local], 0).uuid(),
        };
        self.entrance.ids.insert(format!("{kind}.{local}"), id.clone());
        id
    }

    /// Another of the kind has this id already.
    pub(super) fn taken(&self, kind: &str, local: &str, id: &str) -> BadWorld {
        let same = |(name, known): &(&String, &String)| {
            known.as_str() == id && name.starts_with(kind) && **name != format!("{kind}.{local}")
        };
        let other = self.entrance.ids.iter().find(same).map_or_else(String::new, |(name, _)| name.clone());
        let wrong = format!("the id {id} is that of {other}, too");
        bad(format!("{kind}.{local}"), wrong).of("id").against(other)
    }

    fn deployment(
        &mut self,
        local: &str,
        shape: file::Deployment,
        sources: &Sources,
    ) -> Result<Deployment, BadWorld> {
        let id = DeploymentId::from(self.id("deployments", local, shape.id.as_ref()));
        if local == "messaging" || self.entrance.deployment.is_none() {
            self.entrance.deployment = Some(id.clone());
        }
        let auth = shape.auth.unwrap_or_default();
        let attachments = shape.attachments.unwrap_or_default();
        Ok(Deployment {
            id,
            status: shape.status.unwrap_or_default(),
            name: local.to_owned(),
            version: shape.version.unwrap_or_else(|| "1".to_owned()),
            revision: 0,
            written: None,
            allowed_domains: shape.allowed_domains,
            admission: shape.admission.unwrap_or_default(),
            handshake_refusal: shape.handshake_refusal.unwrap_or_default(),
            handshake: Handshake {
                provider: shape.identity_provider,
                nonce: shape.nonce.unwrap_or_default(),
                subject: shape.subject.unwrap_or_default(),
                required_scopes: shape.required_scopes.unwrap_or_default(),
            },
            strict_issuer: shape.strict_issuer.unwrap_or(false),
            strict_message_ids: shape.strict_message_ids.unwrap_or(false),
            authentication: auth.enabled.unwrap_or(false),
            sign_in: sign_in::rules(local, &auth, sources)?,
            allow_session_upgrade: auth.allow_session_upgrade.unwrap_or(false),
            conversation_disconnect: shape.conversation_disconnect.unwrap_or_default(),
            conversation_clear: shape.conversation_clear.unwrap_or(true),
            agent_typing: shape.typing_indicators.unwrap_or(true),
            guest_typing: shape.typing_indicators.unwrap_or(true),
            auto_start: shape.auto_start.unwrap_or(false),
            attachment_types: attachments.types.unwrap_or_else(|| vec!["*/*".to_owned()]),
            attachment_max_kb: attachments.max_size_kb.unwrap_or(10_240),
            blocked_extensions: attachments.blocked_extensions.unwrap_or_default(),
            session_duration: shape.session_duration.unwrap_or(Span::from_secs(72 * 3600)),
            notifications: shape.notifications.unwrap_or_default(),
            messenger: shape.messenger.unwrap_or_default(),
            primary_color: shape.primary_color.unwrap_or_else(|| "#0165A7".to_owned()),
            languages: shape.languages.unwrap_or_else(|| vec!["en-us".to_owned()]),
            bot: shape.bot,
        })
    }
}

fn settings(shape: &file::Org) -> Result<OrgSettings, BadWorld> {
    let name = shape.name.clone().unwrap_or_else(|| "Emulated Org".to_owned());
    let region = shape.region.clone().unwrap_or_else(|| "mypurecloud.com".to_owned());
    let guest = shape.guest_tokens.clone().unwrap_or_default();
    let guest_chat = shape.guest_chat.clone().unwrap_or_default();
    let profile = guest.profile.unwrap_or_default();
    if profile == Profile::Custom && guest.audience.is_none() {
        return Err(bad("guestTokens", "profile `custom` needs `audience`").of("profile"));
    }
    if profile != Profile::Custom && guest.audience.is_some() {
        return Err(bad("guestTokens", "`audience` is of profile `custom`").of("audience"));
    }
    if guest.issuer.is_some() && matches!(profile, Profile::Prose | Profile::App) {
        let wrong = "this profile has its own `iss`; leave `issuer` out";
        return Err(bad("guestTokens", wrong).of("issuer"));
    }
    if guest.lifetime == Some(Span::ZERO) {
        let wrong =
            "a lifetime is longer than nothing; tokens that have expired are made by the fault `claims`";
        return Err(bad("guestTokens", wrong).of("lifetime"));
    }
    let idle = shape.idle_token_timeout;
    if let Some(after) = idle.filter(|after| !(IdleTimeout::LEAST..=IdleTimeout::MOST).contains(after)) {
        let wrong = format!("{after} is not from {} to {}", IdleTimeout::LEAST, IdleTimeout::MOST);
        return Err(bad("", wrong).of("idleTokenTimeout"));
    }
    let idle_timeout = IdleTimeout {
        enabled: idle.is_some(),
        after: idle.unwrap_or(IdleTimeout::MOST),
        unit: IdleUnit::Minutes,
    };
    let (has_audience, has_tenant) = (guest.audience.is_some(), guest.tenant_domain.is_some());
    let slug = name.to_ascii_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
    let guest_tokens = GuestTokens {
        profile,
        lifetime: guest.lifetime.unwrap_or(Span::from_secs(1800)),
        issuer: guest.issuer,
        audience: guest.audience.unwrap_or_default(),
        application_id: guest.application_id.unwrap_or_else(|| "emulated-app".to_owned()),
        tenant_domain: guest.tenant_domain.unwrap_or_else(|| format!("{slug}.{region}")),
    };
    if guest_tokens.audience("").values().iter().any(|one| one == MESSAGING_AUDIENCE) {
        let wrong =
            format!("`{MESSAGING_AUDIENCE}` is `aud` of what getJwt answers with; guest tokens need another");
        let member = if has_audience {
            "audience"
        } else if has_tenant {
            "tenantDomain"
        } else {
            "issuer"
        };
        return Err(bad("guestTokens", wrong).of(member));
    }
    Ok(OrgSettings {
        about: About::default(),
        scope_checks: shape.scope_checks.unwrap_or_default(),
        token_times: shape.token_times.unwrap_or_default(),
        idle_timeout,
        guest_tokens,
        accept_redacted_authorization: guest_chat.accept_redacted_authorization.unwrap_or(true),
        limits: limits(shape.limits.clone().unwrap_or_default()),
        default_language: shape.default_language.clone().unwrap_or_else(|| "en-us".to_owned()),
        default_country_code: shape.default_country_code.clone().unwrap_or_else(|| "US".to_owned()),
        name,
        region,
    })
}

fn limits(shape: file::Limits) -> RateLimits {
    let usual = RateLimits::DEFAULT;
    RateLimits {
        token: usual.token.or(shape.token_rate),
        guest: usual.guest.or(shape.guest_rate),
        token_issue: usual.token_issue.or(shape.token_issue_rate),
        connect: usual.connect.or(shape.connect_rate),
        socket_request: usual.socket_request.or(shape.socket_request_rate),
        echo: usual.echo.or(shape.echo_rate),
        configure: usual.configure.or(shape.configure_rate),
        message: usual.message.or(shape.message_rate),
        history: usual.history.or(shape.history_rate),
    }
}

fn check_handshake(
    local: &str,
    deployment: &Deployment,
    providers: &BTreeMap<String, Arc<IdentityProvider>>,
) -> Result<(), BadWorld> {
    let handshake = &deployment.handshake;
    let bad = |wrong: String| bad(format!("deployments.{local}"), wrong);
    let wrong = match &handshake.provider {
        Some(name) if !providers.contains_key(name) => {
            return Err(bad(format!("there is no identity provider `{name}`")).of("identityProvider"));
        }
        Some(_) if !deployment.authentication => {
            "`identityProvider` needs `auth: { enabled: true }`".to_owned()
        }
        None if handshake.nonce != NonceRule::Ignored || handshake.subject != SubjectRule::Any => {
            "`nonce` and `subject` are of JWTs of an `identityProvider`; name one".to_owned()
        }
        None if handshake.wants_access_tokens() && deployment.admission == Admission::GuestToken => {
            "`requiredScopes` wants access tokens, or with `identityProvider` its JWTs; \
             `admission: guest_token` wants guest tokens"
                .to_owned()
        }
        _ => return Ok(()),
    };
    Err(bad(wrong))
}

fn check_bot(local: &str, bot: &Bot, queues: &BTreeMap<String, file::Queue>) -> Result<(), BadWorld> {
    match bot.queues().find(|queue| !queues.contains_key(*queue)) {
        Some(queue) => Err(bad(format!("bots.{local}"), format!("there is no queue `{queue}`"))),
        None => Ok(()),
    }
}

/// The id of an org: as written, or drawn from the emulator's seed. `number` is the org's place in its scenario; or, for
/// fresh ids, which of the fresh ones it is.
pub fn org_id(shape: &file::Org, ids: Ids, seed: u64, number: u64) -> OrgId {
    let drawn = |label| DrawKey::new(seed, "orgs").named(&[label], number).uuid().into();
    match (ids, &shape.id) {
        (Ids::AsWritten, Some(id)) => id.as_str().into(),
        (Ids::AsWritten, None) => drawn("place"),
        (Ids::Fresh, _) => drawn("org"),
    }
}

/// The first state of an org.
pub fn build(shape: &file::Org, ids: Ids, key: &DrawKey) -> Result<Built, BadWorld> {
    let mut world = World::of(settings(shape)?);
    let mut builder = Builder { key, ids, entrance: Entrance::default() };
    let mut shape = shape.clone();
    let rights = Rights::build(&mut builder, &mut shape)?;
    let queues = shape.queues.unwrap_or_default();
    for (local, user) in shape.users.unwrap_or_default() {
        let user = builder.user(&local, user, &rights)?;
        if let Some(unknown) = user.queues.keys().find(|queue| !queues.contains_key(*queue)) {
            let wrong = format!("there is no queue `{unknown}`");
            return Err(bad(format!("users.{local}"), wrong).of("queue"));
        }
        world.users.insert(user.id.clone(), Arc::new(user));
    }
    for (local, client) in shape.clients.unwrap_or_default() {
        let client = builder.client(&local, client, &rights, shape.access_tokens.unwrap_or_default())?;
        if let Some(old) = world.clients.insert(client.id.clone(), Arc::new(client)) {
            return Err(builder.taken("clients", &local, &old.id.to_string()));
        }
    }
    (world.roles, world.divisions) = rights.by_id();
    for (local, bot) in shape.bots.unwrap_or_default() {
        check_bot(&local, &bot, &queues)?;
        world.bots.insert(local, Arc::new(bot));
    }
    for (local, queue) in queues {
        let id = builder.id("queues", &local, queue.id.as_ref());
        let queue = Queue::new(id, queue.name.unwrap_or_else(|| local.clone()));
        world.queues.insert(local, Arc::new(queue));
    }
    world.identity_providers = providers::build(shape.identity_providers.unwrap_or_default())?;
    for (local, written) in shape.integrations.unwrap_or_default() {
        let is_provider = |name: &str| world.identity_providers.contains_key(name);
        let integration = integration(&local, written, is_provider)?;
        world.integrations.insert(local, Arc::new(integration));
    }
    let sources = sign_in::sources(&mut builder, shape.external_sources.unwrap_or_default())?;
    world.data_actions =
        sign_in::data_actions(&mut builder, shape.data_actions.unwrap_or_default(), &sources)?;
    for (local, deployment) in shape.deployments.unwrap_or_default() {
        let deployment = builder.deployment(&local, deployment, &sources)?;
        check_handshake(&local, &deployment, &world.identity_providers)?;
        if let Some(name) =
            deployment.sign_in.integration.as_ref().filter(|name| !world.integrations.contains_key(*name))
        {
            return Err(bad(
                format!("deployments.{local}.auth"),
                format!("there is no integration `{name}`"),
            )
            .of("integration"));
        }
        if let Some(bot) = deployment.bot.as_ref().filter(|bot| !world.bots.contains_key(*bot)) {
            return Err(bad(format!("deployments.{local}"), format!("there is no bot `{bot}`")).of("bot"));
        }
        if let Some(old) = world.deployments.insert(deployment.id.clone(), Arc::new(deployment)) {
            return Err(builder.taken("deployments", &local, &old.id.to_string()));
        }
    }
    world.web_chats = builder.web_chats(shape.chat_deployments, shape.guest_chat)?;
    world.external_sources = sources.into_values().map(|one| (one.id.clone(), one)).collect();
    for (nth, rotation) in shape.key_rotation.unwrap_or_default().into_iter().enumerate() {
        let wrong = |wrong| bad(format!("keyRotation.{nth}"), wrong);
        rotation.check_options().map_err(wrong)?;
        if !rotation.is_scheduled() {
            return Err(wrong("an entry says `after` or `every`".to_owned()));
        }
        world.key_rotation.push(rotation.turn(RingName::Platform));
    }
    Ok(Built { world, entrance: builder.entrance })
}
