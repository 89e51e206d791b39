use crate::lint::proxies::{program, proxies, written};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::suggest::closest;
use crate::system::Program;
use crate::topology::Mode;

/// An algorithm that HAProxy does not know, or needs HTTP for (seen with 2.2.9 and 3.2.26: the first is refused, the
/// second becomes roundrobin with a warning).
pub const RULE: Rule = Rule {
    name: "balance-unknown",
    level: Level::Error,
    page: include_str!("../../../docs/rules/balance-unknown.md"),
    check: Check::Claims(check),
};

/// What every release knows that hacc writes for; with an argument in brackets for those that take one.
const KNOWN: [&str; 7] = ["leastconn", "roundrobin", "static-rr", "source", "first", "random", "rdp-cookie"];

/// What looks into requests.
const OF_HTTP: [&str; 2] = ["uri", "hdr"];

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for proxy in proxies(context).filter(|proxy| program(system, proxy.unit) == Program::Haproxy) {
        let (Some(span), Some(balance)) = (written(&proxy.balance), proxy.balance.known()) else { continue };
        let (word, argument) = match balance.split_once('(') {
            Some((word, argument)) => (word, argument.strip_suffix(')')),
            None => (balance.as_str(), Some("")),
        };
        let known = KNOWN.contains(&word) || OF_HTTP.contains(&word);
        let takes = ["random", "rdp-cookie", "hdr"].contains(&word);
        if known
            && argument.is_some_and(|argument| argument.is_empty() || takes)
            && (word != "hdr" || balance.contains('('))
        {
            if OF_HTTP.contains(&word) && proxy.mode.known() == Some(&Mode::Tcp) {
                sink.finding(format!("`{word}` looks into requests, and this port hands on bytes"))
                    .level(Level::Warning)
                    .label(span, "becomes roundrobin")
                    .note("HAProxy warns at its start and deals connections out in turn: the servers are not chosen by what is written")
                    .help("write mode=\"http\", or balance=\"leastconn\"")
                    .emit();
            }
            continue;
        }
        let near = closest(word, KNOWN.into_iter().chain(OF_HTTP));
        let fix = near.filter(|_| argument == Some("")).map(|near| Fix {
            title: format!("write `{near}`"),
            safe: true,
            edits: vec![(span, format!("\"{near}\""))],
        });
        sink.finding(format!("HAProxy has no balance algorithm `{balance}`"))
            .label(span, "not known, or not in one word")
            .note("it refuses its whole file and does not start")
            .help(match near {
                Some(near) if near != word => format!("did you mean `{near}`?"),
                _ => format!("choose one of {}", KNOWN.join(", ")),
            })
            .fix(fix)
            .emit();
    }
}
