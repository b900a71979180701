#!/usr/bin/env bash
# UPGrad and DualProj of TorchJD where one task's gradient is much shorter than another's.
#
# Versions: torchjd 0.18.0, torch 2.13.0, qpsolvers 4.13.0, quadprog 0.1.14, numpy 2.4.6. The torch
#   package brings its CUDA libraries, some 5 GB; no GPU is needed.
# Guess, written down first: the documentation calls both non-conflicting, so a step along their
#   direction d raises no task's loss to first order: J d >= 0 up to rounding, whatever the lengths
#   of the gradients.
# Behaviour: 1e-4 is added to the diagonal of the Gramian, which is scaled by its trace before. From
#   1/30 of the other gradient's length on, a gradient's own square is of the size of what is added,
#   and the step goes uphill for that task: by a third of its gradient's length at 1/1000. UPGrad
#   then does what a plain mean does to a task with small gradients, without a word.
# Output seen, for J = [[1, 0], [-s, s]] and each s: (J d)_2 divided by the second gradient's length
#   UPGrad     1: +0.354  0.1: +0.034  0.03: -0.008  0.01: -0.114  0.001: -0.346
#   DualProj   1: +0.354  0.1: -0.002  0.03: -0.019  0.01: -0.118  0.001: -0.347
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  torch==2.13.0 torchjd==0.18.0 qpsolvers==4.13.0 quadprog==0.1.14 numpy==2.4.6
cd "$folder"
cat > upgrad.py <<'PYTHON'
import sys

import torch
from torchjd.aggregation import DualProj, UPGrad

torch.set_default_dtype(torch.float64)
uphill = []
for method in (UPGrad(), DualProj()):
    told = []
    for length in (1, 0.1, 0.03, 0.01, 0.001):
        jacobian = torch.tensor([[1.0, 0.0], [-length, length]])
        change = (jacobian @ method(jacobian) / jacobian.norm(dim=1))[1].item()
        told.append(f"{length}: {change:+.3f}")
        if length <= 0.01:
            uphill.append(change < -0.1)
    print(f"{method!s:10.10} {'  '.join(told)}")
sys.exit(0 if all(uphill) else "the behaviour has changed")
PYTHON
"$folder/venv/bin/python" upgrad.py
