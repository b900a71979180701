#!/usr/bin/env bash
# IMTL-G, of TorchJD, on three gradients that all have positive products with each other.
#
# Versions: torchjd 0.18.0, torch 2.13.0, numpy 2.4.6. The torch package brings its CUDA libraries,
#   some 5 GB; no GPU is needed.
# Guess, written down first: the method (Liu et al. 2021, "Towards impartial multi-task learning")
#   makes the projections of the step onto all gradients' directions equal. Where every pair of
#   gradients agrees, that common projection is positive: the step lowers all losses.
# Behaviour: the weights sum to 1 and may be negative. Where the direction with equal projections
#   needs weights whose sum is negative, scaling them to the sum 1 turns it around: the projections
#   are equal, and all negative. The step raises every task's loss, and a third gradient short
#   enough to be overlooked decides it.
# Output seen: J d = [-1.7064, -1.7064, -0.1242] for J = [[4, 1, 0], [1, 4, 0], [.2, .2, .1]]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  torch==2.13.0 torchjd==0.18.0 numpy==2.4.6
cd "$folder"
cat > imtl.py <<'PYTHON'
import sys

import torch
from torchjd.aggregation import IMTLG

torch.set_default_dtype(torch.float64)
jacobian = torch.tensor([[4.0, 1, 0], [1, 4, 0], [0.2, 0.2, 0.1]])
if not (jacobian @ jacobian.T > 0).all():
    sys.exit("the gradients do not agree")
change = jacobian @ IMTLG()(jacobian)
print("J d =", [round(part, 4) for part in change.tolist()])
sys.exit(0 if (change < 0).all() else "the behaviour has changed")
PYTHON
"$folder/venv/bin/python" imtl.py
