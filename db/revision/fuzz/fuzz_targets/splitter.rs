//! Fuzzes the SQL of a file with arbitrary text. The downgrade section starts after the first 0xff.
#![no_main]

#[path = "../../tests/fuzz/properties.rs"]
#[expect(dead_code, reason = "each target checks some of the properties")]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(2, |&byte| byte == 0xff).map(std::str::from_utf8);
    let (Some(Ok(upgrade)), Ok(downgrade)) = (parts.next(), parts.next().unwrap_or(Ok(""))) else { return };
    properties::check_file(properties::file(upgrade, downgrade).as_bytes());
});
