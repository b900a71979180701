//! What other libraries call our options, for the hints of errors: `lr` is `learningRate`.

/// What a name of another library stands for.
#[derive(Clone, Copy)]
enum Meant {
    /// An option, by its path from where the name was given.
    Option(&'static str),
    /// Something that is said otherwise here.
    Said(&'static str),
}

use Meant::{Option as To, Said};

/// Names without case, dashes and underscores, and what they stand for among the outermost options.
const OUTERMOST: &[(&str, Meant)] = &[
    ("lr eta stepsize learnrate alpha baselr initiallr", To("learningRate")),
    ("maxepochs nepochs numepochs iterations maxiter niter rounds passes", To("epochs")),
    ("numboostround nestimators numtrees", To("epochs")),
    (
        "validationsplit valsplit testsize testsplit validationsize valsize \
         validationfraction validationshare validationdata validationset valdata \
         holdout evalset evalsize trainsize val valid test",
        To("validation"),
    ),
    ("stratify stratified", To("validation.stratify")),
    ("groupby groups group groupcolumn", To("validation.groupBy")),
    ("splitcolumn foldcolumn", To("validation.column")),
    ("timecolumn datecolumn timestampcolumn timeseries timesplit", To("validation.timeColumn")),
    (
        "metric metrics scoring evalmetric evalmetrics score scores",
        Said(
            "each epoch reports the loss and a score of every task, model.evaluate gives all scores, \
             and earlyStopping.metric says by which the best epoch is chosen",
        ),
    ),
    (
        "callback callbacks hooks onepochend onprogress progress logger verbose \
         verbosity silent logging loglevel debug log tqdm progressbar",
        Said("onEpoch is called with the report of each epoch; nothing is printed by itself"),
    ),
    ("abortsignal abort cancel aborter abortcontroller", To("signal")),
    (
        "gpu cuda usegpu gpus ngpus mps accelerator backend",
        Said("trainings run on the CPU; device takes 'cpu' alone"),
    ),
    (
        "imbalance imbalanced isunbalance unbalanced classweight classweights \
         balanced posweight scaleposweight oversample undersample smote",
        Said("classes are weighed per target: targets: { column: { classWeights: 'balanced' } }"),
    ),
    (
        "loss losses lossfunction lossfn criterion objective pinball quantile \
         quantiles huber",
        Said(
            "the loss is told per target: targets: { column: { loss: 'mae' } }, 'huber', or \
             'quantile' with quantile: 0.9",
        ),
    ),
    (
        "task tasks tasktype problem problemtype mode",
        Said("what a column is, targets says: targets: { column: 'classification' }"),
    ),
    (
        "labelsmoothing smoothing",
        Said("it is told per target: targets: { column: { labelSmoothing: 0.1 } }"),
    ),
    (
        "target label labels y output outputs targetcolumn targetcolumns \
         labelcolumn response predict dependent",
        To("targets"),
    ),
    ("x input inputs featurecolumns usecols predictors", To("features.include")),
    ("include columns", To("features.include")),
    ("exclude ignore drop dropcolumns skip omit remove", To("features.exclude")),
    (
        "types dtype dtypes schema columntypes categorical categoricalfeatures \
         categoricalcolumns catfeatures catcols numeric dates parsedates",
        To("features.types"),
    ),
    (
        "scaling scaler scale normalize normalise normalization standardize \
         standardise",
        To("features.scaling"),
    ),
    ("onehot", To("features.oneHot")),
    (
        "hidden layers hiddenlayers hiddenlayersizes hiddenunits hiddensize units \
         width neurons networkshape",
        To("model.hidden"),
    ),
    ("dropout dropoutrate", To("model.dropout")),
    ("activation activationfunction nonlinearity", To("model.activation")),
    ("architecture arch network modeltype", To("model.architecture")),
    ("preset presets quality", To("model.preset")),
    ("norm batchnorm layernorm usebatchnorm", To("model.norm")),
    ("embedding embeddings embeddingdim", To("model.embeddings")),
    ("experts numexperts nexperts", To("model.experts")),
    ("tower towers heads", To("model.tower")),
    ("bagging nensemble networks nmodels", To("ensemble")),
    ("optim solver algorithm", To("optimizer")),
    ("momentum", To("optimizer.momentum")),
    ("nesterov", To("optimizer.nesterov")),
    ("betas beta", To("optimizer.betas")),
    ("epsilon eps", To("optimizer.epsilon")),
    ("scheduler lrscheduler lrschedule learningrateschedule lrdecay", To("schedule")),
    ("warmup warmupepochs warmupsteps", To("schedule.warmup")),
    ("batch minibatch minibatchsize bs batches", To("batchSize")),
    (
        "l2 l2reg l2regularization regularization regularizer wd decay lambda ridge",
        To("weightDecay"),
    ),
    ("clip clipnorm gradclip clipgrad maxgradnorm gradientclipping clipvalue", To("gradientClip")),
    ("patience earlystoppingrounds nochange niternochange", To("earlyStopping.patience")),
    ("earlystop stopping", To("earlyStopping")),
    ("randomstate randomseed rng random", To("seed")),
    (
        "workers numworkers njobs nthreads nthread numthreads cores cpus jobs \
         parallelism concurrency",
        To("threads"),
    ),
    ("weights weightcolumn instanceweight instanceweights caseweights", To("sampleWeights")),
    (
        "taskweights lossweights",
        Said("they are told per target: targets: { column: { weight: 2 } }"),
    ),
    ("weighting lossweighting gradientsurgery mtl", To("balance")),
    ("tz zone", To("timeZone")),
    ("confidence alphalevel predictioninterval intervals conformal", To("interval")),
    ("temperature temperaturescaling calibrate", To("calibration")),
    ("retrain refitall finalfit", To("refit")),
    ("checkpointpath checkpoints savepath modelpath", To("checkpoint")),
    ("resumefrom warmstart", To("resume")),
    ("sep separator delimiter", To("csv.delimiter")),
    ("header", To("csv.header")),
    ("quote quotechar", To("csv.quote")),
    ("encoding charset", To("csv.encoding")),
    ("decimal", To("csv.decimal")),
    ("thousands", To("csv.thousands")),
    ("missing navalues nanvalues nullvalues na", To("csv.missing")),
    ("comment comments", To("csv.comment")),
    ("skiplines skiprows", To("csv.skipLines")),
    ("onerror onbadlines", To("csv.onError")),
    ("ntrials numtrials maxtrials maxevals niters", To("trials")),
    ("timeout maxtime timelimit budget duration", To("seconds")),
    ("searchspace grid paramgrid params parameters searchparameters", To("space")),
    ("folds k cv nsplits kfold", Said("crossValidate takes the number of folds after the options")),
    ("shuffle", Said("rows are drawn and shuffled by the seed; there is nothing to be said")),
];

/// The same within an option: its path, with `*` for the name of a column.
const WITHIN: &[(&str, &str, Meant)] = &[
    ("targets.*", "pinball tau q", To("quantile")),
    ("targets.*", "lossfunction objective criterion", To("loss")),
    (
        "targets.*",
        "imbalance imbalanced classweight balanced balance posweight scaleposweight",
        To("classWeights"),
    ),
    ("targets.*", "task kind tasktype problem", To("type")),
    ("targets.*", "lossweight taskweight importance", To("weight")),
    ("targets.*", "labels categories levels order", To("classes")),
    ("targets.*", "smoothing", To("labelSmoothing")),
    ("features", "only columns use", To("include")),
    ("features", "ignore drop skip omit remove", To("exclude")),
    ("features", "type dtypes dtype schema categorical dates", To("types")),
    ("features", "scaler scale normalize normalise standardize", To("scaling")),
    ("model", "layers hiddenlayers hiddenunits hiddensize units width neurons", To("hidden")),
    ("model", "arch network type", To("architecture")),
    ("model", "name recipe", To("preset")),
    ("model", "batchnorm layernorm normalization", To("norm")),
    ("model", "embedding", To("embeddings")),
    ("model", "numexperts nexperts", To("experts")),
    ("optimizer", "name type algorithm", To("method")),
    ("optimizer", "eps", To("epsilon")),
    (
        "optimizer",
        "lr learningrate eta rate",
        Said("the learning rate is the option learningRate, beside optimizer"),
    ),
    (
        "optimizer",
        "weightdecay decay l2 wd",
        Said("weight decay is the option weightDecay, beside optimizer"),
    ),
    ("schedule", "name type", To("method")),
    ("schedule", "warmupepochs warmupsteps", To("warmup")),
    ("balance", "name type", To("method")),
    ("validation", "size share split ratio testsize", To("fraction")),
    ("validation", "group groups", To("groupBy")),
    ("validation", "path data", To("file")),
    ("validation", "time date by orderby sortby datecolumn timestamp", To("timeColumn")),
    ("validation", "from since cutoff start before until", To("after")),
    ("earlyStopping", "rounds wait epochs", To("patience")),
    ("earlyStopping", "monitor scoring", To("metric")),
    ("earlyStopping", "target", To("task")),
    ("csv", "sep separator", To("delimiter")),
    ("csv", "quotechar", To("quote")),
    ("csv", "charset", To("encoding")),
    ("csv", "navalues nanvalues nullvalues na null nulls", To("missing")),
    ("csv", "names", To("columns")),
    ("csv", "skiprows skip", To("skipLines")),
    ("csv", "onbadlines errors badlines", To("onError")),
    ("csv", "comments", To("comment")),
    ("checkpoint", "file", To("path")),
];

/// A name without case and without what parts its words.
pub fn plain(name: &str) -> String {
    name.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a name is among these, which blanks part.
pub fn holds(names: &str, name: &str) -> bool {
    names.split_whitespace().any(|other| other == name)
}

/// What an option that is not there may have been meant for, in words: `at` is the path of the
/// options it was found among, empty for the outermost, which are `known`.
pub fn option(at: &str, name: &str, known: &[&str]) -> Option<String> {
    let name = plain(name);
    let meant = if at.is_empty() {
        // What is said to trainings is of no use elsewhere.
        let trains = known.contains(&"epochs");
        let found = OUTERMOST.iter().filter(|(names, _)| holds(names, &name));
        found.map(|(_, meant)| *meant).find(|meant| match meant {
            To(path) => path.split('.').next().is_some_and(|first| known.contains(&first)),
            Said(_) => trains,
        })
    } else {
        let at = match at.split_once('.') {
            Some(("targets", _)) => "targets.*",
            _ => at,
        };
        let found = WITHIN.iter().filter(|(place, ..)| *place == at);
        let mut found = found.filter(|(_, names, _)| holds(names, &name));
        found.next().map(|(_, _, meant)| *meant).filter(|meant| match meant {
            To(option) => known.contains(option),
            Said(_) => true,
        })
    };
    meant.map(|meant| match meant {
        To(path) => format!("did you mean \"{path}\"?"),
        Said(text) => text.to_owned(),
    })
}

#[cfg(test)]
#[path = "synonyms_tests.rs"]
mod tests;
