"""One row and many with the wide net: --peer torch | onnxruntime | numpy. One row is a matrix of one
row in, three results out; many rows go in pieces of 8,192."""
from meter import *
given = options(peer='onnxruntime', calls=20000, rows=500000, batch=8192, threads=2)
import numpy as np


def relu(x):
    return np.maximum(x, 0)


def torch_net():
    import torch, torch.nn.functional as F
    torch.set_num_threads(given.threads)
    torch.inference_mode().__enter__()
    net = {name: (torch.from_numpy(w.T.copy()), torch.from_numpy(b.copy()))
           for name, (w, b) in read_net().items()}
    def answer(x):
        h = F.relu(F.linear(F.relu(F.linear(torch.from_numpy(x), *net['t1'])), *net['t2']))
        answers = (torch.sigmoid(F.linear(h, *net['bin'])), F.softmax(F.linear(h, *net['cls']), 1),
                   F.linear(h, *net['reg']))
        return [tensor.numpy() for tensor in answers]
    return answer, torch.__version__


def onnxruntime_net():
    import onnxruntime
    how = onnxruntime.SessionOptions()
    how.intra_op_num_threads, how.inter_op_num_threads = given.threads, 1
    session = onnxruntime.InferenceSession(table('net.onnx'), how, ['CPUExecutionProvider'])
    return lambda x: session.run(None, {'x': x}), onnxruntime.__version__


def numpy_net():
    net = read_net()
    def answer(x):
        layer = lambda x, name: x @ net[name][0] + net[name][1]
        h = relu(layer(relu(layer(x, 't1')), 't2'))
        c = layer(h, 'cls')
        c = np.exp(c - c.max(1, keepdims=True))
        return 1 / (1 + np.exp(-layer(h, 'bin'))), c / c.sum(1, keepdims=True), layer(h, 'reg')
    return answer, np.__version__


answer, version = {'torch': torch_net, 'onnxruntime': onnxruntime_net, 'numpy': numpy_net}[given.peer]()
random = np.random.default_rng(0)
rows = random.standard_normal((1024, 64), dtype=np.float32)
check = numpy_net()[0](rows)
error = max(float(np.abs(a - b).max()) for a, b in zip(check, answer(rows)))

times = np.empty(given.calls)
with Watch() as one:
    for i in range(-500, given.calls):
        row = rows[i & 1023:(i & 1023) + 1]
        began = time.perf_counter()
        answer(row)[2].item()
        if i >= 0:
            times[i] = time.perf_counter() - began
p50, p99 = np.percentile(times, [50, 99]) * 1e6

xs = random.standard_normal((given.rows, 64), dtype=np.float32)
out = np.empty((given.rows, 7), np.float32)


def all_rows():
    for at in range(0, given.rows, given.batch):
        part = slice(at, at + given.batch)
        out[part, :1], out[part, 1:6], out[part, 6:] = answer(xs[part])


seconds, many = epochs_of(4, all_rows)
emit(p50_us=p50, p99_us=p99, rows_per_s=given.rows / seconds, error=error, version=version,
     other_cores_busy=max(one.others, many.others))
