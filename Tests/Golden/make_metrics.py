"""Writes Fixtures/metrics.json: scores, labels and targets with the metrics that scikit-learn computes of them.

Probabilities are sixteenths, so that they are exact, sum to 1 and have ties. One set lacks a class among the labels, and
another among the predictions too.
"""

import json
import warnings

import pins

pins.check("numpy", "scikit-learn")

import numpy as np
from sklearn import metrics

warnings.simplefilter("ignore")
random = np.random.default_rng(19)


def classification(name, n, classes, labels):
    sixteenths = np.array([random.multinomial(16, random.dirichlet(np.ones(classes))) for _ in range(n)])
    if name == "absent":
        # Nobody predicts the last class.
        sixteenths[:, 0] += sixteenths[:, -1]
        sixteenths[:, -1] = 0
    scores = sixteenths / 16
    predictions = scores.argmax(axis=1)
    every = list(range(classes))
    result = {
        "name": name, "classes": classes, "scores": scores.ravel().tolist(), "labels": labels.tolist(),
        "confusion": metrics.confusion_matrix(labels, predictions, labels=every).tolist(),
        "accuracy": metrics.accuracy_score(labels, predictions),
        "top": [metrics.top_k_accuracy_score(labels, scores, k=k, labels=every) for k in range(2, classes)],
        "logLoss": metrics.log_loss(labels, scores, labels=every),
    }
    functions = {
        "precision": metrics.precision_score, "recall": metrics.recall_score, "f1": metrics.f1_score,
    }
    for metric, function in functions.items():
        result[metric] = [
            float(function(labels, predictions, average=average, zero_division=0))
            for average in ["micro", "macro", "weighted"]
        ]
        each = function(labels, predictions, average=None, labels=every, zero_division=0)
        result[metric + "s"] = each.tolist()
    if len(set(labels)) == classes:
        result["rocAUC"] = float(metrics.roc_auc_score(labels, scores, multi_class="ovr", labels=every))
        result["averagePrecision"] = float(metrics.average_precision_score(labels, scores))
    return result


def binary(name, scores, labels):
    return {
        "name": name, "scores": scores.tolist(), "labels": labels.tolist(),
        "rocAUC": float(metrics.roc_auc_score(labels, scores)),
        "averagePrecision": float(metrics.average_precision_score(labels, scores)),
    }


def regression(name, predictions, targets):
    return {
        "name": name, "outputs": 1 if targets.ndim == 1 else targets.shape[1],
        "predictions": predictions.ravel().tolist(), "targets": targets.ravel().tolist(),
        "mae": float(metrics.mean_absolute_error(targets, predictions)),
        "mse": float(metrics.mean_squared_error(targets, predictions)),
        "rmse": float(metrics.root_mean_squared_error(targets, predictions)),
        "r2": float(metrics.r2_score(targets, predictions)),
    }


labels = random.integers(0, 4, 60)
targets = random.integers(-64, 64, (50, 2)) / 8
errors = random.integers(-16, 16, (50, 2)) / 8
made = {
    "classification": [
        classification("all", 60, 4, labels),
        classification("unseen", 40, 5, random.integers(0, 4, 40)),
        classification("absent", 40, 4, random.integers(0, 3, 40)),
    ],
    "binary": [
        binary("ties", random.integers(0, 9, 80) / 8, random.integers(0, 2, 80)),
        binary("distinct", random.permutation(50) / 64, random.integers(0, 2, 50)),
        binary("reversed", np.arange(20) / 32, (np.arange(20) < 8).astype(int)),
    ],
    "regression": [
        regression("one", targets[:, 0] + errors[:, 0], targets[:, 0]),
        regression("two", targets + errors, targets),
        regression("far from 0", targets[:, 0] + errors[:, 0] + 2.0**20, targets[:, 0] + 2.0**20),
        regression("constant", np.full(6, 2.0) + errors[:6, 0], np.full(6, 2.0)),
        regression("exact constant", np.full(6, 2.0), np.full(6, 2.0)),
    ],
}
(pins.FIXTURES / "metrics.json").write_text(json.dumps(made, indent=None, separators=(",", ":")) + "\n")
