//! Identity providers in scenario files.

use insta::assert_snapshot;

use genesys_emulator::Emulator;

use crate::support::scenario;

/// Why an emulator with these providers does not start.
async fn refused(providers: &str) -> String {
    let text = format!("name: x\nworld: {{ orgs: [{{ identityProviders: {providers} }}] }}\n");
    let file = scenario::file(&text);
    let path = scenario::path(&file);
    let error = Emulator::builder().scenario(path).start().await.err().unwrap();
    error.to_string().replace(path, "x.yaml").lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn what_cannot_be_meant_is_explained_by_name() {
    let mut said = String::new();
    for providers in [
        "{ 'a/b': {} }",
        "{ main: { algoritm: ES256 } }",
        "{ main: { algorithm: es256 } }",
        "{ main: { algorithm: PS256 } }",
        "{ main: { tokenLifetime: soon } }",
        "{ main: { people: { alice: { pasword: x } } } }",
        "{ main: { people: { carol: { subject: user-alice } } } }",
        "{ main: { people: { alice: { claims: { exp: 1 } } } } }",
        "{ main: { people: { alice: { claims: { sub: x } } } } }",
        "{ main: { clients: { shop: {} } } }",
        "{ main: { clients: { shop: { public: true, secret: x } } } }",
        "{ main: { algorithm: HS256, clients: { shop: { public: true } } } }",
        "{ main: { clients: { messenger: { redirectUris: [shop.example.test] } } } }",
        "{ main: { clients: { messenger: { redirectUris: ['https://a.test/#x'] } } } }",
        "{ main: { clients: { messenger: { redirectUris: 'http://localhost' } } } }",
    ] {
        said += &refused(providers).await;
        said.push('\n');
    }
    assert_snapshot!(said, @r"
    org 00000000-0000-4000-8000-0000000000aa: scenario x.yaml: line 2 column 40: world: identityProviders.a/b: its name is part of URLs; expected letters, digits, `-` and `_`
    scenario x.yaml: error: line 2 column 48: unknown field `algoritm`, expected one of people, clients, algorithm, tokenLifetime, codeLifetime, refreshLifetime, refreshRotation; did you mean `algorithm`?
    scenario x.yaml: error: line 2 column 59: unknown variant `es256`, expected one of RS256, ES256, HS256; did you mean `ES256`?
    scenario x.yaml: error: line 2 column 59: unknown variant `PS256`, expected one of RS256, ES256, HS256; did you mean `ES256`?
    scenario x.yaml: error: line 2 column 63: `soon` is not a duration; expected `250ms`, `2s`, `1h30m` or an integer of milliseconds
    scenario x.yaml: error: line 2 column 67: unknown field `pasword`, expected one of password, subject, givenName, familyName, email, claims; did you mean `password`?
    org 00000000-0000-4000-8000-0000000000aa: scenario x.yaml: line 2 column 58: world: identityProviders.main.people.carol: its subject user-alice is that of `alice`, too
    org 00000000-0000-4000-8000-0000000000aa: scenario x.yaml: line 2 column 67: world: identityProviders.main.people.alice: `claims` has `exp`, which the provider makes itself
    org 00000000-0000-4000-8000-0000000000aa: scenario x.yaml: line 2 column 67: world: identityProviders.main.people.alice: `claims` has `sub`; write `subject`
    org 00000000-0000-4000-8000-0000000000aa: scenario x.yaml: line 2 column 59: world: identityProviders.main.clients.shop: a client has a `secret`, or says `public: true`
    org 00000000-0000-4000-8000-0000000000aa: scenario x.yaml: line 2 column 59: world: identityProviders.main.clients.shop: a client that says `public: true` has no `secret`
    org 00000000-0000-4000-8000-0000000000aa: scenario x.yaml: line 2 column 77: world: identityProviders.main.clients.shop: HS256 signs by the client's secret, which a public client does not have
    scenario x.yaml: error: line 2 column 87: `shop.example.test` is not a redirect URI; expected an absolute URI without a fragment, such as https://shop.example.test/callback, or http://localhost for any port and path there
    scenario x.yaml: error: line 2 column 87: `https://a.test/#x` is not a redirect URI; expected an absolute URI without a fragment, such as https://shop.example.test/callback, or http://localhost for any port and path there
    scenario x.yaml: error: line 2 column 86: `world.orgs.0.identityProviders.main.clients.messenger.redirectUris` is `http://localhost`; expected a list, such as `redirectUris: [ http://localhost ]`
    ");
}

#[tokio::test]
async fn a_fault_of_a_scenario_names_a_ring_that_is_there() {
    let rings = "name: x\nfaults: [{ id: f, effect: { rotate_keys: { ring: 'idp:mian' } } }]\n";
    let file = scenario::file(rings);
    let error = Emulator::builder().scenario(scenario::path(&file)).start().await.err().unwrap();
    let error = error.to_string().replace(scenario::path(&file), "x.yaml");
    assert_snapshot!(error, @"org 00000000-0000-4000-8000-0000000000aa: scenario x.yaml: line 2 column 10: fault `f`: there is no key ring `idp:mian` in this org; there are platform, idp:main");
}
