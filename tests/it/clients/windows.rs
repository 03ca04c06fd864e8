//! What people have before their eyes: the SDK in a page of a browser.

use super::{Runtime, facts_with, reach::is_there};

#[tokio::test]
async fn the_javascript_sdk_signs_in_administrates_and_listens_in_a_page_of_another_origin() {
    if !is_there("chromium", "--version") {
        return;
    }
    let browser = |_: &str| vec!["/usr/bin/chromium".to_owned()];
    let Some(facts) = facts_with(Runtime::Node, "sdk-in-a-page.mjs", browser).await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    byPkce: {"accessToken":"string","left":"","sentBackWith":["code","state"],"state":"a b"}
    clients: {"deleted":204,"gone":[404,"client.not.found",true],"limits":["inin-correlation-id","inin-ratelimit-allowed","inin-ratelimit-count","inin-ratelimit-reset"],"more":1,"tooEarly":[400,"cannot.delete.client",true]}
    implicit: {"accessToken":"string","left":"","sentBackWith":["access_token","expires_in","state","token_type"],"state":"a b"}
    scope: ["user-basic-info"]
    told: "v2.users.00000000-0000-4000-8000-0000000000bb.presence: BUSY"
    withoutCors: ["Network Error","read"]
    "#);
}
