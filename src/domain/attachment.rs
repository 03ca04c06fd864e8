//! Files that guests and agents send: which may be announced, and what becomes of them.

use serde::{Deserialize, Serialize};

use super::frame::Media;
use crate::base::{
    ids::{AttachmentId, ConnectionId, SessionToken},
    time::{Span, Timestamp},
};

/// Largest file whatever the deployment says, in bytes.
pub const MAX_SIZE: u64 = 10 << 20;
/// A kilobyte of `maxFileSizeKB`, in bytes: the strictest client divides by this before it asks.
const KB: u64 = 1_000;
/// Names are shorter than this, in characters.
const NAME_LIMIT: usize = 1_024;
/// Longest id that a client may make up, in bytes.
const MAX_ID: usize = 128;
/// Longest MIME type, in bytes (RFC 6838 section 4.2 gives either half 127).
const MAX_MIME: usize = 255;
/// A file vanishes so long after it was uploaded.
const LIFE: Span = Span::from_secs(15 * 86_400);

/// Extensions of programs, which no deployment can allow.
const EXECUTABLES: &[&str] = &[
    "app", "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "jar", "js", "jse", "lnk", "msi", "msp", "pif",
    "ps1", "scr", "sh", "vb", "vbe", "vbs", "ws", "wsf", "wsh",
];

/// What kind of file it is, as the platform sorts them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum MediaType {
    /// `audio/*`.
    Audio,
    /// `image/*`.
    Image,
    /// `video/*`.
    Video,
    /// Everything else.
    File,
}

impl MediaType {
    /// Of a MIME type.
    pub fn of(mime: &str) -> Self {
        match mime.split('/').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "audio" => Self::Audio,
            "image" => Self::Image,
            "video" => Self::Video,
            _ => Self::File,
        }
    }
}

/// A file as a message shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentAttachment {
    /// The id by which it was announced.
    pub id: String,
    /// Where it can be fetched, absolute.
    pub url: String,
    /// Its name.
    pub filename: String,
    /// What kind of file.
    pub media_type: MediaType,
    /// MIME type.
    pub mime: String,
    /// Bytes.
    pub file_size: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// Why a file is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{text}")]
pub struct Refused {
    /// A code of the platform.
    pub code: u32,
    /// For people.
    pub text: String,
}

/// A refusal with this code and these words.
pub fn refused(code: u32, text: impl Into<String>) -> Refused {
    Refused { code, text: text.into() }
}

/// A file as its sender announces it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Announcement {
    /// Its name.
    pub name: String,
    /// MIME type.
    pub mime: String,
    /// Bytes.
    pub size: u64,
}

/// May a client make up this id?
pub fn check_id(id: &str, is_taken: bool) -> Result<(), Refused> {
    match (id.len() > MAX_ID, is_taken) {
        (true, _) => Err(refused(400, format!("attachmentId has at most {MAX_ID} bytes"))),
        (_, true) => Err(refused(400, "attachmentId is taken by another file")),
        _ => Ok(()),
    }
}

impl Announcement {
    /// May a guest send it, where this is allowed?
    pub fn check(&self, allowed: &Media) -> Result<(), Refused> {
        if allowed.types.is_empty() {
            return Err(refused(4000, "File upload is not enabled for this deployment"));
        }
        let extension = self.check_itself()?;
        let is_it = |blocked: &&String| blocked.trim_start_matches('.').eq_ignore_ascii_case(extension);
        if let Some(blocked) = allowed.blocked_extensions.iter().find(is_it) {
            return Err(refused(4001, format!("Files with the extension {blocked} are not accepted")));
        }
        if !allowed.types.iter().any(|pattern| covers(pattern, &self.mime)) {
            let types = allowed.types.join(", ");
            return Err(refused(4001, format!("{} is not allowed; allowed: {types}", self.mime)));
        }
        self.check_size(u64::from(allowed.max_kb) * KB)
    }

    /// May anybody send it to anybody?
    pub fn check_for_agents(&self) -> Result<(), Refused> {
        self.check_itself()?;
        self.check_size(MAX_SIZE)
    }

    /// Answers the extension.
    fn check_itself(&self) -> Result<&str, Refused> {
        let length = self.name.chars().count();
        if length >= NAME_LIMIT {
            return Err(refused(
                4005,
                format!("fileName has {length} characters, and has to have less than {NAME_LIMIT}"),
            ));
        }
        if self.name.contains(['/', '\\']) || self.name.contains(char::is_control) {
            return Err(refused(4004, "fileName contains a path separator or a control character"));
        }
        let extension = match self.name.rsplit_once('.') {
            Some((stem, extension)) if !stem.trim().is_empty() => extension.trim(),
            _ => "",
        };
        if extension.is_empty() {
            return Err(refused(4004, format!("fileName {:?} has no extension", self.name)));
        }
        if EXECUTABLES.iter().any(|program| program.eq_ignore_ascii_case(extension)) {
            return Err(refused(4001, format!("Programs such as .{extension} are never accepted")));
        }
        if !is_mime(&self.mime) {
            let seen: String = self.mime.chars().take(MAX_MIME).collect();
            return Err(refused(4001, format!("fileType {seen:?} is not a MIME type such as image/png")));
        }
        Ok(extension)
    }

    fn check_size(&self, most: u64) -> Result<(), Refused> {
        let most = most.min(MAX_SIZE);
        match self.size {
            0 => Err(refused(4102, "The file is empty")),
            size if size > most => Err(refused(4002, format!("The file has {size} bytes, limit {most}"))),
            _ => Ok(()),
        }
    }
}

/// Type and subtype, without parameters.
pub(super) fn essence(mime: &str) -> &str {
    mime.split(';').next().unwrap_or_default().trim()
}

/// It goes into a header when the file is fetched.
fn is_mime(mime: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    let printable = mime.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    mime.len() <= MAX_MIME
        && printable
        && essence(mime).split_once('/').is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
}

/// Does `*/*`, `image/*` or a whole type cover this one?
pub(super) fn covers(pattern: &str, mime: &str) -> bool {
    let (pattern, mime) = (pattern.trim(), essence(mime));
    match pattern.strip_suffix("/*") {
        Some("*") => true,
        Some(kind) => mime.split('/').next().is_some_and(|of| of.eq_ignore_ascii_case(kind)),
        None => pattern.eq_ignore_ascii_case(mime),
    }
}

/// What became of a file since it was announced.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// It is to be uploaded.
    Announced {
        /// The connection that waits to hear of it.
        by: ConnectionId,
        /// The announcement's.
        tracing_id: Option<String>,
    },
    /// What was uploaded was refused.
    Failed,
    /// It is there.
    Stored {
        /// Since then.
        at: Timestamp,
        /// Of its bytes, hexadecimal.
        sha256: String,
        /// Has a message shown it?
        sent: bool,
    },
}

/// A file of a session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// Whose it is.
    pub session: SessionToken,
    /// Its name.
    pub name: String,
    /// MIME type.
    pub mime: String,
    /// Bytes.
    pub size: u64,
    /// What its URLs start with.
    pub base: String,
    /// The communication that it was uploaded for, of an agent's or application's own.
    pub communication: Option<String>,
    /// What became of it.
    pub stage: Stage,
}

impl Attachment {
    /// Its SHA-256, if it can be sent and fetched.
    pub fn stored(&self, now: Timestamp) -> Result<&str, Refused> {
        match &self.stage {
            Stage::Stored { at, sha256, .. } if now < at.plus(LIFE) => Ok(sha256),
            Stage::Stored { .. } => Err(gone(&self.id)),
            Stage::Announced { .. } | Stage::Failed => {
                Err(refused(4010, format!("The attachment {} was not uploaded", self.id)))
            }
        }
    }

    /// May its sender take it back?
    pub fn deletable(&self, now: Timestamp) -> Result<(), Refused> {
        match self.stage {
            Stage::Stored { sent: true, .. } => {
                Err(refused(400, "The attachment was sent already; only unsent ones can be deleted"))
            }
            Stage::Stored { .. } => self.stored(now).map(drop),
            Stage::Announced { .. } | Stage::Failed => Ok(()),
        }
    }

    /// As a message shows it, fetched from `url`.
    pub fn shown(&self, url: String, sha256: &str) -> SentAttachment {
        SentAttachment {
            id: self.id.to_string(),
            url,
            filename: self.name.clone(),
            media_type: MediaType::of(&self.mime),
            mime: self.mime.clone(),
            file_size: self.size,
            sha256: sha256.to_owned(),
        }
    }
}

/// Its bytes are not kept any more.
pub fn gone(id: &AttachmentId) -> Refused {
    refused(4008, format!("The attachment {id} has expired"))
}

/// The session has no file of this id.
pub fn unknown(id: &str) -> Refused {
    let shown: String = id.chars().take(MAX_ID).collect();
    refused(4009, format!("There is no attachment {shown:?} in this session"))
}

#[cfg(test)]
#[path = "attachment_tests.rs"]
mod tests;
