//! The channel page: removeAlpha, ensureAlpha, extractChannel, joinChannel, bandbool.

use super::input;
use crate::options::{Call, Method, Parsed, Value, check, invalid};

pub(super) const METHODS: &[Method] = &[
    Method { name: "removeAlpha", length: 0, call: remove_alpha },
    Method { name: "ensureAlpha", length: 1, call: ensure_alpha },
    Method { name: "extractChannel", length: 1, call: extract_channel },
    Method { name: "joinChannel", length: 2, call: join_channel },
    Method { name: "bandbool", length: 1, call: bandbool },
];

const CHANNELS: &[(&str, f64)] = &[("red", 0.0), ("green", 1.0), ("blue", 2.0), ("alpha", 3.0)];

fn remove_alpha(call: &mut Call<'_>) -> Parsed {
    call.set("removeAlpha", true);
    Ok(())
}

fn ensure_alpha(call: &mut Call<'_>) -> Parsed {
    let alpha = check::number(call.arg(0), 0.0..=1.0, "alpha", "number between 0 and 1")?;
    call.set("ensureAlpha", alpha.unwrap_or(1.0));
    Ok(())
}

fn extract_channel(call: &mut Call<'_>) -> Parsed {
    let channel = call.arg(0);
    let number = check::named(channel, CHANNELS)
        .or_else(|| channel.as_integer().filter(|number| (0.0..=4.0).contains(number)))
        .ok_or_else(|| invalid("channel", "integer or one of: red, green, blue, alpha", channel))?;
    call.set("extractChannel", number);
    Ok(())
}

fn join_channel(call: &mut Call<'_>) -> Parsed {
    let (images, options) = (call.arg(0), call.arg(1));
    let mut joined = match call.option("joinChannelIn") {
        Value::List(joined) => joined,
        _ => Vec::new(),
    };
    for image in images.as_list().unwrap_or(std::slice::from_ref(images)) {
        joined.push(input::descriptor(call, image, options, false)?);
    }
    call.set("joinChannelIn", joined);
    Ok(())
}

fn bandbool(call: &mut Call<'_>) -> Parsed {
    let operator = super::operation::boolean_operator(call.arg(0), "boolOp")?;
    call.set("bandBoolOp", operator);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{apply, error, value};

    #[test]
    fn channels_have_names() {
        assert_eq!(apply("extractChannel", &["blue".into()]).get("extractChannel"), &value(2));
        assert_eq!(
            error("extractChannel", &["fuzz".into()]),
            "Expected integer or one of: red, green, blue, alpha for channel but received fuzz of type string"
        );
        assert_eq!(apply("ensureAlpha", &[]).get("ensureAlpha"), &value(1));
    }

    #[test]
    fn join_channel_takes_one_or_many() {
        let joined = apply("joinChannel", &[vec!["a".into(), "b".into()].into()]);
        assert_eq!(joined.get("joinChannelIn").as_list().unwrap().len(), 2);
        assert_eq!(apply("joinChannel", &["a".into()]).get("joinChannelIn").as_list().unwrap().len(), 1);
        assert_eq!(error("joinChannel", &[value(1)]), "Unsupported input '1' of type number");
    }
}
