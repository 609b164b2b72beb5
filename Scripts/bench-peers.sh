#!/bin/sh
# Measures Martlet beside PyTorch and JAX, with the pinned versions in an environment of their own.
set -eu
cd "$(dirname "$0")/.."

python=.build/peers/bin/python
[ -x $python ] || python3 -m venv .build/peers
# Installed only when a pin is not met: the index of the wheels without CUDA is not asked in vain.
if ! $python -B Benchmarks/Peers/pins.py >/dev/null 2>&1; then
  [ "$(uname)" = Linux ] && index="--extra-index-url https://download.pytorch.org/whl/cpu" || index=
  $python -m pip install --quiet --disable-pip-version-check $index --requirement Benchmarks/Peers/requirements.txt
fi
swift build -c release --package-path Benchmarks --scratch-path .build --product bench
$python -B Benchmarks/Peers/bench.py --martlet .build/release/bench "$@"
