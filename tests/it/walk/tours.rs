//! What is done in two worlds, to see whether anything differs: steps of a script, none of which expects much.

/// All of them, by name.
pub const TOURS: &[(&str, &str)] = &[
    ("TOKEN", TOKEN),
    ("GUEST", GUEST),
    ("CONFIG", CONFIG),
    ("CHAT", CHAT),
    ("HISTORY", HISTORY),
    ("SIGN_IN", SIGN_IN),
    ("IMPLICIT", IMPLICIT),
    ("KEYS", KEYS),
    ("HANDSHAKE", HANDSHAKE),
    ("PROVIDER", PROVIDER),
    ("EXTERNAL", EXTERNAL),
    ("LOGIN", LOGIN),
    ("WEB_CHAT", WEB_CHAT),
];

/// A client's token, and what it is worth.
const TOKEN: &str = "
- http: POST /oauth/token
  form: { grant_type: client_credentials, client_id: emulator-guest-client, client_secret: emulator-guest-secret }
  capture: { access: body.access_token }
- { http: GET /api/v2/tokens/me, bearer: '${access}', expect: &any { status: { present: true } }, times: 2 }
- { http: POST /oauth/token, client: readonly, form: { grant_type: client_credentials }, capture: { access: body.access_token } }
- { http: GET /api/v2/organizations/me, bearer: '${access}', expect: *any }
- { admin: GET /orgs, expect: *any }
";

/// Guests, their tokens, and what they lead to.
const GUEST: &str = "
- http: POST /oauth/token
  client: guest
  form: { grant_type: client_credentials }
  capture: { access: body.access_token }
- { http: POST /api/v2/webchat/guest, bearer: '${access}', json: { name: Ann }, capture: { jwt: body.access_token } }
- { http: POST /api/v2/webchat/guest, bearer: '${access}', json: { name: Bea }, expect: &any { status: { present: true } } }
- { open: '/v1?deploymentId=00000000-0000-4000-8000-0000000000cb&token=${jwt}', expect: *any }
- clock: { advance: 24h }
- { http: GET /.well-known/jwks.json, expect: *any }
";

/// The published configuration.
const CONFIG: &str = "
- http: GET /webdeployments/v1/deployments/00000000-0000-4000-8000-0000000000cc/config.json
  expect: { status: { present: true } }
";

/// A guest who chats, with everything that can be said.
const CHAT: &str = "
- open: /v1?deploymentId=00000000-0000-4000-8000-0000000000cc
  headers: { origin: http://page.example.test }
  expect: &any { status: { present: true } }
- { open: /v1?deploymentId=00000000-0000-4000-8000-0000000000cc, socket: second, expect: *any }
- { send: &configure { action: configureSession, deploymentId: 00000000-0000-4000-8000-0000000000cc, token: 11111111-1111-4111-8111-111111111111 }, socket: socket }
- { send: *configure }
- send: &say { action: onMessage, token: 11111111-1111-4111-8111-111111111111, message: { type: Text, text: hello } }
- send: *say
- { send: { action: onMessage, token: 11111111-1111-4111-8111-111111111111, message: { type: Structured, text: x, content: [ { contentType: ButtonResponse, buttonResponse: { text: a, payload: a, type: QuickReply } } ] } } }
- clock: { advance: 1s }
- send: &echo { action: echo, token: 11111111-1111-4111-8111-111111111111, message: { type: Text, text: '?' } }
- send: *echo
- clock: { advance: 1s }
- send: { action: onMessage, token: 11111111-1111-4111-8111-111111111111, message: { type: Text, text: agent } }
- clock: { advance: 1s }
- { admin: GET /conversations, capture: { id: body.entities.0.id } }
- { admin: 'POST /conversations/${id}/messages', json: { text: I am here }, expect: *any }
- { admin: 'GET /conversations/${id}', expect: *any }
- { admin: 'POST /conversations/${id}/disconnect', json: {}, expect: *any }
- clock: { advance: 1s }
- send: *say
- clock: { advance: 1s }
- { send: { action: onMessage, token: 11111111-1111-4111-8111-111111111111, message: { type: Event, events: [ { eventType: Presence, presence: { type: Clear } } ] } } }
- clock: { advance: 73h }
";

/// What was said, fetched.
const HISTORY: &str = "
- open: /v1?deploymentId=00000000-0000-4000-8000-0000000000cc
- send: { action: configureSession, deploymentId: 00000000-0000-4000-8000-0000000000cc, token: 11111111-1111-4111-8111-111111111111 }
  expect: { class: SessionResponse }
- send: { action: getJwt, token: 11111111-1111-4111-8111-111111111111 }
  expect: { class: JwtResponse }
  capture: { jwt: body.jwt }
- { http: GET /api/v2/webmessaging/messages, bearer: '${jwt}', expect: { status: { present: true } }, times: 2 }
";

/// A guest who signs in during the chat, and then on another device.
const SIGN_IN: &str = "
- open: /v1?deploymentId=00000000-0000-4000-8000-0000000000cc
- send: { action: configureSession, deploymentId: 00000000-0000-4000-8000-0000000000cc, token: 11111111-1111-4111-8111-111111111111 }
  expect: { class: SessionResponse }
- send: { action: onMessage, token: 11111111-1111-4111-8111-111111111111, message: { type: Text, text: hello } }
- clock: { advance: 1s }
- { signIn: &alice { person: alice }, capture: &kept { code: code, verifier: codeVerifier, back: redirectUri } }
- http: POST /api/v2/webdeployments/token/oauthcodegrantjwtexchange
  json: &exchange { deploymentId: 00000000-0000-4000-8000-0000000000cc, oauth: { code: '${code}', redirectUri: '${back}', codeVerifier: '${verifier}' } }
  capture: { jwt: body.jwt, refresh: body.refreshToken }
- send: { action: configureAuthenticatedSession, deploymentId: 00000000-0000-4000-8000-0000000000cc, token: 11111111-1111-4111-8111-111111111111, data: { code: '${jwt}' } }
- send: { action: onMessage, token: 11111111-1111-4111-8111-111111111111, message: { type: Text, text: It is me } }
- clock: { advance: 1s }
- { admin: GET /contacts, expect: &any { status: { present: true } } }
- { signIn: *alice, capture: *kept }
- { http: POST /api/v2/webdeployments/token/oauthcodegrantjwtexchange, json: *exchange, capture: { jwt: body.jwt } }
- { open: /v1?deploymentId=00000000-0000-4000-8000-0000000000cc, socket: desk }
- send: { action: configureAuthenticatedSession, deploymentId: 00000000-0000-4000-8000-0000000000cc, token: 22222222-2222-4222-8222-222222222222, data: { code: '${jwt}' } }
- clock: { advance: 20m }
- send: { action: echo, token: 22222222-2222-4222-8222-222222222222, message: { type: Text, text: '?' } }
- { admin: GET /conversations, capture: { id: body.entities.0.id } }
- { admin: 'GET /conversations/${id}', expect: *any }
- { http: POST /api/v2/webdeployments/token/refresh, json: { refreshToken: '${refresh}' }, expect: *any }
";

/// An ID token in the place of a code.
const IMPLICIT: &str = "
- { signIn: { person: alice, responseType: id_token, nonce: n-1 }, capture: { token: id_token } }
- http: POST /api/v2/webdeployments/token/oauthcodegrantjwtexchange
  json: { deploymentId: 00000000-0000-4000-8000-0000000000cc, oauth: { idToken: '${token}', nonce: n-1 } }
  expect: { status: { present: true } }
";

/// Keys of the provider that are rotated under the platform.
const KEYS: &str = "
- { admin: POST /faults, json: { when: { path: /idp/main/jwks }, effect: { set_headers: { set: { cache-control: max-age=3600 } } } } }
- { signIn: &alice { person: alice }, capture: &kept { code: code, verifier: codeVerifier, back: redirectUri } }
- &exchange
  http: POST /api/v2/webdeployments/token/oauthcodegrantjwtexchange
  json: { deploymentId: 00000000-0000-4000-8000-0000000000cc, oauth: { code: '${code}', redirectUri: '${back}', codeVerifier: '${verifier}' } }
  expect: { status: { present: true } }
- &rotate { admin: 'POST /keys/idp:main/rotate', json: { mode: hard } }
- &again { signIn: *alice, capture: *kept }
- *exchange
- *rotate
- *again
- *exchange
- clock: { advance: 6m }
- *rotate
- *again
- *exchange
";

/// A JWT of the provider at the socket.
const HANDSHAKE: &str = "
- { signIn: { person: alice, client: genesys-cloud-web-messaging }, capture: { code: code, verifier: codeVerifier, back: redirectUri } }
- http: POST /idp/main/token
  form: { grant_type: authorization_code, code: '${code}', redirect_uri: '${back}', code_verifier: '${verifier}', client_id: genesys-cloud-web-messaging }
  expect: { status: { present: true } }
- { signIn: { person: alice, client: genesys-cloud-web-messaging, responseType: id_token }, capture: { token: id_token } }
- { open: '/v1?deploymentId=00000000-0000-4000-8000-0000000000cd&token=${token}', expect: { status: { present: true } } }
";

/// The provider itself.
const PROVIDER: &str = "
- { http: GET /idp/main/.well-known/openid-configuration, expect: &any { status: { present: true } } }
- http: POST /idp/main/login
  form: { request: 'client_id=messenger&response_type=code&scope=openid&redirect_uri=http://localhost/cb&state=s', username: alice, password: alice }
  expect: *any
- { http: 'GET /idp/main/authorize?client_id=messenger&response_type=code&scope=openid&redirect_uri=http://localhost/cb&state=s&prompt=none&login_hint=alice', expect: *any }
- { signIn: { person: alice, scope: openid profile email offline_access }, capture: { code: code, verifier: codeVerifier, back: redirectUri } }
- clock: { advance: 30s }
- http: POST /idp/main/token
  form: { grant_type: authorization_code, code: '${code}', redirect_uri: '${back}', code_verifier: '${verifier}', client_id: messenger, client_secret: messenger-secret }
  capture: { access: body.access_token, refresh: body.refresh_token, token: body.id_token }
- { http: GET /idp/main/userinfo, bearer: '${access}', expect: *any }
- { http: 'GET /idp/main/end_session?id_token_hint=${token}&post_logout_redirect_uri=http://localhost/bye', expect: *any }
- http: POST /idp/main/token
  form: { grant_type: refresh_token, refresh_token: '${refresh}', client_id: messenger, client_secret: messenger-secret }
  expect: *any
- clock: { advance: 12h }
- http: POST /idp/main/token
  form: { grant_type: refresh_token, refresh_token: '${refresh}', client_id: messenger, client_secret: messenger-secret }
  expect: *any
";

/// People of other systems.
const EXTERNAL: &str = "
- { http: POST /oauth/token, client: main, form: { grant_type: client_credentials }, capture: { access: body.access_token } }
- { http: GET /api/v2/externalcontacts/externalsources, bearer: '${access}', expect: &any { status: { present: true } } }
- { http: POST /api/v2/integrations/actions/a/execute, bearer: '${access}', json: { externalId: 7, firstName: Ann }, expect: *any }
- { http: GET /api/v2/externalcontacts/contacts, bearer: '${access}', expect: *any }
";

/// Users who sign in at the platform, and what they may.
const LOGIN: &str = "
- { signIn: { user: '' }, capture: { code: code, verifier: codeVerifier, back: redirectUri } }
- http: POST /oauth/token
  form: { grant_type: authorization_code, code: '${code}', redirect_uri: '${back}', code_verifier: '${verifier}', client_id: emulator-code-client, client_secret: emulator-code-secret }
  capture: { access: body.access_token, refresh: body.refresh_token }
- { http: GET /api/v2/tokens/me, bearer: '${access}', expect: &any { status: { present: true } } }
- { http: GET /api/v2/externalcontacts/contacts, bearer: '${access}', expect: *any }
- { http: GET /api/v2/authorization/subjects/me, bearer: '${access}', expect: *any }
- http: POST /oauth/token
  client: code
  form: { grant_type: refresh_token, refresh_token: '${refresh}' }
  expect: *any
- { http: POST /oauth/token, client: main, form: { grant_type: client_credentials }, capture: { own: body.access_token } }
- { http: GET /api/v2/authorization/roles, bearer: '${own}', expect: *any }
- { http: GET /api/v2/authorization/divisions, bearer: '${own}', expect: *any }
- clock: { advance: 10m }
- { http: GET /api/v2/tokens/me, bearer: '${access}', expect: *any }
";

/// A legacy web chat, from a page and from somewhere else, and where it comes in.
const WEB_CHAT: &str = "
- http: POST /oauth/token
  client: main
  form: { grant_type: client_credentials }
  capture: { access: body.access_token }
- { http: GET /api/v2/webchat/deployments, bearer: '${access}', expect: &any { status: { present: true } } }
- http: POST /api/v2/webchat/guest/conversations
  headers: { origin: http://page.example.test }
  json: { organizationId: 00000000-0000-4000-8000-0000000000aa, deploymentId: 00000000-0000-4000-8000-0000000000cf, routingTarget: &target { targetType: QUEUE, targetAddress: Chat Queue }, memberInfo: &member { displayName: Jo } }
  expect: *any
- http: POST /api/v2/webchat/guest/conversations
  json: { organizationId: 00000000-0000-4000-8000-0000000000aa, routingTarget: *target, memberInfo: *member }
  expect: *any
  capture: { id: body.id, jwt: body.jwt }
- { http: 'GET /api/v2/webchat/guest/conversations/${id}/members', headers: { authorization: '[REDACTED]' }, expect: *any }
- { open: '/v1/token/${jwt}', expect: *any }
";
