//! How fast the reader is: `cargo bench --bench reader`. Prints the best of several runs in MB/s (10^6 bytes).
//!
//! An argument after `--` (a part of a name) selects documents.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use hacc::source::SourceMap;
use hacc::syntax;

fn main() {
    // `cargo test --all-targets` starts this as well: there is nothing to test.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    println!("{:<28} {:>9} {:>10} {:>8} {:>9} {:>9}", "document", "bytes", "nodes", "errors", "ms", "MB/s");
    for (name, text) in documents() {
        if wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str())) {
            measure(name, text);
        }
    }
}

fn measure(name: &str, text: String) {
    let bytes = text.len();
    let mut map = SourceMap::new();
    let Some(id) = map.add("bench.kdl", text) else { return };
    let source = map.get(id);
    let mut best = Duration::MAX;
    let mut counts = (0, 0);
    let begin = Instant::now();
    let mut runs = 0;
    while runs < 3 || (runs < 200 && begin.elapsed() < Duration::from_secs(1)) {
        let start = Instant::now();
        let (document, problems) = black_box(syntax::read(black_box(source)));
        best = best.min(start.elapsed());
        counts = (document.node_count(), problems.len());
        runs += 1;
    }
    #[allow(clippy::cast_precision_loss)] // a speed to look at
    let speed = bytes as f64 / best.as_secs_f64() / 1e6;
    let ms = best.as_secs_f64() * 1e3;
    println!("{name:<28} {bytes:>9} {:>10} {:>8} {ms:>9.3} {speed:>9.0}", counts.0, counts.1);
}

fn documents() -> Vec<(&'static str, String)> {
    const MB: usize = 1_000_000;
    vec![
        ("topology 0.2 MB", topology(MB / 5)),
        ("topology 2 MB", topology(2 * MB)),
        ("topology 5 MB", topology(5 * MB)),
        ("topology 20 MB", topology(20 * MB)),
        ("strings with escapes", "text \"a line\\n\\tand \\\"more\\\" of it\"\n".repeat(MB / 32)),
        ("strings of several lines", "text \"\"\"\n    one line\n    and one more\n    \"\"\"\n".repeat(MB / 50)),
        ("numbers", "n 1 -20 3.25 0xff 1_000_000 6.02e23\n".repeat(MB / 36)),
        ("one long line", format!("n{}", " key=\"value\" 5672".repeat(MB / 17))),
        ("one long string", format!("n \"{}\"", "x".repeat(MB))),
        ("line comments", "// what an operator wanted to say\n".repeat(MB / 34)),
        ("block comments", format!("/*{}*/", " * what an operator wanted to say\n".repeat(MB / 34))),
        ("nested comments", format!("{}{}", "/*".repeat(MB / 4), "*/".repeat(MB / 4))),
        ("slashdashes", "n /-1 /-k=2 /-{ a; }\n/-gone 1 { b; }\n".repeat(MB / 38)),
        ("nested slashdashes", "n /-{ ".repeat(MB / 6)),
        ("deep nesting", format!("{}{}", "n { ".repeat(MB / 5), "}".repeat(MB / 5))),
        ("hashes", "#".repeat(MB)),
        ("stars in a comment", format!("/*{}", "*".repeat(MB))),
        ("line continuations", format!("n{}", " \\\n  1".repeat(MB / 6))),
        ("closing braces", "}\n".repeat(MB / 2)),
        ("nonsense", "] ( = \" # [ } \\ /-\n".repeat(MB / 19)),
    ]
}

/// Something like a topology of many clusters, at least `size` bytes.
fn topology(size: usize) -> String {
    let mut out = String::with_capacity(size + 1000);
    let mut n = 0;
    while out.len() < size {
        n += 1;
        let _ = write!(
            out,
            r#"// cluster {n}
rabbitmq "mq{n}" version="3.8.35" on="net{n}" cookie="env:COOKIE" {{
    node "mq1" address="172.30.8.{a}" disc=#true {{ publish port=5672 bind="0.0.0.0" }}
    node "mq2" address="172.30.8.{b}" disc=#true
    node "mq3" address="172.30.8.{c}" disc=#false // ram
    policy "ha-all" pattern="^ha\\." mode="all" priority=10
    user "swoft" password="env:SWOFT" tags="administrator"
}}
haproxy "lb{n}" version="2.6.12" {{
    listen "amqp" port=5600 to="mq{n}/amqp" balance=leastconn {{ check every="5s" rise=2 fall=2; }}
    stats port=8100 path="/haproxy"
    vip "front" "172.30.8.100" auth="vrrp" prefer="lb3" {{
        member "lb2" vrid=51 priority=100
    }}
}}

"#,
            a = n % 250,
            b = (n + 1) % 250,
            c = (n + 2) % 250,
        );
    }
    out
}
