"""Writes Fixtures/curves.json: the losses of PyTorch before each of the first 50 steps of the training steps that the
peers' bench measures (Benchmarks/Peers/cases.py has their weights and data), in both precisions."""

import dataclasses
import json
import pathlib
import sys

import pins

pins.check("torch", "numpy")

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Benchmarks" / "Peers"))
import cases
import torch_peer

STEPS = 50


def main():
    torch = torch_peer.Torch(compiles=False, threads=2)
    made = {}
    for case in cases.STEPS:
        for precision in "float64", "float32":
            step = torch.step(dataclasses.replace(case, dtype=precision))
            digits = 17 if precision == "float64" else 9
            made[f"{case.name}, {precision}"] = [float(f"{step().item():.{digits}g}") for _ in range(STEPS)]
            print(case.name, precision, made[f"{case.name}, {precision}"][::16])
    (pins.FIXTURES / "curves.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
