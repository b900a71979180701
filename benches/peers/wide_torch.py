"""64-256-128, ReLU, with a binary, a 5-class and a regression head, summed losses, Adam, in PyTorch:
  dataloader  DataLoader and optim.Adam: what a tutorial shows
  slices      one permutation an epoch, one gather of the table, slices, optim.Adam(fused)
  lean        the same with autograd.grad and torch._fused_adam_: the best eager loop
  byhand      gradients derived by hand, the heads as one matrix, torch._fused_adam_
  compiled    forward, gradients and Adam in one torch.compile graph"""
from meter import *
given = options(variant='lean', rows=200000, epochs=4, batch=512, rate=1e-3, threads=2)
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
torch.set_num_threads(given.threads)
torch.manual_seed(0)
HELD, CLASSES = 10000, 5
rows, batch = given.rows, given.batch


def read(name):
    return torch.from_numpy(np.fromfile(table(f'wide-{name}.f32'), np.float32))


whole = [read('x').view(-1, 64), read('bin'), read('cls').long(), read('reg')]
xs, bins, kinds, values = [part[:rows].clone() for part in whole]
held = [part[-HELD:] for part in whole]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.t1, self.t2 = nn.Linear(64, 256), nn.Linear(256, 128)
        self.bin, self.cls, self.reg = nn.Linear(128, 1), nn.Linear(128, CLASSES), nn.Linear(128, 1)

    def forward(self, x):
        h = F.relu(self.t2(F.relu(self.t1(x))))
        return self.bin(h).squeeze(1), self.cls(h), self.reg(h).squeeze(1)


def losses_of(answers, b, c, r):
    bin, cls, reg = answers
    return (F.binary_cross_entropy_with_logits(bin, b), F.cross_entropy(cls, c),
            F.mse_loss(reg, r))


def loss_of(answers, *labels):
    bin, cls, reg = losses_of(answers, *labels)
    return bin + cls + reg


def shuffled(step):
    def epoch():
        order = torch.randperm(rows)
        parts = [xs.index_select(0, order), bins[order], kinds[order], values[order]]
        for at in range(0, rows, batch):
            step(*(part[at:at + batch] for part in parts))
    return epoch


def zeros(weights):
    return [torch.zeros_like(weight) for weight in weights]


def fused_adam(weights):
    """Adam's update without the optimizer around it."""
    first, second = zeros(weights), zeros(weights)
    steps = [torch.zeros(()) for _ in weights]
    def update(gradients):
        torch._foreach_add_(steps, 1)
        torch._fused_adam_(weights, gradients, first, second, [], steps, amsgrad=False, lr=given.rate,
                           beta1=0.9, beta2=0.999, weight_decay=0.0, eps=1e-8, maximize=False)
    return torch.no_grad()(update)


def dataloader(net):
    from torch.utils.data import DataLoader, TensorDataset
    loader = DataLoader(TensorDataset(xs, bins, kinds, values), batch_size=batch, shuffle=True)
    optimizer = torch.optim.Adam(net.parameters(), lr=given.rate)
    def epoch():
        for x, *labels in loader:
            optimizer.zero_grad()
            loss_of(net(x), *labels).backward()
            optimizer.step()
    return epoch


def slices(net):
    optimizer = torch.optim.Adam(net.parameters(), lr=given.rate, fused=True)
    def step(x, *labels):
        optimizer.zero_grad(set_to_none=True)
        loss_of(net(x), *labels).backward()
        optimizer.step()
    return shuffled(step)


def lean(net):
    weights = list(net.parameters())
    update = fused_adam(weights)
    return shuffled(lambda x, *labels: update(
        torch.autograd.grad(loss_of(net(x), *labels), weights)))


def byhand(net):
    W1, b1, W2, b2, Wb, bb, Wc, bc, Wr, br = [weight.data for weight in net.parameters()]
    WH, bH = torch.cat([Wb, Wc, Wr]), torch.cat([bb, bc, br])
    # The heads are views of the one matrix, so that the net answers with what was learnt.
    for layer, at in ((net.bin, slice(0, 1)), (net.cls, slice(1, 6)), (net.reg, slice(6, 7))):
        layer.weight.data, layer.bias.data = WH[at], bH[at]
    weights = [W1, b1, W2, b2, WH, bH]
    gradients, update = zeros(weights), fused_adam(weights)
    GW1, Gb1, GW2, Gb2, GWH, GbH = gradients
    backward = torch.ops.aten.threshold_backward.grad_input
    eye, buffers = torch.eye(CLASSES), {}
    def step(x, b, c, r):
        size = len(x)
        if size not in buffers:
            buffers[size] = [torch.empty(size, width) for width in (256, 128, 7, 7, 128, 256)]
        h1, h2, o, g, g2, g1 = buffers[size]
        torch.addmm(b1, x, W1.t(), out=h1).relu_()
        torch.addmm(b2, h1, W2.t(), out=h2).relu_()
        torch.addmm(bH, h2, WH.t(), out=o)
        torch.sigmoid(o[:, 0], out=g[:, 0]), g[:, 0].sub_(b)
        g[:, 1:6].copy_(o[:, 1:6].softmax(1)).sub_(eye[c])
        torch.sub(o[:, 6], r, out=g[:, 6]), g[:, 6].mul_(2), g.div_(size)
        torch.mm(g.t(), h2, out=GWH), torch.sum(g, 0, out=GbH)
        torch.mm(g, WH, out=g2), backward(g2, h2, 0, grad_input=g2)
        torch.mm(g2.t(), h1, out=GW2), torch.sum(g2, 0, out=Gb2)
        torch.mm(g2, W2, out=g1), backward(g1, h1, 0, grad_input=g1)
        torch.mm(g1.t(), x, out=GW1), torch.sum(g1, 0, out=Gb1)
        update(gradients)
    return torch.no_grad()(shuffled(step))


def compiled(net):
    weights = tuple(weight.data for weight in net.parameters())
    first, second, count = tuple(zeros(weights)), tuple(zeros(weights)), torch.zeros(())
    def loss(w, x, *labels):
        h = F.relu(F.linear(F.relu(F.linear(x, w[0], w[1])), w[2], w[3]))
        heads = F.linear(h, w[4], w[5]), F.linear(h, w[6], w[7]), F.linear(h, w[8], w[9])
        return loss_of((heads[0].squeeze(1), heads[1], heads[2].squeeze(1)), *labels)
    def whole_step(w, first, second, count, *row):
        gradients = torch.func.grad(loss)(w, *row)
        count.add_(1)
        root = torch.sqrt(1 - 0.999 ** count)
        size, eps = given.rate * root / (1 - 0.9 ** count), 1e-8 * root
        for weight, gradient, m, v in zip(w, gradients, first, second):
            m.lerp_(gradient, 0.1)
            v.mul_(0.999).addcmul_(gradient, gradient, value=0.001)
            weight.sub_(size * m / (v.sqrt() + eps))
    step = torch.compile(whole_step, dynamic=False)
    return torch.no_grad()(shuffled(lambda *row: step(weights, first, second, count, *row)))


def measure(variant, **figures):
    """Trains a net by a variant and emits its time and scores."""
    net = Net()
    seconds, watch = epochs_of(given.epochs, variant(net))
    x, b, c, r = held
    with torch.no_grad():
        bin, cls, reg = net(x)
    emit(us_per_step=1e6 * seconds / -(-rows // batch), rows_per_s=rows / seconds,
         loss=loss_of((bin, cls, reg), b, c, r).item(),
         bin_score=((bin > 0) == (b > 0.5)).float().mean().item(),
         cls_score=(cls.argmax(1) == c).float().mean().item(),
         reg_score=(1 - F.mse_loss(reg, r) / r.var(unbiased=False)).item(),
         other_cores_busy=watch.others, **{'version': torch.__version__, **figures})


if __name__ == '__main__':
    measure(globals()[given.variant])
