//! What comes back at once, and how.

use insta::assert_snapshot;

use super::{authorize, came_back, claims, over, redeem};
use crate::support::TestEmulator;

async fn asked(emulator: &TestEmulator, more: &[(&str, &str)]) -> crate::support::Answer {
    let usual = [("prompt", "none"), ("login_hint", "alice"), ("nonce", "n-1"), ("state", "s-1")];
    authorize(emulator, &over(&usual, more)).await
}

#[tokio::test]
async fn each_response_type_brings_what_it_says_and_its_fingerprints() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for response_type in [
        "code",
        "id_token",
        "id_token token",
        "token id_token",
        "code id_token",
        "code token",
        "code id_token token",
    ] {
        let answer = asked(&emulator, &[("response_type", response_type)]).await;
        let place = if answer.header("location").contains('#') { "fragment" } else { "query" };
        let mut fields = came_back(&answer);
        let names: Vec<_> = fields.keys().cloned().collect();
        let fingerprints: Vec<_> = match fields.remove("id_token") {
            None => Vec::new(),
            Some(id_token) => {
                let claims = claims(&id_token);
                assert_eq!((&claims["nonce"], &claims["sub"]), (&"n-1".into(), &"user-alice".into()));
                ["at_hash", "c_hash"].into_iter().filter(|name| claims.get(*name).is_some()).collect()
            }
        };
        said += &format!("{response_type}: {place} {} {fingerprints:?}\n", names.join(" "));
        if let Some(code) = fields.remove("code") {
            assert_eq!(redeem(&emulator, &code, &[]).await.status, 200, "{response_type}");
        }
        if let Some(token) = fields.remove("access_token") {
            let info = emulator.client.get("/idp/main/userinfo", Some(&token)).await;
            assert_eq!(info.json()["sub"], "user-alice", "{response_type}");
        }
    }
    assert_snapshot!(said, @r#"
    code: query code state []
    id_token: fragment id_token state []
    id_token token: fragment access_token expires_in id_token scope state token_type ["at_hash"]
    token id_token: fragment access_token expires_in id_token scope state token_type ["at_hash"]
    code id_token: fragment code id_token state ["c_hash"]
    code token: fragment access_token code expires_in scope state token_type []
    code id_token token: fragment access_token code expires_in id_token scope state token_type ["at_hash", "c_hash"]
    "#);
}

#[tokio::test]
async fn the_whole_answer_of_the_implicit_flow() {
    let emulator = TestEmulator::start().await;
    let answer = asked(&emulator, &[("response_type", "id_token token"), ("scope", "openid email")]).await;
    let fields = came_back(&answer);
    let location = answer.header("location").replace(&fields["id_token"], "…");
    assert_snapshot!(location, @"http://localhost:3000/cb#access_token=h9luB9G_BMyunK5NZzd69AbsFzdmGDMp4AFU2u52rtElafkG&token_type=Bearer&expires_in=3600&scope=openid+email&id_token=…&state=s-1");
    assert_snapshot!(claims(&fields["id_token"]), @r#"{"at_hash":"Fb6rtzzZRK55TWfzrXFVXw","aud":"messenger","auth_time":1767323045,"email":"alice@emulated.test","email_verified":true,"exp":1767326645,"iat":1767323045,"iss":"http://emulator.test/idp/main","nonce":"n-1","sid":"KJ0d2JXMRFWhvY4GHeGBqA","sub":"user-alice"}"#);
}

#[tokio::test]
async fn a_code_can_come_in_the_fragment_and_anything_in_a_form() {
    let emulator = TestEmulator::start().await;
    let answer = asked(&emulator, &[("response_mode", "fragment")]).await;
    assert!(answer.header("location").contains("#code="), "{answer:?}");
    let answer = asked(&emulator, &[("response_mode", "form_post"), ("state", "\"><script>")]).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"));
    let (_, body) = answer.text.split_once("<body>\n").unwrap();
    assert_snapshot!(body, @r#"
    <h1>Back to where you came from</h1>
    <form method="post" action="http://localhost:3000/cb">
    <input type="hidden" name="code" value="h9luB9G_SJ1h2ETSMBlZZumgDgfLtq_z1b6c7QIizcS0sWtV">
    <input type="hidden" name="state" value="&quot;&gt;&lt;script&gt;">
    <button>Continue</button>
    </form>
    <script>document.forms[0].submit()</script>
    </body>
    </html>
    "#);
    assert!(answer.header("set-cookie").starts_with("idp_session="));
    let refused = asked(&emulator, &[("response_mode", "form_post"), ("prompt", "none login")]).await;
    assert!(refused.text.contains("name=\"error\" value=\"invalid_request\""), "{}", refused.text);
}
