use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// A command that says nothing and is not to fail.
pub fn command(program: &str, arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// How long the whole process takes, from before it is started until it is waited for.
pub fn time(mut command: Command) -> Duration {
    let start = Instant::now();
    let status = command.status();
    let took = start.elapsed();
    match status {
        Ok(status) if status.success() => took,
        other => {
            eprintln!("{command:?}: {other:?}");
            std::process::exit(1);
        }
    }
}

/// The most memory that the process ever had in use, in KiB. Asked for again and again while it runs, since nothing but
/// `wait4`, which is not within reach here, tells it afterwards; so runs for this number are not timed.
pub fn peak(mut command: Command) -> u64 {
    let Ok(mut child) = command.spawn() else { return 0 };
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while let Ok(None) = child.try_wait() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(now.unwrap_or(0));
        thread::sleep(Duration::from_micros(500));
    }
    peak
}
