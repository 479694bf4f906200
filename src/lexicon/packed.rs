//! Values in one string, as the build script writes the lexicon: read where they stand, nothing is copied and nothing parsed beforehand.
//!
//! A value is a sign for its kind, its length in digits of six bits (the seventh: another digit follows), and its bytes. A list holds
//! values, a map keys and values in turn. `build.rs` includes this file.

use serde_json::Value;

/// A value in its packed form.
#[derive(Debug, Clone, Copy)]
pub enum Packed<'a> {
    /// A text.
    Text(&'a str),
    /// A number in decimal digits.
    Number(&'a str),
    /// True or false.
    Truth(bool),
    /// Values.
    List(Values<'a>),
    /// Keys and values in turn.
    Map(Values<'a>),
}

/// Values one behind the other.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a>(pub &'a str);

impl<'a> Iterator for Values<'a> {
    type Item = Packed<'a>;

    fn next(&mut self) -> Option<Packed<'a>> {
        let bytes = self.0.as_bytes();
        let kind = *bytes.first()?;
        let (mut length, mut at) = (0, 1);
        loop {
            let digit = *bytes.get(at)?;
            at += 1;
            length = length << 6 | usize::from(digit & 0x3f);
            if digit & 0x40 == 0 {
                break;
            }
        }
        let (value, rest) = self.0.get(at..)?.split_at_checked(length)?;
        self.0 = rest;
        Some(match kind {
            b'n' => Packed::Number(value),
            b'b' => Packed::Truth(value == "1"),
            b'l' => Packed::List(Values(value)),
            b'm' => Packed::Map(Values(value)),
            _ => Packed::Text(value),
        })
    }
}

impl<'a> Values<'a> {
    /// The next value where it is a text.
    pub fn text(&mut self) -> Option<&'a str> {
        self.next()?.text()
    }

    /// The texts among the values.
    pub fn texts(self) -> impl Iterator<Item = &'a str> + Clone {
        self.filter_map(Packed::text)
    }

    /// Keys with their values.
    pub fn pairs(mut self) -> impl Iterator<Item = (&'a str, Packed<'a>)> {
        std::iter::from_fn(move || Some((self.text()?, self.next()?)))
    }
}

impl<'a> Packed<'a> {
    /// A text.
    pub fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The values of a list or a map; none of anything else.
    pub fn values(self) -> Values<'a> {
        match self {
            Self::List(values) | Self::Map(values) => values,
            _ => Values(""),
        }
    }
}

/// Adds a text.
pub fn pack_text(text: &str, out: &mut String) {
    pack_bytes('t', text, out);
}

/// Adds a list of texts.
pub fn pack_texts<'t>(texts: impl IntoIterator<Item = &'t str>, out: &mut String) {
    let mut list = String::new();
    texts.into_iter().for_each(|text| pack_text(text, &mut list));
    pack_list(&list, out);
}

/// Adds a list of values that are packed already.
pub fn pack_list(packed: &str, out: &mut String) {
    pack_bytes('l', packed, out);
}

/// Adds keys with their values.
pub fn pack_map<'t>(pairs: impl IntoIterator<Item = (&'t str, &'t Value)>, out: &mut String) {
    let mut map = String::new();
    for (key, value) in pairs {
        pack_text(key, &mut map);
        pack(value, &mut map);
    }
    pack_bytes('m', &map, out);
}

/// Adds any value; one that is null becomes an empty text, TOML has none.
pub fn pack(value: &Value, out: &mut String) {
    match value {
        Value::Null => pack_text("", out),
        Value::Bool(truth) => pack_bytes('b', if *truth { "1" } else { "0" }, out),
        Value::Number(number) => pack_bytes('n', &number.to_string(), out),
        Value::String(text) => pack_text(text, out),
        Value::Array(values) => {
            let mut list = String::new();
            values.iter().for_each(|value| pack(value, &mut list));
            pack_list(&list, out);
        }
        Value::Object(map) => pack_map(map.iter().map(|(key, value)| (key.as_str(), value)), out),
    }
}

fn pack_bytes(kind: char, bytes: &str, out: &mut String) {
    out.push(kind);
    let digits = (usize::BITS - bytes.len().leading_zeros()).div_ceil(6).max(1);
    for digit in (0..digits).rev() {
        let follows = if digit > 0 { 0x40 } else { 0 };
        out.push(char::from((bytes.len() >> (6 * digit) & 0x3f) as u8 | follows));
    }
    out.push_str(bytes);
}
