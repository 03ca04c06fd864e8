//! What a request says about itself, to find its org, for matchers and for counters. Nothing of it is proved.

use std::sync::Arc;

use http::{HeaderMap, header};
use serde::Deserialize;

use super::{address::Address, login};
use crate::{
    base::{
        codec::{basic_credentials, form_decoded, looks_like_jws, query_value},
        ids::ClientId,
    },
    domain::visit::{Claimed, Surface},
    jose::verifier::Jws,
    journal::redact::mark,
    ops::{
        access::bearer,
        app::App,
        channels,
        oauth::TokenRequest,
        org::{Org, TAG},
        params::Params,
    },
};

/// The members of a JWT that say whose it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Unverified {
    org_id: Option<String>,
    /// Of access tokens that are JWTs.
    org: Option<String>,
    webchat: Option<Webchat>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Webchat {
    guest_id: Option<String>,
}

/// The members of a token exchange or refresh that say whose it is.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Exchange {
    deployment_id: Option<String>,
    refresh_token: Option<String>,
}

/// The members of a new chat that say whose it is.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chat {
    organization_id: Option<String>,
    deployment_id: Option<String>,
}

/// Where guests begin chats.
const CHATS: &str = "/api/v2/webchat/guest/conversations";

/// Where guests hear of their chats; behind it stands a JWT.
const EVENT_STREAM: &str = "/v1/token/";

/// The query members in which a guest JWT may be presented at the socket.
pub const TOKEN_PARAMETERS: [&str; 3] = ["token", "access_token", "zChatToken"];

/// Where the URLs are whose last segment names their org, as an opaque token does.
const FILES: [&str; 2] = ["/uploads/", "/api/v2/downloads/"];

/// A request's claims while they are being collected.
#[derive(Default)]
pub struct Claims {
    /// What was found.
    pub claimed: Claimed,
    by_token: Option<Arc<Org>>,
    by_client: Option<Arc<Org>>,
    by_id: Option<Arc<Org>>,
    /// Does no org have the client?
    stranger: bool,
    /// What came to the token endpoint: its handler does not read it again.
    pub token_request: Option<Result<Box<TokenRequest>, String>>,
}

impl Claims {
    /// From the head.
    pub fn of_head(app: &App, address: &Address<'_>, query: Option<&str>, headers: &HeaderMap) -> Self {
        let mut claims = Self::default();
        // such a URL is its own credential: it wins over whatever a client sends to every address
        let key = FILES.iter().find_map(|folder| address.path.strip_prefix(folder));
        if let Some(key) = key {
            claims.token(app, key);
        }
        // so is the one of a channel's socket
        if let Some(tag) = address.path.strip_prefix("/channels/").and_then(channels::tag_of) {
            claims.by_token = app.org_of_tag(&tag);
        }
        // and of what happens in a chat
        if let Some(jwt) = address.path.strip_prefix(EVENT_STREAM) {
            claims.token(app, jwt);
        }
        let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if let Some(token) = bearer(authorization) {
            claims.token(app, token);
            claims.claimed.bearer = Some(token.to_owned());
        } else if let Some(jwt) = authorization.filter(|text| looks_like_jws(text)) {
            // guests of chats send it without a scheme, too
            claims.token(app, jwt);
        }
        if let Some((id, _)) = authorization.and_then(basic_credentials) {
            claims.client(app, &id);
        }
        if query.is_some() {
            claims.of_query(app, query);
        }
        let mut segments = address.path.split('/').skip(1);
        let below = ["/webdeployments/v1/deployments/", "/api/v2/webmessaging/deployments/"];
        if let Some(id) = below.iter().find_map(|head| address.path.strip_prefix(head)) {
            claims.claimed.deployment = id.split('/').next().map(Into::into);
        } else if segments.by_ref().take(4).eq(["api", "v2", "webchat", "guest"]) {
            // of a chat the guest is in the credential
            if let Some(guest) = segments.next().filter(|one| *one != "conversations") {
                claims.claimed.guest = Some(guest.into());
            }
        }
        claims
    }

    fn of_query(&mut self, app: &App, query: Option<&str>) {
        for name in TOKEN_PARAMETERS {
            if let Some(token) = query_value(query, name) {
                self.token(app, &token);
            }
        }
        for name in ["organizationId", "orgId"] {
            if let Some(org) = query_value(query, name).and_then(|id| app.org(&id)) {
                self.by_id.get_or_insert(org);
            }
        }
        if let Some(id) = query_value(query, "client_id") {
            self.client(app, &id);
        }
        self.claimed.deployment = query_value(query, "deploymentId").map(Into::into);
    }

    /// From the body, where the path is one whose body names the org.
    pub fn of_body(&mut self, app: &App, path: &str, headers: &HeaderMap, body: &[u8]) {
        if path.starts_with("/api/v2/webdeployments/token/") {
            return self.of_exchange(app, body);
        }
        if path == CHATS {
            return self.of_chat(app, body);
        }
        if path.starts_with("/idp/") {
            self.of_idp_form(app, body);
        }
        if ["/oauth/authorize", "/authorize"].contains(&path) && self.claimed.client.is_none() {
            let form = Params::parse(std::str::from_utf8(body).unwrap_or_default());
            form.get("client_id").into_iter().for_each(|id| self.client(app, id));
        }
        if path != "/oauth/token" {
            return;
        }
        let request = login::oauth::parse(headers, body);
        if let Ok(request) = &request {
            if let (None, Some(id)) = (&self.claimed.client, &request.client_id) {
                self.client(app, id);
            }
            // a code or refresh token comes last: it may be another org's, which is then said
            let issued = request.code.as_ref().or(request.refresh_token.as_ref());
            if let (None, Some(token)) = (&self.by_client, issued) {
                self.token(app, token);
            }
        }
        self.token_request = Some(request);
    }

    fn of_exchange(&mut self, app: &App, body: &[u8]) {
        let named = serde_json::from_slice::<Exchange>(body).unwrap_or_default();
        self.claimed.deployment = named.deployment_id.map(Into::into);
        if let Some(token) = named.refresh_token {
            self.token(app, &token);
        }
    }

    fn of_chat(&mut self, app: &App, body: &[u8]) {
        let named = serde_json::from_slice::<Chat>(body).unwrap_or_default();
        self.claimed.deployment = named.deployment_id.map(Into::into);
        self.by_id = named.organization_id.and_then(|id| app.org(&id));
    }

    /// From a form that came to an identity provider. Its clients are its own, so they name no org.
    fn of_idp_form(&mut self, app: &App, body: &[u8]) {
        let form = Params::parse(std::str::from_utf8(body).unwrap_or_default());
        for name in ["code", "refresh_token", "token", "access_token"] {
            if let Some(token) = form.get(name) {
                self.token(app, token);
            }
        }
        if self.claimed.client.is_none() {
            self.claimed.client = form.get("client_id").map(Into::into);
            self.stranger = true;
        }
    }

    fn token(&mut self, app: &App, token: &str) {
        if self.by_token.is_some() {
            return;
        }
        if !looks_like_jws(token) {
            self.by_token = token.get(..TAG).and_then(|tag| app.org_of_tag(tag));
        } else if let Some(jws) = Jws::parse(token)
            && let Some(unverified) = jws.claims_as::<Unverified>()
        {
            // JWTs of identity providers may say anything in `org`
            let named = if jws.header.is_access_token() { unverified.org } else { unverified.org_id };
            self.by_token = named.and_then(|id| app.org(&id));
            self.claimed.guest = unverified.webchat.and_then(|webchat| webchat.guest_id).map(Into::into);
        }
    }

    /// What is a credential does not become known as an id.
    fn hide_secrets(&mut self, app: &App, org: &Org) {
        let Claimed { client, deployment, guest, misplaced, .. } = &mut self.claimed;
        deployment.take_if(|id| looks_like_jws(id.as_str()));
        guest.take_if(|id| looks_like_jws(id.as_str()));
        let Some(id) = client.as_mut().filter(|_| self.stranger) else { return };
        let of_provider = org.state(|state| {
            state.identity_providers.values().any(|provider| provider.clients.contains_key(id.as_str()))
        });
        if !of_provider && (looks_like_jws(id.as_str()) || app.is_secret(id.as_str())) {
            *misplaced = Some(id.as_str().into());
            *id = mark(id.as_str()).into();
        }
    }

    fn client(&mut self, app: &App, id: &str) {
        self.by_client = app.org_of_client(id);
        self.claimed.client = Some(match self.by_client {
            Some(_) => ClientId::from(id),
            None => {
                let id = form_decoded(id);
                self.by_client = app.org_of_client(&id);
                id.into()
            }
        });
        self.stranger = self.by_client.is_none();
    }

    /// The org, by address, token, client, deployment, its id, or as the default. `None` when an org is named that is not there.
    pub fn org(&mut self, app: &App, address: &Address<'_>) -> Option<Arc<Org>> {
        let org = self.named(app, address)?;
        self.hide_secrets(app, &org);
        Some(org)
    }

    fn named(&mut self, app: &App, address: &Address<'_>) -> Option<Arc<Org>> {
        if let Some(named) = address.org {
            let org = app.org(named)?;
            self.claimed.of_another_org = self.by_token.as_ref().is_some_and(|other| other.id != org.id);
            return Some(org);
        }
        // clients of identity providers are their own
        let by_client = self.by_client.take().filter(|_| address.surface != Surface::Idp);
        let of_deployment =
            || self.claimed.deployment.as_ref().and_then(|id| app.org_of_deployment(id.as_str()));
        self.by_token
            .take()
            .or(by_client)
            .or_else(of_deployment)
            .or_else(|| self.by_id.take())
            .or_else(|| app.default_org())
    }
}
