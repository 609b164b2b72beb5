import MartletCore

// Batch, group, instance and RMS norm.

/// The running mean or the running variance of each channel, by the rule of normalizing.py.
private func means<Element: DifferentiableScalar>(_ x: Tensor<Element>) -> Tensor<Element> {
  .linspace(-1, 1, count: x.shape[1])
}
private func variances<Element: DifferentiableScalar>(_ x: Tensor<Element>) -> Tensor<Element> {
  .linspace(0.5, 2, count: x.shape[1])
}

extension Gold {
  static var batchNorm: Table {
    [
      "F.batch_norm(a, None, None, b, c, training=True)": {
        $0.a.batchNorm(weight: $0.b, bias: $0.c, isTraining: true)
      },
      "F.batch_norm(a, None, None, training=True)": { $0.a.batchNorm(isTraining: true) },
      "F.batch_norm(a, None, None, b, training=True, eps=0.1)": {
        $0.a.batchNorm(weight: $0.b, isTraining: true, epsilon: 0.1)
      },
      "F.batch_norm(a.transpose(1, 2), None, None, b, c, training=True)": {
        $0.a.transposed(1, 2).batchNorm(weight: $0.b, bias: $0.c, isTraining: true)
      },
      "F.batch_norm(a[:, ::2], None, None, b, c, training=True)": {
        $0.a[0..., .stride(by: 2)].batchNorm(weight: $0.b, bias: $0.c, isTraining: true)
      },
      "F.batch_norm(a, means(a), variances(a), b, c)": {
        $0.a.batchNorm(runningMean: means($0.a), runningVariance: variances($0.a), weight: $0.b, bias: $0.c)
      },
      "F.batch_norm(a, means(a), variances(a))": {
        $0.a.batchNorm(runningMean: means($0.a), runningVariance: variances($0.a))
      },
      "F.batch_norm(a, means(a), variances(a), eps=0.1)": {
        $0.a.batchNorm(runningMean: means($0.a), runningVariance: variances($0.a), epsilon: 0.1)
      },
      "F.batch_norm(a.mT, means(a.mT), variances(a.mT), b)": {
        let x = $0.a.transposed(1, 2)
        return x.batchNorm(runningMean: means(x), runningVariance: variances(x), weight: $0.b)
      },
    ]
  }

  static var groupNorm: Table {
    [
      "F.group_norm(a, 1, b, c)": { $0.a.groupNorm(groups: 1, weight: $0.b, bias: $0.c) },
      "F.group_norm(a, 2, b, c)": { $0.a.groupNorm(groups: 2, weight: $0.b, bias: $0.c) },
      "F.group_norm(a, 3, b, c)": { $0.a.groupNorm(groups: 3, weight: $0.b, bias: $0.c) },
      "F.group_norm(a, 2)": { $0.a.groupNorm(groups: 2) },
      "F.group_norm(a, 2, b, eps=0.1)": { $0.a.groupNorm(groups: 2, weight: $0.b, epsilon: 0.1) },
      "F.group_norm(a.transpose(1, 2), 2, b, c)": {
        $0.a.transposed(1, 2).groupNorm(groups: 2, weight: $0.b, bias: $0.c)
      },
      "F.instance_norm(a)": { $0.a.instanceNorm() },
      "F.instance_norm(a, weight=b, bias=c)": { $0.a.instanceNorm(weight: $0.b, bias: $0.c) },
      "F.instance_norm(a, weight=b, bias=c, eps=0.1)": {
        $0.a.instanceNorm(weight: $0.b, bias: $0.c, epsilon: 0.1)
      },
      "F.instance_norm(a, means(a), variances(a), b, c, use_input_stats=False)": {
        $0.a.instanceNorm(
          runningMean: means($0.a), runningVariance: variances($0.a), weight: $0.b, bias: $0.c,
          usesInputStatistics: false)
      },
    ]
  }

  static var rmsNorm: Table {
    [
      "F.rms_norm(a, a.shape[-1:])": { $0.a.rmsNorm() },
      "F.rms_norm(a, a.shape[-1:], b)": { $0.a.rmsNorm(weight: $0.b) },
      "F.rms_norm(a, a.shape[-2:], b, 1e-3)": { $0.a.rmsNorm(axes: [-2, -1], weight: $0.b, epsilon: 1e-3) },
      "F.rms_norm(a.t(), a.shape[:1], b)": { $0.a.transposed().rmsNorm(weight: $0.b) },
    ]
  }
}
