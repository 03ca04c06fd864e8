//! The rows, and how they are printed.

use std::fmt;

use super::{Outcome, median};

/// What the emulator has to reach of the bare server's rate, and how that is said.
#[derive(Clone, Copy)]
pub struct Share(f64, &'static str);

impl Share {
    /// Where little is done.
    pub const MOST: Self = Self(0.6, ">= 0.6 x bare");
    /// Where things are kept, and rights are asked for.
    pub const HALF: Self = Self(0.5, ">= 0.5 x bare");
}

/// One figure.
pub struct Row {
    /// What it is of.
    pub what: String,
    /// The emulator's part.
    pub emulator: String,
    /// What stands beside it.
    pub beside: String,
    /// The figure.
    pub figure: String,
    /// What it should be.
    pub goal: &'static str,
    /// Is it?
    pub met: bool,
}

impl Row {
    /// Of what was done in a second, in each round, by the emulator and by the bare server.
    pub fn of_rates(what: String, rates: &[Vec<f64>; 2], Share(share, goal): Share) -> Self {
        let [ours, theirs] = rates.each_ref().map(|rates| median(rates));
        Self {
            what,
            emulator: format!("{ours:.0}/s"),
            beside: format!("bare {theirs:.0}/s"),
            figure: format!("{:.2} x", ours / theirs),
            goal,
            met: ours >= share * theirs,
        }
    }
}

/// All rows, and what could not be measured.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
    failures: Vec<String>,
}

impl Table {
    /// Adds what was measured, or why it was not.
    pub fn add(&mut self, name: &str, measured: Outcome<Vec<Row>>) {
        match measured {
            Ok(rows) => self.rows.extend(rows),
            Err(error) => self.failures.push(format!("not measured: {name}: {error}")),
        }
    }

    /// Was everything measured?
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["what", "emulator", "beside it", "figure", "goal", "met"].map(str::to_owned);
        let rows = self.rows.iter().map(|row| {
            [
                row.what.clone(),
                row.emulator.clone(),
                row.beside.clone(),
                row.figure.clone(),
                row.goal.to_owned(),
                if row.met { "yes" } else { "NO" }.to_owned(),
            ]
        });
        let lines: Vec<[String; 6]> = std::iter::once(head).chain(rows).collect();
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
        let widths: Vec<usize> = (0..6).map(|column| width(column).unwrap_or(0)).collect();
        for (nth, line) in lines.iter().enumerate() {
            let cells = line.iter().zip(&widths).map(|(cell, width)| format!(" {cell:<width$} "));
            writeln!(f, "|{}|", cells.collect::<Vec<_>>().join("|"))?;
            if nth == 0 {
                let rules = widths.iter().map(|width| "-".repeat(width + 2));
                writeln!(f, "|{}|", rules.collect::<Vec<_>>().join("|"))?;
            }
        }
        self.failures.iter().try_for_each(|failure| writeln!(f, "{failure}"))
    }
}
