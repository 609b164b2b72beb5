#!/bin/sh
# Makes the fixtures of Tests/Golden again, with the pinned libraries in an environment of their own.
set -eu
cd "$(dirname "$0")/.."

python=.build/gold/bin/python
[ -x $python ] || python3 -m venv .build/gold
$python -m pip install --quiet --disable-pip-version-check --requirement Tests/Golden/requirements.txt
for generator in Tests/Golden/make_*.py; do
  echo "gold: $generator"
  $python -B "$generator"
done
git diff --stat --exit-code -- Tests/Golden/Fixtures Tests/Golden/Programs
