import MartletCore

// Products, losses, and operations that read their operands through views.

extension Gold {
  static var products: Table {
    [
      "a @ b": { $0.a.matmul($0.b) },
      "a @ b @ c": { $0.a.matmul($0.b).matmul($0.c) },
      "a @ a": { $0.a.matmul($0.a) },
      "a @ a.t()": { $0.a.matmul($0.a.transposed()) },
      "a.t() @ b": { $0.a.transposed().matmul($0.b) },
      "a @ b.t()": { $0.a.matmul($0.b.transposed()) },
      "a.t() @ b.t()": { $0.a.transposed().matmul($0.b.transposed()) },
      "a.transpose(1, 2) @ b": { $0.a.transposed(1, 2).matmul($0.b) },
      "a[:, ::2] @ b": { $0.a[0..., .stride(by: 2)].matmul($0.b) },
      "a[1:, 1:] @ b": { $0.a[1..., 1...].matmul($0.b) },
      "a.flip(0) @ b": { $0.a[.stride(by: -1)].matmul($0.b) },
      "a @ b.flip(1)": { $0.a.matmul($0.b[0..., .stride(by: -1)]) },
      "a.expand(3, 4) @ b": { $0.a.broadcast(to: [3, 4]).matmul($0.b) },
      "a @ b.expand(2, 3, 2)": { $0.a.matmul($0.b.broadcast(to: [2, 3, 2])) },
      "F.linear(a, b, c)": { $0.a.linear(weight: $0.b, bias: $0.c) },
      "F.linear(a, b)": { $0.a.linear(weight: $0.b) },
      "F.linear(a.t(), b, c)": { $0.a.transposed().linear(weight: $0.b, bias: $0.c) },
      "F.linear(a, b.t(), c)": { $0.a.linear(weight: $0.b.transposed(), bias: $0.c) },
    ]
  }

  static var losses: Table {
    [
      "F.cross_entropy(a, i)": { $0.a.crossEntropy($0.i) },
      "F.cross_entropy(a, i, reduction='sum')": { $0.a.crossEntropy($0.i, reduction: .sum) },
      "F.cross_entropy(a, i, reduction='none')": { $0.a.crossEntropy($0.i, reduction: .none) },
      "F.cross_entropy(a.t(), i)": { $0.a.transposed().crossEntropy($0.i) },
      "F.cross_entropy(a[::2], i)": { $0.a[.stride(by: 2)].crossEntropy($0.i) },
      "F.cross_entropy(a, b)": { $0.a.crossEntropy($0.b) },
      "F.cross_entropy(a, b, reduction='sum')": { $0.a.crossEntropy($0.b, reduction: .sum) },
      "F.cross_entropy(a, b, reduction='none')": { $0.a.crossEntropy($0.b, reduction: .none) },
      "F.cross_entropy(a.log(), i)": { $0.a.log().crossEntropy($0.i) },
      "-(a.log_softmax(1) * b).sum(1)": { -($0.a.logSoftmax(axis: 1) * $0.b).sum(axis: 1) },
      "((a - b) ** 2).mean()": { ($0.a - $0.b).pow(2).mean() },
    ]
  }

  static var views: Table {
    [
      "a.t().exp()": { $0.a.transposed().exp() },
      "a.t().tanh() * b": { $0.a.transposed().tanh() * $0.b },
      "a + b.t()": { $0.a + $0.b.transposed() },
      "a.t() * b.t()": { $0.a.transposed() * $0.b.transposed() },
      "a.flip(1) / b": { $0.a[0..., .stride(by: -1)] / $0.b },
      "a[::2].sigmoid()": { $0.a[.stride(by: 2)].sigmoid() },
      "a.flip(0).relu()": { $0.a[.stride(by: -1)].relu() },
      "a[:, 1:].sum(0)": { $0.a[0..., 1...].sum(axis: 0) },
      "a.permute(2, 0, 1).sum((0, 2))": { $0.a.permuted([2, 0, 1]).sum(axes: [0, 2]) },
      "a.t().mean(0)": { $0.a.transposed().mean(axis: 0) },
      "a.flip(0).var(0)": { $0.a[.stride(by: -1)].variance(axis: 0) },
      "a.t().softmax(0)": { $0.a.transposed().softmax(axis: 0) },
      "a.expand(2, 3).softmax(1)": { $0.a.broadcast(to: [2, 3]).softmax(axis: 1) },
      "a[:, ::2].log_softmax(1)": { $0.a[0..., .stride(by: 2)].logSoftmax(axis: 1) },
      "a.t().max()": { $0.a.transposed().max() },
      "a.t().max(1).values": { $0.a.transposed().max(axis: 1) },
      "a.flip(0).max(0).values": { $0.a[.stride(by: -1)].max(axis: 0) },
      "a.expand(2, 3).max()": { $0.a.broadcast(to: [2, 3]).max() },
      "a.expand(3, 2).max(0).values": { $0.a.broadcast(to: [3, 2]).max(axis: 0) },
      "a.expand(3, 2).sum(0) * a": { $0.a.broadcast(to: [3, 2]).sum(axis: 0) * $0.a },
      "a.t().pow(2).sum(1)": { $0.a.transposed().pow(2).sum(axis: 1) },
      "a.expand(2, 2).sqrt()": { $0.a.broadcast(to: [2, 2]).sqrt() },
      "a[None, :, 1] - b": { $0.a[.newAxis, 0..., 1] - $0.b },
      "torch.maximum(a.t(), b.flip(0))": { .maximum($0.a.transposed(), $0.b[.stride(by: -1)]) },
      "a.t().clamp(-1, 1)": { $0.a.transposed().clamped(-1...1) },
      "a.permute(1, 0, 2).abs()": { $0.a.permuted([1, 0, 2]).abs() },
      "a.expand(2, 3, 2) * b": { $0.a.broadcast(to: [2, 3, 2]) * $0.b },
      "a[1:, ::2].reshape(-1) * b": { $0.a[1..., .stride(by: 2)].reshaped([-1]) * $0.b },
      "a.t().reshape(2, 3) @ b": { $0.a.transposed().reshaped([2, 3]).matmul($0.b) },
      "a.expand(3, 2).t() @ b": { $0.a.broadcast(to: [3, 2]).transposed().matmul($0.b) },
    ]
  }
}
