//! The `hacc` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    hacc::cli::run()
}
