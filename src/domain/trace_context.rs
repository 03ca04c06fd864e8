//! W3C Trace Context: the trace that a request belongs to, by its header `traceparent`.

use std::fmt;

/// What a request says of its trace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceContext {
    trace: String,
    flags: String,
}

/// Lower-case hexadecimal digits, so many, and not all of them 0.
fn is_id(text: &str, digits: usize) -> bool {
    is_hex(text, digits) && text.bytes().any(|byte| byte != b'0')
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

impl TraceContext {
    /// Reads a `traceparent`; one that is not valid is as none. Later versions may say more behind it.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('-');
        let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_complete = version != "00" || parts.next().is_none();
        let valid = is_hex(version, 2) && version != "ff" && is_hex(flags, 2) && is_complete;
        (valid && is_id(trace, 32) && is_id(parent, 16))
            .then(|| Self { trace: trace.to_owned(), flags: flags.to_owned() })
    }

    /// The trace's id.
    pub fn trace_id(&self) -> &str {
        &self.trace
    }

    /// The `traceparent` of what is asked for on its behalf, as the span of this id.
    pub fn child(&self, span: &str) -> impl fmt::Display {
        // of the flags, this version knows only whether the caller records
        let sampled = self.flags.ends_with(['1', '3', '5', '7', '9', 'b', 'd', 'f']);
        format!("00-{}-{span}-{:02x}", self.trace, u8::from(sampled))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_valid_is_read_and_passed_on_with_a_span_of_its_own() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        for (given, flags) in [
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "01"),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", "00"),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03", "01"),
            ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-08-what-comes-later", "00"),
        ] {
            let context = TraceContext::parse(given).unwrap();
            assert_eq!(context.trace_id(), trace);
            assert_eq!(
                context.child("b7ad6b7169203331").to_string(),
                format!("00-{trace}-b7ad6b7169203331-{flags}")
            );
        }
    }

    #[test]
    fn what_is_not_valid_is_as_none() {
        for given in [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473é-00f067aa0ba902b7-01",
        ] {
            assert_eq!(TraceContext::parse(given), None, "{given}");
        }
    }
}
