"""Writes a ResNet-50 of torchvision's as safetensors, an image and PyTorch's logits of it: weights.safetensors and
image.safetensors in the folder that is named. Torchvision's trained weights where they can be had, else its start with
statistics drawn at random."""

import pathlib
import sys

import torch
from safetensors.torch import save_file

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Tests" / "Golden"))
from vision import models

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
torch.manual_seed(0)
try:
    model = models.resnet50(weights=models.ResNet50_Weights.DEFAULT)
    print("torchvision's trained weights")
except OSError as error:
    model = models.resnet50()
    for name, tensor in model.state_dict().items():
        if name.endswith("running_mean"):
            tensor.normal_(0, 0.1)
        if name.endswith("running_var"):
            tensor.uniform_(0.5, 1.5)
    print(f"no trained weights can be had ({error}); torchvision's start instead")
model.eval()
image = torch.randn(1, 3, 224, 224)
with torch.no_grad():
    logits = model(image)
save_file(model.state_dict(), folder / "weights.safetensors")
save_file({"image": image, "logits": logits}, folder / "image.safetensors")
