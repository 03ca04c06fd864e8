//! `onAttachment`, `getAttachment` and `deleteAttachment`: every class of frame.

use insta::assert_snapshot;
use serde_json::json;

use super::{OTHER, TOKEN, session};
use crate::support::{
    DEPLOYMENT, Socket, TestEmulator,
    files::{PNG, act, announce, put, show, upload},
};

async fn said(socket: &mut Socket, frame: serde_json::Value) -> String {
    socket.send(frame).await;
    socket.next_text().await
}

#[tokio::test]
async fn a_file_is_announced_uploaded_fetched_again_and_taken_back() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let frame = json!({
        "action": "onAttachment", "token": TOKEN, "tracingId": "a", "attachmentId": "4f1b9a52-0000-4000-8000-000000000001",
        "fileName": "bill.png", "fileType": "image/png", "fileSize": PNG.len(), "errorsAsJson": true,
    });
    let presigned = said(&mut socket, frame).await;
    assert_snapshot!(presigned, @r#"{"type":"response","class":"PresignedUrlResponse","code":200,"tracingId":"a","body":{"attachmentId":"4f1b9a52-0000-4000-8000-000000000001","url":"http://emulator.test/uploads/h9luB9G_pII4ek240khpggcK2ooXAFGVdZkk-PZkM6T4z1ZG","headers":{"x-amz-tagging":"organizationId=00000000-0000-4000-8000-0000000000aa&originPlatform=PureCloud&role=guest"},"fileName":"bill.png","fileSize":21,"fileType":"image/png"}}"#);
    let answer = put(&emulator, &serde_json::from_str(&presigned).unwrap(), PNG).await;
    assert_snapshot!(answer.text, @"{}");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_snapshot!(socket.next_text().await, @r#"{"type":"message","class":"UploadSuccessEvent","code":200,"tracingId":"a","body":{"attachmentId":"4f1b9a52-0000-4000-8000-000000000001","downloadUrl":"http://emulator.test/api/v2/downloads/h9luB9G_aFhULCzmvvAC3o11jsepZU4O6T13kCNtbBhV8TNv","timestamp":"2026-01-02T03:04:05.000Z"}}"#);
    let id = "4f1b9a52-0000-4000-8000-000000000001";
    let get = json!({ "action": "getAttachment", "token": TOKEN, "tracingId": "b", "attachmentId": id });
    assert_snapshot!(said(&mut socket, get).await, @r#"{"type":"response","class":"PresignedUrlResponse","code":200,"tracingId":"b","body":{"attachmentId":"4f1b9a52-0000-4000-8000-000000000001","url":"http://emulator.test/api/v2/downloads/h9luB9G_6DNLOVVA00caf0s7OJAxdlaU3b5yBFcy673W34nO","headers":{},"fileName":"bill.png","fileSize":21,"fileType":"image/png"}}"#);
    let delete =
        json!({ "action": "deleteAttachment", "token": TOKEN, "tracingId": "c", "attachmentId": id });
    assert_snapshot!(said(&mut socket, delete.clone()).await, @r#"{"type":"message","class":"AttachmentDeletedResponse","code":200,"tracingId":"c","body":{"attachmentId":"4f1b9a52-0000-4000-8000-000000000001"}}"#);
    assert_snapshot!(said(&mut socket, delete).await, @r#"{"type":"response","class":"GenerateUrlError","code":400,"tracingId":"c","body":{"attachmentId":"4f1b9a52-0000-4000-8000-000000000001","errorCode":4009,"errorMessage":"There is no attachment \"4f1b9a52-0000-4000-8000-000000000001\" in this session"}}"#);
}

#[tokio::test]
async fn without_an_id_of_the_client_one_is_drawn() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let one = announce(&mut socket, TOKEN, "a.txt", "text/plain", 1).await;
    let other = announce(&mut socket, TOKEN, "a.txt", "text/plain", 1).await;
    let id = one["body"]["attachmentId"].as_str().unwrap();
    assert_eq!(id.len(), 36);
    assert_ne!(one["body"]["attachmentId"], other["body"]["attachmentId"]);
    assert_ne!(one["body"]["url"], other["body"]["url"]);
}

#[tokio::test]
async fn urls_keep_the_prefix_of_the_org_that_the_socket_was_opened_under() {
    let emulator = TestEmulator::start().await;
    let org = crate::support::ORG;
    let target = format!("/@{org}/v1?deploymentId={DEPLOYMENT}");
    let mut socket = emulator.upgrade(&target).await.unwrap();
    socket.configure(DEPLOYMENT, TOKEN).await;
    let (id, success) = upload(&emulator, &mut socket, TOKEN, "a.png", "image/png", PNG).await;
    let url = success["body"]["downloadUrl"].as_str().unwrap();
    assert!(url.starts_with(&format!("http://emulator.test/@{org}/api/v2/downloads/")), "{url}");
    let echo = show(&mut socket, TOKEN, None, &[&id]).await;
    let url = echo["body"]["content"][0]["attachment"]["url"].as_str().unwrap();
    assert!(url.starts_with(&format!("http://emulator.test/@{org}/api/v2/downloads/")), "{url}");
}

#[tokio::test]
async fn what_became_of_the_upload_is_told_to_who_asked() {
    let emulator = TestEmulator::start().await;
    let (mut asker, mut other) = (session(&emulator, TOKEN).await, session(&emulator, TOKEN).await);
    let presigned = announce(&mut asker, TOKEN, "a.png", "image/png", PNG.len()).await;
    put(&emulator, &presigned, PNG).await;
    assert_eq!(asker.next().await["class"], "UploadSuccessEvent");
    // who asked has gone, and come back on the other connection
    let presigned = announce(&mut asker, TOKEN, "b.png", "image/png", PNG.len()).await;
    asker.configure(DEPLOYMENT, OTHER).await;
    put(&emulator, &presigned, PNG).await;
    let told = other.next().await;
    assert_eq!(
        (&told["class"], &told["body"]["attachmentId"]),
        (&json!("UploadSuccessEvent"), &presigned["body"]["attachmentId"])
    );
}

#[tokio::test]
async fn a_file_is_of_its_session_alone() {
    let emulator = TestEmulator::start().await;
    let (mut mine, mut theirs) = (session(&emulator, TOKEN).await, session(&emulator, OTHER).await);
    let (id, _) = upload(&emulator, &mut mine, TOKEN, "a.png", "image/png", PNG).await;
    for action in ["getAttachment", "deleteAttachment"] {
        let refused = act(&mut theirs, action, OTHER, json!({ "attachmentId": id })).await;
        assert_eq!(
            (&refused["class"], &refused["body"]["errorCode"]),
            (&json!("GenerateUrlError"), &json!(4009))
        );
    }
    assert_eq!(show(&mut theirs, OTHER, None, &[&id]).await["code"], 4009);
    assert_eq!(show(&mut mine, TOKEN, None, &[&id]).await["code"], 200);
}

#[tokio::test]
async fn the_journal_says_why_a_file_was_refused() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    announce(&mut socket, TOKEN, "a", "image/png", 1).await;
    let refusal = emulator.last_refusal().await;
    assert_eq!(refusal, json!({ "rule": "frame.refused", "reason": "fileName \"a\" has no extension" }));
    let presigned = announce(&mut socket, TOKEN, "a.png", "image/png", 4).await;
    put(&emulator, &presigned, *b"%PDF").await;
    assert_eq!(socket.next().await["class"], "UploadSuccessEvent", "that is not yet a PDF");
    let presigned = announce(&mut socket, TOKEN, "a.png", "image/png", 5).await;
    put(&emulator, &presigned, *b"%PDF-").await;
    assert_eq!(socket.next().await["class"], "UploadFailureEvent");
    let entry = emulator.journal("surface=uploads").await.pop().unwrap();
    let reason = "The file is a PDF document, which does not match its type image/png";
    assert_eq!(entry["refusal"], json!({ "rule": "upload.refused", "reason": reason }));
    assert_eq!((&entry["status"], &entry["request"]["body"]), (&json!(200), &json!("(5 bytes of a file)")));
}
