//! What the first bytes of a file say that it is.

use super::attachment::{Refused, covers, essence, refused};

const PDF: &[&str] = &["application/pdf", "application/x-pdf"];
const ZIP: &str = "a ZIP archive";
/// No type may have these.
const NONE: &[&str] = &[];

/// How files begin, what that makes them, and the MIME types that they may have.
const SIGNATURES: &[(&[u8], &str, &[&str])] = &[
    (b"\x89PNG\r\n\x1a\n", "a PNG image", &["image/png", "image/x-png", "image/apng"]),
    (b"\xff\xd8\xff", "a JPEG image", &["image/jpeg", "image/jpg", "image/pjpeg"]),
    (b"GIF87a", "a GIF image", &["image/gif"]),
    (b"GIF89a", "a GIF image", &["image/gif"]),
    (b"%PDF-", "a PDF document", PDF),
    // office documents are ZIP archives, and have many names
    (b"PK\x03\x04", ZIP, &["application/*"]),
    (b"PK\x05\x06", ZIP, &["application/*"]),
    (b"MZ", "a program", NONE),
    (b"\x7fELF", "a program", NONE),
    (b"#!", "a script", NONE),
];

/// May a file of this type begin like this? What begins like nothing that is known may be of any type, and a type that
/// says nothing may be anything but a program.
pub fn check(mime: &str, bytes: &[u8]) -> Result<(), Refused> {
    let Some((what, types)) = known(bytes) else {
        return Ok(());
    };
    let is_one_of = |types: &[&str]| types.iter().any(|one| covers(one, mime));
    let says_nothing = essence(mime).eq_ignore_ascii_case("application/octet-stream");
    if types.is_empty() {
        Err(refused(4003, format!("The file is {what}, which is never accepted")))
    } else if says_nothing || is_one_of(types) && !(what == ZIP && is_one_of(PDF)) {
        Ok(())
    } else {
        Err(refused(4003, format!("The file is {what}, which does not match its type {mime}")))
    }
}

fn known(bytes: &[u8]) -> Option<(&'static str, &'static [&'static str])> {
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some(("a WebP image", &["image/webp"]));
    }
    SIGNATURES.iter().find(|(magic, ..)| bytes.starts_with(magic)).map(|(_, what, types)| (*what, *types))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";
    const WEBP: &[u8] = b"RIFF\x10\0\0\0WEBPVP8 ";
    const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    #[test]
    fn what_begins_like_another_type_is_refused() {
        for (mime, bytes, fits) in [
            ("image/png", PNG, true),
            ("IMAGE/PNG; x=y", PNG, true),
            ("application/octet-stream", PNG, true),
            ("image/jpeg", PNG, false),
            ("text/plain", PNG, false),
            ("image/jpeg", b"\xff\xd8\xff\xe0", true),
            ("image/gif", b"GIF89a", true),
            ("image/gif", WEBP, false),
            ("image/webp", WEBP, true),
            ("audio/wav", b"RIFF\x10\0\0\0WAVE", true),
            ("application/pdf", b"%PDF-1.7", true),
            ("image/png", b"%PDF-1.7", false),
            (DOCX, b"PK\x03\x04", true),
            ("application/zip", b"PK\x05\x06", true),
            ("application/pdf", b"PK\x03\x04", false),
            ("image/png", b"PK\x03\x04", false),
            ("application/octet-stream", b"MZ\x90", false),
            ("text/plain", b"#!/bin/sh", false),
            ("application/x-elf", b"\x7fELF\x02", false),
            ("image/png", b"nothing that is known", true),
            ("image/png", b"", true),
        ] {
            let refused = check(mime, bytes);
            assert_eq!(refused.is_ok(), fits, "{mime}: {refused:?}");
            assert!(refused.is_ok() || refused.is_err_and(|why| why.code == 4003));
        }
    }

    proptest! {
        #[test]
        fn programs_are_refused_whatever_their_type(mime in "[a-z]{1,9}/[a-z*]{1,9}", rest in any::<Vec<u8>>()) {
            for magic in [b"MZ".as_slice(), b"\x7fELF", b"#!"] {
                prop_assert!(check(&mime, &[magic, &rest].concat()).is_err());
            }
        }
    }
}
