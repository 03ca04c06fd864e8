//! A client of the admin API, generated.

use super::{Runtime, facts};

#[tokio::test]
async fn a_client_of_the_admin_api_is_generated_from_its_description_and_works() {
    let Some(facts) = facts(Runtime::Python, "generated_admin_client.py").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    answer: 503
    clock: {"moved":3600.0,"rate":1.0}
    faults: {"fired":[1],"set":["busy"]}
    generator: ["Unsupported content type application/yaml","WARNING parsing GET /__admin/ca.pem within ca_pem.","WARNING parsing POST /__admin/orgs/{org}/scenarios/apply within scenarios.","WARNING parsing POST /__admin/scenarios/apply within scenarios."]
    gone: [204,404,"There is no org 329a6d06-4645-4c24-8d12-2e671e5b3b4b"]
    journal: {"decision":"injected","explained":"response.injected","rule":"response.injected"}
    keys: ["platform","idp:main"]
    metrics: 15
    verified: {"held":false,"status":409}
    "#);
}
