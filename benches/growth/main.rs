//! Whether work grows no faster than the topology: `benches/instructions`.
//!
//! Counts the instructions of `hacc lint` on topologies of n, 2n and 4n parts with valgrind's callgrind, since
//! instructions, unlike seconds, are the same on a busy machine. Twice as much text may cost at most 2.2 times as many
//! instructions (what every run costs is taken off first); else the exit code is 1. An argument (a part of a name) selects.

mod everything;
mod shapes;
mod stack;
#[path = "../topology.rs"]
mod topology;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs, io};

use shapes::{SHAPES, Shape};

const HACC: &str = env!("CARGO_BIN_EXE_hacc");

/// Growth that is still called linear: sorting is allowed its logarithm.
const LIMIT: f64 = 2.2;

fn main() -> ExitCode {
    // `cargo test --all-targets` starts this as well: there is nothing to test.
    if !env::args().any(|arg| arg == "--bench") {
        return ExitCode::SUCCESS;
    }
    let wanted: Vec<String> = env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let work = env::temp_dir().join(format!("hacc-instructions-{}", std::process::id()));
    println!("{:<34} {:>8} {:>14} {:>14} {:>14} {:>7}", "shape", "n", "Ir of n", "of 2n", "of 4n", "growth");
    let mut fine = true;
    for shape in SHAPES.iter().filter(|shape| wanted.is_empty() || wanted.iter().any(|w| shape.name.contains(&**w))) {
        match measure(shape, &work) {
            Ok([one, two, four]) => {
                let growth = (four - two) / (two - one).max(1.0);
                // Where hardly anything is added, as where only the first errors are told, there is no growth to speak of.
                let growth = if four < one * 1.1 { 1.0 } else { growth };
                let verdict = if growth > LIMIT { "  MORE THAN LINEAR" } else { "" };
                fine &= growth <= LIMIT;
                println!("{:<34} {:>8} {one:>14} {two:>14} {four:>14} {growth:>7.2}{verdict}", shape.name, shape.n);
            }
            Err(error) => {
                eprintln!("{}: {error}", shape.name);
                fine = false;
                break;
            }
        }
    }
    let _ = fs::remove_dir_all(&work);
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn measure(shape: &Shape, work: &Path) -> io::Result<[f64; 3]> {
    let mut counts = [0.0; 3];
    for (count, factor) in counts.iter_mut().zip([1, 2, 4]) {
        let _ = fs::remove_dir_all(work);
        fs::create_dir_all(work)?;
        for (name, text) in (shape.files)(shape.n * factor) {
            fs::write(work.join(name), text)?;
        }
        *count = instructions(work)?;
    }
    Ok(counts)
}

/// Instructions of one `hacc lint topo.kdl`, whatever it finds.
fn instructions(folder: &Path) -> io::Result<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", HACC, "lint", "topo.kdl"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .map_err(|error| io::Error::other(format!("valgrind cannot be started ({error}): install it to measure")))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let count = said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    count.ok_or_else(|| io::Error::other(format!("valgrind counted nothing: {said}")))
}
