#!/bin/sh
# Lets torchvision make a ResNet-50, and compares Martlet's logits with PyTorch's; both in an environment of their own.
set -eu
cd "$(dirname "$0")/.."

python=.build/gold/bin/python
[ -x $python ] || python3 -m venv .build/gold
[ "$(uname)" = Linux ] && index="--extra-index-url https://download.pytorch.org/whl/cpu" || index=
$python -m pip install --quiet --disable-pip-version-check $index --requirement Tests/Golden/requirements.txt
$python -B Scripts/make_resnet_weights.py .build/resnet
swift build -c release --product resnet
.build/release/resnet .build/resnet/weights.safetensors .build/resnet/image.safetensors
