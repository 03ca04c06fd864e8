//! What is wrong with a world, in words and by its place.

/// What is wrong with a world, and where.
#[derive(Debug, thiserror::Error)]
#[error("world: {place}: {wrong}")]
pub struct BadWorld {
    place: String,
    wrong: String,
    member: &'static str,
    /// The way to what it contradicts.
    also: Option<String>,
    /// The entry of the timeline that it is about, if it is about one.
    pub entry: Option<usize>,
}

impl BadWorld {
    /// It is about this member of what is at the place.
    #[must_use]
    pub(super) fn of(mut self, member: &'static str) -> Self {
        self.member = member;
        self
    }

    /// It contradicts the same member of what is there.
    #[must_use]
    pub(super) fn against(mut self, other: String) -> Self {
        self.also = Some(other);
        self
    }

    /// The ways to it within the org.
    pub fn ways(&self) -> Vec<String> {
        let of = |place: &String| [place.as_str(), self.member].join(".").trim_end_matches('.').to_owned();
        std::iter::once(&self.place).chain(&self.also).map(of).collect()
    }
}

/// Something is wrong at this place.
pub fn bad(place: impl Into<String>, wrong: impl Into<String>) -> BadWorld {
    BadWorld { place: place.into(), wrong: wrong.into(), member: "", also: None, entry: None }
}

/// Something is wrong with this entry of the timeline.
pub fn bad_entry(nth: usize, wrong: impl Into<String>) -> BadWorld {
    BadWorld { entry: Some(nth), ..bad(format!("timeline, entry {}", nth + 1), wrong) }
}
