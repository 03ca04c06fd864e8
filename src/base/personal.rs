//! What looks like personal data. Told by its kind, never by itself.

/// Kinds of it.
pub const KINDS: [&str; 4] = ["card number", "social security number", "e-mail address", "phone number"];

/// What kind a value looks like, if any.
pub fn kind(text: &str) -> Option<&'static str> {
    let [card, security, mail, phone] = KINDS;
    let text = text.trim();
    if text.len() < 7 || text.len() > 254 {
        return None;
    }
    if is_mail(text) {
        return Some(mail);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit() || b" -.()+/".contains(&byte)) {
        return None;
    }
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    match digits.len() {
        13..=19 if !text.starts_with('+') && is_luhn(&digits) => Some(card),
        9 if groups == [3, 2, 4] => Some(security),
        // bare digits are a number of anything
        7..=15 if text.starts_with('+') => Some(phone),
        10..=11 if text.len() > digits.len() => Some(phone),
        _ => None,
    }
}

fn is_mail(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let plain = |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '@');
    plain(name)
        && plain(host)
        && host.split('.').count() > 1
        && host.split('.').all(|label| !label.is_empty())
}

/// Does its check digit fit (ISO/IEC 7812-1)?
fn is_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(nth, digit)| match u32::from(*digit) * (1 + nth as u32 % 2) {
            twice if twice > 9 => twice - 9,
            once => once,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_it_is_told_apart_from_what_does_not() {
        let [card, security, mail, phone] = KINDS.map(Some);
        for (text, expected) in [
            ("4111 1111 1111 1111", card),
            ("4111111111111111", card),
            ("4111 1111 1111 1112", None),
            ("123-45-6789", security),
            ("123-456-789", None),
            ("ann@example.test", mail),
            ("ann@home", None),
            ("+49 30 1234567", phone),
            ("(555) 123-4567", phone),
            ("1234567890", None),
            ("2026-01-02", None),
            ("gold", None),
            ("00000000-0000-4000-8000-0000000000cc", None),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
    }
}
