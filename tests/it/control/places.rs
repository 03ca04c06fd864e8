//! What is wrong with a world, and found out only when all files are laid over one another, is told with its file, line and
//! column.

use std::{fmt::Write, fs};

use genesys_emulator::Emulator;

/// What is said of a base and a variation of it.
async fn said(base: &str, variation: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("base.yaml"), base).unwrap();
    let path = folder.path().join("own.yaml");
    fs::write(&path, format!("include: [base.yaml]\n{variation}")).unwrap();
    let started = Emulator::builder().scenario(path.to_str().unwrap()).start().await;
    let said = started.err().unwrap_or_else(|| panic!("{base}{variation} is fine")).to_string();
    let here = format!("{}/", folder.path().display());
    said.replace(&here, "").replace("org 00000000-0000-4000-8000-0000000000aa: ", "")
}

#[tokio::test]
async fn each_mistake_stands_where_it_was_made() {
    let mut all = String::new();
    for (base, variation) in [
        // in the base, in the variation, and in what the variation says over the base
        ("world:\n  orgs:\n    - deployments:\n        a: { bot: nobody }\n", ""),
        ("name: base\n", "world:\n  orgs:\n    - deployments:\n        a:\n          bot: nobody\n"),
        (
            "world:\n  orgs:\n    - users: { a: { queue: chat } }\n",
            "world:\n  orgs:\n    - users:\n        a: { queue: nowhere }\n",
        ),
        // ids that two have
        ("name: base\n", "world:\n  orgs:\n    - clients:\n        z: { id: emulator-client, secret: s }\n"),
        (
            "world:\n  orgs:\n    - deployments: { a: { id: x } }\n",
            "world: { orgs: [ { deployments: { b: { id: x } } } ] }\n",
        ),
        // names of what is not there
        ("world:\n  orgs:\n    - deployments:\n        a: { auth: { integration: nobody } }\n", ""),
        ("world:\n  orgs:\n    - integrations:\n        main: { provider: nobody }\n", ""),
        (
            "world:\n  orgs:\n    - keyRotation:\n      - { every: 24h }\n      - { ring: 'idp:nobody', every: 24h }\n",
            "",
        ),
        // an org by its id, and the second of a list
        (
            "name: base\n",
            "world:\n  orgs:\n    - {}\n    - { id: two, deployments: { a: { bot: nobody } } }\n",
        ),
        // what is not of the world
        (
            "faults:\n  - { effect: { rotate_keys: { ring: 'idp:nobody' } } }\n",
            "faults:\n  - { id: f, effect: { reset: {} } }\n",
        ),
        (
            "faults: [ { id: one, effect: { reset: {} } } ]\n",
            "faults:\n  - { id: two, effect: { reset: {} } }\n",
        ),
        (
            "timeline:\n  - { at: 1s, do: { disconnect: {} } }\n",
            "timeline:\n  - at: 1s\n    do: { disconnect: {} }\n  - at: 2s\n    do: {}\n",
        ),
        ("name: base\n", "timeline:\n  - { on: tokn, do: { disconnect: {} } }\n"),
        // what a file names of others, and of itself
        ("include: [ defualt ]\n", ""),
        ("params: { a: 1 }\nname: x\nsummary: ${params.b}\n", ""),
        ("name: base\n", "scripts:\n  only:\n    steps:\n      - http: GET /x\n        client: gest\n"),
        ("name: base\n", "scripts: { only: { steps: [ { signIn: { person: alice, provider: mian } } ] } }\n"),
        ("name: base\n", "scripts:\n  only:\n    summary: x\n"),
        ("name: base\n", "expect:\n  - { match: { status: 200 } }\n  - { say: nothing }\n"),
    ] {
        let said = said(base, variation).await;
        assert!(said.contains(".yaml: line ") && said.contains(" column "), "{said}");
        writeln!(all, "{said}").unwrap();
    }
    insta::assert_snapshot!(all, @r"
    scenario base.yaml: line 4 column 14: world: deployments.a: there is no bot `nobody`
    scenario own.yaml: line 6 column 11: world: deployments.a: there is no bot `nobody`
    scenario own.yaml: line 5 column 14: world: users.a: there is no queue `nowhere`
    scenario own.yaml: line 5 column 14: world: clients.z: the id emulator-client is that of clients.main, too
    scenario own.yaml: line 2 column 40: world: deployments.b: the id x is that of deployments.a, too
    scenario base.yaml: line 4 column 22: world: deployments.a.auth: there is no integration `nobody`
    scenario base.yaml: line 4 column 17: world: integrations.main: there is no identity provider `nobody`
    scenario base.yaml: line 5 column 9: world: keyRotation.1: there is no key ring `idp:nobody` in this org; there are platform, idp:main
    org two: scenario own.yaml: line 5 column 38: world: deployments.a: there is no bot `nobody`
    scenario base.yaml: line 2 column 5: fault `fault-122bf6d7`: there is no key ring `idp:nobody` in this org; there are platform, idp:main
    scenario own.yaml: line 3 column 5: fault `two`: it never bites: fault `one` comes before it, and ends all that it is about; leave one of them out, or give `one` a `schedule`
    scenario own.yaml: line 5 column 5: world: timeline, entry 3: `do` is one thing: faultOn, faultOff, rotateKeys, closeSockets, advance or disconnect
    scenario own.yaml: line 3 column 5: world: timeline, entry 1: nothing called `tokn` happens; did you mean `token`?
    scenario base.yaml: line 1 column 12: there is no scenario `defualt`, neither built in nor as a file; did you mean `default`?
    scenario base.yaml: line 3 column 10: there is no parameter `b`; did you mean `a`?
    scenario own.yaml: line 5 column 9: scripts.only, step 1: there is no client `gest` in this world; did you mean `guest`?
    scenario own.yaml: line 2 column 29: scripts.only, step 1: there is no identity provider `mian` in this world; did you mean `main`?
    scenario own.yaml: line 3 column 3: scripts.only has no steps
    scenario own.yaml: line 4 column 5: `match`: is missing: say what entries are like, or give `order`
    ");
}
