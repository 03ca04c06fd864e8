//! The files of an org's guests and agents: announcements, bytes, and the URLs that open them for a while.

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::org_state::TokenKey;
use crate::{
    base::{
        codec::{base64, from_base64},
        ids::{AttachmentId, SessionToken},
        table::Table,
        time::{Span, Timestamp},
    },
    domain::attachment::{Attachment, Refused, Stage, gone, unknown},
};

/// Files of an org.
const FILES: usize = 10_000;
/// Bytes of an org's files; the oldest go first, and count as expired from then on.
pub const MAX_BYTES: usize = 64 << 20;
/// URLs of an org that open a file.
const LINKS: usize = 50_000;
/// A URL opens its file so long.
pub const LINK_LIFE: Span = Span::from_secs(600);

/// The bytes of a file.
#[derive(Clone)]
pub struct FileBytes(Bytes);

impl FileBytes {
    /// A copy: what came over a connection would keep that connection's buffer alive.
    pub fn new(bytes: &[u8]) -> Self {
        Self(Bytes::copy_from_slice(bytes))
    }

    /// The bytes.
    pub fn bytes(&self) -> Bytes {
        self.0.clone()
    }
}

/// base64.
impl Serialize for FileBytes {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&base64(&self.0))
    }
}

impl<'de> Deserialize<'de> for FileBytes {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let bytes = from_base64(&text).ok_or_else(|| de::Error::custom("the bytes of a file are base64"))?;
        Ok(Self(bytes.into()))
    }
}

/// What a URL is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// To bring the file.
    Upload,
    /// To fetch it.
    Download,
}

#[derive(Clone, Serialize, Deserialize)]
struct Link {
    number: u64,
    file: AttachmentId,
    purpose: Purpose,
    expires: Timestamp,
}

#[derive(Clone, Serialize, Deserialize)]
struct Row {
    number: u64,
    file: Attachment,
}

/// Why a URL opens nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Closed {
    /// It never did, or its file is gone.
    Unknown,
    /// Its time is over.
    Expired,
}

/// All files of an org.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Files {
    rows: Table<AttachmentId, Row>,
    /// By number, in the order of coming.
    contents: Table<u64, FileBytes>,
    links: Table<TokenKey, Link>,
    /// Of all contents together.
    bytes: usize,
    /// An id may be used again after its file was deleted; a number is not.
    numbers: u64,
}

impl Default for Files {
    fn default() -> Self {
        let (rows, contents) = (Table::bounded(FILES), Table::bounded(FILES));
        Self { rows, contents, links: Table::bounded(LINKS), bytes: 0, numbers: 0 }
    }
}

impl Files {
    /// Read from somewhere else: it is bounded, and what it takes is counted anew.
    pub fn hold(&mut self) {
        self.rows.hold(FILES);
        self.contents.hold(FILES);
        self.links.hold(LINKS);
        self.bytes = self.contents.iter().map(|(_, bytes)| bytes.0.len()).sum();
    }

    /// Is there a file of this id, whosever it is?
    pub fn is_taken(&self, id: &str) -> bool {
        self.rows.get(id).is_some()
    }

    /// A file of this session.
    pub fn of_session(&self, id: &str, session: &SessionToken) -> Result<&Attachment, Refused> {
        let row = self.rows.get(id).filter(|row| row.file.session == *session);
        row.map(|row| &row.file).ok_or_else(|| unknown(id))
    }

    /// The files of a communication, in the order of announcement.
    pub fn of_communication<'a>(&'a self, communication: &'a str) -> impl Iterator<Item = &'a Attachment> {
        let all = self.rows.iter().map(|(_, row)| &row.file);
        all.filter(move |file| file.communication.as_deref() == Some(communication))
    }

    /// Writes a new one. The oldest goes for it when there are too many.
    pub fn add(&mut self, file: Attachment) {
        self.numbers += 1;
        let row = Row { number: self.numbers, file };
        if let Some((_, evicted)) = self.rows.insert(row.file.id.clone(), row) {
            self.drop_content(evicted.number);
        }
    }

    /// What was uploaded is kept.
    pub fn store(&mut self, id: &AttachmentId, content: FileBytes, sha256: String, at: Timestamp) {
        if let Some(row) = self.rows.get_mut(id) {
            row.file.stage = Stage::Stored { at, sha256, sent: false };
            row.file.size = content.0.len() as u64;
        }
        self.fill(id, content);
    }

    /// Keeps the bytes of a file that is stored.
    pub fn fill(&mut self, id: &AttachmentId, content: FileBytes) {
        let Some(row) = self.rows.get(id) else { return };
        self.bytes += content.0.len();
        let evicted = self.contents.insert(row.number, content);
        self.bytes -= evicted.map_or(0, |(_, bytes)| bytes.0.len());
        while self.bytes > MAX_BYTES {
            let Some(oldest) = self.contents.iter().next().map(|(number, _)| *number) else { return };
            self.drop_content(oldest);
        }
    }

    /// What was uploaded is refused.
    pub fn fail(&mut self, id: &AttachmentId) {
        if let Some(row) = self.rows.get_mut(id) {
            row.file.stage = Stage::Failed;
        }
    }

    /// A message shows it.
    pub fn sent(&mut self, id: &str) {
        if let Some(Stage::Stored { sent, .. }) = self.rows.get_mut(id).map(|row| &mut row.file.stage) {
            *sent = true;
        }
    }

    /// Can it be sent and fetched? Answers its SHA-256.
    pub fn stored<'a>(&self, file: &'a Attachment, now: Timestamp) -> Result<&'a str, Refused> {
        let sha256 = file.stored(now)?;
        self.content(&file.id).map(|_| sha256).ok_or_else(|| gone(&file.id))
    }

    fn content(&self, id: &AttachmentId) -> Option<&FileBytes> {
        self.contents.get(&self.rows.get(id)?.number)
    }

    /// Forgets it.
    pub fn delete(&mut self, id: &AttachmentId) {
        if let Some(row) = self.rows.remove(id) {
            self.drop_content(row.number);
        }
    }

    /// Forgets all files of a session.
    pub fn delete_all(&mut self, session: &SessionToken) {
        let of_session = self.rows.iter().filter(|(_, row)| row.file.session == *session);
        for id in of_session.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            self.delete(&id);
        }
    }

    /// A session goes on under another token.
    pub fn take_along(&mut self, from: &SessionToken, to: &SessionToken) {
        let of_session = self.rows.iter().filter(|(_, row)| row.file.session == *from);
        for id in of_session.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            if let Some(row) = self.rows.get_mut(&id) {
                row.file.session = to.clone();
            }
        }
    }

    fn drop_content(&mut self, number: u64) {
        self.bytes -= self.contents.remove(&number).map_or(0, |content| content.0.len());
    }

    /// From now on, and for ten minutes, the URL of this key opens the file.
    pub fn open(&mut self, key: TokenKey, id: &AttachmentId, purpose: Purpose, now: Timestamp) {
        if let Some(row) = self.rows.get(id) {
            let (number, file, expires) = (row.number, id.clone(), now.plus(LINK_LIFE));
            self.links.insert(key, Link { number, file, purpose, expires });
        }
    }

    /// The file that the URL of this key opens.
    pub fn opened(&self, key: &TokenKey, purpose: Purpose, now: Timestamp) -> Result<&Attachment, Closed> {
        let link = self.links.get(key).filter(|link| link.purpose == purpose).ok_or(Closed::Unknown)?;
        let row = self.rows.get(&link.file).filter(|row| row.number == link.number).ok_or(Closed::Unknown)?;
        if now >= link.expires { Err(Closed::Expired) } else { Ok(&row.file) }
    }

    /// What the URL of this key fetches.
    pub fn fetch(&self, key: &TokenKey, now: Timestamp) -> Result<(&Attachment, &str, Bytes), Closed> {
        let file = self.opened(key, Purpose::Download, now)?;
        let sha256 = self.stored(file, now).map_err(|_| Closed::Expired)?;
        let content = self.content(&file.id).ok_or(Closed::Expired)?;
        Ok((file, sha256, content.bytes()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::ids::ConnectionId;

    const MIB: usize = 1 << 20;

    fn announced(id: &str) -> Attachment {
        Attachment {
            id: id.into(),
            session: "s".into(),
            name: "a.png".into(),
            mime: "image/png".into(),
            size: 1,
            base: String::new(),
            communication: None,
            stage: Stage::Announced { by: ConnectionId(1), tracing_id: None },
        }
    }

    fn put(files: &mut Files, id: &str, size: usize) {
        files.add(announced(id));
        files.store(&id.into(), FileBytes::new(&vec![0; size]), String::new(), Timestamp::default());
    }

    fn code(files: &Files, id: &str) -> u32 {
        let file = files.of_session(id, &"s".into());
        file.and_then(|file| files.stored(file, Timestamp::default())).map_or_else(|why| why.code, |_| 200)
    }

    #[test]
    fn the_oldest_bytes_go_first_and_count_as_expired() {
        let mut files = Files::default();
        files.add(announced("announced first"));
        for id in ["a", "b", "c"] {
            put(&mut files, id, 30 * MIB);
        }
        files.store(&"announced first".into(), FileBytes::new(b"x"), String::new(), Timestamp::default());
        assert_eq!(["a", "b", "c", "announced first"].map(|id| code(&files, id)), [4008, 200, 200, 200]);
    }

    #[test]
    fn a_url_of_a_deleted_file_does_not_open_the_next_one_of_its_id() {
        let (mut files, key) = (Files::default(), TokenKey::new(&[7; 32]));
        put(&mut files, "a", 1);
        files.open(key, &"a".into(), Purpose::Download, Timestamp::default());
        assert!(files.fetch(&key, Timestamp::default()).is_ok());
        files.delete(&"a".into());
        put(&mut files, "a", 1);
        assert_eq!(files.fetch(&key, Timestamp::default()).err(), Some(Closed::Unknown));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))] // they copy megabytes

        #[test]
        fn bytes_are_counted_exactly_whatever_happens(steps in prop::collection::vec((0_u8..4, 0_u8..6, 0_usize..9), 0..60)) {
            let mut files = Files::default();
            for (what, id, mib) in steps {
                let id = id.to_string();
                match what {
                    0 | 1 if files.is_taken(&id) => files.delete(&id.as_str().into()),
                    0 | 1 => put(&mut files, &id, mib * MIB),
                    2 => files.delete(&id.as_str().into()),
                    _ => files.fail(&id.as_str().into()),
                }
                let held: usize = files.contents.iter().map(|(_, content)| content.0.len()).sum();
                prop_assert_eq!(files.bytes, held);
                prop_assert!(held <= MAX_BYTES);
            }
        }
    }
}
