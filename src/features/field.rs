//! The fields of a value as terms: `path.key=text`, `path.key~magnitude` for numbers, the members of a list under one path. The value is walked by
//! its own `Serialize`, so a new field of a finding becomes a term without a line here, and no tree is built on the way.

use serde::Serialize;
use serde::ser::{self, Impossible};

/// Walks a value and hands each term to `push`; `hidden` has the keys left out at the first and at the second level.
pub(super) fn terms_of(value: &impl Serialize, path: &str, hidden: [&[&str]; 2], push: &mut dyn FnMut(&str)) {
    let mut terms = Terms { path: path.to_string(), term: String::new(), hidden, depth: 0, key: String::new(), push };
    // What cannot be a term (bytes, keys that are no text) is none.
    let _ = value.serialize(&mut terms);
}

struct Terms<'a> {
    path: String,
    term: String,
    hidden: [&'a [&'a str]; 2],
    depth: usize,
    key: String,
    push: &'a mut dyn FnMut(&str),
}

impl Terms<'_> {
    fn field<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), NoTerm> {
        if self.hidden.get(self.depth).is_some_and(|hidden| hidden.contains(&key)) {
            return Ok(());
        }
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(key);
        self.depth += 1;
        let walked = value.serialize(&mut *self);
        self.depth -= 1;
        self.path.truncate(length);
        walked
    }

    fn say(&mut self, sign: char, value: &str) {
        self.term.clear();
        self.term.push_str(&self.path);
        self.term.push(sign);
        self.term.push_str(value);
        (self.push)(&self.term);
    }

    fn text(&mut self, text: &str) {
        self.say('=', text);
        // The category of a code: `C18` of `C18.7`, `814` of `8140/3`, `T4` of `T4a`.
        let length = if self.path.ends_with("icdo") { 3 } else { 2 };
        let head = text.get(..length).filter(|head| text.len() > length && head.as_bytes().get(1).is_some_and(u8::is_ascii_digit));
        if let Some(head) = head {
            self.say('=', head);
        }
    }

    fn number(&mut self, number: f64) {
        if number.is_finite() {
            self.say('~', &magnitude(number).to_string());
        }
    }
}

/// The power of two below a number: 0, 1, 2, 4, 8, …
fn magnitude(number: f64) -> i64 {
    if !(1.0..1e15).contains(&number) {
        return 0;
    }
    1i64 << (number.log2().floor() as u32).min(50)
}

/// What is no term.
#[derive(Debug)]
struct NoTerm;

impl std::fmt::Display for NoTerm {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("features: expected a field of text, a number or a truth, found another")
    }
}

impl std::error::Error for NoTerm {}

impl ser::Error for NoTerm {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

macro_rules! numbers {
    ($($name:ident $kind:ty),*) => { $(fn $name(self, number: $kind) -> Result<(), NoTerm> { self.number(number as f64); Ok(()) })* };
}

impl ser::Serializer for &mut Terms<'_> {
    type Ok = ();
    type Error = NoTerm;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Impossible<(), NoTerm>;
    type SerializeTupleVariant = Impossible<(), NoTerm>;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), NoTerm>;

    numbers!(serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_u8 u8, serialize_u16 u16, serialize_u32 u32,
        serialize_u64 u64, serialize_f32 f32, serialize_f64 f64);

    fn serialize_bool(self, truth: bool) -> Result<(), NoTerm> {
        self.say('=', if truth { "true" } else { "false" });
        Ok(())
    }
    fn serialize_char(self, character: char) -> Result<(), NoTerm> {
        self.serialize_str(character.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, text: &str) -> Result<(), NoTerm> {
        self.text(text);
        Ok(())
    }
    fn serialize_bytes(self, _: &[u8]) -> Result<(), NoTerm> {
        Err(NoTerm)
    }
    fn serialize_none(self) -> Result<(), NoTerm> {
        Ok(())
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NoTerm> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), NoTerm> {
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), NoTerm> {
        Ok(())
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), NoTerm> {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), NoTerm> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &'static str, _: u32, variant: &'static str, value: &T) -> Result<(), NoTerm> {
        self.field(variant, value)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Self, NoTerm> {
        Ok(self)
    }
    fn serialize_tuple(self, _: usize) -> Result<Self, NoTerm> {
        Ok(self)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, NoTerm> {
        Err(NoTerm)
    }
    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self::SerializeTupleVariant, NoTerm> {
        Err(NoTerm)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self, NoTerm> {
        Ok(self)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, NoTerm> {
        Ok(self)
    }
    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self::SerializeStructVariant, NoTerm> {
        Err(NoTerm)
    }
}

impl ser::SerializeSeq for &mut Terms<'_> {
    type Ok = ();
    type Error = NoTerm;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoTerm> {
        value.serialize(&mut **self)
    }
    fn end(self) -> Result<(), NoTerm> {
        Ok(())
    }
}

impl ser::SerializeTuple for &mut Terms<'_> {
    type Ok = ();
    type Error = NoTerm;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoTerm> {
        value.serialize(&mut **self)
    }
    fn end(self) -> Result<(), NoTerm> {
        Ok(())
    }
}

impl ser::SerializeMap for &mut Terms<'_> {
    type Ok = ();
    type Error = NoTerm;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NoTerm> {
        let Ok(serde_json::Value::String(key)) = serde_json::to_value(key) else { return Err(NoTerm) };
        self.key = key;
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoTerm> {
        let key = std::mem::take(&mut self.key);
        self.field(&key, value)
    }
    fn end(self) -> Result<(), NoTerm> {
        Ok(())
    }
}

impl ser::SerializeStruct for &mut Terms<'_> {
    type Ok = ();
    type Error = NoTerm;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), NoTerm> {
        self.field(key, value)
    }
    fn end(self) -> Result<(), NoTerm> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_maps_and_parts_are_walked_and_hidden_keys_are_not() {
        let value = json!({"a": ["T4a", null], "b": {"icdo": "C18.7", "text": "colon"}, "c": 12, "d": true, "text": "seen", "from": {"a": [1]}});
        let mut out = Vec::new();
        terms_of(&value, "x", [&["from"], &["text"]], &mut |term| out.push(term.to_string()));
        assert_eq!(out, ["x.a=T4a", "x.a=T4", "x.b.icdo=C18.7", "x.b.icdo=C18", "x.c~8", "x.d=true", "x.text=seen"]);
    }
}
