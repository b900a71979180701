//! The scores of one task, as `model.evaluate` and the training history show them.

use serde::{Deserialize, Serialize};

/// Scores of one task over the rows whose label is observed.
///
/// A figure is absent (and not serialised) where it is undefined or belongs to another kind of
/// task; none is ever NaN or infinite. A row counts by its weight, except in `n` and `confusion`.
/// The predicted class is the one with the greatest probability, the first of equal ones.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Scores {
    /// Rows whose label is observed, whatever their weight.
    pub n: usize,

    /// Share of rows whose class is predicted right; 0 to 1, higher is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,

    /// Mean recall over the classes that occur among the labels; 0 to 1, higher is better
    /// (Brodersen et al. 2010, "The balanced accuracy and its posterior distribution").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balanced_accuracy: Option<f64>,

    /// Plain mean of the classes' F1, the harmonic mean of precision and recall, over the classes
    /// that occur among labels or predictions; one never right has 0. 0 to 1, higher is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub f1_macro: Option<f64>,

    /// Mean of the classes' F1, each counted by the weight of its labels; 0 to 1, higher is
    /// better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub f1_weighted: Option<f64>,

    /// Mean of minus the natural logarithm of the true class's probability, which is kept within
    /// 2⁻⁵² of 0 and 1; nats, 0 to 36.05, lower is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_loss: Option<f64>,

    /// Area under the ROC curve: the chance that a positive row outranks a negative one, a tie
    /// being half; 0 to 1, 0.5 is chance, higher is better (Hanley and McNeil 1982, "The meaning
    /// and use of the area under a receiver operating characteristic curve").
    ///
    /// Of two classes the second is positive. Of more it is the plain mean, each class against
    /// the rest, over the classes that have rows on both sides; absent where none has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roc_auc: Option<f64>,

    /// Average precision, the step-wise area under the precision-recall curve: the sum over
    /// thresholds of the gain in recall times the precision; 0 to 1, the positives' share is
    /// chance, higher is better. Not interpolated (Davis and Goadrich 2006, "The relationship
    /// between precision-recall and ROC curves").
    ///
    /// Of two classes the second is positive. Of more it is the plain mean, each class against
    /// the rest, over the classes that occur among the labels. Absent without a positive row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_precision: Option<f64>,

    /// Brier score, lower is better (Brier 1950, "Verification of forecasts expressed in terms of
    /// probability"). Of two classes, the mean of (p₁ − y)², 0 to 1. Of more, the mean of the
    /// squares summed over the classes, 0 to 2 (scikit-learn's `scale_by_half=False`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brier: Option<f64>,

    /// Expected calibration error: the gap between confidence (the predicted class's probability)
    /// and accuracy, averaged over 15 bins of equal width, closed above; 0 to 1, lower is better
    /// (Guo et al. 2017, "On calibration of modern neural networks", arXiv 1706.04599).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ece: Option<f64>,

    /// Rows by true class (outer) and predicted class (inner), unweighted; absent above
    /// 256 classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confusion: Option<Vec<Vec<u64>>>,

    /// Root mean squared error, in the label's unit; 0 upwards, lower is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rmse: Option<f64>,

    /// Mean absolute error, in the label's unit, for ordinal tasks in ranks between the predicted
    /// and the true class; 0 upwards, lower is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mae: Option<f64>,

    /// Coefficient of determination, 1 − squared error ÷ variance of the labels; at most 1, 0 is
    /// the labels' mean, higher is better. Constant labels: 1 if predicted exactly, else 0.
    /// Absent below two rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r2: Option<f64>,

    /// Median of the absolute errors, in the label's unit; 0 upwards, lower is better. Between
    /// two middle errors it is their mean; with weights, the averaged inverse of the weighted
    /// distribution (definition 2 of Hyndman and Fan 1996, "Sample quantiles in statistical
    /// packages").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_absolute_error: Option<f64>,

    /// Mean Poisson deviance, 2 (y ln(y ÷ μ) − y + μ), μ the prediction; 0 upwards, lower is
    /// better (McCullagh and Nelder 1989, "Generalized linear models"). A prediction of 0 for a
    /// label of 0 adds nothing, its limit. Absent where a label is negative, a prediction is
    /// negative, or 0 for a positive label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poisson_deviance: Option<f64>,

    /// Cohen's kappa with quadratic weights over ranks: 1 − squared rank error ÷ the one expected
    /// of independent labels and predictions; −1 to 1, 0 is chance, higher is better (Cohen 1968,
    /// "Weighted kappa"). Absent where labels and predictions are one and the same class
    /// throughout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kappa: Option<f64>,

    /// Share of labels within their prediction intervals, ends included; 0 to 1, to be near the
    /// intervals' level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<f64>,

    /// Mean width of the prediction intervals, in the label's unit; 0 upwards, narrower is better
    /// at the same coverage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_width: Option<f64>,
}
