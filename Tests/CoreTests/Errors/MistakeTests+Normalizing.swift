import Martlet

// Mistakes of MistakeTests: operations and layers that normalise.

extension MistakeTests {
  static let normalizing = [
    Mistake("rmsNorm", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).rmsNorm(axes: [2])
    },
    Mistake(
      "rmsNorm", "weight [2] does not match axes [-1] of shape [2, 3]; it must be [3]", line: #line + 2
    ) {
      ones([2, 3]).rmsNorm(weight: ones([2]))
    },
    Mistake(
      "batchNorm", "inputs of shape [3] do not fit; the shape must be [n, channels, …]", line: #line + 2
    ) {
      ones([3]).batchNorm(isTraining: true)
    },
    Mistake(
      "batchNorm",
      "running mean none, running variance [3, 1], weight [2] and bias none do not match inputs of shape [2, 3]; each must be [3]",
      line: #line + 2
    ) {
      ones([2, 3]).batchNorm(runningVariance: ones([3, 1]), weight: ones([2]))
    },
    Mistake(
      "batchNorm", "there are no running statistics; outside of training a mean and a variance are needed",
      line: #line + 2
    ) {
      ones([2, 3]).batchNorm()
    },
    Mistake(
      "batchNorm", "shape [1, 3] has 1 element per channel; training needs at least 2, or none",
      line: #line + 2
    ) {
      ones([1, 3]).batchNorm(isTraining: true)
    },
    Mistake(
      "groupNorm", "3 groups do not divide the 4 channels of shape [2, 4]", line: #line + 2
    ) {
      ones([2, 4]).groupNorm(groups: 3)
    },
    Mistake(
      "instanceNorm",
      "shape [2, 3, 1] has fewer than 2 elements per channel and sample; at least 2 are needed",
      line: #line + 2
    ) {
      ones([2, 3, 1]).instanceNorm()
    },
    Mistake("RMSNorm", "the extents must be one or more numbers of at least 0, not []", line: #line + 1) {
      RMSNorm()
    },
    Mistake(
      "RMSNorm", "inputs of shape [3, 2] do not fit; the shape must be […, 3]",
      in: "RMSNorm(3, epsilon: 1.1920929e-07, affine: true)", line: #line + 2
    ) {
      RMSNorm(3)(ones([3, 2]))
    },
    Mistake("BatchNorm", "the number of channels must be at least 0, not -1", line: #line) { BatchNorm(-1) },
    Mistake("InstanceNorm", "the momentum must be in 0...1, not 1.5", line: #line + 1) {
      InstanceNorm(3, momentum: 1.5)
    },
    Mistake("BatchNorm", "the momentum must be in 0...1, not nan", line: #line + 1) {
      BatchNorm(3, momentum: .nan)
    },
    Mistake(
      "BatchNorm", "inputs of shape [2, 4, 5] do not fit; the shape must be [n, 3, …]",
      in: "BatchNorm(3, epsilon: 1e-05, momentum: 0.1, affine: true, trackRunningStatistics: true)",
      line: #line + 2
    ) {
      BatchNorm(3)(ones([2, 4, 5]))
    },
    Mistake(
      "InstanceNorm", "inputs of shape [2, 3] do not fit; the shape must be [n, 3, length, …]",
      in: "InstanceNorm(3, epsilon: 1e-05, momentum: 0.1, affine: false, trackRunningStatistics: false)",
      line: #line + 2
    ) {
      InstanceNorm(3)(ones([2, 3]))
    },
    Mistake(
      "GroupNorm", "2 groups do not fit 3 channels; the groups must be above 0 and divide the channels",
      line: #line + 2
    ) {
      GroupNorm(2, 3)
    },
    Mistake(
      "GroupNorm", "inputs of shape [2, 3] do not fit; the shape must be [n, 4, …]",
      in: "GroupNorm(2, 4, epsilon: 1e-05, affine: true)", line: #line + 2
    ) {
      GroupNorm(2, 4)(ones([2, 3]))
    },
  ]
}
