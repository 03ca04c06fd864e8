//! The shape of a scenario file. Things have local names; whatever is not said has a default.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    base::time::{Span, Timestamp},
    domain::{
        bot::Bot,
        client::{ClientState, Grant},
        deployment::{
            Admission, ConversationDisconnect, DeploymentStatus, HandshakeRefusal, Notifications,
            OtherDevices,
        },
        guest_token::Profile,
        handshake::{NonceRule, SubjectRule},
        messenger::Messenger,
        org::{AccessTokens, ScopeChecks, TokenTimes},
        permission::Permission,
        redirect_uri::RedirectUri,
        scope::Scope,
    },
    faults::{effect::rotate_keys::RotateKeys, fault::Fault},
    journal::expectation::Expectation,
};

use super::{include::Include, params::Params, script::Script, timeline};

macro_rules! shape {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "camelCase")]
        pub struct $name {
            $($(#[$field_doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,)*
        }
    };
}

mod identity;

pub use identity::*;

/// A whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct File {
    /// Its name.
    pub name: Option<String>,
    /// One sentence.
    pub summary: Option<String>,
    /// What it lies over, such as `[default]`, which is the default; `[]` is nothing.
    pub include: Option<Vec<Include>>,
    /// Its parameters and their defaults, which stand as `${params.<name>}` anywhere in it.
    pub params: Params,
    /// The seed, such as `7`, unless the command line gives one.
    pub seed: Option<u64>,
    /// Where org clocks start, unless the command line says.
    pub clock: Option<Timestamp>,
    /// Who and what there is, such as `{ orgs: [ { name: Mine } ] }`.
    pub world: World,
    /// What goes wrong, such as `[ { effect: { reset: {} } } ]`.
    pub faults: Vec<Fault>,
    /// What happens by itself, at a time or when something else has happened.
    pub timeline: Vec<timeline::Entry>,
    /// What clients do and expect, by name: `naive` and `correct`, mostly.
    pub scripts: BTreeMap<String, Script>,
    /// What the journal holds when a script that is to pass has been played.
    pub expect: Vec<Expectation>,
}

shape! {
    /// Who and what there is.
    World {
        /// The orgs. One that has an `id` lies over the org of that id, one without over the one at its place.
        orgs: Vec<Org>,
    }
}

shape! {
    /// An org.
    Org {
        /// Its id. Default: drawn.
        id: String,
        /// Display name. Default `Emulated Org`.
        name: String,
        /// Domain of its region. Default `mypurecloud.com`.
        region: String,
        /// Language of its people. Default `en-us`.
        default_language: String,
        /// Country of its numbers and addresses, ISO 3166. Default `US`.
        default_country_code: String,
        /// Whose scopes are looked at. Default `dialect`.
        scope_checks: ScopeChecks,
        /// Whose time JWTs are stamped and judged by: `org`, the default, or `wall` for verifiers elsewhere.
        token_times: TokenTimes,
        /// A user's token that nobody uses for so long is worth nothing. Default: no.
        idle_token_timeout: Span,
        /// How access tokens look: `opaque`, as the platform's do, or `jwt`. Default `opaque`.
        access_tokens: AccessTokens,
        /// How guest tokens are made.
        guest_tokens: GuestTokens,
        /// Rate limits.
        limits: Limits,
        /// OAuth clients by local name.
        clients: BTreeMap<String, Client>,
        /// Agents by local name.
        users: BTreeMap<String, User>,
        /// Roles that they and clients may hold, by local name. Every org has `admin`, who may everything, and `employee`.
        roles: BTreeMap<String, Role>,
        /// Divisions by local name. Every org has `home`, within which roles are held.
        divisions: BTreeMap<String, Division>,
        /// Queues by local name.
        queues: BTreeMap<String, Queue>,
        /// Web messaging deployments by local name.
        deployments: BTreeMap<String, Deployment>,
        /// Legacy web chat deployments by local name.
        chat_deployments: BTreeMap<String, ChatDeployment>,
        /// What the org decides for all legacy web chats.
        guest_chat: GuestChat,
        /// Trust in identity providers by local name.
        integrations: BTreeMap<String, Integration>,
        /// Other systems whose ids people may have, by local name.
        external_sources: BTreeMap<String, ExternalSource>,
        /// What flows and backends ask about people of those systems, by local name.
        data_actions: BTreeMap<String, DataAction>,
        /// Bots by local name.
        bots: BTreeMap<String, Bot>,
        /// When signing keys are rotated by themselves; each entry says `after` or `every`.
        key_rotation: Vec<RotateKeys>,
        /// Identity providers by local name, which is their name in the path: `/idp/<name>`.
        identity_providers: BTreeMap<String, IdentityProvider>,
    }
}

shape! {
    /// How guest tokens are made.
    GuestTokens {
        /// Which reading of the guide `iss` and `aud` follow. Default `code`.
        profile: Profile,
        /// How long they live. Default 30 min.
        lifetime: Span,
        /// `iss`, instead of the request's own base URL.
        issuer: String,
        /// `aud`, with profile `custom`.
        audience: Vec<String>,
        /// `iss` with profile `app`. Default `emulated-app`.
        application_id: String,
        /// The tenant's domain. Default: made of name and region.
        tenant_domain: String,
    }
}

shape! {
    /// Rate limits: calls per minute, if nothing else is said.
    Limits {
        /// API calls of one access token. Default 300.
        token_rate: u64,
        /// Guest tokens of one client. Default 300.
        guest_rate: u64,
        /// Access tokens of one client. Default 300.
        token_issue_rate: u64,
        /// Messaging sockets of one deployment. Default 1000.
        connect_rate: u64,
        /// Frames of one messaging socket. Default 60.
        socket_request_rate: u64,
        /// Health checks of one messaging socket. Default 2.
        echo_rate: u64,
        /// Configurations of one messaging session. Default 60.
        configure_rate: u64,
        /// Messages of one messaging session, per second. Default 5.
        message_rate: u64,
        /// Pages of history of one messaging session. Default 10.
        history_rate: u64,
    }
}

shape! {
    /// An OAuth client.
    Client {
        /// `client_id`. Default: drawn.
        id: String,
        /// `client_secret`. Default: drawn.
        secret: String,
        /// Display name. Default: the local name.
        name: String,
        /// Its grant. Default `CLIENT-CREDENTIALS`.
        grant: Grant,
        /// Its scopes. Default: none.
        scopes: Vec<Scope>,
        /// Local names of roles that it holds. Default: none.
        roles: Vec<String>,
        /// Permissions that it has beside those of its roles. Default: none.
        permissions: Vec<Permission>,
        /// Where users may be sent back to, such as `[ http://localhost ]`: to the letter, or `http://localhost` for any port and path there.
        redirect_uris: Vec<RedirectUri>,
        /// Local name of the user who is signed in without a page, unless `login_hint` names another one. Default: the page asks.
        signs_in: String,
        /// Does each refresh token work once, and bring the next one? Default: no.
        refresh_rotation: bool,
        /// How long its access tokens live. Default 24 h.
        token_lifetime: Span,
        /// How they look. Default: the org's.
        access_tokens: AccessTokens,
        /// Default `active`.
        state: ClientState,
    }
}

shape! {
    /// An agent.
    User {
        /// Its id. Default: drawn.
        id: String,
        /// Shown name. Default: the local name.
        name: String,
        /// Address.
        email: String,
        /// Local name of its queue: who waits there is answered by its first user, if nobody else is named.
        queue: String,
        /// Local names of roles that it holds. Default: none.
        roles: Vec<String>,
        /// Permissions that it has beside those of its roles. Default: none.
        permissions: Vec<Permission>,
    }
}

shape! {
    /// A queue.
    Queue {
        /// Its id. Default: drawn.
        id: String,
        /// Its name. Default: the local name.
        name: String,
    }
}

shape! {
    /// A web messaging deployment.
    Deployment {
        /// Its id. Default: drawn.
        id: String,
        /// Default `Active`.
        status: DeploymentStatus,
        /// Version of the published configuration. Default `1`.
        version: String,
        /// Host names of pages that may come in. Default: all.
        allowed_domains: Vec<String>,
        /// Who may come in: `anyone`, `guest_token` or `authenticated`. Default `anyone`.
        admission: Admission,
        /// How upgrades are refused: `by_cause` or always `forbidden`. Default `by_cause`.
        handshake_refusal: HandshakeRefusal,
        /// The identity provider whose JWTs are taken at the upgrade, by name. Default: none.
        identity_provider: String,
        /// Must such a JWT have the nonce of a challenge: `ignored` or `required`? Default `ignored`.
        nonce: NonceRule,
        /// Whom may its `sub` name: `any` or `known`, a user's id or address? Default `any`.
        subject: SubjectRule,
        /// What must be in its `scope`; then its `org` must be the org's id, too. Default: nothing.
        required_scopes: Vec<String>,
        /// Must guest tokens name this very base URL? Default: no.
        strict_issuer: bool,
        /// Must every block of a guest's message have an id of its own? Default: no.
        strict_message_ids: bool,
        /// What the Messenger is told of authentication.
        auth: Auth,
        /// What the guest sees of the end: `Disabled`, `Send` or `ReadOnly`. Default `ReadOnly`.
        conversation_disconnect: ConversationDisconnect,
        /// May the guest clear the conversation? Default: yes.
        conversation_clear: bool,
        /// Are typing indicators shown? Default: yes.
        typing_indicators: bool,
        /// Does the Messenger start the conversation by itself? Default: no.
        auto_start: bool,
        /// What may be attached.
        attachments: Attachments,
        /// The session expires so long after the last message. Default 72 h.
        session_duration: Span,
        /// Are phones told of messages: `Disabled`, `ExcludeMessagesContent` or `IncludeMessagesContent`, the default?
        notifications: Notifications,
        /// How the Messenger looks and behaves.
        messenger: Messenger,
        /// Colour of the Messenger. Default `#0165A7`.
        primary_color: String,
        /// Languages of the Messenger. Default `[en-us]`.
        languages: Vec<String>,
        /// Local name of the bot that answers. Default: nobody answers.
        bot: String,
    }
}

shape! {
    /// A legacy web chat deployment.
    ChatDeployment {
        /// Its id. Default: drawn.
        id: String,
        /// Its name. Default: the local name.
        name: String,
        /// Is it switched off? Default: no.
        disabled: bool,
        /// Host names of pages that may come in. Default: all.
        allowed_domains: Vec<String>,
        /// Must guests bring signed data? Default: no.
        authentication_required: bool,
        /// Where the widget gets that. Default: nowhere.
        authentication_url: String,
    }
}

shape! {
    /// What the org decides for all legacy web chats.
    GuestChat {
        /// Is `Authorization: [REDACTED]`, which the logger of some clients leaves, taken for the credential of the path's guest? Default: yes.
        accept_redacted_authorization: bool,
        /// Must guests name a deployment? Default: no.
        require_deployment: bool,
    }
}

shape! {
    /// What the Messenger is told of authentication.
    Auth {
        /// Default: no.
        enabled: bool,
        /// Local name of the integration with the identity provider that is trusted. Default: none.
        integration: String,
        /// May a guest sign in during the session? Default: no.
        allow_session_upgrade: bool,
        /// Is the contact that somebody had as a guest merged into the person's at the sign-in? Default: yes.
        merge_contacts: bool,
        /// Local name of the external source whose ids the subjects of people are. Default: none.
        external_source: String,
        /// Attributes of the conversation by the claim that they are made of. Default: none.
        claim_attributes: BTreeMap<String, String>,
        /// Page of the site where people sign in, for the published configuration. Default: none.
        login_url: String,
        /// Page of the site where they sign out. Default: none.
        logout_url: String,
        /// What becomes of the person's other devices at the sign-in: `close`, the default, or `stay`.
        other_devices: OtherDevices,
        /// Is every frame refused with 401 once the JWT has expired that the session was configured with? Default: no.
        expires_with_token: bool,
    }
}

shape! {
    /// What may be attached.
    Attachments {
        /// MIME types; an empty list switches attachments off. Default `["*/*"]`.
        types: Vec<String>,
        /// Largest size, in kilobytes of 1,000 bytes as clients count; 10 MiB is the most there is. Default 10240.
        max_size_kb: u32,
        /// Extensions never accepted.
        blocked_extensions: Vec<String>,
    }
}
