use std::collections::BTreeSet;

use crate::lint::members::name_of;
use crate::lint::scripts::{commands, file_name, program};
use crate::lint::{Check, Context, Level, Rule, Sink};

/// A command that the image does not have: keepalived drops a check that it cannot find, and says nothing of a program for
/// changes of state (seen with 2.1.5 to 2.3.4).
pub const RULE: Rule = Rule {
    name: "script-missing",
    level: Level::Error,
    page: include_str!("../../../docs/rules/script-missing.md"),
    check: Check::Claims(check),
};

/// Programs of Debian packages that neither HAProxy's official image nor hacc's recipe has, and the package.
const ABSENT: [(&str, &str); 22] = [
    ("curl", "curl"),
    ("dig", "bind9-dnsutils"),
    ("fuser", "psmisc"),
    ("ifconfig", "net-tools"),
    ("jq", "jq"),
    ("killall", "psmisc"),
    ("lsof", "lsof"),
    ("nc", "netcat-openbsd"),
    ("ncat", "ncat"),
    ("netcat", "netcat-openbsd"),
    ("netstat", "net-tools"),
    ("nmap", "nmap"),
    ("nslookup", "bind9-dnsutils"),
    ("ping", "iputils-ping"),
    ("pgrep", "procps"),
    ("pkill", "procps"),
    ("ps", "procps"),
    ("python3", "python3-minimal"),
    ("sendmail", "msmtp-mta"),
    ("systemctl", "systemd"),
    ("telnet", "telnet"),
    ("wget", "wget"),
];

/// Folders whose programs come with packages.
const OF_PACKAGES: [&str; 4] = ["/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"];

/// What hacc puts there.
const OF_HACC: [&str; 2] = ["/etc/hacc/", "/usr/local/sbin/hacc-check"];

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    // With a recipe of the user's own nobody knows what is in the image.
    if context.topology.is_none_or(|topology| topology.templates.is_some()) {
        return;
    }
    let mut seen = BTreeSet::new();
    for claim in system.vrrps.values() {
        let image = &system.components[system.units[claim.unit].component].release.image;
        if image.is_written() {
            continue;
        }
        for (command, what) in commands(claim) {
            let Some(program) = program(command) else { continue };
            let packaged = !program.starts_with('/') || OF_PACKAGES.iter().any(|folder| program.starts_with(folder));
            let package = ABSENT.iter().find(|(name, _)| packaged && *name == file_name(program)).map(|(_, package)| *package);
            let own = !packaged && !OF_HACC.iter().any(|place| program.starts_with(place));
            if (package.is_none() && !own) || !seen.insert(command.span()) {
                continue;
            }
            let why = match package {
                Some(package) => format!("comes with the package {package}, which the image does not have"),
                None => "no such file in the image".to_owned(),
            };
            let note = if what == "check" {
                "keepalived says \"Disabling track script since not found/accessible\" and goes on without: the VIP stays where its HAProxy is dead"
            } else {
                "keepalived accepts the file and tells nobody: what was to happen at a failover does not happen"
            };
            sink.finding(format!("the {what} of `{}` is not in its image: `{program}`", name_of(system, claim)))
                .label(command.span(), why)
                .note(note)
                .help("leave it out where hacc's own check will do; else write image= with an image that has it, or a template of your own for haproxy/Dockerfile")
                .emit();
        }
    }
}
