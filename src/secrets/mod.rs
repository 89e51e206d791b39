//! Secrets: from what a topology declares and what was generated before to the values that files need. No value is ever
//! shown.

mod gossip;
mod kept;
mod key;
mod resolve;
mod values;

pub use gossip::{GOSSIP_KEY_BYTES, gossip_key_bytes};
pub use kept::Secrets;
pub use key::FingerprintKey;
pub use resolve::{Need, Wanted, resolve};
pub use values::{SecretValue, SecretValues};

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
