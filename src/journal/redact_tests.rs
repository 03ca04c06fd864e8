//! What is left of bodies, forms and headers.

use proptest::prelude::*;

use super::*;
use crate::journal::{
    redact_form::headers,
    redact_target::{path, target},
};

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

fn header(line: &str) -> String {
    let mut out = Vec::new();
    headers(line, &mut out);
    String::from_utf8(out).unwrap()
}

const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzM2NyZXQifQ.c2lnbmF0dXJl";

#[test]
fn private_fields_of_forms_and_queries_leave_nothing_however_they_are_spelled() {
    for (given, left) in [
        ("name=Ann&customAttributes[card]=4111", "name=Ann&customAttributes[card]=(redacted)"),
        ("customAttributes%5Bcard%5D=4111&a=1", "customAttributes%5Bcard%5D=(redacted)&a=1"),
        ("customAttributes.card=4111", "customAttributes.card=(redacted)"),
        ("customAttributes=4111", "customAttributes=(redacted)"),
        ("custom+attributes=4111", "custom+attributes=(redacted)"),
        ("customAttributes[mail]=ann%40shop.test", "customAttributes[mail]=(redacted: e-mail address)"),
    ] {
        assert_eq!(redacted(given), left);
        assert_eq!(target(&format!("/v1?{given}")), format!("/v1?{left}"));
    }
}

#[test]
fn a_credential_is_marked_behind_whatever_a_client_takes_for_a_separator() {
    let secret = mark("s3cret;x=1");
    assert_eq!(
        redacted("client_id=it;client_secret=s3cret;x=1&b=2"),
        format!("client_id=it;client_secret={secret}&b=2")
    );
    assert_eq!(redacted("contact[token]=s3cret"), format!("contact[token]={}", mark("s3cret")));
    let inner = redacted("x=1&back=http%3A%2F%2Fa.test%2F%3Fclient_secret%3Ds3cret&y=2");
    assert!(inner.starts_with("x=1&back=http%3A%2F%2Fa.test%2F%3Fclient_secret%3D%28redacted"), "{inner}");
    let harmless = "scope=a+b&redirect_uri=http%3A%2F%2Fa.test%2F%3Fx%3D1&grant_type=urn:ietf:params:oauth:grant-type:saml2-bearer";
    assert_eq!(redacted(harmless), harmless);
}

#[test]
fn what_is_neither_json_nor_a_form_is_told_by_its_length() {
    for (given, left) in [
        ("client_id=it\nclient_secret=s3cret", "(33 bytes of text)"),
        ("client_id: it, client_secret: s3cret", "(36 bytes of text)"),
        ("cb({\"customAttributes[card]\":\"4111\"})", "(37 bytes of text)"),
        ("cb({\"client_secret\":\"s3cret=\"})", "(31 bytes of text)"),
        (
            "--x\r\nContent-Disposition: form-data; name=\"client_secret\"\r\n\r\ns3cret\r\n--x--",
            "(74 bytes of multipart)",
        ),
        ("{'client_secret': 's3cret'}", "{(26 bytes that are not JSON)"),
        ("{client_secret: s3cret}", "{(22 bytes that are not JSON)"),
        (
            r#"{"client_secret":"s3cret"}client_secret=s3cret"#,
            &format!(r#"{{"client_secret":"{}"}}(20 bytes that are not JSON)"#, mark("s3cret")),
        ),
        ("{\0\"\0t\0o\0k\0e\0n\0\"\0", "{(15 bytes that are not JSON)"),
        ("hello, how are you?", "hello, how are you?"),
    ] {
        assert_eq!(redacted(given), left, "{given}");
    }
}

#[test]
fn json_is_found_behind_a_mark_of_utf_8_and_within_encodings_and_texts() {
    let json = r#"{"client_secret":"s3cret","a":[1,true,null,-1.5E+3]}"#;
    let left = json.replace("s3cret", &mark("s3cret"));
    assert_eq!(redacted(&format!("\u{feff}{json}")), left);
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    assert_eq!(redacted(&encoded(json)), encoded(&left));
    assert_eq!(redacted(&format!("x={}&y=1", encoded(json))), format!("x={}&y=1", encoded(&left)));
    assert!(!redacted(&format!("{}=", encoded(json))).contains("s3cret"));
    let within = serde_json::json!({ "data": json, "customAttributes[card]": "4111", "next": "/a?access_token=s3cret" });
    let kept = serde_json::json!({ "data": left, "customAttributes[card]": "(redacted)", "next": format!("/a?access_token={}", mark("s3cret")) });
    assert_eq!(redacted(&within.to_string()), kept.to_string());
    let chat = r#"{"text":"[hi] there, is {this} shown? a=b"}"#;
    assert_eq!(redacted(chat), chat);
}

#[test]
fn a_jwt_is_marked_wherever_it_stands() {
    let marked = mark(JWT);
    for line in [
        "sec-websocket-protocol: bearer, JWT\n",
        "sec-websocket-protocol: k8s.bearer.JWT, chat\n",
        "x-guest: JWT\n",
        "x-guest: a JWT, b\n",
        "x-original-url: /v1?deploymentId=x&t=JWT\n",
    ] {
        assert_eq!(header(&line.replace("JWT", JWT)), line.replace("JWT", &marked));
    }
    assert_eq!(path(&format!("/api/v2/x/{JWT}/y")), format!("/api/v2/x/{marked}/y"));
    assert_eq!(
        redacted(&format!(r#"{{"text":"it is {JWT}, and {JWT}"}}"#)),
        format!(r#"{{"text":"it is {marked}, and {marked}"}}"#)
    );
    assert_eq!(redacted(&format!("see {JWT}")), format!("see {marked}"));
}

#[test]
fn headers_whose_names_say_so_are_marked_and_others_stay() {
    let secret = mark("s3cret");
    for name in ["x-guest-token", "x-api-key", "client-secret", "x-forwarded-authorization"] {
        assert_eq!(header(&format!("{name}: s3cret\n")), format!("{name}: {secret}\n"));
    }
    assert_eq!(header("x-custom-attributes: 4111\n"), "x-custom-attributes: (redacted)\n");
    assert_eq!(
        header("x-guest: {\"customAttributes\":{\"card\":\"4111\"}}\n"),
        "x-guest: {\"customAttributes\":{\"card\":\"(redacted)\"}}\n"
    );
    let opaque = "Zm9vYmFyq7mw4b6rx4byiclpw5y76222yu";
    assert_eq!(
        header(&format!("sec-websocket-protocol: bearer, {opaque}\n")),
        format!("sec-websocket-protocol: bearer, {}\n", mark(opaque))
    );
    for line in [
        "user-agent: Mozilla/5.0 (X11; Linux x86_64) a+b/100%\n",
        "accept: text/html;q=0.9, */*;q=0.8\n",
        "sec-websocket-protocol: graphql-transport-ws, chat\n",
        "sec-websocket-extensions: permessage-deflate; client_max_window_bits\n",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n",
    ] {
        assert_eq!(header(line), line);
    }
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
        redacted(&format!("a=%7B{text}&b={text}"));
        path(&format!("/{text}"));
        header(&format!("x: {text}\n"));
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
