//! What comes to the URLs that open a file: its bytes, and whoever wants to have them.

use bytes::Bytes;

use super::{
    attachments::{Links, TAGGING, hash, tagging},
    cx::{Cx, token_key},
    events,
    org::Cell,
    sockets,
};
use crate::{
    base::{draw::Mint, ids::ConnectionId},
    domain::{
        attachment::{Attachment, MAX_SIZE, Refused, Stage, refused},
        frame::{Body, Frame},
        signature,
        visit::Refusal,
    },
    events::event::What,
    store::{
        files::{Closed, FileBytes, Purpose},
        org_state::TokenKey,
    },
};

/// Why an upload is not taken. Those that are taken and then found wrong are told of on the socket.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UploadError {
    /// Nobody was told this URL.
    #[error("There is no upload at this URL")]
    Unknown,
    /// Its ten minutes are over.
    #[error("The upload URL has expired")]
    Expired,
    /// A URL takes one file.
    #[error("The upload URL was used already")]
    Used,
    /// The header that came with the URL is not there, or is another one.
    #[error("The header x-amz-tagging is missing or not the one that came with the URL")]
    Tagging,
    /// More than any file may have.
    #[error("The upload is too large; files have at most {MAX_SIZE} bytes")]
    TooLarge,
}

/// Takes the bytes of a file in; `None` when there were more than anybody reads. Whether they are what was announced is
/// told on the socket.
pub fn receive(cx: &Cx, key: &str, tagged: Option<&str>, body: Option<&[u8]>) -> Result<(), UploadError> {
    let refuse = |rule, error: UploadError| {
        cx.refuse(Refusal::new(rule, error.to_string()));
        error
    };
    let key = own_key(cx, key).ok_or(UploadError::Unknown)?;
    let file = match cx.org.cell(|cell| waiting(cell, cx, &key)) {
        Ok((file, ..)) => file,
        Err(error) => return Err(refuse("upload.closed", error)),
    };
    let expected = tagging(&cx.org);
    if tagged != Some(expected.as_str()) {
        let refusal = Refusal::new("upload.tagging", UploadError::Tagging.to_string());
        let seen = tagged.map_or_else(|| format!("no {TAGGING}"), str::to_owned);
        cx.refuse(refusal.expected(expected).seen(seen));
        return Err(UploadError::Tagging);
    }
    // hashing takes a while: not under the org's lock
    let found = judge(&file, body).map(|bytes| (FileBytes::new(bytes), hash(bytes)));
    if let Err(Refused { text, .. }) = &found {
        cx.refuse(Refusal::new("upload.refused", text.as_str()));
    }
    cx.org.cell(|cell| settle(cell, cx, &key, found)).map_err(|error| refuse("upload.closed", error))?;
    match body {
        Some(_) => Ok(()),
        None => Err(UploadError::TooLarge),
    }
}

/// The file that this URL waits for, and who waits to hear of it.
fn waiting(
    cell: &Cell,
    cx: &Cx,
    key: &TokenKey,
) -> Result<(Attachment, ConnectionId, Option<String>), UploadError> {
    match cell.state.files.opened(key, Purpose::Upload, cx.now()) {
        Ok(file) => match &file.stage {
            Stage::Announced { by, tracing_id } => Ok((file.clone(), *by, tracing_id.clone())),
            Stage::Failed | Stage::Stored { .. } => Err(UploadError::Used),
        },
        Err(Closed::Unknown) => Err(UploadError::Unknown),
        Err(Closed::Expired) => Err(UploadError::Expired),
    }
}

fn judge<'a>(file: &Attachment, body: Option<&'a [u8]>) -> Result<&'a [u8], Refused> {
    let bytes = body.ok_or_else(|| refused(4002, format!("The upload has more than {MAX_SIZE} bytes")))?;
    // an agent may have said nothing of the size
    if bytes.len() as u64 != file.size && (file.size > 0 || file.communication.is_none()) {
        let words = format!("The upload has {} bytes, but {} were announced", bytes.len(), file.size);
        return Err(refused(4002, words));
    }
    signature::check(&file.mime, bytes)?;
    Ok(bytes)
}

/// Keeps the bytes or the failure, and tells who asked.
fn settle(
    cell: &mut Cell,
    cx: &Cx,
    key: &TokenKey,
    found: Result<(FileBytes, String), Refused>,
) -> Result<(), UploadError> {
    // another request may have been faster
    let (file, by, tracing_id) = waiting(cell, cx, key)?;
    if file.communication.is_some() {
        // whoever uploads it asks how it is, and nobody else is told
        match found {
            Ok((content, sha256)) => cell.state.files.store(&file.id, content, sha256, cx.now()),
            Err(_) => cell.state.files.fail(&file.id),
        }
        return Ok(());
    }
    let (now, attachment) = (cx.now(), file.id.to_string());
    let about = events::of_session(cell, &file.session);
    let body = match found {
        Ok((content, sha256)) => {
            let what = What::AttachmentUploaded { attachment: attachment.clone(), name: file.name.clone() };
            cell.events.push(now, about, what);
            cell.state.files.store(&file.id, content, sha256, now);
            let mut mint = Mint::new(&cx.org.draws, cx.cause);
            let mut links = Links { org: &cx.org, mint: &mut mint, now };
            let url = links.url(&mut cell.state, &file.id, Purpose::Download, &file.base);
            Body::UploadSuccess { attachment, url, at: now }
        }
        Err(Refused { code, text }) => {
            cell.state.files.fail(&file.id);
            let what = What::AttachmentFailed { attachment: attachment.clone(), code, reason: text.clone() };
            cell.events.push(now, about, what);
            Body::UploadFailure { attachment, code, text, at: now }
        }
    };
    let frame = Frame { tracing_id, body };
    // who asked may have come back on another connection meanwhile
    let asker = cell.sockets.get(by).filter(|socket| socket.session() == Some(&file.session));
    let told = if asker.is_some() { vec![by] } else { cell.sockets.of_session(&file.session) };
    for connection in told {
        sockets::send(&cx.app, &cx.org, cell, connection, &frame, cx.wave().as_ref());
    }
    Ok(())
}

/// A file as it is fetched.
pub struct Fetched {
    /// Its name.
    pub name: String,
    /// MIME type.
    pub mime: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// The file behind a download URL. Nothing tells one that has expired from one that never was, but the journal.
pub fn fetch(cx: &Cx, key: &str) -> Option<Fetched> {
    let key = own_key(cx, key)?;
    let now = cx.now();
    let found = cx.state(|state| {
        state.files.fetch(&key, now).map(|(file, sha256, bytes)| Fetched {
            name: file.name.clone(),
            mime: file.mime.clone(),
            sha256: sha256.to_owned(),
            bytes,
        })
    });
    let closed = match found {
        Ok(found) => return Some(found),
        Err(closed) => closed,
    };
    cx.refuse(match closed {
        Closed::Unknown => Refusal::new("download.unknown", "There is no file at this URL"),
        Closed::Expired => Refusal::new("download.expired", "The download URL or its file has expired")
            .expected("a fresh URL of getAttachment"),
    });
    None
}

/// The key of a URL, if it is one of this org.
fn own_key(cx: &Cx, key: &str) -> Option<TokenKey> {
    let own = token_key(&cx.org, key);
    if own.is_none() {
        cx.refuse(match cx.claimed.of_another_org {
            true => {
                Refusal::new("of.another.org", "The URL is of another org than the one that was addressed")
            }
            false => Refusal::new("url.unknown", "The URL is not of this org"),
        });
    }
    own
}
