//! The scores by name and direction, for choosing the best epoch or the best model.

use super::Scores;

/// One figure of [`Scores`]; definitions and ranges stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Metric {
    /// `accuracy`, higher is better.
    Accuracy,
    /// `balancedAccuracy`, higher is better.
    BalancedAccuracy,
    /// `f1Macro`, higher is better.
    F1Macro,
    /// `f1Weighted`, higher is better.
    F1Weighted,
    /// `logLoss`, lower is better.
    LogLoss,
    /// `rocAuc`, higher is better.
    RocAuc,
    /// `averagePrecision`, higher is better.
    AveragePrecision,
    /// `brier`, lower is better.
    Brier,
    /// `ece`, lower is better.
    Ece,
    /// `rmse`, lower is better.
    Rmse,
    /// `mae`, lower is better.
    Mae,
    /// `r2`, higher is better.
    R2,
    /// `medianAbsoluteError`, lower is better.
    MedianAbsoluteError,
    /// `poissonDeviance`, lower is better.
    PoissonDeviance,
    /// `kappa`, higher is better.
    Kappa,
}

impl Metric {
    /// Every metric, in the order of the fields of [`Scores`].
    pub const ALL: [Metric; 15] = [
        Metric::Accuracy,
        Metric::BalancedAccuracy,
        Metric::F1Macro,
        Metric::F1Weighted,
        Metric::LogLoss,
        Metric::RocAuc,
        Metric::AveragePrecision,
        Metric::Brier,
        Metric::Ece,
        Metric::Rmse,
        Metric::Mae,
        Metric::R2,
        Metric::MedianAbsoluteError,
        Metric::PoissonDeviance,
        Metric::Kappa,
    ];

    /// The name in options and in serialised [`Scores`].
    pub fn name(self) -> &'static str {
        match self {
            Metric::Accuracy => "accuracy",
            Metric::BalancedAccuracy => "balancedAccuracy",
            Metric::F1Macro => "f1Macro",
            Metric::F1Weighted => "f1Weighted",
            Metric::LogLoss => "logLoss",
            Metric::RocAuc => "rocAuc",
            Metric::AveragePrecision => "averagePrecision",
            Metric::Brier => "brier",
            Metric::Ece => "ece",
            Metric::Rmse => "rmse",
            Metric::Mae => "mae",
            Metric::R2 => "r2",
            Metric::MedianAbsoluteError => "medianAbsoluteError",
            Metric::PoissonDeviance => "poissonDeviance",
            Metric::Kappa => "kappa",
        }
    }

    /// Every name, to list or to look for the nearest to a misspelt one.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Metric::ALL.into_iter().map(Metric::name)
    }

    /// The metric of exactly this name.
    pub fn parse(name: &str) -> Option<Metric> {
        Metric::ALL.into_iter().find(|metric| metric.name() == name)
    }

    /// Whether a greater value is a better one.
    pub fn higher_is_better(self) -> bool {
        match self {
            Metric::Accuracy
            | Metric::BalancedAccuracy
            | Metric::F1Macro
            | Metric::F1Weighted
            | Metric::RocAuc
            | Metric::AveragePrecision
            | Metric::R2
            | Metric::Kappa => true,
            Metric::LogLoss
            | Metric::Brier
            | Metric::Ece
            | Metric::Rmse
            | Metric::Mae
            | Metric::MedianAbsoluteError
            | Metric::PoissonDeviance => false,
        }
    }

    /// Whether `candidate` is strictly better than `best`.
    pub fn improves(self, candidate: f64, best: f64) -> bool {
        if self.higher_is_better() { candidate > best } else { candidate < best }
    }
}

impl Scores {
    /// The figure a metric stands for.
    pub fn get(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::Accuracy => self.accuracy,
            Metric::BalancedAccuracy => self.balanced_accuracy,
            Metric::F1Macro => self.f1_macro,
            Metric::F1Weighted => self.f1_weighted,
            Metric::LogLoss => self.log_loss,
            Metric::RocAuc => self.roc_auc,
            Metric::AveragePrecision => self.average_precision,
            Metric::Brier => self.brier,
            Metric::Ece => self.ece,
            Metric::Rmse => self.rmse,
            Metric::Mae => self.mae,
            Metric::R2 => self.r2,
            Metric::MedianAbsoluteError => self.median_absolute_error,
            Metric::PoissonDeviance => self.poisson_deviance,
            Metric::Kappa => self.kappa,
        }
    }

    /// Sets the figure a metric stands for.
    pub fn set(&mut self, metric: Metric, value: Option<f64>) {
        let figure = match metric {
            Metric::Accuracy => &mut self.accuracy,
            Metric::BalancedAccuracy => &mut self.balanced_accuracy,
            Metric::F1Macro => &mut self.f1_macro,
            Metric::F1Weighted => &mut self.f1_weighted,
            Metric::LogLoss => &mut self.log_loss,
            Metric::RocAuc => &mut self.roc_auc,
            Metric::AveragePrecision => &mut self.average_precision,
            Metric::Brier => &mut self.brier,
            Metric::Ece => &mut self.ece,
            Metric::Rmse => &mut self.rmse,
            Metric::Mae => &mut self.mae,
            Metric::R2 => &mut self.r2,
            Metric::MedianAbsoluteError => &mut self.median_absolute_error,
            Metric::PoissonDeviance => &mut self.poisson_deviance,
            Metric::Kappa => &mut self.kappa,
        };
        *figure = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_scores_are_serialised_under() {
        for (at, metric) in Metric::ALL.into_iter().enumerate() {
            let value = at as f64 + 0.5;
            let json = format!("{{\"n\":1,\"{}\":{value}}}", metric.name());
            let scores: Scores = serde_json::from_str(&json).unwrap();
            assert_eq!(scores.get(metric), Some(value), "{metric:?}");
            let mut set = Scores { n: 1, ..Scores::default() };
            set.set(metric, Some(value));
            assert_eq!(set, scores);
            assert_eq!(serde_json::to_string(&scores).unwrap(), json);
            assert_eq!(Metric::parse(metric.name()), Some(metric));
        }
        assert_eq!(Metric::parse("auc"), None);
        assert_eq!(Metric::names().count(), Metric::ALL.len());
    }

    #[test]
    fn absent_scores_are_not_serialised() {
        assert_eq!(serde_json::to_string(&Scores::default()).unwrap(), "{\"n\":0}");
    }

    #[test]
    fn better_follows_the_direction() {
        assert!(Metric::RocAuc.improves(0.9, 0.8));
        assert!(!Metric::LogLoss.improves(0.9, 0.8));
        assert!(!Metric::LogLoss.improves(0.8, 0.8));
    }
}
