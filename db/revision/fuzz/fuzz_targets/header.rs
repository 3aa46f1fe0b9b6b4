//! Fuzzes headers with arbitrary bytes.
#![no_main]

#[path = "../../tests/fuzz/properties.rs"]
#[expect(dead_code, reason = "each target checks some of the properties")]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut file = bytes.to_vec();
    file.extend_from_slice(b"\n-- migrate:upgrade\nSELECT 1;\n");
    properties::check_file(&file);
});
