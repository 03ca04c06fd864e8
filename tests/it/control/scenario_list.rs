//! `/scenarios`: what is built in.

use insta::assert_snapshot;

use crate::support::TestEmulator;

#[tokio::test]
async fn the_built_in_ones_are_listed_with_their_summaries() {
    let emulator = TestEmulator::start().await;
    let listed = emulator.client.admin("GET", "/scenarios", None).await.json();
    let lines: Vec<_> = listed["entities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{}: {}", one["name"].as_str().unwrap(), one["summary"].as_str().unwrap()))
        .collect();
    assert_snapshot!(lines.join("\n"), @"
    default: One org with clients for every right and every lack of one, a bot that answers guests, and an identity provider.
    bandwidth: The configuration of a deployment comes at 200 bytes a second of the org's time.
    claims: The first guest token has an exp in milliseconds, the next ones are right.
    close_connection: The set of keys breaks off after 40 bytes, and the connection ends as if nothing was wrong.
    close_socket: The socket is closed with 1011 when the guest's second message comes.
    content_type: The API answers JSON and says that it is a page.
    corrupt_frame: The body of the first message to the client is null.
    corrupt_upgrade: The first upgrade is answered with a Sec-WebSocket-Accept of another key.
    delay: The token endpoint takes 30 seconds of the org's time.
    deny_cors: No page may read what the API answers.
    deny_permission: Every client lacks the permission webchat:guest:edit, whatever its roles say.
    deny_scope: Every client lacks the scope webchat:guest:write, whatever it was granted.
    dribble: The set of keys comes in four pieces, over half a minute of the org's time.
    drop_frame: The second message to the client is lost on its way; the history has it.
    drop_subprotocol: The answer to an upgrade names no subprotocol, whatever the client offered.
    duplicate_delivery: The first guest is made twice, as by a proxy that tries again.
    duplicate_frame: Every message to the client comes twice.
    error_frame: The guest's first message is refused because it is too long, whatever its length.
    evict: After the guest's second message its connection is closed, as by a fourth tab.
    expire_session: The session expires when the guest's second message comes.
    expired_certificate: The certificate of the API was over yesterday.
    fragment_frame: Every frame to the client comes in fragments of 16 bytes.
    garbage: The token endpoint answers sixteen bytes that are no HTTP, once.
    half_open: After the guest's second message its connection is dead, and nobody tells the client.
    hang_upgrade: The first upgrade is never answered.
    invalid_json: Half of the first access token is there, and HTTP says nothing of it.
    limit_connections: A deployment takes one socket at a time; the second upgrade is refused with 403.
    lose_ack: The guest's first message is taken in and answered, but its echo is lost.
    lose_response: The guest is made, and the connection ends before the answer.
    malformed_chunk: The configuration of a deployment comes in chunks, the second of which has no length.
    missing_field: Access tokens come without their lifetime.
    nonce: The first ID token of the identity provider has another nonce than was sent, the next ones are right.
    oversize_frame: The first message to the client is a frame of 256 KiB.
    quota: Each client may make two guest tokens a day; the third is answered 429 until midnight.
    rate_limit: Each client may make three guest tokens a minute; the fourth is answered 429 with Retry-After.
    refuse_connection: The first three connections are reset before anything is read of them, whichever org they were for.
    refuse_handshake: Whoever asks for the API over TLS is refused with an alert.
    reorder_frames: Messages to the client leave in another order, three at a time, after half a second at the latest.
    reset: The guest token is made, then the connection is reset before the answer arrives.
    reset_handshake: The first handshake of TLS with the login host is reset in the middle.
    respond: The guest API is unavailable twice, then it works.
    rotate_keys: The signing key is replaced just before the second guest token is made, and the old one is gone at once.
    set_headers: The key set of the platform may not be cached, and has no tag to ask for it again.
    skew_date: The answers of the token endpoint are dated ten minutes ahead.
    slow_close: The connection of a token request is not closed for ten seconds of the org's time.
    slow_handshake: The handshake of TLS with the messaging host takes five seconds.
    stale_read: A guest is read as it was when it was read the last time.
    stall: The set of keys stops after its head and goes on twenty seconds of the org's time later.
    stop_pong: From the guest's first message on, pings of its connection are not answered.
    stop_reading: After the guest's first message nothing of its connection is read for ten seconds of the org's time.
    truncate: Half of the set of keys comes, and then the end of the connection.
    truncate_frame: The first message to the client ends in the middle of its JSON.
    unknown_enum: The token is of a type that no client knows.
    untrusted_certificate: The messaging host shows a certificate of somebody whom nobody trusts.
    wrong_host: The login host shows the certificate of another one.
    access-token-at-the-socket: The access token of a backend works for every API call, and the messaging socket wants a guest token.
    access-token-expires: Access tokens of the guest client live ten minutes, so that a proxy which keeps one for good is refused while you watch.
    audience-of-another-service: The socket takes the provider's JWTs that are made out to web messaging, and the shop's own have the shop as audience.
    broad-scopes: A client that was made for another integration has every scope, so that whoever steals its secret reads more than guests.
    chat-with-bot: A bot welcomes whoever comes, takes its time to look up an order, and understands buttons and half sentences.
    clock-skew: The provider's clock is ahead of the platform's, by more than the platform forgives, once.
    code-exchange-lost: The answer to the exchange of a code is lost on its way, so that an app which tries the same code again is refused, and takes back the tokens that it never saw.
    cors-denied: The token endpoint answers pages without a word of CORS, as a proxy does that forgot about preflights.
    cors-wildcard: A proxy lets every origin read its answers by `*`, which browsers do not take from requests with cookies.
    exp-in-milliseconds: The identity provider counts the first ID token's exp in milliseconds; the next sign-in goes well.
    former-customer: Customers have ids of an older chat, and the platform knows them by a data action alone.
    fourth-tab-evicts-first: A guest who opens the page a fourth time loses the first tab, and the bot says at once which tabs still listen.
    ghost-conversation: A page lets its guest chat before the sign-in is finished, and the platform knows one person as two contacts for good.
    guest-429: A busy page runs into the guest API's limit, and the token endpoint stumbles on the retry.
    guest-claims-missing: The first guest token does not say which guest it is for, though its signature and times are good.
    guest-token-without-exp: The first guest token has no exp, which a careless verifier takes for a token that never expires.
    handover-to-agent: The bot hands over to the queue when the guest asks for a human, who takes over with the first word said by hand.
    hs256-refused: The identity provider signs its ID tokens by HS256, and the platform takes none of them.
    html-instead-of-json: Twice the guest API is answered by a gateway's page in HTML, which no JSON parser likes.
    idp-down: People can sign in, but the identity provider answers 503 when the platform redeems their codes; after three times it is back.
    issuer-without-scheme: Guest tokens name their issuer and audience as the guide's prose does, and a verifier that was copied from its code refuses them.
    jwks-cached-for-a-day: The key set of the identity provider may be cached for a day, though its keys are rotated each hour.
    jwks-empty: The key set of the identity provider has no keys, once.
    jwks-huge: The key set of the identity provider is blown up to eight megabytes, once.
    jwks-malformed: The key set of the identity provider ends in the middle of its first key, once.
    jwks-rotated-under-you: A key rotates under whoever kept the old set, the platform's after three guest tokens, the identity provider's after the first exchange.
    jwks-slow: The key set of the identity provider takes ten seconds, once.
    jwks-unavailable: The key set of the identity provider cannot be had, once.
    jwks-without-cache-headers: The key set of the identity provider comes without a word about caching.
    legacy-token-refused: The messaging deployment demands a guest token, so that a widget that still brings the token of an older chat gets 403.
    lifetime-too-short: The provider's ID tokens live one minute, and the platform takes none that lives less than five.
    lost-answer: The first guest is made and the answer is lost, so that whoever asks again may make the same person twice.
    maintenance-window: Half an hour after the first session begins every socket is closed for maintenance, and the API is down for two minutes.
    message-ids-demanded: Every block of a guest's message needs an id of its own, as some say the platform demands, and old payloads have none.
    no-refresh-token: Client credentials bring no refresh token, whatever the client's settings seem to promise, and access tokens live ten minutes.
    nonce-mismatch-once: The socket wants the nonce of its challenge in the identity provider's JWT, which has another one the first time.
    opaque-access-token: The access tokens of one client are JWTs, as many a stand-in makes them, and those of the other are opaque, as the platform's are.
    org-missing-in-jwt: The deployment wants to read in the provider's JWT which org it is for, and most providers know nothing of orgs.
    permission-403: The client has every scope, and its roles lack the permission, which is another 403 with another remedy.
    personal-data-in-attributes: Custom attributes of a guest go as they come, into a token that every page can read and to everybody who may look at guests.
    read-only-after-disconnect: The bot ends the conversation after one answer, and the session is read-only until the guest starts a new one.
    scope-403: The token is good, but its client lacks the scope for guest tokens until an administrator grants it ten minutes later.
    scope-missing-in-jwt: The deployment wants a scope in the provider's JWT that the provider does not put there unless it is asked for.
    session-expires-mid-chat: A session lives fifteen minutes after the last message, so that it expires while a guest thinks about the answer.
    short-guest-tokens: Guest tokens live two minutes, so that they expire in mid-chat while you watch.
    sign-in-switched-off: The integration is there and trusted, and authentication is not switched on in the deployment.
    sub-missing: The first ID token does not say whom it is for, and nobody can be a person without a sub.
    subject-of-nobody: The socket takes only tokens whose sub is a user's id or address, so that a customer's own number is refused.
    token-expires-mid-conversation: The JWT of a person expires while the person types, every frame is refused with 401, and a refresh brings the conversation back.
    token-stampede: A client gets three access tokens a minute, so that a proxy which fetches one for each guest runs dry at the fourth.
    too-many-sockets: The deployment takes two sockets at a time, and a third one is forbidden though its token is good.
    two-devices-one-history: A person signs in on the phone and then on the desk; both stay, share one session and read one history.
    unordered-replies: Messages come to the guest in another order than they were said in, as the platform may deliver them.
    upgrade-blocked: Something between page and platform spoils the first 101, as proxies do that do not know WebSockets.
    upload-refused: The deployment takes only PNG images of up to 100 KB, so that most uploads are refused before or after they are sent.
    uploaded-key-does-not-fit: The integration holds a public key that somebody uploaded by hand, and the identity provider signs with another one.
    user-token-idles: A user's token that nobody uses for ten minutes is worth nothing, long before its end, so that a page which goes by expires_in is refused after lunch.
    wrong-audience: The first guest token is made out to somebody else, and only a backend that verifies it before it hands it on notices in time.
    wrong-domain: The deployment is for pages of shop.example.test, so that the same page on a developer's machine is refused.
    ");
}
