//! Which rows train, which validate, which are held out, as the option `validation` says.

use crate::data::{
    Categories, Cell, Column, Dropped, Equal, Fold, Names, NumberFormat, Schema, Split, Table,
    TaskType, folds, group_folds, groups, require_exact, split, split_groups,
};
use crate::error::{Code, Error, Result, quoted};
use crate::options::{Begin, Share, Stratify, TimeSplit, TrainOptions, Validation};
use crate::random::{Purpose, Random};

/// Row numbers, each in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// Rows to train on.
    pub train: Vec<usize>,
    /// Rows to choose the best epoch on.
    pub validation: Vec<usize>,
}

/// What a column says of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Train,
    Validation,
    Test,
}

/// The columns as understood: one that divides the rows is no feature, unless by time.
pub fn understand(table: &Table, options: &TrainOptions) -> Result<Schema> {
    let names = Names::new(table);
    if let Validation::Share(Share { stratify: Stratify::Column(name), .. }) = &options.validation {
        names.column(name, "validation.stratify")?;
        table.require_readable(name)?;
    }
    let Some((name, option)) = options.validation.column() else {
        return Schema::infer(table, &options.schema);
    };
    names.column(name, option)?;
    table.require_readable(name)?;
    // When a row was may well be learnt from.
    let time = matches!(options.validation, Validation::Time(_));
    let mut wish = options.schema.clone();
    let named = wish.include.as_ref().is_some_and(|include| include.iter().any(|n| n == name));
    let group = matches!(options.validation, Validation::Share(_));
    if named && !group && !time {
        let message = format!("{option}: {} is named in features.include too", quoted(name));
        return Err(Error::new(Code::Options, message).column(name).option(option));
    }
    let told = wish.exclude.iter().any(|other| other == name);
    if !named && !time {
        wish.exclude.push(name.to_owned());
    }
    let mut schema = Schema::infer(table, &wish)?;
    if schema.tasks.iter().any(|task| task.name == name) {
        let message = format!(
            "{option}: {} is a target too; name the targets, which are the last column by default",
            quoted(name)
        );
        return Err(Error::new(Code::Schema, message)
            .file(table.source())
            .column(name)
            .option(option));
    }
    if !told && !time {
        let dropped = schema.dropped.iter_mut().find(|dropped| dropped.name == name);
        if let Some(Dropped { reason, .. }) = dropped {
            *reason = format!("{option}: it divides the rows");
        }
    }
    Ok(schema)
}

/// Divides the rows of a table.
#[derive(Debug, Clone, Copy)]
pub struct Divider<'a> {
    /// The rows.
    pub table: &'a Table,
    /// Their columns.
    pub schema: &'a Schema,
    /// What the user said.
    pub options: &'a TrainOptions,
}

impl Divider<'_> {
    /// All rows but those a column says are for tests.
    pub fn rows(&self) -> Result<Vec<usize>> {
        let marks = self.marks()?;
        let test = |row: &usize| marks.as_ref().is_some_and(|marks| marks[*row] == Mark::Test);
        Ok((0..self.table.rows()).filter(|row| !test(row)).collect())
    }

    /// Which of the rows `among` train and which validate.
    pub fn parts(&self, among: Vec<usize>, seed: u64) -> Result<Parts> {
        match &self.options.validation {
            Validation::None | Validation::File(_) => {
                Ok(Parts { train: among, validation: Vec::new() })
            }
            Validation::Share(share) => {
                let mut random = Random::new(seed, Purpose::Split);
                let parts = self.draw(share, share.fraction, &among, &mut random)?;
                if let (Stratify::Column(name), []) = (&share.stratify, &*parts.validation) {
                    let message = format!(
                        "validation.stratify: the values of {} are too many or too rare: of none \
                         would a row validate",
                        quoted(name)
                    );
                    return Err(self.wrong(message, name, "validation.stratify"));
                }
                Ok(parts)
            }
            Validation::Time(split) => self.latest(split, &among),
            Validation::Column(name) => {
                let marks = self.marks()?.unwrap_or_default();
                let of = |mark| among.iter().copied().filter(|&row| marks[row] == mark).collect();
                let parts: Parts =
                    Parts { train: of(Mark::Train), validation: of(Mark::Validation) };
                let none = match (&*parts.train, &*parts.validation) {
                    ([], _) => "train",
                    (_, []) => "validation",
                    _ => return Ok(parts),
                };
                let message = format!("validation.column: no row says {none}");
                Err(self.wrong(message, name, "validation.column"))
            }
        }
    }

    /// Rows to train on and rows that neither train nor validate: those a column says are for
    /// tests, the latest `fraction` of a split by time, else one drawn as validation rows are.
    pub fn hold_out(&self, fraction: f64, seed: u64) -> Result<(Vec<usize>, Vec<usize>)> {
        let rows = self.rows()?;
        if rows.len() < self.table.rows() {
            let marks = self.marks()?.unwrap_or_default();
            let test = (0..self.table.rows()).filter(|&row| marks[row] == Mark::Test).collect();
            return Ok((rows, test));
        }
        if let Validation::Time(TimeSplit { column, .. }) = &self.options.validation {
            let begin = Begin::Fraction(fraction);
            let parts = self.latest(&TimeSplit { column: column.clone(), begin }, &rows)?;
            return Ok((parts.train, parts.validation));
        }
        let mut random = Random::new(seed, Purpose::HeldOut);
        let parts = self.draw(&self.options.validation.share(), fraction, &rows, &mut random)?;
        if parts.validation.is_empty() {
            let message = format!("compare.fraction: {fraction} of {} rows is none", rows.len());
            return Err(Error::new(Code::Options, message).option("compare.fraction"));
        }
        Ok((parts.train, parts.validation))
    }

    /// The `k` folds of a cross-validation.
    pub fn folds(&self, k: usize, seed: u64) -> Result<Vec<Fold>> {
        let few = |what: String| {
            let message = format!("k: {k} folds of {what}; expected at most as many folds");
            Error::new(Code::Options, message).option("k")
        };
        let rows = self.table.rows();
        if k > rows {
            return Err(few(format!("{rows} rows")));
        }
        if let Validation::Time(split) = &self.options.validation {
            return self.windows(split, k);
        }
        let mut random = Random::new(seed, Purpose::Folds);
        let share = self.options.validation.share();
        let tests = match &share.group_by {
            Some(name) => {
                let groups = self.groups(name)?;
                group_folds(&groups, k, &mut random).ok_or_else(|| {
                    let mut distinct = groups;
                    distinct.sort_unstable();
                    distinct.dedup();
                    few(format!("{} groups of {}", distinct.len(), quoted(name)))
                })?
            }
            None => folds(rows, k, self.strata(&share.stratify)?.as_deref(), &mut random),
        };
        let others = |test: &[usize]| {
            (0..rows).filter(|row| test.binary_search(row).is_err()).collect::<Vec<_>>()
        };
        Ok(tests.into_iter().map(|test| Fold { train: others(&test), test }).collect())
    }

    /// An error if a class is nowhere among the training rows, where whole groups or a column
    /// decided which rows train.
    pub fn require_classes(&self, parts: &Parts) -> Result<()> {
        let Some((_, option)) = self.options.validation.column() else { return Ok(()) };
        for task in &self.schema.tasks {
            let Some(classes) = &task.classes else { continue };
            let column = self.column(&task.name, "targets")?;
            let mut seen = vec![false; classes.len()];
            let see = |_, class: Option<u32>| {
                if let Some(class) = class {
                    seen[class as usize] = true;
                }
            };
            column.map(&parts.train, |cell| classes.code(cell), see);
            if let Some(class) = seen.iter().position(|seen| !seen) {
                let message = format!(
                    "{option}: no training row has the class {}; change the split, or the seed of \
                     a random one",
                    quoted(&classes.names()[class])
                );
                return Err(self.wrong(message, &task.name, option).task(task.name.as_str()));
            }
        }
        Ok(())
    }

    /// Draws a fraction of the rows `among`, as groups or by strata.
    fn draw(
        &self,
        share: &Share,
        fraction: f64,
        among: &[usize],
        random: &mut Random,
    ) -> Result<Parts> {
        let Split { train, validation } = match &share.group_by {
            Some(name) => {
                let groups = self.groups(name)?;
                let groups: Vec<usize> = among.iter().map(|&row| groups[row]).collect();
                split_groups(&groups, fraction, random).ok_or_else(|| {
                    let message = format!(
                        "validation.groupBy: {} rows in one group; with one side of the split \
                         empty, nothing could be learnt or validated",
                        among.len()
                    );
                    self.wrong(message, name, "validation.groupBy")
                })?
            }
            None => {
                let strata = self.strata(&share.stratify)?;
                let strata =
                    strata.map(|strata| among.iter().map(|&row| strata[row]).collect::<Vec<_>>());
                split(among.len(), fraction, strata.as_deref(), random)
            }
        };
        let rows = |at: Vec<usize>| at.into_iter().map(|at| among[at]).collect();
        Ok(Parts { train: rows(train), validation: rows(validation) })
    }

    /// The stratum of each row.
    fn strata(&self, stratify: &Stratify) -> Result<Option<Vec<Option<u32>>>> {
        let (column, classes) = match stratify {
            Stratify::No => return Ok(None),
            Stratify::FirstTask => {
                let kind = TaskType::Classification;
                let task = self.schema.tasks.iter().find(|task| task.kind == kind);
                let Some(task) = task else { return Ok(None) };
                let Some(classes) = &task.classes else { return Ok(None) };
                (self.column(&task.name, "targets")?, classes.clone())
            }
            Stratify::Column(name) => {
                let column = self.column(name, "validation.stratify")?;
                require_exact(self.table, column)?;
                (column, Categories::of_column(column, self.format(), Equal::Written))
            }
        };
        let mut strata = Vec::with_capacity(column.len());
        column.map_all(|cell| classes.code(cell), |_, code| strata.push(code));
        Ok(Some(strata))
    }

    fn groups(&self, name: &str) -> Result<Vec<usize>> {
        let column = self.column(name, "validation.groupBy")?;
        require_exact(self.table, column)?;
        Ok(groups(column, self.format()))
    }

    /// What each row says it is for, if a column tells.
    fn marks(&self) -> Result<Option<Vec<Mark>>> {
        let Validation::Column(name) = &self.options.validation else { return Ok(None) };
        let column = self.column(name, "validation.column")?;
        let marks = column.cells().enumerate().map(|(row, cell)| {
            mark(cell).ok_or_else(|| {
                let found = match cell {
                    Cell::Missing => "nothing".to_owned(),
                    Cell::Number(number) => number.to_string(),
                    Cell::Text(text) => quoted(text),
                };
                let message = format!(
                    "expected train, validation (or val) or test, or whether the row validates: \
                     true or false, 1 or 0; found {found}"
                );
                let error = Error::new(Code::Schema, message).column(name.as_str());
                self.table.place(error.option("validation.column"), row)
            })
        });
        marks.collect::<Result<_>>().map(Some)
    }

    pub(super) fn column(&self, name: &str, option: &str) -> Result<&Column> {
        Names::new(self.table).column(name, option)
    }

    pub(super) fn format(&self) -> NumberFormat {
        self.schema.format()
    }

    pub(super) fn wrong(&self, message: String, column: &str, option: &str) -> Error {
        Error::new(Code::Schema, message).file(self.table.source()).column(column).option(option)
    }
}

fn mark(cell: Cell<'_>) -> Option<Mark> {
    let text = match cell {
        Cell::Missing => return None,
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => text.trim().to_lowercase(),
    };
    match text.as_str() {
        "train" | "training" | "false" | "0" => Some(Mark::Train),
        "validation" | "val" | "valid" | "true" | "1" => Some(Mark::Validation),
        "test" => Some(Mark::Test),
        _ => None,
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
