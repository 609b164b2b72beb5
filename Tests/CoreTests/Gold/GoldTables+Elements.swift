import MartletCore

// Elementwise operations and reductions.

extension Gold {
  static var arithmetic: Table {
    [
      "a + b": { $0.a + $0.b },
      "a - b": { $0.a - $0.b },
      "a * b": { $0.a * $0.b },
      "a / b": { $0.a / $0.b },
      "-a": { -$0.a },
      "a + 2": { $0.a + 2 },
      "3 - a": { 3 - $0.a },
      "a * 0.5": { $0.a * 0.5 },
      "a / 4": { $0.a / 4 },
      "1 / a": { 1 / $0.a },
      "a * a + a": { $0.a * $0.a + $0.a },
      "(a * 3) / (a - 1)": { ($0.a * 3) / ($0.a - 1) },
      "torch.maximum(a, b)": { .maximum($0.a, $0.b) },
      "torch.minimum(a, b)": { .minimum($0.a, $0.b) },
    ]
  }

  static var exponentials: Table {
    [
      "a.exp()": { $0.a.exp() },
      "a.log()": { $0.a.log() },
      "a.sqrt()": { $0.a.sqrt() },
      "a.pow(2)": { $0.a.pow(2) },
      "a.pow(3)": { $0.a.pow(3) },
      "a.pow(1)": { $0.a.pow(1) },
      "a.pow(0)": { $0.a.pow(0) },
      "a.pow(0.5)": { $0.a.pow(0.5) },
      "a.pow(-1)": { $0.a.pow(-1) },
      "a.pow(-2)": { $0.a.pow(-2) },
      "a.pow(1.5)": { $0.a.pow(1.5) },
      "a.pow(b)": { $0.a.pow($0.b) },
      "a.abs()": { $0.a.abs() },
      "a.sign() * a": { $0.a.sign() * $0.a },
      "a.clamp(-1, 1)": { $0.a.clamped(-1...1) },
      "a.sin()": { $0.a.sin() },
      "a.cos()": { $0.a.cos() },
      "a.erf()": { $0.a.erf() },
      "a.tanh().exp()": { $0.a.tanh().exp() },
      "(a * a).sqrt()": { ($0.a * $0.a).sqrt() },
    ]
  }

  static var activations: Table {
    [
      "a.tanh()": { $0.a.tanh() },
      "a.sigmoid()": { $0.a.sigmoid() },
      "a.relu()": { $0.a.relu() },
      "F.gelu(a)": { $0.a.gelu() },
      "F.gelu(a, approximate='tanh')": { $0.a.gelu(approximation: .tanh) },
      "a.softmax(0)": { $0.a.softmax(axis: 0) },
      "a.softmax(1)": { $0.a.softmax(axis: 1) },
      "a.softmax(-1)": { $0.a.softmax(axis: -1) },
      "a.log_softmax(0)": { $0.a.logSoftmax(axis: 0) },
      "a.log_softmax(1)": { $0.a.logSoftmax(axis: 1) },
    ]
  }

  static var normalizing: Table {
    [
      "F.layer_norm(a, a.shape[-1:])": { $0.a.layerNorm() },
      "F.layer_norm(a, a.shape[-1:], b, c)": { $0.a.layerNorm(weight: $0.b, bias: $0.c) },
      "F.layer_norm(a, a.shape[-1:], b)": { $0.a.layerNorm(weight: $0.b) },
      "F.layer_norm(a, a.shape[-2:], b, c, 1e-3)": {
        $0.a.layerNorm(axes: [-2, -1], weight: $0.b, bias: $0.c, epsilon: 1e-3)
      },
      "F.layer_norm(a.t(), a.shape[:1], b, c)": { $0.a.transposed().layerNorm(weight: $0.b, bias: $0.c) },
    ]
  }

  static var reductions: Table {
    [
      "a.sum()": { $0.a.sum() },
      "a.sum(0)": { $0.a.sum(axis: 0) },
      "a.sum(1)": { $0.a.sum(axis: 1) },
      "a.sum(-1, keepdim=True)": { $0.a.sum(axis: -1, keepDims: true) },
      "a.sum((0, 2))": { $0.a.sum(axes: [0, 2]) },
      "a.sum((0, 1), keepdim=True)": { $0.a.sum(axes: [0, 1], keepDims: true) },
      "a.sum() * a": { $0.a.sum() * $0.a },
      "a.sum(1, keepdim=True) * a": { $0.a.sum(axis: 1, keepDims: true) * $0.a },
      "a.mean()": { $0.a.mean() },
      "a.mean(0)": { $0.a.mean(axis: 0) },
      "a.mean(-1, keepdim=True)": { $0.a.mean(axis: -1, keepDims: true) },
      "a.mean((0, 2))": { $0.a.mean(axes: [0, 2]) },
      "a - a.mean(0)": { $0.a - $0.a.mean(axis: 0) },
      "a.var()": { $0.a.variance() },
      "a.var(correction=0)": { $0.a.variance(correction: 0) },
      "a.var(0)": { $0.a.variance(axis: 0) },
      "a.var(0, correction=0)": { $0.a.variance(axis: 0, correction: 0) },
      "a.var(0, correction=2)": { $0.a.variance(axis: 0, correction: 2) },
      "a.var(1, correction=0)": { $0.a.variance(axis: 1, correction: 0) },
      "a.var((0, 2), keepdim=True)": { $0.a.variance(axes: [0, 2], keepDims: true) },
      "a.max()": { $0.a.max() },
      "a.amax((0, 2))": { $0.a.max(axes: [0, 2]) },
      "a.amax((0, 1))": { $0.a.max(axes: [0, 1]) },
      "a.amax((0, 1), keepdim=True)": { $0.a.max(axes: [0, 1], keepDims: true) },
      "a.max(0).values": { $0.a.max(axis: 0) },
      "a.max(1).values": { $0.a.max(axis: 1) },
      "a.max(1, keepdim=True).values": { $0.a.max(axis: 1, keepDims: true) },
      "a.min()": { $0.a.min() },
      "a.amin((0, 2))": { $0.a.min(axes: [0, 2]) },
      "a.min(0).values": { $0.a.min(axis: 0) },
      "a.min(1).values": { $0.a.min(axis: 1) },
      "a.argmax(1).to(a)": { Tensor($0.a.argmax(axis: 1)) },
      "a.argmin(0).to(a)": { Tensor($0.a.argmin(axis: 0)) },
    ]
  }

  static var choosing: Table {
    [
      "torch.where(m, a, b)": { $0.a.where($0.m, else: $0.b) },
      "torch.where(m, a, 0)": { $0.a.where($0.m, else: 0) },
      "torch.where(a > 0, a, b)": { $0.a.where($0.a > 0, else: $0.b) },
      "torch.where(m, a.t(), b)": { $0.a.transposed().where($0.m, else: $0.b) },
      "a.masked_fill(m, 2)": { $0.a.where(.!$0.m, else: 2) },
      "(a > b).to(a)": { Tensor($0.a > $0.b) },
      "(a == b).to(a)": { Tensor($0.a .== $0.b) },
      "(a <= b).to(a)": { Tensor($0.a <= $0.b) },
    ]
  }

  static var casting: Table {
    [
      "a.float().to(a)": { Tensor(Tensor<Float>($0.a)) },
      "a.double().to(a)": { Tensor(Tensor<Double>($0.a)) },
      "(a.double() * b.double()).to(a)": { Tensor(Tensor<Double>($0.a) * Tensor<Double>($0.b)) },
      "(a.float() * b.float()).to(a)": { Tensor(Tensor<Float>($0.a) * Tensor<Float>($0.b)) },
      "a.t().double().to(a)": { Tensor(Tensor<Double>($0.a.transposed())) },
      "a.float().to(a) * a": { Tensor(Tensor<Float>($0.a)) * $0.a },
    ]
  }
}
