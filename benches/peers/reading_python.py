"""A CSV to one contiguous float32 matrix: --library pandas | polars | pyarrow, --threads N."""
from meter import *
given = options(library='pandas', file='big.csv', threads=2)
import numpy as np
path = table(given.file)
with open(path, 'rb') as file:  # The page cache holds it for everybody.
    while file.read(1 << 22):
        pass


def pandas():
    import pandas as pd
    def read():
        return np.ascontiguousarray(pd.read_csv(path, dtype=np.float32).to_numpy(np.float32))
    return read, pd.__version__


def columns(names, column, rows):
    matrix = np.empty((rows, len(names)), np.float32)
    for at, name in enumerate(names):
        matrix[:, at] = column(name)
    return matrix


def polars():
    import polars as pl
    def read():
        frame = pl.read_csv(path)
        return columns(frame.columns, lambda name: frame[name].to_numpy(), len(frame))
    return read, pl.__version__


def pyarrow():
    import pyarrow, pyarrow.csv as csv
    pyarrow.set_cpu_count(given.threads)
    def read():
        frame = csv.read_csv(path, read_options=csv.ReadOptions(use_threads=given.threads > 1))
        return columns(frame.column_names, lambda name: frame[name].to_numpy(), frame.num_rows)
    return read, pyarrow.__version__


read, version = globals()[given.library]()
with Watch() as watch:
    matrix = read()
emit(seconds=watch.seconds, rows=len(matrix), columns=matrix.shape[1], version=version,
     check=float(matrix[-1].sum()), other_cores_busy=watch.others)
