//! Instants and spans of an org's time, and how Genesys, HTTP and JWT each write them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An instant in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The last instant.
    pub const END: Self = Self(i64::MAX);

    /// From microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down: what JWT calls a `NumericDate`.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Whole milliseconds since the epoch, rounded down.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// The next whole millisecond, unless this is one: never before it, however it is written.
    pub const fn up_to_millis(self) -> Self {
        Self(self.0.saturating_add(999).div_euclid(1_000) * 1_000)
    }

    /// The instant `span` later, at the end of time at the latest.
    pub const fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// How long after `earlier` this is; zero when it is not after.
    pub const fn since(self, earlier: Self) -> Span {
        let gap = self.0.saturating_sub(earlier.0);
        Span(if gap < 0 { 0 } else { gap })
    }

    /// The last whole multiple of `span` since the epoch.
    pub const fn floor(self, span: Span) -> Self {
        let length = if span.0 > 0 { span.0 } else { 1 };
        Self(self.0 - self.0.rem_euclid(length))
    }

    /// The first moment of its month.
    pub fn first_of_month(self) -> Self {
        let time = self.jiff().to_zoned(jiff::tz::TimeZone::UTC);
        let first = time.first_of_month().and_then(|first| first.start_of_day());
        first.map_or(self, |first| Self(first.timestamp().as_microsecond()))
    }

    fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::MAX)
    }

    /// Year, month and day, in UTC.
    pub fn date(self) -> (i32, u8, u8) {
        let date = self.jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
        (date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
    }

    /// An HTTP date (RFC 9110 section 5.6.7), such as `Fri, 02 Jan 2026 03:04:05 GMT`.
    pub fn http_date(self) -> String {
        self.jiff().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }
}

/// ISO 8601 in UTC with exactly three fraction digits: the vendor's format, and the one clients compare by.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = Self(self.millis() * 1_000);
        write!(f, "{:.3}", whole.jiff())
    }
}

/// Why a text is no instant.
#[derive(Debug, thiserror::Error)]
pub enum NotATime {
    /// It is none.
    #[error("`{0}` is not a time; expected RFC 3339 such as 2026-01-02T03:04:05Z")]
    Other(String),
    /// It is one, but not of a clock.
    #[error("`{0}` is too late for a clock; expected at most {max}", max = Timestamp::END)]
    TooLate(String),
}

impl FromStr for Timestamp {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        text.parse::<jiff::Timestamp>().map(|t| Self(t.as_microsecond())).map_err(|_| {
            let written = jiff::fmt::temporal::Pieces::parse(text);
            match written.is_ok_and(|pieces| pieces.time().is_some() && pieces.offset().is_some()) {
                true => NotATime::TooLate(text.to_owned()),
                false => NotATime::Other(text.to_owned()),
            }
        })
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

/// A length of time in microseconds, never negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span(i64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// Longer than any clock goes.
    pub const FOREVER: Self = Self(i64::MAX);

    /// From microseconds; a negative count is zero.
    pub const fn from_micros(micros: i64) -> Self {
        Self(if micros < 0 { 0 } else { micros })
    }

    /// From milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Self::from_micros(millis.saturating_mul(1_000))
    }

    /// From seconds.
    pub const fn from_secs(secs: i64) -> Self {
        Self::from_micros(secs.saturating_mul(1_000_000))
    }

    /// Microseconds.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This long and then so long.
    pub const fn and(self, more: Self) -> Self {
        Self(self.0.saturating_add(more.0))
    }

    /// Whole seconds, rounded down.
    pub const fn secs(self) -> i64 {
        self.0 / 1_000_000
    }

    /// Whole seconds, rounded up and at least one: what `Retry-After` says.
    pub const fn retry_secs(self) -> i64 {
        let up = self.0.saturating_add(999_999) / 1_000_000;
        if up < 1 { 1 } else { up }
    }
}

/// The largest unit that leaves no remainder, such as `250ms`, `90s`, `1h`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(i64, &str); 5] =
            [(86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "m"), (1_000_000, "s"), (1_000, "ms")];
        if self.0 == 0 {
            return f.write_str("0s");
        }
        match UNITS.iter().find(|(size, _)| self.0 % size == 0) {
            Some((size, unit)) => write!(f, "{}{unit}", self.0 / size),
            None => write!(f, "{}us", self.0),
        }
    }
}

/// Why a text is no length of time.
#[derive(Debug, thiserror::Error)]
pub enum NotASpan {
    /// It is none.
    #[error("`{0}` is not a duration; expected `250ms`, `2s`, `1h30m` or an integer of milliseconds")]
    Other(String),
    /// It is one, but no clock goes so long.
    #[error("`{0}` is too long for a duration; expected at most 7304484d")]
    TooLong(String),
}

/// The same text with small numbers in it.
fn short(text: &str) -> String {
    let mut short = String::new();
    for letter in text.chars().map(|letter| if letter.is_ascii_digit() { '1' } else { letter }) {
        if letter != '1' || !short.ends_with('1') {
            short.push(letter);
        }
    }
    short
}

impl FromStr for Span {
    type Err = NotASpan;

    fn from_str(text: &str) -> Result<Self, NotASpan> {
        let wrong = || {
            let short = short(text);
            match short != text && short.parse::<Self>().is_ok() {
                true => NotASpan::TooLong(text.to_owned()),
                false => NotASpan::Other(text.to_owned()),
            }
        };
        if let Ok(millis) = text.parse::<i64>() {
            return if millis < 0 { Err(wrong()) } else { Ok(Self::from_millis(millis)) };
        }
        let span: jiff::Span = text.parse().map_err(|_| wrong())?;
        let length = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
        let micros = i64::try_from(length.as_micros()).map_err(|_| wrong())?;
        if micros < 0 { Err(wrong()) } else { Ok(Self(micros)) }
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Either;
        impl de::Visitor<'_> for Either {
            type Value = Span;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as `250ms`, `2s`, `1h` or an integer of milliseconds")
            }

            fn visit_u64<E: de::Error>(self, millis: u64) -> Result<Span, E> {
                let millis = i64::try_from(millis).map_err(|_| E::custom("the duration is too long"))?;
                Ok(Span::from_millis(millis))
            }

            fn visit_i64<E: de::Error>(self, millis: i64) -> Result<Span, E> {
                u64::try_from(millis)
                    .map_err(|_| E::custom("a duration is not negative"))
                    .and_then(|millis| self.visit_u64(millis))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Span, E> {
                text.parse().map_err(E::custom)
            }
        }
        d.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_print_three_fraction_digits_and_round_down() {
        let t: Timestamp = "2026-01-02T03:04:05.0079Z".parse().unwrap();
        assert_eq!(t.to_string(), "2026-01-02T03:04:05.007Z");
        assert_eq!(t.http_date(), "Fri, 02 Jan 2026 03:04:05 GMT");
        for (text, said) in [
            (
                "9999-12-31T23:59:59Z",
                "`9999-12-31T23:59:59Z` is too late for a clock; expected at most 9999-12-30T22:00:00.999Z",
            ),
            (
                "2026-13-02T03:04:05Z",
                "`2026-13-02T03:04:05Z` is not a time; expected RFC 3339 such as 2026-01-02T03:04:05Z",
            ),
        ] {
            assert_eq!(text.parse::<Timestamp>().unwrap_err().to_string(), said);
        }
    }

    #[test]
    fn spans_read_units_and_bare_milliseconds() {
        for (text, micros) in [
            ("250ms", 250_000),
            ("2s", 2_000_000),
            ("1h30m", 5_400_000_000),
            ("15", 15_000),
            ("3d", 259_200_000_000),
        ] {
            assert_eq!(text.parse::<Span>().unwrap().micros(), micros, "{text}");
        }
        assert_eq!(Span::from_secs(90).to_string(), "90s");
        assert_eq!("9223372036854775807".parse::<Span>().unwrap().retry_secs(), 9_223_372_036_854);
        assert_eq!("7304484d".parse::<Span>().unwrap().secs(), 7_304_484 * 86_400);
        for long in ["7304485d", "999999999999h", "1h99999999999999999999m", "99999999999999999999"] {
            let said = long.parse::<Span>().unwrap_err().to_string();
            assert_eq!(said, format!("`{long}` is too long for a duration; expected at most 7304484d"));
        }
        assert!(
            "-2s".parse::<Span>().is_err()
                && "soon".parse::<Span>().is_err()
                && "1mo".parse::<Span>().is_err()
        );
    }
}
