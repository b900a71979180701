"""One peer on every task of one data set: `baselines.py` reads jobs from standard input, each a line of
JSON, and prints a line of JSON for each: `tasks`, or `error`. A job: `train` and `test` (CSV files), `delimiter`, `header`, `columns` (the
features with their types as polytask found them), `tasks` (name and type), `peer`, `seed`, `threads`.
Each task is learnt alone, from the rows that have its label, as users of these libraries would."""

import json
import logging
import sys
import time
import warnings

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

MISSING = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "?"]


def read(job, path):
    """The cells as text, missing ones as None."""
    table = pd.read_csv(path, sep=job["delimiter"], header=0 if job["header"] else None, dtype=str,
                        skipinitialspace=True, keep_default_na=False, na_values=MISSING)
    if not job["header"]:
        table.columns = [f"c{i}" for i in range(table.shape[1])]
    table.columns = [name.strip() for name in table.columns]
    return table


def features(job, table):
    """Numbers as floats, dates as their parts, all else as text."""
    out = {}
    for column in job["columns"]:
        name, kind = column["name"], column["type"]
        if kind == "numeric":
            out[name] = pd.to_numeric(table[name], errors="coerce").astype(float)
        elif kind == "date":
            dates = pd.to_datetime(table[name], errors="coerce", dayfirst=column.get("dateOrder") == "dayFirst")
            for part in ["year", "month", "day", "dayofweek", "dayofyear", "hour"]:
                out[f"{name}.{part}"] = getattr(dates.dt, part).astype(float)
        else:
            out[name] = table[name].astype(object).where(table[name].notna(), None)
    return pd.DataFrame(out)


def columns(xs):
    numbers = [name for name in xs if xs[name].dtype == float]
    return numbers, [name for name in xs if name not in numbers]


def impute(xs, numbers):
    """For peers that take no missing numbers: the median, and a mark where there were any."""
    steps = [("numbers", SimpleImputer(add_indicator=True, keep_empty_features=True), numbers)]
    return ColumnTransformer(steps, remainder="passthrough", verbose_feature_names_out=False)


def scaled_mlp(xs, number, seed):
    numbers, texts = columns(xs)
    number_steps = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
    text_steps = make_pipeline(SimpleImputer(strategy="constant", fill_value="missing"),
                               OneHotEncoder(handle_unknown="ignore"))
    ready = ColumnTransformer([("numbers", number_steps, numbers), ("texts", text_steps, texts)])
    if not number:
        return make_pipeline(ready, MLPClassifier(random_state=seed))
    # Scaling includes the target's: without it the network hardly leaves zero on large values.
    from sklearn.compose import TransformedTargetRegressor
    mlp = make_pipeline(ready, MLPRegressor(random_state=seed))
    return TransformedTargetRegressor(mlp, transformer=StandardScaler())


def boosting(xs, number, seed):
    numbers, texts = columns(xs)
    few = [name for name in texts if xs[name].nunique() <= 254]
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan)
    ready = ColumnTransformer([("texts", codes, texts), ("numbers", "passthrough", numbers)])
    make = HistGradientBoostingRegressor if number else HistGradientBoostingClassifier
    return make_pipeline(ready, make(random_state=seed, categorical_features=[texts.index(name) for name in few] or None))


def pytabkit(name):
    def make(xs, number, seed, threads):
        import pytabkit
        cls = getattr(pytabkit, f"{name}_{'Regressor' if number else 'Classifier'}")
        return cls(device="cpu", random_state=seed, n_threads=threads, verbosity=0)
    return make


PEERS = {
    "constant": lambda xs, number, seed, _: DummyRegressor() if number else DummyClassifier(),
    "sklearn MLP": lambda xs, number, seed, _: scaled_mlp(xs, number, seed),
    "sklearn HGB": lambda xs, number, seed, _: boosting(xs, number, seed),
    "RealMLP-TD": pytabkit("RealMLP_TD"),
    "TabM-D": pytabkit("TabM_D"),
}


def for_pytabkit(train, test):
    """Data frames with medians for missing numbers, and text columns as categories."""
    numbers, texts = columns(train)
    out = []
    for xs in (train, test):
        xs = xs.copy()
        for name in numbers:
            if train[name].isna().any():
                xs[f"{name} missing"] = xs[name].isna().map({True: "yes", False: "no"})
            xs[name] = xs[name].fillna(train[name].median())
        for name in set(xs) - set(numbers):
            xs[name] = xs[name].fillna("missing").astype("category")
        out.append(xs)
    return out


def score(model, number, xs, ys, seen):
    if number:
        errors = np.asarray(model.predict(xs), float).reshape(-1) - ys
        return {"rmse": float(np.sqrt(np.mean(errors**2))), "mae": float(np.mean(np.abs(errors)))}
    shares = np.asarray(model.predict_proba(xs), float)
    names = [str(name) for name in model.classes_]
    guessed = np.array(names)[shares.argmax(1)]
    result = {"accuracy": float(np.mean(guessed == ys))}
    if set(ys) <= set(names):
        result["logLoss"] = float(log_loss(ys, np.clip(shares, 1e-15, 1), labels=names))
    if len(names) == 2 and len(set(ys)) == 2:
        result["rocAuc"] = float(roc_auc_score(ys == names[1], shares[:, 1]))
    return result


def run(job):
    kit = job["peer"] in ("RealMLP-TD", "TabM-D")
    if kit:
        # Takes seconds, which are not the training's.
        import pytabkit  # noqa: F401
        import torch
        torch.set_num_threads(job["threads"])
    train, test = read(job, job["train"]), read(job, job["test"])
    train_xs, test_xs = features(job, train), features(job, test)
    results = {}
    for task in job["tasks"]:
        number = task["type"] in ("regression", "count")
        have, held = train[task["name"]].notna(), test[task["name"]].notna()
        ys, held_ys = train[task["name"]][have], test[task["name"]][held]
        ys, held_ys = (ys.astype(float), held_ys.astype(float)) if number else (ys.str.strip(), held_ys.str.strip())
        xs, held_xs = train_xs[have].reset_index(drop=True), test_xs[held].reset_index(drop=True)
        # A column without a value in these rows tells nothing.
        empty = [name for name in xs if xs[name].isna().all()]
        xs, held_xs = xs.drop(columns=empty), held_xs.drop(columns=empty)
        began = time.perf_counter()
        model = PEERS[job["peer"]](xs, number, job["seed"], job["threads"])
        if kit:
            xs, held_xs = for_pytabkit(xs, held_xs)
        model.fit(xs, ys.to_numpy())
        seconds = time.perf_counter() - began
        results[task["name"]] = {**score(model, number, held_xs, held_ys.to_numpy(), ys), "seconds": seconds}
    return {"tasks": results}


def main():
    # What a library prints is not an answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        try:
            answer = run(json.loads(line))
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


main()
