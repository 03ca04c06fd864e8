//! The official SDKs of the Platform API.

use super::{Runtime, facts};

#[tokio::test]
async fn the_javascript_sdk_signs_users_in_by_every_grant_and_administrates_clients() {
    let Some(facts) = facts(Runtime::Node, "platform-users.mjs").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    afterThat: "401 bad.credentials Invalid login credentials."
    asApplication: "CLIENT-CREDENTIALS, Nightly report, Employee"
    byCode: "CODE, Emulated Agent, Master Admin, Employee"
    byPkce: "CODE, Emulated Agent, Master Admin, Employee"
    byRefresh: ["CODE, Emulated Agent, Master Admin, Employee",true,true]
    bySaml: "SAML2-BEARER, Emulated Agent, Master Admin, Employee"
    cameBack: "http://localhost:3000/callback code,state a b"
    codeAgain: "400 invalid_grant the code was used before; what it was exchanged for is revoked"
    deployment: {"gone":"404 not.found there is no deployment b62b58b1-fe5b-4742-872f-0d0b482b02c1","inUse":200,"listed":true,"renamed":"Shop two","status":"Active","version":"1"}
    ended: "401 bad.credentials Invalid login credentials."
    gone: "404 client.not.found there is no OAuth client dd220c74-baa2-4027-8225-df8b05851383"
    implicit: ["bearer","86400",["user-basic-info"]]
    lifetime: 1440
    listed: true
    made: ["Nightly report","active","/api/v2/users/00000000-0000-4000-8000-0000000000bb","string"]
    narrow: "403 app.not.authorized.for.scope App not authorized to use scope oauth"
    oldSecret: "401 invalid_client authentication failed"
    page: [200,true]
    renamed: "Weekly report"
    samlForOthers: "400 invalid_grant the assertion names nobody of this org"
    switchedOff: "400 unauthorized_client the client may not use this grant type"
    tooEarly: "400 cannot.delete.client only an inactive client can be deleted; first switch it off"
    used: 3
    withoutRight: "403 missing.any.permissions Unable to perform the requested action. You must have at least one of the following permissions assigned: [oauth:client:view]"
    withoutRoles: "400 missing.client.roles a client of grant CLIENT-CREDENTIALS needs roleDivisions"
    wrongVerifier: "400 invalid_grant code_verifier does not fit code_challenge by S256"
    "#);
}

#[tokio::test]
async fn the_python_sdk_signs_users_in_refreshes_by_itself_and_administrates_clients() {
    let Some(facts) = facts(Runtime::Python, "platform_users.py").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    afterItsEnd: "emulator-code-client"
    asApplication: "Report, Employee"
    asked: ["GET /api/v2/tokens/me 401","POST /oauth/token 200","GET /api/v2/tokens/me 200"]
    byCode: "Emulated Agent, Master Admin, Employee"
    byPkce: "Emulated Agent, Master Admin, Employee"
    byRefresh: ["Emulated Agent, Master Admin, Employee",["access_token","expires_in","refresh_token","token_type"]]
    codeAgain: "400 invalid_grant"
    deployment: ["1","Pending","Shop two","404 not.found"]
    given: ["access_token","expires_in","refresh_token","token_type"]
    gone: "404 client.not.found"
    itsToken: "401 bad.credentials"
    listedAfterALimit: ["Report"]
    refreshed: true
    waited: true
    withoutRight: "403 missing.any.permissions"
    "#);
}

#[tokio::test]
async fn the_python_sdk_is_an_agent_with_a_channel_and_talks_to_a_guest() {
    let Some(facts) = facts(Runtime::Python, "agent.py").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    ended: true
    presence: "ON_QUEUE"
    session: 200
    toTheAgent: "Where is my parcel?"
    toTheGuest: "Outbound Human: How can I help?"
    "#);
}

#[tokio::test]
async fn the_python_sdk_waits_out_a_429_by_itself() {
    let Some(facts) = facts(Runtime::Python, "platform_sdk.py").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    afterALimit: {"sameAnswer":true,"waited":true}
    afterLogOut: {"body":{"code":"bad.credentials","details":[],"errors":[],"message":"Invalid login credentials.","status":401},"correlated":true,"status":401}
    asked: ["POST /oauth/token 200","GET /api/v2/tokens/me 200","GET /api/v2/tokens/me 429","GET /api/v2/tokens/me 200"]
    client: "emulator-guest-client"
    organization: {"id":"00000000-0000-4000-8000-0000000000aa","name":"Emulated Org"}
    wrongSecret: {"body":{"description":"authentication failed","error":"invalid_client","error_description":"authentication failed"},"correlated":true,"status":401}
    "#);
}
