//! What was understood of the data and how training went, in words.

use super::{Model, reading};
use crate::artifact::{Header, Refit, SplitByTime};
use crate::calibration::{Interval, Temperature};
use crate::data::{
    Categories, DateOrder, Feature, FeatureEncoder, FeatureType, NumberLoss, Schema, Task,
    TaskType, Unit, literal,
};
use crate::error::quoted;
use crate::tuning;

/// How many columns of a kind a summary lists; the rest is counted.
const LISTED: usize = 100;
/// How many classes or skipped rows it shows.
const SHOWN: usize = 10;

/// Lines of a name and what there is to say of it.
struct Lines(String);

impl Lines {
    fn add(&mut self, name: &str, words: impl AsRef<str>) {
        // The words may come from a file, and may be meant for a terminal.
        let words = words.as_ref().replace(char::is_control, "\u{fffd}");
        self.0.push_str(&format!("{name:10} {words}\n"));
    }

    /// The first of many lines, and how many more there are.
    fn list(&mut self, name: &str, words: impl ExactSizeIterator<Item = String>) {
        let more = words.len().saturating_sub(LISTED);
        words.take(LISTED).for_each(|words| self.add(name, words));
        if more > 0 {
            self.add(name, format!("and {more} more columns, which toJSON() lists"));
        }
    }
}

/// Why a feature is what it is, and what becomes of its missing cells.
pub fn reason(feature: &Feature, encoder: &FeatureEncoder) -> String {
    let Feature { reason, missing_cells, .. } = feature;
    let twice = encoder.categories().and_then(Categories::written_twice);
    let reason = &twice.map_or(reason.clone(), |[one, other]| {
        let (one, other) = (quoted(one), quoted(other));
        format!(
            "{reason}; {one} and {other} are one number, written in two ways, and two categories"
        )
    });
    match missing_cells {
        0 => reason.clone(),
        1 => format!("{reason}; 1 missing cell: {}", encoder.treatment()),
        cells => format!("{reason}; {cells} missing cells: {}", encoder.treatment()),
    }
}

/// What learnt from all rows in the end.
fn again(Refit { epochs, rows, further }: &Refit) -> String {
    let all: Vec<String> = std::iter::once(epochs).chain(further).map(usize::to_string).collect();
    let (who, epochs) = match &*all {
        [one] if one == "1" => (String::new(), "1 epoch".to_owned()),
        [one] => (String::new(), format!("{one} epochs")),
        all => (format!("{} networks, ", all.len()), format!("{} epochs", all.join(", "))),
    };
    format!("{who}{epochs} anew on {rows} rows, the validated ones among them")
}

impl Model {
    /// What was understood and trained, in words.
    pub fn summary(&self) -> String {
        let Header { schema, encoder, data, history, graph, versions, engine, .. } = &self.header;
        let mut lines = Lines(String::new());
        let title = format!("{} model, trained on {}", versions.polytask, data.source);
        lines.add("polytask", title);
        let unused = data.rows.saturating_sub(data.train_rows.saturating_add(data.validation_rows));
        let test = if unused > 0 { format!(", {unused} left for tests") } else { String::new() };
        let (trained, validated) = (data.train_rows, data.validation_rows);
        lines.add("rows", format!("{}: {trained} trained, {validated} validated{test}", data.rows));
        if let Some(words) = split(&self.header) {
            lines.add("split", words);
        }
        if let Some(refit) = &data.refit {
            lines.add("refit", again(refit));
        }
        if let Some(reading) = &data.reading {
            lines.add("read as", reading.words());
            if reading.skipped > 0 {
                let first = reading.skipped_first.iter().take(SHOWN).map(String::as_str);
                let more = if reading.skipped > reading.skipped_first.len() { "; …" } else { "" };
                let first = first.collect::<Vec<_>>().join("; ");
                lines.add("skipped", format!("{} rows: {first}{more}", reading.skipped));
            }
        }
        if schema.decimal != '.' || schema.thousands.is_some() {
            lines.add("numbers", marks(schema));
        }
        lines.add("missing", reading::words(encoder.missing()));
        for (task, labels) in schema.tasks.iter().zip(&data.labels) {
            let (name, kind) = (quoted(&task.name), in_words(task));
            lines.add("task", format!("{name}: {kind}; {labels} labels; {}", task.reason));
        }
        if let Some(column) = &schema.sample_weights {
            let left_out = match data.zero_weight_rows {
                0 => String::new(),
                1 => "; 1 row of weight 0 left out".to_owned(),
                rows => format!("; {rows} rows of weight 0 left out"),
            };
            lines.add("weights", format!("{}: what each row counts{left_out}", quoted(column)));
        }
        let features = schema.features.iter().zip(encoder.features());
        lines.list(
            "feature",
            features.map(|(feature, encoder)| {
                let kind = match (feature.kind, encoder.categories()) {
                    (_, Some(categories)) => match categories.len() {
                        1 => "categorical, 1 category".to_owned(),
                        count => format!("categorical, {count} categories"),
                    },
                    (FeatureType::Boolean, _) => "boolean".to_owned(),
                    (FeatureType::Date, _) => "date".to_owned(),
                    _ => format!("numeric{}", unit(feature.unit)),
                };
                format!("{}: {kind}; {}", quoted(&feature.name), reason(feature, encoder))
            }),
        );
        let dated = encoder.features().iter().any(|feature| feature.times().is_some());
        if let Some(zone) = encoder.time_zone().filter(|_| dated) {
            lines
                .add("dates", format!("Date cells by the clocks of the time zone {}", zone.name()));
        }
        if let Some(scaling) = encoder.features().iter().find_map(FeatureEncoder::scaling) {
            lines.add("scaled", format!("numbers {scaling}"));
        }
        let dropped = schema.dropped.iter();
        lines.list(
            "dropped",
            dropped.map(|dropped| format!("{}: {}", quoted(&dropped.name), dropped.reason)),
        );
        for (aloud, words) in self.taken() {
            lines.add(if aloud { "warning" } else { "taken" }, words);
        }
        let inputs = graph.inputs.numeric + graph.inputs.codes.len();
        let (weights, heads) = (self.net.weights().len(), graph.head_widths());
        let architecture = self.header.options["model"]["architecture"].as_str();
        let architecture = architecture.map_or_else(String::new, |name| format!("{name}, "));
        let members = match graph.members {
            1 => String::new(),
            members => format!("{members} members, "),
        };
        let heads: Vec<usize> = heads.iter().map(|width| width / graph.members).collect();
        lines.add(
            "network",
            format!(
                "{architecture}{members}{weights} parameters; heads {heads:?} on {inputs} inputs"
            ),
        );
        for (task, experts) in schema.tasks.iter().zip(&self.header.experts) {
            let shares = experts.iter().take(SHOWN).map(|share| format!("{:.0} %", share * 100.0));
            let more = if experts.len() > SHOWN { ", …" } else { "" };
            let shares = shares.collect::<Vec<_>>().join(", ");
            lines.add("experts", format!("{}: {shares}{more}", quoted(&task.name)));
        }
        for (nth, task) in schema.tasks.iter().enumerate() {
            let name = quoted(&task.name);
            if let Some(Temperature { temperature, labels, before, after }) =
                self.header.temperature(nth)
            {
                let what = format!("{name}: temperature {temperature:.2}, from {labels} labels");
                let loss = format!("log loss {:.4} → {:.4}", before.log_loss, after.log_loss);
                let error = format!("calibration error {:.4} → {:.4}", before.ece, after.ece);
                lines.add("calibrated", format!("{what}; {loss}, {error}"));
            }
            if let Some(Interval { level, labels, half_width }) = self.header.interval(nth) {
                let half = significant(*half_width);
                let what = format!("{name}: ± {half} at the level {level}");
                lines.add("interval", format!("{what}, from {labels} labels"));
            }
        }
        if let (Some(last), Some(best)) =
            (history.last(), history.iter().rev().find(|report| report.best))
        {
            lines.add(
                "training",
                format!(
                    "{} of {} epochs; weights of epoch {}",
                    last.epoch, last.epochs, best.epoch
                ),
            );
        }
        if let Some(words) = tuning::words(&self.header.tuning) {
            lines.add("tuned", words);
        }
        if !engine.is_empty() {
            lines.add("computed", format!("by {engine}; libtorch {}", versions.libtorch));
        }
        for line in self.header.comparison.iter().flat_map(|comparison| comparison.lines()) {
            lines.add("compared", line);
        }
        for warning in &self.header.warnings {
            lines.add("warning", warning);
        }
        lines.0
    }
}

/// How time divides the rows that train from those that validate, or could.
fn split(header: &Header) -> Option<String> {
    if let Some(SplitByTime { column, last, first }) = &header.data.split {
        let (column, last, first) = (quoted(column), quoted(last), quoted(first));
        return Some(format!(
            "by time, {column}: rows up to {last} trained, rows from {first} on validated"
        ));
    }
    let drawn = header.options["validation"].is_number()
        || header.options["validation"]["fraction"].is_number();
    let is_date = |feature: &&Feature| {
        feature.kind == FeatureType::Date && feature.date_order != Some(DateOrder::Clock)
    };
    let date = header.schema.features.iter().find(is_date).filter(|_| drawn)?;
    Some(format!(
        "at random; if the model is to predict later rows than these, validate on the latest ones: \
         validation: {{ timeColumn: {}, fraction: 0.2 }}",
        literal(&date.name)
    ))
}

/// A number from 0 up to four digits.
fn significant(number: f64) -> String {
    let digits = if number > 0.0 { 3.0 - number.log10().floor() } else { 0.0 };
    format!("{number:.*}", digits.clamp(0.0, 12.0) as usize)
}

/// How numbers are written in text.
fn marks(schema: &Schema) -> String {
    let why = schema.decimal_why.as_ref().map_or_else(String::new, |why| format!(", {why}"));
    let between = match schema.thousands {
        None => String::new(),
        Some(' ') => "; blanks between thousands".to_owned(),
        Some(sign) => format!("; '{sign}' between thousands"),
    };
    format!("decimal sign '{}'{why}{between}", schema.decimal)
}

/// What stands beside numbers in text, as the end of a type.
fn unit(unit: Option<Unit>) -> String {
    match unit {
        None => String::new(),
        Some(Unit::Currency { currency: None }) => ", amounts".to_owned(),
        Some(Unit::Currency { currency: Some(currency) }) => {
            format!(", amounts in {}", currency.code())
        }
        Some(Unit::Percent) => ", percentages as shares".to_owned(),
    }
}

/// A task's type, and what belongs to it.
fn in_words(task: &Task) -> String {
    let mut words = format!("{}{}", task.kind.name(), unit(task.unit));
    if let Some(classes) = &task.classes {
        let names = classes.names().iter().take(SHOWN).map(|name| quoted(name));
        // In their order, where they have one.
        let between = if task.kind == TaskType::Ordinal { " < " } else { ", " };
        let names = names.collect::<Vec<_>>().join(between);
        let more = if classes.len() > SHOWN { ", …" } else { "" };
        words.push_str(&format!(", {} classes: {names}{more}", classes.len()));
    }
    match task.objective.loss {
        None => {}
        Some(NumberLoss::Quantile { quantile }) => {
            words.push_str(&format!(", its quantile {quantile}"));
        }
        Some(loss) => words.push_str(&format!(", by loss '{}'", loss.name())),
    }
    if task.objective.label_smoothing > 0.0 {
        words.push_str(&format!(", labels smoothed by {}", task.objective.label_smoothing));
    }
    if task.clamp {
        words.push_str(", within the range of its training labels");
    }
    words
}
