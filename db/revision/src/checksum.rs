//! SHA-256 checksums and their hexadecimal form.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// A SHA-256 checksum. Its text form is 64 lowercase hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Checksum([u8; 32]);

impl Checksum {
    /// Computes the checksum of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The checksum as bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<Sha256> for Checksum {
    fn from(hash: Sha256) -> Self {
        Self(hash.finalize().into())
    }
}

impl Display for Checksum {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAChecksum;

impl Display for NotAChecksum {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("expected 64 hexadecimal digits")
    }
}

impl std::error::Error for NotAChecksum {}

impl FromStr for Checksum {
    type Err = NotAChecksum;

    fn from_str(text: &str) -> Result<Self, NotAChecksum> {
        let mut bytes = [0; 32];
        if text.len() != 2 * bytes.len() {
            return Err(NotAChecksum);
        }
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| NotAChecksum)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| NotAChecksum)?;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::{Checksum, NotAChecksum};

    #[test]
    fn round_trips_through_text() {
        let checksum = Checksum::of(b"abc");
        let text = checksum.to_string();
        // FIPS 180-2, appendix B.1.
        assert_eq!(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(text.parse(), Ok(checksum));
        assert_eq!("abc".parse::<Checksum>(), Err(NotAChecksum));
        assert_eq!("é".repeat(32).parse::<Checksum>(), Err(NotAChecksum));
    }
}
