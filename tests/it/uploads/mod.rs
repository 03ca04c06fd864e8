//! `/uploads`: where files of web messaging are put.

mod cors;
mod upload;
