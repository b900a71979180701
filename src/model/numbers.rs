//! Answers to numbers as they come, block by block: no table, nothing allocated but the answers,
//! over all cores where rows are many. For models whose features are all numeric.

use super::{Model, PART};
use crate::data::{Encoded, Numeric};
use crate::error::{Error, Result};
use crate::infer::{Rows, in_parts};
use crate::watch::Watch;
use std::cell::Cell;
use std::ops::Range;

/// Rows that a thread takes at a time where several share them: few, so that all end together.
const SHARE: usize = 256;

/// Cells of rows, NaN where one is missing.
#[derive(Debug, Clone, Copy)]
pub enum Numbers<'a> {
    /// Row after row, in the order of the features.
    Single(&'a [f32]),
    /// The same in double precision.
    Double(&'a [f64]),
    /// One column for each feature, in their order.
    Columns(&'a [Strip<'a>]),
}

/// The cells of one column.
#[derive(Debug, Clone, Copy)]
pub enum Strip<'a> {
    /// All are missing.
    Missing,
    /// Numbers.
    Single(&'a [f32]),
    /// The same in double precision.
    Double(&'a [f64]),
}

/// Where the answers of one task go, as in [`super::Answers`].
#[derive(Debug)]
pub enum Room<'a> {
    /// Of a task with values.
    Values(&'a mut [f64]),
    /// Of one with intervals.
    Intervals {
        /// The values.
        values: &'a mut [f64],
        /// The low end of each one's interval.
        low: &'a mut [f64],
        /// The high end.
        high: &'a mut [f64],
    },
    /// Of a task with classes.
    Classes {
        /// The index of the most probable class.
        codes: &'a mut [u32],
        /// Its probability.
        probability: &'a mut [f64],
        /// The probabilities of all classes, `[rows, classes]`.
        probabilities: &'a mut [f64],
    },
}

/// What a block of rows needs on its way.
#[derive(Default)]
struct Block {
    numeric: Vec<f32>,
    outputs: Vec<f32>,
    answer: Vec<f64>,
}

thread_local! {
    static BLOCK: Cell<Block> = Cell::default();
}

impl Model {
    /// The answers for all rows into `answers`, `[rows, answer_width]`; false if the model has
    /// other features than numbers or a number is infinite, which [`Model::predict`] tells about.
    pub fn answer_numbers(&self, numbers: Numbers<'_>, answers: &mut [f64]) -> bool {
        let (Some(numeric), width) = (&self.numeric, self.answer_width) else { return false };
        let answer = |rows: Range<usize>, answers: &mut [f64]| {
            let mut answers = answers.chunks_exact_mut(width);
            self.each_row(numeric, numbers, rows, |_, outputs, _| {
                if let Some(answer) = answers.next() {
                    self.decode(outputs, answer);
                }
            })
        };
        let rows = answers.len() / width;
        if rows <= PART {
            return answer(0..rows, answers);
        }
        let done = in_parts(answers, SHARE * width, |part, answers| {
            let first = part * SHARE;
            answer(first..first + answers.len() / width, answers).then_some(()).ok_or(())
        });
        done.is_ok()
    }

    /// The same column by column: into one room for each task, all of so many rows.
    pub fn answer_columns(&self, numbers: Numbers<'_>, rows: usize, rooms: Vec<Room<'_>>) -> bool {
        let Some(numeric) = &self.numeric else { return false };
        let share = if rows <= PART { rows } else { SHARE };
        let mut parts = parts(rooms, rows, share);
        let done = in_parts(&mut parts, 1, |part, rooms| {
            let Some(rooms) = rooms.first_mut() else { return Ok(()) };
            let first = part * share;
            let done = self.each_row(
                numeric,
                numbers,
                first..rows.min(first + share),
                |row, outputs, answer| {
                    self.decode(outputs, answer);
                    put(answer, row - first, rooms);
                },
            );
            done.then_some(()).ok_or(())
        });
        done.is_ok()
    }

    /// Rows of numbers that stand one after the other, encoded to be answered later; none where
    /// [`Model::answer_numbers`] declines.
    pub fn encode_numbers(&self, cells: &[f64]) -> Option<Encoded> {
        let numeric = self.numeric.as_ref()?;
        let rows = cells.len() / numeric.features().max(1);
        let mut encoded =
            Encoded { rows, numeric: vec![0.0; rows * numeric.width()], ..Encoded::default() };
        numeric.rows(cells, &mut encoded.numeric).then_some(encoded)
    }

    /// The answers for encoded rows, given up with [`crate::error::Code::Aborted`] once it is stopped.
    pub fn answer_until(&self, encoded: &Encoded, watch: &Watch) -> Result<Vec<f64>> {
        let width = self.answer_width;
        let (numeric, codes) =
            (self.net.graph().inputs.numeric, self.net.graph().inputs.codes.len());
        let mut answers = vec![0.0; encoded.rows * width];
        watch.expect(encoded.rows);
        in_parts(&mut answers, PART * width, |part, answers| {
            watch.check()?;
            let (first, rows) = (part * PART, answers.len() / width);
            let of_part = Rows {
                rows,
                numeric: &encoded.numeric[first * numeric..][..rows * numeric],
                codes: &encoded.codes[first * codes..][..rows * codes],
            };
            self.answer_rows(of_part, answers);
            watch.advance(rows);
            Ok::<(), Error>(())
        })?;
        Ok(answers)
    }

    /// Runs some rows through the network, and hands each one's number and outputs to `take`, with
    /// room for an answer.
    fn each_row(
        &self,
        numeric: &Numeric,
        numbers: Numbers<'_>,
        rows: Range<usize>,
        mut take: impl FnMut(usize, &[f32], &mut [f64]),
    ) -> bool {
        let (block, width) = (self.net.block(), self.net.width());
        // Taken out meanwhile: a panic leaves an empty one behind.
        let mut space = BLOCK.take();
        let most = block.min(rows.len());
        space.numeric.resize(most * numeric.width(), 0.0);
        space.outputs.resize(most * width, 0.0);
        space.answer.resize(self.answer_width, 0.0);
        let mut done = true;
        for first in rows.clone().step_by(block.max(1)) {
            let last = rows.end.min(first + block);
            let encoded = &mut space.numeric[..(last - first) * numeric.width()];
            done = encode(numeric, numbers, first..last, encoded);
            if !done {
                break;
            }
            let outputs = &mut space.outputs[..(last - first) * width];
            let rows = Rows { rows: last - first, numeric: encoded, codes: &[] };
            self.net.run_into(rows, outputs);
            for (row, outputs) in (first..).zip(outputs.chunks_exact(width)) {
                take(row, outputs, &mut space.answer);
            }
        }
        BLOCK.set(space);
        done
    }
}

fn encode(numeric: &Numeric, numbers: Numbers<'_>, rows: Range<usize>, out: &mut [f32]) -> bool {
    let width = numeric.features();
    let flat = rows.start * width..rows.end * width;
    match numbers {
        Numbers::Single(cells) => cells.get(flat).is_some_and(|cells| numeric.rows(cells, out)),
        Numbers::Double(cells) => cells.get(flat).is_some_and(|cells| numeric.rows(cells, out)),
        Numbers::Columns(strips) => strips.iter().enumerate().all(|(feature, strip)| match strip {
            Strip::Missing => numeric.column::<f64>(feature, None, out),
            Strip::Single(cells) => cells
                .get(rows.clone())
                .is_some_and(|cells| numeric.column(feature, Some(cells), out)),
            Strip::Double(cells) => cells
                .get(rows.clone())
                .is_some_and(|cells| numeric.column(feature, Some(cells), out)),
        }),
    }
}

/// The rooms of each part of the rows.
fn parts(rooms: Vec<Room<'_>>, rows: usize, share: usize) -> Vec<Vec<Room<'_>>> {
    let mut parts: Vec<Vec<Room<'_>>> = Vec::new();
    parts.resize_with(rows.div_ceil(share.max(1)), Vec::new);
    for room in rooms {
        match room {
            Room::Values(values) => {
                for (part, values) in parts.iter_mut().zip(values.chunks_mut(share.max(1))) {
                    part.push(Room::Values(values));
                }
            }
            Room::Intervals { values, low, high } => {
                let values = values.chunks_mut(share.max(1));
                let ends = low.chunks_mut(share.max(1)).zip(high.chunks_mut(share.max(1)));
                for (part, (values, (low, high))) in parts.iter_mut().zip(values.zip(ends)) {
                    part.push(Room::Intervals { values, low, high });
                }
            }
            Room::Classes { codes, probability, probabilities } => {
                let classes = probabilities.len() / rows.max(1);
                let probabilities = probabilities.chunks_mut((share * classes).max(1));
                let probability = probability.chunks_mut(share.max(1)).zip(probabilities);
                let all = codes.chunks_mut(share.max(1)).zip(probability);
                for (part, (codes, (probability, probabilities))) in parts.iter_mut().zip(all) {
                    part.push(Room::Classes { codes, probability, probabilities });
                }
            }
        }
    }
    parts
}

/// Puts one row's answer where it belongs.
fn put(mut answer: &[f64], row: usize, rooms: &mut [Room<'_>]) {
    for room in rooms {
        match room {
            Room::Values(values) => {
                values[row] = answer[0];
                answer = &answer[1..];
            }
            Room::Intervals { values, low, high } => {
                (values[row], low[row], high[row]) = (answer[0], answer[1], answer[2]);
                answer = &answer[3..];
            }
            Room::Classes { codes, probability, probabilities } => {
                let classes = probabilities.len() / codes.len();
                let (own, rest) = answer.split_at(1 + classes);
                codes[row] = own[0] as u32;
                probability[row] = own[1 + own[0] as usize];
                probabilities[row * classes..][..classes].copy_from_slice(&own[1..]);
                answer = rest;
            }
        }
    }
}
