//! How long a page of a long history takes, wherever in the history it is.

use std::time::Instant;

use super::{
    super::{Outcome, Plan, load::Connection, median, server::get, table::Row},
    QUIET,
    client::{Client, masked},
    message, path, quiet_emulator, token,
};

/// Messages of the session.
const MESSAGES: usize = 10_000;
/// Messages of a page.
const PAGE: usize = 25;
/// Pages that are asked for: the newest, one in the middle, the oldest.
const PAGES: [usize; 3] = [1, 200, MESSAGES / PAGE];

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    let emulator = quiet_emulator()?;
    let token = token(0);
    let mut guest = Client::upgrade(emulator.address, &path(QUIET))?;
    guest.configure(QUIET, &token)?;
    guest.exchange(&message(&token, "how long is this going to take?")?, MESSAGES)?;
    guest.send(&masked(&format!(r#"{{"action":"getJwt","token":"{token}"}}"#))?)?;
    let jwt = guest.read()?.split('"').find(|text| text.starts_with("eyJ")).ok_or("there is no JWT")?;
    let request = |page: usize| {
        let path = format!("/api/v2/webmessaging/messages?pageNumber={page}&pageSize={PAGE}");
        get(&path, &format!("Authorization: Bearer {jwt}\r\n"))
    };
    let mut connection = Connection::open(emulator.address)?;
    let mut took: [Vec<f64>; 3] = Default::default();
    for _ in 0..plan.pages {
        for (page, took) in PAGES.into_iter().zip(&mut took) {
            let request = request(page);
            let begin = Instant::now();
            let answer = connection.ask(&request)?;
            took.push(begin.elapsed().as_secs_f64() * 1e3);
            let end = format!(r#""pageNumber":{page},"total":{MESSAGES},"pageCount":{}}}"#, PAGES[2]);
            if !answer.ends_with(end.as_bytes()) {
                return Err(format!("not page {page}: {}", String::from_utf8_lossy(answer)).into());
            }
        }
    }
    let took = took.map(|took| median(&took));
    let (least, most) =
        took.iter().fold((f64::MAX, 0.0_f64), |(least, most), &one| (least.min(one), most.max(one)));
    let [first, middle, last] = took;
    Ok(vec![Row {
        what: format!("pages 1, {} and {} of {MESSAGES} messages, p50", PAGES[1], PAGES[2]),
        emulator: format!("{first:.3} ms"),
        beside: format!("{middle:.3} ms, {last:.3} ms"),
        figure: format!("{:.2} x", most / least),
        goal: "<= 1.5 x each other",
        met: most <= 1.5 * least,
    }])
}
