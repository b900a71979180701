"""Iris in scikit-learn's MLPClassifier(10, 10): plain SGD without momentum or early stopping."""
from meter import *
given = options(epochs=200, batch=32, rate=0.1, seconds=1.0)
import warnings
import numpy as np, sklearn
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier
warnings.filterwarnings('ignore')
xs, ys = map(np.array, read_iris())


def fit(epochs):
    net = MLPClassifier((10, 10), solver='sgd', learning_rate_init=given.rate, momentum=0, alpha=0,
                        nesterovs_momentum=False, batch_size=given.batch, max_iter=epochs, tol=0,
                        n_iter_no_change=10**9, random_state=0)
    return net.fit(xs.astype(np.float32), ys)


fit(2)
runs = []
with Watch() as all_runs:
    while sum(runs) < given.seconds:
        with Watch() as watch:
            net = fit(given.epochs)
        runs.append(watch.seconds)
steps = given.epochs * -(-len(xs) // given.batch)
emit(us_per_step=1e6 * sorted(runs)[len(runs) // 2] / steps, version=sklearn.__version__,
     loss=log_loss(ys, net.predict_proba(xs.astype(np.float32))),
     accuracy=net.score(xs.astype(np.float32), ys), other_cores_busy=all_runs.others)
