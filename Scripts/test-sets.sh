#!/bin/sh
# Runs the test command that is given on each instruction set of the loops but the best that this CPU has, which the
# plain test takes, and once with OpenBLAS's AVX2 kernels.
set -eu
cd "$(dirname "$0")/.."

# A program that knows: it ends at once when the CPU lacks the set that is asked for.
swift build -Xcc -O2 --product article
article="$(swift build --show-bin-path)/article"
lesser=
for set in v2 v3 v4; do
  MARTLET_ISA=$set "$article" >/dev/null 2>&1 || continue
  [ -z "$lesser" ] || {
    echo "== MARTLET_ISA=$lesser"
    MARTLET_ISA=$lesser "$@"
  }
  lesser=$set
done
[ "$(uname -m)" = x86_64 ] || exit 0
echo "== OPENBLAS_CORETYPE=Haswell"
OPENBLAS_CORETYPE=Haswell "$@"
