//! Exact letter case of answer headers on HTTP/1.1.
//!
//! hyper writes header names in lower case, or title-cased as a whole. Two official SDKs look `ININ-Correlation-Id` up
//! in exactly its own spelling. So names are put right where heads are written: a name keeps its length.

use std::{
    io::{self, IoSlice},
    task::{Poll, ready},
};

use memchr::memchr;

/// Heads up to this length are put right without allocating.
const USUAL_HEAD: usize = 1_024;
/// Slices that are written at once: a head, and its body in a few parts.
const SLICES: usize = 8;

/// What is left of a head that could not be written at once. It is spelled right already.
#[derive(Debug, Default)]
pub struct Rest(Vec<u8>);

impl Rest {
    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes slices of which the first is a head, or what is left of one, or several heads. Answers how many bytes were
    /// written of the slices.
    pub fn write(
        &mut self,
        names: &[&str],
        slices: &[IoSlice<'_>],
        write: impl FnOnce(&[IoSlice<'_>]) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let Some((heads, bodies)) = slices.split_first() else { return write(slices) };
        let mut usual = [0; USUAL_HEAD];
        let mut large = Vec::new();
        let spelled = match usual.get_mut(..heads.len()) {
            Some(usual) => usual,
            None => {
                large.resize(heads.len(), 0);
                &mut large[..]
            }
        };
        spelled.copy_from_slice(heads);
        let (begun, new) = spelled.split_at_mut(self.0.len().min(heads.len()));
        begun.copy_from_slice(&self.0[..begun.len()]);
        spell(new, names);
        let mut all = [IoSlice::new(&[]); SLICES];
        all[0] = IoSlice::new(spelled);
        let count = bodies.len().min(SLICES - 1);
        all[1..=count].copy_from_slice(&bodies[..count]);
        let written = ready!(write(&all[..=count]))?;
        self.0 = spelled.get(written..).unwrap_or_default().to_vec();
        Poll::Ready(Ok(written))
    }
}

/// Puts the names of heads right. A name that is not among `names` stays as it is.
pub fn spell(mut heads: &mut [u8], names: &[&str]) {
    while let Some(end) = memchr(b'\n', heads) {
        let (line, others) = heads.split_at_mut(end + 1);
        heads = others;
        if let Some((name, _)) = memchr(b':', line).and_then(|colon| line.split_at_mut_checked(colon))
            && let Some(right) = names.iter().find(|right| are_alike(right.as_bytes(), name))
        {
            name.copy_from_slice(right.as_bytes());
        }
    }
}

/// Do they differ in letter case alone? Asked for every header of every answer, so it takes eight bytes at a time. Names
/// have letters, digits and hyphens: of these no two are taken for one another.
fn are_alike(right: &[u8], name: &[u8]) -> bool {
    const LOWER: u64 = u64::from_ne_bytes([b' '; 8]);
    let lower = |eight: &[u8; 8]| u64::from_ne_bytes(*eight) | LOWER;
    let ((rights, right_rest), (names, name_rest)) = (right.as_chunks(), name.as_chunks());
    right.len() == name.len()
        && rights.iter().zip(names).all(|(right, name)| lower(right) == lower(name))
        && right_rest.eq_ignore_ascii_case(name_rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAMES: &[&str] = &["Content-Type", "ININ-Correlation-Id", "ETag", "WWW-Authenticate"];
    const RIGHT: [&str; 4] = [
        "HTTP/1.1 200 OK\r\nContent-Type: etag: x\r\nININ-Correlation-Id: 1\r\nx-other: etag\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n",
        "HTTP/1.1 204 etag: none\r\n\r\n",
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\ncontent-length: 12\r\n\r\n",
    ];
    const BODY: &str = "etag: 1\r\ncontent-type: 2\r\n";

    /// Writes heads and bodies as hyper does: heads wait in one buffer, what was written of it is taken off its front,
    /// and a head is added only when no body waits. A write takes as many bytes as `takes` says, in turn, 0 for none.
    fn written(answers: &[(usize, bool)], takes: &[usize]) -> (String, String) {
        let (mut out, mut expected) = (Vec::new(), String::new());
        let mut rest = Rest::default();
        let mut heads = Vec::new();
        let mut takes = takes.iter().cycle();
        for (head, bodies) in answers {
            let body: &[&str] = if *bodies { &[BODY, BODY] } else { &[] };
            expected.push_str(RIGHT[*head]);
            expected.push_str(&body.concat());
            let lower = NAMES
                .iter()
                .fold(RIGHT[*head].to_owned(), |text, name| text.replace(name, &name.to_ascii_lowercase()));
            heads.extend_from_slice(lower.as_bytes());
            let mut bodies = body.concat().into_bytes();
            let mut due = true;
            loop {
                let taken = *takes.next().unwrap();
                let mut write = |slices: &[IoSlice<'_>]| {
                    let all: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
                    let count = taken.min(all.len());
                    out.extend_from_slice(&all[..count]);
                    if count == 0 { Poll::Pending } else { Poll::Ready(Ok(count)) }
                };
                let slices = [IoSlice::new(&heads), IoSlice::new(&bodies)];
                let slices = if heads.is_empty() { &slices[1..] } else { &slices[..] };
                let result = match due || !rest.is_empty() {
                    true => rest.write(NAMES, slices, write),
                    false => write(slices),
                };
                if let Poll::Ready(count) = result {
                    due = false;
                    let count = count.unwrap();
                    let of_heads = count.min(heads.len());
                    heads.drain(..of_heads);
                    bodies.drain(..count - of_heads);
                }
                // without a body, the next answer may come while this head still waits
                if bodies.is_empty() && (heads.is_empty() || body.is_empty()) {
                    break;
                }
            }
        }
        while !heads.is_empty() {
            let all = |slices: &[IoSlice<'_>]| {
                out.extend_from_slice(&slices[0]);
                Poll::Ready(Ok(slices[0].len()))
            };
            assert!(rest.write(NAMES, &[IoSlice::new(&heads)], all).is_ready());
            heads.clear();
        }
        (String::from_utf8(out).unwrap(), expected)
    }

    proptest! {
        #[test]
        fn however_answers_are_cut_up_their_heads_are_spelled_right_and_their_bodies_stay(
            answers in proptest::collection::vec((0..RIGHT.len(), any::<bool>()), 1..6),
            takes in proptest::collection::vec(0_usize..120, 1..30),
        ) {
            prop_assume!(takes.iter().any(|taken| *taken > 0));
            let (out, expected) = written(&answers, &takes);
            prop_assert_eq!(out, expected);
        }
    }

    #[test]
    fn a_head_longer_than_usual_is_spelled_right_too() {
        let head = format!("HTTP/1.1 200 OK\r\nx-long: {}\r\netag: 1\r\n\r\n", "x".repeat(USUAL_HEAD));
        let mut out = Vec::new();
        let write = |slices: &[IoSlice<'_>]| {
            out.extend_from_slice(&slices[0]);
            Poll::Ready(Ok(slices[0].len()))
        };
        assert!(Rest::default().write(NAMES, &[IoSlice::new(head.as_bytes())], write).is_ready());
        assert!(String::from_utf8(out).unwrap().ends_with("\r\nETag: 1\r\n\r\n"));
    }
}
