//! Files of a session: announced, fetched again, taken back, sent; and the files of bots and agents.

use sha2::{Digest, Sha256};

use super::{
    host::Host,
    messaging::{self, Incoming},
    org::{Cell, Org},
    supported_content,
};
use crate::{
    base::{
        codec::hex,
        draw::Mint,
        ids::{AttachmentId, SessionToken},
        time::Timestamp,
    },
    domain::{
        attachment::{Announcement, Attachment, Refused, SentAttachment, Stage, check_id, refused},
        frame::{Body, FileName},
        session::{Inbound, Session},
        signature,
        supported_content::Way,
    },
    store::{
        files::{FileBytes, Purpose},
        org_state::{OrgState, TokenKey},
    },
};

/// What the upload has to bring along, so that only who was told may upload.
pub const TAGGING: &str = "x-amz-tagging";

/// The value of [`TAGGING`].
pub fn tagging(org: &Org) -> String {
    format!("organizationId={}&originPlatform=PureCloud&role=guest", org.id)
}

/// What URLs are made with.
pub(super) struct Links<'a, 'b> {
    pub org: &'a Org,
    pub mint: &'a mut Mint<'b>,
    pub now: Timestamp,
}

impl Links<'_, '_> {
    /// A URL that opens a file for ten minutes of the org's time.
    pub fn url(&mut self, state: &mut OrgState, id: &AttachmentId, purpose: Purpose, base: &str) -> String {
        let (label, folder) = match purpose {
            Purpose::Upload => ("upload", "/uploads/"),
            Purpose::Download => ("download", "/api/v2/downloads/"),
        };
        let key = TokenKey::new(self.mint.next(label).bytes());
        state.files.open(key, id, purpose, self.now);
        [base, folder, &self.org.tag, &key.text()].concat()
    }
}

/// Answers a frame about a file, if its session is live.
fn answer(
    host: &Host,
    cell: &mut Cell,
    incoming: &Incoming<'_>,
    work: impl FnOnce(&mut Cell, Links<'_, '_>) -> Body,
) {
    let (app, org) = (&host.app, &host.org);
    let body = messaging::not_live(cell, incoming).unwrap_or_else(|| {
        let mut mint = Mint::new(&org.draws, incoming.cause);
        work(cell, Links { org, mint: &mut mint, now: incoming.now })
    });
    messaging::answer(app, org, cell, incoming, body);
}

fn error(attachment: &str, Refused { code, text }: Refused) -> Body {
    Body::GenerateUrlError { attachment: attachment.to_owned(), code, text }
}

/// `onAttachment`: a guest wants to upload a file, under an id of the client's or a drawn one.
pub fn announce(
    host: &Host,
    cell: &mut Cell,
    incoming: &Incoming<'_>,
    id: Option<String>,
    file: Result<Announcement, Refused>,
) {
    answer(host, cell, incoming, |cell, mut links| {
        let id = id.filter(|id| !id.is_empty()).unwrap_or_else(|| links.mint.uuid("attachment"));
        let Announcement { name, mime, size } = match announced(links.org, cell, incoming, &id, file) {
            Ok(file) => file,
            Err(refused) => return error(&id, refused),
        };
        let file = Attachment {
            id: id.as_str().into(),
            session: incoming.session.clone(),
            name: name.clone(),
            mime: mime.clone(),
            size,
            base: host.base.clone(),
            communication: None,
            stage: Stage::Announced { by: incoming.connection, tracing_id: incoming.tracing_id.clone() },
        };
        cell.state.files.add(file);
        let url = links.url(&mut cell.state, &id.as_str().into(), Purpose::Upload, &host.base);
        let headers = vec![(TAGGING, tagging(&host.org))];
        Body::PresignedUrl { file: FileName { attachment: id, name, mime, size }, url, headers }
    });
}

fn announced(
    org: &Org,
    cell: &Cell,
    incoming: &Incoming<'_>,
    id: &str,
    file: Result<Announcement, Refused>,
) -> Result<Announcement, Refused> {
    let file = file?;
    let session = cell.state.sessions.get(&incoming.session);
    if session.is_some_and(|session| session.read_only) {
        return Err(refused(409, "The conversation has ended and the session is read-only"));
    }
    let deployment = session.and_then(|session| cell.state.deployments.get(&session.deployment));
    let deployment = deployment.ok_or_else(|| refused(404, "The deployment is gone"))?;
    file.check(&deployment.media())?;
    let profile = supported_content::of_deployment(org, &cell.state, deployment.id.as_str());
    if let Some(words) = supported_content::objection(&profile, Way::Inbound, &file.mime) {
        return Err(refused(4001, words));
    }
    check_id(id, cell.state.files.is_taken(id))?;
    Ok(file)
}

/// `getAttachment`: a fresh URL to fetch it from.
pub fn refresh(host: &Host, cell: &mut Cell, incoming: &Incoming<'_>, id: &str) {
    answer(host, cell, incoming, |cell, mut links| {
        let files = &cell.state.files;
        let found = files.of_session(id, &incoming.session);
        let file = match found.and_then(|file| files.stored(file, links.now).map(|_| file)) {
            Ok(file) => file,
            Err(refused) => return error(id, refused),
        };
        let (name, mime, size) = (file.name.clone(), file.mime.clone(), file.size);
        let url = links.url(&mut cell.state, &id.into(), Purpose::Download, &host.base);
        let file = FileName { attachment: id.to_owned(), name, mime, size };
        Body::PresignedUrl { file, url, headers: Vec::new() }
    });
}

/// `deleteAttachment`: it is not to be sent after all.
pub fn delete(host: &Host, cell: &mut Cell, incoming: &Incoming<'_>, id: &str) {
    answer(host, cell, incoming, |cell, links| {
        let files = &mut cell.state.files;
        let found = files.of_session(id, &incoming.session);
        if let Err(refused) = found.and_then(|file| file.deletable(links.now)) {
            return error(id, refused);
        }
        files.delete(&id.into());
        Body::AttachmentDeleted { attachment: id.to_owned() }
    });
}

/// Finds the files that a message shows. A session that takes no messages has its own words for that.
pub(super) fn resolve(
    org: &Org,
    cell: &mut Cell,
    incoming: &Incoming<'_>,
    inbound: &mut Inbound,
) -> Result<(), Refused> {
    let state = &mut cell.state;
    let takes = |session: &Session| !session.read_only && !session.is_expired(incoming.now);
    if !state.sessions.get(&incoming.session).is_some_and(takes) {
        return Ok(());
    }
    for id in &inbound.attachment_ids {
        let file = state.files.of_session(id, &incoming.session)?;
        state.files.stored(file, incoming.now)?;
    }
    let mut mint = Mint::new(&org.draws, incoming.cause);
    let mut links = Links { org, mint: &mut mint, now: incoming.now };
    for id in &inbound.attachment_ids {
        inbound.attachments.push(shown(&mut links, state, &incoming.session, id)?);
    }
    Ok(())
}

fn shown(
    links: &mut Links<'_, '_>,
    state: &mut OrgState,
    session: &SessionToken,
    id: &str,
) -> Result<SentAttachment, Refused> {
    let base = state.files.of_session(id, session)?.base.clone();
    let url = links.url(state, &id.into(), Purpose::Download, &base);
    let file = state.files.of_session(id, session)?;
    Ok(file.shown(url, state.files.stored(file, links.now)?))
}

/// A file that a bot or an agent gives.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Its name, with an extension.
    pub name: &'a str,
    /// MIME type.
    pub mime: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// Puts a file of a bot or an agent into a session, for a message that shows it as
/// [`Content::Attachments`](crate::domain::content::Content::Attachments). To be called in the org's critical section
/// (`org.cell`, `cx.state`). `mint` is that of whatever says the message: the caller's cause decides the ids, and two files
/// of one cause need one mint. Its URL opens it for ten minutes from `now`; `getAttachment` answers a fresh one. The
/// deployment's own limits are for guests and do not count here; it is refused with 400 when there is no such session, and
/// with 4001 to 4005 or 4102 when nobody could send it: a bad name or type, a program, nothing, or more than 10 MiB.
pub fn put(
    org: &Org,
    state: &mut OrgState,
    mint: &mut Mint<'_>,
    now: Timestamp,
    session: &SessionToken,
    given: Given<'_>,
) -> Result<SentAttachment, Refused> {
    let Given { name, mime, bytes } = given;
    let size = bytes.len() as u64;
    Announcement { name: name.to_owned(), mime: mime.to_owned(), size }.check_for_agents()?;
    signature::check(mime, bytes)?;
    let known = state.sessions.get(session).ok_or_else(|| refused(400, "There is no such session"))?;
    let base = known.base.clone();
    let id = mint.uuid("attachment");
    let file = Attachment {
        id: id.as_str().into(),
        session: session.clone(),
        name: name.to_owned(),
        mime: mime.to_owned(),
        size,
        base,
        communication: None,
        stage: Stage::Stored { at: now, sha256: hash(bytes), sent: true },
    };
    state.files.add(file);
    state.files.fill(&id.as_str().into(), FileBytes::new(bytes));
    shown(&mut Links { org, mint, now }, state, session, &id)
}

/// SHA-256, hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{base::draw::Cause, ops::orgs::tests::emulator};

    /// The default org with one session, of this token.
    fn org(token: &SessionToken) -> Arc<Org> {
        let org = emulator().default_org().unwrap();
        org.state(|state| {
            let deployment = state.deployments.values().next().unwrap();
            let mut session = Session::new(token.clone(), deployment, Timestamp::default());
            session.base = "http://emulator.test".to_owned();
            state.sessions.insert(token.clone(), session);
        });
        org
    }

    #[test]
    fn a_file_of_an_agent_can_be_shown_fetched_and_fetched_again_but_not_deleted_by_the_guest() {
        let (token, now) = (SessionToken::from("t"), Timestamp::default());
        let org = org(&token);
        let mut mint = Mint::new(&org.draws, Cause::visit(1));
        let given = Given { name: "offer.txt", mime: "text/plain", bytes: b"An offer" };
        org.state(|state| {
            let one = put(&org, state, &mut mint, now, &token, given).unwrap();
            let other = put(&org, state, &mut mint, now, &token, given).unwrap();
            assert_ne!((&one.id, &one.url), (&other.id, &other.url));
            assert_eq!((one.filename.as_str(), one.file_size), ("offer.txt", 8));
            let key = one.url.strip_prefix("http://emulator.test/api/v2/downloads/").unwrap();
            let key = TokenKey::parse(key.strip_prefix(&org.tag).unwrap()).unwrap();
            let (_, sha256, bytes) = state.files.fetch(&key, now).unwrap();
            assert_eq!((sha256, &*bytes), (one.sha256.as_str(), b"An offer".as_slice()));
            let file = state.files.of_session(&one.id, &token).unwrap();
            assert_eq!(file.deletable(now).unwrap_err().code, 400);
        });
    }

    #[test]
    fn what_nobody_could_send_and_nobody_could_get_is_refused() {
        let token = SessionToken::from("t");
        let org = org(&token);
        let mut mint = Mint::new(&org.draws, Cause::visit(1));
        let mut code = |session: &str, name, mime, bytes| {
            let given = Given { name, mime, bytes };
            let put = |state: &mut OrgState| {
                put(&org, state, &mut mint, Timestamp::default(), &session.into(), given)
            };
            org.state(put).unwrap_err().code
        };
        assert_eq!(code("t", "offer", "text/plain", b"x"), 4004);
        assert_eq!(code("t", "offer.exe", "text/plain", b"x"), 4001);
        assert_eq!(code("t", "offer.txt", "text", b"x"), 4001);
        assert_eq!(code("t", "offer.txt", "text/plain", b""), 4102);
        assert_eq!(code("t", "offer.txt", "text/plain", b"%PDF-1.7"), 4003);
        assert_eq!(code("another", "offer.txt", "text/plain", b"x"), 400);
    }
}
