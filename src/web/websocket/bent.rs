//! The bytes of a frame that faults have bent.

use bytes::Bytes;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame, FrameHeader,
        coding::{Data, OpCode},
    },
};

use crate::faults::{effect::corrupt_frame::Corruption, verdict::Bend};

/// The mask of a frame that should have none.
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
/// The class that nobody knows.
const UNKNOWN_CLASS: &str = "EmulatorUnknown";

/// A frame while it is being bent.
struct Bent {
    payload: Vec<u8>,
    fragments: Option<usize>,
    rsv1: bool,
    mask: Option<[u8; 4]>,
}

/// What is written in the place of a text frame. The text is bent in the order of the faults; what is of
/// the framing comes last.
pub fn messages(text: &str, bends: &[Bend]) -> Vec<Message> {
    let mut bent = Bent { payload: text.as_bytes().to_vec(), fragments: None, rsv1: false, mask: None };
    for bend in bends {
        match *bend {
            Bend::Truncate(bytes) => bent.truncate(bytes),
            Bend::Pad(bytes) => bent.pad(bytes),
            Bend::Fragment(size) => bent.fragments = Some(size.max(1)),
            Bend::Corrupt(how) => bent.corrupt(how),
        }
    }
    bent.framed()
}

impl Bent {
    fn truncate(&mut self, bytes: Option<usize>) {
        let mut end = bytes.unwrap_or(self.payload.len() / 2).min(self.payload.len());
        // not within a character: its other bytes begin with the bits 10
        while end > 0 && self.payload.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
            end -= 1;
        }
        self.payload.truncate(end);
    }

    /// One member more at the end of the object.
    fn pad(&mut self, bytes: usize) {
        const HEAD: &[u8] = br#","padding":""#;
        const TAIL: &[u8] = br#""}"#;
        let missing = bytes.saturating_sub(self.payload.len() + HEAD.len() + TAIL.len() - 1);
        if missing > 0 && self.payload.pop_if(|last| *last == b'}').is_some() {
            self.payload.extend_from_slice(HEAD);
            self.payload.resize(self.payload.len() + missing, b'x');
            self.payload.extend_from_slice(TAIL);
        }
    }

    fn corrupt(&mut self, how: Corruption) {
        match how {
            Corruption::BadUtf8 => self.payload.insert(self.payload.len() / 2, 0xff),
            Corruption::BadJson => {
                if let Some(colon) = self.after(b":") {
                    self.payload[colon - 1] = b'=';
                }
            }
            Corruption::UnknownClass => {
                if let Some(start) = self.after(br#""class":""#) {
                    let rest = &self.payload[start..];
                    let end = start + rest.iter().position(|byte| *byte == b'"').unwrap_or(rest.len());
                    self.payload.splice(start..end, UNKNOWN_CLASS.bytes());
                }
            }
            // the last member of the envelope; within a text its name could not stand without backslashes
            Corruption::NullBody => {
                if let Some(start) = self.after(br#","body":"#) {
                    self.payload.truncate(start);
                    self.payload.extend_from_slice(b"null}");
                }
            }
            Corruption::ReservedBits => self.rsv1 = true,
            Corruption::Masked => self.mask = Some(MASK),
        }
    }

    /// Where the first of these bytes end.
    fn after(&self, bytes: &[u8]) -> Option<usize> {
        self.payload.windows(bytes.len()).position(|window| window == bytes).map(|at| at + bytes.len())
    }

    fn framed(self) -> Vec<Message> {
        let payload = Bytes::from(self.payload);
        let size = self.fragments.unwrap_or(payload.len()).max(1);
        let starts = (0..payload.len().max(1)).step_by(size);
        let frame = |start: usize| {
            let end = payload.len().min(start + size);
            let header = FrameHeader {
                is_final: end == payload.len(),
                rsv1: self.rsv1 && start == 0,
                opcode: OpCode::Data(if start == 0 { Data::Text } else { Data::Continue }),
                mask: self.mask,
                ..FrameHeader::default()
            };
            Message::Frame(Frame::from_payload(header, payload.slice(start..end)))
        };
        starts.map(frame).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        r#"{"type":"message","class":"X","code":200,"tracingId":",\"body\":","body":{"a":"é"}}"#;

    /// The payloads, put together.
    fn bent(bends: &[Bend]) -> String {
        let payload = |message| match message {
            Message::Frame(frame) => frame.payload().to_vec(),
            other => panic!("a frame was expected, not {other:?}"),
        };
        let bytes = messages(TEXT, bends).into_iter().flat_map(payload).collect();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn nothing_bent_is_one_frame_as_it_was() {
        assert_eq!((bent(&[]).as_str(), messages(TEXT, &[]).len()), (TEXT, 1));
    }

    #[test]
    fn a_text_is_cut_between_characters_and_never_beyond_its_end() {
        let accent = TEXT.find('é').unwrap();
        assert_eq!(bent(&[Bend::Truncate(Some(accent + 1))]), TEXT[..accent]);
        assert_eq!(bent(&[Bend::Truncate(Some(accent + 2))]), TEXT[..accent + 2]);
        assert_eq!(bent(&[Bend::Truncate(Some(9_999))]), TEXT);
        assert_eq!(bent(&[Bend::Truncate(Some(0))]), "");
        assert_eq!(bent(&[Bend::Truncate(None)]).len(), TEXT.len() / 2);
    }

    #[test]
    fn padding_makes_the_text_exactly_so_long_and_leaves_the_rest_alone() {
        for bytes in [200, 125, 65_536] {
            let padded = bent(&[Bend::Pad(bytes)]);
            let mut read: serde_json::Value = serde_json::from_str(&padded).unwrap();
            read.as_object_mut().unwrap().remove("padding");
            assert_eq!((padded.len(), read), (bytes, serde_json::from_str(TEXT).unwrap()));
        }
        assert_eq!(bent(&[Bend::Pad(TEXT.len())]), TEXT);
    }

    #[test]
    fn bends_add_up_in_their_order() {
        let null = Bend::Corrupt(Corruption::NullBody);
        let unknown = Bend::Corrupt(Corruption::UnknownClass);
        let expected =
            r#"{"type":"message","class":"EmulatorUnknown","code":200,"tracingId":",\"body\":","body":null}"#;
        assert_eq!(bent(&[null, unknown]), expected);
        assert_eq!(bent(&[null, unknown, Bend::Truncate(Some(5)), Bend::Fragment(2)]), &expected[..5]);
        assert_eq!(bent(&[Bend::Truncate(Some(20)), null]), TEXT[..20], "there is no body any more");
    }

    #[test]
    fn fragments_say_text_first_and_end_last() {
        let seen = |bends: &[Bend]| -> Vec<(bool, u8, bool, usize)> {
            let messages = messages("12345", bends);
            let header = |message: &Message| match message {
                Message::Frame(frame) => {
                    let header = frame.header();
                    (header.is_final, header.opcode.into(), header.rsv1, frame.payload().len())
                }
                other => panic!("a frame was expected, not {other:?}"),
            };
            messages.iter().map(header).collect()
        };
        let fragments = seen(&[Bend::Fragment(2), Bend::Corrupt(Corruption::ReservedBits)]);
        assert_eq!(fragments, [(false, 1, true, 2), (false, 0, false, 2), (true, 0, false, 1)]);
        assert_eq!(seen(&[Bend::Fragment(5)]), [(true, 1, false, 5)]);
        assert_eq!(seen(&[Bend::Truncate(Some(0)), Bend::Fragment(2)]), [(true, 1, false, 0)]);
    }
}
