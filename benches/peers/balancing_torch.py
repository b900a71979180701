"""The wide net with its three losses balanced by TorchJD, in the loop that its documentation shows, with
slices of the table and a fused Adam: --variant upgrad, pcgrad, mgda, with the Jacobians of all layers
in one matrix; or upgrad_lean, which adds up the Gramian layer by layer."""
import importlib.metadata
from wide_torch import *
from torchjd.aggregation import MGDA, PCGrad, UPGrad
from torchjd.autojac import jac_to_grad, mtl_backward


def balanced(net, aggregator, **how):
    shared = [*net.t1.parameters(), *net.t2.parameters()]
    optimizer = torch.optim.Adam(net.parameters(), lr=given.rate, fused=True)
    def step(x, *labels):
        h = F.relu(net.t2(F.relu(net.t1(x))))
        answers = net.bin(h).squeeze(1), net.cls(h), net.reg(h).squeeze(1)
        optimizer.zero_grad(set_to_none=True)
        mtl_backward(list(losses_of(answers, *labels)), features=h)
        jac_to_grad(shared, aggregator, **how)
        optimizer.step()
    return shuffled(step)


VARIANTS = {
    'upgrad': lambda net: balanced(net, UPGrad()),
    'upgrad_lean': lambda net: balanced(net, UPGrad(), optimize_gramian_computation=True),
    'pcgrad': lambda net: balanced(net, PCGrad()),
    'mgda': lambda net: balanced(net, MGDA()),
}

if __name__ == '__main__':
    measure(VARIANTS[given.variant], version=importlib.metadata.version('torchjd'))
