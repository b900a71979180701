//! What other libraries call the values of our options, for the hints of errors: the loss `pinball`
//! is `quantile`.

use super::synonyms::{holds, plain};

/// Names without case, dashes and underscores, and the value of ours.
pub const VALUES: &[(&str, &str)] = &[
    // Losses.
    ("pinball pinballloss tiltedabsolute", "quantile"),
    ("l2 meansquarederror squarederror squared regsquarederror", "mse"),
    ("l1 meanabsoluteerror absoluteerror absolute", "mae"),
    ("smoothl1 huberloss", "huber"),
    // Tasks.
    (
        "binary multiclass classifier class classes category categorical logistic \
         boolean",
        "classification",
    ),
    ("numeric number continuous regressor linear real float", "regression"),
    ("poisson counts integer tweedie", "count"),
    ("ordered rank ranking rating order", "ordinal"),
    // Columns.
    ("number float double int integer real continuous decimal", "numeric"),
    ("category string text enum nominal factor object str", "categorical"),
    ("bool binary bit", "boolean"),
    ("datetime timestamp time day", "date"),
    ("drop skip exclude none id omit", "ignore"),
    ("money price amount", "currency"),
    ("percentage share", "percent"),
    // The network.
    ("swish", "silu"),
    ("logistic", "sigmoid"),
    ("batch batchnorm layernorm", "layer"),
    ("zscore standardscaler standardize normal meanstd", "standard"),
    ("iqr robustscaler median", "robust"),
    ("quantiles rank gaussian quantiletransformer", "quantile"),
    ("moe", "mmoe"),
    ("hardsharing mlp sharedbottom", "shared"),
    ("linear ple piecewiselinear", "piecewise"),
    // Training.
    ("momentum sgdm nesterov", "sgd"),
    ("none fixed off", "constant"),
    ("cosineannealing cosinedecay", "cosine"),
    ("onecyclelr", "one-cycle"),
    ("none sum off uniform", "equal"),
    ("gradientsurgery", "pcgrad"),
    ("kendall homoscedastic uncertaintyweighting", "uncertainty"),
    ("dynamicweightaverage", "dwa"),
    // Scores.
    ("auc auroc roc", "rocAuc"),
    ("prauc auprc ap", "averagePrecision"),
    ("acc", "accuracy"),
    ("f1 f1score fscore", "f1Macro"),
    ("crossentropy binarycrossentropy nll", "logLoss"),
    ("mse meansquarederror rootmeansquarederror l2", "rmse"),
    ("l1 meanabsoluteerror", "mae"),
    ("rsquared r2score coefficientofdetermination", "r2"),
    ("qwk cohenkappa", "kappa"),
    ("valloss validationloss", "loss"),
    // Files.
    ("ucs2 unicode", "utf16"),
    ("ascii", "utf8"),
    ("iso88591 windows1252 cp1252 ansi binary", "latin1"),
    ("ignore drop warn omit", "skip"),
    ("raise throw error strict", "fail"),
];

/// The one of these choices that a value of another name stands for.
pub fn value<'a>(name: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = plain(name);
    let found =
        |choice: &&str| VALUES.iter().any(|(names, ours)| ours == choice && holds(names, &name));
    choices.into_iter().find(found)
}
