//! One thing known, by all its names, in its packed form: what is asked of it is read from there.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};
use serde_json::Value;

use super::packed::{Packed, Values, pack_map, pack_text, pack_texts};

/// One thing known, by all its names.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Its id, every key without a field here, English and Chinese forms, source, examples.
    packed: Cow<'static, str>,
}

impl Entry {
    /// An entry that the build script packed.
    pub(super) const fn embedded(packed: &'static str) -> Self {
        Self { packed: Cow::Borrowed(packed) }
    }

    fn values(&self, from: usize) -> Values<'_> {
        let mut values = Values(&self.packed);
        if from > 0 {
            values.nth(from - 1);
        }
        values
    }

    fn texts(&self, at: usize) -> impl Iterator<Item = &str> + Clone {
        self.values(at).next().map_or(Values(""), Packed::values).texts()
    }

    /// Unique in its class.
    pub fn id(&self) -> &str {
        self.values(0).text().unwrap_or("")
    }
    /// English and other Latin-script forms.
    pub fn en(&self) -> impl Iterator<Item = &str> + Clone {
        self.texts(2)
    }
    /// Chinese forms.
    pub fn zh(&self) -> impl Iterator<Item = &str> + Clone {
        self.texts(3)
    }
    /// All forms.
    pub fn forms(&self) -> impl Iterator<Item = &str> + Clone {
        self.en().chain(self.zh())
    }
    /// Where the entry comes from.
    pub fn source(&self) -> &str {
        self.values(4).text().unwrap_or("")
    }
    /// Invented uses.
    pub fn examples(&self) -> impl Iterator<Item = &str> + Clone {
        self.texts(5)
    }
    /// Every other key with its value.
    fn attributes(&self) -> Values<'_> {
        self.values(1).next().map_or(Values(""), Packed::values)
    }
    /// An attribute.
    pub fn attribute(&self, key: &str) -> Option<Packed<'_>> {
        self.attributes().pairs().find(|(own, _)| *own == key).map(|(_, value)| value)
    }
    /// A text attribute.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.attribute(key).and_then(Packed::text)
    }
    /// A numeric attribute.
    pub fn number(&self, key: &str) -> Option<f64> {
        match self.attribute(key)? {
            Packed::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }
    /// A truth attribute; false where it is absent.
    pub fn flag(&self, key: &str) -> bool {
        matches!(self.attribute(key), Some(Packed::Truth(true)))
    }
    /// A list of texts; empty where it is absent.
    pub fn list(&self, key: &str) -> impl Iterator<Item = &str> + Clone {
        match self.attribute(key) {
            Some(Packed::List(values)) => values,
            _ => Values(""),
        }
        .texts()
    }
    /// The attributes as a type of the caller's.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        T::deserialize(Packed::Map(self.attributes()))
    }
}

/// From the TOML of a folder.
impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Entry;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an entry of a vocabulary")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
                let (mut id, mut source, mut attributes) = (None, String::new(), Vec::new());
                let (mut en, mut zh, mut examples) = (Vec::new(), Vec::new(), Vec::new());
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    match key.as_ref() {
                        "id" => id = Some(map.next_value::<String>()?),
                        "en" => en = map.next_value::<Vec<String>>()?,
                        "zh" => zh = map.next_value::<Vec<String>>()?,
                        "source" => source = map.next_value()?,
                        "examples" => examples = map.next_value::<Vec<String>>()?,
                        _ => attributes.push((key.into_owned(), map.next_value::<Value>()?)),
                    }
                }
                let id = id.ok_or_else(|| de::Error::missing_field("id"))?;
                let mut packed = String::new();
                pack_text(&id, &mut packed);
                pack_map(attributes.iter().map(|(key, value)| (key.as_str(), value)), &mut packed);
                pack_texts(en.iter().map(String::as_str), &mut packed);
                pack_texts(zh.iter().map(String::as_str), &mut packed);
                pack_text(&source, &mut packed);
                pack_texts(examples.iter().map(String::as_str), &mut packed);
                Ok(Entry { packed: Cow::Owned(packed) })
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

impl<'de> IntoDeserializer<'de> for Packed<'de> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Packed<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Text(text) => visitor.visit_borrowed_str(text),
            Self::Truth(truth) => visitor.visit_bool(truth),
            Self::Number(digits) => {
                if let Ok(number) = digits.parse() {
                    visitor.visit_u64(number)
                } else if let Ok(number) = digits.parse() {
                    visitor.visit_i64(number)
                } else {
                    visitor.visit_f64(digits.parse().map_err(de::Error::custom)?)
                }
            }
            Self::List(values) => {
                let mut values = SeqDeserializer::new(values);
                let read = visitor.visit_seq(&mut values)?;
                values.end()?;
                Ok(read)
            }
            Self::Map(values) => {
                let mut pairs = MapDeserializer::new(values.pairs());
                let read = visitor.visit_map(&mut pairs)?;
                pairs.end()?;
                Ok(read)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, name: &'static str, variants: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Text(text) => text.into_deserializer().deserialize_enum(name, variants, visitor),
            other => other.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}
