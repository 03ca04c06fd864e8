//! Listings by pages, as `…EntityListing` describes them.

use http::Uri;
use serde::Serialize;

use super::{
    query::given,
    request::{Refused, bad_parameter, page},
};
use crate::{
    base::codec::{pairs, query_value},
    ops::cx::Cx,
};

/// A page of a listing.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listing<T> {
    entities: Vec<T>,
    page_size: usize,
    page_number: usize,
    total: usize,
    page_count: usize,
    first_uri: String,
    self_uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_uri: Option<String>,
    last_uri: String,
}

/// All that there is, without pages.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Whole<T> {
    total: usize,
    entities: Vec<T>,
    self_uri: &'static str,
}

impl<T> Whole<T> {
    /// Of these, which are at a path.
    pub fn of(self_uri: &'static str, entities: Vec<T>) -> Self {
        Self { total: entities.len(), entities, self_uri }
    }
}

/// Entities of a page: usually, and at most.
pub const PAGES: (usize, usize) = (25, 500);

/// Which page is asked for: `pageNumber` and `pageSize`.
pub struct Paging<'a> {
    path: &'a str,
    uri: &'a Uri,
    /// From one.
    pub number: usize,
    /// Entities of a page.
    pub size: usize,
}

impl<'a> Paging<'a> {
    /// As the query says: pages of the usual size unless it says another one, up to `most`.
    pub fn read(
        cx: &Cx,
        path: &'a str,
        uri: &'a Uri,
        (usual, most): (usize, usize),
    ) -> Result<Self, Refused> {
        let (number, size) =
            (count(cx, uri, "pageNumber", 1, usize::MAX)?, count(cx, uri, "pageSize", usual, most)?);
        Ok(Self { path, uri, number, size })
    }

    /// The page of all that there is.
    pub fn of<T>(&self, all: impl ExactSizeIterator<Item = T>) -> Listing<T> {
        let total = all.len();
        let skipped = (self.number - 1).saturating_mul(self.size);
        self.page(all.skip(skipped).take(self.size).collect(), total)
    }

    /// A page that was taken out of so many.
    pub fn page<T>(&self, entities: Vec<T>, total: usize) -> Listing<T> {
        let page_count = total.div_ceil(self.size);
        let at = |number: usize| {
            let (size, number) = (self.size.to_string(), number.to_string());
            page(self.path, self.uri, &[("pageSize", &size), ("pageNumber", &number)])
        };
        Listing {
            entities,
            page_size: self.size,
            page_number: self.number,
            total,
            page_count,
            first_uri: at(1),
            self_uri: at(self.number),
            next_uri: (self.number < page_count).then(|| at(self.number + 1)),
            previous_uri: (self.number > 1).then(|| at(self.number - 1)),
            last_uri: at(page_count.max(1)),
        }
    }
}

/// A number of the query from one on.
fn count(cx: &Cx, uri: &Uri, name: &str, usual: usize, most: usize) -> Result<usize, Refused> {
    let Some(text) = given(uri, name) else { return Ok(usual) };
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    let expected = if most == usize::MAX { "a number from 1 on".to_owned() } else { format!("1 to {most}") };
    number.ok_or_else(|| bad_parameter(cx, name, &text, &expected).into())
}

/// `sortBy`, which is one of these names, and `sortOrder`: whether it ascends. The first name is the usual one.
pub fn sorting(cx: &Cx, uri: &Uri, names: &[&'static str]) -> Result<(&'static str, bool), Refused> {
    let by = match query_value(uri.query(), "sortBy") {
        None => names.first().copied().unwrap_or_default(),
        Some(text) => match names.iter().find(|name| name.eq_ignore_ascii_case(&text)) {
            Some(name) => *name,
            None => return Err(bad_parameter(cx, "sortBy", &text, &names.join(" or ")).into()),
        },
    };
    Ok((by, ascends(cx, uri)?))
}

/// `sortOrder`: does it ascend?
pub fn ascends(cx: &Cx, uri: &Uri) -> Result<bool, Refused> {
    let Some(text) = query_value(uri.query(), "sortOrder") else { return Ok(true) };
    let is = |words: [&str; 2]| words.iter().any(|word| word.eq_ignore_ascii_case(&text));
    match () {
        () if is(["asc", "ascending"]) => Ok(true),
        () if is(["desc", "descending"]) => Ok(false),
        () => Err(bad_parameter(cx, "sortOrder", &text, "ascending or descending").into()),
    }
}

/// All values of a list parameter: it may come several times, and with commas.
pub fn values(uri: &Uri, name: &str) -> Vec<String> {
    pairs(uri.query().unwrap_or_default())
        .filter(|(known, _)| known == name)
        .flat_map(|(_, value)| value.split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>())
        .filter(|one| !one.is_empty())
        .collect()
}
