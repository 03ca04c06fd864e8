//! Tables for people: columns as wide as they must be.

use std::fmt::Write;

/// Rows under their headings; the last column is as long as it is, and no line ends with blanks.
pub fn of(headings: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut all = vec![headings.iter().map(|heading| (*heading).to_owned()).collect::<Vec<_>>()];
    all.extend(rows);
    let mut text = String::new();
    let width = |column: usize| {
        all.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..headings.len()).map(width).collect();
    for row in &all {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            // writing to a string cannot fail
            let _ = write!(line, "{cell:width$}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = vec![vec!["a".to_owned(), "é€".to_owned()], vec!["longer".to_owned(), String::new()]];
        assert_eq!(super::of(&["X", "Y"], rows), "X       Y\na       é€\nlonger\n");
    }
}
