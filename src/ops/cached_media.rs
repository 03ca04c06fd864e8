//! What the platform knows of files that messages have named by their URLs.

use super::{cx::Cx, org::Cell};
use crate::{
    base::{draw::Mint, time::Timestamp},
    domain::{attachment::SentAttachment, cached_media::CachedMedia, visit::Refusal},
};

/// Files of one message that are remembered.
const MOST_AT_ONCE: usize = 10;

/// There is no such file.
#[derive(Debug, thiserror::Error)]
#[error("there is no cached media item {0}")]
pub struct NoMedia(pub String);

/// Remembers files that a message names. One that is known already is known for longer.
pub(super) fn keep(cell: &mut Cell, mint: &mut Mint<'_>, now: Timestamp, files: &[SentAttachment]) {
    for file in files.iter().take(MOST_AT_ONCE) {
        let id = mint.uuid("cached media");
        let known = cell.state.cached_media.iter().find(|(_, one)| one.url == file.url);
        let id = known.map_or(id, |(id, _)| id.clone());
        let (url, mime, size) = (file.url.clone(), file.mime.clone(), file.file_size);
        cell.state.cached_media.insert(id.clone(), CachedMedia { id, url, mime, size, created: now });
    }
}

/// All of them, in the order of coming; with `url` the one that is there.
pub fn all(cx: &Cx, url: Option<&str>) -> Vec<CachedMedia> {
    let now = cx.now();
    cx.state(|state| {
        let all = state.cached_media.iter().map(|(_, one)| one);
        all.filter(|one| now < one.expires() && url.is_none_or(|url| one.url == url)).cloned().collect()
    })
}

/// One.
pub fn get(cx: &Cx, id: &str) -> Result<CachedMedia, NoMedia> {
    let now = cx.now();
    let found = cx.state(|state| state.cached_media.get(id).filter(|one| now < one.expires()).cloned());
    found.ok_or_else(|| unknown(cx, id))
}

fn unknown(cx: &Cx, id: &str) -> NoMedia {
    let error = NoMedia(id.to_owned());
    cx.refuse(Refusal::new("cached_media.unknown", error.to_string()));
    error
}

/// Forgets one.
pub fn forget(cx: &Cx, id: &str) -> Result<(), NoMedia> {
    get(cx, id)?;
    cx.state(|state| state.cached_media.remove(id));
    Ok(())
}
