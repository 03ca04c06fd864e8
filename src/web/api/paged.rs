//! Listings of numbered pages.

use http::Uri;
use serde::Serialize;

use super::request::{Refused, bad_parameter, page};
use crate::{base::codec::query_value, ops::cx::Cx};

/// Entities of a page that nobody gave a size.
const USUAL: usize = 25;
/// Entities of the largest page.
const MOST: usize = 500;

/// Which page is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    number: usize,
    size: usize,
}

/// A page of something.
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

impl Page {
    /// `pageNumber` and `pageSize` of a query.
    pub fn of(cx: &Cx, uri: &Uri) -> Result<Self, Refused> {
        let number = |name: &str, usual: usize, most: usize| -> Result<usize, Refused> {
            let Some(text) = query_value(uri.query(), name) else { return Ok(usual) };
            let number = text.parse().ok().filter(|number| (1..=most).contains(number));
            number.ok_or_else(|| bad_parameter(cx, name, &text, &format!("1 to {most}")).into())
        };
        Ok(Self { number: number("pageNumber", 1, usize::MAX)?, size: number("pageSize", USUAL, MOST)? })
    }

    /// This page of all that there is at a path.
    pub fn take<T>(self, path: &str, uri: &Uri, all: Vec<T>) -> Listing<T> {
        let Self { number, size } = self;
        let total = all.len();
        let page_count = total.div_ceil(size);
        let at = |number: usize| {
            let (size, number) = (size.to_string(), number.to_string());
            page(path, uri, &[("pageSize", &size), ("pageNumber", &number)])
        };
        let skipped = (number - 1).saturating_mul(size);
        Listing {
            entities: all.into_iter().skip(skipped).take(size).collect(),
            page_size: size,
            page_number: number,
            total,
            page_count,
            first_uri: at(1),
            self_uri: at(number),
            next_uri: (number < page_count).then(|| at(number + 1)),
            previous_uri: (number > 1).then(|| at(number - 1)),
            last_uri: at(page_count.max(1)),
        }
    }
}
