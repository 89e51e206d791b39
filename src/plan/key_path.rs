use std::fmt::Write as _;

/// A key as part of a URL (RFC 3986): the slashes between its parts stay. A part that is `.` or `..` would be taken for a way.
pub(super) fn escaped(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for part in key.split('/') {
        if !out.is_empty() {
            out.push('/');
        }
        let dots = matches!(part, "." | "..");
        for byte in part.bytes() {
            match byte {
                b'.' if dots => out.push_str("%2E"),
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' | b',' | b'@' | b'+' => {
                    out.push(char::from(byte));
                }
                byte => {
                    let _ = write!(out, "%{byte:02X}");
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_a_url_is_one_path() {
        assert_eq!(escaped("upstreams/web/10.0.0.1:80"), "upstreams/web/10.0.0.1:80");
        assert_eq!(escaped("a b/é?acquire=#%"), "a%20b/%C3%A9%3Facquire%3D%23%25");
        assert_eq!(escaped("x HTTP/1.0\r\nHost: y"), "x%20HTTP/1.0%0D%0AHost:%20y");
        assert_eq!(escaped("a/../b/."), "a/%2E%2E/b/%2E");
    }
}
