//! A safetensors file of ours: named tensors, and one JSON string under the metadata key that
//! says what the file is. Nothing in a file is trusted before it was checked.

use crate::draft::Draft;
use crate::error::{Code, Error, Result};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::Serialize;
use std::collections::HashMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A trained model.
    Model,
    /// A training under way.
    Checkpoint,
}

impl Kind {
    /// The metadata key of the JSON string.
    fn key(self) -> &'static str {
        match self {
            Kind::Model => "polytask",
            Kind::Checkpoint => "polytask-checkpoint",
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Kind::Model => "a model file",
            Kind::Checkpoint => "a checkpoint",
        }
    }

    /// What to say to who gave this where `expected` belongs.
    fn mistaken_for(self, expected: Kind) -> Error {
        let hint = match self {
            Kind::Model => "load reads it",
            Kind::Checkpoint => "train goes on from it with the option resume",
        };
        bad(format!("is {}, not {}; {hint}", self.noun(), expected.noun()))
    }
}

/// A number of four bytes, as tensors hold them.
pub trait Number: Copy {
    /// Its name in the file.
    const DTYPE: Dtype;
    /// Its bytes, the lowest first.
    fn quad(self) -> [u8; 4];
    /// The number of some bytes.
    fn of(quad: [u8; 4]) -> Self;
}

macro_rules! number {
    ($type:ty, $dtype:ident) => {
        impl Number for $type {
            const DTYPE: Dtype = Dtype::$dtype;
            fn quad(self) -> [u8; 4] {
                self.to_le_bytes()
            }
            fn of(quad: [u8; 4]) -> Self {
                <$type>::from_le_bytes(quad)
            }
        }
    };
}
number!(f32, F32);
number!(i32, I32);
number!(u32, U32);

/// A tensor on its way to a file.
#[derive(Debug)]
pub struct Array<'a> {
    name: &'a str,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl<'a> Array<'a> {
    /// A tensor of these values.
    pub fn new<T: Number>(name: &'a str, shape: &[usize], values: &[T]) -> Self {
        let mut bytes = vec![0; values.len() * 4];
        let (quads, _) = bytes.as_chunks_mut::<4>();
        quads.iter_mut().zip(values).for_each(|(quad, value)| *quad = value.quad());
        Array { name, dtype: T::DTYPE, shape: shape.to_vec(), bytes }
    }
}

/// The bytes of a file.
pub fn to_bytes(kind: Kind, header: &impl Serialize, arrays: &[Array<'_>]) -> Result<Vec<u8>> {
    let internal = |error: &dyn std::fmt::Display| Error::new(Code::Internal, error.to_string());
    let json = serde_json::to_string(header).map_err(|error| internal(&error))?;
    let mut tensors = Vec::new();
    for array in arrays {
        let view = TensorView::new(array.dtype, array.shape.clone(), &array.bytes);
        tensors.push((array.name, view.map_err(|error| internal(&error))?));
    }
    let metadata = HashMap::from([(kind.key().to_owned(), json)]);
    safetensors::serialize(tensors, Some(metadata)).map_err(|error| internal(&error))
}

/// The bytes of a file, opened.
#[derive(Debug)]
pub struct Archive<'a> {
    json: String,
    tensors: SafeTensors<'a>,
}

impl<'a> Archive<'a> {
    /// Opens the bytes of a file that must be of a kind.
    pub fn open(bytes: &'a [u8], kind: Kind) -> Result<Self> {
        let broken = |error: &dyn std::fmt::Display| {
            let what = "or a damaged one: it is no valid safetensors file";
            bad(format!("not {}, {what}", kind.noun())).cause(error)
        };
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| broken(&error))?;
        let json = |kind: Kind| metadata.metadata().as_ref().and_then(|map| map.get(kind.key()));
        let other = [Kind::Model, Kind::Checkpoint].into_iter().find(|kind| json(*kind).is_some());
        let json = json(kind).ok_or_else(|| match other {
            Some(other) => other.mistaken_for(kind),
            None => bad("a safetensors file, but not one of polytask"),
        })?;
        let tensors = SafeTensors::deserialize(bytes).map_err(|error| broken(&error))?;
        Ok(Archive { json: json.clone(), tensors })
    }

    /// What stands beside the tensors.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// How many tensors there are.
    pub fn len(&self) -> usize {
        self.tensors.len()
    }

    /// Whether there are no tensors.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether there is a tensor of this name.
    pub fn has(&self, name: &str) -> bool {
        self.tensors.tensor(name).is_ok()
    }

    /// The values of a tensor, which must have this shape. Nothing is allocated for them yet.
    pub fn values<T: Number>(&self, name: &str, shape: &[usize]) -> Result<Values<'a, T>> {
        let view = self.view(name)?;
        if view.dtype() != T::DTYPE || view.shape() != shape {
            return Err(unfit::<T>(name, &view, &format!("{shape:?}")));
        }
        Ok(Values::new(&view))
    }

    /// The values of a tensor of one dimension.
    pub fn list<T: Number>(&self, name: &str) -> Result<Values<'a, T>> {
        let view = self.view(name)?;
        if view.dtype() != T::DTYPE || view.shape().len() != 1 {
            return Err(unfit::<T>(name, &view, "of one dimension"));
        }
        Ok(Values::new(&view))
    }

    fn view(&self, name: &str) -> Result<TensorView<'a>> {
        self.tensors.tensor(name).map_err(|_| bad(format!("the tensor {name} is missing")))
    }
}

/// The values of a tensor, read as they are asked for.
#[derive(Debug)]
pub struct Values<'a, T>(std::slice::Iter<'a, [u8; 4]>, std::marker::PhantomData<T>);

impl<'a, T> Values<'a, T> {
    fn new(view: &TensorView<'a>) -> Self {
        let (quads, _) = view.data().as_chunks::<4>();
        Values(quads.iter(), std::marker::PhantomData)
    }
}

impl<T: Number> Iterator for Values<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.0.next().map(|quad| T::of(*quad))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

/// Reads a file that must be of a kind.
pub fn read(path: &Path, kind: Kind) -> Result<Vec<u8>> {
    let name = path.display().to_string();
    if path.is_dir() {
        return Err(bad(format!("is a folder, not {}", kind.noun())).file(name));
    }
    fs::read(path).map_err(|error| {
        let what = match error.kind() {
            ErrorKind::NotFound => "no such file".to_owned(),
            _ => format!("cannot be read: {error}"),
        };
        bad(what).file(name).cause(error)
    })
}

/// Writes a file whole or not at all.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = Draft::new(path).and_then(|mut draft| {
        draft.file().write_all(bytes)?;
        draft.finish()
    });
    written.map_err(|error| {
        bad(format!("cannot be written: {error}")).file(path.display().to_string()).cause(error)
    })
}

fn unfit<T: Number>(name: &str, found: &TensorView<'_>, expected: &str) -> Error {
    let (dtype, shape) = (found.dtype(), found.shape());
    bad(format!("the tensor {name} is {dtype:?} {shape:?}, expected {:?} {expected}", T::DTYPE))
}

/// An error about a file.
pub fn bad(message: impl Into<String>) -> Error {
    Error::new(Code::Artifact, message)
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
