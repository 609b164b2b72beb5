#!/bin/sh
# The index of operations in the documentation is the one that the sources give.
set -eu
cd "$(dirname "$0")/.."

page=Sources/Martlet/Martlet.docc/Guides/OperationIndex.md
sh Scripts/operations-index.sh $page | diff $page - >&2 || { echo "run make operations, and fill in PyTorch's and NumPy's names" >&2; exit 1; }
