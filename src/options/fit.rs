//! The options of the training loop.

use super::balance;
use super::fields::{Fields, name};
use super::optimizer::OptimizerOptions;
use super::schedule::{Curve, Schedule};
use super::selection::{Selection, Ties};
use crate::balance::Plan;
use crate::error::Result;
use serde_json::{Value, json};

/// What computes the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineChoice {
    /// Our kernels where they can, else libtorch.
    Auto,
    /// Our kernels, or an error.
    Fused,
    /// Libtorch and its autograd.
    Libtorch,
}

/// The training loop.
#[derive(Debug, Clone, PartialEq)]
pub struct FitOptions {
    /// Passes over the training rows.
    pub epochs: usize,
    /// The optimizer.
    pub optimizer: OptimizerOptions,
    /// The full learning rate.
    pub learning_rate: f64,
    /// Its course.
    pub schedule: Schedule,
    /// The course of the weight decay.
    pub weight_decay_schedule: Curve,
    /// The course of the dropout of layers; that of gates stays.
    pub dropout_schedule: Curve,
    /// What a moving average of the weights keeps at each step; none to go by the weights
    /// themselves.
    pub ema: Option<f64>,
    /// Rows in a step; none to choose by the number of rows.
    pub batch_size: Option<usize>,
    /// Weight decay on weights, none on biases and normalisations.
    pub weight_decay: f64,
    /// The longest gradient (Euclidean norm over all weights); none for no limit.
    pub gradient_clip: Option<f64>,
    /// Stop after so many epochs without a better one; none to go on to the end.
    pub patience: Option<usize>,
    /// What makes an epoch better.
    pub selection: Selection,
    /// Which of equally good epochs is kept.
    pub ties: Ties,
    /// The seed of split, first weights, order and dropout.
    pub seed: u64,
    /// The most threads; none for all cores, shared among the trainings of the process.
    pub threads: Option<usize>,
    /// What computes the steps.
    pub engine: EngineChoice,
    /// How the losses or gradients of the tasks become one step.
    pub balance: Plan,
    /// How often a category is read as one never seen: as [`Preprocessing::unseen`] says.
    ///
    /// [`Preprocessing::unseen`]: crate::data::Preprocessing::unseen
    pub unseen: f64,
    /// Whether reports tell how the tasks' gradients stand to each other.
    pub telemetry: bool,
}

const ENGINES: [(&str, EngineChoice); 3] = [
    ("auto", EngineChoice::Auto),
    ("fused", EngineChoice::Fused),
    ("libtorch", EngineChoice::Libtorch),
];

/// Whole numbers JavaScript can tell apart.
const MOST_SEED: u64 = (1 << 53) - 1;

impl FitOptions {
    /// Reads the loop's options over the defaults of a preset.
    pub fn read(options: &mut Fields, preset: Self) -> Result<Self> {
        let mut fit = preset;
        if let Some(epochs) = options.whole("epochs", 1, 1_000_000_000)? {
            fit.epochs = epochs as usize;
        }
        fit.optimizer = OptimizerOptions::read(options, fit.optimizer)?;
        let positive = |x: f64| x > 0.0;
        if let Some(rate) = options.number("learningRate", "a number above 0", positive)? {
            fit.learning_rate = rate;
        }
        fit.schedule = Schedule::read(options, fit.schedule, fit.epochs)?;
        let [decay, dropout] = [&mut fit.weight_decay_schedule, &mut fit.dropout_schedule];
        *decay = Curve::read_falling(options, "weightDecaySchedule", *decay)?;
        *dropout = Curve::read_falling(options, "dropoutSchedule", *dropout)?;
        let kept = "false or a number above 0 and below 1";
        let ema = options.read("ema", kept, |value| match value {
            Value::Bool(false) => Some(None),
            value => value.as_f64().filter(|&x| positive(x) && x < 1.0).map(Some),
        })?;
        fit.ema = ema.unwrap_or(fit.ema);
        if let Some(size) = options.whole("batchSize", 1, 1 << 30)? {
            fit.batch_size = Some(size as usize);
        }
        let decay = options.number("weightDecay", "a number from 0 up", |x| x >= 0.0)?;
        fit.weight_decay = decay.unwrap_or(fit.weight_decay);
        let clip =
            options.read("gradientClip", "false or a number above 0", |value| match value {
                Value::Bool(false) => Some(None),
                value => value.as_f64().filter(|&x| positive(x)).map(Some),
            })?;
        fit.gradient_clip = clip.unwrap_or(fit.gradient_clip);
        if let Some(stopping) = Selection::read(options, fit.patience)? {
            (fit.patience, fit.selection, fit.ties) = stopping;
        }
        fit.seed = options.whole("seed", 0, MOST_SEED)?.unwrap_or(fit.seed);
        fit.threads = options.whole("threads", 1, 1024)?.map(|threads| threads as usize);
        fit.engine = options.choice("engine", &ENGINES)?.unwrap_or(fit.engine);
        fit.balance = balance::read(options)?;
        fit.telemetry = options.flag("telemetry")?.unwrap_or(fit.telemetry);
        Ok(fit)
    }

    /// The batch size for so many training rows: at least some ten steps an epoch on small data,
    /// large enough on large data that the arithmetic outweighs the steps' fixed cost.
    pub fn batch_size(&self, rows: usize) -> usize {
        let auto = match rows {
            0..=1_024 => 32,
            1_025..=8_192 => 64,
            8_193..=30_000 => 128,
            30_001..=100_000 => 256,
            _ => 512,
        };
        self.batch_size.unwrap_or(auto).min(rows.max(1))
    }

    /// The options as a user would write them.
    pub fn to_json(&self) -> Value {
        json!({
            "epochs": self.epochs,
            "optimizer": self.optimizer.to_json(),
            "learningRate": self.learning_rate,
            "schedule": self.schedule.to_json(),
            "batchSize": self.batch_size,
            "weightDecay": self.weight_decay,
            "weightDecaySchedule": self.weight_decay_schedule.name(),
            "dropoutSchedule": self.dropout_schedule.name(),
            "ema": self.ema.map_or(json!(false), |kept| json!(kept)),
            "gradientClip": self.gradient_clip.map_or(json!(false), |clip| json!(clip)),
            "earlyStopping": self.selection.to_json(self.patience, self.ties),
            "seed": self.seed,
            "threads": self.threads,
            "engine": name(&ENGINES, &self.engine),
            "balance": balance::to_json(&self.balance),
            "telemetry": self.telemetry,
        })
    }
}
