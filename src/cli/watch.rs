//! Looks whether scenario files have changed.

use std::time::Duration;

use crate::{
    base::clock::wall,
    scenario::source::{Source, Stamp},
};

/// How often the files are looked at, in real time.
const LOOK: Duration = Duration::from_millis(250);

/// Waits until one of these files is another than it was, and two looks see the same: editors write in pieces.
pub async fn changed(files: &mut [Source]) {
    let stamps = |files: &[Source]| files.iter().map(Source::look).collect::<Vec<Stamp>>();
    let mut before = stamps(files);
    loop {
        wall::sleep(LOOK).await;
        let now = stamps(files);
        let is_other = now.iter().zip(&*files).any(|(now, file)| *now != file.stamp);
        if is_other && now == before && now.iter().all(Option::is_some) {
            files.iter_mut().zip(now).for_each(|(file, now)| file.stamp = now);
            return;
        }
        before = now;
    }
}
