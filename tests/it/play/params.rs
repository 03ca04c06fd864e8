//! A base with parameters, and files that include it.

use std::fs;

use crate::support::TestEmulator;

const BASE: &str = "name: base\nparams: { lifetime: 30m, name: Base }\nworld:\n  orgs:\n    - name: ${params.name} Org\n      guestTokens: { lifetime: \"${params.lifetime}\" }\n";

/// Name of the org and lifetime of a guest token, in a file beside the base.
async fn in_variation(variation: &str) -> Result<(String, i64), String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("base.yaml"), BASE).unwrap();
    let path = folder.path().join("variation.yaml");
    fs::write(&path, variation).unwrap();
    let path = path.to_str().unwrap().to_owned();
    if let Err(wrong) = genesys_emulator::check(&path).await {
        return Err(wrong.to_string());
    }
    let emulator = TestEmulator::with(|builder| builder.scenario(path)).await;
    let orgs = emulator.client.admin("GET", "/orgs", None).await.json();
    let jwt = emulator.guest_jwt().await;
    let claims = crate::idp::claims(&jwt);
    let lifetime = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    Ok((orgs["entities"][0]["name"].as_str().unwrap().to_owned(), lifetime))
}

#[tokio::test]
async fn defaults_hold_unless_the_including_file_says_otherwise() {
    let default = in_variation("include: [base.yaml]").await.unwrap();
    assert_eq!(default, ("Base Org".to_owned(), 1800));
    let own = in_variation("include: [ { scenario: base.yaml, with: { lifetime: 2m, name: Own } } ]")
        .await
        .unwrap();
    assert_eq!(own, ("Own Org".to_owned(), 120));
}

#[tokio::test]
async fn a_parameter_that_is_not_there_is_told_with_the_nearest() {
    let wrong =
        in_variation("include: [ { scenario: base.yaml, with: { lifetme: 2m } } ]").await.unwrap_err();
    let told = "variation.yaml: line 1 column 12: base.yaml: there is no parameter `lifetme`; did you mean `lifetime`?";
    assert!(wrong.ends_with(told), "{wrong}");
    let wrong = in_variation("name: ${params.nme}\nparams: { name: x }").await.unwrap_err();
    assert!(
        wrong.ends_with("variation.yaml: line 1 column 7: there is no parameter `nme`; did you mean `name`?"),
        "{wrong}"
    );
    let wrong = in_variation("include: [ { scenrio: base.yaml } ]").await.unwrap_err();
    assert!(
        wrong.contains("a name or a file, or `{ scenario: <name or file>, with: { <parameter>: <value> } }`"),
        "{wrong}"
    );
}
