//! What to do about a refusal, by its rule, and where it is documented.

/// What is advised.
#[derive(Clone, Copy, Debug)]
pub struct Advice {
    /// What puts it right, in one sentence.
    pub fix: &'static str,
    /// Where it is documented: a page of the vendor's, a section of a standard, or that only a guide says so.
    pub documented: &'static str,
}

const AUTHORIZATION: &str = "Genesys Cloud Developer Center, Authorization: client credentials grant";
const SCOPES: &str = "Genesys Cloud Developer Center, Authorization: OAuth scopes";
const PERMISSIONS: &str = "Genesys Cloud Resource Center: roles and permissions of OAuth clients";
const CLIENTS: &str = "Genesys Cloud Resource Center: OAuth clients";
const LIMITS: &str = "Genesys Cloud Developer Center, Platform API: rate limits; RFC 6585 section 4";
const MESSENGER: &str = "Genesys Cloud Developer Center, Web Messaging: authenticated web messaging";
const SOCKET: &str = "Genesys Cloud Developer Center, Web Messaging: the WebSocket API";
const DEPLOYMENTS: &str = "Genesys Cloud Resource Center: Messenger deployments";
const WEB_CHAT: &str = "Genesys Cloud Developer Center, Web chat: guest chat API";
const ATTACHMENTS: &str = "Genesys Cloud Resource Center: supported content of web messaging";
const ID_TOKEN: &str = "OpenID Connect Core 1.0 section 3.1.3.7";
const JWT: &str = "RFC 7519 section 4.1";
const JWS: &str = "RFC 7515 section 4.1; RFC 7517 section 4";
const OAUTH: &str = "RFC 6749 section 5.2";
const AUTHORIZE: &str = "Genesys Cloud Developer Center, Authorization: code and implicit grant; RFC 6749 sections 4.1.2.1 and 4.2.2.1";
const SAML: &str = "Genesys Cloud Developer Center, Authorization: SAML2 bearer grant; RFC 7522 section 3";
const CODES: &str = "RFC 6749 section 4.1.3; RFC 7636 section 4.6";
const GUIDE: &str = "nothing of the vendor's: a guide says so, and the README under the guide dialect";
const EMULATOR: &str = "the emulator's README";

/// By rule, as the journal has it.
#[rustfmt::skip]
const RULES: &[(&str, &str, &str)] = &[
    // access tokens
    ("token.missing", "Send the access token as `Authorization: Bearer …`.", AUTHORIZATION),
    ("token.unknown", "Use the access token of this org's /oauth/token as it came; one from another emulator, or from before a reset, is worth nothing.", AUTHORIZATION),
    ("token.is_a_jwt", "Send the access token of /oauth/token; guest tokens and ID tokens open no API.", AUTHORIZATION),
    ("token.expired", "Fetch the next token before `exp` or `expires_in` is over, and drop the one that you have on a 401.", AUTHORIZATION),
    ("token.idle", "Use the token, or fetch another one: nobody has used it for longer than the org's idle timeout.", AUTHORIZATION),
    ("token.client_gone", "Use another client: this one was deleted, and its tokens with it.", AUTHORIZATION),
    ("token.client_inactive", "Switch the client on; as long as it is inactive its tokens are worth nothing.", AUTHORIZATION),
    ("token.user_gone", "Sign in as a user who is there.", AUTHORIZATION),
    ("token.revoked", "Fetch another access token; this one was taken back.", AUTHORIZATION),
    ("of.another.org", "Use the URL of the org that issued the token: its `url` keeps the prefix.", EMULATOR),
    ("scope.missing", "Grant the client the scope, and fetch another token: a token keeps the scopes that it was issued with.", SCOPES),
    ("scope.denied", "A fault denies the scope: take it away, or show people that an administrator has to grant it. Another token does not help.", SCOPES),
    ("permission.missing", "Give the client a role that has the permission; scopes do not help.", PERMISSIONS),
    ("permission.denied", "A fault denies the permission: take it away, or show people that a role is missing. Scopes do not help.", PERMISSIONS),
    ("rate_limit.exceeded", "Wait as long as `Retry-After` says before the next call, and keep tokens instead of fetching one for each.", LIMITS),
    ("rate_limit.injected", "A fault limits this: wait as long as `Retry-After` says, and do not let all clients come back at once.", LIMITS),
    // the token endpoint
    ("oauth.grant_type_missing", "Send `grant_type=client_credentials` in the form, or after a sign-in `grant_type=authorization_code`.", OAUTH),
    ("oauth.grant_type_unsupported", "Use a grant that the client has; client credentials bring no refresh token.", OAUTH),
    ("oauth.grant_not_allowed", "Use the client's own grant, or another client; client credentials bring no refresh token.", OAUTH),
    ("oauth.credentials_missing", "Send client id and secret as Basic credentials, or as `client_id` and `client_secret` in the form.", OAUTH),
    ("oauth.client_unknown", "Look at the client id: there is no such client in this region.", OAUTH),
    ("oauth.secret_wrong", "Look at the secret: the client is there, and this is not its secret.", OAUTH),
    ("oauth.client_inactive", "Switch the client on; it is inactive.", OAUTH),
    ("oauth.parameter_missing", "Send the parameter that is named.", OAUTH),
    ("oauth.code_unknown", "Exchange the code that came back to the redirect URI, at the emulator that issued it; after a reset sign in again.", CODES),
    ("oauth.code_revoked", "Sign in again: what the code was issued for was taken back.", CODES),
    ("oauth.code_expired", "Exchange the code at once: it lives a minute.", CODES),
    ("oauth.code_used", "Exchange a code once, and keep the tokens. A second attempt takes back what the first one brought, so sign in again.", CODES),
    ("oauth.code_of_another_client", "Exchange the code with the client id that asked for it.", CODES),
    ("oauth.redirect_uri_missing", "Repeat the `redirect_uri` of the sign-in when the code is exchanged.", CODES),
    ("oauth.redirect_uri_other", "Send the very `redirect_uri` that the sign-in had.", CODES),
    ("oauth.verifier_without_challenge", "Send no `code_verifier`, or ask for the code with `code_challenge`; without either a client proves itself by its secret.", CODES),
    ("oauth.verifier_missing", "Send the `code_verifier` whose challenge the sign-in had.", CODES),
    ("oauth.verifier_mismatch", "Keep the `code_verifier` until the code comes back: this is not the one whose challenge the sign-in had.", CODES),
    ("oauth.refresh_token_unknown", "Use the refresh token as it came from this org's /oauth/token, or sign in again.", OAUTH),
    ("oauth.refresh_token_revoked", "Sign in again: the refresh token was taken back. If those of the client work once, keep the one of each answer.", OAUTH),
    ("oauth.refresh_token_expired", "Sign in again: the refresh token is over.", OAUTH),
    ("oauth.refresh_token_of_another_client", "Refresh with the client that got the refresh token.", OAUTH),
    ("oauth.org_unknown", "Send the org's name as `orgName`.", SAML),
    ("oauth.assertion_malformed", "Send the assertion of SAML 2.0 as XML in base64; what is wrong is named.", SAML),
    ("oauth.assertion_version", "Send an assertion of SAML 2.0.", SAML),
    ("oauth.assertion_incomplete", "Let the identity provider put into the assertion what is named.", SAML),
    ("oauth.assertion_not_yet_valid", "Look at the clocks: the assertion begins later than the org's time.", SAML),
    ("oauth.assertion_expired", "Fetch a new assertion for each token: this one is over by the org's time.", SAML),
    ("oauth.assertion_audience", "Let the identity provider make the assertion out to the login host.", SAML),
    ("oauth.assertion_subject_unknown", "Let `NameID` be the address of a user of the org.", SAML),
    // where users sign in
    ("oauth.client_missing", "Send `client_id`.", AUTHORIZE),
    ("oauth.request_too_long", "Send less: the request is longer than anybody means.", AUTHORIZE),
    ("oauth.parameter_repeated", "Send each parameter once.", AUTHORIZE),
    ("oauth.redirect_uri_unknown", "Register the redirect URI for the client to the letter, or send one that is.", AUTHORIZE),
    ("oauth.invalid_request", "Send the parameter as it is expected; what is wrong is named.", AUTHORIZE),
    ("oauth.response_type_unsupported", "Ask for `code`, or for `token` with a client of the implicit grant.", AUTHORIZE),
    ("oauth.client_unauthorized", "Use a client of that grant, or its own response type: CODE goes with `code`, TOKEN with `token`.", AUTHORIZE),
    ("oauth.access_denied", "Expect `error` instead of a code: people cancel, and may be of another org.", AUTHORIZE),
    ("oauth.user_unknown", "Choose a user of the org.", AUTHORIZE),
    ("oauth.id_token_hint", "Leave the hint out.", AUTHORIZE),
    ("oauth.signature_failed", "Look at the emulator's log: its key cannot be used.", EMULATOR),
    ("oauth.body_unreadable", "Send the form as application/x-www-form-urlencoded.", OAUTH),
    // tokens as JWTs
    ("exp.missing", "Let the issuer say `exp`; a token without it is refused, not eternal.", JWT),
    ("exp.in.milliseconds", "Divide by 1,000: `exp` is in seconds since 1970, not in milliseconds.", JWT),
    ("token.not.yet.valid", "Look at the issuer's clock, or at `nbf`: the token is not good yet.", JWT),
    ("clock.skew", "Set the issuer's clock: `iat` lies ahead by more than is forgiven.", JWT),
    ("issuer.mismatch", "Let `iss` be the issuer to the letter: that of the discovery document, or the base URL that the token was fetched from.", ID_TOKEN),
    ("audience.mismatch", "Let the token be made out to this service: `aud` has to name it.", ID_TOKEN),
    ("sub.missing", "Let the provider say `sub`: without it nobody is meant.", ID_TOKEN),
    ("sub.unknown", "Let `sub` be the id or the address of a user of the org, or switch `subject: known` off.", GUIDE),
    ("alg.not.allowed", "Sign by RS256: secrets that are shared, and no signature at all, are refused.", JWS),
    ("signature.invalid", "Look at the key: it is not the one that signed. Use the discovery document rather than an uploaded key.", JWS),
    ("kid.unknown", "Fetch the key set again for an unknown `kid`, with patience: after a rotation caches are older than the key.", JWS),
    ("wrong.region", "Use the hosts of one region throughout: the token is of another.", AUTHORIZATION),
    ("revoked", "Fetch another token; this one was taken back.", MESSENGER),
    ("truncated", "Look at what shortens the token on its way, such as a column or a header that is too small.", JWS),
    ("oversized", "Put less into the token: headers and queries have limits.", JWS),
    ("token.malformed", "Send the JWT as it came, with its three parts.", JWS),
    ("permissions.missing", "Use the guest token as the platform made it.", GUIDE),
    ("webchat.missing", "Use the guest token as the platform made it.", GUIDE),
    ("guest.id.missing", "Verify `webchat.guestId` before the token is handed on, and ask for another one.", GUIDE),
    ("guest.unknown", "Ask for a new guest: nobody has this id here. Ids of another system are mapped by a data action.", GUIDE),
    ("guest_token.missing", "Fetch a guest token in the backend, and open the socket with it.", GUIDE),
    ("guest_token.is_an_access_token", "Keep the access token in the backend, and give the page a guest token instead.", GUIDE),
    ("guest_token.foreign", "Use a guest token of this org: tokens of an older chat, or of somebody else, open nothing here.", GUIDE),
    ("guest_token.key_unusable", "Look at the emulator's log: its key cannot be used.", EMULATOR),
    ("org.mismatch", "Let the claim `org` be the org's id.", GUIDE),
    // signing in
    ("nonce.missing", "Ask the provider for an ID token with the nonce that is sent along.", ID_TOKEN),
    ("nonce.mismatch", "Send the same nonce to the provider and to the exchange, and a new one for each sign-in.", ID_TOKEN),
    ("nonce.replayed", "Draw a new nonce for each sign-in; this one was used before.", ID_TOKEN),
    ("code.expired", "Exchange the code at once: it lives a minute.", CODES),
    ("code.reused", "Exchange a code once, and keep the JWT; sign in again for another one.", CODES),
    ("code.refused", "Sign in again: the provider does not know the code, or not for this client.", CODES),
    ("pkce.mismatch", "Send the `codeVerifier` whose challenge the sign-in had, and none if it had none.", CODES),
    ("redirect.mismatch", "Send the very `redirectUri` that the sign-in had.", CODES),
    ("max.age.exceeded", "Ask the person to sign in again: `prompt=login`.", ID_TOKEN),
    ("idp.unreachable", "Try again with patience, and offer the chat as a guest's meanwhile: the provider cannot be asked.", MESSENGER),
    ("implicit.not.supported", "Send a code, or let the integration allow the implicit flow.", MESSENGER),
    ("authentication.not.enabled", "Switch authentication on in the deployment, and name the integration.", DEPLOYMENTS),
    ("refresh.token.invalid", "Sign in again: the refresh token is over, or of another deployment.", MESSENGER),
    ("parameters.missing", "Send what is missing; it is named.", MESSENGER),
    // the socket
    ("deployment.unknown", "Look at the deployment's id, and at the region.", DEPLOYMENTS),
    ("deployment.inactive", "Switch the deployment on.", DEPLOYMENTS),
    ("origin.not_allowed", "Add the page's domain to the deployment's allowed domains.", DEPLOYMENTS),
    // legacy web chats
    ("chat_token.missing", "Send the JWT that came with the chat: `setJwt`. Clients whose logger overwrites it need `delete client.defaultHeaders.Authorization` after their first call.", WEB_CHAT),
    ("conversation.not_own", "Use the JWT that came with this very chat.", WEB_CHAT),
    ("conversation.over", "Begin another chat: the guest takes no part in this one any more.", WEB_CHAT),
    ("org.other", "Send the id of the org that has the deployment as `organizationId`.", WEB_CHAT),
    ("deployment.missing", "Send `deploymentId`: the org's settings require one.", WEB_CHAT),
    ("signed_data.missing", "Let your backend sign who the guest is by POST /api/v2/signeddata, and send the JWT as `memberAuthToken`.", WEB_CHAT),
    ("signed_data.bad", "Send the JWT of POST /api/v2/signeddata as it came, while it is good.", WEB_CHAT),
    ("flow.unknown", "Give the deployment a flow that is there, or none.", WEB_CHAT),
    ("queue.unknown", "Look at the queue: guests name it by its name, everybody else by its id.", WEB_CHAT),
    ("upgrade.required", "Open a WebSocket: `Connection: Upgrade`, `Upgrade: websocket`.", SOCKET),
    ("upgrade.malformed", "Open a WebSocket, and let the library write the handshake.", "RFC 6455 section 4.1"),
    ("socket.token_expired", "Open another socket with a fresh JWT, and configure it with the same session token; on this one every frame is refused from now on.", SOCKET),
    ("session.of_another_guest", "Open the socket with a JWT of the guest whose session it is, or configure another session token: each guest keeps an own one.", SOCKET),
    ("session.of_another_person", "Let the person sign in whose session it is, or configure another session token.", MESSENGER),
    ("session.not_authenticated", "Let the person sign in, and send configureAuthenticatedSession with the JWT: the deployment has no other sessions.", MESSENGER),
    ("frame.refused", "Read `code` and text of the error: they say what this frame lacks.", SOCKET),
    // OAuth clients
    ("client.not.found", "Look at the client's id: it was deleted, or is of another org.", CLIENTS),
    ("grant.type.required", "Say `authorizedGrantType`.", CLIENTS),
    ("bad.grant.type", "Say one of CODE, TOKEN, SAML2-BEARER and CLIENT-CREDENTIALS as `authorizedGrantType`.", CLIENTS),
    ("bad.client.role", "Give roles and divisions by ids that the org has, each role with a division.", CLIENTS),
    ("bad.client.state", "Make clients `active`, and switch them off later.", CLIENTS),
    ("missing.client.roles", "Give an application `roleDivisions`: scopes do not help it.", CLIENTS),
    ("missing.client.scope", "Give a client that speaks for users `scope`, by names of the platform.", CLIENTS),
    ("auth.invalid.scope", "Look the scope's name up in /api/v2/oauth/scopes.", CLIENTS),
    ("cannot.delete.client", "Switch the client off first, by PUT with `state: inactive`.", CLIENTS),
    // requests
    ("body.unreadable", "Send JSON as the operation wants it; what is wrong is named.", EMULATOR),
    ("body.malformed", "Send JSON as the operation wants it; what is wrong is named.", EMULATOR),
    ("body.refused", "Send a smaller body, and all of it.", EMULATOR),
    ("path.unserved", "Look at the path; if it is the vendor's, this emulator does not serve it.", EMULATOR),
    ("path.unknown", "Look at the path: nothing is there.", EMULATOR),
    ("method.unserved", "Look at the method; if it is the vendor's, this emulator does not serve it.", EMULATOR),
    ("method.not.allowed", "Look at the method.", EMULATOR),
    ("inject.unreadable", "Write `X-Emulator-Inject` as a status or an effect, such as `429;retryAfter=2`.", EMULATOR),
    ("upload.refused", "Send the file that was announced, to the URL and with the headers of the answer.", ATTACHMENTS),
    ("upload.tagging", "Send the headers that came with the URL.", ATTACHMENTS),
    ("url.unknown", "Ask for a new URL; this one was never given out, or is long forgotten.", ATTACHMENTS),
    ("data_action.unknown", "Look at the action's id.", "Genesys Cloud Resource Center: data actions"),
    ("data_action.input", "Send the member that the action asks for.", "Genesys Cloud Resource Center: data actions"),
];

/// What is advised about the rules of identity providers: their answers say what is wrong.
const OF_PROVIDERS: Advice = Advice {
    fix: "Read `error` and `error_description` of the provider's answer: they name what is wrong.",
    documented: "RFC 6749 sections 4.1.2.1 and 5.2; OpenID Connect Core 1.0 section 3.1.2.6",
};

/// By the code of an error frame of the messaging socket.
#[rustfmt::skip]
const FRAMES: &[(u64, &str, &str)] = &[
    (400, "Send what the action needs, after configureSession; the text of the error names what is missing.", SOCKET),
    (401, "Refresh the JWT, and configure the session with it again.", MESSENGER),
    (403, "Look at the deployment's configuration: the feature is switched off there.", DEPLOYMENTS),
    (409, "Begin a new conversation: this one is read-only.", SOCKET),
    (429, "Send less, and wait as long as `retryAfter` says.", LIMITS),
    (4006, "Configure the session again: it has expired, and the next one is new.", SOCKET),
    (4007, "Configure the session first.", SOCKET),
    (4011, "Keep texts within 4,096 bytes, which are fewer characters than that.", SOCKET),
    (4013, "Keep custom attributes within 2,048 bytes.", SOCKET),
    (4017, "Sign the person out first, or use another session token: a session that has signed in does not become a guest's.", MESSENGER),
];

/// By the effect of a fault that refuses nothing.
#[rustfmt::skip]
const EFFECTS: &[(&[&str], &str, &str)] = &[
    (&["deny_cors"], "Ask your own backend instead of another origin, or answer preflights there with the very origin.", "Fetch Standard: CORS protocol"),
    (&["set_headers"], "Look at the headers: caches and browsers go by them.", "RFC 9110, RFC 9111"),
    (&["delay", "stall", "bandwidth", "dribble", "slow_close", "hang_upgrade", "half_open"], "Give up after some time, and tell people what is going on meanwhile.", "RFC 9110 section 9.2.2"),
    (&["content_type", "invalid_json", "missing_field", "unknown_enum", "truncate", "malformed_chunk", "garbage"], "Look at status and content type before parsing, and expect members and values that are not known.", "RFC 9110 section 8"),
    (&["duplicate_delivery"], "Do what may come twice so that the second time changes nothing.", "RFC 9110 section 9.2.2"),
    (&["stale_read"], "Expect that reads are older than writes for a while.", "RFC 9111 section 4.2.4"),
    (&["skew_date"], "Go by your own clock with some patience; `Date` may be wrong.", "RFC 9110 section 6.6.1"),
    (&["rotate_keys"], "Fetch the key set again for an unknown `kid`, with patience.", JWS),
    (&["claims", "nonce"], "Verify each token before it is handed on, and ask for another one.", JWT),
    (&["drop_frame", "lose_ack", "duplicate_frame", "reorder_frames", "oversize_frame", "fragment_frame", "truncate_frame", "corrupt_frame"], "Know messages by their ids, order them by `channel.time`, and fetch the history after a gap.", SOCKET),
    (&["close_socket", "evict", "expire_session", "stop_pong", "stop_reading", "drop_subprotocol", "corrupt_upgrade"], "Open the socket again with longer and longer waits, and configure the session again.", SOCKET),
];

/// By the status of an answer that a fault made up.
#[rustfmt::skip]
const STATUSES: &[(u16, &str, &str)] = &[
    (401, "Fetch another token once, and tell people to sign in if that does not help.", AUTHORIZATION),
    (403, "Do not ask again with the same rights: show what is missing.", SCOPES),
    (429, "Wait as long as `Retry-After` says, and do not let all clients come back at once.", LIMITS),
    (503, "Try again later, with longer and longer waits, and stop some time.", "RFC 9110 section 15.6.4"),
];

/// What is advised about a rule.
pub fn of_rule(rule: &str) -> Option<Advice> {
    let found = RULES.iter().find(|(known, ..)| *known == rule);
    let of_provider = || rule.starts_with("idp.").then_some(OF_PROVIDERS);
    found.map(|(_, fix, documented)| Advice { fix, documented }).or_else(of_provider)
}

/// What is advised about an error frame of this code.
pub fn of_frame(code: u64) -> Option<Advice> {
    let found = FRAMES.iter().find(|(known, ..)| *known == code);
    found.map(|(_, fix, documented)| Advice { fix, documented })
}

/// What is advised about what an effect does without refusing anything.
pub fn of_effect(name: &str) -> Option<Advice> {
    let found = EFFECTS.iter().find(|(names, ..)| names.contains(&name));
    found.map(|(_, fix, documented)| Advice { fix, documented })
}

/// What is advised about an answer that a fault made up; no status is a connection that ended.
pub fn of_status(status: Option<u16>) -> Advice {
    let known = STATUSES.iter().find(|(known, ..)| Some(*known) == status);
    match (known, status) {
        (Some((_, fix, documented)), _) => Advice { fix, documented },
        (None, Some(500..)) => of_status(Some(503)),
        (None, Some(_)) => Advice {
            fix: "Read status and body before anything else is taken for granted.",
            documented: EMULATOR,
        },
        (None, None) => Advice {
            fix: "Ask again only what may be done twice, or look first whether it was done.",
            documented: "RFC 9110 section 9.2.2",
        },
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use super::*;

    /// Where tokens, clients and people are refused, and the words before the name of a rule there.
    const SOURCES: [(&str, &str); 22] = [
        ("domain/exchange.rs", "=> \""),
        ("domain/handshake.rs", "=> \""),
        ("domain/guest_token.rs", "=> \""),
        ("ops/guest_token.rs", "=> \""),
        ("ops/access.rs", "Refusal::new(\""),
        ("ops/access.rs", ": &str = \""),
        ("ops/guest.rs", "Refusal::new(\""),
        ("ops/oauth/mod.rs", "Refusal::new(\""),
        ("ops/limits.rs", "Refusal::new(\""),
        ("ops/oauth/authorize.rs", "=> \""),
        ("ops/oauth/authorize.rs", "Refusal::new(\""),
        ("ops/oauth/session.rs", "=> \""),
        ("ops/oauth/lookup.rs", " [\""),
        ("ops/oauth/grant/authorization_code.rs", "=> \""),
        ("ops/oauth/grant/refresh_token.rs", "Refusal::new(\""),
        ("ops/oauth/grant/saml2_bearer.rs", "=> \""),
        ("ops/messaging.rs", "rule: \""),
        ("domain/session/configure.rs", "rule: \""),
        ("domain/frame.rs", "rule: \""),
        ("ops/web_chat/create.rs", "=> \""),
        ("ops/web_chat/access.rs", "Refusal::new(\""),
        ("ops/web_chat/event_stream.rs", "Refusal::new(\""),
    ];

    #[test]
    fn every_rule_by_which_tokens_clients_and_people_are_refused_has_advice_and_one_alone() {
        let mut rules = BTreeSet::new();
        for (file, before) in SOURCES {
            let path = format!("{}/src/{file}", env!("CARGO_MANIFEST_DIR"));
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let found = code.split(before).skip(1).filter_map(|rest| rest.split_once('"'));
            // what is made into something else is no rule
            let found = found.filter(|(_, after)| after.starts_with([',', ';', ' ']));
            rules.extend(found.map(|(rule, _)| rule.to_owned()));
        }
        assert!(rules.len() > 40, "{rules:?}");
        let unknown: Vec<_> = rules.iter().filter(|rule| of_rule(rule).is_none()).collect();
        assert!(unknown.is_empty(), "nothing is advised about {unknown:?}");
        let once: BTreeSet<_> = RULES.iter().map(|(rule, ..)| *rule).collect();
        assert_eq!(once.len(), RULES.len());
    }
}
