//! From the text that a caller gives to the value of a tag.

use super::{
    model::kind,
    order::ByteOrder,
    tags::Form::{self, *},
};

/// Longest text taken, in bytes; a JPEG file cannot hold a longer block.
const MAX_TEXT: usize = 60_000;

/// Longest number looked at, in bytes.
const MAX_NUMBER: usize = 40;

/// Names the character set of the text behind it.
const ASCII_SET: &[u8; 8] = b"ASCII\0\0\0";

/// What fractions are counted in, as far as a decimal number does not say: thousandths if they are exact, else finer.
const DENOMINATORS: [f64; 2] = [1e3, 1e6];

/// Type and bytes of a value given as text. Numbers are separated by spaces or commas; what is no number is 0, one that
/// does not fit is the nearest that does; missing ones are 0, further ones are not looked at. Fractions are `1/125` or
/// decimal. A remark in parentheses at the end, as `(Inch, Short)`, is not part of the value.
///
/// `None` when the text is too long, or is not what the tag can hold.
pub(super) fn value(form: Form, text: &str, order: ByteOrder) -> Option<(u16, Vec<u8>)> {
    // The text ends where a reader would see its end.
    let text = without_remark(text.split('\0').next().unwrap_or_default());
    if text.len() > MAX_TEXT {
        return None;
    }
    let signed = |number: f64| order.bytes_u32((number as i32).cast_unsigned());
    let unsigned = |number: f64| order.bytes_u32(number as u32);
    Some(match form {
        Ascii => (kind::ASCII, [to_ascii(text).as_bytes(), b"\0"].concat()),
        Comment => (kind::UNDEFINED, [ASCII_SET, to_ascii(text).as_bytes()].concat()),
        Utf16 => (kind::BYTE, text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()),
        Version => {
            let digits = text.trim().as_bytes();
            let is_version = digits.len() == 4 && digits.iter().all(u8::is_ascii_digit);
            (kind::UNDEFINED, is_version.then(|| digits.to_vec())?)
        }
        // Versions are written with dots between the numbers.
        Bytes(count) => (kind::BYTE, bytes(&text.replace('.', " "), count)),
        Undefined(count) => (kind::UNDEFINED, bytes(text, count)),
        Shorts(count) => {
            (kind::SHORT, numbers(text, count).into_iter().flat_map(|number| order.bytes_u16(number as u16)).collect())
        }
        Size => match numbers(text, 1)[0] {
            number if number <= f64::from(u16::MAX) => (kind::SHORT, order.bytes_u16(number as u16).to_vec()),
            number => (kind::LONG, unsigned(number).to_vec()),
        },
        Longs(count) => (kind::LONG, numbers(text, count).into_iter().flat_map(unsigned).collect()),
        Rationals(count) => (kind::RATIONAL, fractions(text, count, u32::MAX.into()).flat_map(unsigned).collect()),
        SignedRationals(count) => {
            (kind::SIGNED_RATIONAL, fractions(text, count, i32::MAX.into()).flat_map(signed).collect())
        }
    })
}

/// A positive number as numerator and denominator.
pub(super) fn rational(number: f64) -> (u32, u32) {
    let [numerator, denominator] = fraction(number, u32::MAX.into());
    (numerator as u32, denominator as u32)
}

fn without_remark(text: &str) -> &str {
    let remark = text.ends_with(')').then(|| text.rfind(" (")).flatten();
    &text[..remark.unwrap_or(text.len())]
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|separator: char| separator.is_whitespace() || separator == ',').filter(|word| !word.is_empty())
}

/// The number that a word begins with, 0 when it does not.
fn number(word: &str) -> f64 {
    if let Some(digits) = word.strip_prefix("0x") {
        return u32::from_str_radix(digits, 16).map_or(0.0, f64::from);
    }
    let is_part = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let len = word.bytes().take(MAX_NUMBER).take_while(|byte| is_part(byte)).count();
    (1..=len).rev().find_map(|len| word[..len].parse().ok()).unwrap_or(0.0)
}

/// As many numbers as wanted, or as there are when 0 are.
fn numbers(text: &str, count: usize) -> Vec<f64> {
    let found = words(text).map(number);
    if count == 0 { found.collect() } else { found.chain(std::iter::repeat(0.0)).take(count).collect() }
}

fn bytes(text: &str, count: usize) -> Vec<u8> {
    numbers(text, count).into_iter().map(|number| number as u8).collect()
}

/// Numerators and denominators, none beyond `max`.
fn fractions(text: &str, count: usize, max: f64) -> impl Iterator<Item = f64> {
    let text = text.replace(" /", "/").replace("/ ", "/");
    let found: Vec<[f64; 2]> = words(&text)
        .take(count)
        .map(|word| match word.split_once('/') {
            Some((numerator, denominator)) => [number(numerator).trunc(), number(denominator).trunc()],
            None => fraction(number(word), max),
        })
        .collect();
    found.into_iter().chain(std::iter::repeat([0.0, 1.0])).take(count).flatten()
}

fn fraction(number: f64, max: f64) -> [f64; 2] {
    let fits = |denominator: &f64| (number * denominator).abs() <= max;
    let is_exact = |denominator: &f64| (number * denominator).fract().abs() < 1e-6;
    let fitting = || DENOMINATORS.into_iter().filter(fits);
    let denominator = fitting().find(is_exact).or_else(|| fitting().next_back()).unwrap_or(1.0);
    [(number * denominator).round(), denominator]
}

/// Text without accents; what has no like in ASCII is a question mark.
fn to_ascii(text: &str) -> String {
    let mut ascii = String::with_capacity(text.len());
    for letter in text.chars() {
        match PLAIN.iter().find(|(_, letters)| letters.contains(letter)) {
            _ if letter.is_ascii() => ascii.push(letter),
            Some((plain, _)) => ascii.push_str(plain),
            None => ascii.push('?'),
        }
    }
    ascii
}

/// How letters of Latin alphabets and punctuation are written in ASCII.
const PLAIN: &[(&str, &str)] = &[
    (" ", "\u{a0}"),
    ("A", "ÀÁÂÃÄÅĀĂĄ"),
    ("a", "àáâãäåāăą"),
    ("AE", "Æ"),
    ("ae", "æ"),
    ("C", "ÇĆĈĊČ"),
    ("c", "çćĉċč"),
    ("D", "Ď"),
    ("d", "ď"),
    ("E", "ÈÉÊËĒĔĖĘĚ"),
    ("e", "èéêëēĕėęě"),
    ("G", "ĜĞĠĢ"),
    ("g", "ĝğġģ"),
    ("H", "Ĥ"),
    ("h", "ĥ"),
    ("I", "ÌÍÎÏĨĪĬĮİ"),
    ("i", "ìíîïĩīĭį"),
    ("J", "Ĵ"),
    ("j", "ĵ"),
    ("K", "Ķ"),
    ("k", "ķ"),
    ("L", "ĹĻĽŁ"),
    ("l", "ĺļľł"),
    ("N", "ÑŃŅŇ"),
    ("n", "ñńņň"),
    ("O", "ÒÓÔÕÖŌŎŐ"),
    ("o", "òóôõöōŏő•"),
    ("OE", "ØŒ"),
    ("oe", "øœ"),
    ("R", "ŔŖŘ"),
    ("r", "ŕŗř"),
    ("S", "ŚŜŞŠȘ"),
    ("s", "śŝşšș"),
    ("ss", "ß"),
    ("T", "ŢŤȚ"),
    ("t", "ţťț"),
    ("U", "ÙÚÛÜŨŪŬŮŰŲ"),
    ("u", "ùúûüũūŭůűųµ"),
    ("W", "Ŵ"),
    ("w", "ŵ"),
    ("Y", "ÝŶŸ"),
    ("y", "ýÿŷ"),
    ("Z", "ŹŻŽ"),
    ("z", "źżž"),
    ("'", "‘’"),
    ("\"", "“”"),
    ("<<", "«"),
    (">>", "»"),
    ("<", "‹"),
    (">", "›"),
    ("-", "\u{ad}‐‑–"),
    ("--", "—"),
    ("...", "…"),
    ("x", "×"),
    (" 1/4 ", "¼"),
    (" 1/2 ", "½"),
    (" 3/4 ", "¾"),
    ("(C)", "©"),
    ("(R)", "®"),
    ("(TM)", "™"),
    ("EUR", "€"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn little(form: Form, text: &str) -> Vec<u8> {
        value(form, text, ByteOrder::Little).unwrap().1
    }

    fn pairs(form: Form, text: &str) -> Vec<(i32, i32)> {
        let long = |bytes: &[u8]| i32::from_le_bytes(bytes.try_into().unwrap());
        little(form, text).chunks_exact(8).map(|pair| (long(&pair[..4]), long(&pair[4..]))).collect()
    }

    #[test]
    fn text_is_ascii_and_without_its_remark() {
        assert_eq!(little(Ascii, "me"), b"me\0");
        assert_eq!(little(Ascii, "me (you, ASCII, 3 bytes)"), b"me\0");
        assert_eq!(little(Ascii, "(c) me (d)"), b"(c) me\0");
        assert_eq!(little(Ascii, "(c)"), b"(c)\0");
        assert_eq!(little(Ascii, "Łódź — “ß” 漢"), b"Lodz -- \"ss\" ?\0");
        assert_eq!(little(Ascii, "a\0b"), b"a\0");
        assert_eq!(little(Comment, "hi"), b"ASCII\0\0\0hi");
        assert_eq!(little(Utf16, "é"), [0xe9, 0, 0, 0]);
        assert_eq!(value(Ascii, &"x".repeat(MAX_TEXT + 1), ByteOrder::Big), None);
    }

    #[test]
    fn numbers_are_taken_as_far_as_they_go() {
        let short = |text: &str| u16::from_le_bytes(little(Shorts(1), text).try_into().unwrap());
        let cases = [("7x", 7), (" 5", 5), ("1.9", 1), ("x", 0), ("0x10", 16), ("-1", 0), ("70000", u16::MAX)];
        for (text, number) in cases.into_iter().chain([("1/2", 1), ("5 (five, Short)", 5), ("nan", 0)]) {
            assert_eq!(short(text), number, "{text}");
        }
        assert_eq!(little(Shorts(3), "8 9"), [8, 0, 9, 0, 0, 0]);
        assert_eq!(little(Shorts(0), "1 2 3 4").len(), 8);
        assert_eq!(value(Size, "70000", ByteOrder::Big), Some((kind::LONG, vec![0, 1, 0x11, 0x70])));
        assert_eq!(little(Bytes(4), "2.3.0.0"), [2, 3, 0, 0]);
        assert_eq!(value(Version, "2.31", ByteOrder::Big), None);
        assert_eq!(little(Version, "0231"), b"0231");
    }

    #[test]
    fn fractions_are_kept_or_made() {
        assert_eq!(pairs(Rationals(1), "28/10"), [(28, 10)]);
        assert_eq!(pairs(Rationals(1), "1 / 3"), [(1, 3)]);
        assert_eq!(pairs(Rationals(1), "0.5"), [(500, 1000)]);
        assert_eq!(pairs(Rationals(1), "0.0004"), [(400, 1_000_000)]);
        assert_eq!(pairs(Rationals(1), "1/0"), [(1, 0)]);
        assert_eq!(pairs(Rationals(1), "1e12"), [(-1, 1)], "the largest");
        assert_eq!(pairs(Rationals(3), "51/1, 30/1"), [(51, 1), (30, 1), (0, 1)]);
        assert_eq!(pairs(SignedRationals(1), "-1/2"), [(-1, 2)]);
        assert_eq!(pairs(SignedRationals(1), "-2.5"), [(-2500, 1000)]);
        assert_eq!(pairs(SignedRationals(1), "-1e12"), [(i32::MIN, 1)]);
        assert_eq!(rational(90.5), (90500, 1000));
    }

    #[test]
    fn hostile_text_costs_no_more_than_its_length() {
        for text in ["1e".repeat(20_000), "1 ".repeat(20_000), "/".repeat(50_000), "é".repeat(20_000)] {
            for form in [Ascii, Shorts(0), Rationals(3), Size, Bytes(4), Utf16] {
                assert!(value(form, &text, ByteOrder::Big).is_some());
            }
        }
    }
}
