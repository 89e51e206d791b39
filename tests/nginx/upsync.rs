//! `upsync` and its dump as the modules take them. Written after reading nginx-upsync-module at 801bc5df2edc and
//! nginx-stream-upsync-module at d403a5b644c6, whose directives are alike: `ngx_http_upsync_server` (the parameters),
//! `ngx_http_upsync_send_handler` (the request), `ngx_http_upsync_set_lb`, `ngx_http_upsync_check_key` (what an address
//! looks like), `ngx_http_upsync_dump_server` (the dump). Times are those of `ngx_parse_time`.

use crate::reader::{Directive, read as read_conf};

/// What the module understood.
pub struct Said {
    pub host: String,
    pub port: u16,
    /// The first line of what it sends.
    pub request: String,
    pub kind: String,
    /// Milliseconds.
    pub interval: u64,
    /// Milliseconds.
    pub timeout: u64,
    pub strong_dependency: bool,
    pub dump: String,
}

/// The module's page of memory, in which it writes its request without looking at its length.
const REQUEST: usize = 4096;

pub fn read(upstream: &Directive) -> Result<Said, String> {
    let one = |name: &str| match upstream.block.iter().filter(|of| of.words[0] == name).collect::<Vec<_>>()[..] {
        [one] => Ok(one),
        ref other => Err(format!("{} times `{name}`", other.len())),
    };
    let words = &one("upsync")?.words;
    let (mut kind, mut interval, mut timeout, mut strong) = (None, 5_000, 360_000, false);
    for word in words.iter().skip(2) {
        if let Some(time) = word.strip_prefix("upsync_timeout=") {
            timeout = said_or(milliseconds(time)?, 360_000);
        } else if let Some(time) = word.strip_prefix("upsync_interval=") {
            interval = said_or(milliseconds(time)?, 5_000);
        } else if let Some(value) = word.strip_prefix("strong_dependency=") {
            strong = match value.to_ascii_lowercase().as_str() {
                "on" => true,
                "off" => false,
                other => return Err(format!("strong_dependency={other}")),
            };
        } else if let Some(value) = word.strip_prefix("upsync_type=") {
            if !["consul", "consul_services", "consul_health", "etcd"].contains(&value) {
                return Err(format!("upsync_type={value}"));
            }
            kind = Some(value.to_owned());
        } else {
            return Err(format!("the module knows no `{word}`"));
        }
    }
    let url = words.get(1).ok_or("no address")?;
    let (place, path) = url.split_at(url.find('/').ok_or("no `/`, so no key")?);
    // The first colon of all: without a port, one in the key would be taken for it.
    let (host, port) = match url.find(':') {
        Some(at) if at < place.len() => (&place[..at], place[at + 1..].parse().map_err(|_| "no port")?),
        Some(_) => return Err("a colon in the key is taken for the port's".to_owned()),
        None => (place, 80),
    };
    let request = format!("GET {path}?recurse&index=0 HTTP/1.0");
    if request.len() + host.len() + 128 > REQUEST {
        return Err("the request does not fit".to_owned());
    }
    let balance = upstream.block.iter().find(|of| ["least_conn", "ip_hash", "hash"].contains(&of.words[0].as_str()));
    let lb = one("upsync_lb")?.words[1].as_str();
    if !["roundrobin", "ip_hash", "least_conn", "hash_modula", "hash_ketama"].contains(&lb) {
        return Err(format!("upsync_lb {lb} is silently none"));
    }
    if balance.is_some_and(|balance| balance.words[0] != lb) {
        return Err(format!("balances by {:?} until the first change, then by {lb}", balance.map(|of| &of.words)));
    }
    let dump = &one("upsync_dump_path")?.words[1];
    if *dump != one("include")?.words[1] {
        return Err("nginx would start with another file than the module writes".to_owned());
    }
    if let Some(server) = upstream.block.iter().find(|of| of.words[0] == "server") {
        return Err(format!("{:?} is in the dump as well: twice after a reload", server.words));
    }
    if upstream.block.iter().any(|of| of.words[0] == "zone") {
        return Err("the module changes the servers of each worker, not those of a zone".to_owned());
    }
    Ok(Said {
        host: host.to_owned(),
        port,
        request,
        kind: kind.ok_or("upsync_type cannt be null")?,
        interval,
        timeout,
        strong_dependency: strong,
        dump: dump.clone(),
    })
}

/// 0 is no time for the module: its own holds.
fn said_or(time: u64, own: u64) -> u64 {
    if time == 0 { own } else { time }
}

/// `1h30m`, `500ms`, `10` (seconds).
fn milliseconds(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no time");
    let (mut total, mut rest) = (0, text);
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
        let end = digits + rest[digits..].find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len() - digits);
        total += number
            * match &rest[digits..end] {
                "ms" => 1,
                "s" | "" => 1_000,
                "m" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                _ => return Err(wrong()),
            };
        rest = &rest[end..];
    }
    Ok(total)
}

/// The folder that a request asks for, as Consul reads its path: one line of plain ASCII, one question mark.
pub fn folder(request: &str) -> Result<String, String> {
    let path = request.strip_prefix("GET /v1/kv/").and_then(|rest| rest.strip_suffix("/?recurse&index=0 HTTP/1.0"));
    let path = path.ok_or_else(|| format!("{request:?} asks for no folder"))?;
    let mut bytes = Vec::new();
    let mut chars = path.bytes();
    while let Some(byte) = chars.next() {
        match byte {
            b'%' => {
                let hex: Vec<u8> = chars.by_ref().take(2).collect();
                let hex = std::str::from_utf8(&hex).map_err(|error| error.to_string())?;
                bytes.push(u8::from_str_radix(hex, 16).map_err(|_| format!("%{hex} in {path:?}"))?);
            }
            b'!'..=b'~' if !matches!(byte, b'?' | b'#') => bytes.push(byte),
            byte => return Err(format!("{:?} in {path:?}", char::from(byte))),
        }
    }
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// The servers of a dump: `IPv4:PORT`, weight, `max_fails`, `fail_timeout` in seconds. It may not be empty: nginx refuses an
/// upstream without servers.
pub fn dump(text: &str) -> Result<Vec<(String, u64, u64, u64)>, String> {
    let lines = read_conf(text)?;
    if lines.is_empty() {
        return Err("no servers are inside upstream".to_owned());
    }
    let mut servers = Vec::new();
    for line in lines {
        let [name, address, parameters @ ..] = line.words.as_slice() else { return Err(format!("{:?}", line.words)) };
        if name != "server" {
            return Err(format!("`{name}` is no server"));
        }
        let socket: std::net::SocketAddrV4 = address.parse().map_err(|_| format!("`{address}` is no IPv4:PORT"))?;
        let (mut weight, mut max_fails, mut fail_timeout) = (1, 1, 10);
        for parameter in parameters {
            let (name, value) = parameter.split_once('=').ok_or_else(|| format!("the module loses `{parameter}`"))?;
            let number = || value.parse().map_err(|_| format!("`{parameter}`"));
            match name {
                "weight" => weight = number()?,
                "max_fails" => max_fails = number()?,
                "fail_timeout" => fail_timeout = milliseconds(value)? / 1000,
                _ => return Err(format!("`{parameter}`")),
            }
        }
        if weight == 0 || socket.port() == 0 {
            return Err(format!("{:?}", line.words));
        }
        servers.push((address.clone(), weight, max_fails, fail_timeout));
    }
    Ok(servers)
}

#[test]
fn mistakes_of_hand_written_ones_are_seen() {
    let upstream = |line: &str| {
        let text = format!("upstream x {{ least_conn; {line} }}");
        read(&read_conf(&text).unwrap()[0]).err()
    };
    let rest = "upsync_lb least_conn; upsync_dump_path /d; include /d;";
    let right = "upsync 127.0.0.1:8500/v1/kv/x/ upsync_type=consul upsync_interval=500ms upsync_timeout=6m;";
    assert_eq!(upstream(&format!("{right} {rest}")), None);
    for (wrong, why) in [
        ("upsync http://kv:8500/v1/kv/x/ upsync_type=consul;", "no port"),
        ("upsync kv/v1/kv/1.2.3.4:80/ upsync_type=consul;", "a colon in the key"),
        ("upsync kv:8500/v1/kv/x/;", "upsync_type cannt be null"),
        ("upsync kv:8500/v1/kv/x/ upsync_type=consul upsync_timeout=6min;", "no time"),
        ("upsync kv:8500/v1/kv/x/ upsync_type=consul wait=6m;", "knows no `wait=6m`"),
        ("1 upsync kv:8500/v1/kv/x/ upsync_type=consul;", "0 times `upsync`"),
    ] {
        let said = upstream(&format!("{wrong} {rest}")).unwrap_or_else(|| panic!("{wrong} is taken"));
        assert!(said.contains(why), "{wrong}: {said}");
    }
    for (wrong, why) in [
        ("upsync_lb leastconn; upsync_dump_path /d; include /d;", "silently none"),
        ("upsync_lb hash_ketama; upsync_dump_path /d; include /d;", "balances by"),
        ("upsync_lb least_conn; upsync_dump_path /d; include /e;", "another file"),
        ("upsync_lb least_conn; upsync_dump_path /d; include /d; server 1.2.3.4:80;", "twice after a reload"),
        ("upsync_lb least_conn; upsync_dump_path /d; include /d; zone x 1m;", "zone"),
    ] {
        let said = upstream(&format!("{right} {wrong}")).unwrap_or_else(|| panic!("{wrong} is taken"));
        assert!(said.contains(why), "{wrong}: {said}");
    }
    assert!(dump("").is_err() && dump("server web1:80;").is_err() && dump("server 1.2.3.4:80 backup;").is_err());
    assert!(dump("server 1.2.3.4:80 weight=0;").is_err() && dump("server 1.2.3.4:80 weight=1;").is_ok());
}
