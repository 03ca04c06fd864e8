//! `scopeChecks`: whose scopes are looked at, and what scopes there are.

use insta::assert_snapshot;

use super::{access::load_error, post_guest};
use crate::{
    login::{REDIRECT_URI, code},
    support::TestEmulator,
};

/// Statuses of `POST /api/v2/webchat/guest` (guide dialect) and `GET /api/v2/tokens/me` (vendor) for a client that
/// has every permission and these scopes.
async fn statuses(checks: &str, scopes: &str) -> (u16, u16) {
    let yaml = format!(
        "
name: checks
world:
  orgs:
    - {checks}
      clients:
        it: {{ id: it, secret: it, scopes: {scopes}, permissions: ['*'] }}
"
    );
    let emulator = TestEmulator::yaml(&yaml).await;
    let token = emulator.token("it", "it").await;
    let dialect = post_guest(&emulator, &token, "{}").await.status;
    (dialect, emulator.client.get("/api/v2/tokens/me", Some(&token)).await.status)
}

#[tokio::test]
async fn by_default_the_dialect_checks_applications_and_the_vendor_does_not() {
    assert_eq!(statuses("name: x", "[]").await, (403, 200));
    assert_eq!(statuses("scopeChecks: dialect", "[]").await, (403, 200));
    assert_eq!(statuses("scopeChecks: dialect", "[webchat:guest:write]").await, (200, 200));
}

#[tokio::test]
async fn user_never_checks_applications_all_always_and_off_nobody() {
    assert_eq!(statuses("scopeChecks: user", "[]").await, (200, 200));
    assert_eq!(statuses("scopeChecks: off", "[]").await, (200, 200));
    assert_eq!(statuses("scopeChecks: all", "[]").await, (403, 403));
    assert_eq!(statuses("scopeChecks: all", "[user-basic-info]").await, (403, 200));
    assert_eq!(statuses("scopeChecks: all", "[webchat:guest:write, user-basic-info]").await, (200, 200));
}

/// The same for the token of a user who has every permission.
async fn statuses_of_user(checks: &str, scopes: &str) -> (u16, u16) {
    let yaml = format!(
        "
name: checks
world:
  orgs:
    - {checks}
      roles: {{ everything: {{ permissions: ['*'] }} }}
      users: {{ agent: {{ roles: [everything] }} }}
      clients:
        it: {{ id: it, secret: it, grant: CODE, scopes: {scopes}, redirectUris: ['{REDIRECT_URI}'], signsIn: agent }}
"
    );
    let emulator = TestEmulator::yaml(&yaml).await;
    let code = code(&emulator, &[("client_id", "it")]).await;
    let form = format!(
        "grant_type=authorization_code&code={code}&redirect_uri={REDIRECT_URI}&client_id=it&client_secret=it"
    );
    let answer = emulator.client.post_form("/oauth/token", &form).await.json();
    let token = answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}"));
    let dialect = post_guest(&emulator, token, "{}").await.status;
    (dialect, emulator.client.get("/api/v2/tokens/me", Some(token)).await.status)
}

#[tokio::test]
async fn users_are_checked_unless_nobody_is() {
    for checks in ["name: x", "scopeChecks: dialect", "scopeChecks: user", "scopeChecks: all"] {
        assert_eq!(statuses_of_user(checks, "[]").await, (403, 403), "{checks}");
        let both = "[webchat:guest:write, user-basic-info]";
        assert_eq!(statuses_of_user(checks, both).await, (200, 200), "{checks}");
    }
    assert_eq!(statuses_of_user("scopeChecks: user", "[user-basic-info]").await, (403, 200));
    assert_eq!(statuses_of_user("scopeChecks: off", "[]").await, (200, 200));
}

#[tokio::test]
async fn wildcards_cover_what_lies_below_them() {
    for (scopes, status) in [
        ("['webchat:guest:*']", 200),
        ("['webchat:*']", 200),
        ("['webchat:*:write']", 200),
        ("['*']", 200),
        ("[all]", 200),
        ("['webchat:visitor:*']", 403),
        ("['*:guest:read']", 403),
        ("[web-chat]", 403),
    ] {
        assert_eq!(statuses("name: x", scopes).await.0, status, "{scopes}");
    }
}

#[tokio::test]
async fn the_vendors_403_of_a_scope_names_the_vendors_scope() {
    let emulator = TestEmulator::yaml("name: all\nworld: { orgs: [{ scopeChecks: all }] }").await;
    let token = emulator.token("emulator-readonly-client", "emulator-readonly-secret").await;
    let answer = emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
    assert_eq!(answer.status, 403);
    assert_snapshot!(answer.text, @r#"{"message":"App not authorized to use scope user-basic-info","code":"app.not.authorized.for.scope","status":403,"messageParams":{"scope":"user-basic-info"},"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"user-basic-info","reason":"Client emulator-readonly-client has no scope user-basic-info","rule":"scope.missing","seen":"webchat:guest:read"}"#);
}

#[tokio::test]
async fn a_scope_that_nobody_knows_does_not_load() {
    let of = |scope: &str| {
        format!(
            "name: x\nworld:\n  orgs:\n    - clients:\n        main:\n          scopes: [users, \"{scope}\"]\n"
        )
    };
    assert_snapshot!(load_error(&of("webchat:gest:write")).await, @r#"
    scenario file.yaml: error: line 6 column 27: unknown scope `webchat:gest:write`, did you mean `webchat:guest:write`?
     --> <input>:6:27
      |
    4 |     - clients:
    5 |         main:
    6 |           scopes: [users, "webchat:gest:write"]
      |                           ^ unknown scope `webchat:gest:write`, did you mean `webchat:guest:write`?
    "#);
    assert_snapshot!(load_error(&of("something:else:entirely")).await, @r#"
    scenario file.yaml: error: line 6 column 27: unknown scope `something:else:entirely`; expected a scope of the platform or of the guide
     --> <input>:6:27
      |
    4 |     - clients:
    5 |         main:
    6 |           scopes: [users, "something:else:entirely"]
      |                           ^ unknown scope `something:else:entirely`; expected a scope of the platform or of the guide
    "#);
    assert_snapshot!(load_error(&of("foo:*")).await, @r#"
    scenario file.yaml: error: line 6 column 27: unknown scope `foo:*`; expected a scope of the platform or of the guide
     --> <input>:6:27
      |
    4 |     - clients:
    5 |         main:
    6 |           scopes: [users, "foo:*"]
      |                           ^ unknown scope `foo:*`; expected a scope of the platform or of the guide
    "#);
}

#[tokio::test]
async fn the_scopes_of_the_origin_material_load() {
    let scopes = "[webmessaging:all, 'digital:read', 'interaction:write', 'interaction:read', 'webphone:use', \
                  'routing:user', 'webchat:visitor:read', 'webmessaging:guest:create', \
                  'messaging:webmessaging:write', 'conversation:webchat:write', 'user:read', 'webchat:guest:write', \
                  'admin:read', 'conversation:any:write']";
    assert_eq!(statuses("name: x", scopes).await, (200, 200));
}
