//! From a CSV file to a CSV file of answers: rows pass through in batches, so that memory does not
//! grow with the file, and the output appears whole or not at all.

use super::Model;
use crate::data::Table;
use crate::data::csv::{CsvOptions, Stream, Writer};
use crate::draft::Draft;
use crate::error::{Code, Error, Result, nearest, quoted};
use crate::options::{FileOptions, Keep};
use crate::watch::Watch;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::HashSet;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Predicted {
    /// Rows in the output.
    pub rows: usize,
    /// Rows left out as `csv.onError` allows.
    pub skipped: usize,
}

impl Model {
    /// Predicts every row of `input` into `output`, which may be the same file. Once it is stopped,
    /// ends with [`Code::Aborted`].
    pub fn predict_file(
        &self,
        input: &Path,
        output: &Path,
        options: &FileOptions,
        watch: &Watch,
    ) -> Result<Predicted> {
        let mut stream = Stream::open(input, &options.csv)?;
        let header = self.arrange(&mut stream, input, options)?;
        let unwritable = |error: io::Error| {
            let message = format!("cannot be written: {error}");
            Error::new(Code::Csv, message).file(output.display().to_string()).cause(error)
        };
        let mut draft = Draft::new(output).map_err(unwritable)?;
        let file = BufWriter::new(draft.file());
        let csv = &options.csv;
        let mut job = Job { model: self, stream, header, csv, watch, failure: None };
        let gzip = output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
        let rows = match gzip {
            true => {
                let file = GzEncoder::new(file, Compression::default());
                job.run(file).and_then(|(file, rows)| file.finish()?.flush().map(|()| rows))
            }
            false => job.run(file).and_then(|(mut file, rows)| file.flush().map(|()| rows)),
        };
        if let Some(error) = job.failure {
            return Err(error);
        }
        let (rows, skipped) = (rows.map_err(unwritable)?, job.stream.skipped().count);
        // The input may lie where the output goes, so it is closed first.
        drop(job.stream);
        draft.finish().map_err(unwritable)?;
        Ok(Predicted { rows, skipped })
    }

    /// Finds the features among the columns of the file, and gives the output's header: what is
    /// kept, then the answers.
    fn arrange(
        &self,
        stream: &mut Stream<'_>,
        input: &Path,
        options: &FileOptions,
    ) -> Result<Vec<String>> {
        let features: Vec<&str> = self.encoder().features().iter().map(|f| f.name()).collect();
        let mut names = stream.names().to_vec();
        if !stream.dialect().header && options.csv.columns.is_none() {
            let has = |feature: &&str| names.iter().any(|name| name == feature);
            if names.len() == features.len() {
                names = features.iter().map(|&name| name.to_owned()).collect();
            } else if !features.iter().all(has) {
                let message = format!(
                    "{} columns without a header, expected the {} features of the model in their \
                     order; the first row was read as data ({}): csv.header: true takes it for \
                     the header, csv.columns names other columns",
                    names.len(),
                    features.len(),
                    stream.dialect().header_why
                );
                let file = input.display().to_string();
                return Err(Error::new(Code::Csv, message).file(file).line(stream.first_line()));
            }
        }
        stream.choose(names.iter().cloned().enumerate().collect(), Vec::new());
        // The encoder says which column is missing, should one be.
        let empty = stream.empty();
        self.encoder().encode(&empty)?;
        let answers = answer_names(self);
        let kept = self.kept(&empty, &names, &answers, &options.keep)?;
        let mut header: Vec<String> = kept.iter().map(|&i| names[i].clone()).collect();
        header.extend(answers);
        let wanted: HashSet<&str> = features.into_iter().collect();
        let columns = names.into_iter().enumerate();
        stream.choose(columns.filter(|(_, name)| wanted.contains(name.as_str())).collect(), kept);
        Ok(header)
    }

    /// The columns to keep, by index.
    fn kept(
        &self,
        table: &Table,
        names: &[String],
        answers: &[String],
        keep: &Keep,
    ) -> Result<Vec<usize>> {
        let wrong = |message: String| Err(Error::new(Code::Options, message).option("keep"));
        let kept: Vec<usize> = match keep {
            Keep::None => Vec::new(),
            Keep::All => {
                let targets = self.encoder().targets();
                let is_target = |name: &str| targets.iter().any(|target| target.name() == name);
                (0..names.len()).filter(|&i| !is_target(&names[i])).collect()
            }
            Keep::Columns(columns) => {
                let mut kept = Vec::new();
                for column in columns {
                    let Some(at) = names.iter().position(|name| name == column) else {
                        let near = nearest(column, names.iter().map(String::as_str));
                        let hint = near
                            .map_or_else(String::new, |near| format!("; is it {}?", quoted(near)));
                        let read = table.first_row_hint(column);
                        let column = quoted(column);
                        return wrong(format!("keep: there is no column {column}{read}{hint}"));
                    };
                    if kept.contains(&at) {
                        return wrong(format!("keep: {} stands twice", quoted(column)));
                    }
                    kept.push(at);
                }
                kept
            }
        };
        match kept.iter().map(|&i| &names[i]).find(|name| answers.contains(name)) {
            None => Ok(kept),
            Some(name) => wrong(format!(
                "keep: the column {} would stand twice in the output, kept and predicted; name \
                 the columns to keep, without it",
                quoted(name)
            )),
        }
    }
}

/// The names of all answers: `species`, `species_p_setosa`, … and `price`, `price_low`,
/// `price_high`; a name that another one has already gets an underscore at its end.
fn answer_names(model: &Model) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut taken: HashSet<String> =
        model.places().map(|(target, _)| target.name().to_owned()).collect();
    for (target, place) in model.places() {
        names.push(target.name().to_owned());
        let endings: Vec<String> = match (target.classes(), place.len()) {
            (Some(classes), _) => classes.names().iter().map(|name| format!("p_{name}")).collect(),
            (None, 3) => ["low", "high"].map(str::to_owned).to_vec(),
            (None, _) => Vec::new(),
        };
        for ending in endings {
            let mut name = format!("{}_{ending}", target.name());
            while !taken.insert(name.clone()) {
                name.push('_');
            }
            names.push(name);
        }
    }
    names
}

/// The rows on their way from one file to the other.
struct Job<'a> {
    model: &'a Model,
    stream: Stream<'a>,
    header: Vec<String>,
    csv: &'a CsvOptions,
    watch: &'a Watch,
    /// What went wrong other than writing.
    failure: Option<Error>,
}

impl Job<'_> {
    /// Writes all rows; errors are those of writing, or stand for `failure`.
    fn run<W: Write>(&mut self, out: W) -> io::Result<(W, usize)> {
        let mut writer = Writer::new(out, self.stream.dialect(), self.csv.format().decimal);
        for name in &self.header {
            writer.text(name)?;
        }
        writer.end()?;
        let mut rows = 0;
        loop {
            match self.next() {
                Ok(None) => return Ok((writer.into_inner(), rows)),
                Ok(Some((kept, answers))) => {
                    rows += kept.rows();
                    self.write(&mut writer, &kept, &answers)?;
                }
                Err(error) => {
                    self.failure = Some(error);
                    return Err(io::ErrorKind::Other.into());
                }
            }
        }
    }

    /// The kept cells and the answers of the next rows.
    fn next(&mut self) -> Result<Option<(Table, Vec<f64>)>> {
        self.watch.check()?;
        let Some(mut batch) = self.stream.batch()? else { return Ok(None) };
        let (csv, encoder) = (self.csv, self.model.encoder());
        encoder.settle(&mut batch.table, &csv.missing, csv.format());
        let answers = self.model.predict_until(&batch.table, self.watch)?;
        Ok(Some((batch.kept, answers)))
    }

    fn write<W: Write>(
        &self,
        writer: &mut Writer<W>,
        kept: &Table,
        answers: &[f64],
    ) -> io::Result<()> {
        let places: Vec<_> = self.model.places().collect();
        for (row, answer) in answers.chunks_exact(self.model.answer_width()).enumerate() {
            for column in kept.columns() {
                writer.text(column.text(row))?;
            }
            for (target, place) in &places {
                let own = &answer[place.clone()];
                match target.classes() {
                    None => own.iter().try_for_each(|number| writer.number(*number))?,
                    Some(classes) => {
                        writer.text(&classes.names()[own[0] as usize])?;
                        own[1..].iter().try_for_each(|number| writer.number(*number))?;
                    }
                }
            }
            writer.end()?;
        }
        Ok(())
    }
}
