#!/usr/bin/env bash
# Rows of sample weight 0 in gradient-boosted trees.
#
# Versions: lightgbm 4.6.0, catboost 1.2.10, scikit-learn 1.9.1, xgboost-cpu 3.2.0, numpy 2.4.6.
# Guess, written down first: a row of weight 0 adds nothing to any loss, so a model fitted with such
#   rows equals the model fitted without them, at least up to rounding.
# Behaviour: only XGBoost's are equal, bit for bit. The bins of the others are placed by rows, not by
#   weights, so that cells of rows that weigh nothing decide where splits may lie; LightGBM and
#   scikit-learn also count such rows for min_data_in_leaf and min_samples_leaf. None says so at run
#   time.
# Output seen, as the largest change of a prediction and R² with and without the rows:
#   xgboost        0.000  0.9997 0.9997
#   lightgbm       1.299  0.9962 0.9784
#   scikit-learn   1.629  0.9980 0.9791
#   catboost       0.306  0.9982 0.9983
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  lightgbm==4.6.0 catboost==1.2.10 scikit-learn==1.9.1 xgboost-cpu==3.2.0 numpy==2.4.6
cd "$folder"
cat > weights.py <<'PYTHON'
import sys
import warnings

import numpy as np
from catboost import CatBoostRegressor
from lightgbm import LGBMRegressor
from sklearn.ensemble import HistGradientBoostingRegressor
from xgboost import XGBRegressor

warnings.filterwarnings("ignore")
random = np.random.default_rng(0)
rows = 600
features = random.normal(size=(rows, 2))
labels = features[:, 0] + features[:, 1]
weights = np.ones(rows)
weights[::6] = 0
counts = weights > 0
# The rows that weigh nothing hold measurements in another unit.
mixed = features.copy()
mixed[~counts] = 1e6 * random.normal(size=(rows // 6, 2))

makers = {
    "xgboost": lambda: XGBRegressor(n_estimators=50, tree_method="hist", random_state=0, n_jobs=1),
    "lightgbm": lambda: LGBMRegressor(n_estimators=50, verbose=-1, random_state=0, n_jobs=1),
    "scikit-learn": lambda: HistGradientBoostingRegressor(
        max_iter=50, early_stopping=False, random_state=0
    ),
    "catboost": lambda: CatBoostRegressor(
        iterations=50, verbose=0, random_seed=0, thread_count=1, allow_writing_files=False
    ),
}


def r2(predicted):
    known = labels[counts]
    return 1 - ((predicted - known) ** 2).mean() / known.var()


changed = {}
for name, make in makers.items():
    with_rows = make().fit(mixed, labels, sample_weight=weights).predict(features[counts])
    without = make().fit(features[counts], labels[counts]).predict(features[counts])
    changed[name] = np.abs(with_rows - without).max()
    print(f"{name:14} {changed[name]:.3f}  {r2(with_rows):.4f} {r2(without):.4f}")

expected = changed.pop("xgboost") == 0 and all(change > 0.1 for change in changed.values())
sys.exit(0 if expected else "the behaviour has changed")
PYTHON
"$folder/venv/bin/python" weights.py
