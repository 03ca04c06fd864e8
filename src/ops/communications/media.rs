//! Files that agents and applications upload and send.

use super::{CommunicationError, known, live, within, words::speaking};
use crate::{
    base::{
        draw::Mint,
        ids::{ConnectionId, SessionToken},
        time::Timestamp,
    },
    domain::{
        attachment::{Announcement, Attachment, SentAttachment, Stage},
        supported_content::Way,
    },
    ops::{
        access::Proved,
        attachments::{Links, TAGGING, tagging},
        cx::Cx,
        org::{Cell, Org},
        supported_content,
    },
    store::{files::Purpose, org_state::OrgState},
};

/// MIME types by extension; anything else is bytes.
const TYPES: &[(&str, &str)] = &[
    ("csv", "text/csv"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("gif", "image/gif"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("txt", "text/plain"),
    ("wav", "audio/wav"),
    ("webp", "image/webp"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("zip", "application/zip"),
];
/// Of a file of which nothing was said.
const UNNAMED: &str = "media.bin";

/// A file of a communication.
pub struct Medium {
    /// The file.
    pub file: Attachment,
    /// The communication.
    pub communication: String,
    /// Where it is to be put, of one that was just announced; or fetched, of one that is there.
    pub url: Option<String>,
    /// What has to come with it.
    pub headers: Vec<(&'static str, String)>,
}

fn mime_of(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let known = TYPES.iter().find(|(known, _)| *known == extension);
    known.map_or("application/octet-stream", |(_, mime)| mime)
}

/// Announces a file. Without name and size, anything may come.
pub fn announce(
    cx: &Cx,
    proved: &Proved,
    (id, communication): (&str, &str),
    said: Option<(String, u64)>,
) -> Result<Medium, CommunicationError> {
    within(cx, id, |cell, step| {
        let communication = speaking(cell, proved, id, communication)?.communication.id;
        let token = live(cell, step, id)?;
        if let Some((name, size)) = &said {
            let announced = Announcement { name: name.clone(), mime: mime_of(name).to_owned(), size: *size };
            announced.check_for_agents().map_err(|refused| CommunicationError::Invalid(refused.text))?;
        }
        let mime = mime_of(said.as_ref().map_or(UNNAMED, |(name, _)| name));
        let profile = supported_content::of_conversation(step.org, &cell.state, known(cell, id)?);
        let objection = supported_content::objection(&profile, Way::Outbound, mime);
        if let Some(words) = objection.filter(|_| said.is_some()) {
            return Err(CommunicationError::Invalid(words));
        }
        let (name, size) = said.unwrap_or_else(|| (UNNAMED.to_owned(), 0));
        let mut mint = Mint::new(&step.org.draws, step.cause);
        let file = Attachment {
            id: mint.uuid("media").into(),
            session: token,
            mime: mime.to_owned(),
            name,
            size,
            base: cx.base.clone(),
            communication: Some(communication.clone()),
            stage: Stage::Announced { by: ConnectionId(cx.cause.visit_number()), tracing_id: None },
        };
        let state = &mut cell.state;
        state.files.add(file.clone());
        let mut links = Links { org: step.org, mint: &mut mint, now: step.now };
        let url = Some(links.url(state, &file.id, Purpose::Upload, &cx.base));
        Ok(Medium { file, communication, url, headers: vec![(TAGGING, tagging(step.org))] })
    })
}

fn communication_of(cell: &Cell, id: &str, communication: &str) -> Result<String, CommunicationError> {
    let one = known(cell, id)?.of_communication(communication).ok_or(CommunicationError::NoCommunication)?;
    Ok(one.communication.id.clone())
}

/// The files of a communication.
pub fn media(cx: &Cx, id: &str, communication: &str) -> Result<Vec<Medium>, CommunicationError> {
    within(cx, id, |cell, step| {
        let communication = communication_of(cell, id, communication)?;
        let files: Vec<_> = cell.state.files.of_communication(&communication).cloned().collect();
        let mut mint = Mint::new(&step.org.draws, step.cause);
        let mut links = Links { org: step.org, mint: &mut mint, now: step.now };
        Ok(files.into_iter().map(|file| opened(&mut links, &mut cell.state, &communication, file)).collect())
    })
}

/// One of them.
pub fn medium(cx: &Cx, (id, communication): (&str, &str), media: &str) -> Result<Medium, CommunicationError> {
    within(cx, id, |cell, step| {
        let communication = communication_of(cell, id, communication)?;
        let file =
            cell.state.files.of_communication(&communication).find(|file| file.id.as_str() == media).cloned();
        let mut mint = Mint::new(&step.org.draws, step.cause);
        let mut links = Links { org: step.org, mint: &mut mint, now: step.now };
        let file = file.ok_or(CommunicationError::NoMedia)?;
        Ok(opened(&mut links, &mut cell.state, &communication, file))
    })
}

fn opened(links: &mut Links<'_, '_>, state: &mut OrgState, communication: &str, file: Attachment) -> Medium {
    let is_there = state.files.stored(&file, links.now).is_ok();
    let url = is_there.then(|| links.url(state, &file.id, Purpose::Download, &file.base.clone()));
    Medium { file, communication: communication.to_owned(), url, headers: Vec::new() }
}

/// Files that a message shows.
pub(super) fn sent(
    org: &Org,
    state: &mut OrgState,
    mint: &mut Mint<'_>,
    now: Timestamp,
    (id, token): (&str, &SessionToken),
    wanted: &[String],
) -> Result<Vec<SentAttachment>, CommunicationError> {
    // a session may have had other conversations, and those of Open Messaging have none
    let known = state.conversations.get(id);
    let here = |file: &&Attachment| {
        let communication = file.communication.as_ref();
        communication.is_some_and(|wanted| {
            known.is_some_and(|known| known.participants().any(|one| one.communication.id == *wanted))
        })
    };
    let found = wanted.iter().map(|wanted| {
        let file = state.files.of_session(wanted, token).ok().filter(here);
        let file = file.ok_or_else(|| format!("there is no media {wanted} in conversation {id}"))?;
        let sha256 = state.files.stored(file, now).map_err(|refused| refused.text)?;
        Ok((file.clone(), sha256.to_owned()))
    });
    let found = found.collect::<Result<Vec<_>, _>>().map_err(CommunicationError::Invalid)?;
    let shown = found.into_iter().map(|(file, sha256)| {
        let url = Links { org, mint, now }.url(state, &file.id, Purpose::Download, &file.base);
        state.files.sent(file.id.as_str());
        file.shown(url, &sha256)
    });
    Ok(shown.collect())
}
