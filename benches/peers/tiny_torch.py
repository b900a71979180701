"""Iris 4-10-10-3, ReLU, cross-entropy, plain SGD in PyTorch, in the ways one can write the loop:
  dataloader  nn.Module, DataLoader, optim.SGD: what a tutorial shows
  slices      one permutation an epoch, slices of it, optim.SGD(fused)
  foreach     the same with autograd.grad and _foreach_add_: the best eager loop
  byhand      gradients derived by hand, no autograd
  compiled    forward, gradient and update in one torch.compile graph"""
from meter import *
given = options(variant='foreach', epochs=200, batch=32, rate=0.1, threads=1, seconds=1.0)
import torch, torch.nn as nn, torch.nn.functional as F
torch.set_num_threads(given.threads)
xs, ys = map(torch.tensor, read_iris())
count, batch, rate = len(xs), given.batch, given.rate


def network():
    net = nn.Sequential(nn.Linear(4, 10), nn.ReLU(), nn.Linear(10, 10), nn.ReLU(), nn.Linear(10, 3))
    for layer in net[::2]:
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
    return net


def shuffled(step, labels=ys):
    """An epoch that gives slices of a drawn order to `step`."""
    def epoch():
        order = torch.randperm(count)
        x, y = xs[order], labels[order]
        for at in range(0, count, batch):
            step(x[at:at + batch], y[at:at + batch])
    return epoch


def dataloader(net):
    from torch.utils.data import DataLoader, TensorDataset
    loader = DataLoader(TensorDataset(xs, ys), batch_size=batch, shuffle=True)
    optimizer, loss = torch.optim.SGD(net.parameters(), lr=rate), nn.CrossEntropyLoss()
    def epoch():
        for x, y in loader:
            optimizer.zero_grad()
            loss(net(x), y).backward()
            optimizer.step()
    return epoch


def slices(net):
    optimizer = torch.optim.SGD(net.parameters(), lr=rate, fused=True)
    def step(x, y):
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(net(x), y).backward()
        optimizer.step()
    return shuffled(step)


def foreach(net):
    weights = list(net.parameters())
    def step(x, y):
        gradients = torch.autograd.grad(F.cross_entropy(net(x), y), weights)
        with torch.no_grad():
            torch._foreach_add_(weights, gradients, alpha=-rate)
    return shuffled(step)


def byhand(net):
    W1, b1, W2, b2, W3, b3 = [weight.data for weight in net.parameters()]
    def step(x, y):
        scale = -rate / len(x)
        h1 = torch.addmm(b1, x, W1.t()).relu_()
        h2 = torch.addmm(b2, h1, W2.t()).relu_()
        g3 = torch.addmm(b3, h2, W3.t()).softmax(1).sub_(y)
        g2 = g3.mm(W3).mul_(h2 > 0)
        g1 = g2.mm(W2).mul_(h1 > 0)
        W3.addmm_(g3.t(), h2, alpha=scale), b3.add_(g3.sum(0), alpha=scale)
        W2.addmm_(g2.t(), h1, alpha=scale), b2.add_(g2.sum(0), alpha=scale)
        W1.addmm_(g1.t(), x, alpha=scale), b1.add_(g1.sum(0), alpha=scale)
    return torch.no_grad()(shuffled(step, torch.eye(3)[ys]))


def compiled(net):
    weights = tuple(weight.data for weight in net.parameters())
    def loss(w, x, y):
        h = F.relu(F.linear(F.relu(F.linear(x, w[0], w[1])), w[2], w[3]))
        return F.cross_entropy(F.linear(h, w[4], w[5]), y)
    def whole(w, x, y):
        for weight, gradient in zip(w, torch.func.grad(loss)(w, x, y)):
            weight.sub_(gradient, alpha=rate)
    step = torch.compile(whole, dynamic=False)
    return torch.no_grad()(shuffled(lambda x, y: step(weights, x, y)))


torch.manual_seed(0)
total, runs, others = 0.0, [], []
while total < given.seconds:
    net = network()
    took, watch = epochs_of(given.epochs, globals()[given.variant](net))
    total += watch.seconds
    runs.append(took), others.append(watch.others)
with torch.no_grad():
    scores = net(xs)
emit(us_per_step=1e6 * sorted(runs)[len(runs) // 2] / -(-count // batch), version=torch.__version__,
     loss=F.cross_entropy(scores, ys).item(), accuracy=(scores.argmax(1) == ys).float().mean().item(),
     other_cores_busy=sum(others) / len(others))
