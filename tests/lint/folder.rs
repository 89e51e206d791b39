//! A folder of files, and hacc run in it.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The value of a secret that stands in a topology in clear: no output may have it.
pub const SECRET: &str = "correct-horse-battery";

/// Findings of every level, one of them accepted by a node and one by a comment; places in two files, behind characters of
/// one to four bytes; a secret in clear on a line that is shown.
pub const TOPO: &str = r#"topology "shop"
include "parts/brokers.kdl"
allow "even-servers" reason="a third machine comes in May"
host "vm" address="192.168.10.10"
network "front" on="vm" subnet="172.30.8.0/24"
haproxy "lb" version="2.6.12" on="vm" {
    attach "front"
    node "lb1"; node "lb2"
    vip "entry" "172.30.8.100" {
        member "lb1" vrid=51
        /* é 漢 𝄞 */ member "lb2" vrid=52
    }
    vip "side" "172.30.8.101" {
        member "lb1" priority=100 // hacc: allow(equal-priorities) reason="addresses, not 50 % luck: décidé"
        member "lb2" priority=100
    }
}
"#;

/// What [`TOPO`] includes.
pub const BROKERS: &str = concat!(
    "/* é 漢 𝄞 */ network \"mq\" on=\"vm\" subnet=\"173.30.7.0/24\"; secret \"stats\" literal=\"",
    "correct-horse-battery",
    "\"\nconsul \"kv\" version=\"1.20.6\" on=\"vm\" { node \"c1\"; node \"c2\"; }\n",
);

/// Clean.
pub const CLEAN: &str = "topology \"t\"\nhost \"a\" address=\"10.0.0.1\"\n";
/// One warning.
pub const WARNS: &str =
    "topology \"t\"\nhost \"a\" address=\"10.0.0.1\"\nnetwork \"n\" on=\"a\" subnet=\"8.8.8.0/24\"\n";
/// One error.
pub const WRONG: &str = "topology \"t\"\nhost \"a\" adress=\"10.0.0.1\"\n";

pub struct Folder(TempDir);

/// What a process said.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Folder {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            let path = folder.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    /// [`TOPO`] and what it includes.
    pub fn shop() -> Self {
        Self::new(&[("topo.kdl", TOPO), ("parts/brokers.kdl", BROKERS)])
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// hacc in this folder; nothing is set but the locale.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hacc"));
        command.current_dir(self.0.path()).env_clear().env("LC_ALL", "C.UTF-8").args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Said {
        said(&mut self.command(arguments), "")
    }

    pub fn lint(&self, arguments: &[&str]) -> Said {
        self.run(&[&["lint"], arguments].concat())
    }
}

/// Runs a command with something on its standard input.
pub fn said(command: &mut Command, input: &str) -> Said {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Who does not read it closes it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let said = Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
    assert!(!said.err.contains("panicked"), "{}", said.err);
    said
}
