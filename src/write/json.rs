//! JSON into a buffer, byte for byte as `serde_json` writes it. Names of fields and variants are put down as they are, since none needs
//! an escape, and what does in other words is looked for eight bytes at a time; numbers are written by `serde_json` itself.
//! A record is mostly short names and words, and this takes a third of the instructions. Keys of maps are strings.

use serde::Serialize;
use serde::ser::{
    Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::{Error, Result};

/// Appends a value to a buffer.
///
/// # Errors
/// Where a map has a key that is no string.
pub(super) fn append(out: &mut Vec<u8>, value: &impl Serialize) -> Result<()> {
    value.serialize(Json(out))
}

/// Whether a byte cannot stand in a string as it is.
const fn must_be_escaped(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// A string in quotes.
fn quote(out: &mut Vec<u8>, text: &str) {
    let (chunks, rest) = text.as_bytes().as_chunks::<8>();
    let escapes =
        chunks.iter().any(|chunk| chunk.iter().fold(false, |any, byte| any | must_be_escaped(*byte))) || rest.iter().any(|byte| must_be_escaped(*byte));
    if escapes {
        return quote_escaped(out, text);
    }
    quote_plain(out, text);
}

/// A string that holds nothing to escape, in quotes.
fn quote_plain(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

fn quote_escaped(out: &mut Vec<u8>, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    for &byte in text.as_bytes() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0C => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0..0x20 => out.extend_from_slice(&[b'\\', b'u', b'0', b'0', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

struct Json<'a>(&'a mut Vec<u8>);

impl<'a> Json<'a> {
    /// What `serde_json` writes: numbers, truths, nothing.
    fn plain(self, value: impl Serialize) -> Result<()> {
        value.serialize(&mut serde_json::Serializer::new(self.0))
    }

    fn parts(self, begin: u8, end: &'static [u8]) -> Parts<'a> {
        self.0.push(begin);
        Parts { out: self.0, first: true, end }
    }

    /// `{"variant":` and what opens its fields.
    fn variant(self, variant: &str, begin: u8, end: &'static [u8]) -> Parts<'a> {
        self.0.push(b'{');
        quote_plain(self.0, variant);
        self.0.push(b':');
        self.parts(begin, end)
    }
}

impl<'a> Serializer for Json<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

    fn serialize_bool(self, value: bool) -> Result<()> {
        self.plain(value)
    }
    fn serialize_i8(self, value: i8) -> Result<()> {
        self.plain(value)
    }
    fn serialize_i16(self, value: i16) -> Result<()> {
        self.plain(value)
    }
    fn serialize_i32(self, value: i32) -> Result<()> {
        self.plain(value)
    }
    fn serialize_i64(self, value: i64) -> Result<()> {
        self.plain(value)
    }
    fn serialize_u8(self, value: u8) -> Result<()> {
        self.plain(value)
    }
    fn serialize_u16(self, value: u16) -> Result<()> {
        self.plain(value)
    }
    fn serialize_u32(self, value: u32) -> Result<()> {
        self.plain(value)
    }
    fn serialize_u64(self, value: u64) -> Result<()> {
        self.plain(value)
    }
    fn serialize_f32(self, value: f32) -> Result<()> {
        self.plain(value)
    }
    fn serialize_f64(self, value: f64) -> Result<()> {
        self.plain(value)
    }
    fn serialize_char(self, value: char) -> Result<()> {
        self.plain(value)
    }
    fn serialize_str(self, value: &str) -> Result<()> {
        quote(self.0, value);
        Ok(())
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<()> {
        self.plain(value)
    }
    fn serialize_none(self) -> Result<()> {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<()> {
        self.0.extend_from_slice(b"null");
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<()> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<()> {
        quote_plain(self.0, variant);
        Ok(())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<()> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, name: &'static str, _: u32, variant: &'static str, value: &T) -> Result<()> {
        let mut whole = self.serialize_struct(name, 1)?;
        SerializeStruct::serialize_field(&mut whole, variant, value)?;
        SerializeStruct::end(whole)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a>> {
        Ok(self.parts(b'[', b"]"))
    }
    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>> {
        Ok(self.parts(b'[', b"]"))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>> {
        Ok(self.parts(b'[', b"]"))
    }
    fn serialize_tuple_variant(self, _: &'static str, _: u32, variant: &'static str, _: usize) -> Result<Parts<'a>> {
        Ok(self.variant(variant, b'[', b"]}"))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a>> {
        Ok(self.parts(b'{', b"}"))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>> {
        Ok(self.parts(b'{', b"}"))
    }
    fn serialize_struct_variant(self, _: &'static str, _: u32, variant: &'static str, _: usize) -> Result<Parts<'a>> {
        Ok(self.variant(variant, b'{', b"}}"))
    }
}

/// What is made of parts with commas between.
struct Parts<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
    end: &'static [u8],
}

impl Parts<'_> {
    fn comma(&mut self) {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
    }

    fn part(&mut self, value: &(impl Serialize + ?Sized)) -> Result<()> {
        self.comma();
        value.serialize(Json(self.out))
    }

    fn field(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Result<()> {
        self.comma();
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        value.serialize(Json(self.out))
    }

    fn close(self) {
        self.out.extend_from_slice(self.end);
    }
}

/// The traits of what has parts differ in the name of one method.
macro_rules! parts {
    ($($name:ident $method:ident,)*) => {$(
        impl $name for Parts<'_> {
            type Ok = ();
            type Error = Error;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.part(value)
            }
            fn end(self) -> Result<()> {
                self.close();
                Ok(())
            }
        }
    )*};
}
parts! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

/// The traits of what has named fields differ in name alone.
macro_rules! fields {
    ($($name:ident)*) => {$(
        impl $name for Parts<'_> {
            type Ok = ();
            type Error = Error;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
                self.field(name, value)
            }
            fn end(self) -> Result<()> {
                self.close();
                Ok(())
            }
        }
    )*};
}
fields! { SerializeStruct SerializeStructVariant }

impl SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Error;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.comma();
        let start = self.out.len();
        key.serialize(Json(self.out))?;
        if self.out.get(start) == Some(&b'"') { Ok(()) } else { Err(Error::custom("expected a string as the key of a map, found another value")) }
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.out.push(b':');
        value.serialize(Json(self.out))
    }
    fn end(self) -> Result<()> {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Serialize)]
    enum Kind {
        Unit,
        Newtype(u8),
        Tuple(i32, char),
        Struct { a: bool },
    }

    #[derive(Serialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    enum Tagged {
        First { size: [f64; 2] },
    }

    #[derive(Serialize)]
    struct Whole {
        kinds: Vec<Kind>,
        #[serde(flatten)]
        tagged: Tagged,
        map: BTreeMap<String, Option<f32>>,
        words: Vec<String>,
        pair: (u64, i64),
        bytes: [f64; 6],
        empty: Vec<()>,
    }

    #[test]
    fn every_byte_is_as_serde_json_writes_it() {
        let every: String = ('\0'..='\u{300}').collect();
        let words = ["", "plain", "a quote \" within", "a long line that ends in a break\n", "镜下\u{7f}见\\", &every].map(String::from).into();
        let whole = Whole {
            kinds: vec![Kind::Unit, Kind::Newtype(7), Kind::Tuple(-1, '"'), Kind::Struct { a: true }],
            tagged: Tagged::First { size: [1.0, 2.5] },
            map: [("a\tb".to_string(), Some(0.1)), ("c".to_string(), None)].into(),
            words,
            pair: (u64::MAX, i64::MIN),
            bytes: [0.0, -0.0, 1e300, 1e-7, f64::NAN, 123_456.789],
            empty: Vec::new(),
        };
        let mut out = b"x".to_vec();
        append(&mut out, &whole).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), format!("x{}", serde_json::to_string(&whole).unwrap()));
        assert!(append(&mut Vec::new(), &BTreeMap::from([(1, 2)])).is_err());
    }
}
