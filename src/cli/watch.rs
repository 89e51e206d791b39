use std::process;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use super::output;

/// Ends the process where a template of the user keeps it busy for ever. Steps of a template are counted; what one step
/// may print is not (a list that holds itself twice, sixty times over), and nothing else can stop that.
pub(super) struct Watch {
    /// Dropped with the watch, which ends its thread.
    _done: Sender<()>,
}

impl Watch {
    /// Watches from now until it is dropped. Far more time than filling the files of so many containers takes; nothing
    /// has been written by then.
    pub(super) fn start(containers: usize) -> Self {
        let (done, over) = mpsc::channel::<()>();
        let limit = Duration::from_secs(10 + containers as u64 / 200);
        thread::spawn(move || {
            if over.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                output::say(&format!(
                    "hacc: a template of yours does not end: given up after {} s, nothing was written.\n\
                     Look for a value that grows with every step (`{{% set x = [x, x] %}}`).\n",
                    limit.as_secs()
                ));
                process::exit(2);
            }
        });
        Self { _done: done }
    }
}
