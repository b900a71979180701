"""64-256-128, ReLU, Adam in scikit-learn, with the binary task alone: it knows one task at a time."""
from meter import *
given = options(rows=200000, epochs=4, batch=512, rate=1e-3)
import warnings
import numpy as np, sklearn
from sklearn.neural_network import MLPClassifier
warnings.filterwarnings('ignore')
xs = np.fromfile(table('wide-x.f32'), np.float32).reshape(-1, 64)
ys = np.fromfile(table('wide-bin.f32'), np.float32).astype(int)
net = MLPClassifier((256, 128), learning_rate_init=given.rate, alpha=0, batch_size=given.batch,
                    max_iter=1, tol=0, n_iter_no_change=10**9, random_state=0, warm_start=True)
seconds, watch = epochs_of(given.epochs, lambda: net.fit(xs[:given.rows], ys[:given.rows]))
emit(us_per_step=1e6 * seconds / -(-given.rows // given.batch), rows_per_s=given.rows / seconds,
     version=sklearn.__version__, bin_score=net.score(xs[-10000:], ys[-10000:]),
     other_cores_busy=watch.others)
