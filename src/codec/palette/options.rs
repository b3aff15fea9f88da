//! The option `colours`, which PNG and GIF share.

use crate::options::{Call, Parsed, Value, invalid, is_truthy};

/// The number of colours, under either spelling, is set under `key`; under `depth_key`, the bit depth that can tell so many
/// apart.
pub fn set_colours(call: &mut Call<'_>, key: &str, depth_key: &str, options: &Value) -> Parsed {
    let british = options.get("colours");
    let colours = if is_truthy(british) { british } else { options.get("colors") };
    if !colours.is_defined() {
        return Ok(());
    }
    let count = colours
        .as_integer()
        .filter(|count| (2.0..=256.0).contains(count))
        .ok_or_else(|| invalid("colours", "integer between 2 and 256", colours))?;
    call.set(depth_key, depth_for(count as u32));
    call.set(key, count as u32);
    Ok(())
}

/// The smallest bit depth of a palette index for `count` colours, 2 to 256.
fn depth_for(count: u32) -> u32 {
    count.next_power_of_two().trailing_zeros().next_power_of_two()
}
