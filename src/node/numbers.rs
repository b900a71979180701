//! Rows of numbers, packed by `lib/numbers.js`: nothing is looked at cell by cell, and answers are
//! written where JavaScript wants them. What these functions decline, the general way takes.

use super::columns::Numbers as Cells;
use super::model::JsModel;
use super::work::{JsWork, background};
use crate::{Numbers, Room, Strip};
use napi::bindgen_prelude::{
    Array, Float64Array, FromNapiValue, JsValue, Object, TypedArray, TypedArrayType, Unknown,
};
use napi::{Env, ValueType};
use napi_derive::napi;
use serde_json::{Value, json};
use std::borrow::Cow;

#[napi]
impl JsModel {
    /// The places of the features that a row may do without and that this key looks like; none for
    /// one that the model knows. It stands here and not with the other keys, since napi names a class
    /// as the first file says that speaks of it.
    #[napi(catch_unwind)]
    pub fn like(&self, key: String) -> Vec<u32> {
        self.model.keys().like(&key).iter().map(|&place| place as u32).collect()
    }

    /// What JavaScript needs to know to pack rows and to shape answers, as JSON.
    #[napi(catch_unwind)]
    pub fn layout(&self) -> String {
        let encoder = self.model.encoder();
        let features = encoder.features().iter();
        let features: Vec<Value> = features
            .map(|feature| {
                let names = feature.categories().is_some();
                json!({ "name": feature.name(), "missing": feature.missing(), "names": names })
            })
            .collect();
        let tasks: Vec<Value> = self
            .model
            .places()
            .map(|(target, place)| {
                let classes = target.classes().map(|classes| classes.names());
                json!({ "name": target.name(), "classes": classes, "width": place.len() })
            })
            .collect();
        let numeric = self.model.takes_numbers();
        let zone = encoder.time_zone();
        json!({ "numeric": numeric, "features": features, "tasks": tasks, "timeZone": zone })
            .to_string()
    }

    /// Answers rows given as one typed array row after row, or as one for each feature with null for
    /// what is missing, into typed arrays: for each task the values, or codes, probability and
    /// probabilities; after values with intervals the low ends and the high ends.
    #[napi(catch_unwind)]
    pub fn answer_columns(
        &self,
        data: Array<'_>,
        rows: u32,
        into: Array<'_>,
    ) -> napi::Result<bool> {
        let held = (0..data.len()).map(|index| held(&data, index));
        let Some(held) = held.collect::<napi::Result<Option<Vec<_>>>>()? else { return Ok(false) };
        let strips: Vec<Strip<'_>> = held.iter().map(Held::strip).collect();
        let numbers = match (strips.as_slice(), self.model.encoder().features().len()) {
            (strips, features) if strips.len() == features => Numbers::Columns(strips),
            ([Strip::Single(cells)], _) => Numbers::Single(cells),
            ([Strip::Double(cells)], _) => Numbers::Double(cells),
            _ => return Ok(false),
        };
        Ok(self.model.answer_columns(numbers, rows as usize, self.rooms(&into)?))
    }

    /// The work, and a promise, of the answers to the rows whose cells these are; none if it declines.
    #[napi(catch_unwind)]
    pub fn answer_later<'env>(
        &self,
        env: &'env Env,
        cells: &[f64],
    ) -> napi::Result<Option<(JsWork, Object<'env>)>> {
        let Some(encoded) = self.model.encode_numbers(cells) else { return Ok(None) };
        let model = self.model.clone();
        let answers = background(env, move |watch| {
            model.answer_until(&encoded, watch).map(Float64Array::new)
        });
        answers.map(Some)
    }
}

impl JsModel {
    /// The rooms of all tasks, from typed arrays that `lib/numbers.js` has just made.
    fn rooms<'a>(&self, into: &Array<'a>) -> napi::Result<Vec<Room<'a>>> {
        let mut index = 0;
        let mut next = || {
            index += 1;
            element(into, index - 1)
        };
        let rooms =
            self.model.places().map(|(target, place)| match (target.classes(), place.len()) {
                (None, 3) => Ok(Room::Intervals {
                    values: memory(next()?)?,
                    low: memory(next()?)?,
                    high: memory(next()?)?,
                }),
                (None, _) => Ok(Room::Values(memory(next()?)?)),
                (Some(_), _) => Ok(Room::Classes {
                    codes: memory(next()?)?,
                    probability: memory(next()?)?,
                    probabilities: memory(next()?)?,
                }),
            });
        rooms.collect()
    }
}

/// A column as it is held while it is read.
enum Held<'a> {
    Missing,
    Single(&'a [f32]),
    Double(Cow<'a, [f64]>),
}

impl Held<'_> {
    fn strip(&self) -> Strip<'_> {
        match self {
            Held::Missing => Strip::Missing,
            Held::Single(cells) => Strip::Single(cells),
            Held::Double(cells) => Strip::Double(cells),
        }
    }
}

/// What stands in an array: null, or a typed array of numbers; none for anything else.
fn held<'a>(data: &Array<'a>, index: u32) -> napi::Result<Option<Held<'a>>> {
    let array = element(data, index)?;
    if array.get_type()? == ValueType::Null {
        return Ok(Some(Held::Missing));
    }
    if !array.is_typedarray()? {
        return Ok(None);
    }
    let typed = TypedArray::from_unknown(array)?;
    Ok(match typed.typed_array_type {
        TypedArrayType::Float32 => Some(Held::Single(memory::<&[f32]>(array)?)),
        TypedArrayType::Float64 => Some(Held::Double(memory::<&[f64]>(array)?.into())),
        _ => Cells::of(&typed).map(|cells| Held::Double(cells.all().collect())),
    })
}

/// The memory of a typed array, which outlives the call that it was given to.
fn memory<T: FromNapiValue>(array: Unknown<'_>) -> napi::Result<T> {
    let value = array.value();
    // SAFETY: the environment is the value's own.
    unsafe { T::from_napi_value(value.env, value.value) }
}

fn element<'a>(array: &Array<'a>, index: u32) -> napi::Result<Unknown<'a>> {
    let element: Option<Unknown<'_>> = array.get(index)?;
    element.ok_or_else(|| napi::Error::from_reason("an element is not there"))
}
