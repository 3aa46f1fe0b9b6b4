//! Fuzzes random graphs with targets combined from their names.
#![no_main]

#[path = "../../tests/fuzz/properties.rs"]
#[expect(dead_code, reason = "each target checks some of the properties")]
mod properties;

use properties::{Choices, TARGET};

/// Takes each choice from a byte of the input. After the input ends, always the first choice.
struct Bytes<'a>(std::slice::Iter<'a, u8>);

impl Choices for Bytes<'_> {
    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or_default()) % limit
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut choices = Bytes(bytes.iter());
    let Some(graph) = properties::graph(&mut choices) else { return };
    let mut heads = Vec::new();
    while choices.0.len() > 0 {
        let target = choices.mix(&TARGET, 5);
        heads = properties::check_plan(&graph, &heads, choices.below(4), &target).unwrap_or(heads);
    }
});
