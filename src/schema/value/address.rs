use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::super::problem::{Problem, shown};
use super::{Value, string};

/// An IPv4 address.
///
/// # Errors
/// For everything but four plain decimal numbers.
pub fn ipv4(value: Value<'_>) -> Result<Ipv4Addr, Problem> {
    let text = string(value, "an IPv4 address")?;
    text.parse().map_err(|_| {
        let problem = Problem::new(format!("is not an IPv4 address: {}", shown(text)), why_not(text));
        if let Some(plain) = unpadded(text) {
            return problem.note(PADDED).instead(plain.to_string());
        }
        match text.split_once('/').map(|(address, _)| address.parse::<Ipv4Addr>()) {
            Some(Ok(address)) => problem.instead(address.to_string()),
            _ => problem.help("write it like \"192.168.0.10\""),
        }
    })
}

/// An IPv4 network: the address of the network itself and the length of its prefix.
///
/// # Errors
/// For everything else, bits behind the prefix included.
pub fn cidr(value: Value<'_>) -> Result<Ipv4Net, Problem> {
    let text = string(value, "a network")?;
    let bad = |label: &str| Problem::new(format!("is not an IPv4 network: {}", shown(text)), label);
    let Some((address, prefix)) = text.split_once('/') else {
        let problem = bad("the length of the prefix is missing");
        return Err(match text.parse::<Ipv4Addr>() {
            Ok(_) => {
                problem.help(format!("a network ends in the length of its prefix: {}", shown(&format!("{text}/24"))))
            }
            Err(_) => problem.help("write it like \"172.30.8.0/24\""),
        });
    };
    // ipnet takes padded numbers; the standard library does not, and neither does what reads our files.
    let Ok(ip) = address.parse::<Ipv4Addr>() else {
        let problem = bad(why_not(address));
        return Err(match (unpadded(address), length_of(prefix)) {
            (Some(plain), Some(length)) => problem.note(PADDED).instead(format!("{plain}/{length}")),
            _ => problem,
        });
    };
    let length = length_of(prefix);
    let Some(net) = length.and_then(|length| Ipv4Net::new(ip, length).ok()) else {
        return Err(bad("the prefix is a number from 0 to 32"));
    };
    if prefix != "0" && prefix.starts_with('0') {
        return Err(bad("the prefix has a leading zero").instead(net.trunc().to_string()));
    }
    if net.trunc() == net {
        return Ok(net);
    }
    Err(Problem::new(
        format!("is an address in a network, not a network: {}", shown(text)),
        format!("bits are set behind the first {}", net.prefix_len()),
    )
    .instead(net.trunc().to_string()))
}

/// The length of a prefix; leading zeros are for the caller to judge.
fn length_of(prefix: &str) -> Option<u8> {
    prefix.parse().ok().filter(|length| *length <= 32 && prefix.bytes().all(|b| b.is_ascii_digit()))
}

const PADDED: &str = "a number with a leading zero is octal to some programs and decimal to others";

fn why_not(text: &str) -> &'static str {
    if unpadded(text).is_some() {
        "a number has a leading zero"
    } else if text.contains('/') {
        "a single address has no prefix"
    } else if text.contains(':') {
        "only IPv4 is supported"
    } else if text.bytes().any(|b| b.is_ascii_alphabetic()) {
        "an address is written in numbers"
    } else if text.split('.').count() != 4 {
        "an address has four numbers"
    } else {
        "each of the four numbers is from 0 to 255"
    }
}

/// The address without leading zeros, where there are some and that is all that is wrong.
fn unpadded(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut parts = text.split('.');
    let mut padded = false;
    for octet in &mut octets {
        let part = parts.next()?;
        if part.is_empty() || part.len() > 4 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        padded |= part.len() > 1 && part.starts_with('0');
        *octet = part.parse().ok()?;
    }
    (padded && parts.next().is_none()).then(|| Ipv4Addr::from(octets))
}
