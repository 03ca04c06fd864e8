//! Encodings and comparisons that several floors need.

use std::{borrow::Cow, fmt};

use base64::{
    Engine,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::URL_SAFE_NO_PAD},
};
use memchr::{memchr, memchr2};
use subtle::ConstantTimeEq;

/// Standard alphabet; padding may be there or not, as clients differ.
const BASIC: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// base64url without padding (RFC 7515 section 2).
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Appends base64url without padding.
pub fn push_base64url(bytes: &[u8], text: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// The bytes of base64url without padding.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// base64 with padding (RFC 4648 section 4).
pub fn base64(bytes: &[u8]) -> String {
    BASIC.encode(bytes)
}

/// The bytes of base64 (RFC 4648 section 4), with or without padding.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    BASIC.decode(text).ok()
}

/// The alphabet of base32 (RFC 4648 section 6), in lower case.
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// base32 in lower case, without padding.
pub fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in bytes {
        (bits, count) = (bits << 8 | u32::from(*byte), count + 8);
        while count >= 5 {
            count -= 5;
            text.push(BASE32[(bits >> count & 31) as usize].into());
        }
    }
    if count > 0 {
        text.push(BASE32[(bits << (5 - count) & 31) as usize].into());
    }
    text
}

/// The bytes of base32 in lower case, without padding; bits that make no whole byte are passed over.
pub fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut bits, mut count) = (0_u32, 0);
    for digit in text.bytes() {
        let value = BASE32.iter().position(|known| *known == digit)?;
        (bits, count) = (bits << 5 | value as u32, count + 5);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 255) as u8);
        }
    }
    Some(bytes)
}

/// Does this text have the shape of a compact JWS?
pub fn looks_like_jws(text: &str) -> bool {
    text.starts_with("eyJ") && text.matches('.').count() == 2
}

/// Is this text a UUID, in any letter case?
pub fn looks_like_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(nth, byte)| match nth {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = vec![0; 2 * bytes.len()];
    for (two, byte) in text.as_chunks_mut().0.iter_mut().zip(bytes) {
        *two = hex_digits(*byte);
    }
    String::from_utf8(text).expect("digits are ASCII")
}

/// The two digits of a byte.
pub fn hex_digits(byte: u8) -> [u8; 2] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]
}

/// Compares two secrets without telling by the time taken where they differ.
pub fn same_secret(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// User and password of an `Authorization: Basic` header (RFC 7617), as they came: raw.
pub fn basic_credentials(authorization: &str) -> Option<(String, String)> {
    let (scheme, rest) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(BASIC.decode(rest.trim()).ok()?).ok()?;
    text.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned()))
}

/// The form that RFC 6749 section 2.3.1 wants in Basic: percent-encoded, `+` for a space.
pub fn form_decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

/// The pairs of a query or a form. Stray separators are passed over.
pub fn pairs(encoded: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let named = fields(encoded).map(|field| named(field).unwrap_or((field, "")));
    let named = named.filter(|(name, _)| !name.is_empty());
    named.map(|(name, value)| (decoded(name), decoded(value)))
}

/// The fields of a query or a form, as they stand there.
pub fn fields(encoded: &str) -> impl Iterator<Item = &str> {
    let mut left = Some(encoded);
    std::iter::from_fn(move || {
        let text = left?;
        let (field, rest) = match memchr(b'&', text.as_bytes()) {
            Some(end) => (&text[..end], Some(&text[end + 1..])),
            None => (text, None),
        };
        left = rest;
        Some(field)
    })
}

/// Name and value of a field, if it has a value.
pub fn named(field: &str) -> Option<(&str, &str)> {
    let end = memchr(b'=', field.as_bytes())?;
    Some((&field[..end], &field[end + 1..]))
}

/// Most names and values stand there as they are.
fn decoded(text: &str) -> Cow<'_, str> {
    match memchr2(b'%', b'+', text.as_bytes()) {
        None => text.into(),
        Some(_) => form_decoded(text).into(),
    }
}

/// The first non-empty value of a name in a query: an empty value means "absent" to real clients.
pub fn query_value(query: Option<&str>, name: &str) -> Option<String> {
    pairs(query?).find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.into_owned())
}

/// What is wrong with a JSON text, without the value that is: it may be a secret.
pub fn json_wrong(error: &impl fmt::Display) -> String {
    let text = error.to_string();
    match (text.split_once(": "), text.rsplit_once(", expected ")) {
        (Some((wrong @ ("invalid type" | "invalid value"), _)), Some((_, expected))) => {
            format!("{wrong}, expected {expected}")
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_takes_any_case_of_the_scheme_and_missing_padding() {
        assert_eq!(basic_credentials("basic YTpiOmM="), Some(("a".into(), "b:c".into())));
        assert_eq!(basic_credentials("Basic YTpiOmM"), Some(("a".into(), "b:c".into())));
        assert_eq!(basic_credentials("Bearer x"), None);
    }

    #[test]
    fn base32_is_that_of_rfc_4648() {
        for (plain, text) in
            [("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foobar", "mzxw6ytboi")]
        {
            assert_eq!(base32(plain.as_bytes()), text);
            assert_eq!(from_base32(text).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(from_base32("my1"), None);
    }

    #[test]
    fn empty_query_values_and_stray_separators_are_absent() {
        assert_eq!(query_value(Some("&a=&b=1&&"), "a"), None);
        assert_eq!(query_value(Some("&a=&b=1&&"), "b"), Some("1".into()));
    }

    #[test]
    fn what_is_wrong_with_json_is_told_without_the_value() {
        let wrong = |text: &str| json_wrong(&serde_json::from_str::<Vec<String>>(text).unwrap_err());
        assert_eq!(wrong("[31415926]"), "invalid type, expected a string at line 1 column 9");
        assert_eq!(wrong(r#""a: b, expected c""#), "invalid type, expected a sequence at line 1 column 18");
        assert_eq!(wrong("[1"), "invalid type, expected a string at line 1 column 2");
        assert_eq!(wrong("["), "EOF while parsing a list at line 1 column 1");
    }
}
