use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

/// How Consul reads its gossip key: Go's `base64.StdEncoding`, which overlooks the spare bits of the last letter.
const READER: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The lengths that AES has keys of, in bytes. `consul validate` takes any; the server then does not start.
pub const GOSSIP_KEY_BYTES: [usize; 3] = [16, 24, 32];

/// The length of a gossip key in bytes; `None` where it is not base64. Line breaks do not count, for Go skips them.
pub fn gossip_key_bytes(text: &str) -> Option<usize> {
    let letters: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    READER.decode(letters).ok().map(|key| key.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_bytes() {
        assert_eq!(gossip_key_bytes("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="), Some(32));
        assert_eq!(gossip_key_bytes("AAECAwQFBgcICQoLDA0ODw=="), Some(16));
        // Spare bits, and line breaks.
        assert_eq!(gossip_key_bytes("AAECAwQFBgcICQoLDA0ODx=="), Some(16));
        assert_eq!(gossip_key_bytes("AAECAwQFBgcI\nCQoLDA0ODw==\r\n"), Some(16));
        // Letters and digits that are base64 by chance of their length.
        assert_eq!(gossip_key_bytes(&"k".repeat(32)), Some(24));
        assert_eq!(gossip_key_bytes(&"k".repeat(30)), None);
        assert_eq!(gossip_key_bytes("AAECAwQFBgcICQoLDA0ODw"), None);
        assert_eq!(gossip_key_bytes("AAEC AwQFBgcICQoLDA0ODw=="), None);
        assert_eq!(gossip_key_bytes(""), Some(0));
    }
}
