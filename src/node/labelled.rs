//! Rows to learn from or to be scored on, gathered into a table: which columns they have, and which
//! cells of them cannot be read.

use super::arrow::Fields;
use super::cell::{Value, value_of};
use super::clock::Clock;
use super::error::to_napi;
use super::keys::{own, property};
use super::rows::{bad, has_hole, not_a_row, positional};
use crate::{Cell, Code, Error, OpenDates, Source, TableBuilder, misspelt, quoted};
use napi::ValueType;
use napi::bindgen_prelude::{Array, FromNapiValue, JsObjectValue, JsValue, Object, Unknown};
use napi_derive::napi;
use std::collections::{BTreeMap, HashSet};

/// So many columns may come to those of the first row.
const MOST_LATE: usize = 1000;

/// Rows that come a few at a time, gathered in a table of ours, so that JavaScript need not keep
/// them.
#[napi(js_name = "NativeRows")]
#[derive(Default)]
pub struct JsRows(Option<Labelled>);

#[napi]
impl JsRows {
    /// No rows yet.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        JsRows(Some(Labelled::default()))
    }

    /// Adds rows.
    #[napi(catch_unwind)]
    pub fn push(&mut self, rows: Array<'_>, clock: Option<Object<'_>>) -> napi::Result<()> {
        self.0.as_mut().map_or_else(|| Err(none()), |gathered| gathered.push(&rows, clock))
    }
}

impl JsRows {
    /// The rows, once.
    pub fn take(&mut self) -> napi::Result<Labelled> {
        self.0.take().ok_or_else(none)
    }
}

/// The error for gathered rows that went into a training already.
fn none() -> napi::Error {
    to_napi(&Error::new(Code::Internal, "these rows were used already"))
}

/// What the cells of a column were so far.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    booleans: bool,
    digits: bool,
    others: bool,
}

impl Seen {
    fn add(&mut self, value: &Value) {
        match value {
            Value::Missing => {}
            Value::Number(number) if *number == 0.0 || *number == 1.0 => self.digits = true,
            Value::Text(text) if text == "true" || text == "false" => self.booleans = true,
            _ => self.others = true,
        }
    }

    /// Whether 0 and 1 stand beside true and false, as one driver writes booleans and another.
    fn mixed(self) -> bool {
        self.booleans && self.digits && !self.others
    }
}

/// Rows to learn from or to be scored on. The columns are the keys of the first row and those that
/// come later, or `c0`, `c1`, … of arrays.
#[derive(Default)]
pub struct Labelled {
    names: Vec<String>,
    /// The same to look up: a row may have 20,000 keys.
    known: HashSet<String>,
    seen: Vec<Seen>,
    builder: Option<TableBuilder>,
    /// The columns of each row before the first that holds anything.
    blank: Vec<Vec<String>>,
    /// Rows that were given.
    rows: u32,
    /// Whether rows are arrays with a hole at index 0.
    holes: bool,
    /// The place of the last column of the first row, which stays the last.
    last: usize,
    /// Columns that the first row has not.
    late: usize,
    fields: Fields,
    open: OpenDates,
    unreadable: BTreeMap<String, Error>,
}

impl Labelled {
    /// Adds rows.
    pub fn push(&mut self, rows: &Array<'_>, clock: Option<Object<'_>>) -> napi::Result<()> {
        let mut clock = Clock::new(clock);
        for at in 0..rows.len() {
            let index = self.rows;
            let row = rows.get(at)?.ok_or_else(|| bad(Some(index), "is not there"))?;
            self.add(row, index, &mut clock)?;
            self.rows += 1;
        }
        self.open.append(clock.open());
        Ok(())
    }

    fn add(&mut self, row: Unknown<'_>, index: u32, clock: &mut Clock<'_>) -> napi::Result<()> {
        let whole = if row.is_array()? {
            let row = Array::from_unknown(row)?;
            if self.builder.is_none() {
                let holes = has_hole(&row)?;
                let first = u32::from(holes);
                let names = (first..row.len()).map(|at| format!("c{}", at - first)).collect();
                let mut cells = (first..row.len()).map(|at| row.get(at));
                if are_blank(&mut cells)? {
                    self.blank.push(names);
                    return Ok(());
                }
                self.holes = holes;
                self.begin(names);
            }
            self.of_array(&row, index)?
        } else if row.get_type()? == ValueType::Object {
            let row = Object::from_unknown(row)?;
            if self.builder.is_none() {
                let names = own_keys(&row)?;
                let mut cells = names.iter().map(|name| property(&row, name).map(Some));
                if are_blank(&mut cells)? {
                    self.blank.push(names);
                    return Ok(());
                }
                self.fields = Fields::of(&row)?;
                self.begin(names);
            }
            self.of_object(&row, index)?
        } else {
            return Err(not_a_row(index, row));
        };
        let Some((cells, whole)) = whole else { return self.skip() };
        let mut values = Vec::with_capacity(cells.len());
        let mut errors = Vec::new();
        for (cell, name) in cells.into_iter().zip(&self.names) {
            let Some(cell) = cell else {
                values.push(Value::Missing);
                continue;
            };
            let read = value_of(cell, self.fields.kind(name), index, name, clock)?;
            values.push(read.unwrap_or_else(|error| {
                errors.push((name.clone(), error));
                Value::Missing
            }));
        }
        // Such as the last line of a file, of which a parser makes a row of one empty text.
        let empty = values.iter().all(|value| matches!(value, Value::Missing));
        if empty && !whole && errors.is_empty() {
            return self.skip();
        }
        for (name, error) in errors {
            self.unreadable.entry(name).or_insert(error);
        }
        self.seen.iter_mut().zip(&values).for_each(|(seen, value)| seen.add(value));
        if let Some(builder) = &mut self.builder {
            builder.push(0, values.iter().map(Value::cell));
        }
        Ok(())
    }

    /// Leaves out a row without any cell.
    fn skip(&mut self) -> napi::Result<()> {
        if let Some(builder) = &mut self.builder {
            builder.skip();
        }
        Ok(())
    }

    /// Takes the columns from the first row that holds anything. Those before it with the same
    /// columns are rows of missing cells, and others none.
    fn begin(&mut self, names: Vec<String>) {
        let mut builder = TableBuilder::from_rows(names.iter().cloned());
        self.known = names.iter().cloned().collect();
        for blank in std::mem::take(&mut self.blank) {
            let same = blank.len() == names.len() && blank.iter().all(|it| self.known.contains(it));
            match same {
                true => builder.push(0, names.iter().map(|_| Cell::Missing)),
                false => builder.skip(),
            }
        }
        self.seen = vec![Seen::default(); names.len()];
        self.last = names.len().saturating_sub(1);
        self.names = names;
        self.builder = Some(builder);
    }

    /// The cells of an array by column, and whether it has all; none of an empty array.
    fn of_array<'env>(&mut self, row: &Array<'env>, index: u32) -> Cells<'env> {
        if row.len() == 0 {
            return Ok(None);
        }
        if !self.holes {
            return match row.len() as usize == self.names.len() {
                true => Ok(Some((positional(row, index, &self.names, false)?, true))),
                // As parsers make of an empty line.
                false if are_blank(&mut std::iter::once(row.get(0)))? && row.len() == 1 => Ok(None),
                false => {
                    positional(row, index, &self.names, false).map(|cells| Some((cells, false)))
                }
            };
        }
        if row.has_element(0)? {
            let message = "a cell stands at index 0, where the first row has none, as row.values of \
                           exceljs";
            return Err(bad(Some(index), message));
        }
        while self.names.len() + 1 < row.len() as usize {
            let name = format!("c{}", self.names.len());
            self.insert(self.names.len(), name, index)?;
        }
        let whole = row.len() as usize > self.names.len();
        Ok(Some((positional(row, index, &self.names, true)?, whole)))
    }

    /// The cells of an object by column, and whether it has all; none of an object without keys.
    fn of_object<'env>(&mut self, row: &Object<'env>, index: u32) -> Cells<'env> {
        let keys = Object::keys(row)?;
        if self.builder.is_none() {
            return Ok(None);
        }
        let mut before = None;
        for key in &keys {
            if !self.known.contains(key) && own(row, key)? {
                self.refuse_misspelt(key, row, index)?;
                let after = before.and_then(|before| self.place(before));
                // The last column of the first row is the target unless another is named.
                let at = after.map_or(0, |at| at + 1).min(self.last);
                self.insert(at, key.clone(), index)?;
                self.last += 1;
            }
            before = Some(key);
        }
        let mut whole = true;
        let mut cells = Vec::with_capacity(self.names.len());
        for name in &self.names {
            let has = own(row, name)?;
            whole &= has;
            cells.push(if has { Some(property(row, name)?) } else { None });
        }
        Ok(Some((cells, whole)))
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|other| other == name)
    }

    /// An error for a key that stands where one of the columns is not.
    fn refuse_misspelt(&self, key: &str, row: &Object<'_>, index: u32) -> napi::Result<()> {
        for name in self.names.iter().filter(|name| misspelt(key, name)) {
            if !own(row, name)? {
                let (key, name) = (quoted(key), quoted(name));
                let message = format!("the first row has no key {key}; is it {name}?");
                return Err(bad(Some(index), message));
            }
        }
        Ok(())
    }

    /// Adds a column that the rows so far have not.
    fn insert(&mut self, at: usize, name: String, index: u32) -> napi::Result<()> {
        self.late += 1;
        if self.late > MOST_LATE {
            let message = format!(
                "{} is the {}st column that the first row has not; rows need the same keys, so that \
                 data must not stand in the keys",
                quoted(&name),
                MOST_LATE + 1
            );
            return Err(bad(Some(index), message));
        }
        if let Some(builder) = &mut self.builder {
            builder.insert(at, &name);
        }
        self.known.insert(name.clone());
        self.seen.insert(at, Seen::default());
        self.names.insert(at, name);
        Ok(())
    }

    /// The table of all rows.
    pub fn finish(mut self) -> napi::Result<Source> {
        // None holds anything, but there may be columns.
        let names = self.blank.iter().find(|names| !names.is_empty()).cloned();
        if let (None, Some(names)) = (&self.builder, names) {
            self.begin(names);
        }
        let Some(mut builder) = self.builder.filter(|builder| builder.rows() > 0) else {
            return Err(bad(None, "there are no rows"));
        };
        for (at, _) in self.seen.iter().enumerate().filter(|(_, seen)| seen.mixed()) {
            builder.spell_booleans(at);
        }
        let table = builder.build().with_open(self.open).with_unreadable(self.unreadable);
        Ok(Source::Rows(table))
    }
}

/// The cells of a row by column, and whether it has all of them; none if it has none.
type Cells<'env> = napi::Result<Option<(Vec<Option<Unknown<'env>>>, bool)>>;

/// The keys of an object without what it inherits.
fn own_keys(object: &Object<'_>) -> napi::Result<Vec<String>> {
    let mut keys = Vec::new();
    for key in Object::keys(object)? {
        if own(object, &key)? {
            keys.push(key);
        }
    }
    Ok(keys)
}

/// Whether no cell holds anything.
fn are_blank<'env>(
    cells: &mut dyn Iterator<Item = napi::Result<Option<Unknown<'env>>>>,
) -> napi::Result<bool> {
    for cell in cells {
        let Some(cell) = cell? else { continue };
        let blank = match cell.get_type()? {
            ValueType::Null | ValueType::Undefined => true,
            ValueType::String => String::from_unknown(cell)?.trim().is_empty(),
            _ => false,
        };
        if !blank {
            return Ok(false);
        }
    }
    Ok(true)
}
