#!/bin/sh
# Runs the test command that is given once for each instruction set of the loops that this CPU has, and once with
# OpenBLAS's AVX2 kernels. The set that is chosen by itself, the best one, is what the plain test runs.
set -eu
cd "$(dirname "$0")/.."

# The program that knows: it ends at once with a set that the CPU lacks.
swift build -Xcc -O2 --product article
article="$(swift build --show-bin-path)/article"
for set in v2 v3 v4 plain; do
  MARTLET_ISA=$set "$article" >/dev/null 2>&1 || continue
  echo "== MARTLET_ISA=$set"
  MARTLET_ISA=$set "$@"
done
if [ "$(uname -m)" = x86_64 ]; then
  echo "== OPENBLAS_CORETYPE=Haswell"
  OPENBLAS_CORETYPE=Haswell "$@"
fi
