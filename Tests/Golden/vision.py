"""torchvision's models, also where its compiled operators do not load, as those of a wheel for CUDA beside a torch without:
no model here calls them, but what registers their shapes asks for each by name."""

import sys
import types

try:
    from torchvision import models
except RuntimeError:
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        del sys.modules[name]
    shapes = "torchvision._meta_registrations"
    sys.modules[shapes] = types.ModuleType(shapes)
    from torchvision import models

__all__ = ["models"]
