//! Reading and writing the parts of a [`Saved`] model. Reading is total: a missing tensor, a wrong shape, a value that is not finite
//! or a number out of range is an [`Error::Model`], never a panic and never an allocation that the file decides.

use serde_json::Value;

use super::{Saved, Values};
use crate::error::{Error, Result};

/// More classes than this are taken for damage.
pub const MAX_CLASSES: usize = 1 << 16;

impl Saved {
    /// Adds a tensor of floats.
    #[must_use]
    pub fn with_floats(mut self, name: &str, shape: &[usize], values: Vec<f32>) -> Self {
        self.tensors.insert(name.into(), (shape.to_vec(), Values::F32(values)));
        self
    }

    /// Adds a tensor of unsigned integers.
    #[must_use]
    pub fn with_integers(mut self, name: &str, shape: &[usize], values: Vec<u32>) -> Self {
        self.tensors.insert(name.into(), (shape.to_vec(), Values::U32(values)));
        self
    }

    /// Adds a setting.
    #[must_use]
    pub fn with_setting(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.settings.insert(name.into(), value.into());
        self
    }

    /// Takes in a whole model under a prefix.
    #[must_use]
    pub fn with_part(mut self, prefix: &str, part: Self) -> Self {
        for (name, tensor) in part.tensors {
            self.tensors.insert(format!("{prefix}.{name}"), tensor);
        }
        self.settings.insert(prefix.into(), Value::Object(part.settings));
        self
    }

    /// The model that stands under a prefix.
    ///
    /// # Errors
    /// Where it has no settings there.
    pub fn part(&self, prefix: &str) -> Result<Self> {
        let Some(Value::Object(settings)) = self.settings.get(prefix) else {
            return Err(missing(prefix, "a part of the model"));
        };
        let start = format!("{prefix}.");
        let tensors = self.tensors.iter().filter_map(|(name, tensor)| Some((name.strip_prefix(&start)?.to_string(), tensor.clone()))).collect();
        Ok(Self { tensors, settings: settings.clone() })
    }

    /// The floats of a tensor that must have this shape; all finite.
    ///
    /// # Errors
    /// Where the tensor is missing, has another type or shape, or a value is not finite.
    pub fn floats(&self, name: &str, shape: &[usize]) -> Result<&[f32]> {
        let (found, values) = self.tensors.get(name).ok_or_else(|| missing(name, "a tensor"))?;
        let Values::F32(values) = values else {
            return Err(Error::Model(format!("tensor `{name}`; expected 32-bit floats, found integers")));
        };
        check_shape(name, shape, found, values.len())?;
        match values.iter().position(|value| !value.is_finite()) {
            None => Ok(values),
            Some(index) => Err(Error::Model(format!("tensor `{name}`, value {index}; expected a finite number, found {}", values[index]))),
        }
    }

    /// The integers of a tensor that must have this shape.
    ///
    /// # Errors
    /// Where the tensor is missing or has another type or shape.
    pub fn integers(&self, name: &str, shape: &[usize]) -> Result<&[u32]> {
        let (found, values) = self.tensors.get(name).ok_or_else(|| missing(name, "a tensor"))?;
        let Values::U32(values) = values else {
            return Err(Error::Model(format!("tensor `{name}`; expected 32-bit integers, found floats")));
        };
        check_shape(name, shape, found, values.len())?;
        Ok(values)
    }

    /// The length of a tensor of one dimension.
    ///
    /// # Errors
    /// Where the tensor is missing or has another number of dimensions.
    pub fn length(&self, name: &str) -> Result<usize> {
        match self.tensors.get(name) {
            Some((shape, _)) if shape.len() == 1 => Ok(shape[0]),
            Some((shape, _)) => Err(Error::Model(format!("tensor `{name}`; expected one dimension, found {}", shape.len()))),
            None => Err(missing(name, "a tensor")),
        }
    }

    /// A setting that is a whole number from `least` to `most`.
    ///
    /// # Errors
    /// Where it is missing or out of range.
    pub fn count(&self, name: &str, least: usize, most: usize) -> Result<usize> {
        let found = self.settings.get(name).ok_or_else(|| missing(name, "a setting"))?;
        found
            .as_u64()
            .and_then(|value| usize::try_from(value).ok())
            .filter(|value| (least..=most).contains(value))
            .ok_or_else(|| Error::Model(format!("setting `{name}`; expected a whole number from {least} to {most}, found {found}")))
    }

    /// The setting `classes`.
    ///
    /// # Errors
    /// Where it is missing or no number of classes.
    pub fn class_count(&self) -> Result<usize> {
        self.count("classes", 2, MAX_CLASSES)
    }

    /// The setting `features`.
    ///
    /// # Errors
    /// Where it is missing or no number of columns.
    pub fn feature_count(&self) -> Result<usize> {
        self.count("features", 1, u32::MAX as usize)
    }

    /// A setting that is text.
    ///
    /// # Errors
    /// Where it is missing or no text.
    pub fn text(&self, name: &str) -> Result<&str> {
        self.settings.get(name).and_then(Value::as_str).ok_or_else(|| missing(name, "a setting that is text"))
    }
}

fn missing(name: &str, what: &str) -> Error {
    Error::Model(format!("expected {what} `{name}`, found none"))
}

fn check_shape(name: &str, expected: &[usize], found: &[usize], length: usize) -> Result<()> {
    let size = expected.iter().try_fold(1usize, |size, side| size.checked_mul(*side));
    if expected == found && size == Some(length) {
        return Ok(());
    }
    Err(Error::Model(format!("tensor `{name}`; expected shape {expected:?}, found shape {found:?} with {length} values")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_comes_out_and_nothing_else() {
        let saved = Saved::default().with_floats("w", &[2, 3], vec![0.0; 6]).with_integers("i", &[2], vec![1, 2]).with_setting("classes", 2);
        assert_eq!(saved.floats("w", &[2, 3]).unwrap().len(), 6);
        assert!(saved.floats("w", &[3, 2]).is_err());
        assert!(saved.floats("w", &[usize::MAX, 3]).is_err());
        assert!(saved.floats("i", &[2]).is_err());
        assert!(saved.floats("absent", &[2]).is_err());
        assert_eq!(saved.integers("i", &[2]).unwrap(), [1, 2]);
        assert_eq!(saved.class_count().unwrap(), 2);
        assert!(saved.count("classes", 3, 9).is_err());
        let whole = Saved::default().with_part("a", saved.clone());
        assert_eq!(whole.part("a").unwrap(), saved);
        assert!(whole.part("b").is_err());
    }

    #[test]
    fn values_that_are_not_finite_are_damage() {
        let saved = Saved::default().with_floats("w", &[1], vec![f32::NAN]);
        assert!(saved.floats("w", &[1]).is_err());
    }
}
