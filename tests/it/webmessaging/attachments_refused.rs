//! Files that are refused before or after they are uploaded: every code.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{OTHER, TOKEN, session};
use crate::support::{
    DEPLOYMENT, GUEST_TOKEN_DEPLOYMENT, Socket, TestEmulator,
    files::{PNG, act, announce, put, show, upload},
};

/// A deployment that takes images and text of up to 2 KB.
const SMALL: &str = "{ name: small, world: { orgs: [{ deployments: { messaging: { attachments: { types: [image/*, Text/Plain], \
                     maxSizeKb: 2, blockedExtensions: [.SVG] } } } }] } }";

async fn answers(socket: &mut Socket, files: &[Value]) -> String {
    let mut answers = Vec::new();
    for file in files {
        let mut frame = json!({ "action": "onAttachment", "token": TOKEN, "attachmentId": "a" });
        frame.as_object_mut().unwrap().extend(file.as_object().unwrap().clone());
        socket.send(frame).await;
        answers.push(socket.next_text().await);
    }
    answers.join("\n")
}

#[tokio::test]
async fn an_announcement_is_refused_with_the_code_of_its_rule() {
    let emulator = TestEmulator::yaml(SMALL).await;
    let mut socket = session(&emulator, TOKEN).await;
    let file =
        |name: &str, mime: &str, size: u64| json!({ "fileName": name, "fileType": mime, "fileSize": size });
    let files = [
        file("a.pdf", "application/pdf", 1),
        file("a.png", "png", 1),
        file("a.svg", "image/svg+xml", 1),
        file("A.EXE", "image/png", 1),
        file("a.png", "image/png", 2_001),
        file("a", "image/png", 1),
        file("", "image/png", 1),
        file("x/a.png", "image/png", 1),
        file("a\n.png", "image/png", 1),
        file(&"a".repeat(1_024), "image/png", 1),
        file("a.png", "image/png", 0),
        json!({ "fileType": "image/png", "fileSize": 1 }),
        json!({ "fileName": "a.png", "fileSize": 1 }),
        json!({ "fileName": "a.png", "fileType": "image/png", "fileSize": null }),
        json!({ "fileName": "a.png", "fileType": "image/png", "fileSize": -1 }),
        json!({ "fileName": "a.png", "fileType": "image/png", "fileSize": "1" }),
    ];
    assert_snapshot!(answers(&mut socket, &files).await, @r#"
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4001,"errorMessage":"application/pdf is not allowed; allowed: image/*, Text/Plain"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4001,"errorMessage":"fileType \"png\" is not a MIME type such as image/png"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4001,"errorMessage":"Files with the extension .SVG are not accepted"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4001,"errorMessage":"Programs such as .EXE are never accepted"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4002,"errorMessage":"The file has 2001 bytes, limit 2000"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4004,"errorMessage":"fileName \"a\" has no extension"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4004,"errorMessage":"fileName \"\" has no extension"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4004,"errorMessage":"fileName contains a path separator or a control character"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4004,"errorMessage":"fileName contains a path separator or a control character"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4005,"errorMessage":"fileName has 1024 characters, and has to have less than 1024"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4102,"errorMessage":"The file is empty"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4020,"errorMessage":"fileName is missing"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4020,"errorMessage":"fileType is missing"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4020,"errorMessage":"fileSize is missing"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4020,"errorMessage":"fileSize is not a whole number of bytes"}}
    {"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4020,"errorMessage":"fileSize is not a whole number of bytes"}}
    "#);
    let fits = [file("a.png", "image/png", 2_000)];
    assert!(answers(&mut socket, &fits).await.contains("PresignedUrlResponse"));
}

#[tokio::test]
async fn where_attachments_are_off_nothing_is_taken() {
    let emulator = TestEmulator::yaml(
        "{ name: off, world: { orgs: [{ deployments: { messaging: { attachments: { types: [] } } } }] } }",
    )
    .await;
    let mut socket = session(&emulator, TOKEN).await;
    let file = json!({ "fileName": "a.png", "fileType": "image/png", "fileSize": 1 });
    assert_snapshot!(answers(&mut socket, &[file]).await, @r#"{"type":"response","class":"GenerateUrlError","code":400,"body":{"attachmentId":"a","errorCode":4000,"errorMessage":"File upload is not enabled for this deployment"}}"#);
}

#[tokio::test]
async fn an_id_that_is_taken_or_endless_is_refused() {
    let emulator = TestEmulator::start().await;
    let (mut one, mut other) = (session(&emulator, TOKEN).await, session(&emulator, OTHER).await);
    let file =
        |id: &str| json!({ "attachmentId": id, "fileName": "a.png", "fileType": "image/png", "fileSize": 1 });
    assert_eq!(act(&mut one, "onAttachment", TOKEN, file("mine")).await["code"], 200);
    let taken = act(&mut other, "onAttachment", OTHER, file("mine")).await;
    assert_eq!(
        taken["body"],
        json!({ "attachmentId": "mine", "errorCode": 400, "errorMessage": "attachmentId is taken by another file" })
    );
    let endless = act(&mut other, "onAttachment", OTHER, file(&"x".repeat(129))).await;
    assert_eq!(endless["body"]["errorMessage"], "attachmentId has at most 128 bytes");
    // deleted, it is free again
    assert_eq!(
        act(&mut one, "deleteAttachment", TOKEN, file("mine")).await["class"],
        "AttachmentDeletedResponse"
    );
    assert_eq!(act(&mut other, "onAttachment", OTHER, file("mine")).await["code"], 200);
}

#[tokio::test]
async fn an_upload_that_is_not_what_was_announced_fails() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let mut failures = Vec::new();
    for (size, bytes) in [
        (3, &b"four"[..]),
        (5, b"four"),
        (1, b""),
        (5, b"%PDF-"),
        (4, b"MZ\x90\0"),
        (4, b"#!/b"),
        (4, b"\x7fELF"),
    ] {
        let presigned = announce(&mut socket, TOKEN, "a.png", "image/png", size).await;
        let answer = put(&emulator, &presigned, bytes).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, "{}"));
        let event = socket.next().await;
        assert_eq!(
            (&event["type"], &event["class"], &event["code"], &event["tracingId"]),
            (&json!("message"), &json!("UploadFailureEvent"), &json!(400), &json!("t"))
        );
        failures.push(
            event["body"]["errorCode"].to_string() + " " + event["body"]["errorMessage"].as_str().unwrap(),
        );
        let id = &presigned["body"]["attachmentId"];
        let get = act(&mut socket, "getAttachment", TOKEN, json!({ "attachmentId": id })).await;
        assert_eq!(get["body"]["errorCode"], 4010);
        let delete = act(&mut socket, "deleteAttachment", TOKEN, json!({ "attachmentId": id })).await;
        assert_eq!(delete["class"], "AttachmentDeletedResponse");
    }
    assert_snapshot!(failures.join("\n"), @"
    4002 The upload has 4 bytes, but 3 were announced
    4002 The upload has 4 bytes, but 5 were announced
    4002 The upload has 0 bytes, but 1 were announced
    4003 The file is a PDF document, which does not match its type image/png
    4003 The file is a program, which is never accepted
    4003 The file is a script, which is never accepted
    4003 The file is a program, which is never accepted
    ");
}

#[tokio::test]
async fn what_was_sent_stays_and_what_nobody_knows_is_not_deleted() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let (id, _) = upload(&emulator, &mut socket, TOKEN, "a.png", "image/png", PNG).await;
    show(&mut socket, TOKEN, None, &[&id]).await;
    let refused = act(&mut socket, "deleteAttachment", TOKEN, json!({ "attachmentId": id })).await;
    assert_eq!((&refused["class"], &refused["body"]["errorCode"]), (&json!("GenerateUrlError"), &json!(400)));
    assert_snapshot!(refused["body"]["errorMessage"].as_str().unwrap(), @"The attachment was sent already; only unsent ones can be deleted");
    let missing = act(&mut socket, "getAttachment", TOKEN, json!({})).await;
    assert_eq!(
        missing.to_string(),
        r#"{"body":"attachmentId is missing","class":"string","code":4020,"tracingId":"t","type":"response"}"#
    );
}

#[tokio::test]
async fn a_session_that_is_not_live_takes_no_files() {
    let emulator = TestEmulator::start().await;
    let file = json!({ "fileName": "a.png", "fileType": "image/png", "fileSize": 1, "attachmentId": "a" });
    let mut socket = emulator.socket(DEPLOYMENT).await;
    for action in ["onAttachment", "getAttachment", "deleteAttachment"] {
        let refused = act(&mut socket, action, TOKEN, file.clone()).await;
        assert_eq!((&refused["class"], &refused["code"]), (&json!("string"), &json!(4007)));
    }
    socket.configure(DEPLOYMENT, TOKEN).await;
    socket.say(TOKEN, "bye").await;
    socket.next().await;
    emulator.advance("1s").await;
    while socket.next().await["body"]["events"][0]["presence"]["type"] != "Disconnect" {}
    let refused = act(&mut socket, "onAttachment", TOKEN, file.clone()).await;
    assert_eq!((&refused["class"], &refused["body"]["errorCode"]), (&json!("GenerateUrlError"), &json!(409)));
    emulator.advance("73h").await;
    assert_eq!(socket.next().await["class"], "SessionExpiredEvent");
    for action in ["onAttachment", "getAttachment", "deleteAttachment"] {
        assert_eq!(act(&mut socket, action, TOKEN, file.clone()).await["class"], "SessionExpiredEvent");
    }
}

#[tokio::test]
async fn a_guest_whose_token_has_expired_sends_no_files() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
    let mut socket = emulator.upgrade(&target).await.unwrap();
    socket.configure(GUEST_TOKEN_DEPLOYMENT, TOKEN).await;
    emulator.advance("30m").await;
    assert_eq!(socket.next().await["code"], 401);
    assert_eq!(announce(&mut socket, TOKEN, "a.png", "image/png", 1).await["code"], 401);
}
