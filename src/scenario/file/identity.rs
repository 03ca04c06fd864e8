//! Who people are and what they may, and who says so: roles, identity providers, trust in them, and systems with ids of their own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    base::time::Span,
    domain::{identity_provider::Algorithm, permission::Permission, redirect_uri::RedirectUri},
};

shape! {
    /// A set of permissions that clients and users may hold.
    Role {
        /// Its id. Default: drawn.
        id: String,
        /// Its name. Default: the local name.
        name: String,
        /// For people.
        description: String,
        /// What it grants. Default: nothing.
        permissions: Vec<Permission>,
    }
}

shape! {
    /// A part of an org.
    Division {
        /// Its id. Default: drawn.
        id: String,
        /// Its name. Default: the local name.
        name: String,
        /// For people.
        description: String,
    }
}

shape! {
    /// Another system, which has ids of its own for people.
    ExternalSource {
        /// Its id. Default: drawn.
        id: String,
        /// Its name. Default: the local name.
        name: String,
        /// Is it in use? Default: yes.
        active: bool,
        /// URL of a person there, with a placeholder for the id. Default: none.
        uri_template: String,
    }
}

shape! {
    /// Who in another system is which external contact.
    DataAction {
        /// Its id. Default: drawn.
        id: String,
        /// Its name. Default: the local name.
        name: String,
        /// Local name of the external source whose ids come in.
        external_source: String,
        /// The member of the input that has the id. Default `externalId`.
        input: String,
        /// Is a contact written down for an id that nobody has, with what else the input says? Default: no.
        create: bool,
    }
}

shape! {
    /// An identity provider. Every org has its own: its names and secrets are the same in each copy of the org.
    IdentityProvider {
        /// Who can sign in, by user name.
        people: BTreeMap<String, EndUser>,
        /// Who may ask, by `client_id`.
        clients: BTreeMap<String, RelyingParty>,
        /// How ID tokens are signed: `RS256`, `ES256`, or `HS256` by the client's secret. Default `RS256`.
        algorithm: Algorithm,
        /// How long access tokens and ID tokens live. Default 1 h.
        token_lifetime: Span,
        /// How long a code lives. Default 1 min.
        code_lifetime: Span,
        /// How long refresh tokens live, which scope `offline_access` brings. Default 24 h.
        refresh_lifetime: Span,
        /// Does each refresh token work once, and bring the next one? Default: no.
        refresh_rotation: bool,
    }
}

shape! {
    /// Somebody who can sign in.
    EndUser {
        /// Default: the user name.
        password: String,
        /// `sub`. Default: `user-` and the user name.
        subject: String,
        /// `given_name`.
        given_name: String,
        /// `family_name`.
        family_name: String,
        /// `email`.
        email: String,
        /// Any other claims; `null` takes one of the above away. Those that no scope asks for are told to every client.
        claims: BTreeMap<String, Value>,
    }
}

shape! {
    /// A client of an identity provider.
    RelyingParty {
        /// `client_secret`. Every client that is not public has one.
        secret: String,
        /// Does it do without a secret? Default: no.
        public: bool,
        /// Where people may be sent back to, such as `[ http://localhost ]`: to the letter, or `http://localhost` for any port and path there.
        redirect_uris: Vec<RedirectUri>,
        /// Where people may be sent to once they have signed out. Default: the same.
        post_logout_redirect_uris: Vec<RedirectUri>,
    }
}

shape! {
    /// An OpenID Connect Messenger integration. Exactly one of `provider`, `discoveryUri` and `issuer` is given.
    Integration {
        /// Local name of a provider of this org.
        provider: String,
        /// URL of a discovery document.
        discovery_uri: String,
        /// `iss` of a provider that is never asked: its key is in `staticKey`, and clients send ID tokens.
        issuer: String,
        /// The platform's client id at the provider.
        client_id: String,
        /// Its secret there. Default: none, it is a public client.
        client_secret: String,
        /// May clients send an id token instead of a code? Default: no.
        implicit_flow: bool,
        /// Refresh tokens live so long. Default 24 h.
        refresh_lifetime: Span,
        /// How discovery document and key set are cached.
        keys: KeyRules,
        /// A public key as PEM or JWK, instead of the provider's key set.
        static_key: Value,
        /// How far clocks may differ. Default 60 s.
        clock_skew: Span,
        /// Tokens that live shorter than this are refused. Default: any will do.
        minimum_lifetime: Span,
    }
}

shape! {
    /// How long what was fetched is used, and when it is fetched again.
    KeyRules {
        /// A discovery document and a key set are used for so long, in the org's time. Default 5 min.
        ttl: Span,
        /// Is the set fetched again for a `kid` that is not in it? Default: no.
        refetch_on_unknown_kid: bool,
        /// After such a fetch there is none for so long. Default 30 s.
        cooldown: Span,
        /// Does `Cache-Control` of the provider count instead of `ttl`? Default: no.
        honour_cache_control: bool,
    }
}
