//! The root certificates of Amazon RDS: a bundle for all regions, of which a server needs the three of its region.
//!
//! Parsing all of them would double the time it takes to connect.

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The region of a host, if it is named `NAME.ID.REGION.rds.amazonaws.com`.
pub(crate) fn region(host: &str) -> Option<&str> {
    host.strip_suffix(".rds.amazonaws.com")?.rsplit('.').next().filter(|region| !region.is_empty())
}

/// The certificates of a bundle that these hosts need: those of their regions, and those without a region (for RDS
/// Proxy). All of them if the bundle has none for the region of one host.
pub(crate) fn certificates_for<'a>(hosts: &[&str], bundle: &'a str) -> Vec<&'a str> {
    let certificates: Vec<(&str, Vec<u8>)> = certificates(bundle).map(|text| (text, decode(text))).collect();
    let all = || certificates.iter().map(|(text, _)| *text).collect();
    let mut names = Vec::new();
    for host in hosts {
        let Some(region) = region(host) else { return all() };
        let name = format!(" {region} Root CA ");
        if !certificates.iter().any(|(_, der)| contains(der, &name)) {
            return all();
        }
        names.push(name);
    }
    let is_needed = |der: &[u8]| !contains(der, "Amazon RDS ") || names.iter().any(|name| contains(der, name));
    certificates.iter().filter(|(_, der)| is_needed(der)).map(|(text, _)| *text).collect()
}

/// The PEM blocks, including their first and last lines.
fn certificates(bundle: &str) -> impl Iterator<Item = &str> {
    let mut rest = bundle;
    std::iter::from_fn(move || {
        let begin = rest.find(BEGIN)?;
        let end = begin + rest[begin..].find(END)? + END.len();
        let (certificate, after) = (&rest[begin..end], &rest[end..]);
        rest = after;
        Some(certificate)
    })
}

/// The DER encoding of a PEM block, which contains names as plain text. Invalid base64 is skipped; OpenSSL reports it
/// later.
fn decode(certificate: &str) -> Vec<u8> {
    let body = certificate.trim_start_matches(BEGIN).trim_end_matches(END);
    let (mut bytes, mut bits, mut count) = (Vec::with_capacity(body.len() * 3 / 4), 0u32, 0);
    for byte in body.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUNDLE: &str = include_str!("../../certs/rds-global-bundle.pem");

    #[test]
    fn a_host_needs_the_certificates_of_its_region() {
        let of = |hosts: &[&str]| certificates_for(hosts, BUNDLE).len();
        let (ireland, all) = ("shop.cluster-c1.eu-west-1.rds.amazonaws.com", certificates(BUNDLE).count());
        // Three of the region, five of no region.
        assert_eq!(of(&[ireland]), 8);
        assert_eq!(of(&[ireland, "other.c1.eu-west-1.rds.amazonaws.com"]), 8);
        assert_eq!(of(&[ireland, "replica.c2.us-west-2.rds.amazonaws.com"]), 11);
        assert_eq!(of(&["shop.c1.mars-north-1.rds.amazonaws.com"]), all);
        assert_eq!(of(&[ireland, "10.0.0.1"]), all);
        assert!(all > 80, "{all}");
    }
}
