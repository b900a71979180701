"""What the measured scripts in Python share: their options, the clock that also sees what else the
machine did, memory, and the one line of JSON they end with. `harness/meter.js` is its twin."""
import argparse, json, os, resource, sys, time

PEERS = os.environ.get('PEERS') or os.path.expanduser('~/.cache/peers')


def table(name):
    """A table or model that `harness/tables.js` made."""
    return os.path.join(PEERS, 'tables', name)


def options(**defaults):
    """`--name value` over defaults, whose type they take."""
    parser = argparse.ArgumentParser()
    for name, value in defaults.items():
        parser.add_argument('--' + name, default=value, type=type(value))
    return parser.parse_args()


def _busy():
    """Seconds in which any core of the machine was busy since its start."""
    try:
        with open('/proc/stat') as file:
            user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
        return (user + nice + system + irq + softirq + steal) / 100
    except OSError:
        return float('nan')


def _own():
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


class Watch:
    """`with Watch() as watch:` then `watch.seconds`, and `watch.others`: how many cores were busy
    with anything but this process and its children."""

    def __enter__(self):
        self.before = _busy(), _own(), time.perf_counter()
        return self

    def __exit__(self, *_):
        busy, own, began = self.before
        self.seconds = time.perf_counter() - began
        self.others = max(0.0, _busy() - busy - (_own() - own)) / self.seconds


def peak_mb():
    """The most memory so far, in millions of bytes; not `ru_maxrss`, which begins with that of the parent process."""
    try:
        with open('/proc/self/status') as file:
            return next(int(line.split()[1]) for line in file if line.startswith('VmHWM')) * 1024 / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def emit(**figures):
    """Prints what was measured, as the harness wants it."""
    print(json.dumps({'peak_rss_mb': peak_mb(), **figures}), flush=True)


def epochs_of(count, train_epoch):
    """Runs epochs; the mean seconds of one after the first, which warms up, and the watch."""
    train_epoch()
    with Watch() as watch:
        for _ in range(count - 1):
            train_epoch()
    return watch.seconds / (count - 1), watch


def read_iris():
    """The 120 rows, standardised, as (lists of numbers, class indices)."""
    with open(table('iris.csv')) as file:
        rows = [line.strip().split(',') for line in file][1:]
    names = sorted({row[4] for row in rows})
    columns = list(zip(*[[float(cell) for cell in row[:4]] for row in rows]))
    for at, column in enumerate(columns):
        mean = sum(column) / len(column)
        deviation = (sum((x - mean) ** 2 for x in column) / len(column)) ** 0.5
        columns[at] = [(x - mean) / deviation for x in column]
    return [list(row) for row in zip(*columns)], [names.index(row[4]) for row in rows]


# The net of the `predict` and `start` rows: name, inputs and outputs of each layer.
LAYERS = [('t1', 64, 256), ('t2', 256, 128), ('bin', 128, 1), ('cls', 128, 5), ('reg', 128, 1)]


def read_net():
    """Its weights (inputs x outputs) and biases by layer, as numpy arrays."""
    import numpy as np
    flat, net, at = np.fromfile(table('net.f32'), np.float32), {}, 0
    for name, inputs, outputs in LAYERS:
        size = inputs * outputs
        net[name] = flat[at:at + size].reshape(inputs, outputs), flat[at + size:at + size + outputs]
        at += size + outputs
    return net
