//! How fast a whole `hacc build` is: `cargo bench --bench build`, or `cargo bench` for this and the reader.
//!
//! Prints the time and peak memory of a first build and of one with nothing to change, for more and more brokers,
//! beside `cp -r` of the same tree and beside an empty process. All of it runs in turns, so that a busy machine is busy
//! for everyone. Numbers after `--` choose other counts of brokers: `cargo bench --bench build -- 30 300`.

mod process;
#[path = "../topology.rs"]
mod topology;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use process::{command, peak, time};
use topology::{Spread, topology};

const HACC: &str = env!("CARGO_BIN_EXE_hacc");

fn main() -> io::Result<()> {
    // `cargo test --all-targets` starts this as well: there is nothing to test.
    if !env::args().any(|arg| arg == "--bench") {
        return Ok(());
    }
    let work = Work::new()?;
    println!("files in {} ({}); medians, best in brackets; only ratios mean something", work.0.display(), work.kind());
    small(&work)?;
    let counts: Vec<usize> = env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![100, 1_000, 10_000] } else { counts };
    println!(
        "\n{:>8} {:>6} {:>7} | {:>16} {:>6} {:>6} {:>7} | {:>16} {:>6} {:>7} | {:>16} | {:>8}",
        "brokers",
        "hosts",
        "files",
        "first build ms",
        "/cp -r",
        "growth",
        "MB",
        "unchanged ms",
        "/first",
        "MB",
        "cp -r ms",
        "lint ms"
    );
    for spread in [Spread::TenAHost, Spread::OneHost, Spread::WholeStack] {
        let mut before = None;
        for brokers in &counts {
            let row = large(&work, *brokers, spread)?;
            print(*brokers, spread, &row, before.as_ref());
            before = Some((*brokers, row));
        }
    }
    Ok(())
}

/// What was measured for one topology.
struct Row {
    files: usize,
    first: Times,
    again: Times,
    copy: Times,
    lint: Times,
    first_peak: u64,
    again_peak: u64,
}

#[derive(Default)]
struct Times(Vec<Duration>);

/// The example of the repository against an empty process.
fn small(work: &Work) -> io::Result<()> {
    let folder = work.folder("example")?;
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/srm/topo.kdl");
    fs::copy(example, folder.join("topo.kdl"))?;
    let [mut empty, mut version, mut lint, mut first, mut again] = [const { Times(Vec::new()) }; 5];
    for _ in 0..100 {
        clean(&folder)?;
        empty.0.push(time(command("/bin/true", &[], &folder)));
        version.0.push(time(command(HACC, &["--version"], &folder)));
        lint.0.push(time(command(HACC, &["lint", "topo.kdl"], &folder)));
        first.0.push(time(command(HACC, &["build", "topo.kdl"], &folder)));
        again.0.push(time(command(HACC, &["build", "topo.kdl"], &folder)));
    }
    println!("\n{:<28} {:>16} {:>12}", "the example", "ms", "/ /bin/true");
    for (name, times) in [
        ("/bin/true", &empty),
        ("hacc --version", &version),
        ("hacc lint", &lint),
        ("hacc build, the first", &first),
        ("hacc build, unchanged", &again),
    ] {
        println!("{name:<28} {} {:>12.1}", times.shown(), times.median() / empty.median());
    }
    Ok(())
}

fn large(work: &Work, brokers: usize, spread: Spread) -> io::Result<Row> {
    let folder = work.folder("large")?;
    fs::write(folder.join("topo.kdl"), topology(brokers, spread))?;
    let build = || command(HACC, &["build", "topo.kdl"], &folder);
    let mut row = Row {
        files: 0,
        first: Times::default(),
        again: Times::default(),
        copy: Times::default(),
        lint: Times::default(),
        first_peak: 0,
        again_peak: 0,
    };
    let begin = Instant::now();
    while row.first.0.len() < 3 || (row.first.0.len() < 25 && begin.elapsed() < Duration::from_secs(20)) {
        clean(&folder)?;
        row.first.0.push(time(build()));
        row.again.0.push(time(build()));
        row.copy.0.push(time(command("cp", &["-r", "out", "copy"], &folder)));
        row.lint.0.push(time(command(HACC, &["lint", "topo.kdl"], &folder)));
    }
    row.again_peak = peak(build());
    row.files = count(&folder.join("out"))?;
    clean(&folder)?;
    row.first_peak = peak(build());
    Ok(row)
}

fn print(brokers: usize, spread: Spread, row: &Row, before: Option<&(usize, Row)>) {
    let hosts = match spread {
        Spread::TenAHost => brokers.div_ceil(30),
        Spread::OneHost => 1,
        Spread::WholeStack => 3 * brokers.div_ceil(30),
    };
    let growth = before
        .map_or_else(String::new, |(_, row_before)| format!("{:.1}", row.first.median() / row_before.first.median()));
    println!(
        "{brokers:>8} {hosts:>6} {:>7} | {} {:>6.2} {growth:>6} {:>7.1} | {} {:>6.2} {:>7.1} | {} | {:>8.1}",
        row.files,
        row.first.shown(),
        row.first.median() / row.copy.median(),
        mega(row.first_peak),
        row.again.shown(),
        row.again.median() / row.first.median(),
        mega(row.again_peak),
        row.copy.shown(),
        row.lint.median() * 1e3,
    );
    // Each row takes a while.
    let _ = io::stdout().flush();
}

impl Times {
    /// Seconds.
    fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).map_or(0.0, Duration::as_secs_f64)
    }

    /// The median, and the best in brackets, in milliseconds.
    fn shown(&self) -> String {
        let best = self.0.iter().min().map_or(0.0, Duration::as_secs_f64);
        format!("{:>7.1} {:>8}", self.median() * 1e3, format!("({:.1})", best * 1e3))
    }
}

#[allow(clippy::cast_precision_loss)] // a number to look at
fn mega(kibibytes: u64) -> f64 {
    kibibytes as f64 * 1024.0 / 1e6
}

/// Removes what a build and a copy left, so that the next build is a first one.
fn clean(folder: &Path) -> io::Result<()> {
    for name in ["out", "copy"] {
        match fs::remove_dir_all(folder.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    for name in ["topo.lock", "topo.secrets"] {
        let _ = fs::remove_file(folder.join(name));
    }
    Ok(())
}

fn count(folder: &Path) -> io::Result<usize> {
    let mut files = 0;
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() { open.push(entry.path()) } else { files += 1 }
        }
    }
    Ok(files)
}

/// The folder in which everything happens, removed at the end: in memory where the system has a place for that.
struct Work(PathBuf);

impl Work {
    fn new() -> io::Result<Self> {
        let shm = Path::new("/dev/shm");
        let parent = if shm.is_dir() { shm.to_owned() } else { env::temp_dir() };
        let folder = parent.join(format!("hacc-bench-{}", std::process::id()));
        fs::create_dir(&folder)?;
        Ok(Self(folder))
    }

    fn folder(&self, name: &str) -> io::Result<PathBuf> {
        let folder = self.0.join(name);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// The kind of the file system.
    fn kind(&self) -> String {
        let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
        let of = |line: &str| {
            let mut words = line.split(' ').skip(1);
            let (at, kind) = (words.next()?, words.next()?);
            self.0.starts_with(at).then(|| (at.len(), kind.to_owned()))
        };
        mounts.lines().filter_map(of).max().map_or_else(|| "unknown file system".to_owned(), |(_, kind)| kind)
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
