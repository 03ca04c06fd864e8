//! What is left of bodies, forms and headers.

use proptest::prelude::*;

use super::*;
use crate::journal::redact_target::path;

fn redacted(text: &str) -> String {
    let mut out = Vec::new();
    body(text.as_bytes(), &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn credentials_leave_a_fingerprint_and_custom_attributes_nothing() {
    assert_eq!(
        redacted(
            r#"{"access_token":"s3cret","code":"not.found","customAttributes":{"card":"4111","n":[1,{"x":"y"}]},"a":1}"#
        ),
        r#"{"access_token":"(redacted d5d1b367)","code":"not.found","customAttributes":{"card":"(redacted)","n":["(redacted)",{"x":"(redacted)"}]},"a":1}"#
    );
    assert_eq!(
        redacted(r#"{"custom\u0041ttributes":{"card":"4111"},"t\u006fken":7}"#),
        r#"{"custom\u0041ttributes":{"card":"(redacted)"},"t\u006fken":"(redacted)"}"#
    );
    assert_eq!(redacted(r#"{"securityKey":"s3cret"}"#), format!(r#"{{"securityKey":"{}"}}"#, mark("s3cret")));
    assert_eq!(redacted("client%5Fsecret=s3cret"), format!("client%5Fsecret={}", mark("s3cret")));
    assert_eq!(
        redacted("grant_type=x&client_secret=s3cret&code=1"),
        format!("grant_type=x&client_secret={}&code={}", mark("s3cret"), mark("1"))
    );
}

#[test]
fn urls_in_headers_and_pages_leave_no_credentials() {
    let kept = "location: http://a.test/cb?code=s3cret&state=x#id_token=s3cret&y=1\n\
                referer: http://a.test/authorize?id_token_hint=s3cret\n";
    let mut out = Vec::new();
    headers(kept, &mut out);
    let secret = mark("s3cret");
    assert_eq!(
        String::from_utf8(out).unwrap(),
        format!(
            "location: http://a.test/cb?code={secret}&state=x#id_token={secret}&y=1\n\
             referer: http://a.test/authorize?id_token_hint={secret}\n"
        )
    );
    assert_eq!(redacted("<html>s3cret</html>"), "(19 bytes of markup)");
}

#[test]
fn a_private_scalar_and_a_cut_body_are_left_out_too() {
    assert_eq!(
        redacted(r#"{"customAttributes":"4111","b":2}"#),
        r#"{"customAttributes":"(redacted)","b":2}"#
    );
    assert!(!redacted(r#"{"customAttributes":{"card":"411"#).contains("411"));
    assert!(!redacted(r#"{"access_token":"s3cr"#).contains("s3cr"));
}

#[test]
fn a_code_is_a_credential_where_it_is_a_provider_s() {
    let body = r#"{"code":"bad.credentials","oauth":{"code":"c-1","nonce":"n"}}"#;
    assert_eq!(redacted(body), body.replace("c-1", &mark("c-1")));
}

#[test]
fn a_code_is_a_credential_in_a_token_request_whatever_its_order() {
    for body in [
        r#"{"grant_type":"authorization_code","code":"c-1"}"#,
        r#"{"code":"c-1","grant_type":"authorization_code"}"#,
    ] {
        assert_eq!(redacted(body), body.replace("c-1", &mark("c-1")));
    }
}

#[test]
fn what_opens_the_socket_of_a_channel_is_a_credential_wherever_it_stands() {
    let id = "streaming-12-q7mw4b6rx4byiclpw5y76222yu";
    let body = format!(
        r#"{{"id":"{id}","connectUri":"wss://a.test/channels/{id}","topicName":"v2.system.token_revoked.{id}","a":"streaming-x"}}"#
    );
    assert_eq!(redacted(&body), body.replace(id, &mark(id)));
    for text in [format!("/channels/{id}"), format!("/api/v2/notifications/channels/{id}/subscriptions")] {
        assert_eq!(path(&text), text.replace(id, &mark(id)));
    }
    assert_eq!(
        redacted(r#"{"webhookHeaders":{"x-api-key":"s3cret"},"a":1}"#),
        r#"{"webhookHeaders":{"x-api-key":"(redacted)"},"a":1}"#
    );
}

#[test]
fn json_in_a_string_is_looked_into_or_left_out() {
    let inner = r#"{"customAttributes":{"card":"4111"}}"#;
    let outer = serde_json::to_string(inner).unwrap();
    assert_eq!(redacted(&outer), r#"(JSON in a string) {"customAttributes":{"card":"(redacted)"}}"#);
    assert_eq!(redacted(&outer[..outer.len() - 2]), "(42 bytes of a string)");
}

#[test]
fn credentials_of_other_types_leave_nothing_and_those_among_custom_attributes_no_fingerprint() {
    assert_eq!(
        redacted(r#"{"client_secret":31415926,"token":["a",{"b":"c"}],"jwt":null,"a":1}"#),
        r#"{"client_secret":"(redacted)","token":["(redacted)",{"b":"(redacted)"}],"jwt":null,"a":1}"#
    );
    assert_eq!(
        redacted(r#"{"customAttributes":{"token":"4111"},"a":1}"#),
        r#"{"customAttributes":{"token":"(redacted)"},"a":1}"#
    );
}

proptest! {
    #[test]
    fn whatever_the_body_nothing_panics(text in "\\PC{0,200}") {
        redacted(&text);
        redacted(&format!("{{\"customAttributes\":{text}"));
    }

    #[test]
    fn private_values_never_survive(key in "[a-z]{1,8}", depth in 0_usize..4) {
        let mut value = "\"SENTINEL\"".to_owned();
        for _ in 0..depth { value = format!("[{{\"{key}\": {value}}}]"); }
        let text = format!("{{\"x\":{{\"customAttributes\" : {{\"{key}\":{value}}}}},\"after\":\"kept\"}}");
        let left = redacted(&text);
        prop_assert!(!left.contains("SENTINEL") && left.contains("kept"), "{left}");
    }
}
