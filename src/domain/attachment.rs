//! Files that guests and agents send.

use serde::Serialize;

/// What kind of file it is, as the platform sorts them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
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
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
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
