"""What two trainings at once cost PyTorch's best eager loop, against one alone: --mode one, in two
threads of one process, or two, in two processes; with the threads it chooses by itself."""
import subprocess, sys, threading
from meter import *
mode = sys.argv[sys.argv.index('--mode') + 1]
# What wide_torch.py shall be; it reads its options when it is imported.
sys.argv[1:] = ['--rows', '32000', '--threads', str(os.cpu_count())]
EPOCHS = 5


def trainer():
    import wide_torch
    return wide_torch.lean(wide_torch.Net())


def train(epoch):
    began = time.perf_counter()
    for _ in range(EPOCHS):
        epoch()
    return time.perf_counter() - began


def child():
    epoch = trainer()
    epoch()
    print('ready', flush=True)
    sys.stdin.readline()
    print(train(epoch), flush=True)


def processes(count):
    children = [subprocess.Popen([sys.executable, __file__, '--mode', 'child'], text=True,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(count)]
    for each in children:
        each.stdout.readline()
    for each in children:
        each.stdin.write('go\n')
        each.stdin.flush()
    seconds = max(float(each.stdout.readline()) for each in children)
    for each in children:
        each.wait()
    return seconds


def threads(count):
    epochs = [trainer() for _ in range(count)]
    for epoch in epochs:
        epoch()
    seconds = []
    workers = [threading.Thread(target=lambda epoch=epoch: seconds.append(train(epoch)))
               for epoch in epochs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return max(seconds)


if mode == 'child':
    child()
else:
    run = threads if mode == 'one' else processes
    with Watch() as watch:
        # Alone before and after, since the machine may change its pace meanwhile.
        before, together, after = run(1), run(2), run(1)
    alone = (before + after) / 2
    emit(alone_s=alone, together_s=together, times=together / alone, other_cores_busy=watch.others)
