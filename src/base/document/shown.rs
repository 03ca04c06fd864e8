//! A place in a text, shown with the lines around it.

use std::fmt::Write;

use super::Spot;

/// Lines before and behind.
const AROUND: u64 = 2;
/// Of a long line so many characters to either side are shown.
const WIDE: usize = 64;

/// Adds the lines around a place, with words below it.
pub(super) fn push(shown: &mut String, text: &str, spot: Spot, words: &str) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let column = usize::try_from(spot.column).unwrap_or(usize::MAX).max(1) - 1;
    let skipped = column.saturating_sub(WIDE);
    let from = spot.line.saturating_sub(AROUND).max(1);
    let last = (text.lines().count() as u64).min(spot.line + AROUND);
    let gutter = last.to_string().len();
    // writing into a String does not fail
    let _ = write!(shown, "\n{:gutter$}--> <input>:{}:{}\n{:gutter$} |", "", spot.line, spot.column, "");
    for (line, nth) in text.lines().zip(1..=last).skip_while(|(_, nth)| *nth < from) {
        let cut = if skipped > 0 && line.chars().count() > skipped { "\u{2026}" } else { "" };
        let part: String = line.chars().skip(skipped).take(2 * WIDE).map(printable).collect();
        let more = if line.chars().count() > skipped + 2 * WIDE { "\u{2026}" } else { "" };
        let _ = write!(shown, "\n{nth:gutter$} | {cut}{part}{more}");
        if nth == spot.line {
            let before = column - skipped + cut.chars().count();
            let _ = write!(shown, "\n{:gutter$} | {:before$}^ {words}", "", "");
        }
    }
    if last > spot.line {
        let _ = write!(shown, "\n{:gutter$} |", "");
    }
}

/// What would move the cursor is a space.
fn printable(char: char) -> char {
    if char.is_control() { ' ' } else { char }
}
